"""kill -9 of the server at named steps: it starts again, the till's own loop catches up, nothing is lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest

from models.facts import PassRedeemed, RequestAbandoned
from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.till import pairing
from tests.faults.conftest import Beside, FaultyHouse, OpenTill, catch_up, work_alone
from tests.faults.server_launcher import STEPS
from tests.flows import shop
from tests.flows.checks import all_is_well


def steps(of: str) -> list[str]:
    """The named steps of one kind."""
    return [step for step in STEPS if step.startswith(of)]


@pytest.mark.parametrize("step", [*steps("push"), *steps("pull")])
def test_while_a_till_syncs(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    till = open_till().begin()
    person = house.member({shop.TIGHT: 4})
    till.sync()
    work_alone(till, person)
    house.plan(step)
    till.app.start_background()
    house.wait_killed()
    house.run()
    catch_up(till)
    assert {item.state for item in till.recorded} == {"accepted"}
    all_is_well(house, till)


@pytest.mark.parametrize("step", steps("request"))
def test_while_a_use_is_given_on_the_signed_code(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Whether the ledger had posted it or not, the use counts once."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    house.plan(step)
    done = till.redeem(till.scan(code), shop.TEN, ((shop.TEA, {shop.CHEESE: 1}),))
    assert done.evidence == "at_risk"
    house.wait_killed()
    house.run()
    till.app.start_background()
    catch_up(till)
    assert house.uses_left(person.passes[shop.TEN]) == 2
    assert [item.state for item in till.recorded if isinstance(item.fact.body, PassRedeemed)] == ["accepted"]
    all_is_well(house, till)


@pytest.mark.parametrize("step", steps("request")[2:])
def test_while_a_use_is_asked_for_and_not_given(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Without the signed code nothing is handed over; what the ledger had posted is taken back."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    house.plan(step)
    with pytest.raises(Refusal) as refused:
        till.redeem(till.member(person), shop.TEN)
    assert refused.value.code == "offline_needs_signed_code"
    house.wait_killed()
    house.run()
    till.app.start_background()
    catch_up(till)
    assert house.uses_left(person.passes[shop.TEN]) == 3
    assert isinstance(till.recorded[-1].fact.body, RequestAbandoned)
    all_is_well(house, till)


@pytest.mark.parametrize("step", steps("pairing"))
def test_while_a_till_pairs(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """The same code works again for the same till, and for no other."""
    till, other = open_till(), open_till()
    code = house.pairing_code("SZ1", house.next_number())
    house.plan(step)
    with pytest.raises(Trouble) as trouble:
        pairing.pair(till.till, till.address, code)
    assert trouble.value.code == "server_unreachable"
    assert till.till.journal.identity is None
    house.wait_killed()
    house.run()
    till.pair(code)
    with pytest.raises(Refusal) as refused:
        pairing.pair(other.till, other.address, code)
    assert refused.value.code == "pairing_code_used"
    assert house.rows("SELECT count(*) FROM app.terminals WHERE code = %s", till.till.journal.terminal_code) == [(1,)]


def test_stopped_in_the_middle_of_a_batch(house: FaultyHouse, open_till: OpenTill) -> None:
    """An operator's stop lets a push finish: the till hears its answer, then the server ends cleanly."""
    till = open_till().begin()
    person = house.member()
    till.sync()
    work_alone(till, person)
    with house.blocked("stored fact") as point:
        push = Beside(till.sync)
        point.wait_for_backend()
        stop = Beside(house.stop)
        with pytest.raises(AssertionError):
            push.result(0.2)
    push_failed = None
    try:
        push.result()
    except AssertionError as error:  # its pull came too late
        push_failed = error
    assert stop.result() == 0
    assert till.pending == 0, push_failed
    house.run()
    till.sync()
    all_is_well(house, till)


def test_commands_find_nothing_wrong(house: FaultyHouse, open_till: OpenTill) -> None:
    """After all of the above, `sync-server verify` and `pos-app verify` hold."""
    till = open_till().begin()
    till.sell()
    till.sync()
    run = partial(subprocess.run, capture_output=True, text=True, timeout=60, check=False)
    checked = run([sys.executable, "-m", "sync_server", "verify", "--data", str(house.data)])
    assert (checked.returncode, checked.stdout.count("broken")) == (0, 0), checked.stdout + checked.stderr
    checked = run([sys.executable, "-m", "pos_app", "verify", "--data", str(till.folder / "till")])
    assert checked.returncode == 0, checked.stdout

"""kill -9 of the till at named steps: opened again it knows what happened; nothing is lost or doubled."""

from __future__ import annotations

import pytest

from models.facts import PassRedeemed, RequestAbandoned
from pos_app.journal import passes
from pos_app.till import pairing, reprint, shift, sign_in
from tests.faults.conftest import FaultyHouse, OpenTill
from tests.faults.crashes.kills import killed
from tests.faults.till_launcher import STEPS
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.till import Counter


def steps(of: str) -> list[str]:
    """The named steps of one kind."""
    return [step for step in STEPS if step.startswith(of)]


def settle(house: FaultyHouse, till: Counter) -> None:
    """Print and hand in everything; then all must be right."""
    till.print_all()
    till.sync()
    till.sync()
    all_is_well(house, till)
    assert "sending" not in till.print_states().values()


def redeemed(till: Counter) -> list[PassRedeemed]:
    """What the chain says was handed over."""
    return [item.fact.body for item in till.recorded if isinstance(item.fact.body, PassRedeemed)]


def shown(till: Counter, pass_id: str) -> int:
    """The uses left as the till would show them."""
    with till.till.journal.reading() as rows:
        held = passes.by_id(rows, pass_id)
    assert held is not None
    return held.uses_left


@pytest.mark.parametrize("step", steps("redeem"))
def test_while_a_use_is_redeemed_online(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Either the fact is there and the use is gone, or neither: what the ledger gave for nothing is taken back."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    killed(till, step, "redeem", code=house.short_code(person), plan=shop.TEN, product=shop.TEA)
    settle(house, till)
    happened = "committed, before the screen" in step
    assert len(redeemed(till)) == happened
    assert house.uses_left(person.passes[shop.TEN]) == 3 - happened
    assert shown(till, person.passes[shop.TEN]) == 3 - happened
    abandoned = [item for item in till.recorded if isinstance(item.fact.body, RequestAbandoned)]
    asked = step not in ("redeem: before the intent", "redeem: intent written, before COMMIT")
    assert len(abandoned) == (asked and not happened)
    assert list(till.print_states().values()) == ["printed"] * happened


@pytest.mark.parametrize("step", [step for step in steps("redeem")[2:] if "answer is read" not in step])
def test_while_a_use_is_redeemed_offline(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Under the policy, with the member's signed code and nobody answering."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.down()
    killed(till, step, "redeem", code=house.snapshot_code(person), plan=shop.TEN, product=shop.TEA)
    till.network.up()
    settle(house, till)
    happened = "committed, before the screen" in step
    assert [body.evidence.rung for body in redeemed(till)] == ["at_risk"] * happened
    assert house.uses_left(person.passes[shop.TEN]) == 3 - happened


@pytest.mark.parametrize("step", steps("abandon"))
def test_while_a_refusal_is_recorded(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    till = open_till("SZ2").begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.down()
    killed(till, step, "redeem", code=house.snapshot_code(person), plan=shop.TEN, product=shop.TEA)
    till.network.up()
    settle(house, till)
    (abandoned,) = (item.fact.body for item in till.recorded if isinstance(item.fact.body, RequestAbandoned))
    assert abandoned.reason == "till_restarted"
    assert house.uses_left(person.passes[shop.TEN]) == 3


@pytest.mark.parametrize("step", [*steps("sale"), *steps("pass sale")])
def test_while_something_is_sold(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Without a network: a sale is there whole, with its slip to come, or it never was."""
    till = open_till().begin()
    person = house.member()
    till.sync()
    before = len(till.recorded)
    till.network.down()
    if step.startswith("pass"):
        killed(till, step, "sell_pass", phone=person.phone, plan=shop.TEN)
    else:
        killed(till, step, "sell", product=shop.TEA)
    happened = "committed, before the screen" in step
    assert len(till.recorded) == before + happened
    assert list(till.print_states().values()) == ["queued"] * happened
    till.network.up()
    settle(house, till)
    sign_in.sign_in(till.till, shop.PIN)
    number = till.sell().slips[0]
    assert number.endswith(f"{1 + (happened and not step.startswith('pass')):06d}"), "no number is lost"
    settle(house, till)


@pytest.mark.parametrize("step", [*steps("push"), *steps("pull")])
def test_while_it_syncs(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    for _ in range(3):
        till.sell()
    till.redeem(till.member(person), shop.TEN)
    killed(till, step, "sync")
    settle(house, till)
    assert {item.state for item in till.recorded} == {"accepted"}
    assert next(iter(till.passes().values())).uses_left == 2


PAPER = {
    "print: before it is marked": "printed",
    "print: marked, before COMMIT": "printed",
    "print: marked and committed, before the first byte": "unknown",
    "print: after the first bytes": "unknown",
    "print: all bytes sent, before the fence": "unknown",
    "print: fence seen, before it is noted": "unknown",
}


@pytest.mark.parametrize("step", steps("print"))
def test_while_it_prints(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """At most one unmarked original, and one kick of the drawer: what cannot be known is asked, never repeated."""
    till = open_till().begin()
    number = till.sell().slips[0]
    killed(till, step, "print")
    till.print_all()
    till.print_all()
    assert till.print_states() == {(number, 0): PAPER[step]}
    originals = [job for job in till.paper if job.get("complete", True)]
    assert len(originals) <= 1
    assert sum(job["drawer_kicks"] for job in till.paper) <= 1
    if PAPER[step] == "unknown":
        sign_in.sign_in(till.till, shop.PIN)
        reprint.resolve_unknown(till.till, number, printed=False)
        till.print_all()
        assert till.print_states()[number, 1] == "printed"
        assert sum(job["drawer_kicks"] for job in till.paper) <= 1
    settle(house, till)


@pytest.mark.parametrize("step", steps("copy"))
def test_while_a_copy_is_ordered(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Nobody knows about the paper: it is still asked for, or its copy is on its way; never neither."""
    till = open_till().begin()
    number = till.sell().slips[0]
    killed(till, "print: after the first bytes", "print")
    assert till.print_states() == {(number, 0): "unknown"}
    killed(till, step, "copy", slip=number)
    ordered = "committed" in step
    assert till.print_states() == {(number, 0): "unknown"} | ({(number, 1): "queued"} if ordered else {})
    if not ordered:
        sign_in.sign_in(till.till, shop.PIN)
        reprint.resolve_unknown(till.till, number, printed=False)
    settle(house, till)
    assert till.print_states() == {(number, 0): "unknown", (number, 1): "printed"}


@pytest.mark.parametrize("step", steps("pairing"))
def test_while_it_pairs(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """The same code works again, since the key was kept."""
    till = open_till()
    code = house.pairing_code("SZ1", house.next_number())
    killed(till, step, "pair", code=code)
    assert not pairing.is_paired(till.till)
    till.pair(code)
    sign_in.sign_in(till.till, shop.PIN)
    shift.open_shift(till.till, 0)
    till.sell()
    settle(house, till)


@pytest.mark.parametrize("step", steps("start"))
def test_while_it_starts(house: FaultyHouse, open_till: OpenTill, step: str) -> None:
    """Killed at its very first start, and again at a later one with something left to recover."""
    fresh = open_till()
    fresh.close()
    for path in sorted((fresh.folder / "till").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    killed(fresh, step, "nothing")
    fresh.begin()
    fresh.sell()
    killed(fresh, "redeem: intent committed, before it is sent", "redeem", **_wish(house, fresh))
    killed(fresh, step, "nothing")
    assert fresh.requests == [("abandoned", "till_restarted")]
    settle(house, fresh)


def _wish(house: FaultyHouse, till: Counter) -> dict[str, str]:
    person = house.member({shop.TEN: 1})
    till.sync()
    return {"code": house.short_code(person), "plan": shop.TEN, "product": shop.TEA}

"""A new till is unpacked and paired while the others work: cut off, refused and killed at any point, it gets there.

Rule: the same code and the same key from the first try to the last. Afterwards it is one terminal at the server, and
trades with the others (a run has room for so many). A restore may lose its pairing: then HQ gives it another code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.till import pairing
from sync_server.fleet.pairing import new_code
from tests.faults.simulator import mishaps
from tests.faults.simulator.expected import require
from tests.faults.simulator.machine import Dice, Killed
from tests.faults.simulator.network import FAULTS, Network
from tests.faults.simulator.points import PAIRING_AT_SERVER, PAIRING_AT_TILL, STARTS
from tests.faults.simulator.till import ADDRESS, SimulatedTill
from tests.flows import shop
from tests.sync_server.ledger.plain_values import Shop

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

SPARE = (("SZ1", "T004"), ("SZ2", "T001"), ("SZ2", "T002"), ("SZ2", "T003"))
"""Terminals of which no code was ever used."""
MOST_TILLS = 6
_TRIES = 12
_BINDINGS = "SELECT count(*) FILTER (WHERE status = 'paired'), count(public_key) FROM app.terminals WHERE code = %s"


def another_till_pairs(run: Run, till: SimulatedTill) -> str | None:
    """HQ hands out a code, and a machine is set up with it."""
    spare = [each for each in SPARE if each not in run.expected.paired and each not in _trading(run)]
    if not spare:
        return None
    store, name = run.dice.one_of(spare)
    if run.daring and run.saved is None and run.dice.happens(60):
        run.back_up()
        run.more.append((3, mishaps.database_restored))
    run.expected.paired.add((store, name))
    code = run.server.job(lambda pool: new_code(pool, store, name)).text
    number, folder = len(run.tills), run.folder / f"new{len(list(run.folder.glob('new*')))}"
    network = Network(number, run.server, run.time, run.watch)
    made = SimulatedTill(number, folder, run.time, Dice(run.dice.between(0, 1 << 30)), network)
    for turn in range(_TRIES):
        if _try(run, made, code, may_fail=turn < _TRIES - 1):
            break
    require(made.running and pairing.is_paired(made.till), 0, f"{store}{name} could not be paired")
    ((paired, keys),) = run.server.rows(_BINDINGS, store + name)
    require((paired, keys) == (1, 1), 0, f"{store}{name} stands {paired} times at the server, with {keys} keys")
    made.app.sync.cycle()
    require(made.app.client.reachable, 0, f"{store}{name} is paired and reaches nobody")
    run.counted["paired after faults"] += turn > 0
    if number < MOST_TILLS:
        run.joins(made, Shop("store", next(each.store_id for each in shop.STORES if each.code == store), shop.MERCHANT))
        run.counted["paired and trades"] += 1
    else:
        made.close()
    return None


def pairs_again(run: Run, till: SimulatedTill) -> str | None:
    """HQ gives a till another code whose pairing a restore has lost; the till takes it once it has heard of that."""
    lost = [one for one in run.tills if run.mine(one.number).paired_at is None]
    if not lost:
        return None
    if run.dice.happens(20):
        run.points.till = run.dice.one_of(PAIRING_AT_TILL)
    elif run.dice.happens(20):
        run.points.arm_server(run.dice.one_of(PAIRING_AT_SERVER))
    again = run.dice.one_of(lost)
    try:
        pair_again(run, again)
    except Killed:
        run.reopen(again)
    run.look(again.number)
    return None


def pair_again(run: Run, till: SimulatedTill) -> None:
    """As an operator does it."""
    code = run.server.job(lambda pool: new_code(pool, "", till.journal.require_identity().terminal_code)).text
    pairing.pair(till.till, ADDRESS, code)
    run.counted["paired again"] += 1


def _trading(run: Run) -> set[tuple[str, str]]:
    codes = [till.journal.require_identity().terminal_code for till in run.tills if till.running]
    return {each for each in SPARE if "".join(each) in codes}


def _try(run: Run, made: SimulatedTill, code: str, *, may_fail: bool) -> bool:
    """Start the program where it is not running, and pair; True when the till says that it is paired."""
    if may_fail and run.dice.happens(60):
        run.points.till = run.dice.one_of((*STARTS, *PAIRING_AT_TILL))
    elif may_fail and run.dice.happens(40):
        run.points.arm_server(run.dice.one_of(PAIRING_AT_SERVER))
    elif may_fail:
        made.network.plan(run.dice.one_of(FAULTS), 0)
    try:
        if not made.running:
            made.open()
        if not pairing.is_paired(made.till):
            pairing.pair(made.till, ADDRESS, code)
    except Killed:
        made.close()
    except (Trouble, Refusal):
        pass  # whoever sets it up tries again
    run.points.disarm()
    made.network.forget()
    if not run.server.running:
        run.server.start()
    return made.running and pairing.is_paired(made.till)

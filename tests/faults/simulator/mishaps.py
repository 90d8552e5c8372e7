"""What goes wrong, besides the cashier's work: in the network, at a till, at the server, on the disk, on paper.

Rule: a mishap is drawn before a step and strikes in it, or is a step of its own; none outlives the run's end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from models import wire
from pos_app.journal import companions
from pos_app.sync.signing import signed_head
from tests.faults.simulator import poison
from tests.faults.simulator.network import FAULTS
from tests.faults.simulator.points import SERVER, TILL
from tests.faults.simulator.till import SimulatedTill

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

_CLOCKS = (timedelta(0), timedelta(0), timedelta(hours=24), timedelta(hours=-24), timedelta(hours=-2))
_PRINTER = ("paper_out", "cover_open", "offline", None, None)
_BREAKS = ("before the first byte", "killed before the paper", "killed mid-slip", "no answer")
_MOST_AGAIN = 7


_ASKED = ("redeem: intent", "redeem: sent", "redeem: answered", "request")
_POINTS = {
    "redeem_uses": ("redeem", "abandon", "request"), "last_uses_twice": ("redeem", "abandon"),
    "pay_by_card": (*_ASKED, "charge"),
    "refund_some": (*_ASKED, "refund"), "sell_goods": ("sale",),
    "goods_come_back": ("sale: before", "sale: fact"), "cash_moves": ("sale: before", "sale: fact"),
    "sell_a_pass": ("pass sale",), "pay_in": ("sale: before", "sale: fact"), "sync": ("push", "pull"),
    "somebody_new": ("member", "pass sale"), "two_make_one": ("member", "pass sale", "redeem"),
    "print_waiting": ("print",), "print_a_copy": ("copy",),
}  # fmt: skip
"""Which named steps lie on the way of what is done."""


def before(run: Run, till: SimulatedTill, step: str) -> None:
    """Draw what may strike in the next step."""
    dice = run.dice
    if dice.happens(22):
        till.network.plan(dice.one_of(FAULTS), dice.between(0, 2))
    prefixes = _POINTS.get(step, ())
    till_steps = [name for name in TILL if name.startswith(prefixes)]
    server_steps = [name for name in SERVER if name.startswith(prefixes)]
    if till_steps and dice.happens(10):
        run.points.till = dice.one_of(till_steps)
    if server_steps and dice.happens(8):
        run.points.arm_server(dice.one_of(server_steps), run.server.break_connections if dice.happens(30) else None)
    if dice.happens(3):
        till.fail_statements(_io_error(run, dice.between(0, 25), dice.between(1, 3)))
    if step == "print_waiting" and dice.happens(60):
        till.printer.breaks = dice.one_of(_BREAKS)


def _io_error(run: Run, statements_before: int, times: int) -> Callable[[], None]:
    left = statements_before

    def fail() -> None:
        nonlocal left
        left -= 1
        if -times <= left < 0:
            run.points.struck["disk: I/O error"] += 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR"
            raise error

    return fail


# The network ---------------------------------------------------------------------------------------------------------


def network_off(run: Run, till: SimulatedTill) -> str | None:
    """The cable is out."""
    till.network.up = False
    return None


def network_on(run: Run, till: SimulatedTill) -> str | None:
    """It is in again."""
    till.network.up = True
    return None


def arrives_late(run: Run, till: SimulatedTill) -> str | None:
    """A request that hung reaches the server after all."""
    waiting = len(till.network.hanging)
    if waiting and till.network.deliver_hanging(run.dice.between(0, waiting - 1)) and run.server.restores:
        run.late.add(till.number)
    return None


def pushes_again(run: Run, till: SimulatedTill) -> str | None:
    """Facts once more, cut into other batches, out of order, signed anew; what is answered reaches nobody."""
    rows = [row for row in till.rows() if row[2] and row[1] not in run.expected.poisoned]
    if not rows:
        return None
    dice = run.dice
    start = dice.between(0, len(rows) - 1)
    chosen = rows[start : start + dice.between(1, _MOST_AGAIN)]
    known = till.journal.require_identity()
    head = signed_head(known.terminal_id, chosen[-1][0], chosen[-1][1], till.journal.keys.private_key())
    with till.journal.reading() as held:
        beside = companions.of(held, [row[0] for row in chosen]) if dice.happens(80) else ()
    texts = tuple(row[2].decode() for row in chosen)
    till.app.client.push(wire.PushRequest(wire.PROTOCOL, texts, head, companions=beside))
    return None


# The till ------------------------------------------------------------------------------------------------------------


def clock_set(run: Run, till: SimulatedTill) -> str | None:
    """Somebody sets the clock of the machine, or sets it right."""
    till.machine.wrong_by = run.dice.one_of(_CLOCKS)
    return None


def restarted(run: Run, till: SimulatedTill) -> str | None:
    """The program, or the machine, is ended and started again."""
    run.reopen(till)
    return None


def disk_fills(run: Run, till: SimulatedTill) -> str | None:
    """Nothing more fits on the till's disk."""
    till.fill_disk()
    return None


def disk_empties(run: Run, till: SimulatedTill) -> str | None:
    """There is room again."""
    till.empty_disk()
    return None


def printer_state(run: Run, till: SimulatedTill) -> str | None:
    """The printer runs out of paper, is switched off, or is ready again."""
    till.printer.trouble = run.dice.one_of(_PRINTER)
    return None


def journal_copied(run: Run, till: SimulatedTill) -> str | None:
    """Somebody copies the data folder."""
    run.copy_folder(till)
    return None


def journal_goes_back(run: Run, till: SimulatedTill) -> str | None:
    """The copy is put back in place of the folder."""
    run.go_back(till)
    return None


def clone_takes_over(run: Run, till: SimulatedTill) -> str | None:
    """The copy is started on another machine in this one's place; this one may come back."""
    run.swap_with_clone(till)
    return None


# The server ----------------------------------------------------------------------------------------------------------


def server_seals(run: Run, till: SimulatedTill) -> str | None:
    """What it does every half second."""
    run.server.seal()
    return None


def server_keeps_house(run: Run, till: SimulatedTill) -> str | None:
    """What it does now and then."""
    run.server.keep_house()
    run.expected.ledger.expire_passes(run.time.now)
    return None


def server_restarts(run: Run, till: SimulatedTill) -> str | None:
    """It is ended and started again."""
    run.server.stop()
    return None


def database_saved(run: Run, till: SimulatedTill) -> str | None:
    """A copy of the database is kept, often at the end of a shift."""
    run.back_up()
    run.backups.shift_ends(till)
    return None


def database_restored(run: Run, till: SimulatedTill) -> str | None:
    """The database goes back to its copy, if there is one: another epoch."""
    if run.saved is not None:
        run.restore()
    return None


MENU: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = [
    (4, network_off),
    (5, network_on),
    (3, arrives_late),
    (2, pushes_again),
    (2, clock_set),
    (2, restarted),
    (1, disk_fills),
    (2, disk_empties),
    (2, printer_state),
    (2, poison.record),
    (3, server_seals),
    (2, server_keeps_house),
    (1, server_restarts),
]
RARE: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = [
    (3, journal_copied),
    (2, journal_goes_back),
    (2, clone_takes_over),
    (2, database_saved),
    (2, database_restored),
]
"""Each run draws whether these may happen in it at all: they change what can be promised."""

"""Look whether this till has what it needs: its server, its catalogue, room on the disk, a sound journal.

Rule: only reads; nobody needs to be signed in. Printer and scanner tell their state themselves (`Live`).
"""

import shutil
from dataclasses import dataclass

from sqlalchemy import func, select

from pos_app.journal import identity, soundness
from pos_app.journal.reserve import RESERVE_BYTES, SALE_BYTES
from pos_app.journal.tables import MEMBERS, MIRROR
from pos_app.till.till import Till

LEAST_FREE_BYTES = RESERVE_BYTES + SALE_BYTES
"""Below this a sale is refused soon."""
LOW_FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Reached:
    """The server answered after `milliseconds`; by `ahead_seconds` the till's clock was ahead of it before."""

    milliseconds: int
    ahead_seconds: float


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the mirror has so far; `whole` once a pull came to its end."""

    whole: bool
    records: int
    products: int
    staff: int
    members: int


@dataclass(frozen=True, slots=True)
class Stored:
    """Room where the journal lies, and how many facts are in it; its file was read through and is sound."""

    free_bytes: int
    facts: int


def reach(till: Till) -> Reached:
    """Ask the server once, at most 3 s. Trouble `server_unreachable`; the refusals of a server that answers."""
    began, believed = till.clock.monotonic_seconds(), till.clock.now()
    answer = till.gateway.health()
    took = till.clock.monotonic_seconds() - began
    ahead = (believed - answer.server_time).total_seconds() + took / 2
    return Reached(max(1, round(took * 1000)), ahead)


def loaded(till: Till) -> Loaded:
    """Count what came from HQ."""
    things = select(func.count()).select_from(MIRROR)
    people = select(func.count()).select_from(MEMBERS)
    with till.journal.reading() as rows:
        whole = identity.synced_at(rows) is not None
        mirrored, members = rows.execute(things).scalar_one(), rows.execute(people).scalar_one()
    catalogue = till.journal.catalogue
    return Loaded(whole, mirrored + members, len(catalogue.products), len(catalogue.staff), members)


def stored(till: Till) -> Stored:
    """Read the journal through (0.3 s for 76,000 facts; not for the GUI thread). Trouble as `soundness.check`."""
    facts = soundness.check_inside(till.journal.path)
    return Stored(shutil.disk_usage(till.journal.path.parent).free, facts)

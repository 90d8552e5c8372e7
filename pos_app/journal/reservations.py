"""What the server has set aside for this till alone: tokens as they came, what was used of them, what was given back.

Rule: uses and ends follow from this till's own facts (`projections`); the rest is what a pull or a scan brought. The
token, not a column, says what is set aside: whoever spends reads it anew (`till.reservations`). A row stays after its
end, so that its code is known again.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Select, bindparam, case, delete, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from models.reservations import Reservation
from models.times import format_instant, parse_instant
from models.tokens import ReservationCode
from pos_app.journal import aliases, identity
from pos_app.journal.projections import ReservationEnd, ReservedUse
from pos_app.journal.tables import OUTBOX, RESERVATION_ENDS, RESERVATIONS, RESERVED_USES

KEPT_DAYS = 35
"""So long after its expiry an ended reservation is known here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One reservation as this till knows it; `amount` and `used` are uses, or minor units.

    `member_id` is "" for a company's card. `state`: "open" | "recalled" | "closed" as the server said; `ended`: this
    till has given it back by a fact, which `waits` in the outbox. `told`: the feed brought it, so what the mirror
    counts does not hold its amount.
    """

    reservation_id: str
    member_id: str
    source_kind: str
    source_id: str
    amount: int
    used: int
    expires_at: datetime
    token: str
    origin: str
    state: str
    told: bool
    ended: bool
    waits: bool

    @property
    def left(self) -> int:
        """What is left to use."""
        return max(0, self.amount - self.used)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended, here or there; a recalled one still has to be given back."""
        return self.state != "closed" and not self.ended and self.left > 0


def tell(rows: Connection, code: ReservationCode, said: Reservation, epoch: str) -> None:
    """Store what the feed says of a reservation; `code` is its token, read."""
    told = {"origin": said.origin, "state": said.state, "told": 1, "told_used": said.used, "epoch": epoch}
    _put(rows, code, said.token, told)


def take(rows: Connection, code: ReservationCode, token: str) -> None:
    """Keep a token that was scanned, unless it is known; nothing that is known of it changes."""
    if by_id(rows, code.reservation_id) is None:
        epoch = identity.epoch(rows)
        _put(rows, code, token, {"origin": "member", "state": "open", "told": 0, "told_used": 0, "epoch": epoch})


def close(rows: Connection, reservation_id: str) -> None:
    """The server has ended it, or knows it no more."""
    known = RESERVATIONS.c.reservation_id == reservation_id
    rows.execute(update(RESERVATIONS).where(known).values(state="closed", told=1))


def forget_other_epochs(rows: Connection, epoch: str) -> None:
    """What a complete pull of this epoch did not bring is set aside no more: a restore has lost it."""
    rows.execute(update(RESERVATIONS).where(RESERVATIONS.c.epoch != epoch).values(state="closed", told=1))


def forget_old(rows: Connection, now: datetime) -> None:
    """Drop rows that ended and expired long ago; their codes are refused by their date."""
    limit = format_instant(now - timedelta(days=KEPT_DAYS))
    given_back = exists().where(RESERVATION_ENDS.c.reservation_id == RESERVATIONS.c.reservation_id)
    ended = (RESERVATIONS.c.state == "closed") | given_back
    rows.execute(delete(RESERVATIONS).where(RESERVATIONS.c.expires_at < limit, ended))


def add_use(rows: Connection, use: ReservedUse) -> None:
    """Note what a fact took out of a reservation."""
    rows.execute(insert(RESERVED_USES), asdict(use))


def add_end(rows: Connection, end: ReservationEnd) -> None:
    """Note that a fact gave a reservation back."""
    rows.execute(insert(RESERVATION_ENDS), asdict(end))


def by_id(rows: Connection, reservation_id: str) -> Kept | None:
    """Return one reservation, whatever became of it."""
    row = rows.execute(_BY_ID, {"id": reservation_id}).one_or_none()
    return None if row is None else _kept(row)


def of_source(rows: Connection, source_id: str) -> tuple[Kept, ...]:
    """Return all that was set aside of a pass or card, soonest expiry first, ended ones too."""
    return tuple(_kept(row) for row in rows.execute(_OF_SOURCE, {"source": source_id}))


def of_member(rows: Connection, member_id: str, ended_too: bool = False) -> tuple[Kept, ...]:
    """Return what is set aside for a member, soonest expiry first: what is open, and with `ended_too` the rest."""
    ids = aliases.ids_of(rows, member_id)
    found = map(_kept, rows.execute(_ALL.where(RESERVATIONS.c.member_id.in_(ids))))
    return tuple(one for one in found if one.is_open or ended_too)


def unfinished(rows: Connection) -> tuple[Kept, ...]:
    """Return what is open, and what was given back in a fact that the server has not, soonest expiry first."""
    found = map(_kept, rows.execute(_ALL.where(RESERVATIONS.c.state != "closed")))
    return tuple(one for one in found if one.is_open or one.waits)


def _put(rows: Connection, code: ReservationCode, token: str, said: dict[str, object]) -> None:
    values = {
        "member_id": code.member_id or "",
        "source_kind": code.source_kind,
        "source_id": code.source_id,
        "amount": code.amount,
        "expires_at": format_instant(code.expires_at),
        "token": token,
        **said,
    }
    statement = upsert(RESERVATIONS).values(reservation_id=code.reservation_id, **values)
    rows.execute(statement.on_conflict_do_update(index_elements=["reservation_id"], set_=values))


def _statement() -> Select[tuple[object, ...]]:
    own = RESERVED_USES.c.reservation_id == RESERVATIONS.c.reservation_id
    used = select(func.coalesce(func.sum(RESERVED_USES.c.amount), 0)).where(own).scalar_subquery()
    given_back = RESERVATION_ENDS.c.reservation_id == RESERVATIONS.c.reservation_id
    waiting = RESERVATION_ENDS.join(OUTBOX, OUTBOX.c.seq == RESERVATION_ENDS.c.seq)
    waits = exists().select_from(waiting).where(given_back, OUTBOX.c.state == "pending")
    return select(
        RESERVATIONS,
        used.label("own_used"),
        exists().where(given_back).label("ended"),
        case((waits, 1), else_=0).label("waits"),
    ).order_by(RESERVATIONS.c.expires_at, RESERVATIONS.c.reservation_id)


# Built once: building a statement costs more than running it.
_ALL = _statement()
_BY_ID = _ALL.where(RESERVATIONS.c.reservation_id == bindparam("id"))
_OF_SOURCE = _ALL.where(RESERVATIONS.c.source_id == bindparam("source"))


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    said = row._mapping
    return Kept(
        reservation_id=said["reservation_id"],
        member_id=said["member_id"],
        source_kind=said["source_kind"],
        source_id=said["source_id"],
        amount=said["amount"],
        # Whichever knows more: this till's facts, or a server that has settled what an older copy of them lacks.
        used=max(said["own_used"], said["told_used"]),
        expires_at=parse_instant(said["expires_at"]),
        token=said["token"],
        origin=said["origin"],
        state=said["state"],
        told=bool(said["told"]),
        ended=bool(said["ended"]),
        waits=bool(said["waits"]),
    )

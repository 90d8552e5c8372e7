"""What follows from a fact in this till's own books: effects on passes, uses spent, the shift, what it is found by.

Rule: pure. The same function fills the tables when a fact is recorded and recomputes them for `pos-app verify`.
"""

from dataclasses import dataclass, replace

from models.catalogue import MemberPass
from models.drawer import ShiftClosed
from models.facts import (
    CardCharged,
    Fact,
    OrderRefunded,
    PassRedeemed,
    PassSold,
    Refunded,
    ShiftOpened,
)
from models.passes import redeem
from models.reservations import ReservationClosed
from models.times import format_instant


@dataclass(frozen=True, slots=True)
class Effect:
    """A fact that changes a pass before the server's own word about it arrives."""

    seq: int
    pass_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class Spent:
    """Uses that this till took, and on which rung of the ladder."""

    seq: int
    pass_id: str
    member_id: str
    business_day: str
    happened_at: str
    rung: str
    uses: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A shift that began."""

    seq: int
    shift_id: str
    opened_at: str
    opened_by: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A shift that ended."""

    seq: int
    shift_id: str
    closed_at: str


@dataclass(frozen=True, slots=True)
class ReservedUse:
    """What was taken out of a reservation: uses, or minor units."""

    seq: int
    reservation_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReservationEnd:
    """A reservation that this till gave back."""

    seq: int
    reservation_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a fact can be found: its "member", its "pickup" number, or the "original" that it gives back (the order
    of a sale for money, else the ledger's number)."""

    seq: int
    mark: str
    value: str


def effect_of(fact: Fact) -> Effect | None:
    """Return what the fact changes on a pass. What the ledger granted online is in its answer already."""
    body = fact.body
    if isinstance(body, PassSold) or (isinstance(body, PassRedeemed) and body.evidence.rung != "online"):
        return Effect(fact.seq, body.pass_id, body.member_id)
    return None


def spent_by(fact: Fact) -> Spent | None:
    """Return the uses that the fact took."""
    body = fact.body
    if not isinstance(body, PassRedeemed):
        return None
    happened_at = format_instant(fact.happened_at)
    return Spent(
        fact.seq, body.pass_id, body.member_id, body.business_day, happened_at, body.evidence.rung, body.uses
    )  # fmt: skip


def opened_by(fact: Fact) -> Opened | None:
    """Return the shift that the fact began."""
    body = fact.body
    if not isinstance(body, ShiftOpened):
        return None
    return Opened(fact.seq, body.shift_id, format_instant(fact.happened_at), fact.cashier_id)


def closed_by(fact: Fact) -> Closed | None:
    """Return the shift that the fact ended."""
    body = fact.body
    return Closed(fact.seq, body.shift_id, format_instant(fact.happened_at)) if isinstance(body, ShiftClosed) else None


def reserved_by(fact: Fact) -> ReservedUse | None:
    """Return what the fact took out of a reservation."""
    body = fact.body
    if not isinstance(body, PassRedeemed | CardCharged) or body.evidence.reservation_id is None:
        return None
    amount = body.uses if isinstance(body, PassRedeemed) else body.total_minor
    return ReservedUse(fact.seq, body.evidence.reservation_id, amount)


def reservation_ended_by(fact: Fact) -> ReservationEnd | None:
    """Return the reservation that the fact gave back."""
    body = fact.body
    return ReservationEnd(fact.seq, body.reservation_id, body.reason) if isinstance(body, ReservationClosed) else None


def marks_of(fact: Fact) -> tuple[Mark, ...]:
    """Return by what the fact can be found."""
    body = fact.body
    original = body.order_id if isinstance(body, OrderRefunded) else ""
    original = body.original_tx_no if isinstance(body, Refunded) else original
    named = (
        ("member", getattr(body, "member_id", None)), ("pickup", getattr(body, "pickup_no", None)),
        ("original", original),
    )  # fmt: skip
    return tuple(Mark(fact.seq, mark, value) for mark, value in named if value)


def after(held: MemberPass | None, fact: Fact, merchant_id: str) -> MemberPass | None:
    """Return a pass after this fact, on top of what the server last said about it (None: it never did)."""
    body = fact.body
    if isinstance(body, PassRedeemed) and held is not None:
        if body.evidence.rung == "reserved":  # the server has moved those uses aside before: only the day counts them
            counted = redeem(replace(held, uses_left=max(held.uses_left, body.uses)), body.uses, body.business_day)
            return replace(counted, uses_left=held.uses_left)
        # More may be gone than the mirror knows: another till's uses may have come in between.
        return redeem(held, min(body.uses, held.uses_left), body.business_day) if held.uses_left else held
    if not isinstance(body, PassSold) or (held is not None and held.status == "revoked"):
        return held
    if held is None:
        return MemberPass(
            body.pass_id, merchant_id, body.member_id, body.plan_id, body.status, body.uses, body.uses, body.expires_at
        )  # fmt: skip
    if held.status == "expired" or fact.happened_at >= held.expires_at:
        return replace(
            held,
            status=body.status,
            uses_bought=held.uses_bought - held.uses_left + body.uses,
            uses_left=body.uses,
            expires_at=body.expires_at,
        )
    return replace(
        held,
        uses_bought=held.uses_bought + body.uses,
        uses_left=held.uses_left + body.uses,
        expires_at=max(held.expires_at, body.expires_at),
    )

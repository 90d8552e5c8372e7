"""What the second opinion counts with (plain_ledger): cards, lots, passes and what was posted, as plain values.

Rule: nothing of the program is imported. Amounts are minor units (or units); discounts are thousandths, rates
ten-thousandths; times are aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Account = tuple[str, str, str, str]
"""Kind of owner, owner, bucket, unit."""
Vat = tuple[tuple[str, int, int], ...]
"""(rate, base, quota) of each rate."""
OPERATOR = "00000000-0000-0000-0000-000000000000"
HOLDERS = ("card", "member", "pass", "reservation")


class No(Exception):
    """A refusal: its code, and what of its data is certain."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code, self.data = code, data


@dataclass(frozen=True)
class Shop:
    """Where something is done, and whose books it enters."""

    kind: str
    owner: str
    merchant: str | None


HOUSE = Shop("operator", OPERATOR, None)


@dataclass(frozen=True)
class Rule:
    """What a top-up of at least `least` brings besides."""

    rule_id: str
    least: int
    fixed: int
    rate: int
    starts: datetime
    ends: datetime | None

    def gives(self, amount: int) -> int:
        """The bonus, if it were in force."""
        return self.fixed + half_up(amount * self.rate, 10_000)

    def promises(self, amount: int, at: datetime) -> int | None:
        """The bonus; None when the rule is not in force, or the amount too small."""
        if amount < self.least or at < self.starts or (self.ends is not None and at >= self.ends):
            return None
        return self.gives(amount)


@dataclass(frozen=True)
class Plan:
    """What a pass is sold with."""

    plan_id: str
    uses: int
    days: int
    waits: bool
    per_order: int
    per_day: int


@dataclass
class Lot:
    """Money of a card by where it came from."""

    lot_id: str
    opened_at: datetime
    origin: str
    granted: dict[str, int]
    left: dict[str, int]
    refunded: int = 0
    clawed: int = 0
    uncollected: int = 0

    @property
    def gone(self) -> bool:
        """Was its top-up refunded to the last cent?"""
        return 0 < self.granted["principal"] <= self.refunded


@dataclass
class Card:
    """Stored value; without member an enterprise card, with a discount of its own."""

    card_id: str
    member: str | None
    discount: int | None = None
    expires_at: datetime | None = None
    status: str = "active"
    currency: str | None = None
    lots: list[Lot] = field(default_factory=list)
    code_at: datetime | None = None
    code_used: bool = False


@dataclass
class Part:
    """What was taken from one bucket of one lot, and came back of it."""

    lot: Lot
    bucket: str
    amount: int
    back: int = 0


@dataclass
class Charge:
    card: Card
    shop: Shop
    total: int
    points: int
    parts: list[Part]
    vat: Vat
    vat_back: list[int]


@dataclass
class TopUp:
    card: Card
    amount: int
    bonus: int
    method: str
    status: str
    lot: Lot | None = None
    payment: str | None = None


@dataclass
class Pass:
    pass_id: str
    member: str
    plan: Plan
    status: str
    bought: int
    amount: int
    expires_at: datetime


@dataclass
class Purchase:
    held: Pass
    number: int
    starts: bool
    uses: int
    amount: int
    review: str


@dataclass
class Reservation:
    source: Card | Pass
    amount: int
    expires_at: datetime
    parts: list[Part]
    used: int = 0
    returned: int = 0
    open: bool = True


@dataclass
class Grant:
    account: Account
    shop: Shop
    amount: int


@dataclass
class Adjustment:
    account: Account
    shop: Shop
    delta: int
    proposer: str
    status: str = "proposed"


@dataclass
class Posted:
    """A transaction as the registry should have it."""

    kind: str
    amount: int
    merchant: str | None
    status: str = "completed"
    refunded: int = 0
    reversed: bool = False


def half_up(numerator: int, denominator: int) -> int:
    """A quotient rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def shares(amount: int, weights: list[int]) -> list[int]:
    """Each takes its rounded share of what is left; the last takes the remainder."""
    given, rest = [], sum(weights)
    for weight in weights:
        share = half_up(amount * weight, rest) if weight else 0
        given.append(share)
        amount, rest = amount - share, rest - weight
    return given


def thousandths(number: int) -> str:
    """0.950 of 950."""
    return f"{number // 1000}.{number % 1000:03}"


def of(shop: Shop, bucket: str, unit: str = "CNY") -> Account:
    return shop.kind, shop.owner, bucket, unit


def use(plan: Plan) -> str:
    return "use/" + plan.plan_id

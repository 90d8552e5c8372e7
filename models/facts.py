"""Facts: what happened at a till, past tense, frozen.

Rule: a fact is encoded to bytes once; those bytes are hashed, chained, stored, sent and kept (sync.md, "Facts").
No personal data stands in a fact: members appear by id. Names of products and plans are as sold, in the slip's
language.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, get_args

from models import codec
from models.catalogue import LANGUAGES
from models.drawer import CashMoved, ShiftClosed
from models.ids import parse_id
from models.money import VatGroup
from models.refusals import Refusal
from models.reservations import ReservationClosed
from models.tenders import Tender

T = TypeVar("T")

FORMAT = 1
"""A new value of an old word takes the next number; a new optional field or a new kind does not. All below are read."""
GENESIS = "0" * 64  # `prev` of a terminal's first fact
IDENTIFIED = ("code", "pin", "vouched", "seen")
RUNGS = ("online", "reserved", "at_risk", "own_sale")
CARD_TYPES, REFUND_KINDS = ("personal", "enterprise"), ("charge", "top_up")
_HASH, _MEMBER_NO = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9A-Z.]{1,30}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a till was allowed to spend stored uses: the rung of the ladder in sync.md and what proves it.

    `request_id`: the online request, also when no answer came. `reservation_id`: rung 2. `policy_version`,
    `token_nonce`, `snapshot_at`: rung 3.
    """

    rung: str
    request_id: str | None = None
    policy_version: int | None = None
    token_nonce: str | None = None
    snapshot_at: datetime | None = None
    reservation_id: str | None = None

    def __post_init__(self) -> None:
        if self.rung not in RUNGS:
            raise ValueError(f"unknown rung {self.rung!r}")


@dataclass(frozen=True, slots=True)
class SoldAddOn:
    """Add-ons of one kind on one cup: `charge_minor = (quantity − free) × unit_price_minor`."""

    add_on_id: str
    name: str
    quantity: int
    free: int
    unit_price_minor: int
    vat_rate: str


@dataclass(frozen=True, slots=True)
class SoldCup:
    """One cup as it was sold or redeemed; `base_minor` is 0 when a use paid for it. `note`: models.notes."""

    product_id: str
    name: str
    base_minor: int
    vat_rate: str
    add_ons: tuple[SoldAddOn, ...] = ()
    note: str = field(default="", repr=False)

    @property
    def total_minor(self) -> int:
        return sum(amount for _, amount in self.gross_by_rate())

    def gross_by_rate(self) -> list[tuple[str, int]]:
        """Return (VAT rate, VAT-inclusive amount) of every part that costs something, for `money.split_vat`."""
        parts = [(self.vat_rate, self.base_minor)]
        parts += [(part.vat_rate, (part.quantity - part.free) * part.unit_price_minor) for part in self.add_ons]
        return [(rate, amount) for rate, amount in parts if amount]


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    shift_id: str
    float_minor: int
    currency: str
    business_day: str


@dataclass(frozen=True, slots=True)
class MemberCreated:
    """A person became a member at this till. Name, phone and language travel beside the fact, sealed for the server.

    `member_no` is printed on cards. `data_hash` is the SHA-256 (hex) of the sealed bytes: they can be erased without
    breaking the chain, and nobody can put others in their place.
    """

    member_id: str
    member_no: str
    store_id: str
    data_hash: str

    def __post_init__(self) -> None:
        if not _HASH.fullmatch(self.data_hash) or not _MEMBER_NO.fullmatch(self.member_no):
            raise ValueError("a member's number or data hash is not one")


@dataclass(frozen=True, slots=True)
class PassSold:
    """A pass plan was bought: `stacked` on the pass that the member held, or a first purchase of `pass_id`.

    `uses_left`, `expires_at` and `status` are what the till printed: the pass after this sale as the till knew it.
    """

    pass_id: str
    member_id: str
    plan_id: str
    plan_name: str
    stacked: bool
    uses: int
    uses_left: int
    expires_at: datetime
    status: str
    total_minor: int
    currency: str
    vat_mode: str
    vat: tuple[VatGroup, ...]
    tenders: tuple[Tender, ...]
    slips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassRedeemed:
    """A member's pass paid for cups, one use each. `slips`: the VR number, and the TP number when extra was paid.

    `business_day` is the store's day (ISO date) that the daily limit counts. `identified_by`: IDENTIFIED, None of old.
    """

    redemption_id: str
    pass_id: str
    member_id: str
    plan_name: str
    business_day: str
    cups: tuple[SoldCup, ...]
    uses: int
    uses_left: int
    expires_at: datetime
    extra_total_minor: int
    currency: str
    vat: tuple[VatGroup, ...]
    tenders: tuple[Tender, ...]
    slips: tuple[str, ...]
    pickup_no: str
    evidence: Evidence
    identified_by: str | None = None

    def __post_init__(self) -> None:
        if self.identified_by not in (None, *IDENTIFIED):
            raise ValueError(f"nobody is identified by {self.identified_by!r}")


@dataclass(frozen=True, slots=True)
class OrderPaid:
    """Goods were sold for money; prints a TP."""

    order_id: str
    member_id: str | None
    cups: tuple[SoldCup, ...]
    total_minor: int
    currency: str
    vat: tuple[VatGroup, ...]
    tenders: tuple[Tender, ...]
    slips: tuple[str, ...]
    pickup_no: str


@dataclass(frozen=True, slots=True)
class ToppedUp:
    """Money was taken for a stored-value card; the credit comes when the fact reaches the ledger.

    `card_id` None: the member's own card; else the enterprise card for which `member_id`, its admin, asked.
    `bonus_minor` is what the till promised by `bonus_rule_id`, nothing for an enterprise card. `slips`: one VR.
    """

    top_up_id: str
    member_id: str
    amount_minor: int
    bonus_minor: int
    bonus_rule_id: str | None
    currency: str
    tenders: tuple[Tender, ...]
    slips: tuple[str, ...]
    card_id: str | None = None


@dataclass(frozen=True, slots=True)
class CardCharged:
    """An order was paid whole from a stored-value card, granted online or set aside for this till. `slips`: one TP.

    `discount` is a rate like "0.950"; `total_minor` is `raw_total_minor` after it. `points_earned` and
    `balance_minor` (what the card holds after this charge) are the ledger's answer, else what the till reckons.
    """

    order_id: str
    card_id: str
    card_type: str
    member_id: str | None
    cups: tuple[SoldCup, ...]
    raw_total_minor: int
    discount: str
    total_minor: int
    currency: str
    vat: tuple[VatGroup, ...]
    points_earned: int
    balance_minor: int
    slips: tuple[str, ...]
    pickup_no: str
    evidence: Evidence

    def __post_init__(self) -> None:
        if self.card_type not in CARD_TYPES:
            raise ValueError(f"unknown card type {self.card_type!r}")


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund that the ledger granted was handed over: `cash_minor` by `tender`, the rest back to the card.

    `kind` is what was refunded: a charge goes back to its card, a top-up out of it. `balance_minor` is what the card
    holds after it. `reason` is a code. `slips`: one VR.
    """

    refund_id: str
    original_tx_no: str
    kind: str
    amount_minor: int
    cash_minor: int
    tender: str | None
    currency: str
    balance_minor: int
    reason: str
    slips: tuple[str, ...]
    evidence: Evidence

    def __post_init__(self) -> None:
        if self.kind not in REFUND_KINDS:
            raise ValueError(f"unknown kind of refund {self.kind!r}")


@dataclass(frozen=True, slots=True)
class OrderRefunded:
    """Cups of an `OrderPaid` were given back, with or without a network, at the till that had sold them.

    `original_slip` is that sale's TP; `lines` are the places (1, 2, …, rising) of `cups` in it. `tenders` say how the
    money went back. `vat` is split from these cups alone. `reason` is a code. `slips`: one VR.
    """

    refund_id: str
    order_id: str
    original_slip: str
    lines: tuple[int, ...]
    cups: tuple[SoldCup, ...]
    total_minor: int
    currency: str
    vat: tuple[VatGroup, ...]
    tenders: tuple[Tender, ...]
    reason: str
    slips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestAbandoned:
    """An online request got no answer in time and nothing was handed over; a late success must be reversed."""

    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SlipReprinted:
    """Copy number `copy` (1, 2, …) of a slip was ordered; it is marked as a reprint."""

    slip: str
    copy: int
    reason: str


Body = (
    ShiftOpened
    | CashMoved
    | ShiftClosed
    | MemberCreated
    | PassSold
    | PassRedeemed
    | OrderPaid
    | ToppedUp
    | CardCharged
    | Refunded
    | OrderRefunded
    | RequestAbandoned
    | SlipReprinted
    | ReservationClosed
)

KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Body)}
_KIND = re.compile(r"[A-Z][A-Za-z]{1,39}")


@dataclass(frozen=True, slots=True)
class Fact:
    """The envelope: who, when, which place in the terminal's chain, and what happened.

    `seq` counts 1, 2, 3 … without gaps; `prev` is the SHA-256 (hex) of the fact before, `GENESIS` for the first.
    """

    fact_id: str
    terminal_id: str
    seq: int
    prev: str
    happened_at: datetime
    shift_id: str | None
    cashier_id: str | None
    approver_id: str | None
    language: str
    body: Body
    format: int = FORMAT

    @property
    def kind(self) -> str:
        return type(self.body).__name__


def encode_fact(fact: Fact) -> bytes:
    """Return the one and only bytes of a fact: canonical JSON, `kind` beside `body`."""
    plain = codec.to_plain(fact)
    plain["kind"] = fact.kind
    return codec.encode(plain)


def hash_fact(data: bytes) -> str:
    """Return the SHA-256 of a fact's bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def decode_fact(data: bytes | str) -> Fact:
    """Read a fact. Refusals, with a `pointer`: `newer_than_server` for a format, kind or field that only a newer till
    writes, `request_malformed` when it is not a fact."""
    plain = codec.decode(dict[str, Any], data)
    written, kind = plain.get("format"), plain.pop("kind", None)
    if isinstance(written, bool) or not isinstance(written, int) or written < 1:
        raise Refusal("request_malformed", {"pointer": "/format"})
    if written > FORMAT:
        raise Refusal("newer_than_server", {"pointer": "/format"})
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise Refusal("request_malformed", {"pointer": "/kind"})
    if kind not in KINDS:
        raise Refusal("newer_than_server", {"pointer": "/kind"})
    body: Any = _known(KINDS[kind], plain.pop("body", None), "/body")
    envelope = _known(_Envelope, plain, "")
    fact = Fact(**{name: getattr(envelope, name) for name in _Envelope.__slots__}, body=body)
    for identity in (fact.fact_id, fact.terminal_id):
        parse_id(identity)
    if fact.seq < 1 or len(fact.prev) != 64 or fact.language not in LANGUAGES:
        raise Refusal("request_malformed", {"pointer": "/seq"})
    return fact


def claimed_kind(data: bytes | str) -> str | None:
    """Return the kind that a fact says it is, when this version knows that kind; the rest may be newer."""
    kind = codec.decode(dict[str, Any], data).get("kind")
    return kind if isinstance(kind, str) and kind in KINDS else None


def _known(kind: type[T], plain: object, at: str) -> T:
    """Read a part of a fact; `newer_than_server` when unknown fields are all that is wrong with it."""
    try:
        return codec.from_plain(kind, plain, at)
    except Refusal as refusal:
        codec.from_plain(kind, plain, at, newer_too=True)
        raise Refusal("newer_than_server", refusal.data) from None


@dataclass(frozen=True, slots=True)
class _Envelope:
    fact_id: str
    terminal_id: str
    seq: int
    prev: str
    happened_at: datetime
    shift_id: str | None
    cashier_id: str | None
    approver_id: str | None
    language: str
    format: int

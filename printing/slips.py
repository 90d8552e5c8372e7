"""Turn a fact into the documents that it prints: what each slip says, before any layout.

Rule: pure. Amounts stay minor units and times stay UTC; `values` writes them for people.
People arrive masked in the context and stay so. Source: counter.md "Paper", domain.md "Passes".
Not here: which template (templates), storing and sending (the till's print queue).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from models.catalogue import LANGUAGES, Store
from models.drawer import CashMoved, ShiftClosed
from models.facts import (
    CardCharged,
    Fact,
    OrderPaid,
    OrderRefunded,
    PassRedeemed,
    PassSold,
    Refunded,
    SoldAddOn,
    SoldCup,
    ToppedUp,
)
from models.ids import parse_slip_number
from models.money import VatGroup
from models.notes import clean_note
from models.tenders import Tender
from models.tokens import slip_check_code

REDEMPTION = "PASS_REDEMPTION_SLIP"
PASS_SALE = "PASS_SALE_SLIP"  # noqa: S105 - a template's name
TICKET = "SALES_TICKET"
TOP_UP = "TOPUP_SLIP"
CARD_CHARGE = "CARD_CHARGE_SLIP"
REFUND = "REFUND_SLIP"
SALE_REFUND = "SALE_REFUND_SLIP"
CASH_MOVEMENT = "CASH_MOVEMENT_SLIP"
Z_REPORT = "Z_REPORT"
TEMPLATE_KINDS = (REDEMPTION, PASS_SALE, TICKET, TOP_UP, CARD_CHARGE, REFUND, SALE_REFUND, CASH_MOVEMENT, Z_REPORT)

Printed = (
    PassSold | PassRedeemed | OrderPaid | ToppedUp | CardCharged | Refunded | OrderRefunded | CashMoved | ShiftClosed
)
"""Bodies of facts that have paper."""


@dataclass(frozen=True, slots=True)
class SlipContext:
    """What a slip says that its fact does not hold. Member and number of the company's card are masked already.

    `training`: nothing of it has happened.
    """

    store: Store
    terminal_code: str
    cashier_name: str
    member_name: str | None
    member_phone: str | None
    language: str
    training: bool = False
    company_name: str | None = None
    company_card: str | None = None
    approver_name: str | None = None


@dataclass(frozen=True, slots=True)
class SlipAddOn:
    """Add-ons of one kind on all cups of a line: `amount_minor` pays for `quantity − free` of them."""

    name: str
    quantity: int
    free: int
    unit_minor: int

    @property
    def amount_minor(self) -> int:
        return (self.quantity - self.free) * self.unit_minor


@dataclass(frozen=True, slots=True)
class SlipLine:
    """Cups that are all alike, with their add-ons counted together; or a pass plan."""

    name: str
    quantity: int
    unit_minor: int
    add_ons: tuple[SlipAddOn, ...] = ()
    note: str = ""

    @property
    def amount_minor(self) -> int:
        """What the cups cost without their add-ons."""
        return self.quantity * self.unit_minor


@dataclass(frozen=True, slots=True)
class SlipDocument:
    """Everything that one slip says; what does not apply is None or empty.

    `uses`: used by a redemption, bought by a pass sale. `evidence`: rung of sync.md. `related`: the other slip's
    number when the fact printed two. `kind` names the template kind. `points`: earned by a charge. `balance_minor`: of
    the card after it; None while only the ledger knows. `original`: number of what was refunded; `refund_kind` is
    "charge", "top_up" or "order", and `cash_minor` of its `total_minor` was handed out. `move`: a cash movement,
    `reason` its code or that of a difference. `closing`: the shift that a Z report is about. `company_name` and
    `company_card`: whose enterprise card it is, for which the member asked. `approver_name`: whose PIN the cashier
    needed. `training`: it is worth nothing, says so at top and bottom whatever the template, and has no check code.
    """

    number: str
    kind: str
    language: str
    currency: str
    timezone: str
    happened_at: datetime
    store_name: str
    address: str
    issuer_name: str
    tax_id: str
    terminal_code: str
    cashier_name: str
    check_code: str
    lines: tuple[SlipLine, ...]
    total_minor: int
    member_name: str | None = None
    member_phone: str | None = None
    plan_name: str | None = None
    stacked: bool | None = None
    pass_status: str | None = None
    uses: int | None = None
    uses_left: int | None = None
    expires_at: datetime | None = None
    evidence: str | None = None
    pickup_no: str | None = None
    related: str | None = None
    vat: tuple[VatGroup, ...] = ()
    tenders: tuple[Tender, ...] = ()
    card_type: str | None = None
    raw_total_minor: int | None = None
    discount: str | None = None
    bonus_minor: int | None = None
    points: int | None = None
    balance_minor: int | None = None
    original: str | None = None
    refund_kind: str | None = None
    cash_minor: int | None = None
    cash_tender: str | None = None
    move: str | None = None
    reason: str | None = None
    closing: ShiftClosed | None = None
    training: bool = False
    company_name: str | None = None
    company_card: str | None = None
    approver_name: str | None = None


def slip_documents(fact: Fact, fact_hash: str, context: SlipContext) -> tuple[SlipDocument, ...]:
    """Return one document per number in the fact's `slips`, in that order; none for a fact that prints nothing.

    `fact_hash` is `facts.hash_fact` of the fact's bytes. ValueError when the numbers do not suit the fact or the
    language is not one of ours: those are bugs of the caller.
    """
    if context.language not in LANGUAGES:
        raise ValueError(f"no slips in {context.language!r}")
    body = fact.body
    if not isinstance(body, Printed):
        return ()
    kinds = tuple(parse_slip_number(number).kind for number in body.slips)
    if kinds != _kinds_of(body):
        raise ValueError(f"{fact.kind} does not print {kinds}")
    return tuple(_document(fact, body, number, fact_hash, context) for number in body.slips)


def _kinds_of(body: Printed) -> tuple[str, ...]:
    if isinstance(body, PassSold):
        return ("VR", "TP") if body.vat_mode == "single_purpose" else ("VR",)
    if isinstance(body, PassRedeemed):
        return ("VR", "TP") if body.extra_total_minor else ("VR",)
    return {CashMoved: ("CM",), ShiftClosed: ("ZR",), OrderPaid: ("TP",), CardCharged: ("TP",)}.get(type(body), ("VR",))


def _document(fact: Fact, body: Printed, number: str, fact_hash: str, context: SlipContext) -> SlipDocument:
    store = context.store
    blank = SlipDocument(
        number=number,
        kind=TICKET,
        language=context.language,
        currency=body.currency,
        timezone=store.timezone,
        happened_at=fact.happened_at,
        store_name=store.name,
        address=store.address,
        issuer_name=store.issuer_name,
        tax_id=store.tax_id,
        terminal_code=context.terminal_code,
        cashier_name=context.cashier_name,
        check_code="" if context.training else slip_check_code(number, fact_hash),
        lines=(),
        total_minor=0,
        member_name=context.member_name,
        member_phone=context.member_phone,
        related=next((other for other in body.slips if other != number), None),
        training=context.training,
        company_name=context.company_name,
        company_card=context.company_card,
        approver_name=context.approver_name,
    )
    fiscal = number.startswith("TP")
    match body:
        case PassRedeemed():
            return _redemption_ticket(blank, body) if fiscal else _redemption(blank, body)
        case PassSold():
            return _pass_ticket(blank, body) if fiscal else _pass_sale(blank, body)
        case OrderPaid():
            return _sale(blank, body)
        case ToppedUp():
            return _top_up(blank, body)
        case CardCharged():
            return _card_charge(blank, body)
        case Refunded():
            return _refund(blank, body)
        case OrderRefunded():
            return _sale_refund(blank, body)
        case CashMoved():
            return replace(blank, kind=CASH_MOVEMENT, move=body.move, reason=body.reason, total_minor=body.amount_minor)
        case ShiftClosed():
            return replace(blank, kind=Z_REPORT, reason=body.difference_reason, closing=body)


def _sale(blank: SlipDocument, body: OrderPaid) -> SlipDocument:
    return replace(
        blank,
        lines=_lines(body.cups),
        total_minor=body.total_minor,
        vat=body.vat,
        tenders=body.tenders,
        pickup_no=body.pickup_no or None,
    )


def _top_up(blank: SlipDocument, body: ToppedUp) -> SlipDocument:
    return replace(
        blank, kind=TOP_UP, total_minor=body.amount_minor, bonus_minor=body.bonus_minor, tenders=body.tenders
    )


def _card_charge(blank: SlipDocument, body: CardCharged) -> SlipDocument:
    return replace(
        blank,
        kind=CARD_CHARGE,
        lines=_lines(body.cups),
        card_type=body.card_type,
        raw_total_minor=body.raw_total_minor,
        discount=body.discount,
        total_minor=body.total_minor,
        vat=body.vat,
        points=body.points_earned if body.card_type == "personal" else None,
        balance_minor=body.balance_minor,
        pickup_no=body.pickup_no or None,
    )


def _refund(blank: SlipDocument, body: Refunded) -> SlipDocument:
    return replace(
        blank,
        kind=REFUND,
        original=body.original_tx_no,
        refund_kind=body.kind,
        total_minor=body.amount_minor,
        cash_minor=body.cash_minor,
        cash_tender=body.tender,
        balance_minor=body.balance_minor,
    )


def _sale_refund(blank: SlipDocument, body: OrderRefunded) -> SlipDocument:
    return replace(
        blank,
        kind=SALE_REFUND,
        original=body.original_slip,
        refund_kind="order",
        reason=body.reason,
        lines=_lines(body.cups),
        total_minor=body.total_minor,
        vat=body.vat,
        tenders=body.tenders,
    )


def _redemption(blank: SlipDocument, body: PassRedeemed) -> SlipDocument:
    return replace(
        blank,
        kind=REDEMPTION,
        plan_name=body.plan_name,
        lines=_lines(body.cups),
        uses=body.uses,
        uses_left=body.uses_left,
        expires_at=body.expires_at,
        total_minor=body.extra_total_minor,
        evidence=body.evidence.rung,
        pickup_no=body.pickup_no or None,
    )


def _redemption_ticket(blank: SlipDocument, body: PassRedeemed) -> SlipDocument:
    """Bill what was paid beyond the uses: the charged add-ons, under the cups that carry them."""
    charged = [replace(cup, add_ons=tuple(_charged_part(part) for part in _charged(cup))) for cup in body.cups]
    return replace(
        blank,
        lines=_lines(cup for cup in charged if cup.total_minor),
        total_minor=body.extra_total_minor,
        vat=body.vat,
        tenders=body.tenders,
        pickup_no=body.pickup_no or None,
    )


def _pass_sale(blank: SlipDocument, body: PassSold) -> SlipDocument:
    return replace(
        blank,
        kind=PASS_SALE,
        plan_name=body.plan_name,
        stacked=body.stacked,
        pass_status=body.status,
        lines=(SlipLine(body.plan_name, 1, body.total_minor),),
        uses=body.uses,
        uses_left=body.uses_left,
        expires_at=body.expires_at,
        total_minor=body.total_minor,
        tenders=body.tenders,
    )


def _pass_ticket(blank: SlipDocument, body: PassSold) -> SlipDocument:
    return replace(
        blank,
        lines=(SlipLine(body.plan_name, 1, body.total_minor),),
        total_minor=body.total_minor,
        vat=body.vat,
        tenders=body.tenders,
    )


def _charged(cup: SoldCup) -> list[SoldAddOn]:
    return [part for part in cup.add_ons if part.quantity > part.free and part.unit_price_minor]


def _charged_part(part: SoldAddOn) -> SoldAddOn:
    return replace(part, quantity=part.quantity - part.free, free=0)


def _lines(cups: Iterable[SoldCup]) -> tuple[SlipLine, ...]:
    """Count cups that are alike together, in the order in which each kind came first."""
    return tuple(
        SlipLine(
            cup.name,
            count,
            cup.base_minor,
            tuple(
                SlipAddOn(part.name, part.quantity * count, part.free * count, part.unit_price_minor)
                for part in cup.add_ons
            ),
            clean_note(cup.note),
        )
        for cup, count in Counter(cups).items()
    )

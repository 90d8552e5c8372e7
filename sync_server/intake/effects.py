"""What a fact or a request asks of the ledger, as plain values, after its sums have been checked.

Rule: pure. Prices stand as sold; arithmetic, VAT, tenders and numbers must be right, else a person looks at it.
Not here: status, limits, uses left and duplicates, which are decided under a lock (ledger, in SQL).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models import codec, drawer, facts
from models.catalogue import name_in
from models.facts import Fact
from models.ids import parse_id
from models.money import VatGroup, check_amount, split_vat
from models.passes import CupQuote
from models.phones import calling_code_in
from models.reservations import ReservationClosed
from models.shifts import is_sound
from models.tenders import Tender, check_tenders
from models.times import business_day, utc
from models.wire import RedeemAsked
from sync_server.intake import cards
from sync_server.intake.cards import CupContent, asked_cups, digest, harmless, sold_cups
from sync_server.intake.checks import Plain, Problems, check_cups, check_groups, check_slips, gross_of, kinds_of, sold


@dataclass(frozen=True, slots=True)
class StoreRules:
    """What a store's business day and money depend on."""

    currency: str
    timezone: str
    cutoff_minutes: int
    slip_language: str

    @property
    def calling_code(self) -> str:
        """Of the store's country, "" when it is not known (models.phones)."""
        return calling_code_in(self.timezone)

    def day(self, moment: datetime) -> str:
        """The store's business day of a moment, as an ISO date."""
        return business_day(moment, self.timezone, self.cutoff_minutes).isoformat()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A fact ready for the ledger; `held` says why a person must look instead."""

    kind: str | None
    effect: Plain
    slips: tuple[str, ...] = ()
    held: str | None = None
    cashier_id: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One redemption's content, alike in the request and in the fact that follows it."""

    redemption_id: str
    pass_id: str
    member_id: str
    business_day: str
    cups: tuple[CupContent, ...]
    extra_total_minor: int
    currency: str
    tenders: tuple[Tender, ...]


def asked_of_request(asked: RedeemAsked) -> Asked:
    """Return the content of a request."""
    return Asked(
        asked.redemption_id, asked.pass_id, asked.member_id, asked.business_day, asked_cups(asked.cups),
        asked.extra_total_minor, asked.currency, asked.tenders,
    )  # fmt: skip


def asked_of_fact(body: facts.PassRedeemed) -> Asked:
    """Return the content of a redemption that happened."""
    return Asked(
        body.redemption_id, body.pass_id, body.member_id, body.business_day, sold_cups(body.cups),
        body.extra_total_minor, body.currency, body.tenders,
    )  # fmt: skip


def redemption_effect(
    asked: Asked,
    cups: Sequence[Plain],
    vat: Sequence[VatGroup],
    evidence: facts.Evidence,
    day: str,
    pickup_no: str | None,
) -> Plain:
    """Return the redemption as the ledger's functions take it; `day` is the business day its limits count."""
    return {
        "redemption_id": asked.redemption_id,
        "pass_id": asked.pass_id,
        "member_id": asked.member_id,
        "business_day": day,
        "uses": len(cups),
        "cups": list(cups),
        "extra_total_minor": asked.extra_total_minor,
        "currency": asked.currency,
        "vat": codec.to_plain(list(vat)),
        "tenders": codec.to_plain(asked.tenders),
        "pickup_no": pickup_no,
        "rung": evidence.rung,
        "request_id": evidence.request_id,
        "policy_version": evidence.policy_version,
        "snapshot_at": codec.to_plain(evidence.snapshot_at),
        "effect_hash": digest(asked),
    } | cards.reserved(evidence)


def quoted_cups(quotes: Iterable[CupQuote], language: str) -> list[Plain]:
    """Return priced cups in the form of sold ones."""
    return [
        {
            "product_id": quote.product.product_id,
            "name": name_in(quote.product.names, language),
            "base_minor": quote.base_minor,
            "vat_rate": quote.product.vat_rate,
            "add_ons": [
                {
                    "add_on_id": part.add_on.add_on_id,
                    "name": name_in(part.add_on.names, language),
                    "quantity": part.quantity,
                    "free": part.free,
                    "unit_price_minor": part.add_on.price_minor,
                    "vat_rate": part.add_on.vat_rate,
                }
                for part in quote.add_ons
            ],
            "total_minor": quote.total_minor,
        }
        for quote in quotes
    ]


def prepare(
    fact: Fact,
    terminal_id: str,
    terminal_code: str,
    store: StoreRules,
    judged_at: datetime,
    waived: frozenset[str] = frozenset(),
) -> Prepared:
    """Check a decoded fact and turn it into its effect. `judged_at` is the time at which its limits are judged.

    `waived`: reasons for which it need not be held any more.
    """
    problems = Problems(waived)
    problems.require(fact.terminal_id == terminal_id, "terminal_differs")
    body = fact.body
    for identity in (fact.cashier_id, fact.approver_id, fact.shift_id, *_ids(body)):
        if identity is not None:
            problems.refused(parse_id, identity)
    slips = tuple(getattr(body, "slips", ()))
    check_slips(slips, terminal_code, problems)
    readable = problems.held is None
    effect = _effect(fact, store, judged_at, problems) if readable else {}
    return Prepared(
        kind=fact.kind,
        effect=effect,
        slips=slips if readable else (),
        held=problems.held,
        cashier_id=fact.cashier_id if readable else None,
        happened_at=utc(fact.happened_at),
    )


def with_content(prepared: Prepared, fact: Fact) -> Prepared:
    """Add to a charge or refund what posting it takes, for one whose granted request a restore may have lost."""
    content = cards.content_beside(fact.body)
    return replace(prepared, effect={**prepared.effect, "lost": content}) if content and prepared.effect else prepared


def _effect(fact: Fact, store: StoreRules, judged_at: datetime, problems: Problems) -> Plain:
    body = fact.body
    match body:
        case facts.PassRedeemed():
            _check_sale(body.cups, body.extra_total_minor, body.vat, problems)
            problems.refused(check_tenders, body.extra_total_minor, body.tenders, True)
            problems.require(body.uses == len(body.cups) > 0, "arithmetic_wrong")
            problems.require(all(cup.base_minor == 0 for cup in body.cups), "arithmetic_wrong")
            wanted = ("VR", "TP") if body.extra_total_minor else ("VR",)
            problems.require(kinds_of(body.slips) == wanted, "slips_wrong")
            return redemption_effect(
                asked_of_fact(body), [sold(cup) for cup in body.cups], body.vat, body.evidence, store.day(judged_at),
                body.pickup_no,
            )  # fmt: skip
        case facts.PassSold():
            problems.refused(check_tenders, body.total_minor, body.tenders, False)
            problems.require(
                bool(body.vat) == (body.vat_mode == "single_purpose" and body.total_minor != 0), "vat_wrong"
            )
            check_groups(body.vat, body.total_minor if body.vat else 0, problems)
            return _without(body, "slips", "plan_name")
        case facts.MemberCreated():
            return _without(body, "data_hash")
        case facts.OrderPaid():
            _check_sale(body.cups, body.total_minor, body.vat, problems)
            problems.refused(check_tenders, body.total_minor, body.tenders, False)
            problems.require(bool(body.cups), "basket_empty")
            return {**_without(body, "slips"), "cups": [sold(cup) for cup in body.cups]}
        case facts.OrderRefunded():
            return _order_refunded(body, problems)
        case facts.ToppedUp():
            return cards.topped_up(body, problems)
        case facts.CardCharged():
            return cards.card_charged(body, problems)
        case facts.Refunded():
            return cards.refunded(body, problems)
        case drawer.CashMoved():
            problems.refused(check_amount, body.amount_minor)
            problems.require(body.amount_minor >= 0, "amount_invalid")
            problems.require(kinds_of(body.slips) == ("CM",), "slips_wrong")
            return {**_without(body, "slips"), "reason": harmless(body.reason)}
        case drawer.ShiftClosed():
            problems.require(is_sound(body) and 0 < body.first_seq <= fact.seq, "arithmetic_wrong")
            problems.require(kinds_of(body.slips) == ("ZR",), "slips_wrong")
            reason = None if body.difference_reason is None else harmless(body.difference_reason)
            return {**_without(body, "slips"), "difference_reason": reason}
        case facts.SlipReprinted() | facts.RequestAbandoned():
            # It goes into the audit, which keeps no free text; the fact's own bytes have what was written.
            return {**_without(body), "reason": harmless(body.reason)}
        case _:
            return _without(body)


def _order_refunded(body: facts.OrderRefunded, problems: Problems) -> Plain:
    _check_sale(body.cups, body.total_minor, body.vat, problems)
    problems.refused(check_tenders, body.total_minor, body.tenders, False)
    problems.require(all(tender.change_minor == 0 for tender in body.tenders), "amount_invalid")
    rising = all(place < later for place, later in zip((0, *body.lines), body.lines, strict=False))
    problems.require(rising and len(body.lines) == len(body.cups) > 0, "arithmetic_wrong")
    problems.require(kinds_of(body.slips) == ("VR",), "slips_wrong")
    lines = [{"line_no": place, **sold(cup)} for place, cup in zip(body.lines, body.cups, strict=False)]
    plain = _without(body, "slips", "cups", "original_slip")
    return {**plain, "lines": lines, "reason": harmless(body.reason)}


def _check_sale(cups: Sequence[facts.SoldCup], total_minor: int, vat: Sequence[VatGroup], problems: Problems) -> None:
    check_cups(cups, total_minor, problems)
    if problems.held is None:
        problems.require(tuple(vat) == split_vat(gross_of(cups)), "arithmetic_wrong")


def _without(body: object, *names: str) -> Plain:
    plain: Plain = codec.to_plain(body)
    return {name: value for name, value in plain.items() if name not in names}


_IDS: dict[type, tuple[str, ...]] = {
    facts.PassRedeemed: ("redemption_id", "pass_id", "member_id"),
    facts.PassSold: ("pass_id", "member_id", "plan_id"),
    facts.MemberCreated: ("member_id", "store_id"),
    facts.OrderPaid: ("order_id", "member_id"),
    facts.OrderRefunded: ("refund_id", "order_id"),
    facts.ToppedUp: ("top_up_id", "member_id", "bonus_rule_id", "card_id"),
    facts.CardCharged: ("order_id", "card_id", "member_id"),
    facts.Refunded: ("refund_id",),
    facts.RequestAbandoned: ("request_id",),
    facts.ShiftOpened: ("shift_id",),
    drawer.ShiftClosed: ("shift_id",),
    drawer.CashMoved: ("movement_id",),
    ReservationClosed: ("reservation_id",),
}
"""Which fields of a fact are ids that the ledger takes."""


def _ids(body: facts.Body) -> tuple[str | None, ...]:
    found: list[str | None] = [getattr(body, name) for name in _IDS.get(type(body), ())]
    evidence = getattr(body, "evidence", None)
    if evidence is not None:
        found += [evidence.request_id, evidence.reservation_id]
    return tuple(found)

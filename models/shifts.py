"""The sums of a shift: what its facts say was taken, moved and given back.

Rule: pure, and one copy: the till seals a shift with these sums, and HQ makes them again from the facts it holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from models.catalogue import TENDER_KINDS
from models.drawer import CashMoved, Counted, ShiftClosed, ShiftTotals, SlipRange, TenderTotal
from models.facts import (
    CardCharged,
    Fact,
    OrderPaid,
    OrderRefunded,
    PassRedeemed,
    PassSold,
    Refunded,
    ShiftOpened,
    SlipReprinted,
    ToppedUp,
)
from models.ids import SLIP_KINDS, parse_slip_number
from models.money import VatGroup

CASH = "cash"
_Paid = OrderPaid | PassSold | PassRedeemed | ToppedUp


def totals_of(facts: Iterable[Fact]) -> ShiftTotals:
    """Return the sums of these facts of one till, in chain order: all since the closing before."""
    count, moved = Counter[str](), Counter[str]()
    taken, given_back = Counter[str](), Counter[str]()
    vat: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    slips: dict[str, list[int]] = {}
    for fact in facts:
        body = fact.body
        count[fact.kind] += 1
        match body:
            case ShiftOpened():
                moved["float"] += body.float_minor
            case CashMoved():
                moved[body.move] += body.amount_minor
                count[body.move] += 1
            case PassRedeemed():
                count["uses"] += body.uses
            case CardCharged():
                moved["card"] += body.total_minor
            case Refunded() if body.tender is not None:
                given_back[body.tender] += body.cash_minor
            case OrderRefunded():
                for tender in body.tenders:
                    given_back[tender.kind] += tender.amount_minor
        if isinstance(body, _Paid):
            for tender in body.tenders:
                taken[tender.kind] += tender.amount_minor
        sign = -1 if isinstance(body, OrderRefunded) else 1
        for group in getattr(body, "vat", ()):
            vat[group.rate][0] += sign * group.base_minor
            vat[group.rate][1] += sign * group.quota_minor
        for text in getattr(body, "slips", ()):
            number = parse_slip_number(text)
            slips.setdefault(number.kind, [number.counter, 0])[1] = number.counter
    return ShiftTotals(
        float_minor=moved["float"],
        paid_in_minor=moved["paid_in"],
        paid_out_minor=moved["paid_out"],
        dropped_minor=moved["safe_drop"],
        tenders=tuple(
            TenderTotal(kind, taken[kind], given_back[kind])
            for kind in TENDER_KINDS
            if kind in taken or kind in given_back
        ),
        vat=tuple(VatGroup(rate, *vat[rate]) for rate in sorted(vat)),
        slips=tuple(SlipRange(kind, *slips[kind]) for kind in SLIP_KINDS if kind in slips),
        orders=count[OrderPaid.__name__],
        redemptions=count[PassRedeemed.__name__],
        uses=count["uses"],
        pass_sales=count[PassSold.__name__],
        top_ups=count[ToppedUp.__name__],
        card_charges=count[CardCharged.__name__],
        card_charged_minor=moved["card"],
        refunds=count[Refunded.__name__] + count[OrderRefunded.__name__],
        reprints=count[SlipReprinted.__name__],
        no_sales=count["no_sale"],
    )


def expected_of(totals: ShiftTotals) -> dict[str, int]:
    """Return what must be there of each tender at the end, in minor units: the drawer's cash, the others' own takings.

    Cash is always among them.
    """
    expected = {CASH: totals.float_minor + totals.paid_in_minor - totals.paid_out_minor - totals.dropped_minor}
    for tender in totals.tenders:
        expected[tender.kind] = expected.get(tender.kind, 0) + tender.net_minor
    return expected


def countable(totals: ShiftTotals) -> tuple[str, ...]:
    """Return the tenders that can be counted, cash first: of one that gave back more than it took nothing is there."""
    return tuple(kind for kind, minor in expected_of(totals).items() if kind == CASH or minor >= 0)


def compare(
    totals: ShiftTotals, counted: Mapping[str, int], told: Mapping[str, int] | None = None
) -> tuple[Counted, ...]:
    """Put what was counted beside what is expected, and the difference that had been `told` first where it is another.

    What cannot be counted is as expected. KeyError for a countable tender that was not counted.
    """
    known, found = countable(totals), []
    for kind, minor in expected_of(totals).items():
        now = counted[kind] if kind in known else minor
        before = now - minor if told is None else told.get(kind, 0)
        found.append(Counted(kind, minor, now, before if before != now - minor else None))
    return tuple(found)


def is_sound(body: ShiftClosed) -> bool:
    """Whether a closing agrees with itself: all expected tenders counted, none else, and a reason for a difference."""
    told = {item.kind: item.expected_minor for item in body.counted}
    differs = any(item.difference_minor for item in body.counted)
    return (
        told == expected_of(body.totals)
        and len(told) == len(body.counted)
        and all(item.counted_minor >= 0 or (item.kind != CASH and not item.difference_minor) for item in body.counted)
        and all(item.first_difference_minor != item.difference_minor for item in body.counted)
        and differs == (body.difference_reason is not None)
    )


def problems_of(closed: ShiftClosed, facts: Sequence[Fact]) -> tuple[str, ...]:
    """Compare a closing with the facts it sums up; returns the names of the sums that differ."""
    found = totals_of(facts)
    return tuple(name for name in ShiftTotals.__slots__ if getattr(found, name) != getattr(closed.totals, name))

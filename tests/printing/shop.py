"""A shop that prints: facts of every kind that has paper, and the contexts of two stores."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from models.cards import discounted, discounted_vat
from models.catalogue import Store
from models.drawer import CashMoved, Counted, ShiftClosed, ShiftTotals, SlipRange, TenderTotal
from models.facts import (
    GENESIS,
    Body,
    CardCharged,
    Evidence,
    Fact,
    OrderPaid,
    OrderRefunded,
    PassRedeemed,
    PassSold,
    Refunded,
    SoldAddOn,
    SoldCup,
    ToppedUp,
    encode_fact,
    hash_fact,
)
from models.money import VatGroup, split_vat
from models.tenders import Tender
from printing.layout import Layout
from printing.slips import SlipContext, SlipDocument, slip_documents
from printing.templates import default_template, lay_out
from printing.words import slip_words

ID = "01890000-0000-7000-8000-00000000000{}"
NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
LATER = NOW + timedelta(days=180)
VR, TP = "VR.SZ1T03.000012", "TP.SZ1T03.000004"

SHENZHEN = Store(
    ID.format(1), ID.format(2), "SZ1", "茶玩研究所 · 南山店", "Asia/Shanghai", "CNY", "zh-CN",
    "深圳市茶玩餐饮管理有限公司", "91440300MA5F00000X", "深圳市南山区科技园南路 18 号",
)  # fmt: skip
BARCELONA = Store(
    ID.format(3), ID.format(2), "BCN1", "Té y Juegos Gràcia", "Europe/Madrid", "EUR", "es-ES",
    "Té y Juegos Barcelona, S.L.", "B66123459", "Carrer de Verdi, 41, 08012 Barcelona",
)  # fmt: skip


def context(language: str = "zh-CN", member: bool = True) -> SlipContext:
    if language == "zh-CN":
        store, cashier, name, phone = SHENZHEN, "陈晓", "王**", "138****6021"
    else:
        store, cashier, name, phone = BARCELONA, "Núria", "L**** G*****", "612****448"
    return SlipContext(store, "SZ1T03", cashier, name if member else None, phone if member else None, language)


def cup(name: str = "珍珠奶茶", *add_ons: SoldAddOn, base_minor: int = 0, vat_rate: str = "0.06") -> SoldCup:
    return SoldCup(ID.format(5), name, base_minor, vat_rate, add_ons)


def add_on(name: str = "椰果", quantity: int = 1, free: int = 0, price: int = 300, rate: str = "0.06") -> SoldAddOn:
    return SoldAddOn(ID.format(6), name, quantity, free, price, rate)


def redeemed(*cups: SoldCup, uses_left: int = 5, rung: str = "online", currency: str = "CNY") -> PassRedeemed:
    """A redemption paid in cash from a note of 100 when something is to be paid."""
    extra_minor = sum(one.total_minor for one in cups)
    gross = [
        (part.vat_rate, (part.quantity - part.free) * part.unit_price_minor) for one in cups for part in one.add_ons
    ]
    return PassRedeemed(
        ID.format(4), ID.format(5), ID.format(6), "十次饮品卡", "2026-11-20", cups, len(cups), uses_left, LATER,
        extra_minor, currency, split_vat(gross), (Tender("cash", extra_minor, 10000),) if extra_minor else (),
        (VR, TP) if extra_minor else (VR,), "A027", Evidence(rung),
    )  # fmt: skip


def pass_sold(stacked: bool = False, status: str = "active", vat_mode: str = "single_purpose") -> PassSold:
    return PassSold(
        ID.format(4), ID.format(5), ID.format(6), "十次饮品卡", stacked, 10, 14 if stacked else 10, LATER, status,
        16800, "CNY", vat_mode, split_vat([("0.06", 16800)]), (Tender("wechat", 16800, 16800),),
        (VR, TP) if vat_mode == "single_purpose" else (VR,),
    )  # fmt: skip


def paid(*cups: SoldCup, currency: str = "CNY") -> OrderPaid:
    """A sale paid half by card, the rest in cash with change."""
    total_minor = sum(one.total_minor for one in cups)
    gross = [(one.vat_rate, one.base_minor) for one in cups]
    gross += [(part.vat_rate, part.quantity * part.unit_price_minor) for one in cups for part in one.add_ons]
    half = total_minor // 2
    tenders = (Tender("bank_card", half, half), Tender("cash", total_minor - half, total_minor - half + 250))
    return OrderPaid(ID.format(4), None, cups, total_minor, currency, split_vat(gross), tenders, (TP,), "B108")


def topped_up(bonus_minor: int = 2000, currency: str = "CNY") -> ToppedUp:
    """100.00 paid in cash from a note of 200."""
    rule_id = ID.format(6) if bonus_minor else None
    tenders = (Tender("cash", 10000, 20000),)
    return ToppedUp(ID.format(4), ID.format(5), 10000, bonus_minor, rule_id, currency, tenders, (VR,))


def charged(
    *cups: SoldCup, card_type: str = "personal", discount: str = "0.950", points: int = 25, currency: str = "CNY"
) -> CardCharged:
    """An order paid from a card that holds 95.77 after it."""
    raw_minor = sum(one.total_minor for one in cups)
    total_minor = discounted(raw_minor, discount)
    gross = [(one.vat_rate, one.base_minor) for one in cups]
    gross += [(part.vat_rate, part.quantity * part.unit_price_minor) for one in cups for part in one.add_ons]
    return CardCharged(
        ID.format(4), ID.format(5), card_type, ID.format(6), cups, raw_minor, discount, total_minor, currency,
        discounted_vat(gross, total_minor), points, 9577, (TP,), "B109", Evidence("online", ID.format(7)),
    )  # fmt: skip


def refunded(kind: str = "top_up", amount: int = 10000, cash: int = 9000, currency: str = "CNY") -> Refunded:
    """A top-up refunded in cash after some of its bonus was spent; or, with `cash` 0, a charge back to its card."""
    original, tender = ("CZ000347", "cash") if kind == "top_up" else ("ZF000123", None)
    return Refunded(
        ID.format(4), original, kind, amount, cash, tender, currency, 5025, "customer_wish", (VR,),
        Evidence("online", ID.format(7)),
    )  # fmt: skip


def order_refunded(*cups: SoldCup, currency: str = "CNY") -> OrderRefunded:
    """Cups that come back in cash; without any: a milk tea with coconut jelly, and a water of another VAT rate."""
    cups = cups or (cup("珍珠奶茶", add_on(), base_minor=1800), cup("矿泉水", base_minor=500, vat_rate="0.13"))
    total = sum(one.total_minor for one in cups)
    return OrderRefunded(
        ID.format(8), ID.format(9), TP, tuple(range(1, len(cups) + 1)), cups, total, currency,
        split_vat(part for one in cups for part in one.gross_by_rate()), (Tender("cash", total, total),),
        "product_fault", (VR,),
    )  # fmt: skip


def moved(move: str = "paid_out", amount: int = 700, reason: str = "supplier", currency: str = "CNY") -> CashMoved:
    return CashMoved(ID.format(7), move, amount, currency, reason, "2026-11-20", ("CM.SZ1T03.000002",))


def shift_closed(currency: str = "CNY") -> ShiftClosed:
    """Something of everything, and three short in the drawer."""
    totals = ShiftTotals(
        20000, 5000, 700, 10000, (TenderTotal("cash", 12300, 500), TenderTotal("bank_card", 1800, 0)),
        (VatGroup("0.06", 1698, 102), VatGroup("0.21", 1000, 210)), (SlipRange("VR", 1, 2), SlipRange("TP", 1, 4)),
        3, 2, 4, 1, 1, 1, 2423, 1, 1, 1,
    )  # fmt: skip
    counted = (Counted("cash", 26100, 25800, first_difference_minor=-600), Counted("bank_card", 1800, 1800))
    return ShiftClosed(
        ID.format(3), 1, NOW - timedelta(hours=8), "2026-11-20", currency, totals, counted, "change_error",
        ("ZR.SZ1T03.000001",),
    )  # fmt: skip


def fact(body: Body, language: str = "zh-CN") -> Fact:
    return Fact(ID.format(7), ID.format(8), 1, GENESIS, NOW, None, None, None, language, body)


def documents(
    body: Body, language: str = "zh-CN", member: bool = True, training: bool = False
) -> tuple[SlipDocument, ...]:
    happened = fact(body, language)
    said = replace(context(language, member), training=training)
    return slip_documents(happened, hash_fact(encode_fact(happened)), said)


def layouts(
    body: Body, language: str = "zh-CN", columns: int = 48, copy: int = 0, training: bool = False
) -> list[Layout]:
    words = slip_words(language)
    return [
        lay_out(document, default_template(document.kind), words, columns, copy)
        for document in documents(body, language, training=training)
    ]

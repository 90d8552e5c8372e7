"""Values as people read them: money, times, counts, words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.facts import Body
from printing.blocks import NAMES
from printing.slips import SlipDocument
from printing.values import Values, local_time, percent, values_of
from printing.words import slip_words
from tests.printing.shop import (
    add_on,
    charged,
    cup,
    documents,
    moved,
    order_refunded,
    paid,
    pass_sold,
    redeemed,
    refunded,
    shift_closed,
    topped_up,
)

EXTRA = redeemed(cup("茶", add_on("椰果", 3, free=1), add_on("珍珠", 1, free=1)), cup("茶"), cup("茶"), rung="at_risk")


def written(slip: SlipDocument) -> Values:
    return values_of(slip, slip_words(slip.language))


@pytest.mark.parametrize(
    "body",
    [
        EXTRA,
        redeemed(cup()),
        pass_sold(),
        paid(cup("茶", add_on(), base_minor=900)),
        topped_up(),
        charged(cup("茶", add_on(), base_minor=900)),
        refunded(),
        order_refunded(),
        moved(),
        shift_closed(),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
def test_the_names_are_those_a_template_may_use(body: Body, language: str) -> None:
    def check(values: Values, place: str) -> None:
        assert values.texts.keys() == NAMES[place]
        for name, items in values.lists.items():
            for item in items:
                check(item, name)

    for slip in documents(body, language):
        check(written(slip), "")


def test_a_redemption_in_chinese() -> None:
    values = written(documents(EXTRA)[0])
    expected = {
        "time": "2026-11-20 14:32", "expires": "2027-05-19 14:32", "uses": "3", "uses_minus": "−3", "uses_left": "5",
        "extra": "¥\u00a06.00", "member": "王** · 138****6021", "evidence": "离线 · 风险额度", "pickup_no": "A027",
        "related": "TP.SZ1T03.000004", "related_label": "销售小票", "awaiting_review": "", "change": "",
    }  # fmt: skip
    assert {name: values.texts[name] for name in expected} == expected
    first, others = values.lists["lines"]
    assert (first.texts["line_name"], first.texts["line_uses"]) == ("茶", "−1")
    assert (others.texts["line_name"], others.texts["line_uses"]) == ("2 × 茶", "−2")
    assert [(part.texts["add_on_name"], part.texts["add_on_amount"]) for part in first.lists["add_ons"]] == [
        ("3 × 椰果 (1 免费)", "¥\u00a06.00"),
        ("珍珠", "免费"),
    ]


def test_a_ticket_in_spanish() -> None:
    tea = cup("Té", base_minor=350, vat_rate="0.10")
    (slip,) = documents(paid(tea, tea, cup("Bolso", base_minor=120000, vat_rate="0.21"), currency="EUR"), "es-ES")
    values = written(slip)
    assert values.texts["total"] == "1.207,00\u00a0€"
    assert (values.texts["series"], values.texts["serial"]) == ("TP.SZ1T03", "000004")
    assert values.texts["time"] == "20/11/2026 07:32"
    assert (values.texts["received"], values.texts["change"]) == ("606,00\u00a0€", "2,50\u00a0€")
    assert [tuple(group.texts.values()) for group in values.lists["vat"]] == [
        ("10\u00a0%", "6,36\u00a0€", "0,64\u00a0€"),
        ("21\u00a0%", "991,74\u00a0€", "208,26\u00a0€"),
    ]
    assert [tuple(tender.texts.values()) for tender in values.lists["tenders"]] == [
        ("Tarjeta", "603,50\u00a0€"),
        ("Efectivo", "603,50\u00a0€"),
    ]
    several, single = values.lists["lines"]
    assert (several.texts["line_plain"], several.texts["line_unit"]) == ("Té", "2 × 3,50\u00a0€")
    assert (several.texts["line_single"], several.texts["line_amount"]) == ("", "7,00\u00a0€")
    assert (single.texts["line_single"], single.texts["line_unit"]) == ("Bolso", "")


@pytest.mark.parametrize(
    ("rung", "word"),
    [("online", "Online"), ("reserved", "Reserved"), ("at_risk", "Offline (at risk)"), ("own_sale", "Bought here")],
)
def test_the_evidence_is_said(rung: str, word: str) -> None:
    assert written(documents(redeemed(cup(), rung=rung), "en")[0]).texts["evidence"] == word


def texts(body: Body, language: str, *names: str) -> list[str]:
    values = written(documents(body, language)[0])
    return [values.texts[name].replace("\u00a0", " ") for name in names]


def test_a_top_up_with_and_without_bonus() -> None:
    names = ("total", "bonus", "credit", "balance", "balance_pending", "change")
    assert texts(topped_up(), "zh-CN", *names) == ["¥ 100.00", "¥ 20.00", "¥ 120.00", "", "以同步后为准", "¥ 100.00"]
    assert texts(topped_up(0), "en", *names[:4]) == ["¥100.00", "", "¥100.00", ""]
    known = replace(documents(topped_up(), "en")[0], balance_minor=15000)
    assert [written(known).texts[name] for name in ("balance", "balance_pending")] == ["¥150.00", ""]


@pytest.mark.req("R029", "R030")
def test_a_discount_is_said_only_when_there_is_one() -> None:
    names = ("raw_total", "discount_label", "discount", "discount_amount", "total", "card_name", "points", "balance")
    cups = (cup(base_minor=2550),)
    assert texts(charged(*cups), "zh-CN", *names) == [
        "¥ 25.50", "会员折扣", "−5 %", "−¥ 1.27", "¥ 24.23", "会员储值卡", "+25", "¥ 95.77",
    ]  # fmt: skip
    assert texts(charged(*cups, card_type="enterprise", discount="0.885", currency="EUR"), "es-ES", *names) == [
        "25,50 €", "Descuento de empresa", "−11,5 %", "−2,93 €", "22,57 €", "Saldo tarjeta de empresa", "", "95,77 €",
    ]  # fmt: skip
    assert texts(charged(*cups, discount="1.000", points=0), "en", *names) == [
        "", "", "", "", "¥25.50", "Member card balance", "+0", "¥95.77",
    ]  # fmt: skip


@pytest.mark.req("R065")
def test_where_a_refund_went() -> None:
    names = ("original", "total", "card_back", "bonus_kept", "cash_back_label", "cash_back", "balance")
    to_card = ["ZF000123", "¥ 10.00", "¥ 10.00", "", "", "", "¥ 50.25"]
    assert texts(refunded("charge", 1000, 0), "zh-CN", *names) == to_card
    assert texts(refunded(), "en", *names) == [
        "CZ000347", "¥100.00", "", "¥10.00", "Handed back · Cash", "¥90.00", "¥50.25",
    ]  # fmt: skip
    assert texts(refunded("top_up", 9000, 9000), "en", *names[2:4]) == ["", ""]
    assert texts(refunded("top_up", 5000, 0), "en", *names[2:6]) == ["", "¥50.00", "", ""]


def test_a_pass_that_awaits_review_says_so() -> None:
    values = written(documents(pass_sold(status="suspended", vat_mode="none"), "es-ES")[0])
    assert values.texts["awaiting_review"] == "Pendiente de revisión"
    assert (values.texts["purchase"], values.texts["status"]) == ("Primera compra", "Suspendido")
    stacked = written(documents(pass_sold(stacked=True), "es-ES")[0])
    assert (stacked.texts["awaiting_review"], stacked.texts["uses_label"]) == ("", "Usos añadidos")


def test_names_cannot_command_the_printer() -> None:
    slip = replace(documents(redeemed(cup("茶\x1b@\x1dV\x00")))[0], store_name="店\n\x1bp\x00", cashier_name="a\u202eb")
    values = written(slip)
    assert values.texts["store_name"] == "店 p"
    assert values.texts["cashier"] == "ab"
    assert values.lists["lines"][0].texts["line_name"].startswith("茶@")
    assert all(text.isprintable() or "\u00a0" in text for text in values.texts.values())


def test_local_time_follows_the_stores_summer_time() -> None:
    assert local_time(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Europe/Madrid", "es-ES") == "02/07/2026 00:30"
    assert local_time(datetime(2026, 1, 1, 22, 30, tzinfo=UTC), "Europe/Madrid", "en") == "2026-01-01 23:30"


@pytest.mark.parametrize(
    ("rate", "language", "text"),
    [("0.21", "en", "21"), ("0", "en", "0"), ("0.105", "es-ES", "10,5"), ("0.105", "en", "10.5"), ("0.1", "en", "10")],
)
def test_percent(rate: str, language: str, text: str) -> None:
    assert percent(rate, language) == f"{text}\u00a0%"


def test_a_movement_of_cash_says_what_and_why() -> None:
    names = ("move", "moved", "reason", "number")
    assert texts(moved(), "en", *names) == ["Cash paid out", "¥7.00", "Supplier", "CM.SZ1T03.000002"]
    assert texts(moved("no_sale", 0, "check"), "es-ES", *names[:3]) == ["Apertura de cajón", "", "Comprobación"]


def test_a_z_report_says_all_sums() -> None:
    values = written(documents(shift_closed("EUR"), "en")[0])

    def pairs(name: str) -> list[tuple[str, ...]]:
        return [tuple(text.replace("\u00a0", " ") for text in line.texts.values()) for line in values.lists[name]]

    assert pairs("drawer") == [
        ("Float", "€200.00"), ("Paid in", "€50.00"), ("Paid out", "−€7.00"), ("Safe drops", "−€100.00"),
        ("Cash · Taken", "€123.00"), ("Cash · Given back", "−€5.00"), ("Card · Taken", "€18.00"),
    ]  # fmt: skip
    assert pairs("counted") == [
        ("Cash", "€261.00", "€258.00", "−€3.00", "−€6.00"), ("Card", "€18.00", "€18.00", "€0.00", ""),
    ]  # fmt: skip
    assert pairs("activity") == [
        ("Sales", "3"), ("Redemptions", "2"), ("Uses redeemed", "4"), ("Passes sold", "1"), ("Top-ups", "1"),
        ("Card balance payments", "1"), ("Refunds", "1"), ("Reprints", "1"), ("Drawer openings", "1"),
        ("Paid from card balance", "€24.23"),
    ]  # fmt: skip
    assert pairs("vat") == [("6 %", "€16.98", "€1.02"), ("21 %", "€10.00", "€2.10")]
    assert pairs("ranges") == [("VR", "000001 – 000002"), ("TP", "000001 – 000004")]
    assert (values.texts["reason"], values.texts["business_day"]) == ("Wrong change given", "2026-11-20")
    assert values.texts["shift_from"] == "2026-11-19 23:32"

"""Layout: the lines of a slip, exactly, and that no line is ever wider than its paper."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue import LANGUAGES
from printing.fonts import paper_columns
from printing.layout import Element, Gap, Layout, Panel, QrCode, Row, Rule, Span
from printing.slips import PASS_SALE, REDEMPTION, TICKET, TOP_UP, slip_documents
from printing.templates import default_template, default_template_body, lay_out, parse_template
from printing.words import slip_words
from tests.printing.shop import (
    ID,
    add_on,
    charged,
    context,
    cup,
    documents,
    fact,
    layouts,
    order_refunded,
    paid,
    pass_sold,
    redeemed,
    refunded,
    topped_up,
)


def rows_of(elements: tuple[Element, ...]) -> list[Row]:
    rows: list[Row] = []
    for element in elements:
        if isinstance(element, Row):
            rows.append(element)
        elif isinstance(element, Panel):
            rows += rows_of(element.elements)
    return rows


def lines_of(layout: Layout) -> list[str]:
    """Return each row as a person reads it: its texts from left to right."""
    return [" | ".join(span.text for span in row.spans) for row in rows_of(layout.elements)]


def test_a_voucher_at_zero_price_line_by_line() -> None:
    (layout,) = layouts(redeemed(cup(), cup(), cup("杨枝甘露", add_on("珍珠", free=1))))
    code = documents(redeemed(cup(), cup(), cup("杨枝甘露", add_on("珍珠", free=1))))[0].check_code
    digits = code[-16:]
    assert lines_of(layout) == [
        "茶玩研究所 · 南山店",
        "深圳市南山区科技园南路 18 号",
        "次卡核销凭证",
        "VR.SZ1T03.000012",
        "时间 | 2026-11-20 14:32",
        "收银员 | 陈晓 · SZ1T03",
        "会员 | 王** · 138****6021",
        "取货号 | A027",
        "次卡 · 十次饮品卡 | 次数",
        "2 × 珍珠奶茶 | −2",
        "杨枝甘露 | −1",
        " + | 珍珠 | 免费",
        "本次使用 | 3",
        "加料应付 | ¥\u00a00.00",
        "核验方式 | 在线",
        "剩余次数",
        "5",
        "有效期至 2027-05-19 14:32",
        f"校验码 {digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}",
        "非税凭证",
    ]
    assert [element.text for element in layout.elements if isinstance(element, QrCode)] == [code]


def test_a_ticket_line_by_line() -> None:
    tea = cup("Té con leche", add_on("Perlas", 2, rate="0.10"), base_minor=350, vat_rate="0.10")
    (layout,) = layouts(paid(tea, tea, cup("Bolso", base_minor=1200, vat_rate="0.21"), currency="EUR"), "es-ES")
    assert lines_of(layout)[:-2] == [
        "Té y Juegos Gràcia",
        "Té y Juegos Barcelona, S.L.",
        "NIF B66123459",
        "Carrer de Verdi, 41, 08012 Barcelona",
        "Factura simplificada",
        "Serie | TP.SZ1T03",
        "Número | 000004",
        "Fecha | 20/11/2026 07:32",
        "Atendido por | Núria · SZ1T03",
        "Cliente | L**** G***** · 612****448",
        "Recogida | B108",
        "Té con leche",
        "2 × 3,50\u00a0€ | 7,00\u00a0€",
        " + | 4 × Perlas | 12,00\u00a0€",
        "Bolso | 12,00\u00a0€",
        "Total | 31,00\u00a0€",
        "Tarjeta | 15,50\u00a0€",
        "Efectivo | 15,50\u00a0€",
        "Entregado | 18,00\u00a0€",
        "Cambio | 2,50\u00a0€",
        "IVA | Base | Cuota",
        "10\u00a0% | 17,27\u00a0€ | 1,73\u00a0€",
        "21\u00a0% | 9,92\u00a0€ | 2,08\u00a0€",
    ]


def test_a_top_up_line_by_line() -> None:
    (layout,) = layouts(topped_up())
    assert lines_of(layout)[2:-2] == [
        "储值卡充值凭证",
        "VR.SZ1T03.000012",
        "时间 | 2026-11-20 14:32",
        "收银员 | 陈晓 · SZ1T03",
        "会员 | 王** · 138****6021",
        "充值金额 | ¥\u00a0100.00",
        "赠送金额 | +¥\u00a020.00",
        "现金 | ¥\u00a0100.00",
        "实收 | ¥\u00a0200.00",
        "找零 | ¥\u00a0100.00",
        "入账金额",
        "¥\u00a0120.00",
        "卡内余额 · 以同步后为准",
        "同步后入账",
    ]


def test_a_card_charge_line_by_line() -> None:
    tea = cup("Té con leche", add_on("Perlas", 2, rate="0.10"), base_minor=350, vat_rate="0.10")
    (layout,) = layouts(charged(tea, cup("Bolso", base_minor=1200, vat_rate="0.21"), currency="EUR"), "es-ES")
    assert lines_of(layout)[4:-2] == [
        "Factura simplificada",
        "Serie | TP.SZ1T03",
        "Número | 000004",
        "Fecha | 20/11/2026 07:32",
        "Atendido por | Núria · SZ1T03",
        "Cliente | L**** G***** · 612****448",
        "Recogida | B109",
        "Té con leche | 3,50\u00a0€",
        " + | 2 × Perlas | 6,00\u00a0€",
        "Bolso | 12,00\u00a0€",
        "Subtotal | 21,50\u00a0€",
        "Descuento de socio −5\u00a0% | −1,07\u00a0€",
        "Total | 20,43\u00a0€",
        "Saldo tarjeta de socio | 20,43\u00a0€",
        "Saldo restante | 95,77\u00a0€",
        "Puntos obtenidos | +25",
        "IVA | Base | Cuota",
        "10\u00a0% | 8,21\u00a0€ | 0,82\u00a0€",
        "21\u00a0% | 9,42\u00a0€ | 1,98\u00a0€",
    ]


def test_a_refund_line_by_line() -> None:
    (layout,) = layouts(refunded(currency="EUR"), "en")
    assert lines_of(layout)[2:-2] == [
        "Refund",
        "VR.SZ1T03.000012",
        "Date | 2026-11-20 07:32",
        "Cashier | Núria · SZ1T03",
        "Member | L**** G***** · 612****448",
        "Refund of a top-up",
        "Original transaction | CZ000347",
        "Refunded | €100.00",
        "Kept for bonus already spent | €10.00",
        "Handed back · Cash | €90.00",
        "Card balance",
        "€50.25",
    ]
    assert "Back to the card | ¥10.00" in lines_of(layouts(refunded("charge", 1000, 0), "en")[0])


def test_uses_left_is_the_largest_thing_on_paper() -> None:
    rows = rows_of(layouts(redeemed(cup(), uses_left=12))[0].elements)
    sizes = {span.text: span.size for row in rows for span in row.spans}
    assert [text for text, size in sizes.items() if size == "huge"] == ["12"]


def test_a_suspended_pass_is_marked_in_white_on_black() -> None:
    def inverse(status: str) -> list[str]:
        (layout,) = layouts(pass_sold(status=status, vat_mode="none"), "en")
        return [span.text for row in rows_of(layout.elements) if row.inverse for span in row.spans]

    assert inverse("suspended") == ["Awaiting review"]
    assert inverse("active") == []


@pytest.mark.parametrize(("language", "mark"), [("zh-CN", "副本 3"), ("es-ES", "COPIA 3"), ("en", "REPRINT 3")])
def test_a_reprint_says_so_at_top_and_bottom_and_is_the_same_between(language: str, mark: str) -> None:
    (original,), (copy,) = (layouts(redeemed(cup()), language, copy=number) for number in (0, 3))
    banner = Row((Span(mark, 0, 48, "center", "large", True),), inverse=True)
    assert copy.elements == (banner, Gap(16), *original.elements, Gap(16), banner)
    assert mark not in "".join(lines_of(original))


def test_a_label_and_value_too_long_for_one_line_take_two() -> None:
    body = json.loads(default_template_body(TICKET))
    body["blocks"] = [{"type": "pair", "left": "Razón social", "right": "{issuer_name}"}, *body["blocks"]]
    slip = documents(paid(cup("x", base_minor=100, vat_rate="0.10"), currency="EUR"), "es-ES")[0]
    layout = lay_out(slip, parse_template(json.dumps(body)), slip_words("es-ES"), 32)
    assert layout.elements[:2] == (
        Row((Span("Razón social", 0, 32),)),
        Row((Span("Té y Juegos Barcelona, S.L.", 0, 32, "right"),)),
    )


def test_a_name_wraps_inside_its_cell_and_its_amount_stays_on_the_first_line() -> None:
    (layout,) = layouts(redeemed(cup("长" * 30)), columns=32)
    rows = [row for row in rows_of(layout.elements) if "长" in row.spans[0].text]
    assert [[(span.column, span.width) for span in row.spans] for row in rows] == [[(0, 28), (29, 3)]] + [[(0, 28)]] * 2
    assert rows[0].spans[1].text == "−1"


def test_the_wrong_template_or_paper_is_a_bug() -> None:
    slip = documents(redeemed(cup()))[0]
    words = slip_words("zh-CN")
    with pytest.raises(ValueError, match="PASS_SALE_SLIP for a PASS_REDEMPTION_SLIP"):
        lay_out(slip, default_template(PASS_SALE), words)
    for columns, copy in ((31, 0), (48, -1)):
        with pytest.raises(ValueError, match="no slip of"):
            lay_out(slip, default_template(REDEMPTION), words, columns, copy)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=90) | st.text(
    st.sampled_from("珍珠奶茶WM€，（ "), min_size=1, max_size=90
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(NAMES, min_size=1, max_size=3), st.sampled_from([32, 42, 48]), st.integers(0, 10**10), st.integers(0, 99)
)
def test_no_row_is_wider_than_the_paper_whatever_names_and_amounts(
    names: list[str], columns: int, price: int, copy: int
) -> None:
    cups = [cup(name, add_on(name, 2, price=price), base_minor=price) for name in names]
    free = [cup(name, add_on(name, 2, price=price)) for name in names]
    slips = layouts(paid(*cups), columns=columns, copy=copy) + layouts(redeemed(*free), columns=columns)
    slips += layouts(charged(*cups), columns=columns) + layouts(refunded("top_up", price, 1), columns=columns)
    for layout in slips:
        for row in rows_of(layout.elements):
            end = 0
            for span in row.spans:
                assert span.column >= end
                assert paper_columns(span.text, span.size, span.bold) <= span.width
                end = span.column + span.width
            assert end <= columns


@pytest.mark.parametrize("columns", [32, 48])
def test_a_panel_holds_its_rows_inside_its_frame(columns: int) -> None:
    (layout,) = layouts(redeemed(cup()), columns=columns)
    (panel,) = (element for element in layout.elements if isinstance(element, Panel))
    spans = [span for row in rows_of(panel.elements) for span in row.spans]
    assert all(span.column >= 2 and span.column + span.width <= columns - 2 for span in spans)
    assert not any(isinstance(element, Rule) for element in panel.elements)


@pytest.mark.req("C11")
@pytest.mark.parametrize("columns", [32, 48])
def test_the_rate_of_vat_stays_on_one_line(columns: int) -> None:
    sold = paid(cup("Té", base_minor=1800, vat_rate="0.10"), currency="EUR")
    for layout in layouts(sold, "es-ES", columns=columns):
        texts = [span.text for row in layout.elements if isinstance(row, Row) for span in row.spans]
        assert [text.replace("\u00a0", " ") for text in texts if "%" in text] == ["10 %"], texts


@pytest.mark.req("R031", "C06")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [32, 48])
def test_a_companys_top_up_says_whose_it_is_and_who_asked(language: str, columns: int) -> None:
    name = "Panadería Hermanas Fernández de la Cuesta e Hijas, S.L."
    body = replace(topped_up(0), card_id=ID.format(9))
    whose = replace(context(), language=language, company_name=name, company_card="****0042")
    (slip,) = slip_documents(fact(body), "ab" * 32, whose)
    assert (slip.company_name, slip.company_card, slip.bonus_minor) == (name, "****0042", 0)
    words = slip_words(language)
    said = " ".join(lines_of(lay_out(slip, default_template(TOP_UP), words, columns)))
    for wanted in (*name.split(), "****0042", words["company"], words["asked_by"], "王**"):
        assert wanted in said, wanted


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [32, 48])
def test_a_refund_names_who_approved_it_and_nobody_where_nobody_had_to(language: str, columns: int) -> None:
    words = slip_words(language)
    for body in (refunded(), order_refunded()):
        for approver in ("Núria Puig", None):
            whose = replace(context(), language=language, approver_name=approver)
            (slip,) = slip_documents(fact(body), "0" * 64, whose)
            shown = "\n".join(lines_of(lay_out(slip, default_template(slip.kind), words, columns)))
            assert (words["approved_by"] in shown, "Núria Puig" in shown) == (approver is not None,) * 2

"""Facts become documents: which slips, and what each says."""

from dataclasses import replace

import pytest

from models import codec
from models.facts import Body, RequestAbandoned, ShiftOpened, SlipReprinted
from models.money import VatGroup
from models.reservations import ReservationClosed
from models.tokens import code_family
from printing.slips import (
    CARD_CHARGE,
    PASS_SALE,
    REDEMPTION,
    REFUND,
    TICKET,
    TOP_UP,
    SlipAddOn,
    SlipDocument,
    SlipLine,
    slip_documents,
)
from tests.printing.shop import (
    LATER,
    NOW,
    TP,
    VR,
    add_on,
    charged,
    context,
    cup,
    documents,
    fact,
    order_refunded,
    paid,
    pass_sold,
    redeemed,
    refunded,
    topped_up,
)


@pytest.mark.req("R088", "R112", "R116")
def test_a_redemption_at_zero_price_prints_a_voucher_and_no_ticket() -> None:
    (slip,) = documents(redeemed(cup(), cup(), cup("杨枝甘露", add_on("珍珠", free=1))))
    assert (slip.number, slip.kind, slip.total_minor, slip.tenders, slip.related) == (VR, REDEMPTION, 0, (), None)
    assert (slip.uses, slip.uses_left, slip.expires_at, slip.evidence) == (3, 5, LATER, "online")
    assert slip.lines == (
        SlipLine("珍珠奶茶", 2, 0),
        SlipLine("杨枝甘露", 1, 0, (SlipAddOn("珍珠", 1, 1, 300),)),
    )


@pytest.mark.req("R112")
def test_a_redemption_with_extra_prints_both_and_the_ticket_bills_only_what_was_paid() -> None:
    body = redeemed(
        cup("珍珠奶茶", add_on("椰果", 3, free=1), add_on("珍珠", 1, free=1)),
        cup("杨枝甘露", add_on("珍珠", 1, free=1)),
        cup("珍珠奶茶", add_on("椰果", 3, free=1), add_on("珍珠", 1, free=1)),
    )
    voucher, ticket = documents(body)
    assert (voucher.number, voucher.kind, voucher.related) == (VR, REDEMPTION, TP)
    assert (ticket.number, ticket.kind, ticket.related) == (TP, TICKET, VR)
    assert voucher.total_minor == ticket.total_minor == 1200
    assert [line.quantity for line in voucher.lines] == [2, 1]
    assert voucher.lines[0].add_ons == (SlipAddOn("椰果", 6, 2, 300), SlipAddOn("珍珠", 2, 2, 300))
    assert ticket.lines == (SlipLine("珍珠奶茶", 2, 0, (SlipAddOn("椰果", 4, 0, 300),)),)
    assert sum(part.amount_minor for line in ticket.lines for part in line.add_ons) == ticket.total_minor
    assert ticket.vat == (VatGroup("0.06", 1132, 68),)
    assert voucher.tenders == ()
    assert ticket.tenders == body.tenders


@pytest.mark.req("R108")
@pytest.mark.parametrize(("vat_mode", "kinds"), [("single_purpose", (PASS_SALE, TICKET)), ("none", (PASS_SALE,))])
def test_a_pass_sale_prints_a_voucher_and_a_ticket_when_it_is_the_supply(vat_mode: str, kinds: tuple[str]) -> None:
    slips = documents(pass_sold(stacked=True, vat_mode=vat_mode))
    assert tuple(slip.kind for slip in slips) == kinds
    assert (slips[0].uses, slips[0].uses_left, slips[0].stacked, slips[0].pass_status) == (10, 14, True, "active")
    assert slips[-1].lines == (SlipLine("十次饮品卡", 1, 16800),)
    assert all(slip.total_minor == 16800 and slip.tenders for slip in slips)


def test_a_sale_prints_a_ticket_whose_lines_sum_to_its_total() -> None:
    tea = cup("珍珠奶茶", add_on("椰果", 2), base_minor=1800)
    (slip,) = documents(paid(tea, tea, cup("杨枝甘露", base_minor=2200)), member=False)
    assert (slip.kind, slip.number, slip.member_name, slip.pickup_no) == (TICKET, TP, None, "B108")
    assert slip.lines == (
        SlipLine("珍珠奶茶", 2, 1800, (SlipAddOn("椰果", 4, 0, 300),)),
        SlipLine("杨枝甘露", 1, 2200),
    )
    lines_minor = sum(line.amount_minor + sum(part.amount_minor for part in line.add_ons) for line in slip.lines)
    assert lines_minor == slip.total_minor == 7000


def test_a_top_up_prints_a_voucher_without_a_balance() -> None:
    (slip,) = documents(topped_up())
    assert (slip.kind, slip.number, slip.total_minor, slip.bonus_minor) == (TOP_UP, VR, 10000, 2000)
    assert (slip.balance_minor, slip.tenders, slip.vat) == (None, topped_up().tenders, ())


@pytest.mark.req("R064")
def test_a_card_charge_prints_a_ticket_whose_vat_is_of_the_discounted_total() -> None:
    tea = cup("珍珠奶茶", add_on("椰果", 2), base_minor=1950)
    (slip,) = documents(charged(tea))
    assert (slip.kind, slip.number, slip.related, slip.tenders) == (CARD_CHARGE, TP, None, ())
    assert (slip.raw_total_minor, slip.discount, slip.total_minor) == (2550, "0.950", 2423)
    assert (slip.card_type, slip.points, slip.balance_minor, slip.pickup_no) == ("personal", 25, 9577, "B109")
    assert slip.lines == (SlipLine("珍珠奶茶", 1, 1950, (SlipAddOn("椰果", 2, 0, 300),)),)
    assert slip.vat == (VatGroup("0.06", 2286, 137),)


@pytest.mark.req("R030")
def test_a_company_card_earns_no_points_on_paper() -> None:
    (slip,) = documents(charged(cup(base_minor=2550), card_type="enterprise", points=0))
    assert (slip.card_type, slip.points) == ("enterprise", None)


@pytest.mark.req("R065")
def test_a_refund_prints_a_voucher_that_names_the_original() -> None:
    (slip,) = documents(refunded())
    assert (slip.kind, slip.number, slip.original, slip.refund_kind) == (REFUND, VR, "CZ000347", "top_up")
    assert (slip.total_minor, slip.cash_minor, slip.cash_tender, slip.balance_minor) == (10000, 9000, "cash", 5025)
    assert (slip.tenders, slip.lines) == ((), ())


def test_every_slip_says_where_when_and_by_whom() -> None:
    for slip in documents(redeemed(cup("茶", add_on()))):
        assert (slip.store_name, slip.issuer_name) == ("茶玩研究所 · 南山店", "深圳市茶玩餐饮管理有限公司")
        assert (slip.tax_id, slip.terminal_code, slip.cashier_name) == ("91440300MA5F00000X", "SZ1T03", "陈晓")
        assert (slip.happened_at, slip.timezone, slip.currency) == (NOW, "Asia/Shanghai", "CNY")
        assert (slip.member_name, slip.member_phone) == ("王**", "138****6021")


def test_the_check_code_binds_number_and_fact() -> None:
    body = redeemed(cup("茶", add_on()))
    voucher, ticket = slip_documents(fact(body), "0123456789abcdef" + "9" * 48, context())
    assert voucher.check_code == "VR.SZ1T03.000012.0123456789ABCDEF"
    assert ticket.check_code == "TP.SZ1T03.000004.0123456789ABCDEF"
    assert code_family(voucher.check_code) == code_family(ticket.check_code) == "slip"


@pytest.mark.parametrize(
    "body",
    [
        ShiftOpened("s", 0, "CNY", "2026-11-20"),
        RequestAbandoned("r", "no_answer"),
        SlipReprinted(VR, 1, "lost"),
        ReservationClosed("r", "shift_closed", 0, 1, "use"),
    ],
)
def test_other_facts_print_nothing(body: Body) -> None:
    assert documents(body) == ()


@pytest.mark.parametrize(
    "body",
    [
        replace(redeemed(cup()), slips=(VR, TP)),
        replace(redeemed(cup("茶", add_on())), slips=(VR,)),
        replace(redeemed(cup("茶", add_on())), slips=(TP, VR)),
        replace(pass_sold(vat_mode="none"), slips=(VR, TP)),
        replace(paid(cup(base_minor=100)), slips=(VR,)),
        replace(topped_up(), slips=(TP,)),
        replace(charged(cup(base_minor=100)), slips=(VR, TP)),
        replace(refunded(), slips=()),
        replace(order_refunded(), slips=(TP,)),
    ],
)
def test_numbers_that_do_not_suit_the_fact_are_a_bug(body: Body) -> None:
    with pytest.raises(ValueError, match="does not print"):
        documents(body)


def test_a_language_we_do_not_print_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no slips in 'de-DE'"):
        slip_documents(fact(redeemed(cup())), "a" * 64, replace(context(), language="de-DE"))


@pytest.mark.parametrize("body", [
        redeemed(cup("茶", add_on())), pass_sold(), paid(cup(base_minor=100)), topped_up(), refunded(),
        order_refunded(),
        charged(cup("茶", add_on())),
    ],
)  # fmt: skip
def test_documents_have_a_wire_form(body: Body) -> None:
    for slip in documents(body):
        assert codec.decode(SlipDocument, codec.encode(slip)) == slip

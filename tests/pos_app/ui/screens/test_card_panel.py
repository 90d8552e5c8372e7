"""Paying by card from the counter: ask, show, confirm; nothing is charged by accident and no basket is lost."""

import threading

import pytest

from pos_app.till import charge
from pos_app.till.values import Changes
from pos_app.ui.settle import SETTLE_SECONDS
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, short_code

COMPANY = short_code(77)
AGAIN = short_code(1, "KJIHGFEDCBA")


def kinds(hand: Hand) -> list[str]:
    return [row.kind for row in hand.shop.facts()]


@pytest.fixture
def basket(hand: Hand) -> Hand:
    """A milk tea of 18.00 on the basket, nobody at the counter."""
    hand.tap("product_0")
    return hand


@pytest.mark.req("R029", "R034")
def test_f6_scan_confirm(basket: Hand) -> None:
    basket.key("F6")
    basket.wait(visible="card_code")
    assert not basket.find("confirm").isEnabled()
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(text=["card_total", "17.10"])
    assert (basket.text("card_raw"), basket.text("card_discount")) == ("¥\u00a018.00", "−¥\u00a00.90")
    assert (basket.text("card_balance"), basket.text("card_after")) == ("¥\u00a0268.00", "¥\u00a0250.90")
    assert basket.text("cart_due") == "¥\u00a017.10"
    assert not basket.sees("member_name"), "the code is for paying and looks up nobody"
    basket.key("Return")
    basket.wait(screen="result", text=["result_title", "17.10"])
    assert (basket.text("result_balance"), basket.text("result_points")) == ("¥\u00a0250.90", "+18（共 1,258）")
    assert "王小雨" in basket.text("result_detail")
    assert kinds(basket) == ["ShiftOpened", "CardCharged"]
    basket.key("Return")
    basket.wait(screen="checkout", hidden="card_code")
    assert not basket.state()["basket"]["cups"]


def test_the_code_that_opened_the_member_pays_at_once(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0")
    hand.key("F6")
    hand.wait(visible="card_total")
    hand.tap("confirm")
    hand.wait(screen="result")
    hand.scan(1)
    hand.tap("tab_1", "product_0")
    hand.key("F6")
    hand.wait(visible="card_code")
    assert not hand.sees("card_total"), "a code pays once"
    hand.shell.scanner.scanned.emit(short_code(1))
    hand.wait(text=["notice_title", "会员码已经用过"])
    hand.shell.scanner.scanned.emit(AGAIN)
    hand.wait(visible="card_total")


def test_an_old_code_is_asked_for_again(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0")
    hand.shop.clock.pass_by(charge.FRESH_CODE_SECONDS + 1)
    hand.key("F6")
    hand.wait(visible="card_code")


@pytest.mark.req("R030")
def test_a_companys_discount_is_confirmed_a_second_time(basket: Hand) -> None:
    basket.shop.server.discount = "0.900"
    basket.tap("tender_card")
    basket.type("card_code", COMPANY)
    basket.key("Return")
    basket.wait(visible="card_notice_title")
    basket.tap("confirm")
    basket.wait(text=["notice_title", "16.20"])
    assert kinds(basket) == ["ShiftOpened"]
    assert (basket.text("card_total"), basket.text("cart_due")) == ("¥\u00a016.20", "¥\u00a016.20")
    basket.tap("confirm", "confirm")
    basket.idle()
    assert kinds(basket) == ["ShiftOpened"], "the second half of a double tap: nobody has read the new total"
    basket.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    basket.tap("confirm")
    basket.wait(screen="result", text=["result_title", "16.20"])
    assert len({request.request_id for request in basket.shop.server.asked}) == 2
    assert basket.shop.server.balance_minor == 26_800 - 1620


def test_more_on_the_basket_prices_the_card_anew(basket: Hand) -> None:
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(text=["card_total", "17.10"])
    basket.tap("line_0_plus")
    basket.wait(text=["card_total", "34.20"])
    assert basket.text("cart_due") == "¥\u00a034.20"


@pytest.mark.req("C05")
def test_a_refusal_keeps_the_basket_and_offers_the_other_tenders(basket: Hand) -> None:
    basket.shop.server.balance_minor = 100
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.tap("confirm")
    basket.wait(text=["notice_title", "1.00"])
    assert "没有扣款，没有出售" in basket.text("notice_detail")
    assert basket.text("notice_action") == "换付款方式"
    assert kinds(basket) == ["ShiftOpened"]
    basket.tap("notice_action")
    assert basket.sees("product_0")
    basket.tap("confirm")
    basket.wait(screen="result")
    assert kinds(basket) == ["ShiftOpened", "OrderPaid"]


@pytest.mark.parametrize(
    ("code", "said", "action", "next_is"),
    [
        ("code_expired", "会员码已过期", "重新扫码", "card_code"),
        ("code_used", "会员码已经用过", "重新扫码", "card_code"),
        ("card_inactive", "卡", "换付款方式", "product_0"),
        ("card_expired", "卡", "换付款方式", "product_0"),
        ("card_unknown", "卡", "换付款方式", "product_0"),
        ("code_locked", "码", "换付款方式", "product_0"),
    ],
)
def test_every_no_names_the_next_step(basket: Hand, code: str, said: str, action: str, next_is: str) -> None:
    basket.shop.server.refuse = code
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.tap("confirm")
    basket.wait(text=["notice_title", said])
    assert "没有扣款，没有出售" in basket.text("notice_detail")
    assert basket.text("notice_action") == action
    assert (kinds(basket), basket.state()["basket"]["cups"]) == (["ShiftOpened"], 1)
    basket.tap("notice_action")
    basket.wait(visible=next_is)


def test_one_message_stands_beside_the_card_and_none_in_the_basket(basket: Hand) -> None:
    """With the tenders below it the basket has no room for four lines and a button."""
    basket.shop.server.balance_minor = 100
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(2))
    basket.wait(visible="card_notice_title")
    basket.tap("confirm")
    basket.wait(visible="notice_action")
    assert not basket.sees("card_notice_title"), "it may be too little is no news beside it is too little"
    assert basket.text("card_balance") == "¥\u00a01.00", "what the ledger told, not what the mirror had thought"
    button = basket.find("notice_action")
    assert button.visibleRegion().boundingRect() == button.rect()
    card = basket.find("card_card")
    assert card.isAncestorOf(button)
    assert basket.find("line_0").isVisible()


def test_a_double_tap_charges_once(basket: Hand) -> None:
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.find("confirm").click()  # type: ignore[attr-defined]
    basket.find("confirm").click()  # type: ignore[attr-defined]
    basket.wait(screen="result")
    basket.idle()
    assert len(basket.shop.server.asked) == 1
    assert kinds(basket).count("CardCharged") == 1


def test_no_answer_tells_to_take_another_tender(basket: Hand) -> None:
    basket.shop.server.lost_replies = 1
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.tap("confirm")
    basket.wait(text=["notice_title", "没有及时答复"])
    assert "自动退回" in basket.text("notice_detail")
    assert kinds(basket) == ["ShiftOpened", "RequestAbandoned"]
    assert basket.state()["basket"]["cups"] == 1
    assert basket.sees("card_code"), "the code may be used up; another is needed"


@pytest.mark.req("C07")
def test_offline_the_card_is_refused_with_the_reason(basket: Hand) -> None:
    basket.shop.go_offline()
    basket.key("F6")
    basket.wait(text=["notice_title", "离线时不能扣卡余额"])
    assert not basket.sees("card_code")
    basket.tap("confirm")
    basket.wait(screen="result")
    assert kinds(basket)[-1] == "OrderPaid"


def test_the_line_goes_down_between_scan_and_confirm(basket: Hand) -> None:
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.shop.server.reachable = False
    basket.tap("confirm")
    basket.wait(visible="notice_title")
    assert kinds(basket)[-1] == "RequestAbandoned"
    assert basket.text("notice_action") == "显示本机码"


def test_progress_is_shown_and_nothing_else_can_be_done(basket: Hand) -> None:
    gate = threading.Event()

    def hold_on() -> None:
        gate.wait(5)

    basket.shop.server.delay = hold_on
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.tap("confirm")
    basket.wait(visible="card_waiting")
    basket.key("Return")
    basket.key("Escape")
    basket.shell.scanner.scanned.emit(short_code(3))
    basket.shell.window.interior.desk.choose_tender("cash")  # type: ignore[union-attr]
    assert basket.text("confirm").startswith("正在请求")
    assert basket.text("card_total") == "¥\u00a017.10"
    gate.set()
    basket.wait(screen="checkout", text=["member_name", PEOPLE[2][0]])
    assert kinds(basket).count("CardCharged") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HELLO", "不是付款用的会员码"),
        ("13812346021", "不是付款用的会员码"),
        ("1" * 1000, "不是付款用的会员码"),
        (short_code(1)[:3] + "X" + short_code(1)[4:], "可能被改动"),
    ],
)
def test_what_is_no_code_is_said(basket: Hand, text: str, said: str) -> None:
    basket.tap("tender_card")
    basket.type("card_code", text)
    basket.tap("card_code_enter")
    basket.wait(text=["notice_title", said])
    assert basket.sees("card_code")
    assert basket.find("card_code").text() == text, "kept, to be mended"  # type: ignore[attr-defined]
    assert basket.shop.server.asked == []
    basket.find("card_code").insert(short_code(1))  # type: ignore[attr-defined]
    basket.key("Return")
    basket.wait(visible="card_total")


def test_another_members_code_does_not_pay(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0", "tender_card", "card_other")
    hand.shell.scanner.scanned.emit(short_code(2))
    hand.wait(text=["notice_title", "另一位会员"])
    assert hand.sees("card_code")
    assert hand.state()["basket"]["held"] == 0


def test_a_redemptions_extra_is_not_paid_by_card(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0", "add_on_3")
    assert not hand.sees("tender_card")
    hand.key("F6")
    hand.wait(visible="notice_title")
    assert not hand.sees("card_code")


def test_esc_and_holding_leave_the_card(basket: Hand) -> None:
    basket.tap("tender_card")
    basket.key("Escape")
    basket.wait(visible="product_0")
    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(visible="card_total")
    basket.key("F10")
    basket.wait(visible="product_0")
    basket.tap("held_0")
    assert not basket.sees("card_total")
    assert basket.text("cart_due") == "¥\u00a018.00"


def test_f6_from_elsewhere_comes_home_and_with_an_empty_basket_does_nothing(hand: Hand) -> None:
    hand.key("F4")
    hand.wait(screen="sell_pass")
    hand.key("F6")
    hand.wait(screen="checkout")
    assert not hand.sees("card_code")


def test_a_price_that_changes_meanwhile_is_shown(basket: Hand) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from models import codec  # noqa: PLC0415
    from pos_app.journal import mirror  # noqa: PLC0415
    from tests.pos_app.ui.shop import EPOCH  # noqa: PLC0415

    basket.tap("tender_card")
    basket.shell.scanner.scanned.emit(short_code(1))
    basket.wait(text=["card_total", "17.10"])
    product = next(iter(basket.shop.journal.catalogue.products))
    with basket.shop.journal.upkeep() as rows:
        mirror.put(rows, "product", product.product_id, codec.to_plain(replace(product, price_minor=2000)), EPOCH)
    basket.shop.journal.reload()
    basket.shop.till.notify(Changes(catalogue=True))
    basket.wait(text=["card_total", "19.00"])

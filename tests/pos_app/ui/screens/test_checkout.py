"""The counter: scan, tap, confirm; money only when money is due; no basket is ever lost."""

import threading
from typing import Any

import pytest

from models.times import format_instant
from pos_app.journal.tables import CARTS
from pos_app.till import outbox, sell
from pos_app.till.values import Done
from pos_app.ui.desk import Desk
from tests.pos_app.headquarters import allow, snapshot, trust
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import NOON, PEOPLE, short_code


def kinds(hand: Hand) -> list[str]:
    """Kinds of all facts, oldest first."""
    return [row.kind for row in hand.shop.facts()]


@pytest.mark.req("R105", "R109", "R112", "C05")
def test_a_free_redemption_is_one_tap_and_confirm(hand: Hand) -> None:
    hand.scan(1)
    assert hand.find("pass_0").chosen  # type: ignore[attr-defined]  # nearest expiry is preselected
    hand.tap("product_0")
    assert hand.text("cart_due") == "¥\u00a00.00"
    assert hand.text("cart_uses") == "−1 次（剩 0 次）"
    assert not hand.sees("tender_cash")
    assert not hand.sees("cash_open")
    hand.tap("confirm")
    hand.wait(screen="result", text=["result_title", "已核销 1 次"])
    assert hand.text("result_left") == "0 次"
    assert kinds(hand) == ["ShiftOpened", "PassRedeemed"]
    assert [slip.number for slip in hand.shop.facts()[1].slips] == ["VR.SZ1T03.000001"]


def test_enter_confirms_and_enter_again_is_the_next_customer(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0", "product_0")
    hand.key("Return")
    hand.wait(screen="result", text=["result_title", "已核销 2 次"])
    hand.key("Return")
    hand.wait(screen="checkout", hidden="member_name")
    assert not hand.state()["basket"]["cups"]


def test_a_second_confirm_while_the_first_is_recorded_does_nothing(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0")
    desk = hand.shell.window.interior.desk  # type: ignore[union-attr]
    desk.confirm()
    desk.confirm()
    assert not desk.can_confirm
    hand.wait(screen="result")
    assert kinds(hand).count("PassRedeemed") == 1


@pytest.mark.req("R103", "R110")
def test_add_ons_are_free_up_to_the_limit_and_then_paid_in_cash(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0")
    assert "免费" in hand.text("add_on_0")
    hand.tap("add_on_0")
    assert "+¥\u00a02.00" in hand.text("add_on_0")  # the free one of this cup is used up
    hand.tap("add_on_3")
    assert hand.text("cart_due") == "¥\u00a04.00"
    shown = [name for name in hand.state()["visible"] if name.startswith("tender_")]
    assert shown == ["tender_bank_card", "tender_cash", "tender_split"], "and split over these two"
    hand.tap("cash_open", "note_1")
    assert hand.text("cash_change") == "¥\u00a06.00"
    hand.tap("confirm")
    hand.wait(screen="result", text=["result_change", "6.00"])
    fact = hand.shop.facts()[-1]
    assert [slip.number[:2] for slip in fact.slips] == ["VR", "TP"]


def test_received_cash_is_typed_with_digits_and_never_less_than_due(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cash_open")
    hand.tap("received_digit_1", "received_digit_0")
    assert "还差" in hand.text("cash_change")
    assert not hand.find("confirm").isEnabled()
    hand.tap("received_digit_0")
    assert hand.text("cash_change") == "¥\u00a088.00"
    hand.type("received_field", "12.345x")
    assert hand.text("received_field") == "12.34"
    hand.tap("received_digit_back", "received_digit_back", "received_digit_back")
    assert hand.text("received_field") == "12"
    hand.tap("cash_done", "confirm")
    hand.wait(screen="result", text=["result_title", "12.00"])
    assert kinds(hand)[-1] == "OrderPaid"


def test_a_plain_sale_takes_every_tender(hand: Hand) -> None:
    hand.tap("tab_1", "product_1", "line_0_plus", "line_0_plus", "line_0_minus")
    assert hand.text("cart_due") == "¥\u00a010.00"
    hand.tap("tender_wechat")
    assert not hand.sees("cash_open")
    hand.tap("confirm")
    hand.wait(screen="result")
    assert hand.shop.facts()[-1].kind == "OrderPaid"


@pytest.mark.req("R090")
def test_a_limit_is_told_at_once_and_the_basket_stays(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "product_0")
    assert "只剩 1 次" in hand.text("notice_title")
    assert hand.state()["basket"]["cups"] == 1
    assert hand.text("notice_action") == "售卡"
    hand.tap("notice_close")
    assert not hand.sees("notice_title")


@pytest.mark.req("C05")
def test_a_refusal_of_the_ledger_says_what_was_not_charged(hand: Hand) -> None:
    hand.shop.server.refuse = "code_used"
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(visible="notice_title")
    assert hand.text("notice_title") == "会员码已经用过"
    assert "没有扣次，没有收款" in hand.text("notice_detail")
    assert hand.text("notice_action") == "重新扫码"
    assert kinds(hand) == ["ShiftOpened"]
    assert hand.state()["basket"]["cups"] == 1
    hand.tap("notice_action")
    assert hand.find("scan_box").hasFocus()


@pytest.mark.req("C07")
def test_offline_is_shown_and_refused_with_the_reason_and_sales_go_on(hand: Hand) -> None:
    hand.shop.go_offline(seconds=720)
    hand.wait(header={"network": "离线 12 分钟"}, visible="offline_notice_title")
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(text=["notice_title", "离线时不能核销"])
    assert "没有扣次" in hand.text("notice_detail")
    hand.tap("member_change", "tab_1", "product_0", "confirm")
    hand.wait(screen="result")
    assert kinds(hand)[-1] == "OrderPaid"
    hand.wait(header={"outbox": "待同步"})


def test_another_member_holds_the_open_basket_and_one_tap_brings_it_back(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0", "add_on_3")
    hand.scan(3)
    assert hand.text("member_name") == "Laura Martínez Fernández"
    assert hand.state()["basket"]["held"] == 1
    assert hand.sees("notice_title")
    hand.tap("held_0")
    assert hand.text("member_name") == "王小雨"
    assert hand.state()["basket"]["due_minor"] == 400
    assert hand.find("pass_1").chosen  # type: ignore[attr-defined]


def test_who_is_scanned_while_another_pays_waits_and_nothing_is_paid_twice(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, really = threading.Event(), sell.sell

    def slowly(*given: Any) -> Done:
        assert going.wait(10)
        return really(*given)

    monkeypatch.setattr(sell, "sell", slowly)
    hand.tap("tab_1", "product_0", "confirm")
    hand.shell.scanner.scanned.emit(short_code(3))
    hand.bot.wait(200)
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 1, "held": 0}
    going.set()
    hand.wait(screen="checkout", text=["member_name", PEOPLE[2][0]])
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 0, "held": 0}
    assert kinds(hand) == ["ShiftOpened", "OrderPaid"]


def _slow_answer(hand: Hand) -> threading.Event:
    """Head office answers once this is set."""
    going = threading.Event()

    def wait() -> None:
        assert going.wait(10)

    hand.shop.server.delay = wait
    return going


def test_a_basket_that_is_being_paid_stays_until_it_is(hand: Hand) -> None:
    """Whatever takes baskets away waits: the member's button, another scan, holding, another pass, a held basket."""
    hand.scan(3)
    hand.tap("tab_1", "product_0")
    hand.scan(1)
    hand.tap("product_0")
    going = _slow_answer(hand)
    desk = hand.shell.window.interior.desk  # type: ignore[union-attr]
    hand.shell.scanner.scanned.emit(short_code(3))
    desk.confirm()  # before that look-up is answered
    hand.bot.wait(100)
    assert not hand.find("member_change").isEnabled()
    desk.drop_member()
    hand.tap("pass_1")
    hand.key("F10")
    desk.take_up(0)
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 1, "held": 1, "redeems": True}
    going.set()
    hand.wait(screen="checkout", text=["member_name", PEOPLE[2][0]])
    hand.idle()
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 0, "held": 1}
    assert kinds(hand) == ["ShiftOpened", "PassRedeemed"]


def test_a_charge_keeps_its_basket_and_a_code_read_meanwhile_looks_up(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0", "tender_card")
    hand.wait(visible="card_total")
    going = _slow_answer(hand)
    hand.tap("confirm")
    hand.shell.window.interior.desk.drop_member()  # type: ignore[union-attr]
    hand.shell.scanner.scanned.emit(short_code(3))
    hand.bot.wait(100)
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 1, "held": 0}
    going.set()
    hand.wait(screen="checkout", text=["member_name", PEOPLE[2][0]])
    hand.idle()
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 0, "held": 0}
    assert kinds(hand) == ["ShiftOpened", "CardCharged"]


def test_a_basket_outlives_the_program(open_window: Open, hand: Hand) -> None:
    """The open one and the held ones come back, with member and pass; a basket that was paid does not."""
    hand.scan(1)
    hand.tap("product_0")
    hand.scan(3)
    hand.tap("tab_1", "product_1", "product_1")
    before = hand.state()["basket"]
    hand.idle()
    with hand.shop.journal.reading() as rows:
        assert len(rows.execute(CARTS.select()).all()) == 2
    again = Desk(hand.shop.till, hand.shell.operations, hand.shell.window.say)
    again.carts.bring_back()
    hand.until(lambda: bool(again.held))
    assert [len(again.basket.cups), len(again.held)] == [before["cups"], before["held"]] == [2, 1]
    assert again.view is not None
    assert again.view.member.name == PEOPLE[2][0]
    held = again.held[0]
    assert held.view is not None
    assert (held.view.member.name, held.basket.is_redemption) == (PEOPLE[0][0], True)
    assert again.notice is not None
    assert again.notice.title == hand.shell.window.say("carts.back")
    hand.tap("confirm")
    hand.wait(screen="result")
    with hand.shop.journal.reading() as rows:
        assert [row.place for row in rows.execute(CARTS.select()).all()] == [1]


def test_whoever_comes_back_hears_what_was_recorded_last(hand: Hand) -> None:
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    shop = hand.shop
    again = Desk(shop.till, hand.shell.operations, hand.shell.window.say)
    again.carts.bring_back()
    hand.until(lambda: again.notice is not None)
    assert again.notice is not None
    assert "TP.SZ1T03.000001" in again.notice.title
    shop.clock.pass_by(11 * 60)
    later = Desk(shop.till, hand.shell.operations, hand.shell.window.say)
    later.carts.bring_back()
    hand.idle()
    assert later.notice is None


def test_f10_holds_and_takes_up_again(hand: Hand) -> None:
    hand.tap("tab_1", "product_0")
    hand.key("F10")
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 0, "held": 1}
    hand.key("F10")
    assert hand.state()["basket"] == {**hand.state()["basket"], "cups": 1, "held": 0}


def test_choosing_another_pass_or_paying_never_loses_the_basket(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "pass_1")
    assert hand.state()["basket"]["held"] == 1
    hand.tap("product_1", "tab_1", "product_0")
    assert hand.state()["basket"] == {**hand.state()["basket"], "held": 2, "redeems": False, "cups": 1}


def test_members_are_found_by_the_last_four_digits_with_masked_numbers(hand: Hand) -> None:
    hand.key("F2")
    hand.tap("phone_digit_6", "phone_digit_0", "phone_digit_2", "phone_digit_1", "phone_find")
    hand.wait(visible="person_1")
    assert "138****6021" in hand.text("person_0")
    assert "13812346021" not in str(hand.state())
    hand.tap("person_1")
    assert hand.text("member_name") == "陈静"
    assert hand.sees("passes_sell")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("13899999999", "这个手机号还不是会员"),
        ("99999999", "手机号不对"),
        ("12", "手机号不对"),
        ("HELLO", "这不是会员码"),
        ("1" * 1000, "这不是会员码"),
    ],
)
def test_what_is_not_a_member_is_said_inline(hand: Hand, typed: str, said: str) -> None:
    hand.type("scan_box", typed)
    hand.key("Return")
    hand.wait(text=["notice_title", said])


def test_enter_with_text_in_the_box_searches_and_never_confirms(hand: Hand) -> None:
    hand.tap("tab_1", "product_0")
    hand.type("scan_box", "13812346021")
    hand.key("Return")
    hand.wait(visible="member_name")
    assert kinds(hand) == ["ShiftOpened"]


def test_esc_closes_what_is_open_but_never_empties_the_basket(hand: Hand) -> None:
    hand.tap("tab_1", "product_0", "cash_open")
    hand.key("Escape")
    assert hand.sees("product_0")
    hand.key("F2")
    assert hand.sees("phone_find")
    hand.key("Escape")
    assert not hand.sees("phone_find")
    hand.key("Escape")
    assert hand.state()["basket"]["cups"] == 1


def test_a_change_at_the_server_is_seen_while_the_member_stands_there(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1")
    hand.shop.change_pass(1, uses_left=2)
    hand.until(lambda: "2 次" in hand.text("pass_1"))
    hand.tap("product_0", "product_0", "product_0")
    assert "只剩 2 次" in hand.text("notice_title")


def test_a_pass_suspended_meanwhile_cannot_be_confirmed(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0")
    hand.shop.change_pass(1, status="suspended")
    hand.until(lambda: not hand.find("confirm").isEnabled())
    assert "还不能用" in hand.text("notice_title")
    assert hand.state()["basket"]["cups"] == 1


def test_the_whole_counter_works_by_keyboard_alone(hand: Hand) -> None:
    hand.type("scan_box", "13812346021")
    hand.key("Return")
    hand.wait(visible="member_name")
    seen = set()
    for _ in range(40):
        hand.key("Tab")
        front = hand.shell.window.focusWidget()
        seen.add(front.objectName() if front else "")
        if front is not None and front.objectName() == "product_0":
            break
    assert "pass_1" in seen
    hand.key("Space")
    assert hand.state()["basket"]["cups"] == 1
    hand.key("Return")
    hand.wait(screen="result")


def test_empty_store_shows_empty_states(open_window: Open) -> None:
    hand = open_window()
    hand.sign_in()
    assert {"member_empty", "cart_empty", "camera_view"} <= set(hand.state()["visible"])
    assert not hand.find("confirm").isEnabled()


def test_happened_at_of_the_fact_is_the_tills_clock(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    assert format_instant(outbox.rows(hand.shop.till)[0].happened_at) == format_instant(NOON)


def until_risk_is_to_be_approved(hand: Hand) -> None:
    """A member's offline code, no network, and a clock that a reboot left unproven."""
    trust(hand.shop)
    allow(hand.shop)
    hand.shop.hire("864200", {"offline_risk"})
    hand.shop.go_offline()
    hand.shop.clock.frozen = True
    hand.shell.scanner.scanned.emit(snapshot(hand.shop))
    hand.wait(visible="pass_1")
    hand.tap("pass_1", "product_0", "confirm")
    hand.wait(visible="approval_what")


def test_somebody_answers_for_a_redemption_while_the_clock_is_unproven(hand: Hand) -> None:
    until_risk_is_to_be_approved(hand)
    assert hand.text("approval_what") == "风险核销 奶茶 10 次卡 1 次：无网络，且时钟未经确认"
    hand.type("approval_field", "111111")
    hand.key("Return")
    hand.wait(visible="approval_notice_title")
    assert "PassRedeemed" not in kinds(hand)
    hand.type("approval_field", "864200")
    hand.key("Return")
    hand.wait(screen="result", text=["result_left", "5 次"])
    assert "PassRedeemed" in kinds(hand)


def test_an_approval_is_for_the_basket_it_was_asked_for(hand: Hand) -> None:
    until_risk_is_to_be_approved(hand)
    hand.key("Escape")
    hand.wait(visible="product_0", hidden="approval_what")
    hand.tap("confirm")
    hand.wait(visible="approval_what")
    hand.tap("line_0_plus")
    hand.wait(visible="product_0", hidden="approval_what")
    assert "PassRedeemed" not in kinds(hand)


@pytest.mark.parametrize("typed", ["８６１３８１２３４６０２１", "+86 (138) 1234-6021", "（138）1234 6021", "m000001"])
def test_the_box_takes_a_number_however_it_is_written(hand: Hand, typed: str) -> None:
    hand.type("scan_box", typed)
    hand.key("Return")
    hand.wait(visible="member_name")
    assert hand.text("member_name") == "王小雨"
    assert hand.sees("member_sure"), "nobody showed a code"

"""Refunds: chosen or typed, asked once, waited for in sight, and handed out as the ledger says."""

from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import select

from models import codec
from models.facts import decode_fact
from models.refusals import Refusal
from models.tenders import pay
from pos_app.journal import mirror
from pos_app.journal.tables import FACTS
from pos_app.till import approval, charge, quote, refund, sell, sell_pass, top_up
from pos_app.till.find_member import by_phone
from pos_app.till.values import Changes
from pos_app.ui.settle import SETTLE_SECONDS
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import EPOCH, short_code, uid


def kinds(hand: Hand) -> list[str]:
    return [row.kind for row in hand.shop.facts()]


@pytest.fixture
def screen(hand: Hand) -> Hand:
    """A top-up of 100.00 and after it a charge of 17.10, both in the ledger; the refund screen in front."""
    from pos_app.selling.basket import Basket, add_product  # noqa: PLC0415

    till = hand.shop.till
    member = by_phone(till, "13812346021")[0].member
    top_up.top_up(till, member, top_up.offer(till, 10_000), [pay("cash", 10_000, 10_000)])
    basket = add_product(Basket(), uid(0xE00))
    charge.charge(till, basket, charge.offer(till, basket, short_code(1)))
    hand.shop.acknowledge(100)
    hand.key("F8")
    hand.wait(visible="refundable_1")
    hand.idle()
    return hand


@pytest.mark.req("R034", "R065", "R070")
def test_a_charge_goes_back_to_the_card(screen: Hand) -> None:
    screen.tap("refundable_0")
    assert not screen.sees("tender_cash"), "no money is handed out"
    assert not screen.find("confirm").isEnabled()
    screen.type("refund_field", "7.10")
    screen.tap("reason_order_wrong")
    assert screen.text("refund_back") == "¥\u00a07.10"
    screen.tap("confirm")
    screen.wait(screen="result", text=["result_title", "7.10"])
    assert "不退现金" in screen.text("card_told_title")
    assert screen.text("result_balance") == "¥\u00a050.00"
    assert kinds(screen)[-1] == "Refunded"
    screen.key("F8")
    screen.until(lambda: "10.00" in screen.text("refundable_0") or "10.00" in str(screen.state()["texts"]))
    screen.tap("refundable_0")
    assert screen.text("refund_left") == "¥\u00a010.00（原 ¥\u00a017.10）"


@pytest.mark.req("R222")
def test_a_top_up_names_the_range_before_and_the_cash_after(screen: Hand) -> None:
    screen.tap("refundable_1")
    assert "80.00" in screen.text("refund_preview_title")
    assert "20.00" in screen.text("refund_preview_detail")
    screen.tap("tender_wechat", "reason_changed_mind", "confirm")
    screen.wait(screen="result", text=["result_title", "90.00"])
    assert "微信" in screen.text("result_title"), "what is handed out stands first, not what was refunded"
    assert screen.text("result_refunded") == "¥\u00a0100.00"
    assert screen.text("result_kept") == "¥\u00a010.00"
    screen.idle()
    assert refund.waiting(screen.shop.till) == (), "seen on the screen"


@pytest.mark.req("R222")
def test_while_the_server_answers_the_cash_is_exact_before_anybody_confirms(screen: Hand) -> None:
    server = screen.shop.server
    server.previews = True
    screen.tap("refundable_1")
    number = screen.text("refund_tx_no")
    server.refunds[number] = {"cash_minor": 9_660, "bonus_minor": 860, "principal_minor": 340, "uncollected_minor": 20}
    screen.wait(text=["refund_preview_title", "96.60"])
    for amount in ("8.60", "3.40", "0.20", "50.00"):
        assert amount in screen.text("refund_preview_detail")
    screen.tap("reason_other", "tender_wechat")
    screen.wait(text=["refund_preview_title", "96.60"])
    assert "Refunded" not in kinds(screen)
    assert not any(request.refund for request in server.asked), "nothing was asked for"
    screen.tap("refundable_0")
    screen.wait(text=["refund_preview_title", "17.10"])
    assert "17" in screen.text("refund_preview_detail"), "the points that go"
    tenders = [asked.refund.tender for asked in server.previewed if asked.refund is not None]
    assert tenders == ["cash", "wechat", None]


def test_what_the_ledger_would_refuse_is_not_offered(screen: Hand) -> None:
    server = screen.shop.server
    server.previews, server.refuse, server.refuse_data = True, "refund_exceeds", {"left_minor": 7_000}
    screen.tap("refundable_1", "reason_other")
    screen.wait(text=["refund_preview_title", "70.00"])
    assert not screen.find("confirm").isEnabled()
    server.refuse = None
    screen.type("refund_field", "70")
    screen.wait(text=["refund_preview_title", "63.00"])
    assert screen.find("confirm").isEnabled()
    server.refuse, server.refuse_data = "card_inactive", {"status": "frozen"}
    screen.type("refund_field", "60")
    screen.until(lambda: not screen.find("confirm").isEnabled())
    assert "不能退款" in str(screen.find("confirm").accessibleName())


def test_a_slow_answer_ahead_blocks_nothing_and_a_late_one_is_dropped(screen: Hand) -> None:
    server, go_on, slow = screen.shop.server, Event(), Event()

    def held_up() -> None:
        slow.set()
        go_on.wait(5)

    server.previews, server.slow = True, held_up
    screen.tap("refundable_1")
    screen.until(slow.is_set)
    assert "80.00" in screen.text("refund_preview_title"), "meanwhile what the till knows"
    screen.type("refund_field", "50")
    assert screen.find("refund_preview").isVisible()
    server.slow = lambda: None
    go_on.set()
    screen.wait(text=["refund_preview_title", "45.00"])
    assert [asked.refund.amount_minor for asked in server.previewed if asked.refund] == [10_000, 5_000]
    screen.tap("reason_other", "confirm")
    screen.wait(screen="result", text=["result_title", "45.00"])


@pytest.mark.parametrize(
    ("typed", "said"), [("0", None), ("100.01", "最多还能退"), ("999999999", "最多还能退"), (".", None), ("x", None)]
)
def test_amounts_that_cannot_be_asked_for(screen: Hand, typed: str, said: str | None) -> None:
    screen.tap("refundable_1", "reason_other")
    screen.type("refund_field", typed)
    assert not screen.find("confirm").isEnabled()
    if said:
        assert said in screen.text("refund_preview_title")
    screen.key("Return")
    screen.idle()
    assert "Refunded" not in kinds(screen)
    screen.tap("refund_whole")
    assert screen.find("confirm").isEnabled()


@pytest.mark.parametrize("text", ["", "   ", "HELLO", "HX00100000001", "TP.SZ1T03.000999", "9" * 60])
def test_numbers_that_are_none(screen: Hand, text: str) -> None:
    screen.type("refund_box", text)
    screen.tap("refund_find")
    screen.idle()
    if text.strip():
        screen.wait(visible="notice_title")
        assert screen.find("refund_box").text() == text, "kept, to be mended"  # type: ignore[attr-defined]
    assert not screen.sees("refund_tx_no")


def test_found_by_number_by_slip_and_by_the_slips_code(screen: Hand) -> None:
    screen.type("refund_box", "ZF00900000001")
    screen.key("Return")
    screen.wait(text=["refund_tx_no", "ZF00900000001"])
    assert not screen.sees("refund_paid"), "another till's: only the number is known"
    screen.tap("refundable_1")
    slip = screen.shop.facts()[-1].slips[0].number
    screen.shell.scanner.scanned.emit(f"{slip}.0123456789ABCDEF")
    screen.wait(text=["refund_paid", "17.10"])
    assert screen.state()["screen"] == "refund"


def test_a_look_up_that_fails_leaves_nothing_armed(screen: Hand) -> None:
    screen.tap("refundable_0", "reason_other")
    assert screen.find("confirm").isEnabled()
    screen.shell.scanner.scanned.emit("TP.SZ1T09.000777.0123456789ABCDEF")
    screen.wait(visible="notice_title")
    screen.idle()
    assert not screen.find("confirm").isEnabled()
    assert not screen.sees("refund_tx_no")
    screen.key("Return")
    screen.idle()
    assert "Refunded" not in kinds(screen)
    screen.tap("refundable_0")
    assert screen.find("confirm").isEnabled(), "the reason stands"


def test_a_pass_sale_and_a_redemption_say_what_they_are_and_who_decides(screen: Hand) -> None:
    till = screen.shop.till
    plan = next(iter(till.journal.catalogue.plans.values()))
    member, paid = by_phone(till, "13812346021")[0].member, [pay("cash", plan.price_minor, plan.price_minor)]
    done = sell_pass.sell_pass(till, member, plan, paid)
    for number in (*done.slips, "HX00900000001"):
        screen.tap("refundable_0", "reason_other")
        screen.type("refund_box", number)
        screen.key("Return")
        screen.wait(visible="notice_title")
        screen.idle()
        assert "收银台不能退" in screen.text("notice_title")
        assert "总部" in screen.text("notice_detail")
        assert not screen.find("confirm").isEnabled()
    assert screen.text("notice_title").startswith("核销")
    screen.key("F7")
    screen.wait(visible="order_0")
    screen.tap("order_0")
    screen.wait(text=["order_not_refundable", "售卡：收银台不能退"])
    assert not screen.sees("order_refund")


def test_the_order_of_a_refund_says_who_approved_it_and_why(screen: Hand) -> None:
    till = screen.shop.till
    staff = till.journal.catalogue.staff[uid(0x51)]
    screen.shop.mirrored("staff", staff.staff_id, replace(staff, permissions=frozenset()))
    screen.shop.hire("864200", {"refund"})
    with pytest.raises(Refusal) as needed:
        refund.refund(till, "ZF00100000001", 500, None, "product_fault")
    yes = approval.approve(till, "864200", "refund", str(needed.value.data["subject"]))
    assert refund.refund(till, "ZF00100000001", 500, None, "product_fault", yes) is not None
    screen.key("F7")
    screen.wait(visible="order_0")
    screen.tap("order_0")
    screen.wait(text=["order_approver", "王强"])
    assert (screen.text("order_cashier"), screen.text("order_why")) == (staff.name, "质量问题")


def test_enter_in_the_number_box_never_refunds(screen: Hand) -> None:
    screen.tap("refundable_0", "reason_other")
    screen.type("refund_box", "ZF00900000001")
    screen.key("Return")
    screen.wait(text=["refund_tx_no", "ZF00900000001"])
    screen.idle()
    assert "Refunded" not in kinds(screen)


def test_a_lost_answer_waits_in_sight_and_is_never_asked_for_twice(screen: Hand) -> None:
    screen.shop.server.lost_replies = 2
    screen.tap("refundable_1", "reason_other", "confirm")
    screen.wait(text=["notice_title", "还没有答复"], visible="open_refund_0_state")
    assert "先不要退钱" in screen.text("notice_detail")
    screen.tap("refundable_1", "reason_other")
    assert not screen.find("confirm").isEnabled()
    assert "正在等总部答复" in screen.text("refund_preview_title")
    screen.tap("open_refund_0_again")
    screen.idle()
    assert screen.text("open_refund_0_state") == "等待答复"
    screen.tap("open_refund_0_again")
    screen.wait(text=["open_refund_0_state", "已批准"])
    assert "90.00" in screen.text("open_refund_0_words")
    assert kinds(screen).count("Refunded") == 1
    asked = {request.request_id for request in screen.shop.server.asked if request.refund}
    assert len(asked) == 1
    screen.tap("open_refund_0_seen")
    screen.wait(hidden="open_refund_0_state")


def test_an_answer_in_the_background_is_told_at_the_counter(screen: Hand) -> None:
    screen.shop.server.lost_replies = 1
    screen.tap("refundable_1", "reason_other", "confirm")
    screen.wait(visible="open_refund_0_again")
    screen.tap("nav_checkout")
    refund.ask_again(screen.shop.till)
    screen.wait(text=["notice_title", "退款有答复"])
    screen.tap("notice_action")
    screen.wait(screen="refund", text=["open_refund_0_state", "已批准"])


def test_a_double_tap_asks_once_and_does_not_skip_what_is_handed_out(screen: Hand) -> None:
    screen.tap("refundable_1", "reason_other")
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.wait(screen="result")
    screen.key("Return")
    screen.idle()
    assert screen.state()["screen"] == "result", "the second half of a double Enter"
    assert len([one for one in screen.shop.server.asked if one.refund]) == 1
    assert kinds(screen).count("Refunded") == 1
    screen.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    screen.key("Return")
    screen.wait(screen="checkout")


def test_a_digit_replaces_the_whole(screen: Hand) -> None:
    screen.tap("refundable_1", "refund_digit_4", "refund_digit_0", "reason_other")
    assert screen.text("refund_back") == "¥\u00a040.00"
    screen.tap("refund_whole", "refund_digit_5")
    assert screen.text("confirm") == "退款 ¥\u00a05.00"


def test_what_is_missing_is_named_step_by_step_and_esc_goes_back(screen: Hand) -> None:
    assert screen.text("confirm") == "请选择一笔交易"
    screen.tap("refundable_1")
    assert screen.text("confirm") == "请选择原因"
    screen.tap("refund_digit_back")
    assert screen.text("confirm") == "请输入金额"
    screen.type("refund_field", "999")
    assert screen.text("confirm") == "请检查金额"
    screen.key("Escape")
    assert screen.text("confirm") == "请选择一笔交易"
    screen.key("Escape")
    screen.wait(screen="checkout")


def test_what_is_gone_is_said_and_cannot_be_chosen(screen: Hand) -> None:
    screen.tap("refundable_0", "reason_other", "confirm")
    screen.wait(screen="result")
    screen.key("F8")
    screen.until(lambda: not screen.find("refundable_0").isEnabled())
    assert "已退完" in screen.find("refundable_0").accessibleName()


def test_a_refusal_keeps_what_was_entered(screen: Hand) -> None:
    screen.shop.server.refuse, screen.shop.server.refuse_data = "refund_exceeds", {"left_minor": 500}
    screen.tap("refundable_0", "reason_not_delivered")
    screen.type("refund_field", "7.10")
    screen.tap("confirm")
    screen.wait(text=["notice_title", "5.00"])
    assert screen.text("refund_back") == "¥\u00a07.10"
    assert screen.find("reason_not_delivered").isChecked()  # type: ignore[attr-defined]
    screen.shop.server.refuse = None
    screen.type("refund_field", "5")
    screen.tap("confirm")
    screen.wait(screen="result")


def test_a_refusal_says_that_nothing_was_refunded(screen: Hand) -> None:
    screen.shop.server.refuse = "refund_not_allowed"
    screen.tap("refundable_1", "reason_other", "confirm")
    screen.wait(visible="notice_title")
    assert "没有退款" in screen.text("notice_detail")
    assert "Refunded" not in kinds(screen)
    assert not screen.sees("open_refund_0_state")


@pytest.mark.req("C07")
def test_offline_it_says_so_at_once_and_keeps_what_was_entered(screen: Hand) -> None:
    screen.tap("refundable_1", "reason_other")
    screen.type("refund_field", "40")
    screen.shop.go_offline()
    screen.wait(text=["refund_preview_title", "离线时不能退款"])
    assert "先不要退钱" in screen.text("refund_preview_detail")
    assert screen.text("confirm") == "请等网络恢复"
    assert not screen.find("confirm").isEnabled()
    screen.key("Return")
    screen.idle()
    assert not any(request.refund for request in screen.shop.server.asked)
    screen.shop.server.reachable = True
    screen.shop.till.notify(Changes(network=True))
    screen.until(lambda: screen.find("confirm").isEnabled())
    assert screen.text("confirm") == "退款 ¥\u00a040.00"


def test_without_the_right(screen: Hand) -> None:
    staff = screen.shop.journal.catalogue.staff[uid(0x51)]
    with screen.shop.journal.upkeep() as rows:
        mirror.put(rows, "staff", staff.staff_id, codec.to_plain(replace(staff, permissions=frozenset())), EPOCH)
    screen.shop.journal.reload()
    screen.tap("nav_checkout", "nav_refund")
    boss = screen.shop.hire("864200", {"refund"})
    screen.tap("refundable_1", "reason_other", "confirm")
    screen.wait(visible="approval_field")
    assert "退款 ¥\u00a0100.00 · CZ00100000002 · 其他" in screen.text("approval_what")
    screen.key("Escape")
    screen.wait(visible="confirm")
    assert "Refunded" not in kinds(screen)
    screen.tap("confirm")
    screen.wait(visible="approval_field")
    screen.type("approval_field", "864200")
    screen.tap("approval_submit")
    screen.wait(screen="result")
    assert kinds(screen)[-1] == "Refunded"
    with screen.shop.journal.reading() as rows:
        data = rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq.desc()).limit(1)).scalar_one()
    assert decode_fact(data).approver_id == boss


def test_what_the_ledger_has_not_numbered_waits(hand: Hand) -> None:
    hand.key("F8")
    hand.wait(visible="refund_empty")
    hand.key("F5")
    hand.scan(1)
    hand.tap("amount_0", "confirm")
    hand.wait(screen="result")
    hand.key("F8")
    hand.wait(visible="refundable_0")
    assert not hand.find("refundable_0").isEnabled()
    hand.shop.acknowledge(100)
    hand.until(lambda: hand.find("refundable_0").isEnabled())


def test_a_refund_leaves_the_basket_and_the_member(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("tab_1", "product_0")
    hand.key("F8")
    hand.type("refund_box", "ZF00900000001")
    hand.tap("refund_find")
    hand.wait(visible="refund_tx_no")
    hand.type("refund_field", "5")
    hand.tap("reason_other", "confirm")
    hand.wait(screen="result")
    assert hand.text("result_detail") == "在线确认"
    hand.tap("nav_checkout")
    assert hand.state()["basket"]["cups"] == 1


@pytest.fixture
def sold(hand: Hand) -> Hand:
    """A sale of two milk teas and a water, 41.00 in cash; the refund screen in front."""
    from pos_app.selling.basket import Basket, add_product  # noqa: PLC0415

    till = hand.shop.till
    basket = Basket()
    for product in (uid(0xE00), uid(0xE07), uid(0xE00)):
        basket = add_product(basket, product)
    due = quote.quote_basket(till, basket).due_minor
    sell.sell(till, basket, [pay("cash", due, due)])
    return hand


@pytest.mark.req("R034")
def test_a_line_of_a_sale_comes_back_without_a_network(sold: Hand) -> None:
    sold.shop.go_offline()
    before_confirming = ("nav_refund", "refundable_0", "refund_line_2", "reason_product_fault")
    for name in before_confirming:
        assert not (sold.sees("confirm") and sold.find("confirm").isEnabled()), name
        sold.wait(visible=name)
        sold.tap(name)
        sold.idle()
    assert "现金" in sold.text("refund_preview_title")
    sold.tap("confirm")
    sold.wait(screen="result", visible="result_title")
    assert "现金" in sold.text("result_title")
    assert kinds(sold)[-1] == "OrderRefunded"
    sold.key("F8")
    sold.wait(visible="refundable_0")
    sold.tap("refundable_0")
    assert not sold.find("refund_line_2").isEnabled(), "it came back"
    sold.tap("refund_all", "reason_other", "confirm")
    sold.key("Return")
    sold.wait(screen="result", visible="result_title")
    sold.idle()
    assert kinds(sold).count("OrderRefunded") == 2, "two quick taps are one refund"
    assert sold.shop.facts()[-1].kind == "OrderRefunded"


def test_a_sale_is_found_by_its_ticket_and_lines_are_chosen_and_given_up(sold: Hand) -> None:
    slip = sold.shop.facts()[-1].slips[0].number
    sold.key("F8")
    sold.shell.scanner.scanned.emit(f"{slip}.0123456789ABCDEF")
    sold.wait(visible="refund_line_1")
    sold.tap("refund_line_1", "refund_line_1", "reason_other")
    assert not sold.find("confirm").isEnabled(), "chosen and given up again"
    sold.tap("refund_all")
    assert sold.find("confirm").isEnabled()
    sold.key("Escape")
    assert not sold.sees("refund_line_1")

"""Orders: looked through, found by whatever the cashier has in hand, seen as on paper, reprinted, refunded."""

import pytest
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from models.facts import decode_fact
from models.tokens import slip_check_code
from pos_app.journal.errors import JournalUnavailable
from pos_app.journal.tables import COMPACTED, FACTS
from pos_app.till import orders, slips
from pos_app.till.values import Changes
from pos_app.ui.phrases import load
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code
from tests.pos_app.ui.tour import MANAGER, a_busy_day, sell_three

WORDS = load("zh-CN")
SALE = "order_2"
"""A busy day's sale of three, one of which came back."""


@pytest.fixture
def screen(hand: Hand) -> Hand:
    """A day with one of everything; the orders in front."""
    a_busy_day(hand)
    hand.shop.acknowledge(100)
    hand.key("F7")
    hand.wait(screen="orders", visible="order_6")
    return hand


def rows(hand: Hand) -> list[str]:
    """What the list says, from its top."""
    hand.idle()
    texts = hand.state()["texts"]
    names = (f"order_{place}" for place in range(60))
    return [texts[name] for name in names if name in texts]


def slip_of(hand: Hand, name: str) -> str:
    """Choose a row and read its number."""
    hand.tap(name)
    hand.wait(visible="order_number")
    hand.idle()
    return hand.text("order_number")


def test_the_day_is_there_newest_first_and_each_kind_by_itself(screen: Hand) -> None:
    found = rows(screen)
    assert [row.split(" · ")[0].split(",")[0] for row in found] == [
        "现金", "退款", "销售", "卡支付", "充值", "售卡", "核销",
    ]  # fmt: skip
    assert "41.00" in found[2]
    assert WORDS["order.back.part"] in found[2]
    for group, expected in (("refund", "退款"), ("redemption", "核销"), ("cash", "现金")):
        screen.tap(f"orders_kind_{group}")
        (only,) = rows(screen)
        assert only.startswith(expected)
    screen.tap("orders_kind_shift")
    assert rows(screen) == []
    screen.wait(visible="orders_empty")
    screen.tap("orders_kind_shift")
    assert len(rows(screen)) == 7, "tapped again, all are shown"


def test_days(screen: Hand) -> None:
    assert not screen.find("orders_day_after").isEnabled(), "nothing is sold tomorrow"
    screen.tap("orders_day_before")
    assert rows(screen) == []
    assert screen.text("orders_day") == "2026-11-19"
    screen.tap("orders_day_after")
    assert len(rows(screen)) == 7
    screen.tap("orders_day_before", "orders_all_days")
    assert len(rows(screen)) == 7
    screen.shop.clock.pass_by(86_400)
    screen.key("F7")
    assert rows(screen) == [], "a new day begins empty"
    screen.tap("orders_day_before")
    assert len(rows(screen)) == 7


@pytest.mark.req("C06")
def test_an_order_is_shown_with_its_paper(screen: Hand) -> None:
    screen.tap(SALE)
    screen.wait(text=["order_amount", "41.00"], visible="order_back_0")
    paper = screen.find("order_paper")
    screen.until(lambda: paper.height() > 300)
    assert "珍珠奶茶" in paper.accessibleDescription()
    assert screen.text("order_number") in paper.accessibleName()
    picture = screen.shell.window.grab().toImage()
    middle = paper.mapTo(screen.shell.window, paper.rect().center())
    shades = {picture.pixelColor(middle.x() + step, middle.y()).lightness() // 64 for step in range(-150, 150)}
    assert len(shades) > 1, "ink on paper"
    assert screen.text("order_state") == WORDS["outbox.accepted"]
    assert screen.text("order_tx_no").startswith("ZF001")


def test_a_redemption_has_two_papers_and_says_what_proves_it(screen: Hand) -> None:
    screen.tap("order_6")
    screen.wait(text=["order_evidence", WORDS["evidence.online"]], visible="order_slip_1")
    screen.until(lambda: "VR" in screen.find("order_paper").accessibleName())
    screen.tap("order_slip_1")
    screen.until(lambda: "TP" in screen.find("order_paper").accessibleName())


def test_found_by_what_the_cashier_has_in_hand(screen: Hand) -> None:
    number = slip_of(screen, SALE)
    tx_no = screen.text("order_tx_no")
    pickup = next(row.pickup_no for row in orders.page(screen.shop.till, "sale").rows)
    for text in (number, number.lower(), tx_no):
        screen.key("F7")
        screen.type("orders_box", text)
        screen.key("Return")
        screen.wait(text=["order_number", number], visible="orders_clear")
        screen.idle()
        assert screen.find("orders_box").text() == ""  # type: ignore[attr-defined]
    screen.type("orders_box", pickup)
    screen.tap("orders_find")
    screen.idle()
    assert [WORDS["order.back.part"] in row for row in rows(screen)] == [True]
    screen.tap("orders_clear")
    assert len(rows(screen)) == 7


def test_found_by_scanning_slip_or_member(screen: Hand) -> None:
    number = slip_of(screen, SALE)
    screen.key("Escape")
    with screen.shop.journal.reading() as found:
        seq = orders.find(screen.shop.till, number).seq
        fact_hash = found.execute(select(FACTS.c.hash).where(FACTS.c.seq == seq)).scalar_one()
    screen.shell.scanner.scanned.emit(slip_check_code(number, fact_hash))
    screen.wait(text=["order_number", number])
    screen.shell.scanner.scanned.emit(short_code(1))
    screen.wait(text=["orders_title", "王"])
    assert len(rows(screen)) == 4
    assert screen.state()["screen"] == "orders", "a member's code does not lead away"
    assert not screen.state()["basket"]["member"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HELLO", "refusal.transaction_unknown.orders"),
        ("9" * 390, "refusal.transaction_unknown.orders"),
        ("HX00999999999", "refusal.transaction_unknown.orders"),
        ("TP.SZ1T09.000001", "refusal.slip_unknown.orders"),
        ("VR.SZ1T03.999999", "refusal.slip_unknown.orders"),
        ("TP.SZ1T03.000002.0123456789ABCDEF", "refusal.code_edited.orders"),
    ],
)
def test_what_is_not_there_says_so_and_stays_to_be_mended(screen: Hand, text: str, said: str) -> None:
    screen.type("orders_box", text)
    screen.key("Return")
    screen.wait(visible="orders_notice_title")
    assert screen.text("orders_notice_title").startswith(WORDS[said].split("{")[0])
    assert screen.find("orders_box").text() == text  # type: ignore[attr-defined]
    assert len(rows(screen)) == 7, "the list is as it was"
    screen.key("Escape")
    screen.wait(hidden="orders_notice_title")


def test_nothing_typed_finds_nothing_and_nobodys_digits_find_none(screen: Hand) -> None:
    screen.tap("orders_find")
    screen.type("orders_box", "   ")
    screen.key("Return")
    screen.idle()
    assert len(rows(screen)) == 7
    screen.type("orders_box", "0000")
    screen.key("Return")
    screen.wait(visible="orders_empty")
    assert rows(screen) == []


def test_a_reprint_is_a_marked_copy_and_two_quick_taps_are_one(screen: Hand) -> None:
    number = slip_of(screen, SALE)
    screen.tap("order_reprint")
    screen.wait(text=["order_notice_title", WORDS["refusal.slip_not_printed_yet"]])
    screen.shop.paper(number, "printed")
    screen.idle()
    screen.find("order_reprint").click()  # type: ignore[attr-defined]
    screen.find("order_reprint").click()  # type: ignore[attr-defined]
    screen.wait(text=["order_notice_title", WORDS["orders.reprinted"]], visible="slip_1_state")
    screen.idle()
    assert [slip.copy for slip in slips.recent(screen.shop.till) if slip.number == number] == [1, 0]
    screen.shop.paper(number, "unknown")
    screen.wait(visible="slip_1_printed", hidden="order_notice_title")
    screen.tap("slip_1_printed")
    screen.wait(text=["slip_1_state", WORDS["slip.state.printed"]])


def test_who_may_not_reprint_asks_somebody_who_may(screen: Hand) -> None:
    boss = screen.shop.hire(MANAGER, {"reprint"})
    screen.shop.dismiss()
    number = slip_of(screen, SALE)
    screen.shop.paper(number, "printed")
    screen.tap("order_reprint")
    screen.wait(visible="approval_field")
    assert number in screen.text("approval_what")
    screen.key("Escape")
    screen.wait(hidden="approval_field", visible="order_title")
    assert len(slips.recent(screen.shop.till, 1)) == 1
    assert slips.recent(screen.shop.till, 1)[0].copy == 0
    screen.tap("order_reprint")
    screen.wait(visible="approval_field")
    screen.type("approval_field", MANAGER)
    screen.key("Return")
    screen.wait(hidden="approval_field", visible="order_notice_title")
    with screen.shop.journal.reading() as found:
        data = found.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq.desc()).limit(1)).scalar_one()
    assert (decode_fact(data).kind, decode_fact(data).approver_id) == ("SlipReprinted", boss)


def test_a_yes_for_one_slip_is_not_one_for_the_next(screen: Hand) -> None:
    screen.shop.hire(MANAGER, {"reprint"})
    screen.shop.dismiss()
    screen.shop.paper(slip_of(screen, SALE), "printed")
    screen.tap("order_reprint")
    screen.wait(visible="approval_field")
    screen.tap("order_3")
    screen.wait(hidden="approval_field")
    screen.idle()
    screen.key("Return")
    screen.idle()
    assert "SlipReprinted" not in {fact.kind for fact in screen.shop.facts()}


@pytest.mark.req("R070")
@pytest.mark.parametrize("by_key", [False, True])
def test_a_refund_begins_with_what_was_chosen(screen: Hand, by_key: bool) -> None:
    number = slip_of(screen, SALE)
    if by_key:
        screen.key("F8")
    else:
        screen.tap("order_refund")
    screen.wait(screen="refund", visible="refund_line_1")
    assert not screen.find("refund_line_2").isEnabled(), "it came back before"
    screen.tap("refund_all", "reason_other", "confirm")
    screen.wait(screen="result")
    screen.key("F8")
    screen.wait(screen="refund", visible="refund_prompt")
    screen.key("F7")
    screen.wait(visible="order_3")
    screen.type("orders_box", number)
    screen.key("Return")
    screen.wait(text=["order_refund", WORDS["refund.gone"]])
    assert not screen.find("order_refund").isEnabled()
    screen.key("F8")
    screen.wait(screen="refund", visible="refund_prompt")


def test_only_what_may_come_back_can_be_refunded(screen: Hand) -> None:
    for name, refundable in (("order_0", False), ("order_1", False), ("order_3", True), ("order_5", False)):
        slip_of(screen, name)
        assert screen.sees("order_refund") is refundable, name
    screen.shop.clock.pass_by(1)
    sell_three(screen)
    screen.shop.till.notify(Changes(facts=True))
    screen.wait(visible="order_7")
    slip_of(screen, "order_0")
    assert screen.find("order_refund").isEnabled(), "a sale comes back without a network and without a number"


def test_a_refund_and_its_original_lead_to_each_other(screen: Hand) -> None:
    number = slip_of(screen, SALE)
    screen.tap("order_back_0")
    screen.wait(visible="order_original")
    screen.idle()
    assert screen.text("order_why") == WORDS["refund.reason.product_fault"]
    screen.tap("order_original")
    screen.wait(text=["order_number", number])


@pytest.mark.req("C07")
def test_without_a_network_all_is_there_and_what_waits_says_so(screen: Hand) -> None:
    screen.shop.go_offline()
    screen.wait(text=["orders_offline_title", WORDS["orders.offline"]])
    sell_three(screen)
    screen.shop.till.notify(Changes(facts=True))
    screen.wait(visible="order_7")
    screen.tap("order_0")
    screen.wait(text=["order_told", WORDS["orders.waits.offline"]])
    assert screen.text("order_state") == WORDS["outbox.pending"]
    screen.shop.server.reachable = True
    screen.shop.acknowledge(100)
    screen.wait(text=["order_state", WORDS["outbox.accepted"]])


def test_what_was_compacted_shows_its_number_and_its_paper(screen: Hand) -> None:
    number = slip_of(screen, SALE)
    seq = orders.find(screen.shop.till, number).seq
    with screen.shop.journal.upkeep() as found:
        found.execute(FACTS.update().where(FACTS.c.seq == seq).values(bytes=COMPACTED))
    screen.key("F7")
    screen.wait(visible="order_6")
    screen.idle()
    screen.tap(SALE)
    screen.wait(text=["order_told", WORDS["orders.gone"]])
    screen.until(lambda: screen.find("order_paper").height() > 300)
    assert not screen.sees("order_refund")


def test_keys_alone(screen: Hand) -> None:
    screen.key("Down")
    screen.wait(text=["order_amount", "50.00"])
    screen.key("Down")
    screen.key("Down")
    screen.wait(text=["order_amount", "41.00"])
    screen.key("Up")
    screen.wait(visible="order_original")
    seen: list[QWidget | None] = []
    for _ in range(40):
        screen.key("Tab")
        seen.append(screen.shell.window.focusWidget())
    names = {widget.objectName() for widget in seen if widget is not None}
    assert {"order_0", "order_reprint", "orders_kind_sale", "orders_find", "order_original"} <= names
    screen.key("Escape")
    screen.wait(visible="orders_choose")
    screen.key("Escape")
    screen.wait(screen="checkout")


def test_pages_of_fifty(screen: Hand) -> None:
    for _ in range(60):
        screen.shop.clock.pass_by(1)
        sell_three(screen)
    screen.shop.till.notify(Changes(facts=True))
    screen.until(lambda: len(rows(screen)) == orders.PAGE)
    assert not screen.find("orders_newer").isEnabled()
    screen.tap("orders_older")
    screen.until(lambda: len(rows(screen)) == 17)
    assert not screen.find("orders_older").isEnabled()
    screen.key("PageUp")
    screen.until(lambda: len(rows(screen)) == orders.PAGE)
    screen.key("PageDown")
    screen.until(lambda: len(rows(screen)) == 17)
    screen.tap("orders_kind_cash")
    screen.until(lambda: len(rows(screen)) == 1)
    assert not screen.sees("orders_older"), "another filter begins at its first page"


def test_the_journal_that_cannot_be_read_says_so(screen: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise JournalUnavailable(path="", reason="SQLITE_IOERR")

    monkeypatch.setattr(orders, "page", broken)
    screen.tap("orders_kind_sale")
    screen.wait(visible="orders_notice_title")
    assert screen.text("orders_notice_title") == WORDS["trouble.journal_unavailable"]


def test_f9_of_somebody_who_may_not_points_to_where_a_colleague_can_approve(screen: Hand) -> None:
    screen.shop.dismiss()
    for paper in slips.recent(screen.shop.till):
        screen.shop.paper(paper.number, "printed")
    screen.key("F9")
    screen.wait(screen="outbox", text=["outbox_notice_title", WORDS["refusal.approval_needed"]])
    screen.tap("outbox_notice_action")
    screen.wait(screen="orders")

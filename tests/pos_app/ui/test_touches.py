"""How many touches a flow takes, from the member on the counter to the fact in the journal.

Rule: counted are the presses that reach the window from outside, mouse and keys, never the lines of a test.
Source of the bars: counter.md, "Fewest touches".
"""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from models.facts import PassRedeemed, decode_fact
from pos_app.journal.tables import FACTS
from tests.pos_app.headquarters import reserved, shown, told, trust
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, PINE, short_code, uid
from tests.pos_app.ui.tour import sell_three

PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TouchBegin, QEvent.Type.KeyPress)


class Counter(QObject):
    """Counts what is pressed on a window; presses that the window makes of others do not come here."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self.touches = 0
        self.hand = hand
        hand.shell.window.windowHandle().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count a press, let everything through."""
        self.touches += event.type() in PRESSES
        return False

    def until(self, kind: str, *names: str) -> int:
        """Tap these until a fact of `kind` is the newest; returns how many presses it took."""
        before, self.touches = len(self.hand.shop.facts()), 0
        for name in names:
            self.hand.wait(enabled=name)
            self.hand.tap(name)
            self.hand.idle()
        self.hand.wait(screen="result")
        kinds = [row.kind for row in self.hand.shop.facts()]
        assert kinds[before:] == [kind], kinds
        return self.touches


@pytest.fixture
def counter(hand: Hand) -> Counter:
    """A member on the counter, nothing on the basket; counting begins."""
    hand.scan(1)
    return Counter(hand)


def test_it_counts_what_is_pressed_and_nothing_else(counter: Counter) -> None:
    counter.hand.tap("product_0", "clear_basket")
    QTest.keyClick(counter.hand.shell.window.windowHandle(), Qt.Key.Key_Escape)
    counter.hand.shop.change_pass(1, uses_left=5)
    assert counter.touches == 3


@pytest.mark.req("C05", "R097")
def test_a_redemption_takes_two(counter: Counter) -> None:
    assert counter.until("PassRedeemed", "product_0", "confirm") == 2


@pytest.mark.req("C05", "C07", "R097")
def test_a_redemption_of_what_is_set_aside_takes_two_without_a_network(hand: Hand) -> None:
    trust(hand.shop)
    told(hand.shop, reserved(hand.shop, source_id=uid(0x902), plan_id=uid(0xF02)))
    hand.shop.go_offline()
    hand.scan(1)
    assert Counter(hand).until("PassRedeemed", "product_0", "confirm") == 2


@pytest.mark.req("C05", "C07", "R087", "R097")
def test_the_code_of_what_is_set_aside_saves_the_pin_for_that(hand: Hand) -> None:
    trust(hand.shop)
    hand.shop.give_pin(1, "9021")
    hand.shop.go_offline()
    hand.shell.scanner.scanned.emit(shown(reserved(hand.shop, source_id=uid(0x902), plan_id=uid(0xF02))))
    hand.wait(text=["member_name", PEOPLE[0][0]])
    hand.idle()
    assert Counter(hand).until("PassRedeemed", "product_0", "confirm") == 2


@pytest.mark.req("C05", "R102")
def test_with_an_add_on_three(counter: Counter) -> None:
    counter.hand.tap("pass_1")  # six uses left; the one preselected has a single one
    assert counter.until("PassRedeemed", "product_0", "add_on_0", "confirm") == 3
    with counter.hand.shop.journal.reading() as rows:
        body = decode_fact(rows.execute(FACTS.select().order_by(FACTS.c.seq.desc())).first().bytes).body  # type: ignore[union-attr]
    assert isinstance(body, PassRedeemed)
    assert [add_on.quantity for cup in body.cups for add_on in cup.add_ons] == [1]


@pytest.mark.req("C05", "R097")
def test_found_by_phone_it_is_still_two_and_a_pin_adds_its_digits_and_done(hand: Hand) -> None:
    def by_phone() -> Counter:
        hand.type("scan_box", PEOPLE[0][1])
        hand.key("Return")
        hand.wait(text=["member_name", PEOPLE[0][0]])
        hand.idle()
        return Counter(hand)

    assert by_phone().until("PassRedeemed", "product_0", "confirm") == 2
    hand.key("Return")
    hand.shop.give_pin(1, "9021")
    digits = [f"member_pin_digit_{digit}" for digit in "9021"]
    assert by_phone().until("PassRedeemed", "product_0", "confirm", *digits, "member_pin_submit") == 2 + 4 + 1


@pytest.mark.req("C05", "R098")
@pytest.mark.parametrize("paid", [(), ("tender_bank_card",), ("cash_note_0",)], ids=["exact", "by card", "with change"])
def test_a_pass_sale_takes_at_most_five(counter: Counter, paid: tuple[str, ...]) -> None:
    assert counter.until("PassSold", "nav_sell_pass", "plan_0", *paid, "confirm") <= 5


@pytest.mark.req("C05", "R184")
@pytest.mark.parametrize("paid", [(), ("cash_note_0",)], ids=["exact", "with change"])
def test_a_top_up_in_cash_takes_at_most_four(counter: Counter, paid: tuple[str, ...]) -> None:
    assert counter.until("ToppedUp", "nav_top_up", "amount_0", *paid, "confirm") <= 4


@pytest.mark.req("C05", "R031")
def test_a_top_up_for_a_company_takes_one_more_and_its_code_saves_it(counter: Counter) -> None:
    counter.hand.shop.appoint(PINE)
    counter.hand.wait(enabled="nav_top_up")
    assert counter.until("ToppedUp", "nav_top_up", "top_up_company_0", "amount_0", "confirm") <= 4
    counter.hand.tap("nav_checkout")
    counter.hand.wait(screen="checkout")
    counter.hand.tap("nav_top_up")
    counter.hand.shell.scanner.scanned.emit(short_code(0xC01))
    counter.hand.idle()
    assert counter.until("ToppedUp", "amount_0", "confirm") <= 2, "and the one that brought them here"


@pytest.mark.req("R034")
def test_a_refund_of_one_line_takes_at_most_five_without_a_network(counter: Counter) -> None:
    sell_three(counter.hand)
    counter.hand.shop.go_offline()
    names = ("nav_refund", "refundable_0", "refund_line_2", "reason_product_fault", "confirm")
    assert counter.until("OrderRefunded", *names) <= 5


@pytest.mark.req("C05", "R034")
def test_half_by_card_and_half_in_cash_takes_six(counter: Counter) -> None:
    counter.hand.tap("member_change")
    assert (
        counter.until("OrderPaid", "product_0", "tender_split", "share_2", "split_bank_card", "split_cash", "confirm")
        == 6
    )


@pytest.mark.req("C05", "R034")
def test_goods_in_cash_with_change_take_three(counter: Counter) -> None:
    counter.hand.tap("member_change")
    assert counter.until("OrderPaid", "product_0", "cash_note_0", "confirm") == 3

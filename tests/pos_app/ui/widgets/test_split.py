"""Splitting a payment in the window: parts, what is left, undoing, and what the shift's sums make of it."""

import pytest

from models.facts import decode_fact
from models.shifts import expected_of, totals_of
from models.tenders import Tender
from pos_app.journal import shifts
from pos_app.journal.tables import FACTS
from pos_app.till import carts
from pos_app.ui.desk import Desk
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand

ZERO = "✓"


def tenders(hand: Hand) -> tuple[Tender, ...]:
    """Of the newest fact."""
    with hand.shop.journal.reading() as rows:
        newest = rows.execute(FACTS.select().order_by(FACTS.c.seq.desc())).first()
    assert newest is not None
    found: tuple[Tender, ...] = decode_fact(newest.bytes).body.tenders  # type: ignore[union-attr]
    return found


def expected(hand: Hand) -> dict[str, int]:
    """What the drawer must hold of each tender now."""
    with hand.shop.journal.reading() as rows:
        shift = shifts.open_shift(rows)
        assert shift is not None
        return expected_of(totals_of(shifts.facts_of(rows, shift)))


def desk(hand: Hand) -> Desk:
    interior = hand.shell.window.interior
    assert interior is not None
    return interior.desk


@pytest.fixture
def goods(hand: Hand) -> Hand:
    """Tea and water: 23.00 to pay."""
    hand.tap("product_0", "tab_1", "product_1")
    assert hand.text("cart_due") == "¥\u00a023.00"
    return hand


@pytest.mark.req("C05", "R034")
def test_card_then_cash_with_change_and_the_sums_of_the_shift(goods: Hand) -> None:
    goods.tap("tender_split")
    assert not goods.find("confirm").isEnabled()
    goods.type("split_field", "13.5")
    goods.tap("split_bank_card")
    assert (goods.text("part_0"), goods.text("split_left")) == ("¥\u00a013.50", "¥\u00a09.50")
    goods.type("split_field", "20")
    assert not goods.find("split_wechat").isEnabled(), "no change from a phone"
    assert "9.50" in goods.text("confirm")
    goods.tap("split_cash")
    assert goods.text("split_left") == "¥\u00a010.50"
    assert not goods.find("split_cash").isEnabled(), "it is paid"
    goods.tap("confirm")
    goods.wait(screen="result", text=["result_change", "10.50"])
    assert tenders(goods) == (Tender("bank_card", 1350, 1350), Tender("cash", 950, 2000))
    assert expected(goods) == {"cash": 20_950, "bank_card": 1350}
    goods.key("Return")


def test_a_part_is_undone_and_what_is_left_grows(goods: Hand) -> None:
    goods.tap("tender_split", "share_2", "split_bizum", "split_alipay")
    assert goods.text("split_left") == ZERO
    goods.tap("part_0_undo")
    assert goods.text("split_left") == "¥\u00a011.50"
    assert not goods.find("confirm").isEnabled()
    goods.tap("split_done", "split_open", "split_platform", "confirm")
    goods.wait(screen="result")
    assert tenders(goods) == (Tender("alipay", 1150, 1150), Tender("platform", 1150, 1150))


def test_too_little_cash_goes_on_with_another_tender(goods: Hand) -> None:
    goods.tap("cash_open")
    assert not goods.sees("cash_rest")
    goods.type("received_field", "20")
    goods.tap("cash_rest")
    assert (goods.text("part_0"), goods.text("split_rest")) == ("¥\u00a020.00", "¥\u00a03.00")
    goods.tap("split_bank_card", "confirm")
    goods.wait(screen="result")
    assert tenders(goods) == (Tender("cash", 2000, 2000), Tender("bank_card", 300, 300))


@pytest.mark.req("R103", "R104")
def test_what_a_pass_leaves_to_pay_is_split_over_cash_and_bank_card_only(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("pass_1", "product_0", "add_on_3", "add_on_2", "tender_split")
    for kind in ("bizum", "platform", "wechat", "alipay", "card"):
        assert not hand.sees(f"split_{kind}"), kind
    hand.type("split_field", "3")
    hand.tap("split_cash", "split_bank_card", "confirm")
    hand.wait(screen="result")
    assert tenders(hand) == (Tender("cash", 300, 300), Tender("bank_card", 400, 400))


@pytest.mark.req("C05", "R184")
@pytest.mark.parametrize(("key", "chosen"), [("F4", "plan_0"), ("F5", "amount_1")])
def test_a_pass_and_a_top_up_are_split_alike(hand: Hand, key: str, chosen: str) -> None:
    hand.scan(1)
    hand.key(key)
    hand.tap(chosen, "tender_split")
    hand.type("split_field", "40")
    hand.tap("split_wechat", "split_cash", "split_done")
    assert hand.sees(chosen)
    hand.tap("confirm")
    hand.wait(screen="result")
    assert [one.kind for one in tenders(hand)] == ["wechat", "cash"]
    assert tenders(hand)[0].amount_minor == 4000


def test_what_was_taken_outlives_a_change_of_the_basket(goods: Hand) -> None:
    goods.tap("tender_split")
    goods.type("split_field", "20")
    goods.tap("split_bank_card", "split_done", "line_0_minus")
    assert "15.00" in goods.text("split_left"), "5.00 are due, 20.00 were taken"
    assert "15.00" in goods.text("confirm")
    assert not goods.find("confirm").isEnabled()
    goods.tap("product_0")
    goods.scan(1)
    assert goods.sees("held_0")
    goods.tap("held_0")
    assert goods.text("part_0") == "¥\u00a020.00", "held with its basket"


def test_what_was_taken_for_an_emptied_basket_is_still_to_be_given_back(goods: Hand) -> None:
    goods.tap("tender_split", "share_2", "split_bizum", "split_done", "clear_basket")
    goods.scan(3)
    assert goods.text("part_0") == "¥\u00a011.50"
    goods.tap("product_0", "hold")
    assert not goods.sees("part_0"), "put aside with the basket"
    goods.tap("held_0", "split_open", "split_cash", "confirm")
    goods.wait(screen="result")
    assert [one.kind for one in tenders(goods)] == ["bizum", "cash"]
    goods.key("Return")
    goods.wait(screen="checkout")
    goods.tap("product_0")
    assert goods.sees("tender_cash"), "nothing is left of it for the next customer"


def test_another_pass_forgets_no_money_of_an_emptied_basket(goods: Hand) -> None:
    goods.scan(1)
    goods.tap("tab_1", "product_1", "tender_split", "share_2", "split_bank_card", "split_done", "clear_basket")
    taken = goods.text("part_0")
    goods.tap("pass_1")
    assert goods.text("part_0") == taken


def test_a_held_basket_taken_up_puts_the_money_of_an_emptied_one_aside(goods: Hand) -> None:
    goods.tap("hold", "product_0", "tender_split", "share_2", "split_bank_card", "split_done", "clear_basket")
    goods.tap("held_0")
    assert (goods.sees("part_0"), desk(goods).payment.parts) == (False, ())
    goods.tap("held_0")
    assert goods.text("part_0") == "¥\u00a06.00"
    goods.idle()
    open_, held = carts.bring_back(goods.shop.till)
    assert open_ is not None
    assert (open_.basket.cups, [part.minor for part in open_.parts], len(held)) == ((), [600], 1)


@pytest.mark.parametrize(("key", "chosen"), [("F4", "plan_0"), ("F5", "amount_1")])
def test_going_away_and_coming_back_forgets_no_money(hand: Hand, key: str, chosen: str) -> None:
    hand.scan(1)
    hand.key(key)
    hand.tap(chosen, "tender_split")
    hand.type("split_field", "40")
    hand.tap("split_wechat")
    hand.key("F7")
    hand.key(key)
    assert hand.text("part_0") == "¥\u00a040.00"
    if key == "F4":
        hand.tap("centre_redeem")
        assert hand.text("part_0") == "¥\u00a040.00"
        hand.tap("centre_buy", chosen)
    hand.tap("split_open", "split_cash", "confirm")
    hand.wait(screen="result")
    assert [one.kind for one in tenders(hand)] == ["wechat", "cash"]
    hand.key(key)
    assert not hand.sees("part_0"), "it was spent"
    hand.scan(1)
    hand.tap(chosen)
    assert hand.sees("tender_cash")


def test_a_crash_loses_no_part(goods: Hand, open_window: Open) -> None:
    goods.tap("tender_split", "share_2", "split_bank_card")
    goods.idle()
    open_, _ = carts.bring_back(goods.shop.till)
    assert open_ is not None
    assert [(part.kind, part.minor) for part in open_.parts] == [("bank_card", 1150)]


def test_one_tender_instead_forgets_the_parts_and_a_card_pays_alone(goods: Hand) -> None:
    goods.tap("tender_split", "share_2", "split_bank_card")
    goods.key("F6")
    assert goods.sees("notice_title")
    assert desk(goods).payment.parts, "nothing was forgotten"
    goods.tap("split_single")
    assert goods.sees("tender_cash")
    goods.key("F6")
    goods.wait(visible="card_code")


def test_an_empty_split_is_left_with_escape_and_enter_pays_nothing(goods: Hand) -> None:
    goods.tap("tender_split")
    goods.key("Return")
    goods.key("Escape")
    goods.idle()
    assert goods.sees("tender_cash")
    assert [row.kind for row in goods.shop.facts()] == ["ShiftOpened"]


@pytest.mark.parametrize("typed", ["0", "0.00", ".", "99999999"])
def test_no_part_that_is_no_money_or_too_much(goods: Hand, typed: str) -> None:
    goods.tap("tender_split")
    goods.type("split_field", typed)
    assert not goods.find("split_bank_card").isEnabled() or typed == "."
    assert goods.text("split_left") == "¥\u00a023.00"

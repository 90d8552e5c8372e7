"""A till that hears that it is revoked says so for good, begins nothing, and still records what was paid before."""

import pytest
from sqlalchemy import select

from models.facts import OrderPaid, PassSold, ToppedUp, decode_fact
from models.refusals import Refusal
from pos_app.journal import identity
from pos_app.journal.tables import FACTS
from pos_app.selling.basket import Basket, add_product
from pos_app.till import sell
from pos_app.till.values import Changes
from pos_app.ui.phrases import LANGUAGES, load
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.test_text_fit import SIZES, faults

WORDS = load("zh-CN")


def revoke(hand: Hand) -> None:
    """What the sync loop does when the server says so."""
    with hand.shop.journal.upkeep() as rows:
        identity.write_state(rows, "refused", "terminal_revoked")
    hand.shop.till.notify(Changes(network=True))
    hand.wait(visible="standing_notice_title")


def last(hand: Hand) -> object:
    """What the newest fact says."""
    with hand.shop.journal.reading() as rows:
        data = rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq.desc()).limit(1)).scalar_one()
    return decode_fact(data).body


def test_the_banner_lasts_on_every_screen_and_cannot_be_put_away(hand: Hand) -> None:
    assert not hand.sees("standing_notice_title")
    revoke(hand)
    for screen in ("refund", "orders", "more", "outbox", "more", "settings", "checkout"):
        hand.tap(f"nav_{screen}")
        hand.wait(screen=screen, visible="standing_notice_title")
    assert not hand.sees("standing_notice_close")
    assert hand.text("standing_notice_title") == WORDS["revoked.title"]
    assert "1 条记录待上交" in hand.text("standing_notice_detail")
    hand.key("Escape")
    hand.tap("nav_lock")
    hand.wait(screen="sign_in", visible="standing_notice_title")


def test_nothing_new_is_sold(hand: Hand) -> None:
    before = len(hand.shop.facts())
    revoke(hand)
    assert not [name for name in hand.state()["visible"] if name.startswith(("product_0", "add_on_0", "tab_"))]
    assert not hand.sees("nav_sell_pass")
    for key in ("F4", "F5"):
        hand.key(key)
        hand.wait(screen="checkout")
    hand.scan(1)
    hand.shell.window.interior.desk.add(hand.shop.journal.catalogue.products[0].product_id)  # type: ignore[union-attr]
    assert hand.text("notice_title") == WORDS["refusal.terminal_revoked"]
    assert not hand.find("confirm").isEnabled()
    assert len(hand.shop.facts()) == before


def test_what_was_paid_before_can_be_recorded(hand: Hand) -> None:
    hand.tap("product_0", "cash_open", "note_0")
    hand.tap("cash_done")
    received = hand.text("cash_open")
    revoke(hand)
    assert hand.text("cash_open") == received
    assert hand.text("confirm").startswith("已收")
    assert not hand.sees("tender_card")
    hand.tap("confirm")
    hand.wait(screen="result", visible="standing_notice_title")
    sold = last(hand)
    assert isinstance(sold, OrderPaid)
    assert sold.tenders[0].received_minor > sold.total_minor
    hand.tap("nav_checkout")
    hand.wait(screen="checkout")
    assert not hand.find("confirm").isEnabled()


def test_a_held_basket_can_be_taken_up_and_recorded(hand: Hand) -> None:
    hand.tap("product_0", "hold")
    revoke(hand)
    hand.tap("held_0", "confirm")
    hand.wait(screen="result")
    assert isinstance(last(hand), OrderPaid)


def test_a_redemption_is_not_recorded_any_more(hand: Hand) -> None:
    hand.scan(1)
    hand.tap("product_0")
    before = len(hand.shop.facts())
    revoke(hand)
    assert not hand.find("confirm").isEnabled()
    hand.key("Return")
    hand.tap("clear_basket")
    hand.idle()
    assert len(hand.shop.facts()) == before


@pytest.mark.parametrize(
    ("screen", "choice", "kind"), [("sell_pass", "plan_0", PassSold), ("top_up", "amount_0", ToppedUp)]
)
def test_a_pass_or_a_top_up_in_hand_can_be_ended(hand: Hand, screen: str, choice: str, kind: type) -> None:
    hand.scan(1)
    hand.tap(f"nav_{screen}", choice)
    revoke(hand)
    assert hand.state()["screen"] == screen
    assert hand.text("shut_notice_title") == WORDS["shut.paid.title"]
    assert not hand.find(choice).isEnabled()
    hand.tap("confirm")
    hand.wait(screen="result")
    assert isinstance(last(hand), kind)
    hand.tap("nav_checkout")
    hand.key("F4" if screen == "sell_pass" else "F5")
    hand.wait(screen="checkout")


def test_the_paper_of_a_sale_that_was_just_made_stays_on_the_screen(hand: Hand) -> None:
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    change = hand.text("result_title")
    revoke(hand)
    assert (hand.state()["screen"], hand.text("result_title")) == ("result", change)


def test_without_a_shift_records_and_devices_are_shown_and_none_is_opened(open_window: Open) -> None:
    hand = open_window()
    hand.wait(screen="sign_in")
    revoke(hand)
    hand.type("pin_field", "246810")
    hand.key("Return")
    hand.wait(screen="outbox", visible="device_0")
    hand.tap("nav_checkout")
    hand.wait(screen="outbox")
    hand.tap("nav_more", "nav_settings")
    hand.wait(screen="settings")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_it_fits(open_window: Open, language: str, size: tuple[int, int]) -> None:
    hand = open_window(language=language, size=size)
    hand.sign_in()
    hand.tap("product_0", "product_1")
    revoke(hand)
    found = {"paid": faults(hand)}
    hand.tap("clear_basket")
    found["empty"] = faults(hand)
    hand.tap("nav_more", "nav_outbox")
    hand.idle()
    found["outbox"] = faults(hand)
    hand.tap("nav_shift")
    hand.idle()
    found["shift"] = faults(hand)
    hand.tap("shift_close")
    hand.wait(visible="count_cash")
    hand.type("count_cash", "123456.78")
    found["count"] = faults(hand)
    hand.tap("confirm")
    hand.wait(visible="count_again")
    found["difference"] = faults(hand)
    hand.tap("reason_float_wrong", "confirm")
    hand.wait(visible="approval_field")
    hand.type("approval_field", "246810")
    hand.key("Return")
    hand.wait(visible="approval_notice_title")
    found["approval"] = faults(hand)
    assert not any(found.values()), found


def test_the_use_case_refuses_unless_it_was_paid_before(hand: Hand) -> None:
    till = hand.shop.till
    revoke(hand)
    basket = add_product(Basket(), hand.shop.journal.catalogue.products[0].product_id)
    with pytest.raises(Refusal, match="terminal_revoked"):
        sell.sell(till, basket, [])


def test_records_that_cannot_be_read_any_more_are_told_and_not_as_a_crash(hand: Hand) -> None:
    with hand.shop.journal.upkeep() as rows:
        rows.exec_driver_sql("INSERT OR REPLACE INTO state VALUES ('refused', 'no JSON')")
    hand.wait(visible="standing_notice_title")
    assert hand.text("standing_notice_title") == WORDS["trouble.journal_garbled"]
    assert "refused" in hand.text("standing_notice_detail")
    assert not hand.sees("crash_dialog")
    with hand.shop.journal.upkeep() as rows:
        identity.write_state(rows, "refused", None)
    hand.wait(hidden="standing_notice_title")

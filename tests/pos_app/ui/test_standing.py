"""What lasts at a till stands on every screen: a server that knows it no more, records that were changed."""

import pytest
from sqlalchemy import update

from models.wire import ALARMS_OF_THE_JOURNAL, TillAlarm
from pos_app.journal import identity, tampering
from pos_app.journal.tables import OUTBOX
from pos_app.till.values import Changes
from pos_app.ui.phrases import LANGUAGES, load
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.test_text_fit import SIZES, faults

WORDS = load("zh-CN")
SCREENS = ("refund", "orders", "more", "outbox", "more", "settings", "checkout")


def refuse(hand: Hand, code: str | None) -> None:
    """What the sync loop keeps when a server that answers says so."""
    hand.shop.server.reachable = True
    with hand.shop.journal.upkeep() as rows:
        identity.write_state(rows, "refused", code)
    hand.shop.till.notify(Changes(network=True))


def alter(hand: Hand, kind: str) -> None:
    """What the start of a till keeps when it finds its records changed."""
    with hand.shop.journal.upkeep() as rows:
        tampering.note(rows, (TillAlarm(kind, 1),))
    hand.shop.till.notify(Changes(network=True))
    hand.wait(visible="standing_notice_title")


def settle(hand: Hand, **values: object) -> None:
    """Say what became of the facts that wait."""
    with hand.shop.journal.upkeep() as rows:
        rows.execute(update(OUTBOX).values(**values))
    hand.shop.till.notify(Changes(outbox=True))
    hand.idle()


def stands(hand: Hand, title: str) -> None:
    """The notice is there on every screen, and cannot be put away."""
    for screen in SCREENS:
        hand.tap(f"nav_{screen}")
        hand.wait(screen=screen, visible="standing_notice_title")
        assert hand.text("standing_notice_title") == WORDS[title]
    assert not hand.sees("standing_notice_close")


def test_a_till_that_a_restore_forgot_says_so_on_every_screen_and_sells_on(hand: Hand) -> None:
    settle(hand, state="accepted")
    refuse(hand, "key_unknown")
    hand.wait(visible="standing_notice_title")
    stands(hand, "forgotten.title")
    said = hand.text("standing_notice_detail")
    assert "新的配对码" in said
    assert "pos-app pair" in said
    assert (hand.text("chip_network"), hand.text("chip_outbox")) == (WORDS["chip.refused"], WORDS["chip.paused"])
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    assert WORDS["chip.paused"] != hand.text("chip_outbox") != WORDS["chip.synced"], "a sale waits"
    refuse(hand, None)
    hand.wait(hidden="standing_notice_title")
    assert hand.text("chip_network") == WORDS["chip.online"]


@pytest.mark.parametrize("kind", ALARMS_OF_THE_JOURNAL)
def test_a_till_whose_records_were_changed_says_so_on_every_screen_and_sells_on(hand: Hand, kind: str) -> None:
    alter(hand, kind)
    stands(hand, "altered.title")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", visible="standing_notice_title")


def test_what_is_held_does_not_hide_what_waits(hand: Hand) -> None:
    settle(hand, state="held", reason="content_differs")
    assert hand.text("chip_outbox") == WORDS["chip.held"].format(n=1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    assert hand.text("chip_outbox") == WORDS["chip.held_and_pending"].format(held=1, n=1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_it_fits(open_window: Open, language: str, size: tuple[int, int]) -> None:
    hand = open_window(language=language, size=size)
    hand.sign_in()
    settle(hand, state="held", reason="content_differs")
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    alter(hand, "journal_edited")
    found = {"altered": faults(hand)}
    refuse(hand, "key_unknown")
    hand.idle()
    hand.tap("nav_checkout")
    found["forgotten"] = faults(hand)
    hand.tap("nav_more", "nav_outbox")
    hand.wait(screen="outbox")
    found["outbox"] = faults(hand)
    assert not any(found.values()), found

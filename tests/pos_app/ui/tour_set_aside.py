"""A tour of its own: what is set aside for this till, on every screen that shows it.

Rule: as `tour`.
"""

from collections.abc import Iterator

from tests.pos_app.headquarters import money, reserved, shown, told, trust
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import uid


def using_what_is_set_aside(hand: Hand) -> Iterator[str]:
    """Uses and money set aside for this till: seen, without a network, spent, on the way back; and this till's code."""
    hand.sign_in()
    hand.tap("nav_more")
    yield "more"
    hand.tap("nav_set_aside")
    hand.wait(visible="set_aside_empty")
    yield "nothing set aside"
    trust(hand.shop)
    told(hand.shop, reserved(hand.shop, 1, uses=3))
    card = money(hand.shop, 5_000, 2, hours=30)
    told(hand.shop, card, origin="hq")
    hand.tap("till_code_print")
    hand.wait(visible="set_aside_notice_title")
    yield "set aside, and the code printed"
    hand.tap("nav_checkout")
    hand.shell.scanner.scanned.emit(shown(card))
    hand.wait(visible="member_set_aside_1")
    hand.tap("pass_1")
    yield "set aside for a member"
    hand.shop.go_offline()
    hand.shell.window.tick()
    yield "set aside and no network"
    hand.shop.clock.frozen = True
    hand.shell.window.tick()
    yield "set aside and an unproven clock"
    hand.tap("pass_1", "product_0")
    hand.key("F6")
    hand.wait(visible="card_total")
    yield "paid from what is set aside"
    hand.tap("confirm")
    hand.wait(visible="approval_field")
    yield "somebody answers for it"
    hand.shop.clock.frozen = False
    hand.tap("approval_back", "confirm")
    hand.wait(screen="result")
    yield "paid without a network"
    hand.key("Return")
    hand.shell.scanner.scanned.emit(shown(reserved(hand.shop, 3, 77, source_id=uid(0x977))))
    hand.wait(visible="member_set_aside_0")
    yield "somebody nobody knows here"
    hand.tap("member_give_back_0", "member_change")
    hand.idle()
    hand.shell.scanner.scanned.emit(shown(reserved(hand.shop, 4, terminal_id=uid(0xD9))))
    hand.wait(visible="notice_title")
    yield "for another till"
    told(hand.shop, reserved(hand.shop, 1, uses=3), "recalled")
    hand.tap("nav_more", "nav_set_aside")
    hand.wait(visible="set_aside_2_state")
    yield "on the way back"
    hand.tap("nav_more", "nav_outbox")
    hand.wait(visible="fact_0")
    yield "devices with what is set aside"

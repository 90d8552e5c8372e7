"""A part of the tour: topping up for a company."""

from collections.abc import Iterator
from dataclasses import replace

from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import ACME, FOREIGN, PINE, short_code

LONG_NAMED = replace(
    ACME, company_name="Panadería, Pastelería y Cafetería Hermanas Fernández de la Cuesta e Hijas, S.L."
)


def for_a_company(hand: Hand) -> Iterator[str]:
    """The card is chosen first, lost, chosen by its code, topped up, and looked at among the orders."""
    hand.tap("nav_checkout", "member_change")
    pine, long_named = (replace(card, currency=hand.shop.store.currency) for card in (PINE, LONG_NAMED))
    hand.shop.appoint(pine, long_named, FOREIGN)
    hand.key("F5")
    hand.wait(screen="top_up")
    hand.scan(1)
    hand.wait(visible="top_up_company_0")
    yield "which card"
    hand.tap("top_up_company_1", "amount_4")
    yield "top-up for a company with a long name"
    hand.shop.appoint(pine)
    hand.wait(visible="top_up_lost_title")
    yield "the company is gone"
    hand.shell.scanner.scanned.emit(short_code(0xC01))
    hand.wait(text=["top_up_company", PINE.company_name])
    hand.tap("amount_5", "cash_open")
    yield "cash for a company"
    hand.tap("cash_done", "confirm")
    hand.wait(screen="result")
    yield "company topped up"
    hand.key("F7")
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_company")
    yield "order of a company"
    hand.shop.appoint()
    hand.tap("nav_checkout")
    hand.wait(screen="checkout", hidden="member_change")

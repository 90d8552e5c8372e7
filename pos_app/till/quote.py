"""What the open basket comes to, and what may pay for it. Fast."""

from models.catalogue import REDEMPTION_TENDERS, TENDER_KINDS
from pos_app.selling.basket import Basket, BasketQuote, quote
from pos_app.till.recording import business_day_text
from pos_app.till.till import Till


def quote_basket(till: Till, basket: Basket) -> BasketQuote:
    """Price the basket with the mirrored catalogue; the refusals of `selling.basket.quote`."""
    now = till.clock.now()
    return quote(basket, till.journal.catalogue.prices, now, business_day_text(till, now))


def allowed_tenders(basket: Basket) -> tuple[str, ...]:
    """Return the tenders that may pay this basket: a redemption's extra takes cash and bank card only (R103, R104)."""
    return tuple(kind for kind in TENDER_KINDS if not basket.is_redemption or kind in REDEMPTION_TENDERS)

"""Paying by card at the counter: the code just scanned, and what the basket would cost that card.

Rule: belongs to the desk, which holds basket and message. What it costs is asked of the till (`charge.offer`); only
the ledger charges. While this tender is chosen, a scanned code is for paying and looks up nobody.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from models.catalogue import Member
from models.refusals import Refusal
from pos_app.selling.basket import Basket
from pos_app.selling.payment import CARD, Payment
from pos_app.till import charge
from pos_app.till.values import CardOffer, Done
from pos_app.ui.messages import Message, explain
from pos_app.ui.settle import Settle

if TYPE_CHECKING:
    from pos_app.ui.desk import Desk

ATTEMPT = "charge"


class CardDesk:
    """The card that is to pay; `offer` None while its code is awaited."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk
        self.offer: CardOffer | None = None
        self._corrected = Settle()

    @property
    def chosen(self) -> bool:
        """Whether the open basket is to be paid by card."""
        return self.desk.payment.kind == CARD

    @property
    def payer(self) -> Member | None:
        """The member whose card is to pay; None while none is shown, and for a company's."""
        return self.offer.member if self.offer is not None else None

    def choose(self) -> None:
        """Let a card pay: at once with the code that opened the member, else ask for one. Offline it is refused."""
        desk = self.desk
        if desk.busy or not desk.quote.due_minor:
            return
        if CARD not in desk.tenders():
            desk.tell(explain(Refusal("tender_not_allowed"), desk.say))
            return
        if desk.payment.parts:
            desk.tell(Message("warn", desk.say("split.card"), desk.say("split.card.detail")))
            return
        if not desk.till.gateway.reachable:
            said = explain(Refusal("offline_not_allowed"), desk.say, ATTEMPT)
            # Nothing was tried yet, and the other tenders are on the screen.
            detail = desk.say("refusal.offline_not_allowed.charge.next")
            desk.tell(replace(said, detail=detail, action="", action_words=""))
            return
        desk.payment, self.offer, desk.notice = Payment(CARD), None, None
        code = charge.fresh_code(desk.till, desk.view)
        if code is not None:
            self.take(code)
        else:
            desk.changed.emit()

    def take(self, code: str) -> None:
        """Show what this code's card would pay, or say why it does not."""
        desk = self.desk
        if desk.busy:
            return
        try:
            self.offer, desk.notice = charge.offer(desk.till, desk.basket, code.strip()), None
        except Refusal as refusal:
            self.offer, desk.notice = None, explain(refusal, desk.say, ATTEMPT)
        desk.changed.emit()

    def forget(self) -> None:
        """Ask for another code."""
        if not self.desk.busy:
            self.offer = None
            self.desk.changed.emit()

    def renew(self) -> None:
        """Follow basket and prices; what the ledger said holds while the price before discount is the same."""
        shown = self.offer
        if shown is None:
            return
        try:
            fresh = charge.offer(self.desk.till, self.desk.basket, shown.code)
        except Refusal:
            self.offer = None
            return
        if not shown.by_ledger or fresh.raw_total_minor != shown.raw_total_minor:
            self.offer = fresh

    def confirm(self) -> None:
        """Charge the card, or show the total that the ledger found for another look."""
        desk, shown = self.desk, self.offer
        if shown is None or (shown.by_ledger and self._corrected.settling):
            return
        basket = desk.basket
        desk.act(ATTEMPT, lambda: self._charge(basket, shown), self._charged)

    def _charge(self, basket: Basket, shown: CardOffer) -> Done | CardOffer:
        try:
            return charge.charge(self.desk.till, basket, shown)
        except Refusal as refusal:
            found = charge.corrected(shown, refusal)
            if found is None:
                raise
            return found

    def _charged(self, found: Done | CardOffer) -> None:
        desk = self.desk
        if isinstance(found, Done):
            desk.recorded(found)
            return
        desk.busy, self.offer = "", found
        self._corrected.begin()
        say = desk.say
        detail = say("card.new_total.detail", before=say.money(found.raw_total_minor))
        desk.tell(Message("warn", say("card.new_total", amount=say.money(found.total_minor)), detail))

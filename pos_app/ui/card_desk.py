"""Paying by card at the counter: the code just scanned, and what the basket would cost that card.

Rule: belongs to the desk, which holds basket and message. What it costs is asked of the till (`charge.offer`); the
ledger charges, or what it has set aside for this till pays (`charge_reserved`). While this tender is chosen, a scanned
code is for paying and looks up nobody.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from models.catalogue import Member
from models.refusals import Refusal
from models.tokens import code_family
from pos_app.selling.basket import Basket
from pos_app.selling.payment import CARD, Payment
from pos_app.till import charge, charge_reserved
from pos_app.till.approval import Approval, or_needed
from pos_app.till.values import CardOffer, Done, MemberView, Proof
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
            self._choose_set_aside()
            return
        desk.payment, self.offer, desk.notice = Payment(CARD), None, None
        code = charge.fresh_code(desk.till, desk.view)
        if code is not None:
            self.take(code)
        else:
            desk.changed.emit()

    def _choose_set_aside(self) -> None:
        """Without a network what is set aside here pays; else say so: nothing was tried, other tenders are there."""
        desk = self.desk
        try:
            self.offer = charge_reserved.offer_member(desk.till, desk.basket, desk.view)
        except Refusal as refusal:
            said = explain(refusal, desk.say, ATTEMPT)
            key = f"refusal.{refusal.code}.charge.next"
            detail = desk.say(key) if desk.say.has(key) else said.detail
            # On a full counter there is no room for a button too; the customer's display shows the code by itself.
            desk.tell(replace(said, detail=detail, action="", action_words=""))
            return
        desk.payment, desk.notice = Payment(CARD), None
        desk.changed.emit()

    def take(self, code: str) -> None:
        """Show what this code's card would pay, or say why it does not."""
        desk = self.desk
        if desk.busy:
            return
        try:
            offer = charge_reserved.offer_code if code_family(code.strip()) == "reservation" else charge.offer
            self.offer, desk.notice = offer(desk.till, desk.basket, code.strip()), None
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
            if shown.reservation_id is not None:
                fresh = charge_reserved.renewed(self.desk.till, self.desk.basket, shown)
            else:
                fresh = charge.offer(self.desk.till, self.desk.basket, shown.code)
        except Refusal:
            self.offer = None
            return
        if not shown.by_ledger or fresh.raw_total_minor != shown.raw_total_minor:
            self.offer = fresh

    def confirm(self, approval: Approval | None = None) -> None:
        """Charge the card, or show the total that the ledger found for another look."""
        desk, shown = self.desk, self.offer
        if shown is None or ((shown.by_ledger or shown.reservation_id is not None) and self._corrected.settling):
            return
        basket, proof = desk.basket, desk.view.proof if desk.view else None
        desk.act(ATTEMPT, or_needed(lambda: self._charge(basket, shown, approval, proof)), self._charged)

    def _charge(
        self, basket: Basket, shown: CardOffer, approval: Approval | None, proof: Proof | None
    ) -> Done | CardOffer:
        till = self.desk.till
        if shown.reservation_id is not None:
            return charge_reserved.charge(till, basket, shown, approval, proof)
        try:
            return charge.charge(till, basket, shown)
        except Refusal as refusal:
            found = charge.corrected(shown, refusal) or self._instead(basket, shown, refusal)
            if found is None:
                raise
            return found

    def _instead(self, basket: Basket, shown: CardOffer, refusal: Refusal) -> CardOffer | None:
        """Return what is set aside here of a card whose free balance is too small; None when that is too little too."""
        if refusal.code != "balance_insufficient" or shown.member is None:
            return None
        try:
            view = MemberView(shown.member, (), "short", shown.code)
            return charge_reserved.offer_member(self.desk.till, basket, view)
        except Refusal:
            return None

    def _charged(self, found: Done | CardOffer | Refusal) -> None:
        desk = self.desk
        if not isinstance(found, CardOffer):
            desk.recorded(found)
            return
        desk.busy, self.offer = "", found
        self._corrected.begin()
        say = desk.say
        if found.reservation_id is not None:
            desk.tell(Message("warn", say("card.instead"), say("card.instead.detail")))
            return
        detail = say("card.new_total.detail", before=say.money(found.raw_total_minor))
        desk.tell(Message("warn", say("card.new_total", amount=say.money(found.total_minor)), detail))

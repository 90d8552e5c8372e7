"""What lies on the counter now: the member, the open basket, how it is being paid, held baskets, one message.

Rule: the only state of the window that screens share. Every verb here returns at once; what may block runs through
`operations`. Prices and limits are asked of the till, never computed here. A basket is never lost: scanning another
member holds it (counter.md, "Fewest touches").
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from models.catalogue import Store
from models.phones import tail
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.selling import basket as baskets
from pos_app.selling.basket import Basket, BasketQuote
from pos_app.selling.payment import CARD, Paying, Payment, Split
from pos_app.till import catalogue, companies, find_member, quote, redeem, sell, sign_in
from pos_app.till.approval import Approval, or_needed
from pos_app.till.till import Till
from pos_app.till.values import Cart, Changes, Done, MemberView, PassView, Refundable
from pos_app.ui.card_desk import CardDesk
from pos_app.ui.cart_keeper import CartKeeper
from pos_app.ui.member_keeper import MemberKeeper
from pos_app.ui.messages import Message, explain
from pos_app.ui.note_desk import NoteDesk
from pos_app.ui.operations import Operations
from pos_app.ui.phrases import Phrases
from pos_app.ui.reserve_desk import ReserveDesk

_NOTHING_DUE = BasketQuote((), 0, 0, 0)


class Desk(QObject):
    """The counter as it is now; `changed` after every change, `screen_wanted` to go elsewhere.

    `looked_up` comes just before the answer to a scan or a phone number is shown.
    """

    changed = Signal()
    screen_wanted = Signal(str)
    looked_up = Signal()
    approval_wanted = Signal(object)

    def __init__(self, till: Till, operations: Operations, phrases: Phrases) -> None:
        super().__init__()
        self.till, self.operations, self.say = till, operations, phrases
        self.view: MemberView | None = None
        self.people: tuple[MemberView, ...] = ()
        self.basket = Basket()
        self.quote = _NOTHING_DUE
        self.priced = True
        self.plain = False
        self.selected = -1
        self.payment: Paying = Payment()
        self.card = CardDesk(self)
        self.carts = CartKeeper(self)
        self.notes = NoteDesk(self)
        self.members = MemberKeeper(self)
        self.reserve = ReserveDesk(self)
        self.held: list[Cart] = []
        self.notice: Message | None = None
        self.busy = ""
        self.done: Done | None = None
        self.done_name = ""
        self.asked_phone = ""
        self.to_refund: Refundable | None = None
        """What the refund screen begins with."""
        self.shut = sign_in.revoked(till)
        """Nothing new is sold; what lay here before, and may be paid, can still be recorded."""

    @property
    def store(self) -> Store:
        """This till's store."""
        return catalogue.store(self.till)

    # -- members ------------------------------------------------------------------------------------------------

    def scan(self, text: str, tops_up: bool = False) -> None:
        """Look up whom a scanned code means (`tops_up`: or a company's); while a card is to pay, it is that card's."""
        if self.busy:
            self.operations.after(lambda: self.scan(text, tops_up))
        elif self.card.chosen and self.basket.cups:
            self.card.take(text)
        else:
            self.members.look_up(lambda: companies.by_code(self.till, text, tops_up=tops_up))

    def find(self, digits: str) -> None:
        """Look up members by phone number or its last four digits, or by member number; a phone can make a new one."""
        self.asked_phone = digits if tail(digits) is None else ""
        self.members.look_up(lambda: find_member.by_phone(self.till, digits), "find" if self.asked_phone else "")

    def take(self, view: MemberView) -> None:
        """Put a member on the counter; an open basket of somebody else is held first, one being paid waited for."""
        if self.busy:
            self.operations.after(lambda: self.take(view))
            return
        self.people = ()
        same = self.view is not None and self.view.member.member_id == view.member.member_id
        if same and self.basket.cups:
            self.view = view
        else:
            if self.basket.cups:
                self._put_aside()
            self.start(view)
        self.changed.emit()

    def drop_member(self) -> None:
        """Clear the counter for the next customer; an open basket is held, one being paid stays."""
        if self.busy:
            return
        if self.basket.cups:
            self._put_aside()
        self.people = ()
        self.start(None)
        self.changed.emit()

    def start(self, view: MemberView | None) -> None:
        """Begin with an empty basket for a member, or for nobody; their best pass is chosen.

        Of an emptied basket what was taken is still to be given back.
        """
        self.payment = self.payment if self.payment.parts and not self.basket.cups else Payment()
        self.view, self.selected, self.plain, self.card.offer = view, -1, False, None
        self.basket = Basket(member=view.member if view else None)
        best = next((held for held in view.passes if held.usable), None) if view else None
        if best is not None:
            self.basket = baskets.with_pass(self.basket, best.held, best.plan)
        self.price()

    # -- the basket ---------------------------------------------------------------------------------------------

    def choose_pass(self, chosen: PassView | None) -> None:
        """Let this pass pay, or none; a basket with cups on it is put aside first, never emptied."""
        current = self.basket.held.pass_id if self.basket.held else None
        if self.busy or current == (chosen.held.pass_id if chosen else None):
            return
        if self.basket.cups:
            self._put_aside()
        plan = chosen.plan if chosen else None
        self.basket = baskets.with_pass(self.basket, chosen.held if chosen else None, plan)
        self.selected, self.plain = -1, chosen is None
        self.payment = self.payment if self.payment.parts else Payment()
        self.price()
        self.changed.emit()

    def add(self, product_id: str) -> None:
        """Put one more piece on the basket."""
        if self._more(baskets.add_product(self.basket, product_id)):
            self.selected = len(self.basket.cups) - 1
            self.changed.emit()

    def repeat(self, index: int) -> None:
        """Put one more of the same cup, add-ons included, on the basket."""
        if self._more(replace(self.basket, cups=(*self.basket.cups, self.basket.cups[index]))):
            self.selected = len(self.basket.cups) - 1
            self.changed.emit()

    def take_off(self, index: int) -> None:
        """Take one cup off."""
        self._try(baskets.remove_cup(self.basket, index))
        self.selected = min(self.selected, len(self.basket.cups) - 1)
        self.changed.emit()

    def add_extra(self, add_on_id: str) -> None:
        """Put an add-on on the selected cup."""
        if 0 <= self.selected < len(self.basket.cups):
            self._more(baskets.add_add_on(self.basket, self.selected, add_on_id))
            self.changed.emit()

    def take_extra(self, index: int, add_on_id: str) -> None:
        """Take one piece of an add-on off a cup."""
        self.selected = index
        self._try(baskets.remove_add_on(self.basket, index, add_on_id))
        self.changed.emit()

    def select(self, index: int) -> None:
        """Choose the cup that add-ons go on."""
        self.selected = index
        self.changed.emit()

    def empty_basket(self) -> None:
        """Take everything off."""
        if not self.busy:
            self._try(replace(self.basket, cups=()))
            self.selected = -1
            self.changed.emit()

    def _more(self, changed: Basket) -> bool:
        """Put something on the basket, where anything new may be sold."""
        if self.shut:
            self.tell(explain(Refusal("terminal_revoked"), self.say))
        return not self.shut and self._try(changed)

    def _try(self, changed: Basket) -> bool:
        """Keep a changed basket if it can be priced; else say why and leave the old one."""
        if self.busy:
            return False
        try:
            self.quote = quote.quote_basket(self.till, changed)
        except Refusal as refusal:
            self.notice = explain(refusal, self.say)
            self.changed.emit()
            return False
        self.basket, self.notice, self.priced = changed, None, True
        self._settle_payment()
        return True

    def price(self) -> None:
        """Ask the till what the basket comes to; a basket that cannot be priced cannot be paid."""
        try:
            self.quote, self.priced = quote.quote_basket(self.till, self.basket), True
        except Refusal as refusal:
            self.quote, self.priced = _NOTHING_DUE, False
            self.notice = explain(refusal, self.say)
        self._settle_payment()

    def _settle_payment(self) -> None:
        payment, due_minor = self.payment, self.quote.due_minor
        if isinstance(payment, Split):
            self.payment = payment if payment.parts or due_minor else Payment()
        elif payment.kind not in self.tenders() or payment.change(due_minor) < 0:
            self.payment = Payment(payment.kind if payment.kind in self.tenders() else "cash")
        self.card.renew()

    # -- held baskets -------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Put the open basket aside, or with none open take the last one up again (F10)."""
        if self.busy:
            return
        if self.basket.cups:
            self._put_aside()
            self.start(None)
            self.changed.emit()
        elif self.held:
            self.take_up(len(self.held) - 1)

    def take_up(self, place: int) -> None:
        """Bring a held basket back; an open one takes its place, and so does money taken for an emptied one."""
        if self.busy or not 0 <= place < len(self.held):
            return
        back = self.held.pop(place)
        if self.basket.cups or self.payment.parts:
            self._put_aside()
        self.view, self.basket, self.people = back.view, back.basket, ()
        self.selected, self.notice, self.card.offer = len(back.basket.cups) - 1, None, None
        self.payment = Split(back.parts) if back.parts else Payment()
        self.price()
        self.changed.emit()
        self.members.refresh()

    def _put_aside(self) -> None:
        self.held.append(Cart(self.view, self.basket, self.payment.parts))
        self.basket, self.payment = replace(self.basket, cups=()), Payment()
        self.notice = Message("info", self.say("held.title"), self.say("held.detail"))

    # -- money --------------------------------------------------------------------------------------------------

    def tenders(self) -> tuple[str, ...]:
        """Return what may pay the basket."""
        kinds = quote.allowed_tenders(self.basket)
        return kinds if self.basket.is_redemption or self.shut else (*kinds, CARD)

    @property
    def due_minor(self) -> int:
        """What is to be paid: the price, or what the card just scanned would pay."""
        return self.quote.due_minor if self.card.offer is None else self.card.offer.total_minor

    def choose_tender(self, kind: str) -> None:
        """Choose how it is paid."""
        if kind == CARD:
            self.card.choose()
        elif not self.busy:
            self.pay_with(Payment(kind))

    def pay_with(self, payment: Paying) -> None:
        """Note what was handed over, and how."""
        if not self.busy:
            self.payment, self.card.offer = payment, None
            self.changed.emit()

    @property
    def can_confirm(self) -> bool:
        """Whether the confirm button may be tapped."""
        ready = bool(self.basket.cups) and self.priced and not self.busy
        if self.shut and self.basket.is_redemption:
            return False
        if self.card.chosen and self.quote.due_minor:
            return ready and self.card.offer is not None
        return ready and self.payment.settles(self.quote.due_minor)

    def confirm(self) -> None:
        """Redeem or sell what is on the basket; `approval_wanted` brings the refusal when a PIN is to be typed."""
        self.confirm_with(None)

    def confirm_with(self, approval: Approval | None) -> None:
        """Confirm what somebody approved."""
        if not self.can_confirm:
            return
        if self.card.offer is not None:
            self.card.confirm(approval)
            return
        open_basket, view, before, due_minor = self.basket, self.view, self.shut, self.quote.due_minor
        if open_basket.is_redemption:
            till, code, proof = self.till, view.code if view else None, view.proof if view else None
            self.pay(
                "redeem",
                self.payment,
                due_minor,
                lambda paid: redeem.redeem(till, open_basket, paid, code, approval, proof),
            )
        else:
            self.pay("sell", self.payment, due_minor, lambda paid: sell.sell(self.till, open_basket, paid, before))

    def pay(
        self,
        attempt: str,
        payment: Paying,
        due_minor: int,
        command: Callable[[Sequence[Tender]], Done],
        done: Callable[[Any], None] | None = None,
    ) -> None:
        """Run a command that takes the tenders of a payment; `done` as in `act`."""
        try:
            tenders = payment.tenders(due_minor)
        except Refusal as refusal:
            self._failed(explain(refusal, self.say))
            return
        self.act(attempt, or_needed(lambda: command(tenders)), done)

    def act(self, attempt: str, command: Callable[[], Any], done: Callable[[Any], None] | None = None) -> None:
        """Run a command that money hangs on; nothing else is done at the counter until it ends."""
        self.busy, self.notice = attempt, None
        self.changed.emit()
        self.operations.run(command, done or self.recorded, self._failed, attempt)

    def recorded(self, done: Done | Refusal) -> None:
        """Show what the journal has; the basket that it paid is gone. A refusal asks for an approval first."""
        if isinstance(done, Refusal):
            self.busy = ""
            self.changed.emit()
            self.approval_wanted.emit(done)
            return
        paid_basket = self.busy in ("redeem", "sell", "charge")
        who = self.view.member if self.view else self.card.payer
        self.done_name = who.name if who is not None and self.busy != "refund" else ""
        self.busy, self.done = "", done
        if paid_basket:
            self.start(None)
        else:
            self.members.refresh()
        self.changed.emit()
        self.screen_wanted.emit("result")

    def _failed(self, message: Message) -> None:
        self.busy, self.notice = "", message
        self.card.renew()
        self.changed.emit()
        self.members.refresh()

    # -- what others changed ------------------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Show a message from elsewhere."""
        self.notice = message
        self.changed.emit()

    def inherit(self, other: "Desk") -> None:
        """Take over what lay on another desk (the language was changed)."""
        self.view, self.basket, self.held = other.view, other.basket, other.held
        self.payment, self.selected, self.plain = other.payment, other.selected, other.plain
        self.done, self.done_name, self.card.offer = other.done, other.done_name, other.card.offer
        if self.view is not None or self.basket.cups:
            self.price()

    def dismiss(self) -> None:
        """Put the message away."""
        self.notice = None
        self.changed.emit()

    def refresh(self, changes: Changes) -> None:
        """Follow what a command or the background changed."""
        if (changes.network or changes.session or changes.full_reload) and self.shut != sign_in.revoked(self.till):
            self.shut = not self.shut
            self._settle_payment()
            self.changed.emit()
        elif changes.network:
            self.changed.emit()
        if changes.members or changes.catalogue or changes.full_reload:
            self.members.refresh()
            if not self.busy and self.basket.cups:
                self.price()
                self.changed.emit()

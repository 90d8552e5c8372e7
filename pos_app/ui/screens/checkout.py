"""The counter, home of the till: member and passes, products, basket (counter.md, "Screens").

Rule: a zero-price redemption is one tap on a product and Confirm; no dialog opens here, ever.
"""

from PySide6.QtCore import Qt

from models.catalogue import name_in
from models.refusals import Refusal
from models.tenders import Part
from pos_app.selling.payment import CARD, Paying, Payment, Split
from pos_app.selling.permissions import MEMBER_PIN
from pos_app.till import member_pin
from pos_app.till.approval import Approval, or_needed
from pos_app.till.values import Changes, HeaderView, Proof
from pos_app.ui.desk import Desk
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.card_panel import CardPanel
from pos_app.ui.screens.cart_panel import CartPanel
from pos_app.ui.screens.member_panel import MemberPanel
from pos_app.ui.screens.note_panel import NotePanel
from pos_app.ui.screens.product_panel import ProductPanel
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.approval_pad import ApprovalPad
from pos_app.ui.widgets.layout import Pages, card, row
from pos_app.ui.widgets.member_pin_pad import MemberPinPad
from pos_app.ui.widgets.split import SplitPanel
from pos_app.ui.widgets.tenders import CashPanel

_CASH, _CARD, _SPLIT, _NOTE, _APPROVAL, _PIN = 1, 2, 3, 4, 5, 6
"""Pages of the middle, after the products."""


class Checkout(Screen):
    """Three columns that draw the desk."""

    name = "checkout"

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        super().__init__(desk)
        self.members = MemberPanel(desk, scanner)
        self.members.plans_wanted.connect(lambda: desk.screen_wanted.emit("sell_pass"))
        self.products = ProductPanel(desk)
        self.cash = CashPanel(self.say)
        self.cash.received.connect(lambda minor: desk.pay_with(Payment("cash", minor)))
        self.cash.closed.connect(self.close_cash)
        self.cash.rest_wanted.connect(lambda minor: self.open_split(Split((Part("cash", minor),))))
        self.split = SplitPanel(self.say)
        self.split.taken.connect(self._take_part)
        self.split.closed.connect(self.close_cash)
        self.split.given_up.connect(lambda: desk.pay_with(Payment()))
        self.cart = CartPanel(desk)
        self.cart.tenders.cash_wanted.connect(self.open_cash)
        self.cart.tenders.split_wanted.connect(lambda: self.open_split(Split()))
        self.cart.notice.acted.connect(self._act)
        self.middle = Pages()
        self.middle.addWidget(self.products)
        self.middle.addWidget(self.cash)
        self.card = CardPanel(desk, scanner)
        self.card.notice.acted.connect(self._act)
        self.middle.addWidget(self.card)
        self.middle.addWidget(self.split)
        self.note = NotePanel(desk)
        self.middle.addWidget(self.note)
        self.approval = ApprovalPad(desk)
        self.approval.approved.connect(self._approved)
        self.approval.given_up.connect(self.close_cash)
        asking = card(self.approval, name="approval_card")
        self.middle.addWidget(asking)
        self.pin = MemberPinPad(desk)
        self.pin.proven.connect(self._proven)
        self.pin.forgotten.connect(self._vouch)
        self.pin.given_up.connect(self.close_cash)
        self.middle.addWidget(card(self.pin, name="member_pin_card"))
        self.members.pin_wanted.connect(self._ask_pin)
        self._to_approve = desk.basket
        self._act_subject = ""
        desk.approval_wanted.connect(self._ask_approval)
        columns = row(self.members, self.middle, self.cart)
        for place, share in enumerate((37, 47, 34)):
            columns.setStretch(place, share)
        self.members.setMinimumWidth(350)
        self.cart.setMinimumWidth(346)
        self.members.setMaximumWidth(520)
        self.cart.setMaximumWidth(480)
        self.setLayout(columns)
        desk.changed.connect(self.redraw)
        desk.looked_up.connect(self.close_cash)
        self.redraw()

    def enter(self) -> None:
        """Start with the cursor in the scan box; a company's code brought its admin here for a top-up alone."""
        self.close_cash()
        if self.desk.view is not None and self.desk.view.found_by == "company":
            self.desk.drop_member()
        self.redraw()
        self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, changes: Changes) -> None:
        """Draw new products and prices."""
        if changes.catalogue or changes.full_reload:
            self.products.products_changed()
            self.redraw()

    def tick(self, view: HeaderView) -> None:
        """Follow the network, and a throttle."""
        self.members.tick(view)
        self.approval.tick()
        self.pin.tick()

    def redraw(self) -> None:
        """Draw the desk; hidden screens wait until they are entered."""
        if not self.isVisibleTo(self.window()):
            return
        self.members.redraw()
        self.products.redraw()
        self.cart.redraw()
        pays = self.desk.card.chosen and bool(self.desk.basket.cups)
        asks = self.middle.currentIndex() in (_APPROVAL, _PIN) and self.desk.basket == self._to_approve
        if not asks and pays != (self.middle.currentIndex() == _CARD):
            self.middle.setCurrentIndex(_CARD if pays else 0)
            (self.card.begin if pays else self.members.focus_box)()
        self._redraw_note(pays)
        if pays:
            self.card.redraw()
        else:
            self._redraw_digits(self.middle.currentIndex(), self.desk.payment, self.desk.quote.due_minor)

    def _redraw_note(self, pays: bool) -> None:
        """Bring the note that is being written to the front or away; whatever else came to the front ends it."""
        notes, front = self.desk.notes, self.middle.currentIndex()
        if pays or front not in (0, _NOTE):
            notes.leave()
        notes.follow()
        if notes.opened and front == 0:
            self.middle.setCurrentIndex(_NOTE)
            self.note.begin()
        elif front == _NOTE and not notes.opened:
            self.middle.setCurrentIndex(0)
            self.members.focus_box()
        self.note.redraw()

    def _redraw_digits(self, page: int, payment: Paying, due_minor: int) -> None:
        """Follow what is paid while digits are shown; nobody needs them for nothing, or for another tender."""
        if page == _CASH and isinstance(payment, Payment) and payment.kind == "cash" and due_minor:
            self.cash.show_payment(due_minor, payment)
        elif page == _SPLIT and isinstance(payment, Split):
            self.split.show_split(self._parts_of(), payment, due_minor)
        elif page in (_CASH, _SPLIT) or (page in (_APPROVAL, _PIN) and self.desk.basket != self._to_approve):
            self.close_cash()

    def _parts_of(self) -> tuple[str, ...]:
        """The tenders that a split may be made of: a card's balance pays alone."""
        return tuple(kind for kind in self.desk.tenders() if kind != CARD)

    def open_cash(self) -> None:
        """Show the digits for cash received."""
        desk = self.desk
        if isinstance(desk.payment, Split):
            self.open_split(desk.payment)
        else:
            self.middle.setCurrentIndex(_CASH)
            self.cash.open_for(desk.quote.due_minor, desk.payment)

    def open_split(self, begun: Split) -> None:
        """Take several tenders, beginning with `begun` unless some were taken."""
        desk = self.desk
        if desk.busy or not desk.quote.due_minor:
            return
        split = desk.payment if isinstance(desk.payment, Split) else begun
        desk.pay_with(split)
        self.middle.setCurrentIndex(_SPLIT)
        self.split.open_for(self._parts_of(), split, desk.quote.due_minor)

    def _take_part(self, kind: str, minor: int) -> None:
        desk = self.desk
        if isinstance(desk.payment, Split):
            desk.pay_with(desk.payment.plus(kind, minor, desk.quote.due_minor))

    def _ask_approval(self, refusal: Refusal) -> None:
        """A redemption for which the member types their PIN, or somebody answers: for them when they cannot, or because
        the clock is not proven and head office does not answer."""
        desk, say = self.desk, self.say
        plan, offer = desk.basket.plan, desk.card.offer
        if (plan is None and offer is None) or not self.isVisibleTo(self.window()):
            return
        if refusal.code == "member_pin_needed":
            self._ask_pin(str(refusal.data["subject"]))
            return
        if plan is not None:
            key = "member_pin.what" if refusal.data["permission"] == MEMBER_PIN else "risk.what"
            what = say(key, pass_name=name_in(plan.names, say.language), uses=say("uses", n=desk.quote.uses))
        else:
            what = say("risk.what.card", amount=say.money(desk.due_minor))
        self._to_approve = desk.basket
        self.middle.setCurrentIndex(_APPROVAL)
        self.approval.ask(refusal, what)

    def _ask_pin(self, subject: str = "") -> None:
        """Let the member type their PIN; `subject`: the act that goes on once they have."""
        desk = self.desk
        if desk.view is None or desk.busy:
            return
        self._to_approve, self._act_subject = desk.basket, subject
        self.middle.setCurrentIndex(_PIN)
        self.pin.ask(desk.view.member, bool(subject) and desk.basket.is_redemption)

    def _vouch(self, approval: Approval | None = None) -> None:
        """Go on without the PIN, by the word of whoever may."""
        till, member_id, subject = self.desk.till, self.pin.member_id, self._act_subject
        ask = or_needed(lambda: member_pin.vouch(till, member_id, subject, approval))
        self.desk.operations.run(ask, self._vouched, self.desk.tell, "redeem")

    def _vouched(self, found: Proof | Refusal) -> None:
        if isinstance(found, Proof):
            self._proven(found)
        elif self.middle.currentIndex() == _PIN:
            self._ask_approval(found)

    def _approved(self, approval: Approval) -> None:
        if approval.permission == MEMBER_PIN:
            self._vouch(approval)
        else:
            self.desk.confirm_with(approval)

    def _proven(self, proof: Proof) -> None:
        """They are who they say: go on with what they were asked for, unless something else came to the counter."""
        goes_on = bool(self._act_subject) and self.desk.basket == self._to_approve
        open_still = self.middle.currentIndex() in (_PIN, _APPROVAL)
        self.desk.members.prove(proof)
        self.close_cash()
        if goes_on and open_still:
            self.desk.confirm()

    def close_cash(self) -> None:
        """Back to the products; a split of which nothing was taken is none."""
        if self.desk.notes.opened:
            self.desk.notes.end()
        if self.middle.currentIndex() in (_CASH, _SPLIT, _APPROVAL, _PIN):
            self.middle.setCurrentIndex(0)
            if self.desk.payment == Split():
                self.desk.pay_with(Payment())
            self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_enter(self) -> None:
        """Confirm; or end the note that is written, or send the PIN that approves."""
        if self.desk.notes.opened:
            self.desk.notes.end()
        elif self.middle.currentIndex() == _APPROVAL:
            self.approval.press_enter()
        elif self.middle.currentIndex() == _PIN:
            self.pin.press_enter()
        else:
            self.desk.confirm()

    def press_escape(self) -> bool:
        """Close what is open: digits, message, choice of people; never the basket."""
        if self.middle.currentIndex() in (_CASH, _SPLIT, _NOTE):
            self.close_cash()
        elif self.middle.currentIndex() == _APPROVAL:
            self.approval.press_escape()
        elif self.middle.currentIndex() == _PIN:
            self.pin.press_escape()
        elif self.middle.currentIndex() == _CARD:
            self.desk.choose_tender("cash")
        elif self.members.close_pad():
            pass
        elif self.desk.notice is not None:
            self.desk.dismiss()
        elif self.desk.people:
            self.desk.drop_member()
        return True

    def _act(self, action: str) -> None:
        self.desk.dismiss()
        if action == "scan" and self.middle.currentIndex() == _CARD:
            self.desk.card.forget()
            self.card.begin()
        elif action == "tender":
            self.desk.choose_tender("cash")
        elif action in ("scan", "phone"):
            self.members.focus_box()
            if action == "phone" and not self.members.digits.chosen:
                self.members.toggle_pad()
        elif action == "cash":
            self.open_cash()
        elif action == "refresh":
            self.desk.refresh(Changes(full_reload=True))
        else:
            self.desk.screen_wanted.emit(action)

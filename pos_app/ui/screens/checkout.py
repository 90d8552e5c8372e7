"""The counter, home of the till: member and passes, products, basket (counter.md, "Screens").

Rule: a zero-price redemption is one tap on a product and Confirm; no dialog opens here, ever.
"""

from PySide6.QtCore import Qt

from pos_app.till.values import Changes, HeaderView
from pos_app.ui.desk import Desk
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.card_panel import CardPanel
from pos_app.ui.screens.cart_panel import CartPanel
from pos_app.ui.screens.member_panel import MemberPanel
from pos_app.ui.screens.product_panel import ProductPanel
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.layout import Pages, row
from pos_app.ui.widgets.tenders import CashPanel


class Checkout(Screen):
    """Three columns that draw the desk."""

    name = "checkout"

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        super().__init__(desk)
        self.members = MemberPanel(desk, scanner)
        self.members.plans_wanted.connect(lambda: desk.screen_wanted.emit("sell_pass"))
        self.products = ProductPanel(desk)
        self.cash = CashPanel(self.say)
        self.cash.received.connect(desk.receive)
        self.cash.closed.connect(self.close_cash)
        self.cart = CartPanel(desk)
        self.cart.cash_wanted.connect(self.open_cash)
        self.cart.notice.acted.connect(self._act)
        self.middle = Pages()
        self.middle.addWidget(self.products)
        self.middle.addWidget(self.cash)
        self.card = CardPanel(desk, scanner)
        self.card.notice.acted.connect(self._act)
        self.middle.addWidget(self.card)
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
        """Start with the cursor in the scan box."""
        self.close_cash()
        self.redraw()
        self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, changes: Changes) -> None:
        """Draw new products and prices."""
        if changes.catalogue or changes.full_reload:
            self.products.products_changed()
            self.redraw()

    def tick(self, view: HeaderView) -> None:
        """Follow the network."""
        self.members.tick(view)

    def redraw(self) -> None:
        """Draw the desk; hidden screens wait until they are entered."""
        if not self.isVisibleTo(self.window()):
            return
        self.members.redraw()
        self.products.redraw()
        self.cart.redraw()
        pays = self.desk.card.chosen and bool(self.desk.basket.cups)
        if pays != (self.middle.currentIndex() == 2):
            self.middle.setCurrentIndex(2 if pays else 0)
            (self.card.begin if pays else self.members.focus_box)()
        if pays:
            self.card.redraw()
        elif self.middle.currentIndex() == 1:
            if self.desk.quote.due_minor == 0 or self.desk.payment.kind != "cash":
                self.close_cash()
            else:
                self.cash.show_payment(self.desk.quote.due_minor, self.desk.payment)

    def open_cash(self) -> None:
        """Show the digits for cash received."""
        self.middle.setCurrentIndex(1)
        self.cash.open_for(self.desk.quote.due_minor, self.desk.payment)

    def close_cash(self) -> None:
        """Back to the products."""
        if self.middle.currentIndex() == 1:
            self.middle.setCurrentIndex(0)
            self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_enter(self) -> None:
        """Confirm."""
        self.desk.confirm()

    def press_escape(self) -> bool:
        """Close what is open: digits, message, choice of people; never the basket."""
        if self.middle.currentIndex() == 1:
            self.close_cash()
        elif self.middle.currentIndex() == 2:
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
        if action == "scan" and self.middle.currentIndex() == 2:
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

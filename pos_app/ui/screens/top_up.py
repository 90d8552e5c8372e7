"""Top up: the member at the left, the amount in the middle, what it brings and the payment at the right.

Rule: the bonus is asked of the till (`top_up.offer`), never worked out here. It works offline, and says so. Whoever
administers companies' cards is asked for which card first (`top_up_card`).
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.catalogue import CompanyCard, mask_card_no
from models.money import MOST_TOP_UP_MINOR
from models.refusals import Refusal
from pos_app.selling.payment import Payment
from pos_app.till import top_up
from pos_app.till.companies import company_of
from pos_app.till.values import Changes, HeaderView, TopUpOffer
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.paid_screen import PaidScreen
from pos_app.ui.screens.top_up_card import OWN, WhichCard
from pos_app.ui.widgets.amount import AmountField, AmountTile
from pos_app.ui.widgets.buttons import Choice
from pos_app.ui.widgets.figures import Figures
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Grid, Pages, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.tenders import unpaid_words
from pos_app.ui.widgets.text import Words, breakable

QUICK_MINOR = (5_000, 10_000, 20_000, 30_000, 50_000, 100_000)
"""Round amounts offered; those that a bonus rule begins at come before them."""
MOST_QUICK = 6


class TopUp(PaidScreen):
    """Who, how much, how paid."""

    name = "top_up"

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        say = desk.say
        self.amount_minor: int | None = None
        self.chosen: str | None = OWN
        """For which card: OWN, a company's by its id, None: still to be chosen."""
        self._lost = False
        self._asked: object = None
        self.quick = Grid(tile_width=132, gap=8, most=3)
        self.field = AmountField("top_up_field", say, say("top_up.amount"))
        self.field.setPlaceholderText(say.money(0))
        pad = Keypad("top_up_digit", say("key.back"), extra=self.field.point, height=64)
        pad.types_into(self.field)
        self.amount_title = Words(say("top_up.title"), 22, bold=True)
        self.card_button = Choice("top_up_switch", "", "switch", theme.TOUCH, theme.TEXT_STRONG)
        self.card_button.clicked.connect(lambda: self.choose_card(None))
        amounts = card(
            self.amount_title,
            self.card_button,
            self.quick,
            rule(),
            row(Words(say("top_up.amount"), theme.TEXT_STRONG), self.field),
            pad,
            None,
            name="amount_card",
        )
        prompt = Empty("top_up_prompt", "wallet-add", say("top_up.prompt"), say("top_up.prompt.detail"))
        self.which = WhichCard(say)
        self.which.chosen.connect(self.choose_card)
        self.steps = Pages()
        self.steps.addWidget(card(self.which, name="which_card"))
        self.steps.addWidget(amounts)
        super().__init__(desk, scanner, self.steps, "top_up", prompt)
        self.members.tops_up = True
        self.company = Words("", theme.TEXT_STRONG, bold=True, wrap=True)
        self.company.setObjectName("top_up_company")
        self.company_note = Words("", tone="soft", wrap=True)
        self.company_note.setObjectName("top_up_company_note")
        self.company_block = QWidget()
        self.company_block.setLayout(column(self.company, self.company_note, rule(), gap=4))
        self.preview.addWidget(self.company_block)
        self.figures = Figures()
        self.preview.addWidget(self.figures)
        self.refused = Notice("top_up_refused")
        self.preview.addWidget(self.refused)
        self.offline = Notice("top_up_offline")
        self.preview.addWidget(self.offline)
        self.field.changed.connect(self._typed)
        self._quick: object = None

    def enter(self) -> None:
        """Start with no amount, unless a part of it was taken already."""
        self._quick = None
        if not self.payment.parts:
            self.amount_minor, self.payment, self._asked = None, Payment(), None
            self.field.show_amount(None)
        self.close_cash()
        self.redraw()
        self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_scan(self, text: str) -> bool:
        """Here a company's code says for which card money comes in."""
        self.desk.scan(text, tops_up=True)
        return True

    def follow(self, changes: Changes) -> None:
        """Draw new bonus rules."""
        if changes.catalogue or changes.full_reload:
            self.redraw()

    def tick(self, view: HeaderView) -> None:
        """Say what being offline means here: nothing, but that the credit comes later."""
        self.members.tick(view)
        message = None
        if view.offline_seconds is not None:
            message = Message("info", self.say("top_up.offline"), self.say("top_up.offline.detail"))
        self.offline.show_message(message)

    # -- drawing ------------------------------------------------------------------------------------------------

    def due_minor(self) -> int:
        """The amount chosen."""
        offered, _ = self._offer()
        return offered.amount_minor if offered else 0

    def redraw(self) -> None:
        """Show member, amounts and what the chosen one brings."""
        if not self.isVisibleTo(self.window()):
            return
        desk, say = self.desk, self.say
        self._follow_member()
        self.members.redraw()
        self._draw_card()
        self._draw_quick()
        offered, refused = self._offer()
        self.notice.show_message(desk.notice)
        self.refused.show_message(refused)
        self.figures.clear()
        shown = offered is not None and desk.view is not None and self.chosen is not None
        self.figures.setVisible(shown)
        if offered is not None and shown:
            self._draw_offer(offered)
        self.prompt.setVisible(not shown and refused is None)
        if desk.view is None:
            self.prompt.say("scan", say("top_up.member"), say("top_up.member.detail"))
        elif self.chosen is None:
            self.prompt.say("wallet", say("top_up.which"))
        else:
            self.prompt.say("wallet-add", say("top_up.prompt"), say("top_up.prompt.detail"))
        self.draw_payment()
        self.confirm.setEnabled(shown and not desk.busy and self.paid)
        words = say("confirm.top_up.empty")
        if desk.view is None:
            words = say("confirm.top_up.member")
        elif self.chosen is None:
            words = say("top_up.which")
        elif offered is not None:
            words = self.shut_words(say("confirm.top_up", amount=say.money(offered.amount_minor)))
            words = words if self.paid else unpaid_words(say, self.payment, offered.amount_minor)
        self.confirm.say(say("confirm.busy") if desk.busy else words, say("key.enter"), bool(desk.busy))

    def _follow_member(self) -> None:
        """Another member, or a company's code, begins with its own choice; a company that is lost is chosen no more."""
        view = self.desk.view
        asked = view and (view.member.member_id, view.company_id, view.company_id and view.scanned_seconds)
        if asked != self._asked:
            self._asked, self._lost = asked, False
            self.chosen = OWN if view is None or not (view.company_id or view.member.companies) else view.company_id
        company = self._company()
        if self.chosen and company is None:
            self._lost = True
        if self.chosen and (company is None or not top_up.takes_money(self.till, company)):
            self.chosen = None
        if self.chosen is None:
            self.close_cash()

    def _company(self) -> CompanyCard | None:
        return company_of(self.desk.view.member, self.chosen) if self.desk.view is not None else None

    def _draw_card(self) -> None:
        say, view, company = self.say, self.desk.view, self._company()
        self.steps.setCurrentIndex(0 if self.chosen is None else 1)
        if view is not None and self.chosen is None:
            self.which.draw(self.till, view, self._lost)
        several = view is not None and bool(view.member.companies or self._lost)
        self.amount_title.setVisible(not several)
        self.card_button.setVisible(several)
        named = company.company_name if company is not None else say("top_up.own")
        self.card_button.setText(named)
        self.card_button.setAccessibleName(say("top_up.change", card=named))
        self.company_block.setVisible(company is not None)
        if company is not None and view is not None:
            self.company.setText(breakable(company.company_name))
            number = mask_card_no(company.card_no)
            self.company_note.setText(say("top_up.asked", card=number, name=view.member.name))

    def _offer(self) -> tuple[TopUpOffer | None, Message | None]:
        if not self.amount_minor:
            return None, None
        try:
            return top_up.offer(self.till, self.amount_minor, self.chosen or None), None
        except Refusal as refusal:
            return None, explain(refusal, self.say, "top_up")

    def _draw_offer(self, offered: TopUpOffer) -> None:
        say, figures = self.say, self.figures
        figures.line("top_up_paid", say("top_up.paid"), say.money(offered.amount_minor))
        bonus = f"+{say.money(offered.bonus_minor)}" if offered.bonus_minor else say("top_up.no_bonus")
        if offered.card_id is None:
            figures.line("top_up_bonus", say("top_up.bonus"), bonus, tone="good" if offered.bonus_minor else "")
        figures.part()
        credit = say.money(offered.amount_minor + offered.bonus_minor)
        figures.line("top_up_credit", say("top_up.credit"), credit, theme.TITLE, "primary")

    def _draw_quick(self) -> None:
        rules = () if self.chosen else top_up.rules(self.till)
        wanted = [rule.min_amount_minor for rule in rules if rule.min_amount_minor <= MOST_TOP_UP_MINOR]
        wanted += [amount for amount in QUICK_MINOR if amount not in wanted]
        offers = [top_up.offer(self.till, amount, self.chosen or None) for amount in sorted(wanted[:MOST_QUICK])]
        drawn = (offers, self.amount_minor)
        if drawn == self._quick:
            return
        self._quick = drawn
        say = self.say
        made: list[QWidget] = []
        for place, offered in enumerate(offers):
            bonus = say("top_up.brings", amount=say.money(offered.bonus_minor)) if offered.bonus_minor else ""
            tile = AmountTile(f"amount_{place}", say.money(offered.amount_minor), bonus)
            tile.choose(offered.amount_minor == self.amount_minor)
            tile.clicked.connect(lambda _=False, chosen=offered.amount_minor: self.choose(chosen))
            made.append(tile)
        self.quick.fill(made)

    # -- acting -------------------------------------------------------------------------------------------------

    def choose_card(self, chosen: str | None) -> None:
        """Take this card; None: choose again. The amount stays."""
        if not self.desk.busy and not self.desk.shut:
            self.chosen, self._lost = chosen, False
            self.redraw()

    def choose(self, amount_minor: int) -> None:
        """Take a round amount."""
        if not self.desk.busy and not self.desk.shut:
            self.field.show_amount(amount_minor)
            self._typed(amount_minor)

    def _typed(self, amount_minor: int | None) -> None:
        self.amount_minor, self.payment = amount_minor, self.payment.renewed()
        self.redraw()

    def press_enter(self) -> None:
        """Take the money."""
        offered, _ = self._offer()
        view, before = self.desk.view, self.desk.shut
        if offered is not None and view is not None and self.confirm.isEnabled():
            self.desk.pay(
                self.name,
                self.payment,
                offered.amount_minor,
                lambda paid: top_up.top_up(self.till, view.member, offered, paid, before),
                self.recorded,
            )

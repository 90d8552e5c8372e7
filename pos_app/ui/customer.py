"""What the customer sees on a screen of their own: a welcome, their basket as it grows, what is due, and thanks.

Rule: draws what lies on the desk and is never touched. It speaks the slips' language, whatever the cashier's is, and
shows nobody's whole name.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from models.catalogue import mask_name, name_in
from models.passes import CupQuote, NotedCup
from pos_app.till.values import Done
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.phrases import Phrases
from pos_app.ui.reserve_desk import SCREEN as RESERVE_SCREEN
from pos_app.ui.widgets.code_picture import CodePicture
from pos_app.ui.widgets.layout import Pages, Scroll, card, column, empty, row, rule
from pos_app.ui.widgets.text import Words, breakable

IN_A_WINDOW = "window"
SMALLEST = (800, 480)
_HUGE, _LARGE, _LINE = 64, 34, 24
_CARD_WIDTH, _PASSES = 640, 4
_CODE_PIXELS = 260
_NOBODY = ("sign_in", "open_shift")
_CENTER = Qt.AlignmentFlag.AlignCenter


def places() -> tuple[str, ...]:
    """Return where it can be shown: every screen but the cashier's by its name, and in a window."""
    first = QGuiApplication.primaryScreen()
    return (*(screen.name() for screen in QGuiApplication.screens() if screen != first), IN_A_WINDOW)


class CustomerDisplay(QWidget):
    """One window; `show_at` brings it up, `turn` follows the screen that the cashier is on."""

    def __init__(self, desk: Desk, say: Phrases) -> None:
        super().__init__()
        self.desk, self.say = desk, say
        self.setObjectName("customer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(theme.style_sheet() + f"QWidget#customer {{ background: {theme.GROUND}; }}")
        self.setFont(theme.font(theme.TEXT))
        self.setWindowTitle(desk.store.name)
        self.setMinimumSize(*SMALLEST)
        self.pages = Pages()
        self.welcome, self.basket, self.thanks = self._welcome(), self._basket(), self._thanks()
        self.code = self._code()
        for page in (self.welcome, self.basket, self.thanks, self.code):
            self.pages.addWidget(page)
        store = Words(desk.store.name, _LARGE, bold=True)
        store.setObjectName("customer_store")
        whole = column(*self._training_bar(), column(store, self.pages, gap=20, margin=32), gap=0)
        self.setLayout(whole)
        self._front, self._stays = "", False
        desk.changed.connect(self.redraw)
        self.redraw()

    def show_at(self, place: str) -> None:
        """Show it on the screen of this name, whole, or in a window; on a screen that is gone, in a window."""
        wanted = next((screen for screen in QGuiApplication.screens() if screen.name() == place), None)
        if wanted is None or wanted == QGuiApplication.primaryScreen():
            self.resize(1024, 600)
            self.show()
        else:
            self.setGeometry(wanted.geometry())
            self.showFullScreen()

    def turn(self, screen_name: str) -> None:
        """The cashier went to another screen."""
        if self._stays and screen_name in _NOBODY:
            return
        self._front, self._stays = screen_name, False
        self.redraw()

    def stay(self) -> None:
        """Go on showing what is shown while nobody is signed in: the till locks by itself."""
        self._stays = True

    def end(self) -> None:
        """Let go of the desk and close."""
        self.desk.changed.disconnect(self.redraw)
        self.close()
        self.deleteLater()

    def _training_bar(self) -> list[QWidget]:
        """What a customer must know when somebody practises here."""
        if not self.desk.till.journal.training:
            return []
        words = Words(self.say("customer.training"), _LINE, bold=True, wrap=True)
        words.setObjectName("customer_training_words")
        words.setAlignment(_CENTER)
        bar = QFrame()
        bar.setObjectName("customer_training")
        bar.setLayout(column(words, margin=14))
        return [bar]

    # -- pages --------------------------------------------------------------------------------------------------

    def _words(self, name: str, size: int, tone: str = "") -> Words:
        made = Words("", size, bold=True, tone=tone, wrap=True)
        made.setObjectName(name)
        made.setAlignment(_CENTER)
        return made

    def _welcome(self) -> QWidget:
        self.hello = self._words("customer_hello", _HUGE)
        self.rows = column(gap=14)
        self.passes = QFrame()
        self.passes.setProperty("role", "card")
        self.passes.setLayout(column(self.rows, margin=24))
        self.passes.setFixedWidth(_CARD_WIDTH)
        made = QWidget()
        made.setLayout(
            column(None, self._image("logo", theme.PRIMARY), self.hello, row(None, self.passes, None), None, gap=24)
        )
        return made

    def _image(self, name: str, colour: str) -> QWidget:
        made = QLabel()
        made.setPixmap(icons.pixmap(name, colour, 96))
        made.setAlignment(_CENTER)
        return made

    def _basket(self) -> QWidget:
        self.lines = Scroll(gap=14)
        self.lines.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.verticalScrollBar().rangeChanged.connect(
            lambda _low, high: self.lines.verticalScrollBar().setValue(high)
        )
        self.uses = self._words("customer_uses", _LARGE, "soft")
        self.due = Words("", _HUGE, bold=True)
        self.due.setObjectName("customer_due")
        self.change = self._words("customer_change", _LARGE, "good")
        due_title = Words(self.say("customer.due"), _LARGE, tone="soft")
        foot = column(rule(), self.uses, row(due_title, None, self.due), self.change, gap=10)
        made = card(self.lines, foot, gap=16, margin=28, name="customer_card")
        made.layout().setStretch(0, 1)  # type: ignore[union-attr]
        return made

    def _code(self) -> QWidget:
        """This till's own code, for the customer's phone to scan; the same below it to be typed."""
        say, code = self.say, self.desk.reserve.code
        made = QWidget()
        if code is None:
            return made
        title = self._words("customer_code_title", _LARGE)
        title.setText(say("till_code.page"))
        steps = [Words(f"{number}. {say(f'till_code.step.{number}')}", _LINE, wrap=True) for number in (1, 2, 3)]
        picture = CodePicture("customer_code_picture", code.address, say("till_code.spoken"), _CODE_PIXELS)
        typed, text = (
            Words(say("till_code.typed"), theme.HEADING, tone="soft", wrap=True),
            Words(code.text, _LARGE, bold=True),
        )
        text.setObjectName("customer_code_text")
        for words in (typed, text):
            words.setAlignment(_CENTER)
        left, right = column(None, picture, typed, text, None, gap=8), column(None, *steps, None, gap=16)
        columns = row(left, right, gap=32)
        columns.setStretch(1, 1)
        made.setLayout(column(title, columns, gap=12))
        return made

    def _thanks(self) -> QWidget:
        self.done = self._words("customer_done", _HUGE)
        self.figures = column(gap=12)
        self.figure_words = [self._words(f"customer_figure_{place}", _LARGE, "soft") for place in range(4)]
        for words in self.figure_words:
            self.figures.addWidget(words)
        made = QWidget()
        made.setLayout(
            column(None, self._image("check-circle", theme.GOOD_STRONG), self.done, self.figures, None, gap=20)
        )
        return made

    # -- drawing ------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show what lies on the desk now."""
        desk = self.desk
        if self._front == RESERVE_SCREEN and desk.reserve.code is not None:
            self.pages.setCurrentWidget(self.code)
        elif desk.basket.cups and self._front not in _NOBODY:
            self._draw_basket()
            self.pages.setCurrentWidget(self.basket)
        elif self._front == "result" and desk.done is not None:
            self._draw_done(desk.done)
            self.pages.setCurrentWidget(self.thanks)
        elif desk.reserve.wants_code and self._front not in _NOBODY:
            self.pages.setCurrentWidget(self.code)
        else:
            self._draw_welcome()
            self.pages.setCurrentWidget(self.welcome)

    def _draw_welcome(self) -> None:
        say, view = self.say, self.desk.view
        known = view if self._front not in _NOBODY else None
        name = mask_name(known.member.name) if known else ""
        self.hello.setText(say("customer.hello.name", name=name) if name else say("customer.hello"))
        held = [one for one in known.passes if one.usable] if known else []
        empty(self.rows)
        for one in held[:_PASSES]:
            self.rows.addWidget(self._pass(name_in(one.plan.names, say.language), one.held.uses_left))
        self.passes.setVisible(bool(held))

    def _pass(self, name: str, left: int) -> QWidget:
        made = QWidget()
        made.setLayout(row(Words(name, _LINE), None, Words(self.say("uses", n=left), _LINE, bold=True)))
        return made

    def _draw_basket(self) -> None:
        say, desk = self.say, self.desk
        groups: dict[NotedCup, list[int]] = {}
        for index, cup in enumerate(desk.basket.cups):
            groups.setdefault(cup, []).append(index)
        priced = desk.quote.cups if len(desk.quote.cups) == len(desk.basket.cups) else ()
        made = [self._line(priced[found[0]], len(found), cup.note) for cup, found in groups.items()] if priced else []
        self.lines.fill(made)
        redeems = desk.basket.is_redemption
        self.uses.setVisible(redeems)
        if redeems:
            left = say("uses", n=desk.quote.uses_left)
            self.uses.setText(say("customer.uses", used=say("uses", n=desk.quote.uses), left=left))
        self.due.setText(say.money(desk.due_minor))
        change_minor = desk.payment.change(desk.due_minor)
        self.change.setVisible(change_minor > 0)
        self.change.setText(say("customer.change", amount=say.money(max(0, change_minor))))

    def _line(self, priced: CupQuote, count: int, note: str) -> QWidget:
        say = self.say
        name = name_in(priced.product.names, say.language)
        title = Words(f"{count} × {name}" if count > 1 else name, _LINE, bold=True, wrap=True)
        covered = self.desk.basket.is_redemption and not priced.total_minor
        cost = say("uses", n=count) if covered else say.money(priced.total_minor * count)
        top = row(title, Words(cost, _LINE, bold=True))
        top.setStretch(0, 1)
        parts = [
            say("line.add_on", name=name_in(part.add_on.names, say.language), n=part.quantity)
            for part in priced.add_ons
        ]
        parts += [say("note.on_line", note=note)] if note else []
        below = Words(breakable(" · ".join(parts)), theme.HEADING, tone="soft", wrap=True)
        below.setVisible(bool(parts))
        made = QWidget()
        made.setLayout(column(top, below, gap=2) if parts else column(top))
        return made

    def _draw_done(self, done: Done) -> None:
        say = self.say
        self.done.setText(say("customer.thanks"))
        figures = []
        if done.kind == "ToppedUp":
            company = done.card.company if done.card is not None else ""
            key = "customer.topped_up.company" if company else "customer.topped_up"
            figures.append(say(key, amount=say.money(done.total_minor), company=company))
        if done.change_minor:
            figures.append(say("customer.change", amount=say.money(done.change_minor)))
        if done.uses_left is not None:
            figures.append(say("customer.left", left=say("uses", n=done.uses_left)))
        if done.card is not None and done.card.balance_minor is not None:
            figures.append(say("customer.balance", amount=say.money(done.card.balance_minor)))
        if done.pickup_no:
            figures.append(say("customer.pickup", number=done.pickup_no))
        for place, words in enumerate(self.figure_words):
            words.setVisible(place < len(figures))
            words.setText(figures[place] if place < len(figures) else "")

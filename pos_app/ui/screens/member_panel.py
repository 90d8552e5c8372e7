"""Left column of the counter: scan box, on-screen digits, the member, the passes nearest expiry first.

Rule: phones are shown masked. Which pass is best was decided by the till (`MemberView.passes` is in order).
"""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from models.phones import is_number, mask_phone
from models.tokens import code_family
from pos_app.till import member_pin, orders
from pos_app.till.order_values import OrderRow
from pos_app.till.values import HeaderView, MemberView, PassView
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.scanner import Scanner
from pos_app.ui.widgets.buttons import Choice, Glyph, Row, push
from pos_app.ui.widgets.camera_view import CameraView
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.keypad import Keypad
from pos_app.ui.widgets.layout import Pages, Scroll, card, column, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.pass_row import pass_row
from pos_app.ui.widgets.recent_row import RecentRow
from pos_app.ui.widgets.set_aside_row import set_aside_row
from pos_app.ui.widgets.text import Words

_COVERED = "••••"


class MemberPanel(QWidget):
    """Emits nothing but through the desk; `plans_wanted` asks for the pass sale, `pin_wanted` for the member's PIN."""

    plans_wanted = Signal()
    pin_wanted = Signal()

    def __init__(self, desk: Desk, scanner: Scanner, chooses_pass: bool = True) -> None:
        super().__init__()
        self.desk, self.say, self._chooses_pass = desk, desk.say, chooses_pass
        self.tops_up = False
        self.box = Entry("scan_box", self.say("scan.placeholder"), self.say("scan.spoken"), longest=1000)
        self.box.entered.connect(self._look_up)
        self.box.setTextMargins(34, 0, 0, 0)
        mark = QLabel(self.box)
        mark.setPixmap(icons.pixmap("scan", theme.PRIMARY, 26))
        mark.setGeometry(14, 0, 26, 58)
        self.digits = Choice("phone_pad", "", "keypad", 58)
        self.digits.setFixedWidth(58)
        self.digits.setAccessibleName(self.say("scan.digits"))
        self.digits.hint = self.say("scan.digits")
        self.digits.clicked.connect(self.toggle_pad)
        self.offline = Notice("offline_notice")
        self.pad = Keypad("phone_digit", self.say("key.back"), height=64)
        self.pad.types_into(self.box)
        self.pad_find = push("phone_find", self.say("scan.find"), "primary", tall=True)
        self.pad_find.clicked.connect(self.box.enter)
        self.pad_card = card(
            Words(self.say("scan.pad.title"), theme.TEXT, tone="soft", wrap=True),
            self.pad,
            self.pad_find,
            name="pad_card",
        )
        self.idle = self._idle(scanner)
        self.found = QWidget()
        self.found.setLayout(column())
        self.passes = Scroll()
        self.stack = Pages()
        for part in (self.idle, self._pad_page(), self.found):
            self.stack.addWidget(part)
        self.member_card = QFrame()
        self.pass_card = QFrame()
        self.setLayout(column(row(self.box, self.digits, gap=8), self.offline, self.stack))
        self._drawn: object = None
        self._header: HeaderView | None = None
        self.recent: tuple[OrderRow, ...] = ()
        self.shows_recent = False
        self._recent_of: MemberView | None = None
        self.covered = False

    def _covers(self, view: MemberView | None) -> bool:
        return view is not None and member_pin.hides(self.desk.till, view)

    def _idle(self, scanner: Scanner) -> QWidget:
        camera = CameraView("camera_view", scanner, self.say)
        self.hint = Empty("member_empty", "scan", self.say("member.empty"))
        return card(camera, self.hint, gap=8, name="member_idle")

    def _draw_hint(self, pays: bool) -> None:
        """Say what a code is for: to open a member, or to pay what lies on the basket."""
        if pays:
            self.hint.say("wallet", self.say("card.aside"), self.say("card.aside.detail"))
            return
        key = "member.empty.detail" if self._chooses_pass else "member.empty.detail.needed"
        self.hint.say("scan", self.say("member.empty"), self.say(key))

    def _pad_page(self) -> QWidget:
        made = QWidget()
        made.setLayout(column(self.pad_card, None))
        return made

    # -- the scan box -------------------------------------------------------------------------------------------

    def focus_box(self) -> None:
        """Put the cursor into the scan box (F2) with its old text ready to be replaced."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def toggle_pad(self) -> None:
        """Show or hide the digits."""
        self.digits.choose(not self.digits.chosen)
        self.focus_box()
        self._drawn = None
        self.redraw()

    def close_pad(self) -> bool:
        """Put the digits, or what happened before, away; False when neither was out."""
        if self.shows_recent and not self.digits.chosen and not self.box.text():
            self.toggle_recent()
            return True
        if not self.digits.chosen and not self.box.text():
            return False
        self.digits.choose(False)
        self.box.clear()
        self._drawn = None
        self.redraw()
        return True

    def _look_up(self, text: str) -> None:
        """Look up what was entered: digits are a phone or member number, anything else a code."""
        self.box.clear()
        self.digits.choose(False)
        if is_number(text) and code_family(text) == "foreign":
            self.desk.find(text)
        else:
            self.desk.scan(text, self.tops_up)

    # -- drawing ------------------------------------------------------------------------------------------------

    def tick(self, view: HeaderView) -> None:
        """Say what being offline means for passes."""
        self._header = view
        self.offline.show_message(self.desk.reserve.rests_on(view))
        if self.covered != self._covers(self.desk.view):
            self.redraw()

    def redraw(self) -> None:
        """Show what lies on the desk."""
        desk = self.desk
        current = desk.basket.held.pass_id if desk.basket.held else None
        pays = self._chooses_pass and desk.card.chosen and bool(desk.basket.cups)
        self._follow_recent(desk.view)
        self.covered = self._covers(desk.view)
        shown = (current, self.digits.chosen, pays, self.shows_recent, self.recent, bool(desk.busy), self.covered)
        drawn = (desk.view, desk.people, *shown)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if self._header is not None:
            self.offline.show_message(desk.reserve.rests_on(self._header))
        self.digits.setChecked(self.digits.chosen)
        self._draw_hint(pays)
        if self.digits.chosen:
            self.stack.setCurrentIndex(1)
        elif desk.people:
            self._show(self._people(desk.people))
        elif desk.view is None:
            self.stack.setCurrentIndex(0)
        else:
            self._show(self._member(desk.view, current))

    def _show(self, parts: list[QWidget]) -> None:
        made = QWidget()
        made.setLayout(column(*parts))
        self.stack.removeWidget(self.found)
        self.found.deleteLater()
        self.found = made
        self.stack.insertWidget(2, made)
        self.stack.setCurrentIndex(2)

    def _people(self, people: tuple[MemberView, ...]) -> list[QWidget]:
        rows = Scroll()
        made: list[QWidget] = []
        for place, view in enumerate(people):
            member = view.member
            usable = sum(held.held.uses_left for held in view.passes if held.usable)
            entry = Row(f"person_{place}", member.name, mask_phone(member.phone), self.say("uses", n=usable))
            entry.clicked.connect(lambda _=False, chosen=view: self.desk.take(chosen))
            made.append(entry)
        rows.fill(made)
        title = Words(self.say("member.several", n=len(people)), theme.HEADING, bold=True, wrap=True)
        return [card(title, rows, name="people_card")]

    def _member(self, view: MemberView, current: str | None) -> list[QWidget]:
        return [self._member_card(view), self._recent_card() if self.shows_recent else self._pass_card(view, current)]

    def _member_card(self, view: MemberView) -> QWidget:
        member = view.member
        face = QLabel(member.name[:1].upper() or "?")
        face.setFont(theme.font(24, bold=True))
        face.setAlignment(Qt.AlignmentFlag.AlignCenter)
        face.setFixedSize(56, 56)
        face.setStyleSheet(f"background: {theme.PRIMARY}; color: {theme.ON_PRIMARY}; border-radius: 28px;")
        name = Words(member.name or self.say("member.by_code"), 22, bold=True)
        name.setObjectName("member_name")
        known = (mask_phone(member.phone), self.say.code("level", member.level)) if member.name else ()
        note = Words(" · ".join(part for part in known if part) or self.say("member.by_code.detail"), tone="soft")
        note.setObjectName("member_note")
        change = Glyph("member_change", "switch", self.say("member.change"))
        change.setEnabled(not self.desk.busy)
        change.clicked.connect(self.desk.drop_member)
        top = row(face, column(name, note, gap=2), change)
        top.setStretch(1, 1)
        balance, points = (
            self._figure("member.balance", _COVERED if self.covered else self.say.money(member.balance_minor)),
            self._figure("member.points", _COVERED if self.covered else self.say.count(member.points)),
        )
        figures: tuple[QWidget | QLayout, ...] = (row(balance, None, points),) if member.name else ()
        here = [] if self.covered else [set_aside_row(self.desk, *one) for one in enumerate(view.set_aside)]
        made = card(top, *figures, *here, name="member_card")
        inside: QVBoxLayout = made.layout()  # type: ignore[assignment]
        if self.covered and self._chooses_pass:
            ask = push("member_pin_ask", self.say("member_pin.ask"), image="lock")
            ask.setEnabled(not self.desk.busy)
            ask.clicked.connect(self.pin_wanted)
            inside.addWidget(ask)
        elif self.covered:
            inside.addLayout(self._sure("member_pin.covered"))
        elif view.proof is not None and member.pin_hash is not None and view.code is None:
            inside.addLayout(self._sure("member_pin.right", "good", "check"))
        elif view.found_by in ("phone", "company"):
            inside.addLayout(self._sure("member.sure"))
        return made

    def _sure(self, key: str, tone: str = "warn", mark: str = "alert") -> QHBoxLayout:
        """Nobody showed a code: the cashier looks whether it is them, or their PIN says so."""
        image = QLabel()
        image.setPixmap(icons.pixmap(mark, theme.GOOD if tone == "good" else theme.WARN, 22))
        words = Words(self.say(key), tone=tone, wrap=True)
        words.setObjectName("member_sure")
        made = row(image, words, gap=8)
        made.setStretch(1, 1)
        return made

    def _figure(self, key: str, value: str) -> QWidget:
        made = QWidget()
        figure = Words(value, theme.TEXT_STRONG)
        figure.setObjectName(key.replace(".", "_"))
        made.setLayout(row(Words(self.say(key), tone="soft"), figure, gap=8))
        return made

    def _pass_card(self, view: MemberView, current: str | None) -> QWidget:
        title = self._head("passes.title")
        if not view.passes:
            none = Empty("passes_empty", "pass", self.say("passes.none"), self.say("passes.none.detail"))
            sell = push("passes_sell", self.say("passes.sell"), "primary", "pass-add")
            sell.clicked.connect(self.plans_wanted)
            return card(title, none, sell, name="pass_card")
        now = self.desk.till.clock.now()
        rows = Scroll()
        rows.fill([self._pass_row(place, held, current, now) for place, held in enumerate(view.passes)])
        return card(title, rows, name="pass_card")

    # -- what happened before -----------------------------------------------------------------------------------

    def _head(self, key: str) -> QHBoxLayout:
        toggle = Choice("member_recent", self.say("recent.title"), "clock", theme.TOUCH)
        toggle.setFixedWidth(toggle.sizeHint().width())
        toggle.choose(self.shows_recent)
        toggle.clicked.connect(self.toggle_recent)
        return row(Words(self.say(key), theme.HEADING, bold=True), None, toggle)

    def _recent_card(self) -> QWidget:
        if not self.recent:
            none = Empty("recent_empty", "clock", self.say("recent.none"), self.say("recent.here"))
            return card(self._head("recent.heading"), none, name="recent_card")
        rows = Scroll(gap=8)
        now = self.desk.till.clock.now()
        rows.fill([RecentRow(found, self.say, place, now) for place, found in enumerate(self.recent)])
        here = Words(self.say("recent.here"), tone="soft", wrap=True)
        return card(self._head("recent.heading"), rows, here, name="recent_card")

    def toggle_recent(self) -> None:
        """Show what this till knows of the member's last acts, or the passes again."""
        self.shows_recent = not self.shows_recent
        self._recent_of, self.recent = None, ()
        self.redraw()

    def _follow_recent(self, view: MemberView | None) -> None:
        """Read it again when something of the member changed; another member begins with the passes."""
        before = self._recent_of
        if before is not None and (view is None or view.member.member_id != before.member.member_id):
            self.shows_recent, self._recent_of, self.recent = False, None, ()
        if self.shows_recent and view is not None and view is not self._recent_of:
            self._recent_of = view
            till, member_id = self.desk.till, view.member.member_id
            self.desk.operations.run(lambda: (member_id, orders.recent(till, member_id)), self._take, self.desk.tell)

    def _take(self, found: tuple[str, tuple[OrderRow, ...]]) -> None:
        if self._recent_of is not None and self._recent_of.member.member_id == found[0]:
            self.recent = found[1]
            self.redraw()

    def _pass_row(self, place: int, shown: PassView, current: str | None, now: datetime) -> Row:
        made = pass_row(f"pass_{place}", shown, now, self.say)
        made.choose(self._chooses_pass and shown.held.pass_id == current)
        made.setEnabled(shown.usable or not self._chooses_pass)
        if self._chooses_pass:
            made.clicked.connect(lambda: self.desk.choose_pass(None if made.chosen else shown))
        return made

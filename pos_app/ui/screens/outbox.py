"""Outbox and devices: every fact and whether the server has it, every slip and its paper, printer and camera.

Rule: nothing here can delete or edit; what is held says why and waits for HQ.
"""

from collections import Counter

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.till import header, outbox, reprint, reservations, risk, slips
from pos_app.till.values import Changes, Done, HeaderView, OutboxRow, SlipView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, held_reason, refusal_words
from pos_app.ui.phrases import Phrases
from pos_app.ui.screens.screen import Screen
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.buttons import Painted, badge, push
from pos_app.ui.widgets.layout import Scroll, card, column, empty, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.slip_row import SlipRow, State, asks
from pos_app.ui.widgets.text import Fitted, Words, fit, paint

FACTS_SHOWN = 100
SLIPS_SHOWN = 20
_DECISION_TONES = {"post": "good", "post_to": "good"}
_TONES = {"pending": "warn", "accepted": "good", "held": "bad"}


class FactRow(Painted):
    """One fact: number, what, when; its state, and the reason when held."""

    def __init__(self, fact: OutboxRow, say: Phrases, place: int) -> None:
        super().__init__(f"fact_{place}")
        self.state, self.tone = say.code("outbox", fact.state), _TONES.get(fact.state, "plain")
        self.title = say.code("fact", fact.kind)
        parts = [f"№ {fact.seq}", say.moment(fact.happened_at), *(slip.number for slip in fact.slips if not slip.copy)]
        self.note = " · ".join([*parts, fact.tx_no] if fact.tx_no else parts)
        self.reason = say("outbox.held.why", reason=held_reason(fact.reason, say)) if fact.state == "held" else ""
        if fact.decision is not None:
            self.state, self.tone = say.code("decision", fact.decision), _DECISION_TONES.get(fact.decision, "plain")
            self.reason = say("outbox.decided", reason=fact.decision_reason)
        self.setAccessibleName(" ".join(part for part in (self.title, self.note, self.state, self.reason) if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Taller when there is a reason to read, by the one or two lines it takes."""
        return QSize(300, 66 + (int(self._why().height) + 4 if self.reason else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another line when the reason needs it at this width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.sizeHint().height())

    def _why(self) -> Fitted:
        return fit(self.reason, max(240, self.width() - 30), theme.TEXT, lines=2)

    def draw(self, painter: QPainter) -> None:
        """Draw the row."""
        inner = QRectF(self.rect()).adjusted(16, 8, -14, -8)
        painter.setFont(theme.font(theme.TEXT))
        wide = painter.fontMetrics().horizontalAdvance(self.state) + 20
        room = inner.width() - wide - 12
        self.put(badge(painter, self.state, inner.right() - wide + 4, inner.top() - 3, self.tone, wide))
        title = self.put(fit(self.title, room, theme.TEXT_STRONG, bold=True, smallest=theme.TEXT))
        paint(painter, title, inner, theme.INK)
        note = self.put(fit(self.note, inner.width(), theme.TEXT))
        paint(painter, note, inner.adjusted(0, 25, 0, 0), theme.INK_SOFT)
        if self.reason:
            reason = self.put(self._why())
            ink = theme.BAD if self.tone == "bad" else theme.INK_SOFT
            paint(painter, reason, inner.adjusted(0, 50, 0, 0), ink)


class Outbox(Screen):
    """Facts at the left, paper and devices at the right."""

    name = "outbox"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._printing, self._printed = False, Settle()
        self.summary = Words("", theme.TEXT, tone="soft")
        self.summary.setObjectName("outbox_summary")
        self.facts = Scroll(gap=8)
        self.none = Empty("outbox_empty", "outbox", self.say("outbox.none"), self.say("outbox.none.detail"))
        title = Words(self.say("outbox.title"), 22, bold=True)
        left = card(row(title, None, self.summary), self.facts, self.none, name="facts_card")
        self.devices = column(gap=8)
        self.notice = Notice("outbox_notice", self.say("notice.close"))
        self.notice.closed.connect(lambda: self.notice.show_message(None))
        self.notice.acted.connect(desk.screen_wanted)
        self.slips = Scroll(gap=8)
        device_card = card(
            Words(self.say("devices.title"), theme.HEADING, bold=True), self.devices, gap=10, name="devices_card"
        )
        self.last = push("reprint_last", self.say("slips.reprint_last"), image="printer")
        self.last.clicked.connect(self.reprint_last)
        slip_title = Words(self.say("slips.title"), theme.HEADING, bold=True)
        self.no_slips = Empty("slips_empty", "paper", self.say("slips.none"))
        slip_card = card(row(slip_title, None, self.last), self.notice, self.slips, self.no_slips, name="slips_card")
        right = column(device_card, slip_card)
        right.setStretch(1, 1)
        columns = row(left, right)
        columns.setStretch(0, 55)
        columns.setStretch(1, 45)
        self.setLayout(columns)
        self._facts: tuple[OutboxRow, ...] | None = None
        self._slips: tuple[SlipView, ...] | None = None
        self._devices: object = None

    def enter(self) -> None:
        """Read everything."""
        super().enter()
        self._load()
        self.tick(header.header(self.till))

    def follow(self, changes: Changes) -> None:
        """Read again what changed."""
        if changes.outbox or changes.facts or changes.paper or changes.full_reload:
            self._load()

    def _load(self) -> None:
        self.desk.operations.run(
            lambda: (outbox.rows(self.till, FACTS_SHOWN), slips.recent(self.till, SLIPS_SHOWN)),
            lambda found: self._draw(*found),
            self.notice.show_message,
        )

    def _draw(self, facts: tuple[OutboxRow, ...], found: tuple[SlipView, ...]) -> None:
        if facts != self._facts:
            self._facts = facts
            self.facts.fill([FactRow(fact, self.say, place) for place, fact in enumerate(facts)])
            self.facts.setVisible(bool(facts))
            self.none.setVisible(not facts)
        if found != self._slips:
            self._slips = found
            made: list[QWidget] = []
            for place, slip in enumerate(sorted(found, key=lambda slip: not asks(slip))):
                shown = SlipRow(slip, self.say, place)
                shown.settled.connect(self._settle)
                made.append(shown)
            self.slips.fill(made)
            self.slips.setVisible(bool(found))
            self.no_slips.setVisible(not found)
            self.last.setEnabled(bool(found))

    # -- devices ------------------------------------------------------------------------------------------------

    def tick(self, view: HeaderView) -> None:
        """Follow network, printer and camera."""
        say = self.say
        self.summary.setText(say("outbox.summary", pending=view.pending, held=view.held))
        online = view.offline_seconds is None
        span = "" if online else say.span(view.offline_seconds or 0)
        server_words = say("chip.online") if online else say("chip.offline", span=span)
        server_help = "" if online else say.code("spending", view.offline_spending)
        if view.refused is not None:
            server_help = refusal_words(view.refused, say)
            server_words = say("chip.refused") if online else server_words
        server_tone = "good" if online and view.refused is None else "warn"
        if view.training:
            server_words, server_tone = say("training.bar.detail"), "plain"
        printer_help = say.code("printer.help", view.printer) if view.printer not in ("ready", "starting") else ""
        scanner_help = say.code("scanner.help", view.scanner) if view.scanner not in ("ready", "starting") else ""
        fine = ("ready", "none", "starting")
        rows = (
            ("devices.server", server_words, server_tone, server_help),
            ("devices.printer", say.code("printer", view.printer), _tone(view.printer, fine), printer_help),
            ("devices.scanner", say.code("scanner", view.scanner), _tone(view.scanner, fine), scanner_help),
            *self._risk(),
            *self._set_aside(),
        )
        if rows == self._devices:
            return
        self._devices = rows
        empty(self.devices)
        for place, (key, words, tone, help_words) in enumerate(rows):
            made = QWidget()
            line = row(Words(say(key), theme.TEXT_STRONG), None, State(words, tone, f"device_{place}"))
            stack = column(line, gap=2)
            if help_words:
                stack.addWidget(Words(help_words, tone="soft", wrap=True))
            if place < len(rows) - 1:
                stack.addWidget(rule())
            made.setLayout(stack)
            self.devices.addWidget(made)

    def _risk(self) -> list[tuple[str, str, str, str]]:
        """What may be spent unproven here, within which bounds, and what would help: of uses, then of the rest."""
        say, left = self.say, risk.risk_left(self.till)
        words = say("risk.left", left=left.left, cap=left.cap) if left.cap else say("risk.none")
        bounds = say(
            "risk.bounds",
            operation=say("uses", n=left.per_operation),
            day=say("uses", n=left.per_member_day),
            span=say.span(left.seconds_left),
        )
        gap = "" if say.language == "zh-CN" else " "
        shown = [bounds] if left.why == "fine" else []
        tone = "good" if left.why == "fine" else "plain" if left.why == "no_policy" else "warn"
        found = [("devices.risk", words, tone, gap.join([*shown, say.code("risk.help", left.why)]))]
        if left.unused:
            allowed = [
                say(f"risk.{kind}", amount=str(cap) if kind == "tickets" else say.money(cap))
                for kind, cap in left.unused
            ]
            help_words = say("risk.unused", allowed=(say("risk.and") + gap).join(allowed))
            found.append(("devices.risk_others", say("risk.none"), "plain", help_words))
        return found

    def _set_aside(self) -> list[tuple[str, str, str, str]]:
        """How much is set aside for this till, by what happens to it; the screen of its own says it one by one."""
        say, found = self.say, Counter(one.state for one in reservations.unfinished(self.till))
        if not found:
            return []
        states = "open", "recalled", "expired", "closing"
        gap = "" if say.language == "zh-CN" else " "
        parts = [f"{say.code('set_aside.state', state)}: {found[state]}" for state in states if found[state]]
        return [("devices.set_aside", str(found.total()), "good", (say("risk.and") + gap).join(parts))]

    # -- paper --------------------------------------------------------------------------------------------------

    def _settle(self, number: str, printed: bool) -> None:
        self.desk.operations.run(
            lambda: reprint.resolve_unknown(self.till, number, printed), lambda _: self._load(), self._failed
        )

    def reprint(self, number: str) -> None:
        """Order a marked copy of a slip, one for two quick taps."""
        if self._printing or self._printed.settling:
            return
        self._printing = True
        ask = self.desk.operations.run
        ask(lambda: reprint.reprint(self.till, number, "asked"), self._reprinted, self._not_reprinted, "reprint")

    def _reprinted(self, _done: Done) -> None:
        self._printing = False
        self._printed.begin()
        self._load()

    def _not_reprinted(self, message: Message) -> None:
        self._printing = False
        self._failed(message)

    def reprint_last(self) -> None:
        """Order a marked copy of the newest slip (F9)."""
        found = slips.recent(self.till, 1)
        if found:
            self.reprint(found[0].number)

    def _failed(self, message: Message) -> None:
        self.notice.show_message(message)
        self._load()


def _tone(state: str, fine: tuple[str, ...]) -> str:
    if state == "ready":
        return "good"
    return "plain" if state in fine else "bad"

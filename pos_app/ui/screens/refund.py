"""Refund: this till's sales, charges and top-ups or a typed number, how much and why, what goes back - and what still
waits.

Rule: what may go back of a card is decided by the ledger, and only its answer says what to hand out. A sale for money
comes back by its lines, here and now.
"""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from models.catalogue import TENDER_KINDS
from models.refusals import Refusal
from models.tokens import code_family
from pos_app.selling.payment import Payment
from pos_app.till import refund, refund_order, refundable
from pos_app.till.approval import Approval, or_needed
from pos_app.till.values import Changes, Done, HeaderView, OpenRefund, Refundable
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.screens.refund_ahead import Ahead, wanted
from pos_app.ui.screens.refund_foreseen import foresee
from pos_app.ui.screens.refund_list import RefundList
from pos_app.ui.screens.refund_much import HowMuch
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.approval_pad import ApprovalPad
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.figures import Figures, Waiting
from pos_app.ui.widgets.layout import Pages, Scroll, card, column, row, rule
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.tenders import TenderPanel
from pos_app.ui.widgets.text import Words

SHOWN = 30


class Refund(Screen):
    """Which, how much and why, what goes back."""

    name = "refund"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.chosen: Refundable | None = None
        self.amount_minor: int | None = None
        self.places: frozenset[int] = frozenset()
        self.reason = ""
        self.tender = "cash"
        self._message: Message | None = None
        self._silent = False
        self._offline = False
        self._open: tuple[OpenRefund, ...] = ()
        self._recent: tuple[Refundable, ...] | None = None
        self.ahead = Ahead(desk)
        self.ahead.told.connect(self.redraw)
        columns = row(self._which(), self._how_much(), self._what())
        for place, share in enumerate((40, 40, 34)):
            columns.setStretch(place, share)
        self.setLayout(columns)
        desk.changed.connect(self.redraw)

    def _which(self) -> QWidget:
        self.which = RefundList(self.say)
        self.which.chosen.connect(self.choose)
        self.which.wanted.connect(self._look_up)
        self.which.ask_again.connect(self._ask_again)
        self.which.seen.connect(self._seen)
        return self.which

    def _how_much(self) -> QWidget:
        self.much = HowMuch(self.say)
        self.much.typed.connect(self._typed)
        self.much.whole.connect(self._take_whole)
        self.much.tapped.connect(self._toggle)
        self.much.reason.connect(self._choose_reason)
        return self.much

    def _what(self) -> QWidget:
        say = self.say
        self.notice = Notice("notice", say("notice.close"))
        self.notice.closed.connect(self._dismiss)
        self.notice.acted.connect(self._act)
        self.figures = Figures()
        self.prompt = Empty("refund_prompt", "refund", say("refund.prompt"), say("refund.prompt.detail"))
        self.preview = Notice("refund_preview")
        self.how = Words(say("refund.how_back"), tone="soft")
        self.tenders = TenderPanel(say, takes=False)
        self.tenders.chosen.connect(self._choose_tender)
        self.waiting = Waiting("refund_waiting")
        self.confirm = Confirm("confirm")
        self.confirm.clicked.connect(self.press_enter)
        foot = column(rule(), self.how, self.tenders, self.waiting, self.confirm, gap=8)
        title = Words(say("refund.order"), 22, bold=True)
        upper = Scroll(gap=8, head=self.notice)
        for part in (self.figures, self.preview, self.prompt):
            upper.rows.addWidget(part)
        upper.rows.addStretch(1)
        self.order = card(title, upper, foot, gap=8, name="refund_card")
        self.sides, self.approval = Pages(), ApprovalPad(self.desk)
        self.approval.approved.connect(self._ask)
        self.approval.given_up.connect(lambda: self.sides.setCurrentWidget(self.order))
        self.sides.addWidget(self.order)
        self.sides.addWidget(self.approval)
        self.sides.setMinimumWidth(346)
        self.sides.setMaximumWidth(480)
        return self.sides

    # -- coming and going ---------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Start with nothing chosen, or with what was chosen elsewhere."""
        self._start_over()
        one, self.desk.to_refund = self.desk.to_refund, None
        self._load()
        self.redraw()
        self.which.begin()
        if one is not None:
            self.choose(one)

    def follow(self, changes: Changes) -> None:
        """Read again what changed."""
        if changes.facts or changes.outbox or changes.members or changes.full_reload:
            self._load()
        if changes.members:
            self.ahead.renew()

    def tick(self, view: HeaderView) -> None:
        """Say at once when nobody can answer."""
        self.approval.tick()
        offline = view.offline_seconds is not None
        if offline != self._offline:
            self._offline = offline
            self.redraw()

    def take_scan(self, text: str) -> bool:
        """A slip's check code names what is to be refunded."""
        if code_family(text) != "slip":
            return False
        self._look_up(text)
        return True

    def _load(self) -> None:
        self.desk.operations.run(
            lambda: (refund.waiting(self.till), refundable.recent(self.till, SHOWN)),
            lambda found: self._loaded(*found),
            self._tell,
        )

    def _loaded(self, waits: tuple[OpenRefund, ...], found: tuple[Refundable, ...]) -> None:
        if (waits, found) == (self._open, self._recent):
            return
        self._open, self._recent = waits, found
        if self._silent and not any(one.state == "asked" for one in waits):
            self._silent, self._message = False, None
        if self.chosen is not None:
            self.chosen = next((one for one in found if one.slip and one.slip == self.chosen.slip), self.chosen)
        self._draw_rows()
        self.redraw()

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw_rows(self) -> None:
        self.which.draw(self._open, self._recent or (), self.chosen)

    def redraw(self) -> None:
        """Show what is chosen and what would go back."""
        if not self.isVisibleTo(self.window()):
            return
        say, one, busy = self.say, self.chosen, bool(self.desk.busy)
        said = self._message or self.desk.notice
        self.notice.show_message(said)
        self.figures.clear()
        self.figures.setVisible(one is not None)
        self.prompt.setVisible(one is None)
        self.much.draw(one, self.places, self.reason)
        self.ahead.want(None if self._offline or self._waits(one) else wanted(one, self.amount_minor, self.tender))
        message, fits = self._foresee(one)
        if one is not None:
            self._draw_chosen(one, fits or self._waits_for_network)
        self.preview.show_message(message if said is None else None)
        top_up = one is not None and one.kind == "top_up"
        self.how.setVisible(top_up)
        self.tenders.show_payment(TENDER_KINDS, Payment(self.tender), (self.amount_minor or 1) if top_up else 0)
        self.waiting.setVisible(self.desk.busy == "refund")
        self.confirm.setEnabled(fits and bool(self.reason) and not busy)
        self.confirm.say(say("confirm.refund.busy") if busy else self._confirm_words(one, fits), say("key.enter"), busy)

    def _confirm_words(self, one: Refundable | None, fits: bool) -> str:
        """Name what is missing, in the order in which it is filled in."""
        say = self.say
        missing = (
            ("confirm.refund.empty", one is None),
            ("confirm.refund.offline", self._waits_for_network),
            ("confirm.refund.waits", self._waits(one)),
            ("confirm.refund.lines", self._is_sale and not self.places),
            ("confirm.refund.amount", not self.amount_minor),
            ("confirm.refund.refused", self.ahead.is_refused),
            ("confirm.refund.amount.wrong", not fits),
            ("confirm.refund.reason", not self.reason),
        )
        first = next((key for key, is_missing in missing if is_missing), None)
        return say(first) if first else say("confirm.refund", amount=say.money(self.amount_minor or 0))

    def _draw_chosen(self, one: Refundable, fits: bool) -> None:
        say, figures = self.say, self.figures
        figures.line("refund_tx_no", say(f"refund.kind.{one.kind}"), one.tx_no or one.slip)
        if one.amount_minor is not None and one.left_minor == one.amount_minor:
            figures.line("refund_paid", say("refund.paid"), say.money(one.amount_minor))
        elif one.amount_minor is not None and one.left_minor is not None:
            left = say("refund.left.of", left=say.money(one.left_minor), amount=say.money(one.amount_minor))
            figures.line("refund_left", say("refund.left"), left)
        if self.amount_minor and fits:
            figures.part()
            figures.line("refund_back", say("refund.back"), say.money(self.amount_minor), theme.TITLE, "primary")

    def _foresee(self, one: Refundable | None) -> tuple[Message | None, bool]:
        """Return what to say about what was chosen, and whether it may be asked for."""
        if one is None and self._offline:
            return Message("info", self.say("refund.offline"), self.say("refund.offline.detail")), False
        if self._waits_for_network:
            return explain(Refusal("offline_not_allowed"), self.say, "refund"), False
        if self._waits(one):
            return Message("warn", self.say("refund.waits"), self.say("refund.waits.detail")), False
        return foresee(one, self.amount_minor, self.say, self.ahead.found)

    @property
    def _is_sale(self) -> bool:
        return self.chosen is not None and self.chosen.kind == "order"

    @property
    def _waits_for_network(self) -> bool:
        """Only what a card has to do with is asked of head office."""
        return self._offline and self.chosen is not None and not self._is_sale

    def _waits(self, one: Refundable | None) -> bool:
        number = one.tx_no if one is not None else None
        return number is not None and any(
            found.state == "asked" and found.original_tx_no == number for found in self._open
        )

    # -- choosing -----------------------------------------------------------------------------------------------

    def choose(self, one: Refundable) -> None:
        """Take a transaction; all that is left of it is proposed."""
        if self.desk.busy:
            return
        self._message = None
        self.which.box.clear()
        left = [line.place for line in one.lines if not line.is_back and line.amount_minor]
        self.chosen, self.amount_minor = one, one.left_minor
        self.much.field.show_amount(one.left_minor)
        if one.kind == "order":
            self._take_lines(left if len(left) == 1 else [])
        self._draw_rows()
        self.redraw()

    def _start_over(self) -> None:
        self.reason, self.tender, self._message = "", "cash", None
        self._let_go()

    def _let_go(self) -> None:
        self.chosen, self.amount_minor, self.places = None, None, frozenset()
        self.much.field.show_amount(None)
        self.sides.setCurrentWidget(self.order)
        self._draw_rows()

    def _look_up(self, text: str) -> None:
        """Look for another one; what was chosen before is not what is meant any more, found or not."""
        if self.desk.busy:
            return
        self._let_go()
        self.redraw()
        self.desk.operations.run(lambda: refundable.find(self.till, text), self.choose, self._not_found, "refund")

    def _not_found(self, message: Message) -> None:
        self.which.box.selectAll()
        self._tell(message)

    def _typed(self, amount_minor: int | None) -> None:
        self._change(lambda: setattr(self, "amount_minor", amount_minor))

    def _take_whole(self) -> None:
        one = self.chosen
        if one is not None and one.kind == "order":
            left = [line.place for line in one.lines if not line.is_back and line.amount_minor]
            self._change(lambda: self._take_lines(left))
        elif one is not None:
            self.much.field.show_amount(one.left_minor)
            self._typed(one.left_minor)

    def _toggle(self, place: int) -> None:
        self._change(lambda: self._take_lines(self.places ^ {place}))

    def _take_lines(self, places: Iterable[int]) -> None:
        self.places = frozenset(places)
        lines = self.chosen.lines if self.chosen is not None else ()
        self.amount_minor = sum(line.amount_minor for line in lines if line.place in self.places)

    def _choose_reason(self, code: str) -> None:
        self._change(lambda: setattr(self, "reason", code))

    def _choose_tender(self, kind: str) -> None:
        self._change(lambda: setattr(self, "tender", kind))

    def _change(self, work: Callable[[], None]) -> None:
        """Take something else; a yes that is being asked for was for what was chosen before."""
        if not self.desk.busy:
            self._message = None
            self.sides.setCurrentWidget(self.order)
            work()
            self.redraw()

    # -- acting -------------------------------------------------------------------------------------------------

    def press_enter(self) -> None:
        """Ask head office, or the colleague whose yes it takes."""
        if self.sides.currentWidget() is self.approval:
            self.approval.press_enter()
        else:
            self._ask(None)

    def _ask(self, approval: Approval | None) -> None:
        self.sides.setCurrentWidget(self.order)
        one, amount_minor, reason = self.chosen, self.amount_minor, self.reason
        if not self.confirm.isEnabled() or one is None or amount_minor is None:
            return
        tender, places = self.tender if one.kind == "top_up" else None, sorted(self.places)
        self._message = None

        def ask() -> Done | None:
            if one.kind == "order":
                return refund_order.refund_order(self.till, one.fact_id or "", places, reason, approval)
            return refund.refund(self.till, one.tx_no or "", amount_minor, tender, reason, approval)

        self.desk.act("refund", or_needed(ask), self._answered)

    def _answered(self, done: Done | Refusal | None) -> None:
        if isinstance(done, Done):
            self.desk.recorded(done)
            return
        if done is not None:
            self.desk.busy = ""
            self.desk.changed.emit()
            self.approval.ask(done, self._in_words())
            self.sides.setCurrentWidget(self.approval)
            return
        self.desk.busy = ""
        self._start_over()
        self._silent = True
        self._message = Message("warn", self.say("refund.no_answer"), self.say("refund.no_answer.detail"))
        self._load()
        self.desk.changed.emit()

    def _in_words(self) -> str:
        """Say what is to be approved."""
        amount, number = (
            self.say.money(self.amount_minor or 0),
            (self.chosen.tx_no or self.chosen.slip) if self.chosen else "",
        )
        return f"{self.say('confirm.refund', amount=amount)} · {number} · {self.say.code('refund.reason', self.reason)}"

    def _ask_again(self) -> None:
        self.desk.operations.run(lambda: refund.ask_again(self.till), lambda _: self._load(), self._tell)

    def _seen(self, request_id: str) -> None:
        self.desk.operations.run(lambda: refund.seen(self.till, request_id), lambda _: self._load(), self._tell)

    def _tell(self, message: Message) -> None:
        self._message = message
        self.redraw()

    def _dismiss(self) -> None:
        self._message = None
        self.desk.dismiss()

    def press_escape(self) -> bool:
        """Put a message away, then the choice; else go home."""
        if self.sides.currentWidget() is self.approval:
            self.approval.press_escape()
            return True
        if self._message is not None or self.desk.notice is not None:
            self._dismiss()
            return True
        if self.chosen is not None and not self.desk.busy:
            self._start_over()
            self.redraw()
            return True
        return False

    def _act(self, action: str) -> None:
        self._dismiss()
        if action not in ("refresh", "scan", "phone", "cash"):
            self.desk.screen_wanted.emit(action)

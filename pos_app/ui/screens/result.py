"""What was just done, its paper as it comes, and one next action.

Rule: shown only after the journal has it. The paper's state follows live; an unknown slip asks here and in the outbox.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout

from pos_app.till import refund
from pos_app.till.values import CardResult, Changes, Done, HeaderView
from pos_app.ui import icons, theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.screens.screen import Screen
from pos_app.ui.settle import Settle
from pos_app.ui.widgets.buttons import Confirm
from pos_app.ui.widgets.layout import card, column, empty, row, rule
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.slip_list import SlipList
from pos_app.ui.widgets.text import Words


class Result(Screen):
    """A card that says done, figures, slips, and the next customer."""

    name = "result"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        image = QLabel()
        image.setPixmap(icons.pixmap("check-circle", theme.GOOD_STRONG, 76))
        image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = Words("", theme.TOTAL, bold=True)
        self.title.setObjectName("result_title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.detail = Words("", theme.TEXT_STRONG, tone="soft", wrap=True)
        self.detail.setObjectName("result_detail")
        self.detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.figures = column(gap=10)
        self.slips = SlipList(desk, "result_notice")
        self.next = Confirm("next_customer")
        self.next.clicked.connect(self.press_enter)
        left = card(
            None, image, self.title, self.detail, 8, self.figures, None, self.next, margin=32, name="result_card"
        )
        slip_title = Words(self.say("result.slips"), theme.HEADING, bold=True)
        right = card(slip_title, self.slips, margin=20, name="slips_card")
        columns = row(left, right)
        columns.setStretch(0, 3)
        columns.setStretch(1, 2)
        self.setLayout(columns)
        self._entered = Settle()

    def enter(self) -> None:
        """Show what the desk has just done."""
        super().enter()
        self._entered.begin()
        done = self.desk.done
        if done is None:
            self.desk.screen_wanted.emit("checkout")
            return
        self._draw(done)
        self.slips.show_slips(done.slips)
        if done.card is not None and done.card.request_id is not None:
            request_id = done.card.request_id
            self.desk.operations.run(lambda: refund.seen(self.till, request_id), lambda _: None, self.slips.fail)
        self.next.say(self.say("result.next"), self.say("key.enter"))

    def follow(self, changes: Changes) -> None:
        """Follow the paper."""
        self.slips.follow(changes)

    def tick(self, view: HeaderView) -> None:
        """Say what to do while paper waits for a printer in trouble."""
        self.slips.tick(view)

    def press_enter(self) -> None:
        """Next customer; not with the second half of a double tap while there is money to give to this one."""
        done = self.desk.done
        owes = done is not None and bool(done.change_minor or self._hand_out(done))
        if owes and self._entered.settling:
            return
        if self.desk.view is not None:
            self.desk.drop_member()
        self.desk.screen_wanted.emit("checkout")

    def _draw(self, done: Done) -> None:
        say = self.say
        heads = {
            "PassRedeemed": say("done.redeemed", n=done.uses),
            "PassSold": say("done.pass_sold", n=done.uses),
            "OrderPaid": say("done.paid", amount=say.money(done.total_minor)),
            "CardCharged": say("done.charged", amount=say.money(done.total_minor)),
            "ToppedUp": say("done.topped_up", amount=say.money(done.total_minor)),
            "Refunded": say("done.refunded", amount=say.money(done.total_minor)),
            "OrderRefunded": say("done.refunded", amount=say.money(done.total_minor)),
        }
        self.title.setText(self._hand_out(done) or heads[done.kind])
        who = " · ".join(part for part in (done.card.company if done.card else "", self.desk.done_name) if part)
        how = say.code("evidence", done.evidence) if done.evidence else ""
        self.detail.setText(" · ".join(part for part in (who, how) if part))
        self.detail.setVisible(bool(who or how))
        empty(self.figures)
        if done.uses_left is not None:
            self._figure("done.left", say("uses", n=done.uses_left), "result_left", strong=True)
        if done.total_minor and done.kind in ("PassRedeemed", "PassSold"):
            self._figure("done.received", say.money(done.total_minor), "result_received")
        if done.change_minor:
            self._figure("done.change", say.money(done.change_minor), "result_change", strong=True)
        if done.pickup_no:
            self._figure("done.pickup", done.pickup_no, "result_pickup", strong=True)
        if len(done.given_back) > 1:
            for part in done.given_back:
                self._figure(
                    f"tender.{part.kind}", say.money(part.amount_minor), f"result_given_{part.kind}", strong=True
                )
        if done.card is not None:
            self._draw_card(done, done.card)
        if done.status == "suspended":
            self._tell_below("review_notice", Message("warn", say("done.review"), say("done.review.detail")))

    def _hand_out(self, done: Done) -> str:
        """What is to be given to the customer comes first: it may be less than what was refunded."""
        if done.card is not None and done.card.cash_minor:
            amount_minor, kind = done.card.cash_minor, done.card.tender
        elif len(done.given_back) == 1:
            amount_minor, kind = done.given_back[0].amount_minor, done.given_back[0].kind
        elif done.given_back:
            return self.say("refund.cash", amount=self.say.money(done.total_minor))
        else:
            return ""
        tender = self.say.code("tender", kind)
        return self.say("done.hand_out.now", amount=self.say.money(amount_minor), tender=tender)

    def _draw_card(self, done: Done, card_result: CardResult) -> None:
        """Draw what a card has now, and what is to be handed out."""
        say = self.say
        told = None
        if card_result.cash_minor:
            self._figure("done.refunded.of", say.money(done.total_minor), "result_refunded")
        elif done.kind == "Refunded":
            told = Message("info", say("refund.granted.card"))
        if card_result.kept_minor:
            self._figure("done.kept", say.money(card_result.kept_minor), "result_kept")
        if card_result.uncollected_minor:
            self._figure("done.uncollected", say.money(card_result.uncollected_minor), "result_uncollected")
        if card_result.discount_minor:
            self._figure("done.discount", say.money(-card_result.discount_minor), "result_discount")
        if card_result.bonus_minor:
            sign = "−" if done.kind == "Refunded" else "+"
            self._figure("done.bonus", f"{sign}{say.money(card_result.bonus_minor)}", "result_bonus")
        if card_result.balance_minor is not None:
            self._figure("done.balance", say.money(card_result.balance_minor), "result_balance", strong=True)
        if card_result.points_change or card_result.points is not None:
            change = f"{card_result.points_change:+d}".replace("-", "−")
            total = say.count(card_result.points) if card_result.points is not None else ""
            value = say("done.points.value", change=change, total=total) if total else change
            self._figure("done.points", value, "result_points")
        if done.kind == "ToppedUp":
            credit = say.money(done.total_minor + card_result.bonus_minor)
            self._figure("done.credited", credit, "result_credited", strong=True)
            told = Message("info", say("done.credit"), say("done.credit.detail"))
        if told is not None:
            self._tell_below("card_told", told)

    def _tell_below(self, name: str, message: Message) -> None:
        shown = Notice(name)
        self.figures.addWidget(shown)
        shown.show_message(message)

    def _figure(self, key: str, value: str, name: str, strong: bool = False) -> None:
        shown = Words(value, theme.TITLE if strong else theme.TEXT_STRONG, bold=True)
        shown.setObjectName(name)
        line = row(Words(self.say(key), theme.TEXT_STRONG, tone="soft"), None, shown)
        wrapped: QVBoxLayout = column(line, rule(), gap=8)
        self.figures.addLayout(wrapped)

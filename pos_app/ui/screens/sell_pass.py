"""Sell a pass: the member at the left, plans in the middle, what the member will hold and the payment at the right.

Rule: first or stacked, expiry and review are asked of the till (`preview_pass_sale`), never worked out here.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.catalogue import MemberPass, PassPlan, name_in
from models.refusals import Refusal
from pos_app.till import catalogue, sell_pass
from pos_app.till.values import Changes
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.payment import Payment
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.paid_screen import PaidScreen
from pos_app.ui.widgets.buttons import Row
from pos_app.ui.widgets.layout import Scroll, card, empty, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.text import Words


class SellPass(PaidScreen):
    """Three columns: who, which plan, how paid."""

    name = "sell_pass"

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        say = desk.say
        self.plan: PassPlan | None = None
        self._plans: object = None
        self.plans = Scroll()
        self.none = Empty("plans_empty", "pass-add", say("plans.none"), say("plans.none.detail"))
        plans = card(Words(say("plans.title"), 22, bold=True), self.plans, self.none, name="plans_card")
        prompt = Empty("plan_prompt", "pass-add", say("plan.prompt"), say("plan.prompt.detail"))
        super().__init__(desk, scanner, plans, "plan", prompt)

    def enter(self) -> None:
        """Start with no plan chosen."""
        self.plan, self.payment, self._plans = None, Payment(), None
        self.close_cash()
        self.redraw()
        self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, changes: Changes) -> None:
        """Draw new plans and prices."""
        if changes.catalogue or changes.full_reload:
            found = {plan.plan_id: plan for plan in catalogue.plans(self.till)}
            self.plan = found.get(self.plan.plan_id) if self.plan else None
            self.redraw()

    # -- drawing ------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show member, plans and what the chosen one comes to."""
        if not self.isVisibleTo(self.window()):
            return
        self.members.redraw()
        self._draw_plans()
        self.notice.show_message(self.desk.notice)
        self._draw_order()

    def _draw_plans(self) -> None:
        found = catalogue.plans(self.till)
        drawn = (found, self.plan)
        if drawn == self._plans:
            return
        self._plans = drawn
        say = self.say
        made: list[QWidget] = []
        for place, plan in enumerate(found):
            note = say("plan.note", uses=say("uses", n=plan.uses), days=say("span.days", n=plan.validity_days))
            entry = Row(f"plan_{place}", name_in(plan.names, say.language), note, say.money(plan.price_minor))
            entry.choose(plan == self.plan)
            entry.clicked.connect(lambda _=False, chosen=plan: self.choose_plan(chosen))
            made.append(entry)
        self.plans.fill(made)
        self.plans.setVisible(bool(found))
        self.none.setVisible(not found)

    def _draw_order(self) -> None:
        desk, say = self.desk, self.say
        empty(self.preview)
        after, refused = self._after()
        self.prompt.setVisible(after is None and refused is None)
        if self.plan is not None and desk.view is None:
            self.prompt.say("scan", say("plan.member"), say("plan.member.detail"))
        else:
            self.prompt.say("pass-add", say("plan.prompt"), say("plan.prompt.detail"))
        if refused is not None:
            shown = Notice("plan_notice")
            self.preview.addWidget(shown)
            shown.show_message(refused)
        if after is not None and self.plan is not None and desk.view is not None:
            self._draw_preview(self.plan, after)
        self.draw_payment()
        self.confirm.setEnabled(after is not None and not desk.busy and self.paid)
        amount = say.money(self.due_minor())
        words = self.shut_words(say("confirm.sell_pass", amount=amount))
        words = say("confirm.busy") if desk.busy == "sell_pass" else words
        self.confirm.say(words if self.plan else say("confirm.sell_pass.empty"), say("key.enter"), bool(desk.busy))

    def due_minor(self) -> int:
        """The price of the chosen plan."""
        return self.plan.price_minor if self.plan else 0

    def _after(self) -> tuple[MemberPass | None, Message | None]:
        if self.plan is None or self.desk.view is None:
            return None, None
        try:
            return sell_pass.preview_pass_sale(self.till, self.desk.view.member, self.plan), None
        except Refusal as refusal:
            return None, explain(refusal, self.say)

    def _draw_preview(self, plan: PassPlan, after: MemberPass) -> None:
        say = self.say
        held = self.desk.view.passes if self.desk.view else ()
        before = next((shown.held for shown in held if shown.held.pass_id == after.pass_id), None)
        name = Words(name_in(plan.names, say.language), theme.HEADING, bold=True)
        kind = Words(say("plan.stacked" if before else "plan.first"), tone="primary")
        kind.setObjectName("plan_kind")
        self.preview.addWidget(name)
        self.preview.addWidget(kind)
        left = say("uses", n=after.uses_left)
        self._figure("plan.uses", say("plan.uses.stacked", before=before.uses_left, after=left) if before else left)
        self._figure("plan.expires", say.date(after.expires_at))
        if after.status == "suspended":
            review = Notice("review_notice")
            self.preview.addWidget(review)
            review.show_message(Message("warn", say("done.review"), say("done.review.detail")))

    def _figure(self, key: str, value: str) -> None:
        made = QWidget()
        shown = Words(value, theme.TEXT_STRONG, bold=True)
        shown.setObjectName(key.replace(".", "_"))
        made.setLayout(row(Words(self.say(key), tone="soft"), None, shown))
        self.preview.addWidget(made)

    # -- acting -------------------------------------------------------------------------------------------------

    def choose_plan(self, plan: PassPlan) -> None:
        """Choose which plan to sell."""
        if not self.desk.busy and not self.desk.shut:
            self.plan, self.payment = plan, Payment(self.payment.kind)
            self.redraw()

    def press_enter(self) -> None:
        """Sell."""
        plan, view, before, sale = self.plan, self.desk.view, self.desk.shut, sell_pass.sell_pass
        if plan is not None and view is not None and self.confirm.isEnabled():
            self.desk.pay(
                self.name,
                self.payment,
                plan.price_minor,
                lambda paid: sale(self.till, view.member, plan, paid, before),
            )

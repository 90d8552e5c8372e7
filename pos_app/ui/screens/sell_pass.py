"""The discount centre, with its one category, passes: buy one, or redeem one that the member holds.

Who at the left, plans or passes in the middle, what the member will hold and the payment at the right. Coupons and
bundles will be further categories (R107).
Rule: redeeming goes on at the checkout, with the pass chosen. First or stacked, expiry and review are asked of the till
(`preview_pass_sale`), never worked out here.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.catalogue import MemberPass, PassPlan, name_in
from models.refusals import Refusal
from pos_app.selling.payment import Payment
from pos_app.till import catalogue, sell_pass
from pos_app.till.values import Changes, MemberView, PassView
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message, explain
from pos_app.ui.phrases import Phrases
from pos_app.ui.scanner import Scanner
from pos_app.ui.screens.paid_screen import PaidScreen
from pos_app.ui.widgets.buttons import Choice, Row
from pos_app.ui.widgets.layout import Scroll, card, empty, row
from pos_app.ui.widgets.notice import Empty, Notice
from pos_app.ui.widgets.pass_row import pass_row
from pos_app.ui.widgets.tenders import unpaid_words
from pos_app.ui.widgets.text import Words


class SellPass(PaidScreen):
    """Three columns: who, which plan, how paid."""

    name = "sell_pass"

    def __init__(self, desk: Desk, scanner: Scanner) -> None:
        say = desk.say
        self.plan: PassPlan | None = None
        self.redeems = False
        self._drawn: object = None
        self.choices_shown = Scroll()
        self.none = Empty("plans_empty", "pass-add", "")
        self.ways = {redeems: self._way(redeems, say) for redeems in (False, True)}
        ways = row(*self.ways.values(), gap=8)
        title = Words(say("plans.title"), 22, bold=True)
        plans = card(title, ways, self.choices_shown, self.none, name="plans_card")
        prompt = Empty("plan_prompt", "pass-add", say("plan.prompt"), say("plan.prompt.detail"))
        super().__init__(desk, scanner, plans, "plan", prompt)

    def _way(self, redeems: bool, say: Phrases) -> Choice:
        name, image = ("centre_redeem", "pass") if redeems else ("centre_buy", "pass-add")
        made = Choice(name, say(name.replace("_", ".")), image)
        made.clicked.connect(lambda: self._turn(redeems))
        return made

    def enter(self) -> None:
        """Start with what is on sale, no plan chosen unless a part of its price was taken already."""
        self._turn(False)
        self.members.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, redeems: bool) -> None:
        self.redeems, self._drawn = redeems, None
        taken = bool(self.payment.parts)
        self.plan = self.plan if taken and not redeems else None
        self.payment = self.payment if taken else Payment()
        self.close_cash()
        self.redraw()

    def follow(self, changes: Changes) -> None:
        """Draw new plans and prices."""
        if changes.catalogue or changes.full_reload:
            found = {plan.plan_id: plan for plan in catalogue.plans(self.till)}
            self.plan = found.get(self.plan.plan_id) if self.plan else None
            self.redraw()

    # -- drawing ------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Show member, plans or passes, and what the chosen plan comes to."""
        if not self.isVisibleTo(self.window()):
            return
        self.members.redraw()
        self._draw_choices()
        self.notice.show_message(self.desk.notice)
        self._draw_order()

    def _draw_choices(self) -> None:
        found = catalogue.plans(self.till)
        view = self.desk.view
        drawn = (found, self.plan, self.redeems, view)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        for redeems, way in self.ways.items():
            way.choose(redeems == self.redeems)
        rows = self._pass_rows(view) if self.redeems else self._plan_rows(found)
        self.choices_shown.fill(rows)
        self.choices_shown.setVisible(bool(rows))
        self.none.setVisible(not rows)
        if not self.redeems:
            self.none.say("pass-add", self.say("plans.none"), self.say("plans.none.detail"))
        elif view is None:
            self.none.say("scan", self.say("plan.member"), self.say("centre.member.detail"))
        else:
            self.none.say("pass", self.say("passes.none"), self.say("passes.none.detail"))

    def _plan_rows(self, plans: tuple[PassPlan, ...]) -> list[QWidget]:
        say = self.say
        made: list[QWidget] = []
        for place, plan in enumerate(plans):
            note = say("plan.note", uses=say("uses", n=plan.uses), days=say("span.days", n=plan.validity_days))
            entry = Row(f"plan_{place}", name_in(plan.names, say.language), note, say.money(plan.price_minor))
            entry.choose(plan == self.plan)
            entry.clicked.connect(lambda _=False, chosen=plan: self.choose_plan(chosen))
            made.append(entry)
        return made

    def _pass_rows(self, view: MemberView | None) -> list[QWidget]:
        now = self.till.clock.now()
        made: list[QWidget] = []
        for place, held in enumerate(view.passes if view else ()):
            entry = pass_row(f"centre_pass_{place}", held, now, self.say)
            entry.setEnabled(held.usable)
            entry.clicked.connect(lambda _=False, chosen=held: self._redeem(chosen))
            made.append(entry)
        return made

    def _draw_order(self) -> None:
        desk, say = self.desk, self.say
        empty(self.preview)
        after, refused = self._after()
        self.prompt.setVisible(after is None and refused is None)
        if self.redeems:
            self.prompt.say("pass", say("centre.redeem.prompt"), say("centre.redeem.detail"))
        elif self.plan is not None and desk.view is None:
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
        if after is not None and not self.paid:
            words = unpaid_words(say, self.payment, self.due_minor())
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
            self.plan, self.payment = plan, self.payment.renewed()
            self.redraw()

    def _redeem(self, held: PassView) -> None:
        if not self.desk.busy:
            self.desk.choose_pass(held)
            self.desk.screen_wanted.emit("checkout")

    def press_enter(self) -> None:
        """Sell."""
        plan, view, before, sale = self.plan, self.desk.view, self.desk.shut, sell_pass.sell_pass
        if plan is not None and view is not None and self.confirm.isEnabled():
            self.desk.pay(
                self.name,
                self.payment,
                plan.price_minor,
                lambda paid: sale(self.till, view.member, plan, paid, before),
                self.recorded,
            )

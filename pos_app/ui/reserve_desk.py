"""What is set aside for this till, at the counter: on what a redemption would rest now, and giving back.

Rule: belongs to the desk; what is said is asked of the till. It decides when the customer is shown this till's code:
without a network, while nobody is at the counter or somebody for whom nothing is set aside here.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from models.catalogue import Store
from pos_app.till import reservations
from pos_app.till.till_code import TillCode, till_code
from pos_app.till.values import HeaderView, MemberView, SetAside
from pos_app.ui.messages import Message
from pos_app.ui.phrases import Phrases
from printing.till_page import TillPageWords

if TYPE_CHECKING:
    from pos_app.ui.desk import Desk

SCREEN = "set_aside"


def until_words(say: Phrases, until: datetime, now: datetime) -> str:
    """Return until when: the hour, of another day with its date."""
    same_day = say.date(until) == say.date(now)
    return say.time(until) if same_day else say.moment(until)


def page_words(store: Store, code: TillCode) -> TillPageWords:
    """Return what stands on the page with a till's code, in the language of the shop's slips."""
    say = Phrases(store.slip_language, store.timezone, store.currency)
    steps = tuple(say(f"till_code.step.{number}") for number in (1, 2, 3))
    title, typed = say("till_code.page"), say("till_code.typed")
    return TillPageWords(store.name, title, steps, code.address, typed, code.text)


def amount_words(say: Phrases, one: SetAside) -> str:
    """Return what is left of it: uses, or money."""
    return say("uses", n=one.left) if one.source_kind == "pass" else say.money(one.left)


class ReserveDesk:
    """Of one desk."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    @property
    def code(self) -> TillCode | None:
        """This till's own code."""
        return till_code(self._desk.till)

    @property
    def wants_code(self) -> bool:
        """Whether the customer should be shown it now."""
        desk = self._desk
        nothing_here = desk.view is None or not desk.view.set_aside
        return nothing_here and not desk.till.gateway.reachable and not desk.shut and self.code is not None

    def rests_on(self, view: HeaderView) -> Message | None:
        """Say, without a network, on what a redemption of the chosen pass rests before it is confirmed."""
        desk = self._desk
        if view.offline_seconds is None:
            return None
        say, held = desk.say, desk.basket.held
        here = next((one for one in _passes(desk.view) if held is not None and one.source_id == held.pass_id), None)
        if here is not None:
            now = desk.till.clock.now()
            words = say("spending.reserved", amount=amount_words(say, here), time=until_words(say, here.until, now))
            frozen = desk.till.clock.standing().frozen
            return Message("warn", f"{words} {say('spending.reserved.frozen')}") if frozen else Message("good", words)
        tone = "info" if view.offline_spending == "at_risk" else "warn"
        return Message(tone, say.code("spending", view.offline_spending))

    def give_back(self, reservation_id: str) -> None:
        """Give one back; a basket that counted on it is priced anew when the member is read again."""
        desk = self._desk
        if not desk.busy:
            desk.operations.run(lambda: reservations.give_back(desk.till, reservation_id), lambda _: None, desk.tell)


def _passes(view: MemberView | None) -> tuple[SetAside, ...]:
    return tuple(one for one in view.set_aside if one.source_kind == "pass") if view is not None else ()

"""Bring a member to the counter, and keep them as the till knows them now: uses, balance, who they are after a merge.

Rule: nobody comes while a basket is being paid; who was found meanwhile comes as soon as that has ended.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.till import find_member
from pos_app.till.values import MemberView, Proof
from pos_app.ui.messages import Message

if TYPE_CHECKING:
    from pos_app.ui.desk import Desk


class MemberKeeper:
    """Of one desk."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def look_up(self, command: Callable[[], tuple[MemberView, ...]], attempt: str = "") -> None:
        """Bring who is found to the counter; several are chosen from."""
        self._desk.operations.run(command, self._found, self._not_found, attempt)

    def _found(self, found: tuple[MemberView, ...]) -> None:
        desk = self._desk
        if desk.busy:
            desk.operations.after(lambda: self._found(found))
            return
        desk.looked_up.emit()
        desk.notice = None
        if len(found) == 1:
            desk.take(found[0])
        else:
            desk.people = found
            desk.changed.emit()

    def _not_found(self, message: Message) -> None:
        self._desk.looked_up.emit()
        self._desk.tell(message)

    def refresh(self) -> None:
        """Read the member on the counter again."""
        desk, view = self._desk, self._desk.view
        if view is not None:
            desk.operations.run(
                lambda: find_member.refresh(desk.till, view), lambda found: self._renewed(view, found), self._ignore
            )

    def _renewed(self, asked: MemberView, view: MemberView) -> None:
        """Take over how a member is now; the server may have merged them, and their passes, into another id."""
        desk = self._desk
        if desk.view is None or desk.view.member.member_id != asked.member.member_id or desk.busy:
            return
        if view == desk.view:
            return
        desk.view = view
        current = desk.basket.held
        if current is not None:
            same = next((found for found in view.passes if found.held.pass_id == current.pass_id), None)
            same = same or next((found for found in view.passes if found.held.plan_id == current.plan_id), None)
            if same is not None:
                desk.basket = replace(desk.basket, member=view.member, held=same.held, plan=same.plan)
                desk.price()
        elif not desk.basket.cups and not desk.plain:
            desk.start(view)
        desk.changed.emit()

    def prove(self, proof: Proof) -> None:
        """Note that the member on the counter proved who they are."""
        desk = self._desk
        if desk.view is not None and desk.view.member.member_id == proof.member_id:
            desk.view = replace(desk.view, proof=proof)
            desk.changed.emit()

    def _ignore(self, _message: Message) -> None:
        """A member that cannot be read again stays as shown; the use case checks anew when it acts."""

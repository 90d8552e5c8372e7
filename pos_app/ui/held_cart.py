"""A basket that waits: never lost, taken up again with one tap (counter.md, "Fewest touches")."""

from dataclasses import dataclass

from pos_app.selling.basket import Basket
from pos_app.till.values import MemberView


@dataclass(frozen=True, slots=True)
class HeldCart:
    """A basket put aside, with the member it is for."""

    view: MemberView | None
    basket: Basket

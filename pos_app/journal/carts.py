"""Baskets that are not paid yet, so that a crash loses none: the open one and those held.

Rule: the fact that pays the open basket takes it away in the same transaction (`end_open`), so that a basket which
comes back was never paid. They hold ids and products, nobody's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from models import codec
from models.facts import Body, CardCharged, OrderPaid, PassRedeemed
from models.passes import NotedCup
from models.refusals import Refusal
from models.tenders import Part
from pos_app.journal.tables import CARTS

_PAID_BY = (OrderPaid, PassRedeemed, CardCharged)
_OPEN = 0


@dataclass(frozen=True, slots=True)
class SavedCart:
    """What is on a basket, whose it is, the pass that pays, and what was paid of it already."""

    cups: tuple[NotedCup, ...]
    member_id: str | None
    pass_id: str | None
    parts: tuple[Part, ...] = ()


def save(rows: Connection, open_: SavedCart | None, held: Sequence[SavedCart]) -> None:
    """Keep the baskets as they are now, instead of those before; of the open one None when it is empty."""
    rows.execute(delete(CARTS))
    kept = {place: cart for place, cart in enumerate((open_, *held)) if cart is not None}
    if kept:
        found = [{"place": place, "value": codec.encode(cart).decode()} for place, cart in kept.items()]
        rows.execute(insert(CARTS), found)


def load(rows: Connection) -> tuple[SavedCart | None, tuple[SavedCart, ...]]:
    """Return the open basket and those held, oldest first; one that an older program wrote otherwise is left out."""
    open_, held = None, []
    for place, value in rows.execute(select(CARTS.c.place, CARTS.c.value).order_by(CARTS.c.place)):
        try:
            cart = codec.decode(SavedCart, value)
        except Refusal:
            continue
        if place == _OPEN:
            open_ = cart
        else:
            held.append(cart)
    return open_, tuple(held)


def end_open(rows: Connection, body: Body) -> None:
    """A fact that pays a basket is recorded: the open one is no more."""
    if isinstance(body, _PAID_BY):
        rows.execute(_END)


_END = delete(CARTS).where(CARTS.c.place == _OPEN)

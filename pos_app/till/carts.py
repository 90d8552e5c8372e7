"""Keep the baskets on the counter through a crash, and bring them back as they can still be sold."""

from collections.abc import Sequence

from models.refusals import Refusal
from pos_app.journal import carts
from pos_app.journal.carts import SavedCart
from pos_app.selling.basket import Basket
from pos_app.till import find_member
from pos_app.till.till import Till
from pos_app.till.values import Cart


def keep(till: Till, open_: Cart, held: Sequence[Cart]) -> None:
    """Write down what lies on the counter. Small, and refused by a full disk like everything a cashier does.

    An emptied basket that was paid in part is kept: its money is still to be given back.
    """
    lies = open_.basket.cups or open_.parts
    with till.journal.writing() as rows:
        carts.save(rows, _saved(open_) if lies else None, [_saved(cart) for cart in held])


def bring_back(till: Till) -> tuple[Cart | None, tuple[Cart, ...]]:
    """Return the open basket and the held ones of before the program ended, with members and passes as they are now.

    Of a member who is gone only the goods come back; a pass that is gone pays no more.
    """
    with till.journal.reading() as rows:
        open_, held = carts.load(rows)
    return (None if open_ is None else _cart(till, open_)), tuple(_cart(till, cart) for cart in held)


def _saved(cart: Cart) -> SavedCart:
    basket = cart.basket
    return SavedCart(
        basket.cups,
        cart.view.member.member_id if cart.view else None,
        basket.held.pass_id if basket.held else None,
        cart.parts,
    )


def _cart(till: Till, saved: SavedCart) -> Cart:
    try:
        view = find_member.by_id(till, saved.member_id) if saved.member_id else None
    except Refusal:
        view = None
    basket = Basket(saved.cups, view.member if view else None)
    used = next((one for one in view.passes if one.held.pass_id == saved.pass_id), None) if view else None
    if used is not None:
        basket = Basket(saved.cups, basket.member, used.held, used.plan)
    return Cart(view, basket, saved.parts)

"""Write down what lies on the counter whenever it changes, and bring it back: no crash loses a basket. Who comes back
hears what was recorded last."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pos_app.selling.basket import Basket
from pos_app.till import carts, orders
from pos_app.till.order_values import OrderRow
from pos_app.till.values import Cart
from pos_app.ui.messages import Message

if TYPE_CHECKING:
    from pos_app.ui.desk import Desk

_LATELY = timedelta(minutes=10)
_Counter = tuple[Cart, tuple[Cart, ...]]


class CartKeeper:
    """Of one desk. It writes in the lane of the commands, so before the one that pays; that takes the basket away."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._kept: _Counter = (Cart(None, Basket()), ())
        desk.changed.connect(self._keep)

    def bring_back(self) -> None:
        """Put what lay on the counter when the program ended back on it, unless something lies there again."""
        till = self._desk.till
        self._desk.operations.run(
            lambda: (*carts.bring_back(till), None if till.journal.training else orders.newest(till, _LATELY)),
            self._brought_back,
            self._failed,
        )

    def _brought_back(self, found: tuple[Cart | None, tuple[Cart, ...], OrderRow | None]) -> None:
        desk, (open_, held, last) = self._desk, found
        say, recorded = desk.say, ""
        if last is not None:
            recorded = say("carts.recorded", what=f"{say.code('fact', last.kind)} · {last.slip}")
        busy = desk.basket.cups or desk.view is not None or desk.held
        if not busy and (open_ or held):
            desk.held = [*held, *([open_] if open_ else ())]
            if open_:
                desk.take_up(len(held))
            lies = say("carts.back.detail")
            desk.tell(Message("info", say("carts.back"), f"{lies} {recorded}." if recorded else lies))
        elif not busy and recorded:
            desk.tell(Message("info", recorded, say("carts.recorded.detail"), "orders", say("nav.orders")))

    def _keep(self) -> None:
        desk = self._desk
        now = Cart(desk.view, desk.basket, desk.payment.parts), tuple(desk.held)
        if not desk.busy and now != self._kept:
            self._kept = now
            desk.operations.run(lambda: carts.keep(desk.till, *now), lambda _: None, self._failed)

    def _failed(self, _message: Message) -> None:
        """What cannot be kept is lost only if the program ends now; the next change is written again."""

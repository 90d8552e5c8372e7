"""The open basket: what is on it and what it comes to, in a sale or in a redemption.

Rule: pure and frozen; each change returns a new basket. Prices come from the mirrored catalogue, never from a screen.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from models.catalogue import Member, MemberPass, PassPlan, PriceList
from models.notes import clean_note
from models.passes import AddOnChoice, Cup, CupQuote, NotedCup, price_cup, quote_redemption


@dataclass(frozen=True, slots=True)
class Basket:
    """Cups, the member they are for, and the pass that pays when this is a redemption (`held` and `plan` together)."""

    cups: tuple[NotedCup, ...] = ()
    member: Member | None = None
    held: MemberPass | None = None
    plan: PassPlan | None = None

    @property
    def is_redemption(self) -> bool:
        return self.held is not None


@dataclass(frozen=True, slots=True)
class BasketQuote:
    """What a basket comes to. `uses` and `uses_left` are 0 outside a redemption; `due_minor` is what is to be paid.

    `notes`: those of the cups, in their order.
    """

    cups: tuple[CupQuote, ...]
    uses: int
    uses_left: int
    due_minor: int
    notes: tuple[str, ...] = ()

    def gross_by_rate(self) -> list[tuple[str, int]]:
        """Return (VAT rate, amount) per priced part."""
        return [part for cup in self.cups for part in cup.gross_by_rate()]


def with_pass(basket: Basket, held: MemberPass | None, plan: PassPlan | None) -> Basket:
    """Choose the pass that pays (or none); the cups are dropped, since what may be on the basket changes."""
    return Basket(member=basket.member, held=held, plan=plan)


def add_product(basket: Basket, product_id: str) -> Basket:
    """Put one more piece of a product on the basket."""
    return replace(basket, cups=(*basket.cups, NotedCup(product_id)))


def remove_cup(basket: Basket, index: int) -> Basket:
    """Take one cup off."""
    return replace(basket, cups=basket.cups[:index] + basket.cups[index + 1 :])


def add_add_on(basket: Basket, index: int, add_on_id: str) -> Basket:
    """Put one more piece of an add-on on a cup."""
    cup = basket.cups[index]
    counts = {choice.add_on_id: choice.quantity for choice in cup.add_ons}
    counts[add_on_id] = counts.get(add_on_id, 0) + 1
    return _with_add_ons(basket, index, counts)


def remove_add_on(basket: Basket, index: int, add_on_id: str) -> Basket:
    """Take one piece of an add-on off a cup."""
    counts = {choice.add_on_id: choice.quantity for choice in basket.cups[index].add_ons}
    counts[add_on_id] = counts.get(add_on_id, 0) - 1
    return _with_add_ons(basket, index, counts)


def with_note(basket: Basket, places: Collection[int], text: str) -> Basket:
    """Write a note on the cups at these places, instead of what they had; "" takes it off."""
    note = clean_note(text)
    cups = (replace(cup, note=note) if place in places else cup for place, cup in enumerate(basket.cups))
    return replace(basket, cups=tuple(cups))


def asked_cups(basket: Basket) -> tuple[Cup, ...]:
    """Return the cups as a request asks for them."""
    return tuple(Cup(cup.product_id, cup.add_ons) for cup in basket.cups)


def quote(basket: Basket, prices: PriceList, at: datetime, business_day: str) -> BasketQuote:
    """Price the basket; the refusals of `models.passes.quote_redemption` and `price_cup`.

    An empty sale comes to zero; an empty redemption too, so that the screen can show what is left on the pass.
    """
    notes = tuple(cup.note for cup in basket.cups)
    if basket.held is None or basket.plan is None:
        cups = tuple(price_cup(cup, prices, None) for cup in basket.cups)
        return BasketQuote(cups, 0, 0, sum(cup.total_minor for cup in cups), notes)
    if not basket.cups:
        return BasketQuote((), 0, basket.held.uses_left, 0)
    found = quote_redemption(basket.held, basket.plan, basket.cups, prices, at, business_day)
    return BasketQuote(found.cups, found.uses, found.uses_left, found.extra_total_minor, notes)


def _with_add_ons(basket: Basket, index: int, counts: dict[str, int]) -> Basket:
    choices = tuple(AddOnChoice(add_on_id, count) for add_on_id, count in counts.items() if count > 0)
    cup = replace(basket.cups[index], add_ons=choices)
    return replace(basket, cups=(*basket.cups[:index], cup, *basket.cups[index + 1 :]))

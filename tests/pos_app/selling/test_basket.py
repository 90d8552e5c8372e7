"""The basket: what stands on it and what it comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import split_vat
from models.refusals import Refusal
from pos_app.selling.basket import (
    Basket,
    add_add_on,
    add_product,
    asked_cups,
    quote,
    remove_add_on,
    remove_cup,
    with_note,
    with_pass,
)
from tests.pos_app.desk import MILK_TEA, NOON, PASS_TEN, PEARLS, PUDDING, WATER, Desk

DAY = "2026-11-20"


def test_sale_and_redemption_of_the_same_cups(desk: Desk) -> None:
    prices = desk.journal.catalogue.prices
    basket = add_product(add_product(Basket(), MILK_TEA), MILK_TEA)
    basket = add_add_on(add_add_on(add_add_on(basket, 0, PEARLS), 0, PEARLS), 1, PUDDING)
    sale = quote(basket, prices, NOON, DAY)
    assert (sale.due_minor, sale.uses) == (1800 * 2 + 200 * 2 + 300, 0)
    passing = desk.basket(2, add_ons=[PEARLS, PEARLS, PUDDING])
    redemption = quote(passing, prices, NOON, DAY)
    assert (redemption.due_minor, redemption.uses, redemption.uses_left) == (200 + 300, 2, 4), "one pearl is free"
    assert sum(amount for _, amount in redemption.gross_by_rate()) == 500
    (group,) = split_vat(redemption.gross_by_rate())
    assert (group.rate, group.base_minor + group.quota_minor) == ("0.10", 500)


def test_empty_baskets_come_to_nothing(desk: Desk) -> None:
    prices = desk.journal.catalogue.prices
    assert quote(Basket(), prices, NOON, DAY).due_minor == 0
    held = desk.basket(0)
    assert (quote(held, prices, NOON, DAY).uses_left, held.is_redemption) == (6, True)


def test_choosing_a_pass_clears_the_cups(desk: Desk) -> None:
    basket = desk.basket(2)
    assert with_pass(basket, None, None).cups == ()
    assert with_pass(basket, None, None).member == basket.member


def test_a_product_outside_the_pass_is_refused(desk: Desk) -> None:
    basket = add_product(desk.basket(1, PASS_TEN), WATER)
    with pytest.raises(Refusal) as error:
        quote(basket, desk.journal.catalogue.prices, NOON, DAY)
    assert error.value.code == "product_not_eligible"


@given(steps=st.lists(st.sampled_from(["add", "more", "less", "drop"]), max_size=30))
def test_any_tapping_leaves_a_sound_basket(steps: list[str]) -> None:
    basket = Basket()
    for step in steps:
        if step == "add":
            basket = add_product(basket, MILK_TEA)
        elif basket.cups and step == "more":
            basket = add_add_on(basket, 0, PEARLS)
        elif basket.cups and step == "less":
            basket = remove_add_on(basket, 0, PEARLS)
        elif basket.cups:
            basket = remove_cup(basket, len(basket.cups) - 1)
        assert all(choice.quantity >= 1 for cup in basket.cups for choice in cup.add_ons)


def test_a_note_prices_nothing_stays_with_its_cup_and_is_not_asked(desk: Desk) -> None:
    prices = desk.journal.catalogue.prices
    basket = add_product(add_product(add_product(Basket(), MILK_TEA), MILK_TEA), WATER)
    noted = with_note(with_note(basket, (0, 2), " less\nice 🧊"), (2,), "")
    assert [cup.note for cup in noted.cups] == ["less ice", "", ""]
    assert (quote(noted, prices, NOON, DAY).due_minor, quote(noted, prices, NOON, DAY).notes) == (
        quote(basket, prices, NOON, DAY).due_minor, ("less ice", "", ""),
    )  # fmt: skip
    assert asked_cups(noted) == asked_cups(basket)
    assert [cup.note for cup in remove_cup(add_add_on(noted, 0, PEARLS), 1).cups] == ["less ice", ""]
    passing = with_note(desk.basket(2), (1,), "hot")
    assert quote(passing, prices, NOON, DAY).notes == ("", "hot")

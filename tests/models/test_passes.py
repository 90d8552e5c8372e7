"""Pass states and redemption arithmetic, as source 002 and domain.md decide them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import AddOn, MemberPass, PassPlan, PriceList, Product
from models.passes import (
    STATUSES,
    TRANSITIONS,
    AddOnChoice,
    Cup,
    RedemptionQuote,
    first_purchase,
    price_cup,
    quote_redemption,
    redeem,
    stack_purchase,
    transition,
)
from models.refusals import Refusal

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
DAY = "2026-11-20"
TEA = Product("tea", "m", "c", {"en": "Tea"}, 1800, "0.10", frozenset({"tea10"}), ("pearl", "jelly", "cream", "cup"))
CAKE = Product("cake", "m", "c", {"en": "Cake"}, 2500, "0.10")
GONE = replace(TEA, product_id="gone", on_sale=False)
ADD_ONS = [
    AddOn("pearl", "m", {"en": "Pearl"}, 200, "0.10", "free_addon"),
    AddOn("jelly", "m", {"en": "Jelly"}, 300, "0.10", "free_addon"),
    AddOn("cream", "m", {"en": "Cream"}, 500, "0.10", "paid_addon"),
    AddOn("cup", "m", {"en": "Cup"}, 100, "0.21"),
    AddOn("other", "m", {"en": "Other"}, 100, "0.21"),
]
PRICES = PriceList(
    "EUR", {item.product_id: item for item in (TEA, CAKE, GONE)}, {add.add_on_id: add for add in ADD_ONS}
)
PLAN = PassPlan("plan", "m", {"en": "Ten teas"}, 15000, "EUR", 10, 90, True, "tea10", "single_purpose", "0.10", 3, 4, 1)
HELD = first_purchase(PLAN, "pass", "member", NOW)


def quote(*cups: Cup, held: MemberPass = HELD, plan: PassPlan = PLAN, at: datetime = NOW) -> RedemptionQuote:
    return quote_redemption(held, plan, cups, PRICES, at, DAY)


def cup(**add_ons: int) -> Cup:
    return Cup("tea", tuple(AddOnChoice(name, count) for name, count in add_ons.items()))


@pytest.mark.req("R095")
def test_no_other_status_exists() -> None:
    assert STATUSES == ("active", "suspended", "revoked", "expired")
    assert {status for status, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(STATUSES)


def test_revoked_is_final_and_unlisted_ways_are_closed() -> None:
    events = {event for _, event in TRANSITIONS}
    for status, event in product(STATUSES, events):
        if (status, event) in TRANSITIONS:
            assert transition(status, event) == TRANSITIONS[status, event]
        else:
            with pytest.raises(Refusal, match="pass_revoked" if status == "revoked" else "pass_not_active"):
                transition(status, event)


@pytest.mark.req("R096", "R097")
def test_a_first_purchase_is_active_or_waits_for_review() -> None:
    assert (HELD.status, HELD.uses_left, HELD.expires_at) == ("active", 10, NOW + timedelta(days=90))
    assert first_purchase(replace(PLAN, auto_activate=False), "p", "m", NOW).status == "suspended"


@pytest.mark.req("R099")
@pytest.mark.parametrize("status", ["active", "suspended"])
@pytest.mark.parametrize("auto_activate", [True, False])
def test_stacking_adds_and_leaves_the_status_alone(status: str, auto_activate: bool) -> None:
    held = replace(HELD, status=status, uses_left=3, expires_at=NOW + timedelta(days=200))
    stacked = stack_purchase(held, replace(PLAN, auto_activate=auto_activate), NOW)
    assert (stacked.status, stacked.uses_left, stacked.uses_bought) == (status, 13, 20)
    assert stacked.expires_at == NOW + timedelta(days=200)


def test_stacking_extends_a_nearer_expiry() -> None:
    held = replace(HELD, expires_at=NOW + timedelta(days=1))
    assert stack_purchase(held, PLAN, NOW).expires_at == NOW + timedelta(days=90)


@pytest.mark.parametrize("auto_activate", [True, False])
def test_stacking_on_an_expired_pass_forfeits_its_uses(auto_activate: bool) -> None:
    plan = replace(PLAN, auto_activate=auto_activate)
    for held in (replace(HELD, status="expired", uses_left=4), replace(HELD, uses_left=4, expires_at=NOW)):
        renewed = stack_purchase(held, plan, NOW)
        assert (renewed.uses_left, renewed.uses_bought) == (10, 16)
        assert renewed.status == ("active" if auto_activate else "suspended")
        assert renewed.pass_id == held.pass_id


def test_what_was_used_today_still_counts_after_a_renewal() -> None:
    held = replace(HELD, status="expired", used_on="2026-11-20", used_today=2)
    renewed = stack_purchase(held, PLAN, NOW)
    assert (renewed.used_on, renewed.used_today) == ("2026-11-20", 2)


def test_stacking_on_a_revoked_pass_is_refused() -> None:
    with pytest.raises(Refusal, match="pass_revoked"):
        stack_purchase(replace(HELD, status="revoked"), PLAN, NOW)


@pytest.mark.req("R100")
@pytest.mark.parametrize(
    ("status", "code"), [("suspended", "pass_not_active"), ("revoked", "pass_revoked"), ("expired", "pass_expired")]
)
def test_only_an_active_pass_redeems(status: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        quote(cup(), held=replace(HELD, status=status))


@pytest.mark.req("R102")
def test_a_plain_cup_costs_one_use_and_no_money() -> None:
    found = quote(cup(), cup())
    assert (found.uses, found.uses_left, found.extra_total_minor) == (2, 8, 0)


@pytest.mark.req("R110")
def test_add_ons_are_free_up_to_the_limit_of_each_cup() -> None:
    # Limit 1 per cup: the dearer jelly is free, the pearl is charged; the second cup has its own free one.
    assert quote(cup(pearl=1, jelly=1), cup(pearl=1)).extra_total_minor == 200
    assert quote(cup(pearl=3)).extra_total_minor == 400


@pytest.mark.req("R110")
def test_paid_and_untagged_add_ons_are_always_charged() -> None:
    assert quote(cup(cream=1)).extra_total_minor == 500
    assert quote(cup(cup=2)).extra_total_minor == 200


@pytest.mark.req("R110")
@pytest.mark.parametrize(("limit", "extra"), [(0, 1000), (1, 700), (2, 400), (4, 0), (None, 0), (9, 0)])
def test_the_limit_is_none_zero_or_a_number(limit: int | None, extra: int) -> None:
    plan = replace(PLAN, global_free_addon_limit=limit)
    assert quote(cup(pearl=2, jelly=2), plan=plan).extra_total_minor == extra


@given(st.permutations([("pearl", 2), ("jelly", 1), ("cream", 1), ("cup", 1)]), st.integers(0, 4))
def test_the_order_of_tapping_never_changes_the_price(order: list[tuple[str, int]], limit: int) -> None:
    plan = replace(PLAN, global_free_addon_limit=limit)
    tapped = Cup("tea", tuple(AddOnChoice(name, count) for name, count in order))
    straight = cup(pearl=2, jelly=1, cream=1, cup=1)
    assert price_cup(tapped, PRICES, plan).total_minor == price_cup(straight, PRICES, plan).total_minor


def test_a_sale_without_a_pass_pays_everything() -> None:
    found = price_cup(cup(pearl=1, cream=1), PRICES, None)
    assert found.total_minor == 1800 + 200 + 500
    assert found.gross_by_rate() == [("0.10", 1800), ("0.10", 200), ("0.10", 500)]


@pytest.mark.req("R109")
def test_only_the_plans_products_redeem() -> None:
    with pytest.raises(Refusal, match="product_not_eligible"):
        quote(Cup("cake"))
    for unknown in ("gone", "nothing"):
        with pytest.raises(Refusal, match="product_unknown"):
            quote(Cup(unknown))


@pytest.mark.parametrize("name", ["other", "nothing"])
def test_only_the_products_add_ons_can_be_chosen(name: str) -> None:
    with pytest.raises(Refusal, match="add_on_unknown"):
        quote(cup(**{name: 1}))


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_of_add_ons_is_1_to_99(quantity: int) -> None:
    with pytest.raises(Refusal, match="amount_invalid"):
        quote(cup(pearl=quantity))


def test_one_add_on_cannot_stand_twice_to_be_free_twice() -> None:
    with pytest.raises(Refusal, match="add_on_unknown"):
        quote(Cup("tea", (AddOnChoice("pearl", 1), AddOnChoice("pearl", 1))))


@pytest.mark.req("R090")
@pytest.mark.parametrize(
    ("held", "count", "code"),
    [
        (replace(HELD, uses_left=1), 2, "uses_exhausted"),
        (replace(HELD, uses_left=0), 1, "uses_exhausted"),
        (HELD, 4, "uses_per_order_exceeded"),
        (replace(HELD, used_on=DAY, used_today=3), 2, "uses_per_day_exceeded"),
    ],
)
def test_limits(held: MemberPass, count: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        quote(*[cup()] * count, held=held)


def test_yesterdays_uses_do_not_count_today() -> None:
    assert quote(cup(), held=replace(HELD, used_on="2026-11-19", used_today=4)).uses == 1


@pytest.mark.parametrize(("offset", "holds"), [(-1, True), (0, False), (1, False)])
def test_a_pass_holds_until_its_expiry(offset: int, holds: bool) -> None:
    at = HELD.expires_at + timedelta(microseconds=offset)
    if holds:
        assert quote(cup(), at=at).uses == 1
    else:
        with pytest.raises(Refusal, match="pass_expired"):
            quote(cup(), at=at)


def test_an_empty_redemption_and_a_foreign_plan_are_refused() -> None:
    with pytest.raises(Refusal, match="basket_empty"):
        quote()
    with pytest.raises(Refusal, match="pass_other_merchant"):
        quote(cup(), plan=replace(PLAN, plan_id="other"))
    with pytest.raises(Refusal, match="pass_other_merchant"):
        quote(cup(), plan=replace(PLAN, currency="CNY"))


def test_redeeming_counts_the_day_afresh() -> None:
    once = redeem(HELD, 2, DAY)
    assert (once.uses_left, once.used_on, once.used_today) == (8, DAY, 2)
    again = redeem(redeem(once, 1, DAY), 1, "2026-11-21")
    assert (again.uses_left, again.used_today) == (6, 1)
    for wrong in (0, 11, -1):
        with pytest.raises(ValueError, match="uses"):
            redeem(HELD, wrong, DAY)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=20))
def test_uses_are_never_made_or_lost(steps: list[tuple[bool, int]]) -> None:
    held, spent = HELD, 0
    for stack, uses in steps:
        if stack:
            held = stack_purchase(held, PLAN, NOW)
        elif held.uses_left >= uses:
            held, spent = redeem(held, uses, DAY), spent + uses
        assert held.uses_bought - held.uses_left == spent
        assert 0 <= held.uses_left <= held.uses_bought


def test_every_order_of_free_add_ons_gives_the_customer_the_best() -> None:
    prices = {"pearl": 200, "jelly": 300}
    for first, second in permutations(prices):
        tapped = Cup("tea", (AddOnChoice(first, 1), AddOnChoice(second, 1)))
        assert price_cup(tapped, PRICES, PLAN).total_minor == min(prices.values())

"""Stored-value cards: the arithmetic of charges, top-ups and refunds, as domain.md decides it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codec
from models.cards import (
    NO_LEVEL,
    BonusRule,
    Clawback,
    LevelBand,
    Lot,
    Part,
    bonus_for,
    check_bands,
    check_charge,
    clawback,
    discounted,
    discounted_vat,
    in_proportion,
    level_for,
    points_earned,
    points_taken_back,
    spend,
)
from models.money import MAX_MINOR, VatGroup, divide_half_up
from models.refusals import Refusal

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
DAY = timedelta(days=1)
BANDS = [
    LevelBand(1, 100, 499, "0.980"),
    LevelBand(2, 500, 1999, "0.950"),
    LevelBand(3, 2000, None, "0.900"),
]
RULE = BonusRule("rule-1", "m", "CNY", 10000, 2000, "0", NOW, None)
minor = st.integers(0, 10**9)
positive = st.integers(1, 10**9)


@pytest.mark.req("R029")
@pytest.mark.parametrize(
    ("points", "level", "discount"),
    [
        (0, 0, "1.000"), (99, 0, "1.000"), (100, 1, "0.980"), (499, 1, "0.980"), (500, 2, "0.950"),
        (1999, 2, "0.950"), (2000, 3, "0.900"), (10**9, 3, "0.900"),
    ],
)  # fmt: skip
def test_points_give_a_level_and_a_level_a_discount(points: int, level: int, discount: str) -> None:
    band = level_for(points, BANDS)
    assert (band.level, band.discount) == (level, discount)


@pytest.mark.req("R029", "R068")
def test_between_bands_and_without_bands_there_is_no_discount() -> None:
    assert level_for(50, []) == NO_LEVEL == LevelBand(0, 0, None, "1.000")
    assert level_for(500, [BANDS[0], BANDS[2]]) == NO_LEVEL


@pytest.mark.parametrize(
    "bands",
    [
        [*BANDS, LevelBand(4, 3000, None, "0.850")],
        [*BANDS, LevelBand(4, 499, 499, "0.850")],
        [*BANDS, LevelBand(4, 0, 100, "0.850")],
        [*BANDS, LevelBand(2, 0, 99, "0.850")],
        [LevelBand(1, 0, None, "0.980"), LevelBand(2, 0, None, "0.950")],
    ],
)
def test_bands_that_overlap_are_refused(bands: list[LevelBand]) -> None:
    for order in (bands, bands[::-1]):
        with pytest.raises(Refusal, match="levels_overlap"):
            check_bands(order)


def test_bands_may_touch_and_leave_gaps() -> None:
    check_bands([])
    check_bands(BANDS[::-1])
    check_bands([BANDS[2], BANDS[0]])


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=5))
def test_of_checked_bands_at_most_one_fits(spans: list[tuple[int, int | None]]) -> None:
    bands = [
        LevelBand(level, low, high, "0.900")
        for level, (low, high) in enumerate(spans, 1)
        if high is None or high >= low
    ]
    fitting = [
        [band for band in bands if band.min_points <= points <= (70 if band.max_points is None else band.max_points)]
        for points in range(62)
    ]
    try:
        check_bands(bands)
    except Refusal:
        assert any(len(found) > 1 for found in fitting)
    else:
        for points, found in enumerate(fitting):
            assert [level_for(points, bands)] == (found or [NO_LEVEL])


@pytest.mark.parametrize(
    ("level", "low", "high", "discount"),
    [
        (-1, 0, None, "1.000"), (1, -1, None, "1.000"), (1, 5, 4, "1.000"), (1, 0, None, "0.000"),
        (1, 0, None, "1.001"), (1, 0, None, "0.9500"), (1, 0, None, "-0.95"), (1, 0, None, "95%"), (1, 0, None, ""),
        (1, 0, None, "NaN"), (1, 0, None, "1e-1"),
    ],
)  # fmt: skip
def test_what_is_no_band(level: int, low: int, high: int | None, discount: str) -> None:
    with pytest.raises(ValueError, match="no level band"):
        LevelBand(level, low, high, discount)


@pytest.mark.req("R064")
@pytest.mark.parametrize(
    ("raw", "discount", "final"),
    [
        (2550, "0.950", 2423),  # 24.225, the half goes up
        (2550, "0.95", 2423),
        (2550, "1.000", 2550),
        (2549, "0.950", 2422),  # 24.2155
        (10, "0.950", 10),  # 9.5
        (10, "0.949", 9),
        (1, "0.500", 1),
        (1, "0.499", 0),
        (3, "0.5", 2),
        (0, "0.950", 0),
        (MAX_MINOR, "0.999", 999 * 10**9),
    ],
)
def test_a_discount_is_rounded_once_half_up(raw: int, discount: str, final: int) -> None:
    assert discounted(raw, discount) == final


@pytest.mark.parametrize(
    ("raw", "discount"), [(-1, "0.950"), (MAX_MINOR + 1, "1"), (100, "0"), (100, "1.1"), (100, "x")]
)
def test_what_cannot_be_discounted(raw: int, discount: str) -> None:
    with pytest.raises(Refusal, match="amount_invalid"):
        discounted(raw, discount)


@given(minor, st.integers(1, 1000))
def test_a_discount_never_raises_a_price_and_is_the_nearest_cent(raw: int, thousandths: int) -> None:
    final = discounted(raw, f"{thousandths // 1000}.{thousandths % 1000:03}")
    assert final == divide_half_up(raw * thousandths, 1000)
    assert 0 <= final <= raw
    assert abs(final * 1000 - raw * thousandths) <= 500


@pytest.mark.req("R064")
def test_points_are_whole_units_of_the_price_before_discount() -> None:
    assert [points_earned(raw, "CNY") for raw in (0, 99, 100, 2550, 2599, 2600)] == [0, 0, 1, 25, 25, 26]
    assert points_earned(2550, "EUR") == 25
    with pytest.raises(Refusal, match="currency_mismatch"):
        points_earned(100, "USD")


@pytest.mark.req("R064")
def test_the_vat_of_a_discounted_order() -> None:
    gross = [("0.21", 1200), ("0.10", 350), ("0.21", 0), ("0.10", 1000)]
    # 24.23 by 12.00 : 13.50 is 11.40 (11.4023…) and the rest 12.83
    assert discounted_vat(gross, 2423) == (VatGroup("0.10", 1166, 117), VatGroup("0.21", 942, 198))
    assert discounted_vat([("0.06", 2550)], 2423) == (VatGroup("0.06", 2286, 137),)
    assert discounted_vat([("0.10", 100), ("0.1", 100)], 190) == (VatGroup("0.10", 173, 17),)
    assert discounted_vat([("0.06", 0)], 0) == discounted_vat([], 0) == ()


@given(
    st.lists(st.tuples(st.sampled_from(["0", "0.06", "0.10", "0.21"]), st.integers(1, 10**6)), min_size=1),
    st.integers(1, 1000),
)
def test_the_vat_groups_of_a_discounted_order_sum_to_its_total(lines: list[tuple[str, int]], thousandths: int) -> None:
    raw = sum(amount for _, amount in lines)
    total = discounted(raw, f"{thousandths // 1000}.{thousandths % 1000:03}")
    groups = discounted_vat(lines, total)
    assert sum(group.base_minor + group.quota_minor for group in groups) == total
    for group in groups:
        assert group.base_minor >= 0
        assert group.quota_minor >= 0
        assert group.base_minor + group.quota_minor <= sum(amount for rate, amount in lines if rate == group.rate)


OLD, NEW = Lot("old", 5000, 1000, 3000, 400, 0), Lot("new", 10000, 2000, 10000, 2000, 0)


@pytest.mark.req("R063")
@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        (0, ()),
        (1, (("old", "bonus", 1),)),
        (400, (("old", "bonus", 400),)),
        (401, (("old", "bonus", 400), ("new", "bonus", 1))),
        (2401, (("old", "bonus", 400), ("new", "bonus", 2000), ("old", "principal", 1))),
        (
            15400,
            (("old", "bonus", 400), ("new", "bonus", 2000), ("old", "principal", 3000), ("new", "principal", 10000)),
        ),
    ],
)
def test_bonus_is_spent_first_then_principal_oldest_first(amount: int, parts: tuple[tuple[str, str, int], ...]) -> None:
    assert spend([OLD, NEW], amount) == tuple(Part(*part) for part in parts)


@pytest.mark.req("R063")
def test_one_cent_too_much_is_refused() -> None:
    with pytest.raises(Refusal, match="balance_insufficient") as caught:
        spend([OLD, NEW], 15401)
    assert caught.value.data == {"balance_minor": 15400, "total_minor": 15401}
    with pytest.raises(Refusal, match="balance_insufficient"):
        spend([], 1)
    for amount in (-1, MAX_MINOR + 1):
        with pytest.raises(Refusal, match="amount_invalid"):
            spend([OLD], amount)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=5), st.integers(0, 500))
def test_spending_takes_in_order_and_exactly(balances: list[tuple[int, int]], wanted: int) -> None:
    lots = [Lot(str(index), 50, 50, left, bonus, 0) for index, (left, bonus) in enumerate(balances)]
    held = [(lot.lot_id, "bonus", lot.bonus_left) for lot in lots]
    held += [(lot.lot_id, "principal", lot.principal_left) for lot in lots]
    amount = min(wanted, sum(part[2] for part in held))
    coins = [(lot_id, bucket) for lot_id, bucket, count in held for _ in range(count)][:amount]
    taken = [(part.lot_id, part.bucket) for part in spend(lots, amount) for _ in range(part.amount_minor)]
    assert taken == coins


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (10, [1, 1, 1], (3, 4, 3)),  # 3.33 → 3; 7/2 = 3.5 → 4; the rest
        (1, [1, 1], (1, 0)),
        (100, [20, 100], (17, 83)),
        (7, [0, 7, 0], (0, 7, 0)),
        (120, [20, 100], (20, 100)),
        (0, [0, 0], (0, 0)),
        (0, [], ()),
        (9, [1, 2], (3, 6)),  # more than the weights: a spread, not a refund
    ],
)
def test_a_split_in_proportion(amount: int, weights: list[int], parts: tuple[int, ...]) -> None:
    assert in_proportion(amount, weights) == parts


@pytest.mark.parametrize(("amount", "weights"), [(1, []), (1, [0]), (-1, [1]), (1, [2, -1])])
def test_what_cannot_be_split(amount: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        in_proportion(amount, weights)


@given(st.lists(minor, max_size=8), st.integers(0, 10**6))
def test_parts_in_proportion_sum_up_and_stay_within_their_weights(weights: list[int], millionths: int) -> None:
    amount = sum(weights) * millionths // 10**6
    parts = in_proportion(amount, weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    if sum(weights):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - amount * weight / sum(weights)) <= len(weights)


@pytest.mark.req("R065")
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.lists(st.integers(1, 10**6), max_size=6))
def test_a_charge_refunded_in_many_parts_comes_back_bucket_by_bucket(paid: list[int], refunds: list[int]) -> None:
    left = list(paid)
    for refund in [*refunds, sum(paid)]:
        parts = in_proportion(min(refund, sum(left)), left)
        left = [weight - part for weight, part in zip(left, parts, strict=True)]
        assert min(left) >= 0
    assert left == [0] * len(paid)


@pytest.mark.req("R065")
def test_points_go_back_with_the_money() -> None:
    assert [points_taken_back(25, 2423, before, 1000) for before in (0, 1000)] == [10, 10]
    assert points_taken_back(25, 2423, 2000, 423) == 5
    assert points_taken_back(25, 2423, 0, 2423) == 25
    assert points_taken_back(25, 2423, 0, 96) == 0
    assert points_taken_back(25, 2423, 0, 97) == 1
    assert points_taken_back(0, 2423, 0, 2423) == points_taken_back(7, 0, 0, 0) == 0


@given(minor, st.lists(positive, min_size=1, max_size=8))
def test_points_taken_back_part_by_part_are_those_earned(points: int, refunds: list[int]) -> None:
    final, before, taken = sum(refunds), 0, 0
    for refund in refunds:
        back = points_taken_back(points, final, before, refund)
        assert back >= 0
        before, taken = before + refund, taken + back
        assert taken * final <= points * before
    assert taken == points


@pytest.mark.req("R065")
@pytest.mark.parametrize(
    ("granted", "left", "refund", "bonus", "principal", "cash", "uncollected"),
    [
        ((100, 20), (100, 20), 30, 6, 0, 30, 0),
        ((100, 20), (100, 10), 100, 10, 10, 90, 0),
        ((100, 20), (60, 0), 60, 0, 12, 48, 0),
        ((50, 80), (50, 0), 50, 0, 50, 0, 30),
    ],
)
def test_the_clawback_table(
    granted: tuple[int, int],
    left: tuple[int, int],
    refund: int,
    bonus: int,
    principal: int,
    cash: int,
    uncollected: int,
) -> None:
    for unit in (1, 100):
        found = clawback(granted[0] * unit, granted[1] * unit, left[0] * unit, left[1] * unit, 0, refund * unit)
        assert found == Clawback(bonus * unit, principal * unit, cash * unit, uncollected * unit)


def test_clawback_at_its_edges() -> None:
    assert clawback(300, 100, 300, 100, 0, 1) == Clawback(0, 0, 1, 0)  # T(1) = 0.33
    assert clawback(300, 100, 299, 100, 1, 1) == Clawback(1, 0, 1, 0)  # T(2) = 0.67
    assert clawback(200, 100, 200, 100, 0, 1) == Clawback(1, 0, 1, 0)  # T(1) = 0.5, the half goes up
    assert clawback(100, 0, 40, 0, 60, 40) == Clawback(0, 0, 40, 0)
    assert clawback(100, 20, 100, 0, 0, 1) == Clawback(0, 0, 1, 0)


@pytest.mark.parametrize(
    ("refund", "code"),
    [(61, "refund_exceeds"), (0, "amount_invalid"), (-1, "amount_invalid"), (MAX_MINOR + 1, "amount_invalid")],
)
def test_a_top_up_refund_that_cannot_be(refund: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        clawback(100, 20, 60, 0, 0, refund)


@st.composite
def refunded_lots(draw: st.DrawFn) -> tuple[Lot, list[int]]:
    """A lot, some of it spent, and refunds of principal that it can bear."""
    granted, bonus = draw(positive), draw(minor)
    left, bonus_left = draw(st.integers(1, granted)), draw(st.integers(0, bonus))
    refunds, rest = [], left
    for _ in range(draw(st.integers(1, 6))):
        if rest:
            refunds.append(draw(st.integers(1, rest)))
            rest -= refunds[-1]
    return Lot("lot", granted, bonus, left, bonus_left, 0), refunds


def refund_all(lot: Lot, refunds: list[int]) -> Clawback:
    total = Clawback(0, 0, 0, 0)
    for refund in refunds:
        found = clawback(
            lot.principal_granted, lot.bonus_granted, lot.principal_left, lot.bonus_left, lot.refunded_minor, refund
        )
        assert min(found.from_bonus, found.from_principal, found.cash_out, found.uncollected) >= 0
        assert found.from_principal + found.cash_out == refund
        lot = replace(
            lot,
            principal_left=lot.principal_left - refund,
            bonus_left=lot.bonus_left - found.from_bonus,
            refunded_minor=lot.refunded_minor + refund,
        )
        assert min(lot.principal_left, lot.bonus_left) >= 0
        total = Clawback(
            total.from_bonus + found.from_bonus,
            total.from_principal + found.from_principal,
            total.cash_out + found.cash_out,
            total.uncollected + found.uncollected,
        )
    return total


@pytest.mark.req("R065")
@given(refunded_lots())
def test_a_top_up_refunded_in_many_parts_claws_back_as_at_once(case: tuple[Lot, list[int]]) -> None:
    lot, refunds = case
    parts, at_once = refund_all(lot, refunds), refund_all(lot, [sum(refunds)])
    assert parts.from_bonus == at_once.from_bonus
    assert parts.from_principal + parts.uncollected == at_once.from_principal + at_once.uncollected
    if lot.bonus_granted <= lot.principal_granted:  # else a part's principal may not cover what it owes
        assert parts == at_once
        assert parts.uncollected == 0


def test_no_bonus_no_clawback() -> None:
    assert refund_all(Lot("lot", 1000, 0, 1000, 0, 0), [1, 333, 666]) == Clawback(0, 0, 1000, 0)


@pytest.mark.req("R066")
@pytest.mark.parametrize(
    ("amount", "at", "rule_id", "bonus"),
    [
        (9999, NOW, None, 0),
        (10000, NOW, "rule-1", 2000),
        (19999, NOW, "rule-1", 2000),
        (20005, NOW, "rule-3", 1000 + 3001),  # 15 % of 200.05 is 30.0075
        (20003, NOW, "rule-3", 1000 + 3000),  # 30.0045
        (50000, NOW, "rule-4", 0),
        (10000, NOW - timedelta(microseconds=1), None, 0),
        (20000, NOW + DAY, "rule-2", 5000),  # rule-3 has just ended
        (20000, NOW + DAY - timedelta(microseconds=1), "rule-3", 4000),
    ],
)
def test_the_bonus_of_a_top_up(amount: int, at: datetime, rule_id: str | None, bonus: int) -> None:
    rules = [
        replace(RULE, rule_id="rule-3", min_amount_minor=20000, bonus_minor=1000, bonus_rate="0.15", ends_at=NOW + DAY),
        replace(RULE, rule_id="rule-2", min_amount_minor=20000, bonus_minor=5000),
        RULE,
        replace(RULE, rule_id="rule-4", min_amount_minor=50000, bonus_minor=0),
        replace(RULE, rule_id="rule-9", currency="EUR", min_amount_minor=9999, bonus_minor=9999),
    ]
    for order in (rules, rules[::-1]):
        rule, found = bonus_for(amount, "CNY", order, at)
        assert (rule and rule.rule_id, found) == (rule_id, bonus)


def test_half_a_cent_of_bonus_goes_up() -> None:
    rule = replace(RULE, min_amount_minor=1, bonus_minor=0, bonus_rate="0.05")
    assert [bonus_for(amount, "CNY", [rule], NOW)[1] for amount in (9, 10, 29, 30)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    "change",
    [{"bonus_rate": "-1"}, {"bonus_rate": "12"}, {"bonus_rate": "1.0001"}, {"bonus_rate": "2"}, {"bonus_minor": -1},
     {"min_amount_minor": 0, "bonus_minor": 0}, {"bonus_minor": RULE.min_amount_minor + 1}],
)  # fmt: skip
def test_what_is_no_bonus_rule(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no bonus rule"):
        replace(RULE, **change)  # type: ignore[arg-type]


def test_the_most_that_a_rule_promises() -> None:
    most = replace(RULE, bonus_minor=RULE.min_amount_minor, bonus_rate="1.0000")
    assert bonus_for(RULE.min_amount_minor, "CNY", [most], NOW) == (most, 2 * RULE.min_amount_minor)


@pytest.mark.parametrize("total", [0, -1, MAX_MINOR + 1])
def test_a_charge_takes_something(total: int) -> None:
    with pytest.raises(Refusal, match="amount_invalid"):
        check_charge(total)
    assert check_charge(1) == 1


def test_bands_and_rules_travel_to_tills() -> None:
    for value in (*BANDS, replace(BANDS[0], merchant_id="m"), RULE, replace(RULE, ends_at=NOW + DAY)):
        assert codec.decode(type(value), codec.encode(value)) == value
    with pytest.raises(Refusal, match="request_malformed"):
        codec.from_plain(LevelBand, {**codec.to_plain(BANDS[0]), "discount": "2"})

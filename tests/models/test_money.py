"""Money: rounding, VAT, formats and what people type."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import MAX_MINOR, check_amount, divide_half_up, format_money, parse_amount, round_half_up, split_vat
from models.refusals import Refusal


def test_halves_round_away_from_zero() -> None:
    assert round_half_up(Decimal(2550) * Decimal("0.95")) == 2423
    assert round_half_up(Decimal("-0.5")) == -1
    assert round_half_up(Decimal("0.4999")) == 0


def test_vat_is_rounded_per_rate_and_not_per_line() -> None:
    # Three lines of 0.05 at 21 %: per line the base would be 3 × 4 = 12; per group 15 / 1.21 = 12.397 -> 12.
    groups = split_vat([("0.21", 5), ("0.10", 1100), ("0.21", 5), ("0.21", 6)])
    assert [(group.rate, group.base_minor, group.quota_minor) for group in groups] == [
        ("0.10", 1000, 100),
        ("0.21", 13, 3),
    ]


@given(st.lists(st.tuples(st.sampled_from(["0", "0.04", "0.10", "0.21", "0.06"]), st.integers(-(10**6), 10**6))))
def test_vat_groups_always_add_up_to_what_was_paid(lines: list[tuple[str, int]]) -> None:
    groups = split_vat(lines)
    assert sum(group.base_minor + group.quota_minor for group in groups) == sum(amount for _, amount in lines)
    assert len({group.rate for group in groups}) == len(groups)


@pytest.mark.parametrize("rate", ["1", "1.0", "-0.1", "0.12345", "21", "", "0,21", "NaN", "0.2.1"])
def test_a_rate_outside_its_form_is_refused(rate: str) -> None:
    with pytest.raises(Refusal, match="amount_invalid"):
        split_vat([(rate, 100)])


@pytest.mark.parametrize(
    ("minor", "code", "language", "expected"),
    [
        (124000, "CNY", "zh-CN", "¥\u00a01,240.00"),
        (124000, "EUR", "es-ES", "1.240,00\u00a0€"),
        (5, "EUR", "en", "€0.05"),
        (-2423, "CNY", "en", "−¥24.23"),
        (-150, "EUR", "es-ES", "−1,50\u00a0€"),
        (0, "CNY", "zh-CN", "¥\u00a00.00"),
    ],
)
def test_money_is_written_from_its_currency(minor: int, code: str, language: str, expected: str) -> None:
    assert format_money(minor, code, language) == expected


def test_a_currency_we_do_not_trade_in_is_refused() -> None:
    with pytest.raises(Refusal, match="currency_mismatch"):
        format_money(1, "USD", "en")


@pytest.mark.parametrize(("text", "minor"), [("10", 1000), ("10.5", 1050), ("10,50", 1050), (" 0.05 ", 5)])
def test_what_people_type(text: str, minor: int) -> None:
    assert parse_amount(text, "EUR") == minor


@pytest.mark.parametrize("text", ["", "-1", "+1", "1e3", "1.234", "1.", ".5", "1,000.00", "NaN", "١٢", "9" * 11, "1 0"])
def test_what_is_not_an_amount(text: str) -> None:
    with pytest.raises(Refusal, match="amount_invalid"):
        parse_amount(text, "CNY")


def test_amounts_are_whole_and_bounded() -> None:
    assert check_amount(-MAX_MINOR) == -MAX_MINOR
    for wrong in (MAX_MINOR + 1, True, 1.0, "1"):
        with pytest.raises(Refusal, match="amount_invalid"):
            check_amount(wrong)  # type: ignore[arg-type]


@given(st.integers(0, 10**24), st.integers(1, 10**12))
def test_dividing_rounds_the_half_up_however_large(numerator: int, denominator: int) -> None:
    quotient = divide_half_up(numerator, denominator)
    assert -denominator <= 2 * (numerator - quotient * denominator) < denominator
    assert divide_half_up(2 * denominator * numerator + denominator, 2 * denominator) == numerator + 1

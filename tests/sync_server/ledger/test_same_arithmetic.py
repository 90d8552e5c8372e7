"""One rule, two homes, at its edges: exact halves, and money given back piece by piece until nothing is left.

Rule: some ten thousand cases a run, thousands a query; the seed is a new one each time and is shown. The rest of the
arithmetic, on unbiased input, is in test_card_arithmetic.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import gcd
from typing import Any, LiteralString

import pytest
from psycopg.types.json import Jsonb

from models.cards import BonusRule as Rule
from models.cards import (
    Lot,
    bonus_for,
    clawback,
    discounted,
    in_proportion,
    points_taken_back,
    spend,
)
from models.money import MAX_MINOR, divide_half_up
from tests.sync_server import world
from tests.sync_server.ledger.cards import Owner, new_id
from tests.sync_server.ledger.test_card_arithmetic import START, amount

Case = tuple[Any, ...]


@pytest.fixture
def dice() -> random.Random:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def agree(owner: Owner, call: LiteralString, types: list[LiteralString], cases: list[tuple[Case, Any]]) -> None:
    """Compare `call` (of x.a, x.b, …) with what is expected, for all cases in one query."""
    names = "abcdefgh"[: len(types)]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    query = (
        f"SELECT {call} FROM ROWS FROM (jsonb_to_recordset(%s) AS ({columns})) WITH ORDINALITY AS x ORDER BY ordinality"
    )
    rows = [dict(zip(names, values, strict=True)) for values, _ in cases]
    found = owner.execute(query.encode(), [Jsonb(rows)]).fetchall()
    assert len(found) == len(cases)
    for (values, expected), (said,) in zip(cases, found, strict=True):
        assert said == expected, f"{call} of {values}"


def odd(dice: random.Random, most: int) -> int:
    """An odd number up to about `most`."""
    return dice.randint(0, max(0, most // 2 - 1)) * 2 + 1


def thousandths(dice: random.Random) -> tuple[int, int]:
    """A discount in thousandths, and an amount of which it is exactly so many and a half."""
    while True:
        rate = dice.randint(1, 999)
        step = 500 // gcd(rate, 500)
        if (rate // gcd(rate, 500)) % 2:
            return rate, step * odd(dice, dice.choice((10, 10**6, MAX_MINOR // step)))


@pytest.mark.req("R064")
def test_exact_halves_go_up(owner: Owner, dice: random.Random) -> None:
    """Discount, bonus by rate, and shares of two alike: half a cent is a whole one, here and there."""
    discounts: list[tuple[Case, Any]] = []
    bonuses: list[tuple[Case, Any]] = []
    halves: list[tuple[Case, Any]] = []
    shares: list[tuple[Case, Any]] = []
    for _ in range(2000):
        rate, raw = thousandths(dice)
        exact = (raw * rate + 500) // 1000
        assert (raw * rate) % 1000 == 500
        assert discounted(raw, f"0.{rate:03}") == exact
        discounts.append(((raw, f"0.{rate:03}"), exact))
        rule = Rule(new_id(), world.MERCHANT, "CNY", 1, dice.randint(0, 1), f"0.{rate:03}0", START, None)
        brought = rule.bonus_minor + (raw * int(rule.bonus_rate.replace(".", "")) + 5000) // 10_000
        assert bonus_for(raw, "CNY", [rule], START) == (rule, brought)
        bonuses.append(((raw, rule.bonus_minor, rule.bonus_rate), brought))
        times, whole = amount(dice) + 1, odd(dice, MAX_MINOR)
        assert divide_half_up(whole * times, 2 * times) == (whole + 1) // 2
        halves.append(((whole * times, 2 * times), (whole + 1) // 2))
        weight = max(1, whole // 2 + 1, amount(dice))
        assert in_proportion(whole, [weight, weight]) == ((whole + 1) // 2, whole // 2)
        shares.append(((whole, [weight, weight]), [(whole + 1) // 2, whole // 2]))
    agree(owner, "app.discounted(x.a, x.b)", ["bigint", "numeric"], discounts)
    agree(
        owner,
        "app.bonus_of(ROW(NULL, NULL, NULL, 1, x.b, x.c, NULL, NULL)::app.bonus_rules, x.a)",
        ["bigint", "bigint", "numeric"],
        bonuses,
    )
    agree(owner, "app.divide_half_up(x.a, x.b)", ["numeric", "numeric"], halves)
    agree(owner, "app.in_proportion(x.a, x.b)", ["bigint", "bigint[]"], shares)


def pieces(dice: random.Random, whole: int) -> Iterator[tuple[int, int]]:
    """(given back before, given back now) until all of it is back, in at most nine steps."""
    done = 0
    for step in range(9):
        if done == whole:
            return
        piece = whole - done if step == 8 else dice.choice((1, whole - done, dice.randint(1, whole - done)))
        yield done, piece
        done += piece


@pytest.mark.req("R065")
def test_a_charge_given_back_in_pieces(owner: Owner, dice: random.Random) -> None:
    """Every piece alike in both homes; all pieces together are every point and every part, neither more nor less."""
    points: list[tuple[Case, Any]] = []
    shares: list[tuple[Case, Any]] = []
    for _ in range(700):
        earned = amount(dice, 10**10)
        parts = [amount(dice, 10**9) for _ in range(dice.randint(1, 5))]
        final, left, back = sum(parts), list(parts), 0
        for done, piece in pieces(dice, final):
            points.append(((earned, final, done, piece), points_taken_back(earned, final, done, piece)))
            back += points[-1][1]
            given = list(in_proportion(piece, left))
            shares.append(((piece, list(left)), given))
            assert all(0 <= part <= most for part, most in zip(given, left, strict=True))
            left = [most - part for part, most in zip(given, left, strict=True)]
        assert (left, back) == ([0] * len(parts), earned if final else 0)
    agree(owner, "app.points_taken_back(x.a, x.b, x.c, x.d)", ["bigint"] * 4, points)
    agree(owner, "app.in_proportion(x.a, x.b)", ["bigint", "bigint[]"], shares)


@pytest.mark.req("R065")
def test_a_top_up_given_back_in_pieces(owner: Owner, dice: random.Random) -> None:
    """Its bonus is due once and whole: from bonus, from principal, or uncollected."""
    cases: list[tuple[Case, Any]] = []
    for _ in range(900):
        granted, bonus = max(1, amount(dice)), amount(dice)
        left, bonus_left, due = granted, dice.choice((0, bonus, dice.randint(0, bonus))), 0
        for done, piece in pieces(dice, granted):
            found = clawback(granted, bonus, left, bonus_left, done, piece)
            assert found.cash_out + found.from_principal == piece
            assert min(found.from_bonus, found.from_principal, found.cash_out, found.uncollected) >= 0
            row = f"({found.from_bonus},{found.from_principal},{found.cash_out},{found.uncollected})"
            cases.append(((granted, bonus, left, bonus_left, done, piece), row))
            left, bonus_left = left - piece, bonus_left - found.from_bonus
            due += found.from_bonus + found.from_principal + found.uncollected
        assert (due, left) == (bonus, 0)
    call: LiteralString = "(SELECT ROW(r.*)::text FROM app.clawback(x.a, x.b, x.c, x.d, x.e, x.f) AS r)"
    agree(owner, call, ["bigint"] * 6, cases)


def test_the_rest_of_what_was_set_aside(owner: Owner, dice: random.Random) -> None:
    """What a reservation did not use is what would have been spent last."""
    cases: list[tuple[Case, Any]] = []
    for _ in range(1500):
        lots = [Lot(str(n), 0, 0, amount(dice, 10**9), amount(dice, 10**9), 0) for n in range(dice.randint(1, 4))]
        held = sum(lot.principal_left + lot.bonus_left for lot in lots)
        taken = spend(lots, dice.randint(0, held))
        whole = sum(part.amount_minor for part in taken)
        if not whole:
            continue
        used = dice.choice((0, whole, dice.randint(0, whole)))
        spent = {(part.lot_id, part.bucket): part.amount_minor for part in spend(lots, used)}
        rest = [part.amount_minor - spent.get((part.lot_id, part.bucket), 0) for part in taken]
        parts = [[part.lot_id, part.bucket, part.amount_minor] for part in taken]
        cases.append(((parts, used, whole), rest))
    agree(owner, "app.parts_between(x.a, x.b, x.c)", ["jsonb", "bigint", "bigint"], cases)

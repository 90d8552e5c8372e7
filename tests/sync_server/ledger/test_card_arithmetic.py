"""One rule, two homes: what `models.cards` computes and what the SQL decides agree on random business.

Rule: some twenty thousand cases a run, each function's in one query; the seed is a new one each time and is shown.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb

from models import codec
from models.cards import (
    BonusRule,
    Clawback,
    LevelBand,
    Lot,
    bonus_for,
    check_bands,
    clawback,
    discounted,
    in_proportion,
    level_for,
    points_earned,
    points_taken_back,
    spend,
)
from models.money import MAX_MINOR, divide_half_up
from models.refusals import Refusal
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.ledger.cards import Desk, Owner, many, new_id, one
from tests.sync_server.till import as_owner

CASES = 3500
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def seed() -> int:
    return random.randrange(2**32)


@pytest.fixture
def owner_only(database: DatabaseUrls) -> Any:
    with as_owner(database) as owner:
        yield owner


def amount(dice: random.Random, most: int = MAX_MINOR) -> int:
    """Small as often as large, and both ends."""
    size = dice.choice((3, 20, 1000, 10**6, most))
    return dice.choice((0, 1, min(size, most), dice.randint(0, min(size, most))))


def agree(
    owner: Owner, seed: int, call: LiteralString, types: list[LiteralString],
    draw: Callable[[random.Random], tuple[Any, ...]], expected: Callable[..., Any], cases: int = CASES,
) -> None:  # fmt: skip
    """Compare `call` (of x.a, x.b, …) with the Python function on drawn arguments."""
    dice = random.Random(seed)
    drawn = [draw(dice) for _ in range(cases)]
    names = "abcdefgh"[: len(types)]
    rows = [dict(zip(names, values, strict=True)) for values in drawn]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, types, strict=True))
    query = (
        f"SELECT {call} FROM ROWS FROM (jsonb_to_recordset(%s) AS ({columns})) WITH ORDINALITY AS x ORDER BY ordinality"
    )
    found = owner.execute(query.encode(), [Jsonb(rows)]).fetchall()
    assert len(found) == cases
    for values, row in zip(drawn, found, strict=True):
        assert (row[0] if len(row) == 1 else row) == expected(*values), f"seed {seed}: {call} of {values}"


def test_division(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, int]:
        share = amount(dice)
        return amount(dice) * share, max(1, share + amount(dice))

    agree(owner_only, seed, "app.divide_half_up(x.a, x.b)", ["numeric", "numeric"], draw, divide_half_up)


@pytest.mark.req("R064")
def test_discounts(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, str]:
        return amount(dice), f"{dice.randint(1, 1000) / 1000:.3f}"

    agree(owner_only, seed, "app.discounted(x.a, x.b)", ["bigint", "numeric"], draw, discounted)


@pytest.mark.req("R064")
def test_points(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, str]:
        return amount(dice), dice.choice(("CNY", "EUR"))

    agree(owner_only, seed, "app.points_earned(x.a, x.b)", ["bigint", "text"], draw, points_earned)
    assert one(owner_only, "SELECT app.points_earned(100, 'USD')") == (None,)


@pytest.mark.req("R065")
def test_points_taken_back(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, int, int, int]:
        final = amount(dice)
        before = dice.randint(0, final)
        return amount(dice, 10**10), final, before, dice.randint(0, final - before)

    call: LiteralString = "app.points_taken_back(x.a, x.b, x.c, x.d)"
    agree(owner_only, seed, call, ["bigint"] * 4, draw, points_taken_back)


@pytest.mark.req("R065")
def test_splitting_in_proportion(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, list[int]]:
        weights = [amount(dice) for _ in range(dice.randint(1, 6))]
        return (dice.randint(0, sum(weights)) if dice.random() < 0.9 else amount(dice) * (sum(weights) > 0)), weights

    def expected(whole: int, weights: list[int]) -> list[int]:
        return list(in_proportion(whole, weights))

    agree(owner_only, seed, "app.in_proportion(x.a, x.b)", ["bigint", "bigint[]"], draw, expected)
    for whole, weights in ((1, []), (1, [0, 0]), (-1, [1]), (1, [2, -1])):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            owner_only.execute("SELECT app.in_proportion(%s, %s::bigint[])", [whole, weights])
        with pytest.raises(ValueError, match="cannot be split"):
            in_proportion(whole, weights)


@pytest.mark.req("R065")
def test_clawback(owner_only: Owner, seed: int) -> None:
    def draw(dice: random.Random) -> tuple[int, ...]:
        granted, bonus = amount(dice) + 1, amount(dice)
        refunded = dice.randint(0, granted) if dice.random() < 0.5 else 0
        left = dice.randint(0, granted - refunded)
        return granted, bonus, left, dice.randint(0, bonus), refunded, dice.choice((left, dice.randint(0, left + 1)))

    def expected(*values: int) -> tuple[int | None, ...]:
        try:
            found: Clawback = clawback(*values)
        except Refusal:
            return (None,) * 4
        return found.from_bonus, found.from_principal, found.cash_out, found.uncollected

    call: LiteralString = "(SELECT ROW(r.*)::text FROM app.clawback(x.a, x.b, x.c, x.d, x.e, x.f) AS r)"

    def written(*values: int) -> str:
        return "(" + ",".join("" if part is None else str(part) for part in expected(*values)) + ")"

    agree(owner_only, seed, call, ["bigint"] * 6, draw, written)


@pytest.mark.req("R063")
def test_spending_lots(desk: Desk, seed: int) -> None:
    dice, owner = random.Random(seed), desk.owner
    cards: dict[str, tuple[list[Lot], int]] = {}
    rows = []
    for _ in range(1500):
        card_id = new_id()
        lots = []
        for n in range(dice.randint(0, 5)):
            principal, bonus = amount(dice, 10**9), amount(dice, 10**9)
            lot = Lot(new_id(), 10**9, 10**9, principal, bonus, 0)
            lots.append(lot)
            rows.append((lot.lot_id, card_id, principal, bonus, START + timedelta(days=n)))
        total = sum(lot.principal_left + lot.bonus_left for lot in lots)
        cards[card_id] = lots, dice.choice((total, total + 1, dice.randint(0, total)))
    _store(owner, list(cards), rows)
    for card_id, (lots, wanted) in cards.items():
        try:
            expected = [[part.lot_id, part.bucket, part.amount_minor] for part in spend(lots, wanted)]
        except Refusal:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                one(owner, "SELECT app.spend_lots(1::smallint, %s, %s)", card_id, wanted)
            continue
        assert one(owner, "SELECT app.spend_lots(1::smallint, %s, %s)", card_id, wanted)[0] == expected, f"seed {seed}"
        taken = "SELECT coalesce(sum(principal_left + bonus_left), 0)::bigint FROM app.card_lots WHERE card_id = %s"
        assert one(owner, taken, card_id)[0] == sum(lot.principal_left + lot.bonus_left for lot in lots) - wanted


def _store(owner: Owner, cards: list[str], lots: list[tuple[Any, ...]]) -> None:
    with owner.transaction(), owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,"
            " created_at) VALUES (1, %s, 'enterprise', %s, %s, 'Acme', 1, now())",
            [(card, f"E{n}", f"E{n:07}") for n, card in enumerate(cards)],
        )
        cursor.executemany(
            "INSERT INTO app.card_lots (ledger_id, lot_id, card_id, origin, tx_no, principal_granted, bonus_granted,"
            " principal_left, bonus_left, opened_at)"
            " VALUES (1, %s, %s, 'opening', 'KZ', 1000000000, 1000000000, %s, %s, %s)",
            lots,
        )


@pytest.mark.req("R029", "R048")
def test_levels(desk: Desk, seed: int) -> None:
    """Bands that overlap are refused by both; of those that are kept, the same fits every card."""
    dice, kept = random.Random(seed), 0
    desk.owner.execute("SELECT set_config('tillkeeper.role', 'platform', false)")
    for _ in range(150):
        bands = [_band(dice) for _ in range(dice.randint(0, 4))]
        said = one(
            desk.owner, "SELECT app.put_membership_levels(%s, %s)", world.MERCHANT, Jsonb(codec.to_plain(bands))
        )[0]  # fmt: skip
        assert said == _judged(bands), f"seed {seed}: {bands}"
        if said["outcome"] == "refused":
            continue
        kept += 1
        points = list(range(32))
        found = many(
            desk.owner,
            "SELECT l.level, l.discount::text FROM unnest(%s::bigint[]) WITH ORDINALITY AS p (points, n)"
            " CROSS JOIN LATERAL app.level_for(%s, p.points) AS l ORDER BY p.n",
            points, world.MERCHANT,
        )  # fmt: skip
        fitting = [level_for(one_of, bands) for one_of in points]
        assert found == [(band.level, f"{Decimal(band.discount):.3f}") for band in fitting], f"seed {seed}: {bands}"
    assert kept > 30


def _judged(bands: list[LevelBand]) -> dict[str, Any]:
    try:
        check_bands(bands)
    except Refusal as refusal:
        return {"outcome": "refused", "code": refusal.code, "data": dict(refusal.data)}
    return {"outcome": "accepted"}


def _band(dice: random.Random) -> LevelBand:
    low = dice.randint(0, 25)
    high = None if dice.random() < 0.2 else low + dice.randint(0, 8)
    return LevelBand(dice.randint(0, 9), low, high, f"0.{dice.randint(1, 999):03}", world.MERCHANT)


def test_bonuses(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        desk.owner.execute("DELETE FROM app.bonus_rules")
        rules = [_rule(dice) for _ in range(dice.randint(0, 5))]
        for rule in rules:
            desk.rule(rule.bonus_minor, rule_id=rule.rule_id, currency=rule.currency, ends_at=rule.ends_at,
                      min_amount_minor=rule.min_amount_minor, bonus_rate=rule.bonus_rate,
                      starts_at=rule.starts_at)  # fmt: skip
        asked = [
            (amount(dice, 10**9), dice.choice(("CNY", "EUR")), START + timedelta(hours=dice.randint(0, 48)))
            for _ in range(40)
        ]
        found = many(
            desk.owner,
            "SELECT b.rule_id::text, b.bonus_minor FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[])"
            " WITH ORDINALITY AS x (a, c, t, n) CROSS JOIN LATERAL app.bonus_for(%s, x.a, x.c, x.t) AS b ORDER BY x.n",
            *([list(column) for column in zip(*asked, strict=True)]), world.MERCHANT,
        )  # fmt: skip
        for (money, code, at), row in zip(asked, found, strict=True):
            rule_found, bonus = bonus_for(money, code, rules, at)
            assert row == (rule_found and rule_found.rule_id, bonus), f"seed {seed}: {money} {code} {at} {rules}"


def _rule(dice: random.Random) -> BonusRule:
    start = START + timedelta(hours=dice.randint(-5, 30))
    end = None if dice.random() < 0.5 else start + timedelta(hours=dice.randint(1, 20))
    rate = dice.choice(("0", "0", "1", "1.0000", f"0.{dice.randint(0, 9999):04}", f"0.{dice.randint(0, 9999):04}"))
    smallest = dice.choice((1, 1, 500, dice.randint(1, 10**6)))
    return BonusRule(
        new_id(), world.MERCHANT, dice.choice(("CNY", "EUR")), smallest, amount(dice, smallest), rate, start, end
    )

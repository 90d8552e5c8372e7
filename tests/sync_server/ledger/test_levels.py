"""Level bands and bonus rules: replaced whole, never overlapping; a rule is never changed, only ended."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from sync_server.database.engine import PLATFORM, Claims
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.ledger.cards import Desk, Owner, many, new_id, one, put_bands, set_clock
from tests.sync_server.till import MEMBER, as_owner

Plain = dict[str, Any]
STAFF = Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)])
BANDS: list[Plain] = [
    {"level": 0, "min_points": 0, "max_points": 99, "discount": "1.000"},
    {"level": 1, "min_points": 100, "max_points": 499, "discount": "0.980"},
    {"level": 2, "min_points": 500, "max_points": None, "discount": "0.950", "merchant_id": None},
]
START = datetime(2026, 1, 1, tzinfo=UTC)


def ask(database: DatabaseUrls, claims: Claims, call: LiteralString, *values: object) -> Plain:
    """Call a door as the program does."""
    with psycopg.connect(database.app) as connection:
        connection.execute(
            "SELECT set_config('tillkeeper.principal_id', %s, true), set_config('tillkeeper.role', %s, true),"
            " set_config('tillkeeper.merchant_ids', %s, true)",
            [str(claims.principal_id or ""), claims.role, "{" + ",".join(map(str, claims.merchant_ids)) + "}"],
        )
        row = connection.execute(f"SELECT app.{call}".encode(), values).fetchone()
        assert row is not None
        found: Plain = row[0]
        return found


def put(database: DatabaseUrls, bands: list[Plain], merchant: str | None = None, claims: Claims = PLATFORM) -> Plain:
    return ask(database, claims, "put_membership_levels(%s, %s)", merchant, Jsonb(bands))


def changes(owner: Owner, table: str) -> list[tuple[Any, ...]]:
    """(key, merchant) that tills are told of; forgotten then."""
    found = many(owner, "SELECT key, merchant_id::text FROM app.change_log WHERE table_name = %s ORDER BY 1", table)
    owner.execute("DELETE FROM app.change_log")
    return found


@pytest.mark.req("R048")
def test_bands_are_replaced_whole_and_tills_are_told(desk: Desk, database: DatabaseUrls) -> None:
    assert put(database, BANDS) == {"outcome": "accepted"}
    assert changes(desk.owner, "level_band") == [("operator/0", None), ("operator/1", None), ("operator/2", None)]
    assert put(database, BANDS[:1], world.MERCHANT, STAFF) == {"outcome": "accepted"}
    assert changes(desk.owner, "level_band") == [(f"{world.MERCHANT}/0", world.MERCHANT)]
    put(database, BANDS[1:2])
    assert changes(desk.owner, "level_band") == [("operator/0", None), ("operator/1", None), ("operator/2", None)]
    kept = "SELECT merchant_id::text, level, min_points, max_points, discount::text FROM app.membership_levels"
    assert sorted(many(desk.owner, kept), key=str) == [
        (world.MERCHANT, 0, 0, 99, "1.000"),
        (None, 1, 100, 499, "0.980"),
    ]
    audited = "SELECT merchant_id::text, jsonb_array_length(data -> 'levels') FROM audit.event_log ORDER BY recorded_at"
    assert many(desk.owner, audited) == [(None, 3), (world.MERCHANT, 1), (None, 1)]
    assert put(database, []) == {"outcome": "accepted"}
    assert one(desk.owner, "SELECT count(*) FROM app.membership_levels") == (1,)


@pytest.mark.req("R048")
@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"level": 3, "min_points": 3000, "max_points": None, "discount": "0.850"}, 3),
        ({"level": 3, "min_points": 499, "max_points": 499, "discount": "0.850"}, 3),
        ({"level": 3, "min_points": 0, "max_points": 5, "discount": "0.850"}, 3),
        ({"level": 2, "min_points": 0, "max_points": 5, "discount": "0.850"}, 2),
    ],
)
def test_bands_that_overlap_change_nothing(desk: Desk, database: DatabaseUrls, more: Plain, level: int) -> None:
    put(database, BANDS[1:2])
    changes(desk.owner, "level_band")
    for bands in ([*BANDS, more], [more, *BANDS]):
        for _ in range(2):
            refused = {"outcome": "refused", "code": "levels_overlap", "data": {"level": level}}
            assert put(database, bands) == refused
    assert many(desk.owner, "SELECT level FROM app.membership_levels") == [(1,)]
    assert changes(desk.owner, "level_band") == []


@pytest.mark.parametrize(
    "band",
    [
        {"level": -1, "min_points": 0, "max_points": None, "discount": "1.000"},
        {"level": 1, "min_points": -1, "max_points": None, "discount": "1.000"},
        {"level": 1, "min_points": 5, "max_points": 4, "discount": "1.000"},
        {"level": 1, "min_points": 0, "max_points": None, "discount": "0.000"},
        {"level": 1, "min_points": 0, "max_points": None, "discount": "1.001"},
        {"level": 1, "min_points": 0, "max_points": None, "discount": "NaN"},
    ],
)
def test_what_is_no_band_is_never_stored(desk: Desk, database: DatabaseUrls, band: Plain) -> None:
    with pytest.raises((errors.CheckViolation, errors.NumericValueOutOfRange)):
        put(database, [band])
    assert many(desk.owner, "SELECT level FROM app.membership_levels") == []


_NOT_THE_OPERATOR = [
    STAFF, Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)]), Claims(UUID(MEMBER), "member"),
]  # fmt: skip


@pytest.mark.parametrize("claims", _NOT_THE_OPERATOR)
def test_who_may_not_write_them(desk: Desk, database: DatabaseUrls, claims: Claims) -> None:
    for merchant in (None, world.OTHER_MERCHANT) if claims is STAFF else (None, world.MERCHANT):
        with pytest.raises(errors.InsufficientPrivilege):
            put(database, BANDS, merchant, claims)
    rule = new_id()
    other = rule_of(rule, merchant_id=world.OTHER_MERCHANT if claims is STAFF else world.MERCHANT)
    with pytest.raises(errors.InsufficientPrivilege):
        ask(database, claims, "put_bonus_rule(%s)", Jsonb(other))
    ask(database, PLATFORM, "put_bonus_rule(%s)", Jsonb(other))
    for known in (rule, new_id()):
        with pytest.raises(errors.InsufficientPrivilege):
            ask(database, claims, "end_bonus_rule(%s, now())", known)


def test_everybody_reads_the_operators_bands(desk: Desk, database: DatabaseUrls) -> None:
    put(database, BANDS[:1])
    put(database, BANDS[1:2], world.MERCHANT)
    put(database, BANDS[2:], world.OTHER_MERCHANT)
    terminal = Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)])
    assert _levels_seen(database, terminal) == [0, 1]


def _levels_seen(database: DatabaseUrls, claims: Claims) -> list[int]:
    with psycopg.connect(database.app) as connection:
        connection.execute(
            "SELECT set_config('tillkeeper.role', %s, true), set_config('tillkeeper.merchant_ids', %s, true)",
            [claims.role, "{" + ",".join(map(str, claims.merchant_ids)) + "}"],
        )
        return [row[0] for row in connection.execute("SELECT level FROM app.membership_levels ORDER BY 1").fetchall()]


def test_two_who_replace_at_once_do_not_mix(desk: Desk, database: DatabaseUrls) -> None:
    first = [{"level": n, "min_points": 10 * n, "max_points": 10 * n + 9, "discount": "0.9"} for n in range(8)]
    second = [{"level": n, "min_points": 7 * n, "max_points": 7 * n + 6, "discount": "0.8"} for n in range(6)]
    threads = [threading.Thread(target=put, args=[database, bands]) for bands in (first, second) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (found,) = many(
        desk.owner, "SELECT count(*), count(DISTINCT discount), min(discount)::text FROM app.membership_levels"
    )
    assert found in ((8, 1, "0.900"), (6, 1, "0.800"))


@pytest.mark.req("R029")
def test_the_level_of_points(desk: Desk) -> None:
    put_bands(
        desk.owner, (None, 1, 100, 499, "0.980"), (None, 2, 500, None, "0.950"), (world.MERCHANT, 7, 50, 60, "0.5")
    )

    def level(points: int, merchant: str | None) -> tuple[Any, ...]:
        return one(desk.owner, "SELECT level, discount::text FROM app.level_for(%s, %s)", merchant, points)

    none = (0, "1.000")
    assert [level(points, None) for points in (0, 99, 100, 499, 500, 10**12)] == [
        none, none, (1, "0.980"), (1, "0.980"), (2, "0.950"), (2, "0.950"),
    ]  # fmt: skip
    assert level(100, world.OTHER_MERCHANT) == (1, "0.980")
    assert [level(points, world.MERCHANT) for points in (49, 50, 60, 61, 500)] == [
        none, (7, "0.500"), (7, "0.500"), none, none,
    ]  # fmt: skip


# Bonus rules ------------------------------------------------------------------------------------------------------


def rule_of(rule_id: str, **changes: Any) -> Plain:
    return {
        "rule_id": rule_id, "merchant_id": world.MERCHANT, "currency": "CNY", "min_amount_minor": 10000,
        "bonus_minor": 500, "bonus_rate": "0.15", "starts_at": datetime.now(UTC).isoformat(), "ends_at": None,
    } | changes  # fmt: skip


def test_a_rule_is_made_once_and_never_changed(desk: Desk, database: DatabaseUrls) -> None:
    rule = new_id()
    terms = rule_of(rule)
    for _ in range(2):
        assert ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms)) == {"outcome": "accepted"}
    assert changes(desk.owner, "bonus_rule") == [(rule, world.MERCHANT)]
    for other in ({"bonus_minor": 501}, {"bonus_rate": "0.1501"}, {"min_amount_minor": 1}, {"currency": "EUR"}):
        found = ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms | other))
        assert found == {"outcome": "refused", "code": "content_differs", "data": {}}
    set_clock(desk.owner, datetime.now(UTC) + timedelta(days=1))
    assert ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms)) == {"outcome": "accepted"}  # told once more
    assert one(desk.owner, "SELECT bonus_minor, bonus_rate::text FROM app.bonus_rules") == (500, "0.1500")
    assert one(desk.owner, "SELECT count(*) FROM audit.event_log WHERE event = 'bonus_rule_put'") == (1,)
    assert changes(desk.owner, "bonus_rule") == []


def test_a_rule_ends_never_in_the_past_and_never_later(desk: Desk, database: DatabaseUrls) -> None:
    rule, now = new_id(), datetime.now(UTC)
    terms = rule_of(rule)
    ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms))
    changes(desk.owner, "bonus_rule")
    ends = [now + timedelta(days=9), now + timedelta(days=3), now + timedelta(days=5), now - timedelta(days=5)]
    found = [ask(database, STAFF, "end_bonus_rule(%s, %s)", rule, end)["ends_at"] for end in ends]
    moments = [datetime.fromisoformat(moment) for moment in found]
    assert moments[:3] == [ends[0], ends[1], ends[1]]
    assert now < moments[3] < now + timedelta(minutes=1)
    assert changes(desk.owner, "bonus_rule") == [(rule, world.MERCHANT)] * 4
    # Putting it again with the content it was made with is still the same rule.
    assert ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms)) == {"outcome": "accepted"}
    assert one(desk.owner, "SELECT ends_at FROM app.bonus_rules") == (moments[3],)


def test_a_rule_that_has_not_begun_ends_before_anybody_uses_it(desk: Desk, database: DatabaseUrls) -> None:
    rule, start = new_id(), datetime.now(UTC) + timedelta(days=2)
    ask(database, PLATFORM, "put_bonus_rule(%s)", Jsonb(rule_of(rule, starts_at=start.isoformat())))
    ask(database, PLATFORM, "end_bonus_rule(%s, now())", rule)
    assert one(desk.owner, "SELECT ends_at FROM app.bonus_rules") == (start + timedelta(microseconds=1),)
    with pytest.raises(errors.NoDataFound):
        ask(database, PLATFORM, "end_bonus_rule(%s, now())", new_id())


@pytest.mark.parametrize(
    "changes",
    [{"min_amount_minor": 0, "bonus_minor": 0}, {"bonus_minor": -1}, {"bonus_rate": "-0.1"}, {"currency": "cny"},
     {"ends_at": START.isoformat()}],
)  # fmt: skip
def test_what_is_no_rule_is_never_stored(desk: Desk, database: DatabaseUrls, changes: Plain) -> None:
    with pytest.raises(errors.CheckViolation):
        ask(database, PLATFORM, "put_bonus_rule(%s)", Jsonb(rule_of(new_id(), **changes)))
    assert many(desk.owner, "SELECT 1 FROM app.bonus_rules") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_amount_minor": 1, "bonus_minor": 10**12, "bonus_rate": "0"}, "bonus_minor"),
        ({"bonus_minor": 10001}, "bonus_minor"),
        ({"bonus_rate": "1.0001"}, "bonus_rate"),
        ({"bonus_rate": "NaN"}, "bonus_rate"),
        ({"starts_at": START.isoformat()}, "starts_at"),
        ({"starts_at": (datetime.now(UTC) - timedelta(minutes=6)).isoformat()}, "starts_at"),
    ],
)
def test_nobody_makes_value_out_of_a_rule(desk: Desk, database: DatabaseUrls, changes: Plain, field: str) -> None:
    """Not more than is paid in, and not for slips that could be written now for a time gone by."""
    for claims in (STAFF, PLATFORM):
        found = ask(database, claims, "put_bonus_rule(%s)", Jsonb(rule_of(new_id(), **changes)))
        assert found == {"outcome": "refused", "code": "bonus_rule_invalid", "data": {"field": field}}
    assert many(desk.owner, "SELECT 1 FROM app.bonus_rules") == []
    assert many(desk.owner, "SELECT 1 FROM app.change_log WHERE table_name = 'bonus_rule'") == []


def test_the_most_that_a_rule_may_promise(desk: Desk, database: DatabaseUrls) -> None:
    start = datetime.now(UTC) - timedelta(minutes=4)
    most = rule_of(new_id(), bonus_minor=10000, bonus_rate="1", starts_at=start.isoformat())
    assert ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(most)) == {"outcome": "accepted"}


def test_two_who_make_one_rule_at_once(desk: Desk, database: DatabaseUrls) -> None:
    terms, said = rule_of(new_id()), []
    threads = [
        threading.Thread(target=lambda: said.append(ask(database, STAFF, "put_bonus_rule(%s)", Jsonb(terms))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [{"outcome": "accepted"}] * 4
    assert one(desk.owner, "SELECT count(*) FROM app.bonus_rules") == (1,)


def test_the_rule_with_the_greatest_minimum_counts(desk: Desk) -> None:
    low, high = sorted(new_id() for _ in range(2))
    desk.rule(0, rule_id=low, bonus_rate="0.1", starts_at=START)
    desk.rule(7, rule_id=high, bonus_rate="0.1", starts_at=START, ends_at=START + timedelta(days=1))
    best = desk.rule(500, min_amount_minor=10000, bonus_rate="0.0333", starts_at=START)
    desk.rule(9999, min_amount_minor=10000, starts_at=START, currency="EUR")

    def bonus(amount: int, at: datetime = START, merchant: str | None = world.MERCHANT) -> tuple[Any, ...]:
        query: LiteralString = "SELECT rule_id::text, bonus_minor FROM app.bonus_for(%s, %s, 'CNY', %s)"
        return one(desk.owner, query, merchant, amount, at)

    assert bonus(10050) == (best, 835)
    assert bonus(9995) == (high, 1007)  # a tie of minimum: the greater id; 999.5 goes up
    assert bonus(9994, START + timedelta(days=1)) == (low, 999)
    assert bonus(9994, START - timedelta(microseconds=1)) == (None, 0)
    assert bonus(9994, merchant=world.OTHER_MERCHANT) == bonus(9994, merchant=None) == (None, 0)


def test_a_slip_may_cite_a_rule_while_it_is_ended(desk: Desk, database: DatabaseUrls) -> None:
    """A top-up that cites a rule does not wait for whoever ends it, nor the other way round."""
    rule = desk.rule(5)
    with as_owner(database) as other, other.transaction():
        Desk(other).top_up(100, 5, bonus_rule_id=rule)
        assert ask(database, PLATFORM, "end_bonus_rule(%s, now())", rule)["outcome"] == "accepted"
    assert one(desk.owner, "SELECT bonus_minor FROM app.card_top_ups") == (5,)

"""The one writer: balanced or nothing, never below the floor, one entry per account, numbers without gaps."""

from __future__ import annotations

import threading
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.till import as_owner

Owner = psycopg.Connection[tuple[Any, ...]]
PASS = "0f000000-0000-7000-8000-000000000001"

_POST: LiteralString = """
SELECT app.post(
    app.header(ROW(1, %(issuer)s, NULL, %(merchant)s, NULL, 'CNY', gen_random_uuid()::text,
                   NULL, NULL, now())::app.acting,
               'pass_redeemed', 'HX', NULL, NULL, 0),
    ARRAY[{lines}]::app.posting_line[], '{{}}')
"""


def post(owner: Owner, *lines: str) -> None:
    """Post lines written in SQL: uses(5), plan('issued', -5)."""
    written = ", ".join(lines)
    written = written.replace("uses(", f"app.pass_line('{world.MERCHANT}', '{PASS}', '{world.PLAN}', ")
    written = written.replace("plan(", f"app.plan_line_for_tests('{world.MERCHANT}', '{world.PLAN}', ")
    statement = _POST.format(lines=written)
    owner.execute(statement.encode(), {"issuer": world.TERMINAL, "merchant": world.MERCHANT})


@pytest.fixture
def posting(owner: Owner) -> Owner:
    owner.execute("""
        CREATE FUNCTION app.plan_line_for_tests(uuid, uuid, text, bigint) RETURNS app.posting_line LANGUAGE sql
        RETURN app.open_line($1, 'plan', $2, $3, app.use_unit($2), $4)""")
    return owner


def one(owner: Owner, query: LiteralString) -> tuple[Any, ...]:
    found = owner.execute(query).fetchone()
    assert found is not None
    return found


def test_lines_of_one_account_become_one_entry_with_balance_and_version(posting: Owner) -> None:
    post(posting, "uses(10)", "plan('issued', -10)")
    post(posting, "uses(-4)", "uses(10)", "plan('issued', -10)", "plan('forfeited', 4)")
    entries = posting.execute(
        "SELECT delta, balance_after, version FROM app.entries WHERE account_id = %s ORDER BY version", [PASS]
    ).fetchall()
    assert entries == [(10, 10, 1), (6, 16, 2)]
    assert one(posting, "SELECT balance, version, floor FROM app.accounts WHERE guarded") == (16, 2, 0)
    assert one(posting, "SELECT count(*), count(balance) FROM app.accounts WHERE NOT guarded") == (2, 0)


def test_what_nets_to_nothing_makes_no_entry(posting: Owner) -> None:
    post(posting, "uses(-4)", "uses(4)", "plan('issued', -4)", "plan('forfeited', 4)")
    assert one(posting, "SELECT count(*), sum(delta) FROM app.entries") == (2, 0)


@pytest.mark.parametrize(
    "lines", [("uses(1)",), ("uses(10)", "plan('issued', -9)"), ("plan('issued', 1)", "plan('redeemed', 1)")]
)
def test_what_does_not_balance_is_not_written(posting: Owner, lines: tuple[str, ...]) -> None:
    with pytest.raises(errors.IntegrityConstraintViolation, match="do not sum to zero"):
        post(posting, *lines)
    assert one(posting, "SELECT count(*) FROM app.transactions") == (0,)


def test_units_do_not_balance_each_other(posting: Owner) -> None:
    money = f"app.open_line('{world.MERCHANT}', 'store', '{world.STORE}', 'sales', 'CNY', -10)"
    with pytest.raises(errors.IntegrityConstraintViolation, match="do not sum to zero"):
        post(posting, "uses(10)", money)


def test_no_guarded_account_goes_below_its_floor(posting: Owner) -> None:
    post(posting, "uses(3)", "plan('issued', -3)")
    with pytest.raises(errors.CheckViolation, match="not_below_floor"):
        post(posting, "uses(-4)", "plan('redeemed', 4)")
    with pytest.raises(errors.CheckViolation, match="not_below_floor"):
        post(posting, f"app.pass_line('{world.MERCHANT}', '{uuid4()}', '{world.PLAN}', -1)", "plan('redeemed', 1)")
    assert one(posting, "SELECT balance FROM app.accounts WHERE guarded") == (3,)


def test_an_id_that_names_another_account_is_not_posted_to(posting: Owner) -> None:
    """A till makes pass ids: one that equals another account's must not move that account."""
    post(posting, "uses(3)", "plan('issued', -3)")
    issued = one(posting, "SELECT account_id::text FROM app.accounts WHERE bucket = 'issued'")[0]
    with pytest.raises(errors.UniqueViolation):
        post(posting, f"app.pass_line('{world.MERCHANT}', '{issued}', '{world.PLAN}', 3)", "plan('issued', -3)")


def test_a_key_has_one_transaction(posting: Owner) -> None:
    statement = _POST.format(lines="").replace("gen_random_uuid()::text", "'the key'")
    values = {"issuer": world.TERMINAL, "merchant": world.MERCHANT}
    posting.execute(statement.encode(), values)
    with pytest.raises(errors.UniqueViolation):
        posting.execute(statement.encode(), values)


def numbers(owner: Owner, issuer: str, count: int, kind: str = "ZF") -> list[str]:
    query = "SELECT app.next_number(1::smallint, %s, %s, %s)"
    found = [owner.execute(query, [kind, issuer, world.MERCHANT]).fetchone() for _ in range(count)]
    return [row[0] for row in found if row]


def test_numbers_count_per_issuer_and_kind(owner: Owner) -> None:
    assert numbers(owner, world.TERMINAL, 2) == ["ZF00100000001", "ZF00100000002"]
    assert numbers(owner, world.SECOND_TERMINAL, 1) == ["ZF00200000001"]
    assert numbers(owner, world.TERMINAL, 1, "HX") == ["HX00100000001"]
    owner.execute("UPDATE app.number_counters SET issuer_no = 1000 WHERE issuer_no = 2")
    assert numbers(owner, world.SECOND_TERMINAL, 1) == ["ZF100000000002"]


def test_a_number_that_was_not_used_is_given_again(owner: Owner) -> None:
    numbers(owner, world.TERMINAL, 1)
    with owner.transaction(force_rollback=True):
        numbers(owner, world.TERMINAL, 5)
    assert numbers(owner, world.TERMINAL, 1) == ["ZF00100000002"]


def test_numbers_end_before_they_could_be_mistaken(owner: Owner) -> None:
    numbers(owner, world.TERMINAL, 1)
    owner.execute("UPDATE app.number_counters SET last_no = 99999999")
    with pytest.raises(errors.CheckViolation):
        numbers(owner, world.TERMINAL, 1)


def test_many_new_issuers_at_once(database: DatabaseUrls) -> None:
    issuers, found = [str(uuid4()) for _ in range(4)], []

    def count(issuer: str) -> None:
        with as_owner(database) as owner:
            found.extend(numbers(owner, issuer, 20))

    threads = [threading.Thread(target=count, args=[issuer]) for issuer in issuers * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 160
    by_series: dict[str, list[str]] = {}
    for number in found:
        by_series.setdefault(number[2:5], []).append(number[5:])
    assert len(by_series) >= 4
    for counters in by_series.values():
        assert sorted(counters) == [f"{counter:08d}" for counter in range(1, len(counters) + 1)]


def test_nobody_waits_for_a_number(database: DatabaseUrls) -> None:
    """While one posting holds its number, another of the same issuer takes one of a series of its own."""
    issuer = str(uuid4())
    with as_owner(database) as first, as_owner(database) as second:
        assert numbers(first, issuer, 1) == ["ZF00100000001"]
        with first.transaction():
            held = numbers(first, issuer, 1)
            with second.transaction():
                second.execute("SET LOCAL lock_timeout = '5s'")
                assert numbers(second, issuer, 2) == ["ZF00200000001", "ZF00200000002"]
        assert held + numbers(second, issuer, 1) == ["ZF00100000002", "ZF00100000003"]

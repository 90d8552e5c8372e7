"""The ledger's bench counts only what was done: how it reads pgbench, and what it makes of a latency log."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import psycopg
import pytest

from models.facts import GENESIS
from tests.bench.bench_ledger import own_server
from tests.bench.ledger import batches, doors, pgbench
from tests.bench.ledger.ground import numbered, sql_id

PROGRESS = (
    "progress: 1.0 s, 100.0 tps, lat 1 ms\nprogress: 2.0 s, 300.0 tps, lat 1 ms\nprogress: 3.0 s, 500.0 tps, lat 1 ms"
)
DONE = "number of transactions actually processed: 900"


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Put a program of our own in pgbench's place."""
    program = folder / "pgbench"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pgbench, "program", lambda: str(program))


def test_a_rate_leaves_the_warm_up_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend(
        monkeypatch, tmp_path, f"echo '{PROGRESS}' >&2; echo '{DONE}'; echo 'number of failed transactions: 0 (0%)'"
    )
    run = pgbench.run("host=x", "SELECT 1;", clients=2, seconds=3)
    assert (run.transactions, run.per_second, run.rate) == (900, (100.0, 300.0, 500.0), 400.0)


@pytest.mark.parametrize(
    "body", ["echo refused >&2; exit 2", f"echo '{DONE}'; echo 'number of failed transactions: 3 (1%)'", "echo nothing"]
)
def test_work_that_failed_is_no_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    pretend(monkeypatch, tmp_path, body)
    with pytest.raises(RuntimeError, match="pgbench failed"):
        pgbench.run("host=x", "SELECT 1;", clients=1, seconds=2)


def test_the_password_is_in_the_environment_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend(monkeypatch, tmp_path, f'echo "$@" "$PGHOST" "$PGPASSWORD" > {tmp_path}/seen; echo "{DONE}"')
    pgbench.run("host=x password=secret", "SELECT 1;", clients=1, seconds=2)
    seen = (tmp_path / "seen").read_text()
    assert seen.endswith("x secret\n")
    assert seen.count("secret") == 1


def test_latencies_begin_after_the_warm_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = "0 1 9000 0 100 0\n0 2 4000 0 100 999999\n0 3 2500 0 101 500000\n"
    pretend(monkeypatch, tmp_path, f"printf '{log}' > latency.7; echo '{DONE}'")
    assert pgbench.run("host=x", "SELECT 1;", clients=1, seconds=2, timed=True).milliseconds == (2.5,)


def test_an_id_is_the_same_in_python_and_in_sql() -> None:
    assert numbered("b2", 17) == "b2000000-0000-7000-8000-000000000017"
    assert sql_id("b2", "n") == "('b2000000-0000-7000-8000-' || lpad((n)::text, 12, '0'))"


def test_a_door_fails_when_its_call_was_refused() -> None:
    for door in (doors.redeem(), doors.debit_tickets(), doors.charge()):
        assert "SELECT 1 / ((" in door.script
        assert "->> 'outcome' = 'accepted')::integer" in door.script


def test_a_chain_of_the_bench_is_one_chain() -> None:
    chain = batches.Chain(0)
    (first, items), (second, _) = chain.take(20), chain.take(20)
    assert json.loads(first) == {"seq": 0, "hash": GENESIS}
    assert json.loads(second) == {"seq": 20, "hash": json.loads(items)[-1]["hash"]}
    assert {item["kind"] for item in json.loads(items)} == {"PassSold", "PassRedeemed", "OrderPaid"}


@pytest.mark.req("R053")
def test_on_fresh_tables_a_batch_reads_only_the_rows_it_wants() -> None:
    """An empty table makes every index look alike; a look-up by the wrong one would read more with each fact."""
    with own_server() as ground:
        ground.build()
        urls = ground.fresh("fresh")
        with psycopg.connect(urls.app, autocommit=True) as till:
            batches.caller(till, batches.Chain(0), 200)(3)
        with psycopg.connect(urls.maintenance) as connection:
            counted = connection.execute(
                "SELECT indexrelname, idx_scan, idx_tup_read FROM pg_stat_user_indexes WHERE idx_scan > 100"
            ).fetchall()
    assert {"facts_by_id", "redemptions_by_pass_day"} <= {name for name, _, _ in counted}
    assert [(name, scans, rows) for name, scans, rows in counted if rows > 6 * scans] == []

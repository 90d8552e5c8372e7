"""The server's database, and the sessions on it: both outlast a run, since a session that has grown warm is far faster.

Rule: time and ids follow the run: `app.now_utc` and `app.new_id` are replaced, as only tests may. Copies are copies of
every row and every sequence, kept in the database itself; one is put back with triggers and foreign keys at rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, TypeVar

import psycopg

from sync_server.database.engine import Pool, open_pool
from sync_server.database.urls import DatabaseUrls, with_database
from tests.sync_server.conftest import Server as Postgres
from tests.sync_server.conftest import name_of

T = TypeVar("T")
BORN, SAVED = "born", "saved"
"""The copies: as every run begins, and as a run has kept it."""
_LATER_IDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_VACUUM_AFTER = 10
_PREPARE: LiteralString = """
CREATE SCHEMA simulator;
CREATE SEQUENCE simulator.clock; -- microseconds; a sequence is set without a transaction and leaves nothing behind
CREATE SEQUENCE simulator.ids;
GRANT USAGE ON SCHEMA simulator TO PUBLIC;
GRANT SELECT ON SEQUENCE simulator.clock TO PUBLIC;
GRANT USAGE ON SEQUENCE simulator.ids TO PUBLIC;
CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT timestamptz 'epoch' + c.last_value * interval '1 microsecond' FROM simulator.clock AS c $$;
CREATE OR REPLACE FUNCTION app.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((date_part('epoch', app.now_utc()) * 1000)::bigint), 12, '0') || '70008000'
            || lpad(to_hex(nextval('simulator.ids')), 12, '0'))::uuid
$$;

CREATE TABLE simulator.tables AS
SELECT c.oid::regclass AS name, row_number() OVER (ORDER BY c.oid) AS no,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'simulator');
CREATE TABLE simulator.sequences (copy text, name regclass, last_value bigint, is_called boolean);
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT s.no, s.name, c.copy FROM simulator.tables AS s, (VALUES ('born'), ('saved')) AS c (copy) LOOP
        EXECUTE format('CREATE TABLE simulator.%I (LIKE %s)', t.copy || t.no, t.name);
    END LOOP;
END $$;

CREATE FUNCTION simulator.keep(p_copy text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE t record; BEGIN
    FOR t IN SELECT s.*, p_copy || s.no AS kept FROM simulator.tables AS s LOOP
        EXECUTE format('DELETE FROM simulator.%I', t.kept);
        EXECUTE format('INSERT INTO simulator.%1$I (%2$s) SELECT %2$s FROM %3$s', t.kept, t.columns, t.name);
    END LOOP;
    DELETE FROM simulator.sequences AS s WHERE s.copy = p_copy;
    INSERT INTO simulator.sequences
    SELECT p_copy, c.oid::regclass, coalesce(p.last_value, p.start_value), p.last_value IS NOT NULL
      FROM pg_sequences AS p JOIN pg_class AS c ON c.oid = format('%I.%I', p.schemaname, p.sequencename)::regclass
     WHERE c.oid <> 'simulator.clock'::regclass;
END $$;

CREATE FUNCTION simulator.go_back(p_copy text) RETURNS void LANGUAGE plpgsql SET session_replication_role = replica
AS $$ DECLARE t record; v_life integer; BEGIN
    FOR t IN SELECT s.*, p_copy || s.no AS kept FROM simulator.tables AS s LOOP
        EXECUTE format('DELETE FROM %s', t.name);
        EXECUTE format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM simulator.%3$I',
                       t.name, t.columns, t.kept);
    END LOOP;
    PERFORM setval(s.name, s.last_value, s.is_called) FROM simulator.sequences AS s WHERE s.copy = p_copy;
    SELECT max(l.life) INTO v_life FROM audit.lives AS l;
    IF NOT EXISTS (SELECT FROM pg_attrdef AS d JOIN pg_attribute AS a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
                    WHERE d.adrelid = 'audit.event_log'::regclass AND a.attname = 'life'
                      AND pg_get_expr(d.adbin, d.adrelid) IN (v_life::text, format('''%s''::smallint', v_life))) THEN
        EXECUTE format('ALTER TABLE audit.event_log ALTER COLUMN life SET DEFAULT %s', v_life);
    END IF;
END $$;
"""


class SimulatedDatabase:
    """One database. Whoever makes it closes it."""

    def __init__(self, postgres: Postgres, urls: DatabaseUrls) -> None:
        self._postgres, self.urls = postgres, urls
        self._runner = asyncio.Runner()
        self._open: AsyncExitStack | None = None
        self._pool: Pool | None = None
        self._look: psycopg.Connection[tuple[Any, ...]] | None = None
        self._shown: datetime | None = None
        self._went_back = 0

    def prepare(self) -> None:
        """Let time and ids follow the run, and make room for copies; once, in the template."""
        with psycopg.connect(with_database(self._postgres.admin_url, name_of(self.urls))) as connection:
            connection.execute(_PREPARE)

    def close(self, *, drop: bool = True) -> None:
        """End every session, and drop the database unless it is still needed."""
        if self._open is not None:
            self.run(self._open.aclose())
        if self._look is not None:
            self._look.close()
        if drop:
            self._postgres.drop(self.urls)
        self._runner.close()

    # The program's sessions ----------------------------------------------------------------------------------

    @property
    def pool(self) -> Pool:
        """The program's pool, open from the first use on."""
        if self._pool is None:
            self._open = AsyncExitStack()
            opening = open_pool(self.urls.app, min_size=1, max_size=3)
            self._pool = self.run(self._open.enter_async_context(opening))
        return self._pool

    def run(self, work: Awaitable[T]) -> T:
        """Let the event loop run until this is done."""
        return self._runner.get_loop().run_until_complete(_awaited(work))

    def break_connections(self) -> None:
        """Postgres loses every session of the program."""
        self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'sync-server'"
        )

    # Beside the program --------------------------------------------------------------------------------------

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into the database, or change something there, as its superuser."""
        if self._look is None:
            self._look = psycopg.connect(with_database(self._postgres.admin_url, name_of(self.urls)), autocommit=True)
        cursor = self._look.execute(query.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def show_time(self, now: datetime) -> None:
        """Let the database see what time it is."""
        if self._shown != now:
            self.rows("SELECT setval('simulator.clock', %s)", (now - _EPOCH) // _MICROSECOND)
            self._shown = now

    def keep(self, copy: str) -> None:
        """Keep a copy of it as it is now."""
        self.rows("SELECT simulator.keep(%s)", copy)

    def go_back(self, copy: str) -> None:
        """Be as the copy again."""
        given = self.rows("SELECT last_value FROM simulator.ids")[0][0]
        self.rows("SELECT simulator.go_back(%s)", copy)
        if copy == SAVED:
            # Ids that were given in the lost time are not given again, as luck would see to.
            self.rows("SELECT setval('simulator.ids', %s)", given + _LATER_IDS)
        self._went_back += 1
        if self._went_back % _VACUUM_AFTER == 0:
            self.rows("VACUUM ANALYZE")


async def _awaited(work: Awaitable[T]) -> T:
    return await work

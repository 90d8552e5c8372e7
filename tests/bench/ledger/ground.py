"""The databases that are measured: a small shop with many people, made once by the product's own functions and copied.

Rule: one server; `fresh` gives a database that nobody has used, with the tables of the ledger as a migration leaves
them but for the opening. Ids follow from numbers, so that a script can name a row without looking it up.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from models.catalogue import Category, PassPlan, Product, Store
from sync_server.catalogue.writes import put, put_merchant
from sync_server.database.engine import PLATFORM, Connection, open_pool, transaction
from sync_server.database.migrate import migrate, secure_database
from sync_server.database.urls import MAINTENANCE_ROLE, DatabaseUrls, Passwords, urls_from, with_database
from sync_server.fleet.terminals import put_terminal
from sync_server.keys import Keyring
from sync_server.ledger.functions import OpeningBalance, OpeningPass, import_opening
from sync_server.members import people

PEOPLE = 3000
TERMINALS = 64
USES = 1_000_000
TICKETS = 1_000_000_000
MONEY = 1_000_000_000
_OPENING_ROWS = 500


def numbered(kind: str, number: int) -> str:
    """The id of the n-th thing of a kind; `kind` is two hex digits. `sql_id` writes the same in SQL."""
    return f"{kind}000000-0000-7000-8000-{number:012d}"


def sql_id(kind: str, number: str) -> str:
    """SQL for the id of the thing whose number a SQL expression gives."""
    return f"('{kind}000000-0000-7000-8000-' || lpad(({number})::text, 12, '0'))"


MERCHANT, STORE, TAB, TEA, PLAN, OPERATOR = (numbered(kind, 1) for kind in ("a1", "a2", "a3", "a4", "a5", "a6"))
TERMINAL, MEMBER, PASS = "b1", "b2", "b3"


@dataclass(frozen=True)
class Ground:
    """A running Postgres: who may create databases there; and the keys of a deployment, in its folder `data`."""

    superuser_url: str
    maintenance_url: str
    passwords: Passwords
    keys: Keyring
    data: Path
    postmaster: int

    def build(self) -> None:
        """Make the database that all others are copies of; some seconds."""
        self._create("ground", "template0")
        urls = self.urls("ground")
        migrate(urls)
        asyncio.run(_open_shop(urls.app, self.keys))

    def fresh(self, name: str) -> DatabaseUrls:
        """A copy of its own, in which no entry has been posted but the opening's."""
        self._create(name, "ground")
        urls = self.urls(name)
        secure_database(urls)
        return urls

    def urls(self, name: str) -> DatabaseUrls:
        """The logins of a database."""
        return urls_from(with_database(self.maintenance_url, name), self.passwords.app)

    def drop(self, name: str) -> None:
        """Drop a database."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def superuser(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        """Look behind a database; commits each statement."""
        return psycopg.connect(with_database(self.superuser_url, name), autocommit=True)

    def _create(self, name: str, template: str) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(MAINTENANCE_ROLE), sql.Identifier(template)
                )
            )


def add_yardstick(urls: DatabaseUrls, accounts: int = PEOPLE) -> None:
    """Put the yardstick's schema and accounts beside the ledger."""
    with psycopg.connect(urls.maintenance, autocommit=True) as connection:
        connection.execute(Path(__file__).with_name("yardstick.sql").read_bytes())
        connection.execute(
            "INSERT INTO yardstick.accounts (id, name, currency, allow_negative, allow_positive, created_at,"
            " updated_at) SELECT 'acct_' || lpad(n::text, 26, '0'), 'account ' || n, 'CNY', true, true, now(), now()"
            " FROM generate_series(1, %s) AS n",
            [accounts],
        )


def add_card_list(ground: Ground, name: str) -> None:
    """A list of the members' cards by number, so that a script need not look for one."""
    with ground.superuser(name) as connection:
        connection.execute(_CARD_LIST.encode())


_CARD_LIST = f"""
CREATE TABLE yardstick.cards (n integer PRIMARY KEY, card_id uuid NOT NULL);
INSERT INTO yardstick.cards
SELECT n, c.card_id
  FROM generate_series(1, {PEOPLE}) AS n JOIN app.cards AS c ON c.member_id = {sql_id(MEMBER, "n")}::uuid;
GRANT USAGE ON SCHEMA yardstick TO tillkeeper_app;
GRANT SELECT ON yardstick.cards TO tillkeeper_app;
"""


async def _open_shop(app_url: str, keys: Keyring) -> None:
    """A merchant with one store, its tills, a plan, a cup of tea, and people who bring a pass each."""
    async with open_pool(app_url, min_size=1, max_size=1) as pool:
        async with transaction(pool, PLATFORM) as connection:
            await put_merchant(connection, MERCHANT, "BENCH", "茶乐园")
            for value in _CATALOGUE:
                await put(connection, value)
            for number in range(TERMINALS):
                name = f"{number + 1:03d}"
                await put_terminal(connection, numbered(TERMINAL, number), MERCHANT, STORE, f"SZ1T{name}", name)
        async with transaction(pool, PLATFORM) as connection:
            await _bring_people(connection, keys)
            await connection.execute(claims_sql("platform", f"'{OPERATOR}'").encode())
            await connection.execute(_GRANT_TICKETS, [TICKETS, PEOPLE])


_CATALOGUE = (
    Store(STORE, MERCHANT, "SZ1", "茶乐园", "Asia/Shanghai", "CNY", "zh-CN", "茶乐园有限公司", "91440300TEST", "深圳"),
    Category(TAB, MERCHANT, {"zh-CN": "茶饮"}, 1),
    Product(TEA, MERCHANT, TAB, {"zh-CN": "红茶"}, 1800, "0.06", frozenset({"tea"})),
    PassPlan(PLAN, MERCHANT, {"zh-CN": "十杯卡"}, 15000, "CNY", 10, 90, True, "tea", "none", "0"),
)  # fmt: skip


_GRANT_TICKETS = f"""
SELECT app.grant_units(1::smallint, 'grant ' || n, sha256(int4send(n)), {sql_id(MEMBER, "n")}::uuid, 'ticket', %s,
                       'for the bench')
  FROM generate_series(1, %s) AS n
""".encode()


async def _bring_people(connection: Connection, keys: Keyring) -> None:
    now = datetime.now(UTC)
    for number in range(1, PEOPLE + 1):
        new = people.NewMember(numbered(MEMBER, number), f"M{number:08d}", "王小雨", f"138{number:08d}")
        await people.create(connection, keys, new, MERCHANT, now)
    for start in range(1, PEOPLE + 1, _OPENING_ROWS):
        rows = [
            OpeningPass(
                numbered(PASS, number), numbered(MEMBER, number), PLAN, "active", USES, USES, 15000,
                now + timedelta(days=60),
            )
            for number in range(start, min(start + _OPENING_ROWS, PEOPLE + 1))
        ]  # fmt: skip
        money = [OpeningBalance(row.member_id, "principal", "CNY", MONEY) for row in rows]
        outcome = await import_opening(connection, MERCHANT, f"opening {start}", rows, money)
        if outcome["outcome"] != "accepted":
            raise RuntimeError(f"the opening was refused: {outcome}")


def claims_sql(role: str, principal: str) -> str:
    """SQL that sets a transaction's claims, as `database.engine.as_claims` does; `principal` is an SQL expression."""
    return (
        f"SELECT set_config('tillkeeper.principal_id', {principal}, true),"
        f" set_config('tillkeeper.role', '{role}', true),"
        f" set_config('tillkeeper.merchant_ids', '{{{UUID(MERCHANT)}}}', true)"
    )

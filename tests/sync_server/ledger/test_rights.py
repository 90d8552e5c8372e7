"""Who may do what: role × table × verb, forced row security, closed functions; generated, so nothing new slips by."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql

from models.catalogue import SlipTemplate
from models.facts import Evidence
from sync_server.catalogue.writes import put
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.terminals import PLATFORM
from tests.sync_server import world
from tests.sync_server.till import MEMBER, FakeTill

Owner = psycopg.Connection[tuple[Any, ...]]
VERBS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
TABLES: LiteralString = """
SELECT n.nspname, c.relname, c.relrowsecurity AND c.relforcerowsecurity, pg_get_userbyid(c.relowner),
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'ledger_id' AND NOT a.attisdropped),
       ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p') ORDER BY 1, 2
"""


def tables(owner: Owner) -> list[tuple[Any, ...]]:
    found = owner.execute(TABLES).fetchall()
    assert len(found) > 35
    return found


@pytest.mark.req("R038")
def test_every_table_is_closed_and_forced(owner: Owner) -> None:
    for schema, name, forced, belongs_to, _, policies in tables(owner):
        assert (forced, belongs_to) == (True, "tillkeeper_owner"), f"{schema}.{name}"
        extra = set(policies) - {"deny_all", "owner_all"}
        assert len(policies) == 2 + len(extra), f"{schema}.{name}"
        assert schema != "sec" or not extra, f"{schema}.{name}"


def test_policies_let_in_exactly_these(owner: Owner) -> None:
    """What each name allows, wherever it stands; a policy of another name or wording is a finding."""
    found = owner.execute("""
        SELECT DISTINCT p.polname, p.polcmd::text, p.polroles::regrole[]::text,
               coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('app', 'audit', 'sec') AND p.polname <> 'known_to_merchant' AND p.polpermissive
        """).fetchall()
    sees, writes = "app.sees_merchant(merchant_id)", "app.writes_merchant(merchant_id)"
    assert sorted(found) == [
        ("deny_all", "*", "{-}", "false", "false"),
        ("operator", "r", "{tillkeeper_app}", "(NOT (auth.role() IS DISTINCT FROM 'platform'::text))", ""),
        ("own_merchant", "r", "{tillkeeper_app}", f"((merchant_id IS NULL) OR {sees})", ""),
        ("own_merchant", "r", "{tillkeeper_app}", sees, ""),
        ("owner_all", "*", "{tillkeeper_owner}", "true", "true"),
        ("public_keys", "*", "{tillkeeper_app}", "true", "(NOT (auth.role() IS DISTINCT FROM 'platform'::text))"),
        ("readable", "r", "{tillkeeper_app}", "true", ""),
        ("written_by_people", "*", "{tillkeeper_app}", writes, writes),
    ]
    wide = owner.execute(
        "SELECT polname, polrelid::regclass::text FROM pg_policy"
        " WHERE polname IN ('readable', 'public_keys', 'known_to_merchant') ORDER BY 1"
    ).fetchall()
    assert wide == [
        ("known_to_merchant", "app.members"),
        ("public_keys", "app.server_keys"),
        ("readable", "app.epochs"),
    ]


def test_no_column_of_the_ledger_is_granted_for_writing(owner: Owner) -> None:
    granted = owner.execute("""
        SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p')
           AND (n.nspname <> 'app' OR EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'ledger_id'))
           AND has_any_column_privilege('tillkeeper_app', c.oid, 'INSERT, UPDATE, REFERENCES')
        """).fetchall()
    assert granted == []


@pytest.mark.req("R027", "R079")
def test_no_login_writes_one_row_of_the_ledger(owner: Owner, database: DatabaseUrls) -> None:
    """Tried, not asked: each verb on each table of the ledger, as the program."""
    with psycopg.connect(database.app, autocommit=True) as app:
        app.execute("SELECT set_config('tillkeeper.role', 'platform', false)")
        tried = 0
        for schema, name, _, _, in_ledger, _ in tables(owner):
            if not in_ledger and schema == "app":
                continue
            table = sql.Identifier(schema, name)
            column = sql.Identifier(_first_column(owner, schema, name))
            for statement in (
                sql.SQL("INSERT INTO {} DEFAULT VALUES").format(table),
                sql.SQL("UPDATE {} SET {} = NULL").format(table, column),
                sql.SQL("DELETE FROM {}").format(table),
                sql.SQL("TRUNCATE {}").format(table),
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    app.execute(statement)
                tried += 1
    assert tried >= 20 * len(VERBS)


def _first_column(owner: Owner, schema: str, name: str) -> str:
    found = owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
        " ORDER BY ordinal_position LIMIT 1",
        [schema, name],
    ).fetchone()
    assert found is not None
    return str(found[0])


def test_public_and_other_roles_hold_nothing(owner: Owner) -> None:
    granted = owner.execute(
        "SELECT DISTINCT table_schema || '.' || table_name, grantee, privilege_type"
        " FROM information_schema.table_privileges WHERE table_schema IN ('app', 'audit', 'sec')"
        " AND grantee NOT IN ('tillkeeper_owner', 'tillkeeper_app')"
    ).fetchall()
    assert granted == []


def test_functions_are_closed_and_cannot_be_steered(owner: Owner) -> None:
    found = owner.execute("""
        SELECT p.oid::regprocedure::text, p.prosecdef, coalesce(p.proconfig, '{}'), p.proacl IS NULL
               OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('app', 'audit', 'sec')
        """).fetchall()
    assert len(found) > 30
    for name, definer, settings, public in found:
        assert not public, name
        assert not definer or "search_path=pg_catalog, pg_temp" in settings, name


@pytest.mark.parametrize(
    "name",
    [
        "post",
        "use_pass",
        "sell_pass",
        "pay_order",
        "abandon_request",
        "reverse",
        "next_number",
        "take_fact",
        "note_event",
        "meet_member",
        "consume_card_code",
    ],
)
async def test_the_program_cannot_call_what_is_inside(pool: Pool, name: str) -> None:
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT bool_or(has_function_privilege(p.oid, 'EXECUTE')) FROM pg_proc p"
            " WHERE p.pronamespace = 'app'::regnamespace AND p.proname = %s",
            [name],
        )
        assert await cursor.fetchone() == (False,)


def test_hot_functions_cannot_keep_a_plan_for_empty_tables(owner: Owner) -> None:
    """ledger.md, "A trap found by measuring": a door that reads the ledger forbids sequential scans for all that runs
    inside it; what is not a door cannot be called by the program at all."""
    found = owner.execute("""
        SELECT p.proname, p.prosecdef, 'enable_seqscan=off' = ANY (coalesce(p.proconfig, '{}')),
               has_function_privilege('tillkeeper_app', p.oid, 'EXECUTE')
          FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
         WHERE l.lanname = 'plpgsql' AND p.pronamespace = 'app'::regnamespace
           AND p.prosrc ~ 'app\\.(entries|accounts|transactions|facts|member_passes|idempotency_registry|number_co)'
        """).fetchall()
    assert len(found) >= 12
    assert [name for name, door, off, _ in found if door and not off] == []
    assert [name for name, door, _, granted in found if granted and not door] == []


pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("claims", "seen"),
    [
        (PLATFORM, True),
        (Claims(None, "staff", [UUID(world.MERCHANT)]), True),
        (Claims(None, "staff", [UUID(world.OTHER_MERCHANT)]), False),
        (Claims(None, "member"), False),
        (None, False),
    ],
)
async def test_each_merchant_reads_its_own(till: FakeTill, claims: Claims | None, seen: bool) -> None:
    sold = till.sell_pass()
    till.order()
    await till.push()
    await till.ask(till.request(till.redemption(sold.pass_id, Evidence("online"), extra=1)))
    async with transaction(till.pool, claims) as connection:
        for table in _READ:
            cursor = await connection.execute(sql.SQL("SELECT count(*) > 0 FROM {}").format(sql.Identifier(*table)))
            assert await cursor.fetchone() == (seen,), table


_READ = [
    ("app", name)
    for name in (
        "accounts", "transactions", "entries", "tx_registry", "idempotency_registry", "member_passes", "topup_orders",
        "orders", "order_items", "payments", "pass_redemption_batches", "pass_redemptions", "facts", "terminal_heads",
        "slips", "passes_held", "number_counters", "number_issuers",
    )
] + [("audit", "event_log")]  # fmt: skip


@pytest.mark.parametrize(
    "claims",
    [
        None,
        PLATFORM,
        Claims(UUID(world.TERMINAL), "staff", [UUID(world.MERCHANT)]),
        Claims(UUID(world.TERMINAL), "terminal", [UUID(world.OTHER_MERCHANT)]),
        Claims(UUID(world.MERCHANT), "terminal", [UUID(world.MERCHANT)]),
    ],
)
async def test_only_a_terminal_of_this_merchant_hands_in(till: FakeTill, claims: Claims | None) -> None:
    calls: list[LiteralString] = [
        """SELECT app.intake_facts(1::smallint, '{"seq": 0}', '[]', NULL, false)""",
        """SELECT app.redeem_pass(1::smallint, 'k', sha256(''), '{}', NULL, NULL, NULL)""",
        """SELECT app.take_print_reports(1::smallint, '[]')""",
    ]
    for call in calls:
        with pytest.raises(Exception, match="database_permission_denied"):
            async with transaction(till.pool, claims) as connection:
                await connection.execute(call)


_OPERATORS_CALLS: list[LiteralString] = [
    f"SELECT app.hq_upsert_user('{MEMBER}', 'eve', 'Eve', 'hq', '{{}}', 'x')",
    f"SELECT app.put_pairing_code('{world.THIRD_TERMINAL}', sha256(''), interval '1 year')",
    f"SELECT app.know_member('{MEMBER}', '{world.OTHER_MERCHANT}')",
    f"SELECT app.note_member('{MEMBER}')",
]
_NOT_THE_OPERATOR = [
    None,
    Claims(UUID(world.OTHER_TERMINAL), "terminal", [UUID(world.OTHER_MERCHANT)]),
    Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT), UUID(world.OTHER_MERCHANT)]),
    Claims(UUID(MEMBER), "member"),
]


@pytest.mark.req("R072")
@pytest.mark.parametrize("call", _OPERATORS_CALLS)
async def test_only_the_operator_calls_these(till: FakeTill, call: LiteralString) -> None:
    for claims in _NOT_THE_OPERATOR:
        with pytest.raises(Exception, match="database_permission_denied"):
            async with transaction(till.pool, claims) as connection:
                await connection.execute(call)
    async with transaction(till.pool, PLATFORM) as connection:
        await connection.execute(call)


@pytest.mark.parametrize(
    ("claims", "writes"),
    [
        (PLATFORM, True),
        (Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)]), True),
        (Claims(UUID(world.STAFF), "staff", [UUID(world.OTHER_MERCHANT)]), False),
        (Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)]), False),
        (Claims(UUID(MEMBER), "member", [UUID(world.MERCHANT)]), False),
        (None, False),
    ],
)
async def test_only_people_write_reference_data(till: FakeTill, claims: Claims | None, writes: bool) -> None:
    """Tried, not asked: a terminal or a member reads its merchant's rows and changes none."""
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, world.person())
        await put(connection, SlipTemplate(world.STAFF, world.MERCHANT, "SALES_TICKET", 1, '{"lines":[]}'))
    for table, column in _WRITTEN:
        statement = sql.SQL("UPDATE app.{0} SET {1} = {1} WHERE merchant_id = {2}")
        async with transaction(till.pool, claims) as connection:
            cursor = await connection.execute(
                statement.format(sql.Identifier(table), sql.Identifier(column), sql.Literal(world.MERCHANT))
            )
            assert (cursor.rowcount > 0) is writes, table
    for insert in _INSERTED:
        with pytest.raises(Exception, match=r"unique|duplicate" if writes else "database_permission_denied"):
            async with transaction(till.pool, claims) as connection:
                await connection.execute(insert)


_WRITTEN = [
    ("merchants", "name"), ("stores", "name"), ("terminals", "status"), ("categories", "position"),
    ("products", "position"), ("add_ons", "position"), ("pass_plans", "on_sale"), ("slip_templates", "version"),
    ("staff", "name"),
]  # fmt: skip
_INSERTED: list[LiteralString] = [
    f"INSERT INTO app.terminals (terminal_id, merchant_id, store_id, code, name)"
    f" VALUES ('{world.TERMINAL}', '{world.MERCHANT}', '{world.STORE}', 'XX', '')",
    f"INSERT INTO app.staff VALUES ('{world.STAFF}', '{world.MERCHANT}', '{world.STORE}', '', '', '{{}}', true)",
]


async def test_only_the_platform_imports(till: FakeTill) -> None:
    with pytest.raises(Exception, match="database_permission_denied"):
        async with transaction(till.pool, Claims(None, "staff", [UUID(world.MERCHANT)])) as connection:
            await connection.execute(
                "SELECT app.import_opening(1::smallint, %s, 'k', sha256(''), '{\"passes\": [], \"balances\": []}')",
                [world.MERCHANT],
            )

"""Who may do what: role × table × verb, forced row security, closed functions; generated, so nothing new slips by."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from models.catalogue import SlipTemplate
from models.facts import Evidence
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.cards.people import card_of, enterprise_card
from tests.sync_server.ledger.cards import Desk, put_bands
from tests.sync_server.ledger.rights import forgotten, matrix, relations, steerable
from tests.sync_server.till import MEMBER, OTHER_MEMBER, FakeTill, set_policy

Owner = psycopg.Connection[tuple[Any, ...]]
WORKER = Claims(UUID(int=5), "member")
ROLES: dict[str, Claims | None] = {
    "the program without claims": None,
    "nobody": Claims(None, "member"),
    "the member": Claims(UUID(MEMBER), "member"),
    "the other member": Claims(UUID(OTHER_MEMBER), "member"),
    "a merchant's user": WORKER,
    "staff": Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)]),
    "other staff": Claims(UUID(int=6), "staff", [UUID(world.OTHER_MERCHANT)]),
    "a terminal": Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)]),
    "the till beside it": Claims(UUID(world.SECOND_TERMINAL), "terminal", [UUID(world.MERCHANT)]),
    "the operator": Claims(UUID(int=1), "platform"),
}


@pytest.mark.req("R038", "R054")
def test_no_table_view_or_function_has_forgotten_its_door(owner: Owner) -> None:
    assert len(relations(owner)) > 60
    assert forgotten(owner) == []
    assert steerable(owner) == []


def test_the_check_catches_what_forgets(owner: Owner) -> None:
    owner.execute("CREATE TABLE app.forgotten (ledger_id smallint, merchant_id uuid)")
    missing = "deny_all or owner_all is missing"
    assert forgotten(owner) == ["app.forgotten: row security is not on and forced", f"app.forgotten: {missing}"]
    owner.execute("ALTER TABLE app.forgotten ENABLE ROW LEVEL SECURITY")
    owner.execute("CREATE POLICY deny_all ON app.forgotten USING (false) WITH CHECK (false)")
    owner.execute("CREATE POLICY owner_all ON app.forgotten TO tillkeeper_owner USING (true) WITH CHECK (true)")
    assert forgotten(owner) == ["app.forgotten: row security is not on and forced"]
    owner.execute("ALTER TABLE app.forgotten FORCE ROW LEVEL SECURITY")
    owner.execute("CREATE TABLE app.transactions_y2031m01 PARTITION OF app.transactions"
                  " FOR VALUES FROM ('2031-01-01') TO ('2031-02-01')")  # fmt: skip
    owner.execute("CREATE VIEW app.seen AS SELECT * FROM app.forgotten")
    assert forgotten(owner) == [
        "app.seen: a view with its owner's rights",
        "app.transactions_y2031m01: row security is not on and forced",
        f"app.transactions_y2031m01: {missing}",
        "app.transactions_y2031m01: has a policy that lets somebody in",
    ]
    owner.execute("CREATE FUNCTION app.open_door() RETURNS void LANGUAGE sql SECURITY DEFINER AS ''")
    owner.execute("GRANT EXECUTE ON FUNCTION app.open_door TO PUBLIC")
    assert steerable(owner) == [
        "app.open_door(): PUBLIC may execute it",
        "app.open_door(): acts with its owner's rights on an open search_path",
    ]


_SEEN_BY_MEMBERS = {
    "app.members", "app.member_profiles", "app.cards", "app.personal_cards", "app.enterprise_cards", "app.entries",
    "app.enterprise_card_bindings", "app.transactions", "app.accounts", "app.point_ledger", "app.merchant_users",
}  # fmt: skip


@pytest.fixture
async def business(till: FakeTill, owner: Owner) -> FakeTill:
    """A day at two merchants: rows in every table that matters, for every role that may see some."""
    sold = till.sell_pass()
    till.order()
    await till.push()
    await till.ask(till.request(till.redemption(sold.pass_id, Evidence("online"), extra=1)))
    await set_policy(till.pool)
    there = FakeTill(
        till.pool, world.OTHER_TERMINAL, "BC1T01", merchant_id=world.OTHER_MERCHANT, store_id=world.OTHER_STORE,
        keys=till.keys,
    )  # fmt: skip
    await there.pair()
    there.order()
    await there.push()
    desk = Desk(owner)
    put_bands(owner, (None, 0, 0, None, "0.950"), (world.MERCHANT, 0, 0, None, "0.900"))
    for member in (MEMBER, OTHER_MEMBER):
        desk.top_up(10000, 500, member_id=member)
        paid = desk.charge(2500, card_id=await card_of(till.pool, member))
        desk.refund(paid["tx_no"], 100)
    enterprise_card(owner, MEMBER, members=(OTHER_MEMBER,))
    enterprise_card(owner, OTHER_MEMBER, card_no="E2")
    owner.execute(
        "INSERT INTO app.merchant_users VALUES (%s, %s, 'cashier')", [world.OTHER_MERCHANT, WORKER.principal_id]
    )
    return till


@pytest.mark.req("R027", "R038", "R055", "R056", "R057", "R058", "R079")
async def test_the_matrix_of_role_table_partition_and_verb(
    business: FakeTill, owner: Owner, database: DatabaseUrls
) -> None:
    with psycopg.connect(database.app, autocommit=True) as app:
        tried = dict(matrix(owner, app, ROLES))
    empty = {one.name for one in relations(owner) if not owner.execute(
        sql.SQL("SELECT FROM {} LIMIT 1").format(one.quoted)).fetchall()}  # fmt: skip
    assert _SEEN_BY_MEMBERS.isdisjoint(empty)
    assert len(relations(owner)) - len(empty) > 45, empty
    assert len(tried) == len(ROLES) * len(relations(owner)) * 5 > 3000
    assert {what: wrong for what, wrong in tried.items() if wrong} == {}


async def test_the_matrix_catches_an_open_door(business: FakeTill, owner: Owner, database: DatabaseUrls) -> None:
    owner.execute("CREATE POLICY oops ON app.cards FOR SELECT TO tillkeeper_app USING (status = 'active')")
    owner.execute("GRANT DELETE ON app.accounts TO tillkeeper_app")
    owner.execute("CREATE POLICY oops ON app.accounts FOR DELETE TO tillkeeper_app USING (auth.role() = 'staff')")
    owner.execute("GRANT SELECT ON sec.card_codes TO tillkeeper_app")
    owner.execute("DROP POLICY own_card ON app.entries")
    with psycopg.connect(database.app, autocommit=True) as app:
        found = {what for what, wrong in matrix(owner, app, ROLES) if wrong}
    assert {"nobody reads app.cards", "staff D app.accounts", "the member reads app.entries"} <= found
    assert not {"the operator reads app.cards", "the member D app.accounts", "staff reads app.entries"} & found


def test_policies_let_in_exactly_these(owner: Owner) -> None:
    """What each name allows, wherever it stands; a policy of another name or wording is a finding."""
    found = owner.execute("""
        SELECT DISTINCT p.polname, p.polcmd::text, p.polroles::regrole[]::text,
               coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('app', 'audit', 'sec') AND p.polname <> 'known_to_merchant' AND p.polpermissive
        """).fetchall()
    sees, writes = "app.sees_merchant(merchant_id)", "app.writes_merchant(merchant_id)"
    operator = "(NOT (auth.role() IS DISTINCT FROM 'platform'::text))"
    mine = "ANY (( SELECT app.{0}() AS {0})::uuid[])"
    reads = {
        ("managed_card", f"(enterprise_card_id = {mine.format('my_managed_cards')})"),
        ("operator", operator),
        ("operators_bands", "(merchant_id IS NULL)"),
        ("own_card", f"((owner_kind = 'card'::text) AND (owner_id = {mine.format('my_cards')}))"),
        ("own_card", f"(account_id = {mine.format('my_card_accounts')})"),
        ("own_card", f"(card_id = {mine.format('my_cards')})"),
        ("own_key", "(principal_id = ( SELECT auth.uid() AS uid))"),
        ("own_merchant", f"((merchant_id IS NULL) OR {sees})"),
        ("own_merchant", sees),
        ("own_profile", "(member_id = ( SELECT auth.uid() AS uid))"),
        ("readable", "true"),
        ("works_there", "(user_id = ( SELECT auth.uid() AS uid))"),
        ("works_there", f"(merchant_id = {mine.format('my_merchants')})"),
    }
    assert {one[0::3] for one in found if one[1:3] == ("r", "{tillkeeper_app}") and not one[4]} == reads
    assert sorted(one for one in found if one[0::3] not in reads) == [
        ("deny_all", "*", "{-}", "false", "false"),
        ("operator_writes", "*", "{tillkeeper_app}", operator, operator),
        ("owner_all", "*", "{tillkeeper_owner}", "true", "true"),
        ("public_keys", "*", "{tillkeeper_app}", "true", operator),
        ("written_by_people", "*", "{tillkeeper_app}", writes, writes),
    ]
    wide = owner.execute(
        "SELECT polname, polrelid::regclass::text FROM pg_policy"
        " WHERE polname IN ('readable', 'public_keys', 'known_to_merchant') ORDER BY 1"
    ).fetchall()
    assert wide == [
        ("known_to_merchant", "app.members"),
        ("public_keys", "app.server_keys"),
        ("public_keys", "app.sealing_keys"),
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


def test_public_and_other_roles_hold_nothing(owner: Owner) -> None:
    granted = owner.execute(
        "SELECT DISTINCT table_schema || '.' || table_name, grantee, privilege_type"
        " FROM information_schema.table_privileges WHERE table_schema IN ('app', 'audit', 'sec')"
        " AND grantee NOT IN ('tillkeeper_owner', 'tillkeeper_app')"
    ).fetchall()
    assert granted == []


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
        "accounts", "transactions", "entries", "tx_registry", "member_passes", "topup_orders",
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
    ("merchants", "name"), ("stores", "name"), ("terminals", "name"), ("categories", "position"),
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

"""What every table, view and function of ours must have, as findings; and who may read and write which rows.

Rule: for tests only. The expectations are written down here by hand, in words of the business: they never look at the
policies that they judge. A table that nobody has thought of is read by its merchant's people and written by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import errors, sql

from sync_server.database.engine import Claims

Connection = psycopg.Connection[tuple[Any, ...]]

_RELATIONS: LiteralString = """
SELECT n.nspname, c.relname, c.relkind::text, c.relispartition, c.relrowsecurity AND c.relforcerowsecurity,
       pg_get_userbyid(c.relowner), ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1),
       ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
       'security_invoker=true' = ANY (coalesce(c.reloptions, '{}')), n.nspname || '.' || c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec', 'auth') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Relation:
    """A table, partition or view of ours."""

    schema: str
    table: str
    kind: str
    is_partition: bool
    forced: bool
    owner: str
    policies: list[str]
    columns: list[str]
    is_invoker: bool
    name: str

    @property
    def quoted(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.table)

    @property
    def is_ledgers(self) -> bool:
        return "ledger_id" in self.columns or self.schema != "app"


def relations(owner: Connection) -> list[Relation]:
    """All of them."""
    return [Relation(*row) for row in owner.execute(_RELATIONS).fetchall()]


def forgotten(owner: Connection) -> list[str]:
    """Tables and partitions that are not closed and forced, views that act with another's rights, foreign owners."""
    found = []
    for one in relations(owner):
        if one.owner != "tillkeeper_owner":
            found.append(f"{one.name}: owned by {one.owner}")
        if one.kind == "v":
            found += [] if one.is_invoker else [f"{one.name}: a view with its owner's rights"]
            continue
        if not one.forced:
            found.append(f"{one.name}: row security is not on and forced")
        if not {"deny_all", "owner_all"} <= set(one.policies):
            found.append(f"{one.name}: deny_all or owner_all is missing")
        if (one.schema == "sec" or one.is_partition) and len(one.policies) != 2:
            found.append(f"{one.name}: has a policy that lets somebody in")
    return found


def steerable(owner: Connection) -> list[str]:
    """Functions that PUBLIC may execute, definers without a fixed search path, and foreign owners."""
    rows = owner.execute("""
        SELECT p.oid::regprocedure::text, p.prosecdef, coalesce(p.proconfig, '{}'), p.proacl IS NULL
               OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0), pg_get_userbyid(p.proowner)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('app', 'audit', 'sec', 'auth')
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""").fetchall()
    found = []
    for name, definer, settings, public, belongs_to in rows:
        if public:
            found.append(f"{name}: PUBLIC may execute it")
        if definer and "search_path=pg_catalog, pg_temp" not in settings:
            found.append(f"{name}: acts with its owner's rights on an open search_path")
        if belongs_to != "tillkeeper_owner":
            found.append(f"{name}: owned by {belongs_to}")
    return found


# Who may do what ------------------------------------------------------------------------------------------------------

NOTHING, EVERYTHING = sql.SQL("false"), sql.SQL("true")
_CARDS_OF: LiteralString = """
    SELECT c.card_id FROM app.cards c WHERE c.member_id = {who}
    UNION SELECT b.enterprise_card_id FROM app.enterprise_card_bindings b WHERE b.member_id = {who}"""
_MINE: Mapping[str, LiteralString] = {
    "app.members": "t.member_id = {who}",
    "app.member_profiles": "t.id = {who}",
    "app.cards": "t.card_id IN (" + _CARDS_OF + ")",
    "app.personal_cards": "t.member_id = {who}",
    "app.enterprise_cards": "t.id IN (" + _CARDS_OF + ")",
    "app.enterprise_card_bindings": """t.enterprise_card_id IN (
        SELECT b.enterprise_card_id FROM app.enterprise_card_bindings b
         WHERE b.member_id = {who} AND b.role = 'admin')""",
    "app.transactions": "t.card_id IN (" + _CARDS_OF + ")",
    "app.accounts": "t.owner_kind = 'card' AND t.owner_id IN (" + _CARDS_OF + ")",
    "app.entries": """t.account_id IN (SELECT a.account_id FROM app.accounts a
        WHERE a.owner_kind = 'card' AND a.owner_id IN (""" + _CARDS_OF + "))",
    "app.point_ledger": "t.card_id IN (" + _CARDS_OF + ")",
}  # fmt: skip
"""What a member reads (source 001 §3): their own, and what they are bound to; a person's id is what counts."""
_AT_WORK: Mapping[str, LiteralString] = {
    "app.transactions": "t.merchant_id IN (SELECT u.merchant_id FROM app.merchant_users u WHERE u.user_id = {who})",
    "app.merchant_users": "t.user_id = {who}",
}
"""What somebody reads whom the merchant has named as its own in the source's way."""
_KNOWN: LiteralString = (
    "{id} IN (SELECT k.member_id FROM app.member_merchants k WHERE k.merchant_id = ANY ({merchants}))"
)
_OWN_KEYS: LiteralString = "t.principal_id = {who}"
"""What somebody asked, and was answered: neither their colleagues nor the other tills of their shop read it."""
_OPEN = {"app.epochs", "app.server_keys", "app.sealing_keys"}
_OPEN_WITHOUT_MERCHANT = {"app.membership_levels", "app.change_log"}
_CHECKED_BY_EYE = {"app.abnormal_transactions", "app.missing_partitions", "app.recent_events", "app.reconciliation",
                   "app.registry_conflicts", "app.sealing"}  # fmt: skip
"""Views that join and count: what they show follows from their tables, their tests say what."""

PEOPLE = {"app.categories": "IUD", "app.products": "IUD", "app.add_ons": "IUD", "app.slip_templates": "IUD",
          "app.pass_plans": "IU", "app.merchants": "IU", "app.stores": "IU", "app.terminals": "IU",
          "app.staff": "IU"}  # fmt: skip
"""Reference data: written by the merchant's people and by the operator."""
OPERATOR = {
    "app.members": "IU",
    "app.member_profiles": "I",
    "app.server_keys": "I",
    "app.sealing_keys": "I",
    "app.merchant_users": "ID",
}


def readable(one: Relation, claims: Claims | None) -> sql.Composable | None:
    """Which rows (as `t`) these claims may read; None: not one column of it."""
    if one.schema == "sec" or one.is_partition:
        return None
    if one.name in _OPEN:
        return EVERYTHING
    if claims is None:
        return sql.SQL("t.merchant_id IS NULL") if one.name in _OPEN_WITHOUT_MERCHANT else NOTHING
    if claims.role == "platform":
        return EVERYTHING
    values = {"who": sql.Literal(claims.principal_id), "merchants": sql.SQL("{}::uuid[]").format(
        [str(merchant) for merchant in claims.merchant_ids])}  # fmt: skip
    if one.name == "app.idempotency_registry":
        return sql.SQL("coalesce({}, false)").format(sql.SQL(_OWN_KEYS).format(**values))
    rules = [table[one.name] for table in (_MINE, _AT_WORK) if one.name in table]
    if one.name in ("app.members", "app.member_profiles"):
        values["id"] = sql.SQL("t.member_id" if one.name == "app.members" else "t.id")
        rules.append(_KNOWN)
    if one.name in _OPEN_WITHOUT_MERCHANT:
        rules.append("t.merchant_id IS NULL")
    if "merchant_id" in one.columns:
        rules.append("t.merchant_id = ANY ({merchants})")
    each = [sql.SQL("coalesce({}, false)").format(sql.SQL(rule).format(**values)) for rule in rules]
    return sql.SQL(" OR ").join(each) if each else NOTHING


def writable(one: Relation, verb: str, claims: Claims | None) -> sql.Composable | None:
    """Which rows these claims may insert, update or delete (I, U, D, T); None: none at all."""
    role = claims.role if claims is not None else None
    if verb in OPERATOR.get(one.name, "") and role == "platform":
        return EVERYTHING
    if verb in PEOPLE.get(one.name, ""):
        if role == "platform":
            return EVERYTHING
        if role == "staff" and claims is not None:
            return sql.SQL("t.merchant_id = ANY ({}::uuid[])").format([str(one) for one in claims.merchant_ids])
    return None


# Tried, not asked -----------------------------------------------------------------------------------------------------


def matrix(owner: Connection, app: Connection, roles: Mapping[str, Claims | None]) -> Iterator[tuple[str, str]]:
    """Try every verb of every role on every table, partition and view; yields (what was tried, what was wrong)."""
    _be(owner, Claims(None, "platform"))  # so that the views show it everything
    for label, claims in roles.items():
        _be(app, claims)
        for one in relations(owner):
            yield f"{label} reads {one.name}", _reading(owner, app, one, claims)
            for verb in "IUDT":
                yield f"{label} {verb} {one.name}", _writing(owner, app, one, verb, claims)


def _be(app: Connection, claims: Claims | None) -> None:
    merchants = "" if claims is None else "{" + ",".join(str(one) for one in claims.merchant_ids) + "}"
    app.execute(
        "SELECT set_config('tillkeeper.role', %s, false), set_config('tillkeeper.principal_id', %s, false),"
        " set_config('tillkeeper.merchant_ids', %s, false)",
        [claims.role if claims else "", str(claims.principal_id or "") if claims else "", merchants],
    )


def _rows(connection: Connection, one: Relation, where: sql.Composable) -> list[str]:
    query = sql.SQL("SELECT t::text FROM {} AS t WHERE {}").format(one.quoted, where)
    return sorted(row[0] for row in connection.execute(query).fetchall())


def _reading(owner: Connection, app: Connection, one: Relation, claims: Claims | None) -> str:
    if one.name in _CHECKED_BY_EYE:
        return ""
    expected = readable(one, claims)
    try:
        seen = _rows(app, one, EVERYTHING)
    except errors.InsufficientPrivilege:
        return "" if expected is None or not _rows(owner, one, expected) else "denied"
    if expected is None:
        return "may read a column"
    missing_or_more = set(_rows(owner, one, expected)) ^ set(seen)
    return f"{len(missing_or_more)} rows differ, such as {min(missing_or_more)}" if missing_or_more else ""


def _writing(owner: Connection, app: Connection, one: Relation, verb: str, claims: Claims | None) -> str:
    expected = writable(one, verb, claims)
    done = _try(owner, app, one, verb, claims)
    if expected is None:
        return f"{done} rows" if done else ""
    if verb == "I":
        return "" if done else "denied"
    wanted = len(_rows(owner, one, expected))
    stopped = verb == "D" and done == 1 < wanted  # by a row that refers to it
    return "" if done == wanted or stopped else f"{done} rows of {wanted}"


def _try(owner: Connection, app: Connection, one: Relation, verb: str, claims: Claims | None) -> int | None:
    """How many rows it wrote before it was undone; None: denied. A row stopped only by its contents counts as one."""
    column = sql.Identifier(_column_to_write(owner, one))
    if verb == "I":
        mine = "merchant_id" in one.columns and claims is not None and list(claims.merchant_ids)
        statement = (
            sql.SQL("INSERT INTO {} (merchant_id) VALUES ({})").format(one.quoted, str(mine[0]))
            if mine
            else sql.SQL("INSERT INTO {} DEFAULT VALUES").format(one.quoted)
        )
    elif verb == "U":
        statement = sql.SQL("UPDATE {} SET {} = {}").format(one.quoted, column, column)
    else:
        statement = sql.SQL("DELETE FROM {}" if verb == "D" else "TRUNCATE {}").format(one.quoted)
    try:
        with app.transaction(force_rollback=True):
            return app.execute(statement).rowcount
    except (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState, errors.WrongObjectType):
        return None
    except (errors.IntegrityError, errors.GeneratedAlways):
        return 1


def _column_to_write(owner: Connection, one: Relation) -> str:
    granted = owner.execute(
        "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"
        " ORDER BY NOT has_column_privilege('tillkeeper_app', a.attrelid, a.attnum, 'UPDATE'), a.attgenerated <> '',"
        " a.attnum LIMIT 1",
        [one.name],
    ).fetchone()
    assert granted is not None
    return str(granted[0])

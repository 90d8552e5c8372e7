"""Make SQL of a query and read: rows as JSON that Postgres writes, counted where it was asked for.

Rule: a name becomes SQL only when the relation has it, as an identifier; every value is a parameter, which Postgres
reads as the column's type. At most 1,000 rows at a time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from sync_server.database.engine import Connection
from sync_server.supabase.query import Column, Filter, Group, Order, Path, Query, QueryTrouble

MOST_ROWS = 1000
_COUNTED_EXACTLY = 10_000
"""Up to here an estimate is exact; beyond it Postgres's plan is asked."""
_OPERATORS: dict[str, LiteralString] = {
    "eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "like": "LIKE", "ilike": "ILIKE",
    "isdistinct": "IS DISTINCT FROM", "cs": "@>", "cd": "<@", "ov": "&&",
}  # fmt: skip
_IS: dict[str, LiteralString] = {
    "null": "NULL", "not_null": "NOT NULL", "true": "TRUE", "false": "FALSE", "unknown": "UNKNOWN",
}  # fmt: skip
_CASTS: dict[str, LiteralString] = {
    name: name
    for name in ("text", "integer", "int", "bigint", "numeric", "float8", "double precision", "boolean", "uuid", "date",
                 "timestamptz", "timestamp", "json", "jsonb")
}  # fmt: skip


class UnknownColumn(Exception):
    """The relation has no column of this name."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is read: a relation, or the rows of a function's answer under its name; with the values it needs itself."""

    name: str
    columns: tuple[str, ...]
    item: sql.Composable
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as a JSON list, how many they are, and how many there are in all when that was asked for."""

    text: str
    rows: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values."""

    text: sql.Composed
    values: list[object]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query that names only what is there: the rows to show, and all of them to count."""

    page: Statement
    all: Statement


def relation_source(schema: str, name: str, columns: tuple[str, ...]) -> Source:
    """Return a table or view as a source."""
    return Source(name, columns, sql.Identifier(schema, name))


def plan(source: Source, query: Query, limit: int, offset: int) -> Plan:
    """Return the SQL of a query. UnknownColumn, QueryTrouble."""
    values = [*source.values]
    shown = sql.SQL(", ").join(_shown(source, column) for column in query.columns or (Column(Path("*")),))
    where = _where(source, query.where, values)
    order = _order(source, query.order)
    body = sql.SQL("FROM {} {}").format(source.item, where)
    page = sql.SQL("SELECT {} {} {} LIMIT {} OFFSET {}").format(
        shown, body, order, sql.Literal(min(limit, MOST_ROWS)), sql.Literal(offset)
    )
    return Plan(
        Statement(_PAGE.format(page), values),
        Statement(sql.SQL("SELECT 1 AS one {}").format(body), values),
    )


async def read(connection: Connection, made: Plan, count: str | None) -> Page:
    """Run it. `count` is exact, planned, estimated or None."""
    row = await _one(connection, made.page)
    total = None
    if count == "exact":
        total = await _count(connection, made.all, None)
    elif count is not None:
        total = await _count(connection, made.all, _COUNTED_EXACTLY + 1)
        if total > _COUNTED_EXACTLY:
            total = max(total, await _planned(connection, made.all))
    return Page(row[0], row[1], total)


_PAGE = sql.SQL("SELECT coalesce(json_agg(row_to_json(page)), '[]')::text, count(*) FROM ({}) AS page")


async def _count(connection: Connection, rows: Statement, most: int | None) -> int:
    bound = sql.SQL("") if most is None else sql.SQL("LIMIT {}").format(sql.Literal(most))
    text = sql.SQL("SELECT count(*) FROM ({} {}) AS found").format(rows.text, bound)
    return int((await _one(connection, Statement(text, rows.values)))[0])


async def _planned(connection: Connection, rows: Statement) -> int:
    row = await _one(connection, Statement(sql.SQL("EXPLAIN (FORMAT JSON) {}").format(rows.text), rows.values))
    found = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return int(found[0]["Plan"]["Plan Rows"])


async def _one(connection: Connection, statement: Statement) -> tuple[Any, ...]:
    row = await (await connection.execute(statement.text, statement.values or None)).fetchone()
    assert row is not None  # noqa: S101 - an aggregate and EXPLAIN return a row
    return row


def _shown(source: Source, column: Column) -> sql.Composable:
    if column.path.column == "*":
        return sql.SQL("{}.*").format(sql.Identifier(source.name))
    found = _place(source, column.path)
    if column.cast is not None:
        cast = _CASTS.get(column.cast.strip())
        if cast is None:
            raise QueryTrouble("PGRST100", f"a cast to {column.cast[:40]} is not offered here")
        found = sql.SQL("CAST({} AS {})").format(found, sql.SQL(cast))
    return sql.SQL("{} AS {}").format(found, sql.Identifier(column.alias or _name(column.path)))


def _name(path: Path) -> str:
    return path.steps[-1][1] if path.steps else path.column


def _place(source: Source, path: Path) -> sql.Composable:
    if path.column not in source.columns:
        raise UnknownColumn(f"column {source.name}.{path.column} does not exist")
    found: sql.Composable = sql.Identifier(source.name, path.column)
    for as_text, key in path.steps:
        step = sql.Literal(int(key) if key.isdecimal() and len(key) < 9 else key)
        found = sql.SQL("({} ->> {})" if as_text else "({} -> {})").format(found, step)
    return found


def _where(source: Source, parts: Sequence[Filter | Group], values: list[object]) -> sql.Composable:
    if not parts:
        return sql.SQL("")
    return sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(_condition(source, part, values) for part in parts))


def _condition(source: Source, part: Filter | Group, values: list[object]) -> sql.Composable:
    if isinstance(part, Filter):
        found = _compared(source, part, values)
    else:
        joint = sql.SQL(" AND " if part.joined == "and" else " OR ")
        found = sql.SQL("({})").format(joint.join(_condition(source, one, values) for one in part.parts))
    return sql.SQL("NOT ({})").format(found) if part.negated else found


def _compared(source: Source, condition: Filter, values: list[object]) -> sql.Composable:
    place = _place(source, condition.path)
    if condition.operator == "is":
        return sql.SQL("{} IS {}").format(place, sql.SQL(_IS[str(condition.value)]))
    if isinstance(condition.value, tuple):
        if not condition.value:
            return sql.SQL("false")
        values += condition.value
        return sql.SQL("{} IN ({})").format(place, sql.SQL(", ").join([sql.Placeholder()] * len(condition.value)))
    like = condition.operator in ("like", "ilike")
    values.append(condition.value.replace("*", "%") if like else condition.value)
    return sql.SQL("{} {} {}").format(place, sql.SQL(_OPERATORS[condition.operator]), sql.Placeholder())


def _order(source: Source, order: Sequence[Order]) -> sql.Composable:
    if not order:
        return sql.SQL("")
    return sql.SQL("ORDER BY {}").format(sql.SQL(", ").join(_sorted(source, one) for one in order))


def _sorted(source: Source, one: Order) -> sql.Composable:
    nulls: LiteralString = {None: "", True: " NULLS FIRST", False: " NULLS LAST"}[one.nulls_first]
    return sql.SQL("{} {}{}").format(
        _place(source, one.path), sql.SQL("DESC" if one.descending else "ASC"), sql.SQL(nulls)
    )

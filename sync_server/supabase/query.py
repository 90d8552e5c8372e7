"""Read the query string of /rest/v1 into values: which columns, which rows, in which order, how many.

Rule: pure; no name is known here and no SQL is made. What is not understood, or not offered, is said, never left out.
Grammar: https://docs.postgrest.org/en/stable/references/api/tables_views.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST_COLUMNS = 100
MOST_FILTERS = 60
MOST_VALUES = 500
MOST_DEPTH = 5
COMPARISONS = frozenset({"eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "isdistinct", "cs", "cd", "ov"})
NOT_OFFERED = frozenset(
    {"match", "imatch", "fts", "plfts", "phfts", "wfts", "sl", "sr", "nxr", "nxl", "adj", "all", "any"}
)
_IS = frozenset({"null", "not_null", "true", "false", "unknown"})
_RESERVED = frozenset({"select", "order", "limit", "offset", "columns", "on_conflict", "apikey"})
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"({_NAME})((?:->>?[A-Za-z0-9_]+)*)")
_STEP = re.compile(r"(->>?)([A-Za-z0-9_]+)")
_COLUMN = re.compile(rf"(?:({_NAME}):)?({_NAME}(?:->>?[A-Za-z0-9_]+)*)(?:::([a-z0-9 ]+))?")
_AGGREGATE = re.compile(r"(?:^|[.:])(?:avg|count|max|min|sum)\(\)")
_EMBEDDED = re.compile(rf"(?:\.\.\.)?(?:{_NAME}:)?({_NAME})(?:![A-Za-z0-9_!]+)?\(")


class QueryTrouble(Exception):
    """A query that is not answered: a code of PostgREST, a sentence, and more about it."""

    def __init__(self, code: str, message: str, details: str | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.details = details


@dataclass(frozen=True, slots=True)
class Path:
    """A column, or what lies inside a JSON one: (as_text, key) for each step."""

    column: str
    steps: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """What to show. `alias` None: under its own name; `cast` None: as it is."""

    path: Path
    alias: str | None = None
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; `value` has many parts for `in` alone."""

    path: Path
    operator: str
    value: str | tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all or some must hold."""

    joined: Literal["and", "or"]
    parts: tuple["Filter | Group", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By what to sort; `nulls_first` None: as Postgres does."""

    path: Path
    descending: bool
    nulls_first: bool | None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. `columns` None: every one."""

    columns: tuple[Column, ...] | None
    where: tuple[Filter | Group, ...]
    order: tuple[Order, ...]
    limit: int | None
    offset: int


def parse(pairs: Sequence[tuple[str, str]]) -> Query:
    """Return what the decoded parameters of a query string ask for; QueryTrouble."""
    columns: tuple[Column, ...] | None = None
    where: list[Filter | Group] = []
    order: tuple[Order, ...] = ()
    limit, offset = None, 0
    for name, value in pairs:
        if name == "select":
            columns = _columns(value)
        elif name == "order":
            order = tuple(_order(part) for part in _split(value) if part)
        elif name == "limit":
            limit = _count(name, value)
        elif name == "offset":
            offset = _count(name, value)
        elif name not in _RESERVED:
            where.append(_condition(name, value))
    if sum(_weight(one) for one in where) > MOST_FILTERS:
        raise QueryTrouble("PGRST100", f"at most {MOST_FILTERS} filters are answered")
    return Query(columns, tuple(where), order, limit, offset)


def _columns(text: str) -> tuple[Column, ...] | None:
    found: list[Column] = []
    for part in _split(text):
        item = part.strip()
        if _AGGREGATE.search(item):
            raise QueryTrouble("PGRST123", "Use of aggregate functions is not allowed")
        if embedded := _EMBEDDED.match(item):
            raise QueryTrouble(
                "PGRST200",
                f"Could not find a relationship to '{embedded[1]}' in the schema cache",
                "Embedded resources are not offered here: ask for each table by itself",
            )
        if item == "*":
            found.append(Column(Path("*")))
        elif match := _COLUMN.fullmatch(item.replace('"', "")):
            found.append(Column(_path(match[2]), match[1], match[3]))
        elif item:
            raise _unread("select parameter", item)
    if len(found) > MOST_COLUMNS:
        raise QueryTrouble("PGRST100", f"at most {MOST_COLUMNS} columns are answered")
    return None if not found or found == [Column(Path("*"))] else tuple(found)


def _order(text: str) -> Order:
    words = text.strip().split(".")
    rest = words[1:]
    descending = "desc" in rest
    nulls_first = True if "nullsfirst" in rest else False if "nullslast" in rest else None
    if len(rest) > 2 or not set(rest) <= {"asc", "desc", "nullsfirst", "nullslast"}:
        raise _unread("order", text)
    return Order(_path(words[0].replace('"', "")), descending, nulls_first)


def _condition(name: str, value: str) -> Filter | Group:
    """Read a parameter: `and=(…)`, `not.or=(…)`, or `column=operator.value`."""
    negated, joined = name.startswith("not."), name.removeprefix("not.")
    if joined in ("and", "or"):
        if not (value.startswith("(") and value.endswith(")")):
            raise _unread("logic tree", value)
        return _group(joined, value, negated=negated, depth=1)
    if "." in name:
        raise QueryTrouble("PGRST108", f"'{name.partition('.')[0][:60]}' is not an embedded resource in this request")
    return _filter(_path(name), value, inside=False)


def _group(joined: str, text: str, *, negated: bool, depth: int) -> Group:
    if depth > MOST_DEPTH:
        raise QueryTrouble("PGRST100", f"logic is answered to a depth of {MOST_DEPTH}")
    parts: list[Filter | Group] = []
    for raw in _split(text[1:-1]):
        part = raw.strip()
        inner = re.fullmatch(r"(not\.)?(and|or)(\(.*\))", part, re.DOTALL)
        if inner:
            parts.append(_group(inner[2], inner[3], negated=bool(inner[1]), depth=depth + 1))
            continue
        name, point, condition = part.partition(".")
        if not point:
            raise _unread("logic tree", part)
        parts.append(_filter(_path(name.replace('"', "")), condition, inside=True))
    return Group("or" if joined == "or" else "and", tuple(parts), negated)


def _filter(path: Path, text: str, *, inside: bool) -> Filter:
    """Read `not.eq.value`; inside a logic tree a value may stand in quotation marks."""
    negated = text.startswith("not.")
    operator, point, value = text.removeprefix("not.").partition(".")
    word = operator.partition("(")[0]
    if word in NOT_OFFERED or word != operator:
        raise QueryTrouble("PGRST100", f'"failed to parse filter ({text[:80]})"', f"{word} is not offered here")
    if point and operator == "in" and value.startswith("(") and value.endswith(")"):
        values = tuple(_unquoted(one) for one in _split(value[1:-1])) if value != "()" else ()
        if len(values) > MOST_VALUES:
            raise QueryTrouble("PGRST100", f"at most {MOST_VALUES} values are compared with")
        return Filter(path, operator, values, negated)
    if point and operator == "is" and value.lower() in _IS:
        return Filter(path, operator, value.lower(), negated)
    if not point or operator not in COMPARISONS:
        raise _unread("filter", text)
    return Filter(path, operator, _unquoted(value) if inside else value, negated)


def _path(text: str) -> Path:
    match = _PATH.fullmatch(text.strip())
    if match is None:
        raise _unread("column", text)
    return Path(match[1], tuple((arrow == "->>", key) for arrow, key in _STEP.findall(match[2])))


def _split(text: str) -> list[str]:
    """Split at commas that stand outside of brackets and quotation marks."""
    parts, depth, quoted, start, skip = [], 0, False, 0, False
    for at, sign in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip, quoted = sign == "\\", sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "({":
            depth += 1
        elif sign in ")}":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if quoted or depth:
        raise _unread("list", text)
    return [*parts, text[start:]]


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _count(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", value):
        if re.fullmatch(r"-[0-9]{1,15}", value):
            raise QueryTrouble("PGRST103", "Requested range not satisfiable", f"{name} should be 0 or more")
        raise _unread(name, value)
    return int(value)


def _weight(part: Filter | Group) -> int:
    return 1 if isinstance(part, Filter) else sum(_weight(one) for one in part.parts) + 1


def _unread(what: str, text: str) -> QueryTrouble:
    return QueryTrouble("PGRST100", f'"failed to parse {what} ({text[:80]})" (line 1, column 1)')

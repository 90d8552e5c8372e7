"""The query string as values: columns, conditions, order, bounds; and what is refused."""

from __future__ import annotations

import contextlib
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.supabase.query import (
    MOST_COLUMNS,
    MOST_FILTERS,
    MOST_VALUES,
    Column,
    Filter,
    Group,
    Order,
    Path,
    Query,
    QueryTrouble,
    parse,
)


def read(text: str) -> Query:
    return parse(parse_qsl(text, keep_blank_values=True))


def where(text: str) -> Filter | Group:
    (found,) = read(text).where
    return found


ID = Path("id")


def test_nothing_asked_for() -> None:
    assert read("") == read("select=*") == Query(None, (), (), None, 0)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("id,balance", (Column(ID), Column(Path("balance")))),
        ("no:id::text", (Column(ID, "no", "text"),)),
        ("*,tag->>sku", (Column(Path("*")), Column(Path("tag", ((True, "sku"),))))),
        ("sku:tag->a->>0", (Column(Path("tag", ((False, "a"), (True, "0"))), "sku"),)),
        ('"id"', (Column(ID),)),
        (" id , balance ", (Column(ID), Column(Path("balance")))),
    ],
)
def test_columns(text: str, columns: tuple[Column, ...]) -> None:
    assert read(f"select={text}").columns == columns


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("id=eq.7", Filter(ID, "eq", "7")),
        ("id=not.eq.7", Filter(ID, "eq", "7", True)),
        ("id=eq.a.b,c(", Filter(ID, "eq", "a.b,c(")),
        ('id=eq."7"', Filter(ID, "eq", '"7"')),
        ("id=eq.", Filter(ID, "eq", "")),
        ("id=in.(1,2)", Filter(ID, "in", ("1", "2"))),
        ('id=in.("a,b","say \\"x\\"")', Filter(ID, "in", ("a,b", 'say "x"'))),
        ("id=in.()", Filter(ID, "in", ())),
        ("id=is.null", Filter(ID, "is", "null")),
        ("id=not.is.null", Filter(ID, "is", "null", True)),
        ("tag=cs.{\"sku\":\"x\"}", Filter(Path("tag"), "cs", '{"sku":"x"}')),
        ("name=ilike.*te*", Filter(Path("name"), "ilike", "*te*")),
        ("or=(id.eq.1,id.gt.5)", Group("or", (Filter(ID, "eq", "1"), Filter(ID, "gt", "5")))),
        ("not.and=(id.eq.1,id.not.in.(2,3))",
         Group("and", (Filter(ID, "eq", "1"), Filter(ID, "in", ("2", "3"), True)), True)),
        ('or=(id.eq."a,b",not.and(id.lt.1,id.is.null))',
         Group("or", (Filter(ID, "eq", "a,b"), Group("and", (Filter(ID, "lt", "1"), Filter(ID, "is", "null")), True)))),
    ],
)  # fmt: skip
def test_conditions(text: str, found: Filter | Group) -> None:
    assert where(text) == found


def test_order_and_bounds() -> None:
    found = read("order=a.desc.nullslast,b,c.nullsfirst&limit=5&offset=10")
    assert found.order == (
        Order(Path("a"), True, False), Order(Path("b"), False, None), Order(Path("c"), False, True),
    )  # fmt: skip
    assert (found.limit, found.offset) == (5, 10)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select=id,merchants(name)", "PGRST200"),
        ("select=...merchants(name)", "PGRST200"),
        ("select=m:merchants!inner(name)", "PGRST200"),
        ("select=amount.sum()", "PGRST123"),
        ("select=count()", "PGRST123"),
        ("select=id;drop", "PGRST100"),
        ("select=id::text::int", "PGRST100"),
        ("merchants.name=eq.x", "PGRST108"),
        ("id=7", "PGRST100"),
        ("id=near.7", "PGRST100"),
        ("id=is.maybe", "PGRST100"),
        ("id=in.1,2", "PGRST100"),
        ("id=fts.tea", "PGRST100"),
        ("id=match.^a", "PGRST100"),
        ("id=eq(any).{1,2}", "PGRST100"),
        ("i d=eq.1", "PGRST100"),
        ("or=id.eq.1", "PGRST100"),
        ("or=(id)", "PGRST100"),
        ("or=(id.eq.1", "PGRST100"),
        ("order=id.up", "PGRST100"),
        ("limit=many", "PGRST100"),
        ("limit=-1", "PGRST103"),
        ("and=(" * 1 + "and(" * 6 + "id.eq.1" + ")" * 7, "PGRST100"),
        ("&".join(["id=eq.1"] * (MOST_FILTERS + 1)), "PGRST100"),
        ("select=" + ",".join(["id"] * (MOST_COLUMNS + 1)), "PGRST100"),
        ("id=in.(" + ",".join("1" * (MOST_VALUES + 1)) + ")", "PGRST100"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(QueryTrouble) as trouble:
        read(text)
    assert trouble.value.code == code
    assert len(trouble.value.message) < 200


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["select", "order", "limit", "offset", "and", "or", "not.or", "id", "id->a", "a.b"]),
            st.text("abc.,()\"'\\{}:->*!;0 not.eqinsul", max_size=40),
        ),
        max_size=4,
    )
)
def test_any_text_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(QueryTrouble):
        found = parse(pairs)
        names = [one.path.column for one in found.columns or ()] + [one.path.column for one in found.order]
        assert all(name == "*" or name.isidentifier() for name in names)

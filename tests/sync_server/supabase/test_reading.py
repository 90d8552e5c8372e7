"""/rest/v1/<table>: columns, conditions, order, pages, counts, forms; and that nothing but reading is possible."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import pytest

from sync_server.supabase.catalogue import EXPOSED
from tests.sync_server.ledger.cards import Desk
from tests.sync_server.supabase.conftest import LUCY, Clients
from tests.sync_server.till import as_owner


@pytest.fixture(scope="module")
def token(clients: Clients) -> str:
    """Lucy, who has topped up seven times more: 1.00 to 7.00."""
    with as_owner(clients.database) as owner:
        for number in range(1, 8):
            Desk(owner).top_up(100 * number, member_id=LUCY)
    return str(clients.sign_in(LUCY)["access_token"])


@pytest.fixture
def http(clients: Clients, token: str) -> Any:
    with clients.http(token) as client:
        yield client


def said(answer: httpx.Response) -> tuple[int, str]:
    found = answer.json()
    assert set(found) == {"code", "details", "hint", "message"}
    return answer.status_code, found["code"]


def amounts(http: httpx.Client, query: str) -> list[int]:
    answer = http.get(f"/rest/v1/transactions?select=amount_minor&order=amount_minor&{query}")
    assert answer.status_code == 200, answer.text
    return [row["amount_minor"] for row in answer.json()]


ALL = [100, 200, 300, 400, 500, 600, 700, 10000]


@pytest.mark.req("R055", "R057")
def test_conditions(http: httpx.Client) -> None:
    for query, found in {
        "": ALL,
        "amount_minor=eq.300": [300],
        "amount_minor=neq.300": [one for one in ALL if one != 300],
        "amount_minor=gt.600": [700, 10000],
        "amount_minor=gte.600&amount_minor=lt.700": [600],
        "amount_minor=lte.200": [100, 200],
        "amount_minor=in.(100,700,8)": [100, 700],
        "amount_minor=in.()": [],
        "amount_minor=not.in.(100,200,300,400,500)": [600, 700, 10000],
        "or=(amount_minor.eq.100,and(amount_minor.gt.100,amount_minor.lt.300))": [100, 200],
        "not.or=(amount_minor.lt.700,amount_minor.gt.700)": [700],
        "currency=eq.CNY": ALL,
        "currency=like.C*": ALL,
        "currency=like.c*": [],
        "currency=ilike.c%25": ALL,
        "currency=is.null": [],
        "currency=not.is.null": ALL,
        "currency=isdistinct.EUR": ALL,
        "tag=cs.{}": [10000],
        'tag=cs.{"sku":"x"}': [],
        'tag=cd.{"sku":"x"}': [10000],
        "tag->>sku=eq.x": [],
        "tag->sku=is.null": ALL,
        f"card_id=eq.{'0' * 8}-0000-0000-0000-{'0' * 12}": [],
        "currency=eq.CNY' OR true --": [],
    }.items():
        assert amounts(http, query) == found, query


def test_columns_and_forms(clients: Clients, http: httpx.Client) -> None:
    (row,) = http.get("/rest/v1/personal_cards?select=no:card_no,balance::text,balance").json()
    assert row == {"no": "P880010", "balance": 128.00} | {"balance": row["balance"]}
    text = http.get("/rest/v1/personal_cards?select=money:balance::text,*").json()
    assert (text[0]["money"], text[0]["qr_code_hash"], text[0]["id"]) == ("128.00", None, clients.cards[LUCY])
    single = {"Accept": "application/vnd.pgrst.object+json"}
    one = http.get("/rest/v1/personal_cards?select=id", headers=single)
    assert one.json() == {"id": clients.cards[LUCY]}
    assert one.headers["content-type"] == "application/vnd.pgrst.object+json; charset=utf-8"
    for query, rows in (("amount_minor=gt.500", 3), ("amount_minor=eq.1", 0)):
        refused = http.get(f"/rest/v1/transactions?{query}", headers=single)
        assert said(refused) == (406, "PGRST116")
        assert refused.json()["details"] == f"The result contains {rows} rows"
        assert refused.json()["message"] == "Cannot coerce the result to a single JSON object"
    assert said(http.get("/rest/v1/personal_cards", headers={"Accept": "text/csv"})) == (406, "PGRST107")
    assert http.get("/rest/v1/personal_cards", headers={"Accept-Profile": "app"}).status_code == 200
    assert said(http.get("/rest/v1/personal_cards", headers={"Accept-Profile": "sec"})) == (406, "PGRST106")


def test_pages_and_counts(http: httpx.Client) -> None:
    path = "/rest/v1/transactions?select=amount_minor&order=amount_minor.desc"

    def page(query: str = "", **headers: str) -> tuple[int, int, str]:
        answer = http.get(path + query, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status_code, len(answer.json()), answer.headers["content-range"]

    assert page() == (200, 8, "0-7/*")
    assert page("&limit=3") == (200, 3, "0-2/*")
    assert page("&limit=3&offset=6") == (200, 2, "6-7/*")
    assert page("&limit=0") == (200, 0, "*/*")
    assert page(Range="2-3") == (200, 2, "2-3/*")
    assert page(Range="6-") == (200, 2, "6-7/*")
    for count in ("exact", "planned", "estimated"):
        assert page("&limit=3", Prefer=f"count={count}") == (206, 3, "0-2/8")
    assert page(Prefer="count=exact") == (200, 8, "0-7/8")
    assert page("&amount_minor=eq.1", Prefer="count=exact") == (200, 0, "*/0")
    assert page("&offset=9") == (200, 0, "*/*")
    beyond = http.get(path + "&offset=9", headers={"Prefer": "count=exact"})
    assert (said(beyond), beyond.headers["content-range"]) == ((416, "PGRST103"), "*/8")
    assert beyond.json()["details"] == "An offset of 9 was requested, but there are only 8 rows."
    assert said(http.get(path, headers={"Range": "5-2"})) == (416, "PGRST103")
    head = http.head(path, headers={"Prefer": "count=exact"})
    assert (head.status_code, head.content, head.headers["content-range"]) == (200, b"", "0-7/8")
    assert head.headers["preference-applied"] == "count=exact"
    firsts = [row["amount_minor"] for row in http.get(path + "&limit=2").json()]
    assert firsts == [10000, 700]


def test_many_rows(clients: Clients) -> None:
    with as_owner(clients.database) as owner:
        owner.execute(
            "INSERT INTO app.merchant_users SELECT merchant_id, gen_random_uuid(), 'cashier'"
            " FROM app.merchants, generate_series(1, 10500) WHERE code = 'TEST'"
        )
        owner.execute("ANALYZE app.merchant_users")
    with clients.http(clients.key("service_role")) as client:

        def counted(how: str) -> int:
            path = "/rest/v1/merchant_users?select=role&limit=5000&role=eq.cashier"
            answer = client.get(path, headers={"Prefer": f"count={how}"})
            assert (answer.status_code, len(answer.json())) == (206, 1000)
            return int(answer.headers["content-range"].removeprefix("0-999/"))

        assert counted("exact") == 10501
        assert 10001 <= counted("planned") <= 12000
    with as_owner(clients.database) as owner:
        owner.execute("DELETE FROM app.merchant_users WHERE user_id NOT IN (SELECT member_id FROM app.members)")


_COLUMNS = (
    "card_id",
    "amount_minor",
    "created_at",
    "tag",
    "tag->>sku",
    "tag->a->0",
    "tx_no",
    "status",
    "currency",
    "no",
)
_VALUES = (
    "1",
    "null",
    "x",
    "{}",
    '{"sku": 1}',
    "2026-01-01",
    "infinity",
    "%",
    "*",
    "",
    "\\",
    "'",
    "(1,2)",
    "99999999999999",
)
_OPERATORS = ("eq", "neq", "gt", "like", "ilike", "in", "is", "cs", "cd", "ov", "isdistinct")


def test_no_query_breaks_anything(http: httpx.Client) -> None:
    """Every operator with every kind of column and value, by luck from a seed: an answer, or a no with its code."""
    luck = Random(7)
    seen: set[int] = set()
    for _ in range(300):
        one = f"{luck.choice(_OPERATORS)}.{luck.choice(_VALUES)}"
        column, other = luck.choice(_COLUMNS), luck.choice(_COLUMNS)
        pairs = {
            "select": luck.choice(("*", column, f"a:{column}::{luck.choice(('text', 'uuid', 'jsonb', 'date'))}")),
            "order": f"{other}{luck.choice(('', '.desc', '.asc.nullsfirst'))}",
            column: luck.choice(("", "not.")) + one,
            luck.choice(("or", "and", "not.or")): f"({other}.{one},{column}.is.null)",
        }
        answer = http.get("/rest/v1/transactions", params=pairs)
        assert answer.status_code in (200, 400, 404), (pairs, answer.text)
        seen.add(answer.status_code)
    assert seen >= {200, 400}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("personal_cards?foo=eq.1", 400, "42703"),
        ("personal_cards?select=foo", 400, "42703"),
        ("personal_cards?order=foo", 400, "42703"),
        ("personal_cards?select=ctid", 400, "42703"),
        ("personal_cards?id=eq.7", 400, "22P02"),
        ("personal_cards?balance=eq.much", 400, "22P02"),
        ("personal_cards?balance=like.7", 404, "42883"),
        ("personal_cards?select=id::regclass", 400, "PGRST100"),
        ("personal_cards?select=merchants(name)", 400, "PGRST200"),
        ("personal_cards?id=eq.%ff", 400, "PGRST100"),
        ("", 404, "PGRST205"),
        ("cards", 404, "PGRST205"),
        ("members", 404, "PGRST205"),
        ("accounts", 404, "PGRST205"),
        ("transactions_default", 404, "PGRST205"),
        ("sec.card_codes", 404, "PGRST205"),
        ("app.members", 404, "PGRST205"),
        ("pg_class", 404, "PGRST205"),
        ("personal_cards/1", 404, "PGRST205"),
    ],
)
def test_what_is_refused(http: httpx.Client, path: str, status: int, code: str) -> None:
    assert said(http.get(f"/rest/v1/{path}")) == (status, code)


def test_words_of_a_refusal(http: httpx.Client) -> None:
    assert http.get("/rest/v1/personal_card").json() == {
        "code": "PGRST205", "details": None, "hint": "Perhaps you meant the table 'public.personal_cards'",
        "message": "Could not find the table 'public.personal_card' in the schema cache",
    }  # fmt: skip
    assert http.get("/rest/v1/personal_cards?foo=eq.1").json()["message"] == "column personal_cards.foo does not exist"


@pytest.mark.req("R058", "R079")
@pytest.mark.parametrize("table", EXPOSED)
def test_no_table_is_written(clients: Clients, http: httpx.Client, table: str) -> None:
    with clients.http() as nobody, clients.http(clients.key("service_role")) as operator:
        for client, status in ((http, 403), (nobody, 401), (operator, 403)):
            for method in ("POST", "PATCH", "PUT", "DELETE"):
                refused = client.request(method, f"/rest/v1/{table}?card_no=eq.1", json={"balance": 1000000})
                assert said(refused) == (status, "42501")
                said_of = (f"permission denied for {kind} {table}" for kind in ("table", "view"))
                assert refused.json()["message"] in said_of


def test_browsers_of_any_site_may_ask(clients: Clients, http: httpx.Client) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "apikey,authorization,content-type,prefer,x-client-info"}  # fmt: skip
    for path in ("/rest/v1/rpc/rotate_card_qr", "/rest/v1/merchants", "/auth/v1/token?grant_type=password"):
        answer = httpx.options(clients.url + path, headers=asked)
        assert answer.status_code in (200, 204)
        assert answer.headers["access-control-allow-origin"] == "*"
        allowed = {one.strip() for one in answer.headers["access-control-allow-headers"].split(",")}
        assert set(asked["Access-Control-Request-Headers"].split(",")) <= allowed
        assert "POST" in answer.headers["access-control-allow-methods"]
    for answer in (http.get("/rest/v1/merchants"), http.get("/rest/v1/nothing"), http.get("/auth/v1/nothing")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "content-range" in answer.headers["access-control-expose-headers"].lower()


def test_too_long_a_query(http: httpx.Client) -> None:
    assert http.get("/rest/v1/merchants?name=eq." + "x" * 9000).status_code == 414
    assert http.get("/rest/v1/merchants?name=eq.%00").status_code == 414

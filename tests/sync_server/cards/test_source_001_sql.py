"""Source 001 §6 in SQL as it is written there, on a server that offers pgcrypto; and what works without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest

from models.tokens import ALPHABET, check_character, decode_short, make_card_ref
from sync_server.database.migrate import migrate, secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.supabase.calling import FUNCTIONS
from tests.sync_server.cards.people import Owner
from tests.sync_server.conftest import Server, embedded_server, name_of
from tests.sync_server.supabase.signatures import as_listed
from tests.sync_server.till import as_owner

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
PGCRYPTO = Path("/usr/share/postgresql/15/extension/pgcrypto.control")
USER = "0e000000-0000-7000-8000-000000000077"
App = psycopg.Connection[tuple[Any, ...]]

MERCHANT: LiteralString = """
insert into app.merchants(name, code) values ('Test Merchant','M001')
on conflict (code) do update set name=excluded.name;
"""
WORKER: LiteralString = """
insert into app.merchant_users(merchant_id, user_id, role)
select id, auth.uid(), 'cashier' from app.merchants where code='M001'
on conflict do nothing;
"""
PROFILE: LiteralString = """
insert into app.member_profiles(id, name) values (auth.uid(), 'Demo User')
on conflict (id) do nothing;
"""


@pytest.fixture(scope="module")
def crypto_template(reachable_folder: Path) -> Iterator[tuple[Server, str]]:
    """A migrated database on a server with pgcrypto."""
    if not DEBIAN_15.exists() or not PGCRYPTO.exists():
        pytest.skip("no PostgreSQL with pgcrypto is installed")
    for _, server in embedded_server(reachable_folder / "crypto", DEBIAN_15):
        urls = server.create()
        migrate(urls)
        yield server, name_of(urls)


@pytest.fixture
def crypto(crypto_template: tuple[Server, str]) -> Iterator[DatabaseUrls]:
    """A database of the test's own."""
    server, template = crypto_template
    urls = server.create(template)
    secure_database(urls)
    yield urls
    server.drop(urls)


class Session:
    """The program's login in psql's place: claims for the session, and what it was warned of."""

    def __init__(self, urls: DatabaseUrls, role: str, user: str = USER) -> None:
        self.connection: App = psycopg.connect(urls.app, autocommit=True)
        self.warnings: list[str] = []
        self.connection.add_notice_handler(lambda notice: self.warnings.append(str(notice.message_primary)))
        self.be(role, user)

    def be(self, role: str, user: str = USER) -> None:
        self.connection.execute(
            "SELECT set_config('tillkeeper.role', %s, false), set_config('tillkeeper.principal_id', %s, false)",
            [role, user],
        )

    def run(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    def warned(self) -> list[str]:
        found, self.warnings[:] = list(self.warnings), []
        return found


@pytest.fixture
def session(crypto: DatabaseUrls) -> Iterator[Session]:
    """A session of the operator, who is also a cashier and a member here, as the source's tester is."""
    one = Session(crypto, "platform")
    with one.connection:
        yield one


def confirm(session: Session, tx_no: str) -> None:
    session.be("platform")
    session.run("SELECT app.confirm_top_up(1::smallint, %s, sha256(''), %s, %s)", tx_no, tx_no, tx_no)


@pytest.mark.req("R043", "R044", "R047", "R068", "R073", "R074", "R063", "R059", "R042")
def test_the_minimal_flow_runs_as_written(session: Session, crypto: DatabaseUrls) -> None:
    with as_owner(crypto) as owner:
        found = owner.execute("""
            select schema_name from information_schema.schemata where schema_name in ('app','audit','sec') order by 1
            """).fetchall()
    assert found == [("app",), ("audit",), ("sec",)]
    for _ in range(2):
        session.run(MERCHANT)
        session.run(WORKER)
        session.run(PROFILE)
    assert session.run("select count(*) from app.merchant_users") == [(1,)]
    session.warned()
    session.be("member")
    ((card, member, balance, points, level, discount),) = session.run(
        "select id, member_id, balance, points, level, discount from app.personal_cards where member_id=auth.uid()"
    )
    assert (str(member), balance, points, level, discount) == (USER, 0, 0, 0, Decimal("1.000"))
    ((qr, expires),) = session.run("select * from app.rotate_card_qr(%s,'personal')", card)
    assert decode_short(qr).card_ref == session.run("select card_ref from app.cards")[0][0]
    assert expires > session.run("select now() + interval '14 minutes'")[0][0]
    charge: LiteralString = """select * from app.merchant_charge_by_qr('M001',%s, 25.50,'coffee','{"sku":"latte"}')"""
    assert session.run(charge, qr) == []  # as written there: nothing is on the card yet
    assert session.warned() == ["card_currency_unset"]
    ((tx_id, tx_no, found, amount),) = session.run("select * from app.user_recharge_personal_card(%s, 100)", card)
    assert (tx_no[:2], found, amount) == ("CZ", card, 100)
    confirm(session, tx_no)
    session.be("member")
    ((tx_id, tx_no, kind, found, final, discount),) = session.run(charge, qr)
    assert re.fullmatch(r"ZF[0-9]+", tx_no)
    assert (kind, found, final, discount) == ("personal", card, Decimal("25.50"), Decimal("1.000"))
    assert session.run("select tx_id, reason, tag from app.transactions where tx_no = %s", tx_no) == [
        (tx_id, "coffee", {"sku": "latte"})
    ]
    assert session.run("select delta, balance_after from app.point_ledger") == [(25, 25)]
    ((_, refund_no, refunded),) = session.run(
        "select * from app.merchant_refund_tx('M001', %s, 10.00, 'customer_request')", tx_no
    )
    assert (refund_no[:2], refunded) == ("TK", Decimal("10.00"))
    assert session.run("select balance, points from app.personal_cards") == [(Decimal("84.50"), 16)]
    assert session.warned() == []


@pytest.mark.req("R033", "R036", "R037")
def test_a_refusal_in_sql_is_a_warning_that_commits(session: Session) -> None:
    for statement in (MERCHANT, WORKER, PROFILE):
        session.run(statement)
    assert session.warned() == ["name_not_kept"]  # names are sealed, and only the program can do that
    assert session.run("select name, member_no from app.member_profiles") == [(b"", "S000000000077")]
    ((card,),) = session.run("select id from app.personal_cards")
    confirm(session, session.run("select tx_no from app.user_recharge_personal_card(%s, 100)", card)[0][0])
    ((qr, _),) = session.run("select * from app.rotate_card_qr(%s,'personal')", card)
    charge: LiteralString = "select tx_no from app.merchant_charge_by_qr(%s, %s, %s, null, '{}', %s, %s)"
    wrong = qr[:-1] + ("A" if qr[-1] != "A" else "B")
    for merchant, text, price, order, code in [
        ("NONE", qr, "1", None, "permission_missing"),
        ("M001", "hello", "1", None, "code_foreign"),
        ("M001", qr[:1] + "9999999" + "0" + qr[9:], "1", None, "code_edited"),
        ("M001", "1" + make_card_ref(b"nobody's") + qr[9:], "1", None, "card_unknown"),
        ("M001", None, "1", None, "code_foreign"),
        ("M001", qr, "NaN", None, "amount_invalid"),
        ("M001", qr, "-1", None, "amount_invalid"),
        ("M001", qr, "0.005", None, "amount_invalid"),
        ("M001", qr, None, None, "amount_invalid"),
        ("M001", qr, "1", "x" * 101, "request_malformed"),
        ("M001", qr, "100.01", None, "balance_insufficient"),
    ]:
        for _ in range(2):
            assert session.run(charge, merchant, text, price, None, order) == []
            assert session.warned() == [code]
    for _ in range(3):
        assert session.run(charge, "M001", wrong, "1", "k", None) == []
        assert session.warned() == ["code_wrong"]
    paid = session.run(charge, "M001", qr, "1", "k2", "o-1")
    assert paid == session.run(charge, "M001", qr, "1", "k2", "o-1")
    assert session.run(charge, "M001", qr, "1", None, None) == []
    assert session.run(charge, "M001", qr, "2", "k2", "o-1") == []
    assert session.warned() == ["code_used", "content_differs"]
    ((qr, _),) = session.run("select * from app.rotate_card_qr(%s,'personal')", card)
    assert session.run(charge, "M001", qr, "1", None, "o-1") == []
    assert session.warned() == ["external_order_used"]
    wrong = qr[:-1] + ("A" if qr[-1] != "A" else "B")
    for _ in range(5):
        session.run(charge, "M001", wrong, "1", None, None)
    assert session.warned() == ["code_wrong"] * 5
    assert session.run(charge, "M001", qr, "1", None, None) == []
    assert session.warned() == ["code_locked"]
    ((kept,),) = session.run("select count(*) from app.idempotency_registry where outcome->>'outcome' = 'refused'")
    assert kept == 2 * 9 + 1 + 1 + 1 + 5 + 1  # all but those without rights or sense, whose key counts for nothing


@pytest.mark.req("R059", "R060", "R061", "R062")
def test_enterprise_cards_in_sql(session: Session, crypto: DatabaseUrls) -> None:
    session.run(PROFILE)
    other = str(uuid4())
    session.run("insert into app.member_profiles(id, member_no, name) values (%s, 'M2', '')", other)
    with as_owner(crypto) as owner:
        (hashed,) = owner.execute("select sec.bcrypt('correct horse', 4)").fetchone() or ("",)
    session.run("select app.create_enterprise_card(1::smallint, 'E1', %s, 'ACME', 0.9, 'CNY', null, %s)",
                make_card_ref(uuid4().bytes), hashed)  # fmt: skip
    session.warned()
    me = "S000000000077"
    assert session.run("select app.enterprise_set_initial_admin('E1', %s)", me) == [(True,)]
    assert session.run("select app.enterprise_set_initial_admin('E1', 'M2')") == [(False,)]
    session.be("member")
    assert session.run("select app.enterprise_add_member('E1', 'M2', 'wrong horse')") == [(False,)]
    assert session.run("select app.enterprise_add_member('E1', 'M2', 'correct horse')") == [(True,)]
    assert session.warned() == ["already_member", "card_password_wrong"]
    ((card,),) = session.run("select id from app.enterprise_cards")
    assert len(session.run("select * from app.rotate_card_qr(%s, 'enterprise')", card)) == 1
    session.be("member", other)
    assert session.run("select company_name, password_hash from app.enterprise_cards") == [("ACME", None)]
    assert session.run("select * from app.rotate_card_qr(%s, 'enterprise')", card) == []
    assert session.run("select * from app.user_recharge_enterprise_card_admin(%s, 5)", card) == []
    assert session.run("select app.enterprise_remove_member('E1', %s)", me) == [(False,)]
    assert session.warned() == ["not_admin"] * 3
    assert session.run("select app.enterprise_remove_member('E1', 'M2')") == [(True,)]
    assert session.run("select * from app.enterprise_cards") == []


def test_a_code_of_the_program_pays_in_sql_and_the_other_way_round(crypto: DatabaseUrls) -> None:
    """bcrypt of two makers: "2b" of the program's, "2a" of pgcrypto's."""
    import bcrypt  # noqa: PLC0415

    with as_owner(crypto) as owner:
        made = bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()
        assert made.startswith("$2b$")
        fits: LiteralString = "select sec.bcrypt_fits('secret', %s), sec.bcrypt_fits('Secret', %s)"
        assert owner.execute(fits, [made, made]).fetchone() == (True, False)
        (theirs,) = owner.execute("select sec.bcrypt('secret', 4)").fetchone() or ("",)
        assert bcrypt.checkpw(b"secret", theirs.encode())


@pytest.mark.req("R079")
def test_nobody_reaches_past_the_functions(session: Session) -> None:
    for statement in ("select sec.bcrypt('x', 4)", "select sec.crypt('x', 'y')", "select * from sec.card_codes",
                      "select app.compare_code('x')", "update app.cards set status = 'active'",
                      "update app.personal_cards set status = 'active'"):  # fmt: skip
        with pytest.raises(psycopg.errors.Error) as refused:
            session.connection.execute(statement.encode())
        assert refused.value.sqlstate in ("42501", "55000"), statement


def test_the_alphabet_is_the_programs(owner: Owner) -> None:
    """SQL makes card references too: the same signs, the same check character."""
    made = [make_card_ref(uuid4().bytes)[:7] for _ in range(300)] + [one * 7 for one in ALPHABET]
    for text in made:
        assert owner.execute("SELECT app.check_character(%s)", [text]).fetchone() == (check_character(text),)
    found = owner.execute("SELECT app.code_characters(decode(repeat('0026', 3) || '0027', 'hex'), 4)").fetchone()
    assert found == ("%%%0",)


def test_without_pgcrypto_the_rest_is_there(owner: Owner) -> None:
    offered = owner.execute("SELECT FROM pg_available_extensions WHERE name = 'pgcrypto'").fetchall()
    found = owner.execute("""
        SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'app'::regnamespace AND p.proname = ANY (ARRAY[
               'rotate_card_qr', 'merchant_charge_by_qr', 'merchant_refund_tx', 'user_recharge_personal_card',
               'user_recharge_enterprise_card_admin', 'enterprise_set_initial_admin', 'enterprise_add_member',
               'enterprise_remove_member', 'cron_expire_cards'])""").fetchall()
    assert len(found) == (9 if offered else 6)


@pytest.mark.req("R059", "R063", "R075")
def test_clients_are_offered_the_same_functions(crypto: DatabaseUrls) -> None:
    with as_owner(crypto) as owner:
        assert as_listed(owner) == set(FUNCTIONS)

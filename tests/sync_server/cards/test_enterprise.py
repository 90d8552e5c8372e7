"""Enterprise cards: made by the operator, managed by admins who know the password, never without an admin."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import bcrypt
import pytest

from models.refusals import Refusal
from sync_server.cards import calls, enterprise
from sync_server.database.engine import Claims, Pool
from tests.sync_server.cards.people import ME, NOT_MEMBERS, OPERATOR, OTHER, PLATFORM, STAFF, Owner, enterprise_card
from tests.sync_server.till import MEMBER, OTHER_MEMBER, rows

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse"
TERMS: dict[str, Any] = {"company_name": "松果公司", "fixed_discount": Decimal("0.880"), "currency": "CNY"}
ADMIN_NO, MEMBER_NO = "M0", "M1"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enterprise, "_COST", 4)


@pytest.fixture
async def card_no(shop: Pool) -> str:
    """An enterprise card with the first member as its admin."""
    await enterprise.create_enterprise_card(shop, PLATFORM, "E100", password=PASSWORD, **TERMS)
    assert await calls.enterprise_set_initial_admin(shop, PLATFORM, "E100", ADMIN_NO)
    return "E100"


async def add(pool: Pool, card_no: str, claims: Claims = ME, password: str = PASSWORD, who: str = MEMBER_NO) -> bool:
    return await calls.enterprise_add_member(pool, claims, card_no, who, password)


async def bound(pool: Pool) -> list[tuple[Any, ...]]:
    return await rows(pool, "SELECT member_id::text, role FROM app.enterprise_card_bindings ORDER BY 1")


async def refused_twice(code: str, act: Any) -> None:
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            await act()
        assert refused.value.code == code


async def audited(pool: Pool) -> list[tuple[Any, ...]]:
    return await rows(
        pool,
        "SELECT event, coalesce(data ->> 'code', '') FROM audit.event_log"
        " WHERE event LIKE '%%enterprise%%' OR event LIKE '%%card_%%' ORDER BY recorded_at, event",
    )


@pytest.mark.req("R030", "R031", "R039", "R046", "R060", "R061", "R062")
async def test_from_the_first_admin_to_the_last_member(shop: Pool, card_no: str) -> None:
    assert await add(shop, card_no)
    assert await bound(shop) == [(MEMBER, "admin"), (OTHER_MEMBER, "member")]
    assert await calls.enterprise_remove_member(shop, OTHER, card_no, MEMBER_NO)  # oneself
    assert await add(shop, card_no)
    assert await calls.enterprise_remove_member(shop, ME, card_no, MEMBER_NO)  # by the admin
    assert await bound(shop) == [(MEMBER, "admin")]
    assert [event for event, _ in await audited(shop)] == [
        "enterprise_card_created", "enterprise_admin_set", "enterprise_member_added", "enterprise_member_removed",
        "enterprise_member_added", "enterprise_member_removed",
    ]  # fmt: skip


@pytest.mark.req("R045")
async def test_the_operator_makes_a_card_once(shop: Pool, owner: Owner) -> None:
    first = await enterprise.create_enterprise_card(shop, PLATFORM, "E200", password=PASSWORD, **TERMS)
    again = await enterprise.create_enterprise_card(shop, PLATFORM, "E200", password=PASSWORD, **TERMS)
    assert first == again
    assert set(first) == {"card_id", "card_no"}
    other = TERMS | {"fixed_discount": Decimal("0.9")}
    await refused_twice(
        "content_differs", lambda: enterprise.create_enterprise_card(shop, PLATFORM, "E200", password=PASSWORD, **other)
    )
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("amount_invalid", {"fixed_discount": Decimal("0.8801")}), ("amount_invalid", {"fixed_discount": Decimal(0)}),
        ("amount_invalid", {"fixed_discount": Decimal("1.1")}), ("amount_invalid", {"fixed_discount": Decimal("NaN")}),
        ("currency_mismatch", {"currency": "USD"}), ("request_malformed", {"company_name": "  "}),
        ("request_malformed", {"company_name": "x" * 201}), ("request_malformed", {"card_no": "P100001"}),
        ("request_malformed", {"card_no": ""}), ("request_malformed", {"card_no": "E" * 41}),
        ("request_malformed", {"password": "short"}), ("request_malformed", {"password": "长" * 25}),
    ]  # fmt: skip
    for code, change in wrong:
        asked = {"card_no": "E300", "password": PASSWORD} | TERMS | change
        await refused_twice(code, lambda asked=asked: enterprise.create_enterprise_card(shop, PLATFORM, **asked))
    assert await rows(shop, "SELECT card_no FROM app.cards WHERE card_type = 'enterprise'") == [("E200",)]
    ((stored,),) = owner.execute("SELECT password_hash FROM sec.card_passwords").fetchall()
    assert bcrypt.checkpw(PASSWORD.encode(), stored.encode())


@pytest.mark.parametrize("claims", [None, ME, STAFF])
async def test_only_the_operator_makes_cards_and_first_admins(shop: Pool, claims: Claims | None) -> None:
    who = claims or Claims(None, "")
    with pytest.raises(Exception, match="database_permission_denied"):
        await enterprise.create_enterprise_card(shop, who, "E1", password=PASSWORD, **TERMS)
    with pytest.raises(Exception, match="database_permission_denied"):
        await calls.enterprise_set_initial_admin(shop, who, "E1", ADMIN_NO)
    with pytest.raises(Exception, match="database_permission_denied"):
        await calls.cron_expire_cards(shop, who)


@pytest.mark.req("R060")
async def test_a_first_admin_comes_once(shop: Pool, card_no: str, owner: Owner) -> None:
    def first(card: str, member: str) -> Any:
        return lambda: calls.enterprise_set_initial_admin(shop, OPERATOR, card, member)

    await refused_twice("already_member", first(card_no, ADMIN_NO))
    await refused_twice("already_member", first(card_no, MEMBER_NO))
    await refused_twice("card_unknown", first("E999", MEMBER_NO))
    await refused_twice("card_unknown", first("P" + ADMIN_NO, MEMBER_NO))  # a personal card
    enterprise_card(owner, members=(OTHER_MEMBER,), card_no="E2")
    await refused_twice("member_unknown", first("E2", "nobody"))
    owner.execute("UPDATE app.members SET status = 'blocked' WHERE member_no = %s", [MEMBER_NO])
    await refused_twice("member_inactive", first("E2", MEMBER_NO))
    owner.execute("UPDATE app.members SET status = 'active'")
    assert await calls.enterprise_set_initial_admin(shop, PLATFORM, "E2", MEMBER_NO)  # was a plain member there
    assert (OTHER_MEMBER, "admin") in await bound(shop)
    owner.execute("UPDATE app.cards SET status = 'closed' WHERE card_no = 'E2'")
    await refused_twice("card_unknown", first("E2", MEMBER_NO))


@pytest.mark.req("R061")
async def test_adding_takes_an_admin_and_the_password(shop: Pool, card_no: str, owner: Owner) -> None:
    await refused_twice("card_unknown", lambda: add(shop, card_no, OTHER))  # not bound: there is no such card for them
    await refused_twice("card_unknown", lambda: add(shop, "E999"))
    await refused_twice("member_unknown", lambda: add(shop, card_no, who="nobody"))
    await refused_twice("already_member", lambda: add(shop, card_no, who=ADMIN_NO))
    owner.execute("UPDATE app.members SET status = 'blocked' WHERE member_no = %s", [MEMBER_NO])
    await refused_twice("member_inactive", lambda: add(shop, card_no))
    owner.execute("UPDATE app.members SET status = 'active'")
    await refused_twice("card_password_wrong", lambda: add(shop, card_no, password="wrong horse"))
    await refused_twice("card_password_wrong", lambda: add(shop, card_no, password=PASSWORD + "x" * 80))
    assert await add(shop, card_no)
    await refused_twice("not_admin", lambda: add(shop, card_no, OTHER))
    await refused_twice("already_member", lambda: add(shop, card_no))
    refused = [code for event, code in await audited(shop) if event == "refused.enterprise_member_added"]
    assert len(refused) == 2 * 8  # all but the card that there is not
    for claims in NOT_MEMBERS:
        with pytest.raises(Exception, match="database_permission_denied"):
            await add(shop, card_no, claims or Claims(None, ""))


async def test_a_card_without_password_takes_no_member(shop: Pool, owner: Owner) -> None:
    enterprise_card(owner, MEMBER, card_no="E2")
    await refused_twice("card_password_wrong", lambda: add(shop, "E2", password=""))


@pytest.mark.req("R061")
async def test_five_wrong_passwords_lock_for_fifteen_minutes(shop: Pool, card_no: str, owner: Owner) -> None:
    for _ in range(4):
        await refused_twice("card_password_wrong", lambda: add(shop, card_no, password="wrong horse"))
        assert await add(shop, card_no)  # the right one forgives
        assert await calls.enterprise_remove_member(shop, ME, card_no, MEMBER_NO)
    guesses = (add(shop, card_no, password=f"wrong {n}") for n in range(8))
    found = await asyncio.gather(*guesses, return_exceptions=True)
    assert sorted(str(one) for one in found) == ["card_password_locked"] * 3 + ["card_password_wrong"] * 5
    await refused_twice("card_password_locked", lambda: add(shop, card_no))
    await refused_twice(
        "card_password_locked", lambda: enterprise.set_password(shop, ME, card_no, "new horse", PASSWORD)
    )
    owner.execute("UPDATE sec.card_passwords SET locked_until = locked_until - interval '14 minutes'")
    await refused_twice("card_password_locked", lambda: add(shop, card_no))
    owner.execute("UPDATE sec.card_passwords SET locked_until = locked_until - interval '1 minute'")
    assert await add(shop, card_no)


async def test_a_new_password_takes_the_old_one_or_the_operator(shop: Pool, card_no: str) -> None:
    new = "battery staple"
    await refused_twice("card_password_wrong", lambda: enterprise.set_password(shop, ME, card_no, new, "wrong horse"))
    await refused_twice("card_password_wrong", lambda: enterprise.set_password(shop, ME, card_no, new))
    await refused_twice("card_unknown", lambda: enterprise.set_password(shop, OTHER, card_no, new, PASSWORD))
    await refused_twice("request_malformed", lambda: enterprise.set_password(shop, ME, card_no, "short", PASSWORD))
    await refused_twice("card_unknown", lambda: enterprise.set_password(shop, PLATFORM, "E999", new))
    await enterprise.set_password(shop, ME, card_no, new, PASSWORD)
    await refused_twice("card_password_wrong", lambda: add(shop, card_no))
    assert await add(shop, card_no, password=new)
    await refused_twice("not_admin", lambda: enterprise.set_password(shop, OTHER, card_no, new, new))
    await enterprise.set_password(shop, PLATFORM, card_no, PASSWORD)
    await refused_twice("already_member", lambda: add(shop, card_no))


@pytest.mark.req("R062")
async def test_who_may_remove_whom(shop: Pool, card_no: str) -> None:
    def remove(claims: Claims, who: str, card: str = card_no) -> Any:
        return lambda: calls.enterprise_remove_member(shop, claims, card, who)

    await refused_twice("last_admin", remove(ME, ADMIN_NO))
    await refused_twice("not_a_member", remove(ME, MEMBER_NO))
    await refused_twice("not_a_member", remove(ME, "nobody"))
    await refused_twice("card_unknown", remove(OTHER, MEMBER_NO))
    await refused_twice("card_unknown", remove(ME, MEMBER_NO, "E999"))
    await add(shop, card_no)
    await refused_twice("not_admin", remove(OTHER, ADMIN_NO))
    await refused_twice("not_admin", remove(OTHER, "nobody"))
    assert await bound(shop) == [(MEMBER, "admin"), (OTHER_MEMBER, "member")]
    for claims in NOT_MEMBERS:
        with pytest.raises(Exception, match="database_permission_denied"):
            await remove(claims or Claims(None, ""), MEMBER_NO)()


@pytest.mark.req("R035", "R062")
async def test_two_admins_who_leave_at_once_leave_one(shop: Pool, owner: Owner) -> None:
    for n in range(5):
        enterprise_card(owner, MEMBER, OTHER_MEMBER, card_no=f"E{n}")
        found = await asyncio.gather(
            calls.enterprise_remove_member(shop, ME, f"E{n}", ADMIN_NO),
            calls.enterprise_remove_member(shop, OTHER, f"E{n}", MEMBER_NO),
            return_exceptions=True,
        )
        assert sorted(str(one) for one in found) == ["True", "last_admin"]


@pytest.mark.req("R041")
async def test_cards_past_their_date_expire_once(shop: Pool, owner: Owner) -> None:
    now = datetime.now(UTC)
    for n, (status, days) in enumerate([("active", -1), ("active", 1), ("frozen", -1), ("closed", -1)]):
        card_id = enterprise_card(owner, card_no=f"E{n}")
        owner.execute(
            "UPDATE app.cards SET status = %s, expires_at = %s WHERE card_id = %s",
            [status, now + timedelta(days=days), card_id],
        )
    owner.execute("UPDATE app.cards SET expires_at = now() WHERE member_id = %s", [MEMBER])
    assert [await calls.cron_expire_cards(shop, OPERATOR) for _ in range(2)] == [2, 0]
    found = await rows(shop, "SELECT card_no, status FROM app.cards WHERE status <> 'active' ORDER BY 1")
    assert found == [("E0", "expired"), ("E2", "frozen"), ("E3", "closed"), ("PM0", "expired")]
    noted = await rows(
        shop, "SELECT subject, data ->> 'card_type' FROM audit.event_log WHERE event = 'card_expired' ORDER BY 1"
    )
    assert noted == [("E0", "enterprise"), ("PM0", "personal")]

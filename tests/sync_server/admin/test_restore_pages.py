"""After a restore: HQ sees what the tills' facts brought back, on the page and as JSON, and the state of backups."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from psycopg.types.json import Jsonb

from models.catalogue import LANGUAGES
from models.facts import Evidence
from sync_server.admin.words import hq_words
from sync_server.database.engine import PLATFORM, Pool, transaction
from tests.sync_server.admin.conftest import Shop
from tests.sync_server.till import plan


async def restore(pool: Pool) -> None:
    """As after a restore: what is cited is unknown here."""
    async with transaction(pool, PLATFORM) as connection:
        await connection.execute("SELECT app.begin_epoch(1::smallint)")


def test_nothing_was_ever_restored(shop: Shop) -> None:
    assert shop.client.get("/admin/api/restores").json() == {"restores": [], "granted": [], "revoked_again": []}
    assert "The database was never restored." in shop.client.get("/admin/restores").text


def test_what_came_back_is_listed_with_its_state(shop: Shop) -> None:
    till = shop.till
    shop.running.do(lambda _: till.pair())
    shop.running.do(restore)
    till.at = datetime.now(UTC)
    sold = till.sell_pass(sold=plan(), stacked=False)
    till.redeem(sold.pass_id, Evidence("online", str(uuid4())), extra=1)
    till.redeem(str(uuid4()), Evidence("online", str(uuid4())))
    shop.running.do(lambda _: till.push())
    found = shop.client.get("/admin/api/restores").json()
    assert len(found["restores"]) == 1
    assert {row["state"]: row["reason"] for row in found["granted"]} == {"posted": None, "held": "pass_unknown"}
    for language in LANGUAGES:
        shop.client.cookies.set("tillkeeper_language", language)
        page = shop.client.get("/admin/restores").text
        words = hq_words(language)
        for word in (
            "restores.title",
            "restores.again",
            "restores.granted",
            "state.posted",
            "state.held",
            "reason.pass_unknown",
        ):
            assert words[word] in page
        for row in found["granted"]:
            path = f"/admin/{'held' if row['reason'] else 'orders'}/{row['key']}"
            assert path in page
            assert shop.client.get(path).status_code == 200
    shop.client.cookies.set("tillkeeper_language", "en")
    alarms = shop.client.get("/admin/alarms").text
    assert "revoke stolen tills and issue risk policies again" in alarms
    assert f"lost_from: {found['restores'][0]['lost_from']}" in alarms
    assert 'href="/admin/restores"' in shop.client.get("/admin/alarms").text


def test_who_was_revoked_again_is_named(shop: Shop) -> None:
    known = {"terminal_id": shop.till.terminal_id, "public_key": "ab" * 32, "by": "root", "why": "stolen at night"}

    async def again(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            await connection.execute("SELECT app.revoke_again(1::smallint, %s)", [Jsonb([known])])

    shop.running.do(again)
    (found,) = shop.client.get("/admin/api/restores").json()["revoked_again"]
    assert (found["code"], found["reason"]) == ("SZ1T01", "stolen at night")
    for language in LANGUAGES:
        shop.client.cookies.set("tillkeeper_language", language)
        page = shop.client.get("/admin/restores").text
        assert hq_words(language)["restores.revoked"] in page
        assert "SZ1T01" in page
        assert hq_words(language)["alarm.revoked_again"] in shop.client.get("/admin/alarms").text
    shop.client.cookies.set("tillkeeper_language", "en")


def test_backups_at_hq(shop: Shop) -> None:
    assert "No backup is noted in this database" in shop.client.get("/admin/terminals").text
    at = "2026-01-01T02:00:00.000000Z"
    answer = shop.client.post("/admin/api/backups", json={"taken_at": at})
    assert (answer.status_code, answer.json()["tills"]) == (200, 0)
    assert shop.client.get("/admin/api/backups").json()["newest"]["taken_at"] == at
    page = shop.client.get("/admin/terminals").text
    assert "Newest backup noted, began: 2026-01-01 02:00:00 UTC" in page
    assert "In a backup" in page
    restores = shop.client.get("/admin/restores").text
    assert "Newest backup noted, began: 2026-01-01 02:00:00 UTC" in restores
    assert "sync-server restore" in restores
    (till,) = [row for row in shop.client.get("/admin/api/terminals").json()["terminals"] if row["code"] == "SZ1T01"]
    assert (till["seq"], till["backed_up_seq"]) == (5, 0)
    late = shop.client.post("/admin/api/backups", json={"taken_at": "2199-01-01T02:00:00.000000Z"})
    assert (late.status_code, late.json()["code"]) == (409, "backup_time_invalid")
    assert shop.client.post("/admin/api/backups", json={"taken_at": "yesterday"}).status_code == 400
    assert shop.client.post("/admin/api/backups", json={"at": at}).status_code == 400

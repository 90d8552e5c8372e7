"""New members at HQ: those made twice, and those whose data did not come."""

from __future__ import annotations

import pytest

from sync_server.database.engine import Pool
from sync_server.keys import Keyring
from tests.sync_server import world
from tests.sync_server.admin.conftest import Shop, csrf_of, sign_in
from tests.sync_server.till import FakeTill, value


@pytest.fixture
def merged(shop: Shop, keys: Keyring) -> str:
    """Two tills made one phone, and a third fact came without its data; the member who is there."""

    async def make(pool: Pool) -> str:
        one = FakeTill(pool, world.SECOND_TERMINAL, "SZ1T02", keys=keys)
        made = one.create_member("13800004321", "Ana Gil")
        one.create_member("13800004321", "Ana Gil Ruiz")
        one.create_member("13800005555", beside=False)
        await one.push()
        return made.member_id

    found: str = shop.running.do(make)
    return found


def test_merges_are_listed_with_masked_names_for_those_who_know_the_member(shop: Shop, merged: str) -> None:
    (row,) = shop.client.get("/admin/api/merges").json()["merges"]
    assert (row["member_id"], row["member_no"], row["terminal_code"]) == (merged, "SZ1T02.000001", "SZ1T02")
    assert (row["name"], row["typed_name"], row["differs"]) == ("A** G**", "A** G** R***", True)
    shop.client.cookies.clear()
    assert shop.client.get("/admin/api/merges").status_code in (303, 401)
    sign_in(shop.client, "otto")
    assert shop.client.get("/admin/api/merges").json() == {"merges": []}


def test_a_member_without_data_is_shown_and_posted_to_the_one_hq_names(shop: Shop, merged: str) -> None:
    held = shop.client.get("/admin/api/held").json()["held"]
    key = next(row["key"] for row in held if row["reason"] == "member_data_missing")
    page = shop.client.get(f"/admin/held/{key}").text
    for word in ("New member", "did not come with the record", "Post to another account", "Reject"):
        assert word in page
    form = {"csrf_token": csrf_of(shop.client), "decision": "post_to", "reason": "called her", "member_id": "4321"}
    asked = shop.client.post(f"/admin/held/{key}/confirm", data=form)
    assert asked.status_code == 200
    decided = shop.client.post(
        f"/admin/held/{key}/decide", data=form | {"member_id": merged, "key": "k-1234567890abcdef"}
    )
    assert decided.status_code == 303, decided.text
    assert shop.running.do(lambda pool: value(pool, "SELECT count(*) FROM app.member_aliases")) == 2

"""Setting aside for a till from the phone: found by its code, signed, shown, given back, never more than is there."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from models.reservations import ReservationClosed
from models.tokens import ReservationCode, decode_reservation, decode_snapshot
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.keys import Keyring
from tests.sync_server import world
from tests.sync_server.mine.browser import phone
from tests.sync_server.mine.camera import filmed, of_camera
from tests.sync_server.mine.conftest import LUCY, OTHER_PHONE, Page, csrf_of, token_of
from tests.sync_server.mine.test_browser import scanned
from tests.sync_server.mine.test_pages import seen
from tests.sync_server.till import all_holds, as_owner, uses_left

TILL = "/m/t/SZ1T01"


def wish(client: httpx.Client, source: str, amount: str, path: str = TILL, key: str | None = None) -> httpx.Response:
    """Send the form of a till's page."""
    data = {"csrf_token": csrf_of(client), "key": key or str(uuid4()), "source": source,
            f"amount {source.rpartition(' ')[2]}": amount}  # fmt: skip
    return client.post(path, data=data)


def card_of(client: httpx.Client) -> str:
    return str(re.findall(r'value="card ([^"]+)"', client.get(TILL).text)[0])


def give_back(client: httpx.Client, path: str) -> httpx.Response:
    return client.post(f"{path}/give-back", data={"csrf_token": csrf_of(client)})


def closed(mine: Page, path: str, returned: int) -> None:
    """The till has a network again: it heard of the wish, and says that it gave up the rest."""
    reservation_id = path.rsplit("/", 1)[1]

    async def tell(pool: Pool) -> None:
        mine.till.at = datetime.now(UTC)
        mine.till.fact(ReservationClosed(reservation_id, "given_back", 0, returned, f"use/{world.PLAN}"))
        results = (await mine.till.push()).results
        assert results[-1].outcome == "accepted", results[-1]
        await all_holds(pool)

    mine.running.do(tell)


def test_uses_are_set_aside_shown_and_given_back(mine: Page, lucy: httpx.Client, keys: Keyring) -> None:
    made = wish(lucy, f"pass {mine.pass_id}", "2")
    assert made.status_code == 303, made.text
    path = made.headers["location"]
    assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 7
    words = seen(lucy.get(path).text)
    assert re.search(
        r"2 uses · 十杯卡 测试店 · SZ1T01 Set aside for till SZ1T01 until .*\d\d:\d\d, the shop's time", words
    )
    assert re.search(r"7 /10 .*2 uses set aside for SZ1T01 until", seen(lucy.get("/m/wallet").text))
    assert "2 uses · 十杯卡" in seen(lucy.get("/m/offline").text)
    with phone(mine.address, token_of(lucy)) as mobile:
        mobile.tab.clock.install()
        mobile.tab.goto(mine.address + path)
        code = read(scanned(mobile.tab.locator(".signed svg").screenshot()), keys)
        assert (code.terminal_id, code.member_id, code.source_id) == (world.TERMINAL, LUCY, mine.pass_id)
        assert (code.amount, code.reservation_id) == (2, path.rsplit("/", 1)[1])
        mobile.tab.click("[data-enlarge]")
        large = mobile.tab.locator("dialog.big[open]")
        assert read(scanned(large.screenshot()), keys) == code
        large.click()
        mobile.tab.click("text=Give it back")
        expect(mobile.tab.locator(".note.warn")).to_contain_text("until then it stays set aside")
        assert mobile.violations() == []
        assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 7
        closed(mine, path, 2)
        mobile.tab.clock.run_for(21_000)  # the page looks again by itself
        expect(mobile.tab.locator("h1")).to_have_text("No longer set aside")
        assert mobile.complaints == [] or all("404" in one for one in mobile.complaints)
    assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 9
    assert give_back(lucy, path).headers["location"] == path


def read(text: str, keys: Keyring) -> ReservationCode:
    """The code, as a till checks it."""
    return decode_reservation(text, keys.verify, datetime.now(UTC))


def test_money_is_set_aside_in_the_cards_currency(mine: Page, lucy: httpx.Client) -> None:
    made = wish(lucy, f"card {card_of(lucy)}", "25,50")
    assert "¥25.50 · Card balance" in seen(lucy.get(made.headers["location"]).text)
    words = seen(lucy.get("/m/wallet").text)
    assert "My card ¥94.50" in words
    assert "¥25.50 set aside for SZ1T01" in words


def test_the_camera_finds_the_till_and_its_sign_leads_through_the_door(mine: Page, tmp_path: Path) -> None:
    """jsQR is loaded when the camera is opened, and not before."""
    film = filmed(f"https://shop.example/{TILL.strip('/')}", tmp_path / "till.y4m")
    with phone(mine.address, arguments=of_camera(film), permissions=["camera"]) as mobile:
        tab = mobile.tab
        tab.goto(mine.address + TILL)  # as the phone's own camera opens it
        tab.fill("#phone", "13800136021")
        tab.select_option("select", "86")
        tab.click("button.main")
        tab.locator("#code").press_sequentially(mine.gateway.code_for("+8613800136021"))
        tab.wait_for_url(f"**{TILL}")
        tab.goto(f"{mine.address}/m/offline")
        assert mobile.violations() == []
        assert not any("jsqr" in url for url in mobile.requests)
        tab.click("[data-scan]")
        tab.wait_for_url(f"**{TILL}")
        assert any("jsqr" in url for url in mobile.requests)
        assert mobile.violations() == []
        assert mobile.spills() == 0
        tab.click("text=Set aside and show the code")
        expect(tab.locator(".signed svg")).to_be_visible()
        assert mobile.violations() == []
        tab.goto(f"{mine.address}/m/snapshot/{world.MERCHANT}")
        assert mobile.violations() == []
        assert mobile.complaints == []


def test_a_browser_that_reads_codes_itself_needs_no_decoder_of_ours(
    mine: Page, lucy: httpx.Client, tmp_path: Path
) -> None:
    film = filmed("nothing is looked at", tmp_path / "any.y4m")
    reads = f"""window.BarcodeDetector = class {{
        static async getSupportedFormats() {{ return ["qr_code"]; }}
        async detect(video) {{ return video.videoWidth ? [{{ rawValue: "https://shop.example{TILL}" }}] : []; }}
    }}"""
    with phone(mine.address, token_of(lucy), arguments=of_camera(film), permissions=["camera"]) as mobile:
        mobile.tab.add_init_script(reads)
        mobile.tab.goto(f"{mine.address}/m/offline")
        mobile.tab.click("[data-scan]")
        mobile.tab.wait_for_url(f"**{TILL}")
        assert not any("jsqr" in url for url in mobile.requests)


def test_a_camera_that_sees_something_else_or_nothing_says_so(mine: Page, lucy: httpx.Client, tmp_path: Path) -> None:
    film = filmed("https://evil.test/pay?m/t/x", tmp_path / "other.y4m")
    with phone(mine.address, token_of(lucy), arguments=of_camera(film), permissions=["camera"]) as mobile:
        mobile.tab.goto(f"{mine.address}/m/offline")
        mobile.tab.click("[data-scan]")
        expect(mobile.tab.locator("dialog.scan p")).to_have_text("That is not a till's code")
        mobile.tab.click("dialog.scan .close")
        assert mobile.tab.url.endswith("/m/offline")
    with phone(mine.address, token_of(lucy)) as mobile:
        mobile.tab.goto(f"{mine.address}/m/offline")
        mobile.tab.click("[data-scan]")
        expect(mobile.tab.locator("dialog.scan p")).to_contain_text("Type the till's code instead")


@pytest.mark.parametrize(
    ("typed", "leads"),
    [("SZ1T01", TILL), (" sz1t01 ", TILL), ("https://x.test/m/t/SZ1T01", TILL), ("", "/m/t/0"), ("<b>", "/m/t/0"),
     ("//evil.test", "/m/t/0"), ("SZ1T01" * 50, "/m/t/0")],
)  # fmt: skip
def test_a_tills_code_is_typed_as_people_do(lucy: httpx.Client, typed: str, leads: str) -> None:
    assert lucy.get("/m/t", params={"code": typed}).headers["location"] == leads


def test_a_button_pressed_twice_sets_aside_once(mine: Page, lucy: httpx.Client) -> None:
    key = str(uuid4())
    first, second = (wish(lucy, f"pass {mine.pass_id}", "1", key=key) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 8


def test_a_member_cannot_set_everything_aside_everywhere(
    mine: Page, lucy: httpx.Client, database: DatabaseUrls
) -> None:
    with as_owner(database) as owner:
        owner.execute(
            "UPDATE app.terminals SET status = 'paired', public_key = sha256(code::bytea) WHERE code <> 'SZ1T01'"
        )
    source = f"pass {mine.pass_id}"
    said = [seen(wish(lucy, source, amount).text) for amount in ("6", "0", "-1", "1.5", "", "9" * 30, "１")]
    assert all("Check the number or the amount" in words for words in said)
    for path in (TILL, "/m/t/SZ1T02", "/m/t/SZ1T03"):
        assert wish(lucy, source, "1", path).status_code == 303
    for path in (TILL, "/m/t/SZ1T02"):
        answer = wish(lucy, source, "1", path)
        assert (answer.status_code, "3 set aside at once" in answer.text) == (422, True)
    assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 6


def test_nobody_sets_aside_what_is_not_theirs(mine: Page, lucy: httpx.Client) -> None:
    card, path = card_of(lucy), wish(lucy, f"pass {mine.pass_id}", "1").headers["location"]
    with mine.phone() as mark:
        mine.sign_in(mark, OTHER_PHONE)
        for source in (f"pass {mine.pass_id}", f"card {card}", f"card {uuid4()}"):
            answer = wish(mark, source, "1")
            assert (answer.status_code, "cannot be set aside now" in answer.text) == (422, True)
        for source in ("", "pass", "pass x", f"gold {mine.pass_id}", f"pass {mine.pass_id}'--"):
            assert "Choose a pass or an amount" in seen(wish(mark, source, "1").text)
        assert mark.get(path).status_code == 404
        assert give_back(mark, path).status_code == 404
        assert give_back(mark, "/m/set-aside/x").status_code == 404
        assert mine.pass_id not in mark.get(TILL).text
        assert "no pass and no money" in seen(mark.get(TILL).text)
    assert lucy.get(path).status_code == 200
    assert "until then it stays" not in lucy.get(path).text


def test_forms_without_the_sessions_token_set_nothing_aside(mine: Page, lucy: httpx.Client) -> None:
    data = {"key": str(uuid4()), "source": f"pass {mine.pass_id}", f"amount {mine.pass_id}": "1"}
    assert lucy.post(TILL, data=data).status_code == 403
    assert (
        lucy.post(
            TILL, data={**data, "csrf_token": csrf_of(lucy)}, headers={"Sec-Fetch-Site": "cross-site"}
        ).status_code
        == 403
    )
    path = wish(lucy, f"pass {mine.pass_id}", "1").headers["location"]
    assert lucy.post(f"{path}/give-back").status_code == 403
    assert mine.running.do(lambda pool: uses_left(pool, mine.pass_id)) == 8


def test_tills_that_are_not_there_or_not_in_service(lucy: httpx.Client, mine: Page, database: DatabaseUrls) -> None:
    for path in ("/m/t/NONE", "/m/t/x", "/m/t/" + "X" * 2000, "/m/t/%27", "/m/t/0"):
        answer = lucy.get(path)
        assert (answer.status_code, "Check the code that the till shows" in answer.text) == (404, True)
    assert "out of service" in lucy.get("/m/t/SZ1T02").text  # never paired
    assert wish(lucy, f"pass {mine.pass_id}", "1", "/m/t/SZ1T02").status_code == 422
    with as_owner(database) as owner:
        owner.execute("UPDATE app.terminals SET status = 'revoked' WHERE code = 'SZ1T01'")
    answer = wish(lucy, f"pass {mine.pass_id}", "1")
    assert (answer.status_code, "out of service" in answer.text) == (422, True)


def test_the_offline_code_says_what_was_there(mine: Page, lucy: httpx.Client, keys: Keyring) -> None:
    with phone(mine.address, token_of(lucy)) as mobile:
        mobile.tab.goto(f"{mine.address}/m/snapshot/{world.MERCHANT}")
        text = scanned(mobile.tab.locator(".signed svg").screenshot())
    found = decode_snapshot(text, keys.verify, datetime.now(UTC))
    assert (found.passes, found.balance_minor) == (((mine.pass_id, 9),), 12000)
    for merchant in (world.OTHER_MERCHANT, "x", html.escape("<b>")):
        assert lucy.get(f"/m/snapshot/{merchant}").status_code == 404

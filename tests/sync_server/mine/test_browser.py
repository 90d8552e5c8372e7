"""The member's page as a phone shows it: light, readable by everybody, and a code that a scanner takes."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from sync_server.cards.codes import check_code
from tests.sync_server.mine.browser import phone
from tests.sync_server.mine.conftest import LUCY, NAME, PHONE, Page, token_of

MOST_BYTES = 80 * 1024
PAGES = ("/m/", "/m/wallet", "/m/offline", "/m/t/SZ1T01", "/m/history", "/m/me", "/m/nowhere")


def scanned(shot: bytes) -> str:
    """What a till's scanner reads from the screen."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)))
    return str(found.text)


def test_a_member_comes_from_the_door_to_a_code_within_80_kb(mine: Page) -> None:
    with phone(mine.address) as mobile:
        tab = mobile.tab
        tab.goto(f"{mine.address}/m/")
        tab.fill("#phone", PHONE)
        tab.click("button.main")
        expect(tab.locator("#code")).to_be_focused()
        tab.locator("#code").press_sequentially(mine.gateway.code_for(PHONE))  # the sixth digit sends it
        expect(tab.locator("svg.qr")).to_be_visible()
        expect(tab.locator("h1")).to_have_text(NAME)
        text = scanned(tab.locator("[data-picture]").screenshot())
        assert "".join(tab.locator("[data-typed] span").all_inner_texts()) == text
        assert mine.running.do(lambda pool: check_code(pool, text)).member_id == LUCY
        expect(tab.locator("[data-time]")).to_contain_text("Renews in 1")
        assert mobile.complaints == []
        assert not [url for url in mobile.requests if not url.startswith(mine.address)]
        print(f"{mobile.bytes} bytes in {len(mobile.requests)} requests before the first code")
        assert 5_000 < mobile.bytes <= MOST_BYTES


def test_coming_back_shows_the_same_code_and_signing_out_forgets_it(mine: Page, lucy: httpx.Client) -> None:
    with phone(mine.address, token_of(lucy)) as mobile:
        tab = mobile.tab
        tab.goto(f"{mine.address}/m/")
        typed = tab.locator("[data-typed]")
        expect(typed).not_to_be_empty()
        first = typed.text_content() or ""
        tab.click("nav a[href='/m/wallet']")
        tab.go_back()
        tab.reload()
        expect(typed).to_have_text(first)
        tab.goto(f"{mine.address}/m/me")
        tab.click("text=Sign out on this device")
        tab.wait_for_url("**/m/sign-in")
        assert tab.evaluate("sessionStorage.length") == 0


def test_a_code_renews_itself_before_it_ends(mine: Page, lucy: httpx.Client) -> None:
    with phone(mine.address, token_of(lucy)) as mobile:
        tab = mobile.tab
        tab.clock.install()
        tab.goto(f"{mine.address}/m/")
        typed = tab.locator("[data-typed]")
        expect(typed).not_to_be_empty()
        first = typed.text_content() or ""
        tab.clock.fast_forward("13:00")
        expect(tab.locator("[data-time]")).to_contain_text("Renews in 1:5")
        expect(typed).to_have_text(first)
        tab.clock.fast_forward("01:30")
        tab.clock.run_for(2000)
        expect(typed).not_to_have_text(first)


def test_without_network_the_page_says_what_to_do_and_never_shows_a_dead_code(mine: Page, lucy: httpx.Client) -> None:
    with phone(mine.address, token_of(lucy)) as mobile:
        tab = mobile.tab
        tab.clock.install()
        tab.goto(f"{mine.address}/m/")
        expect(tab.locator("svg.qr")).to_be_visible()
        tab.context.set_offline(True)
        tab.clock.fast_forward("16:00")
        tab.clock.run_for(2000)
        expect(tab.locator("[data-time]")).to_contain_text("No connection now")
        expect(tab.locator("svg.qr")).to_have_count(0)
        tab.context.set_offline(False)
        tab.click("[data-show]")
        expect(tab.locator("svg.qr")).to_be_visible()


def test_without_javascript_everything_is_a_form(mine: Page) -> None:
    with phone(mine.address, java_script_enabled=False) as mobile:
        tab = mobile.tab
        tab.goto(f"{mine.address}/m/")
        tab.fill("#phone", PHONE)
        tab.click("button.main")
        tab.fill("#code", mine.gateway.code_for(PHONE))
        tab.click("button.main")
        tab.wait_for_url("**/m/")
        tab.click("text=Show the code")
        text = scanned(tab.locator("[data-picture]").screenshot())
        assert mine.running.do(lambda pool: check_code(pool, text)).member_id == LUCY
        tab.click("nav a[href='/m/history']")
        expect(tab.locator(".row")).to_have_count(3)


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("es-ES", "dark"), ("en", "light")], ids=str)
def test_every_page_is_for_everybody(mine: Page, lucy: httpx.Client, language: str, theme: str) -> None:
    """No violation that axe can find, nothing wider than a small phone, in each language and look."""
    with phone(mine.address, language=language, theme=theme, size=(320, 640)) as mobile:
        _look(mobile, mine.address, "/m/sign-in", language, theme)
        mobile.tab.fill("#phone", "+4915112345678")
        mobile.tab.click("button.main")
        _judge(mobile, "sign-in-code", language, theme)
    with phone(mine.address, token_of(lucy), language=language, theme=theme, size=(320, 640)) as mobile:
        for path in PAGES:
            _look(mobile, mine.address, path, language, theme)


def test_what_is_not_for_everybody_is_found(mine: Page) -> None:
    with phone(mine.address) as mobile:
        mobile.tab.goto(f"{mine.address}/m/sign-in")
        mobile.tab.evaluate("document.querySelector('label').remove(), document.body.style.color = '#ccc'")
        assert {one.split(":")[0] for one in mobile.violations()} >= {"label", "color-contrast"}


def _look(mobile: Any, address: str, path: str, language: str, theme: str) -> None:
    mobile.tab.goto(address + path)
    if path == "/m/":
        expect(mobile.tab.locator("svg.qr")).to_be_visible()
    _judge(mobile, path.strip("/").replace("/", "-"), language, theme)


def _judge(mobile: Any, name: str, language: str, theme: str) -> None:
    if folder := os.environ.get("SCREENS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        mobile.tab.screenshot(path=Path(folder) / f"member-{name}-{language}-{theme}.png", full_page=True)
    assert mobile.violations() == [], name
    assert mobile.spills() == 0, name

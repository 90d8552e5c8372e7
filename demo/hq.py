"""Look at HQ as its people would: sign in with a real browser, open the pages, take their pictures.

Rule: Debian's Chromium without a screen; nothing is fetched from anywhere but our own server.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",  # root has no user namespace to give away; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class BrowserMissing(Exception):
    """No Chromium is installed."""


@contextmanager
def signed_in(
    server_url: str, username: str, password: str, language: str = "zh-CN", size: tuple[int, int] = (1440, 1050)
) -> Iterator[Page]:
    """Open a browser window at HQ's orders page; BrowserMissing."""
    program = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise BrowserMissing("Chromium is missing: install it with `apt-get install chromium`")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=_ARGUMENTS)
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
        page = context.new_page()
        page.goto(f"{server_url}/admin/orders")
        page.fill("#username", username)
        page.fill("#password", password)
        page.click("button.btn-primary")
        page.wait_for_url("**/admin/orders*")
        try:
            yield page
        finally:
            browser.close()


def photograph(page: Page, path: Path) -> None:
    """Save the whole page as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=True)

"""A phone's browser on the member's page: signed in by the cookie, its traffic counted, its console listened to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from sync_server.mine.desk import COOKIE

_AXE = Path(__file__).with_name("axe.min.js")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Phone:
    """One phone. `complaints`: errors of the console; `bytes`: what went over the wire, headers too."""

    tab: Tab
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    bytes: int = 0

    def violations(self) -> list[str]:
        """What axe finds on the page as it stands."""
        if not self.tab.evaluate("typeof axe === 'object'"):
            self.tab.evaluate(_AXE.read_text("utf-8"))
        found = self.tab.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]

    def spills(self) -> int:
        """By how much the page is wider than the phone."""
        return int(self.tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@contextmanager
def phone(
    address: str,
    token: str | None = None,
    *,
    language: str = "en",
    theme: str = "light",
    size: tuple[int, int] = (390, 844),
    arguments: tuple[str, ...] = (),
    **options: Any,
) -> Iterator[Phone]:
    """Open a browser with a phone's screen."""
    program = shutil.which("chromium")
    assert program is not None, "Chromium is missing"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", *arguments])
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=language, color_scheme=theme,  # type: ignore[arg-type]
            device_scale_factor=2, is_mobile=True, has_touch=True, **options,
        )  # fmt: skip
        if token is not None:
            context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/m", "httpOnly": True}])
        found = Phone(context.new_page())
        _listen(found)
        try:
            yield found
        finally:
            browser.close()


def _listen(found: Phone) -> None:
    found.tab.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.tab.on(
        "console", lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    session = found.tab.context.new_cdp_session(found.tab)
    session.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        found.bytes += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    session.on("Network.requestWillBeSent", lambda event: found.requests.append(event["request"]["url"]))

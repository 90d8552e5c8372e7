"""A window over a seeded till, closed again after each test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.ui import preferences, theme
from pos_app.ui.app import Shell
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import Shop


@dataclass(frozen=True)
class WindowSettings:
    """What the window reads of the settings."""

    data_dir: Path
    camera: str = "none"
    language: str | None = "zh-CN"
    window_size: tuple[int, int] | None = (1366, 768)
    play: bool = False


Open = Callable[..., Hand]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Open windows: `open_window(language=…, size=…, currency=…, paired=…, camera=…, look=…, lock=…, chosen=…)`."""
    opened: list[tuple[Shell, Shop]] = []

    def open_one(
        language: str = "zh-CN",
        size: tuple[int, int] = (1366, 768),
        currency: str = "CNY",
        paired: bool = True,
        camera: str = "none",
        look: str = theme.FIRST,
        lock: str = "0",
        chosen: preferences.Preferences | None = None,
    ) -> Hand:
        theme.load_fonts()
        shop = Shop(tmp_path / f"till{len(opened)}", currency, language, paired)
        preferences.save(shop.folder, chosen or preferences.Preferences(theme=look, lock=lock))
        settings = WindowSettings(shop.folder, camera, language, size)
        shell = Shell(settings, lambda _settings, on_change: shop.app(on_change))
        opened.append((shell, shop))
        shell.show()
        hand = Hand(shell, shop, qtbot)
        hand.until(lambda: shell.window.interior is not None)
        return hand

    yield open_one
    for shell, shop in opened:
        shell.window.close()
        shell.stop()
        shop.stop()
        shell.window.deleteLater()
    theme.use(theme.FIRST)


@pytest.fixture
def hand(open_window: Open) -> Hand:
    """An open Chinese window, signed in, shift open."""
    made = open_window()
    made.sign_in()
    return made

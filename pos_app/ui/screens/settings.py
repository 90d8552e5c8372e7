"""Settings of this window: language, theme, the customer's display, the lock, and what this till is."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui import customer, idle_lock, theme
from pos_app.ui.desk import Desk
from pos_app.ui.messages import Message
from pos_app.ui.phrases import LANGUAGES
from pos_app.ui.screens.screen import Screen
from pos_app.ui.widgets.buttons import Choice, push
from pos_app.ui.widgets.layout import Grid, card, column, row, rule
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.text import Words

OWN_NAMES = {"zh-CN": "中文", "es-ES": "Español", "en": "English"}


class SettingsScreen(Screen):
    """Everything at once; nothing to save."""

    name = "settings"
    language_wanted = Signal(str)
    theme_wanted = Signal(str)
    customer_wanted = Signal(str)
    """Where the customer's display goes; "" for nowhere."""
    lock_wanted = Signal(int)
    """After so many minutes, of `idle_lock.MINUTES`."""
    bundle_wanted = Signal()
    """A file for support."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        languages = Grid(tile_width=150)
        made: list[QWidget] = []
        for language in LANGUAGES:
            button = Choice(f"language_{language}", OWN_NAMES[language], "globe", 64)
            button.choose(language == self.say.language)
            button.clicked.connect(lambda _=False, chosen=language: self.language_wanted.emit(chosen))
            made.append(button)
        languages.fill(made)
        self.customers = Grid(tile_width=150)
        self.customer_at = ""
        themes = Grid(tile_width=150)
        themes.fill([self._theme(name) for name in theme.THEMES])
        self.locks = Grid(tile_width=96)
        self.locks.fill([self._lock(minutes) for minutes in idle_lock.MINUTES])
        left = column(
            card(self._title("settings.language"), languages, margin=20, name="language_card"),
            card(self._title("settings.theme"), themes, margin=20, name="theme_card"),
            card(self._title("settings.customer"), self.customers, margin=20, name="customer_display_card"),
            card(self._title("settings.lock"), self.locks, margin=20, name="lock_card"),
            None,
        )
        self.about = column(gap=10)
        about = card(self._title("settings.about"), self.about, margin=20, name="about_card")
        self.bundle = push("settings_bundle", self.say("settings.bundle"), image="outbox")
        self.bundle.clicked.connect(self._want_bundle)
        self.told = Notice("settings_notice", self.say("notice.close"))
        self.told.closed.connect(lambda: self.told.show_message(None))
        bundle_note = Words(self.say("settings.bundle.detail"), tone="soft", wrap=True)
        support = card(
            self._title("settings.support"), bundle_note, self.told, self.bundle, margin=20, name="support_card"
        )
        columns = row(left, column(about, support, None))
        columns.setStretch(0, 1)
        columns.setStretch(1, 1)
        self.setLayout(columns)
        for key, value in self._facts():
            shown = Words(value, theme.TEXT_STRONG, bold=True)
            shown.setObjectName(key.replace(".", "_"))
            self.about.addLayout(column(row(Words(self.say(key), tone="soft"), None, shown), rule(), gap=8))

    def _theme(self, name: str) -> QWidget:
        made = Choice(f"theme_{name}", self.say(f"settings.theme.{name}"), name, 64)
        made.choose(name == theme.name)
        made.clicked.connect(lambda: self.theme_wanted.emit(name))
        return made

    def _lock(self, minutes: int) -> Choice:
        made = Choice(
            f"lock_{minutes}",
            self.say("settings.lock.after", n=minutes) if minutes else self.say("settings.lock.never"),
        )
        made.clicked.connect(lambda: self.show_lock(minutes))
        made.clicked.connect(lambda: self.lock_wanted.emit(minutes))
        return made

    def show_lock(self, minutes: int) -> None:
        """Note after how many minutes it locks."""
        for offered, choice in zip(idle_lock.MINUTES, self.locks.tiles(), strict=True):
            cast(Choice, choice).choose(offered == minutes)

    def _want_bundle(self) -> None:
        self.bundle.setEnabled(False)
        self.told.show_message(None)
        self.bundle_wanted.emit()

    def bundled(self, path: Path) -> None:
        """Say where the file for support lies."""
        self.tell(Message("good", self.say("settings.bundle.done"), str(path)))

    def tell(self, message: Message) -> None:
        """Say what came of it."""
        self.bundle.setEnabled(True)
        self.told.show_message(message)

    def _title(self, key: str) -> Words:
        return Words(self.say(key), theme.HEADING, bold=True)

    def _facts(self) -> tuple[tuple[str, str], ...]:
        store = self.desk.store
        return (
            ("about.store", store.name),
            ("about.terminal", self.till.journal.terminal_code),
            ("about.zone", store.timezone),
            ("about.currency", store.currency),
            ("about.version", self.till.options.version),
        )

    def enter(self) -> None:
        """Offer the screens that are there now."""
        super().enter()
        self._offer_customers()

    def show_customer(self, place: str | None) -> None:
        """Note where the customer's display is now, None: nowhere."""
        self.customer_at = place or ""
        self._offer_customers()

    def _offer_customers(self) -> None:
        made: list[QWidget] = []
        for number, place in enumerate(("", *customer.places())):
            words = place or self.say("settings.customer.off")
            words = self.say("settings.customer.window") if place == customer.IN_A_WINDOW else words
            button = Choice(f"customer_at_{number}", words, "stop" if not place else "display", 64)
            button.choose(place == self.customer_at)
            button.clicked.connect(lambda _=False, chosen=place: self.customer_wanted.emit(chosen))
            made.append(button)
        self.customers.fill(made)

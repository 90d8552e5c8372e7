"""How this till was started: from the environment first, then from the command line.

Rule: only reading and checking; nothing is opened or created here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import LANGUAGES
from pos_app.addresses import is_camera, server_url
from printing.transports import is_printer

PRINTERS = (
    "tcp://host[:port], usb:///dev/usb/lp0, serial:///dev/ttyUSB0[?baud=19200], spooler://QUEUE, file:///folder or none"
)


class SettingInvalid(Exception):
    """A setting cannot be used; `name` is its flag or variable, `value` what was given, `expected` what fits."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name} is {value!r}; expected {expected}")
        self.name = name
        self.value = value
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside.

    `printer`: an address of `printing.transports.open_printer`; None: as chosen at the till.
    `camera`: "auto" | "0", "1", … | "none" | "folder:///path".
    `key_storage`: "auto" | "file" | "keyring". `language` None: the store's. `window`: "WIDTHxHEIGHT" | "fullscreen".
    """

    data_dir: Path = Path("var/till")
    server_url: str = ""
    printer: str | None = None
    camera: str = "auto"
    language: str | None = None
    window: str = "1366x768"
    key_storage: str = "auto"
    play: bool = False

    @property
    def window_size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None for full screen."""
        if self.window == "fullscreen":
            return None
        width, height = self.window.split("x")
        return int(width), int(height)


_VARIABLES = {
    "data_dir": "TILLKEEPER_DATA",
    "server_url": "TILLKEEPER_SERVER",
    "printer": "TILLKEEPER_PRINTER",
    "camera": "TILLKEEPER_CAMERA",
    "language": "TILLKEEPER_LANGUAGE",
    "window": "TILLKEEPER_WINDOW",
    "key_storage": "TILLKEEPER_KEYS",
}


def read_settings(flags: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings: flags win over the environment, the environment over the defaults; SettingInvalid."""
    source = os.environ if environment is None else environment
    found: dict[str, object] = {name: source[key] for name, key in _VARIABLES.items() if source.get(key)}
    found.update({name: value for name, value in (flags or {}).items() if value is not None})
    if "data_dir" in found:
        found["data_dir"] = Path(str(found["data_dir"]))
    settings = Settings(**found)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    if settings.server_url:
        check_server_url(settings.server_url)
    if settings.printer is not None and not is_printer(settings.printer):
        raise SettingInvalid("printer", settings.printer, PRINTERS)
    if not is_camera(settings.camera):
        raise SettingInvalid("camera", settings.camera, "auto, a number, none or folder:///path")
    if settings.language is not None and settings.language not in LANGUAGES:
        raise SettingInvalid("language", settings.language, " or ".join(LANGUAGES))
    if settings.key_storage not in ("auto", "file", "keyring"):
        raise SettingInvalid("keys", settings.key_storage, "auto, file or keyring")
    if settings.window != "fullscreen":
        width, _, height = settings.window.partition("x")
        if not (width.isdigit() and height.isdigit() and int(width) >= 1280 and int(height) >= 720):
            raise SettingInvalid("window", settings.window, "WIDTHxHEIGHT of at least 1280x720, or fullscreen")


def check_server_url(text: str) -> str:
    """Return a server address without its last slash; SettingInvalid when it is not http(s)://host[:port]."""
    try:
        fits = "://" in text and bool(server_url(text))
    except ValueError:
        fits = False
    if not fits:
        raise SettingInvalid("server", text, "an address like https://tills.example.com")
    return text.rstrip("/")

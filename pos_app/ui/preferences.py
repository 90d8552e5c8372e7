"""What the cashier chose for this window, kept beside the journal: language, camera, theme, where the customer's
display is, when it locks by itself, the port of a serial scanner, the prefix that scanners send, the printer and its
paper.

Rule: losing the file loses nothing but a choice; a file that cannot be read counts as none.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QSaveFile

from models.catalogue import LANGUAGES
from pos_app.addresses import is_camera
from printing.transports import is_printer


@dataclass(frozen=True, slots=True)
class Preferences:
    """None: as the till was started. `customer`: a place of `customer.places`; `lock`: of `idle_lock.MINUTES`.

    `printer`: an address; `paper`: its columns.
    """

    language: str | None = None
    camera: str | None = None
    theme: str | None = None
    customer: str | None = None
    lock: str | None = None
    serial: str | None = None
    prefix: str | None = None
    printer: str | None = None
    paper: str | None = None


def load(folder: Path) -> Preferences:
    """Read the choices; what cannot be read, or is none that there is, counts as not chosen."""
    try:
        found = json.loads((folder / "window.json").read_text(encoding="utf-8"))
        chosen = {name: found.get(name) for name in Preferences.__slots__}
    except (OSError, ValueError, AttributeError):
        return Preferences()
    kept = {name: value for name, value in chosen.items() if isinstance(value, str)}
    return Preferences(**{name: value for name, value in kept.items() if name not in _KNOWN or _KNOWN[name](value)})


_KNOWN: Mapping[str, Callable[[str], bool]] = {
    "language": lambda value: value in LANGUAGES,
    "camera": is_camera,
}


def save(folder: Path, chosen: Preferences) -> bool:
    """Write the choices in one step; False when the disk will not take them."""
    target = QSaveFile(str(folder / "window.json"))
    if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
        return False
    target.write(json.dumps(asdict(chosen)).encode())
    return target.commit()


def printer(chosen: Preferences) -> str:
    """Return the address of the printer that was chosen, "none" for none that can be understood."""
    return chosen.printer if chosen.printer is not None and is_printer(chosen.printer) else "none"


def columns(chosen: Preferences) -> int:
    """Return the columns of the paper that was chosen: 48 (80 mm) unless 32 (58 mm)."""
    return 32 if chosen.paper == "32" else 48

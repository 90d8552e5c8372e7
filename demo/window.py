"""Play the cashier: send taps, keys and pictures to the real till window and wait for what it shows.

Rule: only what a person could do or see; the till obeys the same commands in every test of its screens
(`pos_app.ui.player`). Not here: the story that is played (`demo.shift`).
"""

import json
from pathlib import Path
from typing import Any

from demo.processes import Child


class NotShown(Exception):
    """The window did not do or show what the story expects."""


class Window:
    """One running till window, steered over its standard input."""

    def __init__(self, child: Child) -> None:
        self.child = child

    def do(self, command: dict[str, Any], seconds: float = 30) -> dict[str, Any]:
        """Send one command; returns its answer. NotShown when the window says no."""
        self.child.write_line(json.dumps(command, ensure_ascii=False))
        answer: dict[str, Any] = json.loads(self.child.read_line(seconds))
        if not answer.get("ok"):
            raise NotShown(f"{json.dumps(command, ensure_ascii=False)} -> {answer.get('error')}")
        return answer

    def tap(self, name: str) -> None:
        """Press the widget with this object name."""
        self.do({"do": "tap", "name": name})

    def type(self, name: str, text: str) -> None:
        """Type into the widget with this object name."""
        self.do({"do": "type", "name": name, "text": text})

    def key(self, key: str) -> None:
        """Press one key, like `Return` or `F2`."""
        self.do({"do": "key", "key": key})

    def scan(self, picture: Path) -> None:
        """Hold a picture before the camera."""
        self.do({"do": "scan_picture", "path": str(picture)})

    def wait(self, seconds: float = 20, **condition: Any) -> None:
        """Wait until the window shows what `condition` says (`screen=`, `visible=`, `text=`, `header=`)."""
        self.do({"do": "wait", "for": condition, "seconds": seconds}, seconds + 15)

    def screenshot(self, path: Path) -> None:
        """Save what the window shows now as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.do({"do": "screenshot", "path": str(path)})

    def state(self) -> dict[str, Any]:
        """Return what the window shows as data."""
        return self.do({"do": "state"})

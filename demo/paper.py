"""The virtual printer of the demo: start it, break it, and look at what came out.

Rule: the printer is the product's own program on a TCP port; it is told about its faults through its control port.
"""

import json
import socket
from pathlib import Path
from typing import Any

from PIL import Image

from demo.processes import Child

_TOP_ROWS, _BAND_ROWS = 160, 24


class PaperPrinter:
    """A running virtual printer whose slips land as PNG, bytes and JSON in `folder`."""

    def __init__(self, folder: Path, log: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        arguments = ["-m", "printing", "virtual-printer", "--port", "0", "--control-port", "0", "--out", str(folder)]
        self.child = Child("virtual printer", arguments, log)
        _, port, control_port = self.child.read_line(20).split()
        self.port, self._control_port = int(port), int(control_port)

    def tell(self, command: str) -> str:
        """Send one control line ("paper out", "ok", "state" …) and return the printer's answer."""
        with socket.create_connection(("127.0.0.1", self._control_port), timeout=5) as control:
            control.sendall(command.encode() + b"\n")
            return control.makefile().readline().strip()

    def jobs(self) -> list[dict[str, Any]]:
        """Return what the printer wrote about each job, in order, and whether its paper is marked as a copy."""
        found = []
        for path in sorted(self.folder.glob("job-*.json")):
            with Image.open(path.with_suffix(".png")) as picture:
                found.append({**json.loads(path.read_text()), "marked": is_marked(picture)})
        return found


def is_marked(picture: Image.Image) -> bool:
    """Look at the top of the paper for the black band that every copy carries and no original does."""
    top = picture.convert("L").crop((0, 0, picture.width, min(picture.height, _TOP_ROWS)))
    dark = [sum(top.crop((0, row, top.width, row + 1)).histogram()[:128]) for row in range(top.height)]
    return sum(1 for count in dark if count > 0.7 * top.width) >= _BAND_ROWS

"""A real serial line for tests: a pseudo terminal."""

import os
import tty
from pathlib import Path


class Line:
    """A serial line under a name that stays when the scanner is pulled out and put in again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ttyACM9"
        self.plug()

    def plug(self) -> None:
        self.device, far = os.openpty()
        tty.setraw(far)
        tty.setraw(self.device)
        self.path.symlink_to(os.ttyname(far))
        self._far = far

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self._far)
        os.close(self.device)

    def send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.device, data) :]

"""One running till per data folder: a lock that the system drops when the process ends, however it ends."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_app.journal.errors import AlreadyRunning, DataDirUnwritable


@dataclass(frozen=True, slots=True)
class SingleInstance:
    """A held lock."""

    descriptor: int

    @classmethod
    def take(cls, data_dir: Path) -> "SingleInstance":
        """Make the data folder (0700 when new) and lock it; Trouble `already_running`, `data_dir_unwritable`."""
        path = data_dir / "running.lock"
        try:
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DataDirUnwritable(path=str(data_dir)) from error
        try:
            _lock(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise AlreadyRunning(path=str(data_dir), pid=holder) from error
        with contextlib.suppress(OSError):  # a full disk must not stop the till from opening
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(os.getpid()).encode())
        return cls(descriptor)

    def release(self) -> None:
        """Let another till have the folder."""
        os.close(self.descriptor)


def _lock(descriptor: int) -> None:
    if os.name == "nt":  # pragma: no cover - the other system
        msvcrt: Any = __import__("msvcrt")
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return
    import fcntl  # noqa: PLC0415 - not on every system

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

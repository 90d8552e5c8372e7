"""Find, tie and end Postgres processes by the data folder they work in. Linux only.

Rule: a process is ours only when the kernel says that it is a `postgres` whose working folder is the
data folder; a number in a file is never enough, since process numbers are reused.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from sync_server.database.server_user import ServerUser

_TIED = Path(__file__).with_name("tied.py")


def tied_command(user: ServerUser, program: Path) -> list[str]:
    """The beginning of a command that runs `program` as `user` until this process ends, however it ends.

    The kernel watches the thread that starts it, so the caller has to be the main thread.
    """
    uid, gid = (user.uid, user.gid) if user.lent else (-1, -1)
    return [sys.executable, "-I", "-S", str(_TIED), str(os.getpid()), str(uid), str(gid), str(program)]


def processes_in(data: Path) -> list[int]:
    """Process numbers of every `postgres` (server or backend) that works in this data folder."""
    wanted, found = os.path.realpath(data), []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        # A process may end between the listing and the look, and others' folders may be closed to us.
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == "postgres" and os.readlink(entry / "cwd") == wanted:
                found.append(int(entry.name))
    return found


def end_processes_in(data: Path, grace_seconds: float) -> None:
    """Shut down a server left over from an earlier run; what remains after the grace is killed.

    A kill is safe: the next start recovers from the write-ahead log. Sessions whose server was killed are
    killed at once.
    """
    found = processes_in(data)
    if not found:
        return
    with contextlib.suppress(OSError, ValueError, IndexError):
        server = int((data / "postmaster.pid").read_text().split()[0])
        if server in found:
            os.kill(server, signal.SIGINT)
            wait_until_gone(data, grace_seconds)
    for pid in processes_in(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until_gone(data, grace_seconds)


def wait_until_gone(data: Path, timeout_seconds: float) -> bool:
    """Wait until no Postgres works in the folder; False when some still do after the timeout."""
    deadline = time.monotonic() + timeout_seconds
    while processes_in(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True

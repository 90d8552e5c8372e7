"""Become another program that the kernel shuts down when our parent dies, even by kill -9. Linux only.

Run as a file: `python -I -S tied.py PARENT_PID UID GID PROGRAM [ARGUMENT ...]`; UID -1 keeps the user.
Why a file and not a `preexec_fn`: Python code between fork and exec can hang a parent that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Drop to the user, tie to the parent, and become the program."""
    parent, uid, gid = (int(text) for text in arguments[:3])
    prctl = ctypes.CDLL(None).prctl
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    # After the change of user, which would clear the tie. SIGINT is Postgres' fast shutdown.
    prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it died before the tie was made
        sys.exit(1)
    os.execv(arguments[3], arguments[3:])  # noqa: S606 - the point of this file


if __name__ == "__main__":
    main(sys.argv[1:])

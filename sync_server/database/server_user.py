"""Choose the unprivileged user that Postgres runs as, and look at folders with that user's eyes.

Rule: adds no user to the system and loosens no existing permission. An ordinary user runs Postgres as
itself; root lends it to `postgres` if that user exists, else to `nobody`.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from sync_server.database.errors import DatabaseTrouble


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerUser:
    """Who Postgres runs as; `lent` when that is not who we are."""

    uid: int
    gid: int
    lent: bool

    def run_as(self) -> RunAs:
        """Arguments for `subprocess`; empty when no change of user is needed."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}

    def own(self, path: Path) -> None:
        """Hand a folder or file that we have just made to this user."""
        if self.lent:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def enters(self, folder: Path) -> bool:
        """Whether this user can reach the folder, asked of the kernel rather than computed from mode bits."""
        return self.runs(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def runs(self, command: list[str]) -> bool:
        """Whether this user can run the command and it succeeds."""
        try:
            done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.run_as())
        except OSError:
            return False
        return done.returncode == 0


def server_user(existing: Path) -> ServerUser:
    """The user for a server; the owner of `existing` (our folder of an earlier run) stays in charge.

    Trouble: `database_no_user` when root cannot lend the server to anybody (a container without that right).
    """
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), lent=False)
    owner = existing.lstat().st_uid if existing.exists() else 0
    for wanted in [owner] if owner else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwuid(wanted) if isinstance(wanted, int) else pwd.getpwnam(wanted)
        except KeyError:
            continue
        user = ServerUser(entry.pw_uid, entry.pw_gid, lent=True)
        if user.runs(["/bin/true"]):
            return user
    raise DatabaseTrouble("database_no_user")


def make_folder(path: Path, mode: int) -> None:
    """Make a folder and its missing parents with exactly this mode, whatever the umask; existing ones stay."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        folder.chmod(mode)

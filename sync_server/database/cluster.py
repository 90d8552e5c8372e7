"""Make a new, empty PostgreSQL cluster (initdb), whole or not at all.

Rule: built beside its final name and renamed at the end, so an interrupted one is simply made again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sync_server.database import binaries, processes
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.server_user import ServerUser

SUPERUSER = "postgres"


def ensure_cluster(data: Path, bindir: Path, user: ServerUser, password: str) -> None:
    """Make the cluster in `data` unless it is there; refuse one of another major version.

    Troubles: `database_data_other_version`, `database_disk_full`, `database_start_failed`.
    """
    ours = binaries.major_version(bindir)
    if data.exists():
        theirs = (data / "PG_VERSION").read_text().strip()
        if theirs != str(ours):
            raise DatabaseTrouble("database_data_other_version", folder=data, data=theirs, program=ours)
        return
    unfinished = data.with_name("data.new")
    processes.end_processes_in(unfinished, grace_seconds=5.0)
    shutil.rmtree(unfinished, ignore_errors=True)
    number = os.memfd_create("password")  # in memory only, without a name: never left behind
    try:
        os.write(number, password.encode())
        if user.lent:
            os.fchown(number, user.uid, user.gid)
        done = subprocess.run(
            [
                *processes.tied_command(user, bindir / "initdb"),
                *_options(ours),
                f"--pwfile=/proc/self/fd/{number}",
                f"--pgdata={unfinished}",
            ],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=(number,),
        )
    finally:
        os.close(number)
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise start_trouble(done.stderr, unfinished)
    unfinished.rename(data)


def _options(major: int) -> list[str]:
    options = [f"--username={SUPERUSER}", "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
    if major >= 17:  # the built-in C.UTF-8 does not depend on the machine's locales
        return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C.UTF-8"]


def start_trouble(output: str, folder: Path) -> DatabaseTrouble:
    """What the output of initdb or of a server that gave up means; the last lines go along for a person."""
    tail = "\n".join(output.strip().splitlines()[-8:])
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return DatabaseTrouble("database_disk_full", folder=folder)
    return DatabaseTrouble("database_start_failed", folder=folder, log=f"\n{tail}")

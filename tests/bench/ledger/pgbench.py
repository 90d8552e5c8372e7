"""Drive SQL with pgbench, the one of the embedded server's own wheel, and read what it counted.

Rule: a statement that fails, or a script that finds its call refused, ends the run with an error: only work that was
done is counted. The first second of a run (connecting, first plans) is left out of its rate.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from sync_server.database.binaries import wheel_bindir
from sync_server.database.errors import DatabaseTrouble

WARM_UP_SECONDS = 1
THREADS = 2
_PROGRESS = re.compile(r"progress: ([0-9.]+) s, ([0-9.]+) tps")
_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


@dataclass(frozen=True)
class Run:
    """What one run did: transactions in all, and per second of its life (index 0 is the first second)."""

    transactions: int
    per_second: tuple[float, ...]
    milliseconds: tuple[float, ...]
    """How long each transaction after the warm-up took; empty unless asked for."""

    @property
    def rate(self) -> float:
        """Transactions per second after the warm-up."""
        return statistics.fmean(self.per_second[WARM_UP_SECONDS:])


def program() -> str:
    """The pgbench to run: the wheel's, else one on the path; RuntimeError says that there is none."""
    try:
        beside = wheel_bindir() / "pgbench"
    except DatabaseTrouble:
        beside = Path("pgbench")
    found = str(beside) if beside.exists() else shutil.which("pgbench")
    if found is None:
        raise RuntimeError("no pgbench: neither in the embedded server's wheel nor on the PATH")
    return found


def run(url: str, script: str, *, clients: int, seconds: int, timed: bool = False) -> Run:
    """Run a script with prepared statements on `clients` connections for `seconds`, of which the first is warm-up.

    `timed` keeps the latency of each transaction. RuntimeError when anything failed.
    """
    if seconds <= WARM_UP_SECONDS:
        raise ValueError("a run is longer than its warm-up")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "script.sql").write_text(script)
        arguments = [
            program(), "--no-vacuum", "--protocol=prepared", "--file=script.sql", f"--client={clients}",
            f"--jobs={min(THREADS, clients)}", f"--time={seconds}", "--progress=1",
            *(["--log", "--log-prefix=latency"] if timed else []),
        ]  # fmt: skip
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=_environment(url),
            capture_output=True,
            text=True,
            timeout=seconds + 60,
            check=False,
        )
        count, failed = _DONE.search(done.stdout), _FAILED.search(done.stdout)
        if done.returncode or count is None or (failed and int(failed[1])):
            raise RuntimeError(f"pgbench failed ({done.returncode}): {done.stderr[-2000:]}{done.stdout[-500:]}")
        per_second = tuple(float(line[2]) for line in _PROGRESS.finditer(done.stderr))
        return Run(int(count[1]), per_second, _milliseconds(Path(folder)) if timed else ())


def _environment(url: str) -> dict[str, str]:
    """The address by environment, so that no password stands in a process list."""
    parts = conninfo_to_dict(url)
    return {**os.environ, **{_ENVIRONMENT[name]: str(value) for name, value in parts.items() if name in _ENVIRONMENT}}


def _milliseconds(folder: Path) -> tuple[float, ...]:
    """Of pgbench's log per transaction: client, number, microseconds, script, end in seconds and microseconds."""
    rows = [line.split() for path in folder.glob("latency.*") for line in path.read_text().splitlines()]
    ended = [int(row[4]) + int(row[5]) / 1e6 for row in rows]
    begin = min(ended) + WARM_UP_SECONDS
    return tuple(int(row[2]) / 1000 for row, end in zip(rows, ended, strict=True) if end >= begin)

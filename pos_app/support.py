"""What support needs of a till in one file that a shop can send: log, crash reports, counts, checks; nobody's data.

Rule: nothing that a fact says goes in, only how many there are; a damaged journal is no reason to have nothing to send.
"""

import json
import platform
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from models.times import format_instant
from pos_app.errors import Trouble
from pos_app.journal import identity
from pos_app.journal.store import open_for_reading
from pos_app.journal.verify import verify

_COUNTS = {
    "facts": "SELECT f.kind, o.state, coalesce(o.reason, ''), count(*) FROM facts AS f JOIN outbox AS o USING (seq)"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "requests": "SELECT kind, state, coalesce(code, ''), count(*) FROM requests GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "prints": "SELECT kind, state, coalesce(fault, ''), count(*) FROM print_jobs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "mirror": "SELECT kind, '', '', count(*) FROM mirror GROUP BY 1 ORDER BY 1",
}


def write_bundle(data_dir: Path, version: str, out: Path | None = None) -> Path:
    """Write the file (default: `till-CODE-TIME.zip` beside the data folder) and return its path.

    Works beside a till that runs. Trouble `journal_missing`; OSError when it cannot be written.
    """
    now = datetime.now(UTC)
    code, journal, checks = "unpaired", {}, ""
    try:
        rows, close = open_for_reading(data_dir)
        try:
            code, journal = _terminal_code(rows), _journal(rows)
            checks = "\n".join(_checks(rows)) + "\n"
        finally:
            rows.close()
            close()
    except Trouble as trouble:
        if trouble.code == "journal_missing":
            raise
        checks = f"{checks}trouble {trouble.code}\n"
    path = out or data_dir.resolve().parent / f"till-{code}-{now:%Y%m%dT%H%M%SZ}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("about.json", _json(_about(data_dir, version, now)))
        file.writestr("journal.json", _json(journal))
        file.writestr("verify.txt", checks)
        for log in sorted(data_dir.glob("till.log*")):
            file.write(log, log.name)
        for report in sorted(data_dir.glob("crashes/crash-*.txt")):
            file.write(report, f"crashes/{report.name}")
    return path


def _about(data_dir: Path, version: str, now: datetime) -> dict[str, object]:
    return {
        "version": version,
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "sqlite": sqlite3.sqlite_version,
        "taken_at": format_instant(now),
        "disk_free_bytes": shutil.disk_usage(data_dir).free,
        "files": {
            str(path.relative_to(data_dir)): path.stat().st_size
            for path in sorted(data_dir.rglob("*"))
            if path.is_file()
        },
    }


def _journal(rows: Connection) -> dict[str, object]:
    counted = {
        name: [list(row) for row in rows.exec_driver_sql(statement).all()] for name, statement in _COUNTS.items()
    }
    said = {name: identity.read_state(rows, name) for name in ("epoch", "synced_at", "refused", "pulled_as")}
    known = identity.load(rows)
    schema = rows.exec_driver_sql("PRAGMA user_version").scalar_one()
    return {"schema": schema, "terminal_id": known and known.terminal_id, **said, **counted}


def _terminal_code(rows: Connection) -> str:
    known = identity.load(rows)
    return "unpaired" if known is None else known.terminal_code


def _checks(rows: Connection) -> Iterator[str]:
    for finding in verify(rows):
        yield f"{'BROKEN' if finding.broken else 'holds'} {finding.check} ({finding.looked_at})"
        yield from (f"  {message}" for message in finding.broken)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)

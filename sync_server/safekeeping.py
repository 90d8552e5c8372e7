"""The operator's backup, and putting one back: what is in it, what a restore loses, and the new epoch that follows.

Rules: a backup is two files, the database's dump and a note of what it holds, whole before they have their names; the
note's numbers are read before the dump begins, so the dump holds at least that. The keys are in neither and must be
those that wrote it. See docs/restore.md and docs/decisions/0014.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import psycopg

from models.codec import decode, encode
from models.refusals import Refusal
from sync_server.bootstrap import VERSION, Home
from sync_server.database import dumps
from sync_server.database.errors import AdvisedTrouble, translated
from sync_server.database.migrate import migrate
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID

_PROGRAM = "00000000-0000-7000-8000-000000000001"
"""Who notes a backup: this program, not a person."""
_ADVICE = {
    "backup_exists": "There is a file of this name already. Name another.",
    "backup_unwritable": "The file cannot be written there.",
    "backup_unreadable": "This is no backup of ours: the file or its note (FILE.json) is missing or not understood.",
    "backup_damaged": "The file is not the one that was written: its SHA-256 differs. Take another copy of it.",
    "backup_keys_differ": "These keys did not write this backup; members' data in it could not be read. "
    "Put the key folder that belongs to it back first.",
    "ledger_present": "There is a ledger here already. Say --replace to lose what is listed above.",
}


class BackupTrouble(AdvisedTrouble):
    """A backup cannot be taken or put back."""

    advice = _ADVICE


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a database of ours holds: its clock and newest audit row, counts, the place of each till's chain by code."""

    at: datetime
    newest: datetime | None
    epoch: str
    facts: int
    transactions: int
    members: int
    tills: dict[str, int]
    backed_up: datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a backup: what was there when it began, the file's digest, and the keys it needs."""

    version: str
    sha256: str
    size_bytes: int
    keys: tuple[str, ...]
    holds: Holdings


def backup(home: Home, file: Path, said: dumps.Said, *, bindir: Path | None = None, noted: bool = True) -> Note:
    """Write a backup to `file` and its note beside it, while others work; returns the note.

    `noted` tells the ledger, so that tills may compact what this backup holds: only for one that is kept.
    Raises `BackupTrouble` backup_exists or backup_unwritable, and `DatabaseTrouble`.
    """
    if file.exists() or _note_of(file).exists():
        raise BackupTrouble("backup_exists", file=file)
    url = home.urls.maintenance
    programs = dumps.tools(url, bindir)
    holds = holdings(url)
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        dumps.dump(url, programs, unfinished, said)
        note = Note(VERSION, _digest(unfinished), unfinished.stat().st_size, _keys(home.keys), holds)
        _write(_note_of(file), encode(note))
        _settle(unfinished)
        unfinished.rename(file)
        _settle(file.parent)
    except OSError as error:
        raise BackupTrouble("backup_unwritable", file=file, reason=error.strerror) from error
    finally:
        unfinished.unlink(missing_ok=True)
    if noted:
        with translated(), psycopg.connect(url) as connection:
            _as_platform(connection)
            connection.execute("SELECT app.note_backup(%s::smallint, %s)", [LEDGER_ID, holds.at])
    return note


def read_note(file: Path) -> Note:
    """What a backup says of itself; trouble backup_unreadable."""
    try:
        if not file.is_file():
            raise BackupTrouble("backup_unreadable", file=file)
        return decode(Note, _note_of(file).read_bytes())
    except (OSError, Refusal) as error:
        raise BackupTrouble("backup_unreadable", file=_note_of(file)) from error


def check(home: Home, file: Path) -> Note:
    """Read note and file again; troubles backup_unreadable, backup_damaged, backup_keys_differ."""
    note = read_note(file)
    if _digest(file) != note.sha256:
        raise BackupTrouble("backup_damaged", file=file)
    if missing := sorted(set(note.keys) - set(_keys(home.keys))):
        raise BackupTrouble("backup_keys_differ", missing=", ".join(missing))
    return note


def lost(note: Note, present: Holdings) -> list[str]:
    """What goes when the backup takes the place of what is there, in lines for a person."""
    here, there = present, note.holds
    lines = [
        f"the backup holds what was there at {_time(there.at)}; the newest row here is of {_time(here.newest)}",
        f"facts {there.facts} instead of {here.facts}, members {there.members} instead of {here.members},"
        f" transactions {there.transactions} instead of {here.transactions}",
        *(
            f"till {code}: back to place {there.tills.get(code, 0)} from {seq}; it sends again what it kept"
            for code, seq in here.tills.items()
            if seq > there.tills.get(code, 0)
        ),
        "what people did at HQ since then comes back from no till: revocations, prices, policies, staff, decisions",
    ]
    if here.backed_up is not None and here.backed_up > there.at:
        lines.append(
            f"A NEWER BACKUP WAS NOTED, of {_time(here.backed_up)}: tills may have dropped what lies between. Use it"
        )
    return lines


def restore(home: Home, file: Path, said: dumps.Said, *, bindir: Path | None = None, replace: bool = False) -> str:
    """Put a backup in the place of what the database holds, begin a new epoch and return it; all or nothing.

    `said` hears what is lost, then each table. Raises `BackupTrouble` as `check`, and ledger_present unless `replace`;
    `DatabaseTrouble` database_serving while a server works on it.
    """
    note = check(home, file)
    url = home.urls.maintenance
    programs = dumps.tools(url, bindir)
    if has_ledger(url):
        for line in lost(note, holdings(url)):
            said(line)
        if not replace:
            raise BackupTrouble("ledger_present")
    dumps.load(url, programs, file, _AFTERWARDS.format(facts=note.holds.facts, transactions=note.holds.transactions,
                                                       ledger=LEDGER_ID), said)  # fmt: skip
    migrate(home.urls)
    return holdings(url).epoch


def begin_epoch(home: Home) -> str:
    """Begin a new epoch after a restore by other means, while no server works; returns it. `DatabaseTrouble`."""
    with translated(), psycopg.connect(home.urls.maintenance) as connection:
        dumps.require_quiet(connection)
        _as_platform(connection)
        connection.execute("SELECT app.begin_epoch(%s::smallint)", [LEDGER_ID])
    return holdings(home.urls.maintenance).epoch


def has_ledger(url: str) -> bool:
    """Whether a schema of ours is there."""
    with translated(), psycopg.connect(url) as connection:
        return connection.execute("SELECT to_regnamespace('app') IS NOT NULL").fetchone() == (True,)


def holdings(url: str) -> Holdings:
    """Count what the database holds; `url` is the maintenance login."""
    with translated(), psycopg.connect(url) as connection:
        row = connection.execute(_HOLDINGS, {"ledger": LEDGER_ID}).fetchone()
    assert row is not None  # noqa: S101 - one row of sums
    return Holdings(*row)


def _as_platform(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute(
        "SELECT set_config('tillkeeper.role', 'platform', true), set_config('tillkeeper.principal_id', %s, true)",
        [_PROGRAM],
    )


def _keys(keys: Keyring) -> tuple[str, ...]:
    return tuple(sorted(key.id for key in (*keys.sealing_keys(), *keys.public_keys())))


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _settle(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _time(moment: datetime | None) -> str:
    return "nothing" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


_HOLDINGS: LiteralString = """
SELECT clock_timestamp(), (SELECT max(e.recorded_at) FROM audit.event_log AS e), app.current_epoch(),
       (SELECT count(*) FROM app.facts), (SELECT count(*) FROM app.transactions), (SELECT count(*) FROM app.members),
       (SELECT coalesce(jsonb_object_agg(t.code, h.seq), '{}') FROM app.terminal_heads AS h
          JOIN app.terminals AS t USING (terminal_id) WHERE h.ledger_id = %(ledger)s),
       (SELECT max(b.taken_at) FROM app.backups AS b WHERE b.ledger_id = %(ledger)s)
"""

# A dump that row security had cut would hold less than was counted before it began.
_AFTERWARDS = """
DO $$ BEGIN
    IF (SELECT count(*) FROM app.facts) < {facts} OR (SELECT count(*) FROM app.transactions) < {transactions} THEN
        RAISE EXCEPTION 'the backup holds less than its note says';
    END IF;
END $$;
SELECT set_config('tillkeeper.role', 'platform', true);
SELECT app.begin_epoch({ledger}::smallint);
"""

"""Print jobs: one row per paper, its state written before the first byte leaves (counter.md, "Paper").

States: `queued` -> `sending` -> `printed` | `not_printed` (no byte was sent; tried again) | `unknown` (bytes were
sent, no fence came back; never tried again by itself) | `handed_over` (to a device that can never answer).
`copy` 0 is the unmarked original; there is one row per slip and copy, so there is one original at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from models.times import format_instant, parse_instant
from models.wire import PRINT_STATES, PrintReport
from pos_app.journal.tables import PRINT_JOBS

STILL_TO_COME = frozenset({"queued", "sending", "not_printed"})
_COLUMNS = (
    PRINT_JOBS.c.job_id,
    PRINT_JOBS.c.seq,
    PRINT_JOBS.c.slip,
    PRINT_JOBS.c.copy,
    PRINT_JOBS.c.kind,
    PRINT_JOBS.c.document,
    PRINT_JOBS.c.kicks_drawer,
    PRINT_JOBS.c.state,
    PRINT_JOBS.c.fault,
    PRINT_JOBS.c.changed_at,
)
_ADD = insert(PRINT_JOBS)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A slip to print: its number, template kind, document text, and whether the drawer opens with it."""

    slip: str
    kind: str
    document: str
    kicks_drawer: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A print job as it stands."""

    job_id: int
    seq: int
    slip: str
    copy: int
    kind: str
    document: str
    kicks_drawer: bool
    state: str
    fault: str | None
    changed_at: datetime


def add(rows: Connection, seq: int, jobs: Sequence[NewJob], at: datetime) -> None:
    """Queue the originals of a fact's slips."""
    for job in jobs:
        _insert(rows, seq, job, 0, at)


def add_copy(rows: Connection, seq: int, original: Job, copy: int, at: datetime) -> None:
    """Queue a marked copy; a drawer kick is never repeated with it."""
    _insert(rows, seq, NewJob(original.slip, original.kind, original.document, False), copy, at)


def next_waiting(rows: Connection, skip: frozenset[int] = frozenset()) -> Job | None:
    """Return the oldest job that still has to leave, those in `skip` left out."""
    statement = select(*_COLUMNS).where(
        PRINT_JOBS.c.state.in_(("queued", "not_printed")), PRINT_JOBS.c.job_id.not_in(skip)
    )
    found = _jobs(rows, statement.order_by(PRINT_JOBS.c.job_id).limit(1))
    return found[0] if found else None


def change(rows: Connection, job_id: int, state: str, fault: str | None, at: datetime) -> None:
    """Write the state of a job."""
    if state not in PRINT_STATES:
        raise ValueError(f"no print state {state!r}")
    rows.execute(
        update(PRINT_JOBS)
        .where(PRINT_JOBS.c.job_id == job_id)
        .values(state=state, fault=fault, changed_at=format_instant(at), reported=0)
    )


def recover(rows: Connection, at: datetime) -> int:
    """After a crash: what was being sent is `unknown`. Returns how many jobs that are."""
    changed = rows.execute(
        update(PRINT_JOBS)
        .where(PRINT_JOBS.c.state == "sending")
        .values(state="unknown", fault="till_restarted", changed_at=format_instant(at), reported=0)
    )
    return changed.rowcount


def unknown_job(rows: Connection, slip: str) -> Job | None:
    """Return the last paper of a slip that is `unknown` and not settled."""
    found = [job for job in of_slip(rows, slip) if job.state == "unknown" and job.fault != "copy_ordered"]
    return found[-1] if found else None


def settle_unknown(rows: Connection, job_id: int, state: str, fault: str, at: datetime) -> None:
    """Write what a person decided about an unknown paper."""
    change(rows, job_id, state, fault, at)


def of_slip(rows: Connection, slip: str) -> tuple[Job, ...]:
    """Return all papers of a slip, the original first."""
    return _jobs(rows, select(*_COLUMNS).where(PRINT_JOBS.c.slip == slip).order_by(PRINT_JOBS.c.copy))


def of_facts(rows: Connection, seqs: Sequence[int]) -> Mapping[int, tuple[Job, ...]]:
    """Return the papers of these facts, by place in the chain."""
    if not seqs:
        return {}
    between = PRINT_JOBS.c.seq.between(min(seqs), max(seqs))
    found: dict[int, tuple[Job, ...]] = {}
    for job in _jobs(rows, select(*_COLUMNS).where(between).order_by(PRINT_JOBS.c.job_id)):
        found[job.seq] = (*found.get(job.seq, ()), job)
    return found


def recent(rows: Connection, limit: int) -> tuple[Job, ...]:
    """Return the last papers, newest first."""
    return _jobs(rows, select(*_COLUMNS).order_by(PRINT_JOBS.c.job_id.desc()).limit(limit))


def unreported(rows: Connection, limit: int) -> tuple[PrintReport, ...]:
    """Return what the server has not heard about paper; jobs in motion are left for later."""
    statement = select(*_COLUMNS).where(PRINT_JOBS.c.reported == 0, PRINT_JOBS.c.state != "sending")
    jobs = _jobs(rows, statement.order_by(PRINT_JOBS.c.job_id).limit(limit))
    return tuple(PrintReport(job.slip, job.copy, job.state, job.changed_at) for job in jobs)


def note_reported(rows: Connection, reports: Sequence[PrintReport]) -> None:
    """The server has these reports; a state that changed meanwhile is reported again."""
    for report in reports:
        rows.execute(
            update(PRINT_JOBS)
            .where(
                PRINT_JOBS.c.slip == report.slip,
                PRINT_JOBS.c.copy == report.copy,
                PRINT_JOBS.c.state == report.state,
                PRINT_JOBS.c.changed_at == format_instant(report.changed_at),
            )
            .values(reported=1)
        )


def report_again(rows: Connection) -> None:
    """After a new ledger epoch the server may have lost every report."""
    rows.execute(update(PRINT_JOBS).values(reported=0))


def _insert(rows: Connection, seq: int, job: NewJob, copy: int, at: datetime) -> None:
    rows.execute(
        _ADD,
        {
            "seq": seq,
            "slip": job.slip,
            "copy": copy,
            "kind": job.kind,
            "document": job.document,
            "kicks_drawer": int(job.kicks_drawer),
            "state": "queued",
            "changed_at": format_instant(at),
            "reported": 0,
        },
    )


def _jobs(rows: Connection, statement: object) -> tuple[Job, ...]:
    found = rows.execute(statement)  # type: ignore[call-overload]
    return tuple(
        Job(
            row.job_id,
            row.seq,
            row.slip,
            row.copy,
            row.kind,
            row.document,
            bool(row.kicks_drawer),
            row.state,
            row.fault,
            parse_instant(row.changed_at),
        )
        for row in found
    )

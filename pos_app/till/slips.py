"""The slips of this till and how far their paper came."""

from pos_app.journal import prints
from pos_app.till.till import Till
from pos_app.till.values import SlipView


def recent(till: Till, limit: int = 50) -> tuple[SlipView, ...]:
    """Return the last slips, newest first, copies included. Fast."""
    with till.journal.reading() as rows:
        return tuple(slip_view(job) for job in prints.recent(rows, limit))


def slip_view(job: prints.Job) -> SlipView:
    """Return a print job as the screens show it."""
    return SlipView(job.slip, job.copy, job.kind, job.state, job.changed_at, job.fault)

"""The outbox screen: each fact, whether the server has it, and its paper."""

from pos_app.journal import outbox, prints
from pos_app.till.slips import slip_view
from pos_app.till.till import Till
from pos_app.till.values import OutboxRow


def rows(till: Till, limit: int = 200) -> tuple[OutboxRow, ...]:
    """Return the last `limit` facts, newest first."""
    with till.journal.reading() as connection:
        entries = outbox.recent(connection, limit)
        jobs = prints.of_facts(connection, [entry.seq for entry in entries])
    return tuple(
        OutboxRow(
            entry.seq,
            entry.kind,
            entry.happened_at,
            entry.state,
            entry.reason,
            entry.decided.tx_no if entry.decided is not None else entry.tx_no,
            tuple(slip_view(job) for job in jobs.get(entry.seq, ())),
            *((entry.decided.decision, entry.decided.reason) if entry.decided is not None else ()),
        )
        for entry in entries
    )

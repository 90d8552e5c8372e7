"""The chips that every screen shows."""

from pos_app.journal import outbox, shifts
from pos_app.journal.identity import read_state
from pos_app.selling.offline_policy import offline_spending
from pos_app.till.redeem import current_policy, sync_age_seconds
from pos_app.till.sign_in import session
from pos_app.till.till import Till
from pos_app.till.values import HeaderView


def header(till: Till) -> HeaderView:
    """Return what the header says now. Fast; works unpaired."""
    paired = till.journal.identity is not None
    person = session(till) if paired else None
    standing = till.clock.standing()
    reachable = till.gateway.reachable
    with till.journal.reading() as rows:
        waiting = outbox.summary(rows)
        shift_open = paired and shifts.open_shift(rows) is not None
        refused = read_state(rows, "refused")
        altered = read_state(rows, "fork") is not None
        spending = (
            offline_spending(reachable, current_policy(till, rows), standing.frozen, sync_age_seconds(till, rows))
            if paired
            else "none"
        )
    return HeaderView(
        store_name=till.journal.store.name if paired else "",
        terminal_code=till.journal.terminal_code if paired else "",
        offline_seconds=None if reachable else standing.age_seconds or 0,
        pending=waiting.pending,
        held=waiting.held,
        oldest_pending_at=waiting.oldest_pending_at,
        printer=till.live.printer,
        printer_detail=till.live.printer_detail,
        scanner=till.live.scanner,
        cashier=person.staff_name if person else None,
        shift_open=shift_open,
        offline_spending=spending,
        refused=refused,
        altered=altered,
        training=till.journal.training,
    )

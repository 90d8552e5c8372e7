"""Turn tills and their queues into what their pages show.

Rule: pure, as `views`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.money import format_money
from sync_server.admin.views import ONLINE_WITHIN, local_time, unit_amount, uses_text
from sync_server.reports.fleet import TerminalRow
from sync_server.reports.orders import OrderRow


@dataclass(frozen=True, slots=True)
class TerminalView:
    """A line of the terminals table; `state` is created | paired | forked | revoked."""

    terminal_id: str
    code: str
    store_name: str
    state: str
    online: bool
    last_seen: str
    seq: int
    backed_up_seq: int
    held: int
    quarantined: int
    alarms: int
    cap: str
    exposure: str
    version: str
    revoked: str
    revoked_why: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """What a revoked till handed in and nobody has decided about: (kind, count, sums) and the whole of it."""

    lines: tuple[tuple[str, int, str], ...]
    count: int
    sums: str


def terminal_view(row: TerminalRow, now: datetime, words: Mapping[str, str], language: str) -> TerminalView:
    """Return a terminal ready to be read."""
    return TerminalView(
        terminal_id=str(row.terminal_id),
        code=row.code,
        store_name=row.store_name,
        state="forked" if row.status == "paired" and row.forked_at is not None else row.status,
        online=row.last_seen_at is not None and now - row.last_seen_at <= ONLINE_WITHIN,
        last_seen=local_time(row.last_seen_at, row.timezone) if row.last_seen_at else "",
        seq=row.seq,
        backed_up_seq=row.backed_up_seq,
        held=row.held,
        quarantined=row.quarantined,
        alarms=row.alarms,
        cap=_units(row.cap, words, language),
        exposure=_units(row.exposure, words, language),
        version=row.version,
        revoked=f"{row.revoked_by} · {local_time(row.revoked_at, row.timezone)}" if row.revoked_at else "",
        revoked_why=row.revoked_why or "",
    )


def queue_view(rows: Sequence[OrderRow], words: Mapping[str, str], language: str) -> QueueView:
    """Return a queue with its sums: money per currency and uses, by kind and in all."""
    kinds = sorted({row.kind for row in rows})
    return QueueView(
        lines=tuple(
            (words[f"kind.{kind}"], len(found), _sums(found, words, language))
            for kind in kinds
            for found in [[row for row in rows if row.kind == kind]]
        ),
        count=len(rows),
        sums=_sums(rows, words, language),
    )


def _sums(rows: Sequence[OrderRow], words: Mapping[str, str], language: str) -> str:
    money: dict[str, int] = {}
    for row in rows:
        if row.currency:
            money[row.currency] = money.get(row.currency, 0) + row.amount_minor
    uses = sum(row.uses for row in rows)
    parts = [format_money(minor, code, language) for code, minor in sorted(money.items())]
    return " · ".join([*parts, uses_text(uses, words)] if uses else parts)


def _units(amounts: Mapping[str, int], words: Mapping[str, str], language: str) -> str:
    return " · ".join(unit_amount(amount, unit, language, words) for unit, amount in amounts.items())

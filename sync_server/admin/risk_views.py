"""Turn alarms, losses and policies into what their pages show.

Rule: pure, as `views`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from models.catalogue import INSTRUMENTS, RiskCaps, name_in
from models.money import format_money
from sync_server.admin.views import local_time, unit_amount
from sync_server.reports.risk import AlarmRow, LossRow, StorePolicy, WorstCase


@dataclass(frozen=True, slots=True)
class AlarmView:
    """A line of the alarms: what, where, when, what to do, and who has seen it."""

    alarm_id: str
    label: str
    event: str
    advice: str
    terminal_code: str
    at: str
    detail: str
    reference: str
    times: str
    seen: tuple[str, ...]
    is_seen: bool
    mine: bool
    closed: str
    note: str


@dataclass(frozen=True, slots=True)
class LossView:
    """A line of the losses."""

    loss_id: str
    tx_no: str
    store_name: str
    terminal_code: str
    member_no: str
    what: str
    amount: str
    left: str
    left_plain: str
    value: str
    value_plain: str
    currency: str
    is_money: bool
    state: str
    reason: str
    happened: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A store's caps: (instrument, caps by dimension), all zero without a policy."""

    store_id: str
    store_name: str
    currency: str
    terminals: int
    version: int
    issued: str
    caps: tuple[tuple[str, Mapping[str, int]], ...]
    allows: tuple[str, ...]


def alarm_view(row: AlarmRow, words: Mapping[str, str], reader: str) -> AlarmView:
    """Return an alarm ready to be read; an event that has no words of its own shows its name."""
    reason = row.data.get("reason")
    event = f"{row.event}_{reason}" if row.event == "held" and isinstance(reason, str) else row.event
    fresh = {name for name, at in row.seen if at >= row.last_at}
    known = ", ".join(
        f"{name}: {value}" for name, value in sorted(row.data.items())
        if isinstance(value, int | str) and not name.endswith("_id") and name != "reason"
    )  # fmt: skip
    label = words.get(f"alarm.{event}") or words.get(f"reason.{reason}") or event
    return AlarmView(
        alarm_id=str(row.alarm_id),
        label=label[:1].upper() + label[1:],
        event=row.event,
        advice=words.get(f"advice.{event}") or words["advice.other"],
        terminal_code=row.terminal_code or "",
        at=local_time(row.last_at, row.timezone),
        detail=", ".join(text for text in (row.subject if row.reference is None else None, known) if text),
        reference=row.reference or "",
        times="" if row.count == 1 else f"{row.count} × · {local_time(row.first_at, row.timezone)} –",
        seen=tuple(f"{name} · {local_time(at, row.timezone)}" for name, at in row.seen),
        is_seen=bool(fresh),
        mine=reader in fresh,
        closed=f"{row.closed_name} · {local_time(row.closed_at, row.timezone)}" if row.closed_at else "",
        note=row.note or "",
    )


def loss_view(row: LossRow, words: Mapping[str, str], language: str) -> LossView:
    """Return a loss ready to be read."""
    money = row.unit == row.currency
    state = "proposed" if row.left and row.proposed_by else "open" if row.left else "written_off"
    return LossView(
        loss_id=str(row.loss_id),
        tx_no=row.tx_no,
        store_name=row.store_name,
        terminal_code=row.terminal_code,
        member_no=row.member_no or "",
        what=words["loss.money"] if money else name_in(dict(row.unit_names or {"en": row.unit}), language),
        amount=unit_amount(row.amount, row.unit, language, words),
        left=unit_amount(row.left, row.unit, language, words),
        left_plain=_plain(row.left) if money else str(row.left),
        value=format_money(row.value_minor, row.currency, language),
        value_plain=_plain(row.value_left_minor),
        currency=row.currency,
        is_money=money,
        state="collected" if state == "written_off" and not row.written_off else state,
        reason=row.reason or "",
        happened=local_time(row.happened_at, row.timezone),
    )


def policy_view(store: StorePolicy, words: Mapping[str, str]) -> PolicyView:
    """Return a store's policy ready to be read."""
    caps = tuple(
        (name, asdict(store.policy.caps(name) if store.policy is not None else RiskCaps())) for name in INSTRUMENTS
    )
    return PolicyView(
        store_id=str(store.store_id),
        store_name=store.store_name,
        currency=store.currency,
        terminals=store.terminals,
        version=store.policy.version if store.policy is not None else 0,
        issued=local_time(store.issued_at, store.timezone) if store.issued_at else "",
        caps=caps,
        allows=tuple(f"{words[f'instrument.{name}']} {found['per_terminal']}" for name, found in caps
                     if found["per_terminal"]),
    )  # fmt: skip


def worst_view(one: WorstCase, words: Mapping[str, str], language: str) -> dict[str, str]:
    """Return one unit's worst case ready to be read."""
    shown = {name: unit_amount(getattr(one, name), one.unit, language, words) for name in ("caps", "reserved", "total")}
    return {"unit": words.get(f"unit.{one.unit}", one.unit), **shown}


def _plain(minor: int) -> str:
    """Minor units of a currency with cents, as a number field takes them."""
    return f"{minor // 100}.{minor % 100:02d}"

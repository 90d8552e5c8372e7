"""Turn what reports found into what a page shows: money, times and words in the person's language.

Rule: pure. Times are shown in the store's own zone; an amount in its own currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.facts import IDENTIFIED
from models.money import format_money
from models.notes import clean_note
from sync_server.reports.fleet import TerminalRow
from sync_server.reports.orders import DayFigures, OrderDetail, OrderRow, Totals

ONLINE_WITHIN = timedelta(seconds=90)
"""A till that spoke to us within this time is online; it speaks at least every 30 s."""
_PRINT_TONES = {"printed": "done", "handed_over": "done", "queued": "wait", "sending": "wait"}
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


@dataclass(frozen=True, slots=True)
class OrderView:
    """A line of the orders table."""

    key: str
    number: str
    slips: str
    store_name: str
    terminal_code: str
    kind: str
    state: str
    reason: str | None
    why: str
    amount: str
    uses: int
    happened: str
    received: str
    delay: str
    decision: str | None
    decided_by: str
    decided: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class RevenueView:
    """One currency's takings today, and by how much they differ from a week ago ("" when there is nothing then)."""

    amount: str
    change: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The four figures on top and the bars of the day."""

    revenue: tuple[RevenueView, ...]
    uses: int
    zero_share: str
    terminals_online: int
    terminals: int
    longest_silence: str
    held: int
    hours: list[dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class StepView:
    """A point of a timeline; `tone`: "done" | "wait" | "warn"."""

    label: str
    detail: str
    at: str
    tone: str


@dataclass(frozen=True, slots=True)
class LineView:
    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class EntryView:
    account: str
    unit: str
    delta: str


@dataclass(frozen=True, slots=True)
class OrderPageView:
    """One order's page."""

    row: OrderView
    timeline: tuple[StepView, ...]
    lines: tuple[LineView, ...]
    about: tuple[tuple[str, str], ...]
    entries: tuple[EntryView, ...]
    evidence: str | None
    identified_by: str | None


def order_view(row: OrderRow, words: Mapping[str, str], language: str) -> OrderView:
    """Return a row ready to be read."""
    return OrderView(
        key=row.key,
        number=row.tx_no or (row.slips[0] if row.slips else row.key[:12]),
        slips=" · ".join(row.slips) if row.tx_no else "",
        store_name=row.store_name,
        terminal_code=row.terminal_code,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        why=words.get(f"reason.{row.reason}", row.reason or ""),
        amount=_money(row.amount_minor, row.currency, language),
        uses=row.uses,
        happened=local_time(row.happened_at, row.timezone),
        received=local_time(row.recorded_at, row.timezone),
        delay=duration(row.recorded_at - row.happened_at, words),
        decision=row.decision,
        decided_by=row.decided_by or "",
        decided=local_time(row.decided_at, row.timezone) if row.decided_at else "",
        decision_reason=row.decision_reason or "",
    )


def overview(
    figures: DayFigures,
    terminals: Sequence[TerminalRow],
    held: int,
    now: datetime,
    words: Mapping[str, str],
    language: str,
) -> OverviewView:
    """Return today at a glance; the hours run from the first to the last with business, at least four."""
    paired = [terminal for terminal in terminals if terminal.status == "paired"]
    seen = [terminal.last_seen_at for terminal in paired if terminal.last_seen_at is not None]
    online = sum(1 for at in seen if now - at <= ONLINE_WITHIN)
    silence = duration(now - min(seen), words) if seen and now - min(seen) > ONLINE_WITHIN else ""
    share = f"{round(100 * figures.zero_price / figures.redemptions)} %" if figures.redemptions else ""
    return OverviewView(
        revenue=tuple(
            RevenueView(_money(today, code, language), f"{(today - before) / before:+.1%}" if before else "")
            for code, today, before in figures.revenue
        ),
        uses=figures.uses,
        zero_share=share,
        terminals_online=online,
        terminals=len(paired),
        longest_silence=silence,
        held=held,
        hours=_hours(figures.hours),
    )


def order_page(
    detail: OrderDetail,
    words: Mapping[str, str],
    language: str,
    company: str = "",
    people: tuple[str, str] = ("", ""),
) -> OrderPageView:
    """Return one order's page; a fact that cannot be read shows what is known around it.

    `company`: whose enterprise card it is about; `people`: cashier and approver; "" when nobody knows here.
    """
    body = detail.fact.get("body")
    said: Mapping[str, Any] = body if isinstance(body, dict) else {}
    evidence = said.get("evidence")
    return OrderPageView(
        row=order_view(detail.row, words, language),
        timeline=_timeline(detail, words),
        lines=_company_line(said, company, words) + _lines(said, detail.row.currency, words, language),
        about=_about(detail.fact, said, people, words),
        entries=tuple(
            EntryView(account, _unit(unit, words), _delta(unit, delta, language))
            for account, unit, delta in detail.entries
        ),
        evidence=str(evidence["rung"]) if isinstance(evidence, dict) and "rung" in evidence else None,
        identified_by=identified_by if (identified_by := said.get("identified_by")) in IDENTIFIED else None,
    )


def _about(
    fact: Mapping[str, Any], said: Mapping[str, Any], people: tuple[str, str], words: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Who did it, why money came back, and whose yes it took."""
    ids = fact.get("cashier_id"), fact.get("approver_id")
    cashier, approver = (name or nobody(one, words) for name, one in zip(people, ids, strict=True))
    comes_back = "original_tx_no" in said or "original_slip" in said
    reason = str(said.get("reason") or "") if comes_back else ""
    lines = (
        (words["about.cashier"], cashier),
        (words["about.why_back"], words.get(f"because.{reason}", reason)),
        (words["about.approver"], approver),
    )
    return tuple(line for line in lines if line[1])


def nobody(named: object, words: Mapping[str, str]) -> str:
    """Return what stands for an id that nobody knows here; "" when none was named."""
    return f"{words['about.unknown']} ({str(named)[:8]})" if named else ""


def backup_line(taken_at: datetime | None, words: Mapping[str, str]) -> str:
    """Return what is known of the database's backups."""
    if taken_at is None:
        return words["terminals.no_backup"]
    return f"{words['terminals.backup']} {local_time(taken_at, 'UTC')}"


def totals_view(totals: Totals, language: str) -> dict[str, object]:
    """Return the sums of a filter ready to be read."""
    amounts = [_money(amount, code, language) for code, amount in totals.amounts]
    return {"count": totals.count, "uses": totals.uses, "amounts": amounts}


def said(code: str, words: Mapping[str, str]) -> str:
    """Return why something was refused, in words; the code itself where there are none."""
    return words.get(f"refused.{code}") or words.get(f"reason.{code}") or f"{words['refused.other']} ({code})"


def duration(span: timedelta, words: Mapping[str, str]) -> str:
    """Return a span in its largest whole unit: 516 s stays "8 min"; a clock ahead of ours shows as 0 s."""
    seconds = max(0, int(span.total_seconds()))
    for unit, length in _UNITS:
        if seconds >= 2 * length or (unit == "seconds"):
            return f"{seconds // length} {words['unit.' + unit]}"
    raise AssertionError("seconds always fit")


def _timeline(detail: OrderDetail, words: Mapping[str, str]) -> tuple[StepView, ...]:
    row = detail.row
    steps = [
        StepView(words["order.recorded"], row.terminal_code, local_time(row.happened_at, row.timezone), "done"),
        StepView(words["order.synced"], "", local_time(row.recorded_at, row.timezone), "done"),
    ]
    if row.reason is not None:
        why = words.get(f"reason.{row.reason}", row.reason)
        steps.append(StepView(words["order.held"], why, local_time(row.recorded_at, row.timezone), "warn"))
    if row.decision is not None and row.decided_at is not None:
        label = f"{words[f'decision.{row.decision}']} · {row.decided_by}"
        detail_text = " · ".join(part for part in (row.tx_no, row.decision_reason) if part)
        steps.append(StepView(label, detail_text, local_time(row.decided_at, row.timezone), "done"))
    elif row.tx_no:
        steps.append(StepView(words["order.posted"], row.tx_no, local_time(row.recorded_at, row.timezone), "done"))
    reported = {slip for slip, _, _, _ in detail.prints}
    for slip, copy, state, at in detail.prints:
        name = f"{slip} · {words['print.copy']} {copy}" if copy else slip
        tone = _PRINT_TONES.get(state, "warn")
        steps.append(
            StepView(f"{words['order.paper']} {name}", words[f"print.{state}"], local_time(at, row.timezone), tone)
        )
    steps += [StepView(f"{words['order.paper']} {slip}", "", "", "wait") for slip in row.slips if slip not in reported]
    return tuple(steps)


def _company_line(said: Mapping[str, Any], company: str, words: Mapping[str, str]) -> tuple[LineView, ...]:
    if not ("top_up_id" in said and said.get("card_id")):
        return ()
    whose = company or str(said["card_id"])[:8]
    return (LineView(f"{words['about.card']} · {words['card.enterprise']} · {whose}", ""),)


def _lines(
    said: Mapping[str, Any], currency: str | None, words: Mapping[str, str], language: str
) -> tuple[LineView, ...]:
    def line(name: str, minor: int) -> LineView:
        return LineView(name, _money(minor, currency, language))

    if "plan_name" in said and "cups" not in said:
        return (line(str(said["plan_name"]), int(said["total_minor"])),)
    if "top_up_id" in said:
        bonus = () if said.get("card_id") else (line(words["line.bonus"], said["bonus_minor"]),)
        return line(words["line.top_up"], said["amount_minor"]), *bonus
    if "original_tx_no" in said:
        given_minor = said["cash_minor"] if said["kind"] == "top_up" else said["amount_minor"]
        where = words["line.handed_out"] if said["kind"] == "top_up" else words["line.back_to_card"]
        return LineView(f"{words['line.refund_of']} {said['original_tx_no']}", ""), line(where, given_minor)
    lines, sign = [], 1
    if "original_slip" in said:
        lines, sign = [LineView(f"{words['line.refund_of']} {said['original_slip']}", "")], -1
    for cup in said.get("cups", ()):
        lines.append(line(str(cup["name"]), sign * cup["base_minor"]))
        for part in cup["add_ons"]:
            charge_minor = (part["quantity"] - part["free"]) * part["unit_price_minor"]
            lines.append(line(f"+ {part['name']} × {part['quantity']}", sign * charge_minor))
        if note := clean_note(str(cup.get("note", ""))):
            lines.append(LineView(f"{words['line.note']}: {note}", ""))
    if "raw_total_minor" in said:
        discount_minor = said["total_minor"] - said["raw_total_minor"]
        lines.append(line(f"{words['line.discount']} × {said['discount']}", discount_minor))
    return tuple(lines)


def _hours(found: Sequence[tuple[int, int, int]]) -> list[dict[str, str | int]]:
    by_hour = {hour: (redemptions, receipts) for hour, redemptions, receipts in found}
    if not by_hour:
        return []
    first = max(0, min(by_hour) - 1)
    last = min(23, max(max(by_hour) + 1, first + 3))
    return [
        {
            "label": f"{hour}:00",
            "redemptions": by_hour.get(hour, (0, 0))[0],
            "receipts": by_hour.get(hour, (0, 0))[1],
        }
        for hour in range(first, last + 1)
    ]


def _money(minor: int, currency: str | None, language: str) -> str:
    return format_money(minor, currency, language) if currency else ""


def unit_amount(amount: int, unit: str, language: str, words: Mapping[str, str]) -> str:
    """Return an amount of money, or a count with its unit ("use", "use/<plan>", "ticket")."""
    if unit in ("CNY", "EUR"):
        return format_money(amount, unit, language)
    return _counted(amount, "unit.ticket", words) if unit == "ticket" else uses_text(amount, words)


def uses_text(count: int, words: Mapping[str, str]) -> str:
    """Return a number of uses: 1 use, 2 uses."""
    return _counted(count, "unit.use", words)


def _counted(count: int, unit: str, words: Mapping[str, str]) -> str:
    return f"{count} {words[unit if count != 1 else f'{unit}.one']}"


def _unit(unit: str, words: Mapping[str, str]) -> str:
    return words["column.uses"] if unit.startswith("use/") else unit


def _delta(unit: str, delta: int, language: str) -> str:
    if unit in ("CNY", "EUR"):
        shown = format_money(delta, unit, language)
        return f"+{shown}" if delta > 0 else shown
    return f"{delta:+d}".replace("-", "−")


def local_time(at: datetime, timezone: str) -> str:
    """Return a moment as the clock of a store's zone shows it; UTC, which is no store's here, says so beside it."""
    shown = at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M:%S")
    return f"{shown} UTC" if timezone == "UTC" else shown

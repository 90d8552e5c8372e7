"""Closed shifts: what each drawer should have held, what was counted, and whether its sums are those of its facts.

Rule: read-only. A Z report is shown in the words of its paper (`printing`): one copy of what its lines are called.
"""

from litestar import Response, get
from litestar.params import FromPath

from models import codec
from models.money import format_money
from printing.slips import SlipContext, slip_documents
from printing.values import Values, local_time, values_of
from printing.words import slip_words
from sync_server.admin.acts import problem
from sync_server.admin.described import refuses
from sync_server.admin.desk import Asker, Desk, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.pages import is_key
from sync_server.admin.rendering import page
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.reports import orders as reports
from sync_server.reports import shifts
from sync_server.reports.shifts import ShiftDetail, ShiftRow


@get("/shifts", include_in_schema=False)
async def shifts_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show the shifts closed last."""
    language = language_of(request)
    async with transaction(hq.pool, user.claims) as connection:
        found, waiting = await shifts.shifts(connection), await reports.waiting(connection)
    return page(
        "shifts", language, user, here="shifts", back="/admin/shifts", waiting=waiting,
        rows=[_line(row, language) for row in found],
    )  # fmt: skip


@get("/shifts/{key:str}", include_in_schema=False)
async def shift_page(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str]) -> Response[str]:
    """Show one Z report beside its facts."""
    language = language_of(request)
    async with transaction(hq.pool, user.claims) as connection:
        detail = await shifts.shift(connection, key) if is_key(key) else None
        waiting = await reports.waiting(connection)
    if detail is None:
        return page("trouble", language, user, error="not_found", status=404)
    return page(
        "shift", language, user, here="shifts", back=f"/admin/shifts/{key}", waiting=waiting,
        row=_line(detail.row, language), z=_z_report(detail.row, language), slip=slip_words(language),
        check=_check(detail, language), agrees=not detail.differs and not detail.missing,
    )  # fmt: skip


@get("/api/shifts", responses=refuses())
async def shift_list(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the shifts closed last, newest first, with their sums and what was counted."""
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"shifts": [_plain(row) for row in await shifts.shifts(connection)]})


@get("/api/shifts/{key:str}", responses=refuses(404))
async def one_shift(hq: Desk, user: Asker, key: FromPath[str]) -> Response[bytes]:
    """Return one shift; `differs` names the sums that are not those of its facts, `missing` counts facts not here."""
    async with transaction(hq.pool, user.claims) as connection:
        detail = await shifts.shift(connection, key) if is_key(key) else None
    if detail is None:
        return problem("not_found", 404)
    return json_answer({**_plain(detail.row), "differs": list(detail.differs), "missing": detail.missing})


def _plain(row: ShiftRow) -> dict[str, object]:
    return {
        "key": row.key,
        "store": row.store.code,
        "terminal": row.terminal_code,
        "cashier": row.cashier,
        "approver": row.approver,
        "held": row.reason,
        "closed_at": row.fact.happened_at,
        **codec.to_plain(row.body),
    }


def _line(row: ShiftRow, language: str) -> dict[str, object]:
    body, slip = row.body, slip_words(language)
    differs = any(item.difference_minor for item in body.counted)
    net_minor = sum(tender.net_minor for tender in body.totals.tenders)
    difference_minor = sum(item.difference_minor for item in body.counted)
    return {
        "key": row.key,
        "number": body.slips[0] if body.slips else row.key[:12],
        "store_name": row.store.name,
        "terminal_code": row.terminal_code,
        "cashier": row.cashier or "",
        "approver": row.approver or "",
        "day": body.business_day,
        "opened": local_time(body.opened_at, row.store.timezone, language),
        "closed": local_time(row.fact.happened_at, row.store.timezone, language),
        "taken": format_money(net_minor, body.currency, language),
        "differs": differs,
        "difference": ("+" if difference_minor > 0 else "") + format_money(difference_minor, body.currency, language),
        "reason": slip.get(f"reason_{body.difference_reason}", slip["reason_other"]) if differs else "",
        "held": hq_words(language).get(f"reason.{row.reason}", row.reason) if row.reason else "",
    }


def _z_report(row: ShiftRow, language: str) -> dict[str, list[Values]]:
    """The lines of its paper, in the reader's language; none of a report that is held: it may say anything."""
    if row.reason is not None:
        return {}
    context = SlipContext(row.store, row.terminal_code, row.cashier or "", None, None, language)
    (document,) = slip_documents(row.fact, row.key, context)
    return {name: list(lines) for name, lines in values_of(document, slip_words(language)).lists.items()}


_CALLED = {
    "float_minor": "float", "paid_in_minor": "paid_in", "paid_out_minor": "paid_out", "dropped_minor": "safe_drop",
    "tenders": "taken", "vat": "vat", "slips": "numbers_used", "card_charged_minor": "card_charged",
}  # fmt: skip
"""What the paper calls a sum that does not count facts."""


def _check(detail: ShiftDetail, language: str) -> str:
    words = hq_words(language)
    if detail.missing:
        return words["shift.missing"].format(n=detail.missing)
    if detail.differs:
        slip = slip_words(language)
        names = [slip[_CALLED.get(name) or f"count_{name}"] for name in detail.differs]
        return words["shift.differs"].format(names=", ".join(names))
    return words["shift.agrees"].format(first=detail.row.body.first_seq, last=detail.row.fact.seq - 1)


HANDLERS = [shifts_page, shift_page, shift_list, one_shift]

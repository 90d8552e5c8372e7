"""Losses that are owed, and the risk policy of each store, as pages.

Rule: parse, ask `reports`, call the rooms below; acts on money and policies are confirmed before they are made.
"""

from collections.abc import Mapping
from dataclasses import astuple, fields

from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from models.catalogue import INSTRUMENTS, TENDER_KINDS, RiskCaps
from models.money import format_money, parse_amount
from models.refusals import Refusal
from sync_server.admin import sessions, views
from sync_server.admin.acts import (
    Confirmation,
    as_id,
    confirm,
    key_of,
    may_decide,
    new_key,
    reason_of,
    status_of,
    whole,
)
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.policy_acts import base_of, changed, issue, named_caps
from sync_server.admin.rendering import page
from sync_server.admin.risk_views import loss_view, policy_view, worst_view
from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words
from sync_server.database.engine import retrying, transaction
from sync_server.intake.held import act_of
from sync_server.ledger import losses
from sync_server.ledger.functions import Plain
from sync_server.reports import orders as reports
from sync_server.reports import risk

Form = URLEncodedBody[dict[str, str]]
DIMENSIONS = tuple(field.name for field in fields(RiskCaps))


@get("/losses", include_in_schema=False)
async def losses_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show what is owed, and what was settled last."""
    language = language_of(request)
    async with transaction(hq.pool, user.claims) as connection:
        owed, settled = await risk.losses(connection), await risk.losses(connection, settled=True)
        waiting = await reports.waiting(connection)
    totals: dict[str, int] = {}
    for row in owed:
        totals[row.currency] = totals.get(row.currency, 0) + row.value_left_minor
    return page(
        "losses", language, user, here="losses", back="/admin/losses", waiting=waiting,
        rows=[loss_view(row, hq_words(language), language) for row in owed],
        settled=[loss_view(row, hq_words(language), language) for row in settled[:50]],
        totals=[format_money(minor, code, language) for code, minor in sorted(totals.items())],
    )  # fmt: skip


@get("/losses/{loss_id:str}", include_in_schema=False)
async def loss_page(request: HttpRequest, hq: Desk, user: Asker, loss_id: FromPath[str]) -> Response[str]:
    """Show one loss with the two ways to settle it."""
    return await _show_loss(request, hq, user, loss_id, {}, None)


@post("/losses/{loss_id:str}/confirm", include_in_schema=False, status_code=200)
async def confirm_loss(
    request: HttpRequest, hq: Desk, user: Asker, loss_id: FromPath[str], data: Form
) -> Response[str]:
    """Say what is about to happen to a loss; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        row = await risk.loss(connection, loss_id) if _is_id(loss_id) else None
        waiting = await reports.waiting(connection)
    how = data.get("how", "")
    try:
        if row is None:
            raise Refusal("loss_unknown")
        shown = loss_view(row, words, language)
        lines = [(words["column.number"], f"{row.tx_no} · {shown.store_name} · {shown.terminal_code}"),
                 (words["loss.left"], shown.left)]  # fmt: skip
        hidden = {"how": how, "key": new_key()}
        if how == "collect":
            money = row.unit == row.currency
            amount = parse_amount(data.get("amount", ""), row.currency) if money else whole(data.get("amount", ""))
            paid = amount if money else parse_amount(data.get("paid", ""), row.currency)
            if not 1 <= amount <= row.left or paid < 1:
                raise Refusal("amount_invalid")
            if paid > row.worth_minor(amount):
                raise Refusal("paid_too_much")
            tender = data.get("tender", "")
            if tender not in TENDER_KINDS:
                raise Refusal("tender_unknown")
            lines += [
                (words["loss.collected"], views.unit_amount(amount, row.unit, language, words)),
                (words["loss.paid"], f"{format_money(paid, row.currency, language)} · {words[f'tender.{tender}']}"),
            ]
            hidden |= {"amount": str(amount), "paid": str(paid), "tender": tender}
        else:
            reason = reason_of(data.get("reason", ""))
            lines += [(words["held.does"], words["loss.write_off_does"]), (words["column.reason"], reason)]
            hidden |= {"reason": reason}
    except Refusal as refusal:
        return await _show_loss(request, hq, user, loss_id, data, refusal.code)
    title = words["loss.collect" if how == "collect" else "loss.write_off"]
    asked = Confirmation(title, tuple(lines), f"/admin/losses/{loss_id}/settle", f"/admin/losses/{loss_id}", hidden)
    answer: Response[str] = confirm(request, user, "losses", waiting, asked)
    return answer


@post("/losses/{loss_id:str}/settle", include_in_schema=False, status_code=200)
async def settle_loss(request: HttpRequest, hq: Desk, user: Asker, loss_id: FromPath[str], data: Form) -> Response[str]:
    """Collect or write off, and show the loss again."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        outcome = await settle(hq, user, loss_id, key_of(data.get("key")), data)
    except Refusal as refusal:
        return await _show_loss(request, hq, user, loss_id, data, refusal.code)
    if outcome["outcome"] == "refused":
        return await _show_loss(request, hq, user, loss_id, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": f"/admin/losses/{loss_id}"})


async def settle(hq: Hq, user: HqUser, loss_id: str, key: str, data: Mapping[str, str]) -> Plain:
    """Collect (`how` collect: amount, tender, paid in minor units) or write off (reason) a loss."""
    how, reason, tender = data.get("how", ""), data.get("reason", ""), data.get("tender", "")
    amount, paid = (whole(data.get(name, "")) if how == "collect" else 0 for name in ("amount", "paid"))
    act = act_of(key, loss_id, how, amount, tender, paid, reason)

    async def once() -> Plain:
        async with transaction(hq.pool, user.claims) as connection:
            if not _is_id(loss_id) or await risk.loss(connection, loss_id) is None:
                raise Refusal("loss_unknown")
            if how == "collect":
                return await losses.collect_loss(connection, act, loss_id, amount, tender, paid)
            return await losses.write_off_loss(connection, act, loss_id, reason)

    return await retrying(once)


async def _show_loss(
    request: HttpRequest, hq: Hq, user: HqUser, loss_id: str, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        row = await risk.loss(connection, loss_id) if _is_id(loss_id) else None
        waiting = await reports.waiting(connection)
    if row is None:
        return page("trouble", language, user, here="losses", error="not_found", waiting=waiting, status=404)
    return page(
        "loss", language, user, here="losses", back=f"/admin/losses/{loss_id}", waiting=waiting,
        loss=loss_view(row, words, language), may=may_decide(user) and row.left > 0, tenders=TENDER_KINDS,
        typed={name: str(text) for name, text in data.items()}, error="" if error is None else views.said(error, words),
        status=200 if error is None else status_of(error),
    )  # fmt: skip


@get("/risk", include_in_schema=False)
async def risk_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show the worst case, and the policy of every store."""
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        stores = await risk.policies(connection)
        worst = await risk.worst_case(connection, stores)
        waiting = await reports.waiting(connection)
    return page(
        "risk", language, user, here="risk", back="/admin/risk", waiting=waiting,
        worst=[worst_view(one, words, language) for one in worst],
        stores=[policy_view(store, words) for store in stores], dimensions=DIMENSIONS,
    )  # fmt: skip


@get("/risk/{store_id:str}", include_in_schema=False)
async def policy_page(request: HttpRequest, hq: Desk, user: Asker, store_id: FromPath[str]) -> Response[str]:
    """Show a store's caps, to be changed."""
    return await _show_policy(request, hq, user, store_id, {}, None)


@post("/risk/{store_id:str}/confirm", include_in_schema=False, status_code=200)
async def confirm_policy(
    request: HttpRequest, hq: Desk, user: Asker, store_id: FromPath[str], data: Form
) -> Response[str]:
    """Say which caps will be in force; nothing is signed yet."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    words = hq_words(language_of(request))
    async with transaction(hq.pool, user.claims) as connection:
        stores = {str(one.store_id): one for one in await risk.policies(connection)}
        waiting = await reports.waiting(connection)
    try:
        if store_id not in stores:
            raise Refusal("store_unknown")
        named, based_on = named_caps(data), base_of(data.get("based_on", ""))
    except Refusal as refusal:
        return await _show_policy(request, hq, user, store_id, data, refusal.code)
    store = stores[store_id]
    before = store.policy
    caps = changed(before, named)
    lines = [(words["column.store"], store.store_name), (words["risk.version"], str(based_on + 1))]
    for name in INSTRUMENTS:
        old = astuple(before.caps(name)) if before is not None else astuple(RiskCaps())
        for dimension, was, will in zip(DIMENSIONS, old, astuple(caps[name]), strict=True):
            if was != will:
                label = f"{words[f'instrument.{name}']} · {words[f'dimension.{dimension}']}"
                lines.append((label, f"{was} → {will}"))
    asked = Confirmation(
        words["risk.issue"],
        tuple(lines),
        f"/admin/risk/{store_id}/issue",
        f"/admin/risk/{store_id}",
        {name: text for name, text in data.items() if name != "csrf_token"} | {"key": new_key()},
    )
    answer: Response[str] = confirm(request, user, "risk", waiting, asked)
    return answer


@post("/risk/{store_id:str}/issue", include_in_schema=False, status_code=200)
async def issue_policy(
    request: HttpRequest, hq: Desk, user: Asker, store_id: FromPath[str], data: Form
) -> Response[str]:
    """Sign the policy and put it in force."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    try:
        named, based_on = named_caps(data), base_of(data.get("based_on", ""))
        outcome = await issue(hq, user, store_id, key_of(data.get("key")), based_on, named)
    except Refusal as refusal:
        return await _show_policy(request, hq, user, store_id, data, refusal.code)
    if outcome["outcome"] == "refused":
        return await _show_policy(request, hq, user, store_id, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": "/admin/risk"})


async def _show_policy(
    request: HttpRequest, hq: Hq, user: HqUser, store_id: str, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        stores = {str(one.store_id): one for one in await risk.policies(connection)}
        waiting = await reports.waiting(connection)
    if store_id not in stores:
        return page("trouble", language, user, here="risk", error="not_found", waiting=waiting, status=404)
    return page(
        "policy", language, user, here="risk", back=f"/admin/risk/{store_id}", waiting=waiting,
        store=policy_view(stores[store_id], words), dimensions=DIMENSIONS, typed=dict(data),
        may=user.role in ("hq", "merchant_owner"), error="" if error is None else views.said(error, words),
        status=200 if error is None else status_of(error),
    )  # fmt: skip


def _is_id(text: str) -> bool:
    try:
        return as_id(text) == text
    except Refusal:
        return False


HANDLERS = [
    losses_page, loss_page, confirm_loss, settle_loss, risk_page, policy_page, confirm_policy,
    issue_policy,
]  # fmt: skip

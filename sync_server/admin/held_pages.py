"""The held queue: which facts wait for a person, what each says, and the decision about one, confirmed first.

Rule: parse, ask `reports`, call `intake.held`; what is allowed is decided there and in the ledger.
"""

from collections.abc import Mapping
from dataclasses import replace

from litestar import Response, get, post
from litestar.params import FromPath, URLEncodedBody

from models.catalogue import mask_name
from models.phones import mask_phone
from models.refusals import Refusal
from sync_server.admin import held_views, sessions, views
from sync_server.admin.acts import Confirmation, as_id, confirm, key_of, may_decide, new_key, reason_of, status_of
from sync_server.admin.desk import Asker, Desk, Hq, HttpRequest, language_of
from sync_server.admin.pages import is_key
from sync_server.admin.rendering import page
from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words
from sync_server.database.engine import Connection, transaction
from sync_server.intake import held
from sync_server.members.known import KnownMember, known
from sync_server.reports import concerned, granted
from sync_server.reports import orders as reports

Form = URLEncodedBody[dict[str, str]]
REJECT_BACK = "reject_back"
"""Choice of the form: reject, and take back what the request was granted."""


@get("/held", include_in_schema=False)
async def held_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show the facts that wait for a person, and what was decided last."""
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        found, decided = await reports.held(connection), await reports.decided(connection)
        waiting, missing = await reports.waiting(connection), await granted.granted(connection)
    return page(
        "held", language, user, here="held", back="/admin/held", waiting=waiting,
        rows=[views.order_view(row, words, language) for row in found],
        decided=[views.order_view(row, words, language) for row in decided],
        granted=[held_views.granted_view(row, words, language) for row in missing],
    )  # fmt: skip


@get("/held/{key:str}", include_in_schema=False)
async def decision_page(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str]) -> Response[str]:
    """Show one held fact, and what can be decided or was decided about it."""
    return await _show(request, hq, user, key, {}, None)


@post("/held/{key:str}/confirm", include_in_schema=False, status_code=200)
async def confirm_decision(
    request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str], data: Form
) -> Response[str]:
    """Say what is about to happen; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    words = hq_words(language_of(request))
    async with transaction(hq.pool, user.claims) as connection:
        detail = await reports.order(connection, key) if is_key(key) else None
        waiting = await reports.waiting(connection)
        try:
            if detail is None:
                raise Refusal("held_unknown")
            wanted = await _wanted(hq, connection, detail.row.kind, data)
            found = await concerned.concerned(connection, hq.keys, detail.fact)
            given = await granted.granted_to(connection, key)
            named = await _named(hq, connection, key, wanted.account, words, language_of(request))
        except Refusal as refusal:
            return await _show(request, hq, user, key, data, refusal.code)
    row = views.order_view(detail.row, words, language_of(request))
    choice = REJECT_BACK if wanted.take_back else wanted.decision
    lines = [
        (words["column.number"], f"{row.number} · {words[f'kind.{row.kind}']} · {row.store_name}"),
        (words["column.amount"], row.amount or "–"),
        *held_views.about(detail, found, words, language_of(request))[:1],
        (words["held.does"], held_views.does(choice, detail, found, words, language_of(request), given)),
        *((words[f"account.{name}"], text) for name, text in named),
        (words["column.reason"], wanted.reason),
    ]
    fields = {"decision": wanted.decision, "reason": wanted.reason, "key": new_key(), **wanted.account}
    fields |= {"take_back": "1"} if wanted.take_back else {}
    asked = Confirmation(words[f"decision.{choice}"], tuple(lines), f"/admin/held/{key}/decide",
                         f"/admin/held/{key}", fields)  # fmt: skip
    shown: Response[str] = confirm(request, user, "held", waiting, asked)
    return shown


@post("/held/{key:str}/find", include_in_schema=False, status_code=200)
async def find_account(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str], data: Form) -> Response[str]:
    """Show the fact with the members that a number or phone means, to choose from; nothing is written."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    return await _show(request, hq, user, key, {**data, "decision": "post_to"}, None)


@post("/held/{key:str}/decide", include_in_schema=False, status_code=200)
async def make_decision(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str], data: Form) -> Response[str]:
    """Decide, and show the fact with what came of it."""
    sessions.check_csrf(user, data.get("csrf_token", ""))
    account = {name: data[name] for name in ("member_id", "pass_id", "plan_id", "card_id") if data.get(name)}
    try:
        if not is_key(key):
            raise Refusal("held_unknown")
        take_back = data.get("take_back") == "1"
        wanted = held.Decision(data.get("decision", ""), data.get("reason", ""), account, take_back)
        outcome = await held.decide(hq.pool, user.claims, key_of(data.get("key")), key, wanted, hq.keys)
    except Refusal as refusal:
        return await _show(request, hq, user, key, data, refusal.code)
    if outcome["outcome"] == "refused":
        return await _show(request, hq, user, key, data, str(outcome["code"]))
    return Response("", status_code=303, headers={"Location": f"/admin/held/{key}"})


async def _wanted(hq: Hq, connection: Connection, kind: str, data: Mapping[str, str]) -> held.Decision:
    take_back = data.get("decision") == REJECT_BACK
    decision = "reject" if take_back else data.get("decision", "")
    if decision not in held.DECISIONS:
        raise Refusal("request_malformed", {"pointer": "/decision"})
    reason = reason_of(data.get("reason", ""))
    account: dict[str, str] = {}
    for name in held.ACCOUNTS.get(kind, ()) if decision == "post_to" else ():
        if text := data.get(name, "").strip():
            account[name] = await _member(hq, connection, text) if name == "member_id" else as_id(text)
    if decision == "post_to" and not account:
        raise Refusal("account_missing")
    return held.Decision(decision, reason, account, take_back)


async def _found(hq: Hq, connection: Connection, text: str) -> list[KnownMember]:
    """Return the members that a person means by id, number or phone."""
    by_phone = [str(member_id) for member_id in await hq.members_by_phone(connection, text)]
    return await known(connection, hq.keys, [text, *by_phone]) if text.strip() else []


async def _member(hq: Hq, connection: Connection, text: str) -> str:
    """Return the one member that a person means; Refusal `member_unknown` unless it is one."""
    found = await _found(hq, connection, text)
    if len(found) != 1:
        raise Refusal("member_unknown")
    return found[0].member_id


async def _accounts(
    hq: Hq, connection: Connection, key: str, about: concerned.Concerned, find: str, words: Mapping[str, str],
    language: str,
) -> dict[str, list[tuple[str, str]]]:  # fmt: skip
    """Return what the fact can go to: its own member's and those of whom a person looked up."""
    members = await _found(hq, connection, find)
    if about.member is not None and about.member not in members:
        members = [about.member, *members]
    passes = await concerned.passes_of(connection, key, [one.member_id for one in members])
    return held_views.choices(members, passes, await concerned.plans(connection, key), words, language)


async def _named(
    hq: Hq, connection: Connection, key: str, account: Mapping[str, str], words: Mapping[str, str], language: str
) -> list[tuple[str, str]]:
    """Return (name, text) of the accounts that were chosen; an id where nothing is known of it."""
    holders = [account["member_id"]] if "member_id" in account else []
    if (pass_id := account.get("pass_id")) and (held_pass := await concerned.pass_of(connection, pass_id)):
        holders = [*holders, held_pass.member_id]
    members = await known(connection, hq.keys, holders)
    passes = await concerned.passes_of(connection, key, holders)
    texts = held_views.choices(members, passes, await concerned.plans(connection, key), words, language)
    return [(name, dict(texts.get(name, ())).get(text, text)) for name, text in account.items()]


async def _show(
    request: HttpRequest, hq: Hq, user: HqUser, key: str, data: Mapping[str, str], error: str | None
) -> Response[str]:
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        detail = await reports.order(connection, key) if is_key(key) else None
        waiting = await reports.waiting(connection)
        if detail is None or detail.row.reason is None:
            return page("trouble", language, user, here="held", error="not_found", waiting=waiting, status=404)
        found = await concerned.concerned(connection, hq.keys, detail.fact)
        if detail.row.kind == "MemberCreated" and (typed := await held.typed_person(connection, key, hq.keys)):
            found = replace(found, typed=f"{mask_name(typed.name)} · {mask_phone(typed.phone)}")
        accounts = await _accounts(hq, connection, key, found, data.get("find", ""), words, language)
        given = await granted.granted_to(connection, key)
    kind = detail.row.kind
    choices = ["post"] if kind in held.ACCOUNTS or kind in held.AS_IS else []
    choices += ["post_to"] if kind in held.ACCOUNTS else []
    choices += ["write_off"] if kind in held.LOSABLE and given is None else []
    choices += ["reject", REJECT_BACK] if given is not None and given.can_be_taken_back else ["reject"]
    return page(
        "held_fact",
        language,
        user,
        here="held",
        back=f"/admin/held/{key}",
        waiting=waiting,
        status=200 if error is None else status_of(error),
        order=views.order_page(detail, words, language, found.company),
        error="" if error is None else views.said(error, words),
        may=may_decide(user),
        about=held_views.about(detail, found, words, language),
        choices=[(one, held_views.does(one, detail, found, words, language, given)) for one in choices],
        accounts=[(name, accounts.get(name)) for name in held.ACCOUNTS.get(kind, ())],
        typed={name: str(text) for name, text in data.items()},
    )


HANDLERS = [held_page, decision_page, confirm_decision, find_account, make_decision]

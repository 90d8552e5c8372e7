"""What people decide, as JSON under `/admin/api`: held facts, losses, risk policies; with the lists they need.

Rule: an act on money or policy names itself by `Idempotency-Key`; a refusal is a problem with its code and data.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import FromPath, JSONBody

from models import codec
from models.catalogue import TENDER_KINDS, mask_name
from models.refusals import Refusal
from sync_server.admin.acts import answered, key_of
from sync_server.admin.described import ID, REASON, TEXT, WHOLE, queries, reads, refuses, words
from sync_server.admin.desk import Asker, Desk, HttpRequest
from sync_server.admin.endpoints import json_answer
from sync_server.admin.pages import is_key
from sync_server.admin.policy_acts import CAP_NAMES, base_of, issue, named_caps
from sync_server.admin.risk_pages import settle
from sync_server.database.engine import transaction
from sync_server.intake import held
from sync_server.ledger import backups
from sync_server.ledger.functions import Plain
from sync_server.members import known, merges, pins
from sync_server.reports import risk

Body = JSONBody[dict[str, Any]]
_DECISION = {
    "decision": words(held.DECISIONS),
    "reason": REASON,
    "account": Schema(
        type=OpenAPIType.OBJECT,
        properties={name: ID for names in held.ACCOUNTS.values() for name in names},
        additional_properties=False,
    ),
    "take_back": Schema(type=OpenAPIType.BOOLEAN),
}
_COLLECTED = {"amount": WHOLE, "paid": WHOLE, "tender": words(TENDER_KINDS)}


@dataclass(frozen=True, slots=True)
class _Taken:
    taken_at: datetime


@post(
    "/api/held/{key:str}",
    status_code=200,
    operation_class=reads(_DECISION, ("decision", "reason")),
    responses=refuses(403, 404, 409, 422),
)
async def decide_held(request: HttpRequest, hq: Desk, user: Asker, key: FromPath[str], data: Body) -> Response[bytes]:
    """Decide about a held fact: `decision`, `reason`, for post_to `account` with member_id, pass_id, plan_id or
    card_id, for reject `take_back`: undo what the request that the fact cites was granted."""
    wanted = codec.from_plain(held.Decision, data)
    if not is_key(key):
        raise Refusal("held_unknown")
    return _told(await held.decide(hq.pool, user.claims, _key(request), key, wanted, hq.keys))


@get("/api/losses", operation_class=queries(("settled",)), responses=refuses())
async def owed(request: HttpRequest, hq: Desk, user: Asker) -> Response[bytes]:
    """Return the losses that are owed; with `?settled=1` those that were collected or written off."""
    settled = request.query_params.get("settled", "") == "1"
    async with transaction(hq.pool, user.claims) as connection:
        return json_answer({"losses": [asdict(row) for row in await risk.losses(connection, settled)]})


@post(
    "/api/losses/{loss_id:str}/collect",
    status_code=200,
    operation_class=reads(_COLLECTED, ("amount", "paid", "tender")),
    responses=refuses(403, 404, 409, 422),
)
async def collect(request: HttpRequest, hq: Desk, user: Asker, loss_id: FromPath[str], data: Body) -> Response[bytes]:
    """Record that `amount` units of a loss were paid: `paid` (minor units) by `tender`."""
    return _told(
        await settle(hq, user, loss_id, _key(request), {**_texts(data, ("amount", "paid", "tender")), "how": "collect"})
    )


@post(
    "/api/losses/{loss_id:str}/write-off",
    status_code=200,
    operation_class=reads({"reason": REASON}, ("reason",)),
    responses=refuses(403, 404, 409, 422),
)
async def write_off(request: HttpRequest, hq: Desk, user: Asker, loss_id: FromPath[str], data: Body) -> Response[bytes]:
    """Give up what is left of a loss, with a `reason`; finance proposes, another person agrees."""
    return _told(await settle(hq, user, loss_id, _key(request), {**_texts(data, ("reason",)), "how": "write_off"}))


@get("/api/backups", responses=refuses())
async def newest_backup(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the newest backup that was noted (null: none), and the server's time, by which backups are noted."""
    async with transaction(hq.pool, user.claims) as connection:
        found = await backups.newest(connection)
    return json_answer({"newest": None if found is None else asdict(found), "server_time": hq.now()})


@post(
    "/api/backups",
    status_code=200,
    operation_class=reads({"taken_at": TEXT}, ("taken_at",), act=False),
    responses=refuses(403, 409),
)
async def note_backup(hq: Desk, user: Asker, data: Body) -> Response[bytes]:
    """Note that a complete backup is kept which began at `taken_at` (UTC, by the server's clock)."""
    taken_at = codec.from_plain(_Taken, data).taken_at
    async with transaction(hq.pool, user.claims) as connection:
        return _told(await backups.note(connection, taken_at))


@get("/api/risk", responses=refuses())
async def policies(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the policy of every store, and the worst case."""
    async with transaction(hq.pool, user.claims) as connection:
        stores = await risk.policies(connection)
        worst = await risk.worst_case(connection, stores)
    return json_answer(
        {
            "stores": [asdict(store) for store in stores],
            "worst_case": [{**asdict(one), "total": one.total} for one in worst],
        }
    )


@post(
    "/api/risk/{store_id:str}",
    status_code=200,
    operation_class=reads({"based_on": WHOLE, **dict.fromkeys(CAP_NAMES, WHOLE)}, ("based_on",)),
    responses=refuses(403, 404, 409, 422),
)
async def set_policy(
    request: HttpRequest, hq: Desk, user: Asker, store_id: FromPath[str], data: Body
) -> Response[bytes]:
    """Put a store's next policy in force: `based_on` (the version in force, 0 for none) and the caps by name,
    "uses.per_operation" and so on, at least one; what is not named stays as it is in that version."""
    texts = _texts(data, ("based_on", *CAP_NAMES))
    caps, based_on = named_caps(texts), base_of(texts.get("based_on", ""))
    if not caps:
        raise Refusal("request_malformed", {"pointer": ""})
    return _told(await issue(hq, user, store_id, _key(request), based_on, caps))


@get("/api/merges")
async def merged_members(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the members that tills made twice, newest first; names masked, and whether what was typed last differs."""
    async with transaction(hq.pool, user.claims) as connection:
        found = await merges.merges(connection, hq.keys)
    return json_answer({"merges": [_merge(one) for one in found]})


@post("/api/members/{member:str}/clear-pin", status_code=200, responses=refuses(403, 404, 409))
async def clear_pin(hq: Desk, user: Asker, member: FromPath[str]) -> Response[bytes]:
    """Take the PIN of a member away who forgot it; `member` is their number or id."""
    async with transaction(hq.pool, user.claims) as connection:
        found = await known.known(connection, hq.keys, [member])
    if not found:
        raise Refusal("member_unknown")
    await pins.clear_pin(hq.pool, user.claims, found[0].member_id)
    return json_answer({"outcome": "accepted", "member_no": found[0].member_no})


def _merge(one: merges.Merge) -> Plain:
    return {
        "alias_id": one.alias_id,
        "member_id": one.member_id,
        "member_no": one.member_no,
        "terminal_code": one.terminal_code,
        "merged_at": codec.to_plain(one.merged_at),
        "name": mask_name(one.name),
        "typed_name": mask_name(one.typed_name),
        "differs": one.differs,
    }


def _key(request: HttpRequest) -> str:
    return key_of(request.headers.get("idempotency-key"))


def _texts(data: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    """Return the fields as texts; Refusal `request_malformed` {pointer} for an unknown one, or one that is neither text
    nor whole number."""
    for name, value in data.items():
        if name not in known or isinstance(value, bool) or not isinstance(value, str | int):
            raise Refusal("request_malformed", {"pointer": f"/{name}"})
    return {name: str(value) for name, value in data.items()}


def _told(outcome: Plain) -> Response[bytes]:
    return answered(outcome) or json_answer(outcome)


HANDLERS = [
    decide_held, owed, collect, write_off, policies, set_policy, newest_backup, note_backup, merged_members,
    clear_pin,
]  # fmt: skip

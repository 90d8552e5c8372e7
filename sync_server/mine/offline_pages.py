"""When the shop has no network: set something aside for the till in front of one, show the signed code, give it back.

Rule: only the ledger decides what may be set aside (members.reserving); only the till ends it. What a page says of a
reservation is what the server has heard, and it says so.
"""

import re
from uuid import uuid4

from litestar import Response, get, post
from litestar.params import FromPath

from models.money import parse_amount
from models.refusals import Refusal
from sync_server.database.engine import transaction
from sync_server.members import codes, own, own_sessions, reserving
from sync_server.members.own import Till
from sync_server.members.own_sessions import SignedInMember
from sync_server.members.reserving import LIMITS
from sync_server.mine.desk import Desk, Form, HttpRequest, Me, Mine, check_origin
from sync_server.mine.pages import reader_of
from sync_server.mine.rendering import code_picture, page, redirect
from sync_server.mine.set_aside import asides, shown
from sync_server.mine.views import card_view, pass_view

_TILL = re.compile(r"(?:.*/m/t/)?([A-Z0-9]{2,8})", re.DOTALL)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAID = {code: code for code in ("reservations_too_many", "uses_exhausted", "balance_insufficient", "amount_invalid")}
_OUT_OF_SERVICE = dict.fromkeys(("terminal_revoked", "terminal_forked", "terminal_unknown"), "terminal_revoked")
SNAPSHOT_HOURS = round(codes.SNAPSHOT_VALID.total_seconds() / 3600)


@get("/offline", include_in_schema=False)
async def offline_page(request: HttpRequest, mine: Desk, me: Me) -> Response[str]:
    """Show what is set aside now, and the ways to a till."""
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        levels = await own.levels(connection)
    return page(
        "offline",
        reader.language,
        me,
        tab="offline",
        aside=await asides(mine, me, reader),
        merchants=[{"id": one.merchant_id, "name": one.name} for one in levels],
        hours=SNAPSHOT_HOURS,
    )


@get("/t", include_in_schema=False, status_code=200)
async def find_till(request: HttpRequest, me: Me) -> Response[str]:  # noqa: ARG001 - for who is signed in
    """Lead to the till whose code was typed, or pasted with its whole address."""
    match = _TILL.fullmatch(request.query_params.get("code", "").strip().upper().replace("/M/T/", "/m/t/")[-80:])
    return redirect(f"/m/t/{match[1]}" if match else "/m/t/0")


@get("/t/{code:str}", include_in_schema=False)
async def till_page(request: HttpRequest, mine: Desk, me: Me, code: FromPath[str]) -> Response[str]:
    """Offer what can be set aside for a till."""
    return await _till_page(request, mine, me, code)


@post("/t/{code:str}", include_in_schema=False, status_code=200)
async def set_aside(request: HttpRequest, mine: Desk, me: Me, code: FromPath[str], data: Form) -> Response[str]:
    """Set uses or an amount aside for a till, once for each time the page was opened."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    kind, _, source = data.get("source", "").partition(" ")
    key = data.get("key", "")
    if kind not in ("pass", "card") or not _ID.fullmatch(source) or not _ID.fullmatch(key):
        return await _till_page(request, mine, me, code, error="reserve.choose")
    async with transaction(mine.pool, me.claims) as connection:
        till = await own.till(connection, code)
    if till is None:
        raise Refusal("terminal_unknown")
    try:
        amount = _amount(data.get(f"amount {source}", ""), kind, till)
        made = await reserving.reserve_for_till(
            mine.pool, mine.keys, me.member_id, till.code, kind, source, amount, key
        )
    except Refusal as refusal:
        said = (_SAID | _OUT_OF_SERVICE).get(refusal.code, "other")
        return await _till_page(request, mine, me, code, error=f"reserve.{said}")
    return redirect(f"/m/set-aside/{made.reservation_id}")


@get("/set-aside/{reservation_id:str}", include_in_schema=False)
async def reserved_page(request: HttpRequest, mine: Desk, me: Me, reservation_id: FromPath[str]) -> Response[str]:
    """Show the signed code of something set aside, or that it is no more."""
    reader = reader_of(request, mine)
    found = next(
        (one for one in await reserving.open_reservations(mine.pool, me.member_id)
         if one.reservation_id == reservation_id),
        None,
    )  # fmt: skip
    picture = code_picture(found.token, reader.words["reserve.picture"]) if found and found.token else None
    one = (await shown(mine, me, reader, [found]))[0] if found else None
    return page("set_aside", reader.language, me, tab="offline", status=200 if found else 404, one=one, code=picture)


@post("/set-aside/{reservation_id:str}/give-back", include_in_schema=False, status_code=200)
async def give_back(
    request: HttpRequest, mine: Desk, me: Me, reservation_id: FromPath[str], data: Form
) -> Response[str]:
    """Ask the till to give up what it has not used."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    if not _ID.fullmatch(reservation_id):
        raise Refusal("reservation_unknown")
    try:
        await reserving.give_back(mine.pool, me.member_id, reservation_id)
    except Refusal as refusal:
        if refusal.code != "reservation_closed":
            raise
    return redirect(f"/m/set-aside/{reservation_id}")


@get("/snapshot/{merchant_id:str}", include_in_schema=False)
async def snapshot_page(request: HttpRequest, mine: Desk, me: Me, merchant_id: FromPath[str]) -> Response[str]:
    """Show the signed code that says what one holds at a merchant; what it is good for at a till, HQ decides."""
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        known = next((one for one in await own.levels(connection) if one.merchant_id == merchant_id), None)
    if known is None:
        raise Refusal("member_unknown")
    text = await codes.snapshot_code(mine.pool, mine.keys, me.member_id, merchant_id, mine.now())
    picture = code_picture(text, reader.words["snapshot.picture"])
    return page("snapshot", reader.language, me, tab="offline", merchant=known.name, code=picture, hours=SNAPSHOT_HOURS)


async def _till_page(request: HttpRequest, mine: Mine, me: SignedInMember, code: str, error: str = "") -> Response[str]:
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        till = await own.till(connection, code[:8].upper())
        passes, cards = await own.passes(connection), await own.cards(connection)
    if till is None:
        raise Refusal("terminal_unknown")
    aside = await asides(mine, me, reader)
    usable = till.status == "paired"
    spendable = [
        card_view(card, reader)
        for card in cards
        if card.role != "member" and card.currency == till.currency and card.balance > 0
    ]
    return page(
        "till",
        reader.language,
        me,
        tab="offline",
        status=422 if error else 200,
        till=till,
        usable=usable,
        passes=[
            {**pass_view(one, reader), "most": min(one.uses_left, LIMITS.uses)}
            for one in passes
            if one.merchant_id == till.merchant_id and one.status == "active" and one.uses_left
        ],
        cards=[card for card in spendable if card["usable"]],
        here=[one for one in aside if one["terminal"] == till.code],
        key=str(uuid4()),
        hours=round(LIMITS.valid.total_seconds() / 3600),
        limit=LIMITS.open_at_once,
        error=reader.words[error].format(limit=LIMITS.open_at_once) if error else "",
    )


def _amount(text: str, kind: str, till: Till) -> int:
    """Read how much; Refusal `amount_invalid`."""
    if kind == "card":
        amount = parse_amount(text[:20], till.currency)
    else:
        amount = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    if amount < 1:
        raise Refusal("amount_invalid")
    return amount


HANDLERS = [offline_page, find_till, till_page, set_aside, reserved_page, give_back, snapshot_page]

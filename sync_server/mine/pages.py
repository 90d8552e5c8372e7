"""What a member looks at every day: the code for the till, cards and passes, and what happened.

Rule: every page needs a session; every form carries the session's own token. A page never makes a code by being looked
at: a code is asked for by a form, so that a reload does not void the one before the scanner.
"""

import re
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from models import codec
from models.refusals import Refusal
from models.times import format_instant, parse_instant
from sync_server.cards import codes
from sync_server.database.engine import transaction
from sync_server.members import own, own_sessions
from sync_server.members.own_sessions import SignedInMember
from sync_server.mine import views
from sync_server.mine.desk import Desk, Form, HttpRequest, Me, Mine, check_origin, language_of
from sync_server.mine.rendering import code_picture, page
from sync_server.mine.set_aside import asides
from sync_server.mine.views import Reader, card_view, level_view, pass_view
from sync_server.mine.words import member_words

HISTORY_ROWS = 20
_PLACE = re.compile(r"([0-9TZ:.\-]{20,32})~([0-9a-f\-]{36})")


def reader_of(request: HttpRequest, mine: Mine) -> Reader:
    """Return who reads this page."""
    language = language_of(request)
    return Reader(language, member_words(language), mine.now())


@get("/", include_in_schema=False)
async def code_page(request: HttpRequest, mine: Desk, me: Me) -> Response[str]:
    """Show the place of the code, and what one holds."""
    return await _code_page(request, mine, me, request.query_params.get("card", ""))


@post("/code", include_in_schema=False, status_code=200)
async def new_code(request: HttpRequest, mine: Desk, me: Me, data: Form) -> Response[str] | Response[bytes]:
    """Make a new code of one's own card, or of a company's that one looks after; the one before is void."""
    check_origin(request)
    own_sessions.check_csrf(me, data.get("csrf_token", ""))
    async with transaction(mine.pool, me.claims) as connection:
        card = _chosen(await own.cards(connection), data.get("card", ""))
    kind: codes.CardType = "enterprise" if card.card_type == "enterprise" else "personal"
    made = await codes.rotate_code(mine.pool, me.claims, card.card_id, kind)
    seconds = views.instant_seconds(made.expires_at, mine.now())
    words = member_words(language_of(request))
    picture = code_picture(made.text, words["code.picture"])
    if "application/json" in request.headers.get("accept", ""):
        plain = {"svg": str(picture), "groups": views.in_groups(made.text), "seconds": seconds}
        return Response(codec.encode(plain), media_type="application/json", headers={"Cache-Control": "no-store"})
    shown = {"svg": picture, "groups": views.in_groups(made.text), "minutes": seconds // 60}
    return await _code_page(request, mine, me, card.card_id, shown)


async def _code_page(
    request: HttpRequest, mine: Mine, me: SignedInMember, card_id: str, code: dict[str, object] | None = None
) -> Response[str]:
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        person = await own.person(connection, mine.keys, me.member_id)
        cards, levels = await own.cards(connection), await own.levels(connection)
        passes = await own.passes(connection)
    card = _chosen(cards, card_id)
    return page(
        "code",
        reader.language,
        me,
        tab="code",
        back=f"/m/?card={card_id}" if card_id else "/m/",
        person=person,
        card=card_view(card, reader),
        levels=[level_view(one, reader) for one in levels],
        passes=[pass_view(one, reader) for one in passes if one.status == "active" and one.uses_left][:3],
        code=code,
    )


def _chosen(cards: list[own.OwnCard], card_id: str) -> own.OwnCard:
    """Return the card to show a code of: one's own, or the named one. Refusals: `card_unknown`, `not_admin`."""
    found = next((card for card in cards if card_id in ("", card.card_id)), None)
    if found is None:
        raise Refusal("card_unknown")
    if found.role == "member":
        raise Refusal("not_admin")
    return found


@get("/wallet", include_in_schema=False)
async def wallet_page(request: HttpRequest, mine: Desk, me: Me) -> Response[str]:
    """Show every card and pass, and what is set aside of them."""
    reader = reader_of(request, mine)
    async with transaction(mine.pool, me.claims) as connection:
        cards, levels = await own.cards(connection), await own.levels(connection)
        passes = await own.passes(connection)
    aside: dict[str, list[dict[str, object]]] = {}
    for one in await asides(mine, me, reader):
        aside.setdefault(str(one["source"]), []).append(one)
    return page(
        "wallet",
        reader.language,
        me,
        tab="wallet",
        back="/m/wallet",
        cards=[card_view(card, reader, aside.get(card.card_id, [])) for card in cards],
        levels=[level_view(one, reader) for one in levels],
        passes=[pass_view(one, reader, aside.get(one.pass_id, [])) for one in passes],
    )


@get("/history", include_in_schema=False)
async def history_page(request: HttpRequest, mine: Desk, me: Me) -> Response[str]:
    """Show what happened, newest first, a page at a time."""
    reader = reader_of(request, mine)
    before = _place_of(request.query_params.get("before", ""))
    async with transaction(mine.pool, me.claims) as connection:
        found = await own.history(connection, before, HISTORY_ROWS + 1)
    shown = found[:HISTORY_ROWS]
    more = f"{format_instant(shown[-1].happened_at)}~{shown[-1].id}" if len(found) > len(shown) else ""
    return page(
        "history",
        reader.language,
        me,
        tab="history",
        back="/m/history",
        days=views.days_of(shown, reader),
        more=more,
        first=before is None,
    )


def _place_of(text: str) -> tuple[datetime, UUID] | None:
    """Read where a page of the history begins; what is no such place is the beginning."""
    match = _PLACE.fullmatch(text)
    try:
        return (parse_instant(match[1]), UUID(match[2])) if match else None
    except ValueError:
        return None


@get("/code", include_in_schema=False, status_code=303)
async def code_again() -> Redirect:
    """A reload of the page with a code asks for another one there."""
    return Redirect("/m/", status_code=303)


HANDLERS = [code_page, new_code, code_again, wallet_page, history_page]

"""The demo's page of members' codes, to hold before a till's camera. Only under `serve --demo`.

Rule: it shows names and hands out codes to anybody, so it must never run beside real members.
"""

import io
from datetime import UTC
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from models.catalogue import name_in
from models.phones import mask_phone
from models.refusals import Refusal
from models.tokens import SHORT_CODE_SECONDS
from sync_server.api.rooms import Rooms
from sync_server.members import codes
from sync_server.members.wallets import Wallet, wallets

REFRESH_SECONDS = SHORT_CODE_SECONDS - 120
_PIXELS = {"short": 12, "snapshot": 6}
_QUIET_MODULES = 4
_LANGUAGE = "zh-CN"


@get("/demo/members", media_type=MediaType.HTML, include_in_schema=False)
async def members_page(rooms: NamedDependency[Rooms]) -> Response[str]:
    """Show every member's card with both faces of their code."""
    merchants: dict[str, list[dict[str, object]]] = {}
    for wallet in await wallets(rooms.pool, rooms.keys):
        merchants.setdefault(wallet.merchant_name, []).append(_card(wallet))
    html = (
        _template_environment()
        .get_template("demo_members.html")
        .render(merchants=merchants, refresh_seconds=REFRESH_SECONDS)
    )
    return Response(html, media_type=MediaType.HTML, headers={"Cache-Control": "no-store"})


@get("/demo/members/{member_id:str}/code.png", include_in_schema=False)
async def code_picture(
    rooms: NamedDependency[Rooms],
    member_id: FromPath[str],
    face: FromQuery[str] = "short",
    merchant: FromQuery[str] = "",
) -> Response[bytes]:
    """Draw a fresh code of a member: `face` short (the one before is void) or snapshot (at a merchant's tills).

    Refusals: `member_unknown`, `request_malformed` for another face.
    """
    if face not in _PIXELS:
        raise Refusal("request_malformed", {"pointer": "/face"})
    known = [found for found in await wallets(rooms.pool, rooms.keys) if found.member_id == member_id]
    at = [found for found in known if merchant in ("", found.merchant_id)]
    if not at:
        raise Refusal("member_unknown")
    if face == "short":
        text = await codes.rotate_code(rooms.pool, member_id)
    else:
        text = await codes.snapshot_code(rooms.pool, rooms.keys, member_id, at[0].merchant_id, rooms.now())
    drawn = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(
        drawn, kind="png", scale=_PIXELS[face], border=_QUIET_MODULES
    )
    return Response(drawn.getvalue(), media_type="image/png", headers={"Cache-Control": "no-store"})


HANDLERS = (members_page, code_picture)


@cache
def _template_environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _card(wallet: Wallet) -> dict[str, object]:
    return {
        "picture": f"/demo/members/{wallet.member_id}/code.png?merchant={wallet.merchant_id}",
        "name": wallet.name,
        "phone": wallet.phone,
        "masked": mask_phone(wallet.phone),
        "number": wallet.member_no,
        "passes": [
            {
                "name": name_in(held.names, _LANGUAGE),
                "status": held.status,
                "left": held.uses_left,
                "bought": held.uses_bought,
                "share": round(100 * held.uses_left / held.uses_bought) if held.uses_bought else 0,
                "until": held.expires_at.astimezone(UTC).date().isoformat(),
            }
            for held in wallet.passes
        ],
    }

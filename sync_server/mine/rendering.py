"""Turn values into HTML for the member's language, and codes into pictures.

Rule: autoescape is on; a template only places words and values that arrive ready to be read. No script or style stands
in a page: the policy in the headers forbids it. Static files carry the hash of their content and are kept for a year.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from markupsafe import Markup

from sync_server.members.own_sessions import SignedInMember
from sync_server.mine.words import member_words

LANGUAGE_LABELS = (("zh-CN", "中文"), ("es-ES", "Español"), ("en", "English"))
TABS = (("code", "/m/"), ("wallet", "/m/wallet"), ("offline", "/m/offline"), ("history", "/m/history"), ("me", "/m/me"))
STATIC = Path(__file__).with_name("static")
QUIET_MODULES = 4
"""White modules around a code (ISO/IEC 18004)."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals["static"] = static
    return made


@cache
def static(name: str) -> str:
    """Return the address of a static file."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/m/static/{name}?v={digest}"


def page(
    name: str, language: str, member: SignedInMember | None, *, status: int = 200, tab: str = "", **values: Any
) -> Response[str]:
    """Render `templates/<name>.html`; `tab` is the place in the bar below."""
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            words=member_words(language),
            language=language,
            languages=LANGUAGE_LABELS,
            member=member,
            tabs=TABS,
            tab=tab,
            **{"back": "/m/", **values},
        )
    )
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=HEADERS)


def redirect(path: str, **options: Any) -> Response[str]:
    """Send the browser on with a GET."""
    return Response("", status_code=303, headers={"Location": path, "Cache-Control": "no-store"}, **options)


def code_picture(text: str, label: str) -> Markup:
    """Draw a code as SVG, black on white in every theme, with its quiet zone."""
    code = segno.make_qr(text, error="m", boost_error=False)
    drawn = code.svg_inline(border=QUIET_MODULES, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    named = Markup('<svg role="img" aria-label="{}" shape-rendering="crispEdges"').format(label)
    return named + Markup(drawn.removeprefix("<svg"))  # noqa: S704 - made of numbers by segno

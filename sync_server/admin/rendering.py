"""Turn values into HTML for the signed-in person's language.

Rule: autoescape is on; a template only places words and values that arrive ready to be read.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from sync_server.admin.sessions import HqUser
from sync_server.admin.words import hq_words

LANGUAGE_LABELS = (("zh-CN", "中文"), ("es-ES", "ES"), ("en", "EN"))
PLACES = ("orders", "shifts", "held", "alarms", "losses", "risk", "aside", "terminals")
STATIC = Path(__file__).with_name("static")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(
    name: str, language: str, user: HqUser | None, *, status: int = 200, back: str = "/admin/orders", **values: Any
) -> Response[str]:
    """Render `templates/<name>.html`; `back` is where choosing a language returns to."""
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            words=hq_words(language),
            language=language,
            languages=LANGUAGE_LABELS,
            user=user,
            back=back,
            here=values.pop("here", ""),
            places=[(place, values.get("waiting", {}).get(place, 0)) for place in PLACES],
            **values,
        )
    )
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=_HEADERS)

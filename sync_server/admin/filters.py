"""Read the orders filter from a page's query, and write it back into links.

Rule: what cannot be understood is left out and said so (`ignored`); nothing a browser sends is an error page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from models.times import format_instant, parse_instant
from sync_server.reports.orders import TRADE_KINDS, OrderFilter, OrderRow

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ReadFilter:
    """A filter, and the plain texts that the form shows again."""

    wanted: OrderFilter
    shown: dict[str, str]
    ignored: bool


def read_filter(query: Mapping[str, str]) -> ReadFilter:
    """Return what the query asks for."""
    shown = {name: _printable(query.get(name, "")) for name in ("search", "store", "state", "kind", "day")}
    wanted, ignored = OrderFilter(search=shown["search"]), False
    try:
        if shown["store"]:
            wanted = replace(wanted, store_id=UUID(shown["store"]))
        if shown["day"]:
            wanted = replace(wanted, day=date.fromisoformat(shown["day"]))
        if query.get("before"):
            at, _, key = query["before"].partition("~")
            if not _KEY.fullmatch(key):
                raise ValueError("no place in the list")
            wanted = replace(wanted, before=(parse_instant(at), key))
    except ValueError:
        ignored = True
    if shown["state"] in ("posted", "held"):
        wanted = replace(wanted, state=shown["state"])
    if shown["kind"] in TRADE_KINDS:
        wanted = replace(wanted, kind=shown["kind"])
    ignored = ignored or (shown["state"], shown["kind"]) != (wanted.state, wanted.kind)
    return ReadFilter(wanted, shown, ignored)


def query_of(shown: Mapping[str, str], after: OrderRow | None = None) -> str:
    """Return the query string of this filter; with `after` the page that continues below that row."""
    query = {name: text for name, text in shown.items() if text}
    if after is not None:
        query["before"] = f"{format_instant(after.happened_at)}~{after.key}"
    return urlencode(query)


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()[:60]

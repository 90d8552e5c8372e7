"""Which part of the rows a request wants and in which form, by its headers; and the answer in that form.

Rule: pure. Ranges count from 0 and include their end, as in Content-Range.
"""

import json
import re
from dataclasses import dataclass

from sync_server.supabase.door import Answer, HttpRequest
from sync_server.supabase.failures import database_error
from sync_server.supabase.reading import Page

_OBJECT = "application/vnd.pgrst.object+json"
_LISTS = ("application/json", "application/*", "*/*", "application/vnd.pgrst.array+json")
_RANGE = re.compile(r"(?:items=)?([0-9]{1,15})-([0-9]{1,15})?")
_COUNTS = ("exact", "planned", "estimated")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`single`: one row as an object; `limit` None: as many as there may be; `count` None: none asked for."""

    single: bool
    count: str | None
    limit: int | None
    offset: int


def wanted(request: HttpRequest) -> Wanted:
    """Return what the headers ask for. Denied for a form that is not offered, or a range that is none."""
    single = _is_single(request.headers.get("accept", ""))
    preferred = [one.strip().lower() for one in request.headers.get("prefer", "").split(",")]
    count = next((one.removeprefix("count=") for one in preferred if one.startswith("count=")), None)
    limit, offset = None, 0
    if found := _RANGE.fullmatch(request.headers.get("range", "").strip()):
        offset = int(found[1])
        limit = int(found[2]) - offset + 1 if found[2] else None
        if limit is not None and limit < 1:
            raise database_error(
                416, "PGRST103", "Requested range not satisfiable", "The lower boundary is above the upper"
            )
    return Wanted(single, count if count in _COUNTS else None, limit, offset)


def as_asked(page: Page, asked: Wanted, offset: int) -> Answer:
    """Return a page as the answer: whole or in part (206), alone (406 unless it is one row), beyond the end (416)."""
    if asked.single and page.rows != 1:
        raise database_error(
            406, "PGRST116", "Cannot coerce the result to a single JSON object", f"The result contains {page.rows} rows"
        )
    if page.total is not None and offset > page.total:
        raise database_error(
            416, "PGRST103", "Requested range not satisfiable",
            f"An offset of {offset} was requested, but there are only {page.total} rows.",
            headers={"Content-Range": f"*/{page.total}"},
        )  # fmt: skip
    total = "*" if page.total is None else str(page.total)
    span = f"{offset}-{offset + page.rows - 1}" if page.rows else "*"
    headers = {"Content-Range": f"{span}/{total}", "Range-Unit": "items"}
    if asked.count is not None:
        headers["Preference-Applied"] = f"count={asked.count}"
    status = 206 if page.total is not None and page.rows < page.total else 200
    if asked.single:
        headers["Content-Type"] = f"{_OBJECT}; charset=utf-8"
        return Answer(status, page.text[1:-1], headers)
    return Answer(status, page.text, headers)


def _is_single(accept: str) -> bool:
    """Whether the first form that is offered is the single object. Denied: none is."""
    kinds = [one.split(";") for one in accept.lower().split(",") if one.strip()]
    for kind, *parameters in kinds:
        plain = not any("nulls" in one for one in parameters)
        if kind.strip() == _OBJECT and plain:
            return True
        if kind.strip() in _LISTS and plain:
            return False
    if kinds:
        names = json.dumps(accept[:120])[1:-1]
        raise database_error(406, "PGRST107", f"None of these media types are available: {names}")
    return False

"""Say no as PostgREST does: its own codes, Postgres's, and P0001 for what the ledger refuses.

Rule: {code, details, hint, message}. Of Postgres's own words only those about the request are passed on; what broke
inside is logged and stays inside. https://docs.postgrest.org/en/stable/references/errors.html
"""

import difflib
import json
import logging
from collections.abc import Collection, Mapping

import psycopg

from models import codec
from models.refusals import Refusal
from sync_server.database.errors import DatabaseTrouble
from sync_server.supabase.door import Answer, Denied
from sync_server.supabase.query import QueryTrouble

_STATUS = {"42501": 403, "42883": 404, "42P01": 404, "25006": 405, "23503": 409, "23505": 409, "53400": 500,
           "08": 503, "53": 503, "0L": 403, "0P": 403, "28": 403, "22": 400, "42": 400, "P0001": 400}  # fmt: skip
_ABOUT_THE_REQUEST = ("22", "42", "25006", "P0001")
_PERMISSION = frozenset({"permission_missing"})
_LOG = logging.getLogger("sync_server.supabase")


def database_error(
    status: int, code: str, message: str, details: str | None = None, hint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Denied:  # fmt: skip
    """Return a no as PostgREST words it."""
    body = {"code": code, "details": details, "hint": hint, "message": message}
    return Denied(Answer(status, body, headers or {}))


def not_permitted(message: str, *, anonymous: bool) -> Denied:
    """Return what Postgres says to whoever lacks a right: 401 to nobody, who might sign in, 403 to anybody else."""
    return database_error(401 if anonymous else 403, "42501", message)


def no_table(name: str, known: Collection[str]) -> Denied:
    """Return what is said of a table that is not shown."""
    return database_error(
        404, "PGRST205", f"Could not find the table 'public.{name[:80]}' in the schema cache",
        hint=_perhaps(name, known, "table"),
    )  # fmt: skip


def no_function(name: str, arguments: Collection[str], known: Collection[str]) -> Denied:
    """Return what is said of a function that does not exist, or not with these arguments."""
    listed = ", ".join(sorted(arguments))[:400]
    searched = f"with parameters {listed}" if listed else "without parameters"
    return database_error(
        404,
        "PGRST202",
        f"Could not find the function public.{name[:80]}({listed}) in the schema cache"
        if listed
        else f"Could not find the function public.{name[:80]} without parameters in the schema cache",
        f"Searched for the function public.{name[:80]} {searched}, but no matches were found in the schema cache.",
        _perhaps(name, known, "function"),
    )


def _perhaps(name: str, known: Collection[str], kind: str) -> str | None:
    near = [one for one in difflib.get_close_matches(name[:80], known, 1) if one != name]
    return f"Perhaps you meant the {kind} 'public.{near[0]}'" if near else None


def query_refused(trouble: QueryTrouble) -> Denied:
    """Return what is said of a query that is not understood or not offered."""
    status = 416 if trouble.code == "PGRST103" else 400
    return database_error(status, trouble.code, trouble.message, trouble.details)


def refused(refusal: Refusal) -> Denied:
    """Return a refusal of the ledger in the shape of RAISE EXCEPTION: its code is the message, its data the details."""
    details = json.dumps(codec.to_plain(refusal.data), ensure_ascii=False) if refusal.data else None
    if refusal.code in _PERMISSION:
        return database_error(403, "42501", refusal.code, details)
    return database_error(400, "P0001", refusal.code, details)


def troubled(trouble: DatabaseTrouble, *, anonymous: bool) -> Denied:
    """Return what is said of the world's failures, and of a missing right that SQL has raised."""
    if isinstance(trouble.__cause__, psycopg.Error) and trouble.__cause__.sqlstate:
        return from_postgres(trouble.__cause__, anonymous=anonymous)
    if trouble.code == "database_busy":
        return database_error(504, "PGRST003", "Timed out acquiring connection from connection pool.")
    return database_error(503, "PGRST001", "Database client error. Retrying the connection.")


def from_postgres(error: psycopg.Error, *, anonymous: bool) -> Denied:
    """Return an error of Postgres, in its words where they are about the request."""
    state = error.sqlstate or "XX000"
    status = next((_STATUS[state[:length]] for length in (5, 2) if state[:length] in _STATUS), 500)
    if state == "42501" and anonymous:
        status = 401
    if state.startswith(_ABOUT_THE_REQUEST):
        said = error.diag
        return database_error(status, state, said.message_primary or "", said.message_detail, said.message_hint)
    if status == 500:
        _LOG.error("statement_failed", exc_info=error)
    return database_error(
        status, state, "canceling statement due to statement timeout" if state == "57014" else "internal error"
    )

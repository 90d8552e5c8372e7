"""The world's failures and Postgres's errors as PostgREST tells them; what breaks inside stays inside."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from models.refusals import Refusal
from sync_server.database.errors import DatabaseTrouble
from sync_server.supabase.door import Denied
from sync_server.supabase.failures import from_postgres, refused, troubled


def told(denied: Denied) -> tuple[int, str, str]:
    body = denied.answer.body
    assert isinstance(body, dict)
    assert set(body) == {"code", "details", "hint", "message"}
    return denied.answer.status, body["code"], body["message"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InsufficientPrivilege(), 403, "42501"),
        (errors.InvalidTextRepresentation(), 400, "22P02"),
        (errors.UndefinedFunction(), 404, "42883"),
        (errors.UniqueViolation(), 409, "23505"),
        (errors.CheckViolation(), 500, "23514"),
        (errors.SerializationFailure(), 500, "40001"),
        (errors.QueryCanceled(), 500, "57014"),
        (errors.TooManyConnections(), 503, "53300"),
        (errors.AdminShutdown(), 500, "57P01"),
        (psycopg.DataError("a text of ours"), 500, "XX000"),
    ],
)
def test_errors_of_postgres(error: psycopg.Error, status: int, code: str) -> None:
    assert told(from_postgres(error, anonymous=False))[:2] == (status, code)


def test_words_of_a_broken_row_stay_inside() -> None:
    """Postgres's own would hold the row that broke."""
    inside = told(from_postgres(psycopg.DataError("Failing row contains (13800136021)"), anonymous=False))
    assert inside[2] == "internal error"
    assert told(from_postgres(errors.QueryCanceled(), anonymous=False))[2] == (
        "canceling statement due to statement timeout"
    )


def test_nobody_gets_another_status_than_somebody_without_the_right() -> None:
    assert told(from_postgres(errors.InsufficientPrivilege(), anonymous=True))[:2] == (401, "42501")


def test_the_worlds_failures() -> None:
    assert told(troubled(DatabaseTrouble("database_busy"), anonymous=True))[:2] == (504, "PGRST003")
    assert told(troubled(DatabaseTrouble("database_unavailable"), anonymous=True))[:2] == (503, "PGRST001")


def test_refusals() -> None:
    found = refused(Refusal("balance_insufficient", {"balance_minor": 5, "total_minor": 7}))
    assert told(found) == (400, "P0001", "balance_insufficient")
    assert found.answer.body["details"] == '{"balance_minor": 5, "total_minor": 7}'  # type: ignore[index]
    assert told(refused(Refusal("permission_missing"))) == (403, "42501", "permission_missing")

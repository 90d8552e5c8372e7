"""Instants as UTC with microseconds, and a store's business day.

Rule: a naive datetime is a bug and is refused here. No clock: "now" is always an argument.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC; ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(UTC)


def format_instant(moment: datetime) -> str:
    """Write an instant as `2026-11-20T06:32:00.000000Z` (RFC 3339, always microseconds, always Z)."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """Read exactly the form that `format_instant` writes; ValueError otherwise."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def business_day(moment: datetime, timezone: str, cutoff_minutes: int = 0) -> date:
    """Return the store's business day of an instant: local date, a day lasting until `cutoff_minutes` past midnight."""
    local = utc(moment).astimezone(ZoneInfo(timezone))
    return (local.replace(tzinfo=None) - timedelta(minutes=cutoff_minutes)).date()


def business_day_bounds(day: date, timezone: str, cutoff_minutes: int = 0) -> tuple[datetime, datetime]:
    """Return the first instant of a store's business day and that of the next, in UTC (`business_day`).

    OverflowError next to the first and last day that a date can be.
    """
    zone, begins = ZoneInfo(timezone), timedelta(minutes=cutoff_minutes)
    starts = (datetime.combine(one, time()) + begins for one in (day, day + timedelta(days=1)))
    first, after = (utc(start.replace(tzinfo=zone)) for start in starts)
    return first, after

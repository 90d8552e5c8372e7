"""Instants and business days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from models.times import business_day, business_day_bounds, format_instant, parse_instant, utc


@pytest.mark.req("R084", "R086")
def test_instants_are_utc_with_microseconds() -> None:
    local = datetime(2026, 11, 20, 14, 32, 5, 7, tzinfo=timezone(timedelta(hours=8)))
    assert format_instant(local) == "2026-11-20T06:32:05.000007Z"
    assert parse_instant("2026-11-20T06:32:05.000007Z") == utc(local)


@pytest.mark.req("R086")
def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        format_instant(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("text", ["2026-11-20T06:32:05Z", "2026-11-20T06:32:05.000007+00:00", "yesterday", ""])
def test_only_one_form_of_instant_is_read(text: str) -> None:
    with pytest.raises(ValueError, match="does not match"):
        parse_instant(text)


def test_the_business_day_is_the_stores_and_lasts_until_its_cut_off() -> None:
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # 01:30 on the 21st in Shenzhen
    assert business_day(late, "Asia/Shanghai") == date(2026, 11, 21)
    assert business_day(late, "Asia/Shanghai", cutoff_minutes=120) == date(2026, 11, 20)
    assert business_day(late, "Europe/Madrid") == date(2026, 11, 20)


def test_the_business_day_follows_the_clock_change() -> None:
    # Madrid leaves summer time on 25 October 2026 at 01:00 UTC.
    assert business_day(datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "Europe/Madrid") == date(2026, 10, 25)
    assert business_day(datetime(2026, 10, 25, 22, 30, tzinfo=UTC), "Europe/Madrid") == date(2026, 10, 25)
    assert business_day(datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "Europe/Madrid") == date(2026, 10, 26)


@pytest.mark.parametrize("cutoff_minutes", [0, 120, 360])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 20)])
def test_a_business_day_begins_and_ends_where_the_days_beside_it_do(day: date, cutoff_minutes: int) -> None:
    start, after = business_day_bounds(day, "Europe/Madrid", cutoff_minutes)
    moment, tick = timedelta(microseconds=1), timedelta(days=1)
    assert business_day(start, "Europe/Madrid", cutoff_minutes) == day
    assert business_day(start - moment, "Europe/Madrid", cutoff_minutes) == day - tick
    assert business_day(after - moment, "Europe/Madrid", cutoff_minutes) == day
    assert business_day_bounds(day + tick, "Europe/Madrid", cutoff_minutes)[0] == after

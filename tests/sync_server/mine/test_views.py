"""What is shown, as values: dates by the store's clock and the reader's language, discounts, groups of a code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sync_server.members.reserving import Reserved
from sync_server.mine.views import Reader, in_groups, instant_seconds, reserved_view
from sync_server.mine.words import member_words

NOW = datetime(2026, 3, 28, 14, 0, tzinfo=UTC)


def reader(language: str = "en") -> Reader:
    return Reader(language, member_words(language), NOW)


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-CN", "2026年9月3日"), ("es-ES", "3 sept 2026"), ("en", "3 Sep 2026")]
)
def test_dates_are_written_as_people_do(language: str, shown: str) -> None:
    assert reader(language).date(date(2026, 9, 3)) == shown


@pytest.mark.parametrize(
    ("moment", "timezone", "shown"),
    [
        (datetime(2026, 3, 28, 15, 59, tzinfo=UTC), "Asia/Shanghai", "23:59"),
        (datetime(2026, 3, 28, 16, 0, tzinfo=UTC), "Asia/Shanghai", "tomorrow 00:00"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Madrid", "tomorrow 03:30"),  # the night clocks go forward
        (datetime(2026, 3, 30, 1, 30, tzinfo=UTC), "Europe/Madrid", "30 Mar 2026 03:30"),
        (datetime(2026, 3, 28, 15, 0, tzinfo=UTC), None, "15:00"),
    ],
)
def test_until_when_is_told_by_the_stores_clock(moment: datetime, timezone: str | None, shown: str) -> None:
    assert reader().until(moment, timezone) == shown


def test_what_is_set_aside_ends_when_its_till_stops_using_it() -> None:
    def until(expires_at: datetime) -> tuple[str, bool]:
        one = Reserved("3X", "r", "card", "c", "CNY", 2550, 0, expires_at, "SZ1T01", "Store")
        shown = reserved_view(one, "Asia/Shanghai", reader())
        return shown["until"], shown["ended"]

    assert until(datetime(2026, 3, 28, 14, 40, tzinfo=UTC)) == ("22:30", False)
    assert until(datetime(2026, 3, 28, 14, 10, tzinfo=UTC)) == ("22:00", True)


@pytest.mark.parametrize(
    ("rate", "shown"), [(None, ""), (Decimal("1.000"), ""), (Decimal("0.950"), "5% off"), (Decimal("0.9"), "10% off"),
                        (Decimal("0.885"), "11.5% off")],
)  # fmt: skip
def test_discounts_say_what_they_take_off(rate: Decimal | None, shown: str) -> None:
    assert reader().discount(rate) == shown


def test_codes_are_read_out_in_groups_and_seconds_never_run_below_zero() -> None:
    assert in_groups("1ABCDEFGHIJKLMNOPQRS") == ["1ABC", "DEFG", "HIJK", "LMNO", "PQRS"]
    assert (instant_seconds(NOW, NOW), instant_seconds(NOW.replace(hour=13), NOW)) == (0, 0)

"""Make what a member sees ready to be read: money by its currency, times by the store's clock, words by kind.

Rule: pure. Nothing here asks the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from models.catalogue import name_in
from models.money import format_money
from models.reservations import last_use
from sync_server.members.own import Event, OwnCard, OwnLevel, OwnPass
from sync_server.members.reserving import Reserved
from sync_server.mine.words import counted

Words = Mapping[str, str]
_ENDS_SOON_DAYS = 7
_CELLS = 10
_PENDING = {"pending", "proposed"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language, words, and the moment."""

    language: str
    words: Words
    now: datetime

    def money(self, minor: int, currency: str | None) -> str:
        """Write an amount; a card without money yet has no currency, and nothing."""
        return format_money(minor, currency, self.language) if currency else "0"

    def day(self, moment: datetime, timezone: str | None) -> str:
        """Write a date at a store."""
        return self.date(moment.astimezone(_zone(timezone)).date())

    def date(self, day: date) -> str:
        """Write a date: 2026年7月3日 · 3 jul 2026 · 3 Jul 2026."""
        if self.language.startswith("zh"):
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {self.words['months'].split()[day.month - 1]} {day.year}"

    def time(self, moment: datetime, timezone: str | None) -> str:
        """Write a time of day at a store, 24 hours."""
        return f"{moment.astimezone(_zone(timezone)):%H:%M}"

    def until(self, moment: datetime, timezone: str | None) -> str:
        """Write until when: the time alone when it is today there, and tomorrow by that name."""
        zone = _zone(timezone)
        local = moment.astimezone(zone)
        days, clock = (local.date() - self.now.astimezone(zone).date()).days, f"{local:%H:%M}"
        if days == 1:
            return self.words["tomorrow"].format(time=clock)
        return clock if days == 0 else f"{self.date(local.date())} {clock}"

    def discount(self, rate: Decimal | None) -> str:
        """Write what a discount takes off: "5 %"; "" for nothing."""
        off = (1 - rate) * 100 if rate is not None else Decimal(0)
        return self.words["level.off"].format(percent=f"{off.normalize():f}") if off else ""


def _zone(timezone: str | None) -> ZoneInfo:
    return ZoneInfo(timezone or "UTC")


def card_view(card: OwnCard, reader: Reader, aside: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return a card as it is shown; `aside` are its open reservations, as they are shown."""
    return {
        "aside": aside,
        "id": card.card_id,
        "is_own": card.card_type == "personal",
        "name": card.company_name or "",
        "number": card.card_no,
        "role": reader.words[f"role.{card.role}"],
        "is_admin": card.role == "admin",
        "usable": card.status == "active" and (card.expires_at is None or card.expires_at > reader.now),
        "status": reader.words[f"card.{card.status}"],
        "balance": reader.money(card.balance, card.currency),
        "principal": reader.money(card.principal, card.currency),
        "bonus": reader.money(card.bonus, card.currency),
        "has_bonus": card.bonus > 0,
        "points": f"{card.points:,}".replace(",", "." if reader.language.startswith("es") else ","),
        "discount": reader.discount(card.discount) if card.card_type == "enterprise" else "",
        "until": reader.date(card.expires_at.date()) if card.expires_at else "",
    }


def level_view(level: OwnLevel, reader: Reader) -> dict[str, Any]:
    """Return what points give at a merchant."""
    return {
        "merchant_id": level.merchant_id,
        "name": level.name,
        "level": reader.words["level.n"].format(n=level.level),
        "discount": reader.discount(level.discount),
    }


def pass_view(held: OwnPass, reader: Reader, aside: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return a pass; `aside` are its open reservations, as they are shown."""
    usable = held.status == "active" and held.uses_left > 0
    left_days = (held.expires_at - reader.now).total_seconds() / 86400
    cells = min(_CELLS, max(held.uses_bought, 1))
    state = "empty" if held.status == "active" and not usable else held.status
    return {
        "id": held.pass_id,
        "name": name_in(held.names, reader.language),
        "merchant": held.merchant_name,
        "merchant_id": held.merchant_id,
        "left": held.uses_left,
        "bought": held.uses_bought,
        "cells": cells,
        "share": min(cells, -(-cells * held.uses_left // held.uses_bought)) if held.uses_bought else 0,
        "left_words": counted(reader.words, "pass.left", held.uses_left, bought=held.uses_bought),
        "usable": usable,
        "state": state,
        "state_words": reader.words[f"pass.{state}"],
        "soon": held.status == "active" and left_days <= _ENDS_SOON_DAYS,
        "until": reader.day(held.expires_at, held.timezone),
        "aside": aside,
    }


def reserved_view(reserved: Reserved, timezone: str | None, reader: Reader) -> dict[str, Any]:
    """Return something set aside; `timezone` is its till's store's."""
    words, left = reader.words, reserved.amount - reserved.used
    end = last_use(reserved.expires_at)
    until = reader.until(end, timezone)
    is_pass = reserved.source_kind == "pass"
    what = counted(words, "history.uses", left) if is_pass else reader.money(left, reserved.unit)
    return {
        "id": reserved.reservation_id,
        "source": reserved.source_id,
        "name": name_in(reserved.plan_names, reader.language) if reserved.plan_names else words["reserve.money"],
        "what": what,
        "used": reserved.used > 0,
        "terminal": reserved.terminal_code,
        "store": reserved.store_name,
        "until": until,
        "ended": end <= reader.now,
        "recalled": reserved.recalled_at is not None,
        "recalled_at": reader.until(reserved.recalled_at, timezone) if reserved.recalled_at else "",
        "mine": reserved.mine,
        "words": words["reserve.line"].format(what=what, till=reserved.terminal_code, until=until),
    }


def event_view(event: Event, reader: Reader) -> dict[str, Any]:
    """Return a line of the history."""
    words = reader.words
    reversed_ = event.status == "reversed"
    notes = []
    if event.uses:
        notes.append(counted(words, "history.uses", abs(event.uses)))
    if event.bonus_minor:
        notes.append(words["history.bonus"].format(amount=reader.money(event.bonus_minor, event.currency)))
    if reversed_:
        notes.append(words["history.reversed"])
    elif event.status in _PENDING:
        notes.append(words["history.pending"])
    elif event.status == "rejected":
        notes.append(words["history.rejected"])
    return {
        "id": event.id,
        "kind": event.kind,
        "title": name_in(event.names, reader.language) if event.names else words[f"history.{event.kind}"],
        "what": words[f"history.{event.kind}"] if event.names else event.company_name or "",
        "notes": notes,
        "place": event.place or words["history.online"],
        "time": reader.time(event.happened_at, event.timezone),
        "amount": reader.money(abs(event.amount_minor), event.currency) if event.amount_minor else "",
        "sign": "+" if event.amount_minor > 0 else "−",
        "number": event.number or "",
        "void": reversed_ or event.status == "rejected",
    }


def days_of(events: Sequence[Event], reader: Reader) -> list[dict[str, Any]]:
    """Return the events under the days on which they happened, each by its store's clock."""

    def day(event: Event) -> str:
        return reader.day(event.happened_at, event.timezone)

    return [
        {"day": when, "events": [event_view(event, reader) for event in group]}
        for when, group in groupby(events, key=day)
    ]


def in_groups(code: str, size: int = 4) -> list[str]:
    """Return a code in groups, as it is read out and typed."""
    return [code[start : start + size] for start in range(0, len(code), size)]


def instant_seconds(moment: datetime, now: datetime) -> int:
    """Return how many whole seconds are left; never below 0."""
    return max(0, int((moment.astimezone(UTC) - now).total_seconds()))

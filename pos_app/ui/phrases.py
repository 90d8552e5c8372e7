"""Words of the window: keys and codes become sentences in the cashier's language.

Rule: no other file of this room holds a word that a person reads. They lie in Qt Linguist files, to which
`tools.phrases` adds. Of a phrase `key` with plural forms, `key#one` is the form for n = 1.
Money, dates and times are written by us from currency and store zone, never by the system's locale.
Source: counter.md "Languages".
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import resources
from models.money import currency, format_money

LANGUAGES = ("zh-CN", "es-ES", "en")
_DATES = {"zh-CN": "%Y-%m-%d", "es-ES": "%d/%m/%Y", "en": "%d %b %Y"}
_DAYS = {"zh-CN": "%m-%d", "es-ES": "%d/%m", "en": "%d %b"}


def linguist_file(language: str) -> str:
    """Name the resource that holds the phrases of a language."""
    return f"translations/till_{language}.ts"


def load(language: str) -> dict[str, str]:
    """Read the phrases of one language; KeyError for a language that does not ship."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return parse(resources.path(linguist_file(language)).read_text(encoding="utf-8"))


def parse(linguist: str) -> dict[str, str]:
    """Return the phrases of a Linguist file of ours; one that is not translated reads as its source."""
    found: dict[str, str] = {}
    for message in ET.fromstring(linguist).iter("message"):  # noqa: S314 - our own file, shipped with the program
        key = message.attrib["id"]
        forms = [form.text or "" for form in message.iterfind("translation/numerusform")]
        if len(forms) > 1:
            found[f"{key}#one"] = forms[0]
        found[key] = forms[-1] if forms else (message.findtext("translation") or message.findtext("source") or key)
    return found


class _Gaps(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "–"


class Phrases:
    """The phrases of one language, with the ways to write values."""

    def __init__(self, language: str, timezone: str = "UTC", currency: str = "CNY") -> None:
        self.language = language
        self.zone = ZoneInfo(timezone)
        self.currency = currency
        self._words: Mapping[str, str] = load(language)

    def __call__(self, key: str, **data: object) -> str:
        """Return the phrase; KeyError for a key that nobody wrote, so that a test meets it before a cashier does."""
        if data.get("n") == 1 and f"{key}#one" in self._words:
            key = f"{key}#one"
        return self._words[key].format_map(data) if data else self._words[key]

    def told(self, key: str, data: Mapping[str, object]) -> str:
        """Return the phrase of an error; what `data` lacks reads as a dash, so that telling never fails."""
        return self._words[key].format_map(_Gaps(data))

    def has(self, key: str) -> bool:
        """Say whether this language has the phrase."""
        return key in self._words

    def code(self, family: str, code: str | None) -> str:
        """Return the phrase `family.code`, or `family.other` naming the code when this version does not know it."""
        key = f"{family}.{code}"
        return self(key) if key in self._words else self(f"{family}.other", code=code or "")

    def money(self, minor: int) -> str:
        """Write an amount in the store's currency."""
        return format_money(minor, self.currency, self.language)

    def round_money(self, minor: int) -> str:
        """Write an amount, without its fraction when that is nothing (¥ 100)."""
        unit = 10 ** currency(self.currency).exponent
        return self.money(minor) if minor % unit or unit == 1 else re.sub(r"[.,]0+(?=\D*$)", "", self.money(minor))

    def date(self, moment: datetime) -> str:
        """Write the store's date of an instant."""
        return moment.astimezone(self.zone).strftime(_DATES[self.language])

    def time(self, moment: datetime) -> str:
        """Write the store's hour and minute of an instant."""
        return moment.astimezone(self.zone).strftime("%H:%M")

    def moment(self, moment: datetime) -> str:
        """Write day and time of an instant, short."""
        local = moment.astimezone(self.zone)
        return local.strftime(f"{_DAYS[self.language]} %H:%M")

    def count(self, number: int) -> str:
        """Write a whole number with the language's grouping."""
        return f"{number:,}".replace(",", "." if self.language == "es-ES" else ",")

    def discount(self, rate: str) -> str:
        """Write a rate like "0.950" as people say it: 5 % off, 9.5 折; "" for none."""
        kept = Decimal(rate)
        if kept == 1:
            return ""
        told = kept * 10 if self.language == "zh-CN" else (1 - kept) * 100
        text = f"{told.normalize():f}"
        return self("discount", n=text.replace(".", ",") if self.language == "es-ES" else text)

    def span(self, seconds: float) -> str:
        """Write a length of time in its largest fitting unit: 40 s, 12 min, 3 h, 2 d."""
        whole = max(0, int(seconds))
        for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
            if whole >= size:
                return self(f"span.{unit}", n=whole // size)
        return self("span.seconds", n=whole)

    def expiry(self, expires_at: datetime, now: datetime) -> str:
        """Write when a pass ends: near dates as days left, others as the date."""
        days = (expires_at.astimezone(self.zone).date() - now.astimezone(self.zone).date()).days
        if expires_at <= now:
            return self("expiry.past", date=self.date(expires_at))
        if days == 0:
            return self("expiry.today")
        if days == 1:
            return self("expiry.tomorrow")
        if days <= 14:
            return self("expiry.days", n=days)
        return self("expiry.date", date=self.date(expires_at))

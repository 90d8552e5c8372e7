"""Money as integer minor units plus a currency; every rounding of the product happens here.

Rule: half-up, once, at the end of a sum (domain.md, "Standing rules"). Floats never touch money.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from models.refusals import Refusal

MAX_MINOR = 10**12
"""Largest amount that any single figure may have, in minor units; a bound against typing and overflow."""
MOST_TOP_UP_MINOR = 10_000_000
"""Most that one top-up takes at a till, in minor units: a bound against a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: its code, the digits after the point, and the sign people know it by."""

    code: str
    exponent: int
    sign: str


CURRENCIES = {
    "CNY": Currency("CNY", 2, "¥"),
    "EUR": Currency("EUR", 2, "€"),
}


@dataclass(frozen=True, slots=True)
class VatGroup:
    """The part of a total that carries one VAT rate: `base_minor + quota_minor` is what the customer pays."""

    rate: str
    base_minor: int
    quota_minor: int


def currency(code: str) -> Currency:
    """Return the currency with this ISO code; Refusal `currency_mismatch` when we do not trade in it."""
    if code not in CURRENCIES:
        raise Refusal("currency_mismatch", {"currency": code})
    return CURRENCIES[code]


def round_half_up(amount: Decimal) -> int:
    """Round to a whole number of minor units, halves away from zero (25.50 × 0.95 = 24.23)."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers (numerator ≥ 0, denominator > 0), halves up; exact however large they are."""
    return (2 * numerator + denominator) // (2 * denominator)


def check_amount(minor: int) -> int:
    """Return `minor` when it is a whole number within ±`MAX_MINOR`; Refusal `amount_invalid` otherwise."""
    if isinstance(minor, bool) or not isinstance(minor, int) or abs(minor) > MAX_MINOR:
        raise Refusal("amount_invalid", {"amount": str(minor)[:40]})
    return minor


def check_rate(rate: str) -> Decimal:
    """Return a VAT rate as Decimal; it is written like "0.21" and lies in [0, 1)."""
    if not re.fullmatch(r"0(\.\d{1,4})?", rate):
        raise Refusal("amount_invalid", {"rate": rate[:40]})
    return Decimal(rate)


def split_vat(gross_by_rate: Iterable[tuple[str, int]]) -> tuple[VatGroup, ...]:
    """Split VAT-inclusive amounts into base and quota, rounded once per rate (not per line), sorted by rate.

    `gross_by_rate` holds (rate, gross in minor units) per line. Groups that sum to zero are left out.
    """
    totals: dict[Decimal, tuple[str, int]] = {}
    for rate, gross_minor in gross_by_rate:
        key = check_rate(rate)
        text, total = totals.get(key, (rate, 0))
        totals[key] = (text, total + gross_minor)
    groups = []
    for key in sorted(totals):
        text, gross_minor = totals[key]
        if gross_minor:
            base_minor = round_half_up(Decimal(gross_minor) / (1 + key))
            groups.append(VatGroup(text, base_minor, gross_minor - base_minor))
    return tuple(groups)


def format_money(minor: int, code: str, language: str) -> str:
    """Write an amount for people, from the currency and not from the system locale.

    `language` is "zh-CN", "es-ES" or "en": ¥ 1,240.00 · 1.240,00 € · €1,240.00. A minus leads.
    """
    known = currency(code)
    whole, fraction = divmod(abs(minor), 10**known.exponent)
    group, point = (".", ",") if language.startswith("es") else (",", ".")
    digits = f"{whole:,}".replace(",", group) + f"{point}{fraction:0{known.exponent}d}"
    minus = "−" if minor < 0 else ""
    if language.startswith("es"):
        return f"{minus}{digits}\u00a0{known.sign}"
    if language.startswith("zh"):
        return f"{minus}{known.sign}\u00a0{digits}"
    return f"{minus}{known.sign}{digits}"


def parse_amount(text: str, code: str) -> int:
    """Read what a person typed ("10", "10.5", "10,50") as minor units ≥ 0.

    Refusal `amount_invalid` for anything else: signs, exponents, too many digits after the point, grouping.
    """
    known = currency(code)
    match = re.fullmatch(rf"([0-9]{{1,10}})(?:[.,]([0-9]{{1,{known.exponent}}}))?", text.strip())
    if not match:
        raise Refusal("amount_invalid", {"amount": text[:40]})
    fraction = (match[2] or "").ljust(known.exponent, "0")
    return check_amount(int(match[1] + fraction))

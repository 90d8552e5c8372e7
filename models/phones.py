"""When two phone numbers are one: every number has one form, E.164 with its country ("+34600111011").

Rule: a number that is written without a country belongs to the country of the store where it is written, which its time
zone tells. Till and server must agree on this, or one person becomes two members. Numbers of the countries below are
also checked for their length, and lose the trunk prefix that people write before them; other countries' are taken as
they are, and must be written with "+" or "00".
Source: ITU-T E.164; E.129 and the national numbering plans for what stands in the table.
"""

import re
import unicodedata
from dataclasses import dataclass

from models.refusals import Refusal

TAIL_DIGITS = 4
_MOST_CHARACTERS = 40
_E164_DIGITS = re.compile(r"[1-9][0-9]{6,14}")
_SEPARATORS = frozenset("()[]./")


@dataclass(frozen=True, slots=True)
class Country:
    """`national`: a pattern of its numbers without calling code and trunk prefix ("": nobody writes one)."""

    calling_code: str
    national: str
    trunk: str
    timezones: tuple[str, ...]


_COUNTRIES = (
    Country("86", r"1[0-9]{10}|10[0-9]{8}|(?!86)[2-9][0-9]{9,10}", "0", ("Asia/Shanghai", "Asia/Urumqi")),
    Country("852", r"[2-9][0-9]{7}", "", ("Asia/Hong_Kong",)),
    Country("853", r"[2689][0-9]{7}", "", ("Asia/Macau",)),
    Country("886", r"[2-9][0-9]{7,8}", "0", ("Asia/Taipei",)),
    Country("34", r"[5-9][0-9]{8}", "", ("Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta")),
    Country("376", r"[1-9][0-9]{5,8}", "", ("Europe/Andorra",)),
    Country("351", r"[1-9][0-9]{8}", "", ("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores")),
    Country("33", r"[1-9][0-9]{8}", "0", ("Europe/Paris",)),
    Country("39", r"[0-9]{6,11}", "", ("Europe/Rome",)),
    Country("49", r"[1-9][0-9]{5,12}", "0", ("Europe/Berlin",)),
    Country("44", r"[1-9][0-9]{8,9}", "0", ("Europe/London",)),
    Country("65", r"[3689][0-9]{7}", "", ("Asia/Singapore",)),
    Country("60", r"[1-9][0-9]{7,9}", "0", ("Asia/Kuala_Lumpur",)),
    Country("81", r"[1-9][0-9]{8,9}", "0", ("Asia/Tokyo",)),
    Country("82", r"[1-9][0-9]{7,9}", "0", ("Asia/Seoul",)),
    Country("66", r"[1-9][0-9]{7,8}", "0", ("Asia/Bangkok",)),
)
"""Another country is added here, and nowhere else. A store in another time zone needs "+" for every number."""
_BY_CODE = {country.calling_code: country for country in _COUNTRIES}
_CODE_IN = {timezone: country.calling_code for country in _COUNTRIES for timezone in country.timezones}


def calling_code_in(timezone: str) -> str:
    """Return the calling code of the country that a store in this time zone lies in; "" when it is not in the table."""
    return _CODE_IN.get(timezone, "")


def e164(text: str, calling_code: str) -> str:
    """Return the one form of a number as somebody wrote it at a place with this calling code ("": not known).

    Digits may be of any script, "00" stands for "+", and blanks, dots, dashes, slashes and brackets count for nothing.
    Refusal `phone_invalid`.
    """
    plain = _plain(text)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    home = _BY_CODE.get(calling_code)
    if plain.startswith("+"):
        found = _international(plain[1:])
    elif home is None:
        found = None
    else:
        found = _national(home, plain)
        if found is None and plain.startswith(calling_code):
            found = _national(home, plain.removeprefix(calling_code))
    if found is None or not _E164_DIGITS.fullmatch(found):
        raise Refusal("phone_invalid")
    return "+" + found


def tail(text: str) -> str | None:
    """Return the last four digits of a number when somebody wrote just these, else None."""
    digits = plain_digits(text)
    return digits if digits is not None and len(digits) == TAIL_DIGITS else None


def plain_digits(text: str) -> str | None:
    """Return the digits of what somebody wrote, 0 to 9 whatever their script; None when there is anything but digits
    and what stands between them."""
    try:
        plain = _plain(text)
    except Refusal:
        return None
    return plain if plain.isdigit() else None


def is_number(text: str) -> bool:
    """Whether what somebody wrote could be a number, also one that is too short or too long."""
    try:
        return any(char.isdigit() for char in _plain(text))
    except Refusal:
        return False


def phone_digits(phone: str) -> str:
    """Return the digits of a number in E.164."""
    return phone.removeprefix("+")


def older_forms(phone: str) -> tuple[str, ...]:
    """Return the digits under which a number in E.164 may have been kept before there was one form; its own first."""
    own = phone_digits(phone)
    country = _country_of(own)
    if country is None:
        return (own,)
    national = own.removeprefix(country.calling_code)
    return (own, national, country.trunk + national) if country.trunk else (own, national)


def is_same(kept: str, phone: str, calling_code: str) -> bool:
    """Whether a number that was kept, perhaps before there was one form, at a place with this calling code is this one
    (E.164)."""
    try:
        return e164(kept, calling_code) == phone
    except Refusal:
        return phone_digits(kept) in older_forms(phone)


def mask_phone(phone: str) -> str:
    """Hide the middle of a phone number: 138****6021, +34****1011; short numbers keep their last two digits only.

    The country is left out where the number is long enough to hide four digits without it.
    """
    country = _country_of(phone_digits(phone)) if phone.startswith("+") else None
    national = phone.removeprefix(f"+{country.calling_code}") if country is not None else ""
    shown = national if len(national) >= 11 else phone
    if len(shown) >= 9:
        return f"{shown[:3]}****{shown[-4:]}"
    return f"****{shown[-2:]}"


def _plain(text: str) -> str:
    """Return digits, perhaps behind one "+"; Refusal `phone_invalid` for what is no part of a number."""
    if len(text) > _MOST_CHARACTERS:
        raise Refusal("phone_invalid")
    found = []
    for char in text:
        digit, plain = unicodedata.decimal(char, None), unicodedata.normalize("NFKC", char)
        if digit is not None:
            found.append(str(digit))
        elif plain == "+" and not found:
            found.append("+")
        elif not (char.isspace() or plain in _SEPARATORS or unicodedata.category(char) in ("Pd", "Cf") or char == "−"):
            raise Refusal("phone_invalid")
    return "".join(found)


def _international(digits: str) -> str | None:
    country = _country_of(digits)
    return digits if country is None else _national(country, digits.removeprefix(country.calling_code))


def _national(country: Country, digits: str) -> str | None:
    """Return the digits of E.164 for a number of a country, with or without its trunk prefix; None when it is none."""
    for form in (digits, digits.removeprefix(country.trunk)):
        if re.fullmatch(country.national, form):
            return country.calling_code + form
    return None


def _country_of(digits: str) -> Country | None:
    """No calling code begins another."""
    return next((_BY_CODE[digits[:length]] for length in (1, 2, 3) if digits[:length] in _BY_CODE), None)

"""What a new member tells a shop, and when two phone numbers are one.

Rule: personal data. Till and server must clean and compare a number alike, or one person becomes two members.
"""

import re
from dataclasses import dataclass, field

from models.catalogue import LANGUAGES
from models.refusals import Refusal

MAX_NAME_CHARACTERS = 100
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_SEPARATORS = re.compile(r"[\s()\-./]")


@dataclass(frozen=True, slots=True)
class Person:
    """A member's name, phone and language. Never in a fact's bytes, nor in a log; `repr` shows none of it."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str = field(repr=False)


def clean_phone(text: str) -> str:
    """Return a phone number of 6 to 15 digits, perhaps with a leading "+"; Refusal `phone_invalid`."""
    plain = _SEPARATORS.sub("", text[:40])
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if not _PHONE.fullmatch(plain):
        raise Refusal("phone_invalid")
    return plain


def phone_digits(phone: str) -> str:
    """Return the digits by which a clean phone number is compared and found."""
    return phone.removeprefix("+")


def clean_person(person: Person) -> Person:
    """Return the person with name and phone as they are kept.

    Refusals: `name_invalid` (1 to 100 characters, one line), `phone_invalid`, `request_malformed` for the language.
    """
    name = " ".join(person.name.split())
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise Refusal("name_invalid")
    if person.language not in LANGUAGES:
        raise Refusal("request_malformed", {"pointer": "/language"})
    return Person(name, clean_phone(person.phone), person.language)

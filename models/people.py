"""What a new member tells a shop.

Rule: personal data. Not here: when two phone numbers are one (phones).
"""

from dataclasses import dataclass, field

from models.catalogue import LANGUAGES
from models.phones import e164
from models.refusals import Refusal

MAX_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Person:
    """A member's name, phone and language. Never in a fact's bytes, nor in a log; `repr` shows none of it."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    language: str = field(repr=False)


def clean_person(person: Person, calling_code: str) -> Person:
    """Return the person with name and phone (E.164) as they are kept; `calling_code`: of the store they stand in.

    Refusals: `name_invalid` (1 to 100 characters, one line), `phone_invalid`, `request_malformed` for the language.
    """
    name = " ".join(person.name.split())
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise Refusal("name_invalid")
    if person.language not in LANGUAGES:
        raise Refusal("request_malformed", {"pointer": "/language"})
    return Person(name, e164(person.phone, calling_code), person.language)

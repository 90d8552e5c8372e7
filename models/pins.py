"""PINs of people at tills and of members: which one may be, and how its hash is made.

Rule: pure. A PIN is never stored, logged, sent or shown again; its argon2id hash (a PHC string) is, and everybody makes
it with HASHING. Four digits are soon tried through by whoever holds the hash: it is kept sealed, as names are.
"""

import re
from typing import TypedDict

from models.phones import phone_digits
from models.refusals import Refusal


class Hashing(TypedDict):
    """Parameters as argon2-cffi's PasswordHasher takes them; `memory_cost` in KiB."""

    time_cost: int
    memory_cost: int
    parallelism: int


HASHING: Hashing = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
"""Parameters of OWASP's password page; about 30 ms on a till's processor."""
STAFF_DIGITS = (4, 8)
MEMBER_DIGITS = (4, 6)
_UP = "01234567890"
_PHC = re.compile(
    r"\$argon2id\$v=19\$m={memory_cost},t={time_cost},p={parallelism}".format(**HASHING)
    + r"\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}"
)


def check_staff_pin(pin: str) -> None:
    """Refuse what is no PIN of a person at a till, four to eight digits; Refusal `request_malformed`."""
    if not _has_digits(pin, STAFF_DIGITS):
        raise Refusal("request_malformed", {"pointer": "/pin"})


def check_member_pin(pin: str, phone: str) -> None:
    """Refuse what a member cannot have as PIN.

    Refusals: `pin_invalid` unless it has four to six digits; `pin_too_easy` {why}: one digit alone or digits in their
    order (`pattern`), or the end of their own phone number (`phone`).
    """
    if not _has_digits(pin, MEMBER_DIGITS):
        raise Refusal("pin_invalid", {"least": MEMBER_DIGITS[0], "most": MEMBER_DIGITS[1]})
    if len(set(pin)) == 1 or pin in _UP or pin in _UP[::-1]:
        raise Refusal("pin_too_easy", {"why": "pattern"})
    if phone_digits(phone).endswith(pin):
        raise Refusal("pin_too_easy", {"why": "phone"})


def is_pin_hash(text: str) -> bool:
    """Whether this is an argon2id hash made with HASHING: another's parameters could keep a till busy for minutes."""
    return _PHC.fullmatch(text) is not None


def _has_digits(pin: str, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= len(pin) <= bounds[1] and pin.isascii() and pin.isdigit()

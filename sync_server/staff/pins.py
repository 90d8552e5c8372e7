"""PINs of people at tills: an argon2id hash that the till checks by itself, also without a network.

Rule: a PIN is four to eight digits; it is never stored, logged or shown again.
"""

import re

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from models.refusals import Refusal

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Parameters of OWASP's password page; about 30 ms on a till's processor."""


def hash_pin(pin: str) -> str:
    """Return the PHC string to store; Refusal `request_malformed` when it is no PIN."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise Refusal("request_malformed", {"pointer": "/pin"})
    return _HASHER.hash(pin)


def pin_fits(pin: str, pin_hash: str) -> bool:
    """Whether this PIN made this hash."""
    try:
        return _HASHER.verify(pin_hash, pin)
    except VerificationError:
        return False

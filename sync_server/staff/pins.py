"""Hashes of PINs, of people at tills and of members: a till checks a PIN by itself, also without a network.

Rule: a PIN is never stored, logged or shown again. Which PIN may be: models.pins.
"""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from models.pins import HASHING, check_staff_pin

_HASHER = PasswordHasher(**HASHING)


def hash_pin(pin: str) -> str:
    """Return the PHC string to store for a person at a till; Refusal `request_malformed` when it is no PIN."""
    check_staff_pin(pin)
    return hashed(pin)


def hashed(pin: str) -> str:
    """Return the PHC string of a PIN that was checked before."""
    return _HASHER.hash(pin)


def pin_fits(pin: str, pin_hash: str) -> bool:
    """Whether this PIN made this hash."""
    try:
        return _HASHER.verify(pin_hash, pin)
    except VerificationError:
        return False

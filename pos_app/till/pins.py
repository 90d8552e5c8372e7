"""Compare a PIN with its synced hash; slow on purpose, about 30 ms."""


def fits(pin_hash: str, pin: str) -> bool:
    """Whether this PIN made this hash; False for a hash that is none."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - late: the first window does not need it
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

    try:
        return PasswordHasher().verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False

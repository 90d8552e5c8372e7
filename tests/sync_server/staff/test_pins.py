"""PINs: a hash of the standard form that fits its PIN alone."""

import argon2
import pytest

from models.refusals import Refusal
from sync_server.staff.pins import hash_pin, pin_fits


def test_hash_fits_its_pin_alone_and_is_salted() -> None:
    first, second = hash_pin("2580"), hash_pin("2580")
    assert first != second
    assert first.startswith("$argon2id$")
    assert "2580" not in first
    assert pin_fits("2580", first)
    assert not pin_fits("2581", first)
    # A till checks it with the bare library, whatever its own parameters are.
    assert argon2.PasswordHasher().verify(first, "2580")


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", " 1234"])
def test_what_is_no_pin(pin: str) -> None:
    with pytest.raises(Refusal, match="request_malformed"):
        hash_pin(pin)


def test_damaged_hash_fits_nothing() -> None:
    with pytest.raises(argon2.exceptions.InvalidHashError):
        pin_fits("2580", "no hash")

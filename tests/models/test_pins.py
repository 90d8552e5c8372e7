"""Which PIN a member may have, and which text is the hash of one."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from models.pins import HASHING, check_member_pin, check_staff_pin, is_pin_hash
from models.refusals import Refusal

PHONE = "+8613800136021"


@pytest.mark.parametrize("pin", ["2580", "90210", "112358", "0136", "1122"])
def test_these_are_pins(pin: str) -> None:
    check_member_pin(pin, PHONE)
    check_staff_pin(pin)


@pytest.mark.parametrize(
    "pin", ["", "258", "2580147", "25a0", "２５８０", "25 80", "2580\n", "-258", "²⁵⁸⁰", "x" * 5000]
)  # fmt: skip
def test_these_are_none(pin: str) -> None:
    with pytest.raises(Refusal, match="pin_invalid") as caught:
        check_member_pin(pin, PHONE)
    assert caught.value.data == {"least": 4, "most": 6}


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("0000", "pattern"), ("777777", "pattern"), ("1234", "pattern"), ("4321", "pattern"), ("567890", "pattern"),
        ("09876", "pattern"), ("6021", "phone"), ("136021", "phone"),
    ],
)  # fmt: skip
def test_these_are_tried_first(pin: str, why: str) -> None:
    with pytest.raises(Refusal, match="pin_too_easy") as caught:
        check_member_pin(pin, PHONE)
    assert caught.value.data == {"why": why}


def test_a_hash_is_one_of_our_parameters() -> None:
    assert is_pin_hash(PasswordHasher(**HASHING).hash("2580"))
    for other in ("", "$argon2id$x", PasswordHasher(time_cost=3).hash("2580"), "$argon2id$v=19$m=4194304,t=9,p=1$a$b"):
        assert not is_pin_hash(other)

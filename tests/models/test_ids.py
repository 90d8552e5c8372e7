"""Identities and slip numbers."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ids import TRAINING_CODE, is_terminal_code, parse_id, parse_slip_number, slip_number, uuid7
from models.refusals import Refusal


@given(st.integers(0, (1 << 48) - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_carries_its_time_version_and_variant(milliseconds: int, randomness: bytes) -> None:
    made = UUID(uuid7(milliseconds, randomness))
    assert made.version == 7
    assert made.int >> 80 == milliseconds
    assert made.int >> 62 & 0b11 == 0b10


def test_uuid7_uses_all_its_randomness() -> None:
    made = {uuid7(1, bytes([0] * index + [0xFF] + [0] * (9 - index))) for index in range(10)}
    assert len(made) == 10


def test_uuid7_refuses_a_time_or_randomness_that_does_not_fit() -> None:
    for milliseconds, randomness in ((-1, bytes(10)), (1 << 48, bytes(10)), (0, bytes(9))):
        with pytest.raises(ValueError, match="UUIDv7"):
            uuid7(milliseconds, randomness)


@pytest.mark.parametrize(
    "text", ["", "x", "01890000-0000-7000-8000-00000000000A", "{01890000000070008000000000000001}"]
)
def test_only_the_canonical_form_is_an_id(text: str) -> None:
    with pytest.raises(Refusal, match="request_malformed"):
        parse_id(text)


def test_slip_numbers_read_back() -> None:
    number = slip_number("VR", "SZ1T03", 12)
    assert number == "VR.SZ1T03.000012"
    assert parse_slip_number(number).counter == 12
    assert parse_slip_number(slip_number("TP", "B1", 1_234_567)).counter == 1_234_567


@pytest.mark.parametrize(
    "text", ["", "VR.SZ1T03.12", "XX.SZ1T03.000012", "VR.SZ1T03.000000", "VR.sz1.000001", "VR.SZ1T03.0000012"]
)
def test_what_is_not_a_slip_number(text: str) -> None:
    with pytest.raises(Refusal, match="slip_unknown"):
        parse_slip_number(text)


@pytest.mark.parametrize(("kind", "code", "counter"), [("ZZ", "SZ1", 1), ("VR", "a", 1), ("VR", "SZ1", 0)])
def test_a_slip_number_is_not_made_from_nonsense(kind: str, code: str, counter: int) -> None:
    with pytest.raises(ValueError, match="no slip number"):
        slip_number(kind, code, counter)


def test_no_terminal_is_called_as_training_is() -> None:
    assert not is_terminal_code(TRAINING_CODE)
    assert str(parse_slip_number(slip_number("VR", TRAINING_CODE, 1))) == "VR.TRAIN00.000001"

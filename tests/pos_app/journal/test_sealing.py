"""Sealing: opens only with the key, under its row, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.journal.errors import KeyMissing
from pos_app.journal.sealing import Sealer

SEALER = Sealer(b"a" * 32, b"b" * 32)


@given(clear=st.binary(max_size=300), row=st.text(max_size=40))
def test_what_was_sealed_opens(clear: bytes, row: str) -> None:
    sealed = SEALER.seal(row, clear)
    assert SEALER.open(row, sealed) == clear
    assert SEALER.seal(row, clear) != sealed


@given(place=st.integers(0, 39), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(place: int, bit: int) -> None:
    sealed = bytearray(SEALER.seal("row", b"123456789012"))
    assert len(sealed) == 40
    sealed[place] ^= 1 << bit
    with pytest.raises(KeyMissing):
        SEALER.open("row", bytes(sealed))


@pytest.mark.parametrize("opener", [Sealer(b"c" * 32, b"b" * 32), SEALER])
def test_other_key_or_other_row(opener: Sealer) -> None:
    with pytest.raises(KeyMissing):
        opener.open("other" if opener is SEALER else "row", SEALER.seal("row", b"13812346021"))


def test_index_is_keyed_and_per_field() -> None:
    found = SEALER.index("phone", "13812346021")
    assert found == SEALER.index("phone", "13812346021")
    assert found != SEALER.index("phone_tail", "13812346021")
    assert found != SEALER.index("phone", "13812346022")
    assert found != Sealer(b"a" * 32, b"x" * 32).index("phone", "13812346021")

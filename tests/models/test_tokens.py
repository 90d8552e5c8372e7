"""Codes inside QR symbols: nothing edited, foreign or late is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from models import tokens
from models.refusals import Refusal

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CODE = tokens.SnapshotCode(
    card_ref=tokens.make_card_ref(b"1234567"),
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=2),
    nonce="00112233445566ff",
    balance_minor=26800,
    key_id="k1",
    passes=(("01890000-0000-7000-8000-000000000001", 6), ("01890000-0000-7000-8000-000000000002", 0)),
)


def verify(key_id: str, message: bytes, signature: bytes) -> bool:
    if key_id != "k1":
        return False
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


@given(st.binary(min_size=7, max_size=16), st.binary(min_size=16, max_size=16))
def test_short_codes_read_back_and_fit_the_smallest_symbol(reference: bytes, secret: bytes) -> None:
    made = tokens.ShortCode(tokens.make_card_ref(reference), tokens.make_secret(secret))
    text = tokens.encode_short(made)
    assert len(text) == tokens.SHORT_CODE_LENGTH <= 20
    assert set(text) <= set(tokens.ALPHABET)
    assert tokens.decode_short(text) == made
    assert tokens.code_family(text) == "short"


@pytest.mark.parametrize("seed", [bytes(7), b"1234567", b"\xff" * 7, b"tillkee"])
def test_any_one_changed_character_of_a_card_reference_is_noticed(seed: bytes) -> None:
    reference = tokens.make_card_ref(seed)
    for place in range(8):
        for other in set(tokens.ALPHABET) - {reference[place]}:
            edited = reference[:place] + other + reference[place + 1 :]
            with pytest.raises(Refusal, match="code_edited"):
                tokens.decode_short("1" + edited + "A" * tokens.SECRET_LENGTH)


@pytest.mark.parametrize("text", ["", "1", "https://example.test/x", "2" * 20, "1" + "a" * 19, "1" * 21, "会员码"])
def test_foreign_texts_are_not_short_codes(text: str) -> None:
    with pytest.raises(Refusal, match="code_foreign"):
        tokens.decode_short(text)


def test_a_snapshot_reads_back() -> None:
    text = tokens.encode_snapshot(CODE, KEY.sign)
    assert set(text) <= set(tokens.ALPHABET)
    assert tokens.code_family(text) == "snapshot"
    assert tokens.decode_snapshot(text, verify, NOW) == CODE


def test_every_single_edit_of_a_snapshot_is_refused() -> None:
    text = tokens.encode_snapshot(CODE, KEY.sign)
    for place in range(1, len(text)):
        other = tokens.ALPHABET[(tokens.ALPHABET.index(text[place]) + 1) % 39]
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_snapshot(text[:place] + other + text[place + 1 :], verify, NOW)


def test_a_cut_or_lengthened_snapshot_is_refused() -> None:
    text = tokens.encode_snapshot(CODE, KEY.sign)
    for wrong in (text[:-1], text[:-5], text[:60], text + "0", text + "00000", "2" + text[6:]):
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_snapshot(wrong, verify, NOW)


def test_a_signature_for_another_purpose_does_not_fit() -> None:
    text = tokens.encode_snapshot(CODE, lambda message: KEY.sign(message.removeprefix(tokens.SNAPSHOT_CONTEXT)))
    with pytest.raises(Refusal, match="code_edited"):
        tokens.decode_snapshot(text, verify, NOW)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + timedelta(hours=2), "code_expired"),
        (NOW + timedelta(days=400), "code_expired"),
        (NOW - timedelta(seconds=301), "code_not_yet_valid"),
    ],
)
def test_a_snapshot_holds_only_in_its_time(at: datetime, code: str) -> None:
    text = tokens.encode_snapshot(CODE, KEY.sign)
    with pytest.raises(Refusal, match=code):
        tokens.decode_snapshot(text, verify, at)


def test_small_clock_differences_are_forgiven() -> None:
    text = tokens.encode_snapshot(CODE, KEY.sign)
    assert tokens.decode_snapshot(text, verify, NOW - timedelta(seconds=299)) == CODE


def test_a_slips_check_code_names_the_slip_and_its_fact() -> None:
    text = tokens.slip_check_code("VR.SZ1T03.000012", "ab" * 32)
    assert text == "VR.SZ1T03.000012." + "AB" * 8
    assert tokens.code_family(text) == "slip"


@given(st.text(max_size=60))
def test_no_text_upsets_the_reader(text: str) -> None:
    if tokens.code_family(text) == "foreign":
        for read in (tokens.decode_short, lambda found: tokens.decode_snapshot(found, verify, NOW)):
            with pytest.raises(Refusal):
                read(text)

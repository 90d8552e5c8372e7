"""Codes that prove what is set aside for one till: nothing edited, foreign, re-targeted or late is believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codec, tokens
from models.refusals import Refusal
from models.reservations import Reservation
from tests.models.test_tokens import CODE, KEY, verify

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
ID = "01890000-0000-7000-8000-00000000000{}"
USES = tokens.ReservationCode(
    reservation_id=ID.format(1),
    terminal_id=ID.format(2),
    member_id=ID.format(3),
    card_ref=tokens.make_card_ref(b"1234567"),
    source_kind="pass",
    source_id=ID.format(4),
    amount=3,
    fencing_no=7,
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=12),
    key_id="0a1b2c3d",
    plan_id=ID.format(5),
)
MONEY = replace(
    USES,
    source_kind="card",
    amount=99_999_999_999,
    plan_id=None,
    card_type="personal",
    currency="CNY",
    discount="0.950",
)
COMPANY = replace(MONEY, member_id=None, card_ref="", card_type="enterprise", discount="1.000")
ALL = pytest.mark.parametrize("code", [USES, MONEY, COMPANY], ids=["uses", "money", "company"])


def check(key_id: str, message: bytes, signature: bytes) -> bool:
    return key_id == "0a1b2c3d" and verify("k1", message, signature)


def written(code: tokens.ReservationCode) -> str:
    return tokens.encode_reservation(code, KEY.sign)


@ALL
def test_a_reservation_reads_back(code: tokens.ReservationCode) -> None:
    text = written(code)
    assert set(text) <= set(tokens.ALPHABET)
    assert tokens.code_family(text) == "reservation"
    assert tokens.decode_reservation(text, check, NOW, ID.format(2)) == code
    assert written(code) == text, "one text for one reservation"


@ALL
def test_it_fits_a_symbol_of_57_modules_at_level_m(code: tokens.ReservationCode) -> None:
    """Version 10-M holds 311 characters of the alphanumeric set (ISO/IEC 18004, table 7)."""
    assert len(written(code)) <= 311


@ALL
def test_every_single_edit_is_refused(code: tokens.ReservationCode) -> None:
    text = written(code)
    for place in range(1, len(text)):
        other = tokens.ALPHABET[(tokens.ALPHABET.index(text[place]) + 1) % 39]
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_reservation(text[:place] + other + text[place + 1 :], check, NOW)


def test_every_changed_byte_is_refused() -> None:
    data = tokens._unbase39(written(USES)[1:])
    for place in range(len(data)):
        edited = data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_reservation("3" + tokens._base39(edited), check, NOW)


def test_a_cut_or_lengthened_one_is_refused() -> None:
    text = written(USES)
    for wrong in (text[:-1], text[:-5], text[:60], text[:90], text + "0", text + "00000", "3" + text[6:]):
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_reservation(wrong, check, NOW)


@pytest.mark.parametrize("text", ["", "3", "https://example.test/x", "3" + "a" * 300, "会员码", "1" + "A" * 19])
def test_foreign_texts_are_none(text: str) -> None:
    with pytest.raises(Refusal, match="code_foreign"):
        tokens.decode_reservation(text, check, NOW)


def test_one_family_is_not_read_as_the_other() -> None:
    snapshot, reserved = tokens.encode_snapshot(CODE, KEY.sign), written(USES)
    for text, code in (("3" + snapshot[1:], "code_edited"), (snapshot, "code_foreign")):
        with pytest.raises(Refusal, match=code):
            tokens.decode_reservation(text, check, NOW)
    with pytest.raises(Refusal, match="code_edited"):
        tokens.decode_snapshot("2" + reserved[1:], check, NOW)


def test_a_signature_for_another_purpose_or_of_an_unknown_key_does_not_fit() -> None:
    other = tokens.encode_reservation(
        USES, lambda message: KEY.sign(message.replace(tokens.RESERVATION_CONTEXT, tokens.SNAPSHOT_CONTEXT))
    )
    for text in (other, written(replace(USES, key_id="ffffffff"))):
        with pytest.raises(Refusal, match="code_edited"):
            tokens.decode_reservation(text, check, NOW)


def test_it_holds_for_its_own_till_alone() -> None:
    with pytest.raises(Refusal, match="code_other_terminal") as refused:
        tokens.decode_reservation(written(USES), check, NOW, ID.format(9))
    assert refused.value.data == {"terminal_id": ID.format(2)}


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + timedelta(hours=12), "code_expired"),
        (NOW + timedelta(days=400), "code_expired"),
        (NOW - timedelta(seconds=301), "code_not_yet_valid"),
    ],
)
def test_it_holds_only_in_its_time(at: datetime, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        tokens.decode_reservation(written(USES), check, at)
    assert tokens.decode_reservation(written(USES), check) == USES, "without a time nothing is said of it"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1 << 16}, {"amount": -1}, {"fencing_no": 1 << 32}, {"terminal_id": "x"}, {"card_type": "personal"},
        {"source_kind": "ticket"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_written(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - struct, UUID and tuple say it in their own words
        written(replace(USES, **changes))


@given(st.text(alphabet=tokens.ALPHABET, max_size=400))
def test_no_text_upsets_the_reader(text: str) -> None:
    with pytest.raises(Refusal):
        tokens.decode_reservation("3" + text, check, NOW)


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"origin": "till"}])
def test_the_feeds_row_knows_its_states(changes: dict[str, str]) -> None:
    row = Reservation(ID.format(1), "3X", 3, 1, NOW, "open", "member")
    assert codec.decode(Reservation, codec.encode(row)) == row
    with pytest.raises(Refusal, match="request_malformed"):
        codec.from_plain(Reservation, codec.to_plain(row) | changes)

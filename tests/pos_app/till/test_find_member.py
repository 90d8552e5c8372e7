"""Finding members: by code, by phone; every bad code has its own answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.refusals import Refusal
from models.tokens import SnapshotCode, encode_snapshot
from pos_app.journal import members
from pos_app.journal.tables import MEMBERS
from pos_app.till import find_member, member_pin, sign_in
from tests.pos_app.desk import (
    EPOCH,
    KEY_ID,
    PASS_JUMPS,
    PASS_TEN,
    PASS_THIRTY,
    TEN_PLAN,
    Desk,
    card_ref,
    short_code,
    uid,
)


def no(desk: Desk, text: str) -> str:
    with pytest.raises(Refusal) as error:
        find_member.by_scan(desk.till, text)
    return error.value.code


def test_short_code_shows_the_member(desk: Desk) -> None:
    found = find_member.by_scan(desk.till, short_code(1))
    assert (found.member.name, found.found_by, found.code) == ("王小雨", "short", short_code(1))
    assert [view.held.pass_id for view in found.passes] == [PASS_THIRTY, PASS_TEN, PASS_JUMPS], "nearest expiry first"
    assert [(view.usable, view.reason) for view in found.passes] == [(True, None)] * 2 + [(False, "pass_not_active")]
    assert [view.used_today for view in found.passes] == [1, 1, 1]


def test_snapshot_code_shows_the_member_offline(desk: Desk) -> None:
    desk.go_offline()
    code = desk.snapshot(member=2)
    found = find_member.by_scan(desk.till, code)
    assert (found.member.member_id, found.found_by, found.code) == (uid(2), "snapshot", code)


def test_codes_that_are_not_good(desk: Desk) -> None:
    assert no(desk, "") == "code_foreign"
    assert no(desk, "https://example.com/menu") == "code_foreign"
    assert no(desk, "x" * 100_000) == "code_foreign"
    assert no(desk, "VR.SZ1T03.000012.0123456789ABCDEF") == "code_foreign"
    assert no(desk, short_code(99)) == "member_unknown"
    edited = short_code(1)
    assert no(desk, edited[:3] + ("A" if edited[3] != "A" else "B") + edited[4:]) == "code_edited"
    good = desk.snapshot()
    assert no(desk, good[:80] + ("A" if good[80] != "A" else "B") + good[81:]) == "code_edited"
    desk.clock.pass_by(8 * 86_400)
    assert no(desk, good) == "code_expired"
    desk.clock.pass_by(-9 * 86_400)
    assert no(desk, good) == "code_not_yet_valid"


def test_code_of_another_signer(desk: Desk) -> None:
    issued = desk.clock.now()
    code = SnapshotCode(card_ref(1), issued, issued + timedelta(days=1), "00" * 8, 0, KEY_ID, ((PASS_TEN, 9),))
    forged = encode_snapshot(code, Ed25519PrivateKey.generate().sign)
    assert no(desk, forged) == "code_edited"
    unknown = encode_snapshot(replace(code, key_id="other"), desk.server_key.sign)
    assert no(desk, unknown) == "code_edited"


@pytest.mark.parametrize(
    "digits",
    [
        "13812346021",
        "138 1234 6021",
        "138-1234-6021",
        "+8613812346021",
        "8613812346021",
        "0086 138.1234.6021",
        "(+86) 138/1234/6021",
        "１３８　１２３４　６０２１",
        "＋８６ 13812346021",
    ],
)
def test_full_phone(desk: Desk, digits: str) -> None:
    (found,) = find_member.by_phone(desk.till, digits)
    assert (found.member.member_id, found.found_by, found.code) == (uid(1), "phone", None)


def test_last_four_digits_may_be_several_people(desk: Desk) -> None:
    assert [view.member.member_id for view in find_member.by_phone(desk.till, "6021")] == [uid(1), uid(2)]
    (foreign,) = find_member.by_phone(desk.till, "+34 612 345 678")
    assert foreign.member.member_id == uid(3)


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("", "phone_invalid"),
        ("123", "phone_invalid"),
        ("12345", "phone_invalid"),
        ("1234567890123456", "phone_invalid"),
        ("１３８１", "member_unknown"),
        ("１３８１１", "phone_invalid"),
        ("📱13812346021", "phone_invalid"),
        ("1" * 41, "phone_invalid"),
        ("34612345678", "member_unknown"),
        ("6123456780", "member_unknown"),
        ("138123460210", "phone_invalid"),
        ("1381234602", "phone_invalid"),
        ("138x", "phone_invalid"),
        ("9999", "member_unknown"),
        ("13800000000", "member_unknown"),
    ],
)
def test_phones_that_find_nobody(desk: Desk, digits: str, code: str) -> None:
    with pytest.raises(Refusal) as error:
        find_member.by_phone(desk.till, digits)
    assert error.value.code == code


def test_a_member_who_was_blocked(desk: Desk) -> None:
    view = desk.member(3)
    blocked = replace(view.member, status="blocked")
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, blocked, EPOCH)
    assert no(desk, short_code(3)) == "member_inactive"
    for ask in (lambda: find_member.refresh(desk.till, view), lambda: find_member.by_phone(desk.till, "+34612345678")):
        with pytest.raises(Refusal) as error:
            ask()
        assert error.value.code == "member_inactive"
    with desk.journal.upkeep() as rows:
        members.remove(rows, uid(3))
    with pytest.raises(Refusal) as error:
        find_member.refresh(desk.till, view)
    assert error.value.code == "member_unknown"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uses_left": 0}, "uses_exhausted"),
        ({"used_today": 6}, "uses_per_day_exceeded"),
        ({"used_today": 5}, None),
        ({"used_today": 6, "used_on": "2026-11-19"}, None),
        ({"status": "revoked"}, "pass_revoked"),
        ({"status": "expired"}, "pass_expired"),
        ({"status": "suspended"}, "pass_not_active"),
    ],
)
def test_why_a_pass_cannot_be_used(desk: Desk, change: dict[str, object], reason: str | None) -> None:
    desk.change_pass(1, **change)
    view = next(one for one in desk.member().passes if one.plan.plan_id == TEN_PLAN)
    assert (view.usable, view.reason) == (reason is None, reason)


def test_expired_by_the_clock(desk: Desk) -> None:
    desk.clock.pass_by(4 * 86_400)
    view = find_member.refresh(desk.till, desk.member())
    assert {one.held.pass_id: one.reason for one in view.passes}[PASS_THIRTY] == "pass_expired"
    assert view.passes[0].held.pass_id == PASS_TEN, "usable passes come first"


def test_nobody_looks_members_up_without_signing_in(desk: Desk) -> None:
    sign_in.sign_out(desk.till)
    assert no(desk, short_code(1)) == "not_signed_in"
    with pytest.raises(Refusal) as error:
        find_member.by_phone(desk.till, "6021")
    assert error.value.code == "not_signed_in"


LUCIA, LIN = "+34600111011", "+8613800126021"
FORMS = {
    LUCIA: ("600111011", "600 111 011", "34600111011", "+34 600-111-011", "0034600111011", "６００１１１０１１"),
    LIN: ("+8613800126021", "0086 138 0012 6021"),
}


def put(desk: Desk, number: int, phone: str, member_no: str = "880001", older: bool = False) -> str:
    """Somebody with this phone is in the mirror; `older`: as this till's journal kept them before its upgrade."""
    member = replace(desk.member().member, member_id=uid(number), phone=phone, member_no=member_no, card_ref="")
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, member, EPOCH)
        if older:
            rows.execute(MEMBERS.update().values(number_index=None).where(MEMBERS.c.member_id == uid(number)))
    return uid(number)


def ids(desk: Desk, typed: str) -> list[str]:
    return [view.member.member_id for view in find_member.by_phone(desk.till, typed)]


@pytest.mark.parametrize(("phone", "typed"), [(phone, typed) for phone, forms in FORMS.items() for typed in forms])
def test_every_written_form_finds_the_member_in_barcelona(barcelona: Desk, phone: str, typed: str) -> None:
    found = {LUCIA: put(barcelona, 0x501, LUCIA), LIN: put(barcelona, 0x502, LIN, "880002")}
    assert ids(barcelona, typed) == [found[phone]]


@pytest.mark.parametrize("kept", ["600111011", "34600111011", "+34600111011"])
@pytest.mark.parametrize("typed", FORMS[LUCIA])
def test_a_journal_of_before_finds_its_members_without_a_network(barcelona: Desk, kept: str, typed: str) -> None:
    barcelona.go_offline()
    lucia = put(barcelona, 0x501, kept, older=True)
    put(barcelona, 0x502, "13800126021", "880002", older=True)
    assert ids(barcelona, typed) == [lucia]
    assert ids(barcelona, LIN) == [uid(0x502)], "known in both cities, kept as it was written in the other"
    assert ids(barcelona, "880001") == [lucia]


def test_a_foreign_number_needs_its_country(barcelona: Desk) -> None:
    camille = put(barcelona, 0x503, "+33612345678")
    assert ids(barcelona, "+33 (0)6 12 34 56 78") == ids(barcelona, "0033612345678") == [camille]
    put(barcelona, 0x504, "+34612345670", "880004")
    assert ids(barcelona, "612345670") == [uid(0x504)], "without one it is a Spanish one"
    for typed in ("0612345678", "33612345678", "13800126021"):
        with pytest.raises(Refusal, match="phone_invalid"):
            find_member.by_phone(barcelona.till, typed)


@pytest.mark.parametrize("typed", ["880001", " 880001 ", "８８０００１"])
def test_a_member_number_finds_exactly_its_member_without_a_code(desk: Desk, typed: str) -> None:
    put(desk, 0x501, LIN)
    put(desk, 0x502, "13800880001", "1880001")
    (found,) = find_member.by_phone(desk.till, typed)
    assert (found.member.member_id, found.found_by, found.code) == (uid(0x501), "phone", None)
    for other in ("88000", "80001", "880002", "8800010"):
        with pytest.raises(Refusal):
            find_member.by_phone(desk.till, other)


def test_the_number_of_a_member_that_a_till_made(desk: Desk) -> None:
    put(desk, 0x501, LIN, "SZ1T03.000012")
    for typed in ("SZ1T03.000012", "sz1t03.000012"):
        found = find_member.by_scan(desk.till, typed)
        assert (found.member.member_id, found.found_by, found.code) == (uid(0x501), "phone", None)
    assert no(desk, "SZ1T03.00001") == "code_foreign"


def test_four_digits_are_the_end_of_phones_and_a_number_of_four(desk: Desk) -> None:
    put(desk, 0x501, "+8613900001234", "6021")
    assert uid(0x501) in ids(desk, "６０２１")
    assert {uid(1), uid(2)} < set(ids(desk, "6021"))


def test_a_member_with_a_pin_who_was_found_by_number_stays_covered(desk: Desk) -> None:
    put(desk, 0x501, LIN)
    bare = find_member.by_phone(desk.till, "880001")[0]
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, replace(bare.member, pin_hash="$argon2id$x"), EPOCH)
    assert not member_pin.hides(desk.till, bare)
    assert member_pin.hides(desk.till, find_member.by_phone(desk.till, "880001")[0])

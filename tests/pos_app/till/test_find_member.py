"""Finding members: by code, by phone; every bad code has its own answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.refusals import Refusal
from models.tokens import SnapshotCode, encode_snapshot
from pos_app.journal import members
from pos_app.till import find_member, sign_in
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


@pytest.mark.parametrize("digits", ["13812346021", "138 1234 6021", "138-1234-6021"])
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
        ("１３８１", "phone_invalid"),
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
    for ask in (lambda: find_member.refresh(desk.till, view), lambda: find_member.by_phone(desk.till, "34612345678")):
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

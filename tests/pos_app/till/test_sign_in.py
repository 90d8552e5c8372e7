"""Signing in: by PIN, offline, throttled across restarts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.refusals import Refusal
from pos_app.till import catalogue, shift, sign_in
from tests.pos_app.desk import PIN, Desk, uid


@pytest.fixture
def closed(tmp_path: Path) -> Desk:
    """A till nobody has signed in at."""
    return Desk(tmp_path / "till", begin=False)


def no(desk: Desk, pin: str) -> tuple[str, object]:
    with pytest.raises(Refusal) as error:
        sign_in.sign_in(desk.till, pin)
    return error.value.code, next(iter(error.value.data.values()), None)


def test_in_and_out(closed: Desk) -> None:
    assert sign_in.session(closed.till) is None
    found = sign_in.sign_in(closed.till, PIN)
    assert (found.staff_name, found.shift_id, found.permissions) == ("李敏", None, frozenset({"reprint", "refund"}))
    assert closed.changes[-1].session
    opened = shift.open_shift(closed.till, 20_000)
    assert opened.shift_id is not None
    assert opened.shift_opened_at == closed.clock.now()
    sign_in.sign_out(closed.till)
    assert sign_in.session(closed.till) is None
    assert sign_in.sign_in(closed.till, PIN).shift_id == opened.shift_id, "the shift stays open"


@pytest.mark.parametrize("pin", ["", "1", "246811", "24681", "2468101", "２４６８１０", "x" * 10_000])
def test_wrong_pins(closed: Desk, pin: str) -> None:
    assert no(closed, pin) == ("pin_wrong", 4)


def test_throttle_counts_doubles_and_survives_a_restart(closed: Desk) -> None:
    assert [no(closed, "000000") for _ in range(4)] == [("pin_wrong", left) for left in (4, 3, 2, 1)]
    assert no(closed, "000000") == ("pin_throttled", 30)
    code, seconds = no(closed, PIN)
    assert (code, int(str(seconds)) in (30, 31)) == ("pin_throttled", True), "the right PIN must wait too"
    closed.stop()
    again = Desk.__new__(Desk)
    again.__init__(closed.folder, begin=False)  # type: ignore[misc]
    assert no(again, PIN)[0] == "pin_throttled"
    again.clock.pass_by(31)
    assert no(again, "000000") == ("pin_throttled", 60)
    again.clock.pass_by(61)
    assert sign_in.sign_in(again.till, PIN).staff_name == "李敏"
    assert no(again, "000000") == ("pin_wrong", 4), "a right PIN forgives"
    again.stop()


def test_clock_set_back_does_not_lock_for_ever(closed: Desk) -> None:
    for _ in range(5):
        no(closed, "000000")
    closed.clock.moment -= timedelta(days=30)
    code, seconds = no(closed, PIN)
    assert (code, int(str(seconds)) <= sign_in.LONGEST_WAIT_SECONDS) == ("pin_throttled", True)


def test_people_who_left_or_work_elsewhere(closed: Desk) -> None:
    person = next(iter(closed.journal.catalogue.staff.values()))
    for change in ({"active": False}, {"store_id": uid(0xB9)}):
        closed.mirrored("staff", person.staff_id, replace(person, **change))
        assert no(closed, PIN)[0] == "pin_wrong"
        closed.clock.pass_by(3600)
    closed.mirrored("staff", person.staff_id, replace(person, pin_hash="not a hash"))
    assert no(closed, PIN)[0] == "pin_wrong"


def test_somebody_fired_is_out_at_once(desk: Desk) -> None:
    person = next(iter(desk.journal.catalogue.staff.values()))
    desk.mirrored("staff", person.staff_id, replace(person, active=False))
    with pytest.raises(Refusal) as error:
        desk.sell()
    assert error.value.code == "not_signed_in"


@pytest.mark.parametrize("float_minor", [-1, 10**12 + 1, True, "100"])
def test_floats_that_are_none(closed: Desk, float_minor: int) -> None:
    sign_in.sign_in(closed.till, PIN)
    with pytest.raises(Refusal) as error:
        shift.open_shift(closed.till, float_minor)
    assert error.value.code == "amount_invalid"
    assert closed.chain() == []


def test_one_shift_at_a_time(desk: Desk) -> None:
    with pytest.raises(Refusal) as error:
        shift.open_shift(desk.till, 0)
    assert error.value.code == "shift_already_open"
    assert len(desk.chain()) == 1


def test_nothing_without_a_person_or_a_shift(closed: Desk) -> None:
    for act in (closed.sell, lambda: shift.open_shift(closed.till, 0)):
        with pytest.raises(Refusal) as error:
            act()
        assert error.value.code == "not_signed_in"
    sign_in.sign_in(closed.till, PIN)
    with pytest.raises(Refusal) as error:
        closed.sell()
    assert error.value.code == "shift_not_open"


def test_what_the_screens_show(desk: Desk) -> None:
    assert catalogue.store(desk.till).code == "SZ1"
    assert catalogue.language(desk.till) == "zh-CN"
    assert [one.position for one in catalogue.categories(desk.till)] == [0, 1, 2]
    assert len(catalogue.products(desk.till)) == 12
    assert [plan.price_minor for plan in catalogue.plans(desk.till)] == [15000, 29900, 39900]
    assert catalogue.price_list(desk.till).currency == "CNY"

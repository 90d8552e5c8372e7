"""The clock: server time carried on ticks, frozen when nothing proves it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.clock import Anchor, RandomIds, TillClock, boot_ticks, read_boot_id

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose wall clock and ticks a test moves."""

    wall: datetime = START
    ticks: float = 500.0
    saved: list[Anchor] = field(default_factory=list)

    def clock(self, anchor: Anchor | None = None, boot: str = "boot-1") -> TillClock:
        return TillClock(anchor, self.saved.append, lambda: self.wall, lambda: self.ticks, boot)

    def run(self, seconds: float, wall_seconds: float | None = None) -> None:
        self.ticks += seconds
        self.wall += timedelta(seconds=seconds if wall_seconds is None else wall_seconds)


def test_never_spoken_to_a_server() -> None:
    machine = Machine()
    clock = machine.clock()
    assert clock.now() == START
    assert clock.standing().frozen
    assert clock.standing().age_seconds is None


@given(
    offset=st.integers(-86_400 * 400, 86_400 * 400),
    later=st.integers(0, 86_400 * 30),
    jump=st.integers(-(10**6), 10**6),
)
def test_server_time_counts_whatever_the_wall_says(offset: int, later: int, jump: int) -> None:
    machine = Machine()
    clock = machine.clock()
    server = START + timedelta(seconds=offset)
    clock.learn(server)
    machine.run(later, later + jump)
    assert abs(clock.now() - (server + timedelta(seconds=later))) < timedelta(milliseconds=2)
    assert clock.standing().age_seconds in (later - 1, later)


@pytest.mark.parametrize(("back", "frozen"), [(0, False), (119, False), (121, True), (86_400, True)])
def test_set_back_freezes(back: int, frozen: bool) -> None:
    machine = Machine()
    clock = machine.clock()
    clock.learn(START)
    machine.run(100, 100 - back)
    assert clock.standing().frozen is frozen
    machine.run(0, back)
    assert clock.standing().frozen is frozen, "putting it right again is no proof"
    clock.learn(START + timedelta(seconds=100))
    assert not clock.standing().frozen


def test_set_forward_does_not_freeze_and_does_not_move_time() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.learn(START)
    machine.run(10, 86_400)
    assert not clock.standing().frozen
    assert clock.now() == START + timedelta(seconds=10)


def test_restart_of_the_program_keeps_time_and_proof() -> None:
    machine = Machine()
    machine.clock().learn(START + timedelta(hours=3))
    machine.run(7200)
    again = machine.clock(machine.saved[-1])
    assert again.now() == START + timedelta(hours=5)
    assert again.standing().age_seconds == 7200
    assert not again.standing().frozen


def test_reboot_freezes_but_goes_on_guessing() -> None:
    machine = Machine()
    machine.clock().learn(START + timedelta(hours=3))
    machine.wall += timedelta(hours=1)
    machine.ticks = 3.0
    again = machine.clock(machine.saved[-1], boot="boot-2")
    assert again.standing().frozen
    assert again.standing().age_seconds is None
    assert again.now() == START + timedelta(hours=4)
    machine.wall -= timedelta(days=3)
    assert again.now() == START + timedelta(hours=3), "never before what the server said"


def test_anchor_is_saved_about_once_a_minute() -> None:
    machine = Machine()
    clock = machine.clock()
    for _ in range(119):
        clock.learn(machine.wall)
        machine.run(1)
    assert len(machine.saved) == 2
    clock.learn(machine.wall + timedelta(seconds=5))
    assert len(machine.saved) == 3, "a correction is kept at once"


def test_ids_are_new_and_carry_the_time() -> None:
    machine = Machine()
    ids = RandomIds(machine.clock())
    found = {ids.new() for _ in range(1000)}
    assert len(found) == 1000
    assert {int(one.replace("-", "")[:12], 16) for one in found} == {int(START.timestamp() * 1000)}


def test_this_machine() -> None:
    assert boot_ticks() <= boot_ticks()
    assert read_boot_id() == read_boot_id()

"""The torture rack (tests/faults/rack), one short schedule of it; fifty with 20 tills are `make rack SCHEDULES=50`.

And its judge: what it must call an overspend, and whose. A rack that blames nobody proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.rack.ground import Ground
from tests.faults.rack.play import play
from tests.faults.rack.truth import Books, Copied, Happened, judge

TILLS, MOVES, SEED = 5, 6, 36
"""A schedule whose synchronous standby takes over, and in which disks of tills are put back."""
AT = datetime(2027, 3, 30, 1, 0, tzinfo=UTC)
GROUP = ("member", "plan")


@pytest.fixture(autouse=True)
def quick() -> None:
    """Nothing of this folder's house is needed here."""


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """A house of its own: its database dies and is replaced."""
    with Ground(TILLS) as opened:
        yield opened


@pytest.mark.timeout(300)
def test_schedule(ground: Ground) -> None:
    played = play(ground, SEED, MOVES)
    assert played.holds, played.told()


def use(terminal: str, seq: int, rung: str, uses: int = 1, copy: str = "") -> Happened:
    """Uses taken from the one pass."""
    body = {"pass_id": "pass", "member_id": "member", "uses": uses, "evidence": {"rung": rung}}
    copy = copy or terminal
    return Happened(
        terminal, copy, seq, f"{copy} {seq}", "PassRedeemed", f"{terminal} {seq}",
        AT + timedelta(seconds=seq), body, None,
    )  # fmt: skip


def books(issued: int) -> Books:
    """One pass with so many uses, two tills, of which one may take two unproven."""
    return Books({GROUP: issued}, {"pass": GROUP}, caps={"risky": 2, "strict": 0}, published=2)


def test_what_nobody_may_do_is_the_honest_tills() -> None:
    found = judge(books(1), [use("strict", 1, "online"), use("other", 1, "reserved")])
    assert (found.by_honest, found.over, len(found.wrong)) == (1, {GROUP: 1}, 1)


def test_what_was_issued_may_be_spent() -> None:
    found = judge(books(2), [use("strict", 1, "online"), use("other", 1, "reserved")])
    assert (found.over, found.wrong) == ({}, [])


def test_unproven_uses_up_to_the_cap() -> None:
    taken = [use("strict", 1, "online"), use("risky", 1, "at_risk"), use("risky", 2, "at_risk")]
    found = judge(books(1), taken)
    assert (found.by_risk, found.by_honest, found.wrong) == (2, 0, [])
    found = judge(books(1), [*taken, use("risky", 3, "at_risk")])
    assert found.by_risk == 3
    assert len(found.wrong) == 2, "beyond the till's cap, and beyond what was published"


def test_a_cap_is_free_again_once_its_uses_were_heard() -> None:
    first = [replace(use("risky", seq, "at_risk"), acknowledged_at=AT + timedelta(seconds=5)) for seq in (1, 2)]
    found = judge(books(1), [*first, use("risky", 9, "at_risk")])
    assert (found.by_risk, found.wrong) == (2, [])


def test_two_histories_of_a_till() -> None:
    cloned = books(1)
    cloned.cloned["strict"], cloned.set_aside["strict"] = Copied(since_seq=5), 1
    taken = [use("strict", 6, "reserved"), use("strict", 6, "reserved", copy="copy")]
    found = judge(cloned, taken)
    assert (found.by_copies, found.bound_copies, found.wrong) == (1, 1, [])
    found = judge(cloned, [*taken, use("strict", 7, "reserved", copy="copy")])
    assert (found.by_copies, len(found.wrong)) == (2, 1)


def test_what_was_released_at_risk() -> None:
    released = books(1)
    released.released[GROUP] = 1
    found = judge(released, [use("strict", 1, "reserved"), use("other", 2, "online")])
    assert (found.by_release, found.by_honest, found.wrong) == (1, 0, [])


def test_what_the_server_forgot() -> None:
    forgotten = books(1)
    forgotten.lost.append((AT, AT + timedelta(seconds=3)))
    found = judge(forgotten, [use("strict", 1, "online"), use("other", 9, "online")])
    assert (found.by_lost_time, found.by_honest, found.wrong) == (1, 0, [])


def test_what_was_shown_as_done_is_in_a_file() -> None:
    lost = books(1)
    lost.shown.add("strict 1")
    assert judge(lost, [use("strict", 1, "online")]).wrong == []
    lost.shown.add("strict 2")
    assert len(judge(lost, [use("strict", 1, "online")]).wrong) == 1

"""Placing the facts of a push: follow, repeat, gap, fork, unreadable."""

from __future__ import annotations

import json

import pytest

from models.facts import GENESIS, hash_fact
from sync_server.intake.chain import Placement, Stored, Tip, place, read_envelope

START = Tip(0, GENESIS)
ID = "01890000-0000-7000-8000-000000000001"


def text(seq: int, prev: str, word: str = "") -> str:
    return json.dumps({"fact_id": ID, "seq": seq, "prev": prev, "word": word})


def chain(count: int, tip: Tip = START, word: str = "") -> list[str]:
    made: list[str] = []
    for _ in range(count):
        made.append(text(tip.seq + 1, tip.hash, word))
        tip = Tip(tip.seq + 1, hash_fact(made[-1].encode()))
    return made


def stored(texts: list[str], in_chain: bool = True) -> dict[str, Stored]:
    return {hash_fact(t.encode()): Stored(n, in_chain, ID, None, f"CK{n}") for n, t in enumerate(texts, 1)}


def tip_of(texts: list[str]) -> Tip:
    return Tip(len(texts), hash_fact(texts[-1].encode()))


def shape(placement: Placement) -> list[tuple[int, bool, bool]]:
    return [(placed.seq, placed.in_chain, placed.stored is not None) for placed in placement.facts]


def test_a_new_chain_follows_the_beginning() -> None:
    texts = chain(3)
    found = place(texts, START, {})
    assert shape(found) == [(1, True, False), (2, True, False), (3, True, False)]
    assert (found.tip, found.gap) == (tip_of(texts), False)


def test_what_is_known_is_not_taken_again_and_the_rest_follows() -> None:
    texts = chain(3)
    found = place(texts, tip_of(texts[:2]), stored(texts[:2]))
    assert shape(found) == [(1, True, True), (2, True, True), (3, True, False)]
    assert found.tip == tip_of(texts)


def test_a_missing_fact_is_a_gap_and_nothing_behind_it_is_taken() -> None:
    texts = chain(4)
    found = place([texts[0], texts[2], texts[3]], START, {})
    assert shape(found) == [(1, True, False)]
    assert found.gap
    assert found.tip == tip_of(texts[:1])


def test_two_facts_in_the_wrong_order_are_a_gap() -> None:
    texts = chain(2)
    found = place(texts[::-1], START, {})
    assert (shape(found), found.gap) == ([], True)


def test_another_history_is_kept_aside_with_what_follows_it() -> None:
    ours, theirs = chain(3), chain(5, word="clone")
    found = place(theirs, tip_of(ours), stored(ours))
    assert shape(found) == [(seq, False, False) for seq in range(1, 6)]
    assert (found.tip, found.gap) == (tip_of(ours), False)


def test_a_clone_comes_back_with_more_and_the_original_goes_on() -> None:
    ours, theirs = chain(2), chain(4, word="clone")
    known = stored(ours) | stored(theirs[:3], in_chain=False)
    assert shape(place(theirs[3:], tip_of(ours), known)) == [(4, False, False)]
    more = chain(1, tip_of(ours))
    assert shape(place(more, tip_of(ours), known)) == [(3, True, False)]


def test_the_right_number_on_the_wrong_predecessor_is_another_history() -> None:
    ours = chain(2)
    found = place([text(3, "ab" * 32)], tip_of(ours), stored(ours))
    assert shape(found) == [(3, False, False)]


@pytest.mark.parametrize(
    "junk", ["", "{", "[]", "null", '"x"', '{"seq":2}', "[" * 100_000, '{"seq":true,"prev":"x"}', "1" * 5000]
)
def test_what_cannot_be_read_stands_where_it_was_pushed(junk: str) -> None:
    first = chain(1)
    after = text(3, hash_fact(junk.encode()))
    found = place([*first, junk, after], START, {})
    assert shape(found) == [(1, True, False), (2, True, False), (3, True, False)]


def test_the_same_text_twice_in_one_push_counts_once() -> None:
    texts = chain(2)
    found = place([texts[0], texts[0], texts[1]], START, {})
    assert [placed.again for placed in found.facts] == [False, True, False]
    assert found.tip == tip_of(texts)


@pytest.mark.parametrize(
    "change", [{"seq": 0}, {"seq": -1}, {"seq": 1 << 62}, {"seq": "1"}, {"prev": "AB" * 32}, {"prev": None}]
)
def test_a_place_is_believed_only_when_it_is_one(change: dict[str, object]) -> None:
    plain = {"fact_id": ID, "seq": 1, "prev": GENESIS} | change
    assert read_envelope(json.dumps(plain)).seq is None
    assert read_envelope(json.dumps(plain)).fact_id == ID


@pytest.mark.parametrize("identity", [None, 5, "x", ID.upper().replace("E", "e") + " ", "\u0000"])
def test_an_id_is_believed_only_when_it_is_one(identity: object) -> None:
    assert read_envelope(json.dumps({"fact_id": identity})).fact_id is None


def test_an_unreadable_fact_stands_where_its_neighbours_and_the_head_say() -> None:
    """Not behind whatever the server has: what comes too early is a gap, in front or at the end of a push."""
    first = chain(2)
    junk, second_junk = "junk", "more junk"
    after = text(5, hash_fact(second_junk.encode()))
    whole = [*first, junk, second_junk, after]
    assert shape(place(whole, START, {}, 5)) == [(n, True, False) for n in (1, 2, 3, 4, 5)]
    for early, head_seq in (([junk], 3), ([junk, second_junk], 4), ([second_junk, after], 5), ([junk, junk], 3)):
        found = place(early, START, {}, head_seq)
        assert (found.facts, found.gap, found.tip) == ((), True, START), early
    assert shape(place([junk, junk, second_junk], tip_of(first), stored(first), 4)) == [
        (3, True, False), (3, True, False), (4, True, False)
    ]  # fmt: skip
    assert place([junk, first[0]], START, {}, 1).gap, "nobody says where it stands"


def test_an_unreadable_fact_of_another_history_is_kept_aside() -> None:
    ours, theirs = chain(2), text(2, hash_fact(chain(1)[0].encode()), "x")
    found = place([theirs, "junk"], tip_of(ours), stored(ours), 3)
    assert [(one.seq, one.in_chain) for one in found.facts] == [(2, False), (3, False)]

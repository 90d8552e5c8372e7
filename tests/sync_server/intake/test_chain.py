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


def head_of(texts: list[str], seq: int) -> Tip:
    return Tip(seq, hash_fact(texts[-1].encode()))


def tip_of(texts: list[str]) -> Tip:
    return head_of(texts, len(texts))


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
    assert shape(place(whole, START, {}, head_of(whole, 5))) == [(n, True, False) for n in (1, 2, 3, 4, 5)]
    for early, head_seq in (([junk], 3), ([junk, second_junk], 4), ([second_junk, after], 5), ([junk, junk], 3)):
        found = place(early, START, {}, head_of(early, head_seq))
        assert (found.facts, found.gap, found.tip) == ((), True, START), early
    again = [junk, junk, second_junk]
    assert shape(place(again, tip_of(first), stored(first), head_of(again, 4))) == [
        (3, True, False), (3, True, False), (4, True, False)
    ]  # fmt: skip
    assert place([junk, first[0]], START, {}, head_of(first[:1], 1)).gap, "nobody says where it stands"


def test_an_unreadable_fact_of_another_history_is_kept_aside() -> None:
    ours, theirs = chain(2), text(2, hash_fact(chain(1)[0].encode()), "x")
    found = place([theirs, "junk"], tip_of(ours), stored(ours), head_of(["junk"], 3))
    assert [(one.seq, one.in_chain) for one in found.facts] == [(2, False), (3, False)]


# What the till did not chain ------------------------------------------------------------------------------------------


def changed(texts: list[str], number: int, how: str) -> list[str]:
    """The texts with one of them changed by somebody who hashes nothing anew."""
    plain = json.loads(texts[number])
    spoilt = {"word": json.dumps(plain | {"word": "other"}), "prev": json.dumps(plain | {"prev": "ab" * 32}),
              "unreadable": "\ufffd"}  # fmt: skip
    return [*texts[:number], spoilt[how], *texts[number + 1 :]]


@pytest.mark.parametrize("how", ["word", "unreadable"])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_changed_text_is_held_in_its_place_and_the_chain_goes_on_as_the_till_chained_it(
    number: int, how: str
) -> None:
    """The next one tells, and the signed head of the last."""
    ours = chain(2)
    more = chain(4, tip_of(ours))
    found = place(changed(more, number, how), tip_of(ours), stored(ours), Tip(6, hash_fact(more[-1].encode())))
    assert shape(found) == [(seq, True, False) for seq in (3, 4, 5, 6)]
    assert [one.held for one in found.facts] == [("content_differs" if n == number else None) for n in range(4)]
    assert [one.chained for one in found.facts] == [hash_fact(text.encode()) for text in more]
    assert (found.tip, found.gap) == (tip_of([*ours, *more]), False)


@pytest.mark.parametrize("how", ["word", "prev", "unreadable"])
def test_two_changed_ones_in_a_row_are_both_held_and_block_nothing(how: str) -> None:
    texts = chain(4)
    found = place(changed(changed(texts, 1, "word"), 2, how), START, {}, tip_of(texts))
    assert [one.held for one in found.facts][2:] == ["content_differs", None]
    assert (found.facts[1].held == "content_differs") == (how != "unreadable")
    assert (found.tip, found.gap) == (tip_of(texts), False)


def test_the_last_text_of_a_push_is_what_the_head_says_and_the_next_push_follows_it() -> None:
    texts = chain(3)
    found = place(changed(texts, 2, "word"), START, {}, tip_of(texts))
    assert found.facts[2].held == "content_differs"
    more = chain(1, found.tip)
    assert shape(place(more, found.tip, stored(texts[:2]))) == [(4, True, False)]


def test_a_changed_text_for_a_place_that_is_taken_by_the_true_one_is_no_other_history() -> None:
    texts = chain(3)
    found = place(changed(texts, 1, "word"), tip_of(texts[:2]), stored(texts[:2]), tip_of(texts))
    assert [(one.seq, one.in_chain, one.held) for one in found.facts] == [
        (1, True, None), (2, False, "content_differs"), (3, True, None)
    ]  # fmt: skip
    assert found.tip == tip_of(texts)


def test_a_real_fork_stays_one_also_with_a_changed_text_in_it() -> None:
    ours, theirs = chain(3), chain(4, word="clone")
    for texts in (theirs, changed(theirs, 1, "word")):
        found = place(texts, tip_of(ours), stored(ours), tip_of(theirs))
        assert [one.held for one in found.facts] == ["fork"] * 4
        assert (found.tip, found.gap) == (tip_of(ours), False)

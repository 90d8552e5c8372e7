"""The outbox: bounded batches in order, results only for what was sent, nothing lost by gaps or epochs."""

from dataclasses import replace

import pytest

from models import codec
from models.facts import hash_fact
from models.wire import FactResult, HeldDecision
from pos_app.journal import mirror, outbox
from pos_app.till import outbox as screen
from tests.pos_app.desk import NOON, Desk


def test_batches_are_bounded_and_in_chain_order(desk: Desk) -> None:
    for _ in range(9):
        desk.sell()
    with desk.journal.reading() as rows:
        everything = outbox.pending(rows, 500, 1 << 20)
        assert [fact.seq for fact in everything] == list(range(1, 11))
        assert all(hash_fact(fact.text.encode()) == fact.hash for fact in everything)
        assert len(outbox.pending(rows, 3, 1 << 20)) == 3
        one = len(everything[1].text)
        assert 1 <= len(outbox.pending(rows, 500, 3 * one)) <= 3
        assert len(outbox.pending(rows, 500, 1)) == 1, "a fact larger than the bound still goes, alone"


def test_a_batch_never_jumps_over_what_is_settled(desk: Desk) -> None:
    for _ in range(4):
        desk.sell()
    desk.acknowledge(5)
    with desk.journal.upkeep() as rows:
        outbox.send_again_after(rows, 0)
        sent = outbox.pending(rows, 500, 1 << 20)
        outbox.note_results(rows, sent, [FactResult(sent[2].fact_id, 3, "accepted")], 5, NOON)
    with desk.journal.reading() as rows:
        assert [fact.seq for fact in outbox.pending(rows, 500, 1 << 20)] == [1, 2]


@pytest.mark.parametrize(
    ("change", "acknowledged"),
    [({"fact_id": "0198a000-0000-7000-8000-00000000ffff"}, 2), ({"seq": 7}, 9), ({}, 1)],
)
def test_results_that_were_not_sent_or_not_durable_do_not_count(
    desk: Desk, change: dict[str, object], acknowledged: int
) -> None:
    desk.sell()
    with desk.journal.upkeep() as rows:
        sent = outbox.pending(rows, 500, 1 << 20)
        result = replace(FactResult(sent[1].fact_id, 2, "accepted"), **change)  # type: ignore[arg-type]
        assert outbox.note_results(rows, sent, [result], acknowledged, NOON) == 0
        assert outbox.summary(rows).pending == 2


@pytest.mark.parametrize(
    ("outcome", "reason", "state", "shown"),
    [
        ("accepted", None, "accepted", None),
        ("already_known", None, "accepted", None),
        ("already_known", "uses_exhausted", "held", "uses_exhausted"),
        ("held", "uses_exhausted", "held", "uses_exhausted"),
        ("refused", None, "held", "refused"),
    ],
)
def test_outcomes(desk: Desk, outcome: str, reason: str | None, state: str, shown: str | None) -> None:
    desk.acknowledge(1, outcome, reason)
    (row,) = screen.rows(desk.till)
    assert (row.state, row.reason, row.tx_no) == (state, shown, "HX1")
    with desk.journal.reading() as rows:
        found = outbox.summary(rows)
    assert (found.pending, found.held, found.oldest_pending_at) == (0, int(state == "held"), None)


def test_summary_and_screen(desk: Desk) -> None:
    desk.clock.pass_by(60)
    done = desk.sell()
    with desk.journal.reading() as rows:
        found = outbox.summary(rows)
        assert outbox.last_seq(rows) == 2
    assert (found.pending, found.held, found.oldest_pending_at) == (2, 0, NOON)
    newest, oldest = screen.rows(desk.till)
    assert (newest.seq, newest.kind, [slip.number for slip in newest.slips]) == (2, "OrderPaid", list(done.slips))
    assert (oldest.seq, oldest.slips) == (1, ())
    assert [row.seq for row in screen.rows(desk.till, limit=1)] == [2]


def test_a_decision_of_a_newer_server_is_shown_as_it_is_counted(desk: Desk) -> None:
    desk.sell()
    with desk.journal.upkeep() as rows:
        sent = outbox.pending(rows, 500, 1 << 20)
        outbox.note_results(rows, sent, [FactResult(sent[1].fact_id, 2, "held", "uses_exhausted")], 2, NOON)
        decided = codec.to_plain(HeldDecision(sent[1].hash, "reject", "no", None, NOON))
        assert isinstance(decided, dict)
        mirror.put(rows, "decision", sent[1].hash, {**decided, "field_of_tomorrow": 1}, "e1")
    with desk.journal.reading() as rows:
        assert outbox.summary(rows).held == 0
        shown = outbox.recent(rows, 1)[0].decided
    assert shown is not None
    assert shown.decision == "reject"


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        ("X'7BFF7D'", "{}"),
        ("X''", ""),
        ("'a text'", "a text"),
        ("17", "17"),
        ("CAST(printf('%.*c', 3000, 'x') AS BLOB)", "x" * 1000),
    ],
)
def test_a_damaged_fact_goes_with_what_is_left_of_it_and_stops_nothing(desk: Desk, damage: str, left: str) -> None:
    for _ in range(3):
        desk.sell()
    with desk.journal.upkeep() as rows:
        whole = outbox.pending(rows, 500, 1 << 20)
        rows.exec_driver_sql(f"UPDATE facts SET bytes = {damage} WHERE seq = 2")
        found = outbox.pending(rows, 500, 2000)[1]
        assert (found.text, found.hash) == (left, whole[1].hash)
        assert [fact.seq for fact in outbox.pending(rows, 500, 1 << 20)] == [1, 2, 3, 4]

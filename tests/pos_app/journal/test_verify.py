"""`verify` holds on a busy till and names every kind of break."""

import hashlib
import sqlite3
from collections.abc import Callable

import pytest

from pos_app.journal.store import FILE_NAME, open_for_reading
from pos_app.journal.verify import verify
from pos_app.till import refund, refundable, reprint, sell_pass
from tests.pos_app.desk import JUMP_PLAN, PASS_THIRTY, Desk


def busy(desk: Desk) -> None:
    """One of everything that a till records."""
    desk.allow()
    plan = desk.journal.catalogue.plans[JUMP_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(2).member, plan, [desk.tender(plan.price_minor)])
    done = desk.redeem()
    desk.sell()
    desk.top_up()
    desk.charge()
    refund.refund(desk.till, str(refundable.recent(desk.till)[0].tx_no), 100, None, "other")
    desk.go_offline()
    desk.redeem(desk.basket(pass_id=PASS_THIRTY), code=desk.snapshot(pass_id=PASS_THIRTY, uses=1))
    with pytest.raises(Exception, match="offline"):
        desk.redeem()
    desk.paper(done.slips[0], "printed")
    reprint.reprint(desk.till, done.slips[0], "torn")
    desk.acknowledge(3)


def test_a_busy_till_holds(desk: Desk) -> None:
    busy(desk)
    assert {fact.kind for fact in desk.chain()} == {
        "ShiftOpened", "PassSold", "PassRedeemed", "OrderPaid", "RequestAbandoned", "SlipReprinted",
        "ToppedUp", "CardCharged", "Refunded",
    }  # fmt: skip
    assert desk.broken() == []


def edit_fact(raw: sqlite3.Connection) -> None:
    (data,) = raw.execute("SELECT bytes FROM facts WHERE seq = 4").fetchone()
    raw.execute(
        "UPDATE facts SET bytes = ? WHERE seq = 4", (data.replace(b'"total_minor":1800', b'"total_minor":1801'),)
    )


def edit_fact_and_hash(raw: sqlite3.Connection) -> None:
    edit_fact(raw)
    (data,) = raw.execute("SELECT bytes FROM facts WHERE seq = 4").fetchone()
    raw.execute("UPDATE facts SET hash = ? WHERE seq = 4", (hashlib.sha256(data).hexdigest(),))


def sql(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def run(raw: sqlite3.Connection) -> None:
        for statement in statements:
            raw.execute(statement)

    return run


BREAKS: dict[str, tuple[Callable[[sqlite3.Connection], None], str]] = {
    "edited fact": (edit_fact, "its bytes were changed"),
    "edited fact with its hash": (edit_fact_and_hash, "does not continue"),
    "fact removed": (sql("DELETE FROM facts WHERE seq = 3"), "fact 3 is missing"),
    "not a fact": (sql("UPDATE facts SET bytes = x'7b7d' WHERE seq = 2"), "no fact"),
    "columns differ": (sql("UPDATE facts SET kind = 'OrderPaid' WHERE seq = 1"), "columns differ"),
    "series behind": (sql("UPDATE series SET last = last - 1 WHERE name = 'VR'"), "series VR stands"),
    "series ahead": (sql("UPDATE series SET last = last + 1 WHERE name = 'TP'"), "series TP stands"),
    "second original": (
        sql(
            "CREATE TABLE p2 AS SELECT * FROM print_jobs",
            "INSERT INTO p2 SELECT * FROM print_jobs WHERE copy = 0 LIMIT 1",
            "DROP TABLE print_jobs",
            "ALTER TABLE p2 RENAME TO print_jobs",
        ),
        "2 unmarked originals",
    ),
    "paper lost": (sql("DELETE FROM print_jobs WHERE copy = 0 AND seq = 3"), "has no print job"),
    "paper without fact": (sql("UPDATE print_jobs SET seq = 1 WHERE seq = 4"), "belongs to no fact"),
    "outbox row lost": (sql("DELETE FROM outbox WHERE seq = 4"), "would never be sent"),
    "outbox state": (sql("UPDATE outbox SET state = 'sent' WHERE seq = 4"), "no known state"),
    "outbox too long": (sql("INSERT INTO outbox VALUES (99, 'pending', NULL, NULL, NULL, 0)"), "has no fact"),
    "bytes lost while pending": (sql("UPDATE facts SET bytes = x'' WHERE seq = 5"), "bytes while it is pending"),
    "compacted fact moved": (
        sql("UPDATE facts SET bytes = x'', prev = replace(prev, 'a', 'b') WHERE seq = 2"), "does not continue"
    ),
    "request changed": (sql("UPDATE requests SET state = 'refused' WHERE state = 'accepted'"), "cites a request"),
    "request granted, no fact": (
        sql("INSERT INTO requests (request_id, bytes, asked_at, state) VALUES ('r9', x'7b7d', '', 'accepted')"),
        "request r9 was granted, and no fact",
    ),
    "abandon undone": (sql("UPDATE requests SET state = 'asked' WHERE state = 'abandoned'"), "abandons a request"),
    "uses spent edited": (sql("UPDATE spending SET uses = 0"), "uses spent: the row of fact"),
    "uses spent added": (
        sql("INSERT INTO spending SELECT 1, pass_id, member_id, business_day, '', rung, uses FROM spending LIMIT 1"),
        "uses spent: row 1 belongs to no fact",
    ),
    "effect lost": (sql("DELETE FROM pass_effects WHERE seq > 3"), "differs from the fact"),
    "effect added": (sql("INSERT INTO pass_effects VALUES (1, 'x', 'y')"), "cannot have"),
    "shift edited": (sql("UPDATE shifts SET opened_by = 'somebody'"), "shift: the row of fact"),
    "other terminal": (
        sql("UPDATE state SET value = replace(value, '0198a000', '0198a001') WHERE key = 'identity'"),
        "another terminal",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_named(desk: Desk, name: str) -> None:
    busy(desk)
    desk.stop()
    damage, message = BREAKS[name]
    raw = sqlite3.connect(desk.folder / FILE_NAME)
    damage(raw)
    raw.commit()
    raw.close()
    rows, close = open_for_reading(desk.folder)
    with rows.begin():
        broken = [text for finding in verify(rows) for text in finding.broken]
    rows.close()
    close()
    assert any(message in text for text in broken), broken

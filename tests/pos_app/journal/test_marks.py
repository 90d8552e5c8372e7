"""By what facts are found: recorded with each, made for those that an older program recorded, checked by `verify`."""

from sqlalchemy import delete, update

from pos_app.journal.store import Journal
from pos_app.journal.tables import MARKS
from pos_app.till import refund, refund_order
from tests.pos_app.desk import Desk, uid

_SINCE = (
    "TABLE reservations",
    "TABLE reserved_uses",
    "TABLE reservation_ends",
    "TABLE company_cards",
    "INDEX spending_at_risk",
)
"""What later steps made."""


def test_an_older_journal_gets_its_marks(desk: Desk) -> None:
    sale = desk.sell()
    desk.redeem()
    desk.top_up()
    desk.acknowledge(100)
    refund_order.refund_order(desk.till, sale.fact_id, [1], "other")
    refund.refund(desk.till, desk.facts()[3].tx_no, 1_000, "cash", "other")
    wanted = desk.table(MARKS)
    assert {row["mark"] for row in wanted} == {"member", "pickup", "original"}
    raw = desk.journal._raw
    for statement in ("TABLE marks", "INDEX facts_happened_at", "INDEX outbox_tx_no", *_SINCE):
        raw.execute(f"DROP {statement}")
    raw.execute("DROP INDEX members_number")
    raw.execute("ALTER TABLE members DROP COLUMN number_index")
    raw.execute("UPDATE facts SET bytes = x'ff00' WHERE seq = 1")
    raw.execute("PRAGMA user_version = 5")
    desk.journal.close()
    desk.journal = Journal.open(desk.folder, "file")
    found = desk.table(MARKS)
    assert sorted(found, key=str) == sorted(wanted, key=str)


def test_marks_that_do_not_fit_their_facts_are_told(desk: Desk) -> None:
    desk.redeem()
    assert desk.broken() == []
    with desk.journal.upkeep() as rows:
        rows.execute(update(MARKS).where(MARKS.c.mark == "member").values(value=uid(2)))
    assert desk.broken() == ["fact 2 is not found by what it says"]
    with desk.journal.upkeep() as rows:
        rows.execute(delete(MARKS))
    assert desk.broken() == ["fact 2 is not found by what it says"]

"""Compaction: only what the ledger holds safely loses its bytes; the chain, the screens and the disk stay sound."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from models.facts import hash_fact
from pos_app.journal import identity, migrations, outbox, passes, reserve, retention
from pos_app.journal.errors import DiskFull
from pos_app.journal.store import FILE_NAME, Journal
from pos_app.journal.tables import COMPACTED, FACTS, PASS_EFFECTS, REQUESTS
from pos_app.till import outbox as screen
from pos_app.till import refundable, reprint, sell_pass, shift
from tests.pos_app.desk import EPOCH, NOON, TEN_PLAN, Desk
from tests.pos_app.journal.test_verify import busy

OLD = timedelta(days=retention.KEPT_DAYS)


@pytest.fixture
def shift_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the shift had ended: what belongs to an open one stays whole, whatever else holds."""
    monkeypatch.setattr(retention, "_before_open_shift", lambda _: 10**9)


def heard_from(desk: Desk, through: int, after: timedelta = OLD, epoch: str = EPOCH) -> None:
    """The server speaks, so much later: its backups hold the chain up to a place."""

    def work(rows: Connection) -> None:
        retention.note_backed_up(rows, epoch, through)
        identity.set_synced_at(rows, NOON + timedelta(hours=1) + after)

    desk.journal.keep(work)


def compact(desk: Desk) -> None:
    while desk.journal.compact():
        pass


def whole(desk: Desk) -> list[int]:
    return [row["seq"] for row in desk.table(FACTS) if row["bytes"] != COMPACTED]


def settle(desk: Desk) -> None:
    """Everything was accepted, and the mirror has it."""
    desk.acknowledge(1000)
    with desk.journal.upkeep() as rows:
        passes.settle(rows, 1000, NOON + timedelta(days=2))


@pytest.mark.usefixtures("shift_over")
def test_old_accepted_facts_that_a_backup_holds_keep_their_hash(desk: Desk) -> None:
    busy(desk)
    settle(desk)
    before = desk.table(FACTS)
    numbers = [row.tx_no for row in desk.facts()]
    heard_from(desk, len(before))
    compact(desk)
    after = desk.table(FACTS)
    stay = [row["seq"] for row in before if row["kind"] in retention.STAY_WHOLE]
    assert len(stay) == 3
    assert whole(desk) == stay
    assert [{**row, "bytes": b""} for row in after] == [{**row, "bytes": b""} for row in before]
    assert [row.tx_no for row in desk.facts()] == numbers
    assert all(hash_fact(row["bytes"]) == row["hash"] for row in after if row["seq"] in stay)
    assert desk.broken() == []
    # Screens, paper and the chain go on.
    assert len(refundable.recent(desk.till)) == 2
    assert len(screen.rows(desk.till, 100)) == len(before)
    done = desk.sell()
    desk.paper(done.slips[0], "printed")
    reprint.reprint(desk.till, done.slips[0], "torn")
    assert desk.broken() == []
    left = [row["request_id"] for row in desk.table(REQUESTS)]
    assert len(left) == 2, "the charge's and the refund's; the others went with their facts"


@pytest.mark.usefixtures("shift_over")
@pytest.mark.parametrize(
    ("through", "after", "epoch"),
    [(4, OLD, EPOCH), (9, OLD - timedelta(hours=2), EPOCH), (9, OLD, "another life"), (0, OLD, EPOCH)],
    ids=["a backup holds some", "too young", "said in another epoch", "no backup"],
)
def test_what_must_stay_whole_stays(desk: Desk, through: int, after: timedelta, epoch: str) -> None:
    for _ in range(8):
        desk.sell()
    desk.acknowledge(9)
    heard_from(desk, through, after, epoch)
    compact(desk)
    assert whole(desk) == (list(range(5, 10)) if through == 4 else list(range(1, 10)))
    assert desk.broken() == []


def test_the_tills_own_clock_does_not_age_a_fact(desk: Desk) -> None:
    desk.sell()
    desk.acknowledge(2)
    heard_from(desk, 2, timedelta(days=1))
    desk.clock.pass_by(3 * 365 * 86_400)
    compact(desk)
    assert whole(desk) == [1, 2]


@pytest.mark.usefixtures("shift_over")
def test_pending_and_held_facts_are_never_touched(desk: Desk) -> None:
    for _ in range(5):
        desk.sell()
    desk.acknowledge(2)
    desk.acknowledge(3, "held", "uses_exhausted")
    desk.acknowledge(4)
    heard_from(desk, 6)
    compact(desk)
    assert whole(desk) == [3, 5, 6]
    assert desk.broken() == []
    # What waits behind is compacted when it has gone its way.
    desk.acknowledge(6)
    heard_from(desk, 6, OLD + timedelta(hours=1))
    compact(desk)
    assert whole(desk) == [3]


@pytest.mark.usefixtures("shift_over")
def test_an_edited_fact_stays_as_evidence(desk: Desk) -> None:
    for _ in range(3):
        desk.sell()
    desk.acknowledge(4)
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("UPDATE facts SET bytes = CAST(replace(bytes, '1800', '1801') AS BLOB) WHERE seq = 3")
    heard_from(desk, 4)
    compact(desk)
    assert whole(desk) == [3]
    assert desk.broken() == ["fact 3: its bytes were changed (hash differs)"]


@pytest.mark.usefixtures("shift_over")
def test_a_fact_whose_effect_is_still_shown_stays(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    desk.redeem(code=desk.snapshot())
    desk.acknowledge(10)
    heard_from(desk, 10)
    compact(desk)
    with_effect = [row["seq"] for row in desk.table(PASS_EFFECTS)]
    assert whole(desk) == with_effect != []
    assert desk.broken() == []


@pytest.mark.usefixtures("shift_over")
def test_cut_off_in_the_middle_nothing_is_half_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_NEXT", retention._NEXT.limit(3))
    for _ in range(7):
        desk.sell()
    desk.acknowledge(8)
    heard_from(desk, 8)
    assert desk.journal.compact()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as now:  # the last step of the next transaction
        now.setattr("pos_app.journal.retention.identity.write_state", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.journal.compact()
    assert whole(desk) == [4, 5, 6, 7, 8]
    compact(desk)
    assert whole(desk) == []
    assert desk.broken() == []


@pytest.mark.usefixtures("shift_over")
def test_room_is_given_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for _ in range(150):
        desk.sell()
    for _ in range(2):
        desk.acknowledge(1000)
    desk.journal.close()
    desk.journal = Journal.open(tmp_path, "file")  # whatever the log held is in the file
    before = (tmp_path / FILE_NAME).stat().st_size
    heard_from(desk, 151)
    compact(desk)
    with desk.journal.reading() as rows:
        assert rows.exec_driver_sql("PRAGMA freelist_count").scalar_one() == 0
        content = sum(len(row["bytes"]) for row in desk.table(FACTS))
    assert content == 0
    desk.journal.close()
    assert (tmp_path / FILE_NAME).stat().st_size < before - 100_000


@pytest.mark.usefixtures("shift_over")
def test_a_full_disk_keeps_nothing_from_compacting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        desk.sell()
    desk.acknowledge(4)
    heard_from(desk, 4)
    really, calls = retention.compact_some, []

    def full_once(rows: Connection) -> int:
        found = really(rows)
        calls.append(found)
        if len(calls) == 1:
            raise DiskFull(path="x")
        return found

    monkeypatch.setattr(retention, "compact_some", full_once)
    assert (desk.folder / "reserve").stat().st_size == reserve.RESERVE_BYTES
    assert desk.journal.compact()
    assert not (desk.folder / "reserve").exists()
    assert whole(desk) == []


def test_an_open_shift_keeps_its_facts_whole(tmp_path: Path) -> None:
    """However old they are and wherever they are backed up: its sums need them. Those before it need not stay."""
    desk = Desk(tmp_path)
    desk.sell()
    shift.close_shift(desk.till, {"cash": 21_800})
    shift.open_shift(desk.till, 0)
    desk.sell()
    desk.acknowledge(5)
    heard_from(desk, 5)
    compact(desk)
    assert whole(desk) == [4, 5]
    shift.close_shift(desk.till, {"cash": 1_800})
    assert desk.broken() == []
    desk.stop()


# A new epoch ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shift_over")
def test_all_that_is_kept_is_sent_again_and_compacted_facts_are_not(desk: Desk) -> None:
    for _ in range(5):
        desk.sell()
    desk.acknowledge(3)
    heard_from(desk, 3)
    compact(desk)
    desk.acknowledge(6)
    with desk.journal.upkeep() as rows:
        assert outbox.send_again_after(rows, 0) == 3
        assert [fact.seq for fact in outbox.pending(rows, 500, 1 << 20)] == [4, 5, 6]
    assert [(row.state, row.tx_no is None) for row in desk.facts()][3:] == [("pending", True)] * 3
    assert desk.broken() == []


def test_a_sale_that_was_heard_once_proves_nothing_any_more(desk: Desk) -> None:
    """Its uses may have been taken at another till before the restore: until the ledger has it again, ask there."""
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    member = desk.member(2).member
    sell_pass.sell_pass(desk.till, member, plan, [desk.tender(plan.price_minor)])
    (effect,) = desk.table(PASS_EFFECTS)
    with desk.journal.reading() as rows:
        assert passes.own_sale_uses(rows, effect["pass_id"]) == plan.uses
    desk.acknowledge(2)
    with desk.journal.upkeep() as rows:
        assert passes.own_sale_uses(rows, effect["pass_id"]) == 0
        assert outbox.send_again_after(rows, 0) == 2
        assert passes.own_sale_uses(rows, effect["pass_id"]) == 0
    assert desk.broken() == []


# Upgrades ---------------------------------------------------------------------------------------------------------


def test_what_was_sold_before_the_upgrade_may_have_left(tmp_path: Path) -> None:
    """A sale that waits proves nothing from then on; what is sold after it does. A new journal has sent nothing."""
    desk = Desk(tmp_path)
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(2).member, plan, [desk.tender(plan.price_minor)])
    pass_id = desk.table(PASS_EFFECTS)[0]["pass_id"]
    with desk.journal.reading() as rows:
        assert (outbox.sent_through(rows), passes.own_sale_uses(rows, pass_id)) == (0, plan.uses)
    desk.stop()
    raw = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    raw.execute("PRAGMA user_version = 9")
    raw.close()
    journal = Journal.open(tmp_path, "file")
    with journal.reading() as rows:
        assert (outbox.sent_through(rows), passes.own_sale_uses(rows, pass_id)) == (2, 0)
        assert outbox.summary(rows).pending == 2
    journal.close()


def test_a_journal_of_the_second_schema_with_a_full_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the queue changes, and its room can be given back from now on."""
    desk = Desk(tmp_path)
    for _ in range(40):
        desk.sell()
    desk.acknowledge(20)
    desk.acknowledge(21, "held", "uses_exhausted")
    before = desk.table(FACTS)
    desk.stop()
    path = tmp_path / FILE_NAME
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("ALTER TABLE outbox DROP COLUMN heard")
    raw.execute("DROP TABLE companions")
    raw.execute("DROP TABLE member_aliases")
    raw.execute("DROP TABLE shift_ends")
    raw.execute("DROP TABLE carts")
    raw.execute("DROP TABLE marks")
    raw.execute("DROP INDEX members_number")
    raw.execute("ALTER TABLE members DROP COLUMN number_index")
    raw.execute("DROP INDEX facts_happened_at")
    raw.execute("DROP INDEX outbox_tx_no")
    raw.execute("DROP INDEX spending_at_risk")
    for table in ("reservations", "reserved_uses", "reservation_ends", "company_cards"):
        raw.execute(f"DROP TABLE {table}")
    raw.execute("ALTER TABLE requests DROP COLUMN approver_id")
    raw.execute("PRAGMA user_version = 2")
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.execute("PRAGMA auto_vacuum = NONE")
    raw.execute("VACUUM")
    assert raw.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    raw.close()
    journal = Journal.open(tmp_path, "file")
    with journal.reading() as rows:
        assert rows.exec_driver_sql("PRAGMA user_version").scalar_one() == migrations.KNOWN
        assert rows.exec_driver_sql("PRAGMA auto_vacuum").scalar_one() == 2
        assert rows.exec_driver_sql("SELECT group_concat(seq) FROM outbox WHERE heard = 1").scalar_one() == (
            ",".join(str(seq) for seq in range(1, 22))
        )
        states = rows.exec_driver_sql("SELECT state, count(*) FROM outbox GROUP BY 1 ORDER BY 1").all()
        assert [tuple(row) for row in states] == [("accepted", 20), ("held", 1), ("pending", 20)]
        assert [dict(row) for row in rows.execute(FACTS.select()).mappings()] == before
        assert [fact.seq for fact in outbox.pending(rows, 500, 1 << 20)] == list(range(22, 42))
        assert outbox.sent_through(rows) == 41, "all that waits may have left before anybody noted it"
    journal.close()
    # Without room for a copy the upgrade is done all the same.
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA auto_vacuum = NONE")
    raw.execute("VACUUM")
    raw.close()
    monkeypatch.setattr("pos_app.journal.space.shutil.disk_usage", lambda _: type("Usage", (), {"free": 0}))
    journal = Journal.open(tmp_path, "file")
    with journal.reading() as rows:
        assert rows.exec_driver_sql("PRAGMA auto_vacuum").scalar_one() == 0
        assert len(rows.execute(FACTS.select()).all()) == 41
    journal.close()

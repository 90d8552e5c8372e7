"""What a cashier looks up: a page of it, one found by any number, one whole; bounded however long the chain is."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.refusals import CODES, Refusal
from models.tokens import slip_check_code
from models.wire import HeldDecision
from pos_app.journal import orders as stored
from pos_app.journal import takings
from pos_app.journal.decisions import KIND
from pos_app.journal.tables import COMPACTED, FACTS
from pos_app.till import approval, cash, orders, refund, refund_order, reprint, sell_pass, slip_picture, slips
from tests.pos_app.desk import MILK_TEA, NOON, TEN_PLAN, WATER, Desk, short_code, uid

MANAGER = "864200"


def code(call: Any) -> str:
    with pytest.raises(Refusal) as error:
        call()
    assert error.value.code in CODES
    return error.value.code


def kinds(desk: Desk, *args: Any, **wanted: Any) -> list[str]:
    return [row.kind for row in orders.page(desk.till, *args, **wanted).rows]


def a_day(desk: Desk) -> None:
    """One of everything but the end of the shift, oldest first; the ledger has it all."""
    desk.sell((MILK_TEA, WATER))
    desk.redeem()
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(3).member, plan, [desk.tender(15_000)])
    desk.top_up()
    desk.charge()
    desk.acknowledge(100)
    sale, charge = desk.facts()[1], next(fact for fact in desk.facts() if fact.kind == "CardCharged")
    found = orders.show(desk.till, sale.seq).refundable
    assert found is not None
    assert found.fact_id is not None
    refund_order.refund_order(desk.till, found.fact_id, [2], "product_fault")
    refund.refund(desk.till, charge.tx_no, 500, None, "order_wrong")
    cash.move_cash(desk.till, "paid_in", 5_000, "change")
    desk.acknowledge(100)


ALL = [
    "CashMoved", "Refunded", "OrderRefunded", "CardCharged", "ToppedUp", "PassSold", "PassRedeemed", "OrderPaid",
]  # fmt: skip


def test_everything_newest_first_by_kind_and_by_day(desk: Desk) -> None:
    a_day(desk)
    assert kinds(desk) == ALL
    assert kinds(desk, day=orders.today(desk.till)) == ALL
    assert kinds(desk, day=date(2026, 11, 19)) == kinds(desk, day=date(1, 1, 2)) == []
    by_group = {group: kinds(desk, group) for group in stored.GROUPS}
    assert by_group["refund"] == ["Refunded", "OrderRefunded"]
    assert sorted(kind for found in by_group.values() for kind in found) == sorted(ALL)
    with pytest.raises(KeyError):
        orders.page(desk.till, "everything")
    assert desk.broken() == []


def test_rows_say_what_came_in_what_went_out_and_what_came_back(desk: Desk) -> None:
    a_day(desk)
    rows = {row.kind: row for row in orders.page(desk.till).rows}
    assert (rows["OrderPaid"].amount_minor, rows["OrderPaid"].back_minor) == (2300, 500)
    assert (rows["OrderPaid"].detail, rows["OrderPaid"].more) == ("珍珠奶茶", 1)
    assert (rows["CardCharged"].amount_minor, rows["CardCharged"].back_minor) == (1710, 500)
    assert (rows["OrderRefunded"].amount_minor, rows["Refunded"].amount_minor) == (-500, -500)
    assert (rows["CashMoved"].amount_minor, rows["CashMoved"].detail) == (5_000, "paid_in")
    assert (rows["PassRedeemed"].amount_minor, rows["PassRedeemed"].uses) == (0, 1)
    assert rows["PassRedeemed"].who == "王**" or "*" in rows["PassRedeemed"].who
    assert {row.state for row in rows.values()} == {"accepted"}


def test_one_whole(desk: Desk) -> None:
    a_day(desk)
    found = {row.kind: orders.show(desk.till, row.seq) for row in orders.page(desk.till).rows}
    sale = found["OrderPaid"]
    assert [(line.name, line.amount_minor, line.is_back) for line in sale.lines] == [
        ("珍珠奶茶", 1800, False), ("矿泉水", 500, True),
    ]  # fmt: skip
    assert (sale.cashier, sale.approver) == ("李敏", "")
    assert sum(group.base_minor + group.quota_minor for group in sale.vat) == 2300
    assert [(one.slip, one.amount_minor, one.lines) for one in sale.back] == [
        (found["OrderRefunded"].row.slip, 500, ("矿泉水",))
    ]  # fmt: skip
    assert found["OrderRefunded"].original == sale.row.slip
    assert found["OrderRefunded"].why == "product_fault"
    assert found["Refunded"].original == found["CardCharged"].row.tx_no
    assert found["PassRedeemed"].evidence == "online"
    assert "*" in found["PassRedeemed"].phone
    assert "*" in found["PassRedeemed"].member
    assert sale.refundable is not None
    assert sale.refundable.comes_back
    assert sale.refundable.left_minor == 1800
    assert {kind for kind, one in found.items() if one.refundable is not None} == {
        "OrderPaid", "CardCharged", "ToppedUp",
    }  # fmt: skip
    assert [paper.copy for paper in sale.papers] == [0]
    assert code(lambda: orders.show(desk.till, 1)) == "transaction_unknown", "a shift that began is no order"
    assert code(lambda: orders.show(desk.till, 10**9)) == "transaction_unknown"


def test_found_by_slip_check_code_ledger_and_pickup_number(desk: Desk) -> None:
    a_day(desk)
    sale = orders.page(desk.till, "sale").rows[0]
    with desk.journal.reading() as rows:
        fact_hash = rows.execute(select(FACTS.c.hash).where(FACTS.c.seq == sale.seq)).scalar_one()
    assert sale.tx_no is not None
    for text in (sale.slip, f" {sale.slip.lower()} ", slip_check_code(sale.slip, fact_hash), sale.tx_no):
        assert orders.find(desk.till, text).seq == sale.seq, text
    assert code(lambda: orders.find(desk.till, f"{sale.slip}.0123456789ABCDEF")) == "code_edited"
    sought = orders.find(desk.till, sale.pickup_no)
    assert [row.seq for row in orders.page(desk.till, sought=sought).rows] == [sale.seq]
    charge = desk.charge(code=short_code(1, "KJIHGFEDCBA"))
    with desk.journal.reading() as rows:
        waiting = takings.recent(rows, 1)[0]
    assert waiting.tx_no is not None, "numbered by the answer, not acknowledged yet"
    assert orders.find(desk.till, waiting.tx_no).seq == desk.facts()[-1].seq
    reprint_number = charge.slips[0]
    desk.paper(reprint_number, "printed")
    reprint.reprint(desk.till, reprint_number, "asked")
    found = orders.find(desk.till, reprint_number).seq
    assert found is not None
    assert [paper.copy for paper in orders.show(desk.till, found).papers] == [0, 1]


def test_found_by_member(desk: Desk) -> None:
    a_day(desk)
    by_code = orders.find(desk.till, short_code(1))
    assert by_code.who.endswith("*")
    assert by_code.text == ""
    expected = ["CardCharged", "ToppedUp", "PassRedeemed"]
    assert kinds(desk, sought=by_code) == expected
    assert kinds(desk, sought=orders.find(desk.till, "13812346021")) == expected
    tail = orders.find(desk.till, "6021")
    assert tail.who == "", "two members end so"
    assert kinds(desk, sought=tail) == expected
    assert kinds(desk, "redemption", sought=tail) == ["PassRedeemed"]
    assert kinds(desk, sought=orders.find(desk.till, "5678")) == ["PassSold"]
    assert kinds(desk, sought=orders.find(desk.till, "0000")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "transaction_unknown"),
        ("   ", "transaction_unknown"),
        ("Laura", "transaction_unknown"),
        ("x" * 100_000, "transaction_unknown"),
        ("9" * 60, "transaction_unknown"),
        ("HX00900000001", "transaction_unknown"),
        ("TP.SZ1T03.000999", "slip_unknown"),
        ("TP.BCN1T01.000001", "slip_unknown"),
        ("TP.BCN1T01.000001.0123456789ABCDEF", "slip_unknown"),
        ("QQ.SZ1T03.000001", "slip_unknown"),
        ("' OR 1=1 --", "transaction_unknown"),
        (short_code(77), "member_unknown"),
        ("1" + "A" * 19, "code_edited"),
    ],
)
def test_what_is_not_there(desk: Desk, text: str, expected: str) -> None:
    desk.sell()
    assert code(lambda: orders.find(desk.till, text)) == expected


def test_nothing_is_shown_to_nobody(desk: Desk) -> None:
    number = desk.sell().slips[0]
    desk.till.live.staff_id = None
    for call in (
        lambda: orders.page(desk.till),
        lambda: orders.find(desk.till, number),
        lambda: orders.show(desk.till, 2),
        lambda: slip_picture.draw(desk.till, number),
    ):
        assert code(call) == "not_signed_in"


def test_held_and_decided(desk: Desk) -> None:
    desk.sell()
    seq = desk.facts()[-1].seq
    desk.acknowledge(100, "held", "arithmetic_wrong")
    found = orders.show(desk.till, seq)
    assert (found.row.state, found.reason, found.row.decision) == ("held", "arithmetic_wrong", None)
    with desk.journal.reading() as rows:
        fact_hash = rows.execute(select(FACTS.c.hash).where(FACTS.c.seq == seq)).scalar_one()
    desk.mirrored(KIND, fact_hash, HeldDecision(fact_hash, "post", "Counted by hand", "ZF00900000009", NOON))
    found = orders.show(desk.till, seq)
    assert (found.row.decision, found.decision_reason, found.row.tx_no) == ("post", "Counted by hand", "ZF00900000009")


def test_what_was_compacted_or_damaged_keeps_its_row_and_its_paper(desk: Desk) -> None:
    number = desk.sell().slips[0]
    desk.redeem()
    sale, redemption = desk.facts()[-2:]
    with desk.journal.upkeep() as rows:
        rows.execute(update(FACTS).where(FACTS.c.seq == sale.seq).values(bytes=COMPACTED))
        rows.execute(update(FACTS).where(FACTS.c.seq == redemption.seq).values(bytes=b"\xff{broken"))
    rows_shown = orders.page(desk.till).rows
    assert [(row.whole, row.slip[:2], row.amount_minor) for row in rows_shown] == [
        (False, "VR", None), (False, "TP", None),
    ]  # fmt: skip
    found = orders.show(desk.till, sale.seq)
    assert (found.lines, found.refundable, [paper.number for paper in found.papers]) == ((), None, [number])
    assert orders.find(desk.till, number).seq == sale.seq
    assert kinds(desk, sought=orders.find(desk.till, "13812346021")) == ["PassRedeemed"], "its marks stay"
    assert slip_picture.draw(desk.till, number).height > 100


def test_a_clock_that_was_put_back_hides_nothing_of_a_day(desk: Desk) -> None:
    desk.sell()
    desk.clock.moment = NOON - timedelta(days=3)
    desk.sell((WATER,))
    desk.clock.moment = NOON
    desk.sell()
    today = orders.page(desk.till, day=orders.today(desk.till)).rows
    assert [row.amount_minor for row in today] == [1800, 1800]
    assert [row.amount_minor for row in orders.page(desk.till, day=date(2026, 11, 17)).rows] == [500]


def test_a_slip_is_drawn_as_it_was_printed_and_read_aloud(desk: Desk) -> None:
    number = desk.sell((MILK_TEA, WATER)).slips[0]
    picture = slip_picture.draw(desk.till, number)
    assert len(picture.dots) == picture.width * picture.height
    assert set(picture.dots) == {0, 255}
    assert "珍珠奶茶" in picture.text
    assert number.split(".")[2] in picture.text
    assert "23.00" in picture.text
    assert slip_picture.draw(desk.till, number, copy=1).height > picture.height, "a copy is marked"
    assert slip_picture.draw(desk.till, number, columns=32).width < picture.width
    assert code(lambda: slip_picture.draw(desk.till, "TP.SZ1T03.000999")) == "slip_unknown"


def test_a_reprint_is_approved_by_somebody_who_may_and_names_them(desk: Desk) -> None:
    boss = desk.hire(MANAGER, {"reprint"})
    done, other = desk.sell(), desk.sell()
    for number in (done.slips[0], other.slips[0]):
        desk.paper(number, "printed")
    person = desk.journal.catalogue.staff[uid(0x51)]
    desk.mirrored("staff", person.staff_id, replace(person, permissions=frozenset()))
    with pytest.raises(Refusal) as error:
        reprint.reprint(desk.till, done.slips[0], "asked")
    needed = error.value
    assert (needed.code, needed.data["permission"]) == ("approval_needed", "reprint")
    yes = approval.approve(desk.till, MANAGER, "reprint", str(needed.data["subject"]))
    assert code(lambda: reprint.reprint(desk.till, other.slips[0], "asked", yes)) == "approval_needed"
    reprint.reprint(desk.till, done.slips[0], "asked", yes)
    assert desk.chain()[-1].approver_id == boss
    assert slips.recent(desk.till, 1)[0].copy == 1
    assert desk.broken() == []


# -- however long the chain is ----------------------------------------------------------------------------------


def _grow(desk: Desk, like: int, count: int) -> None:
    """Put `count` facts like the one at this place behind the ones there are, a day's worth every 2,000."""
    with desk.journal.upkeep() as rows:
        last = int(rows.execute(select(FACTS.c.seq).order_by(FACTS.c.seq.desc()).limit(1)).scalar_one())
        made = (
            f"WITH RECURSIVE n(seq) AS (SELECT {last + 1} UNION ALL SELECT seq + 1 FROM n WHERE seq < {last + count})"
        )
        days = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-08-22T06:00:00', '+' || (n.seq / 2000) || ' days')"
        for statement in (
            f"INSERT INTO facts {made} SELECT n.seq, 'filler ' || n.seq, f.kind, {days}, f.prev, 'hash ' || n.seq,"
            f" f.bytes FROM n, facts f WHERE f.seq = {like}",
            f"INSERT INTO outbox (seq, state, tx_no) {made} SELECT seq, 'accepted', printf('AA%08d', seq) FROM n",
            f"INSERT INTO marks {made} SELECT seq, 'pickup', 'x' || seq % 999 FROM n",
        ):
            rows.exec_driver_sql(statement)


def _steps(desk: Desk, call: Any) -> int:
    """How many thousand steps SQLite takes for it: the same on any machine."""
    raw: sqlite3.Connection = desk.journal._raw
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    raw.set_progress_handler(count, 100)
    try:
        call()
    finally:
        raw.set_progress_handler(None, 0)
    return taken


def test_a_hundred_thousand_facts_cost_what_a_few_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_day(desk)
    like = orders.page(desk.till, "sale").rows[0].seq
    _grow(desk, like, 1_000)
    a_day_later = NOON + timedelta(days=1)
    desk.at(a_day_later)
    done = desk.sell()
    tx_no = f"AA{like + 500:08d}"
    old = date(2026, 8, 22)
    looks: dict[str, Any] = {
        "all": lambda: orders.page(desk.till),
        "a kind that is rare": lambda: orders.page(desk.till, "refund"),
        "a later page": lambda: orders.page(desk.till, "sale", before=like + 400),
        "an old day": lambda: orders.page(desk.till, "redemption", day=old),
        "a member": lambda: orders.page(desk.till, sought=orders.find(desk.till, "6021")),
        "a member's last": lambda: orders.recent(desk.till, desk.member(1).member.member_id),
        "a slip": lambda: orders.find(desk.till, done.slips[0]),
        "a ledger number": lambda: orders.find(desk.till, tx_no),
        "one whole": lambda: orders.show(desk.till, like),
    }
    few = {name: _steps(desk, look) for name, look in looks.items()}
    _grow(desk, like, 99_000)
    decoded = 0

    def counted(data: bytes) -> Any:
        nonlocal decoded
        decoded += 1
        return takings.read(data)

    monkeypatch.setattr(stored, "read", counted)
    for name, look in looks.items():
        decoded = 0
        many = _steps(desk, look)
        assert many <= few[name] * 2 + 20, (name, few[name], many)
        assert decoded <= orders.PAGE, name
    decoded, old = 0, old + timedelta(days=1)
    day = orders.page(desk.till, day=old)
    assert len(day.rows) == orders.PAGE
    assert day.older is not None
    assert orders.page(desk.till, day=old, before=day.older).rows[0].seq == day.older - 1

"""A shift's sums and its end: the blind count, what a difference takes, the drawer, and the paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from models.drawer import CashMoved, Counted, ShiftClosed, SlipRange, TenderTotal
from models.refusals import Refusal
from models.shifts import is_sound, problems_of, totals_of
from pos_app.journal.tables import PRINT_JOBS, SHIFT_ENDS
from pos_app.till import approval, cash, refund, refundable, shift, sign_in
from pos_app.till.recording import business_day_text
from tests.pos_app.desk import MILK_TEA, WATER, Desk

MANAGER = "8642"


def refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as error:
        call()
    return error.value


@pytest.fixture
def manager(desk: Desk) -> str:
    """A colleague who may do more; returns who it is."""
    return desk.hire(MANAGER, {"cash_difference", "cash_out", "no_sale"})


def test_a_shift_is_closed_as_counted(desk: Desk) -> None:
    desk.sell([MILK_TEA, WATER], received=5000)
    desk.sell(kind="wechat")
    desk.redeem()
    desk.top_up(10_000)
    assert shift.to_count(desk.till) == ("cash", "wechat")
    closed = shift.close_shift(desk.till, {"cash": 20_000 + 2_300 + 10_000, "wechat": 1_800})
    assert closed.counted == (Counted("cash", 32_300, 32_300), Counted("wechat", 1_800, 1_800))
    fact = desk.chain()[-1]
    assert isinstance(fact.body, ShiftClosed)
    assert (fact.body.slips, fact.body.first_seq, fact.body.difference_reason) == (("ZR.SZ1T03.000001",), 1, None)
    assert fact.body.totals.tenders == (TenderTotal("cash", 12_300, 0), TenderTotal("wechat", 1_800, 0))
    assert fact.body.totals.slips == (SlipRange("VR", 1, 2), SlipRange("TP", 1, 2))
    assert (fact.body.totals.orders, fact.body.totals.uses, fact.body.totals.top_ups) == (2, 1, 1)
    assert problems_of(fact.body, desk.chain()[:-1]) == ()
    assert sign_in.require_session(desk.till).shift_id is None
    assert [(job["slip"], job["kicks_drawer"]) for job in desk.table(PRINT_JOBS)][-1] == ("ZR.SZ1T03.000001", 1)
    assert desk.broken() == []
    assert refused(desk.sell).code == "shift_not_open"
    assert refused(lambda: shift.close_shift(desk.till, {"cash": 0})).code == "shift_not_open"


def test_a_shift_that_a_clock_ahead_opened_is_of_the_day_it_ends(desk: Desk) -> None:
    shift.close_shift(desk.till, {"cash": 20_000})
    desk.clock.moment += timedelta(days=400)
    shift.open_shift(desk.till, 20_000)
    desk.clock.moment -= timedelta(days=400)
    desk.sell()
    shift.close_shift(desk.till, {"cash": 20_000 + 1_800})
    body = desk.chain()[-1].body
    assert isinstance(body, ShiftClosed)
    assert body.business_day == business_day_text(desk.till, desk.clock.now())
    assert desk.broken() == []


def test_the_next_shift_begins_where_the_last_ended(desk: Desk) -> None:
    desk.sell()
    shift.close_shift(desk.till, {"cash": 21_800})
    first = desk.chain()
    shift.open_shift(desk.till, 500)
    desk.sell([WATER])
    shift.close_shift(desk.till, {"cash": 1_000})
    second = desk.chain()[len(first) :]
    body = second[-1].body
    assert isinstance(body, ShiftClosed)
    assert (body.first_seq, body.totals) == (len(first) + 1, totals_of(second[:-1]))
    assert (body.totals.float_minor, body.totals.orders) == (500, 1)
    assert len(desk.table(SHIFT_ENDS)) == 2
    assert desk.broken() == []


def test_a_difference_takes_a_reason_and_somebody_who_may(desk: Desk, manager: str) -> None:
    desk.sell()
    counted = {"cash": 21_300}
    said = refused(lambda: shift.close_shift(desk.till, counted))
    assert (said.code, said.data) == ("difference_unexplained", {"differences": {"cash": -500}})
    assert refused(lambda: shift.close_shift(desk.till, counted, "because")).code == "reason_missing"
    asked = refused(lambda: shift.close_shift(desk.till, counted, "miscounted"))
    assert asked.code == "approval_needed"
    permission, subject = str(asked.data["permission"]), str(asked.data["subject"])
    assert refused(lambda: approval.approve(desk.till, "1234", permission, subject)).code in (
        "pin_wrong",
        "permission_missing",
    )
    yes = approval.approve(desk.till, MANAGER, permission, subject)
    # It is bound to this difference: another count needs another yes.
    assert refused(lambda: shift.close_shift(desk.till, {"cash": 21_200}, "miscounted", yes)).code == "approval_needed"
    shift.close_shift(desk.till, counted, "miscounted", yes)
    fact = desk.chain()[-1]
    assert isinstance(fact.body, ShiftClosed)
    assert (fact.approver_id, fact.body.difference_reason) == (manager, "miscounted")
    assert fact.cashier_id != manager
    assert is_sound(fact.body)
    assert not is_sound(replace(fact.body, difference_reason=None))


def test_a_difference_that_was_told_stands_beside_a_later_one(desk: Desk) -> None:
    desk.sell()
    assert refused(lambda: shift.close_shift(desk.till, {"cash": 21_300})).code == "difference_unexplained"
    assert refused(lambda: shift.close_shift(desk.till, {"cash": 21_500})).code == "difference_unexplained"
    desk.sell()
    shift.close_shift(desk.till, {"cash": 23_600})
    body = desk.chain()[-1].body
    assert isinstance(body, ShiftClosed)
    assert body.counted == (Counted("cash", 23_600, 23_600, first_difference_minor=-500),)
    assert is_sound(body)
    assert not is_sound(replace(body, counted=(replace(body.counted[0], first_difference_minor=0),)))
    # The next shift begins with nothing told.
    shift.open_shift(desk.till, 0)
    shift.close_shift(desk.till, {"cash": 0})
    body = desk.chain()[-1].body
    assert isinstance(body, ShiftClosed)
    assert body.counted[0].first_difference_minor is None


def test_a_difference_is_not_made_to_vanish_by_money_taken_out(desk: Desk, manager: str) -> None:
    sign_in.sign_in(desk.till, MANAGER)
    desk.sell()
    assert refused(lambda: shift.close_shift(desk.till, {"cash": 21_300})).code == "difference_unexplained"
    cash.move_cash(desk.till, "safe_drop", 500, "safe")
    shift.close_shift(desk.till, {"cash": 21_300})
    body = desk.chain()[-1].body
    assert isinstance(body, ShiftClosed)
    assert (body.counted[0].difference_minor, body.counted[0].first_difference_minor) == (0, -500)


def test_who_counts_blind_sees_no_sums(desk: Desk, manager: str) -> None:
    desk.sell()
    seen = shift.look(desk.till)
    assert (seen.opened_by, seen.totals, seen.expected) == ("李敏", None, ())
    assert seen.shift_id == sign_in.require_session(desk.till).shift_id
    sign_in.sign_in(desk.till, MANAGER)
    seen = shift.look(desk.till)
    assert (seen.opened_by, seen.expected) == ("李敏", (("cash", 21_800),))
    assert seen.totals == shift.x_report(desk.till)
    shift.close_shift(desk.till, {"cash": 21_800})
    assert refused(lambda: shift.look(desk.till)).code == "shift_not_open"


@pytest.mark.parametrize(
    ("counted", "code"), [({}, "count_missing"), ({"cash": -1}, "amount_invalid"), ({"wechat": 5}, "count_missing")]
)
def test_a_count_that_is_none(desk: Desk, counted: dict[str, int], code: str) -> None:
    before = len(desk.chain())
    assert refused(lambda: shift.close_shift(desk.till, counted)).code == code
    assert len(desk.chain()) == before
    assert sign_in.require_session(desk.till).shift_id is not None


def test_money_moves_without_a_sale(desk: Desk, manager: str) -> None:
    cash.move_cash(desk.till, "paid_in", 5_000, "change")
    cash.move_cash(desk.till, "safe_drop", 10_000, "safe")
    asked = refused(lambda: cash.move_cash(desk.till, "paid_out", 700, "supplier"))
    yes = approval.approve(desk.till, MANAGER, "cash_out", str(asked.data["subject"]))
    assert refused(lambda: cash.move_cash(desk.till, "paid_out", 800, "supplier", yes)).code == "approval_needed"
    done = cash.move_cash(desk.till, "paid_out", 700, "supplier", yes)
    assert done.slips == ("CM.SZ1T03.000003",)
    assert refused(lambda: cash.move_cash(desk.till, "paid_out", 700, "supplier", yes)).code == "approval_needed"
    fact = desk.chain()[-1]
    assert isinstance(fact.body, CashMoved)
    assert fact.approver_id == manager
    totals = shift.x_report(desk.till)
    assert (totals.paid_in_minor, totals.paid_out_minor, totals.dropped_minor) == (5_000, 700, 10_000)
    shift.close_shift(desk.till, {"cash": 20_000 + 5_000 - 10_000 - 700})
    assert all(job["kicks_drawer"] for job in desk.table(PRINT_JOBS))
    assert desk.broken() == []


@pytest.mark.parametrize(
    ("move", "amount", "reason", "code"),
    [
        ("paid_in", 0, "change", "amount_invalid"),
        ("paid_in", -5, "change", "amount_invalid"),
        ("paid_in", 5, "because", "reason_missing"),
        ("no_sale", 5, "change", "amount_invalid"),
        ("safe_drop", 20_001, "safe", "cash_insufficient"),
        ("paid_out", 20_001, "supplier", "cash_insufficient"),  # before a manager is called
        ("paid_in", 10**15, "change", "amount_invalid"),
    ],
)
def test_movements_that_are_none(desk: Desk, move: str, amount: int, reason: str, code: str) -> None:
    assert refused(lambda: cash.move_cash(desk.till, move, amount, reason)).code == code
    assert len(desk.chain()) == 1


def test_no_sale_opens_the_drawer_for_whoever_may(desk: Desk, manager: str) -> None:
    asked = refused(lambda: cash.move_cash(desk.till, "no_sale", 0, "check"))
    assert asked.data["permission"] == "no_sale"
    cash.move_cash(
        desk.till, "no_sale", 0, "check", approval.approve(desk.till, MANAGER, "no_sale", str(asked.data["subject"]))
    )
    assert shift.x_report(desk.till).no_sales == 1
    assert manager


@pytest.mark.parametrize("damage", ["CAST('garbage' AS BLOB)", "CAST(x'ff00fe' AS BLOB)", "substr(bytes, 1, 40)"])
def test_a_fact_that_cannot_be_read_keeps_no_shift_from_ending(desk: Desk, damage: str) -> None:
    desk.sell()
    desk.sell()
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql(f"UPDATE facts SET bytes = {damage} WHERE seq = 2")
    closed = shift.close_shift(desk.till, {"cash": 21_800})
    assert (closed.totals.orders, closed.counted[0].difference_minor) == (1, 0)
    assert any("fact 2" in message for message in desk.broken())


def test_a_tender_that_gave_back_more_than_it_took_is_not_counted(desk: Desk) -> None:
    """A top-up of another shift, paid back the way it came."""
    desk.top_up(10_000, kind="wechat")
    desk.acknowledge(2)
    shift.close_shift(desk.till, {"cash": 20_000, "wechat": 10_000})
    shift.open_shift(desk.till, 0)
    number = refundable.recent(desk.till)[0].tx_no
    assert number is not None
    assert refund.refund(desk.till, number, 10_000, "wechat", "other") is not None
    assert shift.to_count(desk.till) == ("cash",)
    closed = shift.close_shift(desk.till, {"cash": 0})
    assert closed.counted == (Counted("cash", 0, 0), Counted("wechat", -9_000, -9_000))
    body = desk.chain()[-1].body
    assert isinstance(body, ShiftClosed)
    assert is_sound(body)
    odd = replace(
        body, counted=(body.counted[0], replace(body.counted[1], counted_minor=-1)), difference_reason="other"
    )
    assert not is_sound(odd)

"""Selling goods and passes, printing again, the header: the rest of the counter."""

import sqlite3
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from models.facts import OrderPaid, PassSold, SlipReprinted
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.journal import members, prints
from pos_app.journal.store import FILE_NAME
from pos_app.journal.tables import PRINT_JOBS
from pos_app.selling.basket import Basket, add_product
from pos_app.till import header, quote, reprint, sell, sell_pass, sign_in, slips
from tests.pos_app.desk import EPOCH, JUMP_PLAN, MILK_TEA, NOON, TEN_PLAN, WATER, Desk


def code(call: object) -> str:
    with pytest.raises(Refusal) as error:
        call()  # type: ignore[operator]
    return error.value.code


def test_a_sale(desk: Desk) -> None:
    done = desk.sell([MILK_TEA, WATER], received=5000)
    assert (done.total_minor, done.change_minor, done.slips) == (2300, 2700, ("TP.SZ1T03.000001",))
    body = desk.chain()[-1].body
    assert isinstance(body, OrderPaid)
    assert [cup.name for cup in body.cups] == ["珍珠奶茶", "矿泉水"]
    assert body.tenders == (Tender("cash", 2300, 5000),)
    assert sum(group.base_minor + group.quota_minor for group in body.vat) == 2300
    assert [(job["slip"], job["state"], job["kicks_drawer"]) for job in desk.table(PRINT_JOBS)] == [
        ("TP.SZ1T03.000001", "queued", 1)
    ]
    desk.sell(kind="wechat")
    assert [job["kicks_drawer"] for job in desk.table(PRINT_JOBS)] == [1, 0]


def test_sales_that_are_none(desk: Desk) -> None:
    basket = add_product(Basket(), MILK_TEA)
    assert code(lambda: sell.sell(desk.till, Basket(), [])) == "basket_empty"
    assert code(lambda: sell.sell(desk.till, desk.basket(), [])) == "basket_empty"
    assert code(lambda: sell.sell(desk.till, basket, [])) == "tender_insufficient"
    assert code(lambda: sell.sell(desk.till, basket, [Tender("wechat", 1800, 2000)])) == "change_only_from_cash"
    assert code(lambda: sell.sell(desk.till, basket, [Tender("gold", 1800, 1800)])) == "tender_unknown"
    assert len(desk.chain()) == 1


def test_pickup_numbers_begin_again_each_business_day(desk: Desk) -> None:
    assert [desk.sell().pickup_no for _ in range(2)] == ["3001", "3002"]
    desk.clock.pass_by(86_400)
    assert desk.sell().pickup_no == "3001"
    assert desk.sell().slips == ("TP.SZ1T03.000004",)


def test_a_clock_that_was_ahead_dates_only_what_it_saw(desk: Desk) -> None:
    """Its order is that of the chain all the same."""
    desk.clock.moment += timedelta(days=400)
    desk.sell()
    desk.clock.moment -= timedelta(days=400)
    desk.sell()
    ahead, right = [fact.happened_at for fact in desk.chain()][-2:]
    assert ahead - right == timedelta(days=400)
    assert [row.seq for row in desk.facts()] == [1, 2, 3]
    assert desk.broken() == []


@pytest.mark.req("R096")
def test_a_first_pass(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    member = desk.member(2).member
    preview = sell_pass.preview_pass_sale(desk.till, member, plan)
    done = sell_pass.sell_pass(desk.till, member, plan, [desk.tender(15_000)])
    assert (done.status, done.uses, done.uses_left) == ("active", 10, 10)
    assert [slip[:2] for slip in done.slips] == ["VR", "TP"]
    (view,) = desk.member(2).passes
    assert (view.held.uses_left, view.held.expires_at) == (preview.uses_left, preview.expires_at)
    assert view.held.merchant_id == desk.store.merchant_id
    assert [job["kicks_drawer"] for job in desk.table(PRINT_JOBS)] == [0, 1], "the drawer opens once, with the ticket"


@pytest.mark.req("R097")
def test_a_pass_that_waits_for_review(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[JUMP_PLAN]
    done = sell_pass.sell_pass(desk.till, desk.member(2).member, plan, [desk.tender(29_900)])
    assert (done.status, [slip[:2] for slip in done.slips]) == ("suspended", ["VR"])


@pytest.mark.req("R099")
def test_stacking_adds_uses_and_keeps_the_later_end(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    before = next(view.held for view in desk.member().passes if view.plan.plan_id == TEN_PLAN)
    done = sell_pass.sell_pass(desk.till, desk.member().member, plan, [desk.tender(15_000)])
    after = next(view.held for view in desk.member().passes if view.plan.plan_id == TEN_PLAN)
    assert (after.pass_id, after.uses_left, done.uses_left) == (before.pass_id, 16, 16)
    assert after.expires_at == max(before.expires_at, NOON + timedelta(days=180))
    body = desk.chain()[-1].body
    assert isinstance(body, PassSold)
    assert (body.stacked, body.status) == (True, "active")


def test_stacking_on_an_expired_or_revoked_pass(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    desk.change_pass(1, status="expired", uses_left=4)
    done = sell_pass.sell_pass(desk.till, desk.member().member, plan, [desk.tender(15_000)])
    assert (done.uses_left, done.status) == (10, "active"), "old uses are forfeited"
    held = next(view.held for view in desk.member().passes if view.plan.plan_id == TEN_PLAN)
    assert (held.uses_left, held.status) == (10, "active")
    desk.acknowledge(len(desk.chain()))
    desk.change_pass(1, status="revoked")
    with desk.journal.upkeep() as rows:
        from pos_app.journal import passes  # noqa: PLC0415

        passes.settle(rows, len(desk.chain()), NOON + timedelta(hours=1))
    assert code(lambda: sell_pass.preview_pass_sale(desk.till, desk.member().member, plan)) == "pass_revoked"


def test_passes_that_cannot_be_sold(desk: Desk) -> None:
    plan, member = desk.journal.catalogue.plans[TEN_PLAN], desk.member(2).member
    paid = [desk.tender(15_000)]

    def selling(plan: object = plan, member: object = member) -> str:
        return code(lambda: sell_pass.sell_pass(desk.till, member, plan, paid))  # type: ignore[arg-type]

    assert selling(replace(plan, plan_id="0198a000-0000-7000-8000-00000000dead")) == "plan_unknown"
    assert selling(member=replace(member, member_id="0198a000-0000-7000-8000-00000000dead")) == "member_unknown"
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, replace(member, status="blocked"), EPOCH)
    assert selling() == "member_inactive", "whatever the screen still shows"
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, member, EPOCH)
    desk.mirrored("plan", TEN_PLAN, replace(plan, price_minor=16_000))
    assert selling() == "price_changed"
    desk.mirrored("plan", TEN_PLAN, replace(plan, on_sale=False))
    assert selling() == "plan_not_on_sale"
    desk.mirrored("plan", TEN_PLAN, replace(plan, vat_mode="multi_purpose"))
    assert selling() == "plan_not_on_sale"
    desk.mirrored("plan", TEN_PLAN, replace(plan, currency="EUR"))
    assert selling() == "currency_mismatch"
    assert len(desk.chain()) == 1


def test_allowed_tenders(desk: Desk) -> None:
    assert quote.allowed_tenders(desk.basket()) == ("cash", "bank_card")
    assert "wechat" in quote.allowed_tenders(Basket())


def test_reprint_is_a_marked_copy_and_a_fact(desk: Desk) -> None:
    number = desk.sell().slips[0]
    assert code(lambda: reprint.reprint(desk.till, number, "lost")) == "slip_not_printed_yet"
    desk.paper(number, "printed")
    done = reprint.reprint(desk.till, number, " lost ")
    assert desk.chain()[-1].body == SlipReprinted(number, 1, "lost")
    assert done.slips == (number,)
    assert code(lambda: reprint.reprint(desk.till, number, "lost")) == "slip_not_printed_yet"
    desk.paper(number, "printed")
    reprint.reprint(desk.till, number, "x" * 5000)
    assert [(slip.copy, slip.state) for slip in slips.recent(desk.till)] == [
        (2, "queued"), (1, "printed"), (0, "printed"),
    ]  # fmt: skip
    assert [job["kicks_drawer"] for job in desk.table(PRINT_JOBS)] == [1, 0, 0]
    assert desk.broken() == []


@pytest.mark.parametrize("number", ["", "VR.SZ1T03.000009", "VR.SZ1T03.9", "x" * 10_000, "vr.sz1t03.000001"])
def test_slips_that_do_not_exist(desk: Desk, number: str) -> None:
    assert code(lambda: reprint.reprint(desk.till, number, "")) == "slip_unknown"
    assert code(lambda: reprint.resolve_unknown(desk.till, number, printed=True)) == "slip_unknown"


def test_reprint_needs_the_permission(desk: Desk) -> None:
    number = desk.sell().slips[0]
    desk.paper(number, "printed")
    person = next(iter(desk.journal.catalogue.staff.values()))
    desk.mirrored("staff", person.staff_id, replace(person, permissions=frozenset()))
    assert code(lambda: reprint.reprint(desk.till, number, "")) == "approval_needed"
    desk.paper(number, "unknown")
    assert reprint.resolve_unknown(desk.till, number, printed=False) is not None


@pytest.mark.parametrize("printed", [True, False])
def test_an_unknown_paper_is_settled_by_a_person(desk: Desk, printed: bool) -> None:
    number = desk.sell().slips[0]
    desk.paper(number, "unknown", "connection_lost")
    done = reprint.resolve_unknown(desk.till, number, printed)
    found = slips.recent(desk.till)
    if printed:
        assert done is None
        assert [(slip.state, slip.fault) for slip in found] == [("printed", "seen_by_cashier")]
    else:
        assert [(slip.copy, slip.state, slip.fault) for slip in found] == [
            (1, "queued", None), (0, "unknown", "copy_ordered"),
        ]  # fmt: skip
    assert code(lambda: reprint.resolve_unknown(desk.till, number, printed)) == "slip_unknown", "settled once"
    assert desk.broken() == []


def test_the_header(desk: Desk) -> None:
    desk.sell()
    found = header.header(desk.till)
    assert (found.store_name, found.terminal_code, found.cashier) == (desk.store.name, "SZ1T03", "李敏")
    assert (found.pending, found.held, found.shift_open) == (2, 0, True)
    sign_in.sign_out(desk.till)
    assert header.header(desk.till).shift_open, "also while nobody is signed in"
    assert (found.offline_seconds, found.offline_spending) == (None, "online")
    assert found.oldest_pending_at == NOON
    desk.go_offline(720)
    assert (header.header(desk.till).offline_seconds, header.header(desk.till).offline_spending) == (720, "none")
    desk.allow()
    assert header.header(desk.till).offline_spending == "at_risk"
    desk.clock.frozen = True
    assert header.header(desk.till).offline_spending == "frozen"
    desk.acknowledge(2, "held", "closed_period")
    assert (header.header(desk.till).pending, header.header(desk.till).held) == (0, 1 + 1)


@pytest.mark.timeout(180)
def test_a_day_of_two_thousand_sales_does_not_slow_the_last_ones(desk: Desk) -> None:
    """The last hundred sales look at no more rows than the first hundred: compared by work done, not by time alone."""

    def hundred() -> float:
        times = []
        for _ in range(100):
            began = time.perf_counter()
            desk.sell()
            times.append(time.perf_counter() - began)
        return sorted(times)[50]

    def look() -> float:
        times = []
        for _ in range(20):
            began = time.perf_counter()
            header.header(desk.till)
            times.append(time.perf_counter() - began)
        return sorted(times)[10]

    first, looked = hundred(), look()
    for _ in range(1800):
        desk.sell()
    last = hundred()
    assert last < 3 * first + 0.005
    assert look() < 3 * looked + 0.005
    with desk.journal.reading() as rows:
        assert len(prints.recent(rows, 50)) == 50
    assert desk.broken() == []
    raw = sqlite3.connect(desk.folder / FILE_NAME)
    assert raw.execute("SELECT count(*) FROM facts").fetchone() == (2001,)
    raw.close()

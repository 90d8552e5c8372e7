"""The road with everybody there: each step seen at the till, on paper, in the ledger and at HQ."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts import OrderPaid, PassRedeemed, PassSold
from models.refusals import Refusal
from pos_app.till import find_member
from pos_app.till.values import Done
from tests.flows import shop
from tests.flows.checks import all_is_well, slip_says_what_the_ledger_says
from tests.flows.conftest import OpenTill
from tests.flows.house import House
from tests.flows.till import Counter, Cups


def at_hq(house: House, slip: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The order with this slip as HQ lists it, and its timeline."""
    found = house.hq(f"/admin/api/orders?search={slip}")
    (row,) = found["orders"]
    return row, house.hq(f"/admin/api/orders/{row['key']}")


def finish(house: House, till: Counter, done: Done) -> dict[str, Any]:
    """Print and sync what was done; HQ must show it posted with its paper. Returns HQ's detail."""
    till.print_all()
    till.sync()
    recorded = till.fact(done)
    assert recorded.state == "accepted"
    for slip in done.slips:
        assert till.print_states()[slip, 0] == "printed"
        row, detail = at_hq(house, slip)
        assert (row["state"], row["tx_no"], row["key"]) == ("posted", recorded.tx_no, recorded.hash)
        assert [print_[:3] for print_ in detail["prints"] if print_[0] == slip] == [[slip, 0, "printed"]]
        assert f"{slip}.{recorded.hash[:16].upper()}" in [code for job in till.paper for code in job["qr"]]
    all_is_well(house, till)
    return detail


def units(detail: dict[str, Any]) -> dict[str, int]:
    """Account -> sum of the entries of one order."""
    sums: dict[str, int] = {}
    for account, _, delta in detail["entries"]:
        sums[account] = sums.get(account, 0) + delta
    return sums


@pytest.mark.req("R087", "R088", "R112", "R116")
def test_free_redemption(house: House, till: Counter) -> None:
    """Scanned by the short code, one use, nothing to pay, a VR and no order."""
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.short_code(person)
    view = till.scan(code)
    assert (view.found_by, view.member.member_id, view.passes[0].held.uses_left) == ("short", person.member_id, 3)
    done = till.redeem(view, shop.TEN)
    assert (done.uses, done.uses_left, done.total_minor, done.evidence) == (1, 2, 0, "online")
    assert [slip[:2] for slip in done.slips] == ["VR"]
    detail = finish(house, till, done)
    assert units(detail) == {"pass:uses": -1, "plan:redeemed": 1}
    assert house.uses_left(person.passes[shop.TEN]) == 2
    slip_says_what_the_ledger_says(house, till)
    # The code was used up with the effect: a second cup needs a fresh one.
    with pytest.raises(Refusal) as refused:
        till.redeem(till.scan(code), shop.TEN)
    assert refused.value.code == "code_used"
    assert house.uses_left(person.passes[shop.TEN]) == 2


@pytest.mark.req("R103", "R110", "R112")
def test_redemption_with_a_charged_add_on(house: House, till: Counter) -> None:
    """Two cups, one pearl free, one pearl and the cheese paid in cash; VR and TP, drawer opens once."""
    person = house.member({shop.TEN: 5})
    till.sync()
    cups: Cups = ((shop.TEA, {shop.PEARLS: 2, shop.CHEESE: 1}), (shop.MILK_TEA, {}))
    done = till.redeem(till.scan(house.short_code(person)), shop.TEN, cups)
    assert (done.uses, done.uses_left, done.total_minor) == (2, 3, 600)
    detail = finish(house, till, done)
    assert [slip[:2] for slip in done.slips] == ["VR", "TP"]
    body = till.fact(done).fact.body
    assert isinstance(body, PassRedeemed)
    assert [[(part.quantity, part.free) for part in cup.add_ons] for cup in body.cups] == [[(2, 1), (1, 0)], []]
    assert units(detail) == {
        "pass:uses": -2, "plan:redeemed": 2, "store:tender/cash": 600, "store:sales": -566, "store:vat/0.06": -34,
    }  # fmt: skip
    assert sum(job["drawer_kicks"] for job in till.paper) == 1
    slip_says_what_the_ledger_says(house, till)


@pytest.mark.req("R104")
def test_tender_that_may_not_pay_an_extra(house: House, till: Counter) -> None:
    """WeChat pays no extra of a redemption; nothing happens anywhere."""
    person = house.member({shop.TEN: 1})
    till.sync()
    view, before = till.member(person), len(till.recorded)
    with pytest.raises(Refusal) as refused:
        till.redeem(view, shop.TEN, ((shop.TEA, {shop.CHEESE: 1}),), "wechat")
    assert refused.value.code == "tender_not_allowed"
    assert len(till.recorded) == before
    assert house.uses_left(person.passes[shop.TEN]) == 1


@pytest.mark.req("R096", "R099", "R108")
def test_pass_sold_first_stacked_and_redeemed(house: House, till: Counter) -> None:
    """First purchase active at once, a second one adds uses to the same pass; one use taken in between."""
    person = house.member()
    till.sync()
    first = till.sell_pass(till.member(person), shop.TEN)
    assert (first.status, first.uses, first.uses_left) == ("active", 10, 10)
    detail = finish(house, till, first)
    assert units(detail) == {
        "pass:uses": 10, "plan:issued": -10, "store:tender/wechat": 15000, "store:pass_sales": -15000,
    }  # fmt: skip
    used = till.redeem(till.member(person), shop.TEN)
    second = till.sell_pass(till.member(person), shop.TEN)
    assert (used.uses_left, second.uses_left) == (9, 19)
    finish(house, till, used)
    finish(house, till, second)
    sold = [item.fact.body for item in till.recorded if isinstance(item.fact.body, PassSold)]
    assert [body.stacked for body in sold] == [False, True]
    assert len({body.pass_id for body in sold}) == 1
    assert house.uses_left(sold[0].pass_id) == 19


@pytest.mark.req("R097", "R100")
def test_pass_that_waits_for_review(house: House, till: Counter) -> None:
    """A plan that HQ must approve sells a suspended pass, which pays for nothing yet."""
    person = house.member()
    till.sync()
    done = till.sell_pass(till.member(person), shop.REVIEWED)
    assert done.status == "suspended"
    finish(house, till, done)
    ((review,),) = house.rows(
        "SELECT review FROM app.topup_orders AS o JOIN app.facts AS f ON f.fact_id = o.topup_order_id"
        " WHERE f.fact_id = %s",
        done.fact_id,
    )
    assert review == "pending"
    view = till.member(person)
    assert [(item.usable, item.reason) for item in view.passes] == [(False, "pass_not_active")]
    with pytest.raises(Refusal) as refused:
        till.redeem(view, shop.REVIEWED)
    assert refused.value.code == "pass_not_active"


def test_single_purpose_pass_prints_a_ticket(house: House, till: Counter) -> None:
    """A single-purpose voucher is taxed when it is sold: VR and TP, VAT posted."""
    person = house.member()
    till.sync()
    done = till.sell_pass(till.member(person), shop.TAXED)
    assert [slip[:2] for slip in done.slips] == ["VR", "TP"]
    assert units(finish(house, till, done))["store:vat/0.06"] == -900


def test_plain_sale_and_reprint(house: House, till: Counter) -> None:
    """Goods for cash with change; a lost ticket is printed again, marked, and the drawer stays shut."""
    done = till.sell(((shop.TEA, {shop.PEARLS: 1}), (shop.WATER, {})), received=5000)
    assert (done.total_minor, done.change_minor) == (2500, 2500)
    detail = finish(house, till, done)
    body = till.fact(done).fact.body
    assert isinstance(body, OrderPaid)
    assert units(detail)["store:tender/cash"] == 2500
    copy = till.reprint(done.slips[0])
    till.print_all()
    till.sync()
    assert till.fact(copy).state == "accepted"
    _, detail = at_hq(house, done.slips[0])
    assert [print_[:3] for print_ in detail["prints"]] == [[done.slips[0], 0, "printed"], [done.slips[0], 1, "printed"]]
    assert [job["drawer_kicks"] for job in till.paper] == [1, 0]
    all_is_well(house, till)


def test_search_at_hq_knows_the_phone(house: House, till: Counter) -> None:
    """HQ finds an order by its member's phone; no page of the till's chain holds the number."""
    person = house.member({shop.TEN: 2})
    till.sync()
    done = till.redeem(till.member(person), shop.TEN)
    till.sync()
    found = house.hq(f"/admin/api/orders?search={person.phone}")
    assert [row["slips"] for row in found["orders"]] == [list(done.slips)]
    assert all(
        person.phone.encode() not in item.data and person.name.encode() not in item.data for item in till.recorded
    )
    assert person.phone not in house.log.read_text()


def test_till_finds_what_another_till_did(house: House, open_till: OpenTill) -> None:
    """A pass sold at one till is used at the other as soon as both have synced."""
    one, other = open_till().begin(), open_till("SZ2").begin()
    person = house.member()
    one.sync()
    one.sell_pass(one.member(person), shop.TEN)
    one.sync()
    other.sync()
    done = other.redeem(other.member(person), shop.TEN)
    other.sync()
    one.sync()
    assert done.uses_left == 9
    (view,) = one.member(person).passes
    assert view.held.uses_left == 9
    all_is_well(house, one, other)


def test_last_use_online_is_given_once(house: House, open_till: OpenTill) -> None:
    """Two tills ask for the same last use: one gets it, the other a clear no, without a fact."""
    tills = [open_till().begin(), open_till("SZ2").begin()]
    person = house.member({shop.TEN: 1})
    views = []
    for till in tills:
        till.sync()
        views.append(till.member(person))
    tills[0].redeem(views[0], shop.TEN)
    with pytest.raises(Refusal) as refused:
        tills[1].redeem(views[1], shop.TEN)
    assert (refused.value.code, tills[1].requests) == ("uses_exhausted", [("refused", "uses_exhausted")])
    for till in tills:
        till.sync()
    assert [item.fact.kind for item in tills[1].recorded] == ["ShiftOpened"]
    all_is_well(house, *tills)


def test_till_restarts_where_it_was(house: House, open_till: OpenTill) -> None:
    """A restarted till has its identity, its shift and its queue; the cashier signs in again."""
    till = open_till().begin()
    till.sell()
    till.restart()
    with pytest.raises(Refusal) as refused:
        till.sell()
    assert refused.value.code == "not_signed_in"
    find = pytest.raises(Refusal)
    with find as refused:
        find_member.by_phone(till.till, "0000")
    assert refused.value.code == "not_signed_in"
    till.sync()
    all_is_well(house, till)

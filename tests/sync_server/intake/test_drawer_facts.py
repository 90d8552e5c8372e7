"""Cash moved and shifts closed come in, are held when they are wrong, and end by a decision like every other kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from models import facts
from models.drawer import CashMoved, Counted, ShiftClosed, ShiftTotals, SlipRange
from models.facts import Evidence
from models.money import MAX_MINOR, VatGroup
from models.reservations import ReservationClosed
from models.shifts import compare, expected_of, totals_of
from models.tenders import Tender
from sync_server.intake import held
from sync_server.intake.held import Decision, decide, decide_queue
from tests.sync_server import card_till, world
from tests.sync_server.hq import HQ, employ
from tests.sync_server.till import MEMBER, OWN, FakeTill, all_holds, outcomes, rows, value

pytestmark = pytest.mark.anyio
WHY = "the cashier confirmed it"
RECORDED = "SELECT event, principal_id::text, data FROM audit.event_log WHERE event LIKE 'recorded.%%' AND subject = %s"


def moved(till: FakeTill, **changes: Any) -> CashMoved:
    """Twenty yuan out of the drawer; not yet in the chain."""
    body = CashMoved(str(uuid4()), "paid_out", 2000, "CNY", "supplies", till.day(), (till.slip("CM"),))
    return replace(body, **changes)


def closed(till: FakeTill, **changes: Any) -> ShiftClosed:
    """The end of a shift that holds all of the chain; not yet in it."""
    totals = totals_of([facts.decode_fact(text) for text in till.texts])
    counted = compare(totals, expected_of(totals))
    body = ShiftClosed(str(uuid4()), 1, till.at, till.day(), "CNY", totals, counted, None, (till.slip("ZR"),))
    return replace(body, **changes)


async def test_money_moved_and_a_shift_closed_are_recorded_and_move_no_balance(till: FakeTill) -> None:
    till.fact(facts.ShiftOpened(str(uuid4()), 20000, "CNY", till.day()))
    paid_out = till.fact(moved(till))
    no_sale = till.fact(moved(till, move="no_sale", amount_minor=0))
    end = till.fact(closed(till))
    assert await outcomes(till) == [("accepted", None)] * 4
    for fact in (paid_out, no_sale, end):
        ((event, principal, data),) = await rows(till.pool, RECORDED, fact.fact_id)
        assert (event, principal) == (f"recorded.{fact.kind}", world.TERMINAL)
        assert data["business_day"] == till.day()
    ((_, _, data),) = await rows(till.pool, RECORDED, paid_out.fact_id)
    assert (data["move"], data["amount_minor"], data["reason"]) == ("paid_out", 2000, "supplies")
    assert await value(till.pool, "SELECT count(*) FROM app.transactions") == 0
    await all_holds(till.pool)


MOVED_WRONG = [
    ({"amount_minor": -2000}, "amount_invalid"),
    ({"amount_minor": MAX_MINOR + 1}, "amount_invalid"),
    ({"movement_id": "x"}, "request_malformed"),
    ({"slips": ()}, "slips_wrong"),
    ({"slips": ("CM.BC1T01.000001",)}, "slip_foreign"),
    ({"slips": ("VR.SZ1T01.000001",)}, "slips_wrong"),
]
ODD = ShiftTotals(0, 0, 0, 0, (), (), (SlipRange("ZR", 1, 1),), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
CLOSED_WRONG = [
    ({"first_seq": 0}, "arithmetic_wrong"),
    ({"first_seq": 99}, "arithmetic_wrong"),
    ({"counted": ()}, "arithmetic_wrong"),
    ({"counted": (Counted("cash", 0, -1),), "difference_reason": "other"}, "arithmetic_wrong"),
    ({"difference_reason": "other"}, "arithmetic_wrong"),
    ({"totals": replace(ODD, paid_in_minor=500)}, "arithmetic_wrong"),
    ({"shift_id": "x"}, "request_malformed"),
    ({"slips": ()}, "slips_wrong"),
    ({"slips": ("ZR.BC1T01.000001",)}, "slip_foreign"),
]


@pytest.mark.parametrize(("make", "changes", "reason"), [
    *((moved, *case) for case in MOVED_WRONG), *((closed, *case) for case in CLOSED_WRONG),
])  # fmt: skip
async def test_one_that_is_wrong_is_held_and_ends_by_a_decision(
    till: FakeTill, make: Any, changes: dict[str, Any], reason: str
) -> None:
    await employ(till.pool)
    fact = till.fact(make(till, **changes))
    assert await outcomes(till) == [("held", reason)]
    assert await rows(till.pool, RECORDED, fact.fact_id) == []
    wanted = Decision("post", WHY)
    found = await decide(till.pool, HQ, str(uuid4()), till.prev, wanted, till.keys)
    if reason in held.WAIVED:
        assert (found["outcome"], found["decision"]) == ("accepted", "post")
        ((event, principal, _),) = await rows(till.pool, RECORDED, fact.fact_id)
        assert (event, principal) == (f"recorded.{fact.kind}", str(HQ.principal_id))
    else:
        assert (found["code"], found["data"]) == ("held_not_postable", {"reason": reason})
        rejected = await decide(till.pool, HQ, str(uuid4()), till.prev, Decision("reject", WHY), till.keys)
        assert rejected["outcome"] == "accepted"
    await all_holds(till.pool)


async def test_a_slip_number_is_used_once_here_too(till: FakeTill) -> None:
    till.fact(moved(till))
    till.fact(moved(till, slips=("CM.SZ1T01.000001",)))
    assert await outcomes(till) == [("accepted", None), ("held", "slip_used")]


async def one_of_every_kind(till: FakeTill) -> None:
    """Append a fact of each kind, each of which the books can take in this order."""
    credit = await card_till.credited(till)
    card = await card_till.card_of(till.pool)
    sold = till.sell_pass()
    till.redeem(sold.pass_id, OWN)
    sold_for_money = till.order()
    till.create_member("13800138000")
    card_till.top_up(till)
    bodies: list[facts.Body] = [
        facts.ShiftOpened(str(uuid4()), 20000, "CNY", till.day()),
        facts.CardCharged(
            str(uuid4()), card, "personal", MEMBER, card_till.cups(2), 3600, "0.950", 3420, "CNY",
            (VatGroup("0.06", 3226, 194),), 36, 6580, (till.slip("TP"),), "A1", Evidence("online", str(uuid4())),
        ),
        facts.Refunded(str(uuid4()), credit, "top_up", 1000, 1000, "cash", "CNY", 0, "order_wrong",
                       (till.slip("VR"),), Evidence("online", str(uuid4()))),
        facts.OrderRefunded(
            str(uuid4()), sold_for_money.order_id, sold_for_money.slips[0], (1,), sold_for_money.cups, 2100, "CNY",
            sold_for_money.vat, (Tender("wechat", 1100, 1100), Tender("cash", 1000, 1000)), "other", (till.slip("VR"),),
        ),
        facts.RequestAbandoned(str(uuid4()), "no_answer"),
        facts.SlipReprinted("VR.SZ1T01.000001", 1, "asked"),
        ReservationClosed(str(uuid4()), "expired", 0, 1, "use"),
        moved(till),
    ]  # fmt: skip
    for body in bodies:
        till.fact(body)
    till.fact(closed(till))


async def test_a_held_fact_of_every_kind_can_be_posted(till: FakeTill) -> None:
    """A new kind fails here until it is said how a person at HQ ends it."""
    await employ(till.pool)
    await one_of_every_kind(till)
    till.status = "revoked"
    queue = [fact.kind for text in till.texts[1:] if (fact := facts.decode_fact(text))]
    assert set(queue) == set(facts.KINDS), "a fact of each kind of facts.Body is in the queue"
    assert set(held.ACCOUNTS) | held.AS_IS == set(facts.KINDS), "and its page offers to post it"
    assert (await outcomes(till))[1:] == [("held", "terminal_revoked")] * len(queue)
    wanted = Decision("post", WHY)
    found = await decide_queue(till.pool, HQ, str(uuid4()), till.terminal_id, till.seq, wanted, till.keys)
    assert found == {"outcome": "accepted", "decided": len(queue), "refused": [], "left": 0}
    assert await value(till.pool, "SELECT count(*) FROM app.held_facts") == 0
    recorded = "SELECT event FROM audit.event_log WHERE event LIKE 'recorded.%' ORDER BY 1"
    assert [event for (event,) in await rows(till.pool, recorded)] == [
        "recorded.CashMoved", "recorded.ReservationClosed", "recorded.ShiftClosed", "recorded.ShiftOpened",
        "recorded.SlipReprinted",
    ]  # fmt: skip
    await all_holds(till.pool)

"""What a cashier and the till's background do: each a step of a run that returns the fact it says is done.

Rule: only the product's use cases are called, as the screens call them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from models.facts import OrderPaid
from models.tenders import pay
from pos_app.journal import prints, takings
from pos_app.selling.basket import Basket, add_add_on, add_product
from pos_app.till import (
    asking,
    cash,
    catalogue,
    charge,
    find_member,
    quote,
    redeem,
    refund,
    refund_order,
    refundable,
    reprint,
    sell,
    sell_pass,
    shift,
    sign_in,
    slips,
    top_up,
)  # fmt: skip
from pos_app.till.values import Done, MemberView
from sync_server.database.engine import Pool
from sync_server.members import codes
from tests.faults.simulator.machine import Killed
from tests.faults.simulator.nursery import Person
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop
from tests.sync_server.ledger.plain_values import Card

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

_GOODS = (shop.TEA, shop.MILK_TEA, shop.WATER)
_CASH_LIKE = ("cash", "wechat", "bank_card")


def open_shift(run: Run, till: SimulatedTill) -> str | None:
    """The day begins."""
    sign_in.sign_in(till.till, shop.PIN)
    shift.open_shift(till.till, 20000)
    return None


def sell_goods(run: Run, till: SimulatedTill) -> str | None:
    """Goods for money."""
    basket = _goods(run, till)
    due = quote.quote_basket(till.till, basket).due_minor
    tender = run.dice.one_of(_CASH_LIKE)
    return sell.sell(till.till, basket, (pay(tender, due, due),)).fact_id


def goods_come_back(run: Run, till: SimulatedTill) -> str | None:
    """Cups of a sale of this till are given back, some or all that are left of it."""
    with till.journal.reading() as rows:
        sold = [(one.fact, one.lines_back) for one in takings.recent(rows, 12)]
    left = [
        (fact.fact_id, [place for place in range(1, len(fact.body.cups) + 1) if place not in back])
        for fact, back in sold if isinstance(fact.body, OrderPaid)
    ]  # fmt: skip
    left = [(fact_id, places) for fact_id, places in left if places]
    if not left:
        return None
    fact_id, places = run.dice.one_of(left)
    return refund_order.refund_order(till.till, fact_id, places[: run.dice.between(1, 3)], "order_wrong").fact_id


def cash_moves(run: Run, till: SimulatedTill) -> str | None:
    """Money goes into the drawer, or to the safe; now and then more than is there."""
    move, reason = run.dice.one_of((("paid_in", "change"), ("safe_drop", "safe"), ("safe_drop", "bank")))
    return cash.move_cash(till.till, move, run.dice.one_of((1, 5000, 123456)), reason).fact_id


def sell_a_pass(run: Run, till: SimulatedTill) -> str | None:
    """A pass for a member."""
    from tests.faults.simulator.run import SOLD_PLANS  # noqa: PLC0415 - a Run is made of steps

    view = by_phone(run, till, run.dice.one_of(run.customers()))
    wanted = run.dice.one_of(SOLD_PLANS)
    plan = next(each for each in catalogue.plans(till.till) if each.plan_id == wanted)
    tenders = (pay(run.dice.one_of(_CASH_LIKE), plan.price_minor, plan.price_minor),)
    return sell_pass.sell_pass(till.till, view.member, plan, tenders).fact_id


def redeem_uses(run: Run, till: SimulatedTill) -> str | None:
    """Cups from a pass: the member is known by phone, by the short code or by the signed one."""
    person = run.dice.one_of(run.customers())
    how = run.dice.weighted([(30, "phone"), (25, "short"), (45 if till.network.up else 200, "snapshot")])
    if not person.member_id:
        how = "phone"
    if how == "snapshot" and (person.member_id not in run.snapshots or run.dice.happens(50)):
        run.snapshots[person.member_id] = run.server.job(partial(_snapshot, run, person.member_id))
    if how == "snapshot":
        view = find_member.by_scan(till.till, run.snapshots[person.member_id])
    elif how == "short" and person.member_id in run.codes:
        view = find_member.by_scan(till.till, run.codes[person.member_id])
    else:
        view = by_phone(run, till, person)
    if not view.passes:
        return None
    found = run.dice.one_of([each for each in view.passes if each.usable] or list(view.passes))
    basket = Basket(member=view.member, held=found.held, plan=found.plan)
    for number in range(run.dice.weighted([(6, 1), (3, 2), (1, 3)])):
        basket = add_product(basket, run.dice.one_of((shop.TEA, shop.MILK_TEA)))
        if run.dice.happens(20) and basket.cups[number].product_id == shop.TEA:
            basket = add_add_on(basket, number, run.dice.one_of((shop.CHEESE, shop.PEARLS)))
    due = quote.quote_basket(till.till, basket).due_minor
    done = redeem.redeem(till.till, basket, (pay("cash", due, due),) if due else (), view.code)
    run.counted[f"redeemed {done.evidence}"] += 1
    return done.fact_id


def last_uses_twice(run: Run, till: SimulatedTill) -> str | None:
    """A member shows one signed code at two tills without a network, for the pass that has the fewest uses left."""
    other = run.tills[(till.number + 1) % 3]
    person = run.dice.one_of(run.members())
    code = run.snapshots[person.member_id] = run.server.job(partial(_snapshot, run, person.member_id))
    try:
        _fewest_uses(other, code)
    except Killed:
        run.reopen(other)
    run.look(other.number)
    return _fewest_uses(till, code)


def _fewest_uses(till: SimulatedTill, code: str) -> str | None:
    till.network.up = False
    view = find_member.by_scan(till.till, code)
    usable = [found for found in view.passes if found.usable]
    if not usable:
        return None
    found = min(usable, key=lambda one: one.held.uses_left)
    basket = Basket(member=view.member, held=found.held, plan=found.plan)
    for _ in range(min(found.held.uses_left, 2)):
        basket = add_product(basket, shop.TEA)
    return redeem.redeem(till.till, basket, (), view.code).fact_id


def pay_in(run: Run, till: SimulatedTill) -> str | None:
    """A member's card is topped up."""
    view = by_phone(run, till, run.dice.one_of(run.customers()))
    amount = run.dice.one_of((1, 2550, 10000, 12345, 30000))
    offered = top_up.offer(till.till, amount)
    return top_up.top_up(till.till, view.member, offered, (pay(run.dice.one_of(_CASH_LIKE), amount, amount),)).fact_id


def pay_by_card(run: Run, till: SimulatedTill) -> str | None:
    """A basket is paid by the card whose code is shown."""
    person = run.dice.one_of(run.members())
    if person.member_id not in run.codes or run.dice.happens(70):
        _new_code(run, person)
    basket = _goods(run, till)
    return charge.charge(till.till, basket, charge.offer(till.till, basket, run.codes[person.member_id])).fact_id


def refund_some(run: Run, till: SimulatedTill) -> str | None:
    """Part of a charge or a top-up goes back."""
    known = [one for one in refundable.recent(till.till) if one.tx_no and (one.left_minor or 0) > 0]
    if not known:
        return None
    one = run.dice.one_of(known)
    assert one.tx_no is not None
    amount = max(1, (one.left_minor or 1) * run.dice.one_of((100, 50, 33)) // 100)
    tender = None if one.kind == "charge" else "cash"
    done: Done | None = refund.refund(till.till, one.tx_no, amount, tender, "order_wrong")
    return None if done is None else done.fact_id


def see_refunds(run: Run, till: SimulatedTill) -> str | None:
    """A cashier looks at what came of refunds that waited."""
    for one in refund.waiting(till.till):
        if one.state != "asked":
            refund.seen(till.till, one.request_id)
    return None


def print_a_copy(run: Run, till: SimulatedTill) -> str | None:
    """A slip once more, or somebody looks for a paper that nobody can vouch for."""
    known = slips.recent(till.till, 12)
    if not known:
        return None
    slip = run.dice.one_of(known)
    if slip.state == "unknown":
        done = reprint.resolve_unknown(till.till, slip.number, run.dice.happens(50))
        return None if done is None else done.fact_id
    return reprint.reprint(till.till, slip.number, "lost").fact_id


def abandon(run: Run, till: SimulatedTill) -> str | None:
    """The background takes back what a failure left open."""
    asking.abandon_open_requests(till.till, "record_failed")
    return None


def print_waiting(run: Run, till: SimulatedTill) -> str | None:
    """The print queue has a turn."""
    till.app.prints.tick()
    return None


def sync(run: Run, till: SimulatedTill) -> str | None:
    """One round with the server."""
    till.sync()
    return None


def show_codes(run: Run, till: SimulatedTill) -> str | None:
    """Members' phones get fresh codes, of both kinds."""
    someone = run.dice.one_of(run.members())
    for person in run.members() if run.dice.happens(30) else (someone,):
        _new_code(run, person)
        run.snapshots[person.member_id] = run.server.job(partial(_snapshot, run, person.member_id))
    return None


async def _snapshot(run: Run, member_id: str, pool: Pool) -> str:
    return await codes.snapshot_code(pool, run.server.keys, member_id, shop.MERCHANT, run.time.now)


def unprinted(till: SimulatedTill) -> int:
    """How many slips still wait for paper."""
    with till.journal.reading() as rows:
        return sum(job.state in prints.STILL_TO_COME for job in prints.recent(rows, 10_000))


def by_phone(run: Run, till: SimulatedTill, person: Person) -> MemberView:
    """Find a member by their number; one who was made here and elsewhere shows twice until the two are one."""
    return run.dice.one_of(find_member.by_phone(till.till, person.phone))


def _new_code(run: Run, person: Person) -> None:
    run.codes[person.member_id] = run.server.job(lambda pool: codes.rotate_code(pool, person.member_id))
    card: Card = run.expected.ledger.cards[person.card_id]
    card.code_at, card.code_used = run.time.now, False


def _goods(run: Run, till: SimulatedTill) -> Basket:
    basket = Basket()
    for number in range(run.dice.weighted([(6, 1), (3, 2), (1, 4)])):
        product = run.dice.one_of(_GOODS)
        basket = add_product(basket, product)
        if product == shop.TEA and run.dice.happens(30):
            basket = add_add_on(basket, number, run.dice.one_of((shop.CHEESE, shop.PEARLS)))
    return basket

"""People who become members at a counter, also at two at once while nobody can ask: one phone, two ids, one person.

Rule: as in steps. The oracle hears of the phone that was typed (watch), since no fact says it. Which id becomes the
other's alias is settled by what arrives first, and anew after a restore.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.tenders import pay
from pos_app.selling.basket import Basket, add_product
from pos_app.till import catalogue, find_member, redeem, sell_pass
from pos_app.till.create_member import create_member
from pos_app.till.values import MemberView
from tests.faults.simulator.machine import Killed
from tests.faults.simulator.nursery import FEW
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

_PHONES = tuple(f"1390000000{number}" for number in range(5))
_NAMES = ("林一", "Lin Yi", "Wilhelmina Quendel")


def somebody_new(run: Run, till: SimulatedTill) -> str | None:
    """Somebody becomes a member, or is found by their phone; most buy a pass at once."""
    view = _create(run, till, run.dice.one_of(_PHONES))
    return _sell(run, till, view) if run.dice.happens(70) else None


def two_make_one(run: Run, till: SimulatedTill) -> str | None:
    """Two tills without a network make the same person, sell them the same pass, and hand over a cup of it."""
    other, phone = run.tills[(till.number + run.dice.between(1, 3)) % len(run.tills)], run.dice.one_of(_PHONES)
    try:
        _sell_and_redeem(run, other, phone)
    except Killed:
        run.reopen(other)
    run.look(other.number)
    return _sell_and_redeem(run, till, phone)


def _sell_and_redeem(run: Run, till: SimulatedTill, phone: str) -> str:
    till.network.up = False
    done = _sell(run, till, _create(run, till, phone))
    (*_, view) = find_member.by_phone(till.till, phone)
    usable = [one for one in view.passes if one.usable and one.plan.plan_id == FEW]
    if not usable or run.dice.happens(30):
        return done
    basket = add_product(Basket(member=view.member, held=usable[0].held, plan=usable[0].plan), shop.TEA)
    return redeem.redeem(till.till, basket, (), view.code).fact_id


def _create(run: Run, till: SimulatedTill, phone: str) -> MemberView:
    run.watches[till.number].typing = phone
    made = create_member(till.till, run.dice.one_of(_NAMES), phone, "zh-CN")
    run.counted["new member" if not made.known else "no new member: known here"] += 1
    return made.view


def _sell(run: Run, till: SimulatedTill, view: MemberView) -> str:
    plan = next(each for each in catalogue.plans(till.till) if each.plan_id == FEW)
    tenders = (pay("cash", plan.price_minor, plan.price_minor),)
    return sell_pass.sell_pass(till.till, view.member, plan, tenders).fact_id


MENU: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = [
    (3, somebody_new),
    (2, two_make_one),
]

"""What people at HQ do while the tills go on: decide held facts, settle losses, change the catalogue, revoke a till.

Rule: each is done through the product's own functions and followed by the oracle. An act that is sent twice under one
key happens once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import facts
from models.catalogue import PassPlan, Product
from sync_server.catalogue.writes import put, remove
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.fleet import terminals
from sync_server.intake import held
from sync_server.ledger import granted, losses
from tests.faults.simulator import decided
from tests.faults.simulator.expected import require
from tests.faults.simulator.nursery import PLANS
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop
from tests.sync_server.ledger.plain_values import No

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

HQ = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")
_WHY = "looked into it"
_MOST_DECIDED = 4
_SPECIALS = tuple(f"1d000000-0000-7000-8000-0000000005{number:02}" for number in range(4))
_TAB = next(each.category_id for each in shop.CATALOGUE if isinstance(each, Product) and each.product_id == shop.TEA)
_HANDED_OUT = (facts.CardCharged, facts.Refunded, facts.OrderRefunded)
_DECISIONS = [(5, "post"), (3, "post_to"), (4, "write_off"), (2, "reject")]


def decides(run: Run, till: SimulatedTill) -> str | None:
    """A person works through what is held, now and then through what is decided."""
    for _ in range(run.dice.between(1, _MOST_DECIDED)):
        waits = [hashed for hashed in run.expected.held if hashed not in run.expected.decisions]
        if waits and run.dice.happens(85):
            _decide(run, run.dice.one_of(waits))
        elif run.expected.held:
            _decide(run, run.dice.one_of(list(run.expected.held)))
    return None


def _decide(run: Run, hashed: str) -> None:
    fact_held = run.expected.held[hashed]
    fact, decision = decided.read(fact_held), run.dice.weighted(_DECISIONS)
    account: dict[str, str] = {}
    movable = fact is not None and isinstance(fact.body, facts.PassRedeemed | facts.MemberCreated)
    handed_out = fact is not None and isinstance(fact.body, _HANDED_OUT)
    if (decision == "post_to" and not movable) or (decision == "write_off" and handed_out):
        decision = "reject"
    undo = decision == "reject" and fact is not None and decided.cited(fact) is not None and run.dice.happens(40)
    if decision == "post_to" and fact is not None and isinstance(fact.body, facts.MemberCreated):
        account = {"member_id": run.dice.one_of([*run.expected.members.typed, *run.expected.members.by_phone.values()])}
    elif decision == "post_to":
        account = {"pass_id": run.dice.one_of(list(run.expected.ledger.passes))}
    wanted = held.Decision(decision, _WHY, account, undo)
    told = _twice(run, lambda pool, key: held.decide(pool, HQ, key, hashed, wanted, run.nursery.keys))
    run.expected.cards_given = run.watch.cards()
    said = decided.decide(run.expected, hashed, fact_held, decision, account, told.get("tx_no"), take_back=undo)
    found = (told["outcome"], told.get("code"), told.get("tx_no") is not None)
    require(found == (said.outcome, said.code, said.posted), 6, f"{decision} of {fact}: {told}, expected {said}")
    what = f"{fact.kind} {decision}{' and taken back' if undo else ''}" if fact is not None else decision
    run.counted[f"decided {what}: {said.code or 'done'}"] += 1
    run.watch.compare()


def decides_granted(run: Run, till: SimulatedTill) -> str | None:
    """Somebody at HQ finds what a till was granted and no fact has confirmed, perhaps before the fact could come."""
    waiting = decided.granted(run.expected)
    if not waiting:
        return None
    terminal_id, request_id = run.dice.one_of(waiting)
    decision = run.dice.one_of(granted.DECISIONS)

    async def act(pool: Pool, key: str) -> dict[str, Any]:
        async with transaction(pool, HQ) as connection:
            acted = held.act_of(key, request_id, decision)
            return await granted.decide_granted(connection, acted, terminal_id, request_id, decision, _WHY)

    told = _twice(run, act)
    said = decided.decide_granted(run.expected, terminal_id, request_id, decision, told.get("tx_no"), run.time.now)
    found = (told["outcome"], told.get("code"), told.get("tx_no") is not None)
    require(found == (said.outcome, said.code, said.posted), 6, f"{decision} of {request_id}: {told}, expected {said}")
    run.counted[f"granted {decision}: {said.code or 'done'}"] += 1
    run.watch.compare()
    return None


def settles_loss(run: Run, till: SimulatedTill) -> str | None:
    """Somebody pays for a loss, or HQ gives it up."""
    ledger = run.expected.ledger
    if not ledger.losses:
        return None
    lost_by = run.dice.one_of(decided.open_losses(run.expected) or list(ledger.losses))
    loss = ledger.losses[lost_by]
    owed = run.server.rows("SELECT loss_id::text FROM app.offline_losses WHERE tx_no = %s", lost_by)
    require(len(owed) == 1, 12, f"what {lost_by} lost is owed {len(owed)} times")
    ((loss_id,),) = owed
    units, pays = run.dice.between(1, loss.amount), run.dice.happens(60)
    paid = max(1, loss.worth(units) + (run.dice.one_of((0, 0, 0, 1)) if loss.is_money else run.dice.between(-3, 1)))

    async def act(pool: Pool, key: str) -> dict[str, Any]:
        async with transaction(pool, HQ) as connection:
            if pays:
                acted = held.act_of(key, loss_id, units, paid)
                return await losses.collect_loss(connection, acted, loss_id, units, "cash", paid)
            return await losses.write_off_loss(connection, held.act_of(key, loss_id), loss_id, _WHY)

    told = _twice(run, act)
    try:
        if pays:
            ledger.collect(told.get("tx_no", ""), loss, units, "cash", paid)
        else:
            ledger.write_off(told.get("tx_no", ""), loss)
        code = None
    except No as no:
        code = no.code
    require(told.get("code") == code, 6, f"a loss was settled with {told}, expected {code or 'done'}")
    run.counted[f"loss {'collected' if pays else 'written off'}: {code or 'done'}"] += 1
    run.watch.compare()
    return None


def _twice(run: Run, act: Callable[[Pool, str], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Do it under a new key, now and then once more under the same."""
    key = "act-" + run.dice.bytes(8).hex()
    told = run.server.job(lambda pool: act(pool, key))
    if run.dice.happens(20):
        again = run.server.job(lambda pool: act(pool, key))
        require(again == told, 6, f"an act was answered {told}, and again {again}")
    return told


# The catalogue -------------------------------------------------------------------------------------------------------


def catalogue_changes(run: Run, till: SimulatedTill) -> str | None:
    """HQ changes or removes a product of the season, or the price of a pass."""
    dice, now = run.dice, run.expected.catalogue
    key = dice.one_of((*_SPECIALS, *(plan.plan_id for plan in PLANS[-2:])))
    plan = next((each for each in PLANS if each.plan_id == key), None)
    value: Product | PassPlan | None = _special(key, dice.between(1, 99))
    if plan is not None:
        value = replace(plan, price_minor=plan.price_minor + 100 * dice.between(0, 9))
    elif key in now and dice.happens(40):
        value = None

    async def write(pool: Pool) -> None:
        async with transaction(pool, PLATFORM) as connection:
            if value is None:
                await remove(connection, Product, key, shop.MERCHANT)
            else:
                await put(connection, value)

    run.server.job(write)
    now.pop(key, None)
    if value is not None:
        now[key] = value
    return None


def _special(key: str, price: int) -> Product:
    return Product(key, shop.MERCHANT, _TAB, {"zh-CN": f"季节{price}"}, 100 * price, "0.06", frozenset(), (), 9)


def mirrored(run: Run, till: SimulatedTill) -> None:
    """A till that has pulled everything shows the catalogue as HQ has it."""
    known = till.journal.catalogue
    shown: dict[str, Product | PassPlan] = {**known.prices.products, **known.plans}
    for key in (*_SPECIALS, *(plan.plan_id for plan in PLANS[-2:])):
        wanted = run.expected.catalogue.get(key, next((plan for plan in PLANS if plan.plan_id == key), None))
        require(shown.get(key) == wanted, 0, f"till {till.number} shows {shown.get(key)}, HQ has {wanted}")


# The fleet -----------------------------------------------------------------------------------------------------------


def till_revoked(run: Run, till: SimulatedTill) -> str | None:
    """HQ takes a till's rights away: from then on it can hand in its queue, which is held whole. One a run at most, and
    none whose pairing a restore may lose: nobody would pair that again."""
    if till.number >= len(run.nursery.terminals) or any(known.revoked for known in run.expected.terminals.values()):
        return None

    async def revoke(pool: Pool) -> None:
        terminal_id = run.terminals[till.number]
        outcome = await terminals.revoke(pool, HQ, held.act_of(f"revoke {terminal_id}"), terminal_id, "stolen")
        require(outcome["outcome"] == "accepted", 0, f"till {till.number} was not revoked: {outcome}")

    run.server.job(revoke)
    run.mine(till.number).revoked = True
    return None


MENU: list[tuple[int, Callable[[Run, SimulatedTill], str | None]]] = [
    (7, decides),
    (2, decides_granted),
    (2, settles_loss),
    (2, catalogue_changes),
]

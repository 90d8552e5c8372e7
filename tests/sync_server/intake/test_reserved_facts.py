"""What tills spend of what was set aside for them, and give up: settled, and spent + reserved + free = issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from models import facts
from models.cards import discounted, discounted_vat
from models.facts import Evidence
from models.reservations import ReservationClosed
from models.tokens import decode_reservation
from models.wire import ActionAnswer
from sync_server.catalogue import changes
from sync_server.database.engine import transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.held import Decision, decide
from sync_server.ledger.reservations import recall, release_at_risk
from sync_server.ledger.set_aside import set_aside
from tests.sync_server import card_till, world
from tests.sync_server.hq import HQ, employ
from tests.sync_server.ledger.asking import MEMBER_CLAIMS, OPERATOR, OTHER_MEMBER_CLAIMS, act, ask, refused
from tests.sync_server.till import (
    MEMBER,
    OTHER_MEMBER,
    OWN,
    FakeTill,
    all_holds,
    as_owner,
    outcomes,
    rows,
    said,
    uses_left,
    value,
    wanted,
)

pytestmark = [pytest.mark.anyio, pytest.mark.req("R035", "R036", "C07")]
FINE = ("accepted", None)


async def aside(till: FakeTill, source: str, amount: int, kind: str = "pass", hours: float = 8) -> dict[str, Any]:
    """Set aside by the operator for this till, signed and delivered."""
    now = datetime.now(UTC)
    async with transaction(till.pool, OPERATOR) as connection:
        found = await set_aside(
            connection, till.keys, act(), till.terminal_id, kind, source, amount, now + timedelta(hours=hours), now
        )
    assert found["outcome"] == "accepted", found
    return found


def reserved(of: dict[str, Any], request_id: str | None = None) -> Evidence:
    return Evidence("reserved", request_id, reservation_id=of["reservation_id"])


def close(till: FakeTill, of: dict[str, Any], used: int, reason: str = "shift_closed") -> facts.Fact:
    unit = "use" if of["unit"].startswith("use/") else of["unit"]
    return till.fact(ReservationClosed(of["reservation_id"], reason, used, of["amount"], unit))


def charge(
    till: FakeTill, card: str, evidence: Evidence, count: int = 1, discount: str = "1.000", **changes: Any
) -> facts.CardCharged:
    """An order of tea that the till paid with what was set aside."""
    raw = 1800 * count
    total = discounted(raw, discount)
    body = facts.CardCharged(
        str(uuid4()), card, "personal", MEMBER, card_till.cups(count), raw, discount, total, "CNY",
        discounted_vat([("0.06", raw)], total), raw // 100, 0, (till.slip("TP"),), "A1", evidence,
    )  # fmt: skip
    body = replace(body, **changes)
    till.fact(body)
    return body


async def state(till: FakeTill, of: dict[str, Any]) -> tuple[Any, ...]:
    """(used, returned, status)."""
    query = "SELECT used, returned, status FROM app.reservations WHERE reservation_id = %s"
    (found,) = await rows(till.pool, query, of["reservation_id"])
    return found


async def lost(till: FakeTill) -> int:
    found: int = await value(till.pool, "SELECT coalesce(sum(amount), 0)::bigint FROM app.offline_losses")
    return found


async def alarms(till: FakeTill) -> set[str]:
    return {kind for (kind,) in await rows(till.pool, "SELECT kind FROM app.alarms")}


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The role that the ledger's functions run as."""
    with as_owner(database) as connection:
        yield connection


@pytest.fixture
async def sold(till: FakeTill) -> str:
    """A pass of ten uses."""
    found = till.sell_pass().pass_id
    await till.push()
    return found


@pytest.fixture
async def card(till: FakeTill) -> str:
    """A card with 100.00 + 20.00."""
    await card_till.set_terms(till.pool, till)
    await card_till.credited(till, 10000, 2000)
    return await card_till.card_of(till.pool)


# Uses ---------------------------------------------------------------------------------------------------------------


async def test_uses_are_settled_by_facts_and_the_rest_goes_back(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 4)
    assert await uses_left(till.pool, sold) == 6
    till.redeem(sold, reserved(taken))
    paid = till.redeem(sold, reserved(taken), cups=2, extra=1)
    assert (await outcomes(till))[-2:] == [FINE, FINE]
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((3, 0, "open"), 6)
    await all_holds(till.pool)
    close(till, taken, 3)
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((3, 1, "closed"), 7)
    assert await outcomes(till) == [("already_known", None)] * till.seq
    order = "SELECT total_minor FROM app.orders WHERE order_id = %s"
    assert await value(till.pool, order, paid.redemption_id) == 500
    assert (await alarms(till), await lost(till)) == (set(), 0)
    await all_holds(till.pool)


async def test_the_last_use_closes_it_and_closing_it_again_gives_nothing(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 2)
    till.redeem(sold, reserved(taken), cups=2)
    close(till, taken, 2, "expired")
    assert (await outcomes(till))[-2:] == [FINE, FINE]
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((2, 0, "closed"), 8)
    await all_holds(till.pool)


async def test_neither_the_plans_limits_nor_the_state_of_the_pass_takes_back_what_was_promised(
    till: FakeTill, sold: str, owner: Any
) -> None:
    taken = await aside(till, sold, 5)
    owner.execute("UPDATE app.pass_plans SET max_uses_per_order = 1, max_uses_per_day = 1")
    owner.execute("UPDATE app.member_passes SET status = 'suspended' WHERE pass_id = %s", [sold])
    till.redeem(sold, reserved(taken), cups=3)
    assert (await outcomes(till))[-1] == FINE
    assert await state(till, taken) == (3, 0, "open")
    await all_holds(till.pool)


async def test_a_use_from_after_its_end_is_settled_and_hq_is_told(till: FakeTill, sold: str, owner: Any) -> None:
    taken = await aside(till, sold, 2)
    owner.execute("UPDATE app.reservations SET expires_at = %s", [till.at - timedelta(minutes=1)])
    till.redeem(sold, reserved(taken))
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await alarms(till)) == ((1, 0, "open"), {"reservation_late"})
    await all_holds(till.pool)


async def test_more_than_was_set_aside_is_lost_by_name_and_what_is_free_stays(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 2)
    till.redeem(sold, reserved(taken), cups=3)
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((2, 0, "closed"), 8)
    assert await alarms(till) == {"reservation_overspent", "offline_loss"}
    assert await rows(till.pool, "SELECT member_id::text, amount FROM app.offline_losses") == [(MEMBER, 1)]
    await all_holds(till.pool)


async def test_what_was_freed_at_risk_and_used_all_the_same(till: FakeTill, sold: str, second_till: FakeTill) -> None:
    """What is still there pays; what somebody else has had since is lost."""
    taken = await aside(till, sold, 10)
    freed = await ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], "the till is gone")
    assert freed["returned"] == 10
    body = second_till.redemption(sold, OWN, cups=2)
    answer = await second_till.ask(second_till.request(body))
    assert (answer.outcome, answer.uses_left) == ("accepted", 8)
    for cups in (3, 3, 3):
        till.redeem(sold, reserved(taken), cups=cups)
    close(till, taken, 9)
    assert (await outcomes(till))[-4:] == [FINE] * 4
    assert (await lost(till), await uses_left(till.pool, sold)) == (1, 0)
    assert "reservation_overspent" in await alarms(till)
    await all_holds(till.pool)


async def test_one_that_its_till_has_closed_gives_nothing_of_what_is_free(
    till: FakeTill, sold: str, owner: Any
) -> None:
    """Old ids prove nothing: a stolen till that holds them spends none of a regular's free uses."""
    given_up, used_up = await aside(till, sold, 1), await aside(till, sold, 1)
    close(till, given_up, 0)
    till.redeem(sold, reserved(used_up))
    assert (await outcomes(till))[-2:] == [FINE] * 2
    owner.execute("UPDATE app.member_passes SET status = 'revoked' WHERE pass_id = %s", [sold])
    for old in (given_up, used_up, given_up):
        till.redeem(sold, reserved(old), cups=3)
    assert (await outcomes(till))[-3:] == [FINE] * 3
    assert (await lost(till), await uses_left(till.pool, sold)) == (9, 9)
    assert await alarms(till) == {"reservation_overspent", "offline_loss"}
    await all_holds(till.pool)


async def test_no_more_is_taken_of_what_is_free_than_was_freed(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 3)
    request, body = wanted(till, sold)
    assert said(await till.ask(request)) == FINE
    till.redeem(sold, reserved(taken))
    assert (await outcomes(till))[-1] == FINE
    await ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], "the till is gone")
    assert await uses_left(till.pool, sold) == 8
    till.fact(replace(body, evidence=reserved(taken, request.request_id)))  # one of the three, and its grant has paid
    till.redeem(sold, reserved(taken), cups=2)
    till.redeem(sold, reserved(taken))
    assert (await outcomes(till))[-3:] == [FINE] * 3
    assert (await lost(till), await uses_left(till.pool, sold)) == (2, 7)
    await all_holds(till.pool)


async def test_what_was_freed_before_the_pass_began_anew_is_not_taken_from_the_new_uses(
    till: FakeTill, sold: str, owner: Any
) -> None:
    taken = await aside(till, sold, 4)
    await ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], "the till is gone")
    owner.execute("UPDATE app.member_passes SET expires_at = %s WHERE pass_id = %s", [till.at, sold])
    till.at += timedelta(seconds=5)
    till.sell_pass(sold, stacked=True)
    till.redeem(sold, reserved(taken), cups=2)
    assert (await outcomes(till))[-2:] == [FINE] * 2
    assert (await lost(till), await uses_left(till.pool, sold)) == (2, 10)
    await all_holds(till.pool)


async def test_one_that_never_was_is_held_with_an_alarm(till: FakeTill, sold: str, second_till: FakeTill) -> None:
    others = await aside(second_till, sold, 2)
    for odd in (str(uuid4()), others["reservation_id"], None):
        till.redeem(sold, Evidence("reserved", reservation_id=odd))
    assert (await outcomes(till))[-3:] == [("held", "reservation_unknown")] * 3
    assert await alarms(till) == {"held_reservation_unknown"}
    assert (await state(till, others), await uses_left(till.pool, sold)) == ((0, 0, "open"), 8)
    await all_holds(till.pool)


async def test_one_of_another_pass_is_none(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 2)
    other = till.sell_pass(member_id=OTHER_MEMBER).pass_id
    till.redeem(other, reserved(taken), member_id=OTHER_MEMBER)
    assert (await outcomes(till))[-1] == ("held", "reservation_unknown")
    assert await state(till, taken) == (0, 0, "open")
    await all_holds(till.pool)


async def test_a_held_use_keeps_its_units_aside_until_a_person_decides(till: FakeTill, sold: str) -> None:
    await employ(till.pool)
    taken = await aside(till, sold, 3)
    bad = till.redemption(sold, reserved(taken), slips=("VR.SZ1T01.000001",))  # a slip that was used before
    held_fact = till.fact(bad)
    close(till, taken, 1)
    assert (await outcomes(till))[-2:] == [("held", "slip_used"), FINE]
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 2, "open"), 9)
    await all_holds(till.pool)
    fact_hash = facts.hash_fact(facts.encode_fact(held_fact))
    done = await decide(till.pool, HQ, str(uuid4()), fact_hash, Decision("post", "it was handed over"), till.keys)
    assert done["outcome"] == "accepted", done
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((1, 2, "closed"), 9)
    assert await lost(till) == 0
    await all_holds(till.pool)


async def decided(till: FakeTill, fact: facts.Fact, wanted: Decision) -> None:
    fact_hash = facts.hash_fact(facts.encode_fact(fact))
    done = await decide(till.pool, HQ, str(uuid4()), fact_hash, wanted, till.keys)
    assert done["outcome"] == "accepted", done


@pytest.mark.parametrize("given_up_first", [True, False])
@pytest.mark.parametrize("decision", ["reject", "write_off"])
async def test_a_held_use_that_is_not_posted_frees_its_unit(
    till: FakeTill, sold: str, decision: str, given_up_first: bool
) -> None:
    await employ(till.pool)
    taken = await aside(till, sold, 3)
    held = till.fact(till.redemption(sold, reserved(taken), slips=("VR.SZ1T01.000001",)))
    if given_up_first:
        close(till, taken, 1)
    assert "held" in {outcome for outcome, _ in await outcomes(till)}
    await decided(till, held, Decision(decision, "nobody got it"))
    if not given_up_first:
        assert await state(till, taken) == (0, 0, "open"), "its till may spend the other two"
        close(till, taken, 1)
        assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 3, "closed"), 10)
    assert await lost(till) == (1 if decision == "write_off" else 0)
    await all_holds(till.pool)


async def test_of_two_held_uses_one_is_posted_and_one_is_not(till: FakeTill, sold: str) -> None:
    await employ(till.pool)
    taken = await aside(till, sold, 2)
    first, second = (till.fact(till.redemption(sold, reserved(taken), slips=("VR.SZ1T01.000001",))) for _ in range(2))
    close(till, taken, 2)
    await outcomes(till)
    assert await state(till, taken) == (0, 0, "open")
    await decided(till, first, Decision("reject", "nobody got it"))
    await decided(till, second, Decision("post", "it was handed over"))
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((1, 1, "closed"), 9)
    await all_holds(till.pool)


async def test_a_held_use_whose_request_was_granted_late_frees_its_unit(till: FakeTill, sold: str) -> None:
    await employ(till.pool)
    taken = await aside(till, sold, 2)
    request, body = wanted(till, sold)
    assert said(await till.ask(request)) == FINE, "its answer is lost"
    evidence = reserved(taken, request.request_id)
    held = till.fact(replace(body, evidence=evidence, slips=("VR.SZ1T01.000001",)))
    close(till, taken, 1)
    assert (await outcomes(till))[-2:] == [("held", "slip_used"), FINE]
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 1, "open"), 8)
    await decided(till, held, Decision("post", "it was handed over"))
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 2, "closed"), 9)
    assert await lost(till) == 0
    await all_holds(till.pool)


async def test_what_a_clone_claims_and_hq_rejects_frees_nothing(till: FakeTill, sold: str) -> None:
    await employ(till.pool)
    taken = await aside(till, sold, 2)
    clone = replace(till, texts=list(till.texts), counters=dict(till.counters), companions=[])
    till.redeem(sold, reserved(taken))
    await till.push()
    copied = clone.fact(clone.redemption(sold, reserved(taken), cups=2))
    assert (await outcomes(clone))[-1] == ("held", "fork")
    await decided(till, copied, Decision("reject", "a copy of the till"))
    assert await state(till, taken) == (1, 0, "open")
    till.redeem(sold, reserved(taken))
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold), await lost(till)) == ((2, 0, "closed"), 8, 0)
    await all_holds(till.pool)


async def test_a_clones_second_history_moves_nothing(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 2)
    clone = replace(till, texts=list(till.texts), counters=dict(till.counters), companions=[])
    till.redeem(sold, reserved(taken), cups=2)
    assert (await outcomes(till))[-1] == FINE
    clone.redeem(sold, reserved(taken), cups=2)
    assert (await outcomes(clone))[-1] == ("held", "fork")
    assert "terminal_forked" in await alarms(till)
    assert (await state(till, taken), await uses_left(till.pool, sold), await lost(till)) == ((2, 0, "closed"), 8, 0)
    await all_holds(till.pool)


async def test_a_request_that_came_late_and_the_reservation_are_one_effect(till: FakeTill, sold: str) -> None:
    """The grant has paid; what the till counts as used goes back when it gives the reservation up."""
    taken = await aside(till, sold, 2)
    request, body = wanted(till, sold)
    assert said(await till.ask(request)) == FINE, "its answer is lost"
    till.fact(replace(body, evidence=reserved(taken, request.request_id)))
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 0, "open"), 7)
    close(till, taken, 1)
    assert (await outcomes(till))[-1] == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((0, 2, "closed"), 9)
    await all_holds(till.pool)


@pytest.mark.parametrize("late_first", [True, False])
async def test_a_late_grant_and_the_last_use_end_it(till: FakeTill, sold: str, late_first: bool) -> None:
    taken = await aside(till, sold, 2)
    request, body = wanted(till, sold)
    assert said(await till.ask(request)) == FINE
    if not late_first:
        till.redeem(sold, reserved(taken))
    till.fact(replace(body, evidence=reserved(taken, request.request_id)))
    if late_first:
        till.redeem(sold, reserved(taken))
    assert (await outcomes(till))[-2:] == [FINE] * 2
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((1, 1, "closed"), 8)
    await all_holds(till.pool)


async def test_a_request_that_comes_after_its_fact_is_answered_with_it(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 2)
    request, body = wanted(till, sold)
    till.fact(replace(body, evidence=reserved(taken, request.request_id)))
    assert (await outcomes(till))[-1] == FINE
    assert said(await till.ask(request)) == FINE
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((1, 0, "open"), 8)
    await all_holds(till.pool)


async def test_uses_set_aside_and_the_pass_bought_anew(till: FakeTill, sold: str, owner: Any) -> None:
    """They were promised before: they are settled, and what is left of them is forfeited with the rest."""
    taken = await aside(till, sold, 4)
    owner.execute("UPDATE app.member_passes SET expires_at = %s WHERE pass_id = %s", [till.at, sold])
    till.at += timedelta(seconds=5)
    till.sell_pass(sold, stacked=True)
    till.redeem(sold, reserved(taken))
    close(till, taken, 1)
    assert (await outcomes(till))[-3:] == [FINE] * 3
    assert (await state(till, taken), await uses_left(till.pool, sold)) == ((1, 3, "closed"), 10)
    assert await value(till.pool, "SELECT forfeited FROM app.reservations") == 3
    await all_holds(till.pool)


# Money --------------------------------------------------------------------------------------------------------------


async def test_a_charge_from_what_was_set_aside_is_a_charge_like_any_other(till: FakeTill, card: str) -> None:
    taken = await aside(till, card, 6000, "card")
    assert await card_till.holds(till.pool) == {"principal": 6000}, "bonus goes first"
    paid = charge(till, card, reserved(taken), 2)
    result = (await till.push()).results[-1]
    assert (result.outcome, result.reason) == FINE
    assert await card_till.holds(till.pool) == {"principal": 6000, "points": 36}
    await all_holds(till.pool)
    tender = (
        "SELECT p.kind, p.amount_minor FROM app.payments AS p JOIN app.orders AS o USING (tx_id) WHERE o.order_id = %s"
    )
    assert await rows(till.pool, tender, paid.order_id) == [("card", 3600)]
    back = await till.ask(card_till.refund(result.tx_no, 3600))
    assert said(back) == FINE
    assert await card_till.holds(till.pool) == {"principal": 7600, "bonus": 2000}
    close(till, taken, 3600)
    assert (await outcomes(till))[-1] == FINE
    assert await card_till.holds(till.pool) == {"principal": 10000, "bonus": 2000}
    await all_holds(till.pool)


async def test_its_discount_is_the_one_of_when_it_was_set_aside(till: FakeTill, card: str) -> None:
    taken = await aside(till, card, 5000, "card")
    charge(till, card, reserved(taken), discount="0.950")
    charge(till, card, reserved(taken))
    assert (await outcomes(till))[-2:] == [("held", "arithmetic_wrong"), FINE]
    assert await state(till, taken) == (1800, 0, "open")
    await all_holds(till.pool)


async def test_a_charge_beyond_it_is_a_loss_by_name(till: FakeTill, card: str) -> None:
    taken = await aside(till, card, 2000, "card")
    paid = charge(till, card, reserved(taken), 2)
    close(till, taken, 0)
    assert (await outcomes(till))[-2:] == [FINE] * 2
    assert await rows(till.pool, "SELECT member_id::text, amount FROM app.offline_losses") == [(MEMBER, 3600)]
    assert await value(till.pool, "SELECT count(*) FROM app.orders WHERE order_id = %s", paid.order_id) == 1
    assert await card_till.holds(till.pool) == {"principal": 10000, "bonus": 2000}
    assert await alarms(till) == {"reservation_overspent", "offline_loss"}
    await all_holds(till.pool)


async def test_money_freed_at_risk_pays_while_it_is_there(till: FakeTill, card: str) -> None:
    taken = await aside(till, card, 12000, "card")
    await ask(till.pool, OPERATOR, release_at_risk, taken["reservation_id"], "the till is gone")
    for _ in range(4):
        charge(till, card, reserved(taken), 2)
    assert (await outcomes(till))[-4:] == [FINE] * 4
    assert (await lost(till), (await card_till.holds(till.pool))["principal"]) == (3600, 1200)
    await all_holds(till.pool)


async def test_a_charge_to_one_that_is_used_up_is_not_paid_by_the_balance(till: FakeTill, card: str) -> None:
    taken = await aside(till, card, 1800, "card")
    charge(till, card, reserved(taken))
    charge(till, card, reserved(taken), 5)
    assert (await outcomes(till))[-2:] == [FINE] * 2
    assert (await lost(till), (await card_till.holds(till.pool))["principal"]) == (9000, 10000)
    assert await alarms(till) == {"reservation_overspent", "offline_loss"}
    await all_holds(till.pool)


async def test_an_unknown_one_is_held_here_too_and_hq_can_post_it(till: FakeTill, card: str) -> None:
    await employ(till.pool)
    charge(till, card, Evidence("reserved", reservation_id=str(uuid4())))
    assert (await outcomes(till))[-1] == ("held", "reservation_unknown")
    fact_hash = facts.hash_fact(till.texts[-1].encode())
    done = await decide(till.pool, HQ, str(uuid4()), fact_hash, Decision("post", "it was handed over"), till.keys)
    assert done["outcome"] == "accepted", done
    await all_holds(till.pool)


# Who is told --------------------------------------------------------------------------------------------------------


async def fed(till: FakeTill) -> dict[str, dict[str, Any] | None]:
    page = await changes.page(till.pool, till.keys, till.identity, "")
    return {change.key: change.value for change in page.changes if change.table == "reservation"}


async def test_its_till_and_no_other_is_told_and_may_read(
    till: FakeTill, sold: str, second_till: FakeTill, card: str
) -> None:
    taken = await aside(till, sold, 3)
    money = await aside(till, card, 2500, "card")
    mine, theirs = await fed(till), await fed(second_till)
    assert {key: value["state"] for key, value in mine.items() if value} == {
        taken["reservation_id"]: "open",
        money["reservation_id"]: "open",
    }
    assert not any(theirs.values())
    one = mine[taken["reservation_id"]]
    assert one is not None
    assert (one["token"], one["amount"], one["used"], one["origin"]) == (taken["token"], 3, 0, "hq")
    code = decode_reservation(taken["token"], till.keys.verify, datetime.now(UTC), till.terminal_id)
    assert (code.member_id, code.source_id, code.plan_id, code.amount) == (MEMBER, sold, world.PLAN, 3)
    code = decode_reservation(money["token"], till.keys.verify, datetime.now(UTC), till.terminal_id)
    assert (code.card_type, code.currency, code.discount, code.amount) == ("personal", "CNY", "1.000", 2500)
    assert len(code.card_ref) == 8


async def test_a_recall_reaches_the_till_and_ends_by_its_fact(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 3)
    asked = await ask(till.pool, OPERATOR, recall, taken["reservation_id"])
    assert (asked["outcome"], asked["left"]) == ("accepted", 3)
    (row,) = (await fed(till)).values()
    assert row is not None
    assert row["state"] == "recalled"
    assert await state(till, taken) == (0, 0, "open"), "no clock and no wish ends it"
    close(till, taken, 0, "recalled")
    assert (await outcomes(till))[-1] == FINE
    (row,) = (await fed(till)).values()
    assert row is not None
    assert row["state"] == "closed"
    assert (await refused(till.pool, OPERATOR, recall, taken["reservation_id"]))[0] == "reservation_closed"


async def test_only_whose_it_is_and_the_operator_recall(till: FakeTill, sold: str) -> None:
    taken = await aside(till, sold, 3)
    assert (await refused(till.pool, OTHER_MEMBER_CLAIMS, recall, taken["reservation_id"]))[0] == "reservation_unknown"
    assert (await ask(till.pool, MEMBER_CLAIMS, recall, taken["reservation_id"]))["left"] == 3


async def test_whoever_is_refused_elsewhere_is_told_where_it_is_and_it_is_recalled(
    till: FakeTill, sold: str, second_till: FakeTill
) -> None:
    taken = await aside(till, sold, 10)
    body = second_till.redemption(sold, OWN)
    answer: ActionAnswer = await second_till.ask(second_till.request(body))
    assert said(answer) == ("refused", "uses_exhausted")
    (told,) = answer.data["reserved"]
    assert (told["terminal_code"], told["amount"]) == ("SZ1T01", 10)
    (row,) = (await fed(till)).values()
    assert row is not None
    assert row["state"] == "recalled"
    by = "SELECT recalled_by FROM app.reservations WHERE reservation_id = %s"
    assert await value(till.pool, by, taken["reservation_id"]) == "wanted_elsewhere"
    await all_holds(till.pool)


async def test_its_own_till_is_told_too_and_nothing_is_recalled(till: FakeTill, sold: str) -> None:
    await aside(till, sold, 10)
    request, _ = wanted(till, sold)
    answer = await till.ask(request)
    assert [each["terminal_code"] for each in answer.data["reserved"]] == ["SZ1T01"]
    assert await value(till.pool, "SELECT recalled_at FROM app.reservations") is None

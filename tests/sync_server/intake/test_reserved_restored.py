"""Reservations that a restored database has forgotten, and passes and members that were merged meanwhile."""

from __future__ import annotations

from uuid import uuid4

import pytest

from models.facts import Evidence
from sync_server.intake.held import Decision, decide
from tests.sync_server import card_till
from tests.sync_server.hq import HQ, employ
from tests.sync_server.intake.test_reserved_facts import alarms, aside, charge, close, fed, lost, reserved, state
from tests.sync_server.intake.test_restored import House, house, now
from tests.sync_server.till import OWN, FakeTill, all_holds, outcomes, rows, uses_left

__all__ = ["house"]

pytestmark = [pytest.mark.anyio, pytest.mark.req("C07")]
FINE = ("accepted", None)


async def post_all(till: FakeTill) -> None:
    """HQ posts what it holds, in the order in which it came."""
    await employ(till.pool)
    waiting = "SELECT encode(hash, 'hex') FROM app.facts WHERE outcome = 'held' ORDER BY seq"
    for (fact_hash,) in await rows(till.pool, waiting):
        done = await decide(till.pool, HQ, str(uuid4()), fact_hash, Decision("post", "handed over"), till.keys)
        assert done["outcome"] == "accepted", done


async def test_what_the_restore_forgot_waits_for_a_person_and_is_then_taken_from_what_is_free(house: House) -> None:
    """Within an epoch the overspend is zero; across one HQ hears of it and decides, and nothing is dropped."""
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    await house.save()
    taken = await aside(till, sold.pass_id, 6)
    await house.restore()
    assert await uses_left(till.pool, sold.pass_id) == 10, "nobody knows of it any more"
    second.at = now()
    for _ in range(6):
        second.redeem(sold.pass_id, OWN)
    assert {outcome for outcome, _ in await outcomes(second)} == {"already_known", "accepted"}
    till.at = now()
    for _ in range(2):
        till.redeem(sold.pass_id, reserved(taken), cups=3)
    close(till, taken, 6)
    assert await outcomes(till) == [("held", "reservation_unknown")] * 2 + [FINE]
    assert (await uses_left(till.pool, sold.pass_id), await lost(till)) == (4, 0)
    assert await alarms(till) >= {"held_reservation_unknown"}
    assert (
        await rows(till.pool, "SELECT (data ->> 'maybe_lost')::boolean FROM app.facts WHERE outcome = 'held'")
        == [(True,)] * 2
    )
    await post_all(till)
    assert (await uses_left(till.pool, sold.pass_id), await lost(till)) == (0, 2)
    assert "offline_loss" in await alarms(till)
    await all_holds(till.pool)


async def test_money_that_the_restore_forgot(house: House) -> None:
    till, _ = house.tills
    await card_till.credited(till, 5000)
    card = await card_till.card_of(till.pool)
    await house.save()
    taken = await aside(till, card, 4000, "card")
    await house.restore()
    till.at = now()
    charge(till, card, reserved(taken), 2)
    assert (await outcomes(till))[-1] == ("held", "reservation_unknown")
    assert (await card_till.holds(till.pool))["principal"] == 5000
    await post_all(till)
    assert (await lost(till), (await card_till.holds(till.pool))["principal"]) == (0, 1400)
    await all_holds(till.pool)


async def test_what_the_copy_knew_goes_on_as_it_was(house: House) -> None:
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    taken = await aside(till, sold.pass_id, 4)
    await house.save()
    till.at = now()
    till.redeem(sold.pass_id, reserved(taken))
    assert await outcomes(till) == [FINE]
    await house.restore()
    (row,) = (await fed(till)).values()
    assert row is not None
    assert (row["state"], row["used"]) == ("open", 0)
    close(till, taken, 1)
    assert await outcomes(till) == [FINE] * 2, "sent again, and what came since"
    assert (await state(till, taken), await uses_left(till.pool, sold.pass_id)) == ((1, 3, "closed"), 9)
    assert await alarms(till) <= {"epoch_began"}
    await all_holds(till.pool)


async def test_an_id_that_nobody_knows_moves_nothing_whatever_time_it_bears(house: House) -> None:
    """An id says when it was made, and anybody can write one: it is a hint for HQ, no more."""
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    await house.save()
    lost_at = int(now().timestamp() * 1000)
    await house.restore()
    till.at = now()
    forged = f"{lost_at >> 16:08x}-{lost_at & 0xFFFF:04x}-7000-8000-000000000001"
    for odd in (str(uuid4()), "01890000-0000-7000-8000-000000000001", forged):
        till.redeem(sold.pass_id, Evidence("reserved", reservation_id=odd), cups=3)
    assert await outcomes(till) == [("held", "reservation_unknown")] * 3
    assert (await uses_left(till.pool, sold.pass_id), await lost(till)) == (10, 0)
    told = "SELECT (data ->> 'maybe_lost')::boolean FROM app.facts WHERE outcome = 'held' ORDER BY seq"
    assert await rows(till.pool, told) == [(False,), (False,), (True,)]
    await all_holds(till.pool)


async def test_the_later_of_two_passes_that_were_merged_keeps_its_reservation(
    till: FakeTill, second_till: FakeTill
) -> None:
    """Both tills sold the same plan first; what is set aside under either id is of the one pass that stays."""
    first, later = till.sell_pass(), second_till.sell_pass()
    await till.push()
    await second_till.push()
    taken = await aside(second_till, later.pass_id, 12)
    assert await uses_left(till.pool, first.pass_id) == 8
    second_till.redeem(later.pass_id, reserved(taken), cups=2)
    close(second_till, taken, 2)
    assert (await outcomes(second_till))[-2:] == [FINE] * 2
    assert (await state(till, taken), await uses_left(till.pool, first.pass_id)) == ((2, 10, "closed"), 18)
    await all_holds(till.pool)

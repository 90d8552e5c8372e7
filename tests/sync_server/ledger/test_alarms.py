"""Alarms in the ledger: one open row for each terminal and kind, closed with a note, opened again by the next."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest

from sync_server.database.engine import Claims, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.ledger.alarms import close_alarm, note_door, see_alarm
from sync_server.reports import orders, risk
from sync_server.reports.risk import AlarmRow
from tests.sync_server import world
from tests.sync_server.hq import AUDITOR, HQ, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import NOBODY, OPERATOR, audited
from tests.sync_server.till import MEMBER, FakeTill, all_holds, rows

pytestmark = pytest.mark.anyio
NOTE = "spoke to the store"


async def listed(till: FakeTill, claims: Claims = HQ, closed: bool = False) -> tuple[AlarmRow, ...]:
    async with transaction(till.pool, claims) as connection:
        return await risk.alarms(connection, closed)


async def closing(till: FakeTill, claims: Claims, alarm_id: object, note: str = NOTE) -> str | None:
    async with transaction(till.pool, claims) as connection:
        code: str | None = (await close_alarm(connection, str(alarm_id), note)).get("code")
        return code


async def waiting(till: FakeTill) -> int:
    async with transaction(till.pool, HQ) as connection:
        return (await orders.waiting(connection))["alarms"]


async def used_slips(till: FakeTill, times: int) -> None:
    """So many facts with a slip number that was used before."""
    for _ in range(times):
        till.order(slips=("TP.SZ1T01.000001",))
    await till.push()


async def test_many_of_a_kind_are_one_alarm_that_counts(till: FakeTill) -> None:
    await employ(till.pool)
    till.order()
    await used_slips(till, 3)
    (alarm,) = await listed(till)
    assert (alarm.event, alarm.count, alarm.terminal_code, alarm.data["reason"]) == ("held", 3, "SZ1T01", "slip_used")
    assert alarm.reference is not None
    assert alarm.first_at <= alarm.last_at
    assert await listed(till, STRANGER) == ()
    await all_holds(till.pool)


async def test_what_happens_after_it_was_seen_waits_again(till: FakeTill) -> None:
    await employ(till.pool)
    till.order()
    await used_slips(till, 1)
    (alarm,) = await listed(till)
    async with transaction(till.pool, SUPPORT) as connection:
        assert await see_alarm(connection, str(alarm.alarm_id)) == {"outcome": "accepted"}
    assert await waiting(till) == 0
    await used_slips(till, 1)
    assert await waiting(till) == 1
    async with transaction(till.pool, SUPPORT) as connection:
        await see_alarm(connection, str(alarm.alarm_id))
    assert await waiting(till) == 0
    assert await audited(till.pool, "alarm_seen", str(alarm.alarm_id)) == 2


async def test_an_alarm_is_closed_with_a_note_and_the_next_opens_another(till: FakeTill) -> None:
    await employ(till.pool)
    till.order()
    await used_slips(till, 2)
    (alarm,) = await listed(till)
    assert await closing(till, AUDITOR, alarm.alarm_id) == "permission_missing"
    assert await closing(till, HQ, alarm.alarm_id, "x") == "reason_missing"
    assert await closing(till, OPERATOR, NOBODY) == "alarm_unknown"
    assert await closing(till, SUPPORT, alarm.alarm_id) is None
    assert await closing(till, HQ, alarm.alarm_id) == "alarm_closed"
    assert (await listed(till), await waiting(till)) == ((), 0)
    (closed,) = await listed(till, closed=True)
    assert (closed.note, closed.closed_name, closed.count) == (NOTE, "Support", 2)
    await used_slips(till, 1)
    (again,) = await listed(till)
    assert (again.count, again.alarm_id != alarm.alarm_id) == (1, True)
    assert await audited(till.pool, "alarm_closed", str(alarm.alarm_id)) == 1


async def test_one_principal_fills_no_list_whoever_he_is(till: FakeTill) -> None:
    """A key repeated with other contents: one row for each who does it; payments each stay one to be paid back."""
    await employ(till.pool)
    member = Claims(UUID(MEMBER), "member")
    for claims in (member, OPERATOR):
        for number in range(5):
            async with transaction(till.pool, claims) as connection:
                await connection.execute(
                    "SELECT app.user_recharge_personal_card(%s, %s, p_idempotency_key => 'the key')",
                    [NOBODY, number + 1],
                )
    for number in range(3):
        async with transaction(till.pool, OPERATOR) as connection:
            await connection.execute(
                "SELECT app.confirm_top_up(1::smallint, %s, %s, %s, %s)",
                [str(number), bytes(32), f"ZZ{number}", f"pay-{number}"],
            )
    found = Counter((row.event, row.count) for row in await listed(till))
    assert found == {("content_differs", 4): 2, ("payment_unmatched", 1): 3}


async def test_a_strangers_alarm_is_unknown_and_a_member_has_none(till: FakeTill) -> None:
    await employ(till.pool)
    till.order()
    await used_slips(till, 1)
    (alarm,) = await listed(till)
    assert await closing(till, STRANGER, alarm.alarm_id) == "alarm_unknown"
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        await closing(till, Claims(UUID(MEMBER), "member"), alarm.alarm_id)
    assert await closing(till, HQ, alarm.alarm_id) is None


async def test_a_gap_that_stays_opens_its_alarm_again(till: FakeTill) -> None:
    await employ(till.pool)
    for _ in range(4):
        till.order()
    for texts in (till.texts[2:], till.texts[2:], till.texts[3:]):
        assert (await till.push(texts)).gap
    (alarm,) = await listed(till)
    assert (alarm.event, alarm.count, alarm.data) == ("chain_gap", 3, {"known_seq": 0, "sent_seq": 4})
    assert await closing(till, HQ, alarm.alarm_id) is None
    assert (await till.push(till.texts[2:])).gap
    (again,) = await listed(till)
    assert (again.event, again.count) == ("chain_gap", 1)
    await till.push()
    await all_holds(till.pool)
    kept = await rows(till.pool, "SELECT data FROM audit.event_log WHERE event = 'chain_gap' ORDER BY recorded_at")
    assert kept == [({"count": 1, "known_seq": 0, "sent_seq": 3},)] * 2


async def test_only_the_program_speaks_for_the_door(till: FakeTill) -> None:
    for claims in (None, HQ, Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)])):
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            async with transaction(till.pool, claims) as connection:
                await note_door(connection, world.TERMINAL, "clock_skewed", 1, {})

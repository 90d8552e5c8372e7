"""Alarms in the ledger: one open row for each terminal and kind, closed with a note, opened again by the next."""

from __future__ import annotations

import pytest

from sync_server.database.engine import Claims, transaction
from sync_server.ledger.alarms import close_alarm, see_alarm
from sync_server.reports import orders, risk
from sync_server.reports.risk import AlarmRow
from tests.sync_server.hq import AUDITOR, HQ, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import NOBODY, OPERATOR, audited
from tests.sync_server.till import FakeTill, all_holds

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

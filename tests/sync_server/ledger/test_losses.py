"""Offline losses are owed by name until they are collected or written off; each act once, posted, audited."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts import Evidence, Refunded
from sync_server.database.engine import transaction
from sync_server.intake.held import Decision, decide
from sync_server.ledger.alarms import see_alarm
from sync_server.ledger.losses import collect_loss, write_off_loss
from sync_server.reports import orders, risk
from tests.sync_server import card_till, world
from tests.sync_server.hq import AUDITOR, FINANCE, HQ, OWNER, SECOND_FINANCE, STRANGER, SUPPORT, employ
from tests.sync_server.ledger.asking import (
    MEMBER_CLAIMS,
    NOBODY,
    OPERATOR,
    TERMINAL,
    accepted,
    ask,
    at_once,
    audited,
    denied,
    refused,
)
from tests.sync_server.till import OWN, FakeTill, all_holds, at_risk, balance, rows, set_policy, value

pytestmark = pytest.mark.anyio
WHY = "has moved away"


@pytest.fixture
async def loss(till: FakeTill) -> str:
    """Three uses that were not there, taken at risk by the first till; worth 1,500 each."""
    await employ(till.pool)
    await set_policy(till.pool, max_uses_per_operation=3)
    second = await FakeTill(till.pool, world.SECOND_TERMINAL, "SZ1T02", keys=till.keys).pair()
    sold = second.sell_pass()
    second.redeem(sold.pass_id, OWN, cups=10)
    await second.push()
    till.redeem(sold.pass_id, at_risk(till), cups=3)
    await till.push()
    return str(await value(till.pool, "SELECT loss_id FROM app.offline_losses"))


async def owed(till: FakeTill) -> list[tuple[Any, ...]]:
    """What the row says."""
    return await rows(till.pool, "SELECT amount, collected, written_off FROM app.offline_losses")


async def test_a_loss_has_a_member_a_till_and_a_value(till: FakeTill, loss: str) -> None:
    async with transaction(till.pool, HQ) as connection:
        (row,) = await risk.losses(connection)
        assert await risk.losses(connection, settled=True) == ()
        assert await risk.loss(connection, loss) == row
    assert (str(row.loss_id), row.terminal_code, row.member_no, row.amount, row.left) == (loss, "SZ1T01", "M0", 3, 3)
    assert (row.value_minor, row.currency, row.unit) == (4500, "CNY", f"use/{world.PLAN}")
    async with transaction(till.pool, STRANGER) as connection:
        assert await risk.losses(connection) == ()


async def test_it_is_collected_in_parts_with_the_money_in_the_books(till: FakeTill, loss: str) -> None:
    first = await accepted(till.pool, FINANCE, collect_loss, loss, 1, "bizum", 1500)
    assert (first["tx_no"][:2], first["left"]) == ("ZF", 2)
    await accepted(till.pool, HQ, collect_loss, loss, 2, "cash", 2500)
    assert await owed(till) == [(3, 3, 0)]
    assert (await balance(till.pool, "offline_loss"), await balance(till.pool, "loss_collected")) == (0, -4000)
    assert await balance(till.pool, "tender/bizum") == 1500
    kept = "SELECT kind, amount_minor FROM app.payments WHERE kind = 'bizum'"
    assert await rows(till.pool, kept) == [("bizum", 1500)]
    assert (await refused(till.pool, HQ, collect_loss, loss, 1, "cash", 1))[0] == "loss_settled"
    assert (await refused(till.pool, HQ, write_off_loss, loss, WHY))[0] == "loss_settled"
    states = "SELECT compensation FROM app.abnormal_transactions WHERE what = 'offline_loss'"
    assert await rows(till.pool, states) == [("collected",)]
    await all_holds(till.pool)


async def test_money_that_is_owed_is_collected_to_the_cent(till: FakeTill, loss: str) -> None:
    number = await card_till.credited(till)
    till.fact(_handed_out(till, number))
    await till.push()
    await decide(till.pool, HQ, "k", till.prev, Decision("write_off", WHY), till.keys)
    money = str(await value(till.pool, "SELECT loss_id FROM app.offline_losses WHERE unit = 'CNY'"))
    assert (await refused(till.pool, HQ, collect_loss, money, 20000, "cash", 19999))[0] == "amount_invalid"
    await accepted(till.pool, HQ, collect_loss, money, 15000, "cash", 15000)
    await accepted(till.pool, HQ, write_off_loss, money, WHY)
    settled = "SELECT amount, collected, written_off FROM app.offline_losses WHERE unit = 'CNY'"
    assert await rows(till.pool, settled) == [(20000, 15000, 5000)]
    await all_holds(till.pool)


def _handed_out(till: FakeTill, number: str) -> Any:
    return Refunded("0f000000-0000-7000-8000-000000000077", number, "top_up", 20000, 20000, "cash", "CNY", 0, "x",
                    (till.slip("VR"),), Evidence("online", "0f000000-0000-7000-8000-000000000078"))  # fmt: skip


async def test_a_role_that_may_writes_it_off_at_once(till: FakeTill, loss: str) -> None:
    found = await accepted(till.pool, OWNER, write_off_loss, loss, WHY)
    assert (found["status"], found["tx_no"][:2], await owed(till)) == ("written_off", "TZ", [(3, 0, 3)])
    assert await value(till.pool, "SELECT reason FROM app.transactions WHERE kind = 'loss_written_off'") == WHY
    assert (await balance(till.pool, "offline_loss"), await balance(till.pool, "written_off")) == (0, -3)
    await all_holds(till.pool)


async def test_finance_writes_off_by_two(till: FakeTill, loss: str) -> None:
    first = await accepted(till.pool, FINANCE, write_off_loss, loss, WHY)
    assert (first["status"], "tx_no" in first, await owed(till)) == ("proposed", False, [(3, 0, 0)])
    assert await audited(till.pool, "write_off_proposed", loss) == 1
    assert (await refused(till.pool, FINANCE, write_off_loss, loss, "again"))[0] == "same_person"
    found = await accepted(till.pool, SECOND_FINANCE, write_off_loss, loss, WHY)
    assert (found["status"], await owed(till)) == ("written_off", [(3, 0, 3)])
    said = "SELECT data ->> 'proposed_by' FROM audit.event_log WHERE event = 'posted.loss_written_off'"
    assert await value(till.pool, said) == str(FINANCE.principal_id)
    await all_holds(till.pool)


@pytest.mark.parametrize(
    ("amount", "tender", "paid", "code"),
    [
        (0, "cash", 1, "amount_invalid"),
        (4, "cash", 1, "amount_invalid"),
        (None, "cash", 1, "amount_invalid"),
        (1, "cash", 0, "amount_invalid"),
        (1, "cash", None, "amount_invalid"),
        (1, "cash", -1, "amount_invalid"),
        (-1, "cash", 1, "amount_invalid"),
        (1, "cash", 1501, "paid_too_much"),
        (3, "cash", 4501, "paid_too_much"),
        (1, "card", 1, "tender_unknown"),
        (1, None, 1, "tender_unknown"),
        (1, "cash", 100001, None),
    ],
)
async def test_what_cannot_be_collected(till: FakeTill, loss: str, amount: Any, tender: Any, paid: Any,
                                        code: str | None) -> None:  # fmt: skip
    found = await refused(till.pool, FINANCE, collect_loss, loss, amount, tender, paid)
    assert found[0] == (code or "permission_missing")
    assert await owed(till) == [(3, 0, 0)]


async def test_whose_business_it_is(till: FakeTill, loss: str) -> None:
    for claims in (SUPPORT, AUDITOR):
        assert (await refused(till.pool, claims, collect_loss, loss, 1, "cash", 1))[0] == "permission_missing"
        assert (await refused(till.pool, claims, write_off_loss, loss, WHY))[0] == "permission_missing"
    for nobody in (None, STRANGER, TERMINAL, MEMBER_CLAIMS):
        await denied(till.pool, nobody, collect_loss, loss, 1, "cash", 1)
        await denied(till.pool, nobody, write_off_loss, loss, WHY)
    assert (await refused(till.pool, HQ, write_off_loss, loss, ""))[0] == "reason_missing"
    assert (await refused(till.pool, OPERATOR, write_off_loss, NOBODY, WHY))[0] == "loss_unknown"


async def test_several_at_once_settle_it_once(till: FakeTill, loss: str) -> None:
    said = await at_once(
        *(ask(till.pool, HQ, collect_loss, loss, 3, "cash", 4500) for _ in range(2)),
        *(ask(till.pool, OWNER, write_off_loss, loss, WHY) for _ in range(2)),
    )
    assert sorted(one["outcome"] for one in said) == ["accepted"] + ["refused"] * 3
    assert {one.get("code") for one in said} == {None, "loss_settled"}
    await all_holds(till.pool)


# Alarms ---------------------------------------------------------------------------------------------------------------


async def test_an_alarm_is_seen_by_name_and_stays(till: FakeTill, loss: str) -> None:
    async with transaction(till.pool, HQ) as connection:
        (alarm,) = await risk.alarms(connection)
        assert (alarm.event, alarm.terminal_code, alarm.seen) == ("offline_loss", "SZ1T01", ())
        assert (await orders.waiting(connection))["alarms"] == 1
        for claims in (SUPPORT, SUPPORT, OWNER):
            async with transaction(till.pool, claims) as other:
                assert await see_alarm(other, str(alarm.alarm_id)) == {"outcome": "accepted"}
    async with transaction(till.pool, HQ) as connection:
        (alarm,) = await risk.alarms(connection)
        assert [name for name, _ in alarm.seen] == ["Support", "Owner"]
        assert (await orders.waiting(connection))["alarms"] == 0
    assert await audited(till.pool, "alarm_seen", str(alarm.alarm_id)) == 2
    async with transaction(till.pool, AUDITOR) as connection:
        assert (await see_alarm(connection, str(alarm.alarm_id)))["code"] == "permission_missing"
    async with transaction(till.pool, OPERATOR) as connection:
        assert (await see_alarm(connection, NOBODY))["code"] == "alarm_unknown"
    async with transaction(till.pool, STRANGER) as connection:
        assert await risk.alarms(connection) == ()

"""Money into a card: at a till at once, otherwise when its payment is confirmed; each top-up is a lot of its own."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

import pytest
from psycopg import errors

from sync_server.database.engine import Claims, open_pool, retrying, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from sync_server.ledger.top_ups import cancel_top_up, confirm_top_up, refund_own_top_up
from sync_server.ledger.units import Act
from sync_server.reports import invariants
from tests.sync_server import world
from tests.sync_server.ledger.asking import act, ask
from tests.sync_server.ledger.cards import (
    ADMIN,
    Desk,
    all_fits,
    card_of,
    enterprise_card,
    fund,
    held,
    lots,
    many,
    moved,
    new_id,
    one,
    set_clock,
)
from tests.sync_server.till import MEMBER, as_owner

Plain = dict[str, Any]
PAYMENTS = Claims(UUID(ADMIN), "platform")


@pytest.mark.req("R034", "R071")
def test_a_top_up_at_a_till_answers_moves_and_records(desk: Desk) -> None:
    rule, top_up_id = desk.rule(500, bonus_rate="0.0333"), new_id()
    tenders = [
        {"kind": "cash", "amount_minor": 4000, "received_minor": 5000},
        {"kind": "bank_card", "amount_minor": 6050, "received_minor": 6050},
    ]
    found = desk.top_up(10050, 835, top_up_id=top_up_id, bonus_rule_id=rule, tenders=tenders)  # 500 + 334.665
    assert found == {
        "tx_id": found["tx_id"], "tx_no": "CZ00100000001", "card_id": card_of(desk.owner), "member_id": MEMBER,
        "balance_minor": 10885,
    }  # fmt: skip
    assert moved(desk.owner, found["tx_no"]) == {
        "card/principal/CNY": 10050, "card/bonus/CNY": 835, "store/issued/CNY": -10885,
        "store/stored_value/CNY": -10050, "store/tender/cash/CNY": 4000, "store/tender/bank_card/CNY": 6050,
    }  # fmt: skip
    assert one(
        desk.owner,
        "SELECT t.amount_minor, t.bonus_minor, t.bonus_rule_id::text, t.method, t.status, l.lot_id::text, l.origin,"
        " l.tx_no FROM app.card_top_ups t JOIN app.card_lots l ON l.lot_id = t.top_up_id",
    ) == (10050, 835, rule, "mixed", "paid", top_up_id, "top_up", found["tx_no"])
    assert many(desk.owner, "SELECT kind, amount_minor, received_minor FROM app.payments ORDER BY line_no") == [
        ("cash", 4000, 5000), ("bank_card", 6050, 6050),
    ]  # fmt: skip
    assert one(desk.owner, "SELECT currency FROM app.cards WHERE member_id = %s", MEMBER) == ("CNY",)
    assert one(desk.owner, "SELECT merchant_id::text FROM app.change_log WHERE key = %s", MEMBER) == (world.MERCHANT,)
    assert desk.top_up(100)["balance_minor"] == 10985
    assert lots(desk.owner) == [(10050, 835, 10050, 835), (100, 0, 100, 0)]
    all_fits(desk.owner)


REFUSALS: list[tuple[Plain, Plain]] = [
    ({"amount_minor": 0}, {"code": "amount_invalid", "data": {"amount": 0}}),
    ({"amount_minor": -5}, {"code": "amount_invalid", "data": {"amount": -5}}),
    ({"amount_minor": 10**12 + 1}, {"code": "amount_invalid", "data": {"amount": 10**12 + 1}}),
    ({"currency": "EUR"}, {"code": "currency_mismatch", "data": {"currency": "EUR"}}),
    ({"currency": None}, {"code": "card_currency_unset", "data": {}}),
    ({"member_id": new_id()}, {"code": "member_unknown", "data": {}}),
    ({"card_id": new_id()}, {"code": "card_unknown", "data": {}}),
    ({"bonus_minor": 1}, {"code": "bonus_differs", "data": {"bonus_minor": 0}}),
    ({"bonus_minor": None}, {"code": "bonus_differs", "data": {"bonus_minor": 0}}),
    ({"bonus_rule_id": new_id(), "bonus_minor": 5}, {"code": "bonus_differs", "data": {"bonus_minor": 0}}),
]


@pytest.mark.req("R034")
@pytest.mark.parametrize(("changes", "expected"), REFUSALS)
def test_what_is_refused_moves_nothing(desk: Desk, changes: Plain, expected: Plain) -> None:
    for _ in range(2):
        assert desk.top_up(1000, **changes) == expected
    assert many(desk.owner, "SELECT 1 FROM app.transactions") == []
    assert lots(desk.owner) == []
    assert one(desk.owner, "SELECT currency FROM app.cards WHERE member_id = %s", MEMBER) == (None,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE app.cards SET status = 'frozen'", "card_inactive"),
        ("UPDATE app.cards SET status = 'closed'", "card_inactive"),
        ("UPDATE app.cards SET status = 'expired'", "card_expired"),
        ("UPDATE app.cards SET expires_at = '2020-01-01'", "card_expired"),
        ("UPDATE app.cards SET currency = 'EUR'", "currency_mismatch"),
        ("UPDATE app.members SET status = 'blocked'", "member_inactive"),
    ],
)
def test_a_card_that_takes_no_money(desk: Desk, change: str, code: str) -> None:
    desk.owner.execute(change.encode())
    assert desk.top_up(1000)["code"] == code


@pytest.mark.req("R031")
def test_a_till_tops_an_enterprise_card_up_for_its_admin_alone(desk: Desk) -> None:
    card = enterprise_card(desk.owner)
    bind: LiteralString = "INSERT INTO app.enterprise_card_bindings VALUES (1, %s, %s, %s, now())"
    assert desk.top_up(1000, card_id=card) == {"code": "not_admin", "data": {}}
    desk.owner.execute(bind, [card, MEMBER, "member"])
    assert desk.top_up(1000, card_id=card) == {"code": "not_admin", "data": {}}
    desk.owner.execute("UPDATE app.enterprise_card_bindings SET role = 'admin'")
    assert desk.top_up(1000, 100, card_id=card) == {"code": "bonus_differs", "data": {"bonus_minor": 0}}
    found = desk.top_up(1000, card_id=card)
    assert (found["card_id"], found["member_id"], found["balance_minor"]) == (card, None, 1000)
    assert desk.top_up(500, card_id=card)["balance_minor"] == 1500
    assert (held(desk.owner, card), held(desk.owner)) == ({"principal": 1500}, {})
    all_fits(desk.owner)


def test_an_id_of_a_top_up_is_used_once(desk: Desk) -> None:
    top_up_id = new_id()
    desk.top_up(1000, top_up_id=top_up_id)
    found = desk.top_up(1000, top_up_id=top_up_id)
    assert found == {"code": "content_differs", "data": {"top_up_id": top_up_id}}


def test_tenders_that_do_not_sum_up_are_a_bug_not_money(desk: Desk) -> None:
    with pytest.raises(Exception, match="do not sum to zero"):
        desk.top_up(1000, tenders=[{"kind": "cash", "amount_minor": 999, "received_minor": 999}])
    assert lots(desk.owner) == []


def test_the_bonus_that_a_slip_promised_stands_if_its_rule_ruled_then(desk: Desk) -> None:
    start, day = desk.at, timedelta(days=1)
    ended = desk.rule(5, starts_at=start - day, ends_at=start + timedelta(minutes=1))
    desk.rule(7)
    assert desk.top_up(1000, 5, bonus_rule_id=ended)["balance_minor"] == 1005
    desk.at = start + timedelta(minutes=1)
    assert desk.top_up(1000, 5, bonus_rule_id=ended)["code"] == "bonus_differs"
    desk.at = start - day - timedelta(microseconds=1)
    assert desk.top_up(1000, 5, bonus_rule_id=ended)["code"] == "bonus_differs"


@pytest.mark.parametrize(
    "changes",
    [{"currency": "EUR"}, {"merchant_id": world.OTHER_MERCHANT}, {"min_amount_minor": 1001}, {"bonus_minor": 4}],
)
def test_a_rule_of_something_else_promises_nothing(desk: Desk, changes: Plain) -> None:
    found = desk.top_up(1000, 5, bonus_rule_id=desk.rule(5, **changes))
    assert (found["code"], found["data"]["bonus_minor"] in (0, 4)) == ("bonus_differs", True)


# Top-ups that wait ------------------------------------------------------------------------------------------------


def asked(desk: Desk, amount: int = 5000, **changes: Any) -> Plain:
    """A member's own recharge, from a phone."""
    office = Desk(desk.owner, terminal=None, merchant=None, store=None, currency=None)
    effect = {"top_up_id": new_id(), "card_id": card_of(desk.owner), "amount_minor": amount, "currency": "CNY",
              "method": "wechat"}  # fmt: skip
    return office.call("request_top_up", effect | changes)


def office(database: DatabaseUrls, *acts: tuple[Callable[..., Awaitable[Plain]], str, str, str],
           claims: Claims | None = PAYMENTS) -> list[Plain]:  # fmt: skip
    """Call doors as the payment service: (door, key, number, payment or reason)."""

    async def run() -> list[Plain]:
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            found = []
            for door, key, tx_no, what in acts:

                async def once(door: Any = door, key: str = key, tx_no: str = tx_no, what: str = what) -> Plain:
                    act = Act(key, hashlib.sha256(f"{tx_no} {what}".encode()).digest())
                    async with transaction(pool, claims) as connection:
                        said: Plain = await door(connection, act, tx_no, what)
                        return said

                found.append(await retrying(once))
            return found

    return asyncio.run(run())


DOORS: list[tuple[LiteralString, list[Any]]] = [
    ("SELECT app.confirm_top_up(%s::smallint, %s, %s, %s, 'pay-1')", []),
    ("SELECT app.cancel_top_up(%s::smallint, %s, %s, %s, 'not paid')", []),
    ("SELECT app.refund_own_top_up(%s::smallint, %s, %s, %s, %s::bigint, 'by mistake')", [1]),
]


def test_what_is_no_key_or_no_ledger_leaves_nothing(desk: Desk, database: DatabaseUrls) -> None:
    tx_no = asked(desk)["tx_no"]
    written: LiteralString = (
        "SELECT (SELECT count(*) FROM app.idempotency_registry), (SELECT count(*) FROM audit.event_log),"
        " (SELECT count(*) FROM app.unmatched_payments), (SELECT string_agg(status, ',') FROM app.card_top_ups)"
    )
    before = one(desk.owner, written)

    async def run() -> None:
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            for door, rest in DOORS:
                for key in (None, "", "k" * 201):
                    async with transaction(pool, PAYMENTS) as connection:
                        row = await (await connection.execute(door, [1, key, b"h", tx_no, *rest])).fetchone()
                    assert row is not None
                    assert row[0] == {"outcome": "refused", "code": "request_malformed", "data": {"field": "key"}}
                for ledger in (None, 0, 99):
                    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
                        async with transaction(pool, PAYMENTS) as connection:
                            await connection.execute(door, [ledger, "k", b"h", tx_no, *rest])

    asyncio.run(run())
    assert one(desk.owner, written) == before


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("x" * 201, "request_malformed")])
def test_a_top_up_is_given_up_for_a_reason(desk: Desk, database: DatabaseUrls, reason: str, code: str) -> None:
    (said,) = office(database, (cancel_top_up, "k", asked(desk)["tx_no"], reason))
    assert (said["outcome"], said["code"]) == ("refused", code)
    assert one(desk.owner, "SELECT status FROM app.card_top_ups") == ("pending",)


@pytest.mark.req("R034", "R066", "R071")
def test_a_top_up_waits_until_its_payment_confirms_it(desk: Desk, database: DatabaseUrls) -> None:
    pending = asked(desk, reason="topup", tag={"from": "phone"})
    assert pending == {
        "tx_id": pending["tx_id"], "tx_no": "CZ00100000001", "card_id": card_of(desk.owner), "amount_minor": 5000,
        "bonus_minor": 0, "currency": "CNY", "status": "pending",
    }  # fmt: skip
    assert (held(desk.owner), lots(desk.owner), moved(desk.owner, pending["tx_no"])) == ({}, [], {})
    assert one(desk.owner, "SELECT status, reason, tag FROM app.transactions") == (
        "pending",
        "topup",
        {"from": "phone"},
    )
    assert desk.charge(1)["code"] == "balance_insufficient"
    (paid,) = office(database, (confirm_top_up, "k", pending["tx_no"], "pay-1"))
    assert paid == {
        "outcome": "accepted", "tx_id": pending["tx_id"], "tx_no": pending["tx_no"], "card_id": pending["card_id"],
        "amount_minor": 5000, "bonus_minor": 0,
    }  # fmt: skip
    assert moved(desk.owner, pending["tx_no"]) == {
        "card/principal/CNY": 5000, "operator/issued/CNY": -5000, "operator/stored_value/CNY": -5000,
        "operator/tender/wechat/CNY": 5000,
    }  # fmt: skip
    assert one(desk.owner, "SELECT status FROM app.transactions") == ("completed",)
    assert one(desk.owner, "SELECT status, payment_ref, paid_at IS NOT NULL FROM app.card_top_ups") == (
        "paid",
        "pay-1",
        True,
    )
    assert desk.charge(5000)["balance_minor"] == 0
    all_fits(desk.owner)


def _digest(text: str) -> str:
    """A text as the sealed audit names it."""
    return "sha256/" + hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.req("R036")
def test_a_payment_pays_once(desk: Desk, database: DatabaseUrls) -> None:
    first, second = asked(desk)["tx_no"], asked(desk)["tx_no"]
    said = office(
        database,
        (confirm_top_up, "k1", first, "pay-1"),
        (confirm_top_up, "k1", first, "pay-1"),  # the same call
        (confirm_top_up, "k2", first, "pay-1"),  # the gateway tells it once more
        (confirm_top_up, "k3", second, "pay-1"),
        (confirm_top_up, "k3", second, "pay-1"),
        (confirm_top_up, "k4", first, "pay-2"),
        (confirm_top_up, "k1", second, "pay-2"),  # the first call's key
        (confirm_top_up, "k5", "CZ00199999999", "pay-3"),
    )
    assert said[0] == said[1] == said[2]
    differs: Plain = {"outcome": "refused", "code": "content_differs", "data": {"tx_no": first}}
    assert said[3] == said[4] == differs
    assert said[5] == {"outcome": "refused", "code": "top_up_not_pending", "data": {"status": "paid"}}
    assert said[6] == differs | {"data": {}}
    assert said[7] == {"outcome": "refused", "code": "transaction_unknown", "data": {"tx_no": "CZ00199999999"}}
    assert held(desk.owner) == {"principal": 5000}
    alarms = many(
        desk.owner, "SELECT event, subject FROM audit.event_log WHERE severity = 'alarm' ORDER BY recorded_at"
    )
    assert alarms == [
        ("content_differs", second), ("payment_unmatched", _digest("pay-2")), ("content_differs", _digest("k1")),
        ("payment_unmatched", _digest("pay-3")),
    ]  # fmt: skip
    all_fits(desk.owner)


@pytest.mark.parametrize("wrong", [None, "", " ", " \t\n\u3000\u00a0", "x" * 201])
def test_a_payment_has_a_number(desk: Desk, database: DatabaseUrls, wrong: str) -> None:
    """Without one, nobody would know it again."""
    tx_no = asked(desk)["tx_no"]
    malformed = {"outcome": "refused", "code": "request_malformed", "data": {"field": "payment_ref"}}
    assert (
        office(database, (confirm_top_up, "k1", tx_no, wrong), (confirm_top_up, "k2", tx_no, wrong)) == [malformed] * 2
    )
    assert held(desk.owner) == {}
    paid = office(database, (confirm_top_up, "k3", tx_no, "p" * 200), (confirm_top_up, "k4", tx_no, f" {'p' * 200}\n"))
    assert [said["outcome"] for said in paid] == ["accepted", "accepted"], "one payment, however it is written"
    assert one(desk.owner, "SELECT payment_ref FROM app.card_top_ups") == ("p" * 200,)
    assert held(desk.owner) == {"principal": 5000}


def test_what_is_paid_was_paid_at_a_till_or_by_a_payment(desk: Desk) -> None:
    asked(desk)
    with pytest.raises(errors.CheckViolation):
        desk.owner.execute("UPDATE app.card_top_ups SET status = 'paid', paid_at = now()")


@pytest.mark.req("R036")
def test_keys_of_two_principals_are_two(desk: Desk, database: DatabaseUrls) -> None:
    first, second = asked(desk)["tx_no"], asked(desk)["tx_no"]
    other = Claims(UUID(new_id()), "platform")
    assert office(database, (confirm_top_up, "k", first, "pay-1"))[0]["tx_no"] == first
    assert office(database, (confirm_top_up, "k", second, "pay-2"), claims=other)[0]["tx_no"] == second
    assert held(desk.owner) == {"principal": 10000}


def test_two_confirmations_at_once(desk: Desk, database: DatabaseUrls) -> None:
    """One payment for two top-ups, and one top-up twice: in each race one is credited."""
    first, second = asked(desk)["tx_no"], asked(desk)["tx_no"]
    said: list[str] = []

    def confirm(key: str, tx_no: str, payment: str) -> None:
        (answer,) = office(database, (confirm_top_up, key, tx_no, payment))
        said.append(str(answer.get("code", answer["outcome"])))

    for calls in ([("a", first, "p"), ("b", second, "p")], [("c", first, "q"), ("c", first, "q")]):
        threads = [threading.Thread(target=confirm, args=call) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(said[:2]) == ["accepted", "content_differs"]
    assert len(set(said[2:])) == 1
    assert sum(held(desk.owner).values()) in (5000, 10000)
    all_fits(desk.owner)


def test_a_cancelled_top_up_is_never_paid(desk: Desk, database: DatabaseUrls) -> None:
    tx_no = asked(desk)["tx_no"]
    said = office(
        database,
        (cancel_top_up, "k1", tx_no, "expired"),
        (cancel_top_up, "k1", tx_no, "expired"),
        (cancel_top_up, "k2", tx_no, "expired"),
        (confirm_top_up, "k3", tx_no, "pay-1"),
        (confirm_top_up, "k3", tx_no, "pay-1"),
        (cancel_top_up, "k4", "CZ1", "expired"),
        (cancel_top_up, "k1", tx_no, "other"),
    )
    not_pending = {"outcome": "refused", "code": "top_up_not_pending", "data": {"status": "cancelled"}}
    assert said[0] == said[1] == {"outcome": "accepted", "tx_no": tx_no, "status": "cancelled"}
    assert said[2:5] == [not_pending] * 3
    assert [answer["code"] for answer in said[5:]] == ["transaction_unknown", "content_differs"]
    assert one(desk.owner, "SELECT status FROM app.transactions") == ("cancelled",)
    assert held(desk.owner) == {}
    assert desk.refund(tx_no, 100)["code"] in ("transaction_unknown", "refund_not_allowed")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("status = 'frozen'", None),
        ("status = 'expired'", None),
        ("status = 'closed'", "card_inactive"),
        ("currency = 'EUR'", "currency_mismatch"),
    ],
)
def test_what_was_paid_is_credited_unless_it_cannot_be(
    desk: Desk, database: DatabaseUrls, change: str, code: str | None
) -> None:
    tx_no = asked(desk)["tx_no"]
    desk.owner.execute(f"UPDATE app.cards SET {change}".encode())
    (said,) = office(database, (confirm_top_up, "k", tx_no, "pay-1"))
    assert said.get("code") == code
    assert held(desk.owner) == ({} if code else {"principal": 5000})
    assert unmatched(desk) == ([(tx_no, "pay-1", 5000, "CNY", code, "open")] if code else [])


UNMATCHED: LiteralString = (
    "SELECT tx_no, reference, amount, unit, reason, compensation FROM app.abnormal_transactions"
    " WHERE what = 'payment_unmatched' ORDER BY recorded_at, reference"
)


def unmatched(desk: Desk) -> list[tuple[Any, ...]]:
    """Payments that no card was credited with, as a person on duty sees them."""
    return many(desk.owner, UNMATCHED)


@pytest.mark.req("R083")
def test_a_payment_that_cannot_be_credited_is_no_secret(desk: Desk, database: DatabaseUrls) -> None:
    cancelled, twice = asked(desk)["tx_no"], asked(desk, 700)["tx_no"]
    office(
        database,
        (cancel_top_up, "k1", cancelled, "expired"),
        (confirm_top_up, "k2", cancelled, "pay-1"),
        (confirm_top_up, "k3", cancelled, "pay-1"),  # the gateway tells it once more
        (confirm_top_up, "k4", twice, "pay-2"),
        (confirm_top_up, "k5", twice, "pay-3"),
        (confirm_top_up, "k6", "CZ00199999999", "pay-4"),
    )
    assert unmatched(desk) == [
        (cancelled, "pay-1", 5000, "CNY", "top_up_not_pending", "open"),
        (twice, "pay-3", 700, "CNY", "top_up_not_pending", "open"),
        ("CZ00199999999", "pay-4", None, None, "transaction_unknown", "open"),
    ]
    alarms = "SELECT data FROM audit.event_log WHERE event = 'payment_unmatched' ORDER BY recorded_at"
    assert [data["amount_minor"] for (data,) in many(desk.owner, alarms)] == [5000, 700, None], "one alarm each"
    assert held(desk.owner) == {"principal": 700}


def test_who_confirmed_a_payment_and_when_is_what_the_books_say(desk: Desk, database: DatabaseUrls) -> None:
    """Asked for three days ago, paid today: today's money, and the act of whoever confirmed it."""
    phone = Desk(desk.owner, terminal=None, merchant=None, store=None, currency=None)
    phone.at -= timedelta(days=3)
    then = phone.at
    effect = {"top_up_id": new_id(), "card_id": card_of(desk.owner), "amount_minor": 5000, "currency": "CNY",
              "method": "wechat"}  # fmt: skip
    tx_no = phone.call("request_top_up", effect)["tx_no"]
    other = Claims(UUID(new_id()), "platform")
    office(database, (confirm_top_up, "k", tx_no, "pay-1"), claims=other)
    audit = "SELECT principal_id FROM audit.event_log WHERE event = 'posted.topped_up'"
    assert one(desk.owner, audit) == (other.principal_id,)
    kept = "SELECT t.principal_id::text, u.happened_at, u.confirmed_by, t.happened_at = u.paid_at"
    kept += " FROM app.transactions t JOIN app.card_top_ups u USING (tx_no)"
    assert one(desk.owner, kept) == (ADMIN, then, other.principal_id, True)
    assert many(desk.owner, "SELECT merchant_id, kind, amount_minor FROM app.payments") == [(None, "wechat", 5000)]
    (paid_on,) = one(desk.owner, "SELECT (paid_at AT TIME ZONE 'UTC')::date FROM app.card_top_ups")
    takings = "SELECT day, store_id, tender, taken_minor, recorded_minor, agrees FROM app.reconciliation"
    assert many(desk.owner, takings) == [(paid_on, None, "wechat", 5000, 5000, True)]

    async def verify() -> None:
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            found = await invariants.check(pool)
            assert found["8"].state != "broken", found["8"].details

    asyncio.run(verify())


# Given back by the operator ---------------------------------------------------------------------------------------


def topped_up(desk: Desk, database: DatabaseUrls, card: str | None = None, amount: int = 10000) -> str:
    """A top-up that was asked for at no merchant, and paid; its number."""
    tx_no = str(asked(desk, amount, **({} if card is None else {"card_id": card}))["tx_no"])
    office(database, (confirm_top_up, new_id(), tx_no, new_id()))
    return tx_no


def give_back(
    database: DatabaseUrls,
    tx_no: str,
    amount: int | None,
    key: str | None = None,
    reason: str = "by mistake",
    claims: Claims | None = PAYMENTS,
    content: object = "content",
) -> Plain:
    """Call the door that gives it back."""

    async def run() -> Plain:
        async with open_pool(database.app, min_size=1, max_size=1) as pool:
            values: list[Any] = [tx_no, amount, reason]
            return await ask(pool, claims, refund_own_top_up, *values, act=act(key, content))

    return asyncio.run(run())


@pytest.mark.req("R070")
def test_a_top_up_from_a_phone_goes_back_the_way_it_was_paid(desk: Desk, database: DatabaseUrls) -> None:
    tx_no, key = topped_up(desk, database), new_id()
    desk.charge(2500)
    assert desk.refund(tx_no, 3000)["code"] == "transaction_unknown", "a merchant's till has no say in it"
    first = give_back(database, tx_no, 3000, key)
    assert first == {
        "outcome": "accepted", "tx_id": first["tx_id"], "tx_no": first["tx_no"], "kind": "top_up", "amount_minor": 3000,
        "bonus_minor": 0, "principal_minor": 0, "cash_minor": 3000, "uncollected_minor": 0, "points_taken_back": 0,
        "balance_minor": 4500, "card_id": card_of(desk.owner), "member_id": MEMBER,
    }  # fmt: skip
    assert moved(desk.owner, first["tx_no"]) == {
        "card/principal/CNY": -3000, "operator/issued/CNY": 3000, "operator/stored_value/CNY": 3000,
        "operator/tender/wechat/CNY": -3000,
    }  # fmt: skip
    assert give_back(database, tx_no, 3000, key) == first, "once for its key"
    differs = give_back(database, tx_no, 3001, key, content="other")
    assert (differs["outcome"], differs["code"]) == ("refused", "content_differs")
    assert give_back(database, tx_no, 4501)["data"] == {"left_minor": 4500, "amount_minor": 4501}
    assert give_back(database, tx_no, 4500)["balance_minor"] == 0
    assert give_back(database, tx_no, 1)["code"] == "refund_exceeds"
    assert held(desk.owner)["points"] == 25
    payments = many(
        desk.owner, "SELECT merchant_id, kind, amount_minor FROM app.payments WHERE kind <> 'card' ORDER BY 3"
    )
    assert payments == [(None, "wechat", -4500), (None, "wechat", -3000), (None, "wechat", 10000)]
    assert many(desk.owner, "SELECT agrees, net_minor FROM app.reconciliation WHERE tender = 'wechat'") == [
        (True, 2500)
    ]
    all_fits(desk.owner)


def test_a_companys_top_up_goes_back(desk: Desk, database: DatabaseUrls) -> None:
    card = enterprise_card(desk.owner)
    tx_no = fund(desk, card)
    said = give_back(database, tx_no, 10000)
    assert (said["cash_minor"], said["balance_minor"], said["member_id"]) == (10000, 0, None)
    assert held(desk.owner, card) == {}
    all_fits(desk.owner)


def test_bonus_of_what_is_given_back_is_clawed_back(desk: Desk, database: DatabaseUrls) -> None:
    """60.00 of 100.00 left and none of 20.00 of bonus: the bonus of what goes back is kept from it."""
    tx_no = topped_up(desk, database)
    desk.owner.execute("UPDATE app.card_lots SET bonus_granted = 2000")
    desk.charge(4000)
    said = give_back(database, tx_no, 6000)
    assert (said["bonus_minor"], said["principal_minor"], said["cash_minor"]) == (0, 1200, 4800)
    assert moved(desk.owner, said["tx_no"]) == {
        "card/principal/CNY": -6000, "operator/issued/CNY": 4800, "operator/forfeited/CNY": 1200,
        "operator/stored_value/CNY": 4800, "operator/tender/wechat/CNY": -4800,
    }  # fmt: skip
    all_fits(desk.owner)


def test_what_the_operator_cannot_give_back(desk: Desk, database: DatabaseUrls) -> None:
    tx_no, shops = topped_up(desk, database), desk.top_up(1000)["tx_no"]
    pending = asked(desk)["tx_no"]
    before = one(desk.owner, "SELECT count(*) FROM app.entries")
    refusals = [
        (give_back(database, shops, 1), "transaction_unknown"),
        (give_back(database, "CZ1", 1), "transaction_unknown"),
        (give_back(database, pending, 1), "refund_not_allowed"),
        (give_back(database, tx_no, 0), "amount_invalid"),
        (give_back(database, tx_no, None), "amount_invalid"),
        (give_back(database, tx_no, -1), "amount_invalid"),
        (give_back(database, tx_no, 1, reason=" "), "reason_missing"),
        (give_back(database, tx_no, 1, reason="x" * 201), "request_malformed"),
    ]
    assert [said["code"] for said, _ in refusals] == [code for _, code in refusals]
    desk.owner.execute("UPDATE app.cards SET status = 'frozen'")
    assert give_back(database, tx_no, 1)["code"] == "card_inactive"
    assert one(desk.owner, "SELECT count(*) FROM app.entries") == before


@pytest.mark.parametrize(
    "claims",
    [None, Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)]), Claims(UUID(MEMBER), "member"),
     Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)]), Claims(None, "platform")],
)  # fmt: skip
def test_only_the_operator_gives_it_back(desk: Desk, database: DatabaseUrls, claims: Claims | None) -> None:
    tx_no = topped_up(desk, database)
    with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
        give_back(database, tx_no, 1, claims=claims)
    assert held(desk.owner) == {"principal": 10000}


def test_one_top_up_is_given_back_once_by_many_at_once(desk: Desk, database: DatabaseUrls) -> None:
    tx_no, said = topped_up(desk, database), []
    threads = [threading.Thread(target=lambda: said.append(give_back(database, tx_no, 4000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(answer.get("code")) for answer in said) == ["None", "None", "refund_exceeds", "refund_exceeds"]
    assert held(desk.owner) == {"principal": 2000}
    all_fits(desk.owner)


@pytest.mark.parametrize("claims", [None, Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)]),
                                    Claims(UUID(MEMBER), "member"), Claims(None, "platform")])  # fmt: skip
def test_only_the_payment_service_confirms(desk: Desk, database: DatabaseUrls, claims: Claims | None) -> None:
    tx_no = asked(desk)["tx_no"]
    for door in (confirm_top_up, cancel_top_up):
        with pytest.raises(DatabaseTrouble, match="database_permission_denied"):
            office(database, (door, "k", tx_no, "pay-1"), claims=claims)


@pytest.mark.req("R037")
def test_an_external_order_is_asked_for_once(desk: Desk) -> None:
    first = asked(desk, external_order_id="W-1")
    for _ in range(2):
        assert asked(desk, external_order_id="W-1") == {
            "code": "external_order_used", "data": {"tx_no": first["tx_no"]},
        }  # fmt: skip
    desk.call("request_top_up", {"top_up_id": new_id(), "card_id": card_of(desk.owner), "amount_minor": 1,
                                 "currency": "CNY", "method": "wechat", "external_order_id": "W-1"})  # fmt: skip
    assert many(desk.owner, "SELECT merchant_id::text FROM app.merchant_order_registry ORDER BY 1") == [
        (str(UUID(int=0)),), (world.MERCHANT,),
    ]  # fmt: skip


def test_what_is_asked_for_and_refused_leaves_nothing(desk: Desk) -> None:
    assert asked(desk, amount=0)["code"] == "amount_invalid"
    assert asked(desk, currency=None)["code"] == "card_currency_unset"
    assert asked(desk, currency="USD")["code"] == "currency_mismatch"
    assert asked(desk, card_id=new_id())["code"] == "card_unknown"
    assert many(desk.owner, "SELECT 1 FROM app.transactions") == []
    desk.top_up(100)
    assert asked(desk, currency=None)["currency"] == "CNY"


@pytest.mark.req("R067", "R071")
def test_an_enterprise_card_takes_principal_alone(desk: Desk) -> None:
    desk.rule(100)
    card = enterprise_card(desk.owner, currency=None)
    fund_in = desk.call("request_top_up", {"top_up_id": new_id(), "card_id": card, "amount_minor": 1000,
                                           "currency": "CNY", "method": "alipay"})  # fmt: skip
    assert fund_in["bonus_minor"] == 0
    assert asked(desk, card_id=card, currency=None)["code"] == "card_currency_unset"
    desk.owner.execute("UPDATE app.cards SET currency = 'CNY' WHERE card_id = %s", [card])
    fund(desk, card)
    assert held(desk.owner, card) == {"principal": 10000}
    all_fits(desk.owner)


def test_a_merchants_own_app_brings_its_bonus(desk: Desk, database: DatabaseUrls) -> None:
    rule = desk.rule(100, bonus_rate="0.1")
    app = Desk(desk.owner, terminal=None, store=None, currency=None)
    pending = app.call("request_top_up", {"top_up_id": new_id(), "card_id": card_of(desk.owner), "amount_minor": 1000,
                                          "currency": "CNY", "method": "wechat"})  # fmt: skip
    assert pending["bonus_minor"] == 200
    office(database, (confirm_top_up, "k", pending["tx_no"], "pay-1"))
    assert held(desk.owner) == {"principal": 1000, "bonus": 200}
    assert one(desk.owner, "SELECT bonus_rule_id::text FROM app.card_top_ups") == (rule,)
    assert many(desk.owner, "SELECT kind, amount_minor FROM app.payments") == [("wechat", 1000)]
    assert desk.refund(pending["tx_no"], 1000)["bonus_minor"] == 200
    all_fits(desk.owner)


def test_a_payment_that_comes_a_month_later(desk: Desk, database: DatabaseUrls) -> None:
    """The header stands in the month it was asked for, the entries in the month of the payment."""
    pending = asked(desk)
    later = one(desk.owner, "SELECT date_trunc('month', created_at) + interval '1 month' FROM app.transactions")[0]
    set_clock(desk.owner, later)
    (said,) = office(database, (confirm_top_up, "k", pending["tx_no"], "pay-1"))
    assert said["outcome"] == "accepted"
    tables = one(desk.owner, "SELECT t.tableoid::regclass::text, min(e.tableoid::regclass::text), min(e.created_at)"
                 " FROM app.transactions t JOIN app.entries e USING (tx_id) GROUP BY 1")  # fmt: skip
    assert tables[1:] == (f"app.entries_{later:y%Ym%m}", later)
    assert tables[0] != f"app.transactions_{later:y%Ym%m}"
    all_fits(desk.owner)


@pytest.mark.req("R035")
def test_top_ups_and_charges_of_one_card_at_once(desk: Desk, database: DatabaseUrls) -> None:
    desk.top_up(100)

    def work(number: int) -> None:
        with as_owner(database) as owner:
            own = Desk(owner)
            for _ in range(10):
                own.top_up(7) if number % 2 else own.charge(3)

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(desk.owner) == {"principal": 100 + 20 * 7 - 20 * 3}
    all_fits(desk.owner)

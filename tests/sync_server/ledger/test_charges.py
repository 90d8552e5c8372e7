"""Paying from a card: discount before, points after, bonus first, oldest lot first; or a refusal that moved nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, LiteralString

import pytest

from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.ledger.cards import (
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
    put_bands,
    set_clock,
)
from tests.sync_server.till import MEMBER, OTHER_MEMBER, as_owner

Plain = dict[str, Any]


@pytest.mark.req("R064", "R069", "R050")
def test_a_charge_answers_moves_and_records(desk: Desk) -> None:
    """25.50 at 0.95 is 24.23: 20.00 of bonus, 4.23 of principal, and 25 points for the price before discount."""
    put_bands(desk.owner, (None, 2, 0, None, "0.950"))
    desk.top_up(10000, 2000)
    charge_id = new_id()
    found = desk.charge(2550, charge_id=charge_id, reason="coffee", tag={"sku": "latte"}, external_order_id="A-1")
    assert found == {
        "tx_id": found["tx_id"], "tx_no": "ZF00100000001", "card_id": card_of(desk.owner), "card_type": "personal",
        "member_id": MEMBER, "discount": "0.950", "total_minor": 2423, "points_earned": 25, "points": 25,
        "balance_minor": 9577,
    }  # fmt: skip
    assert moved(desk.owner, found["tx_no"]) == {
        "card/bonus/CNY": -2000, "card/principal/CNY": -423, "store/redeemed/CNY": 2423, "store/tender/card/CNY": 2423,
        "store/sales/CNY": -2423, "card/points/point": 25, "store/issued/point": -25,
    }  # fmt: skip
    assert one(
        desk.owner,
        "SELECT kind, status, merchant_id::text, store_id::text, member_id::text, card_id::text, amount_minor,"
        " currency, reason, tag, external_order_id FROM app.transactions WHERE tx_no = %s",
        found["tx_no"],
    ) == (
        "card_charged", "completed", world.MERCHANT, world.STORE, MEMBER, found["card_id"], 2423, "CNY", "coffee",
        {"sku": "latte"}, "A-1",
    )  # fmt: skip
    assert one(
        desk.owner,
        "SELECT raw_minor, final_minor, discount::text, points, tx_no, reversed_by FROM app.card_charges"
        " WHERE charge_id = %s",
        charge_id,
    ) == (2550, 2423, "0.950", 25, found["tx_no"], None)
    (lot,) = one(desk.owner, "SELECT lot_id::text FROM app.card_lots")
    assert one(desk.owner, "SELECT amount_minor, refunded_minor, basis FROM app.tx_registry WHERE tx_no = %s",
               found["tx_no"]) == (2423, 0, {
        "charge_id": charge_id, "card_id": found["card_id"], "points": 25,
        "parts": [[lot, "bonus", 2000], [lot, "principal", 423]],
    })  # fmt: skip
    assert many(desk.owner, "SELECT kind, amount_minor FROM app.payments WHERE kind = 'card'") == [("card", 2423)]
    all_fits(desk.owner)


@pytest.mark.req("R064", "R069")
def test_an_order_is_paid_from_the_card(desk: Desk) -> None:
    desk.top_up(10000)
    found = desk.charge_order(2550, 2550, [("0.06", 2406, 144)])
    assert moved(desk.owner, found["tx_no"]) == {
        "card/principal/CNY": -2550, "store/redeemed/CNY": 2550, "store/tender/card/CNY": 2550,
        "store/sales/CNY": -2406, "store/vat/0.06/CNY": -144, "card/points/point": 25, "store/issued/point": -25,
    }  # fmt: skip
    assert one(
        desk.owner,
        "SELECT o.total_minor, o.status, o.pickup_no, o.member_id::text, o.redemption_id, i.total_minor"
        " FROM app.orders o JOIN app.order_items i USING (order_id)",
    ) == (2550, "paid", "A1", MEMBER, None, 2550)
    assert many(desk.owner, "SELECT kind, amount_minor FROM app.payments WHERE kind = 'card'") == [("card", 2550)]
    basis = one(desk.owner, "SELECT basis -> 'vat' FROM app.tx_registry WHERE tx_no = %s", found["tx_no"])
    assert basis == ([{"rate": "0.06", "base_minor": 2406, "quota_minor": 144}],)
    all_fits(desk.owner)


@pytest.mark.req("R029", "R064")
def test_the_level_of_before_the_purchase_counts(desk: Desk) -> None:
    put_bands(desk.owner, (None, 1, 100, 199, "0.950"), (None, 2, 200, None, "0.900"))
    desk.top_up(100_000)
    found = [desk.charge(raw) for raw in (9999, 100, 9900, 100, 100)]
    assert [(f["discount"], f["total_minor"], f["points"]) for f in found] == [
        ("1.000", 9999, 99), ("1.000", 100, 100), ("0.950", 9405, 199), ("0.950", 95, 200), ("0.900", 90, 201),
    ]  # fmt: skip


@pytest.mark.req("R029")
def test_a_merchants_own_bands_come_before_the_operators(desk: Desk) -> None:
    put_bands(desk.owner, (None, 1, 0, None, "0.900"), (world.OTHER_MERCHANT, 1, 10, None, "0.800"))
    desk.top_up(10000)
    other = Desk(desk.owner, world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE)
    assert desk.charge(1000)["discount"] == "0.900"
    assert desk.charge(100)["points"] == 11
    assert other.charge(1000)["discount"] == "0.800"
    desk.owner.execute("UPDATE app.membership_levels SET min_points = 100 WHERE merchant_id IS NOT NULL")
    assert other.charge(1000)["discount"] == "1.000"  # its own bands rule, and none fits


@pytest.mark.req("R030")
def test_an_enterprise_card_has_its_own_discount_and_no_points(desk: Desk) -> None:
    put_bands(desk.owner, (None, 1, 0, None, "0.500"))
    card = enterprise_card(desk.owner, "0.985")
    fund(desk, card)
    found = desk.charge(333, card_id=card)
    assert found == {
        "tx_id": found["tx_id"], "tx_no": found["tx_no"], "card_id": card, "card_type": "enterprise", "member_id": None,
        "discount": "0.985", "total_minor": 328, "points_earned": 0, "points": 0, "balance_minor": 9672,
    }  # fmt: skip
    assert held(desk.owner, card) == {"principal": 9672}
    all_fits(desk.owner)


@pytest.mark.req("R063")
def test_bonus_of_every_lot_is_spent_before_any_principal_and_the_oldest_first(desk: Desk) -> None:
    for amount, bonus in ((100, 10), (200, 20), (300, 30)):
        desk.top_up(amount, bonus)
    spent = []
    for amount in (1, 19, 40, 1, 150, 449):
        assert "code" not in desk.charge(amount)
        spent.append([lot[2:] for lot in lots(desk.owner)])
    assert spent == [
        [(100, 9), (200, 20), (300, 30)],
        [(100, 0), (200, 10), (300, 30)],
        [(100, 0), (200, 0), (300, 0)],
        [(99, 0), (200, 0), (300, 0)],
        [(0, 0), (149, 0), (300, 0)],
        [(0, 0), (0, 0), (0, 0)],
    ]
    assert desk.charge(1)["data"] == {"balance_minor": 0, "total_minor": 1}
    all_fits(desk.owner)


@pytest.mark.req("R064")
@pytest.mark.parametrize(
    ("raw", "discount", "total", "points"),
    [(2550, "0.950", 2423, 25), (10, "0.950", 10, 0), (1, "0.500", 1, 0), (199, "0.005", 1, 1), (500, "0.001", 1, 5),
     (99, "1.000", 99, 0)],
)  # fmt: skip
def test_rounding_is_half_up_and_once(desk: Desk, raw: int, discount: str, total: int, points: int) -> None:
    put_bands(desk.owner, (None, 1, 0, None, discount))
    desk.top_up(5000)
    found = desk.charge(raw, total_minor=total)
    assert (found["total_minor"], found["points_earned"], found["balance_minor"]) == (total, points, 5000 - total)
    all_fits(desk.owner)


@pytest.mark.req("R064")
@pytest.mark.parametrize(("raw", "discount"), [(1, "0.499"), (100, "0.001"), (499, "0.001")])
def test_a_charge_that_comes_to_nothing_earns_no_points(desk: Desk, raw: int, discount: str) -> None:
    put_bands(desk.owner, (None, 1, 0, None, discount))
    desk.top_up(5000)
    for shown in (None, 0, raw):
        assert desk.charge(raw, total_minor=shown) == {"code": "amount_invalid", "data": {"amount": 0}}
    assert held(desk.owner) == {"principal": 5000}
    all_fits(desk.owner)


REFUSALS: list[tuple[Plain, Plain]] = [
    ({"raw_minor": 0}, {"code": "amount_invalid", "data": {"amount": 0}}),
    ({"raw_minor": -100}, {"code": "amount_invalid", "data": {"amount": -100}}),
    ({"raw_minor": None}, {"code": "amount_invalid", "data": {"amount": None}}),
    ({"raw_minor": 10**12 + 1}, {"code": "amount_invalid", "data": {"amount": 10**12 + 1}}),
    ({"raw_minor": 5001}, {"code": "balance_insufficient", "data": {"balance_minor": 5000, "total_minor": 5001}}),
    ({"total_minor": 999}, {"code": "price_changed", "data": {"total_minor": 1000, "discount": "1.000"}}),
    ({"currency": "EUR"}, {"code": "currency_mismatch", "data": {"currency": "EUR"}}),
    ({"card_id": new_id()}, {"code": "card_unknown", "data": {}}),
]


@pytest.mark.req("R063", "R069")
@pytest.mark.parametrize(("changes", "expected"), REFUSALS)
def test_what_is_refused_moves_nothing(desk: Desk, changes: Plain, expected: Plain) -> None:
    desk.top_up(5000)
    before = _everything(desk)
    for _ in range(2):
        assert desk.charge(1000, **changes) == expected
    assert _everything(desk) == before


_COUNTS: list[LiteralString] = [
    f"SELECT count(*) FROM {table}"
    for table in ("app.transactions", "app.entries", "audit.event_log", "app.card_charges")
]


def _everything(desk: Desk) -> Any:
    counts = [many(desk.owner, query) for query in _COUNTS]
    return counts, lots(desk.owner), held(desk.owner)


@pytest.mark.req("R063")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE app.cards SET status = 'frozen'", "card_inactive"),
        ("UPDATE app.cards SET status = 'closed'", "card_inactive"),
        ("UPDATE app.cards SET status = 'expired'", "card_expired"),
        ("UPDATE app.members SET status = 'blocked'", "member_inactive"),
        ("UPDATE app.cards SET currency = 'EUR'", "currency_mismatch"),
        ("UPDATE app.cards SET currency = 'USD'", "currency_mismatch"),
    ],
)
def test_a_card_that_cannot_pay(desk: Desk, change: str, code: str) -> None:
    desk.top_up(5000)
    desk.owner.execute(change.encode())
    for _ in range(2):
        assert desk.charge(1000)["code"] == code


def test_a_card_expires_at_its_moment_of_the_purchase(desk: Desk) -> None:
    """Judged when it happened, not when it was recorded."""
    desk.top_up(5000)
    moment = datetime.now(UTC) - timedelta(seconds=30)
    desk.owner.execute("UPDATE app.cards SET expires_at = %s", [moment])
    desk.at = moment - timedelta(microseconds=1)
    assert desk.charge(1000)["balance_minor"] == 4000
    desk.at = moment
    assert desk.charge(1000)["code"] == "card_expired"


def test_a_currency_that_we_do_not_trade_in(desk: Desk) -> None:
    desk.top_up(5000)
    desk.owner.execute("UPDATE app.cards SET currency = 'USD'")
    desk.currency = "USD"
    assert desk.charge(1000, currency="USD")["code"] == "currency_mismatch"


def test_a_card_without_money_yet(desk: Desk) -> None:
    assert desk.charge(1000)["code"] == "balance_insufficient"
    office = Desk(desk.owner, terminal=None, store=None, currency=None)
    assert office.charge(1000, currency=None)["code"] == "card_currency_unset"


@pytest.mark.req("R063")
def test_without_a_till_the_revenue_is_the_merchants(desk: Desk) -> None:
    desk.top_up(5000)
    office = Desk(desk.owner, terminal=None, store=None, currency=None)
    found = office.charge(1000, currency=None)
    assert moved(desk.owner, found["tx_no"]) == {
        "card/principal/CNY": -1000, "merchant/redeemed/CNY": 1000, "merchant/tender/card/CNY": 1000,
        "merchant/sales/CNY": -1000, "card/points/point": 10, "merchant/issued/point": -10,
    }  # fmt: skip
    assert one(desk.owner, "SELECT currency, store_id FROM app.transactions WHERE tx_no = %s", found["tx_no"]) == (
        "CNY", None,
    )  # fmt: skip
    all_fits(desk.owner)


@pytest.mark.req("R037")
def test_an_external_order_is_charged_once_per_merchant(desk: Desk) -> None:
    desk.top_up(5000)
    first = desk.charge(100, external_order_id="A-1")
    for _ in range(2):
        found = desk.charge(200, external_order_id="A-1")
        assert found == {"code": "external_order_used", "data": {"tx_no": first["tx_no"]}}
    other = Desk(desk.owner, world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE)
    assert other.charge(100, external_order_id="A-1")["balance_minor"] == 4800
    assert many(desk.owner, "SELECT merchant_id::text, tx_no FROM app.merchant_order_registry ORDER BY 1")[0] == (
        world.MERCHANT, first["tx_no"],
    )  # fmt: skip


@pytest.mark.req("R037")
def test_two_cards_charged_for_one_order_at_once(desk: Desk, database: DatabaseUrls) -> None:
    desk.top_up(5000)
    desk.top_up(5000, member_id=OTHER_MEMBER)
    cards = [card_of(desk.owner, member) for member in (MEMBER, OTHER_MEMBER)]
    acts = [partial(Desk.charge, raw=100, card_id=card, external_order_id="A-1") for card in cards]
    assert _at_once(database, acts) == ["external_order_used", "granted"]
    all_fits(desk.owner)


@pytest.mark.req("R035")
def test_of_many_at_once_one_gets_the_last_cent(desk: Desk, database: DatabaseUrls) -> None:
    desk.top_up(100, 3)
    said = _at_once(database, [partial(Desk.charge, raw=103)] * 8)
    assert said == ["balance_insufficient"] * 7 + ["granted"]
    assert held(desk.owner) == {"points": 1}
    all_fits(desk.owner)


def _at_once(database: DatabaseUrls, acts: Sequence[Callable[[Desk], Plain]]) -> list[str]:
    said: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[Desk], Plain]) -> None:
        with as_owner(database) as owner:
            start.wait()
            said.append(act(Desk(owner)).get("code", "granted"))

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_an_id_of_a_charge_or_order_is_used_once(desk: Desk) -> None:
    desk.top_up(5000)
    charge_id = new_id()
    desk.charge(100, charge_id=charge_id)
    assert desk.charge(100, charge_id=charge_id) == {"code": "content_differs", "data": {"charge_id": charge_id}}
    desk.call("pay_order", {"order_id": (order_id := new_id()), "total_minor": 0, "currency": "CNY", "tenders": [],
                            "vat": [], "cups": []})  # fmt: skip
    found = desk.charge_order(100, 100, [], charge_id=order_id)
    assert found == {"code": "content_differs", "data": {"order_id": order_id}}


@pytest.mark.req("R032", "R069")
def test_the_code_is_used_up_by_the_charge_alone(desk: Desk) -> None:
    desk.top_up(5000)
    (card_ref,) = one(desk.owner, "SELECT card_ref FROM app.cards WHERE member_id = %s", MEMBER)
    desk.owner.execute(
        "INSERT INTO sec.card_codes (ledger_id, card_ref, secret_hash, issued_at) VALUES (1, %s, 'h', app.now_utc())",
        [card_ref],
    )

    def scan(raw: int, ref: str = card_ref, checked: str = "h") -> Plain:
        effect = {"charge_id": new_id(), "card_id": card_of(desk.owner), "raw_minor": raw, "currency": "CNY"}
        return desk.call("charge_card", effect, f", '{ref}', '{checked}'")

    assert scan(5001)["code"] == "balance_insufficient"  # leaves the code as it was
    assert scan(100, checked="other")["code"] == "code_wrong"
    assert scan(100, ref="ANOTHER0")["code"] == "code_wrong"
    assert scan(100)["balance_minor"] == 4900
    assert scan(100)["code"] == "code_used"
    assert held(desk.owner) == {"principal": 4900, "points": 1}


def test_every_merchant_that_knows_the_member_hears_of_it(desk: Desk) -> None:
    desk.top_up(5000)
    other = Desk(desk.owner, world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE)
    other.charge(100)
    desk.owner.execute("DELETE FROM app.change_log")
    desk.charge(100)
    found = many(desk.owner, "SELECT table_name, key, merchant_id::text FROM app.change_log ORDER BY 3")
    assert found == [("member", MEMBER, world.MERCHANT), ("member", MEMBER, world.OTHER_MERCHANT)]


@pytest.mark.req("R049", "R026")
def test_the_last_and_the_first_microsecond_of_a_month(desk: Desk) -> None:
    desk.top_up(5000)
    now = datetime.now(UTC)
    following = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for moment in (following - timedelta(microseconds=1), following):
        set_clock(desk.owner, moment)
        tx_no = desk.charge(100)["tx_no"]
        name = f"app.transactions_{moment:y%Ym%m}"
        assert one(desk.owner, "SELECT tableoid::regclass::text FROM app.transactions WHERE tx_no = %s", tx_no) == (
            name,
        )
        entries = name.replace("transactions", "entries")
        assert set(many(desk.owner, "SELECT e.tableoid::regclass::text FROM app.entries e JOIN app.tx_registry r"
                        " USING (tx_id) WHERE r.tx_no = %s", tx_no)) == {(entries,)}  # fmt: skip
    all_fits(desk.owner)


@pytest.mark.req("R078")
def test_a_month_without_partition_takes_the_charge_all_the_same(desk: Desk) -> None:
    desk.top_up(5000)
    set_clock(desk.owner, datetime(2031, 5, 1, tzinfo=UTC))
    found = desk.charge(100)
    assert many(desk.owner, "SELECT tx_no FROM app.transactions_default") == [(found["tx_no"],)]
    assert desk.refund(found["tx_no"], 100)["balance_minor"] == 5000
    assert one(desk.owner, "SELECT count(*) FROM app.transactions_default") == (2,)
    all_fits(desk.owner)

"""Giving back: a charge to the lots it came from, a top-up out of its lot; never more than there was."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

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
from tests.sync_server.till import MEMBER, as_owner

Plain = dict[str, Any]


@pytest.mark.req("R065", "R070")
def test_a_charge_is_refunded_in_parts_until_nothing_is_left(desk: Desk) -> None:
    """25.50 from 3.33 of bonus and 22.17 of principal; each refund is split in proportion to what is left."""
    desk.top_up(10000, 333)
    charged = desk.charge(2550)
    found = [desk.refund(charged["tx_no"], amount) for amount in (1000, 1, 1549)]
    assert [(f["bonus_minor"], f["principal_minor"], f["points_taken_back"]) for f in found] == [
        (131, 869, 9),  # 333/2550 of 1000 is 130.59; 25 points × 10.00/25.50 is 9.8
        (0, 1, 0),
        (202, 1347, 16),
    ]
    assert [f["balance_minor"] for f in found] == [8783, 8784, 10333]
    assert lots(desk.owner) == [(10000, 333, 10000, 333)]
    assert held(desk.owner) == {"principal": 10000, "bonus": 333}
    exceeding = desk.refund(charged["tx_no"], 1)
    assert exceeding == {"code": "refund_exceeds", "data": {"left_minor": 0, "amount_minor": 1}}
    all_fits(desk.owner)


@pytest.mark.req("R065")
def test_what_a_refund_answers_and_records(desk: Desk) -> None:
    desk.top_up(10000, 2000)
    charged = desk.charge(3000)
    refund_id = new_id()
    found = desk.refund(charged["tx_no"], 1500, refund_id=refund_id, request_id="r", tag={"by": "phone"})
    assert found == {
        "kind": "charge", "amount_minor": 1500, "bonus_minor": 1000, "principal_minor": 500, "cash_minor": 0,
        "uncollected_minor": 0, "points_taken_back": 15, "balance_minor": 10500, "card_id": card_of(desk.owner),
        "member_id": MEMBER, "tx_no": "TK00100000001", "tx_id": found["tx_id"],
    }  # fmt: skip
    assert moved(desk.owner, found["tx_no"]) == {
        "card/bonus/CNY": 1000, "card/principal/CNY": 500, "card/points/point": -15, "store/redeemed/CNY": -1500,
        "store/tender/card/CNY": -1500, "store/sales/CNY": 1500, "store/issued/point": 15,
    }  # fmt: skip
    assert one(
        desk.owner,
        "SELECT kind, status, amount_minor, reason, tag, reverses::text FROM app.transactions WHERE tx_no = %s",
        found["tx_no"],
    ) == ("charge_refunded", "completed", -1500, "customer_request", {"by": "phone"}, charged["tx_id"])
    assert one(
        desk.owner,
        "SELECT kind, original_tx_no, amount_minor, bonus_minor, principal_minor, points_short, tender, request_id"
        " FROM app.card_refunds WHERE refund_id = %s",
        refund_id,
    ) == ("charge", charged["tx_no"], 1500, 1000, 500, 0, None, "r")
    assert many(desk.owner, "SELECT kind, amount_minor FROM app.payments ORDER BY 2") == [
        ("card", -1500), ("card", 3000), ("cash", 10000),
    ]  # fmt: skip
    changed = "SELECT merchant_id::text FROM app.change_log WHERE table_name = 'member' AND key = %s"
    assert set(many(desk.owner, changed, MEMBER)) == {(world.MERCHANT,)}


@pytest.mark.req("R065")
def test_a_charge_goes_back_to_its_card_by_no_tender(desk: Desk) -> None:
    desk.top_up(10000)
    tx_no = desk.charge(1000)["tx_no"]
    refusal = {"code": "tender_not_allowed", "data": {"kind": "cash"}}
    assert desk.refund(tx_no, 100, "cash") == refusal
    assert held(desk.owner)["principal"] == 9000
    assert desk.refund(tx_no, 100)["balance_minor"] == 9100


@pytest.mark.req("R065", "R029")
def test_the_level_follows_the_points_back(desk: Desk) -> None:
    put_bands(desk.owner, (None, 1, 100, None, "0.900"))
    desk.top_up(100_000)
    first = desk.charge(10_000)
    assert desk.charge(1000)["discount"] == "0.900"
    assert desk.refund(first["tx_no"], 9999)["points_taken_back"] == 99
    assert desk.charge(1000)["discount"] == "1.000"


@pytest.mark.req("R065")
def test_points_never_fall_below_zero_and_the_shortage_is_recorded(desk: Desk) -> None:
    desk.top_up(10000)
    charged = desk.charge(5000)
    _spend_points(desk, 30)
    found = [desk.refund(charged["tx_no"], 2500) for _ in range(2)]
    assert [f["points_taken_back"] for f in found] == [20, 0]
    shortages = many(desk.owner, "SELECT points_taken_back, points_short FROM app.card_refunds ORDER BY recorded_at")
    assert shortages == [(20, 5), (0, 25)]
    assert held(desk.owner) == {"principal": 10000}
    all_fits(desk.owner)


def _spend_points(desk: Desk, points: int) -> None:
    desk.owner.execute(
        "SELECT app.post(app.header(ROW(1, %(d)s, NULL, %(m)s, NULL, NULL, 'k', NULL, NULL, now())::app.acting,"
        " 'traded', 'YW', NULL, NULL, 0), ARRAY[app.card_line(%(c)s, 'points', 'point', %(p)s),"
        " app.open_line(%(m)s, 'merchant', %(m)s, 'redeemed', 'point', -(%(p)s::bigint))], '{}')",
        {"d": world.TERMINAL, "m": world.MERCHANT, "c": card_of(desk.owner), "p": -points},
    )


@pytest.mark.req("R070", "R077")
def test_a_charge_is_refunded_when_its_month_is_gone(desk: Desk) -> None:
    """The registry alone must be enough: the partition of the sale was exported, detached and dropped."""
    desk.top_up(10000, 1000)
    charged = desk.charge_order(2550, 2550, [("0.06", 2406, 144)])
    desk.refund(charged["tx_no"], 550)
    for parent in ("transactions", "entries"):
        (name,) = one(
            desk.owner,
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass AND c.relname = %s",
            f"app.{parent}", f"{parent}_{datetime.now(UTC):y%Ym%m}",
        )  # fmt: skip
        desk.owner.execute(f"ALTER TABLE app.{parent} DETACH PARTITION app.{name}".encode())
        desk.owner.execute(f"DROP TABLE app.{name}".encode())
    assert many(desk.owner, "SELECT tx_no FROM app.transactions") == []
    found = desk.refund(charged["tx_no"], 2000)
    assert (found["bonus_minor"], found["principal_minor"], found["balance_minor"]) == (784, 1216, 11000)
    assert desk.refund(charged["tx_no"], 1)["code"] == "refund_exceeds"
    # No partition of this month: both rows stand in the default one, and it works all the same.
    assert many(desk.owner, "SELECT kind FROM app.transactions_default") == [("charge_refunded",)]
    assert one(desk.owner, "SELECT count(*) > 0 FROM app.entries_default") == (True,)


@pytest.mark.req("R065")
def test_the_vat_of_an_order_goes_back_to_the_cent(desk: Desk) -> None:
    desk.top_up(10000)
    charged = desk.charge_order(1000, 1000, [("0.10", 303, 30), ("0.21", 551, 116)])
    refunds = [desk.refund(charged["tx_no"], amount)["tx_no"] for amount in (1, 332, 334, 333)]
    sums: dict[str, int] = {}
    for tx_no in [charged["tx_no"], *refunds]:
        for account, delta in moved(desk.owner, tx_no).items():
            sums[account] = sums.get(account, 0) + delta
    assert set(sums.values()) == {0}
    second = moved(desk.owner, refunds[1])
    # 332 of 1000 with 333 : 666 left is 111 and 221; quotas round(30·111/333) and round(116·222/667) − round(116·1/667)
    assert (second["store/vat/0.10/CNY"], second["store/vat/0.21/CNY"], second["store/sales/CNY"]) == (10, 39, 283)


def test_an_order_is_reversed_when_all_of_it_is_refunded(desk: Desk) -> None:
    desk.top_up(10000)
    charged = desk.charge_order(1000, 1000, [("0.06", 943, 57)])
    desk.refund(charged["tx_no"], 999)
    assert one(desk.owner, "SELECT status FROM app.orders") == ("paid",)
    desk.refund(charged["tx_no"], 1)
    assert one(desk.owner, "SELECT status FROM app.orders") == ("reversed",)


CLAWBACK = [
    # granted, left before, refund -> bonus, principal, cash, uncollected
    ((100, 20), (100, 20), 30, (6, 0, 30, 0)),
    ((100, 20), (100, 10), 100, (10, 10, 90, 0)),
    ((100, 20), (60, 0), 60, (0, 12, 48, 0)),
    ((50, 80), (50, 0), 50, (0, 50, 0, 30)),
]


@pytest.mark.req("R065", "R034")
@pytest.mark.parametrize(("granted", "left", "refund", "expected"), CLAWBACK)
def test_the_clawback_table(
    desk: Desk, granted: tuple[int, int], left: tuple[int, int], refund: int, expected: tuple[int, int, int, int]
) -> None:
    topped_up = desk.top_up(*granted)
    spent = sum(granted) - sum(left)
    if spent:
        assert "code" not in desk.charge(spent)
    assert lots(desk.owner) == [(*granted, *left)]
    found = desk.refund(topped_up["tx_no"], refund, "cash")
    keys = ("bonus_minor", "principal_minor", "cash_minor", "uncollected_minor")
    assert tuple(found[key] for key in keys) == expected
    bonus, kept, cash, uncollected = expected
    assert lots(desk.owner) == [(*granted, left[0] - refund, left[1] - bonus)]
    assert found["balance_minor"] == sum(left) - refund - bonus == sum(held(desk.owner).values()) - (spent // 100)
    assert {key: amount for key, amount in moved(desk.owner, found["tx_no"]).items() if amount} == {
        key: amount
        for key, amount in {
            "card/principal/CNY": -refund, "card/bonus/CNY": -bonus, "store/issued/CNY": cash + bonus,
            "store/forfeited/CNY": kept, "store/tender/cash/CNY": -cash, "store/stored_value/CNY": cash,
        }.items() if amount
    }  # fmt: skip
    assert one(desk.owner, "SELECT refunded_minor, clawed_minor, uncollected_minor FROM app.card_lots") == (
        refund, kept, uncollected,
    )  # fmt: skip
    negative = many(desk.owner, "SELECT kind, amount_minor FROM app.payments WHERE amount_minor < 0")
    assert negative == ([("cash", -cash)] if cash else [])
    all_fits(desk.owner)


@pytest.mark.req("R065")
def test_a_top_up_refunded_cent_by_cent_gives_all_its_bonus_back(desk: Desk) -> None:
    topped_up = desk.top_up(7, 5)
    found = [desk.refund(topped_up["tx_no"], 1, "cash")["bonus_minor"] for _ in range(7)]
    assert found == [1, 0, 1, 1, 1, 0, 1]  # round(5x/7): 1 1 2 3 4 4 5
    assert lots(desk.owner) == [(7, 5, 0, 0)]
    assert desk.refund(topped_up["tx_no"], 1, "cash") == {
        "code": "refund_exceeds", "data": {"left_minor": 0, "amount_minor": 1},
    }  # fmt: skip
    all_fits(desk.owner)


@pytest.mark.req("R065")
def test_what_comes_back_of_a_lot_that_is_gone_makes_a_new_one(desk: Desk) -> None:
    """Bonus was spent, then the whole top-up paid out less that bonus: what it bought comes back as money paid."""
    topped_up = desk.top_up(100, 20)
    charged = desk.charge(20)
    assert desk.refund(topped_up["tx_no"], 100, "cash")["cash_minor"] == 80
    assert held(desk.owner) == {}
    parts = [desk.refund(charged["tx_no"], amount) for amount in (5, 15)]
    assert [(part["bonus_minor"], part["principal_minor"]) for part in parts] == [(0, 5), (0, 15)]
    assert lots(desk.owner) == [(100, 20, 0, 0), (5, 0, 5, 0), (15, 0, 15, 0)]
    assert one(desk.owner, "SELECT clawed_minor FROM app.card_lots WHERE origin = 'top_up'") == (0,)
    all_fits(desk.owner)


def test_bonus_that_nobody_paid_comes_back_as_bonus(desk: Desk) -> None:
    topped_up = desk.top_up(50, 80)
    charged = desk.charge(80)
    assert desk.refund(topped_up["tx_no"], 50, "cash")["uncollected_minor"] == 30
    found = desk.refund(charged["tx_no"], 80)
    assert (found["bonus_minor"], found["principal_minor"]) == (30, 50)
    assert lots(desk.owner) == [(50, 80, 0, 0), (50, 0, 50, 30)]
    assert desk.charge(80)["balance_minor"] == 0
    all_fits(desk.owner)


def test_a_lot_that_can_still_take_money_is_not_gone(desk: Desk) -> None:
    topped_up = desk.top_up(100, 20)
    charged = desk.charge(60)
    assert desk.refund(topped_up["tx_no"], 60, "cash")["cash_minor"] == 48
    assert desk.refund(charged["tx_no"], 60)["balance_minor"] == 60
    assert lots(desk.owner) == [(100, 20, 40, 20)]
    last = desk.refund(topped_up["tx_no"], 40, "cash")
    assert (last["bonus_minor"], last["cash_minor"], last["balance_minor"]) == (8, 40, 12)
    all_fits(desk.owner)


def test_a_refund_across_lots_fills_each_again(desk: Desk) -> None:
    for amount, bonus in ((100, 10), (200, 20), (300, 0)):
        desk.top_up(amount, bonus)
    charged = desk.charge(400)  # 10 + 20 of bonus, 100 + 200 + 70 of principal
    assert lots(desk.owner) == [(100, 10, 0, 0), (200, 20, 0, 0), (300, 0, 230, 0)]
    desk.refund(charged["tx_no"], 200)
    assert lots(desk.owner) == [(100, 10, 50, 5), (200, 20, 100, 10), (300, 0, 265, 0)]
    desk.refund(charged["tx_no"], 200)
    assert lots(desk.owner) == [(100, 10, 100, 10), (200, 20, 200, 20), (300, 0, 300, 0)]
    all_fits(desk.owner)


@pytest.mark.req("R030")
def test_an_enterprise_charge_is_refunded_without_points(desk: Desk) -> None:
    card = enterprise_card(desk.owner)
    fund(desk, card)
    charged = desk.charge(1000, card_id=card)
    found = desk.refund(charged["tx_no"], 400)
    assert (found["principal_minor"], found["points_taken_back"], found["member_id"]) == (400, 0, None)
    assert held(desk.owner, card) == {"principal": 9500}
    all_fits(desk.owner)


def test_an_operators_top_up_is_refunded_by_the_operator_alone(desk: Desk) -> None:
    card = enterprise_card(desk.owner)
    tx_no = fund(desk, card)
    assert desk.refund(tx_no, 100)["code"] == "transaction_unknown"
    office = Desk(desk.owner, terminal=None, merchant=None, store=None, currency=None)
    found = office.refund(tx_no, 100)
    assert (found["cash_minor"], found["balance_minor"]) == (100, 9900)
    assert moved(desk.owner, found["tx_no"])["operator/tender/alipay/CNY"] == -100
    assert one(desk.owner, "SELECT tender, merchant_id FROM app.card_refunds") == ("alipay", None)
    all_fits(desk.owner)


REFUSALS: list[tuple[str, Plain, str]] = [
    ("charge", {"amount_minor": 0}, "amount_invalid"),
    ("charge", {"amount_minor": -1}, "amount_invalid"),
    ("charge", {"amount_minor": 10**12 + 1}, "amount_invalid"),
    ("charge", {"amount_minor": None}, "amount_invalid"),
    ("charge", {"amount_minor": 1001}, "refund_exceeds"),
    ("charge", {"currency": "EUR"}, "currency_mismatch"),
    ("charge", {"original_tx_no": "ZF00100009999"}, "transaction_unknown"),
    ("charge", {"original_tx_no": None}, "transaction_unknown"),
    ("top_up", {"amount_minor": 9001}, "refund_exceeds"),
    ("top_up", {"amount_minor": -1}, "amount_invalid"),
    ("top_up", {"currency": "EUR"}, "currency_mismatch"),
    ("top_up", {"tender": "card"}, "tender_not_allowed"),
]


@pytest.mark.req("R065")
@pytest.mark.parametrize(("what", "changes", "code"), REFUSALS)
def test_what_is_refused_moves_nothing(desk: Desk, what: str, changes: Plain, code: str) -> None:
    numbers = {"top_up": desk.top_up(10000)["tx_no"], "charge": desk.charge(1000)["tx_no"]}
    before = one(desk.owner, "SELECT count(*), (SELECT count(*) FROM app.entries) FROM app.transactions")
    for _ in range(2):
        found = desk.refund(numbers[what], 100, **{"tender": "cash" if what == "top_up" else None} | changes)
        assert found["code"] == code
    assert one(desk.owner, "SELECT count(*), (SELECT count(*) FROM app.entries) FROM app.transactions") == before
    assert lots(desk.owner) == [(10000, 0, 9000, 0)]


def test_only_a_charge_or_a_top_up_that_was_paid_is_refunded(desk: Desk) -> None:
    desk.top_up(10000)
    charged = desk.charge(1000)
    refunded = desk.refund(charged["tx_no"], 100)
    assert desk.refund(refunded["tx_no"], 50) == {"code": "refund_not_allowed", "data": {"kind": "charge_refunded"}}
    pending = desk.call("request_top_up", {"top_up_id": new_id(), "card_id": card_of(desk.owner), "amount_minor": 100,
                                           "method": "wechat", "currency": "CNY"})  # fmt: skip
    assert desk.refund(pending["tx_no"], 50)["code"] == "refund_not_allowed"


@pytest.mark.parametrize(
    ("change", "charge", "top_up"),
    [
        ("status = 'frozen'", None, "card_inactive"),
        ("status = 'closed'", "card_inactive", "card_inactive"),
        ("status = 'expired'", None, "card_expired"),
        ("expires_at = now() - interval '1 day'", None, "card_expired"),
    ],
)
def test_money_comes_back_to_a_card_at_rest_and_leaves_none(
    desk: Desk, change: str, charge: str | None, top_up: str
) -> None:
    topped_up, charged = desk.top_up(10000), desk.charge(1000)
    desk.owner.execute(f"UPDATE app.cards SET {change}".encode())
    assert desk.refund(charged["tx_no"], 100).get("code") == charge
    assert desk.refund(topped_up["tx_no"], 100, "cash")["code"] == top_up


def test_another_merchants_business_is_unknown(desk: Desk) -> None:
    desk.top_up(10000)
    charged = desk.charge(1000)
    stranger = Desk(desk.owner, world.OTHER_TERMINAL, world.OTHER_MERCHANT, world.OTHER_STORE)
    found = stranger.refund(charged["tx_no"], 100)
    assert found == {"code": "transaction_unknown", "data": {"tx_no": charged["tx_no"]}}


def test_an_id_of_a_refund_is_used_once(desk: Desk) -> None:
    desk.top_up(10000)
    charged, refund_id = desk.charge(1000), new_id()
    desk.refund(charged["tx_no"], 100, refund_id=refund_id)
    found = desk.refund(charged["tx_no"], 100, refund_id=refund_id)
    assert found == {"code": "content_differs", "data": {"refund_id": refund_id}}


def test_of_two_at_once_one_gets_the_last_cent(desk: Desk, database: DatabaseUrls) -> None:
    desk.top_up(10000)
    charged = desk.charge(1000)
    said: list[str] = []

    def refund() -> None:
        with as_owner(database) as owner:
            said.append(Desk(owner).refund(charged["tx_no"], 600).get("code", "granted"))

    threads = [threading.Thread(target=refund) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["granted", "refund_exceeds", "refund_exceeds", "refund_exceeds"]
    assert one(desk.owner, "SELECT refunded_minor FROM app.tx_registry WHERE tx_no = %s", charged["tx_no"]) == (600,)
    all_fits(desk.owner)


def test_a_refund_at_the_edge_of_a_month(desk: Desk) -> None:
    """The sale in one month's partition, the refund in the next one's."""
    desk.top_up(10000)
    charged = desk.charge(1000)
    created = one(desk.owner, "SELECT created_at FROM app.tx_registry WHERE tx_no = %s", charged["tx_no"])[0]
    following = (created.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    set_clock(desk.owner, following)
    found = desk.refund(charged["tx_no"], 1000)
    where = "SELECT tableoid::regclass::text FROM app.transactions WHERE tx_no = %s"
    assert one(desk.owner, where, found["tx_no"])[0] == f"app.transactions_{following:y%Ym%m}"
    assert one(desk.owner, where, charged["tx_no"])[0] == f"app.transactions_{created:y%Ym%m}"
    all_fits(desk.owner)


@pytest.mark.req("R034")
def test_a_charge_is_taken_back_as_if_it_had_never_been(desk: Desk) -> None:
    for amount, bonus in ((100, 10), (2000, 20)):
        desk.top_up(amount, bonus)
    before = lots(desk.owner), held(desk.owner)
    charged = desk.charge_order(1500, 1500, [("0.06", 1415, 85)])
    tx_no = _take_back(desk, charged["tx_id"])
    assert (lots(desk.owner), held(desk.owner)) == before
    sums = moved(desk.owner, charged["tx_no"])
    assert moved(desk.owner, tx_no) == {account: -delta for account, delta in sums.items()}
    assert one(desk.owner, "SELECT status FROM app.orders") == ("reversed",)
    assert one(desk.owner, "SELECT reversed_by IS NOT NULL FROM app.card_charges") == (True,)
    assert desk.refund(charged["tx_no"], 1)["code"] == "refund_not_allowed"
    with pytest.raises(Exception, match="reversed before"):
        _take_back(desk, charged["tx_id"])
    all_fits(desk.owner)


def test_taking_back_after_a_refund_takes_the_rest(desk: Desk) -> None:
    desk.top_up(1000, 500)
    charged = desk.charge(1200)
    desk.refund(charged["tx_no"], 333)
    _take_back(desk, charged["tx_id"])
    assert lots(desk.owner) == [(1000, 500, 1000, 500)]
    assert held(desk.owner) == {"principal": 1000, "bonus": 500}
    all_fits(desk.owner)


def _take_back(desk: Desk, tx_id: str) -> str:
    (tx_no,) = one(
        desk.owner,
        "SELECT (app.take_back_charge(ROW(1, %s, %s, %s, %s, 'CNY', %s, NULL, NULL, now())::app.acting, g, 'x')).tx_no"
        " FROM app.card_charges g WHERE g.tx_id = %s",
        world.TERMINAL, world.TERMINAL, world.MERCHANT, world.STORE, new_id(), tx_id,
    )  # fmt: skip
    return str(tx_no)

"""One till's chain with every kind of fact in it: what a golden file holds, and what a real server is handed.

Rule: made of fixed values only, so that the bytes are the same today and in ten years. Ids are those of the small
world of the server's tests, so that a server takes them for its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models import drawer, facts
from models.facts import Evidence, Fact, SoldAddOn, SoldCup, encode_fact, hash_fact
from models.money import VatGroup, split_vat
from models.reservations import ReservationClosed
from models.tenders import Tender
from tests.sync_server import world
from tests.sync_server.till import BOBA, MEMBER, OAT

BEGAN = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
_ID = "0f000000-0000-7000-8000-0000000000{:02d}"
_SHIFT, _PASS, _CARD = _ID.format(1), _ID.format(2), _ID.format(3)
_PEARLS = SoldAddOn(BOBA.add_on_id, "珍珠", 2, 1, 300, "0.06")
_OAT = SoldAddOn(OAT.add_on_id, "燕麦奶", 1, 0, 500, "0.06")
_REDEEMED = (
    SoldCup(world.PRODUCT, "红茶", 0, "0.06", (_OAT,)),
    SoldCup(world.PRODUCT, "红茶", 0, "0.06", note="少冰, 无糖"),
)
_SOLD = (SoldCup(world.PRODUCT, "红茶", 1800, "0.06", (_PEARLS,)),)


_COMPANY = facts.ToppedUp(
    _ID.format(42), MEMBER, 80000, 0, None, "CNY", (Tender("bank_card", 80000, 80000),), ("VR.SZ1T01.000010",), _CARD
)  # fmt: skip


def bodies() -> tuple[facts.Body, ...]:
    """Every kind of fact, each optional field used somewhere."""
    ends = BEGAN + timedelta(seconds=2, days=90)
    return (
        facts.ShiftOpened(_SHIFT, 20000, "CNY", "2026-11-20"),
        facts.PassSold(
            _PASS, MEMBER, world.PLAN, "十杯卡", False, 10, 10, ends, "active", 15000, "CNY", "none", (),
            (Tender("cash", 15000, 20000),), ("VR.SZ1T01.000001",),
        ),
        facts.PassSold(
            _ID.format(16), MEMBER, world.PLAN, "十杯卡", False, 10, 10, ends, "active", 15000, "CNY", "single_purpose",
            split_vat([("0.06", 15000)]), (Tender("cash", 15000, 15000),), ("VR.SZ1T01.000007",),
        ),
        facts.PassRedeemed(
            _ID.format(4), _PASS, MEMBER, "十杯卡", "2026-11-20", _REDEEMED, 2, 8, ends, 500, "CNY",
            split_vat([("0.06", 500)]), (Tender("bank_card", 500, 500),), ("VR.SZ1T01.000002", "TP.SZ1T01.000001"),
            "A12", Evidence("own_sale"), "pin",
        ),
        facts.PassRedeemed(
            _ID.format(5), _ID.format(6), MEMBER, "十杯卡", "2026-11-20", _REDEEMED[1:], 1, 9, ends, 0, "CNY", (), (),
            ("VR.SZ1T01.000003",), "A13", Evidence("at_risk", None, 3, "00112233", BEGAN - timedelta(minutes=5)),
        ),
        facts.OrderPaid(
            _ID.format(7), MEMBER, _SOLD, 2100, "CNY", split_vat([("0.06", 2100)]),
            (Tender("cash", 1000, 1000), Tender("wechat", 1100, 1100)), ("TP.SZ1T01.000002",), "A14",
        ),
        facts.ToppedUp(
            _ID.format(8), MEMBER, 10000, 2000, _ID.format(9), "CNY", (Tender("wechat", 10000, 10000),),
            ("VR.SZ1T01.000004",),
        ),
        facts.ToppedUp(
            _ID.format(10), MEMBER, 5000, 0, None, "CNY", (Tender("cash", 5000, 5000),), ("VR.SZ1T01.000005",)
        ),
        facts.CardCharged(
            _ID.format(11), _CARD, "personal", MEMBER, _SOLD, 2100, "0.950", 1995, "CNY",
            (VatGroup("0.06", 1882, 113),), 19, 3005, ("TP.SZ1T01.000003",), "A15", Evidence("online", _ID.format(12)),
        ),
        facts.Refunded(
            _ID.format(13), "CZ00000012", "top_up", 5000, 5000, "cash", "CNY", 0, "customer_wish",
            ("VR.SZ1T01.000006",), Evidence("online", _ID.format(14)),
        ),
        facts.RequestAbandoned(_ID.format(15), "no_answer"),
        facts.SlipReprinted("VR.SZ1T01.000002", 1, "unknown"),
        facts.MemberCreated(_ID.format(17), "SZ1T01.000013", world.STORE, "cd" * 32),
        drawer.CashMoved(_ID.format(18), "safe_drop", 10000, "CNY", "safe", "2026-11-20", ("CM.SZ1T01.000001",)),
        drawer.ShiftClosed(
            _SHIFT, 1, BEGAN, "2026-11-20", "CNY",
            drawer.ShiftTotals(
                20000, 500, 200, 10000,
                (drawer.TenderTotal("cash", 21000, 5000), drawer.TenderTotal("wechat", 11100, 0)),
                (VatGroup("0.06", 18492, 1108),), (drawer.SlipRange("VR", 1, 7), drawer.SlipRange("TP", 1, 3)),
                1, 2, 3, 2, 2, 1, 1995, 1, 1, 0,
            ),
            (drawer.Counted("cash", 26300, 26200, -300), drawer.Counted("wechat", 11100, 11100)), "miscounted",
            ("ZR.SZ1T01.000001",),
        ),
        facts.OrderRefunded(
            _ID.format(19), _ID.format(7), "TP.SZ1T01.000002", (1,), _SOLD[:1], _SOLD[0].total_minor, "CNY",
            split_vat(_SOLD[0].gross_by_rate()),
            (Tender("wechat", 1100, 1100), Tender("cash", _SOLD[0].total_minor - 1100, _SOLD[0].total_minor - 1100)),
            "product_fault", ("VR.SZ1T01.000008",),
        ),
        facts.PassRedeemed(
            _ID.format(40), _PASS, MEMBER, "十杯卡", "2026-11-20", _REDEEMED[1:], 1, 7, ends, 0, "CNY", (), (),
            ("VR.SZ1T01.000009",), "A16", Evidence("reserved", reservation_id=_ID.format(41)),
        ),
        ReservationClosed(_ID.format(41), "shift_closed", 1, 3, "use"),
        _COMPANY,
    )  # fmt: skip


def chain() -> tuple[bytes, ...]:
    """The facts' bytes, linked from the first."""
    found: list[bytes] = []
    prev = facts.GENESIS
    for place, body in enumerate(bodies(), start=1):
        fact = Fact(
            fact_id=_ID.format(20 + place),
            terminal_id=world.TERMINAL,
            seq=place,
            prev=prev,
            happened_at=BEGAN + timedelta(seconds=place),
            shift_id=None if place == 1 else _SHIFT,
            cashier_id=world.STAFF,
            approver_id=world.STAFF if isinstance(body, facts.Refunded) else None,
            language="zh-CN",
            body=body,
        )
        found.append(encode_fact(fact))
        prev = hash_fact(found[-1])
    return tuple(found)

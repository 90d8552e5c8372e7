"""Facts: one text each, every kind reads back, nothing unknown is taken for known."""

import json
from datetime import UTC, datetime

import pytest

from models import drawer, facts
from models.facts import Fact, decode_fact, encode_fact, hash_fact
from models.money import VatGroup
from models.refusals import Refusal
from models.reservations import ReservationClosed
from models.tenders import Tender

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
ID = "01890000-0000-7000-8000-00000000000{}"
CUP = facts.SoldCup("tea", "珍珠奶茶", 0, "0.06", (facts.SoldAddOn("a", "椰果", 2, 1, 300, "0.06"),))
SOLD = facts.SoldCup("tea", "珍珠奶茶", 1950, "0.06", (facts.SoldAddOn("a", "椰果", 2, 0, 300, "0.06"),))
BODIES: list[facts.Body] = [
    facts.ShiftOpened(ID.format(3), 20000, "CNY", "2026-11-20"),
    facts.PassSold(
        ID.format(4), ID.format(5), ID.format(6), "十次卡", False, 10, 10, NOW, "active", 15000, "CNY", "none", (),
        (Tender("cash", 15000, 20000),), ("VR.SZ1T03.000001",),
    ),
    facts.PassRedeemed(
        ID.format(7), ID.format(4), ID.format(5), "十次卡", "2026-11-20", (CUP,), 1, 9, NOW, 300, "CNY",
        (VatGroup("0.06", 283, 17),), (Tender("bank_card", 300, 300),), ("VR.SZ1T03.000002", "TP.SZ1T03.000001"), "A12",
        facts.Evidence("at_risk", None, 3, "00112233", NOW),
    ),
    facts.OrderPaid(ID.format(8), None, (CUP,), 300, "CNY", (), (Tender("cash", 300, 300),), ("TP.SZ1T03.000002",),
        "A13"),
    facts.RequestAbandoned(ID.format(9), "no_answer"),
    facts.SlipReprinted("VR.SZ1T03.000002", 1, "unknown"),
    facts.ToppedUp(
        ID.format(4), ID.format(5), 10000, 2000, ID.format(6), "CNY", (Tender("wechat", 10000, 10000),),
        ("VR.SZ1T03.000003",),
    ),
    facts.ToppedUp(
        ID.format(4), ID.format(5), 80000, 0, None, "CNY", (Tender("cash", 80000, 80000),), ("VR.SZ1T03.000006",),
        ID.format(7),
    ),
    facts.CardCharged(
        ID.format(7), ID.format(4), "personal", ID.format(5), (SOLD,), 2550, "0.950", 2423, "CNY",
        (VatGroup("0.06", 2286, 137),), 25, 9577, ("TP.SZ1T03.000003",), "A14", facts.Evidence("online", ID.format(8)),
    ),
    facts.Refunded(
        ID.format(7), "CZ000012", "top_up", 10000, 9000, "cash", "CNY", 0, "customer_wish", ("VR.SZ1T03.000004",),
        facts.Evidence("online", ID.format(8)),
    ),
    facts.OrderRefunded(
        ID.format(7), ID.format(8), "TP.SZ1T03.000002", (1,), (CUP,), 300, "CNY", (VatGroup("0.06", 283, 17),),
        (Tender("cash", 300, 300),), "product_fault", ("VR.SZ1T03.000005",),
    ),
    facts.MemberCreated(ID.format(5), "SZ1T03.000007", ID.format(6), "cd" * 32),
    drawer.CashMoved(ID.format(8), "safe_drop", 10000, "CNY", "safe", "2026-11-20", ("CM.SZ1T03.000001",)),
    drawer.ShiftClosed(
        ID.format(3), 1, NOW, "2026-11-20", "CNY",
        drawer.ShiftTotals(
            20000, 0, 0, 10000, (drawer.TenderTotal("cash", 300, 0),), (VatGroup("0.06", 283, 17),),
            (drawer.SlipRange("TP", 1, 3),), 1, 1, 1, 1, 1, 1, 2423, 1, 1, 0,
        ),
        (drawer.Counted("cash", 10300, 10200),), "miscounted", ("ZR.SZ1T03.000001",),
    ),
    ReservationClosed(ID.format(4), "recalled", 1, 3, "use"),
]  # fmt: skip


def fact(body: facts.Body) -> Fact:
    return Fact(ID.format(1), ID.format(2), 7, "ab" * 32, NOW, ID.format(3), None, None, "zh-CN", body)


def test_every_kind_is_covered_here() -> None:
    assert {type(body).__name__ for body in BODIES} == set(facts.KINDS)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_facts_read_back_to_the_same_bytes(body: facts.Body) -> None:
    data = encode_fact(fact(body))
    assert decode_fact(data) == fact(body)
    assert encode_fact(decode_fact(data)) == data
    assert len(hash_fact(data)) == 64


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_no_field_of_a_fact_is_made_for_personal_data(body: facts.Body) -> None:
    names = set(json.loads(encode_fact(fact(body)))["body"])
    assert not names & {"phone", "member_name", "name", "email"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "PassStolen"}, "newer_than_server"),
        ({"kind": None}, "request_malformed"),
        ({"format": 2}, "newer_than_server"),
        ({"format": 0}, "request_malformed"),
        ({"format": True}, "request_malformed"),
        ({"kind": "pass sold"}, "request_malformed"),
        ({"seq": 0}, "request_malformed"),
        ({"prev": "ab"}, "request_malformed"),
        ({"fact_id": "x"}, "request_malformed"),
        ({"terminal_id": ""}, "request_malformed"),
        ({"happened_at": "2026-11-20T06:32:00"}, "request_malformed"),
        ({"language": "fr"}, "request_malformed"),
        ({"body": {}}, "request_malformed"),
        ({"body": None}, "request_malformed"),
        ({"extra": 1}, "newer_than_server"),
        ({"extra": 1, "seq": "7"}, "request_malformed"),
    ],
)
def test_what_is_not_a_fact(change: dict[str, object], code: str) -> None:
    plain = json.loads(encode_fact(fact(BODIES[0]))) | change
    with pytest.raises(Refusal, match=code):
        decode_fact(json.dumps(plain))


def test_an_unknown_rung_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="rung"):
        facts.Evidence("promised")


@pytest.mark.parametrize(
    ("body", "name", "wrong"),
    [
        (BODIES[8], "card_type", "gift"),
        (BODIES[8], "evidence", {"rung": "promised"}),
        (BODIES[8], "vat", [{"rate": "0.06"}]),
        (BODIES[9], "kind", "order"),
        (BODIES[-1], "reason", "lost"),
        (BODIES[-1], "used", 4),
        (BODIES[-1], "used", -1),
        (BODIES[9], "cash_minor", "9000"),
    ],
)
def test_what_is_not_a_charge_a_refund_or_a_reservations_end(body: facts.Body, name: str, wrong: object) -> None:
    plain = json.loads(encode_fact(fact(body)))
    plain["body"][name] = wrong
    with pytest.raises(Refusal, match="request_malformed"):
        decode_fact(json.dumps(plain))


def test_evidence_from_before_there_were_reservations_reads() -> None:
    new = fact(BODIES[2])
    data = encode_fact(new)
    old = data.replace(b'"reservation_id":null,', b"")
    assert old != data
    assert decode_fact(old) == new

"""Outbox and devices: what waits, what is held and why, what the paper did."""

import pytest

from models import codec
from models.wire import FactResult, HeldDecision
from pos_app.journal import identity, mirror, outbox
from pos_app.till import risk
from pos_app.till.values import Changes, RiskView
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import NOON


@pytest.fixture
def sold(hand: Hand) -> Hand:
    """One drink sold, outbox in front."""
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.tap("chip_outbox")
    hand.wait(screen="outbox", visible="fact_1")
    return hand


def test_every_fact_and_its_slip_is_listed(sold: Hand) -> None:
    assert "收款" in sold.text("fact_0")
    assert "TP.SZ1T03.000001" in sold.text("fact_0")
    assert "待同步" in sold.text("fact_0")
    assert sold.text("outbox_summary") == "待同步 2 · 总部待处理 0"


def test_the_server_answers_and_the_list_follows(sold: Hand) -> None:
    with sold.shop.journal.upkeep() as connection:
        sent = outbox.pending(connection, 10, 1 << 20)
        results = [
            FactResult(sent[0].fact_id, 1, "accepted", None, "SH000001"),
            FactResult(sent[1].fact_id, 2, "held", "member_unknown", None),
        ]
        assert outbox.note_results(connection, sent, results, 2, NOON) == 2
    sold.shop.till.notify(Changes(outbox=True))
    sold.until(lambda: "已入账" in sold.text("fact_1"))
    assert "待处理" in sold.text("fact_0")
    assert "找不到这位会员" in sold.text("fact_0")
    sold.wait(header={"outbox": "总部待处理 1"})


def test_the_printer_says_what_to_do(sold: Hand) -> None:
    sold.shop.till.live.printer = "cover_open"
    sold.shop.till.notify(Changes(paper=True))
    sold.wait(text=["device_1", "盖子未关"], header={"printer": "盖子未关"})


def test_f9_reprints_the_last_slip_from_anywhere(hand: Hand) -> None:
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.shop.paper("TP.SZ1T03.000001", "printed")
    hand.key("F9")
    hand.wait(screen="outbox")
    hand.until(lambda: hand.shop.facts()[-1].kind == "SlipReprinted")


def test_f9_before_the_original_came_is_refused_with_words(hand: Hand) -> None:
    hand.tap("product_0", "confirm")
    hand.wait(screen="result")
    hand.key("F9")
    hand.wait(text=["outbox_notice_title", "原件还在排队"])
    assert hand.shop.facts()[-1].kind == "OrderPaid"


def test_nothing_sold_shows_an_empty_list_of_slips(hand: Hand) -> None:
    hand.tap("nav_outbox")
    hand.wait(visible="slips_empty")
    assert not hand.find("reprint_last").isEnabled()


def test_what_head_office_decided_is_shown_with_its_reason(sold: Hand) -> None:
    with sold.shop.journal.upkeep() as connection:
        sent = outbox.pending(connection, 10, 1 << 20)
        results = [FactResult(fact.fact_id, fact.seq, "held", "terminal_revoked", None) for fact in sent]
        assert outbox.note_results(connection, sent, results, 2, NOON) == 2
        decided = HeldDecision(sent[1].hash, "reject", "没有发生", None, NOON)
        mirror.put(connection, "decision", sent[1].hash, codec.to_plain(decided), "e1")
    sold.shop.till.notify(Changes(outbox=True))
    sold.until(lambda: "总部已驳回" in sold.text("fact_0"))
    assert "没有发生" in sold.text("fact_0")
    assert "待处理" in sold.text("fact_1")
    sold.wait(header={"outbox": "总部待处理 1"})


def test_the_risk_that_is_left_is_shown_and_what_would_help(sold: Hand) -> None:
    assert sold.text("device_3") == "无"
    assert risk.risk_left(sold.shop.till) == RiskView("no_policy")
    with sold.shop.journal.upkeep() as connection:
        identity.write_state(connection, "refused", "terminal_revoked")
    assert risk.risk_left(sold.shop.till).why == "revoked"

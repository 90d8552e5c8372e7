"""Outbox and devices: what waits, what is held and why, what the paper did."""

from dataclasses import replace

import pytest

from models import codec
from models.catalogue import RiskCaps
from models.wire import FactResult, HeldDecision
from pos_app.journal import identity, mirror, outbox
from pos_app.till import risk
from pos_app.till.values import Changes, RiskView
from pos_app.ui.phrases import LANGUAGES, load
from pos_app.ui.screens.outbox import FactRow
from pos_app.ui.widgets.text import Words
from tests.pos_app.desk import POLICY, Desk
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import NOON
from tests.pos_app.ui.test_text_fit import faults


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
    hand.tap("nav_more", "nav_outbox")
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


NOTES = {
    "zh-CN": "已与门店和会员电话核实，按原金额入账，本案到此结束，相关凭证已归档备查，无需收银员再做任何处理",
    "es-ES": "Comprobado con la tienda y con el socio por teléfono, se contabiliza tal cual y se cierra el caso",
    "en": "Checked with the shop and with the member by telephone, posted as it stands, and the case is closed",
}
HELD = ("uses_exhausted", "terminal_revoked", "content_differs", "offline_member_cap", "something_new")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_held_and_what_was_decided_is_read_whole(open_window: Open, language: str) -> None:
    hand = open_window(language=language)
    hand.sign_in()
    for _ in range(len(HELD)):
        hand.tap("product_0", "confirm")
        hand.wait(screen="result")
        hand.tap("nav_checkout")
    with hand.shop.journal.upkeep() as connection:
        sent = outbox.pending(connection, 10, 1 << 20)[1:]
        results = [
            FactResult(fact.fact_id, fact.seq, "held", reason, None) for fact, reason in zip(sent, HELD, strict=True)
        ]
        outbox.note_results(connection, sent, results, 6, NOON)
        for fact, decision in zip(sent, ("post", "post_to", "write_off"), strict=False):
            decided = HeldDecision(fact.hash, decision, NOTES[language], "HX000123", NOON)
            mirror.put(connection, "decision", fact.hash, codec.to_plain(decided), "e1")
    hand.tap("nav_more", "nav_outbox")
    hand.wait(visible="fact_0")
    hand.idle()
    words = load(language)
    assert "something_new" in hand.text("fact_0"), "a reason of a later version is named, not hidden"
    assert words["held.reason.offline_member_cap"] in hand.text("fact_1")
    assert words["decision.write_off"] in hand.text("fact_2")
    rows = [widget for widget in hand.shell.window.findChildren(FactRow) if widget.isVisible()]
    assert len(rows) == 6
    for row in rows:
        row.grab()
        assert not [part.lines for part in row.fits if part.cut]
    assert [len(row.fits[-1].lines) for row in rows][-3:] != [1, 1, 1]
    assert faults(hand) == []


def test_what_the_policy_allows_of_cards_is_told_with_what_this_till_does_of_it(desk: Desk) -> None:
    """Only uses are spent unproven by this version; a cap of money is shown as what it is, not as money at risk."""
    caps = RiskCaps(1_000, 2_000, 50_000, 86_400, 86_400)
    desk.allow(replace(POLICY, personal_card=caps, enterprise_card=replace(caps, per_operation=0)))
    assert risk.risk_left(desk.till).unused == (("personal_card", 50_000),)
    desk.allow(replace(POLICY, version=2, max_uses_terminal=0, tickets=replace(caps, per_terminal=3)))
    assert risk.risk_left(desk.till) == RiskView("no_policy", unused=(("tickets", 3),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_are_shown_in_words(open_window: Open, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    caps = (("tickets", 3), ("personal_card", 50_000), ("enterprise_card", 200_000))
    monkeypatch.setattr(risk, "risk_left", lambda _till: RiskView("fine", 20, 20, 1, 2, 86_400, caps))
    hand = open_window(language=language)
    hand.sign_in()
    hand.tap("nav_more", "nav_outbox")
    hand.wait(visible="device_4")
    said = [widget.text() for widget in hand.shell.window.findChildren(Words) if widget.isVisible()]
    assert any("500" in text and "2" in text and "3" in text for text in said)
    assert not any("1 usos" in text or "1 uses" in text or "。 " in text for text in said)
    assert faults(hand) == []

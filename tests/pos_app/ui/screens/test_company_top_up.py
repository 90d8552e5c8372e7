"""Topping up for a company: the card is chosen before the amount, or its code scanned, and never turns into another."""

import pytest

from models.facts import ToppedUp, decode_fact
from pos_app.journal.tables import FACTS
from pos_app.ui.assembly import slip_phrases
from pos_app.ui.customer import CustomerDisplay
from pos_app.ui.phrases import LANGUAGES, Phrases
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import ACME, FOREIGN, PINE, short_code, uid

OWN, FIRST, SECOND, THIRD = "top_up_own", "top_up_company_0", "top_up_company_1", "top_up_company_2"


@pytest.fixture
def screen(hand: Hand) -> Hand:
    """The top-up screen; the first member, who administers companies, is there."""
    hand.shop.appoint(PINE, ACME, FOREIGN)
    hand.key("F5")
    hand.wait(screen="top_up")
    hand.scan(1)
    hand.wait(visible=FIRST)
    return hand


def credited(hand: Hand) -> list[tuple[str | None, int, int]]:
    """Card, amount and bonus of every top-up in the journal."""
    with hand.shop.journal.reading() as rows:
        found = [decode_fact(row.bytes).body for row in rows.execute(FACTS.select().order_by(FACTS.c.seq))]
    return [(body.card_id, body.amount_minor, body.bonus_minor) for body in found if isinstance(body, ToppedUp)]


@pytest.mark.req("R031", "C05")
def test_the_card_is_chosen_first_and_nothing_is_preselected(screen: Hand) -> None:
    assert screen.text("confirm") == "充值到哪张卡？"
    assert not screen.sees("amount_1")
    assert screen.find(FIRST).isEnabled()
    assert not screen.find(THIRD).isEnabled(), "another currency"
    screen.key("Return")
    screen.idle()
    assert credited(screen) == []
    screen.tap(FIRST)
    assert screen.text("top_up_company") == PINE.company_name
    assert screen.text("top_up_company_note").startswith("企业卡 ****0042 · 经办人 王")
    screen.tap("amount_5")
    assert screen.text("top_up_credit") == screen.text("top_up_due")
    assert not screen.sees("top_up_bonus"), "a company gets no bonus"
    screen.tap("tender_bank_card", "confirm")
    screen.wait(screen="result")
    assert PINE.company_name in screen.text("result_detail")
    assert credited(screen) == [(PINE.card_id, 100_000, 0)]


def test_ones_own_card_brings_its_bonus_and_the_choice_can_be_changed(screen: Hand) -> None:
    screen.tap(SECOND, "amount_1", "top_up_switch")
    screen.wait(visible=OWN)
    assert screen.text("top_up_due") == "¥\u00a0100.00", "the amount stays"
    assert not screen.find("confirm").isEnabled()
    screen.tap(OWN)
    assert not screen.sees("top_up_company")
    assert screen.text("top_up_bonus") == "+¥\u00a020.00"
    screen.tap("tender_wechat", "confirm")
    screen.wait(screen="result")
    assert credited(screen) == [(None, 10_000, 2_000)]


def test_whoever_administers_nothing_is_asked_nothing(screen: Hand) -> None:
    screen.tap(FIRST, "amount_1")
    screen.scan(3)
    screen.wait(hidden="top_up_company")
    assert not screen.sees("top_up_switch")
    assert screen.text("top_up_bonus") == "+¥\u00a020.00"
    screen.scan(1)
    screen.wait(visible=FIRST)
    assert not screen.find("confirm").isEnabled(), "asked again: another person was there"


@pytest.mark.req("R032", "R059", "C04")
def test_a_companys_code_chooses_it(hand: Hand) -> None:
    hand.shop.appoint(PINE, ACME)
    hand.key("F5")
    hand.wait(screen="top_up")
    hand.shell.scanner.scanned.emit(short_code(0xC02))
    hand.wait(text=["top_up_company", ACME.company_name])
    assert hand.sees("member_sure"), "the code says which company, not who stands there"
    hand.tap("top_up_switch", FIRST)
    assert hand.text("top_up_company") == PINE.company_name
    hand.shop.clock.pass_by(5)
    hand.shell.scanner.scanned.emit(short_code(0xC02))
    hand.wait(text=["top_up_company", ACME.company_name])
    hand.tap("amount_0", "confirm")
    hand.wait(screen="result")
    assert [card for card, _, _ in credited(hand)] == [ACME.card_id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_counter_a_companys_code_opens_nobody_and_says_what_it_is_for(open_window: Open, language: str) -> None:
    hand = open_window(language=language)
    hand.sign_in()
    say = Phrases(language)
    hand.shop.appoint(PINE)
    hand.shell.scanner.scanned.emit(short_code(0xC01))
    hand.wait(visible="notice_title")
    assert hand.text("notice_title") == say("refusal.code_pays_goods")
    assert hand.text("notice_detail") == say("refusal.code_pays_goods.next")
    assert not hand.sees("member_name")
    hand.tap("product_0")
    hand.key("F6")
    hand.shell.scanner.scanned.emit(short_code(0xC01))
    hand.wait(visible="card_total")


def test_who_was_brought_by_a_companys_code_does_not_stay_at_the_counter(hand: Hand) -> None:
    hand.shop.appoint(PINE)
    hand.key("F5")
    hand.type("scan_box", short_code(0xC01))
    hand.key("Return")
    hand.wait(text=["top_up_company", PINE.company_name])
    hand.tap("nav_checkout")
    hand.wait(screen="checkout")
    hand.idle()
    assert not hand.sees("member_name")


def test_several_admins_are_chosen_from(hand: Hand) -> None:
    for member in (1, 2):
        hand.shop.appoint(PINE, member=member)
    hand.key("F5")
    hand.wait(screen="top_up")
    hand.shell.scanner.scanned.emit(short_code(0xC01))
    hand.wait(visible="person_1")
    hand.tap("person_1")
    hand.wait(screen="top_up", text=["top_up_company", PINE.company_name])
    hand.tap("amount_0", "confirm")
    hand.wait(screen="result")
    with hand.shop.journal.reading() as rows:
        body = decode_fact(rows.execute(FACTS.select().order_by(FACTS.c.seq.desc())).first().bytes).body  # type: ignore[union-attr]
    assert isinstance(body, ToppedUp)
    assert (body.member_id, body.card_id) == (uid(2), PINE.card_id)


def test_a_company_of_another_currency_is_not_chosen_by_its_code(hand: Hand) -> None:
    hand.shop.appoint(FOREIGN)
    hand.key("F5")
    hand.shell.scanner.scanned.emit(short_code(0xC03))
    hand.wait(visible=FIRST)
    assert not hand.find(FIRST).isEnabled()
    assert not hand.sees("amount_0")


@pytest.mark.req("R031")
def test_a_binding_that_ends_meanwhile_never_turns_into_ones_own_card(screen: Hand) -> None:
    screen.tap(FIRST, "amount_1", "cash_open")
    screen.shop.appoint()
    screen.wait(visible="top_up_lost_title")
    assert not screen.find("confirm").isEnabled()
    assert screen.sees(OWN)
    assert not screen.sees(FIRST)
    screen.key("Return")
    screen.idle()
    assert credited(screen) == []
    screen.tap(OWN)
    assert screen.text("top_up_due") == "¥\u00a0100.00"
    screen.tap("confirm")
    screen.wait(screen="result")
    assert credited(screen) == [(None, 10_000, 2_000)]


@pytest.mark.req("C07")
def test_offline_twice_tapped_it_is_one_and_the_customer_reads_whose(screen: Hand) -> None:
    screen.shop.go_offline()
    screen.tap(FIRST, "amount_1")
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.find("confirm").click()  # type: ignore[attr-defined]
    screen.wait(screen="result")
    screen.idle()
    assert credited(screen) == [(PINE.card_id, 10_000, 0)]
    assert "同步后到账" in screen.text("card_told_title")
    screen.key("F7")
    screen.wait(screen="orders", visible="order_0")
    screen.tap("order_0")
    screen.wait(visible="order_company")
    assert screen.text("order_company") == f"{PINE.company_name} · ****0042"


@pytest.mark.req("R034")
def test_it_is_refunded_like_any_top_up(screen: Hand) -> None:
    screen.tap(FIRST, "amount_1", "tender_bank_card", "confirm")
    screen.wait(screen="result")
    screen.shop.acknowledge(1000)
    screen.shop.server.refunds["CZ00100000002"] = {"bonus_minor": 0, "cash_minor": 10_000, "member_id": None}
    screen.key("F8")
    screen.until(lambda: screen.find("refundable_0").isEnabled())
    screen.tap("refundable_0", "reason_amount_wrong", "confirm")
    screen.wait(screen="result", visible="result_refunded")
    assert "100.00" in screen.text("result_title")


@pytest.mark.parametrize("asked_for", [OWN, FIRST])
def test_the_customer_reads_what_was_topped_up_and_whose(screen: Hand, asked_for: str) -> None:
    screen.tap(asked_for, "amount_1", "confirm")
    screen.wait(screen="result")
    desk = screen.shell.window.interior.desk  # type: ignore[union-attr]
    display = CustomerDisplay(desk, slip_phrases(desk.till))
    display.turn("result")
    told = [words.text() for words in display.figure_words]
    display.end()
    assert told[0] == ("充值 ¥\u00a0100.00" if asked_for == OWN else f"{PINE.company_name} 充值 ¥\u00a0100.00")
    assert not any("王小雨" in one for one in told)

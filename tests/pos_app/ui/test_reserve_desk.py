"""What is set aside, at the counter: seen, used, given back; and this till's own code where a member can scan it."""

from typing import Any

import pytest

from models.facts import CardCharged, PassRedeemed, decode_fact
from pos_app.journal.tables import FACTS
from pos_app.till.values import Changes
from pos_app.ui.phrases import LANGUAGES
from pos_app.ui.settle import SETTLE_SECONDS
from printing.layout import QrCode, Row
from tests.pos_app.headquarters import money, reserved, shown, snapshot, told, trust
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import short_code, uid
from tests.pos_app.ui.test_customer import cut, keep, said, turn_on

ADDRESS = "https://tills.example.com/m/t/SZ1T03"


def last(hand: Hand) -> Any:
    with hand.shop.journal.reading() as rows:
        return decode_fact(rows.execute(FACTS.select().order_by(FACTS.c.seq.desc())).first().bytes).body  # type: ignore[union-attr]


@pytest.fixture
def counter(hand: Hand) -> Hand:
    trust(hand.shop)
    return hand


@pytest.mark.req("C05", "C07")
def test_a_lease_is_seen_and_used_without_a_network(counter: Hand) -> None:
    told(counter.shop, reserved(counter.shop, uses=2))
    counter.scan(1)
    assert "本机预留 2 次（奶茶 10 次卡）" in counter.text("member_set_aside_0")
    counter.shop.go_offline()
    counter.tap("pass_1")
    counter.shell.window.tick()
    counter.wait(visible="offline_notice_title")
    assert counter.text("offline_notice_title").startswith("离线中：本机预留 2 次")
    counter.tap("pass_0")
    counter.shell.window.tick()
    assert counter.text("offline_notice_title") == "离线中：暂不能核销次卡；售卡和收款照常。"
    counter.tap("pass_1", "product_0", "confirm")
    counter.wait(screen="result")
    assert "本机预留" in counter.text("result_detail")
    assert isinstance(last(counter), PassRedeemed)


def test_given_back_at_the_counter(counter: Hand) -> None:
    told(counter.shop, reserved(counter.shop, uses=2))
    counter.scan(1)
    counter.tap("member_give_back_0")
    counter.until(lambda: last(counter).__class__.__name__ == "ReservationClosed")
    counter.idle()
    counter.until(lambda: not counter.sees("member_set_aside_0"))
    counter.tap("nav_more", "nav_set_aside")
    counter.wait(visible="set_aside_0_state")
    assert counter.text("set_aside_0_state") == "已退回，待上传"
    counter.shop.acknowledge(99)
    counter.wait(visible="set_aside_empty")


@pytest.mark.req("C05", "C07")
def test_a_member_whom_nobody_knows_here_redeems_by_code(counter: Hand) -> None:
    counter.shop.go_offline()
    code = shown(reserved(counter.shop, member=77, source_id=uid(0x977)))
    counter.shell.scanner.scanned.emit(code)
    counter.wait(text=["member_name", "出示预留码的会员"])
    counter.tap("product_0", "confirm")
    counter.wait(screen="result")
    assert last(counter).member_id == uid(77)
    counter.key("Return")
    counter.wait(screen="checkout")
    counter.shell.scanner.scanned.emit(code)
    counter.wait(text=["notice_title", "会员码已经用过"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_that_do_not_hold_say_why_and_what_next(open_window: Open, language: str) -> None:
    hand = open_window(language=language)
    hand.sign_in()
    trust(hand.shop)
    good = reserved(hand.shop)
    text = shown(good)
    bad = [
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        shown(reserved(hand.shop, terminal_id=uid(0xD9))),
        shown(reserved(hand.shop, hours=-1)),
        shown(money(hand.shop, member_id=None, card_type="enterprise")),
    ]
    titles = set()
    for code in bad:
        hand.shell.scanner.scanned.emit(code)
        hand.wait(visible="notice_title")
        hand.idle()
        titles.add(hand.text("notice_title"))
        assert hand.text("notice_detail")
        assert hand.sees("notice_action")
        hand.tap("notice_close")
    assert len(titles) == len(bad)


@pytest.mark.req("C05", "C07")
def test_offline_the_card_pays_from_what_is_set_aside(counter: Hand) -> None:
    told(counter.shop, money(counter.shop, 5_000))
    counter.shop.go_offline()
    counter.shell.scanner.scanned.emit(snapshot(counter.shop))
    counter.wait(visible="pass_0")
    counter.tap("pass_0", "product_0")  # the chosen pass again: none pays
    counter.key("F6")
    counter.wait(visible="card_total")
    assert counter.text("card_notice_title") == "从本机预留中支付，不需要网络。"
    counter.tap("confirm")
    counter.wait(screen="result")
    assert isinstance(last(counter), CardCharged)
    assert "本机预留" in counter.text("result_detail")


@pytest.mark.req("R087")
def test_nobody_answers_for_a_members_money_but_their_pin(counter: Hand) -> None:
    counter.shop.give_pin(1, "902104")
    counter.shop.hire("864200", {"member_pin"})
    told(counter.shop, money(counter.shop, 5_000))
    counter.shop.go_offline()
    counter.scan(1)
    counter.tap("pass_0", "product_0")
    counter.key("F6")
    counter.wait(visible="card_total")
    assert not counter.sees("card_balance")
    assert not counter.sees("card_after")
    counter.tap("confirm")
    counter.wait(visible="member_pin_field")
    assert not counter.sees("member_pin_forgotten")
    counter.type("member_pin_field", "902104")
    counter.key("Return")
    counter.wait(screen="result")
    assert isinstance(last(counter), CardCharged)


def test_a_balance_too_small_takes_what_is_set_aside_after_another_look(counter: Hand) -> None:
    told(counter.shop, money(counter.shop, 5_000))
    counter.tap("product_0")
    counter.key("F6")
    counter.shop.server.refuse, counter.shop.server.refuse_data = "balance_insufficient", {"balance_minor": 0}
    counter.shell.scanner.scanned.emit(short_code(1))
    counter.wait(visible="card_total")
    counter.tap("confirm")
    counter.wait(text=["notice_title", "可用余额不足，本机有预留"])
    assert last(counter).__class__.__name__ == "ShiftOpened"
    counter.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    counter.tap("confirm")
    counter.wait(screen="result")
    assert last(counter).evidence.rung == "reserved"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_sees_this_tills_code_while_it_can_help(open_window: Open, language: str) -> None:
    hand = open_window(language=language, currency="EUR" if language == "es-ES" else "CNY")
    hand.sign_in()
    trust(hand.shop)
    display = turn_on(hand)
    hand.tap("nav_checkout")
    assert display.pages.currentWidget() is display.welcome
    hand.shop.go_offline()
    assert display.pages.currentWidget() is display.code
    assert hand.shop.journal.terminal_code in said(display)
    keep(display, f"{language}-code")
    assert cut(display) == []
    hand.scan(1)
    assert display.pages.currentWidget() is display.code
    hand.tap("product_0")
    assert display.pages.currentWidget() is display.basket
    hand.tap("confirm")
    hand.wait(visible="notice_action")
    hand.tap("notice_action")
    hand.wait(screen="set_aside")
    assert display.pages.currentWidget() is display.code
    hand.tap("nav_checkout")
    hand.wait(visible="line_0")
    hand.shell.scanner.scanned.emit(shown(reserved(hand.shop)))
    hand.wait(visible="member_set_aside_0")
    assert hand.state()["basket"]["cups"] == 1
    hand.tap("clear_basket")
    assert display.pages.currentWidget() is display.welcome, "something is set aside for who stands there"
    hand.shop.server.reachable = True
    hand.shop.till.notify(Changes(network=True))
    hand.tap("member_change")
    assert display.pages.currentWidget() is display.welcome


def test_the_code_as_a_page_for_the_counter(counter: Hand) -> None:
    counter.tap("nav_more", "nav_set_aside")
    counter.wait(screen="set_aside")
    assert counter.text("till_code_text") == "SZ1T03"
    counter.tap("till_code_print")
    counter.wait(text=["set_aside_notice_title", "已打印。"])
    (page,) = counter.shop.pages
    codes = [part.text for part in page.elements if isinstance(part, QrCode)]
    words = "".join(span.text for part in page.elements if isinstance(part, Row) for span in part.spans)
    assert codes == [ADDRESS]
    assert "SZ1T03" in words

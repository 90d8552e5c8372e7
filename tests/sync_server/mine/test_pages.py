"""What a member sees, sets and cannot reach: their own things, and nobody else's."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from models.tokens import decode_short
from sync_server.cards.codes import check_code
from sync_server.database.engine import Pool
from sync_server.database.urls import DatabaseUrls
from sync_server.members.codes import rotate_code
from sync_server.mine.pages import HISTORY_ROWS
from tests.sync_server import card_till
from tests.sync_server.cards.people import enterprise_card
from tests.sync_server.mine.conftest import LUCY, MARK, NAME, OTHER_PHONE, Page, csrf_of
from tests.sync_server.till import as_owner


def seen(text: str) -> str:
    """The words of a page, without its marks."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def code_of(client: httpx.Client, card: str = "") -> httpx.Response:
    data = {"csrf_token": csrf_of(client), "card": card}
    return client.post("/m/code", data=data, headers={"Accept": "application/json"})


def test_the_wallet_shows_principal_bonus_points_and_passes(lucy: httpx.Client) -> None:
    words = seen(lucy.get("/m/wallet").text)
    assert "My card ¥120.00 Paid in ¥100.00 Bonus ¥20.00 Points 0" in words
    assert "测试商户 Level 0" in words
    assert re.search(r"十杯卡 测试商户 9 /10 Until \d+ \w{3} \d{4} Active", words)


def test_the_history_tells_everything_once_in_the_stores_time(mine: Page, lucy: httpx.Client) -> None:
    words = seen(lucy.get("/m/history").text)
    assert re.search(
        r"Top-up plus ¥20\.00 bonus \d\d:\d\d · 测试店 · CZ\S+ \+¥100\.00 "
        r"十杯卡 Pass used · 1 use \d\d:\d\d · 测试店 −¥5\.00 "
        r"十杯卡 Pass bought · 10 uses \d\d:\d\d · 测试店 −¥150\.00",
        words,
    ), words
    topped_up = (mine.till.at - timedelta(seconds=1)).astimezone().strftime("%M")
    assert f":{topped_up} · 测试店 · CZ" in words


def test_what_is_paid_by_card_and_what_comes_back_is_told_once_with_its_sign(mine: Page, lucy: httpx.Client) -> None:
    async def shop(pool: Pool) -> None:
        till = mine.till
        paid = card_till.charge(till, await rotate_code(pool, LUCY), count=2)
        answer = await till.ask(paid)
        assert answer.outcome == "accepted", answer
        till.at = datetime.now(UTC)
        till.fact(card_till.charged(till, paid, answer))
        back = card_till.refund(answer.tx_no, 1800)
        till.fact(card_till.refunded(till, back, await till.ask(back)))
        till.order(member_id=LUCY)
        results = (await till.push()).results
        assert {result.outcome for result in results} <= {"accepted", "already_known"}, results

    mine.running.do(shop)
    lines = re.findall(
        r"(Purchase|Paid with card|Back on the card) \d\d:\d\d .*? ([+−]¥[\d.]+)", seen(lucy.get("/m/history").text)
    )
    assert sorted(lines) == [("Back on the card", "+¥18.00"), ("Paid with card", "−¥36.00"), ("Purchase", "−¥21.00")]
    words = seen(lucy.get("/m/wallet").text)
    assert "My card ¥102.00" in words


def test_the_history_goes_on_page_by_page(mine: Page, lucy: httpx.Client) -> None:
    async def busy(_: Pool) -> None:
        for n in range(HISTORY_ROWS + 5):
            card_till.top_up(mine.till, 100 + n, member_id=LUCY)
        await mine.till.push()

    mine.running.do(busy)
    first = lucy.get("/m/history").text
    link = html.unescape(re.findall(r'href="(/m/history\?before=[^"]+)"', first)[0])
    second = lucy.get(link).text
    amounts = [re.findall(r"\+¥(1\.\d\d)", page) for page in (first, second)]
    assert [len(one) for one in amounts] == [HISTORY_ROWS, 5]
    assert [*amounts[0], *amounts[1]] == [f"{(100 + n) / 100:.2f}" for n in reversed(range(HISTORY_ROWS + 5))]
    assert "before=" not in second
    assert "Nothing earlier" in lucy.get("/m/history?before=2000-01-01T00:00:00.000Z~" + LUCY).text
    for place in ("x", "~", "2026-99-01T00:00:00.000Z~" + LUCY, "2026-01-01T00:00:00Z~" + "-" * 36, "%00", "9" * 5000):
        assert lucy.get("/m/history", params={"before": place}).status_code in (200, 400)


@pytest.mark.req("R038", "R059")
def test_somebody_else_sees_nothing_of_it(mine: Page, lucy: httpx.Client) -> None:
    code = code_of(lucy)
    card_ref = decode_short("".join(code.json()["groups"])).card_ref
    with mine.phone() as mark:
        mine.sign_in(mark, OTHER_PHONE)
        assert "Your purchases, top-ups and uses will show here" in mark.get("/m/history").text
        words = seen(mark.get("/m/wallet").text)
        assert "My card 0 Paid in 0" in words
        assert "No passes yet" in words
        lucys = re.findall(r'name="card" value="([^"]+)"', lucy.get("/m/").text)[0]
        for answer in (mark.get("/m/", params={"card": lucys}), code_of(mark, lucys)):
            assert answer.status_code == 404
            assert "not in your wallet" in answer.text
        marks = decode_short("".join(code_of(mark).json()["groups"]))
        assert marks.card_ref != card_ref
    text = "".join(code.json()["groups"])
    assert mine.running.do(lambda pool: check_code(pool, text)).member_id == LUCY


def test_a_company_card_is_its_members_to_see_and_its_admins_to_show(
    mine: Page, lucy: httpx.Client, database: DatabaseUrls
) -> None:
    with as_owner(database) as owner:
        card = enterprise_card(owner, LUCY, members=(MARK,))
    page = lucy.get("/m/wallet")
    assert "公司 Administrator" in seen(page.text)
    assert "10% off" in page.text
    assert f"/m/?card={card}" in page.text
    assert code_of(lucy, card).status_code == 200
    with mine.phone() as mark:
        mine.sign_in(mark, OTHER_PHONE)
        page = mark.get("/m/wallet")
        assert "公司 Member" in seen(page.text)
        assert f"/m/?card={card}" not in page.text
        assert code_of(mark, card).status_code == 403


def test_names_are_words_and_never_markup(lucy: httpx.Client) -> None:
    for path in ("/m/", "/m/me"):
        text = lucy.get(path).text
        assert NAME not in text
        assert html.escape(NAME) in text
    assert lucy.get("/m/sign-in", params={"back": '/m/"><script>'}).text.count("<script") == 1


@pytest.mark.req("R032", "R059")
def test_looking_makes_no_code_and_a_new_one_voids_the_last(mine: Page, lucy: httpx.Client) -> None:
    first = "".join(code_of(lucy).json()["groups"])
    for path in ("/m/", "/m/wallet", "/m/code"):
        lucy.get(path)
    assert mine.running.do(lambda pool: check_code(pool, first)).member_id == LUCY
    assert 890 <= code_of(lucy).json()["seconds"] <= 900
    with pytest.raises(Exception, match="code_wrong"):
        mine.running.do(lambda pool: check_code(pool, first))


def test_a_pin_is_set_changed_and_taken_away(lucy: httpx.Client) -> None:
    def put(pin: str, again: str | None = None) -> httpx.Response:
        data = {"csrf_token": csrf_of(lucy), "pin": pin, "again": pin if again is None else again}
        return lucy.post("/m/me/pin", data=data, follow_redirects=True)

    assert "Not set" in lucy.get("/m/me").text
    for pin, again, said in (
        ("2580", "2581", "not the same"), ("12", "12", "4 to 6 digits"), ("1234", "1234", "Too easy"),
        ("7777", "7777", "Too easy"), ("6021", "6021", "end of your phone number"), ("２５８０", None, "4 to 6 digits"),
        ("", "", "4 to 6 digits"), ("9" * 4000, None, "4 to 6 digits"),
    ):  # fmt: skip
        answer = put(pin, again)
        assert (answer.status_code, said in answer.text) == (400, True), (pin, answer.status_code)
    assert "PIN saved" in put("2580").text
    assert "Change the PIN" in put("258013").text
    data = {"csrf_token": csrf_of(lucy)}
    for _ in range(2):
        assert "PIN removed" in lucy.post("/m/me/pin/remove", data=data, follow_redirects=True).text
    assert "Not set" in lucy.get("/m/me").text


def test_the_language_is_the_phones_until_chosen(mine: Page, lucy: httpx.Client) -> None:
    assert "Cartera" in lucy.get("/m/wallet", headers={"Accept-Language": "es-MX"}).text
    answer = lucy.post("/m/language", data={"language": "zh-CN", "back": "/m/wallet"})
    assert answer.headers["location"] == "/m/wallet"
    assert "卡包" in lucy.get("/m/wallet").text
    with mine.phone("es") as nobody:
        assert "Entra con tu móvil" in nobody.get("/m/sign-in").text


def test_what_nobody_can_mean_is_a_page_and_no_failure(lucy: httpx.Client) -> None:
    token = csrf_of(lucy)
    for path in ("/m/x", "/m/wallet/x", "/m/%00", "/m/static/none.js", "/m/static/%2e%2e/desk.py", "/m/" + "x" * 3000):
        assert lucy.get(path).status_code in (400, 404), path
    assert lucy.post("/m/wallet").status_code == 405
    for data in ({"card": "x"}, {"card": "%00"}, {"card": "a\0"}, {"card": "'; DROP TABLE x"}, {"card": "é" * 900}):
        answer = lucy.post("/m/code", data={"csrf_token": token, **data})
        assert answer.status_code in (400, 404)
        assert "<h1>" in answer.text
    for content, kind, status in (
        (b"x=" + b"y" * 20_000, "application/x-www-form-urlencoded", 413), (b"\xff\xfe", "application/json", 403),
        (b"csrf_token=a&csrf_token=b", "application/x-www-form-urlencoded", 400), (b"", "text/plain", 403),
    ):  # fmt: skip
        answer = lucy.post("/m/code", content=content, headers={"Content-Type": kind})
        assert (answer.status_code, "<h1>" in answer.text) == (status, True), content[:20]


def test_pages_forbid_foreign_scripts_frames_and_keeping(lucy: httpx.Client) -> None:
    headers = lucy.get("/m/").headers
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["permissions-policy"].startswith("camera=(self)")
    static = lucy.get(re.findall(r'src="(/m/static/mine\.js[^"]+)"', lucy.get("/m/").text)[0])
    assert "immutable" in static.headers["cache-control"]

"""Closed shifts at HQ: the Z report as its paper says it, and whether the facts that came agree with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from models.catalogue import LANGUAGES
from models.drawer import ShiftClosed, ShiftTotals
from models.facts import ShiftOpened, decode_fact
from models.refusals import Refusal
from models.shifts import compare, expected_of, totals_of
from printing.words import KEYS
from sync_server.admin.shift_pages import _CALLED
from sync_server.admin.words import hq_words
from tests.sync_server.admin.conftest import Shop
from tests.sync_server.till import FakeTill

SHIFT = "0b000000-0000-7000-8000-000000000001"


def opened(till: FakeTill) -> int:
    """Begin a shift; returns the place of its first fact."""
    till.fact(ShiftOpened(SHIFT, 20_000, "CNY", till.day()))
    return till.seq


def close(till: FakeTill, first: int, counted: Mapping[str, int] = {}, **changes: Any) -> ShiftClosed:
    """End the shift with what its facts say, counted as expected unless told otherwise."""
    totals = replace(totals_of([decode_fact(text) for text in till.texts[first - 1 :]]), **changes)
    found = compare(totals, {**expected_of(totals), **counted})
    reason = "miscounted" if any(item.difference_minor for item in found) else None
    body = ShiftClosed(
        SHIFT, first, till.at, till.day(till.at), "CNY", totals, found, reason, (till.slip("ZR"),)
    )  # fmt: skip
    till.fact(body)
    return body


def push(shop: Shop) -> None:
    shop.running.do(lambda _: shop.till.push())


def test_nothing_was_closed_yet(shop: Shop) -> None:
    assert shop.client.get("/admin/api/shifts").json() == {"shifts": []}
    assert hq_words("en")["shifts.empty"] in shop.client.get("/admin/shifts").text


def test_a_shift_agrees_with_its_facts(shop: Shop) -> None:
    first = opened(shop.till)
    shop.till.order()
    body = close(shop.till, first, {"cash": 100})
    push(shop)
    (found,) = shop.client.get("/admin/api/shifts").json()["shifts"]
    assert (found["slips"], found["held"]) == (list(body.slips), None)
    detail = shop.client.get(f"/admin/api/shifts/{found['key']}").json()
    assert (detail["differs"], detail["missing"]) == ([], 0)
    for language in LANGUAGES:
        shop.client.cookies.set("tillkeeper_language", language)
        words, page = hq_words(language), shop.client.get(f"/admin/shifts/{found['key']}").text
        assert words["shift.agrees"].format(first=first, last=first + 1) in page
        assert body.slips[0] in shop.client.get("/admin/shifts").text
    assert "Counting error" in page


@pytest.mark.parametrize(
    ("sum_", "called"),
    [("orders", "Sales"), ("reprints", "Reprints"), ("card_charged_minor", "Paid from card balance")],
)
def test_sums_that_are_not_its_facts_are_named(shop: Shop, sum_: str, called: str) -> None:
    close(shop.till, opened(shop.till), {}, **{sum_: 41})
    push(shop)
    (found,) = shop.client.get("/admin/api/shifts").json()["shifts"]
    assert shop.client.get(f"/admin/api/shifts/{found['key']}").json()["differs"] == [sum_]
    page = shop.client.get(f"/admin/shifts/{found['key']}").text
    assert hq_words("en")["shift.differs"].format(names=called) in page


def test_one_that_does_not_agree_with_itself_is_held(shop: Shop) -> None:
    first = opened(shop.till)
    apart = FakeTill(shop.till.pool)
    other = close(apart, opened(apart))
    shop.till.fact(replace(other, first_seq=first, slips=(shop.till.slip("ZR"),), difference_reason="other"))
    push(shop)
    (found,) = shop.client.get("/admin/api/shifts").json()["shifts"]
    assert found["held"] == "arithmetic_wrong"
    page = shop.client.get(f"/admin/shifts/{found['key']}").text
    assert f"/admin/held/{found['key']}" in page
    assert shop.client.get(f"/admin/held/{found['key']}").status_code == 200


def test_there_is_no_such_shift(shop: Shop) -> None:
    for key in ("f" * 64, "x", "0" * 63):
        assert shop.client.get(f"/admin/shifts/{key}").status_code == 404
        assert shop.client.get(f"/admin/api/shifts/{key}").status_code == 404


def test_facts_that_cannot_be_read_are_said(shop: Shop) -> None:
    """The range of this one reaches back to before its shift, where the till wrote something that is no fact."""
    body = close(shop.till, opened(shop.till))
    unread = [text for text in shop.till.texts if not is_fact(text)]
    assert unread
    shop.till.fact(replace(body, first_seq=1, slips=(shop.till.slip("ZR"),)))
    push(shop)
    newest = shop.client.get("/admin/api/shifts").json()["shifts"][0]
    assert shop.client.get(f"/admin/api/shifts/{newest['key']}").json()["missing"] == len(unread)


def is_fact(text: str) -> bool:
    try:
        decode_fact(text)
    except Refusal:
        return False
    return True


def test_every_sum_has_a_name() -> None:
    for name in ShiftTotals.__slots__:
        assert (_CALLED.get(name) or f"count_{name}") in KEYS

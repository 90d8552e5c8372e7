"""Errors as people read them."""

import pytest

from models.refusals import CODES, Refusal
from pos_app.errors import Trouble
from pos_app.ui.messages import ACTIONS, expected, explain, held_reason
from pos_app.ui.phrases import LANGUAGES, Phrases


class DiskFull(Trouble):
    code = "disk_full"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CODES - {"pin_throttled"}))
def test_every_refusal_reads_as_a_sentence_even_without_its_data(language: str, code: str) -> None:
    message = explain(Refusal(code), Phrases(language), "redeem")
    assert message.title
    assert "{" not in message.title + message.detail
    assert message.detail.startswith(Phrases(language)("untouched.redeem"))


def test_data_is_filled_in_and_money_is_written_as_money() -> None:
    say = Phrases("zh-CN")
    assert explain(Refusal("uses_exhausted", {"uses_left": 2, "uses": 3}), say).title == "次数不够，只剩 2 次"
    short = explain(Refusal("tender_insufficient", {"total_minor": 1050, "paid_minor": 1000}), say)
    assert "¥\u00a00.50" in short.title
    assert explain(Refusal("pin_throttled", {"seconds": 90}), say).title == "错误太多，请等 1 分钟"


def test_what_was_tried_decides_what_was_not_charged() -> None:
    say = Phrases("en")
    refusal = Refusal("plan_not_on_sale")
    assert explain(refusal, say, "sell_pass").detail.startswith("Nothing was sold or charged.")
    assert not explain(refusal, say).detail.startswith("Nothing")


def test_a_trouble_is_told_as_one() -> None:
    message = explain(DiskFull(path="/data"), Phrases("en"), "sell")
    assert (message.tone, message.title) == ("bad", "The disk is full")
    assert "Nothing was charged." in message.detail


def test_a_bug_is_not_dressed_up() -> None:
    assert not expected(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        explain(ZeroDivisionError(), Phrases("en"))


def test_actions_are_of_known_codes_and_have_words() -> None:
    assert ACTIONS.keys() <= CODES
    for language in LANGUAGES:
        assert all(Phrases(language).has(f"action.{action}") for action in ACTIONS.values())


def test_why_a_fact_is_held() -> None:
    say = Phrases("en")
    assert held_reason("member_unknown", say) == "No such member"
    assert held_reason("uses_exhausted", say) == "Not enough uses on the pass"
    assert "chain_gap" in held_reason("chain_gap", say)

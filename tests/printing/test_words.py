"""Words on slips: complete in every language we print."""

import pytest

from models.catalogue import LANGUAGES, TENDER_KINDS
from models.facts import CARD_TYPES, REFUND_KINDS, RUNGS
from models.passes import STATUSES
from printing.words import KEYS, slip_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_and_says_something(language: str) -> None:
    words = slip_words(language)
    assert words.keys() == KEYS
    assert all(word.strip() for word in words.values())
    assert "{n}" in words["copy"]


def test_whatever_a_fact_may_hold_has_a_word() -> None:
    needed = [*(f"evidence_{rung}" for rung in RUNGS), *(f"tender_{kind}" for kind in TENDER_KINDS)]
    needed += [f"{family}_{card_type}" for family in ("card", "discount") for card_type in CARD_TYPES]
    needed += [f"refund_of_{kind}" for kind in REFUND_KINDS]
    assert KEYS.issuperset([*needed, *(f"status_{status}" for status in STATUSES)])


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de-DE"):
        slip_words("de-DE")

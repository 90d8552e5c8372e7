"""The words of the member's page: the same in three languages, all used, none missing, gaps alike."""

from __future__ import annotations

import re
from pathlib import Path

from models.catalogue import LANGUAGES
from sync_server.mine.words import member_words

MINE = Path(__file__).parents[3] / "sync_server" / "mine"
SOURCES = "\n".join(path.read_text("utf-8") for path in [*MINE.glob("*.py"), *MINE.glob("templates/*.html")])
NAMED = r"""["']([a-z_]+\.[a-z0-9_.]+|brand|language|tabs|months|close|tomorrow)["']"""
FAMILIES = ("history.", "reserve.", "pass.", "card.", "role.", "trouble.", "error.", "tab.", "pin.")


def test_every_language_has_every_word_and_the_same_gaps() -> None:
    spoken = {language: member_words(language) for language in LANGUAGES}
    assert set(spoken["zh-CN"]) == set(spoken["es-ES"]) == set(spoken["en"])
    for key in spoken["en"]:
        gaps = {language: set(re.findall(r"\{(\w+)\}", spoken[language][key])) for language in LANGUAGES}
        assert gaps["zh-CN"] == gaps["es-ES"] == gaps["en"], key
        assert all(spoken[language][key].strip() for language in LANGUAGES), key


def test_every_word_a_page_names_exists_and_every_word_is_named() -> None:
    words = set(member_words("en"))
    named = set(re.findall(r"""words\[["']([a-z0-9_.]+)["']\]""", SOURCES))
    assert named <= words
    mentioned = set(re.findall(NAMED, SOURCES))
    unused = {key for key in words - mentioned if not key.startswith(FAMILIES) and not key.endswith(".one")}
    assert unused == set()

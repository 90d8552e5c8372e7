"""The words of HQ: the same in three languages, all used, none missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.catalogue import LANGUAGES
from sync_server.admin.words import hq_words
from sync_server.languages import choose_language

ADMIN = Path(__file__).parents[3] / "sync_server" / "admin"
SOURCES = "\n".join(path.read_text("utf-8") for path in [*ADMIN.glob("*.py"), *ADMIN.glob("templates/*.html")])


def test_every_language_has_every_word() -> None:
    keys = {language: set(hq_words(language)) for language in LANGUAGES}
    assert keys["zh-CN"] == keys["es-ES"] == keys["en"]
    for language in LANGUAGES:
        assert all(text.strip() for text in hq_words(language).values())


def test_every_word_a_page_names_exists_and_every_word_is_named() -> None:
    named = set(re.findall(r"""words\[["']([a-z_.]+)["']\]""", SOURCES))
    families = set(re.findall(r"""["'](?:f["'])?([a-z]+\.)(?:["'] [~+]|\{)""", SOURCES))
    words = set(hq_words("en"))
    assert named <= words
    unused = {key for key in words - named if not any(key.startswith(family) for family in families)}
    assert unused == set()


@pytest.mark.parametrize(
    ("cookie", "header", "expected"),
    [
        (None, "", "zh-CN"),
        ("en", "es", "en"),
        ("xx", "es-MX,es;q=0.9", "es-ES"),
        (None, "fr,en;q=0.5", "en"),
        (None, "*;q=0.1,,;", "zh-CN"),
    ],
)
def test_the_language_is_chosen(cookie: str | None, header: str, expected: str) -> None:
    assert choose_language(cookie, header) == expected

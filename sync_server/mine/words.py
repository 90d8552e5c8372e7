"""The words of the member's page in the language they read.

Rule: a missing word is a bug (KeyError), never a silent English one.
"""

import json
from collections.abc import Mapping
from functools import cache

import resources


@cache
def member_words(language: str) -> Mapping[str, str]:
    """Return every word of the page in one of `models.catalogue.LANGUAGES`."""
    found: dict[str, str] = json.loads(resources.path(f"words/member.{language}.json").read_text("utf-8"))
    return found


def counted(words: Mapping[str, str], key: str, count: int, **gaps: object) -> str:
    """Return a phrase about a number of things; `<key>.one` is its form for one."""
    return words[f"{key}.one" if count == 1 else key].format(n=count, **gaps)

"""The words of the HQ pages in the language a person reads.

Rule: a missing word is a bug (KeyError), never a silent English one.
"""

import json
from collections.abc import Mapping
from functools import cache

import resources
from models.catalogue import LANGUAGES


@cache
def hq_words(language: str) -> Mapping[str, str]:
    """Return every word of the HQ pages in one of `models.catalogue.LANGUAGES`."""
    found: dict[str, str] = json.loads(resources.path(f"words/hq.{language}.json").read_text("utf-8"))
    return found


def choose_language(cookie: str | None, accept_language: str) -> str:
    """Return the language chosen by cookie, else the best of the Accept-Language header, else Chinese."""
    if cookie in LANGUAGES:
        return cookie
    for part in accept_language.split(","):
        wanted = part.split(";")[0].strip().lower()[:2]
        for language in LANGUAGES:
            if wanted and language.lower().startswith(wanted):
                return language
    return LANGUAGES[0]

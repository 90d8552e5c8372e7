"""The words of the HQ pages in the language a person reads.

Rule: a missing word is a bug (KeyError), never a silent English one.
"""

import json
from collections.abc import Mapping
from functools import cache

import resources


@cache
def hq_words(language: str) -> Mapping[str, str]:
    """Return every word of the HQ pages in one of `models.catalogue.LANGUAGES`."""
    found: dict[str, str] = json.loads(resources.path(f"words/hq.{language}.json").read_text("utf-8"))
    return found

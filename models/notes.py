"""A note on a cup, for who makes it ("less ice"): what of a text is kept.

Rule: pure. One short line that paper can show, however it was typed, pasted or sent. The till writes no other; the
server keeps what a fact says byte for byte and shows this much of it.
"""

import unicodedata

MAX_NOTE_CHARACTERS = 60
_LATIN = 0xFF
_BASIC_PLANE = 0xFFFF
_EMOJI_FORMS = frozenset("\u20e3\ufe0e\ufe0f")


def clean_note(text: str) -> str:
    """Return a text as a note: one line, composed, trimmed, at most 60 characters.

    Dropped: control and direction characters, and pictures (emoji), which paper has no letters for.
    """
    spaced = " ".join(text[: 10 * MAX_NOTE_CHARACTERS].split())
    kept = "".join(char for char in unicodedata.normalize("NFC", spaced) if _is_written(char))
    return " ".join(kept.split())[:MAX_NOTE_CHARACTERS].rstrip()


def _is_written(char: str) -> bool:
    category = unicodedata.category(char)
    if category.startswith("C") or char in _EMOJI_FORMS:
        return False
    if ord(char) > _BASIC_PLANE:
        return category == "Lo"
    return category != "So" or ord(char) <= _LATIN

"""Say what a test code tells about the scanner that sent it: whole or not, what was changed, and why.

Rule: pure. Keyboard layouts are those on which a scanner that types as on an American keyboard is read wrongly.
Not here: the codes (printing.scanner_sheet), words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from pos_app.devices.scans import ScanSource

SLOW_MS = 25.0
"""A key every so many milliseconds comes near the gap at which a burst falls apart (ui.wedge: 35 ms)."""
_ALIKE = 0.55
"""Below this likeness a text is another code, not a test code gone wrong."""

LAYOUTS = {
    "es": str.maketrans("-_/:@", "'?-Ñ\""),
    "fr": str.maketrans("1234567890AQZWaqzwMm-_/:@.$%", "&é\"'(-è_çàQAWZqawz?,)°!M2:45"),
    "de": str.maketrans("YZyz-_/:@", 'ZYzyß?-Ö"'),
}
"""What this computer makes of the keys of an American keyboard; dead keys left out."""


class Cause(StrEnum):
    """What is the matter, the first that applies; each has one thing to do about it."""

    GOOD = "good"
    OTHER_CODE = "other_code"
    CAPS_LOCK = "caps_lock"
    LAYOUT_ES = "layout_es"
    LAYOUT_FR = "layout_fr"
    LAYOUT_DE = "layout_de"
    LAYOUT_OTHER = "layout_other"
    EXTRA = "extra"
    CUT = "cut"
    NO_ENDING = "no_ending"
    NO_PREFIX = "no_prefix"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A text as it arrived. `ending` ("enter" | "tab" | "none") and speed are None when nothing typed it."""

    text: str
    source: ScanSource
    ending: str | None = None
    milliseconds_per_key: float | None = None
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wanted`: the test code it is, "" for none. `changed`: (character sent, character arrived), each pair once.

    `missing` and `extra`: how many characters did not arrive, or came besides.
    """

    arrival: Arrival
    cause: Cause
    wanted: str = ""
    changed: tuple[tuple[str, str], ...] = ()
    missing: int = 0
    extra: int = 0

    @property
    def is_complete(self) -> bool:
        """Every character arrived, and as it was sent."""
        return bool(self.wanted) and not self.changed and not self.missing


def judge(arrival: Arrival, codes: Sequence[str], prefix: str = "") -> Verdict:
    """Compare what arrived with the test codes; `prefix`: what the till expects scanners to send first, or ""."""
    text = arrival.text
    wanted = max(codes, key=lambda code: max(_likeness(seen, text) for _, seen in _read_as(code)))
    for cause, seen in _read_as(wanted):
        if seen in text:
            return _whole(arrival, cause, wanted, seen, prefix)
    if max(_likeness(seen, text) for _, seen in _read_as(wanted)) < _ALIKE:
        return Verdict(arrival, Cause.OTHER_CODE)
    if len(text) == len(wanted):
        return Verdict(arrival, Cause.LAYOUT_OTHER, wanted, _pairs(wanted, text))
    same = sum(block.size for block in SequenceMatcher(None, wanted, text, autojunk=False).get_matching_blocks())
    return Verdict(arrival, Cause.CUT, wanted, (), max(1, len(wanted) - same), max(0, len(text) - same))


def _read_as(code: str) -> Iterator[tuple[Cause, str]]:
    """The ways in which a whole code can be read."""
    yield Cause.GOOD, code
    yield Cause.CAPS_LOCK, code.swapcase()
    for name, table in LAYOUTS.items():
        yield Cause(f"layout_{name}"), code.translate(table)


def _whole(arrival: Arrival, cause: Cause, wanted: str, seen: str, prefix: str) -> Verdict:
    """All of it arrived, perhaps changed: what else is there to say?"""
    extra = len(arrival.text) - len(wanted)
    typed = arrival.source is ScanSource.WEDGE
    if cause is Cause.GOOD:
        if extra:
            cause = Cause.EXTRA
        elif typed and arrival.ending == "none":
            cause = Cause.NO_ENDING
        elif typed and prefix and not arrival.prefixed:
            cause = Cause.NO_PREFIX
        elif (arrival.milliseconds_per_key or 0.0) > SLOW_MS and not arrival.prefixed:
            cause = Cause.SLOW
    return Verdict(arrival, cause, wanted, _pairs(wanted, seen), 0, extra)


def _pairs(wanted: str, seen: str) -> tuple[tuple[str, str], ...]:
    changed = [(sent, read) for sent, read in zip(wanted, seen, strict=True) if sent != read]
    return tuple(dict.fromkeys(changed))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

"""Identities: UUIDv7 text forms and the slip numbers people read.

Rule: pure. Time and randomness are arguments; whoever acts makes the id before the action (domain.md).
"""

import re
from dataclasses import dataclass
from uuid import UUID

from models.refusals import Refusal

SLIP_KINDS = ("VR", "TP", "CM", "ZR")
"""Vouchers, tickets, cash movements, Z reports."""
TRAINING_CODE = "TRAIN00"
"""Stands in slip numbers for a till in training; no terminal may be called so."""
_SLIP_NUMBER = re.compile(rf"({'|'.join(SLIP_KINDS)})\.([A-Z0-9]{{2,8}})\.([0-9]{{6,9}})")
_TERMINAL_CODE = re.compile(r"[A-Z0-9]{2,8}")


def uuid7(unix_milliseconds: int, randomness: bytes) -> str:
    """Build a UUIDv7 (RFC 9562 §5.7) from a time and 10 random bytes; returns the lower-case text form."""
    if not 0 <= unix_milliseconds < 1 << 48:
        raise ValueError("time outside the 48 bits of a UUIDv7")
    if len(randomness) != 10:
        raise ValueError("a UUIDv7 takes exactly 10 random bytes")
    bits = int.from_bytes(randomness, "big")
    rand_a = bits >> 68
    rand_b = bits & ((1 << 62) - 1)
    value = (unix_milliseconds << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
    return str(UUID(int=value))


def parse_id(text: str) -> str:
    """Return the canonical text of a UUID; Refusal `request_malformed` for anything that is not one."""
    try:
        canonical = str(UUID(text))
    except (ValueError, AttributeError, TypeError) as error:
        raise Refusal("request_malformed", {"field": "id"}) from error
    if canonical != text:
        raise Refusal("request_malformed", {"field": "id"})
    return canonical


@dataclass(frozen=True, slots=True)
class SlipNumber:
    """One number of a gap-free series per terminal and kind; `VR.SZ1T03.000012` on paper and in codes."""

    kind: str
    terminal_code: str
    counter: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.terminal_code}.{self.counter:06d}"


def is_terminal_code(text: str) -> bool:
    """Whether this can be a terminal's code: 2 to 8 of A-Z and 0-9, but not `TRAINING_CODE`."""
    return _TERMINAL_CODE.fullmatch(text) is not None and text != TRAINING_CODE


def slip_number(kind: str, terminal_code: str, counter: int) -> str:
    """Write the slip number; ValueError for an unknown kind, a bad terminal code or a counter below 1."""
    if kind not in SLIP_KINDS or not _TERMINAL_CODE.fullmatch(terminal_code) or not 1 <= counter < 10**9:
        raise ValueError(f"no slip number from {kind!r}, {terminal_code!r}, {counter!r}")
    return str(SlipNumber(kind, terminal_code, counter))


def parse_slip_number(text: str) -> SlipNumber:
    """Read a slip number back; Refusal `slip_unknown` when it is not one."""
    match = _SLIP_NUMBER.fullmatch(text)
    if not match or int(match[3]) < 1:
        raise Refusal("slip_unknown", {"number": text[:40]})
    found = SlipNumber(match[1], match[2], int(match[3]))
    if str(found) != text:
        raise Refusal("slip_unknown", {"number": text[:40]})
    return found

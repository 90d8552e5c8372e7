"""This till's own code: a member's phone scans it and sets uses or money aside for this till (sync.md, rung 2).

Rule: an address and a short text, no secret; nothing here needs a network.
"""

from dataclasses import dataclass

from pos_app.till.till import Till

_PAGE = "/m/t/"


@dataclass(frozen=True, slots=True)
class TillCode:
    """`address` stands in the QR code, `text` is typed by whoever cannot scan."""

    address: str
    text: str


def till_code(till: Till) -> TillCode | None:
    """Return this till's code; None before pairing, and in training, where no phone finds a server."""
    known = till.journal.identity
    if known is None or not known.server_url:
        return None
    return TillCode(f"{known.server_url.rstrip('/')}{_PAGE}{known.terminal_code}", known.terminal_code)

"""Who is asking: the terminal whose signature has just been checked.

Rule: values only.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TerminalIdentity:
    """A paired terminal as the server knows it. Ids are UUID texts; `status` is created | paired | revoked."""

    terminal_id: str
    merchant_id: str
    store_id: str
    code: str
    public_key: bytes = field(repr=False)
    status: str = "paired"

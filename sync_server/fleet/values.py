"""Who is asking: the terminal whose signature has just been checked, or one that is shut out.

Rule: values only.
"""

from dataclasses import dataclass, field
from datetime import datetime

from models.refusals import Refusal


@dataclass(frozen=True, slots=True)
class TerminalIdentity:
    """A paired terminal as the server knows it. Ids are UUID texts; `status` is created | paired | revoked."""

    terminal_id: str
    merchant_id: str
    store_id: str
    code: str
    public_key: bytes = field(repr=False)
    status: str = "paired"
    revoked_at: datetime | None = None


def revoked(terminal_id: str, revoked_at: datetime | None) -> Refusal:
    """Return the refusal `terminal_revoked` with what its proof says (docs/protocol.md, "Revocation")."""
    return Refusal("terminal_revoked", {"terminal_id": terminal_id, "revoked_at": revoked_at})

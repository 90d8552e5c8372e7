"""How the cashier is being paid right now: a tender and what was handed over.

Rule: pure and frozen. What may pay what is decided by `models.tenders` and `pos_app.till.quote`.
"""

from dataclasses import dataclass

from models.tenders import Tender, pay

CARD = "card"
"""The tender that no cashier types: the member's stored value, by the code just scanned."""
_NOTES_MINOR = (500, 1000, 2000, 5000, 10000, 20000, 50000)
"""Round amounts people hand over, in minor units; what is below or equal to the due amount is not offered."""


@dataclass(frozen=True, slots=True)
class Payment:
    """`received_minor` None: exactly what is due."""

    kind: str = "cash"
    received_minor: int | None = None

    def received(self, due_minor: int) -> int:
        """Return what was handed over."""
        if self.kind != "cash" or self.received_minor is None:
            return due_minor
        return self.received_minor

    def change(self, due_minor: int) -> int:
        """Return what goes back; negative while not enough was handed over."""
        return self.received(due_minor) - due_minor

    def tenders(self, due_minor: int) -> tuple[Tender, ...]:
        """Return the tenders that pay `due_minor`; none when nothing is due. Refusal `tender_insufficient`."""
        if due_minor == 0:
            return ()
        return (pay(self.kind, due_minor, self.received(due_minor)),)


def notes(due_minor: int, most: int = 3) -> tuple[int, ...]:
    """Return round amounts above the due one that a customer is likely to hand over."""
    rounded = [-(-due_minor // 1000) * 1000]
    offered = sorted({*rounded, *_NOTES_MINOR})
    return tuple(amount for amount in offered if amount > due_minor)[:most]

"""How a customer is paying right now: with one tender, or split over several, and what was handed over.

Rule: pure and frozen. Change comes back from cash only, so nothing but cash may be more than what is left to pay.
Which tenders may pay what is decided by `models.tenders` and `pos_app.till.quote`.
"""

from dataclasses import dataclass
from typing import ClassVar

from models.refusals import Refusal
from models.tenders import Part, Tender, pay

CARD = "card"
"""The tender that no cashier types: the member's stored value, by the code just scanned. It pays alone."""
MOST_PARTS = 8
MOST_CHANGE_MINOR = 100_000
"""More than this does not go back: nobody hands over so much, somebody typed a figure too many."""
_NOTES_MINOR = (500, 1000, 2000, 5000, 10000, 20000, 50000)
"""Round amounts people hand over, in minor units; what is below or equal to the due amount is not offered."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One tender for everything; `received_minor` None: exactly what is due."""

    kind: str = "cash"
    received_minor: int | None = None
    parts: ClassVar[tuple[Part, ...]] = ()

    def received(self, due_minor: int) -> int:
        """Return what was handed over."""
        if self.kind != "cash" or self.received_minor is None:
            return due_minor
        return self.received_minor

    def change(self, due_minor: int) -> int:
        """Return what goes back; negative while not enough was handed over."""
        return self.received(due_minor) - due_minor

    def excess(self, due_minor: int) -> int:
        """Return what would go back when that is more than anybody hands over, else 0."""
        return self.change(due_minor) if self.change(due_minor) > MOST_CHANGE_MINOR else 0

    def settles(self, due_minor: int) -> bool:
        """Whether what is due is paid, and what goes back is believable."""
        return self.change(due_minor) >= 0 and not self.excess(due_minor)

    def renewed(self) -> "Payment":
        """The same way to pay for another amount."""
        return Payment(self.kind)

    def tenders(self, due_minor: int) -> tuple[Tender, ...]:
        """Return the tenders that pay `due_minor`; none when nothing is due. Refusal `tender_insufficient`."""
        if due_minor == 0:
            return ()
        return (pay(self.kind, due_minor, self.received(due_minor)),)


@dataclass(frozen=True, slots=True)
class Split:
    """Several tenders together, as they were handed over one after the other; all cash is one part."""

    parts: tuple[Part, ...] = ()
    kind: ClassVar[str] = "split"

    def left(self, due_minor: int) -> int:
        """Return what is still to be paid, never below 0."""
        return max(0, -self.change(due_minor))

    def change(self, due_minor: int) -> int:
        """Return what goes back in cash; negative while not enough was handed over, 0 while nothing can go back."""
        over_minor = sum(part.minor for part in self.parts) - due_minor
        return 0 if over_minor > 0 and self.excess(due_minor) else over_minor

    def excess(self, due_minor: int) -> int:
        """Return what was taken too much, for what is due now or as change; a part must be undone. Else 0."""
        cash_minor = sum(part.minor for part in self.parts if part.kind == "cash")
        other_minor = sum(part.minor for part in self.parts) - cash_minor
        over_minor = other_minor + cash_minor - due_minor
        if other_minor > due_minor:
            return over_minor
        if other_minor == due_minor:
            return cash_minor
        return over_minor if over_minor > MOST_CHANGE_MINOR else 0

    def settles(self, due_minor: int) -> bool:
        """Whether the parts pay what is due, with change from cash and from nothing else."""
        return not self.left(due_minor) and not self.excess(due_minor)

    def renewed(self) -> "Split":
        """What was taken stays taken when the amount changes."""
        return self

    def takes(self, kind: str, minor: int, due_minor: int) -> bool:
        """Whether so much may be added this way: something is left, and only cash may be believably more than that."""
        left_minor = self.left(due_minor)
        room = len(self.parts) < MOST_PARTS or (kind == "cash" and any(part.kind == kind for part in self.parts))
        most_minor = left_minor + (MOST_CHANGE_MINOR if kind == "cash" else 0)
        return room and left_minor > 0 and 0 < minor <= most_minor

    def plus(self, kind: str, minor: int, due_minor: int) -> "Split":
        """Return the split with one more part. Refusal `change_only_from_cash` for what `takes` says no to."""
        if not self.takes(kind, minor, due_minor):
            raise Refusal("change_only_from_cash", {"tender": kind})
        before = next((place for place, part in enumerate(self.parts) if part.kind == kind == "cash"), None)
        if before is None:
            return Split((*self.parts, Part(kind, minor)))
        more = Part(kind, self.parts[before].minor + minor)
        return Split((*self.parts[:before], more, *self.parts[before + 1 :]))

    def minus(self, place: int) -> "Split":
        """Return the split without one part."""
        return Split((*self.parts[:place], *self.parts[place + 1 :]))

    def tenders(self, due_minor: int) -> tuple[Tender, ...]:
        """Return the tenders that pay `due_minor`, change taken off the cash. Refusal `tender_insufficient`."""
        if not self.settles(due_minor):
            paid_minor = sum(part.minor for part in self.parts)
            raise Refusal("tender_insufficient", {"total_minor": due_minor, "paid_minor": paid_minor})
        change_minor = self.change(due_minor)
        return tuple(
            Tender(part.kind, part.minor - (change_minor if part.kind == "cash" else 0), part.minor)
            for part in self.parts
        )


Paying = Payment | Split


def notes(due_minor: int, most: int = 3) -> tuple[int, ...]:
    """Return round amounts above the due one that a customer is likely to hand over."""
    rounded = [-(-due_minor // 1000) * 1000]
    offered = sorted({*rounded, *_NOTES_MINOR})
    return tuple(amount for amount in offered if amount > due_minor)[:most]

"""The sums of a fact that can be checked without the ledger: cups, VAT groups, numbers of slips.

Rule: pure. The first thing found wrong is why a person must look; nothing raises.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import codec
from models.facts import SoldCup
from models.ids import parse_slip_number
from models.money import VatGroup, check_amount, check_rate, split_vat
from models.refusals import Refusal

Plain = dict[str, Any]


@dataclass(slots=True)
class Problems:
    """The first thing found wrong; what stands in `waived` a person has accepted."""

    waived: frozenset[str] = frozenset()
    held: str | None = field(default=None)

    def require(self, holds: bool, reason: str) -> None:
        """Note `reason` unless it holds."""
        if not holds and self.held is None and reason not in self.waived:
            self.held = reason

    def refused(self, check: Callable[..., object], *arguments: object) -> None:
        """Note why a check of the vocabulary says no."""
        try:
            check(*arguments)
        except Refusal as refusal:
            self.require(False, refusal.code)


def gross_of(cups: Sequence[SoldCup]) -> list[tuple[str, int]]:
    """Return (VAT rate, VAT-inclusive amount) of every part that costs something, cup by cup."""
    return [part for cup in cups for part in cup.gross_by_rate()]


def check_cups(cups: Sequence[SoldCup], total_minor: int, problems: Problems) -> None:
    """Check that the cups are possible and cost `total_minor` together."""
    for cup in cups:
        for part in cup.add_ons:
            problems.require(1 <= part.quantity <= 99 and 0 <= part.free <= part.quantity, "amount_invalid")
            problems.require(part.unit_price_minor >= 0, "amount_invalid")
            problems.refused(check_amount, part.unit_price_minor)
        problems.require(cup.base_minor >= 0, "amount_invalid")
        problems.refused(check_amount, cup.base_minor)
        for rate in (cup.vat_rate, *(part.vat_rate for part in cup.add_ons)):
            problems.refused(check_rate, rate)
    problems.refused(check_amount, total_minor)
    problems.require(sum(cup.total_minor for cup in cups) == total_minor, "arithmetic_wrong")


def check_groups(vat: Sequence[VatGroup], total_minor: int, problems: Problems) -> None:
    """Check groups whose lines are not known: each must be a split of its own sum, and all of them the total."""
    for group in vat:
        problems.refused(check_rate, group.rate)
        problems.refused(check_amount, group.base_minor + group.quota_minor)
    if problems.held is None:
        gross = [(group.rate, group.base_minor + group.quota_minor) for group in vat]
        problems.require(tuple(vat) == split_vat(gross), "arithmetic_wrong")
        problems.require(sum(amount for _, amount in gross) == total_minor, "arithmetic_wrong")


def check_slips(slips: Sequence[str], terminal_code: str, problems: Problems) -> None:
    """Check that these are numbers of this terminal's own series."""
    for number in slips:
        problems.refused(parse_slip_number, number)
    if problems.held is None:
        ours = all(parse_slip_number(number).terminal_code == terminal_code for number in slips)
        problems.require(ours, "slip_foreign")


def kinds_of(slips: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of these slips, like ("VR", "TP")."""
    return tuple(number[:2] for number in slips)


def sold(cup: SoldCup) -> Plain:
    """Return a cup in the form that the ledger keeps: without its note, since the ledger holds no free text."""
    plain: Plain = codec.to_plain(cup)
    del plain["note"]
    return {**plain, "total_minor": cup.total_minor}

"""What happens to a drawer between its sales: money moves, and a shift ends with its sums. Bodies of `facts`."""

from dataclasses import dataclass
from datetime import datetime

from models.money import VatGroup

CASH_MOVES = ("paid_in", "paid_out", "safe_drop", "no_sale")


@dataclass(frozen=True, slots=True)
class CashMoved:
    """Money went into the drawer or out of it without a sale, or it was opened for nothing (`no_sale`, amount 0).

    `reason` is a code. `slips`: one CM.
    """

    movement_id: str
    move: str
    amount_minor: int
    currency: str
    reason: str
    business_day: str
    slips: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.move not in CASH_MOVES or (self.amount_minor == 0) != (self.move == "no_sale"):
            raise ValueError(f"no cash movement {self.move!r} of {self.amount_minor}")


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """What came in by one tender in a shift, and what of it went back to customers."""

    kind: str
    taken_minor: int
    given_back_minor: int

    @property
    def net_minor(self) -> int:
        return self.taken_minor - self.given_back_minor


@dataclass(frozen=True, slots=True)
class SlipRange:
    """The numbers that a shift used of one series, without a gap: counters `first` to `last`."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ShiftTotals:
    """The sums of a shift's facts (`models.shifts.totals_of`). Money in minor units; numbers count facts, `uses` uses.

    `tenders` and `slips` are in the order of their kinds, `vat` by rising rate.
    """

    float_minor: int
    paid_in_minor: int
    paid_out_minor: int
    dropped_minor: int
    tenders: tuple[TenderTotal, ...]
    vat: tuple[VatGroup, ...]
    slips: tuple[SlipRange, ...]
    orders: int
    redemptions: int
    uses: int
    pass_sales: int
    top_ups: int
    card_charges: int
    card_charged_minor: int
    refunds: int
    reprints: int
    no_sales: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found of one tender at the end of a shift; `expected_minor` is what its facts say.

    `first_difference_minor`: what the blind count had differed by, where the shift ended with another difference.
    """

    kind: str
    expected_minor: int
    counted_minor: int
    first_difference_minor: int | None = None

    @property
    def difference_minor(self) -> int:
        return self.counted_minor - self.expected_minor


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """A shift ended: its sums, what was counted, and the place of the first fact in them (`first_seq`); the
    last is the one before this. A refund that came after the shift before had ended is among them.

    `difference_reason` is a code, None when everything counted was as expected. `slips`: one ZR.
    """

    shift_id: str
    first_seq: int
    opened_at: datetime
    business_day: str
    currency: str
    totals: ShiftTotals
    counted: tuple[Counted, ...]
    difference_reason: str | None
    slips: tuple[str, ...]

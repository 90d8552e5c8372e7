"""What the orders screen is handed: what is looked for, a page of rows, one order whole, a slip as a picture.

Rule: plain frozen values; no behaviour beyond looking at itself; no Qt.
"""

from dataclasses import dataclass
from datetime import datetime

from models.money import VatGroup
from models.tenders import Tender
from pos_app.till.values import Refundable, SlipView, SoldLine


@dataclass(frozen=True, slots=True)
class Sought:
    """What a number, a code or a phone was found to mean: one fact at `seq`, or these members and this pick-up number.

    `text` is what was typed, "" for a member's code. `who`: the member, masked, when it can be one only.
    """

    text: str
    seq: int | None = None
    member_ids: tuple[str, ...] = ()
    pickup_no: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in the list. `kind`: that of its fact. `state`: "pending" | "accepted" | "held".

    `amount_minor`: what came in, negative for what went out, None where that says nothing. `back_minor`: what came back
    of it at this till. `whole` False: the till has only its place and papers left.
    """

    seq: int
    kind: str
    happened_at: datetime
    state: str
    slip: str
    tx_no: str | None
    decision: str | None = None
    amount_minor: int | None = None
    uses: int = 0
    who: str = ""
    pickup_no: str = ""
    back_minor: int = 0
    detail: str = ""
    """What tells it from others of its kind: the first product, the plan, the movement's code, the company."""
    more: int = 0
    """How many products there are beyond the first."""
    whole: bool = True
    company: bool = False
    """Whether an enterprise card was topped up; `detail` is "" when this till knows its company no more."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Rows, newest first; `older`: the `before` of the next page, None on the last one."""

    rows: tuple[OrderRow, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class CameBack:
    """A refund of an order, by the slip that it printed."""

    slip: str
    amount_minor: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order whole. `cashier` and `approver` are names, the latter "" when nobody had to approve.

    `reason`: why HQ holds it; `decision_reason`: what HQ wrote about its decision. `why`: the code that a refund or
    movement gives. `original`: slip or ledger number of what it gives back. `papers`: every paper of its slips.
    `refundable`: what the refund screen takes, None for what never comes back. `company`: name and masked card number
    of the company for which the member asked.
    """

    row: OrderRow
    lines: tuple[SoldLine, ...] = ()
    tenders: tuple[Tender, ...] = ()
    vat: tuple[VatGroup, ...] = ()
    evidence: str | None = None
    cashier: str = ""
    approver: str = ""
    member: str = ""
    phone: str = ""
    reason: str | None = None
    decision_reason: str = ""
    why: str = ""
    original: str = ""
    papers: tuple[SlipView, ...] = ()
    back: tuple[CameBack, ...] = ()
    refundable: Refundable | None = None
    company: str = ""


@dataclass(frozen=True, slots=True)
class SlipPicture:
    """A slip as the printer burns it: one byte a dot, 0 for ink, row after row; `text` says the same in lines."""

    width: int
    height: int
    dots: bytes
    text: str

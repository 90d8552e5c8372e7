"""What use cases hand to the screens: plain frozen values.

Rule: no behaviour beyond looking at itself; no Qt.
"""

from dataclasses import dataclass
from datetime import datetime

from models.catalogue import Member, MemberPass, PassPlan
from models.drawer import Counted, ShiftTotals
from models.tenders import Part, Tender
from pos_app.selling.basket import Basket


@dataclass(frozen=True, slots=True)
class Changes:
    """What a command or the background changed, so that every screen refreshes what it shows.

    `full_reload` when in doubt.
    """

    facts: bool = False
    outbox: bool = False
    catalogue: bool = False
    members: bool = False
    session: bool = False
    paper: bool = False
    network: bool = False
    full_reload: bool = False


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass as the checkout shows it. `usable` False comes with the refusal code that says why.

    `held.uses_left` counts what there is for this till; `set_aside` of them can be used here without the server.
    """

    held: MemberPass
    plan: PassPlan
    usable: bool
    reason: str | None
    used_today: int
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """What the server moved aside for this till alone: uses, or minor units; `until` then it can be used here.

    `source_kind`: "pass" | "card". `state`: "open" | "recalled" (it goes back at once) | "expired" (so does it) |
    "closing" (given back, and the server does not know yet). `origin`: "lease" | "member" | "hq". `who`: masked.
    """

    reservation_id: str
    member_id: str
    who: str
    source_kind: str
    source_id: str
    left: int
    amount: int
    until: datetime
    state: str
    origin: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That a member is who they say: `how` is "pin" (they typed it) or "vouched" (somebody answered for `subject`).

    `at_seconds`: the monotonic second; `approver_id`: who answered when the cashier may not.
    """

    proof_id: str
    member_id: str
    how: str
    at_seconds: float
    subject: str = ""
    approver_id: str | None = None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member found by code or phone: passes usable first, nearest expiry first.

    `found_by`: "short" | "snapshot" | "reservation" | "phone" | "company"; `code` is the text of the scanned code, kept
    for the redemption; `scanned_seconds` is the monotonic second it was scanned at. `set_aside`: usable here, soonest
    end first. `company_id`: the enterprise card whose code was scanned, which the member administers.
    `proof`: how else they proved who they are.
    """

    member: Member
    passes: tuple[PassView, ...]
    found_by: str
    code: str | None
    scanned_seconds: float | None = None
    set_aside: tuple[SetAside, ...] = ()
    proof: Proof | None = None
    company_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """A basket with the member it is for: on the counter, or put aside and taken up again with one tap.

    `parts`: what was paid of it already, when it is paid with several tenders.
    """

    view: MemberView | None
    basket: Basket
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class CardOffer:
    """What a basket would cost the card whose code was scanned, and on what that rests.

    `member` None: a card that the mirror does not know (an enterprise's, or a new member's). `by_ledger`: discount and
    total are the ledger's word, not the mirror's. `balance_minor` None: not known here. `reservation_id`: it is paid
    from what is set aside here, of which `balance_minor` is left; nobody is asked then, and `code` only says who stands
    there.
    """

    code: str
    member: Member | None
    raw_total_minor: int
    discount: str
    total_minor: int
    level: int | None
    points: int
    balance_minor: int | None
    by_ledger: bool = False
    reservation_id: str | None = None


@dataclass(frozen=True, slots=True)
class TopUpOffer:
    """What a top-up brings: the bonus that the mirrored rules promise for this amount, None of them: no bonus.

    `card_id`: the enterprise card it is for, which gets none; None: the member's own.
    """

    amount_minor: int
    bonus_minor: int
    rule_id: str | None
    card_id: str | None = None


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One cup of a sale at its `place` (1, 2, …); `add_ons` in words, `is_back`: refunded already."""

    place: int
    name: str
    add_ons: str
    amount_minor: int
    is_back: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refundable:
    """A sale, charge or top-up to refund; `tx_no` None: the ledger has not numbered it yet.

    `kind`: "order" | "charge" | "top_up". `left_minor`: what this till has not refunded of it. `who`: the member,
    masked, behind the company for whose card they asked. `lines` and `tenders_left` (what of each tender has not gone
    back): of an order. Of one of another till only `kind` and `tx_no` are known.
    """

    kind: str
    tx_no: str | None
    slip: str = ""
    happened_at: datetime | None = None
    amount_minor: int | None = None
    bonus_minor: int = 0
    left_minor: int | None = None
    who: str = ""
    fact_id: str | None = None
    lines: tuple[SoldLine, ...] = ()
    tenders_left: tuple[Tender, ...] = ()

    @property
    def comes_back(self) -> bool:
        """Whether something is left to refund, and the ledger knows it by a number where it needs one."""
        return bool(self.left_minor) and (self.kind == "order" or self.tx_no is not None)


@dataclass(frozen=True, slots=True)
class CashBack:
    """What refunding a top-up hands out: `least_minor` when all its bonus was spent, `most_minor` when none was."""

    bonus_minor: int
    least_minor: int
    most_minor: int


@dataclass(frozen=True, slots=True)
class OpenRefund:
    """A refund that was asked for. `state`: "asked" (no answer yet; `code`: why not) | "accepted" | "refused".

    `cash_minor` and `balance_minor` stand in an accepted one, `code` in a refused one; both wait to be seen.
    """

    request_id: str
    original_tx_no: str
    amount_minor: int
    tender: str | None
    asked_at: datetime
    state: str
    code: str | None
    cash_minor: int = 0
    balance_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and the open shift."""

    staff_id: str
    staff_name: str
    permissions: frozenset[str]
    shift_id: str | None
    shift_opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class SlipView:
    """A slip's paper: number, copy 0 for the original, state of counter.md ("queued", "sending", "printed", …)."""

    number: str
    copy: int
    kind: str
    state: str
    changed_at: datetime
    fault: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """A recorded action: its fact, its slips, and what the result screen says. `given_back`: of a sale's lines."""

    fact_id: str
    kind: str
    slips: tuple[str, ...]
    total_minor: int
    change_minor: int
    uses: int
    uses_left: int | None
    evidence: str | None
    status: str | None = None
    pickup_no: str | None = None
    card: "CardResult | None" = None
    given_back: tuple[Tender, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The open shift. `opened_by`: a name, "" when the staff list does not know who it was.

    `totals` and `expected` (minor units by tender, cash first) are None and empty for whoever counts blind.
    """

    shift_id: str
    opened_at: datetime
    opened_by: str
    totals: ShiftTotals | None
    expected: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A shift that was closed: its fact, the number of its Z report, its sums and what was counted."""

    fact_id: str
    slip: str
    totals: ShiftTotals
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class CardResult:
    """What an action did to a stored-value card; None and 0 where it does not apply.

    `kind`: the card's type, or what was refunded. `points`: what the card has now. `cash_minor`: to hand out now by
    `tender`; `kept_minor` less than was asked for, since its bonus was spent. `request_id`: a refund's.
    `company`: the name of the company whose card was topped up.
    """

    balance_minor: int | None = None
    discount_minor: int = 0
    bonus_minor: int = 0
    points_change: int = 0
    points: int | None = None
    cash_minor: int = 0
    kept_minor: int = 0
    uncollected_minor: int = 0
    kind: str = ""
    tender: str | None = None
    request_id: str | None = None
    company: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One fact on the way: `state` is "pending" | "accepted" | "held"; `reason` when held.

    `decision`: what a person at HQ did about a held one (post | post_to | write_off | reject), and why.
    """

    seq: int
    kind: str
    happened_at: datetime
    state: str
    reason: str | None
    tx_no: str | None
    slips: tuple[SlipView, ...]
    decision: str | None = None
    decision_reason: str = ""


@dataclass(frozen=True, slots=True)
class RiskView:
    """How many uses this till may still take unproven, of how many, and within which bounds.

    `why` there is none left, or "fine": no_policy | frozen | too_old | used_up | forked | revoked.
    `seconds_left`: for so long without sync. `unused`: what the policy allows of other instruments (`INSTRUMENTS`),
    in pieces or minor units; tills of this version spend none of it unproven.
    """

    why: str
    left: int = 0
    cap: int = 0
    per_operation: int = 0
    per_member_day: int = 0
    seconds_left: int = 0
    unused: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderView:
    """What the header chips show. `offline_seconds` None while online; `oldest_pending_at` None when nothing waits.

    `printer` and `scanner` are states: "ready" | "paper_out" | "cover_open" | "offline" | "error" | "none" |
    "starting" | "lost".
    """

    store_name: str
    terminal_code: str
    offline_seconds: int | None
    pending: int
    held: int
    oldest_pending_at: datetime | None
    printer: str
    printer_detail: str | None
    scanner: str
    cashier: str | None
    shift_open: bool
    offline_spending: str
    """ "online" | "at_risk" (a policy allows some) | "frozen" (clock set back or reboot) | "none"."""
    refused: str | None
    """Why the server will not serve this till, while it takes in its facts: a refusal's code."""
    altered: bool = False
    """Whether its records were changed, or differ from those that the server has: it spends nothing unproven."""
    training: bool = False
    """Whether nothing that is done here happens."""

"""What use cases hand to the screens: plain frozen values.

Rule: no behaviour beyond looking at itself; no Qt.
"""

from dataclasses import dataclass
from datetime import datetime

from models.catalogue import Member, MemberPass, PassPlan


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
    """A pass as the checkout shows it. `usable` False comes with the refusal code that says why."""

    held: MemberPass
    plan: PassPlan
    usable: bool
    reason: str | None
    used_today: int


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member found by code or phone: passes usable first, nearest expiry first.

    `found_by`: "short" | "snapshot" | "phone"; `code` is the text of the scanned code, kept for the redemption.
    """

    member: Member
    passes: tuple[PassView, ...]
    found_by: str
    code: str | None


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
    """A recorded action: its fact, its slips, and what the result screen says."""

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


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One fact on the way: `state` is "pending" | "accepted" | "held"; `reason` when held."""

    seq: int
    kind: str
    happened_at: datetime
    state: str
    reason: str | None
    tx_no: str | None
    slips: tuple[SlipView, ...]


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

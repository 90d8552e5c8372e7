"""May this till spend uses without asking the ledger? The lower rungs of the ladder in sync.md.

Rule: pure; everything known stands in `Knowledge`. The first rung that holds decides: what this till sold itself, what
the server has set aside for it, capped risk, the refusal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.catalogue import RiskPolicy
from models.facts import Evidence
from models.refusals import Refusal


@dataclass(frozen=True, slots=True)
class SnapshotSeen:
    """What a verified offline code says about the pass: uses left at `issued_at`, less what this till took since."""

    issued_at: datetime
    nonce: str
    uses_left: int
    age_seconds: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is left of a reservation for this till: uses, or minor units at `discount`."""

    reservation_id: str
    left: int
    discount: str | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that decides, at one moment.

    `own_sale_uses`: uses of this pass that this till sold in facts that nobody else can have known, less those it took
    since. `member_uses_today` and `terminal_uses` count unproven uses: of this member this business day, and of this
    terminal not yet acknowledged. `sync_age_seconds` None: never synced. `reserved`: soonest end first.
    """

    own_sale_uses: int
    policy: RiskPolicy | None
    snapshot: SnapshotSeen | None
    sync_age_seconds: int | None
    member_uses_today: int
    terminal_uses: int
    reserved: tuple[Reserved, ...] = ()


def fitting(reserved: Sequence[Reserved], amount: int) -> Reserved | None:
    """Return the reservation that covers the whole amount and ends soonest; a use is taken from one alone."""
    return next((one for one in reserved if one.left >= amount), None)


def decide_offline(uses: int, known: Knowledge, request_id: str | None) -> Evidence:
    """Return the evidence under which `uses` may be taken now.

    After a reboot or a clock set back ages are not proven: a person answers for "reserved" and "at_risk" then
    (`till.redeem`). Refusals: `offline_not_allowed` (no policy, or all zero), `reservation_exceeds` {left} (the same,
    but less is set aside here), `offline_needs_signed_code`, `offline_clock_frozen`, `offline_sync_too_old`,
    `offline_snapshot_too_old`, `uses_exhausted`, `offline_operation_cap`, `offline_member_cap`, `offline_terminal_cap`;
    each with its `limit` where there is one.
    """
    if uses <= known.own_sale_uses:
        return Evidence("own_sale", request_id)
    reserved = fitting(known.reserved, uses)
    if reserved is not None:
        return Evidence("reserved", request_id, reservation_id=reserved.reservation_id)
    policy = _in_force(known.policy)
    if policy is None and known.reserved:
        raise Refusal("reservation_exceeds", {"left": max(one.left for one in known.reserved)})
    if policy is None:
        raise Refusal("offline_not_allowed")
    if known.snapshot is None:
        raise Refusal("offline_needs_signed_code")
    if known.sync_age_seconds is None:
        raise Refusal("offline_clock_frozen")
    if known.sync_age_seconds > policy.max_sync_age_seconds:
        raise Refusal("offline_sync_too_old", {"limit_seconds": policy.max_sync_age_seconds})
    if known.snapshot.age_seconds > policy.max_snapshot_age_seconds:
        raise Refusal("offline_snapshot_too_old", {"limit_seconds": policy.max_snapshot_age_seconds})
    if uses > known.snapshot.uses_left:
        raise Refusal("uses_exhausted", {"uses_left": max(0, known.snapshot.uses_left), "uses": uses})
    if uses > policy.max_uses_per_operation:
        raise Refusal("offline_operation_cap", {"limit": policy.max_uses_per_operation})
    if known.member_uses_today + uses > policy.max_uses_per_member_day:
        raise Refusal("offline_member_cap", {"limit": policy.max_uses_per_member_day, "used": known.member_uses_today})
    if known.terminal_uses + uses > policy.max_uses_terminal:
        raise Refusal("offline_terminal_cap", {"limit": policy.max_uses_terminal, "used": known.terminal_uses})
    return Evidence("at_risk", request_id, policy.version, known.snapshot.nonce, known.snapshot.issued_at)


def offline_spending(reachable: bool, policy: RiskPolicy | None, frozen: bool, sync_age_seconds: int | None) -> str:
    """Say in one word what spending stored uses rests on now: `online`, `at_risk`, `frozen` or `none`."""
    if reachable:
        return "online"
    policy = _in_force(policy)
    if policy is None:
        return "none"
    if frozen or sync_age_seconds is None:
        return "frozen"
    return "at_risk" if sync_age_seconds <= policy.max_sync_age_seconds else "none"


def exposure_left(policy: RiskPolicy | None, terminal_uses: int, frozen: bool, sync_age_seconds: int | None) -> int:
    """Return how many uses this till may still take unproven, as far as any member and operation allows.

    `terminal_uses` are those it took and the server has not settled. 0 without a policy in force, with ages that cannot
    be proven, or after too long without sync.
    """
    policy = _in_force(policy)
    if policy is None or frozen or sync_age_seconds is None or sync_age_seconds > policy.max_sync_age_seconds:
        return 0
    return max(0, policy.max_uses_terminal - terminal_uses)


def _in_force(policy: RiskPolicy | None) -> RiskPolicy | None:
    """Return the policy when it allows anything at all: each of its caps is above zero."""
    if policy is None:
        return None
    caps = (policy.max_uses_per_operation, policy.max_uses_per_member_day, policy.max_uses_terminal)
    return policy if min(caps) > 0 else None

"""What this till may still spend unproven, and what would give it more."""

from models.catalogue import INSTRUMENTS, RiskPolicy
from pos_app.journal import identity, passes
from pos_app.selling.offline_policy import exposure_left
from pos_app.till.redeem import current_policy, sync_age_seconds
from pos_app.till.till import Till
from pos_app.till.values import RiskView


def risk_left(till: Till) -> RiskView:
    """Return the risk that is left on this till, per dimension. Fast; works unpaired."""
    if till.journal.identity is None:
        return RiskView("no_policy")
    frozen = till.clock.standing().frozen
    with till.journal.reading() as rows:
        refused = identity.read_state(rows, "refused")
        forked = identity.read_state(rows, "fork") is not None
        policy = current_policy(till, rows)
        age_seconds = sync_age_seconds(till, rows)
        used = passes.at_risk_unsettled(rows)
    left = exposure_left(policy, used, frozen, age_seconds)
    if refused == "terminal_revoked":
        return RiskView("revoked")
    unused = () if policy is None else _unused(policy)
    if policy is None or policy.max_uses_terminal == 0:
        return RiskView("forked" if forked else "no_policy", unused=unused)
    limit = policy.max_sync_age_seconds
    why = (
        "fine" if left
        else "frozen" if frozen or age_seconds is None
        else "too_old" if age_seconds > limit
        else "used_up"
    )  # fmt: skip
    seconds_left = 0 if age_seconds is None else max(0, limit - age_seconds)
    return RiskView(
        why,
        left,
        policy.max_uses_terminal,
        policy.max_uses_per_operation,
        policy.max_uses_per_member_day,
        seconds_left,
        unused,
    )


def _unused(policy: RiskPolicy) -> tuple[tuple[str, int], ...]:
    """Return what the policy would let this till take of tickets and cards: whatever each of its caps leaves."""
    caps = {instrument: policy.caps(instrument) for instrument in INSTRUMENTS if instrument != "uses"}
    return tuple(
        (instrument, one.per_terminal)
        for instrument, one in caps.items()
        if min(one.per_operation, one.per_member_day, one.per_terminal) > 0
    )

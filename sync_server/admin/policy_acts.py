"""Read the caps of a risk policy from a form or a program, and put the next version in force.

Rule: names are "<instrument>.<dimension>"; what is not named stays as it is in the version that the person looked
at, what is left empty is 0. Signing and storing: `catalogue.policies`.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from uuid import uuid4

from models.catalogue import INSTRUMENTS, RiskCaps, RiskPolicy
from models.refusals import Refusal
from sync_server.admin.acts import as_id, whole
from sync_server.admin.desk import Hq
from sync_server.admin.sessions import HqUser
from sync_server.catalogue import policies
from sync_server.database.engine import transaction
from sync_server.intake.held import act_of
from sync_server.ledger.functions import Plain
from sync_server.reports import risk

CAP_NAMES = tuple(f"{instrument}.{field.name}" for instrument in INSTRUMENTS for field in fields(RiskCaps))
_HIGHEST_VERSION = 2**31 - 2


def named_caps(data: Mapping[str, str]) -> dict[str, int]:
    """Return the caps that are named; Refusals `amount_invalid`, `policy_invalid`."""
    caps = {name: whole(data[name] or "0") for name in CAP_NAMES if name in data}
    policies.check_caps(policies.policy_of("", "", 0, changed(None, caps)))
    return caps


def base_of(text: str) -> int:
    """Return the version a person looked at, 0 for none; Refusal `amount_invalid`."""
    version = whole(text)
    if not 0 <= version <= _HIGHEST_VERSION:
        raise Refusal("amount_invalid")
    return version


def changed(before: RiskPolicy | None, caps: Mapping[str, int]) -> dict[str, RiskCaps]:
    """Return the caps per instrument: those of `before`, with the named ones in their place."""
    found = {name: RiskCaps() if before is None else before.caps(name) for name in INSTRUMENTS}
    for name, cap in caps.items():
        instrument, dimension = name.split(".")
        found[instrument] = replace(found[instrument], **{dimension: cap})
    return found


async def issue(hq: Hq, user: HqUser, store_id: str, key: str, based_on: int, caps: Mapping[str, int]) -> Plain:
    """Sign the version after `based_on`, with these caps changed, for a store that the person sees: {outcome, version}.

    Refusals: `store_unknown`, `policy_invalid`; refused as `policies.put_in_force` says.
    """
    store_id = as_id(store_id)
    async with transaction(hq.pool, user.claims) as connection:
        if store_id not in {str(one.store_id) for one in await risk.policies(connection)}:
            raise Refusal("store_unknown")
        before = await risk.policy_at(connection, store_id, based_on)
    act = act_of(key, store_id, based_on, dict(caps))
    policy = policies.policy_of(str(uuid4()), store_id, based_on + 1, changed(before, caps))
    return await policies.put_in_force(hq.pool, hq.keys, user.claims, act, policy, hq.now())

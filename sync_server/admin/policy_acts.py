"""Read the caps of a risk policy from a form or a program, and put the next version in force.

Rule: names are "<instrument>.<dimension>"; what is missing or empty is 0. Signing and storing: `catalogue.policies`.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from uuid import uuid4

from models.catalogue import INSTRUMENTS, RiskCaps
from models.refusals import Refusal
from sync_server.admin.acts import as_id, whole
from sync_server.admin.desk import Hq
from sync_server.admin.sessions import HqUser
from sync_server.catalogue import policies
from sync_server.database.engine import transaction
from sync_server.intake.held import act_of
from sync_server.ledger.functions import Plain
from sync_server.reports import risk


def wanted_caps(data: Mapping[str, str]) -> dict[str, RiskCaps]:
    """Return the caps per instrument; Refusals `amount_invalid`, `policy_invalid`."""
    caps = {
        instrument: RiskCaps(*(whole(data.get(f"{instrument}.{field.name}", "") or "0") for field in fields(RiskCaps)))
        for instrument in INSTRUMENTS
    }
    policies.check_caps(policies.policy_of("", "", 0, caps))
    return caps


async def issue(hq: Hq, user: HqUser, store_id: str, key: str, based_on: int, caps: Mapping[str, RiskCaps]) -> Plain:
    """Sign the version after `based_on` for a store that the person sees: {outcome, version}.

    Refusals: `store_unknown`, `policy_invalid`; refused as `policies.put_in_force` says.
    """
    store_id = as_id(store_id)
    async with transaction(hq.pool, user.claims) as connection:
        if store_id not in {str(one.store_id) for one in await risk.policies(connection)}:
            raise Refusal("store_unknown")
    act = act_of(key, store_id, based_on, {name: asdict(one) for name, one in caps.items()})
    policy = policies.policy_of(str(uuid4()), store_id, based_on + 1, caps)
    return await policies.put_in_force(hq.pool, hq.keys, user.claims, act, policy, hq.now())

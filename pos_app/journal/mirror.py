"""The mirror of what HQ manages: kept row by row as it came, read as one catalogue of values.

Rule: only a pull writes here (and pairing, its first row). A row that this version cannot read is left out and named
in the log, so that one bad row stops nothing. A risk policy counts only under a known server key and for this store.
Not here: members and passes (`members`, `passes`).
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from models import codec
from models.cards import BonusRule, LevelBand
from models.catalogue import (
    AddOn,
    Category,
    PassPlan,
    PriceList,
    Product,
    RiskPolicy,
    SignedPolicy,
    SlipTemplate,
    StaffMember,
    Store,
)
from models.refusals import Refusal
from models.wire import POLICY_CONTEXT, SealingKey, ServerKey
from pos_app.journal import signatures
from pos_app.journal.tables import MIRROR

T = TypeVar("T")
_log = logging.getLogger(__name__)

KINDS: Mapping[str, type] = {
    "store": Store,
    "server_key": ServerKey,
    "policy": SignedPolicy,
    "staff": StaffMember,
    "category": Category,
    "product": Product,
    "add_on": AddOn,
    "plan": PassPlan,
    "template": SlipTemplate,
    "level_band": LevelBand,
    "bonus_rule": BonusRule,
    "sealing_key": SealingKey,
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The mirror as values. `products` and `categories` are what is on sale, in order; the rest is looked up by id."""

    store: Store | None = None
    prices: PriceList = field(default_factory=lambda: PriceList(""))
    categories: tuple[Category, ...] = ()
    products: tuple[Product, ...] = ()
    plans: Mapping[str, PassPlan] = field(default_factory=dict)
    staff: Mapping[str, StaffMember] = field(default_factory=dict)
    templates: Mapping[str, SlipTemplate] = field(default_factory=dict)
    """By kind, the highest version of each."""
    server_keys: Mapping[str, str] = field(default_factory=dict)
    policy: RiskPolicy | None = None
    level_bands: tuple[LevelBand, ...] = ()
    """Those that count at this store: its merchant's own, else the operator's."""
    bonus_rules: tuple[BonusRule, ...] = ()
    """Its merchant's, in its currency, lowest minimum first; some may have ended."""
    sealing_keys: tuple[SealingKey, ...] = ()
    """By the time from which they are used."""


def put(rows: Connection, kind: str, key: str, value: Any, epoch: str) -> None:
    """Store one mirrored row as it came."""
    text = json.dumps(value, ensure_ascii=False)
    statement = insert(MIRROR).values(kind=kind, key=key, value=text, epoch=epoch)
    rows.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_={"value": text, "epoch": epoch}))


def remove(rows: Connection, kind: str, key: str) -> None:
    """Forget one mirrored row."""
    rows.execute(delete(MIRROR).where(MIRROR.c.kind == kind, MIRROR.c.key == key))


def forget_other_epochs(rows: Connection, epoch: str) -> None:
    """Drop rows that a complete pull of this epoch did not bring."""
    rows.execute(delete(MIRROR).where(MIRROR.c.epoch != epoch))


def load_store(rows: Connection) -> Store | None:
    """Return this till's store."""
    text = rows.execute(select(MIRROR.c.value).where(MIRROR.c.kind == "store")).scalars().first()
    return None if text is None else codec.decode(Store, text, newer_too=True)


def load(rows: Connection) -> Catalogue:
    """Read the whole mirror."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for kind, key, text in rows.execute(select(MIRROR.c.kind, MIRROR.c.key, MIRROR.c.value)):
        if kind in KINDS:
            value = _value(kind, key, text)
            if value is not None:
                found[kind][key] = value
    store: Store | None = next(iter(found["store"].values()), None)
    prices = PriceList(store.currency if store else "", found["product"], found["add_on"])
    server_keys = {key.key_id: key.public_key for key in found["server_key"].values()}
    templates: dict[str, SlipTemplate] = {}
    for template in sorted(found["template"].values(), key=lambda one: (one.version, one.template_id)):
        templates[template.kind] = template
    return Catalogue(
        store=store,
        prices=prices,
        categories=tuple(sorted(found["category"].values(), key=lambda one: (one.position, one.category_id))),
        products=tuple(
            sorted(
                (one for one in found["product"].values() if one.on_sale),
                key=lambda one: (one.position, one.product_id),
            )
        ),
        plans=found["plan"],
        staff=found["staff"],
        templates=templates,
        server_keys=server_keys,
        policy=_policy(found["policy"].values(), server_keys, store),
        level_bands=_bands(found["level_band"].values(), store),
        bonus_rules=_rules(found["bonus_rule"].values(), store),
        sealing_keys=tuple(sorted(found["sealing_key"].values(), key=lambda key: (key.use_from, key.key_id))),
    )


def _bands(bands: Collection[LevelBand], store: Store | None) -> tuple[LevelBand, ...]:
    if store is None:
        return ()
    own = [band for band in bands if band.merchant_id == store.merchant_id]
    counting = own or [band for band in bands if band.merchant_id is None]
    return tuple(sorted(counting, key=lambda band: (band.min_points, band.level)))


def _rules(rules: Collection[BonusRule], store: Store | None) -> tuple[BonusRule, ...]:
    if store is None:
        return ()
    own = [rule for rule in rules if rule.merchant_id == store.merchant_id and rule.currency == store.currency]
    return tuple(sorted(own, key=lambda rule: (rule.min_amount_minor, rule.rule_id)))


def _value(kind: str, key: str, text: str) -> Any:
    try:
        return codec.decode(KINDS[kind], text, newer_too=True)
    except Refusal as refusal:
        _log.warning("mirrored row %s %s is unreadable at %s", kind, key, refusal.data.get("pointer"))
        return None


def _policy(signed: Any, server_keys: Mapping[str, str], store: Store | None) -> RiskPolicy | None:
    best: RiskPolicy | None = None
    for one in signed:
        policy = _verified(one, server_keys)
        if policy is None or store is None or policy.store_id != store.store_id:
            _log.warning("a risk policy does not hold and is ignored")
        elif best is None or policy.version > best.version:
            best = policy
    return best


def is_signed(signed: SignedPolicy, server_keys: Mapping[str, str]) -> bool:
    """Say whether a known key of the server (id -> base64) has signed this policy."""
    message = POLICY_CONTEXT + signed.body.encode()
    return signatures.holds(server_keys, signed.key_id, signed.signature, message) is True


def _verified(signed: SignedPolicy, server_keys: Mapping[str, str]) -> RiskPolicy | None:
    try:
        return codec.decode(RiskPolicy, signed.body) if is_signed(signed, server_keys) else None
    except Refusal:
        return None

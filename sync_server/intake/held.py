"""A person at HQ decides about a held fact: post it as it is, or to another account, book its loss, or reject it.

Rule: the fact's bytes and the till's answer stay. What a decision posts is made of those bytes anew, by the checks of
`effects` less the waived ones; the ledger decides the rest under its locks. A refusal is a result.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import LiteralString

from psycopg.types.json import Jsonb

from models import codec, facts
from models.facts import Fact, decode_fact
from models.ids import parse_id
from models.people import Person
from models.refusals import Refusal
from models.tenders import check_tenders
from sync_server.database.engine import Claims, Connection, Pool, retrying, transaction
from sync_server.intake import companions
from sync_server.intake.cards import content_beside
from sync_server.intake.checks import Plain
from sync_server.intake.companions import Beside, person_of
from sync_server.intake.effects import StoreRules, prepare
from sync_server.keys import Keyring
from sync_server.ledger.functions import LEDGER_ID, call
from sync_server.ledger.units import Act

QUEUE_FACTS = 500
"""How many facts of a queue one call decides about."""
DECISIONS = ("post", "post_to", "write_off", "reject")
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "MemberCreated": ("member_id",),
    "PassRedeemed": ("pass_id",),
    "PassSold": ("member_id", "pass_id", "plan_id"),
    "OrderPaid": ("member_id",),
    "ToppedUp": ("member_id", "card_id"),
    "CardCharged": ("card_id",),
}
"""What may be named instead of the fact's own account, by kind."""
LOSABLE = frozenset({"PassRedeemed", "CardCharged", "Refunded", "OrderRefunded"})
"""Kinds whose loss can be booked: something was handed over for stored value, or money for nothing."""
AS_IS = frozenset(
    {
        "Refunded",
        "OrderRefunded",
        "RequestAbandoned",
        "ShiftOpened",
        "CashMoved",
        "ShiftClosed",
        "SlipReprinted",
        "ReservationClosed",
    }
)
"""Kinds that can be posted, and to no other account."""
WAIVED = frozenset({"amount_unusual", "tender_not_allowed", "arithmetic_wrong", "vat_wrong", "slips_wrong"})
"""What a person may accept: a large top-up, a wrong tender or paper, odd sums as long as the money adds up."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person wants done, and why (3 to 200 characters). `account`: ids that `post_to` names, see ACCOUNTS.

    `take_back`: with `reject`, undo what the request that the fact cites was granted.
    """

    decision: str
    reason: str
    account: dict[str, str] = field(default_factory=dict)
    take_back: bool = False


def act_of(key: str, *content: object) -> Act:
    """Return an act whose content is the digest of these values."""
    return Act(key, hashlib.sha256(codec.encode(codec.to_plain(list(content)))).digest())


async def decide(pool: Pool, claims: Claims, key: str, fact_hash: str, wanted: Decision, keys: Keyring) -> Plain:
    """Decide about a held fact, once: {outcome, decision, tx_no}; by the platform or the merchant's staff.

    Refused: held_unknown, held_decided {decision}, reason_missing, permission_missing, account_missing,
    held_not_postable {reason}, nothing_lost, granted_unknown, refund_followed, content_differs,
    and whatever still makes a posting impossible.
    Raises Refusal `held_unknown` for a fact that the person cannot see, `request_malformed` for an odd account.
    """

    async def once() -> Plain:
        async with transaction(pool, claims) as connection:
            return await _decide(connection, key, fact_hash, wanted, keys)

    return await retrying(once)


async def decide_queue(
    pool: Pool, claims: Claims, key: str, terminal_id: str, upto_seq: int, wanted: Decision, keys: Keyring
) -> Plain:
    """Decide alike about all that a revoked terminal handed in up to a place of its chain, in the order of the chain:
    {decided, refused: [{hash, code}], left}. At most QUEUE_FACTS at a time; `left` are still waiting.

    Each fact is decided by itself under a key made of this one: what the ledger refuses stays, to be decided singly.
    Refusal `request_malformed` for post_to, which names an account of one fact.
    """
    if wanted.decision not in DECISIONS or wanted.decision == "post_to" or wanted.account or wanted.take_back:
        raise Refusal("request_malformed", {"pointer": "/decision"})
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(_QUEUE, [LEDGER_ID, terminal_id, upto_seq])
        hashes = [row[0] for row in await cursor.fetchall()]
    refused = []
    for fact_hash in hashes[:QUEUE_FACTS]:
        outcome = await decide(pool, claims, f"{key[:100]}/{fact_hash}", fact_hash, wanted, keys)
        if outcome["outcome"] == "refused":
            refused.append({"hash": fact_hash, "code": outcome["code"]})
    taken = min(len(hashes), QUEUE_FACTS)
    return {
        "outcome": "accepted",
        "decided": taken - len(refused),
        "refused": refused,
        "left": len(hashes) - taken + len(refused),
    }


async def typed_person(connection: Connection, fact_hash: str, keys: Keyring) -> Person | None:
    """Return whom a held new member's fact brought, in the clear; None when that cannot be read. Mask it to show it."""
    cursor = await connection.execute(_FACT, [LEDGER_ID, bytes.fromhex(fact_hash)])
    row = await cursor.fetchone()
    if row is None or row[4] is None:
        return None
    try:
        fact = decode_fact(bytes(row[2]))
    except Refusal:
        return None
    beside = Beside(keys, datetime.now(UTC), {fact.fact_id: bytes(row[4])})
    return companions.typed_person(fact, beside, StoreRules(*row[5:]).calling_code)


async def _decide(connection: Connection, key: str, fact_hash: str, wanted: Decision, keys: Keyring) -> Plain:
    cursor = await connection.execute(_FACT, [LEDGER_ID, bytes.fromhex(fact_hash)])
    row = await cursor.fetchone()
    if row is None:
        raise Refusal("held_unknown")
    terminal_id, code, data, judged_at, companion, *rules = row
    kind, effect, problem = _reading(bytes(data), terminal_id, code, StoreRules(*rules), judged_at)
    if kind == "MemberCreated" and companion is not None and problem is None:
        effect = _with_person(bytes(data), bytes(companion), keys, effect, StoreRules(*rules).calling_code)
    account = _account(kind, wanted.account)
    content = act_of(key, fact_hash, wanted.decision, wanted.reason, dict(account), wanted.take_back)
    outcome: Plain = await call(
        connection,
        "SELECT app.decide_held(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            LEDGER_ID, key, content.content_hash, terminal_id, bytes.fromhex(fact_hash), wanted.decision,
            Jsonb(effect), None if problem is None else Jsonb(problem), Jsonb(account), wanted.reason, wanted.take_back,
        ],
    )  # fmt: skip
    return outcome


def _reading(
    data: bytes, terminal_id: str, code: str, rules: StoreRules, judged_at: datetime
) -> tuple[str | None, Plain, Plain | None]:
    """Return kind, effect, and why it can never be posted, of a held fact's bytes."""
    try:
        fact = decode_fact(data)
        prepared = prepare(fact, terminal_id, code, rules, judged_at, WAIVED)
    except Refusal as refusal:
        newer = refusal.code == "newer_than_server"
        return None, {}, _not_postable(refusal.code if newer else "fact_unreadable")
    except Exception:  # noqa: BLE001 - what broke the intake once ("internal") may break it again; it can be rejected
        return None, {}, _not_postable("internal")
    cited = prepared.effect.get("request_id")
    effect = {**prepared.effect, **content_beside(fact.body), "kind": fact.kind, "cited": cited}
    wrong = prepared.held or _wrong_money(fact, effect)
    return (fact.kind, effect, None) if wrong is None else (fact.kind, {}, _not_postable(wrong))


def _with_person(data: bytes, companion: bytes, keys: Keyring, effect: Plain, calling_code: str) -> Plain:
    fact = decode_fact(data)
    person = person_of(fact, Beside(keys, datetime.now(UTC), {fact.fact_id: companion}), calling_code)
    return effect if person is None else {**effect, "person": person}


def _not_postable(reason: str) -> Plain:
    return {"code": "held_not_postable", "data": {"reason": reason}}


def _wrong_money(fact: Fact, effect: Plain) -> str | None:
    """Say what is wrong with tenders or VAT so that no posting is possible, whoever accepts it."""
    total = next((effect[name] for name in ("total_minor", "extra_total_minor") if name in effect), 0)
    if isinstance(fact.body, facts.PassRedeemed):
        try:
            check_tenders(total, fact.body.tenders, redemption=False)
        except Refusal as refusal:
            return refusal.code
    vat = sum(group["base_minor"] + group["quota_minor"] for group in effect.get("vat") or ())
    return "arithmetic_wrong" if effect.get("vat") and vat != total else None


def _account(kind: str | None, named: Mapping[str, str]) -> dict[str, str]:
    for name, text in named.items():
        if name not in ACCOUNTS.get(kind or "", ()):
            raise Refusal("request_malformed", {"pointer": f"/account/{name[:20]}"})
        parse_id(text)
    return dict(named)


# Judged when it happened, but never after the server heard of it.
_FACT: LiteralString = """
SELECT f.terminal_id::text, t.code, f.bytes, least(coalesce(f.happened_at, f.recorded_at), f.recorded_at), c.sealed,
       s.currency, s.timezone, s.business_day_cutoff_minutes, s.slip_language
  FROM app.facts AS f
  JOIN app.terminals AS t ON t.terminal_id = f.terminal_id
  JOIN app.stores AS s ON s.store_id = f.store_id
  LEFT JOIN app.fact_companions AS c
    ON c.ledger_id = f.ledger_id AND c.terminal_id = f.terminal_id AND c.hash = f.hash
 WHERE f.ledger_id = %s AND f.hash = %s AND f.outcome = 'held'
"""
_QUEUE: LiteralString = """
SELECT encode(f.hash, 'hex') FROM app.facts AS f
 WHERE f.ledger_id = %s AND f.terminal_id::text = %s AND f.seq <= %s AND f.outcome = 'held'
   AND f.reason = 'terminal_revoked' AND f.in_chain AND NOT EXISTS (
        SELECT FROM app.held_decisions AS d
         WHERE d.ledger_id = f.ledger_id AND d.terminal_id = f.terminal_id AND d.hash = f.hash)
 ORDER BY f.seq
"""

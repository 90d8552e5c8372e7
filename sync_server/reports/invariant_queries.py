"""The questions of `invariants`, by number: what there is to check (COUNTED), and what should not be (OFFENCES).

Rule: the questions themselves stand by subject in the modules invariants_*.
"""

from typing import LiteralString

from sync_server.reports import invariants_acts as acts
from sync_server.reports import invariants_house as house
from sync_server.reports import invariants_money as money
from sync_server.reports import invariants_posted as posted
from sync_server.reports import invariants_rows as rows

COUNTED: dict[int, LiteralString] = {
    1: "SELECT format('%s transactions, %s entries', (SELECT count(*) FROM app.transactions), count(*))"
    " FROM app.entries",
    2: "SELECT format('%s guarded accounts, %s checkpoints', count(*), (SELECT count(*) FROM app.account_checkpoints))"
    " FROM app.accounts WHERE guarded",
    3: "SELECT format('%s guarded accounts', count(*)) FROM app.accounts WHERE guarded",
    4: "SELECT format('%s accounts of principal and bonus, %s lots, %s refunds', count(*),"
    " (SELECT count(*) FROM app.card_lots), (SELECT count(*) FROM app.card_refunds)) FROM app.accounts"
    " WHERE bucket IN ('principal', 'bonus')",
    5: "SELECT format('%s passes, %s uses taken', count(*), (SELECT count(*) FROM app.pass_redemptions))"
    " FROM app.member_passes",
    6: "SELECT format('%s keys of requests, %s granted without their fact, %s facts',"
    " (SELECT count(*) FROM app.idempotency_registry), (SELECT count(*) FROM app.granted_waiting), count(*))"
    " FROM app.facts",
    7: "SELECT format('%s transaction numbers, %s slip numbers', count(*), (SELECT count(*) FROM app.slips))"
    " FROM app.tx_registry",
    8: "SELECT format('%s audit rows, %s of them in %s seals', count(*),"
    " (SELECT coalesce(sum(row_count), 0) FROM audit.seals), (SELECT count(*) FROM audit.seals)) FROM audit.event_log",
    9: "SELECT format('%s chains, %s facts', (SELECT count(*) FROM app.terminal_heads), count(*))"
    " FROM app.facts WHERE in_chain",
    10: "SELECT format('%s posted + %s held = %s recorded; fsync %s', count(*) FILTER (WHERE outcome = 'accepted'),"
    " count(*) FILTER (WHERE outcome = 'held'), count(*), current_setting('fsync')) FROM app.facts",
    11: "SELECT format('%s units, %s uses left on passes, %s open reservations', count(DISTINCT unit),"
    " coalesce(sum(balance) FILTER (WHERE bucket = 'uses'), 0),"
    " (SELECT count(*) FROM app.reservations WHERE status = 'open')) FROM app.accounts",
    12: "SELECT format('%s uses taken at risk, %s of them lost', coalesce(sum(uses), 0), coalesce(sum(loss_uses), 0))"
    " FROM app.pass_redemption_batches WHERE rung = 'at_risk'",
    13: "SELECT format('%s points on %s cards, %s charges', coalesce(sum(balance), 0), count(*),"
    " (SELECT count(*) FROM app.card_charges)) FROM app.accounts WHERE bucket = 'points'",
    14: "SELECT format('%s tables', count(*)) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p')",
}
"""What there is to check, in words."""

OFFENCES: dict[int, tuple[LiteralString, ...]] = {
    1: (money.BALANCED, money.ORPHAN_ENTRIES),
    2: (money.BALANCES, money.CHECKPOINTS, money.BALANCE_CHAIN, money.UNGUARDED_ENTRIES),
    3: (money.BELOW_FLOOR,),
    4: (
        money.BUCKETS_MIXED,
        money.LOTS,
        money.REFUNDED,
        money.REFUND_BASIS,
        money.BONUS_TURNED,
        rows.LOTS_BROUGHT,
        rows.SALES_REFUNDED,
    ),
    5: (acts.USES_COUNTED, acts.BATCH_LINES, acts.USE_TWICE, rows.PURCHASES),
    6: (
        acts.EFFECT_WITHOUT_CAUSE,
        acts.TWO_EFFECTS,
        acts.CAUSE_WITHOUT_EFFECT,
        acts.REVERSALS,
        acts.DECIDED,
        acts.LOST_BESIDES,
        rows.MERGED,
    ),
    7: (acts.REGISTRY, acts.EXTERNAL_ORDERS, acts.NUMBER_SERIES, acts.SLIP_SERIES, rows.REGISTERED, rows.ORDERS),
    8: (
        house.AUDITED,
        house.HELD_AUDITED,
        acts.DECIDED_AUDITED,
        house.SEALED_ROWS,
        house.SEAL_CHAIN,
        house.UNSEALED,
        house.HELD_BY_TILLS,
    ),
    9: (acts.CHAINS, acts.LINKS, acts.BYTES),
    10: (acts.ACKNOWLEDGED, acts.ORIGINALS, acts.PAPER_WITHOUT_FACT),
    11: (money.ISSUED, money.RESERVED, posted.POSTED, posted.VAT),
    12: (acts.RISK, acts.LOSS_POSTED, rows.LOSSES_SETTLED),
    13: (money.POINTS_EARNED, money.POINTS_HELD, money.LEVELS_OVERLAP, rows.DISCOUNTED),
    14: (house.OPEN_TABLES, house.OPEN_PARTITIONS, house.WRITABLE_TABLES, house.OPEN_FUNCTIONS, house.STRANGERS),
}

FULL_ONLY = frozenset({money.CHECKPOINTS})
"""What only a full run asks, since it reads a lifetime to prove what later runs begin with."""

"""The questions of `invariants`, in SQL: what there is (COUNTED), and what should not be (OFFENCES), by number.

Rule: every row of an offence query is one offence, in words without personal data. Run by a reader that sees all.
"""

from typing import LiteralString

COUNTED: dict[int, LiteralString] = {
    1: "SELECT format('%s transactions, %s entries', (SELECT count(*) FROM app.transactions), count(*))"
    " FROM app.entries",
    2: "SELECT format('%s guarded accounts', count(*)) FROM app.accounts WHERE guarded",
    3: "SELECT format('%s guarded accounts', count(*)) FROM app.accounts WHERE guarded",
    4: "SELECT format('%s accounts of principal and bonus', count(*)) FROM app.accounts"
    " WHERE bucket IN ('principal', 'bonus') HAVING count(*) > 0",
    5: "SELECT format('%s passes, %s uses taken', count(*), (SELECT count(*) FROM app.pass_redemptions))"
    " FROM app.member_passes",
    6: "SELECT format('%s keys of requests, %s facts', (SELECT count(*) FROM app.idempotency_registry), count(*))"
    " FROM app.facts",
    7: "SELECT format('%s transaction numbers, %s slip numbers', count(*), (SELECT count(*) FROM app.slips))"
    " FROM app.tx_registry",
    8: "SELECT format('%s audit rows', count(*)) FROM audit.event_log",
    9: "SELECT format('%s chains, %s facts', (SELECT count(*) FROM app.terminal_heads), count(*))"
    " FROM app.facts WHERE in_chain",
    10: "SELECT format('%s posted + %s held = %s recorded; fsync %s', count(*) FILTER (WHERE outcome = 'accepted'),"
    " count(*) FILTER (WHERE outcome = 'held'), count(*), current_setting('fsync')) FROM app.facts",
    11: "SELECT format('%s uses left on passes; no reservations yet', coalesce(sum(balance), 0)) FROM app.accounts"
    " WHERE bucket = 'uses'",
    12: "SELECT format('%s uses taken at risk, %s of them lost', coalesce(sum(uses), 0), coalesce(sum(loss_uses), 0))"
    " FROM app.pass_redemption_batches WHERE rung = 'at_risk'",
    14: "SELECT format('%s tables', count(*)) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p')",
}
"""What there is to check, in words. No row: the invariant has nothing to be about."""

ABSENT: dict[int, str] = {
    4: "no money of members is kept yet",
    13: "nothing gives points or levels yet",
}

PARTLY: dict[int, str] = {8: "none missing; sealing into signed heads is not built yet"}
"""What of an invariant can be asked today, and what of it does not exist yet: it may be broken, it never holds."""

_BALANCED: LiteralString = """
SELECT format('%s: %s sums to %s', t.tx_no, a.unit, sum(e.delta))
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
  JOIN app.transactions AS t ON t.ledger_id = e.ledger_id AND t.tx_id = e.tx_id
 GROUP BY t.tx_no, a.unit HAVING sum(e.delta) <> 0 ORDER BY 1
"""
_ORPHAN_ENTRIES: LiteralString = """
SELECT format('an entry of transaction %s belongs to nothing', e.tx_id) FROM app.entries AS e
 WHERE NOT EXISTS (SELECT FROM app.accounts AS a WHERE a.ledger_id = e.ledger_id AND a.account_id = e.account_id)
    OR NOT EXISTS (SELECT FROM app.transactions AS t WHERE t.ledger_id = e.ledger_id AND t.tx_id = e.tx_id)
"""
_BALANCES: LiteralString = """
SELECT format('account %s: balance %s, entries %s, version %s of %s', a.account_id, a.balance,
              coalesce(sum(e.delta), 0), a.version, count(e.tx_id))
  FROM app.accounts AS a
  LEFT JOIN app.entries AS e ON e.ledger_id = a.ledger_id AND e.account_id = a.account_id
 WHERE a.guarded
 GROUP BY a.ledger_id, a.account_id, a.balance, a.version
HAVING coalesce(sum(e.delta), 0) <> a.balance OR count(e.tx_id) <> a.version OR coalesce(max(e.version), 0) <> a.version
"""
_BALANCE_CHAIN: LiteralString = """
SELECT format('account %s: entry of version %s ends at %s', account_id, version, balance_after)
  FROM (SELECT e.account_id, e.version, e.balance_after,
               sum(e.delta) OVER (PARTITION BY e.ledger_id, e.account_id ORDER BY e.version) AS expected
          FROM app.entries AS e WHERE e.version IS NOT NULL) AS chained
 WHERE balance_after <> expected
"""
_UNGUARDED_ENTRIES: LiteralString = """
SELECT format('account %s: an entry without a balance', a.account_id)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE a.guarded <> (e.version IS NOT NULL)
"""
_BELOW_FLOOR: LiteralString = """
SELECT format('account %s stands at %s', account_id, balance) FROM app.accounts WHERE balance < floor
UNION ALL
SELECT format('account %s stood at %s', a.account_id, e.balance_after)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE e.balance_after < a.floor
"""
_BUCKETS_MIXED: LiteralString = """
SELECT format('transaction %s moves between principal and bonus', e.tx_id)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE a.bucket IN ('principal', 'bonus')
 GROUP BY e.ledger_id, e.tx_id, a.owner_id HAVING min(sign(e.delta)) < 0 AND max(sign(e.delta)) > 0
"""
_USES_COUNTED: LiteralString = """
SELECT format('pass %s: bought %s, left %s, taken %s', p.pass_id, p.uses_bought, coalesce(a.balance, 0),
              p.uses_opening + taken.uses)
  FROM app.member_passes AS p
  LEFT JOIN app.accounts AS a ON a.ledger_id = p.ledger_id AND a.account_id = p.pass_id
 CROSS JOIN LATERAL (
        SELECT count(*) AS uses FROM app.pass_redemptions AS r
          JOIN app.pass_redemption_batches AS b USING (ledger_id, redemption_id)
         WHERE r.ledger_id = p.ledger_id AND r.pass_id = p.pass_id AND r.use_no IS NOT NULL AND b.reversed_by IS NULL
       ) AS taken
 WHERE coalesce(a.balance, 0) NOT BETWEEN 0 AND p.uses_bought
    OR p.uses_bought - coalesce(a.balance, 0) <> p.uses_opening + taken.uses
"""
_BATCH_LINES: LiteralString = """
SELECT format('redemption %s: %s uses, %s lines, %s of them lost', b.redemption_id, b.uses, count(r.line_no),
              count(r.line_no) FILTER (WHERE r.use_no IS NULL))
  FROM app.pass_redemption_batches AS b LEFT JOIN app.pass_redemptions AS r USING (ledger_id, redemption_id)
 GROUP BY b.ledger_id, b.redemption_id, b.uses, b.loss_uses
HAVING count(r.line_no) <> b.uses OR count(r.line_no) FILTER (WHERE r.use_no IS NULL) <> b.loss_uses
"""
_USE_TWICE: LiteralString = """
SELECT format('pass %s: use %s was taken %s times', pass_id, use_no, count(*)) FROM app.pass_redemptions
 WHERE use_no IS NOT NULL GROUP BY ledger_id, pass_id, use_no HAVING count(*) > 1
"""
_EFFECT_WITHOUT_CAUSE: LiteralString = """
SELECT format('%s has no cause', t.tx_no) FROM app.transactions AS t
 WHERE NOT EXISTS (SELECT FROM app.facts AS f WHERE f.ledger_id = t.ledger_id AND f.terminal_id = t.principal_id
                      AND f.fact_id::text = t.idempotency_key AND f.tx_id = t.tx_id AND f.outcome = 'accepted')
   AND NOT EXISTS (SELECT FROM app.idempotency_registry AS r WHERE r.ledger_id = t.ledger_id
                      AND r.principal_id = t.principal_id AND r.key = t.idempotency_key AND r.tx_id = t.tx_id)
"""
_CAUSE_WITHOUT_EFFECT: LiteralString = """
SELECT format('fact %s says it was posted', encode(f.hash, 'hex')) FROM app.facts AS f
 WHERE (f.tx_id IS NOT NULL OR (f.outcome = 'accepted' AND f.kind IN ('PassSold', 'PassRedeemed', 'OrderPaid')))
   AND NOT EXISTS (SELECT FROM app.transactions AS t WHERE t.ledger_id = f.ledger_id AND t.tx_id = f.tx_id
                      AND t.tx_no = f.tx_no)
UNION ALL
SELECT format('request %s says it was posted', r.key) FROM app.idempotency_registry AS r
 WHERE (r.tx_id IS NOT NULL OR r.outcome ->> 'outcome' = 'accepted')
   AND NOT EXISTS (SELECT FROM app.transactions AS t WHERE t.ledger_id = r.ledger_id AND t.tx_id = r.tx_id)
"""
_REVERSALS: LiteralString = """
SELECT format('%s: the request is answered %s, its redemption is %s', r.key, r.outcome ->> 'outcome',
              CASE WHEN b.reversed_by IS NULL THEN 'kept' ELSE 'reversed' END)
  FROM app.idempotency_registry AS r
  JOIN app.pass_redemption_batches AS b ON b.ledger_id = r.ledger_id AND b.tx_id = r.tx_id
 WHERE (r.outcome ->> 'outcome' = 'accepted') <> (b.reversed_by IS NULL)
"""
_REGISTRY: LiteralString = """
SELECT format('%s stands in only one of transactions and registry', coalesce(t.tx_no, r.tx_no))
  FROM app.transactions AS t
  FULL JOIN app.tx_registry AS r ON r.ledger_id = t.ledger_id AND r.tx_id = t.tx_id AND r.tx_no = t.tx_no
 WHERE t.tx_id IS NULL OR r.tx_id IS NULL
"""
_NUMBER_SERIES: LiteralString = """
SELECT format('series %s of issuer %s: counter %s, %s numbers, highest %s', c.kind, c.issuer_no, c.last_no,
              count(r.tx_no), max(right(r.tx_no, 8)))
  FROM app.number_counters AS c
  LEFT JOIN app.tx_registry AS r ON r.ledger_id = c.ledger_id AND left(r.tx_no, 2) = c.kind
        AND substr(r.tx_no, 3, length(r.tx_no) - 10)::integer = c.issuer_no
 GROUP BY c.ledger_id, c.issuer_id, c.kind, c.issuer_no, c.last_no
HAVING count(r.tx_no) <> c.last_no OR max(right(r.tx_no, 8)::bigint) <> c.last_no
"""
# A fact that could not be read, or was kept without its paper, explains a gap in its terminal's slips.
_SLIP_SERIES: LiteralString = """
SELECT format('%s slips of terminal %s: %s numbers up to %s', s.kind, s.terminal_id, count(*), max(s.counter))
  FROM app.slips AS s
 WHERE NOT EXISTS (SELECT FROM app.facts AS f WHERE f.ledger_id = s.ledger_id AND f.terminal_id = s.terminal_id
                      AND f.outcome = 'held' AND NOT EXISTS (
                          SELECT FROM app.slips AS own WHERE own.ledger_id = f.ledger_id AND own.fact_hash = f.hash))
 GROUP BY s.ledger_id, s.terminal_id, s.kind HAVING count(*) <> max(s.counter)
"""
_AUDITED: LiteralString = """
SELECT format('%s has %s audit rows', t.tx_no, count(e.event_id))
  FROM app.transactions AS t
  LEFT JOIN audit.event_log AS e ON e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id
        AND e.event = 'posted.' || t.kind AND e.recorded_at = t.created_at AND e.principal_id = t.principal_id
 GROUP BY t.ledger_id, t.tx_no HAVING count(e.event_id) <> 1
"""
_HELD_AUDITED: LiteralString = """
SELECT format('held fact %s has no audit row', encode(f.hash, 'hex')) FROM app.facts AS f
 WHERE f.outcome = 'held' AND NOT EXISTS (
        SELECT FROM audit.event_log AS e WHERE e.ledger_id = f.ledger_id AND e.event = 'held'
           AND e.subject = encode(f.hash, 'hex') AND e.recorded_at = f.recorded_at)
"""
_CHAINS: LiteralString = """
SELECT format('terminal %s: head %s, %s facts up to %s', h.terminal_id, h.seq, count(f.hash), max(f.seq))
  FROM app.terminal_heads AS h
  LEFT JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
 GROUP BY h.ledger_id, h.terminal_id, h.seq, h.hash
HAVING count(f.hash) <> h.seq OR coalesce(max(f.seq), 0) <> h.seq
    OR (h.seq > 0 AND NOT coalesce(bool_or(f.hash = h.hash), false))
UNION ALL
SELECT format('terminal %s has facts and no head', f.terminal_id) FROM app.facts AS f
 WHERE f.in_chain AND NOT EXISTS (SELECT FROM app.terminal_heads AS h
                                   WHERE h.ledger_id = f.ledger_id AND h.terminal_id = f.terminal_id)
 GROUP BY f.ledger_id, f.terminal_id
"""
_LINKS: LiteralString = """
SELECT format('terminal %s: fact %s does not follow the one before', linked.terminal_id, linked.seq)
  FROM (SELECT f.terminal_id, f.seq, f.prev,
               coalesce(lag(f.hash) OVER (PARTITION BY f.ledger_id, f.terminal_id ORDER BY f.seq),
                        decode(repeat('00', 32), 'hex')) AS before
          FROM app.facts AS f WHERE f.in_chain) AS linked
 WHERE linked.prev <> linked.before
"""
_BYTES: LiteralString = """
SELECT format('terminal %s: the bytes of fact %s were changed', f.terminal_id, f.seq) FROM app.facts AS f
 WHERE sha256(f.bytes) <> f.hash
"""
_ACKNOWLEDGED: LiteralString = """
SELECT format('terminal %s: countersigned up to %s, kept %s', h.terminal_id, h.signed_seq, count(f.hash))
  FROM app.terminal_heads AS h
  LEFT JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
        AND f.seq <= h.signed_seq
 WHERE h.signed_seq IS NOT NULL
 GROUP BY h.ledger_id, h.terminal_id, h.signed_seq HAVING count(f.hash) <> h.signed_seq
"""
_ORIGINALS: LiteralString = """
SELECT format('slip %s has %s originals', p.slip_no, count(*)) FROM app.print_reports AS p
 WHERE p.copy = 0 GROUP BY p.ledger_id, p.slip_no HAVING count(*) > 1
"""
# Paper may be reported before its fact arrives, never for a number that the facts have passed by.
_PAPER_WITHOUT_FACT: LiteralString = """
SELECT format('slip %s was printed and no fact has it', p.slip_no) FROM app.print_reports AS p
 WHERE p.state IN ('printed', 'handed_over')
   AND NOT EXISTS (SELECT FROM app.slips AS s WHERE s.ledger_id = p.ledger_id AND s.slip_no = p.slip_no)
   AND EXISTS (SELECT FROM app.slips AS later WHERE later.ledger_id = p.ledger_id AND later.terminal_id = p.terminal_id
                  AND later.kind = split_part(p.slip_no, '.', 1)
                  AND later.counter > split_part(p.slip_no, '.', 3)::integer)
   AND NOT EXISTS (SELECT FROM app.facts AS f WHERE f.ledger_id = p.ledger_id AND f.terminal_id = p.terminal_id
                      AND f.outcome = 'held' AND NOT EXISTS (
                          SELECT FROM app.slips AS own WHERE own.ledger_id = f.ledger_id AND own.fact_hash = f.hash))
"""
_ISSUED: LiteralString = """
SELECT format('%s: %s left on passes, %s issued less spent', a.unit, sum(coalesce(a.balance, 0)),
              -coalesce(sum(moved.delta) FILTER (WHERE NOT a.guarded), 0))
  FROM app.accounts AS a
  LEFT JOIN LATERAL (SELECT sum(e.delta) AS delta FROM app.entries AS e
                      WHERE e.ledger_id = a.ledger_id AND e.account_id = a.account_id) AS moved ON true
 WHERE a.unit LIKE 'use/%'
 GROUP BY a.ledger_id, a.unit
HAVING sum(coalesce(a.balance, 0)) <> -coalesce(sum(moved.delta) FILTER (WHERE NOT a.guarded), 0)
"""
_RISK: LiteralString = """
SELECT format('redemption %s: %s uses at risk, %s that day, %s unsettled, policy %s', b.redemption_id, b.uses,
              day.uses, open.uses, b.policy_version)
  FROM app.pass_redemption_batches AS b
  LEFT JOIN app.risk_policies AS policy ON policy.store_id = b.store_id AND policy.version = b.policy_version
 CROSS JOIN LATERAL (
        SELECT sum(o.uses) AS uses FROM app.pass_redemption_batches AS o
         WHERE o.ledger_id = b.ledger_id AND o.terminal_id = b.terminal_id AND o.member_id = b.member_id
           AND o.business_day = b.business_day AND o.rung = 'at_risk' AND o.reversed_by IS NULL
           AND o.happened_at <= b.happened_at) AS day
 CROSS JOIN LATERAL (
        SELECT sum(o.uses) AS uses FROM app.pass_redemption_batches AS o
         WHERE o.ledger_id = b.ledger_id AND o.terminal_id = b.terminal_id AND o.rung = 'at_risk'
           AND o.reversed_by IS NULL AND o.happened_at <= b.happened_at AND o.recorded_at > b.happened_at) AS open
 WHERE b.rung = 'at_risk' AND b.reversed_by IS NULL
   AND (policy.body IS NULL OR b.uses > (policy.body::jsonb ->> 'max_uses_per_operation')::bigint
        OR day.uses > (policy.body::jsonb ->> 'max_uses_per_member_day')::bigint
        OR open.uses > (policy.body::jsonb ->> 'max_uses_terminal')::bigint)
"""
_LOSS_POSTED: LiteralString = """
SELECT format('unit %s: %s uses lost, %s posted as offline loss', lost.unit, lost.uses, posted.uses)
  FROM (SELECT p.ledger_id, 'use/' || p.plan_id AS unit, sum(b.loss_uses) AS uses
          FROM app.pass_redemption_batches AS b JOIN app.member_passes AS p USING (ledger_id, pass_id)
         WHERE b.reversed_by IS NULL GROUP BY p.ledger_id, p.plan_id) AS lost
 CROSS JOIN LATERAL (
        SELECT -coalesce(sum(e.delta), 0) AS uses FROM app.accounts AS a
          JOIN app.entries AS e ON e.ledger_id = a.ledger_id AND e.account_id = a.account_id
         WHERE a.ledger_id = lost.ledger_id AND a.bucket = 'offline_loss' AND a.unit = lost.unit) AS posted
 WHERE lost.uses <> posted.uses
"""
_OPEN_TABLES: LiteralString = """
SELECT format('table %s is not closed by row security', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p')
   AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
        OR NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'deny_all'))
"""
_WRITABLE_TABLES: LiteralString = """
SELECT format('the program may write %s', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm')
   AND (n.nspname IN ('audit', 'sec') OR (n.nspname = 'app' AND EXISTS (
            SELECT FROM pg_attribute AS col WHERE col.attrelid = c.oid AND col.attname = 'ledger_id')))
   AND (has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(current_user, c.oid, 'INSERT, UPDATE'))
"""
_OPEN_FUNCTIONS: LiteralString = """
SELECT format('function %s may be called or steered by anybody', p.oid::regprocedure)
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('app', 'audit', 'sec')
   AND ((p.prosecdef AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false))
        OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0))
"""
_STRANGERS: LiteralString = """
SELECT format('%s touches accounts of another merchant', t.tx_no)
  FROM app.transactions AS t
  JOIN app.entries AS e ON e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE e.merchant_id <> t.merchant_id OR a.merchant_id <> t.merchant_id
UNION ALL
SELECT format('redemption %s is of another merchant or member', b.redemption_id)
  FROM app.pass_redemption_batches AS b JOIN app.member_passes AS p USING (ledger_id, pass_id)
 WHERE b.merchant_id <> p.merchant_id OR b.member_id <> p.member_id
"""

OFFENCES: dict[int, tuple[LiteralString, ...]] = {
    1: (_BALANCED, _ORPHAN_ENTRIES),
    2: (_BALANCES, _BALANCE_CHAIN, _UNGUARDED_ENTRIES),
    3: (_BELOW_FLOOR,),
    4: (_BUCKETS_MIXED,),
    5: (_USES_COUNTED, _BATCH_LINES, _USE_TWICE),
    6: (_EFFECT_WITHOUT_CAUSE, _CAUSE_WITHOUT_EFFECT, _REVERSALS),
    7: (_REGISTRY, _NUMBER_SERIES, _SLIP_SERIES),
    8: (_AUDITED, _HELD_AUDITED),
    9: (_CHAINS, _LINKS, _BYTES),
    10: (_ACKNOWLEDGED, _ORIGINALS, _PAPER_WITHOUT_FACT),
    11: (_ISSUED,),
    12: (_RISK, _LOSS_POSTED),
    14: (_OPEN_TABLES, _WRITABLE_TABLES, _OPEN_FUNCTIONS, _STRANGERS),
}

HEADS: LiteralString = """
SELECT h.terminal_id::text, t.code, t.public_key, h.signed_seq, encode(f.hash, 'hex'), h.signature, h.countersignature,
       h.key_id, h.epoch
  FROM app.terminal_heads AS h
  JOIN app.terminals AS t ON t.terminal_id = h.terminal_id
  JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
       AND f.seq = h.signed_seq
"""

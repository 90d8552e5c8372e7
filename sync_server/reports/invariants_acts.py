"""Questions about what was done: uses, causes and effects, numbers, chains, paper, risk (invariants 5 to 7, 9, 10, 12).

Rule: every row of an answer is one offence, in words without personal data. A month whose partition was archived is
known by its registry alone.
"""

# ruff: noqa: S608 - the parts that are put together are constants of this room

from typing import LiteralString

from sync_server.reports.invariants_money import ARCHIVED, SINCE

# 5 ------------------------------------------------------------------------------------------------------------------

# What a reservation took is away until it comes back; its uses are redeemed from there and not from the pass.
USES_COUNTED: LiteralString = """
WITH taken AS (
    SELECT b.ledger_id, b.pass_id, sum(n.uses - b.reserved_uses) AS uses
      FROM app.pass_redemption_batches AS b
      JOIN (SELECT r.ledger_id, r.redemption_id, count(*) AS uses FROM app.pass_redemptions AS r
             WHERE r.use_no IS NOT NULL GROUP BY r.ledger_id, r.redemption_id) AS n USING (ledger_id, redemption_id)
     WHERE b.reversed_by IS NULL GROUP BY b.ledger_id, b.pass_id
), reserved AS (
    SELECT r.ledger_id, r.source_id AS pass_id, sum(r.amount - r.returned) AS uses FROM app.reservations AS r
     WHERE r.source_kind = 'pass' GROUP BY r.ledger_id, r.source_id
)
SELECT format('pass %s: bought %s, left %s, taken %s, of it reserved %s', p.pass_id, p.uses_bought,
              coalesce(a.balance, 0), p.uses_opening + coalesce(t.uses, 0) + coalesce(r.uses, 0), coalesce(r.uses, 0))
  FROM app.member_passes AS p
  LEFT JOIN app.accounts AS a ON a.ledger_id = p.ledger_id AND a.account_id = p.pass_id
  LEFT JOIN taken AS t ON t.ledger_id = p.ledger_id AND t.pass_id = p.pass_id
  LEFT JOIN reserved AS r ON r.ledger_id = p.ledger_id AND r.pass_id = p.pass_id
 WHERE coalesce(a.balance, 0) NOT BETWEEN 0 AND p.uses_bought
    OR p.uses_bought - coalesce(a.balance, 0) <> p.uses_opening + coalesce(t.uses, 0) + coalesce(r.uses, 0)
"""
BATCH_LINES: LiteralString = """
SELECT format('redemption %s: %s uses, %s lines, %s of them lost', b.redemption_id, b.uses, count(r.line_no),
              count(r.line_no) FILTER (WHERE r.use_no IS NULL))
  FROM app.pass_redemption_batches AS b LEFT JOIN app.pass_redemptions AS r USING (ledger_id, redemption_id)
 GROUP BY b.ledger_id, b.redemption_id, b.uses, b.loss_uses
HAVING count(r.line_no) <> b.uses OR count(r.line_no) FILTER (WHERE r.use_no IS NULL) <> b.loss_uses
"""
USE_TWICE: LiteralString = """
SELECT format('pass %s: use %s was taken %s times', pass_id, use_no, count(*)) FROM app.pass_redemptions
 WHERE use_no IS NOT NULL GROUP BY ledger_id, pass_id, use_no HAVING count(*) > 1
"""

# 6 ------------------------------------------------------------------------------------------------------------------

EFFECT_WITHOUT_CAUSE: LiteralString = f"""
SELECT format('%s has no cause', t.tx_no) FROM app.transactions AS t
 WHERE t.created_at >= {SINCE}
   AND NOT EXISTS (SELECT FROM app.facts AS f WHERE f.ledger_id = t.ledger_id AND f.terminal_id = t.principal_id
                      AND f.fact_id::text = t.idempotency_key AND f.tx_id = t.tx_id AND f.outcome = 'accepted')
   AND NOT EXISTS (SELECT FROM app.idempotency_registry AS r WHERE r.ledger_id = t.ledger_id
                      AND r.principal_id = t.principal_id AND r.key = t.idempotency_key AND r.tx_id = t.tx_id)
"""
TWO_EFFECTS: LiteralString = """
SELECT format('key %s has %s effects', t.idempotency_key, count(*)) FROM app.transactions AS t
 WHERE t.idempotency_key IS NOT NULL
 GROUP BY t.ledger_id, t.principal_id, t.idempotency_key HAVING count(*) > 1
"""
CAUSE_WITHOUT_EFFECT: LiteralString = """
SELECT format('fact %s says it was posted', encode(f.hash, 'hex')) FROM app.facts AS f
 WHERE (f.tx_id IS NOT NULL
        OR (f.outcome = 'accepted'
            AND f.kind IN ('PassSold', 'PassRedeemed', 'OrderPaid', 'OrderRefunded', 'ToppedUp', 'CardCharged',
                           'Refunded')))
   AND NOT EXISTS (SELECT FROM app.tx_registry AS r WHERE r.ledger_id = f.ledger_id AND r.tx_id = f.tx_id
                      AND r.tx_no = f.tx_no)
UNION ALL
SELECT format('request %s says it was posted', r.key) FROM app.idempotency_registry AS r
 WHERE r.tx_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM app.tx_registry AS t WHERE t.ledger_id = r.ledger_id AND t.tx_id = r.tx_id
                      AND t.tx_no = coalesce(r.outcome ->> 'tx_no', r.outcome -> 'reversed' ->> 'tx_no', t.tx_no))
UNION ALL
SELECT format('request %s is answered with another effect than it had', r.key) FROM app.idempotency_registry AS r
 WHERE coalesce(r.outcome ->> 'outcome', '') NOT IN ('accepted', 'refused')
    OR r.outcome ? 'tx_id'
    OR r.outcome ? 'reversed' AND r.tx_id::text IS DISTINCT FROM r.outcome -> 'reversed' ->> 'tx_id'
    OR r.tx_id IS NOT NULL AND NOT r.outcome ? 'reversed' AND r.outcome ->> 'outcome' = 'refused'
"""
REVERSALS: LiteralString = """
WITH act AS (
    SELECT b.ledger_id, b.tx_id, b.reversed_by FROM app.pass_redemption_batches AS b
    UNION ALL
    SELECT g.ledger_id, g.tx_id, g.reversed_by FROM app.card_charges AS g
    UNION ALL
    SELECT f.ledger_id, f.tx_id, f.reversed_by FROM app.card_refunds AS f
)
SELECT format('%s: the request is answered %s, its effect is %s', r.key, r.outcome ->> 'outcome',
              CASE WHEN act.reversed_by IS NULL THEN 'kept' ELSE 'reversed' END)
  FROM app.idempotency_registry AS r
  JOIN act ON act.ledger_id = r.ledger_id AND act.tx_id = r.tx_id
 WHERE (r.outcome ->> 'outcome' = 'accepted') <> (act.reversed_by IS NULL)
UNION ALL
SELECT format('%s was reversed, the registry does not say by what', r.tx_no)
  FROM act JOIN app.tx_registry AS r ON r.ledger_id = act.ledger_id AND r.tx_id = act.tx_id
 WHERE r.reversed_by IS DISTINCT FROM act.reversed_by
UNION ALL
SELECT format('%s reverses what the registry does not know as reversed by it', t.tx_no)
  FROM app.transactions AS t
 WHERE t.kind IN ('reversal', 'refund_reversed')
   AND NOT EXISTS (SELECT FROM app.tx_registry AS r WHERE r.ledger_id = t.ledger_id AND r.tx_id = t.reverses
                      AND r.reversed_by = t.tx_id)
"""
# What a person decided about a held fact is its one effect, with one audit row.
DECIDED: LiteralString = """
SELECT format('decision about fact %s says it was posted', encode(d.hash, 'hex')) FROM app.held_decisions AS d
 WHERE d.tx_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM app.tx_registry AS r WHERE r.ledger_id = d.ledger_id AND r.tx_id = d.tx_id
                      AND r.tx_no = d.tx_no)
UNION ALL
SELECT format('fact %s was decided and posted besides', encode(d.hash, 'hex'))
  FROM app.held_decisions AS d
  JOIN app.facts AS f ON f.ledger_id = d.ledger_id AND f.terminal_id = d.terminal_id
       AND (f.hash = d.hash OR f.fact_id = d.fact_id AND d.tx_id IS NOT NULL)
 WHERE f.outcome <> 'held'
"""
# Cash that went out is a refund's or lost, never both.
LOST_BESIDES: LiteralString = """
SELECT format('%s lost the cash of refund %s, which was posted as %s', l.tx_no, f.refund_id, f.tx_no)
  FROM app.offline_losses AS l
  JOIN app.tx_registry AS r ON r.ledger_id = l.ledger_id AND r.tx_id = l.tx_id
  JOIN app.facts AS said
    ON said.ledger_id = l.ledger_id AND said.terminal_id = l.terminal_id AND said.fact_id = l.fact_id
  JOIN app.card_refunds AS f ON f.ledger_id = l.ledger_id AND f.reversed_by IS NULL
       AND f.refund_id::text = CASE said.kind WHEN 'Refunded' THEN
           convert_from(said.bytes, 'UTF8')::json -> 'body' ->> 'refund_id' END
 WHERE r.kind = 'cash_lost'
"""
DECIDED_AUDITED: LiteralString = """
SELECT format('decision about fact %s has %s audit rows', encode(d.hash, 'hex'), count(e.event_id))
  FROM app.held_decisions AS d
  LEFT JOIN audit.event_log AS e ON e.ledger_id = d.ledger_id AND e.event = 'held_decided'
        AND e.subject = encode(d.hash, 'hex') AND e.recorded_at = d.decided_at AND e.principal_id = d.decided_by
 GROUP BY d.ledger_id, d.terminal_id, d.hash HAVING count(e.event_id) <> 1
"""

# 7 ------------------------------------------------------------------------------------------------------------------

REGISTRY: LiteralString = f"""
WITH archived AS ({ARCHIVED})
SELECT format('%s stands in only one of transactions and registry', coalesce(t.tx_no, r.tx_no))
  FROM app.transactions AS t
  FULL JOIN app.tx_registry AS r ON r.ledger_id = t.ledger_id AND r.tx_id = t.tx_id AND r.tx_no = t.tx_no
 WHERE r.tx_id IS NULL
    OR (t.tx_id IS NULL AND NOT EXISTS (
            SELECT FROM archived AS o WHERE o.ledger_id = r.ledger_id
               AND o.month = date_trunc('month', r.created_at AT TIME ZONE 'UTC')::date))
UNION ALL
SELECT format('%s: transaction and registry differ', t.tx_no)
  FROM app.transactions AS t
  JOIN app.tx_registry AS r ON r.ledger_id = t.ledger_id AND r.tx_id = t.tx_id AND r.tx_no = t.tx_no
 WHERE (t.kind, t.amount_minor, t.created_at) <> (r.kind, r.amount_minor, r.created_at)
    OR (t.merchant_id, t.currency) IS DISTINCT FROM (r.merchant_id, r.currency)
"""
EXTERNAL_ORDERS: LiteralString = f"""
WITH archived AS ({ARCHIVED}), known AS (
    SELECT t.ledger_id, coalesce(t.merchant_id, '00000000-0000-0000-0000-000000000000') AS merchant_id,
           t.external_order_id, t.tx_id, t.tx_no
      FROM app.transactions AS t
     WHERE t.external_order_id IS NOT NULL
)
SELECT format('order %s of merchant %s stands in only one of transactions and registry',
              coalesce(t.external_order_id, o.external_order_id), coalesce(t.merchant_id, o.merchant_id))
  FROM known AS t
  FULL JOIN app.merchant_order_registry AS o
    ON o.ledger_id = t.ledger_id AND o.tx_id = t.tx_id AND o.tx_no = t.tx_no
   AND o.external_order_id = t.external_order_id AND o.merchant_id = t.merchant_id
 WHERE o.tx_id IS NULL
    OR (t.tx_id IS NULL AND NOT EXISTS (
            SELECT FROM archived AS a WHERE a.ledger_id = o.ledger_id
               AND a.month = date_trunc('month', o.created_at AT TIME ZONE 'UTC')::date))
UNION ALL
SELECT format('order %s of merchant %s was used %s times', t.external_order_id, t.merchant_id, count(*))
  FROM known AS t GROUP BY t.ledger_id, t.merchant_id, t.external_order_id HAVING count(*) > 1
"""
NUMBER_SERIES: LiteralString = """
WITH numbered AS (
    SELECT r.ledger_id, left(r.tx_no, 2) AS kind, substr(r.tx_no, 3, length(r.tx_no) - 10)::bigint AS issuer_no,
           right(r.tx_no, 8)::bigint AS counter
      FROM app.tx_registry AS r WHERE r.tx_no ~ '^[A-Z]{2}[0-9]{3,12}[0-9]{8}$'
), series AS (
    SELECT n.ledger_id, n.kind, n.issuer_no, count(*) AS numbers, max(n.counter) AS highest
      FROM numbered AS n GROUP BY n.ledger_id, n.kind, n.issuer_no
)
SELECT format('series %s of issuer %s: counter %s, %s numbers, highest %s', coalesce(c.kind, s.kind),
              coalesce(c.issuer_no, s.issuer_no), c.last_no, coalesce(s.numbers, 0), s.highest)
  FROM app.number_counters AS c
  FULL JOIN series AS s ON s.ledger_id = c.ledger_id AND s.kind = c.kind AND s.issuer_no = c.issuer_no
 WHERE coalesce(s.numbers, 0) <> coalesce(c.last_no, -1) OR coalesce(s.highest, 0) <> c.last_no
UNION ALL
SELECT format('%s is no number of ours', r.tx_no) FROM app.tx_registry AS r
 WHERE r.tx_no !~ '^[A-Z]{2}[0-9]{3,12}[0-9]{8}$'
"""
# A fact that could not be read, or was kept without its paper, explains a gap in its terminal's slips.
_PAPERLESS: LiteralString = """
    SELECT DISTINCT f.ledger_id, f.terminal_id FROM app.facts AS f
     WHERE f.outcome = 'held' AND NOT EXISTS (
            SELECT FROM app.slips AS own WHERE own.ledger_id = f.ledger_id AND own.fact_hash = f.hash)
"""
SLIP_SERIES: LiteralString = f"""
WITH paperless AS ({_PAPERLESS})
SELECT format('%s slips of terminal %s: %s numbers up to %s', s.kind, s.terminal_id, count(*), max(s.counter))
  FROM app.slips AS s
 WHERE NOT EXISTS (SELECT FROM paperless AS p WHERE p.ledger_id = s.ledger_id AND p.terminal_id = s.terminal_id)
 GROUP BY s.ledger_id, s.terminal_id, s.kind HAVING count(*) <> max(s.counter)
"""

# 9 ------------------------------------------------------------------------------------------------------------------

CHAINS: LiteralString = """
SELECT format('terminal %s: head %s, %s facts up to %s', h.terminal_id, h.seq, count(f.hash), max(f.seq))
  FROM app.terminal_heads AS h
  LEFT JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
 GROUP BY h.ledger_id, h.terminal_id, h.seq, h.hash
HAVING count(f.hash) <> h.seq OR coalesce(max(f.seq), 0) <> h.seq
    OR (h.seq > 0 AND NOT coalesce(bool_or(coalesce(f.chained_as, f.hash) = h.hash), false))
UNION ALL
SELECT format('terminal %s has facts and no head', f.terminal_id) FROM app.facts AS f
 WHERE f.in_chain AND NOT EXISTS (SELECT FROM app.terminal_heads AS h
                                   WHERE h.ledger_id = f.ledger_id AND h.terminal_id = f.terminal_id)
 GROUP BY f.ledger_id, f.terminal_id
"""
# The first fact of a run has the one before it looked up: by its number, since a clock may have been set back.
LINKS: LiteralString = f"""
SELECT format('terminal %s: fact %s does not follow the one before', linked.terminal_id, linked.seq)
  FROM (SELECT f.ledger_id, f.terminal_id, f.seq, f.prev, lag(coalesce(f.chained_as, f.hash)) OVER chain AS before,
               lag(f.seq) OVER chain AS seq_before
          FROM app.facts AS f WHERE f.in_chain AND f.recorded_at >= {SINCE}
        WINDOW chain AS (PARTITION BY f.ledger_id, f.terminal_id ORDER BY f.seq)) AS linked
 WHERE linked.prev <> CASE
        WHEN linked.seq_before = linked.seq - 1 THEN linked.before
        ELSE coalesce((SELECT coalesce(f.chained_as, f.hash) FROM app.facts AS f
                        WHERE f.ledger_id = linked.ledger_id AND f.terminal_id = linked.terminal_id AND f.in_chain
                          AND f.seq = linked.seq - 1), decode(repeat('00', 32), 'hex')) END
"""
BYTES: LiteralString = f"""
SELECT format('terminal %s: the bytes of fact %s were changed', f.terminal_id, f.seq) FROM app.facts AS f
 WHERE f.recorded_at >= {SINCE} AND sha256(f.bytes) <> f.hash
UNION ALL
SELECT format('terminal %s: fact %s is not what the till chained, and is posted', f.terminal_id, f.seq)
  FROM app.facts AS f
 WHERE f.recorded_at >= {SINCE} AND f.chained_as IS NOT NULL AND f.outcome <> 'held'
"""
HEADS: LiteralString = """
SELECT h.terminal_id::text, t.code, t.public_key, h.signed_seq, encode(coalesce(f.chained_as, f.hash), 'hex'),
       h.signature, h.countersignature, h.key_id, h.epoch
  FROM app.terminal_heads AS h
  JOIN app.terminals AS t ON t.terminal_id = h.terminal_id
  JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
       AND f.seq = h.signed_seq
"""

# 10 -----------------------------------------------------------------------------------------------------------------

ACKNOWLEDGED: LiteralString = """
SELECT format('terminal %s: countersigned up to %s, kept %s', h.terminal_id, h.signed_seq, count(f.hash))
  FROM app.terminal_heads AS h
  LEFT JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.in_chain
        AND f.seq <= h.signed_seq
 WHERE h.signed_seq IS NOT NULL
 GROUP BY h.ledger_id, h.terminal_id, h.signed_seq HAVING count(f.hash) <> h.signed_seq
"""
ORIGINALS: LiteralString = """
SELECT format('slip %s has %s originals', p.slip_no, count(*)) FROM app.print_reports AS p
 WHERE p.copy = 0 GROUP BY p.ledger_id, p.slip_no HAVING count(*) > 1
"""
# Paper may be reported before its fact arrives, never for a number that the facts have passed by.
PAPER_WITHOUT_FACT: LiteralString = f"""
WITH paperless AS ({_PAPERLESS}), reached AS (
    SELECT s.ledger_id, s.terminal_id, s.kind, max(s.counter) AS counter FROM app.slips AS s
     GROUP BY s.ledger_id, s.terminal_id, s.kind
)
SELECT format('slip %s was printed and no fact has it', p.slip_no)
  FROM app.print_reports AS p
  JOIN reached AS r ON r.ledger_id = p.ledger_id AND r.terminal_id = p.terminal_id
       AND r.kind = split_part(p.slip_no, '.', 1) AND r.counter > split_part(p.slip_no, '.', 3)::integer
 WHERE p.state IN ('printed', 'handed_over')
   AND NOT EXISTS (SELECT FROM app.slips AS s WHERE s.ledger_id = p.ledger_id AND s.slip_no = p.slip_no)
   AND NOT EXISTS (SELECT FROM paperless AS o WHERE o.ledger_id = p.ledger_id AND o.terminal_id = p.terminal_id)
"""

# 12 -----------------------------------------------------------------------------------------------------------------

RISK: LiteralString = """
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
           AND o.reversed_by IS NULL AND o.happened_at <= b.happened_at AND o.recorded_at > b.happened_at
           AND NOT o.heard AND NOT b.heard) AS open
 WHERE b.rung = 'at_risk' AND b.reversed_by IS NULL
   AND (policy.body IS NULL OR b.uses > (policy.body::jsonb ->> 'max_uses_per_operation')::bigint
        OR day.uses > (policy.body::jsonb ->> 'max_uses_per_member_day')::bigint
        OR open.uses > (policy.body::jsonb ->> 'max_uses_terminal')::bigint)
"""
LOSS_POSTED: LiteralString = """
SELECT format('redemption %s: %s uses lost, %s owed for it', b.redemption_id, b.loss_uses, coalesce(l.amount, 0))
  FROM app.pass_redemption_batches AS b
  LEFT JOIN app.offline_losses AS l ON l.ledger_id = b.ledger_id AND l.tx_id = b.tx_id
 WHERE b.reversed_by IS NULL AND coalesce(l.amount, 0) <> b.loss_uses
UNION ALL
SELECT format('unit %s: %s owed, %s posted as offline loss', coalesce(owed.unit, posted.unit), coalesce(owed.amount, 0),
              coalesce(posted.amount, 0))
  FROM (SELECT l.ledger_id, l.unit, sum(l.amount - l.collected - l.written_off) AS amount FROM app.offline_losses AS l
         GROUP BY l.ledger_id, l.unit) AS owed
  FULL JOIN (SELECT a.ledger_id, a.unit, -sum(e.delta) AS amount FROM app.accounts AS a
               JOIN app.entries AS e ON e.ledger_id = a.ledger_id AND e.account_id = a.account_id
              WHERE a.bucket = 'offline_loss' GROUP BY a.ledger_id, a.unit) AS posted
    ON posted.ledger_id = owed.ledger_id AND posted.unit = owed.unit
 WHERE coalesce(owed.amount, 0) <> coalesce(posted.amount, 0)
"""

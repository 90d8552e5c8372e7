"""Questions about what is owned: entries, balances, checkpoints, lots, points, units (invariants 1 to 4, 11, 13).

Rule: every row of an answer is one offence, in words without personal data. Each question reads a table once or a few
times, never once per row. A month whose partition was archived is proven by its checkpoints.
"""

# ruff: noqa: S608 - the parts that are put together are constants of this room

from typing import LiteralString

SINCE: LiteralString = "current_setting('tillkeeper.verify_since')::timestamptz"
"""Where a run begins to read entries, facts and audit rows (BEGIN)."""
BEGIN: LiteralString = """
SELECT set_config('tillkeeper.verify_since', coalesce(app.month_end(max(c.month)), '-infinity')::text, true)
  FROM app.account_checkpoints AS c WHERE NOT %s
"""
"""A full run begins at the beginning, any other at the end of the last month with checkpoints."""
ARCHIVED: LiteralString = """
    SELECT DISTINCT c.ledger_id, c.month FROM app.account_checkpoints AS c
     WHERE to_regclass('app.entries' || to_char(c.month, '"_y"YYYY"m"MM')) IS NULL
"""
_MOVED: LiteralString = f"""
    SELECT e.ledger_id, e.account_id, date_trunc('month', e.created_at AT TIME ZONE 'UTC')::date AS month,
           sum(e.delta) AS delta, count(*) AS entries
      FROM app.entries AS e WHERE e.created_at >= {SINCE} GROUP BY 1, 2, 3
"""

# 1 ------------------------------------------------------------------------------------------------------------------

BALANCED: LiteralString = f"""
SELECT format('%s: %s sums to %s', coalesce(r.tx_no, bad.tx_id::text), bad.unit, bad.delta)
  FROM (SELECT e.ledger_id, e.tx_id, a.unit, sum(e.delta) AS delta
          FROM app.entries AS e
          JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
         WHERE e.created_at >= {SINCE}
         GROUP BY e.ledger_id, e.tx_id, a.unit HAVING sum(e.delta) <> 0) AS bad
  LEFT JOIN app.tx_registry AS r ON r.ledger_id = bad.ledger_id AND r.tx_id = bad.tx_id
 ORDER BY 1
"""
ORPHAN_ENTRIES: LiteralString = f"""
SELECT format('an entry of transaction %s is of no account', e.tx_id) FROM app.entries AS e
 WHERE e.created_at >= {SINCE}
   AND NOT EXISTS (SELECT FROM app.accounts AS a WHERE a.ledger_id = e.ledger_id AND a.account_id = e.account_id)
UNION ALL
SELECT format('an entry of transaction %s has no transaction', e.tx_id) FROM app.entries AS e
 WHERE e.created_at >= {SINCE}
   AND NOT EXISTS (SELECT FROM app.transactions AS t WHERE t.ledger_id = e.ledger_id AND t.tx_id = e.tx_id)
UNION ALL
SELECT format('%s is %s and has entries', t.tx_no, t.status) FROM app.transactions AS t
 WHERE t.status <> 'completed'
   AND EXISTS (SELECT FROM app.entries AS e WHERE e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id)
"""

# 2 and 3 ------------------------------------------------------------------------------------------------------------

BALANCES: LiteralString = f"""
WITH moved AS ({_MOVED}), last AS (
    SELECT DISTINCT ON (c.ledger_id, c.account_id) c.* FROM app.account_checkpoints AS c
     ORDER BY c.ledger_id, c.account_id, c.month DESC
)
SELECT format('account %s: balance %s, entries %s; version %s of %s', a.account_id, a.balance,
              coalesce(l.balance, 0) + coalesce(sum(m.delta), 0), a.version,
              coalesce(l.entry_count, 0) + coalesce(sum(m.entries), 0))
  FROM app.accounts AS a
  LEFT JOIN last AS l ON l.ledger_id = a.ledger_id AND l.account_id = a.account_id
  LEFT JOIN moved AS m ON m.ledger_id = a.ledger_id AND m.account_id = a.account_id
        AND m.month > coalesce(l.month, '-infinity')
 WHERE a.guarded
 GROUP BY a.ledger_id, a.account_id, a.balance, a.version, l.balance, l.entry_count
HAVING coalesce(l.balance, 0) + coalesce(sum(m.delta), 0) <> a.balance
    OR coalesce(l.entry_count, 0) + coalesce(sum(m.entries), 0) <> a.version
"""
# Compares the closed months with their checkpoints, so that later runs may begin at the last: only a full run can.
CHECKPOINTS: LiteralString = f"""
WITH moved AS ({_MOVED}), archived AS ({ARCHIVED}), steps AS (
    SELECT c.ledger_id, c.account_id, c.month, c.balance, c.entry_count,
           coalesce(lag(c.month) OVER chain, '-infinity') AS since,
           c.balance - coalesce(lag(c.balance) OVER chain, 0) AS delta,
           c.entry_count - coalesce(lag(c.entry_count) OVER chain, 0) AS entries
      FROM app.account_checkpoints AS c
    WINDOW chain AS (PARTITION BY c.ledger_id, c.account_id ORDER BY c.month)
)
SELECT format('account %s: the checkpoint of %s says %s, its entries make %s', s.account_id,
              to_char(s.month, 'YYYY-MM'), s.balance, s.balance - s.delta + coalesce(sum(m.delta), 0))
  FROM steps AS s
  LEFT JOIN moved AS m ON m.ledger_id = s.ledger_id AND m.account_id = s.account_id
        AND m.month > s.since AND m.month <= s.month
 WHERE NOT EXISTS (SELECT FROM archived AS o
                    WHERE o.ledger_id = s.ledger_id AND o.month > s.since AND o.month <= s.month)
 GROUP BY s.ledger_id, s.account_id, s.month, s.balance, s.entry_count, s.delta, s.entries
HAVING coalesce(sum(m.delta), 0) <> s.delta OR coalesce(sum(m.entries), 0) <> s.entries
UNION ALL
SELECT format('account %s: the checkpoint of %s says version %s after %s entries', c.account_id,
              to_char(c.month, 'YYYY-MM'), c.version, c.entry_count)
  FROM app.account_checkpoints AS c
  JOIN app.accounts AS a ON a.ledger_id = c.ledger_id AND a.account_id = c.account_id
 WHERE c.version IS DISTINCT FROM CASE WHEN a.guarded THEN c.entry_count END
"""
# From a checkpoint on: the one at the start of the run, or that of the last month whose entries were archived.
BALANCE_CHAIN: LiteralString = f"""
WITH archived AS ({ARCHIVED}), start AS (
    SELECT greatest({SINCE}, (SELECT max(app.month_end(o.month)) FROM archived AS o)) AS at
), last AS (
    SELECT DISTINCT ON (c.ledger_id, c.account_id) c.ledger_id, c.account_id, c.version, c.balance
      FROM app.account_checkpoints AS c WHERE app.month_end(c.month) <= (SELECT start.at FROM start)
     ORDER BY c.ledger_id, c.account_id, c.month DESC
), entry AS (
    SELECT e.ledger_id, e.account_id, e.version, e.balance_after, e.delta,
           lag(e.version) OVER chain AS version_before, lag(e.balance_after) OVER chain AS balance_before
      FROM app.entries AS e
     WHERE e.version IS NOT NULL AND e.created_at >= {SINCE} AND e.created_at >= (SELECT start.at FROM start)
    WINDOW chain AS (PARTITION BY e.ledger_id, e.account_id ORDER BY e.version)
), chained AS (
    SELECT e.account_id, e.version, e.balance_after, e.delta,
           coalesce(e.version_before, l.version, 0) AS version_before,
           coalesce(e.balance_before, l.balance, 0) AS balance_before
      FROM entry AS e LEFT JOIN last AS l ON l.ledger_id = e.ledger_id AND l.account_id = e.account_id
)
SELECT format('account %s: entry of version %s follows version %s', c.account_id, c.version, c.version_before)
  FROM chained AS c WHERE c.version <> c.version_before + 1
UNION ALL
SELECT format('account %s: entry of version %s ends at %s, not at %s', c.account_id, c.version, c.balance_after,
              c.balance_before + c.delta)
  FROM chained AS c WHERE c.version = c.version_before + 1 AND c.balance_after <> c.balance_before + c.delta
"""
UNGUARDED_ENTRIES: LiteralString = f"""
SELECT format('account %s: an entry %s a balance', a.account_id, CASE WHEN a.guarded THEN 'without' ELSE 'with' END)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE e.created_at >= {SINCE} AND a.guarded <> (e.version IS NOT NULL)
"""
BELOW_FLOOR: LiteralString = f"""
SELECT format('account %s stands at %s', account_id, balance) FROM app.accounts WHERE balance < floor
UNION ALL
SELECT format('account %s stood at %s', a.account_id, e.balance_after)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE e.created_at >= {SINCE} AND e.balance_after < a.floor
"""

# 4 ------------------------------------------------------------------------------------------------------------------

BUCKETS_MIXED: LiteralString = f"""
SELECT format('transaction %s moves between principal and bonus', e.tx_id)
  FROM app.entries AS e
  JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE e.created_at >= {SINCE} AND a.bucket IN ('principal', 'bonus')
 GROUP BY e.ledger_id, e.tx_id, a.owner_id HAVING min(sign(e.delta)) < 0 AND max(sign(e.delta)) > 0
"""
LOTS: LiteralString = """
WITH in_lots AS (
    SELECT l.ledger_id, l.card_id, part.bucket, sum(part.amount_left) AS amount_left
      FROM app.card_lots AS l
     CROSS JOIN LATERAL (VALUES ('principal', l.principal_left), ('bonus', l.bonus_left)) AS part (bucket, amount_left)
     GROUP BY l.ledger_id, l.card_id, part.bucket
)
SELECT format('card %s: %s of %s in lots, balance %s', a.owner_id, coalesce(l.amount_left, 0), a.bucket, a.balance)
  FROM app.accounts AS a
  LEFT JOIN in_lots AS l ON l.ledger_id = a.ledger_id AND l.card_id = a.owner_id AND l.bucket = a.bucket
 WHERE a.owner_kind = 'card' AND a.bucket IN ('principal', 'bonus') AND coalesce(l.amount_left, 0) <> a.balance
UNION ALL
SELECT format('lot %s of card %s: more left than it brought', l.lot_id, l.card_id) FROM app.card_lots AS l
 WHERE l.origin <> 'refund'
   AND (l.principal_left + l.refunded_minor > l.principal_granted OR l.bonus_left > l.bonus_granted)
UNION ALL
SELECT format('card %s has %s of %s in lots and no account for it', l.card_id, l.amount_left, l.bucket)
  FROM in_lots AS l
 WHERE l.amount_left <> 0
   AND NOT EXISTS (SELECT FROM app.accounts AS a WHERE a.ledger_id = l.ledger_id AND a.owner_kind = 'card'
                      AND a.owner_id = l.card_id AND a.bucket = l.bucket)
"""
REFUNDED: LiteralString = """
SELECT format('%s: refunded %s of %s, the registry says %s', r.tx_no, coalesce(sum(f.amount_minor), 0), r.amount_minor,
              r.refunded_minor)
  FROM app.tx_registry AS r
  LEFT JOIN app.card_refunds AS f
    ON f.ledger_id = r.ledger_id AND f.original_tx_no = r.tx_no AND f.reversed_by IS NULL
 WHERE r.kind IN ('card_charged', 'topped_up')
 GROUP BY r.ledger_id, r.tx_no, r.amount_minor, r.refunded_minor, r.reversed_by
HAVING r.refunded_minor > r.amount_minor
    OR CASE WHEN r.reversed_by IS NULL THEN coalesce(sum(f.amount_minor), 0) <> r.refunded_minor
            ELSE coalesce(sum(f.amount_minor), 0) > r.refunded_minor OR r.refunded_minor <> r.amount_minor END
UNION ALL
SELECT format('refund %s is of nothing (%s)', f.tx_no, f.original_tx_no) FROM app.card_refunds AS f
 WHERE NOT EXISTS (SELECT FROM app.tx_registry AS r WHERE r.ledger_id = f.ledger_id AND r.tx_no = f.original_tx_no)
"""
# What a charge took stands in its basis, part by part, and in its entries, bucket by bucket.
REFUND_BASIS: LiteralString = """
WITH charged AS (
    SELECT r.ledger_id, r.tx_id, r.tx_no, r.amount_minor, r.refunded_minor, r.created_at,
           coalesce(sum(p.amount) FILTER (WHERE p.bucket = 'bonus'), 0) AS bonus,
           coalesce(sum(p.amount) FILTER (WHERE p.bucket = 'principal'), 0) AS principal,
           coalesce(sum(p.back), 0) AS back, coalesce(bool_or(p.back NOT BETWEEN 0 AND p.amount), false) AS too_much
      FROM app.tx_registry AS r
      LEFT JOIN LATERAL (
            SELECT part ->> 1 AS bucket, (part ->> 2)::bigint AS amount,
                   coalesce((r.basis -> 'back' ->> (n - 1)::integer)::bigint, 0) AS back
              FROM jsonb_array_elements(r.basis -> 'parts') WITH ORDINALITY AS p (part, n)) AS p ON true
     WHERE r.kind = 'card_charged'
     GROUP BY r.ledger_id, r.tx_no, r.tx_id, r.amount_minor, r.refunded_minor, r.created_at
), taken AS (
    SELECT e.ledger_id, e.tx_id, -coalesce(sum(e.delta) FILTER (WHERE a.bucket = 'bonus'), 0) AS bonus,
           -coalesce(sum(e.delta) FILTER (WHERE a.bucket = 'principal'), 0) AS principal
      FROM app.entries AS e
      JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
     WHERE a.owner_kind = 'card' AND a.bucket IN ('principal', 'bonus')
     GROUP BY e.ledger_id, e.tx_id
)
SELECT format('%s: more came back to a bucket than was taken from it', c.tx_no) FROM charged AS c
 WHERE c.too_much OR c.back <> c.refunded_minor
UNION ALL
SELECT format('%s: %s principal and %s bonus were taken, its basis says %s and %s', c.tx_no, t.principal, t.bonus,
              c.principal, c.bonus)
  FROM charged AS c JOIN taken AS t ON t.ledger_id = c.ledger_id AND t.tx_id = c.tx_id
 WHERE (t.principal, t.bonus) <> (c.principal, c.bonus)
UNION ALL
SELECT format('%s: %s was charged and %s taken', c.tx_no, c.amount_minor, c.principal + c.bonus)
  FROM charged AS c WHERE c.principal + c.bonus <> c.amount_minor
"""
# Asked of a card's whole life, as of its lots: a checkpoint knows an account's balance, not which lot its money is of.
# Bonus may come back as principal only as far as principal had paid for it when its top-up was refunded.
BONUS_TURNED: LiteralString = """
WITH collected AS (
    SELECT f.ledger_id, f.card_id, sum(f.principal_minor) AS amount FROM app.card_refunds AS f
     WHERE f.kind = 'top_up' AND f.reversed_by IS NULL GROUP BY f.ledger_id, f.card_id
), kept AS (
    SELECT l.ledger_id, l.card_id, sum(l.clawed_minor) AS amount FROM app.card_lots AS l GROUP BY l.ledger_id, l.card_id
), parts AS (
    SELECT r.ledger_id, (r.basis ->> 'card_id')::uuid AS card_id, sum(p.back) AS amount
      FROM app.tx_registry AS r
     CROSS JOIN LATERAL (
            SELECT coalesce((r.basis -> 'back' ->> (n - 1)::integer)::bigint, 0) AS back
              FROM jsonb_array_elements(r.basis -> 'parts') WITH ORDINALITY AS p (part, n)
             WHERE part ->> 1 = 'principal') AS p
     WHERE r.kind = 'card_charged' AND r.basis ? 'back' GROUP BY 1, 2
), released AS (
    SELECT r.ledger_id, r.source_id AS card_id,
           sum(greatest(0, least(p.upto, r.amount) - greatest(p.upto - p.amount, r.amount - r.returned))) AS amount
      FROM app.reservations AS r
     CROSS JOIN LATERAL (
            SELECT part ->> 1 AS bucket, (part ->> 2)::bigint AS amount,
                   sum((part ->> 2)::bigint) OVER (ORDER BY n) AS upto
              FROM jsonb_array_elements(r.parts) WITH ORDINALITY AS p (part, n)) AS p
     WHERE r.source_kind = 'card' AND r.returned > 0 AND p.bucket = 'principal' GROUP BY r.ledger_id, r.source_id
), came_back AS (
    SELECT e.ledger_id, a.owner_id AS card_id, sum(e.delta) AS amount
      FROM app.entries AS e
      JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
      JOIN app.transactions AS t ON t.ledger_id = e.ledger_id AND t.tx_id = e.tx_id
     WHERE a.owner_kind = 'card' AND a.bucket = 'principal' AND t.kind IN ('charge_refunded', 'reversal', 'released')
     GROUP BY e.ledger_id, a.owner_id
)
SELECT format('card %s: %s of bonus came back as principal, %s had been collected for it', b.card_id,
              b.amount - coalesce(p.amount, 0) - coalesce(r.amount, 0), coalesce(c.amount, 0) - coalesce(k.amount, 0))
  FROM came_back AS b
  LEFT JOIN parts AS p USING (ledger_id, card_id)
  LEFT JOIN released AS r USING (ledger_id, card_id)
  LEFT JOIN collected AS c USING (ledger_id, card_id)
  LEFT JOIN kept AS k USING (ledger_id, card_id)
 WHERE b.amount - coalesce(p.amount, 0) - coalesce(r.amount, 0) <> coalesce(c.amount, 0) - coalesce(k.amount, 0)
UNION ALL
SELECT format('refund %s: of %s it gives %s in cash, %s in principal and %s in bonus', f.tx_no, f.amount_minor,
              f.cash_minor, f.principal_minor, f.bonus_minor)
  FROM app.card_refunds AS f
 WHERE f.amount_minor <> CASE f.kind WHEN 'top_up' THEN f.cash_minor + f.principal_minor
                                     ELSE f.bonus_minor + f.principal_minor END
"""

# 11 -----------------------------------------------------------------------------------------------------------------

# What is held is what was issued and not spent; what is reserved is what the open reservations say.
ISSUED: LiteralString = f"""
WITH moved AS ({_MOVED}), last AS (
    SELECT DISTINCT ON (c.ledger_id, c.account_id) c.* FROM app.account_checkpoints AS c
     ORDER BY c.ledger_id, c.account_id, c.month DESC
), total AS (
    SELECT a.ledger_id, a.account_id, a.unit, a.guarded, a.balance,
           coalesce(l.balance, 0) + coalesce(sum(m.delta), 0) AS total
      FROM app.accounts AS a
      LEFT JOIN last AS l ON l.ledger_id = a.ledger_id AND l.account_id = a.account_id
      LEFT JOIN moved AS m ON m.ledger_id = a.ledger_id AND m.account_id = a.account_id
            AND m.month > coalesce(l.month, '-infinity')
     GROUP BY a.ledger_id, a.account_id, a.unit, a.guarded, a.balance, l.balance
)
SELECT format('%s: %s held, %s issued less spent', t.unit, coalesce(sum(t.balance) FILTER (WHERE t.guarded), 0),
              -coalesce(sum(t.total) FILTER (WHERE NOT t.guarded), 0))
  FROM total AS t GROUP BY t.ledger_id, t.unit
HAVING coalesce(sum(t.balance) FILTER (WHERE t.guarded), 0) <> -coalesce(sum(t.total) FILTER (WHERE NOT t.guarded), 0)
"""
RESERVED: LiteralString = """
SELECT format('reservation %s: %s set aside, %s in its account', coalesce(r.reservation_id, a.owner_id),
              r.amount - r.used - r.returned, a.balance)
  FROM app.reservations AS r
  FULL JOIN (SELECT b.ledger_id, b.owner_id, sum(b.balance) AS balance FROM app.accounts AS b
              WHERE b.owner_kind = 'reservation' GROUP BY b.ledger_id, b.owner_id) AS a
    ON a.ledger_id = r.ledger_id AND a.owner_id = r.reservation_id
 WHERE coalesce(r.amount - r.used - r.returned, 0) <> coalesce(a.balance, 0)
"""

# 13 -----------------------------------------------------------------------------------------------------------------

POINTS_EARNED: LiteralString = """
SELECT format('%s: %s points for %s %s', g.tx_no, g.points, g.raw_minor, g.currency)
  FROM app.card_charges AS g
  JOIN app.cards AS c ON c.ledger_id = g.ledger_id AND c.card_id = g.card_id
 WHERE g.points <> CASE c.card_type WHEN 'personal' THEN app.points_earned(g.raw_minor, g.currency) ELSE 0 END
UNION ALL
SELECT format('%s: %s points taken back and %s short after %s of %s was refunded', g.tx_no, sum(f.points_taken_back),
              sum(f.points_short), sum(f.amount_minor), g.final_minor)
  FROM app.card_charges AS g
  JOIN app.card_refunds AS f ON f.ledger_id = g.ledger_id AND f.original_tx_no = g.tx_no
 GROUP BY g.ledger_id, g.tx_no, g.points, g.final_minor
HAVING sum(f.points_taken_back + f.points_short)
       <> app.points_taken_back(g.points, g.final_minor, 0, sum(f.amount_minor)::bigint)
"""
# Points follow from what was charged, refunded and granted, and from nothing else.
POINTS_HELD: LiteralString = """
WITH charged AS (
    SELECT g.ledger_id, g.card_id, sum(g.points) AS points FROM app.card_charges AS g GROUP BY g.ledger_id, g.card_id
), refunded AS (
    SELECT f.ledger_id, f.card_id, sum(f.points_taken_back) AS points FROM app.card_refunds AS f
     GROUP BY f.ledger_id, f.card_id
), granted AS (
    SELECT moved.ledger_id, moved.account_id, sum(moved.delta) AS points
      FROM (SELECT e.ledger_id, e.tx_id, e.account_id, e.delta
              FROM app.entries AS e
              JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
             WHERE a.owner_kind = 'card' AND a.bucket = 'points'
            OFFSET 0) AS moved -- else every transaction may be joined with every account first
      JOIN app.transactions AS t ON t.ledger_id = moved.ledger_id AND t.tx_id = moved.tx_id
     WHERE t.kind IN ('granted', 'grant_reversed', 'opening', 'adjusted', 'traded', 'reversal')
     GROUP BY moved.ledger_id, moved.account_id
)
SELECT format('card %s holds %s points, its history makes %s', c.card_id, coalesce(a.balance, 0),
              coalesce(g.points, 0) - coalesce(r.points, 0) + coalesce(o.points, 0))
  FROM app.cards AS c
  LEFT JOIN app.accounts AS a ON a.ledger_id = c.ledger_id AND a.owner_kind = 'card' AND a.owner_id = c.card_id
        AND a.bucket = 'points'
  LEFT JOIN charged AS g ON g.ledger_id = c.ledger_id AND g.card_id = c.card_id
  LEFT JOIN refunded AS r ON r.ledger_id = c.ledger_id AND r.card_id = c.card_id
  LEFT JOIN granted AS o ON o.ledger_id = a.ledger_id AND o.account_id = a.account_id
 WHERE coalesce(a.balance, 0) <> coalesce(g.points, 0) - coalesce(r.points, 0) + coalesce(o.points, 0)
UNION ALL
SELECT format('account %s holds points and is no personal card''s', a.account_id) FROM app.accounts AS a
 WHERE a.guarded AND a.unit = 'point' AND NOT EXISTS (
        SELECT FROM app.cards AS c WHERE c.ledger_id = a.ledger_id AND c.card_id = a.owner_id
           AND a.owner_kind = 'card' AND a.bucket = 'points' AND c.card_type = 'personal')
"""
LEVELS_OVERLAP: LiteralString = """
SELECT format('levels %s and %s of %s overlap', one.level, other.level, coalesce(one.merchant_id::text, 'the operator'))
  FROM app.membership_levels AS one
  JOIN app.membership_levels AS other
    ON other.merchant_id IS NOT DISTINCT FROM one.merchant_id AND other.min_points > one.min_points
 WHERE one.max_points IS NULL OR one.max_points >= other.min_points
"""

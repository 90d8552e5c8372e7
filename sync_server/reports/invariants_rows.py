"""Questions about the rows of the acts: beside the registry, the lots, the passes and each other (invariants 4, 5, 7,
12 and 13).

Rule: every row of an answer is one offence, in words without personal data. What they posted: invariants_posted.
"""

# ruff: noqa: S608 - the parts that are put together are constants of this room

from typing import LiteralString

from sync_server.reports.invariants_money import SINCE

# 4 ------------------------------------------------------------------------------------------------------------------

# However it is refunded, a top-up's bonus is clawed back in proportion: the steps sum to the share of the whole.
LOTS_BROUGHT: LiteralString = """
WITH refunded AS (
    SELECT f.ledger_id, f.original_tx_no, sum(f.amount_minor) AS amount, sum(f.uncollected_minor) AS uncollected,
           sum(f.bonus_minor + f.principal_minor + f.uncollected_minor) AS clawed
      FROM app.card_refunds AS f WHERE f.kind = 'top_up' AND f.reversed_by IS NULL
     GROUP BY f.ledger_id, f.original_tx_no
)
SELECT format('%s: its lot has %s principal and %s bonus, %s refunded; the top-up %s and %s, its refunds %s', u.tx_no,
              l.principal_granted, l.bonus_granted, l.refunded_minor, u.amount_minor, u.bonus_minor,
              coalesce(r.amount, 0))
  FROM app.card_top_ups AS u
  LEFT JOIN app.card_lots AS l ON l.ledger_id = u.ledger_id AND l.lot_id = u.top_up_id
  LEFT JOIN refunded AS r ON r.ledger_id = u.ledger_id AND r.original_tx_no = u.tx_no
 WHERE CASE u.status WHEN 'paid' THEN
            (l.principal_granted, l.bonus_granted, l.refunded_minor, l.uncollected_minor, l.card_id, l.tx_no)
            IS DISTINCT FROM
            (u.amount_minor, u.bonus_minor, coalesce(r.amount, 0), coalesce(r.uncollected, 0), u.card_id, u.tx_no)
            ELSE l.lot_id IS NOT NULL OR r.amount IS NOT NULL END
UNION ALL
SELECT format('%s: %s of its bonus was asked back for %s of %s refunded', l.tx_no, r.clawed, r.amount,
              l.principal_granted)
  FROM app.card_lots AS l
  JOIN refunded AS r ON r.ledger_id = l.ledger_id AND r.original_tx_no = l.tx_no
 WHERE l.origin = 'top_up' AND r.clawed <> app.share_until(l.bonus_granted, r.amount::bigint, l.principal_granted)
"""

# 5 ------------------------------------------------------------------------------------------------------------------

# An imported pass has no first purchase here; what it cost before is what its import said.
PURCHASES: LiteralString = """
WITH refunded AS (
    SELECT o.ledger_id, o.pass_id, sum(v.refund_minor) AS amount
      FROM app.pass_reviews AS v
      JOIN app.topup_orders AS o ON o.ledger_id = v.ledger_id AND o.topup_order_id = v.topup_order_id
     GROUP BY o.ledger_id, o.pass_id
)
SELECT format('pass %s: %s paid, its purchases sum to %s', p.pass_id, p.amount_minor,
              sum(o.amount_minor) - coalesce(r.amount, 0))
  FROM app.member_passes AS p
  JOIN app.topup_orders AS o ON o.ledger_id = p.ledger_id AND o.pass_id = p.pass_id
  LEFT JOIN refunded AS r ON r.ledger_id = p.ledger_id AND r.pass_id = p.pass_id
 GROUP BY p.ledger_id, p.pass_id, p.amount_minor, r.amount
HAVING bool_or(o.kind = 'first') AND p.amount_minor <> sum(o.amount_minor) - coalesce(r.amount, 0)
"""

# 6 ------------------------------------------------------------------------------------------------------------------

# One phone is one member: an id that was merged leads straight to them, and nothing was ever done under it.
MERGED: LiteralString = """
SELECT format('alias %s leads to the alias %s', a.alias_id, a.member_id)
  FROM app.member_aliases AS a JOIN app.member_aliases AS further ON further.alias_id = a.member_id
UNION ALL
SELECT format('alias %s is a member, too', a.alias_id)
  FROM app.member_aliases AS a JOIN app.members AS m ON m.member_id = a.alias_id
UNION ALL
SELECT format('alias %s has an account of %s', a.alias_id, h.bucket)
  FROM app.member_aliases AS a JOIN app.accounts AS h ON h.owner_id = a.alias_id
UNION ALL
SELECT format('transaction %s is of the alias %s', t.tx_no, a.alias_id)
  FROM app.member_aliases AS a JOIN app.transactions AS t ON t.member_id = a.alias_id
UNION ALL
SELECT format('fact %s made a member who is not there', encode(f.hash, 'hex')) FROM app.facts AS f
 CROSS JOIN LATERAL (SELECT (convert_from(f.bytes, 'UTF8')::jsonb -> 'body' ->> 'member_id')::uuid AS id) AS made
 WHERE f.kind = 'MemberCreated' AND f.outcome = 'accepted'
   AND NOT EXISTS (SELECT FROM app.members AS m WHERE m.member_id = made.id)
   AND NOT EXISTS (SELECT FROM app.member_aliases AS a WHERE a.alias_id = made.id)
UNION ALL
SELECT format('personal data is left beside fact %s', encode(c.hash, 'hex')) FROM app.fact_companions AS c
 WHERE NOT EXISTS (SELECT FROM app.facts AS f WHERE f.ledger_id = c.ledger_id AND f.terminal_id = c.terminal_id
                      AND f.hash = c.hash AND f.outcome = 'held')
    OR EXISTS (SELECT FROM app.held_decisions AS d WHERE d.ledger_id = c.ledger_id AND d.terminal_id = c.terminal_id
                  AND d.hash = c.hash)
"""

# 7 ------------------------------------------------------------------------------------------------------------------

# A number is one thing: the act that is recorded under it, its entry in the registry and its transaction agree.
REGISTERED: LiteralString = f"""
WITH refunded AS (
    SELECT f.ledger_id, f.original_tx_no, sum(f.amount_minor) AS amount FROM app.card_refunds AS f
     WHERE f.kind = 'charge' GROUP BY f.ledger_id, f.original_tx_no
), act AS (
    SELECT o.ledger_id, o.tx_id, NULL::text AS tx_no, 'pass_sold' AS kind, o.amount_minor AS amount, o.currency,
           o.merchant_id, o.store_id, NULL::uuid AS card_id, o.happened_at
      FROM app.topup_orders AS o
    UNION ALL
    SELECT o.ledger_id, o.tx_id, NULL, 'order', o.total_minor, o.currency, o.merchant_id, o.store_id, NULL,
           o.happened_at
      FROM app.orders AS o
    UNION ALL
    SELECT f.ledger_id, f.tx_id, NULL, 'order_refunded', -f.total_minor, f.currency, f.merchant_id, f.store_id, NULL,
           f.happened_at
      FROM app.order_refunds AS f
    UNION ALL
    SELECT b.ledger_id, b.tx_id, NULL, 'pass_redeemed', b.extra_total_minor, b.currency, b.merchant_id, b.store_id,
           NULL, b.happened_at
      FROM app.pass_redemption_batches AS b
    UNION ALL
    SELECT u.ledger_id, u.tx_id, u.tx_no, 'topped_up', u.amount_minor, u.currency, u.merchant_id, u.store_id, u.card_id,
           CASE WHEN u.status = 'paid' AND u.terminal_id IS NULL THEN u.paid_at ELSE u.happened_at END
      FROM app.card_top_ups AS u
    UNION ALL
    SELECT g.ledger_id, g.tx_id, g.tx_no, 'card_charged', g.final_minor, g.currency, g.merchant_id, g.store_id,
           g.card_id, g.happened_at
      FROM app.card_charges AS g
    UNION ALL
    SELECT f.ledger_id, f.tx_id, f.tx_no, CASE f.kind WHEN 'charge' THEN 'charge_refunded' ELSE 'topup_refunded' END,
           -f.amount_minor, NULL, f.merchant_id, f.store_id, f.card_id, f.happened_at
      FROM app.card_refunds AS f
    UNION ALL
    SELECT f.ledger_id, f.reversed_by, NULL, 'refund_reversed', f.amount_minor, NULL, f.merchant_id, f.store_id,
           f.card_id, NULL
      FROM app.card_refunds AS f WHERE f.reversed_by IS NOT NULL
    UNION ALL
    SELECT g.ledger_id, g.reversed_by, NULL, 'reversal', coalesce(r.amount, 0) - g.final_minor, g.currency,
           g.merchant_id, g.store_id, g.card_id, NULL
      FROM app.card_charges AS g
      LEFT JOIN refunded AS r ON r.ledger_id = g.ledger_id AND r.original_tx_no = g.tx_no
     WHERE g.reversed_by IS NOT NULL
    UNION ALL
    SELECT a.ledger_id, a.tx_id, NULL, 'adjusted', CASE WHEN a.bucket IN ('principal', 'bonus') THEN a.delta ELSE 0 END,
           CASE WHEN a.bucket IN ('principal', 'bonus') THEN a.unit END, a.merchant_id, NULL, NULL, NULL
      FROM app.adjustments AS a WHERE a.status = 'approved'
)
SELECT format('%s: its %s of %s %s stands in the registry as %s of %s %s', coalesce(r.tx_no, a.tx_no, a.tx_id::text),
              a.kind, a.amount, a.currency, r.kind, r.amount_minor, r.currency)
  FROM act AS a LEFT JOIN app.tx_registry AS r ON r.ledger_id = a.ledger_id AND r.tx_id = a.tx_id
 WHERE (a.amount, a.merchant_id, coalesce(a.currency, r.currency), coalesce(a.tx_no, r.tx_no))
       IS DISTINCT FROM (r.amount_minor, r.merchant_id, r.currency, r.tx_no)
    OR r.kind <> a.kind
       AND NOT (a.kind = 'order'
                AND r.kind IN ('order_paid', 'pass_redeemed', 'card_charged', 'goods_lost', 'charge_lost'))
UNION ALL
SELECT format('%s: its %s was elsewhere, at another time or by another card than its transaction', t.tx_no, a.kind)
  FROM act AS a JOIN app.transactions AS t ON t.ledger_id = a.ledger_id AND t.tx_id = a.tx_id
 WHERE t.created_at >= {SINCE}
   AND (a.kind <> 'adjusted' AND a.store_id IS DISTINCT FROM t.store_id
        OR coalesce(a.card_id, t.card_id) IS DISTINCT FROM t.card_id OR a.happened_at <> t.happened_at)
"""
# A charge's items stand at the price before discount; of a redemption only what was paid for. What a card should have
# paid and did not is a loss of what its slip said. What a person at HQ posted stands as it was paid, its sums as odd as
# they were when the fact was held for them.
ORDERS: LiteralString = """
SELECT format('order %s of %s: %s in items, %s to pay', o.order_id, r.tx_no, coalesce(sum(i.total_minor), 0),
              coalesce(g.raw_minor, o.total_minor))
  FROM app.orders AS o
  JOIN app.tx_registry AS r ON r.ledger_id = o.ledger_id AND r.tx_id = o.tx_id
  LEFT JOIN app.order_items AS i ON i.ledger_id = o.ledger_id AND i.order_id = o.order_id
  LEFT JOIN app.card_charges AS g ON g.ledger_id = o.ledger_id AND g.tx_id = o.tx_id
 WHERE r.kind <> 'charge_lost'
   AND NOT EXISTS (SELECT FROM app.held_decisions AS d WHERE d.ledger_id = r.ledger_id AND d.tx_id = r.tx_id)
 GROUP BY o.ledger_id, o.order_id, r.tx_no, o.total_minor, g.raw_minor
HAVING coalesce(sum(i.total_minor), 0) <> coalesce(g.raw_minor, o.total_minor)
UNION ALL
SELECT format('order %s of %s is %s', o.order_id, r.tx_no, o.status)
  FROM app.orders AS o
  JOIN app.tx_registry AS r ON r.ledger_id = o.ledger_id AND r.tx_id = o.tx_id
 WHERE (o.status = 'reversed')
       <> (r.reversed_by IS NOT NULL
           OR r.kind IN ('card_charged', 'order_paid') AND r.amount_minor > 0 AND r.refunded_minor = r.amount_minor)
"""

# 4 ------------------------------------------------------------------------------------------------------------------

# What came back of a sale: whole lines, as much as they cost, and by each tender no more than it had paid.
SALES_REFUNDED: LiteralString = """
WITH back AS (
    SELECT i.ledger_id, i.refund_id, sum(i.total_minor) AS total FROM app.order_items AS i
     WHERE i.refund_id IS NOT NULL GROUP BY i.ledger_id, i.refund_id
)
SELECT format('%s: %s came back for lines that cost %s', coalesce(r.tx_no, b.refund_id::text),
              coalesce(f.total_minor, 0), coalesce(b.total, 0))
  FROM app.order_refunds AS f
  FULL JOIN back AS b ON b.ledger_id = f.ledger_id AND b.refund_id = f.refund_id
  LEFT JOIN app.tx_registry AS r ON r.ledger_id = f.ledger_id AND r.tx_id = f.tx_id
 WHERE f.total_minor IS DISTINCT FROM b.total
   AND NOT EXISTS (SELECT FROM app.held_decisions AS d WHERE d.ledger_id = f.ledger_id AND d.tx_id = f.tx_id)
UNION ALL
SELECT format('%s: %s came back, the registry says %s of %s', r.tx_no, coalesce(sum(f.total_minor), 0),
              r.refunded_minor, r.amount_minor)
  FROM app.tx_registry AS r
  JOIN app.orders AS o ON o.ledger_id = r.ledger_id AND o.tx_no = r.tx_no
  LEFT JOIN app.order_refunds AS f ON f.ledger_id = o.ledger_id AND f.order_id = o.order_id
 WHERE r.kind = 'order_paid'
 GROUP BY r.ledger_id, r.tx_no, r.refunded_minor, r.amount_minor
HAVING r.refunded_minor > r.amount_minor OR coalesce(sum(f.total_minor), 0) <> r.refunded_minor
UNION ALL
SELECT format('%s: more came back by %s than it had paid', o.tx_no, p.kind)
  FROM app.orders AS o
  JOIN app.order_refunds AS any_back ON any_back.ledger_id = o.ledger_id AND any_back.order_id = o.order_id
 CROSS JOIN LATERAL (
        SELECT o.tx_id UNION
        SELECT f.tx_id FROM app.order_refunds AS f WHERE f.ledger_id = o.ledger_id AND f.order_id = o.order_id) AS t
  JOIN app.payments AS p ON p.ledger_id = o.ledger_id AND p.tx_id = t.tx_id
 GROUP BY o.ledger_id, any_back.refund_id, o.tx_no, p.kind HAVING sum(p.amount_minor) < 0
"""

# 12 -----------------------------------------------------------------------------------------------------------------

LOSSES_SETTLED: LiteralString = """
SELECT format('unit %s: %s collected and %s written off, posted as %s and %s', said.unit, said.collected,
              said.written_off, coalesce(posted.collected, 0), coalesce(posted.written_off, 0))
  FROM (SELECT l.ledger_id, l.unit, sum(l.collected) AS collected, sum(l.written_off) AS written_off
          FROM app.offline_losses AS l GROUP BY l.ledger_id, l.unit) AS said
  LEFT JOIN (SELECT a.ledger_id, a.unit, -sum(e.delta) FILTER (WHERE a.bucket = 'collected') AS collected,
                    -sum(e.delta) FILTER (WHERE a.bucket = 'written_off') AS written_off
               FROM app.accounts AS a
               JOIN app.entries AS e ON e.ledger_id = a.ledger_id AND e.account_id = a.account_id
              WHERE a.bucket IN ('collected', 'written_off') GROUP BY a.ledger_id, a.unit) AS posted
    ON posted.ledger_id = said.ledger_id AND posted.unit = said.unit
 WHERE (said.collected, said.written_off) <> (coalesce(posted.collected, 0), coalesce(posted.written_off, 0))
"""

# 13 -----------------------------------------------------------------------------------------------------------------

# A level's discount makes the price; what a person decided stands as the slip said.
DISCOUNTED: LiteralString = """
SELECT format('%s: %s at %s is %s, %s was charged', g.tx_no, g.raw_minor, g.discount,
              app.discounted(g.raw_minor, g.discount), g.final_minor)
  FROM app.card_charges AS g
 WHERE g.final_minor <> app.discounted(g.raw_minor, g.discount)
   AND NOT EXISTS (SELECT FROM app.held_decisions AS d WHERE d.ledger_id = g.ledger_id AND d.tx_id = g.tx_id)
"""

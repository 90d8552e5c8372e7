"""Questions about what each act posted: its row beside its entries, account by account (invariant 11).

Rule: every row of an answer is one offence, in words without personal data. An act without a row of its own (a trade, a
debit of tickets, a release) is known by its audit row, which is sealed. What a charge took from bonus and what from
principal, and what came back to which, is invariant 4's to ask (invariants_money); rows beside the registry stand in
invariants_rows.
"""

# ruff: noqa: S608 - the parts that are put together are constants of this room

from typing import LiteralString

from sync_server.reports.invariants_money import SINCE

_NOBODY: LiteralString = "'00000000-0000-0000-0000-000000000000'"

# 11 -----------------------------------------------------------------------------------------------------------------

# What each act says that it moved: (ledger, transaction, owner, bucket, unit, delta). No owner: the shop of the
# transaction, or its card for points; no unit: its currency. `money` is principal and bonus together.
_PAID: LiteralString = """
    SELECT t.ledger_id, t.tx_id, NULL::uuid AS owner_id,
           CASE t.kind WHEN 'pass_sold' THEN 'pass_sales' WHEN 'loss_collected' THEN 'loss_collected' ELSE 'sales' END
           AS bucket, NULL::text AS unit, -t.amount_minor AS delta
      FROM tx AS t
     WHERE t.kind IN ('pass_sold', 'order_paid', 'order_refunded', 'pass_redeemed', 'card_charged', 'charge_refunded',
                      'reversal', 'goods_lost', 'charge_lost', 'refund_lost', 'loss_collected')
    UNION ALL
    SELECT p.ledger_id, p.tx_id, NULL, 'tender/' || p.kind, NULL, p.amount_minor FROM app.payments AS p
"""
_PASSES: LiteralString = """
    SELECT o.ledger_id, o.tx_id, l.owner_id, l.bucket, 'use/' || o.plan_id, l.delta
      FROM app.topup_orders AS o
     CROSS JOIN LATERAL (VALUES (o.pass_id, 'uses', o.uses - o.uses_forfeited), (o.plan_id, 'issued', -o.uses),
                                (o.plan_id, 'forfeited', o.uses_forfeited)) AS l (owner_id, bucket, delta)
    UNION ALL
    SELECT b.ledger_id, one.tx_id, l.owner_id, l.bucket, 'use/' || p.plan_id, l.delta
      FROM app.pass_redemption_batches AS b
      JOIN app.member_passes AS p ON p.ledger_id = b.ledger_id AND p.pass_id = b.pass_id
     CROSS JOIN LATERAL (VALUES (b.tx_id, 1, 0), (b.reversed_by, -1, b.forfeited_uses)) AS one (tx_id, sign, forfeited)
     CROSS JOIN LATERAL (VALUES (b.pass_id, 'uses',
                                 one.sign * (b.loss_uses + b.reserved_uses - b.uses) - one.forfeited),
                                (p.plan_id, 'redeemed', one.sign * b.uses), (p.plan_id, 'forfeited', one.forfeited),
                                (p.member_id, 'offline_loss', one.sign * -b.loss_uses)) AS l (owner_id, bucket, delta)
    UNION ALL
    SELECT v.ledger_id, v.tx_id, l.owner_id, l.bucket, 'use/' || o.plan_id, l.delta
      FROM app.pass_reviews AS v
      JOIN app.topup_orders AS o ON o.ledger_id = v.ledger_id AND o.topup_order_id = v.topup_order_id
     CROSS JOIN LATERAL (VALUES (o.pass_id, 'uses', -v.uses_removed), (o.plan_id, 'revoked', v.uses_removed))
                        AS l (owner_id, bucket, delta)
"""
_CARDS: LiteralString = """
    SELECT u.ledger_id, u.tx_id, l.owner_id, l.bucket, u.currency, l.delta
      FROM app.card_top_ups AS u
     CROSS JOIN LATERAL (VALUES (u.card_id, 'principal', u.amount_minor), (u.card_id, 'bonus', u.bonus_minor),
                                (NULL, 'issued', -u.amount_minor - u.bonus_minor),
                                (NULL, 'stored_value', -u.amount_minor))
                        AS l (owner_id, bucket, delta)
     WHERE u.status = 'paid'
    UNION ALL
    SELECT g.ledger_id, g.tx_id, l.owner_id, l.bucket, l.unit, l.delta
      FROM app.card_charges AS g
     CROSS JOIN LATERAL (VALUES (g.card_id, 'money', g.currency,
                                 CASE WHEN g.reservation_id IS NULL THEN -g.final_minor END),
                                (NULL, 'redeemed', g.currency, g.final_minor),
                                (g.card_id, 'points', 'point', g.points), (NULL, 'issued', 'point', -g.points))
                        AS l (owner_id, bucket, unit, delta)
    UNION ALL
    SELECT f.ledger_id, f.tx_id, l.owner_id, l.bucket, l.unit, l.delta
      FROM app.card_refunds AS f
     CROSS JOIN LATERAL (VALUES (f.card_id, 'principal', NULL, f.principal_minor),
                                (f.card_id, 'bonus', NULL, f.bonus_minor), (NULL, 'redeemed', NULL, -f.amount_minor),
                                (f.card_id, 'points', 'point', -f.points_taken_back),
                                (NULL, 'issued', 'point', f.points_taken_back)) AS l (owner_id, bucket, unit, delta)
     WHERE f.kind = 'charge'
    UNION ALL
    SELECT f.ledger_id, one.tx_id, l.owner_id, l.bucket, NULL, one.sign * l.delta
      FROM app.card_refunds AS f
     CROSS JOIN LATERAL (VALUES (f.tx_id, 1), (f.reversed_by, -1)) AS one (tx_id, sign)
     CROSS JOIN LATERAL (VALUES (f.card_id, 'principal', -f.amount_minor), (f.card_id, 'bonus', -f.bonus_minor),
                                (NULL, 'issued', f.cash_minor + f.bonus_minor), (NULL, 'forfeited', f.principal_minor),
                                (NULL, 'stored_value', f.cash_minor))
                        AS l (owner_id, bucket, delta)
     WHERE f.kind = 'top_up'
    UNION ALL
    SELECT t.ledger_id, t.tx_id, l.owner_id, l.bucket, NULL, l.delta
      FROM tx AS t
     CROSS JOIN LATERAL (VALUES (t.card_id, 'money', -t.amount_minor), (NULL, 'redeemed', t.amount_minor))
                        AS l (owner_id, bucket, delta)
     WHERE t.kind = 'reversal' AND t.card_id IS NOT NULL
    UNION ALL
    SELECT r.ledger_id, r.tx_id, o.owner_id, o.bucket, c.currency, o.delta
      FROM app.card_lots AS l
      JOIN app.tx_registry AS r ON r.ledger_id = l.ledger_id AND r.tx_no = l.tx_no
      JOIN app.cards AS c ON c.ledger_id = l.ledger_id AND c.card_id = l.card_id
     CROSS JOIN LATERAL (VALUES (l.card_id, 'principal', l.principal_granted), (l.card_id, 'bonus', l.bonus_granted),
                                (NULL, 'opening', -l.principal_granted - l.bonus_granted))
                        AS o (owner_id, bucket, delta)
     WHERE l.origin = 'opening'
"""
_RESERVED: LiteralString = """
    SELECT r.ledger_id, r.tx_id, l.owner_id, l.bucket, r.unit, l.delta
      FROM app.reservations AS r
     CROSS JOIN LATERAL (VALUES (r.reservation_id, 'reserved', r.amount),
                                (r.source_id, 'uses', CASE r.source_kind WHEN 'pass' THEN -r.amount END))
                        AS l (owner_id, bucket, delta)
    UNION ALL
    SELECT r.ledger_id, r.tx_id, r.source_id, part ->> 1, r.unit, -(part ->> 2)::bigint
      FROM app.reservations AS r CROSS JOIN LATERAL jsonb_array_elements(r.parts) AS part
    UNION ALL
    SELECT u.ledger_id, u.tx_id, l.owner_id, l.bucket, r.unit, l.delta
      FROM app.reservation_uses AS u
      JOIN app.reservations AS r ON r.ledger_id = u.ledger_id AND r.reservation_id = u.reservation_id
      JOIN tx AS t ON t.ledger_id = u.ledger_id AND t.tx_id = u.tx_id
     CROSS JOIN LATERAL (VALUES (r.reservation_id, 'reserved', -u.amount),
                                (CASE r.source_kind WHEN 'pass' THEN substr(r.unit, 5)::uuid END, 'redeemed',
                                 CASE t.kind WHEN 'settled' THEN u.amount END))
                        AS l (owner_id, bucket, delta)
"""
_HOUSE: LiteralString = f"""
    SELECT a.ledger_id, a.tx_id, l.owner_id, l.bucket, a.unit, l.delta
      FROM app.adjustments AS a
     CROSS JOIN LATERAL (VALUES (a.owner_id, a.bucket, a.delta),
                                (coalesce(a.merchant_id, {_NOBODY}), 'adjusted', -a.delta))
                        AS l (owner_id, bucket, delta)
    UNION ALL
    SELECT g.ledger_id, one.tx_id, l.owner_id, l.bucket, g.unit, l.delta
      FROM (SELECT r.*, (r.basis ->> 'member_id')::uuid AS member_id,
                   regexp_replace(r.basis ->> 'unit', '^fragment/', concat('fragment/', r.merchant_id, '/')) AS unit
              FROM app.tx_registry AS r WHERE r.kind = 'granted') AS g
     CROSS JOIN LATERAL (VALUES (g.tx_id, (g.basis ->> 'amount')::bigint),
                                (g.reversed_by, -(g.basis ->> 'taken_back')::bigint)) AS one (tx_id, amount)
     CROSS JOIN LATERAL (VALUES (CASE WHEN g.unit <> 'point' THEN g.member_id END,
                                 CASE g.unit WHEN 'point' THEN 'points' ELSE g.unit END, one.amount),
                                (coalesce(g.merchant_id, {_NOBODY}), 'issued', -one.amount))
                        AS l (owner_id, bucket, delta)
"""
_LOST: LiteralString = """
    SELECT l.ledger_id, l.tx_id, o.owner_id, o.bucket, l.unit, o.delta
      FROM app.offline_losses AS l
      JOIN tx AS t ON t.ledger_id = l.ledger_id AND t.tx_id = l.tx_id
     CROSS JOIN LATERAL (VALUES (l.terminal_id, 'offline_loss', -l.amount),
                                (NULL, CASE t.kind WHEN 'cash_lost' THEN 'issued' ELSE 'redeemed' END, l.amount),
                                (NULL, 'stored_value', CASE t.kind WHEN 'cash_lost' THEN l.amount END))
                        AS o (owner_id, bucket, delta)
     WHERE t.kind IN ('goods_lost', 'charge_lost', 'cash_lost', 'refund_lost')
"""
_AUDITED: LiteralString = """
    SELECT n.ledger_id, n.tx_id, l.owner_id, l.bucket, l.unit, l.delta
      FROM noted AS n
     CROSS JOIN LATERAL (VALUES
           (n.member_id, 'ticket', 'ticket', -(n.data ->> 'tickets')::bigint),
           (n.house_id, 'redeemed', 'ticket', (n.data ->> 'tickets')::bigint),
           (n.card_id, 'points', 'point', (n.data ->> 'points')::bigint),
           (NULL, 'issued', 'point', -(n.data ->> 'points')::bigint)) AS l (owner_id, bucket, unit, delta)
     WHERE n.kind IN ('ticket_debited', 'reversal')
    UNION ALL
    SELECT n.ledger_id, n.tx_id, l.owner_id, l.bucket, l.unit, l.delta
      FROM (SELECT noted.*, coalesce((data ->> 'with')::uuid, house_id) AS partner_id,
                   CASE WHEN data ->> 'with' IS NULL THEN 'traded' END AS house_bucket,
                   regexp_replace(data ->> 'gives', '^fragment/', 'fragment/' || house_id || '/') AS gives,
                   regexp_replace(data ->> 'takes', '^fragment/', 'fragment/' || house_id || '/') AS takes,
                   (data ->> 'given')::bigint AS given, (data ->> 'taken')::bigint AS taken
              FROM noted WHERE kind = 'traded') AS n
     CROSS JOIN LATERAL (VALUES
           (n.member_id, n.gives, n.gives, -n.given), (n.member_id, n.takes, n.takes, n.taken),
           (n.partner_id, coalesce(n.house_bucket, n.gives), n.gives, n.given),
           (n.partner_id, coalesce(n.house_bucket, n.takes), n.takes, -n.taken))
           AS l (owner_id, bucket, unit, delta)
    UNION ALL
    SELECT n.ledger_id, n.tx_id, l.owner_id, l.bucket, r.unit, l.delta
      FROM noted AS n
      JOIN app.reservations AS r ON r.ledger_id = n.ledger_id
           AND r.reservation_id = (n.data ->> 'reservation_id')::uuid
     CROSS JOIN LATERAL (SELECT (n.data ->> 'returned')::bigint AS returned,
                                -- What came back at once stands in the row, in two parts only here.
                                CASE WHEN (n.data ->> 'returned')::bigint = r.returned THEN r.forfeited
                                     ELSE (n.data ->> 'forfeited')::bigint END AS forfeited) AS back
     CROSS JOIN LATERAL (VALUES (r.reservation_id, 'reserved', -back.returned),
                                (r.source_id, CASE r.source_kind WHEN 'pass' THEN 'uses' ELSE 'money' END,
                                 back.returned - back.forfeited),
                                (CASE r.source_kind WHEN 'pass' THEN substr(r.unit, length('use/') + 1)::uuid END,
                                 'forfeited', back.forfeited)) AS l (owner_id, bucket, delta)
     WHERE n.kind = 'released'
    UNION ALL
    SELECT n.ledger_id, n.tx_id, l.owner_id, l.bucket, o.unit, l.delta
      FROM noted AS n
      JOIN app.offline_losses AS o ON o.ledger_id = n.ledger_id AND o.loss_id = (n.data ->> 'loss_id')::uuid
     CROSS JOIN LATERAL (VALUES (CASE WHEN o.unit LIKE 'use/%' THEN o.member_id ELSE o.terminal_id END, 'offline_loss',
                                 (n.data ->> 'amount')::bigint),
                                (NULL, CASE n.kind WHEN 'loss_collected' THEN 'collected' ELSE 'written_off' END,
                                 -(n.data ->> 'amount')::bigint)) AS l (owner_id, bucket, delta)
     WHERE n.kind IN ('loss_collected', 'loss_written_off')
"""
# What an opening brought besides money (uses, points) has no row but its entries: they must balance among themselves.
POSTED: LiteralString = f"""
WITH tx AS (
    SELECT t.ledger_id, t.tx_id, t.tx_no, t.kind, t.amount_minor, t.currency, t.card_id, t.member_id,
           coalesce(t.store_id, t.merchant_id, {_NOBODY}) AS shop_id, coalesce(t.merchant_id, {_NOBODY}) AS house_id
      FROM app.transactions AS t WHERE t.created_at >= {SINCE}
), noted AS (
    SELECT t.*, e.data
      FROM tx AS t
      JOIN audit.event_log AS e ON e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id
     WHERE e.recorded_at >= {SINCE}
       AND t.kind IN ('ticket_debited', 'reversal', 'traded', 'released', 'loss_collected', 'loss_written_off')
), said AS ({_PAID} UNION ALL {_PASSES} UNION ALL {_CARDS} UNION ALL {_RESERVED} UNION ALL {_HOUSE} UNION ALL {_LOST}
    UNION ALL {_AUDITED}
), lines AS (
    SELECT t.ledger_id, t.tx_id, t.tx_no,
           coalesce(s.owner_id, CASE s.bucket WHEN 'points' THEN t.card_id ELSE t.shop_id END) AS owner_id, s.bucket,
           coalesce(s.unit, t.currency) AS unit, s.delta AS said, 0 AS posted
      FROM said AS s JOIN tx AS t ON t.ledger_id = s.ledger_id AND t.tx_id = s.tx_id
     WHERE s.delta <> 0
    UNION ALL
    SELECT t.ledger_id, t.tx_id, t.tx_no, CASE WHEN brought.so THEN t.shop_id ELSE a.owner_id END,
           CASE WHEN brought.so THEN 'brought'
                WHEN a.bucket LIKE 'vat/%' THEN CASE t.kind WHEN 'pass_sold' THEN 'pass_sales' ELSE 'sales' END
                WHEN a.bucket IN ('principal', 'bonus') AND t.kind IN ('card_charged', 'reversal', 'released')
                THEN 'money' ELSE a.bucket END, a.unit, 0, e.delta
      FROM app.entries AS e
      JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
      JOIN tx AS t ON t.ledger_id = e.ledger_id AND t.tx_id = e.tx_id
     CROSS JOIN LATERAL (SELECT t.kind = 'opening' AND (a.unit = 'point' OR a.unit LIKE 'use/%')
                                AND a.bucket IN ('uses', 'points', 'opening')) AS brought (so)
     WHERE e.created_at >= {SINCE}
)
SELECT format('%s: %s of %s was posted to %s of %s, its act says %s', l.tx_no, sum(l.posted), l.unit, l.bucket,
              l.owner_id, sum(l.said))
  FROM lines AS l GROUP BY l.ledger_id, l.tx_id, l.tx_no, l.owner_id, l.bucket, l.unit
HAVING sum(l.posted) <> sum(l.said)
"""
# VAT is split from what was sold at each rate, once; of a charge as its basis says. What a person decided stands.
VAT: LiteralString = f"""
WITH part AS (
    SELECT i.ledger_id, i.order_id, i.refund_id, p.rate, p.gross
      FROM app.order_items AS i
     CROSS JOIN LATERAL (
            SELECT i.vat_rate::numeric AS rate, i.base_minor AS gross
            UNION ALL
            SELECT (a ->> 'vat_rate')::numeric,
                   ((a ->> 'quantity')::bigint - (a ->> 'free')::bigint) * (a ->> 'unit_price_minor')::bigint
              FROM jsonb_array_elements(i.add_ons) AS a) AS p
), sold AS (
    SELECT o.ledger_id, o.tx_id, part.rate, 1 AS sign, sum(part.gross) AS gross
      FROM app.orders AS o
      JOIN app.tx_registry AS r ON r.ledger_id = o.ledger_id AND r.tx_id = o.tx_id
      JOIN part ON part.ledger_id = o.ledger_id AND part.order_id = o.order_id
     WHERE r.kind IN ('order_paid', 'pass_redeemed') AND r.created_at >= {SINCE}
     GROUP BY o.ledger_id, o.tx_id, part.rate
    UNION ALL
    SELECT f.ledger_id, f.tx_id, part.rate, -1, sum(part.gross)
      FROM app.order_refunds AS f
      JOIN part ON part.ledger_id = f.ledger_id AND part.order_id = f.order_id AND part.refund_id = f.refund_id
     WHERE f.recorded_at >= {SINCE}
     GROUP BY f.ledger_id, f.tx_id, part.rate
), vat AS (
    SELECT s.ledger_id, s.tx_id, s.rate, s.sign * (s.gross - round(s.gross / (1 + s.rate))) AS owed, 0::bigint AS posted
      FROM sold AS s
    UNION ALL
    SELECT r.ledger_id, r.tx_id, (v ->> 'rate')::numeric, (v ->> 'quota_minor')::bigint, 0
      FROM app.tx_registry AS r CROSS JOIN LATERAL jsonb_array_elements(r.basis -> 'vat') AS v
     WHERE r.kind = 'card_charged' AND r.created_at >= {SINCE}
    UNION ALL
    SELECT e.ledger_id, e.tx_id, substr(a.bucket, 5)::numeric, 0, -e.delta
      FROM app.accounts AS a
      JOIN app.entries AS e ON e.ledger_id = a.ledger_id AND e.account_id = a.account_id
     WHERE a.bucket LIKE 'vat/%' AND e.created_at >= {SINCE}
)
SELECT format('%s: %s of VAT at %s was posted, %s is owed', t.tx_no, sum(v.posted), v.rate, sum(v.owed))
  FROM vat AS v JOIN app.transactions AS t ON t.ledger_id = v.ledger_id AND t.tx_id = v.tx_id
 WHERE t.kind IN ('order_paid', 'order_refunded', 'pass_redeemed', 'card_charged')
   AND NOT EXISTS (SELECT FROM app.held_decisions AS d WHERE d.ledger_id = v.ledger_id AND d.tx_id = v.tx_id)
 GROUP BY t.ledger_id, t.tx_id, t.tx_no, v.rate HAVING sum(v.posted) <> sum(v.owed)
"""

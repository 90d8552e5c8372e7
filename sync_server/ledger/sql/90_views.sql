-- What the rooms above read. Views act with the reader's rights, so the tables' policies hold.

CREATE VIEW app.passes_held WITH (security_invoker = true) AS
SELECT p.ledger_id, p.pass_id, p.merchant_id, p.member_id, p.plan_id, p.status, p.uses_bought,
       coalesce(a.balance, 0)::integer AS uses_left, p.amount_minor, p.currency, p.expires_at, p.created_at,
       used.business_day AS used_on, coalesce(used.uses, 0) AS used_today
  FROM app.member_passes AS p
  LEFT JOIN app.accounts AS a ON a.ledger_id = p.ledger_id AND a.account_id = p.pass_id
  LEFT JOIN LATERAL (
        SELECT b.business_day, sum(b.uses)::integer AS uses FROM app.pass_redemption_batches AS b
         WHERE b.ledger_id = p.ledger_id AND b.pass_id = p.pass_id AND b.reversed_by IS NULL
         GROUP BY b.business_day ORDER BY b.business_day DESC LIMIT 1) AS used ON true;
COMMENT ON VIEW app.passes_held IS 'Passes with the uses left, and the uses on the latest day of use (models MemberPass)';

CREATE VIEW app.held_facts WITH (security_invoker = true) AS
SELECT f.ledger_id, f.terminal_id, f.seq, f.in_chain, f.fact_id, f.kind, f.reason, f.data, f.merchant_id, f.store_id,
       f.happened_at, f.recorded_at, f.hash
  FROM app.facts AS f
 WHERE f.outcome = 'held' AND NOT EXISTS (
        SELECT FROM app.held_decisions AS d
         WHERE d.ledger_id = f.ledger_id AND d.terminal_id = f.terminal_id AND d.hash = f.hash);
COMMENT ON VIEW app.held_facts IS 'Facts that wait for a person at HQ';

CREATE VIEW app.granted_waiting WITH (security_invoker = true) AS
SELECT a.*, t.status <> 'paired' AS shut_out
  FROM app.unconfirmed_acts AS a
  JOIN app.terminals AS t ON t.terminal_id = a.terminal_id
 WHERE (t.status <> 'paired' OR a.recorded_at < app.fact_due_before())
   AND NOT EXISTS (SELECT FROM app.granted_decisions AS d
                    WHERE d.ledger_id = a.ledger_id AND d.terminal_id = a.terminal_id AND d.request_id = a.request_id)
   -- Its fact is here and held: whoever decides about that decides about this.
   AND NOT EXISTS (
        SELECT FROM app.held_facts AS h
          JOIN app.facts AS f ON f.ledger_id = h.ledger_id AND f.terminal_id = h.terminal_id AND f.hash = h.hash
         WHERE h.ledger_id = a.ledger_id AND h.terminal_id = a.terminal_id
           AND position(a.request_id IN convert_from(f.bytes, 'UTF8')) > 0);
COMMENT ON VIEW app.granted_waiting IS 'Granted online, no fact, and nobody has decided: waits for a person at HQ';

-- Abnormal, and how it was made good. `unit` is a currency or what is counted; `amount` is positive.
CREATE VIEW app.abnormal_transactions WITH (security_invoker = true) AS
SELECT f.ledger_id, 'held' AS what, f.merchant_id, f.recorded_at, d.tx_id, d.tx_no, NULL::bigint AS amount,
       NULL::text AS unit, f.reason, coalesce(d.decision, 'open') AS compensation, encode(f.hash, 'hex') AS reference
  FROM app.facts AS f LEFT JOIN app.held_decisions AS d USING (ledger_id, terminal_id, hash)
 WHERE f.outcome = 'held'
UNION ALL
SELECT t.ledger_id, 'reversed', t.merchant_id, t.created_at, t.reverses, r.tx_no, abs(t.amount_minor), t.currency,
       t.reason, 'reversal', t.tx_no
  FROM app.transactions AS t
  LEFT JOIN app.tx_registry AS r ON r.ledger_id = t.ledger_id AND r.reversed_by = t.tx_id
 WHERE t.kind IN ('reversal', 'grant_reversed', 'refund_reversed')
UNION ALL
SELECT l.ledger_id, 'offline_loss', l.merchant_id, l.recorded_at, l.tx_id, l.tx_no, l.amount, l.unit,
       coalesce(b.rung, 'decided'),
       CASE WHEN l.collected + l.written_off < l.amount THEN 'receivable'
            WHEN l.written_off > 0 THEN 'written_off' ELSE 'collected' END, l.loss_id::text
  FROM app.offline_losses AS l
  LEFT JOIN app.pass_redemption_batches AS b ON b.ledger_id = l.ledger_id AND b.tx_id = l.tx_id
UNION ALL
SELECT r.ledger_id, lack.what, r.merchant_id, r.recorded_at, r.tx_id, r.tx_no, lack.amount, lack.unit, r.reason,
       CASE WHEN r.reversed_by IS NULL THEN 'open' ELSE 'reversal' END, r.original_tx_no
  FROM app.card_refunds AS r
  JOIN app.cards AS c ON c.ledger_id = r.ledger_id AND c.card_id = r.card_id
 CROSS JOIN LATERAL (VALUES ('points_short', r.points_short, 'point'),
                            ('uncollected', r.uncollected_minor, c.currency)) AS lack (what, amount, unit)
 WHERE lack.amount > 0
UNION ALL
SELECT p.ledger_id, 'payment_unmatched', p.merchant_id, p.recorded_at, NULL, p.tx_no, p.amount_minor, p.currency, p.code,
       'open', p.payment_ref
  FROM app.unmatched_payments AS p
UNION ALL
SELECT a.ledger_id, 'adjustment', a.merchant_id, coalesce(a.decided_at, a.proposed_at), a.tx_id, NULL, abs(a.delta), a.unit,
       a.reason, a.status, a.adjustment_id::text
  FROM app.adjustments AS a;
COMMENT ON VIEW app.abnormal_transactions IS
    'Held facts, reversals, losses, points and bonus that could not be taken back, payments that no card can be credited '
    'with, adjustments; and what made each good (R083)';

-- The card that paid belongs to no merchant, its line in a merchant's own transaction is that merchant's to see.
CREATE FUNCTION app.lines_of(p_ledger smallint, p_tx_id uuid)
    RETURNS TABLE (line_no smallint, owner_kind text, bucket text, unit text, delta bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    BEGIN ATOMIC
        SELECT e.line_no, a.owner_kind, a.bucket, a.unit, e.delta
          FROM app.transactions AS t
          JOIN app.entries AS e ON e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id
          JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
         WHERE t.ledger_id = p_ledger AND t.tx_id = p_tx_id AND app.sees_merchant(t.merchant_id);
    END;
COMMENT ON FUNCTION app.lines_of IS 'What a transaction moved, for whoever sees the merchant it was done at; no balances';

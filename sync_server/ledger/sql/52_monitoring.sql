-- What a person on duty looks at (R078, R083). Views act with the reader's rights: a merchant sees its own, the operator all.

CREATE INDEX refused_by_time ON audit.event_log (recorded_at) WHERE event = 'refused';

CREATE VIEW app.recent_events WITH (security_invoker = true) AS
SELECT e.ledger_id, e.recorded_at, e.event, e.severity, e.principal_id, e.merchant_id, e.tx_id, e.subject, e.data
  FROM audit.event_log AS e
 ORDER BY e.ledger_id DESC, e.life DESC, e.xid DESC, e.event_id DESC LIMIT 100;
COMMENT ON VIEW app.recent_events IS 'The last 100 audit rows that the reader may see, newest first';

CREATE VIEW app.registry_conflicts WITH (security_invoker = true) AS
SELECT e.ledger_id, e.recorded_at, 'content_differs' AS conflict, e.principal_id, e.merchant_id, e.subject, e.data
  FROM audit.event_log AS e
 WHERE e.severity = 'alarm'
   AND (e.event = 'content_differs' OR e.event = 'held' AND e.data ->> 'reason' = 'content_differs')
UNION ALL
SELECT e.ledger_id, e.recorded_at, e.data ->> 'code', e.principal_id, e.merchant_id, e.subject, e.data
  FROM audit.event_log AS e
 WHERE e.event = 'refused' AND e.data ->> 'code' IN ('external_order_used', 'content_differs');
COMMENT ON VIEW app.registry_conflicts IS 'One key with two contents, or one order number used twice: who, when, which (R078)';

CREATE VIEW app.missing_partitions WITH (security_invoker = true) AS
SELECT g.month, g.parent, g.missing, g.stray_rows FROM app.month_gaps() AS g;
COMMENT ON VIEW app.missing_partitions IS 'Partitions that should be there and are not, and rows that wait for one; for the operator';

CREATE VIEW app.sealing WITH (security_invoker = true) AS
SELECT last.ledger_id, last.seal_no, last.epoch, last.sealed_at, last.signature IS NOT NULL AS signed,
       waiting.rows AS unsealed_rows, waiting.since AS unsealed_since,
       coalesce(extract(epoch FROM app.now_utc() - waiting.since), 0) AS lag_seconds
  FROM (SELECT DISTINCT ON (s.ledger_id) s.* FROM audit.seals AS s ORDER BY s.ledger_id, s.seal_no DESC) AS last
 CROSS JOIN LATERAL (
        SELECT count(*) AS rows, min(e.recorded_at) AS since FROM audit.event_log AS e
         WHERE e.ledger_id = last.ledger_id AND (e.life, e.xid) >= (last.life, last.upto_xid)) AS waiting
UNION ALL
SELECT e.ledger_id, NULL, NULL, NULL, NULL, count(*), min(e.recorded_at),
       coalesce(extract(epoch FROM app.now_utc() - min(e.recorded_at)), 0)
  FROM audit.event_log AS e WHERE NOT EXISTS (SELECT FROM audit.seals) GROUP BY e.ledger_id;
COMMENT ON VIEW app.sealing IS 'The newest audit seal, and for how long the oldest row has waited for the next; for the operator';

-- The takings as the ledger has them beside the payments as they were recorded, per day x store x tender. A store's day
-- ends at its cutoff; a row of the operator's own business has no store and UTC days.
CREATE VIEW app.reconciliation WITH (security_invoker = true) AS
WITH sides AS (
    SELECT e.ledger_id, e.tx_id, substr(a.bucket, 8) AS tender, a.unit AS currency, e.delta AS posted, 0::bigint AS paid,
           0 AS payments
      FROM app.entries AS e
      JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
     WHERE a.bucket LIKE 'tender/%'
    UNION ALL
    SELECT p.ledger_id, p.tx_id, p.kind, t.currency, 0, p.amount_minor, 1
      FROM app.payments AS p JOIN app.transactions AS t ON t.ledger_id = p.ledger_id AND t.tx_id = p.tx_id
)
SELECT t.ledger_id, t.merchant_id, t.store_id,
       ((t.happened_at AT TIME ZONE coalesce(s.timezone, 'UTC'))
        - make_interval(mins => coalesce(s.business_day_cutoff_minutes, 0)))::date AS day,
       sides.tender, sides.currency, sum(sides.payments) AS payments,
       sum(greatest(sides.posted, 0))::bigint AS taken_minor, sum(least(sides.posted, 0))::bigint AS given_back_minor,
       sum(sides.posted)::bigint AS net_minor, sum(sides.paid)::bigint AS recorded_minor,
       sum(sides.posted)::bigint = sum(sides.paid)::bigint AS agrees
  FROM sides
  JOIN app.transactions AS t ON t.ledger_id = sides.ledger_id AND t.tx_id = sides.tx_id
  LEFT JOIN app.stores AS s ON s.store_id = t.store_id
 GROUP BY 1, 2, 3, 4, 5, 6;
COMMENT ON VIEW app.reconciliation IS 'Takings per business day, store and tender, as posted and as recorded; `agrees` says whether they are one (R083)';

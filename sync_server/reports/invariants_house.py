"""Questions about the house itself: the audit rows and their seals, and who may read and write (invariants 8 and 14).

Rule: every row of an answer is one offence, in words without personal data.
"""

# ruff: noqa: S608 - the parts that are put together are constants of this room

from typing import LiteralString

from sync_server.reports.invariants_money import SINCE

UNSEALED_SECONDS = 60
"""So old may the oldest audit row be that is in no seal yet: a running server seals within one second."""

# 8 ------------------------------------------------------------------------------------------------------------------

# A transaction that waited for its payment was posted later than its header was written (its entries say when), by
# whoever confirmed the payment.
AUDITED: LiteralString = f"""
WITH posted AS (
    SELECT e.ledger_id, e.tx_id, max(e.created_at) AS created_at FROM app.entries AS e
     WHERE e.created_at >= {SINCE} GROUP BY e.ledger_id, e.tx_id
)
SELECT format('%s has %s audit rows', t.tx_no, count(e.event_id))
  FROM app.transactions AS t
  LEFT JOIN posted AS p ON p.ledger_id = t.ledger_id AND p.tx_id = t.tx_id
  LEFT JOIN app.card_top_ups AS u ON u.ledger_id = t.ledger_id AND u.tx_no = t.tx_no
  LEFT JOIN audit.event_log AS e ON e.ledger_id = t.ledger_id AND e.tx_id = t.tx_id
        AND e.recorded_at >= {SINCE} AND e.event = 'posted.' || t.kind
        AND e.recorded_at = coalesce(p.created_at, t.created_at)
        AND e.principal_id = coalesce(u.confirmed_by, t.principal_id)
 WHERE t.status = 'completed' AND t.created_at >= {SINCE}
 GROUP BY t.ledger_id, t.tx_no HAVING count(e.event_id) <> 1
"""
HELD_AUDITED: LiteralString = """
SELECT format('held fact %s has no audit row', encode(f.hash, 'hex')) FROM app.facts AS f
 WHERE f.outcome = 'held' AND NOT EXISTS (
        SELECT FROM audit.event_log AS e WHERE e.ledger_id = f.ledger_id AND e.event = 'held'
           AND e.subject = encode(f.hash, 'hex') AND e.recorded_at = f.recorded_at)
"""
# The last seal from before the run begins; its rows and those before it are a full run's.
_KNOWN: LiteralString = f"""
    SELECT b.seal_no FROM audit.seals AS b WHERE b.sealed_at < {SINCE} ORDER BY b.ledger_id DESC, b.seal_no DESC LIMIT 1
"""
SEALED_ROWS: LiteralString = f"""
SELECT format('seal %s: %s audit rows instead of %s, or other ones', s.seal_no, found.row_count, s.row_count)
  FROM audit.seals AS s
 CROSS JOIN LATERAL (
        SELECT count(*) AS row_count,
               sha256(string_agg(audit.row_hash(e), ''::bytea ORDER BY e.xid, e.event_id)) AS hash
          FROM audit.event_log AS e
         WHERE e.ledger_id = s.ledger_id AND e.life = s.life AND e.xid >= s.from_xid AND e.xid < s.upto_xid) AS found
 WHERE s.seal_no > coalesce(({_KNOWN}), 0)
   AND (found.row_count <> s.row_count OR found.hash IS DISTINCT FROM s.rows_hash)
 ORDER BY s.seal_no
"""
SEAL_CHAIN: LiteralString = f"""
WITH known AS ({_KNOWN}), linked AS (
    SELECT s.*, audit.seal_hash(s) AS right_hash, v.life AS epoch_life,
           coalesce(lag(v.life) OVER chain, 1::smallint) AS before_epoch_life,
           coalesce(lag(s.seal_no) OVER chain, 0) AS before_no,
           coalesce(lag(s.hash) OVER chain, decode(repeat('00', 32), 'hex')) AS before_hash,
           coalesce(lag(s.life) OVER chain, 1::smallint) AS before_life,
           coalesce(lag(s.upto_xid) OVER chain, '0') AS before_xid
      FROM audit.seals AS s LEFT JOIN audit.lives AS v ON v.epoch = s.epoch
     WHERE s.seal_no >= coalesce((SELECT k.seal_no FROM known AS k), 0)
    WINDOW chain AS (PARTITION BY s.ledger_id ORDER BY s.seal_no)
)
SELECT format('seal %s was changed', l.seal_no) FROM linked AS l WHERE l.right_hash <> l.hash
UNION ALL
SELECT format('seal %s does not follow seal %s', l.seal_no, l.before_no) FROM linked AS l
 WHERE l.seal_no IS DISTINCT FROM (SELECT k.seal_no FROM known AS k)
   AND (l.seal_no <> l.before_no + 1 OR l.prev <> l.before_hash OR l.life < l.before_life
        OR l.from_xid <> CASE WHEN l.life = l.before_life THEN l.before_xid ELSE '0' END
        OR l.epoch_life IS NULL OR l.epoch_life < l.life OR l.epoch_life < l.before_epoch_life)
"""
UNSEALED: LiteralString = f"""
WITH last AS (
    SELECT DISTINCT ON (s.ledger_id) s.ledger_id, s.life, s.upto_xid FROM audit.seals AS s
     ORDER BY s.ledger_id, s.seal_no DESC
), waiting AS (
    SELECT e.ledger_id, e.recorded_at FROM audit.event_log AS e
      JOIN last AS l ON l.ledger_id = e.ledger_id AND (e.life, e.xid) >= (l.life, l.upto_xid)
    UNION ALL
    SELECT e.ledger_id, e.recorded_at FROM audit.event_log AS e WHERE NOT EXISTS (SELECT FROM audit.seals)
)
SELECT format('%s audit rows are not sealed, the oldest since %s; a running server seals them', count(*),
              min(w.recorded_at))
  FROM waiting AS w GROUP BY w.ledger_id
HAVING min(w.recorded_at)
       -- At the time of the snapshot: the questions before this one may have taken long.
       < app.now_utc() - (statement_timestamp() - transaction_timestamp()) - interval '{UNSEALED_SECONDS} seconds'
UNION ALL
SELECT format('audit rows stand in no seal''s range: life %s', e.life) FROM audit.event_log AS e
 WHERE NOT EXISTS (SELECT FROM audit.lives AS l WHERE l.life = e.life) GROUP BY e.life
"""
HELD_BY_TILLS: LiteralString = """
SELECT format('terminal %s holds seal %s of epoch %s, and our chain has another or none', h.terminal_id,
              h.vouched_seal_no, h.vouched_epoch)
  FROM app.terminal_heads AS h
  LEFT JOIN audit.seals AS s ON s.ledger_id = h.ledger_id AND s.seal_no = h.vouched_seal_no
 WHERE h.vouched_seal_no IS NOT NULL
   AND (s.hash, s.epoch) IS DISTINCT FROM (h.vouched_hash, h.vouched_epoch)
   AND (h.vouched_epoch = app.current_epoch() OR s.epoch = h.vouched_epoch
        OR NOT EXISTS (SELECT FROM audit.lives AS l WHERE l.epoch = h.vouched_epoch))
"""
SEALS: LiteralString = """
SELECT s.seal_no, s.epoch, encode(s.hash, 'hex'), s.sealed_at, s.key_id, s.signature FROM audit.seals AS s
 ORDER BY s.ledger_id, s.seal_no DESC LIMIT %s
"""

# 14 -----------------------------------------------------------------------------------------------------------------

OPEN_TABLES: LiteralString = """
SELECT format('table %s is not closed by row security', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p')
   AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
        OR NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'deny_all'))
"""
# A partition is reached through its parent alone: not even reading is granted on it.
OPEN_PARTITIONS: LiteralString = """
SELECT format('somebody else than the owner holds rights on partition %s', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relispartition
   AND EXISTS (SELECT FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner)
UNION ALL
SELECT format('%s belongs to %s', c.oid::regclass, pg_get_userbyid(c.relowner))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind IN ('r', 'p', 'v')
   AND pg_get_userbyid(c.relowner) <> 'tillkeeper_owner'
UNION ALL
SELECT format('PUBLIC holds rights on %s', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND EXISTS (SELECT FROM aclexplode(c.relacl) AS a WHERE a.grantee = 0)
UNION ALL
SELECT format('view %s shows rows with its owner''s rights', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('app', 'audit', 'sec') AND c.relkind = 'v'
   AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
UNION ALL
SELECT format('role %s may pass by row security', r.rolname) FROM pg_roles AS r
 WHERE r.rolname IN ('tillkeeper_owner', 'tillkeeper_app') AND (r.rolsuper OR r.rolbypassrls)
UNION ALL
SELECT 'the owner of the tables can log in' FROM pg_roles AS r WHERE r.rolname = 'tillkeeper_owner' AND r.rolcanlogin
"""
WRITABLE_TABLES: LiteralString = """
SELECT format('the program may write %s', c.oid::regclass)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm')
   AND (n.nspname IN ('audit', 'sec') OR (n.nspname = 'app' AND EXISTS (
            SELECT FROM pg_attribute AS col WHERE col.attrelid = c.oid AND col.attname = 'ledger_id')))
   AND (has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(current_user, c.oid, 'INSERT, UPDATE'))
"""
OPEN_FUNCTIONS: LiteralString = """
SELECT format('function %s may be called or steered by anybody', p.oid::regprocedure)
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('app', 'audit', 'sec')
   AND ((p.prosecdef AND (pg_get_userbyid(p.proowner) <> 'tillkeeper_owner'
                          OR NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)))
        OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0))
"""
STRANGERS: LiteralString = f"""
SELECT format('%s touches accounts of another merchant', t.tx_no)
  FROM app.transactions AS t
  JOIN (SELECT e.ledger_id, e.tx_id, e.merchant_id, a.merchant_id AS account_merchant_id
          FROM app.entries AS e
          JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
         WHERE e.created_at >= {SINCE}
        OFFSET 0) AS moved -- else every transaction may be joined with every account first
    ON moved.ledger_id = t.ledger_id AND moved.tx_id = t.tx_id
 WHERE moved.merchant_id <> t.merchant_id OR moved.account_merchant_id <> t.merchant_id
UNION ALL
SELECT format('redemption %s is of another merchant or member', b.redemption_id)
  FROM app.pass_redemption_batches AS b JOIN app.member_passes AS p USING (ledger_id, pass_id)
 WHERE b.merchant_id <> p.merchant_id OR b.member_id <> p.member_id
"""

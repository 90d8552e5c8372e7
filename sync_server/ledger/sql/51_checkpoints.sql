-- Months: partitions made ahead, rows of a missing one moved where they belong, and a checkpoint per account and closed
-- month, so that a balance can be proven without reading a lifetime of entries (ledger.md "Partitions and age").

-- Everything up to the end of a month (UTC). An account without entries in a month has no row for it.
CREATE TABLE app.account_checkpoints (
    ledger_id   smallint NOT NULL,
    account_id  uuid NOT NULL,
    month       date NOT NULL CHECK (extract(day FROM month) = 1),
    balance     bigint NOT NULL,
    entry_count bigint NOT NULL CHECK (entry_count > 0),
    version     bigint,
    written_at  timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, account_id, month)
);
COMMENT ON COLUMN app.account_checkpoints.balance IS 'Sum of all entries up to then: the balance of a guarded account, the total of an open one';
CREATE INDEX account_checkpoints_by_month ON app.account_checkpoints (month);
-- Facts and audit rows lie on disk in the order of time: what came since a checkpoint is found without reading the rest.
CREATE INDEX facts_by_time ON app.facts USING brin (recorded_at);
CREATE INDEX event_log_by_time ON audit.event_log USING brin (recorded_at);

CREATE FUNCTION app.month_end(p_month date) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (date_trunc('month', p_month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';

CREATE FUNCTION app.write_checkpoints(p_ledger smallint, p_month date) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_month date := date_trunc('month', p_month::timestamp);
    v_last date;
    v_written bigint;
BEGIN
    PERFORM auth.require_platform();
    -- No statement lasts so long that it could still write into a month that ended an hour ago.
    IF app.now_utc() < app.month_end(v_month) + interval '1 hour' THEN
        RAISE EXCEPTION '% is not closed yet', to_char(v_month, 'YYYY-MM') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('app.write_checkpoints', p_ledger));
    SELECT max(c.month) INTO v_last FROM app.account_checkpoints AS c WHERE c.ledger_id = p_ledger;
    IF v_last >= v_month THEN
        RETURN 0;
    END IF;
    INSERT INTO app.account_checkpoints (ledger_id, account_id, month, balance, entry_count, version, written_at)
    SELECT p_ledger, moved.account_id, v_month, coalesce(before.balance, 0) + moved.delta,
           coalesce(before.entry_count, 0) + moved.entry_count, greatest(before.version, moved.version), app.now_utc()
      FROM (SELECT e.account_id, sum(e.delta)::bigint AS delta, count(*) AS entry_count, max(e.version) AS version
              FROM app.entries AS e
             WHERE e.ledger_id = p_ledger AND e.created_at < app.month_end(v_month)
               AND e.created_at >= coalesce(app.month_end(v_last), '-infinity')
             GROUP BY e.account_id) AS moved
      LEFT JOIN LATERAL (
            SELECT c.balance, c.entry_count, c.version FROM app.account_checkpoints AS c
             WHERE c.ledger_id = p_ledger AND c.account_id = moved.account_id
             ORDER BY c.month DESC LIMIT 1) AS before ON true;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN v_written;
END $$;
COMMENT ON FUNCTION app.write_checkpoints IS
    'Write the checkpoints of a closed month, and with them those of months left out before; returns how many, 0 when written';

CREATE FUNCTION app.open_total(p_ledger smallint, p_account uuid) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        WITH last AS (
            SELECT c.month, c.balance FROM app.account_checkpoints AS c
             WHERE c.ledger_id = p_ledger AND c.account_id = p_account ORDER BY c.month DESC LIMIT 1)
        SELECT coalesce((SELECT l.balance FROM last AS l), 0) + coalesce(sum(e.delta), 0)::bigint
          FROM app.entries AS e
         WHERE e.ledger_id = p_ledger AND e.account_id = p_account
           AND e.created_at >= coalesce((SELECT app.month_end(l.month) FROM last AS l), '-infinity');
    END;
COMMENT ON FUNCTION app.open_total IS 'What an open account stands at: its last checkpoint and the entries since';

-- Partitions --------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.month_gaps()
    RETURNS TABLE (month date, parent text, missing boolean, stray_rows bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT auth.require_platform();
        WITH stray AS (
            SELECT date_trunc('month', t.created_at AT TIME ZONE 'UTC')::date AS month, 'transactions' AS parent, count(*) AS rows
              FROM app.transactions_default AS t GROUP BY 1
            UNION ALL
            SELECT date_trunc('month', e.created_at AT TIME ZONE 'UTC')::date, 'entries', count(*)
              FROM app.entries_default AS e GROUP BY 1
        ), wanted AS (
            SELECT date_trunc('month', (app.now_utc() AT TIME ZONE 'UTC') + n * interval '1 month')::date AS month, p AS parent
              FROM generate_series(0, 1) AS n CROSS JOIN unnest(ARRAY['transactions', 'entries']) AS p
            UNION
            SELECT s.month, s.parent FROM stray AS s
        )
        SELECT w.month, w.parent, to_regclass('app.' || w.parent || to_char(w.month, '"_y"YYYY"m"MM')) IS NULL,
               coalesce(s.rows, 0)
          FROM wanted AS w LEFT JOIN stray AS s USING (month, parent)
         WHERE s.rows > 0 OR to_regclass('app.' || w.parent || to_char(w.month, '"_y"YYYY"m"MM')) IS NULL
         ORDER BY w.month, w.parent;
    END;
COMMENT ON FUNCTION app.month_gaps IS 'Partitions that should be there and are not, and rows that wait in a default partition';

CREATE FUNCTION app.alarm_month_gaps(p_ledger smallint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_gap record;
    v_raised bigint := 0;
BEGIN
    PERFORM auth.require_platform();
    FOR v_gap IN SELECT * FROM app.month_gaps() AS g WHERE g.stray_rows > 0 LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM audit.event_log AS e
             WHERE e.ledger_id = p_ledger AND e.severity = 'alarm' AND e.event = 'partition_missing'
               AND e.recorded_at > app.now_utc() - interval '1 day'
               AND e.subject = v_gap.parent || to_char(v_gap.month, '"_y"YYYY"m"MM'));
        PERFORM app.note_event(p_ledger, 'partition_missing', 'alarm', NULL, NULL, NULL,
                               v_gap.parent || to_char(v_gap.month, '"_y"YYYY"m"MM'),
                               jsonb_build_object('rows', v_gap.stray_rows));
        v_raised := v_raised + 1;
    END LOOP;
    RETURN v_raised;
END $$;
COMMENT ON FUNCTION app.alarm_month_gaps IS 'Raise an alarm for rows that found no partition, once a day and month; returns how many';

CREATE FUNCTION app.keep_months() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '3s'
    AS $$
DECLARE
    v_month date;
    v_made integer;
BEGIN
    PERFORM auth.require_platform();
    v_made := app.ensure_next_month_partition();
    FOR v_month IN SELECT DISTINCT g.month FROM app.month_gaps() AS g WHERE g.stray_rows > 0 ORDER BY g.month LOOP
        v_made := v_made + app.ensure_month_partition(v_month);
    END LOOP;
    RETURN v_made;
END $$;
COMMENT ON FUNCTION app.keep_months IS
    'Make the partitions of this month and the next, and of every month that has rows in a default partition, which move. '
    'Waits 3 s at most for those who read or write there: they would queue behind it';

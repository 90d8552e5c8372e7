-- One partition a month for transactions and entries, made ahead of time. Should one be missing all the same, the default
-- partition takes the row and an alarm is raised: a write is never lost (ledger.md "Partitions and age").

CREATE TABLE app.transactions_default PARTITION OF app.transactions DEFAULT;
CREATE TABLE app.entries_default PARTITION OF app.entries DEFAULT;

CREATE INDEX transactions_by_card ON app.transactions (card_id, created_at DESC) WHERE card_id IS NOT NULL;
CREATE INDEX transactions_by_merchant ON app.transactions (merchant_id, created_at DESC);
CREATE INDEX transactions_by_status ON app.transactions (status) WHERE status <> 'completed';

-- What every partition needs for itself: keys without `created_at` (R052), its closed door, and the owner's way in.
CREATE FUNCTION app.furnish_partition(p_partition regclass, p_parent regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_name text := (SELECT c.relname FROM pg_class AS c WHERE c.oid = p_partition);
BEGIN
    IF p_parent = 'app.transactions'::regclass THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE (ledger_id, tx_id)', p_partition, v_name || '_id');
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (ledger_id, tx_no)', v_name || '_no', p_partition);
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (ledger_id, principal_id, idempotency_key) '
                       'WHERE idempotency_key IS NOT NULL', v_name || '_key', p_partition);
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (ledger_id, merchant_id, external_order_id) '
                       'WHERE external_order_id IS NOT NULL', v_name || '_order', p_partition);
    ELSE
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE (ledger_id, tx_id, line_no)', p_partition, v_name || '_id');
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (ledger_id, account_id, version) WHERE version IS NOT NULL',
                       v_name || '_version', p_partition);
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_partition);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_partition);
    EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', p_partition);
    EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', p_partition);
END $$;

CREATE FUNCTION app.ensure_month_partition(p_month date) RETURNS integer
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_from timestamptz := date_trunc('month', p_month)::timestamp AT TIME ZONE 'UTC';
    v_to timestamptz := (date_trunc('month', p_month) + interval '1 month')::timestamp AT TIME ZONE 'UTC';
    v_parent text;
    v_name text;
    v_made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('app.ensure_month_partition', 0));
    FOREACH v_parent IN ARRAY ARRAY['transactions', 'entries'] LOOP
        v_name := v_parent || to_char(p_month, '"_y"YYYY"m"MM');
        CONTINUE WHEN to_regclass('app.' || v_name) IS NOT NULL;
        EXECUTE format('CREATE TABLE app.%I (LIKE app.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS)',
                       v_name, v_parent);
        PERFORM app.furnish_partition(('app.' || quote_ident(v_name))::regclass, ('app.' || v_parent)::regclass);
        -- Rows that came before their partition stand in the default one: nobody writes there while they move.
        EXECUTE format('LOCK TABLE app.%I IN ACCESS EXCLUSIVE MODE', v_parent || '_default');
        EXECUTE format('WITH late AS (DELETE FROM app.%I WHERE created_at >= %L AND created_at < %L RETURNING *) '
                       'INSERT INTO app.%I SELECT * FROM late', v_parent || '_default', v_from, v_to, v_name);
        EXECUTE format('ALTER TABLE app.%I ATTACH PARTITION app.%I FOR VALUES FROM (%L) TO (%L)',
                       v_parent, v_name, v_from, v_to);
        v_made := v_made + 1;
    END LOOP;
    RETURN v_made;
END $$;
COMMENT ON FUNCTION app.ensure_month_partition IS 'Make the partitions of a month (UTC) when they are missing; returns how many were made';

CREATE FUNCTION app.ensure_next_month_partition() RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
    BEGIN ATOMIC
        SELECT app.ensure_month_partition(app.now_utc()::date)
             + app.ensure_month_partition((app.now_utc() + interval '1 month')::date);
    END;
COMMENT ON FUNCTION app.ensure_next_month_partition IS 'Make this month''s and next month''s partitions (R076); run daily and before the server starts';

SELECT app.furnish_partition('app.transactions_default', 'app.transactions');
SELECT app.furnish_partition('app.entries_default', 'app.entries');
SELECT app.ensure_next_month_partition();

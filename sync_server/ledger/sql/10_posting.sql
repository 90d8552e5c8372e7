-- Posting: the only statements that write balances and entries stand in app.post. Internal functions run inside a
-- business function that has locked, decided and authorised; the program cannot call them.
-- Rows are looked for with PERFORM and not with EXISTS: for a first row the planner takes any index, however many
-- rows it must skip.
--
-- Order of locks, so that nobody waits in a circle: terminal head, passes by id, cards by id, card codes, lots by id,
-- reservations, accounts by id (here), number series (skipped when taken: nobody waits), registries.
--
-- Internal functions carry no SET and name every table with its schema: the small ones are inlined, and the doors, which
-- fix the search path, switch off sequential scans: on a fresh install PL/pgSQL would keep a plan made for empty tables
-- (ledger.md, "A trap found by measuring").

CREATE TYPE app.posting_line AS (
    account_id  uuid,
    merchant_id uuid,
    owner_kind  text,
    owner_id    uuid,
    bucket      text,
    unit        text,
    guarded     boolean,
    delta       bigint
);

CREATE TYPE app.entry AS (
    account_id    uuid,
    delta         bigint,
    balance_after bigint,
    version       bigint
);

CREATE FUNCTION app.account_id(p_owner_kind text, p_owner_id uuid, p_bucket text, p_unit text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN encode(substring(sha256((p_owner_kind || '/' || p_owner_id::text || '/' || p_bucket || '/' || p_unit)::bytea)
                            FOR 16), 'hex')::uuid;
COMMENT ON FUNCTION app.account_id IS 'The id of an account follows from what it is; a pass''s account has the pass''s id';

CREATE FUNCTION app.open_line(
    p_merchant_id uuid, p_owner_kind text, p_owner_id uuid, p_bucket text, p_unit text, p_delta bigint
) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(app.account_id(p_owner_kind, p_owner_id, p_bucket, p_unit), p_merchant_id, p_owner_kind, p_owner_id,
               p_bucket, p_unit, false, p_delta)::app.posting_line;

CREATE FUNCTION app.held_line(
    p_merchant_id uuid, p_owner_kind text, p_owner_id uuid, p_bucket text, p_unit text, p_delta bigint
) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(app.account_id(p_owner_kind, p_owner_id, p_bucket, p_unit), p_merchant_id, p_owner_kind, p_owner_id,
               p_bucket, p_unit, true, p_delta)::app.posting_line;
COMMENT ON FUNCTION app.held_line IS 'A line of a guarded account: what somebody holds';

CREATE FUNCTION app.use_unit(p_plan_id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 'use/' || p_plan_id::text;
COMMENT ON FUNCTION app.use_unit IS 'Uses of one plan are a unit of their own: they cannot turn into those of another';

CREATE FUNCTION app.pass_line(p_merchant_id uuid, p_pass_id uuid, p_plan_id uuid, p_delta bigint)
    RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(p_pass_id, p_merchant_id, 'pass', p_pass_id, 'uses', app.use_unit(p_plan_id), true, p_delta)::app.posting_line;

CREATE FUNCTION app.plan_line(p_merchant_id uuid, p_plan_id uuid, p_bucket text, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.open_line(p_merchant_id, 'plan', p_plan_id, p_bucket, app.use_unit(p_plan_id), p_delta);

CREATE FUNCTION app.note_event(
    p_ledger smallint, p_event text, p_severity text, p_principal uuid, p_merchant uuid, p_tx_id uuid, p_subject text,
    p_data jsonb, p_raise boolean DEFAULT true
) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_severity = 'alarm' AND p_raise THEN
        -- Each payment that came to nothing goes back to a payer of its own; all else that one principal causes is one row.
        PERFORM app.raise_alarm(p_ledger, p_event, p_principal, p_merchant, p_subject, p_data, 1,
                                p_principal IS NOT NULL AND p_event <> 'payment_unmatched');
    END IF;
    INSERT INTO audit.event_log (ledger_id, event_id, recorded_at, event, severity, principal_id, merchant_id, tx_id,
                                 subject, data)
    VALUES (p_ledger, coalesce(p_tx_id, app.new_id()), app.now_utc(), p_event, p_severity, p_principal, p_merchant,
            p_tx_id, p_subject, p_data);
END $$;
COMMENT ON FUNCTION app.note_event IS 'Write one audit row in the transaction of the effect; one that is alarming raises an alarm (63)';

CREATE FUNCTION app.issuer(p_terminal uuid, p_merchant uuid) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(p_terminal, p_merchant, '00000000-0000-0000-0000-000000000000');
COMMENT ON FUNCTION app.issuer IS 'Whose series a number comes from: the terminal''s, the merchant''s, or the operator''s';

-- Series of a later life begin with the hundredths of a second from 2026 to its beginning: whatever was opened in a life
-- that is lost, even one that came from the same backup, has lower digits. For a series is opened once for each issuer and
-- each act at the same moment, never a hundred times for every second that a life lasted.
CREATE FUNCTION app.series_before() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT coalesce((100 * extract(epoch FROM max(e.started_at) - timestamptz '2026-01-01 00:00:00+00'))::bigint, 0)
              FROM app.epochs AS e WHERE e.lost_from IS NOT NULL);
COMMENT ON FUNCTION app.series_before IS 'Digits that a life before this one may have used up for its series; 0 in the first';

CREATE FUNCTION app.open_series(p_ledger smallint, p_kind text, p_issuer uuid, p_series smallint, p_merchant uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- One at a time; it happens once per issuer, and again when more act for one issuer at a moment than ever before.
    PERFORM pg_advisory_xact_lock(hashtextextended('app.open_series', p_ledger));
    INSERT INTO app.number_issuers (ledger_id, issuer_no, issuer_id, series, merchant_id)
    SELECT p_ledger, greatest(max(i.issuer_no), app.series_before()) + 1, p_issuer, p_series, p_merchant
      FROM app.number_issuers AS i WHERE i.ledger_id = p_ledger
    HAVING NOT coalesce(bool_or(i.issuer_id = p_issuer AND i.series = p_series AND NOT i.closed), false);
    INSERT INTO app.number_counters (ledger_id, issuer_id, kind, series, issuer_no, merchant_id, last_no)
    SELECT p_ledger, p_issuer, p_kind, p_series, i.issuer_no, p_merchant, 0
      FROM app.number_issuers AS i WHERE i.ledger_id = p_ledger AND i.issuer_id = p_issuer AND i.series = p_series
       AND NOT i.closed;
END $$;

CREATE FUNCTION app.next_number(p_ledger smallint, p_kind text, p_issuer uuid, p_merchant uuid) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_series smallint := 1;
    v_issuer_no bigint;
    v_counter bigint;
BEGIN
    WHILE NOT pg_try_advisory_xact_lock(hashtextextended(p_kind || p_issuer::text, v_series)) LOOP
        v_series := v_series + 1;
    END LOOP;
    LOOP
        UPDATE app.number_counters AS c SET last_no = c.last_no + 1
         WHERE c.ledger_id = p_ledger AND c.issuer_id = p_issuer AND c.kind = p_kind AND c.series = v_series
           AND NOT c.closed
        RETURNING c.issuer_no, c.last_no INTO v_issuer_no, v_counter;
        EXIT WHEN FOUND;
        PERFORM app.open_series(p_ledger, p_kind, p_issuer, v_series, p_merchant);
    END LOOP;
    -- The counter's width is fixed, so two series can never write the same digits.
    IF v_counter > 99999999 THEN
        RAISE EXCEPTION 'series % of % is full', v_issuer_no, p_kind USING ERRCODE = 'check_violation';
    END IF;
    RETURN p_kind || CASE WHEN v_issuer_no < 1000 THEN lpad(v_issuer_no::text, 3, '0') ELSE v_issuer_no::text END
        || lpad(v_counter::text, 8, '0');
END $$;
COMMENT ON FUNCTION app.next_number IS 'The next number of an issuer: kind, series, counter of 8 digits';

-- The two lines of most postings are checked without a query; more are put in the order in which accounts are locked.
CREATE FUNCTION app.balanced(p_kind text, p_lines app.posting_line[]) RETURNS app.posting_line[]
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(p_lines) AS l GROUP BY l.unit HAVING sum(l.delta) <> 0) THEN
        RAISE EXCEPTION 'entries of % do not sum to zero', p_kind USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN ARRAY(
        SELECT ROW(l.account_id, l.merchant_id, l.owner_kind, l.owner_id, l.bucket, l.unit, l.guarded,
                   sum(l.delta))::app.posting_line
          FROM unnest(p_lines) AS l
         GROUP BY l.account_id, l.merchant_id, l.owner_kind, l.owner_id, l.bucket, l.unit, l.guarded
        HAVING sum(l.delta) <> 0
         ORDER BY l.guarded DESC, l.account_id);
END $$;
COMMENT ON FUNCTION app.balanced IS 'Lines that sum to zero per unit, one per account, guarded accounts first and in id order';

-- Header, registry, entries and audit row, in one statement: a posting's price is mostly the number of its statements.
-- `p_basis` is what a refund is computed from. A transaction that waits for its payment has no entries yet.
CREATE FUNCTION app.write_down(p_tx app.transactions, p_entries app.entry[], p_basis jsonb, p_event text,
                               p_event_data jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH header AS (
        INSERT INTO app.transactions (
            ledger_id, tx_id, tx_no, kind, status, merchant_id, store_id, terminal_id, member_id, card_id, principal_id,
            idempotency_key, external_order_id, amount_minor, currency, reverses, reason, tag, happened_at, created_at)
        VALUES (
            p_tx.ledger_id, p_tx.tx_id, p_tx.tx_no, p_tx.kind, p_tx.status, p_tx.merchant_id, p_tx.store_id,
            p_tx.terminal_id, p_tx.member_id, p_tx.card_id, p_tx.principal_id, p_tx.idempotency_key,
            p_tx.external_order_id, p_tx.amount_minor, p_tx.currency, p_tx.reverses, p_tx.reason, p_tx.tag,
            p_tx.happened_at, p_tx.created_at)
    ), registry AS (
        INSERT INTO app.tx_registry (ledger_id, tx_no, tx_id, merchant_id, kind, amount_minor, currency, created_at, basis)
        VALUES (p_tx.ledger_id, p_tx.tx_no, p_tx.tx_id, p_tx.merchant_id, p_tx.kind, p_tx.amount_minor, p_tx.currency,
                p_tx.created_at, p_basis)
    ), entries AS (
        INSERT INTO app.entries (ledger_id, line_no, tx_id, account_id, merchant_id, delta, balance_after, version,
                                 created_at)
        SELECT p_tx.ledger_id, e.line_no, p_tx.tx_id, e.account_id, p_tx.merchant_id, e.delta, e.balance_after, e.version,
               p_tx.created_at
          FROM unnest(p_entries) WITH ORDINALITY AS e (account_id, delta, balance_after, version, line_no)
    )
    INSERT INTO audit.event_log (ledger_id, event_id, recorded_at, event, severity, principal_id, merchant_id, tx_id,
                                 subject, data)
    VALUES (p_tx.ledger_id, CASE WHEN p_tx.status = 'pending' THEN app.new_id() ELSE p_tx.tx_id END, p_tx.created_at,
            p_event, 'info', p_tx.principal_id, p_tx.merchant_id,
            CASE WHEN p_tx.status <> 'pending' THEN p_tx.tx_id END, p_tx.tx_no, p_event_data);
    IF p_tx.external_order_id IS NOT NULL THEN
        INSERT INTO app.merchant_order_registry (ledger_id, merchant_id, external_order_id, tx_id, tx_no, created_at)
        VALUES (p_tx.ledger_id, app.issuer(NULL, p_tx.merchant_id), p_tx.external_order_id, p_tx.tx_id, p_tx.tx_no,
                p_tx.created_at);
    END IF;
END $$;

CREATE FUNCTION app.keep_header(p_tx app.transactions, p_basis jsonb, p_event text, p_event_data jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        SELECT app.write_down(p_tx, '{}', p_basis, p_event, p_event_data);
    END;
COMMENT ON FUNCTION app.keep_header IS 'All there is of a transaction that waits for its payment; app.post completes it';

-- A pending transaction gets its payment: what app.write_down left out. It happens now, and is audited as the act of whoever
-- confirmed it; its header and its key stay those of who asked.
CREATE FUNCTION app.complete(p_tx app.transactions, p_entries app.entry[], p_event_data jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.transactions AS t SET status = 'completed', happened_at = p_tx.happened_at
     WHERE t.ledger_id = p_tx.ledger_id AND t.tx_id = p_tx.tx_id AND t.created_at = p_tx.created_at
       AND t.status = 'pending';
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not pending', p_tx.tx_no USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO app.entries (ledger_id, line_no, tx_id, account_id, merchant_id, delta, balance_after, version, created_at)
    SELECT p_tx.ledger_id, e.line_no, p_tx.tx_id, e.account_id, p_tx.merchant_id, e.delta, e.balance_after, e.version,
           app.now_utc()
      FROM unnest(p_entries) WITH ORDINALITY AS e (account_id, delta, balance_after, version, line_no);
    PERFORM app.note_event(p_tx.ledger_id, 'posted.' || p_tx.kind, 'info', p_tx.principal_id, p_tx.merchant_id,
                           p_tx.tx_id, p_tx.tx_no, p_event_data);
END $$;

-- `p_tx` is new, or `pending` in the table since before; then it becomes completed, and `principal_id` and `happened_at` say
-- by whom and when. A door may look at a balance without locking it: when a rival has been quicker, the floor says so here,
-- and the whole is tried again.
CREATE FUNCTION app.post(p_tx app.transactions, p_lines app.posting_line[], p_event_data jsonb,
                         p_basis jsonb DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_line app.posting_line := p_lines[1];
    v_other app.posting_line := p_lines[2];
    v_balance bigint;
    v_version bigint;
    v_entries app.entry[] := '{}';
BEGIN
    IF cardinality(p_lines) <> 2 OR NOT v_line.guarded OR v_other.guarded OR v_line.unit <> v_other.unit
       OR v_line.delta = 0 OR v_line.delta + v_other.delta <> 0 THEN
        p_lines := app.balanced(p_tx.kind, p_lines);
    ELSE
        -- What most postings are, in one statement, when both accounts are there.
        UPDATE app.accounts AS a SET balance = a.balance + v_line.delta, version = a.version + 1
         WHERE a.ledger_id = p_tx.ledger_id AND a.account_id = v_line.account_id AND a.guarded
           AND a.owner_kind = v_line.owner_kind AND a.owner_id = v_line.owner_id
           AND a.bucket = v_line.bucket AND a.unit = v_line.unit
           AND (SELECT NOT o.guarded FROM app.accounts AS o
                 WHERE o.ledger_id = p_tx.ledger_id AND o.account_id = v_other.account_id)
        RETURNING a.balance, a.version INTO v_balance, v_version;
        IF FOUND THEN
            p_lines := '{}';
            v_entries := ARRAY[ROW(v_line.account_id, v_line.delta, v_balance, v_version),
                               ROW(v_other.account_id, v_other.delta, NULL, NULL)]::app.entry[];
        END IF;
    END IF;
    FOREACH v_line IN ARRAY p_lines LOOP
        IF v_line.guarded THEN
            UPDATE app.accounts AS a SET balance = a.balance + v_line.delta, version = a.version + 1
             WHERE a.ledger_id = p_tx.ledger_id AND a.account_id = v_line.account_id AND a.guarded
               AND a.owner_kind = v_line.owner_kind AND a.owner_id = v_line.owner_id
               AND a.bucket = v_line.bucket AND a.unit = v_line.unit
            RETURNING a.balance, a.version INTO v_balance, v_version;
            IF NOT FOUND THEN
                INSERT INTO app.accounts (ledger_id, account_id, merchant_id, owner_kind, owner_id, bucket, unit,
                                          guarded, balance, version, floor)
                VALUES (p_tx.ledger_id, v_line.account_id, v_line.merchant_id, v_line.owner_kind, v_line.owner_id,
                        v_line.bucket, v_line.unit, true, v_line.delta, 1, 0)
                RETURNING balance, version INTO v_balance, v_version;
            END IF;
            v_entries := v_entries || ROW(v_line.account_id, v_line.delta, v_balance, v_version)::app.entry;
        ELSE
            PERFORM FROM app.accounts AS a WHERE a.ledger_id = p_tx.ledger_id AND a.account_id = v_line.account_id;
            IF NOT FOUND THEN
                INSERT INTO app.accounts (ledger_id, account_id, merchant_id, owner_kind, owner_id, bucket, unit, guarded)
                VALUES (p_tx.ledger_id, v_line.account_id, v_line.merchant_id, v_line.owner_kind, v_line.owner_id,
                        v_line.bucket, v_line.unit, false)
                ON CONFLICT DO NOTHING;
            END IF;
            v_entries := v_entries || ROW(v_line.account_id, v_line.delta, NULL, NULL)::app.entry;
        END IF;
    END LOOP;
    IF p_tx.status = 'pending' THEN
        PERFORM app.complete(p_tx, v_entries, p_event_data);
    ELSE
        PERFORM app.write_down(p_tx, v_entries, p_basis, 'posted.' || p_tx.kind, p_event_data);
    END IF;
    RETURN v_entries[1].balance_after;
END $$;
COMMENT ON FUNCTION app.post IS
    'The one writer: header, registry, balances, entries and audit row of a transaction. Returns what the first guarded '
    'account (in id order) holds afterwards';

-- Money in: what was paid and how it splits into takings and VAT, as posting lines and as payment rows.
CREATE FUNCTION app.takings_lines(p_merchant uuid, p_store uuid, p_bucket text, p_currency text, p_tenders jsonb,
                                  p_vat jsonb, p_total bigint) RETURNS app.posting_line[]
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
        SELECT coalesce(array_agg(app.open_line(p_merchant, 'store', p_store, money.bucket, p_currency, money.delta)), '{}')
          FROM (
            SELECT 'tender/' || (t ->> 'kind') AS bucket, (t ->> 'amount_minor')::bigint AS delta
              FROM jsonb_array_elements(p_tenders) AS t
            UNION ALL
            SELECT p_bucket, -(v ->> 'base_minor')::bigint FROM jsonb_array_elements(p_vat) AS v
            UNION ALL
            SELECT 'vat/' || (v ->> 'rate'), -(v ->> 'quota_minor')::bigint FROM jsonb_array_elements(p_vat) AS v
            UNION ALL
            SELECT p_bucket, -p_total WHERE p_vat = '[]'::jsonb
          ) AS money
         WHERE money.delta <> 0;
    END;
COMMENT ON FUNCTION app.takings_lines IS 'Tenders against takings and VAT per rate; without VAT groups all of it is takings';

CREATE FUNCTION app.record_payments(p_ledger smallint, p_tx_id uuid, p_merchant uuid, p_tenders jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO app.payments (ledger_id, tx_id, line_no, merchant_id, kind, amount_minor, received_minor)
        SELECT p_ledger, p_tx_id, t.line_no, p_merchant, t.value ->> 'kind', (t.value ->> 'amount_minor')::bigint,
               (t.value ->> 'received_minor')::bigint
          FROM jsonb_array_elements(p_tenders) WITH ORDINALITY AS t (value, line_no);
    END;

CREATE FUNCTION app.reverse(p_ledger smallint, p_original app.transactions, p_principal uuid, p_key text,
                            p_happened_at timestamptz, p_reason text, p_pass_line app.posting_line) RETURNS app.transactions
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_tx app.transactions;
    v_lines app.posting_line[];
BEGIN
    v_tx := p_original;
    v_tx.tx_id := app.new_id();
    v_tx.status := 'completed';
    v_tx.external_order_id := NULL;
    v_tx.tag := NULL;
    v_tx.reason := p_reason;
    UPDATE app.tx_registry AS r SET reversed_by = v_tx.tx_id
     WHERE r.ledger_id = p_ledger AND r.tx_no = p_original.tx_no AND r.reversed_by IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% was reversed before', p_original.tx_no USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    v_tx.tx_no := app.next_number(p_ledger, 'TK', app.issuer(p_original.terminal_id, p_original.merchant_id),
                                  p_original.merchant_id);
    v_tx.kind := 'reversal';
    v_tx.principal_id := p_principal;
    v_tx.idempotency_key := p_key;
    v_tx.reverses := p_original.tx_id;
    v_tx.amount_minor := -p_original.amount_minor;
    v_tx.happened_at := p_happened_at;
    v_tx.created_at := app.now_utc();
    SELECT array_agg(CASE WHEN a.owner_kind = 'pass' THEN p_pass_line
                          ELSE ROW(a.account_id, a.merchant_id, a.owner_kind, a.owner_id, a.bucket, a.unit, a.guarded,
                                   -e.delta)::app.posting_line END) INTO v_lines
      FROM app.entries AS e
      JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
     WHERE e.ledger_id = p_ledger AND e.tx_id = p_original.tx_id;
    PERFORM app.post(v_tx, coalesce(v_lines, '{}'), jsonb_build_object('reverses', p_original.tx_no, 'reason', p_reason));
    INSERT INTO app.payments (ledger_id, tx_id, line_no, merchant_id, kind, amount_minor, received_minor)
    SELECT p_ledger, v_tx.tx_id, p.line_no, p.merchant_id, p.kind, -p.amount_minor, -p.amount_minor
      FROM app.payments AS p WHERE p.ledger_id = p_ledger AND p.tx_id = p_original.tx_id;
    RETURN v_tx;
END $$;
COMMENT ON FUNCTION app.reverse IS
    'Post the opposite of a transaction, once, but for the line of a pass, which the caller says (app.give_back_uses). The '
    'act and its order are the caller''s to mark';

-- A plan made for empty tables may take the wrong index (every index here can be searched by its first column alone)
-- and is kept by its session until the statistics change. So they follow the tables' growth from the first rows on.
CREATE FUNCTION app.refresh_statistics() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms'
    AS $$
DECLARE
    v_table regclass;
    v_count integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('app.refresh_statistics', 0)) THEN
        RETURN 0; -- somebody is at it
    END IF;
    FOR v_table IN
        SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('app', 'audit') AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) = 'tillkeeper_owner'
           AND pg_relation_size(c.oid) / current_setting('block_size')::bigint >= 2 * greatest(c.relpages, 1)
         ORDER BY c.oid
    LOOP
        EXECUTE format('ANALYZE %s', v_table);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;
COMMENT ON FUNCTION app.refresh_statistics IS 'Analyze what has doubled since; returns how many tables. Not for use in a posting transaction';

-- Merchants, stores, terminals, and how a terminal proves who it is (sync.md "Pairing and identity").
-- Keys and nonces are reached through functions alone.

-- Tenancy: whom the transaction acts for says what it sees (auth.merchant_ids); the platform sees all.
CREATE FUNCTION app.sees_merchant(p_merchant_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT p_merchant_id = ANY (auth.merchant_ids()) OR auth.role() IS NOT DISTINCT FROM 'platform' $$;

-- Reference data is written by people, the merchant's own or the operator's; terminals and members only read it.
CREATE FUNCTION app.writes_merchant(p_merchant_id uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT auth.role() IS NOT DISTINCT FROM 'platform'
            OR auth.role() IS NOT DISTINCT FROM 'staff' AND p_merchant_id = ANY (auth.merchant_ids())
    $$;

CREATE TABLE app.merchants (
    merchant_id uuid PRIMARY KEY DEFAULT app.new_id(),
    code        text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{2,12}$'),
    name        text NOT NULL,
    id          uuid GENERATED ALWAYS AS (merchant_id) STORED -- as source 001 calls it
);

CREATE TABLE app.stores (
    store_id      uuid PRIMARY KEY,
    merchant_id   uuid NOT NULL REFERENCES app.merchants,
    code          text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{2,8}$'),
    name          text NOT NULL,
    timezone      text NOT NULL,
    currency      text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    slip_language text NOT NULL,
    issuer_name   text NOT NULL,
    tax_id        text NOT NULL,
    address       text NOT NULL,
    business_day_cutoff_minutes integer NOT NULL DEFAULT 0 CHECK (business_day_cutoff_minutes BETWEEN 0 AND 1439),
    UNIQUE (merchant_id, store_id)
);

CREATE TABLE app.terminals (
    terminal_id  uuid PRIMARY KEY,
    merchant_id  uuid NOT NULL,
    store_id     uuid NOT NULL,
    code         text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{2,8}$'),
    name         text NOT NULL,
    public_key   bytea UNIQUE CHECK (octet_length(public_key) = 32),
    status       text NOT NULL DEFAULT 'created' CHECK (status IN ('created', 'paired', 'revoked')),
    paired_at    timestamptz,
    last_seen_at timestamptz,
    hardware     text NOT NULL DEFAULT '',
    version      text NOT NULL DEFAULT '',
    revoked_at   timestamptz,
    revoked_by   text,
    revoked_why  text,
    FOREIGN KEY (merchant_id, store_id) REFERENCES app.stores (merchant_id, store_id),
    CHECK ((status = 'created') = (public_key IS NULL))
);
CREATE INDEX terminals_by_store ON app.terminals (store_id);

CREATE TABLE sec.pairing_codes (
    hash        bytea PRIMARY KEY,
    terminal_id uuid NOT NULL REFERENCES app.terminals,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX pairing_codes_by_terminal ON sec.pairing_codes (terminal_id);

CREATE TABLE sec.pairing_failures (
    source    text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT app.now_utc()
);
CREATE INDEX pairing_failures_by_source ON sec.pairing_failures (source, failed_at);

CREATE TABLE sec.request_nonces (
    terminal_id uuid NOT NULL,
    nonce       text NOT NULL,
    seen_at     timestamptz NOT NULL DEFAULT app.now_utc(),
    PRIMARY KEY (terminal_id, nonce)
);
CREATE INDEX request_nonces_by_age ON sec.request_nonces (seen_at);

CREATE TABLE app.server_keys (
    key_id     text PRIMARY KEY,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32)
);

-- With these tills seal personal data for the server (models.sealed_box).
CREATE TABLE app.sealing_keys (
    key_id     text PRIMARY KEY,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    use_from   timestamptz NOT NULL
);

-- Which life of the database this is; it changes after a restore (sync.md "Facts").
CREATE TABLE app.epochs (
    epoch      text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
    started_at timestamptz NOT NULL DEFAULT app.now_utc(),
    lost_from  timestamptz
);
COMMENT ON COLUMN app.epochs.lost_from IS 'The last that the restored database knew of: what was done between it and started_at is lost';
INSERT INTO app.epochs DEFAULT VALUES;

CREATE FUNCTION app.current_epoch() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN (SELECT e.epoch FROM app.epochs AS e ORDER BY e.started_at DESC LIMIT 1);

CREATE FUNCTION app.find_terminal(p_terminal_id uuid)
    RETURNS TABLE (terminal_id uuid, merchant_id uuid, store_id uuid, code text, public_key bytea, status text,
                  revoked_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT t.terminal_id, t.merchant_id, t.store_id, t.code, t.public_key, t.status, t.revoked_at
          FROM app.terminals AS t WHERE t.terminal_id = p_terminal_id;
    END;

CREATE FUNCTION app.remember_nonce(p_terminal_id uuid, p_nonce text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_fresh boolean;
BEGIN
    -- A crash may forget the last half second of nonces; every act has an id of its own that is never forgotten.
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO sec.request_nonces (terminal_id, nonce) VALUES (p_terminal_id, p_nonce) ON CONFLICT DO NOTHING;
    v_fresh := FOUND;
    UPDATE app.terminals AS t SET last_seen_at = app.now_utc()
     WHERE t.terminal_id = p_terminal_id
       AND (t.last_seen_at IS NULL OR t.last_seen_at < app.now_utc() - interval '10 seconds');
    RETURN v_fresh;
END $$;
COMMENT ON FUNCTION app.remember_nonce IS 'True the first time; false when this terminal has used the nonce before.';

CREATE FUNCTION app.forget_old_nonces(p_keep interval) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        DELETE FROM sec.pairing_failures AS f WHERE f.failed_at < app.now_utc() - p_keep;
        WITH gone AS (
            DELETE FROM sec.request_nonces AS n WHERE n.seen_at < app.now_utc() - p_keep RETURNING 1
        )
        SELECT count(*) FROM gone;
    END;

CREATE FUNCTION app.put_pairing_code(p_terminal_id uuid, p_hash bytea, p_valid interval) RETURNS timestamptz
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT auth.require_platform();
        DELETE FROM sec.pairing_codes AS c WHERE c.terminal_id = p_terminal_id AND c.used_at IS NULL;
        INSERT INTO sec.pairing_codes (hash, terminal_id, expires_at)
        VALUES (p_hash, p_terminal_id, app.now_utc() + p_valid)
        RETURNING expires_at;
    END;
COMMENT ON FUNCTION app.put_pairing_code IS 'The newest code of a terminal is its only open one. For the operator alone.';

CREATE FUNCTION app.pair_terminal(
    p_hash bytea, p_public_key bytea, p_hardware text, p_version text, p_source text, p_terminal text,
    OUT refused text, OUT terminal_id uuid, OUT merchant_id uuid, OUT store_id uuid, OUT code text
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
#variable_conflict use_column
DECLARE
    v_code sec.pairing_codes%ROWTYPE;
    v_terminal app.terminals%ROWTYPE;
BEGIN
    IF (SELECT count(*) FROM sec.pairing_failures AS f
         WHERE f.source = p_source AND f.failed_at > app.now_utc() - interval '15 minutes') >= 10 THEN
        refused := 'pairing_throttled';
        RETURN;
    END IF;
    SELECT * INTO v_code FROM sec.pairing_codes AS c WHERE c.hash = p_hash FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO sec.pairing_failures (source) VALUES (p_source);
        refused := 'pairing_code_wrong';
        RETURN;
    END IF;
    IF v_code.expires_at <= app.now_utc() THEN
        refused := 'pairing_code_expired';
        RETURN;
    END IF;
    SELECT * INTO v_terminal FROM app.terminals AS t WHERE t.terminal_id = v_code.terminal_id FOR UPDATE;
    IF v_terminal.status = 'revoked' THEN
        refused := 'terminal_revoked';
        RETURN;
    END IF;
    -- A till whose pairing a restore has lost goes on as who it is: its facts name that terminal.
    IF p_terminal NOT IN ('', v_terminal.terminal_id::text) THEN
        refused := 'already_paired';
        RETURN;
    END IF;
    -- The same key with the same code is the same pairing, whose answer was lost on the way.
    IF v_code.used_at IS NOT NULL AND v_terminal.public_key IS DISTINCT FROM p_public_key THEN
        refused := 'pairing_code_used';
        RETURN;
    END IF;
    IF v_code.used_at IS NULL THEN
        IF v_terminal.status <> 'created' OR EXISTS (SELECT FROM app.terminals AS t WHERE t.public_key = p_public_key) THEN
            refused := 'already_paired';
            RETURN;
        END IF;
        UPDATE sec.pairing_codes AS c SET used_at = app.now_utc() WHERE c.hash = p_hash;
        UPDATE app.terminals AS t
           SET public_key = p_public_key, status = 'paired', paired_at = app.now_utc(),
               hardware = p_hardware, version = p_version
         WHERE t.terminal_id = v_terminal.terminal_id;
    END IF;
    terminal_id := v_terminal.terminal_id;
    merchant_id := v_terminal.merchant_id;
    store_id := v_terminal.store_id;
    code := v_terminal.code;
END $$;
COMMENT ON FUNCTION app.pair_terminal IS 'A refusal is a result: its failure stays counted.';

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.merchants', 'app.stores', 'app.terminals', 'app.server_keys', 'app.sealing_keys',
        'app.epochs', 'sec.pairing_codes', 'sec.pairing_failures', 'sec.request_nonces'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY[
        'app.merchants', 'app.stores', 'app.terminals'
    ] LOOP
        EXECUTE format('CREATE POLICY own_merchant ON %s FOR SELECT TO tillkeeper_app '
                       'USING (app.sees_merchant(merchant_id))', v_table);
        EXECUTE format('CREATE POLICY written_by_people ON %s TO tillkeeper_app '
                       'USING (app.writes_merchant(merchant_id)) WITH CHECK (app.writes_merchant(merchant_id))', v_table);
    END LOOP;
END $$;

CREATE POLICY public_keys ON app.server_keys TO tillkeeper_app
    USING (true) WITH CHECK (auth.role() IS NOT DISTINCT FROM 'platform');
CREATE POLICY public_keys ON app.sealing_keys TO tillkeeper_app
    USING (true) WITH CHECK (auth.role() IS NOT DISTINCT FROM 'platform');
CREATE POLICY readable ON app.epochs FOR SELECT TO tillkeeper_app USING (true);

GRANT SELECT, INSERT, UPDATE ON app.merchants, app.stores TO tillkeeper_app;
GRANT SELECT, INSERT ON app.server_keys, app.sealing_keys TO tillkeeper_app;
GRANT SELECT ON app.epochs, app.terminals TO tillkeeper_app;
-- Keys are bound by app.pair_terminal alone, and taken away by app.revoke_terminal (ledger).
GRANT INSERT (terminal_id, merchant_id, store_id, code, name), UPDATE (name) ON app.terminals TO tillkeeper_app;
GRANT EXECUTE ON FUNCTION
    app.sees_merchant, app.writes_merchant, app.current_epoch, app.find_terminal, app.remember_nonce, app.forget_old_nonces,
    app.put_pairing_code, app.pair_terminal
TO tillkeeper_app;

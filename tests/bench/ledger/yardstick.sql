-- The yardstick of ledger.md: what the public project pgledger does for one transfer, written anew. Ids are text, a
-- prefix and 26 letters made in PL/pgSQL; two accounts are locked in id order, balances and versions updated, floors
-- and currency checked, one transfer and two entries with previous and current balance inserted, the transfer read
-- back. Foreign keys and indexes as there. No idempotency key, audit, row level security or partition.
CREATE SCHEMA yardstick;

CREATE FUNCTION yardstick.letters(p_id uuid) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_alphabet text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    v_high bigint := ('x' || left(replace(p_id::text, '-', ''), 16))::bit(64)::bigint;
    v_low bigint := ('x' || right(replace(p_id::text, '-', ''), 16))::bit(64)::bigint;
    v_text text := '';
BEGIN
    FOR i IN 0..12 LOOP
        v_text := substr(v_alphabet, ((v_high >> (5 * i)) & 31)::integer + 1, 1) || v_text;
    END LOOP;
    FOR i IN 0..12 LOOP
        v_text := v_text || substr(v_alphabet, ((v_low >> (5 * i)) & 31)::integer + 1, 1);
    END LOOP;
    RETURN v_text;
END $$;

-- PostgreSQL 18 has uuidv7; before it, the ledger's own function makes the same kind.
CREATE FUNCTION yardstick.new_uuid() RETURNS uuid
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_id uuid;
BEGIN
    IF EXISTS (SELECT FROM pg_proc AS p WHERE p.proname = 'uuidv7') THEN
        EXECUTE 'SELECT uuidv7()' INTO v_id;
        RETURN v_id;
    END IF;
    RETURN app.new_id();
END $$;

CREATE FUNCTION yardstick.new_id(p_prefix text) RETURNS text
    LANGUAGE sql VOLATILE
    AS $$ SELECT p_prefix || '_' || yardstick.letters(yardstick.new_uuid()) $$;

CREATE TABLE yardstick.accounts (
    id             text PRIMARY KEY,
    name           text NOT NULL,
    currency       text NOT NULL,
    balance        numeric NOT NULL DEFAULT 0,
    version        bigint NOT NULL DEFAULT 0,
    allow_negative boolean NOT NULL,
    allow_positive boolean NOT NULL,
    metadata       jsonb,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);
CREATE TABLE yardstick.transfers (
    id              text PRIMARY KEY DEFAULT yardstick.new_id('tran'),
    from_account_id text NOT NULL REFERENCES yardstick.accounts,
    to_account_id   text NOT NULL REFERENCES yardstick.accounts,
    amount          numeric NOT NULL,
    created_at      timestamptz NOT NULL,
    event_at        timestamptz NOT NULL,
    metadata        jsonb,
    CHECK (amount > 0 AND from_account_id <> to_account_id)
);
CREATE INDEX ON yardstick.transfers (from_account_id);
CREATE INDEX ON yardstick.transfers (to_account_id);
CREATE INDEX ON yardstick.transfers (event_at);
CREATE TABLE yardstick.entries (
    id               text PRIMARY KEY DEFAULT yardstick.new_id('entr'),
    account_id       text NOT NULL REFERENCES yardstick.accounts,
    transfer_id      text NOT NULL REFERENCES yardstick.transfers,
    amount           numeric NOT NULL,
    previous_balance numeric NOT NULL,
    current_balance  numeric NOT NULL,
    account_version  bigint NOT NULL,
    created_at       timestamptz NOT NULL
);
CREATE INDEX ON yardstick.entries (account_id);
CREATE INDEX ON yardstick.entries (transfer_id);
CREATE VIEW yardstick.transfers_seen AS
    SELECT id, from_account_id, to_account_id, amount, created_at, event_at, metadata FROM yardstick.transfers;
CREATE TYPE yardstick.wish AS (source text, target text, amount numeric);

CREATE FUNCTION yardstick.check_floor(p_account yardstick.accounts) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_account.balance < 0 AND NOT p_account.allow_negative THEN
        RAISE EXCEPTION '% may not be negative', p_account.id;
    END IF;
    IF p_account.balance > 0 AND NOT p_account.allow_positive THEN
        RAISE EXCEPTION '% may not be positive', p_account.id;
    END IF;
END $$;

CREATE FUNCTION yardstick.transfer_all(p_wishes yardstick.wish[], p_event_at timestamptz, p_metadata jsonb)
    RETURNS SETOF yardstick.transfers_seen
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_wish yardstick.wish;
    v_all text[] := '{}';
    v_account text;
    v_source yardstick.accounts;
    v_target yardstick.accounts;
    v_id text;
    v_ids text[] := '{}';
BEGIN
    FOREACH v_wish IN ARRAY p_wishes LOOP
        v_all := v_all || v_wish.source || v_wish.target;
    END LOOP;
    v_all := ARRAY(SELECT DISTINCT u.id FROM unnest(v_all) AS u (id) ORDER BY u.id);
    FOREACH v_account IN ARRAY v_all LOOP
        PERFORM a.id FROM yardstick.accounts AS a WHERE a.id = v_account FOR UPDATE;
    END LOOP;
    FOREACH v_wish IN ARRAY p_wishes LOOP
        IF v_wish.amount <= 0 OR v_wish.source = v_wish.target THEN
            RAISE EXCEPTION 'a transfer moves something to somebody else';
        END IF;
        UPDATE yardstick.accounts AS a SET balance = a.balance - v_wish.amount, version = a.version + 1, updated_at = now()
         WHERE a.id = v_wish.source RETURNING * INTO v_source;
        PERFORM yardstick.check_floor(v_source);
        UPDATE yardstick.accounts AS a SET balance = a.balance + v_wish.amount, version = a.version + 1, updated_at = now()
         WHERE a.id = v_wish.target RETURNING * INTO v_target;
        PERFORM yardstick.check_floor(v_target);
        IF v_source.currency <> v_target.currency THEN
            RAISE EXCEPTION 'a transfer is in one currency';
        END IF;
        INSERT INTO yardstick.transfers AS t (from_account_id, to_account_id, amount, created_at, event_at, metadata)
        VALUES (v_wish.source, v_wish.target, v_wish.amount, now(), coalesce(p_event_at, now()), p_metadata)
        RETURNING t.id INTO v_id;
        v_ids := v_ids || v_id;
        INSERT INTO yardstick.entries (account_id, transfer_id, amount, previous_balance, current_balance,
                                       account_version, created_at)
        VALUES (v_wish.source, v_id, -v_wish.amount, v_source.balance + v_wish.amount, v_source.balance,
                v_source.version, now());
        INSERT INTO yardstick.entries (account_id, transfer_id, amount, previous_balance, current_balance,
                                       account_version, created_at)
        VALUES (v_wish.target, v_id, v_wish.amount, v_target.balance - v_wish.amount, v_target.balance,
                v_target.version, now());
    END LOOP;
    RETURN QUERY SELECT * FROM yardstick.transfers_seen AS s WHERE s.id = ANY (v_ids) ORDER BY s.id;
END $$;

CREATE FUNCTION yardstick.transfer(p_source text, p_target text, p_amount numeric, p_event_at timestamptz DEFAULT NULL,
                                   p_metadata jsonb DEFAULT NULL) RETURNS SETOF yardstick.transfers_seen
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY SELECT * FROM yardstick.transfer_all(
        ARRAY[ROW(p_source, p_target, p_amount)::yardstick.wish], p_event_at, p_metadata);
END $$;

CREATE TABLE yardstick.bare (id uuid NOT NULL, amount bigint NOT NULL, created_at timestamptz NOT NULL);

-- What every act begins with: who acts, a transaction's header, a refusal. The acts themselves (15 and on) decide under
-- locks and post. Each returns {"tx_id", "tx_no", ...} or {"code", "data"}; a refusal has written nothing. Called only from inside.

CREATE TYPE app.acting AS (
    ledger_id    smallint,
    principal_id uuid,
    terminal_id  uuid,
    merchant_id  uuid,
    store_id     uuid,
    currency     text,
    key          text,
    fact_id      uuid,
    cashier_id   uuid,
    happened_at  timestamptz
);
COMMENT ON TYPE app.acting IS 'Who acts, where, under which key, and the time at which it is judged';

CREATE FUNCTION app.refuse(p_code text, p_data jsonb DEFAULT '{}') RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('code', p_code, 'data', p_data);

CREATE FUNCTION app.clock_skew() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN interval '300 seconds';
COMMENT ON FUNCTION app.clock_skew IS 'By how much an honest till''s clock may be wrong (models.wire.MAX_CLOCK_SKEW_SECONDS)';

CREATE FUNCTION app.header(p_by app.acting, p_kind text, p_number text, p_card uuid, p_member uuid, p_amount bigint)
    RETURNS app.transactions
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- ledger_id, tx_id, tx_no, kind, status, merchant_id, store_id, terminal_id, member_id, card_id, principal_id,
    -- idempotency_key, external_order_id, amount_minor, currency, reverses, reason, tag, happened_at, created_at
    RETURN ROW(
        p_by.ledger_id, app.new_id(),
        app.next_number(p_by.ledger_id, p_number, app.issuer(p_by.terminal_id, p_by.merchant_id), p_by.merchant_id), p_kind,
        'completed', p_by.merchant_id, p_by.store_id, p_by.terminal_id, p_member, p_card, p_by.principal_id, p_by.key, NULL,
        p_amount, p_by.currency, NULL, NULL, NULL, p_by.happened_at, app.now_utc())::app.transactions;
END $$;
COMMENT ON FUNCTION app.header IS 'A transaction''s header with its number; nothing is written before app.post';

CREATE FUNCTION app.resolve_pass(p_ledger smallint, p_pass_id uuid) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN coalesce((SELECT a.pass_id FROM app.pass_aliases AS a
                      WHERE a.ledger_id = p_ledger AND a.alias_id = p_pass_id), p_pass_id);

CREATE FUNCTION app.balance_of(p_ledger smallint, p_account_id uuid) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN coalesce((SELECT a.balance FROM app.accounts AS a
                      WHERE a.ledger_id = p_ledger AND a.account_id = p_account_id), 0);

CREATE FUNCTION app.balance(p_ledger smallint, p_owner_kind text, p_owner_id uuid, p_bucket text, p_unit text) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN app.balance_of(p_ledger, app.account_id(p_owner_kind, p_owner_id, p_bucket, p_unit));
COMMENT ON FUNCTION app.balance IS 'What an owner holds of a unit; 0 when there is no account yet';

-- Optional: run where the server offers pgcrypto (v0003_ledger.py). The functions of source 001 that see a secret in the
-- clear, with the source's exact signatures; the program does not use them, it runs bcrypt itself and calls what they call.

RESET ROLE;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA sec;
SET LOCAL ROLE tillkeeper_owner;

-- pgcrypto may have been there before, in a schema of somebody's choice.
DO $do$
DECLARE
    v_home name := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                     WHERE e.extname = 'pgcrypto');
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION sec.bcrypt(p_plain text, p_cost integer) RETURNS text LANGUAGE sql VOLATILE
            RETURN %1$I.crypt(p_plain, %1$I.gen_salt('bf', p_cost));
        -- "2b" is "2a" made by a program that says it has no old fault; pgcrypto knows only the older word.
        CREATE FUNCTION sec.bcrypt_fits(p_plain text, p_hash text) RETURNS boolean LANGUAGE sql IMMUTABLE
            RETURN %1$I.crypt(p_plain, overlay(p_hash PLACING 'a' FROM 3)) = overlay(p_hash PLACING 'a' FROM 3);
        CREATE FUNCTION sec.random_bytes(p_count integer) RETURNS bytea LANGUAGE sql VOLATILE
            RETURN %1$I.gen_random_bytes(p_count);
    $sql$, v_home);
END $do$;

CREATE FUNCTION app.rotate_card_qr(p_card_id uuid, p_card_type app.card_type)
    RETURNS TABLE (qr_plain text, qr_expires_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_secret text := app.code_characters(sec.random_bytes(22), 11);
    v_made record;
BEGIN
    SELECT * INTO v_made FROM app.put_card_code(1::smallint, p_card_id, p_card_type, sec.bcrypt(v_secret, 6));
    RETURN QUERY SELECT '1' || v_made.card_ref || v_secret, v_made.expires_at
                  WHERE NOT app.warn_refused(CASE WHEN v_made.refused IS NULL THEN '{"outcome": "accepted"}'
                                                  ELSE app.refuse(v_made.refused) END);
END $$;

CREATE FUNCTION app.compare_code(p_qr_plain text, OUT card_ref text, OUT checked_hash text, OUT refusal jsonb)
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_code record;
    v_fits boolean;
    v_left integer;
BEGIN
    IF p_qr_plain IS NULL OR p_qr_plain !~ '^1[0-9A-Z.$%]{19}$' THEN
        refusal := app.refuse('code_foreign');
        RETURN;
    END IF;
    card_ref := substr(p_qr_plain, 2, 8);
    IF app.check_character(left(card_ref, 7)) <> right(card_ref, 1) THEN
        refusal := app.refuse('code_edited');
        RETURN;
    END IF;
    SELECT * INTO v_code FROM app.card_code_hash(1::smallint, card_ref);
    -- Without a card or a code: the same work, on a hash of nobody's secret.
    v_fits := sec.bcrypt_fits(substr(p_qr_plain, 10), coalesce(
        v_code.secret_hash, '$2a$06$FDh1BXaqufbleg7SVQ5O1uY8bIahfGShVu/Id0zd8BU7kWD12o9Ni'));
    IF v_code.card_id IS NULL OR v_code.refused IS NOT NULL THEN
        refusal := app.refuse(coalesce(v_code.refused, 'card_unknown'));
    ELSIF v_fits AND v_code.secret_hash IS NOT NULL THEN
        checked_hash := v_code.secret_hash;
    ELSE
        v_left := app.note_wrong_card_code(1::smallint, card_ref);
        refusal := app.refuse('code_wrong', CASE WHEN v_left IS NULL THEN '{}'
                                                 ELSE jsonb_build_object('tries_left', v_left) END);
    END IF;
END $$;
COMMENT ON FUNCTION app.compare_code IS 'sync_server.cards.codes.check_code, for SQL clients';

CREATE FUNCTION app.merchant_charge_by_qr(
    p_merchant_code text, p_qr_plain text, p_raw_price numeric, p_reason text DEFAULT NULL, p_tag jsonb DEFAULT '{}'::jsonb,
    p_idempotency_key text DEFAULT NULL, p_external_order_id text DEFAULT NULL
) RETURNS TABLE (tx_id uuid, tx_no text, card_type app.card_type, card_id uuid, final_amount numeric, discount numeric)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_key text := coalesce(p_idempotency_key, app.new_id()::text);
    v_card_ref text := substr(p_qr_plain, 2, 8);
    v_hash text;
    v_refusal jsonb;
    v_outcome jsonb;
BEGIN
    IF app.begin_charge(1::smallint, p_merchant_code, v_key) THEN
        SELECT c.checked_hash, c.refusal INTO v_hash, v_refusal FROM app.compare_code(p_qr_plain) AS c;
    END IF;
    v_outcome := app.answer_merchant_charge_by_qr(1::smallint, p_merchant_code, v_card_ref, v_hash, v_refusal, p_raw_price,
                                                  p_reason, p_tag, v_key, p_external_order_id);
    RETURN QUERY SELECT (v_outcome ->> 'tx_id')::uuid, v_outcome ->> 'tx_no', (v_outcome ->> 'card_type')::app.card_type,
                        (v_outcome ->> 'card_id')::uuid, (v_outcome ->> 'final_amount')::numeric,
                        (v_outcome ->> 'discount')::numeric
                  WHERE NOT app.warn_refused(v_outcome);
END $$;

CREATE FUNCTION app.enterprise_add_member(p_card_no text, p_member_no text, p_card_password text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_password record;
BEGIN
    SELECT * INTO v_password FROM app.begin_card_password(1::smallint, p_card_no);
    RETURN NOT app.warn_refused(app.answer_enterprise_add_member(
        1::smallint, p_card_no, p_member_no,
        CASE WHEN sec.bcrypt_fits(p_card_password, v_password.password_hash) THEN v_password.password_hash END,
        v_password.refused));
END $$;

GRANT EXECUTE ON FUNCTION app.rotate_card_qr, app.merchant_charge_by_qr, app.enterprise_add_member TO tillkeeper_app;

-- The functions of source 001 §4. app.answer_<name> is what the program calls: it takes what bcrypt has verified and
-- returns an outcome {outcome, code, data, …} that is stored under its key, refusals too. The functions with the source's
-- exact names and parameters call it for SQL clients: there a refusal is a WARNING with its code and no row (or false), and
-- a NULL key means a fresh one. Those that need bcrypt in SQL stand in 33. Amounts are major units (25.50) here only.

CREATE FUNCTION app.minor_of(p_amount numeric, p_currency text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_amount > 0
                 AND p_amount * coalesce(app.minor_per_major(p_currency), 100) <= app.most_minor()
                 AND p_amount * coalesce(app.minor_per_major(p_currency), 100)
                     = trunc(p_amount * coalesce(app.minor_per_major(p_currency), 100))
                THEN (p_amount * coalesce(app.minor_per_major(p_currency), 100))::bigint END;
COMMENT ON FUNCTION app.minor_of IS
    'Major units as minor ones, exactly; NULL for what is no amount: not above zero, NaN, too large, too many digits';

CREATE FUNCTION app.major_of(p_minor bigint, p_currency text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(p_minor::numeric / coalesce(app.minor_per_major(p_currency), 100), 2);

CREATE FUNCTION app.content_hash(p_name text, p_content jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sha256(convert_to(p_name || p_content::text, 'UTF8'));

CREATE FUNCTION app.sole_currency(p_merchant uuid) RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT CASE WHEN count(DISTINCT s.currency) = 1 THEN min(s.currency) END FROM app.stores AS s
             WHERE s.merchant_id = p_merchant OR p_merchant IS NULL);
COMMENT ON FUNCTION app.sole_currency IS 'What all stores of a merchant (NULL: the operator) trade in, when it is one currency';

CREATE FUNCTION app.acting_merchant(p_ledger smallint, p_merchant_code text) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting;
BEGIN
    IF auth.uid() IS NULL THEN
        RAISE EXCEPTION 'nobody may not do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT m.merchant_id, app.sole_currency(m.merchant_id) INTO v_by.merchant_id, v_by.currency
      FROM app.merchants AS m
     WHERE m.code = p_merchant_code
       AND ((auth.role() = 'terminal' OR auth.role() = 'staff' AND coalesce(app.hq_role(), '') NOT IN ('support', 'auditor'))
            AND m.merchant_id = ANY (auth.merchant_ids())
            OR EXISTS (SELECT FROM app.merchant_users AS u
                        WHERE u.merchant_id = m.merchant_id AND u.user_id = auth.uid()));
    v_by.ledger_id := p_ledger;
    v_by.principal_id := auth.uid();
    v_by.happened_at := app.now_utc();
    IF auth.role() = 'terminal' THEN
        SELECT t.terminal_id, t.store_id, s.currency INTO v_by.terminal_id, v_by.store_id, v_by.currency
          FROM app.terminals AS t JOIN app.stores AS s USING (store_id)
         WHERE t.terminal_id = auth.uid() AND t.merchant_id = v_by.merchant_id;
    END IF;
    RETURN v_by;
END $$;
COMMENT ON FUNCTION app.acting_merchant IS
    'Who acts for the merchant with this code: its staff and terminals by their claims, its merchant_users by their id; '
    'people at HQ who only look do not. Without merchant: somebody else';

CREATE FUNCTION app.check_call(p_by app.acting, p_key text, p_reason text, p_tag jsonb, p_external_order_id text)
    RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN p_key IS NULL THEN app.refuse('idempotency_key_missing')
        WHEN length(p_key) NOT BETWEEN 1 AND 200 THEN app.refuse('request_malformed', '{"pointer": "/p_idempotency_key"}')
        WHEN length(p_reason) > 200 THEN app.refuse('request_malformed', '{"pointer": "/p_reason"}')
        WHEN jsonb_typeof(p_tag) <> 'object' OR length(p_tag::text) > 2000
            THEN app.refuse('request_malformed', '{"pointer": "/p_tag"}')
        WHEN length(p_external_order_id) NOT BETWEEN 1 AND 100
            THEN app.refuse('request_malformed', '{"pointer": "/p_external_order_id"}')
    END;
COMMENT ON FUNCTION app.check_call IS 'What is wrong with a call before its key counts for anything. NULL: nothing';

-- Charge (R063, R069) -----------------------------------------------------------------------------------------------

CREATE FUNCTION app.begin_charge(p_ledger smallint, p_merchant_code text, p_key text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    IF p_key IS NULL OR (app.acting_merchant(p_ledger, p_merchant_code)).merchant_id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM FROM app.idempotency_registry AS r
      WHERE r.ledger_id = p_ledger AND r.principal_id = auth.uid() AND r.key = p_key;
    RETURN NOT FOUND;
END $$;
COMMENT ON FUNCTION app.begin_charge IS
    'Is a code to be compared at all? Not for somebody who may not charge here, and not again for a key that has its answer';

CREATE FUNCTION app.answer_merchant_charge_by_qr(
    p_ledger smallint, p_merchant_code text, p_card_ref text, p_checked_hash text, p_code_refusal jsonb, p_raw_price numeric,
    p_reason text, p_tag jsonb, p_key text, p_external_order_id text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_merchant(p_ledger, p_merchant_code);
    v_card app.cards%ROWTYPE;
    v_currency text;
    v_content bytea := app.content_hash('merchant_charge_by_qr', jsonb_build_array(
        p_merchant_code, p_card_ref, trim_scale(p_raw_price), p_reason, p_tag, p_external_order_id));
    v_result jsonb := app.check_call(v_by, p_key, p_reason, p_tag, p_external_order_id);
    v_outcome jsonb;
BEGIN
    IF v_by.merchant_id IS NULL THEN
        RETURN app.outcome_of(app.refuse('permission_missing')); -- a stranger's text and calls stay out of the audit
    ELSIF v_result IS NOT NULL THEN
        RETURN app.answered(p_ledger, 'merchant_charge_by_qr', p_merchant_code, v_result);
    END IF;
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_ledger AND c.card_ref = p_card_ref FOR NO KEY UPDATE;
    v_outcome := app.known_outcome(v_by, p_key, v_content, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_currency := coalesce(v_by.currency, v_card.currency);
    v_result := p_code_refusal;
    IF v_result IS NULL AND app.minor_of(p_raw_price, v_currency) IS NULL THEN
        v_result := app.refuse('amount_invalid', jsonb_build_object('amount', left(p_raw_price::text, 40)));
    END IF;
    v_result := coalesce(v_result, app.charge_card(
        v_by,
        jsonb_build_object('charge_id', app.new_id(), 'card_id', v_card.card_id, 'raw_minor',
                           app.minor_of(p_raw_price, v_currency), 'external_order_id', p_external_order_id,
                           'reason', p_reason, 'tag', coalesce(p_tag, '{}')),
        p_card_ref, p_checked_hash));
    IF NOT v_result ? 'code' THEN
        v_result := jsonb_build_object(
            'tx_id', v_result -> 'tx_id', 'tx_no', v_result -> 'tx_no', 'card_type', v_result -> 'card_type',
            'card_id', v_result -> 'card_id',
            'final_amount', app.major_of((v_result ->> 'total_minor')::bigint, v_currency),
            'discount', (v_result ->> 'discount')::numeric);
    END IF;
    RETURN app.answer(v_by, p_key, v_content, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.answer_merchant_charge_by_qr IS
    'Charge the card whose code was compared: its reference and the hash it fitted, or {code, data} why not. Returns '
    '{outcome, tx_id, tx_no, card_type, card_id, final_amount, discount}; the code is used up with the charge';

-- Refund (R065, R070) -----------------------------------------------------------------------------------------------

CREATE FUNCTION app.answer_merchant_refund_tx(
    p_ledger smallint, p_merchant_code text, p_original_tx_no text, p_refund_amount numeric, p_reason text, p_tag jsonb,
    p_key text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_merchant(p_ledger, p_merchant_code);
    v_original app.tx_registry%ROWTYPE;
    v_content bytea := app.content_hash('merchant_refund_tx', jsonb_build_array(
        p_merchant_code, p_original_tx_no, trim_scale(p_refund_amount), p_reason, p_tag));
    v_result jsonb := app.check_call(v_by, p_key, p_reason, p_tag, NULL);
    v_outcome jsonb;
BEGIN
    IF v_by.merchant_id IS NULL THEN
        RETURN app.outcome_of(app.refuse('permission_missing')); -- a stranger's text and calls stay out of the audit
    ELSIF v_result IS NOT NULL THEN
        RETURN app.answered(p_ledger, 'merchant_refund_tx', p_merchant_code, v_result);
    END IF;
    SELECT * INTO v_original FROM app.tx_registry AS r
     WHERE r.ledger_id = p_ledger AND r.tx_no = p_original_tx_no AND r.merchant_id = v_by.merchant_id;
    PERFORM FROM app.cards AS c
      WHERE c.ledger_id = p_ledger AND c.card_id = (v_original.basis ->> 'card_id')::uuid FOR NO KEY UPDATE;
    v_outcome := app.known_outcome(v_by, p_key, v_content, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_by.currency := v_original.currency;
    IF v_original.tx_no IS NULL THEN
        v_result := app.refuse('transaction_unknown', jsonb_build_object('tx_no', left(p_original_tx_no, 40)));
    ELSIF v_original.kind <> 'card_charged' THEN
        v_result := app.refuse('refund_not_allowed', jsonb_build_object('kind', v_original.kind));
    ELSIF app.minor_of(p_refund_amount, v_original.currency) IS NULL THEN
        v_result := app.refuse('amount_invalid', jsonb_build_object('amount', left(p_refund_amount::text, 40)));
    ELSE
        v_result := app.refund_tx(v_by, jsonb_build_object(
            'refund_id', app.new_id(), 'original_tx_no', p_original_tx_no,
            'amount_minor', app.minor_of(p_refund_amount, v_original.currency), 'reason', p_reason,
            'tag', coalesce(p_tag, '{}')));
    END IF;
    IF NOT v_result ? 'code' THEN
        v_result := jsonb_build_object(
            'tx_id', v_result -> 'tx_id', 'refund_tx_id', v_result -> 'tx_id', 'refund_tx_no', v_result -> 'tx_no',
            'refunded_amount', app.major_of((v_result ->> 'amount_minor')::bigint, v_original.currency));
    END IF;
    RETURN app.answer(v_by, p_key, v_content, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.answer_merchant_refund_tx IS
    'Give part of a charge back to its card. Returns {outcome, refund_tx_id, refund_tx_no, refunded_amount}';

-- Top-ups (R066, R067, R071) ----------------------------------------------------------------------------------------

CREATE FUNCTION app.answer_user_recharge(
    p_ledger smallint, p_card_type app.card_type, p_card_id uuid, p_amount numeric, p_payment_method app.pay_method,
    p_reason text, p_tag jsonb, p_key text, p_external_order_id text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['member', 'platform'], NULL);
    v_card app.cards%ROWTYPE;
    v_role text;
    v_content bytea := app.content_hash('user_recharge', jsonb_build_array(
        p_card_type, p_card_id, trim_scale(p_amount), p_payment_method, p_reason, p_tag, p_external_order_id));
    v_result jsonb := app.check_call(v_by, p_key, p_reason, p_tag, p_external_order_id);
    v_outcome jsonb;
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN app.answered(p_ledger, 'user_recharge', (
            SELECT c.card_id::text FROM app.cards AS c WHERE c.ledger_id = p_ledger AND c.card_id = p_card_id), v_result);
    END IF;
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_ledger AND c.card_id = p_card_id AND c.card_type = p_card_type FOR NO KEY UPDATE;
    v_outcome := app.known_outcome(v_by, p_key, v_content, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_role := app.card_role(v_card, v_by.principal_id);
    -- The first money of a card says what its currency is; these methods know only one.
    v_by.currency := coalesce(v_card.currency,
                              CASE WHEN p_payment_method IN ('wechat', 'alipay') THEN 'CNY'
                                   WHEN p_payment_method = 'bizum' THEN 'EUR' ELSE app.sole_currency(NULL) END);
    IF v_role IS NULL THEN
        v_result := app.refuse('card_unknown');
    ELSIF v_role = 'member' THEN
        v_result := app.refuse('not_admin');
    ELSIF p_payment_method IS NULL THEN
        v_result := app.refuse('request_malformed', '{"pointer": "/p_payment_method"}');
    ELSIF app.minor_of(p_amount, v_by.currency) IS NULL THEN
        v_result := app.refuse('amount_invalid', jsonb_build_object('amount', left(p_amount::text, 40)));
    ELSE
        v_result := app.request_top_up(v_by, jsonb_build_object(
            'top_up_id', app.new_id(), 'card_id', p_card_id, 'amount_minor', app.minor_of(p_amount, v_by.currency),
            'currency', v_by.currency, 'method', p_payment_method, 'external_order_id', p_external_order_id,
            'reason', p_reason, 'tag', coalesce(p_tag, '{}')));
    END IF;
    IF NOT v_result ? 'code' THEN
        v_result := jsonb_build_object(
            'tx_id', v_result -> 'tx_id', 'tx_no', v_result -> 'tx_no', 'card_id', v_result -> 'card_id',
            'amount', app.major_of((v_result ->> 'amount_minor')::bigint, v_by.currency));
    END IF;
    RETURN app.answer(v_by, p_key, v_content, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.answer_user_recharge IS
    'Ask to top up one''s own card, or as its admin an enterprise card: pending until its payment is confirmed. Returns '
    '{outcome, tx_id, tx_no, card_id, amount}';

-- The source's names, for SQL clients -------------------------------------------------------------------------------

CREATE FUNCTION app.warn_refused(p_outcome jsonb) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_outcome ->> 'outcome' = 'accepted' THEN
        RETURN false;
    END IF;
    RAISE WARNING '%', p_outcome ->> 'code' USING DETAIL = coalesce(p_outcome ->> 'data', '{}');
    RETURN true;
END $$;
COMMENT ON FUNCTION app.warn_refused IS 'Is the outcome a refusal? Then the client is warned; what was written of it commits';

CREATE FUNCTION app.merchant_refund_tx(
    p_merchant_code text, p_original_tx_no text, p_refund_amount numeric, p_reason text DEFAULT NULL,
    p_tag jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL
) RETURNS TABLE (refund_tx_id uuid, refund_tx_no text, refunded_amount numeric)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_outcome jsonb := app.answer_merchant_refund_tx(
        1::smallint, p_merchant_code, p_original_tx_no, p_refund_amount, p_reason, p_tag,
        coalesce(p_idempotency_key, app.new_id()::text));
BEGIN
    RETURN QUERY SELECT (v_outcome ->> 'refund_tx_id')::uuid, v_outcome ->> 'refund_tx_no',
                        (v_outcome ->> 'refunded_amount')::numeric
                  WHERE NOT app.warn_refused(v_outcome);
END $$;

CREATE FUNCTION app.user_recharge_personal_card(
    p_personal_card_id uuid, p_amount numeric, p_payment_method app.pay_method DEFAULT 'wechat', p_reason text DEFAULT NULL,
    p_tag jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL, p_external_order_id text DEFAULT NULL
) RETURNS TABLE (tx_id uuid, tx_no text, card_id uuid, amount numeric)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_outcome jsonb := app.answer_user_recharge(
        1::smallint, 'personal', p_personal_card_id, p_amount, p_payment_method, p_reason, p_tag,
        coalesce(p_idempotency_key, app.new_id()::text), p_external_order_id);
BEGIN
    RETURN QUERY SELECT (v_outcome ->> 'tx_id')::uuid, v_outcome ->> 'tx_no', (v_outcome ->> 'card_id')::uuid,
                        (v_outcome ->> 'amount')::numeric
                  WHERE NOT app.warn_refused(v_outcome);
END $$;

CREATE FUNCTION app.user_recharge_enterprise_card_admin(
    p_enterprise_card_id uuid, p_amount numeric, p_payment_method app.pay_method DEFAULT 'wechat',
    p_reason text DEFAULT NULL, p_tag jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL,
    p_external_order_id text DEFAULT NULL
) RETURNS TABLE (tx_id uuid, tx_no text, card_id uuid, amount numeric)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_outcome jsonb := app.answer_user_recharge(
        1::smallint, 'enterprise', p_enterprise_card_id, p_amount, p_payment_method, p_reason, p_tag,
        coalesce(p_idempotency_key, app.new_id()::text), p_external_order_id);
BEGIN
    RETURN QUERY SELECT (v_outcome ->> 'tx_id')::uuid, v_outcome ->> 'tx_no', (v_outcome ->> 'card_id')::uuid,
                        (v_outcome ->> 'amount')::numeric
                  WHERE NOT app.warn_refused(v_outcome);
END $$;

CREATE FUNCTION app.enterprise_set_initial_admin(p_card_no text, p_member_no text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN NOT app.warn_refused(app.answer_enterprise_set_initial_admin(1::smallint, p_card_no, p_member_no));
END $$;

CREATE FUNCTION app.enterprise_remove_member(p_card_no text, p_member_no text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN NOT app.warn_refused(app.answer_enterprise_remove_member(1::smallint, p_card_no, p_member_no));
END $$;

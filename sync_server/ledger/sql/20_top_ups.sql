-- Money into a card (source 001 §4.4, §5.4). At a till the tenders are the payment; anybody else's top-up waits as
-- `pending` for the payment to be confirmed. Each makes a lot: what it brought, and what is left of it. What was asked for
-- at no merchant is the operator's business, and so is giving it back.

CREATE FUNCTION app.check_bonus(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_rule app.bonus_rules%ROWTYPE;
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
    v_bonus bigint := 0;
BEGIN
    IF p_effect ->> 'bonus_rule_id' IS NOT NULL THEN
        SELECT * INTO v_rule FROM app.bonus_rules AS r
         WHERE r.rule_id = (p_effect ->> 'bonus_rule_id')::uuid AND r.merchant_id = p_by.merchant_id
           AND r.currency = p_effect ->> 'currency' AND r.min_amount_minor <= v_amount
           AND r.starts_at <= p_by.happened_at AND p_by.happened_at < coalesce(r.ends_at, 'infinity');
        IF NOT FOUND THEN
            RETURN app.refuse('bonus_differs', jsonb_build_object('bonus_minor', 0));
        END IF;
        v_bonus := app.bonus_of(v_rule, v_amount);
    END IF;
    IF (p_effect ->> 'bonus_minor')::bigint IS DISTINCT FROM v_bonus THEN
        RETURN app.refuse('bonus_differs', jsonb_build_object('bonus_minor', v_bonus));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_bonus IS
    'Did the cited rule promise this bonus when it happened? NULL: yes. It may have ended since; a newer one counts for nothing';

CREATE FUNCTION app.check_promise(p_by app.acting, p_effect jsonb, p_card app.cards) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF app.card_role(p_card, (p_effect ->> 'member_id')::uuid) IN ('owner', 'admin') THEN
        RETURN app.check_bonus(p_by, p_effect);
    END IF;
    RETURN app.refuse('not_admin');
END $$;
COMMENT ON FUNCTION app.check_promise IS
    'What a person at HQ may waive: that the bonus was promised, and that who asked may top this card up: its owner, or of an '
    'enterprise card an admin (R031). NULL: all is as it should be. The card is locked';

CREATE FUNCTION app.check_top_up(p_by app.acting, p_effect jsonb, p_card app.cards, p_currency text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
    v_refusal jsonb := app.check_card(p_by, p_card, p_currency);
BEGIN
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF v_amount IS NULL OR v_amount NOT BETWEEN 1 AND app.most_minor() THEN
        RETURN app.refuse('amount_invalid', jsonb_build_object('amount', p_effect -> 'amount_minor'));
    ELSIF p_card.card_type = 'enterprise' AND (p_effect ->> 'bonus_minor')::bigint <> 0 THEN
        RETURN app.refuse('bonus_differs', '{"bonus_minor": 0}'); -- one balance, no bonus
    END IF;
    PERFORM FROM app.card_top_ups AS t
      WHERE t.ledger_id = p_by.ledger_id AND t.top_up_id = (p_effect ->> 'top_up_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('top_up_id', p_effect -> 'top_up_id'));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_top_up IS 'May this money go on this card? NULL: yes. The card is locked';

-- Posts the transaction of a top-up (`p_tx` new or pending), and opens its lot.
CREATE FUNCTION app.credit_card(p_by app.acting, p_tx app.transactions, p_top_up uuid, p_bonus bigint, p_tenders jsonb)
    RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.cards AS c SET currency = p_tx.currency
     WHERE c.ledger_id = p_tx.ledger_id AND c.card_id = p_tx.card_id AND c.currency IS NULL;
    PERFORM app.post(
        p_tx,
        ARRAY[app.card_line(p_tx.card_id, 'principal', p_tx.currency, p_tx.amount_minor),
              app.card_line(p_tx.card_id, 'bonus', p_tx.currency, p_bonus),
              app.shop_line(p_by, 'issued', p_tx.currency, -p_tx.amount_minor - p_bonus),
              app.shop_line(p_by, 'stored_value', p_tx.currency, -p_tx.amount_minor)]
        || ARRAY(SELECT app.shop_line(p_by, 'tender/' || (t ->> 'kind'), p_tx.currency, (t ->> 'amount_minor')::bigint)
                   FROM jsonb_array_elements(p_tenders) AS t),
        jsonb_build_object('top_up_id', p_top_up, 'bonus_minor', p_bonus));
    PERFORM app.record_payments(p_tx.ledger_id, p_tx.tx_id, p_tx.merchant_id, p_tenders);
    INSERT INTO app.card_lots (ledger_id, lot_id, card_id, origin, tx_no, merchant_id, principal_granted, bonus_granted,
                               principal_left, bonus_left, opened_at)
    VALUES (p_tx.ledger_id, p_top_up, p_tx.card_id, 'top_up', p_tx.tx_no, p_tx.merchant_id, p_tx.amount_minor, p_bonus,
            p_tx.amount_minor, p_bonus, p_by.happened_at);
    IF p_tx.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(p_tx.member_id, p_tx.merchant_id);
    END IF;
END $$;

CREATE FUNCTION app.top_up(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_top_up uuid := (p_effect ->> 'top_up_id')::uuid;
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
    v_bonus bigint := (p_effect ->> 'bonus_minor')::bigint;
    v_card app.cards%ROWTYPE;
    v_refusal jsonb;
    v_balance bigint;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id
       AND CASE WHEN p_effect ->> 'card_id' IS NULL THEN c.member_id = (p_effect ->> 'member_id')::uuid
                ELSE c.card_id = (p_effect ->> 'card_id')::uuid END
       FOR NO KEY UPDATE;
    IF v_card.card_id IS NULL AND p_effect ->> 'card_id' IS NULL THEN
        RETURN app.refuse('member_unknown');
    END IF;
    v_refusal := coalesce(app.check_top_up(p_by, p_effect, v_card, p_effect ->> 'currency'),
                          CASE WHEN NOT p_effect ? 'decided' THEN app.check_promise(p_by, p_effect, v_card) END);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT h.balance_minor INTO v_balance FROM app.card_holdings(p_by.ledger_id, v_card.card_id) AS h;
    v_tx := app.header(p_by, 'topped_up', 'CZ', v_card.card_id, v_card.member_id, v_amount);
    PERFORM app.credit_card(p_by, v_tx, v_top_up, v_bonus, p_effect -> 'tenders');
    INSERT INTO app.card_top_ups (ledger_id, top_up_id, card_id, merchant_id, store_id, terminal_id, amount_minor,
                                  bonus_minor, bonus_rule_id, currency, method, status, requested_by, tx_id, tx_no,
                                  happened_at, paid_at)
    VALUES (p_by.ledger_id, v_top_up, v_card.card_id, p_by.merchant_id, p_by.store_id, p_by.terminal_id, v_amount, v_bonus,
            (p_effect ->> 'bonus_rule_id')::uuid, v_tx.currency,
            CASE jsonb_array_length(p_effect -> 'tenders') WHEN 1 THEN p_effect -> 'tenders' -> 0 ->> 'kind' ELSE 'mixed' END,
            'paid', CASE v_card.card_type WHEN 'enterprise' THEN (p_effect ->> 'member_id')::uuid ELSE p_by.principal_id END,
            v_tx.tx_id, v_tx.tx_no, p_by.happened_at, v_tx.created_at);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'card_id', v_card.card_id,
                              'member_id', v_card.member_id, 'balance_minor', v_balance + v_amount + v_bonus);
END $$;
COMMENT ON FUNCTION app.top_up IS
    'A top-up paid at a till: {top_up_id, member_id, card_id or null, amount_minor, bonus_minor, bonus_rule_id, currency, '
    'tenders}. Without card_id it is the member''s own card; else the enterprise card for which the member, its admin, asked '
    '(R031). Returns {tx_id, tx_no, card_id, member_id, balance_minor} or a refusal';

-- Asked for without money: by a member, or by an enterprise card's admin. Who may ask is the caller's to check.
CREATE FUNCTION app.request_top_up(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_top_up uuid := (p_effect ->> 'top_up_id')::uuid;
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
    v_bonus bigint := 0;
    v_rule uuid;
    v_card app.cards%ROWTYPE;
    v_refusal jsonb;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = (p_effect ->> 'card_id')::uuid FOR NO KEY UPDATE;
    p_by.currency := coalesce(p_effect ->> 'currency', v_card.currency);
    v_refusal := coalesce(app.check_top_up(p_by, p_effect, v_card, p_by.currency),
                          app.check_external_order(p_by, p_effect ->> 'external_order_id'));
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF v_card.card_type = 'personal' THEN
        SELECT b.rule_id, b.bonus_minor INTO v_rule, v_bonus
          FROM app.bonus_for(p_by.merchant_id, v_amount, p_by.currency, p_by.happened_at) AS b;
    END IF;
    v_tx := app.header(p_by, 'topped_up', 'CZ', v_card.card_id, v_card.member_id, v_amount);
    v_tx.status := 'pending';
    v_tx.external_order_id := p_effect ->> 'external_order_id';
    v_tx.reason := p_effect ->> 'reason';
    v_tx.tag := p_effect -> 'tag';
    PERFORM app.keep_header(v_tx, NULL, 'top_up_requested', jsonb_build_object(
        'top_up_id', v_top_up, 'card_id', v_card.card_id, 'amount_minor', v_amount));
    INSERT INTO app.card_top_ups (ledger_id, top_up_id, card_id, merchant_id, store_id, terminal_id, amount_minor,
                                  bonus_minor, bonus_rule_id, currency, method, status, requested_by, tx_id, tx_no,
                                  happened_at)
    VALUES (p_by.ledger_id, v_top_up, v_card.card_id, p_by.merchant_id, p_by.store_id, p_by.terminal_id, v_amount, v_bonus,
            v_rule, p_by.currency, p_effect ->> 'method', 'pending', p_by.principal_id, v_tx.tx_id, v_tx.tx_no,
            p_by.happened_at);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'card_id', v_card.card_id, 'amount_minor', v_amount,
                              'bonus_minor', v_bonus, 'currency', p_by.currency, 'status', 'pending');
END $$;
COMMENT ON FUNCTION app.request_top_up IS
    'A top-up that waits for its payment: {top_up_id, card_id, amount_minor, currency or null (the card''s), method, '
    'external_order_id, reason, tag}. Returns {tx_id, tx_no, card_id, amount_minor, bonus_minor, currency, status} or a refusal';

-- When the payment comes, or does not ------------------------------------------------------------------------------

CREATE FUNCTION app.unmatched(p_by app.acting, p_tx_no text, p_payment_ref text, p_top_up app.card_top_ups, p_code text,
                              p_data jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO app.unmatched_payments (ledger_id, payment_ref, tx_no, merchant_id, amount_minor, currency, code, recorded_at)
    VALUES (p_by.ledger_id, p_payment_ref, left(p_tx_no, 40), p_top_up.merchant_id, p_top_up.amount_minor,
            p_top_up.currency, p_code, app.now_utc())
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM app.note_event(
            p_by.ledger_id, 'payment_unmatched', 'alarm', p_by.principal_id, p_top_up.merchant_id, NULL,
            app.key_subject(p_payment_ref),
            jsonb_build_object('tx_no', p_top_up.tx_no, 'amount_minor', p_top_up.amount_minor,
                               'currency', p_top_up.currency, 'code', p_code));
    END IF;
    RETURN app.refuse(p_code, p_data);
END $$;
COMMENT ON FUNCTION app.unmatched IS
    'Money came that no card can be credited with: an alarm, one per payment and number, so that it goes back to its payer';

CREATE FUNCTION app.settle_payment(p_by app.acting, p_tx_no text, p_payment_ref text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_top_up app.card_top_ups%ROWTYPE;
    v_card app.cards%ROWTYPE;
    v_tx app.transactions;
    v_other text;
BEGIN
    p_payment_ref := btrim(p_payment_ref, E' \t\n\v\f\r\u00a0\u3000');
    IF (length(p_payment_ref) BETWEEN 1 AND 200) IS NOT TRUE THEN
        RETURN app.refuse('request_malformed', jsonb_build_object('field', 'payment_ref'));
    END IF;
    SELECT * INTO v_top_up FROM app.card_top_ups AS t
     WHERE t.ledger_id = p_by.ledger_id AND t.tx_no = p_tx_no FOR UPDATE;
    IF NOT FOUND THEN
        RETURN app.unmatched(p_by, p_tx_no, p_payment_ref, v_top_up, 'transaction_unknown',
                             jsonb_build_object('tx_no', left(p_tx_no, 40)));
    ELSIF v_top_up.payment_ref = p_payment_ref THEN
        RETURN app.paid_top_up(v_top_up); -- the gateway tells it once more
    ELSIF v_top_up.status <> 'pending' THEN
        RETURN app.unmatched(p_by, p_tx_no, p_payment_ref, v_top_up, 'top_up_not_pending',
                             jsonb_build_object('status', v_top_up.status));
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('app.payment/' || p_payment_ref, p_by.ledger_id));
    SELECT t.tx_no INTO v_other FROM app.card_top_ups AS t
     WHERE t.ledger_id = p_by.ledger_id AND t.payment_ref = p_payment_ref;
    IF FOUND THEN
        PERFORM app.note_event(p_by.ledger_id, 'content_differs', 'alarm', p_by.principal_id, NULL, NULL, p_tx_no,
                               jsonb_build_object('paid', v_other));
        RETURN app.refuse('content_differs', jsonb_build_object('tx_no', v_other));
    END IF;
    SELECT * INTO STRICT v_card FROM app.cards AS c WHERE c.ledger_id = p_by.ledger_id AND c.card_id = v_top_up.card_id;
    -- The card was fit when the money was asked for: one that was frozen or has expired since gets it all the same.
    IF v_card.status = 'closed' THEN
        RETURN app.unmatched(p_by, p_tx_no, p_payment_ref, v_top_up, 'card_inactive',
                             jsonb_build_object('status', v_card.status));
    ELSIF v_card.currency <> v_top_up.currency THEN
        RETURN app.unmatched(p_by, p_tx_no, p_payment_ref, v_top_up, 'currency_mismatch',
                             jsonb_build_object('currency', v_top_up.currency));
    END IF;
    SELECT t.* INTO STRICT v_tx FROM app.tx_registry AS r
      JOIN app.transactions AS t ON t.ledger_id = r.ledger_id AND t.tx_id = r.tx_id AND t.created_at = r.created_at
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = p_tx_no;
    v_tx.principal_id := p_by.principal_id;
    v_tx.happened_at := p_by.happened_at;
    p_by.merchant_id := v_top_up.merchant_id;
    p_by.store_id := v_top_up.store_id;
    UPDATE app.card_top_ups AS t
       SET status = 'paid', paid_at = p_by.happened_at, payment_ref = p_payment_ref, confirmed_by = p_by.principal_id
     WHERE t.ledger_id = p_by.ledger_id AND t.top_up_id = v_top_up.top_up_id;
    PERFORM app.credit_card(p_by, v_tx, v_top_up.top_up_id, v_top_up.bonus_minor, jsonb_build_array(jsonb_build_object(
        'kind', v_top_up.method, 'amount_minor', v_top_up.amount_minor, 'received_minor', v_top_up.amount_minor)));
    RETURN app.paid_top_up(v_top_up);
END $$;

CREATE FUNCTION app.paid_top_up(p_top_up app.card_top_ups) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('tx_id', p_top_up.tx_id, 'tx_no', p_top_up.tx_no, 'card_id', p_top_up.card_id,
                              'amount_minor', p_top_up.amount_minor, 'bonus_minor', p_top_up.bonus_minor);

CREATE FUNCTION app.lock_topped_up_card(p_ledger smallint, p_tx_no text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM FROM app.cards AS c WHERE c.ledger_id = p_ledger AND c.card_id = (
        SELECT t.card_id FROM app.card_top_ups AS t WHERE t.ledger_id = p_ledger AND t.tx_no = p_tx_no) FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION app.confirm_top_up(p_ledger smallint, p_key text, p_content_hash bytea, p_tx_no text, p_payment_ref text)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform'], NULL);
    v_outcome jsonb;
BEGIN
    PERFORM app.lock_topped_up_card(p_ledger, p_tx_no);
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, app.settle_payment(v_by, p_tx_no, p_payment_ref));
END $$;
COMMENT ON FUNCTION app.confirm_top_up IS
    'The payment of a pending top-up has come: credit it, once. Returns {outcome, tx_id, tx_no, card_id, amount_minor, '
    'bonus_minor}, the same again for the same payment. For the operator''s payment service alone';

CREATE FUNCTION app.cancel_top_up(p_ledger smallint, p_key text, p_content_hash bytea, p_tx_no text, p_reason text)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform'], NULL);
    v_outcome jsonb;
    v_top_up app.card_top_ups%ROWTYPE;
    v_result jsonb;
BEGIN
    PERFORM app.lock_topped_up_card(p_ledger, p_tx_no);
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT * INTO v_top_up FROM app.card_top_ups AS t WHERE t.ledger_id = p_ledger AND t.tx_no = p_tx_no FOR UPDATE;
    IF NOT FOUND THEN
        v_result := app.refuse('transaction_unknown', jsonb_build_object('tx_no', left(p_tx_no, 40)));
    ELSIF v_top_up.status <> 'pending' THEN
        v_result := app.refuse('top_up_not_pending', jsonb_build_object('status', v_top_up.status));
    ELSE
        v_result := app.check_reason(p_reason);
    END IF;
    IF v_result IS NULL THEN
        UPDATE app.card_top_ups AS t SET status = 'cancelled'
         WHERE t.ledger_id = p_ledger AND t.top_up_id = v_top_up.top_up_id;
        UPDATE app.transactions AS t SET status = 'cancelled', reason = p_reason
          FROM app.tx_registry AS r
         WHERE r.ledger_id = p_ledger AND r.tx_no = p_tx_no
           AND t.ledger_id = r.ledger_id AND t.tx_id = r.tx_id AND t.created_at = r.created_at;
        PERFORM app.note_event(p_ledger, 'top_up_cancelled', 'info', v_by.principal_id, v_top_up.merchant_id, NULL, p_tx_no,
                               '{}');
        v_result := jsonb_build_object('tx_no', p_tx_no, 'status', 'cancelled');
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.cancel_top_up IS
    'A pending top-up will not be paid. Returns {outcome, tx_no, status}. For the operator''s payment service alone';

CREATE FUNCTION app.refund_own_top_up(p_ledger smallint, p_key text, p_content_hash bytea, p_tx_no text,
                                      p_amount_minor bigint, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform'], NULL);
    v_outcome jsonb;
BEGIN
    PERFORM app.lock_topped_up_card(p_ledger, p_tx_no);
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, coalesce(app.check_reason(p_reason), app.refund_tx(
        v_by, jsonb_build_object('refund_id', app.new_id(), 'original_tx_no', left(p_tx_no, 40),
                                 'amount_minor', p_amount_minor, 'reason', p_reason))));
END $$;
COMMENT ON FUNCTION app.refund_own_top_up IS
    'Money out of a card whose top-up was asked for at no merchant (a phone, a company): it goes back the way it was paid. '
    'Returns {outcome, tx_id, tx_no, kind, amount_minor, bonus_minor, principal_minor, cash_minor, uncollected_minor, '
    'points_taken_back, balance_minor, card_id, member_id}. For the operator''s people and its payment service';

CREATE FUNCTION app.named_companies(p_cards uuid[]) RETURNS TABLE (card_id uuid, card_no text, company_name text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT c.card_id, c.card_no, c.company_name FROM app.cards AS c
     WHERE c.ledger_id = 1 AND c.card_type = 'enterprise' AND c.card_id = ANY (p_cards)
       AND (auth.role() IS NOT DISTINCT FROM 'platform'
            OR EXISTS (SELECT FROM app.enterprise_card_bindings AS b
                         JOIN app.member_merchants AS known ON known.member_id = b.member_id
                        WHERE b.ledger_id = c.ledger_id AND b.enterprise_card_id = c.card_id
                          AND app.sees_merchant(known.merchant_id)));
END $$;
COMMENT ON FUNCTION app.named_companies IS
    'Whose enterprise cards these are: for the operator, and for a merchant that knows somebody who is bound to the card';

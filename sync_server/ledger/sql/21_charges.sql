-- Paying from a card (source 001 §4.3, §5.2): discount of the level before the purchase, points for the price before
-- discount, bonus before principal, oldest lot first. An enterprise card has its own discount, and no points.

CREATE FUNCTION app.decide_charge(p_by app.acting, p_effect jsonb, p_card app.cards, p_card_ref text, p_total bigint,
                                  p_discount numeric, p_balance bigint) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_raw bigint := (p_effect ->> 'raw_minor')::bigint;
    v_refusal jsonb;
BEGIN
    v_refusal := app.check_card(p_by, p_card, p_by.currency);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF v_raw IS NULL OR v_raw NOT BETWEEN 1 AND app.most_minor() THEN
        RETURN app.refuse('amount_invalid', jsonb_build_object('amount', p_effect -> 'raw_minor'));
    ELSIF p_card_ref <> p_card.card_ref THEN
        RETURN app.refuse('code_wrong');
    END IF;
    PERFORM FROM app.card_charges AS g
      WHERE g.ledger_id = p_by.ledger_id AND g.charge_id = (p_effect ->> 'charge_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('charge_id', p_effect -> 'charge_id'));
    END IF;
    IF p_effect ? 'cups' THEN
        PERFORM FROM app.orders AS o
          WHERE o.ledger_id = p_by.ledger_id AND o.order_id = (p_effect ->> 'charge_id')::uuid;
        IF FOUND THEN
            RETURN app.refuse('content_differs', jsonb_build_object('order_id', p_effect -> 'charge_id'));
        END IF;
    END IF;
    v_refusal := app.check_external_order(p_by, p_effect ->> 'external_order_id');
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF p_total = 0 THEN
        RETURN app.refuse('amount_invalid', '{"amount": 0}'); -- nothing to pay, and points for it
    ELSIF (p_effect ->> 'total_minor')::bigint <> p_total THEN
        RETURN app.refuse('price_changed', jsonb_build_object('total_minor', p_total, 'discount', p_discount::text));
    ELSIF p_total > p_balance THEN
        RETURN app.refuse('balance_insufficient', jsonb_build_object('balance_minor', p_balance, 'total_minor', p_total));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.decide_charge IS 'May this card pay this? NULL: yes. The card is locked';

CREATE FUNCTION app.charge_lines(p_by app.acting, p_card uuid, p_bonus bigint, p_vat jsonb, p_total bigint, p_points bigint)
    RETURNS app.posting_line[]
    LANGUAGE plpgsql IMMUTABLE
    AS $$
DECLARE
    v_lines app.posting_line[];
BEGIN
    v_lines := ARRAY[
        app.card_line(p_card, 'bonus', p_by.currency, -p_bonus),
        app.card_line(p_card, 'principal', p_by.currency, p_bonus - p_total),
        app.shop_line(p_by, 'redeemed', p_by.currency, p_total),
        app.shop_line(p_by, 'tender/card', p_by.currency, p_total),
        app.card_line(p_card, 'points', 'point', p_points),
        app.shop_line(p_by, 'issued', 'point', -p_points)];
    IF p_vat = '[]' THEN
        RETURN v_lines || app.shop_line(p_by, 'sales', p_by.currency, -p_total);
    END IF;
    RETURN v_lines || ARRAY(
        SELECT app.shop_line(p_by, part.bucket, p_by.currency, -part.amount)
          FROM jsonb_array_elements(p_vat) AS v
         CROSS JOIN LATERAL (VALUES ('sales', (v ->> 'base_minor')::bigint),
                                    ('vat/' || (v ->> 'rate'), (v ->> 'quota_minor')::bigint)) AS part (bucket, amount));
END $$;
COMMENT ON FUNCTION app.charge_lines IS
    'What a charge moves, `p_bonus` of its total from bonus; with every amount negative, what giving it back moves';

CREATE FUNCTION app.charge_card(p_by app.acting, p_effect jsonb, p_card_ref text, p_checked_hash text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_raw bigint := (p_effect ->> 'raw_minor')::bigint;
    v_total bigint;
    v_discount numeric;
    v_held record;
    v_level record;
    v_refusal jsonb;
    v_code text;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = (p_effect ->> 'card_id')::uuid FOR NO KEY UPDATE;
    v_held := app.card_holdings(p_by.ledger_id, v_card.card_id);
    v_discount := v_card.fixed_discount;
    IF v_discount IS NULL THEN
        v_level := app.level_for(p_by.merchant_id, v_held.points);
        v_discount := v_level.discount;
    END IF;
    v_total := app.discounted(v_raw, v_discount);
    -- What the caller says the money is, where it is, and what the card holds must be one currency.
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    END IF;
    p_by.currency := coalesce(p_effect ->> 'currency', p_by.currency, v_card.currency);
    v_refusal := app.decide_charge(p_by, p_effect, v_card, p_card_ref, v_total, v_discount, v_held.balance_minor);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF p_card_ref IS NOT NULL THEN
        v_code := app.consume_card_code(p_by.ledger_id, p_card_ref, p_checked_hash);
        IF v_code IS NOT NULL THEN
            RETURN app.refuse(v_code);
        END IF;
    END IF;
    RETURN app.post_charge(p_by, p_effect, v_card, v_held.points, v_held.balance_minor, v_discount, v_total);
END $$;
COMMENT ON FUNCTION app.charge_card IS
    'Charge {charge_id, card_id, raw_minor, total_minor or null, currency or null, request_id, effect_hash, '
    'external_order_id, reason, tag; for a till''s order cups, vat, pickup_no}. Returns {tx_id, tx_no, card_id, card_type, '
    'member_id, discount, total_minor, points_earned, points, balance_minor} or a refusal';

CREATE FUNCTION app.post_charge(p_by app.acting, p_effect jsonb, p_card app.cards, p_points bigint, p_balance bigint,
                                p_discount numeric, p_total bigint, p_reserved app.reservations DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_aside boolean := p_reserved.reservation_id IS NOT NULL;
    v_lines app.posting_line[];
    v_raw bigint := (p_effect ->> 'raw_minor')::bigint;
    v_points bigint := 0;
    v_parts jsonb;
    v_vat jsonb := coalesce(p_effect -> 'vat', '[]');
    v_tx app.transactions;
BEGIN
    IF p_card.card_type = 'personal' THEN
        v_points := app.points_earned(v_raw, p_by.currency);
    END IF;
    IF v_aside THEN -- the lots gave it when it was set aside
        v_parts := app.parts_slice(p_reserved.parts, p_reserved.used, p_reserved.used + p_total);
        v_lines := ARRAY[app.card_line(p_card.card_id, 'principal', p_by.currency, p_total),
                         app.reserved_line(p_reserved, -p_total)]
            || app.charge_lines(p_by, p_card.card_id, 0, v_vat, p_total, v_points);
    ELSE
        v_parts := app.spend_lots(p_by.ledger_id, p_card.card_id, p_total);
        v_lines := app.charge_lines(p_by, p_card.card_id, app.amount_of(v_parts, 'bonus'), v_vat, p_total, v_points);
    END IF;
    v_tx := app.header(p_by, 'card_charged', 'ZF', p_card.card_id, p_card.member_id, p_total);
    v_tx.external_order_id := p_effect ->> 'external_order_id';
    v_tx.reason := p_effect ->> 'reason';
    v_tx.tag := p_effect -> 'tag';
    PERFORM app.post(
        v_tx, v_lines,
        jsonb_build_object('charge_id', p_effect -> 'charge_id', 'raw_minor', v_raw, 'discount', p_discount::text,
                           'points', v_points),
        jsonb_build_object('charge_id', p_effect -> 'charge_id', 'card_id', p_card.card_id, 'points', v_points,
                           'parts', v_parts)
        || CASE WHEN v_vat = '[]' THEN '{}' ELSE jsonb_build_object('vat', v_vat) END);
    INSERT INTO app.card_charges (ledger_id, charge_id, card_id, merchant_id, store_id, terminal_id, raw_minor, final_minor,
                                  discount, points, currency, request_id, fact_id, effect_hash, cashier_id, tx_id, tx_no,
                                  happened_at, recorded_at, reservation_id)
    VALUES (p_by.ledger_id, (p_effect ->> 'charge_id')::uuid, p_card.card_id, p_by.merchant_id, p_by.store_id,
            p_by.terminal_id, v_raw, p_total, p_discount, v_points, p_by.currency, p_effect ->> 'request_id', p_by.fact_id,
            decode(p_effect ->> 'effect_hash', 'hex'), p_by.cashier_id, v_tx.tx_id, v_tx.tx_no, p_by.happened_at,
            v_tx.created_at, p_reserved.reservation_id);
    IF v_aside THEN
        PERFORM app.keep_use(p_by, p_reserved, (p_effect ->> 'charge_id')::uuid, p_total, v_tx);
    END IF;
    IF p_effect ? 'cups' THEN
        PERFORM app.record_order(p_by, v_tx, (p_effect ->> 'charge_id')::uuid, NULL,
                                 p_effect || jsonb_build_object('tenders', app.card_tender(p_total)), p_total);
    ELSE
        PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id, app.card_tender(p_total));
    END IF;
    IF p_card.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(p_card.member_id, p_by.merchant_id);
    END IF;
    RETURN jsonb_build_object(
        'tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'card_id', p_card.card_id, 'card_type', p_card.card_type,
        'member_id', p_card.member_id, 'discount', p_discount::text, 'total_minor', p_total, 'points_earned', v_points,
        'points', p_points + v_points, 'balance_minor', p_balance - CASE WHEN v_aside THEN 0 ELSE p_total END);
END $$;
COMMENT ON FUNCTION app.post_charge IS
    'Take a charge that was decided from a locked card, whose points and balance these are, or out of a locked open reservation';

CREATE FUNCTION app.card_tender(p_amount bigint) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_amount = 0 THEN '[]'::jsonb
                ELSE jsonb_build_array(jsonb_build_object('kind', 'card', 'amount_minor', p_amount,
                                                          'received_minor', p_amount)) END;

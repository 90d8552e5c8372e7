-- The arithmetic of models.cards once more, where it is decided under a lock; a test compares the two on random input.
-- Whole numbers are divided as numeric: exact however large. Amounts are minor units, never negative.

CREATE FUNCTION app.divide_half_up(p_numerator numeric, p_denominator numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN div(2 * p_numerator + p_denominator, 2 * p_denominator)::bigint;

CREATE FUNCTION app.discounted(p_raw_minor bigint, p_discount numeric) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(p_raw_minor * p_discount)::bigint;
COMMENT ON FUNCTION app.discounted IS 'A price after discount, rounded once, half up (25.50 × 0.95 = 24.23)';

CREATE FUNCTION app.most_minor() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1000000000000;
COMMENT ON FUNCTION app.most_minor IS 'The most that any single figure may be (models.money.MAX_MINOR)';

CREATE FUNCTION app.minor_per_major(p_currency text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_currency IN ('CNY', 'EUR') THEN 100 END;
COMMENT ON FUNCTION app.minor_per_major IS 'NULL: not a currency that we trade in (models.money.CURRENCIES)';

CREATE FUNCTION app.points_earned(p_raw_minor bigint, p_currency text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN greatest(0, p_raw_minor) / app.minor_per_major(p_currency);
COMMENT ON FUNCTION app.points_earned IS 'One point per whole major unit of the price before discount';

CREATE FUNCTION app.points_taken_back(p_points bigint, p_final bigint, p_refunded_before bigint, p_refund bigint)
    RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_final = 0 THEN 0
                ELSE div(p_points::numeric * (p_refunded_before + p_refund), p_final)
                     - div(p_points::numeric * p_refunded_before, p_final) END::bigint;
COMMENT ON FUNCTION app.points_taken_back IS 'Cumulative: however a charge is refunded, all of it takes back all its points';

CREATE FUNCTION app.share_until(p_amount bigint, p_done bigint, p_whole bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_amount = 0 THEN 0 ELSE app.divide_half_up(p_amount::numeric * p_done, p_whole) END;
COMMENT ON FUNCTION app.share_until IS 'What of an amount belongs to the first `p_done` of `p_whole`; step by step it adds up';

CREATE FUNCTION app.clawback(
    p_principal_granted bigint, p_bonus_granted bigint, p_principal_left bigint, p_bonus_left bigint,
    p_refunded_before bigint, p_refund bigint,
    OUT from_bonus bigint, OUT from_principal bigint, OUT cash_out bigint, OUT uncollected bigint
)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    v_due bigint;
BEGIN
    IF p_refund NOT BETWEEN 1 AND p_principal_left THEN
        RETURN; -- the caller's to refuse
    END IF;
    v_due := app.share_until(p_bonus_granted, p_refunded_before + p_refund, p_principal_granted)
           - app.share_until(p_bonus_granted, p_refunded_before, p_principal_granted);
    from_bonus := least(v_due, p_bonus_left);
    from_principal := least(v_due - from_bonus, p_refund);
    cash_out := p_refund - from_principal;
    uncollected := v_due - from_bonus - from_principal;
END $$;
COMMENT ON FUNCTION app.clawback IS 'What refunding a top-up does (domain.md "Cards"); all NULL unless 0 < refund ≤ principal left';

CREATE FUNCTION app.in_proportion(p_amount bigint, p_weights bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    v_left bigint := p_amount;
    v_weight_left numeric := (SELECT coalesce(sum(w), 0) FROM unnest(p_weights) AS w);
    v_weight bigint;
    v_part bigint;
    v_parts bigint[] := '{}';
BEGIN
    IF p_amount < 0 OR p_amount > 0 AND v_weight_left = 0 OR 0 > ANY (p_weights) THEN
        RAISE EXCEPTION '% cannot be split by %', p_amount, p_weights USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH v_weight IN ARRAY p_weights LOOP
        v_part := CASE WHEN v_weight = 0 THEN 0
                       ELSE app.divide_half_up(v_left::numeric * v_weight, v_weight_left) END;
        v_parts := v_parts || v_part;
        v_left := v_left - v_part;
        v_weight_left := v_weight_left - v_weight;
    END LOOP;
    RETURN v_parts;
END $$;
COMMENT ON FUNCTION app.in_proportion IS 'Each takes its rounded share of what is left, so the parts sum to the amount';

-- The money of a card ---------------------------------------------------------------------------------------------

CREATE FUNCTION app.spend_lots(p_ledger smallint, p_card uuid, p_amount bigint) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_lots uuid[];
    v_bonus bigint[];
    v_principal bigint[];
    v_part bigint;
    v_left bigint := p_amount;
    v_parts jsonb[] := '{}';
BEGIN
    -- Two statements however many lots there are: what a charge costs is mostly the number of its statements.
    SELECT array_agg(l.lot_id), array_agg(l.bonus_left), array_agg(l.principal_left) INTO v_lots, v_bonus, v_principal
      FROM (SELECT l.lot_id, l.bonus_left, l.principal_left FROM app.card_lots AS l
             WHERE l.ledger_id = p_ledger AND l.card_id = p_card AND NOT l.spent
             ORDER BY l.opened_at, l.lot_id) AS l;
    FOR n IN 1 .. coalesce(cardinality(v_lots), 0) LOOP
        v_part := least(v_bonus[n], v_left);
        v_bonus[n] := v_part;
        IF v_part > 0 THEN
            v_left := v_left - v_part;
            v_parts := v_parts || jsonb_build_array(v_lots[n], 'bonus', v_part);
        END IF;
    END LOOP;
    FOR n IN 1 .. coalesce(cardinality(v_lots), 0) LOOP
        v_part := least(v_principal[n], v_left);
        v_principal[n] := v_part;
        IF v_part > 0 THEN
            v_left := v_left - v_part;
            v_parts := v_parts || jsonb_build_array(v_lots[n], 'principal', v_part);
        END IF;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'card % has no lots for %', p_card, p_amount USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE app.card_lots AS l SET bonus_left = l.bonus_left - t.bonus, principal_left = l.principal_left - t.principal
      FROM unnest(v_lots, v_bonus, v_principal) AS t (lot_id, bonus, principal)
     WHERE l.ledger_id = p_ledger AND l.lot_id = t.lot_id AND (t.bonus > 0 OR t.principal > 0);
    RETURN to_jsonb(v_parts);
END $$;
COMMENT ON FUNCTION app.spend_lots IS
    'Take money from a locked card''s lots: bonus first, then principal, oldest first; the parts as [[lot, bucket, amount], …]. '
    'The caller has checked the balance and posts the same amounts';

CREATE FUNCTION app.amount_of(p_parts jsonb, p_bucket text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(sum((p ->> 2)::bigint), 0)::bigint FROM jsonb_array_elements(p_parts) AS p WHERE p ->> 1 = p_bucket;
    END;
COMMENT ON FUNCTION app.amount_of IS 'The sum of the parts of a bucket';

CREATE FUNCTION app.card_holdings(p_ledger smallint, p_card uuid, OUT balance_minor bigint, OUT points bigint)
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    SELECT coalesce(sum(a.balance) FILTER (WHERE a.bucket <> 'points'), 0),
           coalesce(sum(a.balance) FILTER (WHERE a.bucket = 'points'), 0)
      INTO balance_minor, points
      FROM app.accounts AS a
     WHERE a.ledger_id = p_ledger AND a.owner_kind = 'card' AND a.owner_id = p_card
       AND a.bucket IN ('principal', 'bonus', 'points');
END $$;
COMMENT ON FUNCTION app.card_holdings IS 'Principal and bonus together, and points';

CREATE FUNCTION app.check_card(p_by app.acting, p_card app.cards, p_currency text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_member_status text;
BEGIN
    IF p_card.card_id IS NULL THEN
        RETURN app.refuse('card_unknown');
    ELSIF p_card.status IN ('frozen', 'closed') THEN
        RETURN app.refuse('card_inactive', jsonb_build_object('status', p_card.status));
    ELSIF p_card.status = 'expired' OR p_by.happened_at >= p_card.expires_at THEN
        RETURN app.refuse('card_expired', jsonb_build_object('expires_at', p_card.expires_at));
    END IF;
    IF p_card.member_id IS NOT NULL THEN
        SELECT m.status INTO v_member_status FROM app.members AS m WHERE m.member_id = p_card.member_id;
        IF v_member_status <> 'active' THEN
            RETURN app.refuse('member_inactive', jsonb_build_object('status', v_member_status));
        END IF;
    END IF;
    IF p_currency IS NULL THEN
        RETURN app.refuse('card_currency_unset');
    ELSIF p_currency <> p_card.currency OR p_currency <> p_by.currency OR app.minor_per_major(p_currency) IS NULL THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_currency));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_card IS 'May this card be used at that time, for money of this currency? NULL: yes';

CREATE FUNCTION app.check_external_order(p_by app.acting, p_external_order_id text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_merchant uuid := app.issuer(NULL, p_by.merchant_id);
    v_tx_no text;
BEGIN
    IF p_external_order_id IS NULL THEN
        RETURN NULL;
    END IF;
    -- Two cards may be charged for one order at the same moment: the second looks when the first has ended.
    PERFORM pg_advisory_xact_lock(hashtextextended(
        concat_ws('/', 'app.external_order', v_merchant::text, p_external_order_id), p_by.ledger_id));
    SELECT r.tx_no INTO v_tx_no FROM app.merchant_order_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.merchant_id = v_merchant AND r.external_order_id = p_external_order_id;
    RETURN CASE WHEN v_tx_no IS NOT NULL THEN app.refuse('external_order_used', jsonb_build_object('tx_no', v_tx_no)) END;
END $$;
COMMENT ON FUNCTION app.check_external_order IS 'Is this order of a merchant (or the operator) still without transaction? NULL: yes';

-- Accounts on the shop's side of a card: the store's at a till, the merchant's without one, else the operator's.
CREATE FUNCTION app.shop_line(p_by app.acting, p_bucket text, p_unit text, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.open_line(
        p_by.merchant_id,
        CASE WHEN p_by.store_id IS NOT NULL THEN 'store' WHEN p_by.merchant_id IS NOT NULL THEN 'merchant' ELSE 'operator' END,
        coalesce(p_by.store_id, app.issuer(NULL, p_by.merchant_id)), p_bucket, p_unit, p_delta);

CREATE FUNCTION app.card_line(p_card uuid, p_bucket text, p_unit text, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.held_line(NULL, 'card', p_card, p_bucket, p_unit, p_delta);

CREATE FUNCTION app.note_holdings(p_member uuid, p_merchant uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_known boolean;
BEGIN
    WITH known AS (
        SELECT k.merchant_id FROM app.member_merchants AS k WHERE k.member_id = p_member
    ), told AS (
        INSERT INTO app.change_log (table_name, key, merchant_id)
        SELECT 'member', p_member::text, known.merchant_id FROM known ON CONFLICT DO NOTHING
    )
    SELECT bool_or(known.merchant_id = p_merchant) INTO v_known FROM known;
    IF p_merchant IS NOT NULL AND v_known IS NOT TRUE THEN
        PERFORM app.meet_member(p_member, p_merchant);
    END IF;
END $$;
COMMENT ON FUNCTION app.note_holdings IS 'Tell the tills of every merchant that knows the member, this one from now on too';

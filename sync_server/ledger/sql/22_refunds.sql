-- Giving back (source 001 §5.3; domain.md "Cards"). A charge goes back to the lots it came from, a top-up goes out of its
-- lot. What is needed stands in the registry and on the lots, so that an archived sale stays refundable.

CREATE TYPE app.given_back AS (
    basis     jsonb,
    bonus     bigint,
    principal bigint,
    vat       jsonb
);
COMMENT ON TYPE app.given_back IS
    'The charge''s basis with what came back of each part, where this money went, and its VAT groups (negative)';

CREATE FUNCTION app.remaining(p_amounts bigint[], p_back jsonb) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(array_agg(a.amount - coalesce((p_back ->> (a.n - 1)::integer)::bigint, 0) ORDER BY a.n), '{}')
          FROM unnest(p_amounts) WITH ORDINALITY AS a (amount, n);
    END;

CREATE FUNCTION app.came_back(p_given bigint[], p_back jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(jsonb_agg(g.amount + coalesce((p_back ->> (g.n - 1)::integer)::bigint, 0) ORDER BY g.n), '[]')
          FROM unnest(p_given) WITH ORDINALITY AS g (amount, n);
    END;
COMMENT ON FUNCTION app.came_back IS 'What came back of each part so far, this time included';

-- VAT of a refund: spread over the rates in proportion, and each rate's quota cumulatively, so that the whole undoes it all.
CREATE FUNCTION app.vat_given_back(p_vat jsonb, p_back jsonb, p_given bigint[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(jsonb_agg(jsonb_build_object('rate', r.rate, 'base_minor', r.quota - r.gross, 'quota_minor', -r.quota)
                                  ORDER BY r.n), '[]')
          FROM (SELECT v.n, v.value ->> 'rate' AS rate, p_given[v.n] AS gross,
                       app.share_until((v.value ->> 'quota_minor')::bigint, done.minor + p_given[v.n], whole.minor)
                       - app.share_until((v.value ->> 'quota_minor')::bigint, done.minor, whole.minor) AS quota
                  FROM jsonb_array_elements(p_vat) WITH ORDINALITY AS v (value, n)
                 CROSS JOIN LATERAL (SELECT coalesce((p_back ->> (v.n - 1)::integer)::bigint, 0)) AS done (minor)
                 CROSS JOIN LATERAL (SELECT (v.value ->> 'base_minor')::bigint + (v.value ->> 'quota_minor')::bigint)
                            AS whole (minor)) AS r;
    END;

CREATE FUNCTION app.refill_lots(p_by app.acting, p_tx app.transactions, p_parts jsonb, p_given bigint[],
                                OUT bonus bigint, OUT principal bigint)
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_lot record;
    v_collected bigint;
    v_new_principal bigint := 0;
    v_new_bonus bigint := 0;
BEGIN
    bonus := 0;
    principal := 0;
    FOR v_lot IN
        SELECT (p.part ->> 0)::uuid AS lot_id,
               coalesce(sum(p_given[p.n]) FILTER (WHERE p.part ->> 1 = 'bonus'), 0)::bigint AS bonus,
               coalesce(sum(p_given[p.n]) FILTER (WHERE p.part ->> 1 = 'principal'), 0)::bigint AS principal
          FROM jsonb_array_elements(p_parts) WITH ORDINALITY AS p (part, n)
         GROUP BY 1 HAVING sum(p_given[p.n]) > 0 ORDER BY 1
    LOOP
        UPDATE app.card_lots AS l
           SET bonus_left = l.bonus_left + v_lot.bonus, principal_left = l.principal_left + v_lot.principal
         WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = v_lot.lot_id
           AND (l.refunded_minor = 0 OR l.refunded_minor < l.principal_granted);
        IF FOUND THEN
            bonus := bonus + v_lot.bonus;
            principal := principal + v_lot.principal;
            CONTINUE;
        END IF;
        -- The lot is gone. Bonus that was paid for with principal when its top-up was refunded comes back as principal.
        SELECT least(l.clawed_minor, v_lot.bonus) INTO v_collected FROM app.card_lots AS l
         WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = v_lot.lot_id;
        v_collected := coalesce(v_collected, 0);
        UPDATE app.card_lots AS l SET clawed_minor = l.clawed_minor - v_collected
         WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = v_lot.lot_id;
        v_new_principal := v_new_principal + v_lot.principal + v_collected;
        v_new_bonus := v_new_bonus + v_lot.bonus - v_collected;
    END LOOP;
    IF v_new_principal + v_new_bonus > 0 THEN
        INSERT INTO app.card_lots (ledger_id, lot_id, card_id, origin, tx_no, merchant_id, principal_granted, bonus_granted,
                                   principal_left, bonus_left, opened_at)
        VALUES (p_by.ledger_id, app.new_id(), p_tx.card_id, 'refund', p_tx.tx_no, p_tx.merchant_id, v_new_principal, 0,
                v_new_principal, v_new_bonus, p_by.happened_at);
    END IF;
    bonus := bonus + v_new_bonus;
    principal := principal + v_new_principal;
END $$;
COMMENT ON FUNCTION app.refill_lots IS
    'Put money back where it came from; for a lot whose top-up was fully refunded, into a new one without bonus to claw back';

CREATE FUNCTION app.give_back(p_by app.acting, p_tx app.transactions, p_basis jsonb, p_amount bigint) RETURNS app.given_back
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_result app.given_back;
    v_amounts bigint[] := ARRAY(SELECT (p.part ->> 2)::bigint FROM jsonb_array_elements(p_basis -> 'parts')
                                  WITH ORDINALITY AS p (part, n) ORDER BY p.n);
    v_gross bigint[] := ARRAY(SELECT (v.value ->> 'base_minor')::bigint + (v.value ->> 'quota_minor')::bigint
                                FROM jsonb_array_elements(p_basis -> 'vat') WITH ORDINALITY AS v (value, n) ORDER BY v.n);
    v_given bigint[];
BEGIN
    v_given := app.in_proportion(p_amount, app.remaining(v_amounts, p_basis -> 'back'));
    SELECT r.bonus, r.principal INTO v_result.bonus, v_result.principal
      FROM app.refill_lots(p_by, p_tx, p_basis -> 'parts', v_given) AS r;
    v_result.basis := p_basis || jsonb_build_object('back', app.came_back(v_given, p_basis -> 'back'));
    v_result.vat := '[]';
    IF p_basis ? 'vat' THEN
        v_given := app.in_proportion(p_amount, app.remaining(v_gross, p_basis -> 'vat_back'));
        v_result.vat := app.vat_given_back(p_basis -> 'vat', p_basis -> 'vat_back', v_given);
        v_result.basis := v_result.basis
            || jsonb_build_object('vat_back', app.came_back(v_given, p_basis -> 'vat_back'));
    END IF;
    RETURN v_result;
END $$;
COMMENT ON FUNCTION app.give_back IS 'Return part of a charge to its lots in proportion; the last part takes the remainder';

-- Posts what gives a charge back (`p_tx`: refund or reversal), and marks the charge.
CREATE FUNCTION app.post_give_back(p_by app.acting, p_tx app.transactions, p_charge app.tx_registry, p_amount bigint,
                                   p_points bigint, p_event jsonb) RETURNS app.given_back
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_given app.given_back := app.give_back(p_by, p_tx, p_charge.basis, p_amount);
BEGIN
    PERFORM app.post(p_tx, app.charge_lines(p_by, p_tx.card_id, -v_given.bonus, v_given.vat, -p_amount, -p_points),
                     p_event || jsonb_build_object('original', p_charge.tx_no, 'points', -p_points));
    PERFORM app.record_payments(p_by.ledger_id, p_tx.tx_id, p_by.merchant_id, app.card_tender(-p_amount));
    UPDATE app.tx_registry AS r
       SET refunded_minor = r.refunded_minor + p_amount, basis = v_given.basis,
           reversed_by = CASE WHEN p_tx.kind = 'reversal' THEN p_tx.tx_id END
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = p_charge.tx_no;
    UPDATE app.orders AS o SET status = 'reversed'
     WHERE o.ledger_id = p_by.ledger_id AND o.order_id = (p_charge.basis ->> 'charge_id')::uuid
       AND p_charge.refunded_minor + p_amount = p_charge.amount_minor;
    IF p_tx.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(p_tx.member_id, p_by.merchant_id);
    END IF;
    RETURN v_given;
END $$;

CREATE FUNCTION app.refund_charge(p_by app.acting, p_tx app.transactions, p_charge app.tx_registry, p_amount bigint,
                                  p_held_points bigint) RETURNS app.card_refunds
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_refund app.card_refunds;
    v_points bigint := app.points_taken_back((p_charge.basis ->> 'points')::bigint, p_charge.amount_minor,
                                             p_charge.refunded_minor, p_amount);
    v_given app.given_back;
BEGIN
    v_refund.points_taken_back := least(v_points, p_held_points);
    v_refund.points_short := v_points - v_refund.points_taken_back;
    v_given := app.post_give_back(p_by, p_tx, p_charge, p_amount, v_refund.points_taken_back,
                                  jsonb_build_object('points_short', v_refund.points_short));
    v_refund.kind := 'charge';
    v_refund.bonus_minor := v_given.bonus;
    v_refund.principal_minor := v_given.principal;
    v_refund.cash_minor := 0;
    v_refund.uncollected_minor := 0;
    RETURN v_refund;
END $$;
COMMENT ON FUNCTION app.refund_charge IS 'Points go back cumulatively and never below zero; what is missing is recorded';

CREATE FUNCTION app.refund_top_up(p_by app.acting, p_tx app.transactions, p_lot app.card_lots, p_amount bigint,
                                  p_tender text) RETURNS app.card_refunds
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_refund app.card_refunds;
    v_claw record;
BEGIN
    SELECT * INTO v_claw FROM app.clawback(p_lot.principal_granted, p_lot.bonus_granted, p_lot.principal_left,
                                           p_lot.bonus_left, p_lot.refunded_minor, p_amount);
    UPDATE app.card_lots AS l
       SET principal_left = l.principal_left - p_amount, bonus_left = l.bonus_left - v_claw.from_bonus,
           refunded_minor = l.refunded_minor + p_amount, clawed_minor = l.clawed_minor + v_claw.from_principal,
           uncollected_minor = l.uncollected_minor + v_claw.uncollected
     WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = p_lot.lot_id;
    PERFORM app.post(
        p_tx,
        ARRAY[app.card_line(p_tx.card_id, 'principal', p_tx.currency, -p_amount),
              app.card_line(p_tx.card_id, 'bonus', p_tx.currency, -v_claw.from_bonus),
              app.shop_line(p_by, 'issued', p_tx.currency, v_claw.cash_out + v_claw.from_bonus),
              app.shop_line(p_by, 'forfeited', p_tx.currency, v_claw.from_principal),
              app.shop_line(p_by, 'tender/' || p_tender, p_tx.currency, -v_claw.cash_out),
              app.shop_line(p_by, 'stored_value', p_tx.currency, v_claw.cash_out)],
        jsonb_build_object('original', p_lot.tx_no, 'cash_minor', v_claw.cash_out, 'uncollected_minor', v_claw.uncollected));
    IF v_claw.cash_out > 0 THEN
        PERFORM app.record_payments(p_by.ledger_id, p_tx.tx_id, p_by.merchant_id, jsonb_build_array(jsonb_build_object(
            'kind', p_tender, 'amount_minor', -v_claw.cash_out, 'received_minor', -v_claw.cash_out)));
    END IF;
    UPDATE app.tx_registry AS r SET refunded_minor = r.refunded_minor + p_amount
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = p_lot.tx_no;
    IF p_tx.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(p_tx.member_id, p_by.merchant_id);
    END IF;
    v_refund.kind := 'top_up';
    v_refund.bonus_minor := v_claw.from_bonus;
    v_refund.principal_minor := v_claw.from_principal;
    v_refund.cash_minor := v_claw.cash_out;
    v_refund.uncollected_minor := v_claw.uncollected;
    v_refund.points_taken_back := 0;
    v_refund.points_short := 0;
    RETURN v_refund;
END $$;
COMMENT ON FUNCTION app.refund_top_up IS
    'Money out of a lot, its bonus clawed back in proportion: `bonus_minor` from bonus, `principal_minor` kept from principal';

CREATE FUNCTION app.check_refund(p_by app.acting, p_effect jsonb, p_original app.tx_registry, p_card app.cards, p_left bigint)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
BEGIN
    IF p_left IS NULL OR p_original.reversed_by IS NOT NULL THEN
        RETURN app.refuse('refund_not_allowed', jsonb_build_object('kind', p_original.kind));
    ELSIF p_card.status = 'closed' THEN
        RETURN app.refuse('card_inactive', jsonb_build_object('status', p_card.status));
    ELSIF p_effect ->> 'currency' <> p_original.currency OR p_by.currency <> p_original.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_original.currency));
    ELSIF v_amount IS NULL OR v_amount NOT BETWEEN 1 AND app.most_minor() THEN
        RETURN app.refuse('amount_invalid', jsonb_build_object('amount', p_effect -> 'amount_minor'));
    ELSIF v_amount > p_left THEN
        RETURN app.refuse('refund_exceeds', jsonb_build_object('left_minor', p_left, 'amount_minor', v_amount));
    END IF;
    PERFORM FROM app.card_refunds AS f
      WHERE f.ledger_id = p_by.ledger_id AND f.refund_id = (p_effect ->> 'refund_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('refund_id', p_effect -> 'refund_id'));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_refund IS 'May this much be given back? `p_left` NULL: nothing of this kind ever. NULL: yes';

CREATE FUNCTION app.refund_tx(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_amount bigint := (p_effect ->> 'amount_minor')::bigint;
    v_original app.tx_registry%ROWTYPE;
    v_card_id uuid;
    v_card app.cards%ROWTYPE;
    v_lot app.card_lots%ROWTYPE;
    v_top_up app.card_top_ups%ROWTYPE;
    v_tender text;
    v_held record;
    v_refusal jsonb;
    v_tx app.transactions;
    v_refund app.card_refunds;
BEGIN
    SELECT * INTO v_original FROM app.tx_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = p_effect ->> 'original_tx_no';
    IF NOT FOUND OR v_original.merchant_id IS DISTINCT FROM p_by.merchant_id THEN
        RETURN app.refuse('transaction_unknown', jsonb_build_object('tx_no', p_effect -> 'original_tx_no'));
    END IF;
    IF v_original.kind = 'topped_up' THEN
        SELECT * INTO v_top_up FROM app.card_top_ups AS t
         WHERE t.ledger_id = p_by.ledger_id AND t.tx_no = v_original.tx_no;
        v_card_id := v_top_up.card_id;
        v_tender := coalesce(p_effect ->> 'tender', v_top_up.method);
    ELSIF v_original.kind = 'card_charged' THEN
        v_card_id := (v_original.basis ->> 'card_id')::uuid;
    END IF;
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = v_card_id FOR NO KEY UPDATE;
    -- The lock is ours: what we read before it may be old.
    SELECT * INTO v_lot FROM app.card_lots AS l
     WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = v_top_up.top_up_id FOR NO KEY UPDATE;
    SELECT * INTO v_original FROM app.tx_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = v_original.tx_no FOR NO KEY UPDATE;
    v_refusal := app.check_refund(p_by, p_effect, v_original, v_card,
                                  CASE v_original.kind WHEN 'topped_up' THEN v_lot.principal_left
                                      WHEN 'card_charged' THEN v_original.amount_minor - v_original.refunded_minor END);
    IF v_refusal IS NULL AND v_original.kind = 'topped_up' THEN
        v_refusal := app.check_card(p_by, v_card, v_original.currency); -- money leaves the card
        IF v_refusal IS NULL AND v_tender IN ('card', 'mixed') THEN
            v_refusal := app.refuse('tender_not_allowed', jsonb_build_object('kind', v_tender));
        END IF;
    ELSIF v_refusal IS NULL AND p_effect ->> 'tender' IS NOT NULL THEN
        -- A charge goes back to its card.
        v_refusal := app.refuse('tender_not_allowed', jsonb_build_object('kind', left(p_effect ->> 'tender', 40)));
    END IF;
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;

    SELECT * INTO v_held FROM app.card_holdings(p_by.ledger_id, v_card_id);
    p_by.currency := v_original.currency;
    v_tx := app.header(p_by, CASE v_original.kind WHEN 'topped_up' THEN 'topup_refunded' ELSE 'charge_refunded' END, 'TK',
                       v_card_id, v_card.member_id, -v_amount);
    v_tx.reverses := v_original.tx_id;
    v_tx.reason := p_effect ->> 'reason';
    v_tx.tag := p_effect -> 'tag';
    v_refund := CASE v_original.kind
        WHEN 'topped_up' THEN app.refund_top_up(p_by, v_tx, v_lot, v_amount, v_tender)
        ELSE app.refund_charge(p_by, v_tx, v_original, v_amount, v_held.points) END;
    PERFORM app.keep_refund(p_by, v_tx, p_effect, v_refund, v_tender);
    RETURN jsonb_build_object(
        'tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'kind', v_refund.kind, 'amount_minor', v_amount,
        'bonus_minor', v_refund.bonus_minor, 'principal_minor', v_refund.principal_minor, 'cash_minor', v_refund.cash_minor,
        'uncollected_minor', v_refund.uncollected_minor, 'points_taken_back', v_refund.points_taken_back,
        'balance_minor', v_held.balance_minor + CASE v_refund.kind WHEN 'charge' THEN v_amount
                                                    ELSE -v_amount - v_refund.bonus_minor END,
        'card_id', v_card_id, 'member_id', v_card.member_id);
END $$;
COMMENT ON FUNCTION app.refund_tx IS
    'Refund {refund_id, original_tx_no, amount_minor, tender or null (as it was paid; a charge: null), currency or null, reason, tag, '
    'request_id, effect_hash} of a charge or a top-up of the same merchant. Returns {tx_id, tx_no, kind, amount_minor, '
    'bonus_minor, principal_minor, cash_minor, uncollected_minor, points_taken_back, balance_minor, card_id, member_id}';

CREATE FUNCTION app.keep_refund(p_by app.acting, p_tx app.transactions, p_effect jsonb, p_refund app.card_refunds,
                                p_tender text) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO app.card_refunds (
            ledger_id, refund_id, kind, original_tx_no, card_id, merchant_id, store_id, terminal_id, amount_minor,
            bonus_minor, principal_minor, cash_minor, uncollected_minor, points_taken_back, points_short, tender, reason,
            request_id, fact_id, effect_hash, cashier_id, tx_id, tx_no, happened_at, recorded_at)
        VALUES (
            p_by.ledger_id, (p_effect ->> 'refund_id')::uuid, p_refund.kind, p_effect ->> 'original_tx_no', p_tx.card_id,
            p_by.merchant_id, p_by.store_id, p_by.terminal_id, -p_tx.amount_minor, p_refund.bonus_minor,
            p_refund.principal_minor, p_refund.cash_minor, p_refund.uncollected_minor, p_refund.points_taken_back,
            p_refund.points_short, p_tender, p_effect ->> 'reason', p_effect ->> 'request_id', p_by.fact_id,
            decode(p_effect ->> 'effect_hash', 'hex'), p_by.cashier_id, p_tx.tx_id, p_tx.tx_no, p_by.happened_at,
            p_tx.created_at);
    END;

-- A till gave up on a request that had succeeded: everything as before. What was refunded meanwhile stays refunded.
CREATE FUNCTION app.take_back_charge(p_by app.acting, p_charge app.card_charges, p_reason text) RETURNS app.transactions
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_original app.tx_registry%ROWTYPE;
    v_left bigint;
    v_due bigint;
    v_held record;
    v_tx app.transactions;
BEGIN
    SELECT * INTO STRICT v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = p_charge.card_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT v_original FROM app.tx_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = p_charge.tx_no FOR NO KEY UPDATE;
    IF v_original.reversed_by IS NOT NULL THEN
        RAISE EXCEPTION '% was reversed before', v_original.tx_no USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO v_held FROM app.card_holdings(p_by.ledger_id, p_charge.card_id);
    v_left := v_original.amount_minor - v_original.refunded_minor;
    v_due := p_charge.points - app.points_taken_back(p_charge.points, v_original.amount_minor, 0, v_original.refunded_minor);
    p_by.merchant_id := p_charge.merchant_id;
    p_by.store_id := p_charge.store_id;
    p_by.currency := p_charge.currency;
    v_tx := app.header(p_by, 'reversal', 'TK', p_charge.card_id, v_card.member_id, -v_left);
    v_tx.reverses := v_original.tx_id;
    v_tx.reason := p_reason;
    PERFORM app.post_give_back(p_by, v_tx, v_original, v_left, least(v_due, v_held.points),
                               jsonb_build_object('reason', p_reason, 'points_short', greatest(0, v_due - v_held.points)));
    UPDATE app.card_charges AS g SET reversed_by = v_tx.tx_id
     WHERE g.ledger_id = p_by.ledger_id AND g.charge_id = p_charge.charge_id;
    RETURN v_tx;
END $$;

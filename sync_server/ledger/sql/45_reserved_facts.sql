-- What tills say of the reservations they held (sync.md rung 2): facts are never refused, and their order is the chain's. What
-- is set aside pays; what HQ freed at its own risk is taken from what is free; all else is lost by name, and HQ is told.

CREATE FUNCTION app.still_aside(p_reservation app.reservations) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_reservation.status
        WHEN 'open' THEN p_reservation.amount - p_reservation.used - p_reservation.returned ELSE 0 END;
COMMENT ON FUNCTION app.still_aside IS 'What a reservation can still pay: 0 for a closed one and for none';

-- The reservation that an effect cites, locked, when it is this terminal's and of this source; else all NULL.
CREATE FUNCTION app.cited_reservation(p_by app.acting, p_effect jsonb, p_source uuid) RETURNS app.reservations
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reservation app.reservations := app.lock_reservation(
        p_by.ledger_id, (p_effect ->> 'reservation_id')::uuid, p_by.terminal_id);
BEGIN
    RETURN CASE WHEN v_reservation.source_id = p_source THEN v_reservation END;
END $$;

CREATE FUNCTION app.open_reservation_of(p_by app.acting, p_effect jsonb, p_source uuid) RETURNS app.reservations
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reservation app.reservations;
BEGIN
    IF p_effect ->> 'reservation_id' IS NOT NULL THEN
        v_reservation := app.cited_reservation(p_by, p_effect, p_source);
    END IF;
    RETURN CASE WHEN app.still_aside(v_reservation) > 0 THEN v_reservation END;
END $$;

-- Nothing in a fact proves an id that this database does not know: it waits for a person. Ids begin with the milliseconds of
-- their making (app.new_id), so HQ can be told that a restore may have forgotten this one.
CREATE FUNCTION app.unknown_reservation(p_by app.acting, p_reservation uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    p_by.happened_at := to_timestamp(
        ('x' || substr(replace(p_reservation::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0);
    RETURN app.refuse('reservation_unknown', jsonb_build_object(
        'reservation_id', p_reservation,
        'maybe_lost', p_reservation IS NOT NULL AND app.check_lost(p_by) IS NULL));
END $$;
COMMENT ON FUNCTION app.unknown_reservation IS
    'The refusal of what cites none that is known; `maybe_lost`: by its id it may be of a time that a restore lost';

-- At most what HQ freed of it at its own risk, and this till has not claimed since; of a pass, while it has not begun anew.
CREATE FUNCTION app.free_for(p_reservation app.reservations, p_free bigint, p_start_no integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_reservation.start_no IS NOT DISTINCT FROM p_start_no
                THEN least(p_free, coalesce(p_reservation.at_risk, 0)) ELSE 0 END;
COMMENT ON FUNCTION app.free_for IS 'How much of what is free (`p_free`) may pay for what a till has spent of this reservation';

CREATE FUNCTION app.count_claimed(p_reservation app.reservations, p_amount bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.reservations AS r SET at_risk = greatest(0, r.at_risk - p_amount)
     WHERE r.ledger_id = p_reservation.ledger_id AND r.reservation_id = p_reservation.reservation_id AND r.at_risk > 0;
END $$;
COMMENT ON FUNCTION app.count_claimed IS 'The till has counted so much more of it as used, whoever paid for that';

CREATE FUNCTION app.why_not_aside(p_by app.acting, p_reservation app.reservations, p_amount bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_reservation.reservation_id IS NULL THEN 'unknown'
                WHEN p_reservation.status <> 'open' THEN 'closed'
                WHEN p_amount > app.still_aside(p_reservation) THEN 'exceeded'
                WHEN p_by.happened_at >= p_reservation.expires_at THEN 'late' END;
COMMENT ON FUNCTION app.why_not_aside IS 'Why HQ must hear of what a till has spent of a reservation. NULL: all is well';

CREATE FUNCTION app.alarm_reserved(p_by app.acting, p_effect jsonb, p_why text, p_amount bigint, p_tx_no text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_why IS NOT NULL THEN
        PERFORM app.note_event(
            p_by.ledger_id, CASE p_why WHEN 'late' THEN 'reservation_late' ELSE 'reservation_overspent' END, 'alarm',
            p_by.terminal_id, p_by.merchant_id, NULL, p_effect ->> 'reservation_id',
            jsonb_build_object('why', p_why, 'amount', p_amount, 'tx_no', p_tx_no));
    END IF;
END $$;

CREATE FUNCTION app.redeem_reserved(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_uses bigint := (p_effect ->> 'uses')::bigint;
    v_pass app.member_passes%ROWTYPE;
    v_reserved app.reservations;
    v_free bigint;
    v_why text;
    v_result jsonb;
BEGIN
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id
       AND p.pass_id = app.resolve_pass(p_by.ledger_id, (p_effect ->> 'pass_id')::uuid) FOR UPDATE;
    v_reserved := app.cited_reservation(p_by, p_effect, v_pass.pass_id);
    v_why := app.why_not_aside(p_by, v_reserved, v_uses);
    v_result := CASE
        WHEN v_pass.pass_id IS NULL
        THEN app.refuse('pass_unknown', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN v_pass.merchant_id <> p_by.merchant_id
        THEN app.refuse('pass_other_merchant', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN v_pass.member_id <> (p_effect ->> 'member_id')::uuid
        THEN app.refuse('pass_other_member', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN p_effect ->> 'currency' <> p_by.currency OR v_pass.currency <> p_by.currency
        THEN app.refuse('currency_mismatch', jsonb_build_object('currency', v_pass.currency))
        WHEN EXISTS (SELECT FROM app.pass_redemption_batches AS b
                      WHERE b.ledger_id = p_by.ledger_id AND b.redemption_id = (p_effect ->> 'redemption_id')::uuid)
        THEN app.refuse('content_differs', jsonb_build_object('redemption_id', p_effect -> 'redemption_id'))
        WHEN v_why = 'unknown' THEN app.unknown_reservation(p_by, (p_effect ->> 'reservation_id')::uuid) END;
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    -- The till was promised these uses: no state of the pass and no limit of its plan takes them back. More than was promised
    -- is nobody's but the till's: it does not touch what is free.
    v_free := app.free_for(v_reserved, app.balance_of(p_by.ledger_id, v_pass.pass_id), v_pass.start_no);
    v_result := app.post_use(p_by, p_effect, v_pass, v_free, v_reserved,
                             least(v_uses, app.still_aside(v_reserved)))
        || jsonb_build_object('uses_left', app.balance_of(p_by.ledger_id, v_pass.pass_id));
    PERFORM app.count_claimed(v_reserved, v_uses);
    PERFORM app.alarm_reserved(p_by, p_effect, v_why, v_uses, v_result ->> 'tx_no');
    PERFORM app.finish_reservation(p_by, v_reserved.reservation_id);
    RETURN v_result;
END $$;
COMMENT ON FUNCTION app.redeem_reserved IS 'Uses that a till took from what was set aside for it';

-- A card pays whole or not at all: what its reservation cannot pay, its balance pays as far as HQ freed the reservation
-- at its own risk, and else it is a loss.
CREATE FUNCTION app.charge_reserved(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_reserved app.reservations;
    v_discount numeric := (p_effect ->> 'discount')::numeric;
    v_total bigint := (p_effect ->> 'total_minor')::bigint;
    v_held record;
    v_why text;
    v_result jsonb;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = (p_effect ->> 'card_id')::uuid FOR NO KEY UPDATE;
    v_held := app.card_holdings(p_by.ledger_id, v_card.card_id);
    v_reserved := app.cited_reservation(p_by, p_effect, v_card.card_id);
    v_why := app.why_not_aside(p_by, v_reserved, v_total);
    v_result := CASE
        WHEN v_card.card_id IS NULL THEN app.refuse('card_unknown')
        WHEN p_effect ->> 'currency' <> p_by.currency OR v_card.currency <> p_by.currency
        THEN app.refuse('currency_mismatch', jsonb_build_object('currency', v_card.currency))
        WHEN EXISTS (SELECT FROM app.card_charges AS g
                      WHERE g.ledger_id = p_by.ledger_id AND g.charge_id = (p_effect ->> 'charge_id')::uuid)
        THEN app.refuse('content_differs', jsonb_build_object('charge_id', p_effect -> 'charge_id'))
        WHEN v_why = 'unknown' THEN app.unknown_reservation(p_by, (p_effect ->> 'reservation_id')::uuid)
        WHEN v_total <> app.discounted((p_effect ->> 'raw_minor')::bigint, v_discount) OR v_discount <> v_reserved.discount
        THEN app.refuse('arithmetic_wrong')
        ELSE app.check_order_free(p_by.ledger_id, p_effect ->> 'charge_id') END;
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := CASE
        WHEN v_total <= app.still_aside(v_reserved) THEN app.post_charge(
            p_by, p_effect, v_card, v_held.points, v_held.balance_minor, v_discount, v_total, v_reserved)
        WHEN v_total <= app.free_for(v_reserved, v_held.balance_minor, NULL) THEN app.post_charge(
            p_by, p_effect, v_card, v_held.points, v_held.balance_minor, v_discount, v_total)
        ELSE app.lose_charge(p_by, p_effect) END;
    PERFORM app.count_claimed(v_reserved, v_total);
    PERFORM app.alarm_reserved(p_by, p_effect, v_why, v_total, v_result ->> 'tx_no');
    PERFORM app.finish_reservation(p_by, v_reserved.reservation_id);
    RETURN v_result;
END $$;
COMMENT ON FUNCTION app.charge_reserved IS 'An order that a till was paid with what was set aside for it of a card';

-- The till had no answer and took from its reservation; the grant came all the same. One of both has paid: the grant. What
-- the till counts as used goes back with the rest.
CREATE FUNCTION app.count_confirmed(p_by app.acting, p_effect jsonb, p_amount bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reserved app.reservations := app.lock_reservation(
        p_by.ledger_id, (p_effect ->> 'reservation_id')::uuid, p_by.terminal_id);
BEGIN
    UPDATE app.reservations AS r
       SET confirmed = least(r.confirmed + p_amount, app.still_aside(v_reserved))
     WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = v_reserved.reservation_id AND r.status = 'open';
    PERFORM app.count_claimed(v_reserved, p_amount);
    PERFORM app.finish_reservation(p_by, v_reserved.reservation_id);
END $$;

CREATE FUNCTION app.finish_reservation(p_by app.acting, p_reservation uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reserved app.reservations%ROWTYPE;
BEGIN
    SELECT * INTO v_reserved FROM app.reservations AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = p_reservation AND r.status = 'open'
       AND r.confirmed > 0 AND r.used + r.returned + r.confirmed = r.amount;
    IF FOUND THEN
        p_by.key := p_by.key || '/rest'; -- a second effect of its fact, with an answer of its own
        PERFORM app.keep_outcome(p_by, p_by.key, NULL, NULL,
                                 app.outcome_of(app.return_rest(p_by, v_reserved, 'answered_late')));
    END IF;
END $$;
COMMENT ON FUNCTION app.finish_reservation IS
    'Close a reservation of which its till has counted all as used, while something else has answered for some of it';

-- What the till has used, and HQ has not yet posted (a held fact), stays set aside until a person decides; a reservation that
-- is not this terminal's, or has ended, gives nothing back. That it was given up is recorded all the same.
CREATE FUNCTION app.close_by_fact(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reserved app.reservations := app.lock_reservation(
        p_by.ledger_id, (p_effect ->> 'reservation_id')::uuid, p_by.terminal_id);
    v_left bigint := app.still_aside(v_reserved);
    v_keep bigint := least(v_left, greatest(
        0, (p_effect ->> 'used')::bigint - v_reserved.used - v_reserved.confirmed));
BEGIN
    IF coalesce(v_left, 0) = 0 THEN
        RETURN '{}';
    END IF;
    UPDATE app.reservations AS r SET given_up_at = p_by.happened_at
     WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = v_reserved.reservation_id;
    IF v_keep = v_left THEN
        RETURN '{}';
    END IF;
    RETURN app.return_rest(p_by, v_reserved, p_effect ->> 'reason', v_keep);
END $$;
COMMENT ON FUNCTION app.close_by_fact IS 'Its till has given a reservation up: what it has not used goes back';

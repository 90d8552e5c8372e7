-- Corrections that no other act explains: one person proposes, another decides (ledger.md "Functions"). What belongs to
-- the operator (cards, tickets, beans, silver) the operator's people decide; passes and fragments their merchant's too.

CREATE FUNCTION app.is_known(p_member uuid, p_merchant uuid) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN CASE WHEN auth.role() = 'platform' THEN EXISTS (SELECT FROM app.members AS m WHERE m.member_id = p_member)
                ELSE EXISTS (SELECT FROM app.member_merchants AS k
                              WHERE k.member_id = p_member AND k.merchant_id = p_merchant) END;
COMMENT ON FUNCTION app.is_known IS 'Does the caller know this member: the operator all, a merchant''s people those it has dealt with';

CREATE FUNCTION app.check_adjustment(p_adjustment app.adjustments) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
    v_card app.cards%ROWTYPE;
    v_held bigint;
    v_refusal jsonb;
BEGIN
    IF p_adjustment.owner_kind = 'pass' THEN
        SELECT * INTO v_pass FROM app.member_passes AS p
         WHERE p.ledger_id = p_adjustment.ledger_id AND p.pass_id = p_adjustment.owner_id
           AND p.merchant_id = p_adjustment.merchant_id;
        v_held := app.balance_of(p_adjustment.ledger_id, v_pass.pass_id);
        v_refusal := CASE
            WHEN v_pass.pass_id IS NULL THEN app.refuse('pass_unknown')
            WHEN p_adjustment.bucket <> 'uses' THEN app.refuse('request_malformed', jsonb_build_object('field', 'bucket'))
            WHEN v_pass.status = 'revoked' AND p_adjustment.delta > 0 THEN app.refuse('pass_revoked')
            WHEN v_pass.uses_bought + p_adjustment.delta > app.most_units() THEN app.refuse('amount_invalid') END;
    ELSIF p_adjustment.owner_kind = 'card' THEN
        SELECT * INTO v_card FROM app.cards AS c
         WHERE c.ledger_id = p_adjustment.ledger_id AND c.card_id = p_adjustment.owner_id
           AND (auth.role() = 'platform' OR app.is_known(c.member_id, p_adjustment.merchant_id));
        v_held := app.balance(p_adjustment.ledger_id, 'card', v_card.card_id, p_adjustment.bucket, p_adjustment.unit);
        v_refusal := CASE
            WHEN v_card.card_id IS NULL THEN app.refuse('card_unknown')
            WHEN v_card.status = 'closed' THEN app.refuse('card_inactive', jsonb_build_object('status', v_card.status))
            WHEN NOT p_adjustment.bucket = ANY (
                CASE v_card.card_type WHEN 'personal' THEN ARRAY['principal', 'bonus', 'points'] ELSE ARRAY['principal'] END)
            THEN app.refuse('request_malformed', jsonb_build_object('field', 'bucket'))
            WHEN p_adjustment.bucket <> 'points' AND (
                app.minor_per_major(p_adjustment.unit) IS NULL OR p_adjustment.unit <> v_card.currency)
            THEN app.refuse('currency_mismatch', jsonb_build_object('currency', v_card.currency)) END;
    ELSIF p_adjustment.owner_kind = 'member' THEN
        v_held := app.balance(p_adjustment.ledger_id, 'member', p_adjustment.owner_id, p_adjustment.bucket, p_adjustment.unit);
        v_refusal := CASE WHEN p_adjustment.unit IS NULL
                          THEN app.refuse('request_malformed', jsonb_build_object('field', 'bucket'))
                          WHEN NOT app.is_known(p_adjustment.owner_id, p_adjustment.merchant_id)
                          THEN app.refuse('member_unknown') END;
    ELSE
        v_refusal := app.refuse('request_malformed', jsonb_build_object('field', 'owner_kind'));
    END IF;
    RETURN CASE WHEN v_refusal IS NOT NULL THEN v_refusal
                WHEN v_held + p_adjustment.delta < 0 THEN app.refuse(
                    CASE WHEN p_adjustment.bucket IN ('principal', 'bonus') THEN 'balance_insufficient'
                         ELSE 'units_insufficient' END, jsonb_build_object('balance', v_held)) END;
END $$;
COMMENT ON FUNCTION app.check_adjustment IS 'Can this be done as things stand? NULL: yes';

CREATE FUNCTION app.propose_adjustment(p_ledger smallint, p_key text, p_content_hash bytea, p_merchant uuid,
                                       p_owner_kind text, p_owner uuid, p_bucket text, p_currency text, p_delta numeric,
                                       p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], p_merchant);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    v_new app.adjustments;
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    p_owner := CASE p_owner_kind WHEN 'member' THEN app.resolve_member(p_owner) ELSE p_owner END;
    v_new.ledger_id := p_ledger;
    v_new.adjustment_id := app.new_id();
    v_new.merchant_id := p_merchant;
    v_new.owner_kind := p_owner_kind;
    v_new.owner_id := p_owner;
    v_new.delta := CASE WHEN app.is_amount(abs(p_delta)) THEN p_delta END;
    v_new.unit := CASE p_owner_kind
        WHEN 'card' THEN CASE p_bucket WHEN 'points' THEN 'point' ELSE p_currency END
        WHEN 'member' THEN app.held_unit(p_bucket, p_merchant)
        WHEN 'pass' THEN (SELECT app.use_unit(p.plan_id) FROM app.member_passes AS p
                           WHERE p.ledger_id = p_ledger AND p.pass_id = p_owner) END;
    v_new.bucket := CASE p_owner_kind WHEN 'member' THEN v_new.unit ELSE p_bucket END;
    v_result := CASE WHEN v_new.delta IS NULL THEN app.refuse('amount_invalid')
                     ELSE coalesce(app.check_reason(p_reason), app.check_adjustment(v_new)) END;
    IF v_result IS NULL THEN
        INSERT INTO app.adjustments (ledger_id, adjustment_id, merchant_id, owner_kind, owner_id, bucket, unit, delta, reason,
                                     status, proposed_by, proposed_at)
        VALUES (p_ledger, v_new.adjustment_id, p_merchant, p_owner_kind, p_owner, v_new.bucket, v_new.unit, v_new.delta,
                p_reason, 'proposed', v_by.principal_id, v_by.happened_at);
        PERFORM app.note_event(p_ledger, 'adjustment_proposed', 'info', v_by.principal_id, p_merchant, NULL,
                               v_new.adjustment_id::text, jsonb_build_object(
                                   'owner_kind', p_owner_kind, 'owner_id', p_owner, 'bucket', v_new.bucket,
                                   'unit', v_new.unit, 'delta', v_new.delta));
        v_result := jsonb_build_object('adjustment_id', v_new.adjustment_id);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.propose_adjustment IS
    'Propose to change what a card (bucket principal, bonus, points), a member (ticket, bean, silver, fragment/<kind>) or a '
    'pass (uses) holds by `p_delta`; nothing moves before another person agrees. Returns {outcome, adjustment_id}';

-- Deciding ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.take_from_lots(p_ledger smallint, p_card uuid, p_bucket text, p_amount bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_lot record;
    v_left bigint := p_amount;
    v_part bigint;
BEGIN
    FOR v_lot IN
        SELECT l.lot_id, CASE p_bucket WHEN 'bonus' THEN l.bonus_left ELSE l.principal_left END AS held
          FROM app.card_lots AS l
         WHERE l.ledger_id = p_ledger AND l.card_id = p_card AND NOT l.spent
         ORDER BY l.opened_at, l.lot_id
    LOOP
        v_part := least(v_left, v_lot.held);
        CONTINUE WHEN v_part = 0;
        UPDATE app.card_lots AS l
           SET bonus_left = l.bonus_left - CASE p_bucket WHEN 'bonus' THEN v_part ELSE 0 END,
               principal_left = l.principal_left - CASE p_bucket WHEN 'bonus' THEN 0 ELSE v_part END
         WHERE l.ledger_id = p_ledger AND l.lot_id = v_lot.lot_id;
        v_left := v_left - v_part;
    END LOOP;
    IF v_left > 0 THEN
        RAISE EXCEPTION 'card % has no lots for %', p_card, p_amount USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;
COMMENT ON FUNCTION app.take_from_lots IS 'Take one bucket''s money from a locked card''s lots, oldest first';

CREATE FUNCTION app.adjust_lots(p_adjustment app.adjustments, p_tx app.transactions) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_principal bigint := CASE p_adjustment.bucket WHEN 'principal' THEN p_adjustment.delta ELSE 0 END;
    v_bonus bigint := CASE p_adjustment.bucket WHEN 'bonus' THEN p_adjustment.delta ELSE 0 END;
BEGIN
    IF p_adjustment.delta < 0 THEN
        PERFORM app.take_from_lots(p_tx.ledger_id, p_adjustment.owner_id, p_adjustment.bucket, -p_adjustment.delta);
        RETURN;
    END IF;
    UPDATE app.cards AS c SET currency = p_adjustment.unit
     WHERE c.ledger_id = p_tx.ledger_id AND c.card_id = p_adjustment.owner_id AND c.currency IS NULL;
    INSERT INTO app.card_lots (ledger_id, lot_id, card_id, origin, tx_no, merchant_id, principal_granted, bonus_granted,
                               principal_left, bonus_left, opened_at)
    VALUES (p_tx.ledger_id, app.new_id(), p_adjustment.owner_id, 'adjustment', p_tx.tx_no, p_tx.merchant_id, v_principal,
            v_bonus, v_principal, v_bonus, p_tx.created_at);
END $$;
COMMENT ON FUNCTION app.adjust_lots IS 'Keep a card''s lots equal to its balances: more is a lot of its own, less comes off the oldest';

CREATE FUNCTION app.post_adjustment(p_by app.acting, p_adjustment app.adjustments) RETURNS app.transactions
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_money boolean := p_adjustment.bucket IN ('principal', 'bonus');
    v_member uuid;
    v_line app.posting_line;
    v_tx app.transactions;
BEGIN
    p_by.currency := CASE WHEN v_money THEN p_adjustment.unit END;
    IF p_adjustment.owner_kind = 'pass' THEN
        UPDATE app.member_passes AS p SET uses_bought = p.uses_bought + p_adjustment.delta
         WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = p_adjustment.owner_id
        RETURNING p.member_id INTO v_member;
        v_line := app.pass_line(p_adjustment.merchant_id, p_adjustment.owner_id, app.plan_of(p_adjustment.unit),
                                p_adjustment.delta);
        PERFORM app.note_change('pass', p_adjustment.owner_id::text, p_adjustment.merchant_id, NULL);
    ELSE
        SELECT c.member_id INTO v_member FROM app.cards AS c
         WHERE c.ledger_id = p_by.ledger_id AND c.card_id = p_adjustment.owner_id;
        v_member := CASE p_adjustment.owner_kind WHEN 'member' THEN p_adjustment.owner_id ELSE v_member END;
        v_line := app.held_line(
            CASE WHEN p_adjustment.unit LIKE 'fragment/%' THEN p_adjustment.merchant_id END, p_adjustment.owner_kind,
            p_adjustment.owner_id, p_adjustment.bucket, p_adjustment.unit, p_adjustment.delta);
    END IF;
    v_tx := app.header(p_by, 'adjusted', 'TZ', CASE p_adjustment.owner_kind WHEN 'card' THEN p_adjustment.owner_id END,
                       v_member, CASE WHEN v_money THEN p_adjustment.delta ELSE 0 END);
    v_tx.reason := p_adjustment.reason;
    IF v_money THEN
        PERFORM app.adjust_lots(p_adjustment, v_tx);
    END IF;
    IF p_adjustment.owner_kind = 'card' AND v_member IS NOT NULL THEN
        PERFORM app.note_holdings(v_member, NULL);
    END IF;
    PERFORM app.post(
        v_tx, ARRAY[v_line, app.house_line(p_adjustment.merchant_id, 'adjusted', p_adjustment.unit, -p_adjustment.delta)],
        jsonb_build_object('adjustment_id', p_adjustment.adjustment_id, 'proposed_by', p_adjustment.proposed_by,
                           'bucket', p_adjustment.bucket, 'delta', p_adjustment.delta));
    RETURN v_tx;
END $$;

-- Whose business a decision is: of an adjustment that nobody may see or that is not, the operator's.
CREATE FUNCTION app.acting_decider(p_ledger smallint, p_adjustment app.adjustments) RETURNS app.acting
    LANGUAGE sql STABLE
    RETURN app.acting_principal(
        p_ledger,
        CASE WHEN p_adjustment.owner_kind = 'pass' OR p_adjustment.unit LIKE 'fragment/%' THEN ARRAY['platform', 'staff']
             ELSE ARRAY['platform'] END,
        p_adjustment.merchant_id);

CREATE FUNCTION app.lock_adjusted(p_adjustment app.adjustments) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_adjustment.owner_kind = 'member' THEN
        PERFORM FROM app.members AS m WHERE m.member_id = p_adjustment.owner_id FOR NO KEY UPDATE;
        PERFORM FROM app.accounts AS a
          WHERE a.ledger_id = p_adjustment.ledger_id AND a.account_id = app.account_id(
                'member', p_adjustment.owner_id, p_adjustment.bucket, p_adjustment.unit) FOR NO KEY UPDATE;
    ELSE
        PERFORM app.lock_source(p_adjustment.ledger_id, p_adjustment.owner_kind, p_adjustment.owner_id);
    END IF;
END $$;

CREATE FUNCTION app.decide_adjustment(p_ledger smallint, p_key text, p_content_hash bytea, p_adjustment uuid,
                                      p_approve boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_adjustment app.adjustments%ROWTYPE;
    v_by app.acting;
    v_result jsonb;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_adjustment FROM app.adjustments AS a WHERE a.ledger_id = p_ledger AND a.adjustment_id = p_adjustment;
    v_by := app.acting_decider(p_ledger, v_adjustment);
    PERFORM app.lock_adjusted(v_adjustment);
    SELECT * INTO v_adjustment FROM app.adjustments AS a
     WHERE a.ledger_id = p_ledger AND a.adjustment_id = p_adjustment FOR UPDATE;
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_result := CASE
        WHEN v_adjustment.adjustment_id IS NULL THEN app.refuse('adjustment_unknown')
        WHEN v_adjustment.status <> 'proposed'
        THEN app.refuse('adjustment_decided', jsonb_build_object('status', v_adjustment.status))
        WHEN v_adjustment.proposed_by = v_by.principal_id THEN app.refuse('same_person')
        WHEN p_approve THEN app.check_adjustment(v_adjustment) END;
    IF v_result IS NOT NULL THEN
        RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
    ELSIF p_approve THEN
        v_tx := app.post_adjustment(v_by, v_adjustment);
        v_result := jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'status', 'approved');
    ELSE
        PERFORM app.note_event(p_ledger, 'adjustment_rejected', 'info', v_by.principal_id, v_by.merchant_id, NULL,
                               p_adjustment::text, jsonb_build_object('proposed_by', v_adjustment.proposed_by));
        v_result := jsonb_build_object('status', 'rejected');
    END IF;
    UPDATE app.adjustments AS a
       SET status = v_result ->> 'status', decided_by = v_by.principal_id, decided_at = v_by.happened_at, tx_id = v_tx.tx_id
     WHERE a.ledger_id = p_ledger AND a.adjustment_id = p_adjustment;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.decide_adjustment IS
    'Another person agrees (it is posted, TZ) or not (it is kept). Returns {outcome, status, tx_no}; refused: same_person, '
    'adjustment_decided, units_insufficient or balance_insufficient {balance}';

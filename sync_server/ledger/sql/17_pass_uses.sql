-- Using a pass (R087 to R090, R100, R104, R111 to R113), and giving uses back.

CREATE FUNCTION app.check_unproven(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_policy jsonb;
    v_issued_at timestamptz;
    v_uses integer := (p_effect ->> 'uses')::integer;
    v_snapshot timestamptz := (p_effect ->> 'snapshot_at')::timestamptz;
    v_spent bigint;
BEGIN
    IF EXISTS (SELECT FROM app.terminal_heads AS h WHERE h.ledger_id = p_by.ledger_id
                  AND h.terminal_id = p_by.terminal_id AND h.forked_at IS NOT NULL) THEN
        RETURN app.refuse('terminal_forked');
    END IF;
    SELECT r.body::jsonb INTO v_policy FROM app.risk_policies AS r
     WHERE r.store_id = p_by.store_id AND r.version = (p_effect ->> 'policy_version')::integer;
    -- A newer version rules as soon as no honest till can still be unaware of it.
    IF NOT FOUND OR EXISTS (
        SELECT FROM app.risk_policies AS newer
         WHERE newer.store_id = p_by.store_id AND newer.version > (p_effect ->> 'policy_version')::integer
           AND newer.issued_at < p_by.happened_at
               - make_interval(secs => (v_policy ->> 'max_sync_age_seconds')::double precision)) THEN
        RETURN app.refuse('policy_invalid', jsonb_build_object('version', p_effect -> 'policy_version'));
    ELSIF v_uses > (v_policy ->> 'max_uses_per_operation')::integer THEN
        RETURN app.refuse('offline_operation_cap', jsonb_build_object('limit', v_policy -> 'max_uses_per_operation'));
    ELSIF v_snapshot IS NULL OR v_snapshot > p_by.happened_at + app.clock_skew() THEN
        -- A code from after the use proves nothing.
        RETURN app.refuse('offline_needs_signed_code');
    ELSIF v_snapshot < p_by.happened_at
                       - make_interval(secs => (v_policy ->> 'max_snapshot_age_seconds')::double precision) THEN
        RETURN app.refuse('offline_snapshot_too_old', jsonb_build_object('snapshot_at', p_effect -> 'snapshot_at'));
    END IF;
    SELECT coalesce(sum(b.uses), 0) INTO v_spent FROM app.pass_redemption_batches AS b
     WHERE b.ledger_id + 0 = p_by.ledger_id AND b.rung = 'at_risk' AND b.reversed_by IS NULL
       AND b.terminal_id = p_by.terminal_id
       AND b.member_id = (p_effect ->> 'member_id')::uuid AND b.business_day = (p_effect ->> 'business_day')::date;
    IF v_spent + v_uses > (v_policy ->> 'max_uses_per_member_day')::integer THEN
        RETURN app.refuse('offline_member_cap', jsonb_build_object('used', v_spent));
    END IF;
    -- What this terminal had taken unproven and not yet handed in when this happened. What an earlier epoch had of it was
    -- judged there by what it then knew.
    IF (p_effect ->> 'heard')::boolean THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(b.uses), 0) INTO v_spent FROM app.pass_redemption_batches AS b
     WHERE b.ledger_id + 0 = p_by.ledger_id AND b.rung = 'at_risk' AND b.reversed_by IS NULL
       AND b.terminal_id = p_by.terminal_id
       AND b.happened_at <= p_by.happened_at AND b.recorded_at > p_by.happened_at AND NOT b.heard;
    IF v_spent + v_uses > (v_policy ->> 'max_uses_terminal')::integer THEN
        RETURN app.refuse('offline_terminal_cap', jsonb_build_object('used', v_spent));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_unproven IS 'Was an unproven use inside the policy it cites (sync.md rung 3)? NULL: yes';

CREATE FUNCTION app.check_own_sale(p_by app.acting, p_pass_id uuid, p_uses integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN p_uses + (
            SELECT coalesce(sum(b.uses), 0) FROM app.pass_redemption_batches AS b
             WHERE b.ledger_id + 0 = p_by.ledger_id -- so that on empty tables the key does not look better than the pass
               AND b.pass_id = p_pass_id AND b.terminal_id = p_by.terminal_id
               AND b.rung = 'own_sale' AND b.reversed_by IS NULL)
        <= (SELECT coalesce(sum(t.uses), 0) FROM app.topup_orders AS t
             WHERE t.ledger_id = p_by.ledger_id AND t.pass_id = p_pass_id AND t.terminal_id = p_by.terminal_id);
COMMENT ON FUNCTION app.check_own_sale IS 'Did this terminal sell at least the uses that it took on that ground?';

CREATE FUNCTION app.check_pass(p_by app.acting, p_pass app.member_passes) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_member_status text;
BEGIN
    IF p_by.happened_at >= p_pass.expires_at AND p_pass.status IN ('active', 'expired') THEN
        RETURN app.refuse('pass_expired', jsonb_build_object('expires_at', p_pass.expires_at));
    ELSIF p_pass.status = 'expired' THEN
        -- It has ended since, and was awaiting its review or usable when this happened.
        PERFORM FROM app.topup_orders AS t
          WHERE t.ledger_id = p_by.ledger_id AND t.pass_id = p_pass.pass_id AND t.start_no = p_pass.start_no AND t.starts
            AND t.review = 'pending';
        IF FOUND THEN
            RETURN app.refuse('pass_not_active', jsonb_build_object('status', p_pass.status));
        END IF;
    ELSIF p_pass.status <> 'active' THEN
        RETURN app.refuse(CASE p_pass.status WHEN 'revoked' THEN 'pass_revoked' ELSE 'pass_not_active' END,
                          jsonb_build_object('status', p_pass.status));
    END IF;
    IF p_pass.currency <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_pass.currency));
    END IF;
    SELECT m.status INTO v_member_status FROM app.members AS m WHERE m.member_id = p_pass.member_id;
    IF v_member_status <> 'active' THEN
        RETURN app.refuse('member_inactive', jsonb_build_object('status', v_member_status));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_pass IS 'Was this pass fit for use at that time? NULL: yes';

CREATE FUNCTION app.decide_use(p_by app.acting, p_effect jsonb, p_pass app.member_passes, p_left bigint) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_plan app.pass_plans%ROWTYPE;
    v_uses integer := (p_effect ->> 'uses')::integer;
    v_rung text := p_effect ->> 'rung';
    v_used_today bigint;
    v_refusal jsonb;
BEGIN
    IF p_pass.pass_id IS NULL THEN
        RETURN app.refuse('pass_unknown', jsonb_build_object('pass_id', p_effect -> 'pass_id'));
    ELSIF p_pass.merchant_id <> p_by.merchant_id THEN
        RETURN app.refuse('pass_other_merchant', jsonb_build_object('pass_id', p_effect -> 'pass_id'));
    ELSIF p_pass.member_id <> (p_effect ->> 'member_id')::uuid THEN
        RETURN app.refuse('pass_other_member', jsonb_build_object('pass_id', p_effect -> 'pass_id'));
    ELSIF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    END IF;
    v_refusal := app.check_pass(p_by, p_pass);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    PERFORM FROM app.pass_redemption_batches AS b
      WHERE b.ledger_id = p_by.ledger_id AND b.redemption_id = (p_effect ->> 'redemption_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('redemption_id', p_effect -> 'redemption_id'));
    END IF;
    IF v_rung = 'at_risk' THEN
        v_refusal := app.check_unproven(p_by, p_effect);
        IF v_refusal IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    ELSIF v_rung = 'own_sale' AND NOT app.check_own_sale(p_by, p_pass.pass_id, v_uses) THEN
        RETURN app.refuse('offline_not_allowed', jsonb_build_object('rung', v_rung));
    END IF;
    SELECT * INTO v_plan FROM app.pass_plans AS p WHERE p.plan_id = p_pass.plan_id;
    SELECT coalesce(sum(b.uses), 0) INTO v_used_today FROM app.pass_redemption_batches AS b
     WHERE b.ledger_id + 0 = p_by.ledger_id AND b.pass_id = p_pass.pass_id
       AND b.business_day = (p_effect ->> 'business_day')::date AND b.reversed_by IS NULL;
    IF v_uses > p_left AND v_rung <> 'at_risk' THEN
        RETURN app.refuse('uses_exhausted', jsonb_build_object('uses_left', p_left, 'uses', v_uses));
    ELSIF v_uses > v_plan.max_uses_per_order THEN
        RETURN app.refuse('uses_per_order_exceeded', jsonb_build_object('limit', v_plan.max_uses_per_order));
    ELSIF v_used_today + v_uses > v_plan.max_uses_per_day THEN
        RETURN app.refuse('uses_per_day_exceeded',
                          jsonb_build_object('limit', v_plan.max_uses_per_day, 'used_today', v_used_today));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.decide_use IS 'May this pass give these uses? NULL: yes. The same rules as models.passes';

CREATE FUNCTION app.use_pass(p_by app.acting, p_effect jsonb, p_card_ref text, p_checked_hash text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
    v_left bigint;
    v_refusal jsonb;
    v_code text;
BEGIN
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id
       AND p.pass_id = app.resolve_pass(p_by.ledger_id, (p_effect ->> 'pass_id')::uuid) FOR UPDATE;
    v_left := app.balance_of(p_by.ledger_id, v_pass.pass_id);
    v_refusal := app.decide_use(p_by, p_effect, v_pass, v_left);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF p_card_ref IS NOT NULL THEN
        v_code := app.consume_card_code(p_by.ledger_id, p_card_ref, p_checked_hash);
        IF v_code IS NOT NULL THEN
            RETURN app.refuse(v_code);
        END IF;
    END IF;
    RETURN app.post_use(p_by, p_effect, v_pass, v_left);
END $$;

-- Uses that are not there are a loss by name: only a rung or a person that answers for it lets it come so far. `p_aside` of
-- them were set aside for this till, in a locked open reservation.
CREATE FUNCTION app.post_use(p_by app.acting, p_effect jsonb, p_pass app.member_passes, p_left bigint,
                             p_reserved app.reservations DEFAULT NULL, p_aside bigint DEFAULT 0) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_uses integer := (p_effect ->> 'uses')::integer;
    v_loss bigint := greatest(0, v_uses - p_aside - p_left);
    v_extra bigint := (p_effect ->> 'extra_total_minor')::bigint;
    v_redemption uuid := (p_effect ->> 'redemption_id')::uuid;
    v_unit text := app.use_unit(p_pass.plan_id);
    v_lines app.posting_line[];
    v_tx app.transactions;
    v_last_use integer;
BEGIN
    v_lines := app.takings_lines(p_by.merchant_id, p_by.store_id, 'sales', p_by.currency, p_effect -> 'tenders',
                                 p_effect -> 'vat', v_extra)
        || app.pass_line(p_by.merchant_id, p_pass.pass_id, p_pass.plan_id, v_loss + p_aside - v_uses)
        || app.plan_line(p_by.merchant_id, p_pass.plan_id, 'redeemed', v_uses)
        || app.open_line(p_by.merchant_id, 'member', p_pass.member_id, 'offline_loss', v_unit, -v_loss);
    IF p_aside > 0 THEN
        v_lines := v_lines || app.reserved_line(p_reserved, -p_aside);
    END IF;
    v_tx := app.header(p_by, 'pass_redeemed', 'HX', NULL, p_pass.member_id, v_extra);
    PERFORM app.post(v_tx, v_lines, jsonb_build_object('redemption_id', v_redemption, 'pass_id', p_pass.pass_id,
                                                       'uses', v_uses, 'rung', p_effect ->> 'rung'));
    IF v_loss > 0 THEN
        PERFORM app.note_event(p_by.ledger_id, 'offline_loss', 'alarm', p_by.terminal_id, p_by.merchant_id, NULL,
                               v_tx.tx_no, jsonb_build_object('member_id', p_pass.member_id, 'uses', v_loss));
        PERFORM app.record_loss(p_by, v_tx, p_pass.member_id, v_unit, v_loss, app.price_of_uses(p_pass, v_loss));
    END IF;
    INSERT INTO app.pass_redemption_batches (
        ledger_id, redemption_id, merchant_id, store_id, terminal_id, pass_id, member_id, business_day, uses, loss_uses,
        extra_total_minor, currency, order_id, request_id, fact_id, rung, policy_version, effect_hash, cashier_id,
        tx_id, happened_at, recorded_at, start_no, heard, reserved_uses, reservation_id)
    VALUES (p_by.ledger_id, v_redemption, p_by.merchant_id, p_by.store_id, p_by.terminal_id, p_pass.pass_id,
            p_pass.member_id, (p_effect ->> 'business_day')::date, v_uses, v_loss, v_extra, p_by.currency,
            CASE WHEN v_extra > 0 THEN v_redemption END, p_effect ->> 'request_id', p_by.fact_id,
            p_effect ->> 'rung', (p_effect ->> 'policy_version')::integer, decode(p_effect ->> 'effect_hash', 'hex'),
            p_by.cashier_id, v_tx.tx_id, p_by.happened_at, v_tx.created_at, p_pass.start_no,
            coalesce((p_effect ->> 'heard')::boolean, false), p_aside, CASE WHEN p_aside > 0 THEN p_reserved.reservation_id END);
    IF p_aside > 0 THEN
        PERFORM app.keep_use(p_by, p_reserved, v_redemption, p_aside, v_tx);
    END IF;
    IF v_extra > 0 THEN
        PERFORM app.record_order(p_by, v_tx, v_redemption, v_redemption, p_effect, v_extra);
    END IF;
    SELECT coalesce(max(r.use_no), 0) INTO v_last_use FROM app.pass_redemptions AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.pass_id = p_pass.pass_id;
    INSERT INTO app.pass_redemptions (ledger_id, redemption_id, line_no, merchant_id, pass_id, use_no, product_id, name,
                                      add_ons, order_id, order_item_id)
    SELECT p_by.ledger_id, v_redemption, c.line_no, p_by.merchant_id, p_pass.pass_id,
           CASE WHEN c.line_no <= v_uses - v_loss THEN v_last_use + c.line_no END,
           c.cup ->> 'product_id', c.cup ->> 'name', c.cup -> 'add_ons',
           CASE WHEN v_extra > 0 THEN v_redemption END, i.order_item_id
      FROM jsonb_array_elements(p_effect -> 'cups') WITH ORDINALITY AS c (cup, line_no)
      LEFT JOIN app.order_items AS i
        ON i.ledger_id = p_by.ledger_id AND i.order_id = v_redemption AND i.line_no = c.line_no;
    PERFORM app.note_change('pass', p_pass.pass_id::text, p_by.merchant_id, NULL);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'uses_left', p_left - v_uses + p_aside + v_loss);
END $$;

-- Uses that come back after the pass has begun anew would have been forfeited then: nobody saves them by setting them aside.
CREATE FUNCTION app.give_back_uses(p_ledger smallint, p_pass_id uuid, p_start_no integer, p_uses bigint)
    RETURNS app.posting_line
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
BEGIN
    SELECT * INTO STRICT v_pass FROM app.member_passes AS p WHERE p.ledger_id = p_ledger AND p.pass_id = p_pass_id;
    PERFORM app.note_change('pass', p_pass_id::text, v_pass.merchant_id, NULL);
    IF v_pass.start_no = p_start_no THEN
        RETURN app.pass_line(v_pass.merchant_id, p_pass_id, v_pass.plan_id, p_uses);
    END IF;
    UPDATE app.member_passes AS p SET uses_bought = p.uses_bought - p_uses
     WHERE p.ledger_id = p_ledger AND p.pass_id = p_pass_id;
    RETURN app.plan_line(v_pass.merchant_id, v_pass.plan_id, 'forfeited', p_uses);
END $$;
COMMENT ON FUNCTION app.give_back_uses IS
    'The line on which uses taken from this beginning of a locked pass come back: the pass''s own, or what is forfeited';

CREATE FUNCTION app.take_back_redemption(p_by app.acting, p_batch app.pass_redemption_batches, p_reason text)
    RETURNS app.transactions
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_original app.transactions;
    v_back app.posting_line;
    v_tx app.transactions;
BEGIN
    SELECT * INTO STRICT v_original FROM app.transactions AS t
     WHERE t.ledger_id = p_by.ledger_id AND t.tx_id = p_batch.tx_id;
    v_back := app.give_back_uses(
        p_by.ledger_id, p_batch.pass_id, p_batch.start_no, p_batch.uses - p_batch.loss_uses);
    v_tx := app.reverse(p_by.ledger_id, v_original, p_by.principal_id, p_by.key, p_by.happened_at, p_reason, v_back);
    UPDATE app.pass_redemption_batches AS b
       SET reversed_by = v_tx.tx_id, forfeited_uses = CASE v_back.bucket WHEN 'forfeited' THEN v_back.delta ELSE 0 END
     WHERE b.ledger_id = p_by.ledger_id AND b.redemption_id = p_batch.redemption_id;
    UPDATE app.orders AS o SET status = 'reversed'
     WHERE o.ledger_id = p_by.ledger_id AND o.order_id = p_batch.order_id;
    RETURN v_tx;
END $$;

-- Selling a pass: first, or stacked on what the member holds (R096, R097, R099, R108).

CREATE FUNCTION app.sell_pass(p_by app.acting, p_sale jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_plan app.pass_plans%ROWTYPE;
    v_held app.member_passes%ROWTYPE;
    v_claimed uuid := (p_sale ->> 'pass_id')::uuid;
    v_member uuid := (p_sale ->> 'member_id')::uuid;
    v_total bigint := (p_sale ->> 'total_minor')::bigint;
    v_uses integer := (p_sale ->> 'uses')::integer; -- the plan's, unless HQ has decided that they stand as sold
    v_left bigint := 0;
    v_forfeited bigint := 0;
    v_fresh_status text;
    v_until timestamptz;
    v_kind text;
    v_starts boolean := true;
    v_lines app.posting_line[];
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_plan FROM app.pass_plans AS p
     WHERE p.plan_id = (p_sale ->> 'plan_id')::uuid AND p.merchant_id = p_by.merchant_id;
    IF NOT FOUND THEN
        RETURN app.refuse('plan_unknown');
    ELSIF p_sale ->> 'currency' <> v_plan.currency OR v_plan.currency <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_sale ->> 'currency'));
    ELSIF v_uses <> v_plan.uses AND NOT (p_sale ? 'decided' AND v_uses BETWEEN 1 AND app.most_units()) THEN
        RETURN app.refuse('plan_differs', jsonb_build_object('uses', v_plan.uses));
    ELSIF NOT EXISTS (SELECT FROM app.members AS m WHERE m.member_id = v_member) THEN
        RETURN app.refuse('member_unknown');
    END IF;
    v_fresh_status := CASE WHEN v_plan.auto_activate THEN 'active' ELSE 'suspended' END;
    v_until := p_by.happened_at + make_interval(hours => 24 * v_plan.validity_days);

    SELECT * INTO v_held FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = app.resolve_pass(p_by.ledger_id, v_claimed) FOR UPDATE;
    IF FOUND THEN
        IF v_held.member_id <> v_member OR v_held.plan_id <> v_plan.plan_id
           OR NOT (p_sale ->> 'stacked')::boolean THEN
            RETURN app.refuse('content_differs', jsonb_build_object('pass_id', v_claimed));
        ELSIF v_held.status = 'revoked' THEN
            RETURN app.refuse('pass_revoked', jsonb_build_object('pass_id', v_claimed));
        END IF;
    ELSIF (p_sale ->> 'stacked')::boolean THEN
        RETURN app.refuse('pass_unknown', jsonb_build_object('pass_id', v_claimed));
    ELSE
        -- Another till may have made the first sale: then this one stacks, and its id leads to that pass.
        SELECT * INTO v_held FROM app.member_passes AS p
         WHERE p.ledger_id = p_by.ledger_id AND p.member_id = v_member AND p.plan_id = v_plan.plan_id
           AND p.status <> 'revoked' FOR UPDATE;
        IF FOUND THEN
            INSERT INTO app.pass_aliases (ledger_id, alias_id, pass_id, merchant_id)
            VALUES (p_by.ledger_id, v_claimed, v_held.pass_id, p_by.merchant_id);
            PERFORM app.note_change('pass', v_claimed::text, p_by.merchant_id, NULL);
        END IF;
    END IF;

    IF v_held.pass_id IS NULL THEN
        v_kind := 'first';
        INSERT INTO app.member_passes AS p (ledger_id, pass_id, merchant_id, member_id, plan_id, status, uses_bought,
                                            amount_minor, currency, expires_at, created_at)
        VALUES (p_by.ledger_id, v_claimed, p_by.merchant_id, v_member, v_plan.plan_id, v_fresh_status, v_uses,
                v_total, v_plan.currency, v_until, app.now_utc())
        RETURNING * INTO v_held;
    ELSE
        v_kind := 'stacked';
        v_left := app.balance_of(p_by.ledger_id, v_held.pass_id);
        -- On an expired pass the old uses are forfeited and it starts again (domain.md "Passes").
        IF v_held.status = 'expired' OR p_by.happened_at >= v_held.expires_at THEN
            v_forfeited := v_left;
            v_held.status := v_fresh_status;
            v_held.expires_at := v_until;
        ELSE
            v_starts := false;
        END IF;
        UPDATE app.member_passes AS p
           SET status = v_held.status, expires_at = greatest(v_held.expires_at, v_until),
               uses_bought = p.uses_bought - v_forfeited + v_uses, amount_minor = p.amount_minor + v_total,
               start_no = p.start_no + CASE WHEN v_starts THEN 1 ELSE 0 END
         WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = v_held.pass_id
        RETURNING * INTO v_held;
    END IF;

    v_lines := app.takings_lines(p_by.merchant_id, p_by.store_id, 'pass_sales', v_plan.currency,
                                 p_sale -> 'tenders', p_sale -> 'vat', v_total)
        || app.pass_line(p_by.merchant_id, v_held.pass_id, v_plan.plan_id, v_uses - v_forfeited)
        || app.plan_line(p_by.merchant_id, v_plan.plan_id, 'issued', -v_uses)
        || app.plan_line(p_by.merchant_id, v_plan.plan_id, 'forfeited', v_forfeited);
    v_tx := app.header(p_by, 'pass_sold', 'CK', NULL, v_member, v_total);
    PERFORM app.post(v_tx, v_lines, jsonb_build_object(
        'pass_id', v_held.pass_id, 'plan_id', v_plan.plan_id, 'uses', v_uses, 'how', v_kind,
        'price_differs', v_total <> v_plan.price_minor));
    PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id, p_sale -> 'tenders');
    INSERT INTO app.topup_orders (ledger_id, topup_order_id, merchant_id, store_id, terminal_id, pass_id, member_id,
                                  plan_id, kind, starts, uses, uses_forfeited, amount_minor, currency, review, cashier_id,
                                  tx_id, happened_at, recorded_at, start_no)
    VALUES (p_by.ledger_id, p_by.fact_id, p_by.merchant_id, p_by.store_id, p_by.terminal_id, v_held.pass_id, v_member,
            v_plan.plan_id, v_kind, v_starts, v_uses, v_forfeited, v_total, v_plan.currency,
            CASE WHEN v_held.status = 'suspended' THEN 'pending' ELSE 'not_needed' END, p_by.cashier_id, v_tx.tx_id,
            p_by.happened_at, v_tx.created_at, v_held.start_no);
    PERFORM app.meet_member(v_member, p_by.merchant_id);
    PERFORM app.note_change('pass', v_held.pass_id::text, p_by.merchant_id, NULL);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'pass_id', v_held.pass_id,
                              'uses_left', v_left - v_forfeited + v_uses);
END $$;

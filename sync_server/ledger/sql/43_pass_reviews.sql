-- HQ reviews purchases of passes that do not activate by themselves (R094, R097; domain.md "Passes"). Rejecting removes
-- uses, never money: giving it back is an act of its own, for which the review says an amount.

CREATE TABLE app.pass_reviews (
    ledger_id      smallint NOT NULL,
    topup_order_id uuid NOT NULL,
    merchant_id    uuid NOT NULL,
    decision       text NOT NULL CHECK (decision IN ('approved', 'rejected')),
    reason         text CHECK (length(reason) <= 200),
    uses_removed   integer NOT NULL CHECK (uses_removed >= 0),
    uses_short     integer NOT NULL CHECK (uses_short >= 0),
    refund_minor   bigint NOT NULL CHECK (refund_minor >= 0),
    currency       text NOT NULL,
    decided_by     uuid NOT NULL,
    decided_at     timestamptz NOT NULL,
    tx_id          uuid,
    PRIMARY KEY (ledger_id, topup_order_id),
    FOREIGN KEY (ledger_id, topup_order_id) REFERENCES app.topup_orders,
    CHECK (decision = 'rejected' OR uses_removed = 0 AND uses_short = 0 AND refund_minor = 0),
    CHECK ((uses_removed > 0) = (tx_id IS NOT NULL))
);
COMMENT ON COLUMN app.pass_reviews.uses_short IS 'Uses that were gone before they could be removed: for a person to settle';
COMMENT ON COLUMN app.pass_reviews.refund_minor IS 'Price of the uses removed; suggested, not paid';

CREATE FUNCTION app.activate_member_pass(p_by app.acting, p_pass uuid) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_status text;
BEGIN
    UPDATE app.member_passes AS p SET status = 'active'
     WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = p_pass AND p.status = 'suspended';
    IF FOUND THEN
        PERFORM app.note_event(p_by.ledger_id, 'pass_activated', 'info', p_by.principal_id, p_by.merchant_id, NULL,
                               p_pass::text, '{}');
        PERFORM app.note_change('pass', p_pass::text, p_by.merchant_id, NULL);
    END IF;
    SELECT p.status INTO v_status FROM app.member_passes AS p WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = p_pass;
    RETURN v_status;
END $$;
COMMENT ON FUNCTION app.activate_member_pass IS 'A suspended pass becomes active, any other stays as it is; returns its status (R097)';

CREATE FUNCTION app.approve_order(p_by app.acting, p_order app.topup_orders, p_pass app.member_passes, p_current boolean,
                                  p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_status text := p_pass.status;
BEGIN
    IF p_pass.status = 'revoked' THEN
        RETURN app.refuse('pass_revoked', jsonb_build_object('pass_id', p_pass.pass_id));
    ELSIF p_current AND (p_pass.status = 'expired' OR p_by.happened_at >= p_pass.expires_at) THEN
        RETURN app.refuse('pass_expired', jsonb_build_object('expires_at', p_pass.expires_at));
    ELSIF p_current THEN
        v_status := app.activate_member_pass(p_by, p_pass.pass_id);
    END IF;
    PERFORM app.keep_review(p_by, p_order, 'approved', p_reason, 0, 0, 0, NULL);
    RETURN jsonb_build_object('review', 'approved', 'pass_status', v_status);
END $$;

CREATE FUNCTION app.reject_order(p_by app.acting, p_order app.topup_orders, p_pass app.member_passes, p_current boolean,
                                 p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_removed bigint := least(p_order.uses, app.balance_of(p_by.ledger_id, p_pass.pass_id));
    v_refund bigint;
    v_status text := CASE WHEN p_current THEN 'revoked' ELSE p_pass.status END;
    v_tx app.transactions;
BEGIN
    IF p_order.start_no < p_pass.start_no THEN
        v_removed := 0; -- what it added was forfeited then
    END IF;
    v_refund := app.share_until(p_order.amount_minor, v_removed, p_order.uses);
    UPDATE app.member_passes AS p
       SET status = v_status, uses_bought = p.uses_bought - v_removed, amount_minor = greatest(0, p.amount_minor - v_refund)
     WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = p_pass.pass_id;
    IF v_removed > 0 THEN
        v_tx := app.header(p_by, 'pass_reviewed', 'YW', NULL, p_pass.member_id, 0);
        v_tx.reason := p_reason;
        PERFORM app.post(
            v_tx,
            ARRAY[app.pass_line(p_pass.merchant_id, p_pass.pass_id, p_pass.plan_id, -v_removed),
                  app.plan_line(p_pass.merchant_id, p_pass.plan_id, 'revoked', v_removed)],
            jsonb_build_object('topup_order_id', p_order.topup_order_id, 'pass_id', p_pass.pass_id, 'uses', v_removed));
    END IF;
    PERFORM app.note_change('pass', p_pass.pass_id::text, p_pass.merchant_id, NULL);
    PERFORM app.keep_review(p_by, p_order, 'rejected', p_reason, v_removed, p_order.uses - v_removed, v_refund, v_tx.tx_id);
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'review', 'rejected', 'pass_status', v_status, 'uses_removed', v_removed,
        'uses_short', p_order.uses - v_removed, 'refund_minor', v_refund, 'currency', p_order.currency));
END $$;
COMMENT ON FUNCTION app.reject_order IS
    'Remove min(added, left) uses. The order that the pass began with takes the pass with it; a stacked one leaves its status';

CREATE FUNCTION app.keep_review(p_by app.acting, p_order app.topup_orders, p_decision text, p_reason text, p_removed bigint,
                                p_short bigint, p_refund bigint, p_tx_id uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.topup_orders AS t SET review = p_decision
     WHERE t.ledger_id = p_by.ledger_id AND t.topup_order_id = p_order.topup_order_id;
    INSERT INTO app.pass_reviews (ledger_id, topup_order_id, merchant_id, decision, reason, uses_removed, uses_short,
                                  refund_minor, currency, decided_by, decided_at, tx_id)
    VALUES (p_by.ledger_id, p_order.topup_order_id, p_order.merchant_id, p_decision, p_reason, p_removed, p_short, p_refund,
            p_order.currency, p_by.principal_id, p_by.happened_at, p_tx_id);
    PERFORM app.note_event(
        p_by.ledger_id, 'pass_order_' || p_decision, CASE WHEN p_short > 0 THEN 'alarm' ELSE 'info' END, p_by.principal_id,
        p_order.merchant_id, NULL, p_order.topup_order_id::text,
        jsonb_build_object('uses_removed', p_removed, 'uses_short', p_short, 'refund_minor', p_refund));
END $$;

CREATE FUNCTION app.review_pass_order(p_ledger smallint, p_key text, p_content_hash bytea, p_topup_order uuid,
                                      p_decision text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_order app.topup_orders%ROWTYPE;
    v_pass app.member_passes%ROWTYPE;
    v_by app.acting;
    v_current boolean;
    v_result jsonb;
BEGIN
    SELECT * INTO v_order FROM app.topup_orders AS t WHERE t.ledger_id = p_ledger AND t.topup_order_id = p_topup_order;
    v_by := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], v_order.merchant_id);
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_ledger AND p.pass_id = v_order.pass_id FOR UPDATE;
    SELECT * INTO v_order FROM app.topup_orders AS t
     WHERE t.ledger_id = p_ledger AND t.topup_order_id = p_topup_order FOR UPDATE;
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_current := v_order.starts AND v_order.start_no = v_pass.start_no; -- the pass stands and falls with it
    v_result := CASE
        WHEN v_order.topup_order_id IS NULL THEN app.refuse('review_unknown')
        WHEN v_order.review <> 'pending' THEN app.refuse('review_decided', jsonb_build_object('review', v_order.review))
        WHEN (p_decision IN ('approve', 'reject')) IS NOT TRUE
        THEN app.refuse('request_malformed', jsonb_build_object('field', 'decision'))
        WHEN p_decision = 'reject' OR p_reason IS NOT NULL THEN app.check_reason(p_reason) END;
    IF v_result IS NULL THEN
        v_result := CASE p_decision WHEN 'approve' THEN app.approve_order(v_by, v_order, v_pass, v_current, p_reason)
                                    ELSE app.reject_order(v_by, v_order, v_pass, v_current, p_reason) END;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.review_pass_order IS
    'HQ decides a purchase that awaits review: approve or reject, the latter with a reason. Returns {outcome, review, '
    'pass_status} and for a rejection {tx_no, uses_removed, uses_short, refund_minor, currency}';

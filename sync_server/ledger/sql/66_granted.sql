-- Requests that were granted and whose fact never came: a till that was lost, replaced, or shut out before it heard the
-- answer. What they took is gone from its pass or card, and nobody may have got it. After a day (at once where the till acts
-- no more) a person decides: take it back, or let it stand, because it was handed over all the same.

CREATE TABLE app.granted_decisions (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    request_id  text NOT NULL,
    act_id      uuid NOT NULL,
    merchant_id uuid NOT NULL,
    decision    text NOT NULL CHECK (decision IN ('take_back', 'stand')),
    reason      text NOT NULL,
    tx_id       uuid,
    tx_no       text,
    decided_by  uuid NOT NULL,
    name        text NOT NULL,
    decided_at  timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id, request_id),
    CHECK ((decision = 'take_back') = (tx_id IS NOT NULL))
);
COMMENT ON COLUMN app.granted_decisions.act_id IS 'The redemption, charge or refund that was granted';

CREATE INDEX redemptions_unconfirmed ON app.pass_redemption_batches (terminal_id)
    WHERE request_id IS NOT NULL AND fact_id IS NULL AND reversed_by IS NULL;
CREATE INDEX charges_unconfirmed ON app.card_charges (terminal_id)
    WHERE request_id IS NOT NULL AND fact_id IS NULL AND reversed_by IS NULL;
CREATE INDEX refunds_unconfirmed ON app.card_refunds (terminal_id)
    WHERE request_id IS NOT NULL AND fact_id IS NULL AND reversed_by IS NULL;

CREATE VIEW app.unconfirmed_acts WITH (security_invoker = true) AS
SELECT b.ledger_id, b.terminal_id, b.request_id, 'PassRedeemed' AS kind, b.redemption_id AS act_id, b.merchant_id, b.store_id,
       b.member_id, b.pass_id, NULL::uuid AS card_id, b.uses, b.extra_total_minor AS amount_minor, b.currency,
       NULL::bigint AS cash_minor, NULL::text AS original_tx_no, b.tx_id, b.recorded_at
  FROM app.pass_redemption_batches AS b
 WHERE b.request_id IS NOT NULL AND b.fact_id IS NULL AND b.reversed_by IS NULL
UNION ALL
SELECT g.ledger_id, g.terminal_id, g.request_id, 'CardCharged', g.charge_id, g.merchant_id, g.store_id, NULL, NULL, g.card_id,
       0, g.final_minor, g.currency, NULL, NULL, g.tx_id, g.recorded_at
  FROM app.card_charges AS g
 WHERE g.request_id IS NOT NULL AND g.fact_id IS NULL AND g.reversed_by IS NULL
UNION ALL
SELECT f.ledger_id, f.terminal_id, f.request_id, 'Refunded', f.refund_id, f.merchant_id, f.store_id, NULL, NULL, f.card_id,
       0, f.amount_minor, s.currency, CASE f.kind WHEN 'top_up' THEN f.cash_minor END, f.original_tx_no, f.tx_id,
       f.recorded_at
  FROM app.card_refunds AS f JOIN app.stores AS s ON s.store_id = f.store_id
 WHERE f.request_id IS NOT NULL AND f.fact_id IS NULL AND f.reversed_by IS NULL;
COMMENT ON VIEW app.unconfirmed_acts IS 'What was granted online and no fact has confirmed yet; `cash_minor`: of a top-up''s refund';

CREATE FUNCTION app.fact_due_before() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    RETURN app.now_utc() - interval '1 day';
COMMENT ON FUNCTION app.fact_due_before IS 'What was granted before this should have had its fact: the one place of that setting';

-- Taking it back -----------------------------------------------------------------------------------------------------

-- The cash of a top-up's refund stayed in the drawer: its money goes back to card and lot as before. Only where nothing has
-- followed: a later refund of the same top-up, or a charge that was given back, has counted on it.
CREATE FUNCTION app.take_back_refund(p_by app.acting, p_refund app.card_refunds, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_lot app.card_lots%ROWTYPE;
    v_tx app.transactions;
BEGIN
    IF p_refund.kind <> 'top_up' THEN
        RETURN app.refuse('refund_not_allowed', jsonb_build_object('kind', p_refund.kind)); -- its card has it: nothing to hand out
    END IF;
    SELECT * INTO STRICT v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = p_refund.card_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT v_lot FROM app.card_lots AS l
     WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = (
            SELECT t.top_up_id FROM app.card_top_ups AS t
             WHERE t.ledger_id = p_by.ledger_id AND t.tx_no = p_refund.original_tx_no) FOR NO KEY UPDATE;
    IF v_card.status = 'closed' THEN
        RETURN app.refuse('card_inactive', jsonb_build_object('status', v_card.status));
    ELSIF v_lot.clawed_minor < p_refund.principal_minor OR EXISTS (
            SELECT FROM app.card_refunds AS f
             WHERE f.ledger_id = p_by.ledger_id AND f.original_tx_no = p_refund.original_tx_no
               AND f.refund_id <> p_refund.refund_id AND f.reversed_by IS NULL AND f.recorded_at >= p_refund.recorded_at) THEN
        RETURN app.refuse('refund_followed', jsonb_build_object('tx_no', p_refund.tx_no));
    END IF;
    p_by.merchant_id := p_refund.merchant_id;
    p_by.store_id := p_refund.store_id;
    p_by.currency := v_card.currency;
    v_tx := app.header(p_by, 'refund_reversed', 'TK', p_refund.card_id, v_card.member_id, p_refund.amount_minor);
    v_tx.reverses := p_refund.tx_id;
    v_tx.reason := p_reason;
    UPDATE app.card_lots AS l
       SET principal_left = l.principal_left + p_refund.amount_minor, bonus_left = l.bonus_left + p_refund.bonus_minor,
           refunded_minor = l.refunded_minor - p_refund.amount_minor,
           clawed_minor = l.clawed_minor - p_refund.principal_minor,
           uncollected_minor = l.uncollected_minor - p_refund.uncollected_minor
     WHERE l.ledger_id = p_by.ledger_id AND l.lot_id = v_lot.lot_id;
    PERFORM app.post(
        v_tx,
        ARRAY[app.card_line(p_refund.card_id, 'principal', v_tx.currency, p_refund.amount_minor),
              app.card_line(p_refund.card_id, 'bonus', v_tx.currency, p_refund.bonus_minor),
              app.shop_line(p_by, 'issued', v_tx.currency, -p_refund.cash_minor - p_refund.bonus_minor),
              app.shop_line(p_by, 'forfeited', v_tx.currency, -p_refund.principal_minor),
              app.shop_line(p_by, 'tender/' || p_refund.tender, v_tx.currency, p_refund.cash_minor),
              app.shop_line(p_by, 'stored_value', v_tx.currency, -p_refund.cash_minor)],
        jsonb_build_object('reverses', p_refund.tx_no, 'cash_minor', p_refund.cash_minor));
    IF p_refund.cash_minor > 0 THEN
        PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id,
                                    app.one_tender(p_refund.tender, p_refund.cash_minor));
    END IF;
    UPDATE app.tx_registry AS r
       SET refunded_minor = r.refunded_minor - CASE r.tx_no WHEN p_refund.original_tx_no THEN p_refund.amount_minor ELSE 0 END,
           reversed_by = CASE r.tx_no WHEN p_refund.tx_no THEN v_tx.tx_id ELSE r.reversed_by END
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no IN (p_refund.original_tx_no, p_refund.tx_no);
    UPDATE app.card_refunds AS f SET reversed_by = v_tx.tx_id
     WHERE f.ledger_id = p_by.ledger_id AND f.refund_id = p_refund.refund_id;
    IF v_tx.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(v_tx.member_id, p_by.merchant_id);
    END IF;
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
END $$;

CREATE FUNCTION app.lock_granted(p_by app.acting, p_request_id text) RETURNS app.unconfirmed_acts
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_act app.unconfirmed_acts%ROWTYPE;
BEGIN
    SELECT * INTO v_act FROM app.unconfirmed_acts AS a
     WHERE a.ledger_id = p_by.ledger_id AND a.terminal_id = p_by.terminal_id AND a.request_id = p_request_id;
    PERFORM FROM app.member_passes AS p WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = v_act.pass_id FOR UPDATE;
    PERFORM FROM app.cards AS c WHERE c.ledger_id = p_by.ledger_id AND c.card_id = v_act.card_id FOR NO KEY UPDATE;
    PERFORM FROM app.idempotency_registry AS r
      WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.terminal_id AND r.key = p_request_id FOR UPDATE;
    -- The locks are ours: what we read before may be old.
    SELECT * INTO v_act FROM app.unconfirmed_acts AS a
     WHERE a.ledger_id = p_by.ledger_id AND a.terminal_id = p_by.terminal_id AND a.request_id = p_request_id;
    RETURN v_act;
END $$;
COMMENT ON FUNCTION app.lock_granted IS 'What a till''s request was granted and no fact has confirmed, with its pass or card locked; NULL: nothing';

CREATE FUNCTION app.keep_granted(p_by app.acting, p_act app.unconfirmed_acts, p_decision text, p_reason text, p_result jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO app.granted_decisions AS known (ledger_id, terminal_id, request_id, act_id, merchant_id, decision, reason,
                                                tx_id, tx_no, decided_by, name, decided_at)
    VALUES (p_by.ledger_id, p_by.terminal_id, p_act.request_id, p_act.act_id, p_act.merchant_id, p_decision, p_reason,
            (p_result ->> 'tx_id')::uuid, p_result ->> 'tx_no', p_by.principal_id, app.hq_name(), app.now_utc())
    ON CONFLICT (ledger_id, terminal_id, request_id) DO UPDATE
       SET decision = excluded.decision, reason = excluded.reason, tx_id = excluded.tx_id, tx_no = excluded.tx_no,
           decided_by = excluded.decided_by, name = excluded.name, decided_at = excluded.decided_at;
    PERFORM app.note_event(p_by.ledger_id, 'granted_decided', 'info', p_by.principal_id, p_act.merchant_id, NULL,
                           app.key_subject(p_act.request_id),
                           jsonb_build_object('decision', p_decision, 'kind', p_act.kind, 'tx_no', p_result -> 'tx_no'));
    RETURN p_result || jsonb_build_object('decision', p_decision);
END $$;
COMMENT ON FUNCTION app.keep_granted IS 'Keep and audit a decision. What was let stand can still be taken back while no fact has come';

CREATE FUNCTION app.take_back_granted(p_by app.acting, p_request_id text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_act app.unconfirmed_acts%ROWTYPE := app.lock_granted(p_by, p_request_id);
    v_refund app.card_refunds%ROWTYPE;
    v_result jsonb;
BEGIN
    IF v_act.act_id IS NULL THEN
        RETURN app.refuse('granted_unknown');
    ELSIF v_act.kind = 'Refunded' THEN
        SELECT * INTO STRICT v_refund FROM app.card_refunds AS f
         WHERE f.ledger_id = p_by.ledger_id AND f.refund_id = v_act.act_id;
        v_result := app.take_back_refund(p_by, v_refund, p_reason);
    ELSE
        v_result := app.take_back_request(p_by, p_request_id, p_reason);
    END IF;
    IF v_result ? 'code' THEN
        RETURN v_result;
    END IF;
    UPDATE app.idempotency_registry AS r
       SET outcome = jsonb_build_object('outcome', 'refused', 'code', 'request_taken_back', 'data', '{}'::jsonb,
                                        'reversed', app.stored_outcome(r))
     WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.terminal_id AND r.key = p_request_id;
    RETURN app.keep_granted(p_by, v_act, 'take_back', p_reason, v_result);
END $$;
COMMENT ON FUNCTION app.take_back_granted IS
    'Undo what a till''s request was granted; its fact, should it come, is held as request_taken_back. {tx_id, tx_no} or a refusal';

-- Should it have happened all the same, what is posted then is an act of its own.
CREATE FUNCTION app.act_anew(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_name text := CASE p_kind WHEN 'PassRedeemed' THEN 'redemption_id' WHEN 'CardCharged' THEN 'charge_id'
                               WHEN 'Refunded' THEN 'refund_id' END;
BEGIN
    PERFORM FROM app.granted_decisions AS d
      WHERE d.ledger_id = p_by.ledger_id AND d.terminal_id = p_by.terminal_id AND d.request_id = p_effect ->> 'cited'
        AND d.decision = 'take_back' AND d.act_id::text = p_effect ->> v_name;
    RETURN CASE WHEN FOUND THEN p_effect || jsonb_build_object(v_name, app.new_id()) ELSE p_effect END;
END $$;
COMMENT ON FUNCTION app.act_anew IS 'A held fact''s effect, under a new id when what its request had been granted was taken back';

CREATE FUNCTION app.decide_granted(p_ledger smallint, p_key text, p_content_hash bytea, p_terminal uuid, p_request_id text,
                                   p_decision text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting;
    v_act app.unconfirmed_acts%ROWTYPE;
    v_result jsonb;
BEGIN
    v_by := app.acting_principal(p_ledger, ARRAY['platform', 'staff'],
                                 (SELECT t.merchant_id FROM app.terminals AS t WHERE t.terminal_id = p_terminal));
    v_by.terminal_id := p_terminal;
    v_by.key := p_key;
    v_act := app.lock_granted(v_by, p_request_id);
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := coalesce(
        app.check_reason(p_reason),
        CASE WHEN p_decision IS NULL OR p_decision NOT IN ('take_back', 'stand')
             THEN app.refuse('request_malformed', '{"field": "decision"}')
             WHEN v_act.act_id IS NULL THEN app.refuse('granted_unknown') END,
        app.check_role(app.is_big(v_act.amount_minor, v_act.uses)));
    IF v_result IS NULL THEN
        v_by.store_id := v_act.store_id;
        v_by.currency := v_act.currency;
        v_result := CASE p_decision
            WHEN 'take_back' THEN app.take_back_granted(v_by, p_request_id, p_reason)
            ELSE app.keep_granted(v_by, v_act, 'stand', p_reason, '{}') END;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.decide_granted IS
    'A person decides about what a till was granted and no fact has confirmed: take_back | stand. By the platform and the '
    'deciding roles. Refused: granted_unknown, refund_not_allowed, refund_followed, card_inactive, reason_missing, '
    'permission_missing. Returns {outcome, decision, tx_no}';

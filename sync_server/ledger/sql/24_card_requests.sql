-- Stored value at a till: charges and refunds, asked before goods or money move, and the facts that follow them
-- (sync.md "Requests"). What decides and posts stands in 20 to 22; what answers any request, in 12.

CREATE FUNCTION app.answer_data(p_result jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_result ? 'code' THEN p_result
                ELSE jsonb_build_object('tx_id', p_result -> 'tx_id', 'tx_no', p_result -> 'tx_no',
                                        'data', p_result - 'tx_id' - 'tx_no') END;
COMMENT ON FUNCTION app.answer_data IS 'A result with all but its transaction below `data`, as models.wire.ActionAnswer has it';

CREATE FUNCTION app.charge_by_request(
    p_ledger smallint, p_key text, p_content_hash bytea, p_effect jsonb, p_refusal jsonb, p_card_ref text,
    p_checked_hash text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_effect_hash bytea := decode(p_effect ->> 'effect_hash', 'hex');
    v_card uuid;
    v_result jsonb := p_refusal;
    v_outcome jsonb;
BEGIN
    SELECT c.card_id INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_ledger AND c.card_ref = p_card_ref FOR NO KEY UPDATE;
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, v_effect_hash);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_by.happened_at := (p_effect ->> 'judged_at')::timestamptz;
    IF v_result IS NULL THEN
        v_result := app.charge_card(v_by, p_effect || jsonb_build_object('card_id', v_card), p_card_ref, p_checked_hash);
    END IF;
    v_result := app.tell_reserved(v_by, v_card, v_result);
    RETURN app.answer(v_by, p_key, p_content_hash, v_effect_hash, app.answer_data(v_result));
END $$;
COMMENT ON FUNCTION app.charge_by_request IS
    'Answer a till''s request to pay an order from the card of a scanned code, which is used up with the effect. `p_refusal` '
    '{code, data} is what the program found wrong before. Returns {outcome, code, data, tx_id, tx_no}; a refusal is stored too';

CREATE FUNCTION app.refund_by_request(p_ledger smallint, p_key text, p_content_hash bytea, p_effect jsonb, p_refusal jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_effect_hash bytea := decode(p_effect ->> 'effect_hash', 'hex');
    v_result jsonb := p_refusal;
    v_outcome jsonb;
BEGIN
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, v_effect_hash);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_by.happened_at := (p_effect ->> 'judged_at')::timestamptz;
    IF v_result IS NULL THEN
        v_result := coalesce(app.check_reason(p_effect ->> 'reason'), app.refund_tx(v_by, p_effect));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, v_effect_hash, app.answer_data(v_result));
END $$;
COMMENT ON FUNCTION app.refund_by_request IS
    'Answer a till''s request to refund part of a charge or a top-up, by its number. Returns {outcome, code, data, tx_id, tx_no}';

-- A charge or refund happens only when its request was granted, the fact and the request are one effect; or a charge when
-- its money was set aside for the till.
CREATE FUNCTION app.apply_granted(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_request text := p_effect ->> 'request_id';
    v_known app.idempotency_registry%ROWTYPE;
    v_result jsonb;
BEGIN
    SELECT * INTO v_known FROM app.idempotency_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.terminal_id AND r.key = v_request FOR UPDATE;
    IF v_known.outcome ->> 'outcome' = 'accepted' THEN
        v_result := app.confirm_granted(p_by, p_kind, p_effect, v_known);
        IF v_result IS NOT NULL AND p_effect ->> 'rung' = 'reserved' THEN
            PERFORM app.count_confirmed(p_by, p_effect, (p_effect ->> 'total_minor')::bigint);
        END IF;
        RETURN coalesce(v_result, app.fact_differs(p_by, v_request));
    ELSIF v_known.outcome ->> 'code' IN ('request_abandoned', 'request_taken_back') THEN
        RETURN app.refuse(v_known.outcome ->> 'code', jsonb_build_object('request_id', v_request));
    ELSIF p_effect ->> 'rung' = 'reserved' AND p_kind = 'CardCharged' THEN
        v_result := app.charge_reserved(p_by, p_effect);
        IF v_request IS NOT NULL AND v_known.key IS NULL AND NOT v_result ? 'code' THEN
            PERFORM app.keep_outcome(p_by, v_request, NULL, decode(p_effect ->> 'effect_hash', 'hex'),
                                     app.outcome_of(app.answer_data(v_result)));
        END IF;
        RETURN v_result;
    ELSIF p_effect ->> 'rung' <> 'online' THEN
        RETURN app.refuse('offline_not_allowed', jsonb_build_object('rung', p_effect -> 'rung'));
    ELSIF v_known.key IS NULL AND p_effect ? 'lost' AND app.in_lost_window(p_by.happened_at) THEN
        RETURN app.post_lost(p_by, p_kind, p_effect);
    END IF;
    RETURN app.refuse(CASE WHEN v_known.key IS NULL THEN 'request_unknown' ELSE 'request_refused' END,
                      jsonb_build_object('request_id', v_request));
END $$;

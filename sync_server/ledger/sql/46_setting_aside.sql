-- How a till hears of what is set aside for it, and is asked to give it up (sync.md rung 2).

CREATE FUNCTION app.deliver_reservation(p_ledger smallint, p_reservation uuid, p_token text, p_origin text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_reservation app.reservations%ROWTYPE;
BEGIN
    PERFORM auth.require_platform(); -- the program, which holds the key
    UPDATE app.reservations AS r SET token = p_token, origin = coalesce(p_origin, r.origin)
     WHERE r.ledger_id = p_ledger AND r.reservation_id = p_reservation AND r.token IS NULL
    RETURNING r.* INTO v_reservation;
    IF FOUND THEN
        PERFORM app.tell_reservation(v_reservation);
    END IF;
END $$;
COMMENT ON FUNCTION app.deliver_reservation IS 'Keep the signed code of a reservation, once, and send it to its till';

CREATE FUNCTION app.recall(p_reservation app.reservations, p_who text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.reservations AS r SET recalled_at = app.now_utc(), recalled_by = p_who
     WHERE r.ledger_id = p_reservation.ledger_id AND r.reservation_id = p_reservation.reservation_id
       AND r.status = 'open' AND r.recalled_at IS NULL;
    IF FOUND THEN
        PERFORM app.tell_reservation(p_reservation);
    END IF;
END $$;

CREATE FUNCTION app.recall_reservation(p_ledger smallint, p_key text, p_content_hash bytea, p_reservation uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_reservation app.reservations := app.lock_reservation(p_ledger, p_reservation, NULL);
    v_by app.acting := app.acting_on(p_ledger, v_reservation, ARRAY['platform', 'member']);
    v_result jsonb;
BEGIN
    IF auth.role() = 'member'
       AND NOT app.may_spend(p_ledger, auth.uid(), v_reservation.source_kind, v_reservation.source_id) THEN
        v_reservation := NULL; -- whose it is not does not learn that it is
    END IF;
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_by.merchant_id := v_reservation.merchant_id;
    v_result := coalesce(app.check_hq(), app.check_open(v_reservation));
    IF v_result IS NULL THEN
        PERFORM app.recall(v_reservation, CASE auth.role() WHEN 'member' THEN 'member' ELSE 'hq' END);
        PERFORM app.note_event(p_ledger, 'reservation_recalled', 'info', v_by.principal_id, v_by.merchant_id, NULL,
                               p_reservation::text, '{}');
        v_result := jsonb_build_object('left', app.still_aside(v_reservation));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.recall_reservation IS
    'Ask a till to give up what it has not used; it does at its next contact, by a fact. By the operator, or the member whose '
    'it is. Returns {outcome, left}';

-- Whoever is refused here for what is set aside elsewhere is told where it is, and those tills are asked to give it up.
CREATE FUNCTION app.tell_reserved(p_by app.acting, p_source uuid, p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reservation app.reservations%ROWTYPE;
    v_reserved jsonb := '[]';
BEGIN
    IF p_result ->> 'code' IS NULL OR p_result ->> 'code' NOT IN ('uses_exhausted', 'balance_insufficient') THEN
        RETURN p_result;
    END IF;
    FOR v_reservation IN
        SELECT * FROM app.reservations AS r
         WHERE r.ledger_id = p_by.ledger_id AND r.source_id = p_source AND r.status = 'open' ORDER BY r.fencing_no FOR UPDATE
    LOOP
        v_reserved := v_reserved || jsonb_build_object(
            'terminal_code', (SELECT t.code FROM app.terminals AS t WHERE t.terminal_id = v_reservation.terminal_id),
            'amount', app.still_aside(v_reservation), 'expires_at', v_reservation.expires_at);
        IF v_reservation.terminal_id <> p_by.terminal_id THEN
            PERFORM app.recall(v_reservation, 'wanted_elsewhere');
        END IF;
    END LOOP;
    RETURN CASE v_reserved WHEN '[]' THEN p_result
        ELSE jsonb_set(p_result, '{data,reserved}', v_reserved) END;
END $$;
COMMENT ON FUNCTION app.tell_reserved IS 'Say in a refusal which tills hold what is missing, and recall it from the others';

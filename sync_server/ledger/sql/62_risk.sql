-- The risk policy of a store as HQ signed it, and what people have seen of the alarms.

CREATE TABLE app.alarms_seen (
    ledger_id   smallint NOT NULL,
    event_id    uuid NOT NULL,
    merchant_id uuid,
    seen_by     uuid NOT NULL,
    name        text NOT NULL,
    seen_at     timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, event_id, seen_by)
);
COMMENT ON TABLE app.alarms_seen IS 'Who has seen an alarm, and when; the alarm itself stays';

CREATE FUNCTION app.is_operators() RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN coalesce(auth.uid() IS NOT NULL AND auth.role() IN ('platform', 'staff') AND app.hq_role() = 'hq', false);
END $$;
COMMENT ON FUNCTION app.is_operators IS 'Does the caller work for the operator: its programs, and people of the role hq';

-- An alarm of no merchant is the operator's business. Its audit row names a payment by digest; whom to pay back stands beside.
CREATE FUNCTION app.operators_alarms(p_ledger smallint)
    RETURNS TABLE (event_id uuid, event text, recorded_at timestamptz, principal_id uuid, subject text, data jsonb,
                   names text[], times timestamptz[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
    SELECT e.event_id, e.event, e.recorded_at, e.principal_id, e.subject, e.data || coalesce(paid.data, '{}'), seen.names,
           seen.times
      FROM audit.event_log AS e
      LEFT JOIN LATERAL (
            SELECT jsonb_build_object('payment_ref', u.payment_ref, 'tx_no', u.tx_no) AS data
              FROM app.unmatched_payments AS u
             WHERE e.event = 'payment_unmatched' AND u.ledger_id = e.ledger_id
               AND app.key_subject(u.payment_ref) = e.subject AND u.recorded_at <= e.recorded_at
             ORDER BY u.recorded_at DESC, u.tx_no LIMIT 1) AS paid ON true
      LEFT JOIN LATERAL (
            SELECT array_agg(a.name ORDER BY a.seen_at) AS names, array_agg(a.seen_at ORDER BY a.seen_at) AS times
              FROM app.alarms_seen AS a WHERE a.ledger_id = e.ledger_id AND a.event_id = e.event_id) AS seen ON true
     WHERE e.ledger_id = p_ledger AND e.severity = 'alarm' AND e.merchant_id IS NULL AND app.is_operators()
$$;
COMMENT ON FUNCTION app.operators_alarms IS
    'Alarms of no merchant with who has seen them (NULL: nobody), for the operator''s programs and the role hq; nothing for others';

CREATE FUNCTION app.see_alarm(p_ledger smallint, p_event_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_alarm audit.event_log%ROWTYPE;
BEGIN
    SELECT * INTO v_alarm FROM audit.event_log AS e
     WHERE e.ledger_id = p_ledger AND e.event_id = p_event_id AND e.severity = 'alarm';
    IF v_alarm.event_id IS NULL OR v_alarm.merchant_id IS NOT NULL OR NOT app.is_operators() THEN
        PERFORM app.acting_principal(p_ledger, ARRAY['platform', 'staff'], v_alarm.merchant_id);
    END IF;
    IF v_alarm.event_id IS NULL THEN
        RETURN jsonb_build_object('outcome', 'refused') || app.refuse('alarm_unknown');
    ELSIF coalesce(app.hq_role(), 'auditor') = 'auditor' THEN
        RETURN jsonb_build_object('outcome', 'refused') || app.refuse('permission_missing');
    END IF;
    INSERT INTO app.alarms_seen (ledger_id, event_id, merchant_id, seen_by, name, seen_at)
    VALUES (p_ledger, p_event_id, v_alarm.merchant_id, auth.uid(), app.hq_name(),
            app.now_utc())
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM app.note_event(p_ledger, 'alarm_seen', 'info', auth.uid(), v_alarm.merchant_id, NULL,
                               p_event_id::text, jsonb_build_object('event', v_alarm.event));
    END IF;
    RETURN '{"outcome": "accepted"}';
END $$;
COMMENT ON FUNCTION app.see_alarm IS 'The caller has seen an alarm; again changes nothing. Returns {outcome}';

-- A till whose facts do not follow what we have: it lost some, or we did (a restore). It sends again; when it cannot, one
-- alarm per place stays.
CREATE FUNCTION app.note_gap(p_ledger smallint, p_known_seq bigint, p_sent_seq bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
BEGIN
    PERFORM FROM audit.event_log AS e
      WHERE e.ledger_id = p_ledger AND e.severity = 'alarm' AND e.event = 'chain_gap'
        AND e.principal_id = v_by.terminal_id AND e.subject = p_known_seq::text;
    IF NOT FOUND THEN
        PERFORM app.note_event(p_ledger, 'chain_gap', 'alarm', v_by.terminal_id, v_by.merchant_id, NULL, p_known_seq::text,
                               jsonb_build_object('known_seq', p_known_seq, 'sent_seq', p_sent_seq));
    END IF;
END $$;
COMMENT ON FUNCTION app.note_gap IS 'The acting terminal sent facts beyond the next one';

CREATE FUNCTION app.issue_policy(p_ledger smallint, p_key text, p_content_hash bytea, p_policy uuid, p_store uuid,
                                 p_version integer, p_body text, p_key_id text, p_signature text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_merchant uuid;
    v_by app.acting;
    v_newest integer;
    v_result jsonb;
BEGIN
    -- Two who issue for one store at once: the second sees the first's version.
    SELECT s.merchant_id INTO v_merchant FROM app.stores AS s WHERE s.store_id = p_store FOR NO KEY UPDATE;
    v_by := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], v_merchant);
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    SELECT coalesce(max(r.version), 0) INTO v_newest FROM app.risk_policies AS r WHERE r.store_id = p_store;
    v_result := CASE
        WHEN v_merchant IS NULL THEN app.refuse('store_unknown')
        WHEN p_version <> v_newest + 1 THEN app.refuse('policy_changed', jsonb_build_object('version', v_newest))
        ELSE app.check_role(true) END;
    IF v_result IS NULL THEN
        INSERT INTO app.risk_policies (policy_id, merchant_id, store_id, version, body, key_id, signature)
        VALUES (p_policy, v_merchant, p_store, p_version, p_body, p_key_id, p_signature);
        PERFORM app.note_change('policy', p_store::text, v_merchant, p_store);
        PERFORM app.note_event(p_ledger, 'policy_issued', 'info', v_by.principal_id, v_merchant, NULL, p_store::text,
                               jsonb_build_object('version', p_version, 'key_id', p_key_id, 'body', p_body::jsonb));
        v_result := jsonb_build_object('version', p_version);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.issue_policy IS
    'Put the next version of a store''s signed risk policy in force. Refused: policy_changed {version} when another one was '
    'quicker, permission_missing. Returns {outcome, version}';

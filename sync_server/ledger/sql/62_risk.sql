-- The risk policy of a store as HQ signed it, and gaps in what a till sends.

-- A till whose facts do not follow what we have: it lost some, or we did (a restore). It sends again; when it cannot, its
-- alarm counts on.
CREATE FUNCTION app.note_gap(p_ledger smallint, p_known_seq bigint, p_sent_seq bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
BEGIN
    PERFORM app.count_alarm(p_ledger, 'chain_gap', v_by.terminal_id, v_by.merchant_id, 1,
                            jsonb_build_object('known_seq', p_known_seq, 'sent_seq', p_sent_seq));
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

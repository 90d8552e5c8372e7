-- A terminal that must not act any more (sync.md "Pairing and identity"): HQ revokes it, for good. Its key can do one thing
-- from then on, hand in its queue, and every fact of that is held for a person.

CREATE FUNCTION app.revoke_terminal(p_ledger smallint, p_key text, p_content_hash bytea, p_terminal uuid, p_reason text)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_terminal app.terminals%ROWTYPE;
    v_by app.acting;
    v_seq bigint;
    v_result jsonb;
BEGIN
    -- Its head first, as the intake does: a push that runs is finished, the next one is held.
    SELECT h.seq INTO v_seq FROM app.terminal_heads AS h
     WHERE h.ledger_id = p_ledger AND h.terminal_id = p_terminal FOR NO KEY UPDATE;
    SELECT * INTO v_terminal FROM app.terminals AS t WHERE t.terminal_id = p_terminal FOR NO KEY UPDATE;
    v_by := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], v_terminal.merchant_id);
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := coalesce(
        CASE WHEN v_terminal.terminal_id IS NULL THEN app.refuse('terminal_unknown') END, app.check_role(true),
        app.check_reason(p_reason),
        CASE v_terminal.status WHEN 'revoked' THEN app.refuse('terminal_revoked')
                               WHEN 'created' THEN app.refuse('not_paired') END);
    IF v_result IS NULL THEN
        UPDATE app.terminals AS t
           SET status = 'revoked', revoked_at = app.now_utc(), revoked_by = app.hq_name(), revoked_why = trim(p_reason)
         WHERE t.terminal_id = p_terminal;
        PERFORM app.note_event(p_ledger, 'terminal_revoked', 'info', v_by.principal_id, v_terminal.merchant_id, NULL,
                               p_terminal::text, jsonb_build_object('seq', coalesce(v_seq, 0), 'code', v_terminal.code));
        v_result := jsonb_build_object('terminal', v_terminal.code, 'seq', coalesce(v_seq, 0));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.revoke_terminal IS
    'Shut a paired terminal out for good. By the platform and the roles hq and merchant_owner. Refused: terminal_unknown, '
    'terminal_revoked, not_paired, reason_missing, permission_missing. Returns {outcome, terminal, seq}';

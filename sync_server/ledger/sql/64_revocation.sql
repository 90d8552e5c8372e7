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

-- Revocations outlive the database: the server remembers them beside it (jobs.witness) and says so before it lets anybody in.
CREATE FUNCTION app.revoked_terminals(p_ledger smallint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    PERFORM auth.require_platform();
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'terminal_id', t.terminal_id, 'public_key', encode(t.public_key, 'hex'), 'by', t.revoked_by,
                'why', t.revoked_why) ORDER BY t.terminal_id), '[]')
              FROM app.terminals AS t WHERE t.status = 'revoked');
END $$;
COMMENT ON FUNCTION app.revoked_terminals IS 'Who is shut out, for app.revoke_again: [{terminal_id, public_key, by, why}]';

CREATE FUNCTION app.revoke_again(p_ledger smallint, p_known jsonb) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_lost record;
    v_codes text[] := '{}';
BEGIN
    PERFORM auth.require_platform();
    FOR v_lost IN
        SELECT t.terminal_id, t.merchant_id, t.code, coalesce(t.public_key, decode(k.value ->> 'public_key', 'hex')) AS key,
               k.value ->> 'by' AS hq_name, k.value ->> 'why' AS reason
          FROM jsonb_array_elements(p_known) AS k
          JOIN app.terminals AS t ON t.terminal_id = (k.value ->> 'terminal_id')::uuid AND t.status <> 'revoked'
         ORDER BY t.code
    LOOP
        -- Paired in the lost time too: with its key it can hand in its queue.
        UPDATE app.terminals AS t
           SET status = 'revoked', public_key = v_lost.key, revoked_at = app.now_utc(), revoked_by = v_lost.hq_name,
               revoked_why = v_lost.reason
         WHERE t.terminal_id = v_lost.terminal_id;
        PERFORM app.note_event(p_ledger, 'revoked_again', 'alarm', v_lost.terminal_id, v_lost.merchant_id, NULL,
                               v_lost.terminal_id::text, jsonb_build_object('code', v_lost.code, 'reason', v_lost.reason));
        v_codes := v_codes || v_lost.code;
    END LOOP;
    RETURN v_codes;
END $$;
COMMENT ON FUNCTION app.revoke_again IS
    'Shut out again whom this database has forgotten that it shut out, as after a restore; returns their codes. Each is an alarm';

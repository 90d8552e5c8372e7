-- Passes end by the date on them. The date decides (app.check_pass looks at the time a use happened); the status follows,
-- so that screens and lists agree, and never takes away what a till did before. Uses left stay where they are until the
-- pass is bought anew.

CREATE INDEX passes_by_expiry ON app.member_passes (expires_at) WHERE status IN ('active', 'suspended');

CREATE FUNCTION app.expire_passes(p_ledger smallint, p_limit integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_pass record;
    v_count integer := 0;
BEGIN
    PERFORM auth.require_platform();
    -- One that somebody is using now is left for the next run: this never waits.
    FOR v_pass IN
        SELECT p.pass_id, p.merchant_id, p.status, p.expires_at FROM app.member_passes AS p
         WHERE p.ledger_id = p_ledger AND p.status IN ('active', 'suspended') AND p.expires_at <= app.now_utc()
         ORDER BY p.expires_at LIMIT least(greatest(p_limit, 0), 5000) FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE app.member_passes AS p SET status = 'expired' WHERE p.ledger_id = p_ledger AND p.pass_id = v_pass.pass_id;
        PERFORM app.note_event(
            p_ledger, 'pass_expired', 'info', auth.uid(), v_pass.merchant_id, NULL, v_pass.pass_id::text,
            jsonb_build_object('was', v_pass.status, 'expires_at', v_pass.expires_at,
                               'uses_left', app.balance_of(p_ledger, v_pass.pass_id)));
        PERFORM app.note_change('pass', v_pass.pass_id::text, v_pass.merchant_id, NULL);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;
COMMENT ON FUNCTION app.expire_passes IS
    'Mark passes past their date as expired, at most `p_limit` (up to 5,000) a call; returns how many. Run until it returns 0';

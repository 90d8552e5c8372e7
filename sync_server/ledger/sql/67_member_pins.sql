-- The PIN by which a member proves at a till who they are when no code of theirs is there (sync.md "Spending stored value").
-- The table holds its hash, sealed under the person's own key; the audit says that there is one and never which.

CREATE FUNCTION app.set_member_pin(p_ledger smallint, p_member uuid, p_pin_sealed bytea) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_member app.members%ROWTYPE;
    v_result jsonb;
BEGIN
    PERFORM auth.require_platform();
    SELECT * INTO v_member FROM app.members AS m WHERE m.member_id = app.resolve_member(p_member) FOR NO KEY UPDATE;
    v_result := coalesce(CASE WHEN v_member.key_sealed IS NULL THEN app.refuse('member_unknown') END,
                         CASE WHEN v_member.status <> 'active'
                              THEN app.refuse('member_inactive', jsonb_build_object('status', v_member.status)) END);
    IF v_result IS NULL THEN
        UPDATE app.members AS m SET pin_sealed = p_pin_sealed WHERE m.member_id = v_member.member_id;
        PERFORM app.note_member_change(v_member.member_id);
        v_result := jsonb_build_object('changed', v_member.pin_sealed IS NOT NULL);
    END IF;
    RETURN app.answered(p_ledger, 'member_pin_set', v_member.member_id::text, v_result);
END $$;
COMMENT ON FUNCTION app.set_member_pin IS
    'Give a member a PIN, or another one. The program''s alone, for a member who proved who they are. Refused: '
    'member_unknown, member_inactive. Returns {outcome, changed}';

CREATE FUNCTION app.clear_member_pin(p_ledger smallint, p_member uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_member app.members%ROWTYPE;
    v_result jsonb;
BEGIN
    IF auth.role() IS NULL OR auth.role() NOT IN ('platform', 'staff') THEN
        RAISE EXCEPTION 'this principal may not do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF app.hq_role() IS DISTINCT FROM 'hq' THEN -- members are the operator's
        RETURN app.outcome_of(app.refuse('permission_missing'));
    END IF;
    SELECT * INTO v_member FROM app.members AS m
     WHERE m.member_id = app.resolve_member(p_member)
       AND (auth.role() = 'platform' OR EXISTS (
            SELECT FROM app.member_merchants AS k WHERE k.member_id = m.member_id AND app.sees_merchant(k.merchant_id)))
       FOR NO KEY UPDATE;
    IF v_member.member_id IS NULL THEN
        v_result := app.refuse('member_unknown');
    ELSIF v_member.pin_sealed IS NULL THEN
        v_result := app.refuse('pin_not_set');
    ELSE
        UPDATE app.members AS m SET pin_sealed = NULL WHERE m.member_id = v_member.member_id;
        PERFORM app.note_member_change(v_member.member_id);
        v_result := '{}';
    END IF;
    RETURN app.answered(p_ledger, 'member_pin_cleared', v_member.member_id::text, v_result);
END $$;
COMMENT ON FUNCTION app.clear_member_pin IS
    'Take a member''s PIN away, for one who forgot it. By the program and HQ''s people of the role hq. Refused: '
    'member_unknown, pin_not_set, permission_missing. Returns {outcome}';

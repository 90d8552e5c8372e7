-- How far every till's chain is in a backup of this database, so that tills may compact what is (docs/decisions/0014).
-- Whoever takes backups says when one began that is now complete and kept: nobody else can know.

CREATE TABLE app.backups (
    ledger_id smallint NOT NULL,
    taken_at  timestamptz NOT NULL,
    noted_at  timestamptz NOT NULL,
    noted_by  uuid NOT NULL,
    name      text NOT NULL,
    PRIMARY KEY (ledger_id, taken_at)
);
COMMENT ON COLUMN app.backups.taken_at IS 'When it began, by the clock of this database: what had been committed before is in it';

CREATE FUNCTION app.longest_commit() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN interval '5 minutes';
COMMENT ON FUNCTION app.longest_commit IS
    'Longer than any transaction of ours may last: what was recorded so long before a moment was committed before it';

CREATE FUNCTION app.note_backup(p_ledger smallint, p_taken_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_tills integer;
BEGIN
    IF NOT app.is_operators() THEN
        IF auth.role() IS DISTINCT FROM 'staff' THEN
            RAISE EXCEPTION 'this principal may not do this' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN app.outcome_of(app.refuse('permission_missing'));
    ELSIF (p_taken_at BETWEEN '2000-01-01' AND app.now_utc()) IS NOT TRUE THEN
        RETURN app.outcome_of(app.refuse('backup_time_invalid', jsonb_build_object('server_time', app.now_utc())));
    END IF;
    INSERT INTO app.backups (ledger_id, taken_at, noted_at, noted_by, name)
    VALUES (p_ledger, p_taken_at, app.now_utc(), auth.uid(), app.hq_name())
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM FROM app.terminal_heads AS h WHERE h.ledger_id = p_ledger ORDER BY h.terminal_id FOR NO KEY UPDATE;
        UPDATE app.terminal_heads AS h SET backed_up_seq = saved.seq
          FROM (SELECT t.terminal_id, (
                       SELECT f.seq FROM app.facts AS f
                        WHERE f.ledger_id = p_ledger AND f.terminal_id = t.terminal_id AND f.in_chain
                          AND f.recorded_at < p_taken_at - app.longest_commit()
                        ORDER BY f.seq DESC LIMIT 1) AS seq
                  FROM app.terminal_heads AS t WHERE t.ledger_id = p_ledger) AS saved
         WHERE h.ledger_id = p_ledger AND h.terminal_id = saved.terminal_id AND h.backed_up_seq < saved.seq;
        GET DIAGNOSTICS v_tills = ROW_COUNT;
        PERFORM app.note_event(p_ledger, 'backup_noted', 'info', auth.uid(), NULL, NULL, NULL,
                               jsonb_build_object('taken_at', p_taken_at, 'tills', v_tills));
    END IF;
    RETURN jsonb_build_object('outcome', 'accepted', 'taken_at', p_taken_at, 'tills', coalesce(v_tills, 0));
END $$;
COMMENT ON FUNCTION app.note_backup IS
    'A complete backup (or a synchronous replica) holds all that was committed before `p_taken_at`. For the operator; again '
    'changes nothing, an older one takes nothing back. Returns {outcome, taken_at, tills: whose chains came further}';

CREATE FUNCTION app.newest_backup(p_ledger smallint) RETURNS TABLE (taken_at timestamptz, noted_at timestamptz, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
    SELECT b.taken_at, b.noted_at, b.name FROM app.backups AS b
     WHERE b.ledger_id = p_ledger AND app.is_operators() ORDER BY b.taken_at DESC LIMIT 1
$$;
COMMENT ON FUNCTION app.newest_backup IS 'The newest backup that was noted, for the operator''s programs and the role hq';

CREATE FUNCTION app.alarm_backups(p_ledger smallint, p_most interval) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_newest timestamptz := (SELECT max(b.taken_at) FROM app.backups AS b WHERE b.ledger_id = p_ledger);
    v_since timestamptz := coalesce(v_newest, (SELECT min(e.started_at) FROM app.epochs AS e));
BEGIN
    PERFORM auth.require_platform();
    PERFORM pg_advisory_xact_lock(hashtextextended('app.alarm_backups', p_ledger));
    IF v_since >= app.now_utc() - p_most OR EXISTS (
        SELECT FROM audit.event_log AS e
         WHERE e.ledger_id = p_ledger AND e.severity = 'alarm' AND e.event = 'backup_missing'
           AND e.recorded_at >= app.now_utc() - p_most) THEN
        RETURN false;
    END IF;
    PERFORM app.note_event(p_ledger, 'backup_missing', 'alarm', NULL, NULL, NULL, NULL, jsonb_build_object(
        'taken_at', v_newest, 'days', floor(date_part('epoch', app.now_utc() - v_since) / 86400)));
    RETURN true;
END $$;
COMMENT ON FUNCTION app.alarm_backups IS 'Alarm when no backup was noted for so long, once in such a time; true: it did';

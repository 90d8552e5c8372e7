-- Alarms as people work on them. Every alarm is an audit row (app.note_event); what a principal or a stranger causes is
-- counted in one open row for each of them, kind and merchant, so that nobody floods HQ. Closing one needs a note; the next
-- occurrence opens another.

CREATE TABLE app.alarms (
    ledger_id    smallint NOT NULL,
    alarm_id     uuid NOT NULL,
    event        text NOT NULL,
    kind         text NOT NULL,
    grouped      boolean NOT NULL,
    principal_id uuid,
    merchant_id  uuid,
    subject      text,
    data         jsonb NOT NULL,
    count        bigint NOT NULL CHECK (count > 0),
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    closed_by    uuid,
    closed_name  text,
    closed_at    timestamptz,
    note         text,
    PRIMARY KEY (ledger_id, alarm_id),
    CHECK ((closed_at IS NULL) = (note IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))
);
COMMENT ON TABLE app.alarms IS 'What is alarming: of a principal one open row per kind and merchant, with subject and data of the last occurrence';
COMMENT ON COLUMN app.alarms.kind IS 'The event; of a held fact with the reason why';
CREATE UNIQUE INDEX alarms_open ON app.alarms (ledger_id, kind, principal_id, merchant_id) NULLS NOT DISTINCT
    WHERE grouped AND closed_at IS NULL;
CREATE INDEX alarms_by_time ON app.alarms (last_at);

CREATE TABLE app.alarms_seen (
    ledger_id   smallint NOT NULL,
    alarm_id    uuid NOT NULL,
    merchant_id uuid,
    seen_by     uuid NOT NULL,
    name        text NOT NULL,
    seen_at     timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, alarm_id, seen_by),
    FOREIGN KEY (ledger_id, alarm_id) REFERENCES app.alarms
);
COMMENT ON TABLE app.alarms_seen IS 'Who has seen an alarm, and when last; what happened after that nobody has seen';

CREATE FUNCTION app.raise_alarm(p_ledger smallint, p_event text, p_principal uuid, p_merchant uuid, p_subject text,
                                p_data jsonb, p_count bigint, p_grouped boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_kind text := p_event || CASE WHEN p_event = 'held' THEN coalesce('_' || (p_data ->> 'reason'), '') ELSE '' END;
    v_count bigint;
BEGIN
    INSERT INTO app.alarms AS known (ledger_id, alarm_id, event, kind, grouped, principal_id, merchant_id, subject, data,
                                     count, first_at, last_at)
    VALUES (p_ledger, app.new_id(), p_event, v_kind, p_grouped, p_principal, p_merchant, p_subject, p_data, p_count,
            app.now_utc(), app.now_utc())
    ON CONFLICT (ledger_id, kind, principal_id, merchant_id) WHERE grouped AND closed_at IS NULL DO UPDATE
       SET count = known.count + excluded.count, last_at = greatest(known.last_at, excluded.last_at),
           subject = excluded.subject, data = excluded.data
    RETURNING count INTO v_count;
    RETURN v_count;
END $$;
COMMENT ON FUNCTION app.raise_alarm IS 'Open an alarm, or count one more in the open one of its kind; returns how often it happened';

-- Of what anybody can repeat at will the audit keeps the first time and then every tenfold; the alarm keeps the count. From
-- which address it came (`source`) may be personal: the alarm keeps it, the audit, which is for ever, does not.
CREATE FUNCTION app.count_alarm(p_ledger smallint, p_event text, p_terminal uuid, p_merchant uuid, p_count bigint,
                                p_data jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_count bigint := app.raise_alarm(p_ledger, p_event, p_terminal, p_merchant, NULL, p_data, p_count, true);
BEGIN
    IF v_count = p_count OR length(v_count::text) > length((v_count - p_count)::text) THEN
        PERFORM app.note_event(p_ledger, p_event, 'alarm', p_terminal, p_merchant, NULL, NULL,
                               p_data - 'source' || jsonb_build_object('count', v_count), false);
    END IF;
END $$;

CREATE FUNCTION app.note_door(p_ledger smallint, p_terminal uuid, p_event text, p_count bigint, p_data jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    PERFORM auth.require_platform(); -- the program itself: whoever was refused has proved nothing that could be claimed
    IF p_event NOT IN ('signature_missing', 'signature_invalid', 'key_unknown', 'request_replayed', 'clock_skewed',
                       'revoked_key_used', 'revoked_queue_full', 'head_forged', 'seal_forged', 'pairing_throttled') THEN
        RAISE EXCEPTION 'no alarm of the door: %', p_event;
    END IF;
    PERFORM app.count_alarm(p_ledger, p_event, p_terminal,
                            (SELECT t.merchant_id FROM app.terminals AS t WHERE t.terminal_id = p_terminal), p_count, p_data);
END $$;
COMMENT ON FUNCTION app.note_door IS
    'So many requests of a terminal, or of somebody who pretends to be one (NULL: nobody knows who), were refused for this';

-- A till that finds its own records edited says so; nothing of it is taken on risk from then on.
CREATE FUNCTION app.take_till_alarm(p_ledger smallint, p_kind text, p_seq bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
BEGIN
    IF p_kind NOT IN ('journal_edited', 'journal_cut', 'journal_behind', 'countersignature_forged', 'policy_forged',
                      'seal_refused') THEN
        RAISE EXCEPTION 'no alarm of a till: %', p_kind;
    END IF;
    IF p_kind IN ('journal_edited', 'journal_cut', 'journal_behind', 'countersignature_forged') THEN
        PERFORM app.open_head(v_by);
        UPDATE app.terminal_heads AS h SET forked_at = coalesce(h.forked_at, app.now_utc())
         WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id;
    END IF;
    PERFORM app.count_alarm(p_ledger, p_kind, v_by.terminal_id, v_by.merchant_id, 1, jsonb_build_object('seq', p_seq));
END $$;
COMMENT ON FUNCTION app.take_till_alarm IS 'The acting terminal found something wrong with what it holds, at this place of its chain';

-- What people do about them --------------------------------------------------------------------------------------------

CREATE FUNCTION app.is_operators() RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN coalesce(auth.uid() IS NOT NULL AND auth.role() IN ('platform', 'staff') AND app.hq_role() = 'hq', false);
END $$;
COMMENT ON FUNCTION app.is_operators IS 'Does the caller work for the operator: its programs, and people of the role hq';

-- An alarm of no merchant is the operator's business. Its audit row names a payment by digest; whom to pay back stands beside.
CREATE FUNCTION app.operators_alarms(p_ledger smallint)
    RETURNS TABLE (alarm_id uuid, event text, principal_id uuid, subject text, data jsonb, count bigint, first_at timestamptz,
                   last_at timestamptz, closed_name text, closed_at timestamptz, note text, names text[],
                   times timestamptz[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
    SELECT e.alarm_id, e.event, e.principal_id, e.subject, e.data || coalesce(paid.data, '{}'), e.count, e.first_at,
           e.last_at, e.closed_name, e.closed_at, e.note, seen.names, seen.times
      FROM app.alarms AS e
      LEFT JOIN LATERAL (
            SELECT jsonb_build_object('payment_ref', u.payment_ref, 'tx_no', u.tx_no) AS data
              FROM app.unmatched_payments AS u
             WHERE e.event = 'payment_unmatched' AND u.ledger_id = e.ledger_id
               AND app.key_subject(u.payment_ref) = e.subject AND u.recorded_at <= e.first_at
             ORDER BY u.recorded_at DESC, u.tx_no LIMIT 1) AS paid ON true
      LEFT JOIN LATERAL (
            SELECT array_agg(a.name ORDER BY a.seen_at) AS names, array_agg(a.seen_at ORDER BY a.seen_at) AS times
              FROM app.alarms_seen AS a WHERE a.ledger_id = e.ledger_id AND a.alarm_id = e.alarm_id) AS seen ON true
     WHERE e.ledger_id = p_ledger AND e.merchant_id IS NULL AND app.is_operators()
$$;
COMMENT ON FUNCTION app.operators_alarms IS
    'Alarms of no merchant with who has seen them (NULL: nobody), for the operator''s programs and the role hq; nothing for others';

CREATE FUNCTION app.alarm_for(p_ledger smallint, p_alarm_id uuid, OUT alarm app.alarms, OUT refusal jsonb)
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF auth.uid() IS NULL OR auth.role() IS NULL OR auth.role() NOT IN ('platform', 'staff') THEN
        RAISE EXCEPTION 'this principal may not do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO alarm FROM app.alarms AS a
     WHERE a.ledger_id = p_ledger AND a.alarm_id = p_alarm_id
       AND CASE WHEN a.merchant_id IS NULL THEN app.is_operators() ELSE app.sees_merchant(a.merchant_id) END
       FOR NO KEY UPDATE;
    IF alarm.alarm_id IS NULL THEN
        refusal := app.outcome_of(app.refuse('alarm_unknown'));
    ELSIF coalesce(app.hq_role(), 'auditor') = 'auditor' THEN
        refusal := app.outcome_of(app.refuse('permission_missing'));
    END IF;
END $$;
COMMENT ON FUNCTION app.alarm_for IS 'The locked alarm that the caller wants to act on, or why not; one that he does not see is unknown';

CREATE FUNCTION app.see_alarm(p_ledger smallint, p_alarm_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_found record := app.alarm_for(p_ledger, p_alarm_id);
    v_before timestamptz;
BEGIN
    IF v_found.refusal IS NOT NULL THEN
        RETURN v_found.refusal;
    END IF;
    SELECT a.seen_at INTO v_before FROM app.alarms_seen AS a
     WHERE a.ledger_id = p_ledger AND a.alarm_id = p_alarm_id AND a.seen_by = auth.uid();
    IF v_before IS NULL OR v_before < (v_found.alarm).last_at THEN
        INSERT INTO app.alarms_seen AS known (ledger_id, alarm_id, merchant_id, seen_by, name, seen_at)
        VALUES (p_ledger, p_alarm_id, (v_found.alarm).merchant_id, auth.uid(), app.hq_name(), app.now_utc())
        ON CONFLICT (ledger_id, alarm_id, seen_by) DO UPDATE SET seen_at = excluded.seen_at;
        PERFORM app.note_event(p_ledger, 'alarm_seen', 'info', auth.uid(), (v_found.alarm).merchant_id, NULL,
                               p_alarm_id::text, jsonb_build_object('event', (v_found.alarm).event,
                                                                    'count', (v_found.alarm).count));
    END IF;
    RETURN '{"outcome": "accepted"}';
END $$;
COMMENT ON FUNCTION app.see_alarm IS 'The caller has seen an alarm as it is now; again changes nothing. Returns {outcome}';

CREATE FUNCTION app.close_alarm(p_ledger smallint, p_alarm_id uuid, p_note text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_found record := app.alarm_for(p_ledger, p_alarm_id);
    v_refusal jsonb;
BEGIN
    v_refusal := coalesce(v_found.refusal, app.outcome_of(coalesce(
        app.check_reason(p_note), CASE WHEN (v_found.alarm).closed_at IS NOT NULL THEN app.refuse('alarm_closed') END)));
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    UPDATE app.alarms AS a
       SET closed_by = auth.uid(), closed_name = app.hq_name(), closed_at = app.now_utc(), note = trim(p_note)
     WHERE a.ledger_id = p_ledger AND a.alarm_id = p_alarm_id;
    PERFORM app.note_event(p_ledger, 'alarm_closed', 'info', auth.uid(), (v_found.alarm).merchant_id, NULL,
                           p_alarm_id::text, jsonb_build_object('event', (v_found.alarm).event,
                                                                'count', (v_found.alarm).count));
    RETURN '{"outcome": "accepted"}';
END $$;
COMMENT ON FUNCTION app.close_alarm IS
    'An alarm is dealt with, and how (3 to 200 characters). Refused: alarm_unknown, alarm_closed, reason_missing, permission_missing';

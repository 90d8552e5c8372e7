-- Signing in by a code that was sent to a phone, and the sessions that follow. Numbers stand here as blind indexes, codes
-- and session tokens as hashes (members/phone_codes.py, own_sessions.py); the program reaches them through these functions.

CREATE TABLE sec.phone_codes (
    phone_index bytea PRIMARY KEY,
    code_hash   bytea NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    issued_at   timestamptz NOT NULL
);
CREATE INDEX phone_codes_by_age ON sec.phone_codes (issued_at);

-- How often something was done in the hour that began with the first of it: by a number, by an address, or at all.
CREATE TABLE sec.phone_limits (
    act     text NOT NULL,
    subject bytea NOT NULL,
    since   timestamptz NOT NULL,
    times   integer NOT NULL,
    PRIMARY KEY (act, subject)
);
CREATE INDEX phone_limits_by_age ON sec.phone_limits (since);

CREATE TABLE sec.member_sessions (
    token_hash bytea PRIMARY KEY,
    member_id  uuid NOT NULL REFERENCES app.members,
    csrf_token text NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT app.now_utc(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX member_sessions_by_member ON sec.member_sessions (member_id);
CREATE INDEX member_sessions_by_expiry ON sec.member_sessions (expires_at);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['sec.phone_codes', 'sec.phone_limits', 'sec.member_sessions'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;

CREATE FUNCTION app.phone_code_rule(p_name text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_name
        WHEN 'valid_seconds' THEN 600
        WHEN 'resend_seconds' THEN 60
        WHEN 'tries' THEN 5
        -- In an hour:
        WHEN 'codes of a number' THEN 5
        WHEN 'codes of an address' THEN 60 -- a shop's guests share one
        WHEN 'codes sent' THEN 3000 -- to all: what a flood may cost
        WHEN 'wrong of a number' THEN 10
        WHEN 'wrong of an address' THEN 30
        WHEN 'anonymous of an address' THEN 30
        WHEN 'anonymous of all' THEN 3000
    END;
COMMENT ON FUNCTION app.phone_code_rule IS 'Every bound on codes sent to phones, by its name; seconds, or times in an hour';

CREATE FUNCTION app.count_phone_act(p_act text, p_subject bytea) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_now timestamptz := app.now_utc();
    v_limit sec.phone_limits%ROWTYPE;
BEGIN
    INSERT INTO sec.phone_limits AS l (act, subject, since, times) VALUES (p_act, p_subject, v_now, 1)
    ON CONFLICT (act, subject) DO UPDATE
       SET since = CASE WHEN l.since <= v_now - interval '1 hour' THEN v_now ELSE l.since END,
           times = CASE WHEN l.since <= v_now - interval '1 hour' THEN 1 ELSE l.times + 1 END
    RETURNING * INTO v_limit;
    RETURN CASE WHEN v_limit.times > app.phone_code_rule(p_act)
                THEN ceil(extract(epoch FROM v_limit.since + interval '1 hour' - v_now))::integer ELSE 0 END;
END $$;
COMMENT ON FUNCTION app.count_phone_act IS 'Count it; after so many seconds it may be done again, 0: it is within its bound';

CREATE FUNCTION app.begin_phone_code(
    p_phones bytea[], p_address bytea, p_code_hash bytea, OUT refused text, OUT wait_seconds integer
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_now timestamptz := app.now_utc();
    v_last timestamptz;
BEGIN
    -- One at a time for a number, so that two at once are not two messages.
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_phones[1], 'hex'), 0));
    DELETE FROM sec.phone_codes WHERE issued_at < v_now - interval '1 day';
    DELETE FROM sec.phone_limits WHERE since < v_now - interval '1 day';
    SELECT max(c.issued_at) INTO v_last FROM sec.phone_codes AS c WHERE c.phone_index = ANY (p_phones);
    wait_seconds := ceil(extract(epoch FROM v_last - v_now) + app.phone_code_rule('resend_seconds'))::integer;
    IF wait_seconds > 0 THEN
        refused := 'phone_code_too_soon';
        RETURN;
    END IF;
    wait_seconds := app.count_phone_act('codes of a number', p_phones[1]);
    IF wait_seconds = 0 THEN
        wait_seconds := app.count_phone_act('codes of an address', p_address);
    END IF;
    IF wait_seconds > 0 THEN
        refused := 'phone_code_limit';
        RETURN;
    END IF;
    DELETE FROM sec.phone_codes WHERE phone_index = ANY (p_phones);
    INSERT INTO sec.phone_codes (phone_index, code_hash, issued_at) VALUES (p_phones[1], p_code_hash, v_now);
END $$;
COMMENT ON FUNCTION app.begin_phone_code IS
    'Make this the one code of a number, given by its blind indexes, the newest key''s first. `refused`: phone_code_too_soon, '
    'phone_code_limit, and in how many seconds it may be asked for again';

CREATE FUNCTION app.count_sent_phone_code() RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT app.count_phone_act('codes sent', '') $$;
COMMENT ON FUNCTION app.count_sent_phone_code IS 'One more message; above 0: too many in this hour, it is not to be sent for so many seconds';

CREATE FUNCTION app.check_phone_code(
    p_phones bytea[], p_address bytea, p_code_hashes bytea[], OUT refused text, OUT wait_seconds integer, OUT tries_left integer
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_code sec.phone_codes%ROWTYPE;
BEGIN
    -- Counted before it is compared, so that guesses at once count too; what was right is taken off again.
    wait_seconds := greatest(app.count_phone_act('wrong of a number', p_phones[1]),
                             app.count_phone_act('wrong of an address', p_address));
    IF wait_seconds > 0 THEN
        refused := 'phone_code_limit';
        RETURN;
    END IF;
    SELECT * INTO v_code FROM sec.phone_codes AS c WHERE c.phone_index = ANY (p_phones)
     ORDER BY c.issued_at DESC LIMIT 1 FOR UPDATE;
    IF v_code.issued_at > app.now_utc() - make_interval(secs => app.phone_code_rule('valid_seconds')) IS NOT TRUE THEN
        refused := 'phone_code_expired';
    ELSIF v_code.wrong_tries >= app.phone_code_rule('tries') THEN
        refused := 'phone_code_expired';
    ELSIF v_code.code_hash = ANY (p_code_hashes) THEN
        DELETE FROM sec.phone_codes AS c WHERE c.phone_index = v_code.phone_index;
        UPDATE sec.phone_limits AS l SET times = l.times - 1
         WHERE (l.act, l.subject) IN (('wrong of a number', p_phones[1]), ('wrong of an address', p_address));
    ELSE
        UPDATE sec.phone_codes AS c SET wrong_tries = c.wrong_tries + 1 WHERE c.phone_index = v_code.phone_index
        RETURNING app.phone_code_rule('tries') - c.wrong_tries INTO tries_left;
        refused := 'phone_code_wrong';
    END IF;
END $$;
COMMENT ON FUNCTION app.check_phone_code IS
    'Use up the code that one of these hashes is of. `refused` NULL: it was right; else phone_code_wrong with tries_left, '
    'phone_code_expired (old, used, tried too often, or never sent), phone_code_limit with wait_seconds';

CREATE FUNCTION app.open_member_session(p_member_id uuid, p_token_hash bytea, p_csrf_token text, p_seconds integer)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM sec.member_sessions WHERE expires_at < app.now_utc();
        INSERT INTO sec.member_sessions (token_hash, member_id, csrf_token, expires_at)
        VALUES (p_token_hash, p_member_id, p_csrf_token, app.now_utc() + make_interval(secs => p_seconds))
    $$;
COMMENT ON FUNCTION app.open_member_session IS 'The code was right: begin a session; only the hash of its token is kept';

CREATE FUNCTION app.member_session(p_token_hash bytea) RETURNS TABLE (member_id uuid, csrf_token text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT s.member_id, s.csrf_token
          FROM sec.member_sessions AS s JOIN app.members AS m USING (member_id)
         WHERE s.token_hash = p_token_hash AND s.expires_at > app.now_utc() AND m.key_sealed IS NOT NULL
    $$;
COMMENT ON FUNCTION app.member_session IS 'Whose a session is; nothing when it ended or the person was erased';

CREATE FUNCTION app.count_member_sessions() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT count(*) FROM sec.member_sessions AS s
         WHERE auth.role() = 'member' AND s.member_id = auth.uid() AND s.expires_at > app.now_utc()
    $$;
COMMENT ON FUNCTION app.count_member_sessions IS 'On how many devices the acting member is signed in';

CREATE FUNCTION app.close_member_session(p_token_hash bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ DELETE FROM sec.member_sessions WHERE token_hash = p_token_hash $$;
COMMENT ON FUNCTION app.close_member_session IS 'End a session';

CREATE FUNCTION app.close_member_sessions() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ DELETE FROM sec.member_sessions AS s WHERE auth.role() = 'member' AND s.member_id = auth.uid() $$;
COMMENT ON FUNCTION app.close_member_sessions IS 'End every session of the acting member';

GRANT EXECUTE ON FUNCTION
    app.phone_code_rule, app.begin_phone_code, app.count_sent_phone_code, app.check_phone_code, app.open_member_session,
    app.member_session, app.count_member_sessions, app.close_member_session, app.close_member_sessions
TO tillkeeper_app;

-- Who signs in through /auth/v1, and their sessions. A user is a member, a person at HQ, or somebody without a name (source
-- 000 §2B) whose id a profile may take later (source 001 §5.1). Only hashes of refresh tokens are kept. What a session may
-- do is judged at every use: a person who left HQ, or was erased, has none.

CREATE TABLE sec.api_users (
    user_id         uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('anonymous', 'member', 'staff')),
    created_at      timestamptz NOT NULL,
    last_sign_in_at timestamptz NOT NULL
);
CREATE INDEX api_users_nameless ON sec.api_users (last_sign_in_at) WHERE kind = 'anonymous';

CREATE TABLE sec.api_sessions (
    session_id uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES sec.api_users ON DELETE CASCADE,
    method     text NOT NULL CHECK (method IN ('anonymous', 'otp', 'password')),
    opened_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX api_sessions_by_user ON sec.api_sessions (user_id);
CREATE INDEX api_sessions_by_expiry ON sec.api_sessions (expires_at);

CREATE TABLE sec.api_tokens (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES sec.api_sessions ON DELETE CASCADE,
    used_at    timestamptz
);
CREATE INDEX api_tokens_by_session ON sec.api_tokens (session_id);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['sec.api_users', 'sec.api_sessions', 'sec.api_tokens'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;

CREATE FUNCTION app.open_api_session(p_user_id uuid, p_kind text, p_method text, p_token_hash bytea) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_now timestamptz := app.now_utc();
    v_session uuid := app.new_id();
BEGIN
    DELETE FROM sec.api_sessions AS s WHERE s.expires_at < v_now;
    DELETE FROM sec.api_users AS u WHERE u.kind = 'anonymous' AND u.last_sign_in_at < v_now - interval '30 days'
       AND NOT EXISTS (SELECT FROM sec.api_sessions AS s WHERE s.user_id = u.user_id);
    INSERT INTO sec.api_users AS u (user_id, kind, created_at, last_sign_in_at) VALUES (p_user_id, p_kind, v_now, v_now)
    ON CONFLICT (user_id) DO UPDATE SET kind = excluded.kind, last_sign_in_at = excluded.last_sign_in_at;
    IF p_kind = 'staff' THEN -- the password was right
        UPDATE sec.hq_users AS u SET wrong_tries = 0, locked_until = NULL WHERE u.user_id = p_user_id;
    END IF;
    INSERT INTO sec.api_sessions (session_id, user_id, method, opened_at, expires_at)
    VALUES (v_session, p_user_id, p_method, v_now, v_now + interval '30 days');
    INSERT INTO sec.api_tokens (token_hash, session_id) VALUES (p_token_hash, v_session);
    RETURN v_session;
END $$;
COMMENT ON FUNCTION app.open_api_session IS
    'Begin a session of /auth/v1 for somebody who has proven who they are; it ends after 30 days without use';

CREATE FUNCTION app.open_anonymous_session(
    p_address bytea, p_token_hash bytea, OUT wait_seconds integer, OUT user_id uuid, OUT session_id uuid
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    wait_seconds := app.count_phone_act('anonymous of an address', p_address);
    IF wait_seconds = 0 THEN -- one address does not use up what is everybody's
        wait_seconds := app.count_phone_act('anonymous of all', '');
    END IF;
    IF wait_seconds = 0 THEN
        user_id := app.new_id();
        session_id := app.open_api_session(user_id, 'anonymous', 'anonymous', p_token_hash);
    END IF;
END $$;
COMMENT ON FUNCTION app.open_anonymous_session IS
    'Begin a session for a new user without a name; with wait_seconds there are too many of them';

CREATE FUNCTION app.api_session(p_session_id uuid, p_user_id uuid)
    RETURNS TABLE (kind text, method text, merchant_ids uuid[], username text, opened_at timestamptz,
                   created_at timestamptz, last_sign_in_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT u.kind, s.method, coalesce(h.merchant_ids, '{}'), h.username, s.opened_at, u.created_at, u.last_sign_in_at
          FROM sec.api_sessions AS s
          JOIN sec.api_users AS u ON u.user_id = s.user_id
          LEFT JOIN sec.hq_users AS h ON h.user_id = u.user_id AND u.kind = 'staff'
          LEFT JOIN app.members AS m ON m.member_id = u.user_id AND u.kind = 'member'
         WHERE s.session_id = p_session_id AND s.user_id = p_user_id AND s.expires_at > app.now_utc()
           AND CASE u.kind WHEN 'staff' THEN h.active WHEN 'member' THEN m.key_sealed IS NOT NULL ELSE true END
    $$;
COMMENT ON FUNCTION app.api_session IS
    'Whose session it is and what they may see now; nothing when it ended, the person was erased or left HQ';

CREATE FUNCTION app.rotate_api_token(
    p_token_hash bytea, p_next_hash bytea, OUT refused text, OUT user_id uuid, OUT session_id uuid
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_now timestamptz := app.now_utc();
    v_token sec.api_tokens%ROWTYPE;
BEGIN
    SELECT * INTO v_token FROM sec.api_tokens AS t WHERE t.token_hash = p_token_hash FOR UPDATE;
    SELECT s.user_id, s.session_id INTO user_id, session_id FROM sec.api_sessions AS s
     WHERE s.session_id = v_token.session_id AND s.expires_at > v_now FOR UPDATE;
    IF session_id IS NULL OR NOT EXISTS (SELECT FROM app.api_session(session_id, user_id)) THEN
        refused := 'refresh_token_not_found';
    ELSIF v_token.used_at < v_now - interval '10 seconds' THEN
        -- Two hold the same token, and one of them is a thief: nobody goes on.
        DELETE FROM sec.api_sessions AS s WHERE s.session_id = v_token.session_id;
        refused := 'refresh_token_already_used';
    ELSE
        DELETE FROM sec.api_tokens AS t WHERE t.session_id = v_token.session_id AND t.used_at < v_now - interval '30 days';
        UPDATE sec.api_tokens AS t SET used_at = coalesce(t.used_at, v_now) WHERE t.token_hash = p_token_hash;
        INSERT INTO sec.api_tokens (token_hash, session_id) VALUES (p_next_hash, session_id);
        UPDATE sec.api_sessions AS s SET expires_at = v_now + interval '30 days' WHERE s.session_id = v_token.session_id;
    END IF;
END $$;
COMMENT ON FUNCTION app.rotate_api_token IS
    'Exchange a refresh token for the next. `refused`: refresh_token_not_found; refresh_token_already_used, which ends the '
    'session. Within 10 seconds the same token may be used again: an answer that was lost, or two windows at once';

CREATE FUNCTION app.close_api_sessions(p_session_id uuid, p_user_id uuid, p_scope text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM sec.api_sessions AS s
         WHERE s.user_id = p_user_id
           AND CASE p_scope WHEN 'local' THEN s.session_id = p_session_id
                            WHEN 'others' THEN s.session_id <> p_session_id ELSE true END
    $$;
COMMENT ON FUNCTION app.close_api_sessions IS 'End this session (local), the user''s other ones (others), or all (global)';

GRANT EXECUTE ON FUNCTION
    app.open_api_session, app.open_anonymous_session, app.api_session, app.rotate_api_token, app.close_api_sessions
TO tillkeeper_app;

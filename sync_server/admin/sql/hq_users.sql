-- People at HQ and their sessions. Hashes live in sec; the program reaches them through these functions alone.

CREATE TABLE sec.hq_users (
    user_id uuid PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9._@-]{2,80}$'),
    display_name text NOT NULL,
    role text NOT NULL CHECK (role IN ('hq', 'merchant_owner', 'finance', 'support', 'auditor')),
    merchant_ids uuid[] NOT NULL,
    password_hash text NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT app.now_utc()
);

CREATE TABLE sec.hq_sessions (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES sec.hq_users,
    csrf_token text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT app.now_utc(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX hq_sessions_expiry ON sec.hq_sessions (expires_at);

ALTER TABLE sec.hq_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE sec.hq_users FORCE ROW LEVEL SECURITY;
ALTER TABLE sec.hq_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sec.hq_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY deny_all ON sec.hq_users FOR ALL USING (false) WITH CHECK (false);
CREATE POLICY owner_all ON sec.hq_users FOR ALL TO tillkeeper_owner USING (true) WITH CHECK (true);
CREATE POLICY deny_all ON sec.hq_sessions FOR ALL USING (false) WITH CHECK (false);
CREATE POLICY owner_all ON sec.hq_sessions FOR ALL TO tillkeeper_owner USING (true) WITH CHECK (true);

CREATE FUNCTION app.hq_upsert_user(
    p_user_id uuid, p_username text, p_display_name text, p_role text, p_merchant_ids uuid[], p_password_hash text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT auth.require_platform();
    DELETE FROM sec.hq_sessions s USING sec.hq_users u
    WHERE s.user_id = u.user_id AND u.username = p_username AND u.password_hash <> p_password_hash;
    INSERT INTO sec.hq_users (user_id, username, display_name, role, merchant_ids, password_hash)
    VALUES (p_user_id, p_username, p_display_name, p_role, p_merchant_ids, p_password_hash)
    ON CONFLICT (username) DO UPDATE
    SET display_name = excluded.display_name, role = excluded.role, merchant_ids = excluded.merchant_ids,
        password_hash = excluded.password_hash, wrong_tries = 0, locked_until = NULL, active = true
$$;
COMMENT ON FUNCTION app.hq_upsert_user IS
    'Make a person at HQ, or give them a new role and password, which ends their sessions; for the operator alone';

CREATE FUNCTION app.hq_begin_login(p_username text)
RETURNS TABLE (user_id uuid, password_hash text, locked boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH before AS (
        SELECT u.user_id, coalesce(u.locked_until > app.now_utc(), false) AS locked,
               CASE WHEN u.locked_until <= app.now_utc() THEN 0 ELSE u.wrong_tries END AS tries
          FROM sec.hq_users u WHERE u.username = p_username AND u.active FOR UPDATE
    )
    UPDATE sec.hq_users u
    SET wrong_tries = CASE WHEN before.locked THEN u.wrong_tries ELSE before.tries + 1 END,
        locked_until = CASE WHEN before.locked THEN u.locked_until
                            WHEN before.tries + 1 >= 5 THEN app.now_utc() + interval '15 minutes' END
    FROM before WHERE u.user_id = before.user_id
    RETURNING u.user_id, u.password_hash, before.locked
$$;
COMMENT ON FUNCTION app.hq_begin_login IS
    'Count a try before its password is checked, so that guesses at once count too; the fifth in a row locks 15 minutes';

CREATE FUNCTION app.hq_open_session(p_user_id uuid, p_token_hash bytea, p_csrf_token text, p_seconds integer)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE sec.hq_users SET wrong_tries = 0, locked_until = NULL WHERE user_id = p_user_id;
    DELETE FROM sec.hq_sessions WHERE expires_at < app.now_utc();
    INSERT INTO sec.hq_sessions (token_hash, user_id, csrf_token, expires_at)
    VALUES (p_token_hash, p_user_id, p_csrf_token, app.now_utc() + make_interval(secs => p_seconds))
$$;
COMMENT ON FUNCTION app.hq_open_session IS 'The password was right: forget the tries, begin a session; only the hash of its token is kept';

CREATE FUNCTION app.hq_session(p_token_hash bytea)
RETURNS TABLE (user_id uuid, username text, display_name text, role text, merchant_ids uuid[], csrf_token text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.user_id, u.username, u.display_name, u.role, u.merchant_ids, s.csrf_token
    FROM sec.hq_sessions s JOIN sec.hq_users u USING (user_id)
    WHERE s.token_hash = p_token_hash AND s.expires_at > app.now_utc() AND u.active
$$;
COMMENT ON FUNCTION app.hq_session IS 'Who a session belongs to; nothing when it ended';

CREATE FUNCTION app.hq_close_session(p_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ DELETE FROM sec.hq_sessions WHERE token_hash = p_token_hash $$;
COMMENT ON FUNCTION app.hq_close_session IS 'End a session';

GRANT EXECUTE ON FUNCTION
    app.hq_upsert_user, app.hq_begin_login, app.hq_open_session, app.hq_session,
    app.hq_close_session
TO tillkeeper_app;

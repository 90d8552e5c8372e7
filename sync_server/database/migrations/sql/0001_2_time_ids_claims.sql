-- Time, ids and claims come from these functions alone; only the tests replace the first two.

-- One instant for everything that one call from the program does.
CREATE FUNCTION app.now_utc() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT statement_timestamp() $$;
COMMENT ON FUNCTION app.now_utc() IS 'The time of the current statement, with microseconds';

-- A UUID of version 7 (RFC 9562, method 3): 48 bits of milliseconds, the version, 12 bits of their fraction,
-- then the variant and 62 random bits, taken from a random UUID. One expression, so that Postgres inlines it;
-- written in hexadecimal digits because the version goes in between the 12th and the 13th. Works from 15 on.
CREATE FUNCTION app.new_id() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE
AS $$
    SELECT (
        overlay(
            lpad(to_hex((date_part('epoch', clock_timestamp()) * 4096000)::bigint), 15, '0')
            PLACING '7' FROM 13 FOR 0
        ) || substr(gen_random_uuid()::text, 20)
    )::uuid
$$;
COMMENT ON FUNCTION app.new_id() IS 'A new identity that sorts by the time it was made';

-- Claims are set per transaction by the program after it has verified the caller. Unset or empty means nobody.
-- In a policy write (SELECT auth.uid()), which Postgres computes once per statement and not once per row.
CREATE FUNCTION auth.uid() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('tillkeeper.principal_id', true), '')::uuid $$;

CREATE FUNCTION auth.role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('tillkeeper.role', true), '') $$;

CREATE FUNCTION auth.merchant_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('tillkeeper.merchant_ids', true), '')::uuid[], '{}') $$;

-- For functions that act with their owner's rights: the claims, not the login, say who may call them.
CREATE FUNCTION auth.require_platform() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF auth.role() IS DISTINCT FROM 'platform' THEN
        RAISE EXCEPTION 'only the operator may do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
COMMENT ON FUNCTION auth.require_platform() IS 'Refuse whoever does not act for the operator';

GRANT EXECUTE ON FUNCTION app.now_utc(), app.new_id(), auth.uid(), auth.role(), auth.merchant_ids()
TO tillkeeper_app;

-- Roles. Run by the maintenance role: owner of the database, CREATEROLE, no superuser needed; also before a backup is put back.
-- Roles belong to the whole server, so another database of it may have made them already.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['tillkeeper_owner', 'tillkeeper_app'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database's migration was quicker
        END;
    END LOOP;
    -- The owner cannot log in; the program's login can do nothing but what is granted to it by name.
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tillkeeper_owner' AND rolcanlogin) THEN
        ALTER ROLE tillkeeper_owner NOLOGIN;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tillkeeper_app' AND NOT rolcanlogin) THEN
        ALTER ROLE tillkeeper_app LOGIN;
    END IF;
    IF EXISTS (
        SELECT 1 FROM pg_roles
        WHERE rolname IN ('tillkeeper_owner', 'tillkeeper_app') AND (rolsuper OR rolbypassrls OR rolcreaterole)
    ) THEN
        RAISE EXCEPTION 'tillkeeper_owner and tillkeeper_app must not be superusers, bypass row security or create roles'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Migrations act as the owner, so the maintenance role is a member of it; the program never is.
    -- (From 16 on, having made a role does not by itself allow acting as it.)
    IF NOT (
        pg_has_role(current_user, 'tillkeeper_owner', 'USAGE')
        AND pg_has_role(
            current_user, 'tillkeeper_owner',
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END
        )
    ) THEN
        EXECUTE format('GRANT tillkeeper_owner TO %I', current_user);
    END IF;
END
$$;

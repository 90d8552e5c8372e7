-- Schemas, run by the maintenance role.

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA app AUTHORIZATION tillkeeper_owner;
CREATE SCHEMA audit AUTHORIZATION tillkeeper_owner;
CREATE SCHEMA sec AUTHORIZATION tillkeeper_owner;
CREATE SCHEMA auth AUTHORIZATION tillkeeper_owner;
COMMENT ON SCHEMA app IS 'Business tables and the functions that move money';
COMMENT ON SCHEMA audit IS 'What happened, append only';
COMMENT ON SCHEMA sec IS 'Secrets and their hashes; nobody reads these tables directly';
COMMENT ON SCHEMA auth IS 'Who the current transaction acts for';

-- The program sees the names in app and auth; every table and function still needs a grant by name.
GRANT USAGE ON SCHEMA app, auth TO tillkeeper_app;

-- What the owner makes from now on is closed to everybody until granted.
ALTER DEFAULT PRIVILEGES FOR ROLE tillkeeper_owner REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tillkeeper_owner REVOKE ALL ON SEQUENCES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tillkeeper_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tillkeeper_owner REVOKE ALL ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tillkeeper_owner REVOKE ALL ON SCHEMAS FROM PUBLIC;

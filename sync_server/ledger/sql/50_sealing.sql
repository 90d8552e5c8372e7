-- The audit rows in a hash chain whose heads are signed and handed to tills (ledger.md "Tables"): whoever rewrites a row,
-- the owner of the database included, ends with another chain than the one the tills hold. docs/decisions/0010-audit-seals.md.
--
-- A seal takes the rows whose transaction number lies in [from_xid, upto_xid), all below the oldest transaction that still
-- runs: one that commits late cannot fall into a range that is sealed. Readers have no transaction number and hold nobody
-- up; a transaction that writes, in any database of the server, holds sealing up until it ends, and so does a prepared one.

CREATE FUNCTION app.cluster_id() RETURNS text
    LANGUAGE sql
    AS $$ SELECT s.system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system() AS s $$;
COMMENT ON FUNCTION app.cluster_id IS
    'Which server, and which of its timelines: a dump goes to another server, a promotion or a recovery to a point in time '
    'begins another timeline';

-- What the database has lived through: a restore begins another life, whose transaction numbers may begin anew.
CREATE TABLE audit.lives (
    life     smallint PRIMARY KEY,
    epoch    text NOT NULL UNIQUE REFERENCES app.epochs,
    began_at timestamptz NOT NULL,
    cluster  text NOT NULL DEFAULT app.cluster_id()
);
INSERT INTO audit.lives (life, epoch, began_at) SELECT 1, app.current_epoch(), app.now_utc();

CREATE TABLE audit.seals (
    ledger_id smallint NOT NULL,
    seal_no   bigint NOT NULL CHECK (seal_no > 0),
    life      smallint NOT NULL REFERENCES audit.lives,
    epoch     text NOT NULL,
    from_xid  xid8 NOT NULL,
    upto_xid  xid8 NOT NULL CHECK (upto_xid > from_xid),
    row_count integer NOT NULL CHECK (row_count > 0),
    rows_hash bytea NOT NULL CHECK (octet_length(rows_hash) = 32),
    prev      bytea NOT NULL CHECK (octet_length(prev) = 32),
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    sealed_at timestamptz NOT NULL,
    key_id    text,
    signature bytea CHECK (octet_length(signature) = 64),
    PRIMARY KEY (ledger_id, seal_no),
    UNIQUE (ledger_id, prev),
    CHECK ((key_id IS NULL) = (signature IS NULL))
);
COMMENT ON COLUMN audit.seals.epoch IS 'In which it was made: a restore may have left rows of an earlier life unsealed';
COMMENT ON COLUMN audit.seals.prev IS 'Hash of the seal before, 32 zero bytes before the first; unique, so that the chain cannot fork';
CREATE INDEX seals_unsigned ON audit.seals (seal_no) WHERE signature IS NULL;

CREATE FUNCTION audit.instant(p_at timestamptz) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

CREATE FUNCTION audit.row_hash(p_row audit.event_log) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN sha256(convert_to(jsonb_build_array(
        (p_row).ledger_id, (p_row).life, (p_row).xid::text, (p_row).event_id, audit.instant((p_row).recorded_at),
        (p_row).event, (p_row).severity, (p_row).principal_id, (p_row).merchant_id, (p_row).tx_id, (p_row).subject,
        (p_row).data)::text, 'UTF8'));
COMMENT ON FUNCTION audit.row_hash IS 'SHA-256 of a row''s canonical text: its columns in the table''s order as one jsonb array';

CREATE FUNCTION audit.seal_hash(p_seal audit.seals) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN sha256(convert_to(concat_ws(E'\n', 'tillkeeper/seal/1', (p_seal).ledger_id, (p_seal).seal_no, (p_seal).life,
        (p_seal).epoch, (p_seal).from_xid, (p_seal).upto_xid, (p_seal).row_count, encode((p_seal).rows_hash, 'hex'),
        encode((p_seal).prev, 'hex'), audit.instant((p_seal).sealed_at)), 'UTF8'));
COMMENT ON FUNCTION audit.seal_hash IS 'SHA-256 of what a seal says, line by line; everything but key and signature';

CREATE FUNCTION audit.after_xid(p_xid xid8) RETURNS xid8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((p_xid::text::numeric + 1)::text)::xid8;

-- One more seal, of at least one row and of about p_limit: a transaction's rows stay together. True: there is more.
CREATE FUNCTION audit.add_seal(p_ledger smallint, p_limit integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_life smallint := (SELECT max(l.life) FROM audit.lives AS l);
    v_running xid8 := pg_snapshot_xmin(pg_current_snapshot());
    v_bound xid8;
    v_first xid8;
    v_beyond xid8;
    v_last audit.seals;
    v_seal audit.seals;
BEGIN
    SELECT * INTO v_last FROM audit.seals AS s WHERE s.ledger_id = p_ledger ORDER BY s.seal_no DESC LIMIT 1;
    v_seal.ledger_id := p_ledger;
    v_seal.seal_no := coalesce(v_last.seal_no, 0) + 1;
    v_seal.prev := coalesce(v_last.hash, decode(repeat('00', 32), 'hex'));
    v_seal.life := coalesce(v_last.life, 1);
    v_seal.from_xid := coalesce(v_last.upto_xid, '0');
    LOOP
        -- Of an earlier life nothing runs any more.
        v_bound := CASE WHEN v_seal.life = v_life THEN v_running ELSE '18446744073709551615'::xid8 END;
        SELECT e.xid INTO v_first FROM audit.event_log AS e
         WHERE e.ledger_id = p_ledger AND e.life = v_seal.life AND e.xid >= v_seal.from_xid AND e.xid < v_bound
         ORDER BY e.xid LIMIT 1;
        EXIT WHEN FOUND OR v_seal.life >= v_life;
        v_seal.life := v_seal.life + 1;
        v_seal.from_xid := '0';
    END LOOP;
    IF v_first IS NULL THEN
        RETURN false;
    END IF;
    SELECT e.xid INTO v_beyond FROM audit.event_log AS e
     WHERE e.ledger_id = p_ledger AND e.life = v_seal.life AND e.xid >= v_seal.from_xid AND e.xid < v_bound
     ORDER BY e.xid OFFSET p_limit LIMIT 1;
    v_seal.upto_xid := CASE WHEN v_beyond > v_first THEN v_beyond WHEN v_beyond = v_first THEN audit.after_xid(v_first)
                            ELSE v_bound END;
    SELECT count(*), sha256(string_agg(audit.row_hash(e), ''::bytea ORDER BY e.xid, e.event_id))
      INTO v_seal.row_count, v_seal.rows_hash FROM audit.event_log AS e
     WHERE e.ledger_id = p_ledger AND e.life = v_seal.life AND e.xid >= v_seal.from_xid AND e.xid < v_seal.upto_xid;
    v_seal.epoch := (SELECT l.epoch FROM audit.lives AS l WHERE l.life = v_life);
    v_seal.sealed_at := app.now_utc();
    v_seal.hash := audit.seal_hash(v_seal);
    INSERT INTO audit.seals SELECT v_seal.*;
    RETURN v_beyond IS NOT NULL OR v_seal.life < v_life;
END $$;

CREATE FUNCTION app.seal_events(p_ledger smallint, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_more boolean;
BEGIN
    PERFORM auth.require_platform();
    IF NOT pg_try_advisory_xact_lock(hashtextextended('app.seal_events', p_ledger)) THEN
        RETURN '{"seals": [], "more": false}'; -- another server is at it
    END IF;
    v_more := audit.add_seal(p_ledger, p_limit);
    RETURN jsonb_build_object('more', v_more, 'seals', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'seal_no', s.seal_no, 'epoch', s.epoch, 'hash', encode(s.hash, 'hex'),
                   'sealed_at', audit.instant(s.sealed_at)) ORDER BY s.seal_no), '[]')
          FROM (SELECT * FROM audit.seals AS u WHERE u.ledger_id = p_ledger AND u.signature IS NULL
                 ORDER BY u.seal_no LIMIT 1000) AS s));
END $$;
COMMENT ON FUNCTION app.seal_events IS
    'Seal about p_limit audit rows. Returns {"seals": those that wait for their signature, "more": there is more to seal}';

CREATE FUNCTION app.sign_seal(p_ledger smallint, p_seal_no bigint, p_key_id text, p_signature bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    PERFORM auth.require_platform();
    UPDATE audit.seals AS s SET key_id = p_key_id, signature = p_signature
     WHERE s.ledger_id = p_ledger AND s.seal_no = p_seal_no AND s.signature IS NULL;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION app.sign_seal IS 'Put the server''s signature under a seal, once';

CREATE FUNCTION app.newest_seal(p_ledger smallint)
    RETURNS TABLE (seal_no bigint, epoch text, hash bytea, key_id text, signature bytea, sealed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT s.seal_no, s.epoch, s.hash, s.key_id, s.signature, s.sealed_at FROM audit.seals AS s
         WHERE s.ledger_id = p_ledger AND s.signature IS NOT NULL AND s.epoch = app.current_epoch()
         ORDER BY s.seal_no DESC LIMIT 1;
    END;
COMMENT ON FUNCTION app.newest_seal IS 'The head that tills are handed; none before the first of this epoch';

-- What a till holds is compared with what stands here. One that differs stays, whatever the till shows later.
CREATE FUNCTION app.vouch_for_seal(p_ledger smallint, p_seal_no bigint, p_epoch text, p_hash bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_head app.terminal_heads%ROWTYPE;
    v_ours audit.seals%ROWTYPE;
    v_found text;
BEGIN
    SELECT * INTO v_ours FROM audit.seals AS s WHERE s.ledger_id = p_ledger AND s.seal_no = p_seal_no;
    v_found := CASE
        WHEN v_ours.hash = p_hash AND v_ours.epoch = p_epoch THEN 'known'
        WHEN p_epoch <> app.current_epoch() AND v_ours.epoch IS DISTINCT FROM p_epoch
             AND EXISTS (SELECT FROM audit.lives AS l WHERE l.epoch = p_epoch) THEN 'lost' -- by a restore
        ELSE 'rewritten' END;
    PERFORM app.open_head(v_by);
    SELECT * INTO v_head FROM app.terminal_heads AS h
     WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id FOR UPDATE;
    IF (v_head.vouched_seal_no, v_head.vouched_epoch, v_head.vouched_hash)
       IS NOT DISTINCT FROM (p_seal_no, p_epoch, p_hash) THEN
        RETURN v_found;
    END IF;
    IF v_found <> 'known' THEN
        PERFORM app.note_event(
            p_ledger, CASE v_found WHEN 'lost' THEN 'audit_head_lost' ELSE 'audit_rewritten' END, 'alarm',
            v_by.terminal_id, v_by.merchant_id, NULL, p_seal_no::text,
            jsonb_build_object('epoch', p_epoch, 'hash', encode(p_hash, 'hex'), 'ours', encode(v_ours.hash, 'hex')));
    END IF;
    UPDATE app.terminal_heads AS h
       SET vouched_seal_no = p_seal_no, vouched_epoch = p_epoch, vouched_hash = p_hash
     WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id
       AND (h.vouched_seal_no IS NULL OR v_found = 'rewritten' OR EXISTS (
            SELECT FROM audit.seals AS s WHERE s.ledger_id = p_ledger AND s.seal_no = h.vouched_seal_no
               AND s.epoch = h.vouched_epoch AND s.hash = h.vouched_hash)
            OR h.vouched_epoch <> app.current_epoch());
    RETURN v_found;
END $$;
COMMENT ON FUNCTION app.vouch_for_seal IS
    'Compare the head a till holds with our chain: known, lost (a restore went behind it), or rewritten, which is an alarm';

CREATE FUNCTION app.begin_epoch(p_ledger smallint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_life smallint := (SELECT max(l.life) + 1 FROM audit.lives AS l);
    v_epoch text;
    v_lost_from timestamptz;
BEGIN
    PERFORM auth.require_platform();
    UPDATE app.terminal_heads AS h SET heard_seq = NULL, heard_hash = NULL WHERE h.heard_seq IS NOT NULL; -- shown anew
    INSERT INTO app.epochs (started_at, lost_from)
    SELECT greatest(app.now_utc(), max(e.started_at) + interval '1 microsecond'),
           greatest(max(e.started_at), (SELECT max(v.recorded_at) FROM audit.event_log AS v)) FROM app.epochs AS e
    RETURNING epoch, lost_from INTO v_epoch, v_lost_from;
    INSERT INTO audit.lives (life, epoch, began_at) VALUES (v_life, v_epoch, app.now_utc());
    EXECUTE format('ALTER TABLE audit.event_log ALTER COLUMN life SET DEFAULT %s', v_life);
    UPDATE app.number_issuers AS i SET closed = true WHERE NOT i.closed;
    UPDATE app.number_counters AS c SET closed = true WHERE NOT c.closed;
    -- The tills' feed is in the order of transaction numbers too.
    WITH known AS (DELETE FROM app.change_log RETURNING table_name, key, merchant_id, store_id)
    INSERT INTO app.change_log (table_name, key, merchant_id, store_id) SELECT DISTINCT * FROM known;
    PERFORM app.note_event(p_ledger, 'epoch_began', 'alarm', NULL, NULL, NULL, v_epoch, jsonb_build_object(
        'life', v_life, 'lost_from', audit.instant(v_lost_from)));
    RETURN v_epoch;
END $$;
COMMENT ON FUNCTION app.begin_epoch IS 'Begin another life of the database after a restore, while no server runs on it; returns the epoch';

CREATE FUNCTION audit.lacks_seal(p_ledger smallint, p_seen jsonb) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN p_seen ->> 'ledger' = (SELECT e.epoch FROM app.epochs AS e ORDER BY e.started_at LIMIT 1)
       AND (p_seen ->> 'sealed_at')::timestamptz > (SELECT max(e.started_at) FROM app.epochs AS e)
       AND NOT EXISTS (SELECT FROM audit.seals AS s
                        WHERE s.ledger_id = p_ledger AND s.seal_no = (p_seen ->> 'seal_no')::bigint
                          AND s.hash = decode(p_seen ->> 'hash', 'hex'));
COMMENT ON FUNCTION audit.lacks_seal IS
    'Was a seal {ledger: its first epoch, seal_no, hash, sealed_at} made here that is gone, and no epoch begun since? NULL: no';

CREATE FUNCTION app.notice_restore(p_ledger smallint, p_seen jsonb DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_next xid8 := pg_snapshot_xmax(pg_current_snapshot());
    v_life smallint := (SELECT max(l.life) FROM audit.lives AS l);
BEGIN
    PERFORM auth.require_platform();
    IF (SELECT l.cluster FROM audit.lives AS l WHERE l.life = v_life) <> app.cluster_id()
       OR EXISTS (SELECT FROM audit.event_log AS e WHERE e.ledger_id = p_ledger AND e.life = v_life AND e.xid >= v_next)
       OR EXISTS (SELECT FROM audit.seals AS s WHERE s.ledger_id = p_ledger AND s.life = v_life AND s.upto_xid > v_next)
       OR EXISTS (SELECT FROM app.change_log AS c WHERE c.xid >= v_next)
       OR audit.lacks_seal(p_ledger, p_seen) THEN
        RETURN app.begin_epoch(p_ledger);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.notice_restore IS
    'A restored database finds itself in another cluster, holds transaction numbers that this one has not reached, or lacks '
    'the seal that the server has seen outside of it (p_seen: files put back into their own place): then a new epoch begins; '
    'else NULL';

-- Members are the operator's; a merchant's tills know those it has dealt with. Name and phone are sealed (keys.py).

CREATE TABLE app.members (
    member_id        uuid PRIMARY KEY,
    member_no        text NOT NULL UNIQUE,
    card_ref         text NOT NULL UNIQUE CHECK (card_ref ~ '^[0-9A-Z.$%]{8}$'),
    key_sealed       bytea, -- the person's own key; erasing a person is erasing it
    name_sealed      bytea NOT NULL,
    phone_sealed     bytea NOT NULL,
    phone_index      bytea UNIQUE,
    phone_tail_index bytea,
    level            text NOT NULL DEFAULT '0',
    status           text NOT NULL DEFAULT 'active',
    created_at       timestamptz NOT NULL DEFAULT app.now_utc()
);
CREATE INDEX members_by_phone_tail ON app.members (phone_tail_index);

CREATE TABLE app.member_merchants (
    member_id   uuid NOT NULL REFERENCES app.members,
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    since       timestamptz NOT NULL DEFAULT app.now_utc(),
    PRIMARY KEY (member_id, merchant_id)
);
CREATE INDEX member_merchants_by_merchant ON app.member_merchants (merchant_id);

CREATE TABLE sec.member_codes (
    card_ref     text PRIMARY KEY REFERENCES app.members (card_ref),
    secret_hash  text NOT NULL,
    issued_at    timestamptz NOT NULL,
    used_at      timestamptz,
    wrong_tries  integer NOT NULL DEFAULT 0,
    locked_until timestamptz
);

CREATE FUNCTION app.note_member(p_member_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT auth.require_platform();
        INSERT INTO app.change_log (table_name, key, merchant_id)
        SELECT 'member', known.member_id::text, known.merchant_id
          FROM app.member_merchants AS known WHERE known.member_id = p_member_id
        ON CONFLICT DO NOTHING;
    END;
COMMENT ON FUNCTION app.note_member IS 'Tell the tills of every merchant that knows this member. For the operator alone.';

CREATE FUNCTION app.meet_member(p_member_id uuid, p_merchant_id uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        INSERT INTO app.member_merchants (member_id, merchant_id) VALUES (p_member_id, p_merchant_id)
        ON CONFLICT DO NOTHING;
        INSERT INTO app.change_log (table_name, key, merchant_id)
        VALUES ('member', p_member_id::text, p_merchant_id)
        ON CONFLICT DO NOTHING;
    END;
COMMENT ON FUNCTION app.meet_member IS 'From now on the tills of this merchant mirror this member. Called only from inside.';

CREATE FUNCTION app.know_member(p_member_id uuid, p_merchant_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT auth.require_platform();
        SELECT app.meet_member(p_member_id, p_merchant_id);
    END;
COMMENT ON FUNCTION app.know_member IS 'Make a member known to a merchant. For the operator alone.';

-- A member's money and points are the operator's, so their accounts belong to no merchant: a merchant that knows the
-- member may see the sums. plpgsql, because the ledger's tables are made after this one.
CREATE FUNCTION app.member_holdings(p_members uuid[])
    RETURNS TABLE (member_id uuid, balance_minor bigint, currency text, points bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT c.member_id,
           coalesce(sum(a.balance) FILTER (WHERE a.bucket IN ('principal', 'bonus')), 0)::bigint, c.currency,
           coalesce(sum(a.balance) FILTER (WHERE a.bucket = 'points'), 0)::bigint
      FROM app.cards AS c
      JOIN app.accounts AS a ON a.ledger_id = c.ledger_id AND a.owner_kind = 'card' AND a.owner_id = c.card_id
     WHERE c.ledger_id = 1 AND c.member_id = ANY (p_members)
       AND (auth.role() IS NOT DISTINCT FROM 'platform' OR EXISTS (
            SELECT FROM app.member_merchants AS known
             WHERE known.member_id = c.member_id AND app.sees_merchant(known.merchant_id)))
     GROUP BY c.member_id, c.currency;
END $$;
COMMENT ON FUNCTION app.member_holdings IS 'Balance (principal and bonus) in the card''s currency, and points';


-- Short codes (sync.md, face (a)): bcrypt runs in the program, this decides under a lock -------------------------

CREATE FUNCTION app.put_member_code(p_card_ref text, p_secret_hash text) RETURNS timestamptz
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        INSERT INTO sec.member_codes AS c (card_ref, secret_hash, issued_at)
        VALUES (p_card_ref, p_secret_hash, app.now_utc())
        ON CONFLICT (card_ref) DO UPDATE
           SET secret_hash = excluded.secret_hash, issued_at = excluded.issued_at, used_at = NULL
        RETURNING c.issued_at;
    END;

CREATE FUNCTION app.member_code_hash(p_card_ref text)
    RETURNS TABLE (member_id uuid, secret_hash text, refused text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT m.member_id, c.secret_hash,
               CASE WHEN c.locked_until > app.now_utc() THEN 'code_locked'
                    WHEN c.secret_hash IS NULL THEN 'code_wrong' END
          FROM app.members AS m LEFT JOIN sec.member_codes AS c USING (card_ref)
         WHERE m.card_ref = p_card_ref;
    END;
COMMENT ON FUNCTION app.member_code_hash IS 'What a scanned secret must be compared with; no row: no such card.';

CREATE FUNCTION app.note_wrong_member_code(p_card_ref text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        UPDATE sec.member_codes AS c
           SET wrong_tries = CASE WHEN c.wrong_tries >= 4 THEN 0 ELSE c.wrong_tries + 1 END,
               locked_until = CASE WHEN c.wrong_tries >= 4 THEN app.now_utc() + interval '15 minutes'
                                   ELSE c.locked_until END
         WHERE c.card_ref = p_card_ref
        RETURNING CASE WHEN c.locked_until > app.now_utc() THEN 0 ELSE 5 - c.wrong_tries END;
    END;
COMMENT ON FUNCTION app.note_wrong_member_code IS 'Tries left before the card''s codes are locked for 15 minutes.';

CREATE FUNCTION app.consume_member_code(p_card_ref text, p_checked_hash text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    v_code sec.member_codes%ROWTYPE;
BEGIN
    SELECT * INTO v_code FROM sec.member_codes AS c WHERE c.card_ref = p_card_ref FOR UPDATE;
    IF NOT FOUND OR v_code.secret_hash <> p_checked_hash THEN
        RETURN 'code_wrong';
    ELSIF v_code.locked_until > app.now_utc() THEN
        RETURN 'code_locked';
    ELSIF v_code.used_at IS NOT NULL THEN
        RETURN 'code_used';
    ELSIF v_code.issued_at <= app.now_utc() - interval '15 minutes' THEN
        RETURN 'code_expired';
    END IF;
    UPDATE sec.member_codes AS c SET used_at = app.now_utc(), wrong_tries = 0 WHERE c.card_ref = p_card_ref;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.consume_member_code IS
    'Use up the code whose secret matched p_checked_hash. NULL: done; else why not. Called only from inside, by the posting function.';

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.members', 'app.member_merchants', 'sec.member_codes'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY[
        'app.member_merchants'
    ] LOOP
        EXECUTE format('CREATE POLICY own_merchant ON %s FOR SELECT TO tillkeeper_app '
                       'USING (app.sees_merchant(merchant_id))', v_table);
    END LOOP;
END $$;

CREATE POLICY known_to_merchant ON app.members TO tillkeeper_app
    USING (auth.role() IS NOT DISTINCT FROM 'platform' OR EXISTS (
        SELECT FROM app.member_merchants AS known
         WHERE known.member_id = members.member_id AND app.sees_merchant(known.merchant_id)))
    WITH CHECK (auth.role() IS NOT DISTINCT FROM 'platform');

GRANT SELECT, INSERT, UPDATE ON app.members TO tillkeeper_app;
GRANT SELECT ON app.member_merchants TO tillkeeper_app;
GRANT EXECUTE ON FUNCTION
    app.note_member, app.know_member, app.member_holdings, app.put_member_code, app.member_code_hash, app.note_wrong_member_code
TO tillkeeper_app;

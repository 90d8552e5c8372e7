-- Short codes of cards (sync.md "The member's QR has two faces", (a)). bcrypt runs in the program; who may have a code,
-- and whether one is young enough, locked or used up, is decided here under a lock. A look-up is one row by its key,
-- however many cards there are.

CREATE FUNCTION app.code_validity() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN interval '15 minutes';
COMMENT ON FUNCTION app.code_validity IS 'For how long a code may be used after it was made (R032)';

CREATE FUNCTION app.lock_duration() RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN interval '15 minutes';
COMMENT ON FUNCTION app.lock_duration IS 'For how long a card''s codes, or its password, are locked after too many wrong tries';

CREATE FUNCTION app.most_tries() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 5;
COMMENT ON FUNCTION app.most_tries IS 'So many wrong tries in a row lock a card''s codes, or its password';

CREATE FUNCTION app.count_try(INOUT wrong_tries integer, INOUT locked_until timestamptz)
    LANGUAGE plpgsql
    AS $$
BEGIN
    wrong_tries := (wrong_tries + 1) % app.most_tries();
    IF wrong_tries = 0 THEN
        locked_until := app.now_utc() + app.lock_duration();
    END IF;
END $$;
COMMENT ON FUNCTION app.count_try IS 'The counters after one more wrong try; the last one locks, and the count begins anew';

CREATE FUNCTION app.card_role(p_card app.cards, p_member uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF p_card.card_type = 'personal' THEN
        RETURN CASE WHEN p_card.member_id = p_member THEN 'owner' END;
    END IF;
    RETURN (SELECT b.role FROM app.enterprise_card_bindings AS b
             WHERE b.ledger_id = p_card.ledger_id AND b.enterprise_card_id = p_card.card_id AND b.member_id = p_member);
END $$;
COMMENT ON FUNCTION app.card_role IS 'What a member is to a card: owner, admin, member, or NULL';

CREATE FUNCTION app.put_card_code(
    p_ledger smallint, p_card_id uuid, p_card_type app.card_type, p_secret_hash text,
    OUT card_ref text, OUT expires_at timestamptz, OUT refused text
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_role text := 'operator';
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_ledger AND c.card_id = p_card_id AND c.card_type = p_card_type FOR KEY SHARE;
    IF auth.role() IS DISTINCT FROM 'platform' THEN
        v_role := app.card_role(v_card, (app.acting_principal(p_ledger, ARRAY['member'], NULL)).principal_id);
    END IF;
    refused := CASE WHEN v_card.card_id IS NULL OR v_role IS NULL THEN 'card_unknown'
                    WHEN v_role = 'member' THEN 'not_admin' END;
    IF refused IS NOT NULL AND v_card.card_id IS NOT NULL THEN
        PERFORM app.note_event(p_ledger, 'card_code_refused', 'info', auth.uid(), NULL, NULL, p_card_id::text,
                               app.refuse(refused));
    END IF;
    IF refused IS NOT NULL THEN
        RETURN;
    END IF;
    INSERT INTO sec.card_codes AS k (ledger_id, card_ref, secret_hash, issued_at)
    VALUES (p_ledger, v_card.card_ref, p_secret_hash, app.now_utc())
    ON CONFLICT ON CONSTRAINT card_codes_pkey DO UPDATE
       SET secret_hash = excluded.secret_hash, issued_at = excluded.issued_at, used_at = NULL
    RETURNING k.card_ref, k.issued_at + app.code_validity() INTO card_ref, expires_at;
END $$;
COMMENT ON FUNCTION app.put_card_code IS
    'Make this the one code of a card: a personal card''s by its owner, an enterprise card''s by its admins, any by the '
    'operator. `refused` card_unknown (also one of somebody else), not_admin; a lock stays';

CREATE FUNCTION app.card_code_hash(p_ledger smallint, p_card_ref text)
    RETURNS TABLE (card_id uuid, card_type app.card_type, member_id uuid, secret_hash text, refused text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT c.card_id, c.card_type, c.member_id, k.secret_hash,
           CASE WHEN k.locked_until > app.now_utc() THEN 'code_locked' END
      FROM app.cards AS c
      LEFT JOIN sec.card_codes AS k ON k.ledger_id = c.ledger_id AND k.card_ref = c.card_ref
     WHERE c.ledger_id = p_ledger AND c.card_ref = p_card_ref;
END $$;
COMMENT ON FUNCTION app.card_code_hash IS
    'What a scanned secret is compared with; NULL: the card has no code. No row: no such card. For the program alone';

CREATE FUNCTION app.note_wrong_card_code(p_ledger smallint, p_card_ref text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_code sec.card_codes%ROWTYPE;
BEGIN
    UPDATE sec.card_codes AS k
       SET (wrong_tries, locked_until) = (SELECT c.wrong_tries, c.locked_until FROM app.count_try(k.wrong_tries, k.locked_until) AS c)
     WHERE k.ledger_id = p_ledger AND k.card_ref = p_card_ref
    RETURNING * INTO v_code;
    IF v_code.locked_until > app.now_utc() AND v_code.wrong_tries = 0 THEN
        PERFORM app.note_event(p_ledger, 'card_code_locked', 'alarm', auth.uid(), NULL, NULL, p_card_ref,
                               jsonb_build_object('until', v_code.locked_until));
    END IF;
    RETURN CASE WHEN v_code.locked_until > app.now_utc() THEN 0 ELSE app.most_tries() - v_code.wrong_tries END;
END $$;
COMMENT ON FUNCTION app.note_wrong_card_code IS 'Tries left before the card''s codes are locked (app.lock_duration)';

CREATE FUNCTION app.consume_card_code(p_ledger smallint, p_card_ref text, p_checked_hash text) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_code sec.card_codes%ROWTYPE;
BEGIN
    SELECT * INTO v_code FROM sec.card_codes AS k
     WHERE k.ledger_id = p_ledger AND k.card_ref = p_card_ref FOR NO KEY UPDATE;
    IF v_code.secret_hash IS DISTINCT FROM p_checked_hash OR p_checked_hash IS NULL THEN
        RETURN 'code_wrong';
    ELSIF v_code.locked_until > app.now_utc() THEN
        RETURN 'code_locked';
    ELSIF v_code.used_at IS NOT NULL THEN
        RETURN 'code_used';
    ELSIF v_code.issued_at <= app.now_utc() - app.code_validity() THEN
        RETURN 'code_expired';
    END IF;
    UPDATE sec.card_codes AS k SET used_at = app.now_utc(), wrong_tries = 0
     WHERE k.ledger_id = p_ledger AND k.card_ref = p_card_ref;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.consume_card_code IS
    'Use up the code whose secret matched p_checked_hash. NULL: done; else why not. Called only from inside, by what it pays for';

-- The alphabet of models.tokens, for what is made in SQL.
CREATE FUNCTION app.code_characters(p_random bytea, p_count integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%',
                                     1 + (256 * get_byte(p_random, 2 * n) + get_byte(p_random, 2 * n + 1)) % 39, 1), '')
              FROM generate_series(0, p_count - 1) AS n);
COMMENT ON FUNCTION app.code_characters IS 'Characters of the alphabet of codes, each from two random bytes';

CREATE FUNCTION app.check_character(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT substr(alphabet.signs, 1 + sum(w.weight * (strpos(alphabet.signs, substr(p_text, w.n::integer, 1)) - 1))::integer
                                              % 39, 1)
              FROM (SELECT '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%') AS alphabet (signs),
                   unnest(ARRAY[2, 4, 5, 7, 8, 10, 11]) WITH ORDINALITY AS w (weight, n)
             GROUP BY alphabet.signs);
COMMENT ON FUNCTION app.check_character IS 'models.tokens.check_character';

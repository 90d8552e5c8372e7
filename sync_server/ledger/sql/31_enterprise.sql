-- Enterprise cards (source 001 §4.2): made by the operator, managed by their admins. A password is compared in the program
-- (or by pgcrypto, 33); here it counts whether the hash it fitted is still the card's. Every act locks the card first,
-- so that two removals at once cannot take both last admins.

CREATE FUNCTION app.answered(p_ledger smallint, p_event text, p_subject text, p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT p_result ? 'code' THEN
        PERFORM app.note_event(p_ledger, p_event, 'info', auth.uid(), NULL, NULL, p_subject, p_result);
    ELSIF p_subject IS NOT NULL THEN
        PERFORM app.note_event(p_ledger, 'refused.' || p_event, 'info', auth.uid(), NULL, NULL, p_subject,
                               app.without_text(p_result));
    END IF;
    RETURN app.outcome_of(p_result);
END $$;
COMMENT ON FUNCTION app.answered IS
    'The outcome of an act without key, and its audit row. `p_subject` was found in a table and is no caller''s text; a '
    'refusal without one leaves no row: nobody fills the sealed audit with what does not exist';

CREATE FUNCTION app.lock_enterprise_card(p_ledger smallint, p_card_no text) RETURNS app.cards
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_ledger AND c.card_no = p_card_no AND c.card_type = 'enterprise' AND c.status <> 'closed'
       FOR NO KEY UPDATE;
    RETURN v_card;
END $$;

CREATE FUNCTION app.count_admins(p_card app.cards) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT count(*) FROM app.enterprise_card_bindings AS b
             WHERE b.ledger_id = p_card.ledger_id AND b.enterprise_card_id = p_card.card_id AND b.role = 'admin');

CREATE FUNCTION app.create_enterprise_card(
    p_ledger smallint, p_card_no text, p_card_ref text, p_company_name text, p_fixed_discount numeric, p_currency text,
    p_expires_at timestamptz, p_password_hash text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_result jsonb;
BEGIN
    PERFORM auth.require_platform();
    -- Numbers that begin with P are those of members' own cards.
    IF p_card_no IS NULL OR p_card_no !~ '^[A-OQ-Z0-9][A-Z0-9-]{0,39}$' THEN
        v_result := app.refuse('request_malformed', '{"pointer": "/card_no"}');
    ELSIF p_company_name IS NULL OR length(btrim(p_company_name)) NOT BETWEEN 1 AND 200 THEN
        v_result := app.refuse('request_malformed', '{"pointer": "/company_name"}');
    ELSIF p_fixed_discount IS NULL OR NOT (p_fixed_discount > 0 AND p_fixed_discount <= 1)
          OR p_fixed_discount <> round(p_fixed_discount, 3) THEN
        v_result := app.refuse('amount_invalid', '{"pointer": "/fixed_discount"}');
    ELSIF app.minor_per_major(p_currency) IS NULL THEN
        v_result := app.refuse('currency_mismatch', '{"pointer": "/currency"}');
    ELSE
        INSERT INTO app.cards AS c (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,
                                    currency, expires_at, created_at)
        VALUES (p_ledger, app.new_id(), 'enterprise', p_card_no, p_card_ref, btrim(p_company_name), p_fixed_discount,
                p_currency, p_expires_at, app.now_utc())
        ON CONFLICT (ledger_id, card_no) DO NOTHING
        RETURNING * INTO v_card;
        IF FOUND THEN
            PERFORM app.keep_card_password(v_card, p_password_hash);
        ELSE
            SELECT * INTO v_card FROM app.cards AS c WHERE c.ledger_id = p_ledger AND c.card_no = p_card_no;
            IF (v_card.company_name, v_card.fixed_discount, v_card.currency, v_card.expires_at)
               IS DISTINCT FROM (btrim(p_company_name), p_fixed_discount, p_currency, p_expires_at) THEN
                v_result := app.refuse('content_differs', jsonb_build_object('card_no', p_card_no));
            END IF;
        END IF;
    END IF;
    RETURN app.answered(p_ledger, 'enterprise_card_created', v_card.card_no, coalesce(
        v_result, jsonb_build_object('card_id', v_card.card_id, 'card_no', v_card.card_no)));
END $$;
COMMENT ON FUNCTION app.create_enterprise_card IS
    'Make an enterprise card without members; the same again changes nothing. The operator''s alone. Returns {outcome, '
    'card_id, card_no}';

-- Passwords ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.keep_card_password(p_card app.cards, p_password_hash text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO sec.card_passwords (ledger_id, card_id, password_hash)
    SELECT p_card.ledger_id, p_card.card_id, p_password_hash WHERE p_password_hash IS NOT NULL
    ON CONFLICT (ledger_id, card_id) DO UPDATE
       SET password_hash = excluded.password_hash, wrong_tries = 0, locked_until = NULL;
END $$;

CREATE FUNCTION app.begin_card_password(p_ledger smallint, p_card_no text, OUT password_hash text, OUT refused text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['member', 'platform'], NULL);
    v_card app.cards := app.lock_enterprise_card(p_ledger, p_card_no);
    v_known sec.card_passwords%ROWTYPE;
    v_role text := app.card_role(v_card, v_by.principal_id);
BEGIN
    IF v_role IS DISTINCT FROM 'admin' THEN
        refused := CASE WHEN v_role IS NULL THEN 'card_unknown' ELSE 'not_admin' END;
        RETURN;
    END IF;
    SELECT * INTO v_known FROM sec.card_passwords AS k
     WHERE k.ledger_id = p_ledger AND k.card_id = v_card.card_id FOR NO KEY UPDATE;
    IF v_known.locked_until > app.now_utc() THEN
        refused := 'card_password_locked';
        RETURN;
    END IF;
    UPDATE sec.card_passwords AS k
       SET (wrong_tries, locked_until) = (SELECT c.wrong_tries, c.locked_until FROM app.count_try(k.wrong_tries, k.locked_until) AS c)
     WHERE k.ledger_id = p_ledger AND k.card_id = v_card.card_id;
    password_hash := v_known.password_hash;
END $$;
COMMENT ON FUNCTION app.begin_card_password IS
    'Count a try before the password is compared, so that guesses at once count too (app.count_try). For an admin of the card; no hash and nothing refused: the card has no password';

CREATE FUNCTION app.forgive_card_password(p_card app.cards, p_checked_hash text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE sec.card_passwords AS k SET wrong_tries = 0, locked_until = NULL
     WHERE k.ledger_id = p_card.ledger_id AND k.card_id = p_card.card_id AND k.password_hash = p_checked_hash;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION app.forgive_card_password IS 'Was this the hash of the card''s password, still? Then the tries are forgotten';

CREATE FUNCTION app.set_card_password(p_ledger smallint, p_card_no text, p_checked_hash text, p_password_hash text)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card app.cards := app.lock_enterprise_card(p_ledger, p_card_no);
    v_role text := 'operator';
    v_result jsonb;
BEGIN
    IF auth.role() IS DISTINCT FROM 'platform' THEN
        v_role := app.card_role(v_card, (app.acting_principal(p_ledger, ARRAY['member'], NULL)).principal_id);
    END IF;
    IF v_card.card_id IS NULL OR v_role IS NULL THEN
        v_result := app.refuse('card_unknown');
    ELSIF v_role = 'member' THEN
        v_result := app.refuse('not_admin');
    ELSIF v_role = 'admin' AND NOT app.forgive_card_password(v_card, p_checked_hash) THEN
        v_result := app.refuse('card_password_wrong');
    ELSE
        PERFORM app.keep_card_password(v_card, p_password_hash);
        v_result := jsonb_build_object('card_id', v_card.card_id);
    END IF;
    RETURN app.answered(p_ledger, 'card_password_set', v_card.card_no, v_result);
END $$;
COMMENT ON FUNCTION app.set_card_password IS
    'Give a card a new password: by the operator, or by an admin who has shown the old one (`p_checked_hash`)';

-- Members -----------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.answer_enterprise_set_initial_admin(p_ledger smallint, p_card_no text, p_member_no text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card app.cards;
    v_member app.members%ROWTYPE;
    v_result jsonb;
BEGIN
    PERFORM auth.require_platform();
    v_card := app.lock_enterprise_card(p_ledger, p_card_no);
    SELECT * INTO v_member FROM app.members AS m WHERE m.member_no = p_member_no;
    IF v_card.card_id IS NULL THEN
        v_result := app.refuse('card_unknown');
    ELSIF v_member.member_id IS NULL THEN
        v_result := app.refuse('member_unknown');
    ELSIF v_member.status <> 'active' THEN
        v_result := app.refuse('member_inactive', jsonb_build_object('status', v_member.status));
    ELSIF app.count_admins(v_card) > 0 THEN
        v_result := app.refuse('already_member', '{"role": "admin"}');
    ELSE
        INSERT INTO app.enterprise_card_bindings (ledger_id, enterprise_card_id, member_id, role, bound_at)
        VALUES (p_ledger, v_card.card_id, v_member.member_id, 'admin', app.now_utc())
        ON CONFLICT (ledger_id, enterprise_card_id, member_id) DO UPDATE SET role = 'admin';
        v_result := jsonb_build_object('card_id', v_card.card_id, 'member_id', v_member.member_id, 'role', 'admin');
    END IF;
    RETURN app.answered(p_ledger, 'enterprise_admin_set', v_card.card_no, v_result);
END $$;
COMMENT ON FUNCTION app.answer_enterprise_set_initial_admin IS
    'Give an enterprise card that has no admin its first one. The operator''s alone. Returns {outcome, card_id, member_id}';

CREATE FUNCTION app.answer_enterprise_add_member(
    p_ledger smallint, p_card_no text, p_member_no text, p_checked_hash text, p_refused text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['member', 'platform'], NULL);
    v_card app.cards := app.lock_enterprise_card(p_ledger, p_card_no);
    v_role text := app.card_role(v_card, v_by.principal_id);
    v_member app.members%ROWTYPE;
    v_result jsonb;
BEGIN
    SELECT * INTO v_member FROM app.members AS m WHERE m.member_no = p_member_no;
    IF v_role IS NULL THEN
        v_result := app.refuse('card_unknown');
    ELSIF v_role <> 'admin' THEN
        v_result := app.refuse('not_admin');
    ELSIF p_refused IS NOT NULL THEN
        v_result := app.refuse(p_refused);
    ELSIF NOT app.forgive_card_password(v_card, p_checked_hash) THEN
        v_result := app.refuse('card_password_wrong');
    ELSIF v_member.member_id IS NULL THEN
        v_result := app.refuse('member_unknown');
    ELSIF v_member.status <> 'active' THEN
        v_result := app.refuse('member_inactive', jsonb_build_object('status', v_member.status));
    ELSE
        INSERT INTO app.enterprise_card_bindings (ledger_id, enterprise_card_id, member_id, role, bound_at)
        VALUES (p_ledger, v_card.card_id, v_member.member_id, 'member', app.now_utc()) ON CONFLICT DO NOTHING;
        v_result := CASE WHEN FOUND THEN jsonb_build_object('card_id', v_card.card_id, 'member_id', v_member.member_id,
                                                            'role', 'member')
                         ELSE app.refuse('already_member') END;
    END IF;
    RETURN app.answered(p_ledger, 'enterprise_member_added', v_card.card_no, v_result);
END $$;
COMMENT ON FUNCTION app.answer_enterprise_add_member IS
    'Bind a member to an enterprise card: asked by its admin, with the hash that the card''s password fitted, or with why it '
    'was not compared or did not fit. Returns {outcome, card_id, member_id, role}';

CREATE FUNCTION app.answer_enterprise_remove_member(p_ledger smallint, p_card_no text, p_member_no text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['member', 'platform'], NULL);
    v_card app.cards := app.lock_enterprise_card(p_ledger, p_card_no);
    v_role text := app.card_role(v_card, v_by.principal_id);
    v_member uuid := (SELECT m.member_id FROM app.members AS m WHERE m.member_no = p_member_no);
    v_their_role text := app.card_role(v_card, v_member);
    v_result jsonb;
BEGIN
    IF v_role IS NULL THEN
        v_result := app.refuse('card_unknown');
    ELSIF v_role <> 'admin' AND v_member IS DISTINCT FROM v_by.principal_id THEN
        v_result := app.refuse('not_admin');
    ELSIF v_their_role IS NULL THEN
        v_result := app.refuse('not_a_member');
    ELSIF v_their_role = 'admin' AND app.count_admins(v_card) = 1 THEN
        v_result := app.refuse('last_admin');
    ELSE
        DELETE FROM app.enterprise_card_bindings AS b
         WHERE b.ledger_id = p_ledger AND b.enterprise_card_id = v_card.card_id AND b.member_id = v_member;
        v_result := jsonb_build_object('card_id', v_card.card_id, 'member_id', v_member);
    END IF;
    RETURN app.answered(p_ledger, 'enterprise_member_removed', v_card.card_no, v_result);
END $$;
COMMENT ON FUNCTION app.answer_enterprise_remove_member IS
    'Unbind a member: anybody by an admin, oneself by anybody, the last admin never. Returns {outcome, card_id, member_id}';

-- The tills of a member who begins or ceases to administer a card hear of it, and so do those of all admins when the card
-- itself changes.
CREATE FUNCTION app.after_binding_note_member() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF (OLD.role = 'admin') IS DISTINCT FROM (NEW.role = 'admin') AND 'admin' IN (OLD.role, NEW.role) THEN
        PERFORM app.note_holdings(coalesce(NEW.member_id, OLD.member_id), NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER after_binding_note_member AFTER INSERT OR UPDATE OR DELETE ON app.enterprise_card_bindings
    FOR EACH ROW EXECUTE FUNCTION app.after_binding_note_member();

CREATE FUNCTION app.after_company_card_note_admins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    PERFORM app.note_holdings(b.member_id, NULL) FROM app.enterprise_card_bindings AS b
      WHERE b.ledger_id = NEW.ledger_id AND b.enterprise_card_id = NEW.card_id AND b.role = 'admin';
    RETURN NULL;
END $$;
CREATE TRIGGER after_company_card_note_admins AFTER UPDATE OF status, company_name, currency ON app.cards
    FOR EACH ROW WHEN (NEW.card_type = 'enterprise' AND (OLD.status, OLD.company_name, OLD.currency)
                       IS DISTINCT FROM (NEW.status, NEW.company_name, NEW.currency))
    EXECUTE FUNCTION app.after_company_card_note_admins();

-- Age ---------------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.cron_expire_cards() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card record;
    v_count integer := 0;
BEGIN
    PERFORM auth.require_platform();
    -- One that somebody is using now is left for the next run: this never waits.
    FOR v_card IN
        SELECT c.ledger_id, c.card_id, c.card_no, c.card_type, c.expires_at FROM app.cards AS c
         WHERE c.status = 'active' AND c.expires_at <= app.now_utc()
         ORDER BY c.expires_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        UPDATE app.cards AS c SET status = 'expired' WHERE c.ledger_id = v_card.ledger_id AND c.card_id = v_card.card_id;
        PERFORM app.note_event(v_card.ledger_id, 'card_expired', 'info', auth.uid(), NULL, NULL, v_card.card_no,
                               jsonb_build_object('card_id', v_card.card_id, 'card_type', v_card.card_type,
                                                  'expires_at', v_card.expires_at));
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;
COMMENT ON FUNCTION app.cron_expire_cards IS
    'Mark personal and enterprise cards past their date as expired, at most 500 a call; returns how many. What is on them '
    'stays. For the operator; run until it returns 0';

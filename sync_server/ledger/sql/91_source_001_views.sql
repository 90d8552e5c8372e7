-- The names of source 001 §2 that are no tables here, for reading with the reader's own rights. Money is in major units.
-- Nothing shows a hash: `qr_code_hash` and `password_hash` stand in sec, and are NULL here.

CREATE FUNCTION app.my_cards() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN ARRAY(SELECT c.card_id FROM app.cards AS c WHERE c.ledger_id = 1 AND c.member_id = auth.uid()
                 UNION ALL
                 SELECT b.enterprise_card_id FROM app.enterprise_card_bindings AS b
                  WHERE b.ledger_id = 1 AND b.member_id = auth.uid());
COMMENT ON FUNCTION app.my_cards IS 'The caller''s own card and the enterprise cards that they are bound to';

CREATE FUNCTION app.my_managed_cards() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN ARRAY(SELECT b.enterprise_card_id FROM app.enterprise_card_bindings AS b
                  WHERE b.ledger_id = 1 AND b.member_id = auth.uid() AND b.role = 'admin');

CREATE FUNCTION app.my_card_accounts() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN ARRAY(SELECT a.account_id FROM app.accounts AS a
                  WHERE a.ledger_id = 1 AND a.owner_kind = 'card' AND a.owner_id = ANY (app.my_cards()));

CREATE FUNCTION app.my_merchants() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    RETURN ARRAY(SELECT u.merchant_id FROM app.merchant_users AS u WHERE u.user_id = auth.uid());
COMMENT ON FUNCTION app.my_merchants IS 'The merchants that the caller works for, as source 001 keeps it';

-- Columns of a card that its row does not hold. Only for those who may see the card.
CREATE FUNCTION app.card_standing(p_card_id uuid, OUT balance numeric, OUT points bigint, OUT level integer,
                                  OUT discount numeric, OUT qr_updated_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_balance bigint;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c WHERE c.ledger_id = 1 AND c.card_id = p_card_id;
    IF NOT (auth.role() IS NOT DISTINCT FROM 'platform' OR p_card_id = ANY (app.my_cards())) THEN
        RETURN;
    END IF;
    SELECT h.balance_minor, h.points INTO v_balance, points FROM app.card_holdings(v_card.ledger_id, p_card_id) AS h;
    balance := app.major_of(v_balance, v_card.currency);
    discount := v_card.fixed_discount;
    IF v_card.card_type = 'personal' THEN
        SELECT l.level, l.discount INTO level, discount FROM app.level_for(NULL, points) AS l;
    END IF;
    SELECT k.issued_at INTO qr_updated_at FROM sec.card_codes AS k
     WHERE k.ledger_id = v_card.ledger_id AND k.card_ref = v_card.card_ref;
END $$;

CREATE VIEW app.personal_cards WITH (security_invoker = true) AS
SELECT c.card_id AS id, c.card_no, c.member_id, s.balance, s.points, s.level, s.discount, NULL::text AS qr_code_hash,
       s.qr_updated_at, c.currency, c.status, c.expires_at, c.created_at
  FROM app.cards AS c CROSS JOIN LATERAL app.card_standing(c.card_id) AS s WHERE c.card_type = 'personal';
COMMENT ON VIEW app.personal_cards IS 'Members'' own cards; level and discount by the operator''s bands (a merchant may have its own)';

CREATE VIEW app.enterprise_cards WITH (security_invoker = true) AS
SELECT c.card_id AS id, c.card_no, c.company_name, c.fixed_discount, NULL::text AS password_hash, s.balance,
       NULL::text AS qr_code_hash, s.qr_updated_at, c.currency, c.status, c.expires_at, c.created_at
  FROM app.cards AS c CROSS JOIN LATERAL app.card_standing(c.card_id) AS s WHERE c.card_type = 'enterprise';

CREATE VIEW app.point_ledger WITH (security_invoker = true) AS
SELECT a.owner_id AS card_id, e.tx_id, e.delta, e.balance_after, e.created_at
  FROM app.entries AS e JOIN app.accounts AS a ON a.ledger_id = e.ledger_id AND a.account_id = e.account_id
 WHERE a.owner_kind = 'card' AND a.bucket = 'points';
COMMENT ON VIEW app.point_ledger IS 'Points of personal cards as they came and went';

CREATE VIEW app.member_profiles WITH (security_invoker = true) AS
SELECT m.member_id AS id, m.member_no, m.name_sealed AS name, m.status, m.created_at FROM app.members AS m;
COMMENT ON VIEW app.member_profiles IS 'Members; names are sealed and only the program opens them';

-- A profile inserted in SQL (source 001 §5.1, §6). The program gives all columns itself, and seals the name.
CREATE FUNCTION app.before_insert_member() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF NEW.card_ref IS NULL THEN
        NEW.card_ref := app.code_characters(sha256(uuid_send(gen_random_uuid())), 7);
        NEW.card_ref := NEW.card_ref || app.check_character(NEW.card_ref);
    END IF;
    NEW.member_no := coalesce(NEW.member_no, 'S' || upper(right(NEW.member_id::text, 12)));
    NEW.phone_sealed := coalesce(NEW.phone_sealed, '');
    IF NEW.key_sealed IS NULL AND NEW.name_sealed <> '' THEN
        RAISE WARNING 'name_not_kept' USING DETAIL = 'names are kept sealed, which only the program can do';
        NEW.name_sealed := '';
    END IF;
    NEW.name_sealed := coalesce(NEW.name_sealed, '');
    RETURN NEW;
END $$;
CREATE TRIGGER before_insert_member BEFORE INSERT ON app.members
    FOR EACH ROW EXECUTE FUNCTION app.before_insert_member();

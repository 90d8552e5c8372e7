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
    name_index       bytea, -- of the number and the name together; it goes with the number's when a person is erased
    language         text,
    pin_sealed       bytea, -- the hash of their PIN (models.pins), under the person's own key
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

-- An id under which a till created a phone that was known: the later id leads to the member that was there (sync.md
-- "Spending stored value"). Never to another alias, and nothing is ever held under it. The name that was typed is kept,
-- sealed under a key of its own, for HQ to compare.
CREATE TABLE app.member_aliases (
    alias_id    uuid PRIMARY KEY,
    member_id   uuid NOT NULL REFERENCES app.members,
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    terminal_id uuid NOT NULL,
    key_sealed  bytea,
    name_sealed bytea,
    stranger    boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT app.now_utc(),
    CHECK (alias_id <> member_id)
);
COMMENT ON COLUMN app.member_aliases.stranger IS 'The merchant whose till made it did not know the member until then';
CREATE INDEX member_aliases_by_terminal ON app.member_aliases (terminal_id, created_at);
CREATE INDEX member_aliases_by_member ON app.member_aliases (member_id);

CREATE FUNCTION app.resolve_member(p_member uuid) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN coalesce((SELECT a.member_id FROM app.member_aliases AS a WHERE a.alias_id = p_member), p_member);
COMMENT ON FUNCTION app.resolve_member IS
    'The member that an id stands for: every door that is told a member''s id goes through here. One that knows the member '
    'by their claims, card, number or pass need not: no alias has any';

CREATE FUNCTION app.with_member(p_effect jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN CASE WHEN p_effect ->> 'member_id' IS NULL THEN p_effect
                ELSE p_effect || jsonb_build_object('member_id', app.resolve_member((p_effect ->> 'member_id')::uuid)) END;

CREATE FUNCTION app.note_member_change(p_member_id uuid) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        INSERT INTO app.change_log (table_name, key, merchant_id)
        SELECT 'member', known.member_id::text, known.merchant_id
          FROM app.member_merchants AS known WHERE known.member_id = p_member_id
        ON CONFLICT DO NOTHING;
    END;
COMMENT ON FUNCTION app.note_member_change IS 'As app.note_member. Called only from inside.';

CREATE FUNCTION app.note_member(p_member_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        SELECT auth.require_platform();
        SELECT app.note_member_change(p_member_id);
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

CREATE FUNCTION app.member_companies(p_members uuid[]) RETURNS TABLE (member_id uuid, companies jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT b.member_id,
           jsonb_agg(jsonb_build_object('card_id', c.card_id, 'card_ref', c.card_ref, 'card_no', c.card_no,
                                        'company_name', c.company_name, 'currency', coalesce(c.currency, ''))
                     ORDER BY c.company_name, c.card_no)
      FROM app.enterprise_card_bindings AS b
      JOIN app.cards AS c ON c.ledger_id = b.ledger_id AND c.card_id = b.enterprise_card_id
     WHERE b.ledger_id = 1 AND b.member_id = ANY (p_members) AND b.role = 'admin' AND c.status = 'active'
       AND (auth.role() IS NOT DISTINCT FROM 'platform' OR EXISTS (
            SELECT FROM app.member_merchants AS known
             WHERE known.member_id = b.member_id AND app.sees_merchant(known.merchant_id)))
     GROUP BY b.member_id;
END $$;
COMMENT ON FUNCTION app.member_companies IS
    'The enterprise cards in use whose admins these members are, as a till names them; nothing for those who only pay with them';

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.members', 'app.member_merchants', 'app.member_aliases'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY[
        'app.member_merchants', 'app.member_aliases'
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
GRANT SELECT ON app.member_merchants, app.member_aliases TO tillkeeper_app;
GRANT EXECUTE ON FUNCTION
    app.note_member, app.know_member, app.member_holdings, app.member_companies
TO tillkeeper_app;

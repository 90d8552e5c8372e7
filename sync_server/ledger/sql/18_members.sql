-- Members that tills make (sync.md "Facts"): the fact has an id and a number; name and phone come beside it, sealed.

-- What travelled beside a fact that is held, still sealed by the till, until somebody at HQ decides.
CREATE TABLE app.fact_companions (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    hash        bytea NOT NULL,
    merchant_id uuid NOT NULL,
    sealed      bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 1 AND 4096),
    PRIMARY KEY (ledger_id, terminal_id, hash),
    FOREIGN KEY (ledger_id, terminal_id, hash) REFERENCES app.facts
);

-- One phone is one member: when it is known, the new id becomes an alias, and nothing is ever held under it.
CREATE FUNCTION app.create_member(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_id uuid := (p_effect ->> 'member_id')::uuid;
    v_person jsonb := p_effect -> 'person';
    v_no text := p_effect ->> 'member_no';
    v_same uuid;
    v_stranger boolean := false;
BEGIN
    IF EXISTS (SELECT FROM app.members AS m WHERE m.member_id = v_id) OR app.resolve_member(v_id) <> v_id THEN
        RETURN app.refuse('content_differs', jsonb_build_object('member_id', v_id));
    ELSIF (p_effect ->> 'store_id')::uuid <> p_by.store_id THEN
        RETURN app.refuse('terminal_differs');
    END IF;
    IF p_effect ? 'same_as' THEN -- HQ says who it is
        v_same := app.resolve_member((p_effect ->> 'same_as')::uuid);
        IF NOT app.is_known(v_same, p_by.merchant_id) THEN
            RETURN app.refuse('member_unknown', jsonb_build_object('member_id', v_same));
        END IF;
    ELSIF v_person IS NULL THEN
        RETURN app.refuse('held_not_postable', jsonb_build_object('reason', 'member_data_missing'));
    ELSE
        IF EXISTS (SELECT FROM app.members AS m WHERE m.member_no = v_no) THEN
            v_no := v_no || '.' || upper(right(v_id::text, 6)); -- another history of this till gave it
        END IF;
        v_same := app.member_with_phone(v_person);
        IF v_same IS NULL THEN
            INSERT INTO app.members (member_id, member_no, card_ref, key_sealed, name_sealed, phone_sealed, phone_index,
                                     phone_tail_index, name_index, language)
            VALUES (v_id, v_no, v_person ->> 'card_ref', decode(v_person ->> 'key_sealed', 'hex'),
                    decode(v_person ->> 'name_sealed', 'hex'), decode(v_person ->> 'phone_sealed', 'hex'),
                    decode(v_person ->> 'phone_index', 'hex'), decode(v_person ->> 'phone_tail_index', 'hex'),
                    decode(v_person ->> 'name_index', 'hex'), v_person ->> 'language')
            ON CONFLICT (phone_index) DO NOTHING;
            IF FOUND THEN
                PERFORM app.meet_member(v_id, p_by.merchant_id);
                RETURN jsonb_build_object('member_id', v_id);
            END IF;
            v_same := app.member_with_phone(v_person); -- another till was quicker
        END IF;
        v_stranger := NOT EXISTS (SELECT FROM app.member_merchants AS k
                                   WHERE k.member_id = v_same AND k.merchant_id = p_by.merchant_id);
    END IF;
    INSERT INTO app.member_aliases (alias_id, member_id, merchant_id, terminal_id, key_sealed, name_sealed, stranger)
    VALUES (v_id, v_same, p_by.merchant_id, p_by.terminal_id, decode(v_person ->> 'key_sealed', 'hex'),
            decode(v_person ->> 'name_sealed', 'hex'), v_stranger);
    IF NOT v_stranger OR app.is_introduced(p_by, v_same, v_person) THEN
        PERFORM app.meet_member(v_same, p_by.merchant_id);
    END IF;
    PERFORM app.note_change('member_alias', v_id::text, p_by.merchant_id, NULL);
    PERFORM app.note_event(p_by.ledger_id, 'member_merged', 'info', p_by.principal_id, p_by.merchant_id, NULL, v_id::text,
                           jsonb_build_object('member_id', v_same));
    RETURN jsonb_build_object('member_id', v_same);
END $$;
COMMENT ON FUNCTION app.create_member IS
    'Make a member, or an alias of the one with this phone: {member_id, member_no, store_id, person {columns of app.members in '
    'hex, known_indexes, known_names}}, or `same_as` a member that HQ names. Returns {member_id}, or a refusal';

CREATE FUNCTION app.member_with_phone(p_person jsonb) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN (SELECT m.member_id FROM app.members AS m
             WHERE m.phone_index = ANY (ARRAY(SELECT decode(i.value, 'hex')
                                                FROM jsonb_array_elements_text(p_person -> 'known_indexes') AS i))
             ORDER BY m.created_at, m.member_id LIMIT 1);

-- A number alone tells a merchant nothing about a member of others: who also knows the name is told the rest, until the
-- till has tried too many. Anybody else meets the member when they buy there.
CREATE FUNCTION app.is_introduced(p_by app.acting, p_member uuid, p_person jsonb) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_most CONSTANT integer := 20;
    v_tried bigint := (SELECT count(*) FROM app.member_aliases AS a
                        WHERE a.terminal_id = p_by.terminal_id AND a.stranger
                          AND a.created_at > app.now_utc() - interval '1 day');
BEGIN
    IF v_tried > v_most THEN
        PERFORM app.count_alarm(p_by.ledger_id, 'members_probed', p_by.terminal_id, p_by.merchant_id, 1,
                                jsonb_build_object('tried', v_tried));
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM app.members AS m
                    WHERE m.member_id = p_member
                      AND m.name_index = ANY (ARRAY(SELECT decode(i.value, 'hex')
                                                      FROM jsonb_array_elements_text(p_person -> 'known_names') AS i)));
END $$;
COMMENT ON FUNCTION app.is_introduced IS
    'Does a till that made a member of others again, already noted as `stranger`, know their name as well? More than 20 '
    'such in 24 hours are an alarm, `members_probed`, and no name counts';

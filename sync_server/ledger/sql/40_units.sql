-- Units that members hold: tickets, beans, silver, fragments, and the points of their card. Granted, taken back, spent
-- and traded by the same posting as money. A member's row (FOR NO KEY UPDATE) orders what may open an account of theirs;
-- who only takes from an account locks that account.

CREATE FUNCTION app.most_units() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 1000000000;
COMMENT ON FUNCTION app.most_units IS 'No single act moves more: a slip of the finger stays small, and sums stay far from overflow';

CREATE FUNCTION app.is_amount(p_amount numeric) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(p_amount = trunc(p_amount) AND p_amount BETWEEN 1 AND app.most_units(), false);
COMMENT ON FUNCTION app.is_amount IS 'A whole number from 1 to app.most_units(); NaN and NULL are none';

CREATE FUNCTION app.check_reason(p_reason text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(trim(coalesce(p_reason, ''))) < 3 THEN app.refuse('reason_missing')
                WHEN length(p_reason) > 200 THEN app.refuse('request_malformed', jsonb_build_object('field', 'reason')) END;
COMMENT ON FUNCTION app.check_reason IS 'What is wrong with a person''s reason (3 to 200 characters). NULL: nothing';

CREATE FUNCTION app.house_line(p_merchant uuid, p_bucket text, p_unit text, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.open_line(p_merchant, CASE WHEN p_merchant IS NULL THEN 'operator' ELSE 'merchant' END,
                         app.issuer(NULL, p_merchant), p_bucket, p_unit, p_delta);
COMMENT ON FUNCTION app.house_line IS 'The other side of a member''s units: the merchant''s, or the operator''s own';

-- Fragments are a merchant's (R186), so their unit names it: two merchants' kinds of one name are two units.
CREATE FUNCTION app.held_unit(p_unit text, p_merchant uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_unit IN ('ticket', 'bean', 'silver') THEN p_unit
                WHEN p_unit ~ '^fragment/[A-Za-z0-9_-]{1,40}$'
                THEN 'fragment/' || p_merchant::text || substr(p_unit, length('fragment') + 1) END;
COMMENT ON FUNCTION app.held_unit IS
    'The unit of a member''s account: ticket, bean, silver, or fragment/<merchant>/<kind> for the name fragment/<kind>. NULL: no such unit';

CREATE FUNCTION app.member_line(p_merchant uuid, p_member uuid, p_unit text, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.held_line(CASE WHEN p_unit LIKE 'fragment/%' THEN p_merchant END, 'member', p_member,
                         app.held_unit(p_unit, p_merchant), app.held_unit(p_unit, p_merchant), p_delta);
COMMENT ON FUNCTION app.member_line IS 'What a member holds of a unit; fragments stand with their merchant, all else with the operator';

CREATE FUNCTION app.units_held(p_ledger smallint, p_merchant uuid, p_member uuid, p_unit text) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN app.balance(p_ledger, 'member', p_member, app.held_unit(p_unit, p_merchant), app.held_unit(p_unit, p_merchant));

-- Tickets (R148): the one guarded line is the member's, the open one the merchant's where they were spent.
CREATE FUNCTION app.debit_tickets(p_ledger smallint, p_key text, p_content_hash bytea, p_member uuid, p_tickets numeric,
                                  p_reference text, p_merchant uuid DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting;
    v_line app.posting_line;
    v_tickets bigint := CASE WHEN app.is_amount(p_tickets) THEN p_tickets END;
    v_balance bigint;
    v_status text;
    v_outcome jsonb;
    v_result jsonb;
    v_tx app.transactions;
BEGIN
    p_member := app.resolve_member(p_member);
    IF auth.role() = 'terminal' AND p_merchant IS NULL THEN
        v_by := app.acting_terminal(p_ledger);
    ELSE
        v_by := app.acting_principal(p_ledger, ARRAY['platform'], p_merchant);
    END IF;
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_line := app.held_line(NULL, 'member', p_member, 'ticket', 'ticket', -v_tickets);
    -- Looked at without a lock: app.post finds out when somebody was quicker.
    SELECT m.status, a.balance INTO v_status, v_balance
      FROM app.members AS m
      LEFT JOIN app.accounts AS a ON a.ledger_id = p_ledger AND a.account_id = v_line.account_id
     WHERE m.member_id = p_member
       AND (v_by.terminal_id IS NULL OR EXISTS (
            SELECT FROM app.member_merchants AS k WHERE k.member_id = p_member AND k.merchant_id = v_by.merchant_id));
    IF v_tickets IS NULL THEN
        v_result := app.refuse('amount_invalid');
    ELSIF coalesce(length(p_reference), 0) NOT BETWEEN 1 AND 100 THEN
        v_result := app.refuse('request_malformed', jsonb_build_object('field', 'reference'));
    ELSIF v_status IS NULL THEN
        v_result := app.refuse('member_unknown');
    ELSIF v_status <> 'active' THEN
        v_result := app.refuse('member_inactive', jsonb_build_object('status', v_status));
    ELSIF coalesce(v_balance, 0) < v_tickets THEN
        v_result := app.refuse('tickets_insufficient', jsonb_build_object('balance', coalesce(v_balance, 0)));
    ELSE
        v_by.key := p_key;
        v_by.currency := NULL;
        v_by.happened_at := app.now_utc();
        v_tx := app.header(v_by, 'ticket_debited', 'YW', NULL, p_member, 0);
        v_tx.reason := p_reference;
        v_balance := app.post(v_tx, ARRAY[v_line, app.house_line(v_by.merchant_id, 'redeemed', 'ticket', v_tickets)],
                              jsonb_build_object('tickets', v_tickets));
        v_result := jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'balance', v_balance);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.debit_tickets IS
    'Spend a member''s tickets at a terminal of a merchant that knows them, or by the operator for a merchant; `p_reference` '
    'is what they pay for. Returns {outcome, tx_no, balance} or a refusal, e.g. tickets_insufficient {balance}';

-- Grants, and what takes them back ------------------------------------------------------------------------------

-- Fragments are granted by their merchant's people, all else by the operator.
CREATE FUNCTION app.acting_granter(p_ledger smallint, p_unit text, p_merchant uuid) RETURNS app.acting
    LANGUAGE sql STABLE
    RETURN app.acting_principal(
        p_ledger, CASE WHEN p_unit LIKE 'fragment/%' THEN ARRAY['platform', 'staff'] ELSE ARRAY['platform'] END, p_merchant);

-- Lock what a grant of this unit changes, and find its account: of points the personal card's, else the member's own.
CREATE FUNCTION app.lock_units_of(p_ledger smallint, p_merchant uuid, p_member uuid, p_unit text) RETURNS app.posting_line
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card uuid;
BEGIN
    IF p_unit = 'point' THEN
        SELECT c.card_id INTO v_card FROM app.cards AS c
         WHERE c.ledger_id = p_ledger AND c.member_id = p_member FOR NO KEY UPDATE;
        RETURN app.held_line(NULL, 'card', v_card, 'points', 'point', 0);
    END IF;
    PERFORM FROM app.members AS m WHERE m.member_id = p_member FOR NO KEY UPDATE;
    RETURN app.member_line(p_merchant, p_member, p_unit, 0);
END $$;

CREATE FUNCTION app.grant_units(p_ledger smallint, p_key text, p_content_hash bytea, p_member uuid, p_unit text,
                                p_amount numeric, p_reason text, p_merchant uuid DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_granter(p_ledger, p_unit, p_merchant);
    v_line app.posting_line := app.lock_units_of(p_ledger, p_merchant, app.resolve_member(p_member), p_unit);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    v_tx app.transactions;
BEGIN
    p_member := app.resolve_member(p_member);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    IF v_line.unit IS NULL THEN
        v_result := app.refuse('request_malformed', jsonb_build_object('field', 'unit'));
    ELSIF NOT app.is_amount(p_amount) THEN
        v_result := app.refuse('amount_invalid');
    ELSIF NOT EXISTS (SELECT FROM app.members AS m WHERE m.member_id = p_member) THEN
        v_result := app.refuse('member_unknown');
    ELSE
        v_result := app.check_reason(p_reason);
    END IF;
    IF v_result IS NULL THEN
        v_line.delta := p_amount;
        v_tx := app.header(v_by, 'granted', 'YW', CASE v_line.owner_kind WHEN 'card' THEN v_line.owner_id END, p_member, 0);
        v_tx.reason := p_reason;
        PERFORM app.post(v_tx, ARRAY[v_line, app.house_line(p_merchant, 'issued', v_line.unit, -v_line.delta)],
                         jsonb_build_object('unit', v_line.unit, 'amount', v_line.delta),
                         jsonb_build_object('member_id', p_member, 'unit', p_unit, 'amount', v_line.delta));
        IF p_unit = 'point' THEN
            PERFORM app.note_holdings(p_member, NULL);
        END IF;
        v_result := jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no,
                                       'balance', app.balance_of(p_ledger, v_line.account_id));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.grant_units IS
    'Give a member units: point (to their card), bean, silver, ticket by the operator; fragment/<kind> by the people of the '
    'merchant, too. Returns {outcome, tx_no, balance}';

CREATE FUNCTION app.reverse_grant(p_ledger smallint, p_key text, p_content_hash bytea, p_tx_no text, p_reason text,
                                  p_merchant uuid DEFAULT NULL) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting;
    v_granted app.tx_registry%ROWTYPE;
    v_line app.posting_line;
    v_result jsonb;
    v_short bigint;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_granted FROM app.tx_registry AS r
     WHERE r.ledger_id = p_ledger AND r.tx_no = p_tx_no AND r.kind = 'granted' AND r.merchant_id IS NOT DISTINCT FROM p_merchant;
    v_by := app.acting_granter(p_ledger, CASE WHEN p_merchant IS NULL THEN 'point'
                                              ELSE coalesce(v_granted.basis ->> 'unit', 'fragment/') END, p_merchant);
    v_line := app.lock_units_of(p_ledger, p_merchant, (v_granted.basis ->> 'member_id')::uuid, v_granted.basis ->> 'unit');
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    -- What was read before the lock may be old.
    SELECT * INTO v_granted FROM app.tx_registry AS r
     WHERE r.ledger_id = p_ledger AND r.tx_no = v_granted.tx_no FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        v_result := app.refuse('transaction_unknown');
    ELSIF v_granted.reversed_by IS NOT NULL THEN
        v_result := app.refuse('refund_not_allowed', jsonb_build_object('tx_no', p_tx_no));
    ELSE
        v_result := app.check_reason(p_reason);
    END IF;
    IF v_result IS NULL THEN
        -- A debit locks the account alone.
        PERFORM FROM app.accounts AS a
          WHERE a.ledger_id = p_ledger AND a.account_id = v_line.account_id FOR NO KEY UPDATE;
        v_line.delta := -least((v_granted.basis ->> 'amount')::bigint, app.balance_of(p_ledger, v_line.account_id));
        v_short := (v_granted.basis ->> 'amount')::bigint + v_line.delta;
        v_tx := app.header(v_by, 'grant_reversed', 'TK', CASE v_line.owner_kind WHEN 'card' THEN v_line.owner_id END,
                           (v_granted.basis ->> 'member_id')::uuid, 0);
        v_tx.reverses := v_granted.tx_id;
        v_tx.reason := p_reason;
        PERFORM app.post(v_tx, ARRAY[v_line, app.house_line(p_merchant, 'issued', v_line.unit, -v_line.delta)],
                         jsonb_build_object('reverses', p_tx_no, 'amount', -v_line.delta, 'short', v_short));
        UPDATE app.tx_registry AS r
           SET reversed_by = v_tx.tx_id, basis = r.basis || jsonb_build_object('taken_back', -v_line.delta, 'short', v_short)
         WHERE r.ledger_id = p_ledger AND r.tx_no = p_tx_no;
        IF v_line.unit = 'point' THEN
            PERFORM app.note_holdings(v_tx.member_id, NULL);
        END IF;
        v_result := jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'taken_back', -v_line.delta, 'short', v_short,
                                       'balance', app.balance_of(p_ledger, v_line.account_id));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.reverse_grant IS
    'Take back a grant, once, as far as it is still there; what is not is recorded. Returns {outcome, tx_no, taken_back, '
    'short, balance}. Done by whoever may grant such units';

-- Trades (R194) ---------------------------------------------------------------------------------------------------

CREATE FUNCTION app.check_trader(p_ledger smallint, p_merchant uuid, p_member uuid, p_unit text, p_amount bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_status text;
    v_held bigint;
BEGIN
    SELECT m.status INTO v_status FROM app.members AS m WHERE m.member_id = p_member;
    v_held := app.units_held(p_ledger, p_merchant, p_member, p_unit);
    RETURN CASE WHEN v_status IS NULL THEN app.refuse('member_unknown', jsonb_build_object('member_id', p_member))
                WHEN v_status <> 'active' THEN app.refuse('member_inactive', jsonb_build_object('member_id', p_member))
                WHEN v_held < p_amount THEN app.refuse('units_insufficient', jsonb_build_object(
                    'member_id', p_member, 'unit', p_unit, 'balance', v_held)) END;
END $$;
COMMENT ON FUNCTION app.check_trader IS 'Can this member give that many? NULL: yes. The member is locked';

CREATE FUNCTION app.trade_units(p_ledger smallint, p_key text, p_content_hash bytea, p_merchant uuid, p_member uuid,
                                p_gives text, p_given numeric, p_takes text, p_taken numeric, p_with uuid DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform'], p_merchant);
    v_given bigint := CASE WHEN app.is_amount(p_given) THEN p_given END;
    v_taken bigint := CASE WHEN app.is_amount(p_taken) THEN p_taken END;
    v_result jsonb;
    v_lines app.posting_line[];
    v_tx app.transactions;
BEGIN
    p_member := app.resolve_member(p_member);
    p_with := app.resolve_member(p_with);
    PERFORM FROM app.members AS m WHERE m.member_id IN (p_member, p_with) ORDER BY m.member_id FOR NO KEY UPDATE;
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    IF (p_gives = 'silver' AND p_takes LIKE 'fragment/%' OR p_takes = 'silver' AND p_gives LIKE 'fragment/%') IS NOT TRUE
       OR app.held_unit(p_gives, p_merchant) IS NULL OR app.held_unit(p_takes, p_merchant) IS NULL THEN
        v_result := app.refuse('request_malformed', jsonb_build_object('field', 'unit'));
    ELSIF v_given IS NULL OR v_taken IS NULL THEN
        v_result := app.refuse('amount_invalid');
    ELSIF p_with = p_member THEN
        v_result := app.refuse('request_malformed', jsonb_build_object('field', 'with'));
    ELSE
        v_result := app.check_trader(p_ledger, p_merchant, p_member, p_gives, v_given);
        IF v_result IS NULL AND p_with IS NOT NULL THEN
            v_result := app.check_trader(p_ledger, p_merchant, p_with, p_takes, v_taken);
        END IF;
    END IF;
    IF v_result IS NULL THEN
        v_lines := ARRAY[
            app.member_line(p_merchant, p_member, p_gives, -v_given),
            app.member_line(p_merchant, p_member, p_takes, v_taken),
            CASE WHEN p_with IS NULL THEN app.house_line(p_merchant, 'traded', app.held_unit(p_gives, p_merchant), v_given)
                 ELSE app.member_line(p_merchant, p_with, p_gives, v_given) END,
            CASE WHEN p_with IS NULL THEN app.house_line(p_merchant, 'traded', app.held_unit(p_takes, p_merchant), -v_taken)
                 ELSE app.member_line(p_merchant, p_with, p_takes, -v_taken) END];
        v_tx := app.header(v_by, 'traded', 'YW', NULL, p_member, 0);
        PERFORM app.post(v_tx, v_lines, jsonb_build_object(
            'gives', p_gives, 'given', v_given, 'takes', p_takes, 'taken', v_taken, 'with', p_with));
        v_result := jsonb_build_object(
            'tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'gave_balance', app.units_held(p_ledger, p_merchant, p_member, p_gives),
            'took_balance', app.units_held(p_ledger, p_merchant, p_member, p_takes));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.trade_units IS
    'Silver for a merchant''s fragments, or fragments for silver, with the house or with another member: one transaction. The '
    'price is the caller''s, so the operator''s market alone may call. Returns {outcome, tx_no, gave_balance, took_balance}';

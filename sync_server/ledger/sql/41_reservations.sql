-- Two-phase spending (sync.md rung 2): uses or money are moved aside for one terminal, spent there part by part, and what
-- is left goes back where it came from. A reservation ends by what its terminal says, or by a person at HQ; the clock
-- alone ends none, so that a till that is offline cannot spend what somebody else was given meanwhile.

CREATE UNIQUE INDEX reservation_fence ON app.reservations (ledger_id, source_id, fencing_no);

CREATE TABLE app.reservation_uses (
    ledger_id      smallint NOT NULL,
    reservation_id uuid NOT NULL,
    use_id         uuid NOT NULL,
    merchant_id    uuid NOT NULL,
    amount         bigint NOT NULL CHECK (amount > 0),
    tx_id          uuid NOT NULL,
    happened_at    timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, reservation_id, use_id),
    FOREIGN KEY (ledger_id, reservation_id) REFERENCES app.reservations
);
COMMENT ON COLUMN app.reservation_uses.use_id IS 'The act that spent it, as the till named it: a redemption''s or an order''s id';

CREATE FUNCTION app.acting_reserver(p_ledger smallint, p_terminal uuid, p_source_kind text, p_source uuid) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting;
    v_place app.acting;
BEGIN
    SELECT t.merchant_id, t.store_id, s.currency INTO v_place.merchant_id, v_place.store_id, v_place.currency
      FROM app.terminals AS t JOIN app.stores AS s USING (store_id) WHERE t.terminal_id = p_terminal;
    IF auth.role() = 'terminal' AND p_terminal = auth.uid() AND p_source_kind = 'pass' THEN
        v_by := app.acting_terminal(p_ledger);
    ELSE
        v_by := app.acting_principal(p_ledger, ARRAY['platform', 'member'], NULL);
    END IF;
    IF auth.role() = 'member' AND NOT app.may_spend(p_ledger, auth.uid(), p_source_kind, p_source) THEN
        RAISE EXCEPTION 'a member reserves from what is theirs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    v_by.terminal_id := p_terminal;
    v_by.merchant_id := v_place.merchant_id;
    v_by.store_id := v_place.store_id;
    v_by.currency := v_place.currency;
    v_by.happened_at := app.now_utc();
    RETURN v_by;
END $$;
COMMENT ON FUNCTION app.acting_reserver IS
    'Who sets something aside: the operator, the member whose it is, and of passes the terminal itself';

CREATE FUNCTION app.may_spend(p_ledger smallint, p_member uuid, p_source_kind text, p_source uuid) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN CASE p_source_kind
        WHEN 'pass' THEN EXISTS (SELECT FROM app.member_passes AS p
                                  WHERE p.ledger_id = p_ledger AND p.pass_id = p_source AND p.member_id = p_member)
        WHEN 'card' THEN EXISTS (SELECT FROM app.cards AS c
                                  WHERE c.ledger_id = p_ledger AND c.card_id = p_source AND c.member_id = p_member)
                      OR EXISTS (SELECT FROM app.enterprise_card_bindings AS b
                                  WHERE b.ledger_id = p_ledger AND b.enterprise_card_id = p_source AND b.member_id = p_member
                                    AND b.role = 'admin')
        ELSE false END;

CREATE FUNCTION app.lock_source(p_ledger smallint, p_source_kind text, p_source uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF p_source_kind = 'pass' THEN
        PERFORM FROM app.member_passes AS p WHERE p.ledger_id = p_ledger AND p.pass_id = p_source FOR UPDATE;
    ELSE
        PERFORM FROM app.cards AS c WHERE c.ledger_id = p_ledger AND c.card_id = p_source FOR NO KEY UPDATE;
    END IF;
END $$;

CREATE FUNCTION app.reserved_line(p_reservation app.reservations, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN app.held_line(p_reservation.merchant_id, 'reservation', p_reservation.reservation_id, 'reserved',
                         p_reservation.unit, p_delta);

CREATE FUNCTION app.plan_of(p_unit text) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN substr(p_unit, length('use/') + 1)::uuid;
COMMENT ON FUNCTION app.plan_of IS 'Whose uses a unit counts (app.use_unit)';

-- Setting aside -----------------------------------------------------------------------------------------------------

CREATE FUNCTION app.check_reservation(p_by app.acting, p_amount numeric, p_expires_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_status text;
BEGIN
    SELECT t.status INTO v_status FROM app.terminals AS t WHERE t.terminal_id = p_by.terminal_id;
    RETURN CASE
        WHEN v_status IS NULL THEN app.refuse('terminal_unknown')
        WHEN v_status = 'revoked' THEN app.refuse('terminal_revoked')
        WHEN EXISTS (SELECT FROM app.terminal_heads AS h WHERE h.ledger_id = p_by.ledger_id
                        AND h.terminal_id = p_by.terminal_id AND h.forked_at IS NOT NULL)
        THEN app.refuse('terminal_forked')
        WHEN NOT app.is_amount(p_amount) THEN app.refuse('amount_invalid')
        WHEN (p_expires_at > p_by.happened_at AND p_expires_at <= p_by.happened_at + interval '31 days') IS NOT TRUE
        THEN app.refuse('request_malformed', jsonb_build_object('field', 'expires_at')) END;
END $$;
COMMENT ON FUNCTION app.check_reservation IS 'What is wrong with a wish to reserve, whatever the source. NULL: nothing';

CREATE FUNCTION app.reserve_uses(p_by app.acting, p_reservation app.reservations) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
    v_left bigint;
    v_refusal jsonb;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = p_reservation.source_id;
    IF NOT FOUND THEN
        RETURN app.refuse('pass_unknown', jsonb_build_object('pass_id', p_reservation.source_id));
    ELSIF v_pass.merchant_id <> p_by.merchant_id THEN
        RETURN app.refuse('pass_other_merchant', jsonb_build_object('pass_id', p_reservation.source_id));
    END IF;
    v_left := app.balance_of(p_by.ledger_id, v_pass.pass_id);
    v_refusal := app.check_pass(p_by, v_pass);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF p_reservation.amount > v_left THEN
        RETURN app.refuse('uses_exhausted', jsonb_build_object('uses_left', v_left, 'uses', p_reservation.amount));
    END IF;
    p_reservation.unit := app.use_unit(v_pass.plan_id);
    p_reservation.start_no := v_pass.start_no;
    p_reservation.expires_at := least(p_reservation.expires_at, v_pass.expires_at);
    v_tx := app.header(p_by, 'reserved', 'YW', NULL, v_pass.member_id, 0);
    PERFORM app.post(
        v_tx,
        ARRAY[app.pass_line(v_pass.merchant_id, v_pass.pass_id, v_pass.plan_id, -p_reservation.amount),
              app.reserved_line(p_reservation, p_reservation.amount)],
        jsonb_build_object('reservation_id', p_reservation.reservation_id, 'pass_id', v_pass.pass_id,
                           'uses', p_reservation.amount));
    PERFORM app.note_change('pass', v_pass.pass_id::text, v_pass.merchant_id, NULL);
    RETURN app.keep_reservation(p_reservation, v_tx) || jsonb_build_object('uses_left', v_left - p_reservation.amount);
END $$;

CREATE FUNCTION app.reserve_money(p_by app.acting, p_reservation app.reservations) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_balance bigint;
    v_points bigint;
    v_refusal jsonb;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c WHERE c.ledger_id = p_by.ledger_id AND c.card_id = p_reservation.source_id;
    SELECT h.balance_minor, h.points INTO v_balance, v_points FROM app.card_holdings(p_by.ledger_id, v_card.card_id) AS h;
    v_refusal := app.check_card(p_by, v_card, v_card.currency);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF p_reservation.amount > v_balance THEN
        RETURN app.refuse('balance_insufficient',
                          jsonb_build_object('balance_minor', v_balance, 'total_minor', p_reservation.amount));
    END IF;
    p_reservation.unit := v_card.currency;
    p_reservation.discount := v_card.fixed_discount;
    IF p_reservation.discount IS NULL THEN
        p_reservation.discount := (app.level_for(p_by.merchant_id, v_points)).discount;
    END IF;
    p_reservation.expires_at := least(p_reservation.expires_at, v_card.expires_at);
    p_reservation.parts := app.spend_lots(p_by.ledger_id, v_card.card_id, p_reservation.amount);
    v_tx := app.header(p_by, 'reserved', 'YW', v_card.card_id, v_card.member_id, 0);
    PERFORM app.post(
        v_tx,
        ARRAY[app.card_line(v_card.card_id, 'bonus', v_card.currency, -app.amount_of(p_reservation.parts, 'bonus')),
              app.card_line(v_card.card_id, 'principal', v_card.currency, -app.amount_of(p_reservation.parts, 'principal')),
              app.reserved_line(p_reservation, p_reservation.amount)],
        jsonb_build_object('reservation_id', p_reservation.reservation_id, 'amount_minor', p_reservation.amount));
    IF v_card.member_id IS NOT NULL THEN
        PERFORM app.note_holdings(v_card.member_id, p_by.merchant_id);
    END IF;
    RETURN app.keep_reservation(p_reservation, v_tx)
        || jsonb_build_object('balance_minor', v_balance - p_reservation.amount);
END $$;

CREATE FUNCTION app.newest_fence(p_ledger smallint, p_source uuid) RETURNS bigint
    LANGUAGE sql STABLE
    RETURN coalesce((SELECT r.fencing_no FROM app.reservations AS r
                      WHERE r.ledger_id = p_ledger AND r.source_id = p_source ORDER BY r.fencing_no DESC LIMIT 1), 0);
COMMENT ON FUNCTION app.newest_fence IS 'How many reservations a source, which is locked, has had';

CREATE FUNCTION app.keep_reservation(p_reservation app.reservations, p_tx app.transactions) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
    p_reservation.fencing_no := app.newest_fence(p_reservation.ledger_id, p_reservation.source_id) + 1;
    INSERT INTO app.reservations (ledger_id, reservation_id, fencing_no, merchant_id, terminal_id, source_kind, source_id,
                                  unit, amount, parts, status, expires_at, tx_id, opened_at, start_no, discount, origin,
                                  asked_by)
    VALUES (p_reservation.ledger_id, p_reservation.reservation_id, p_reservation.fencing_no, p_reservation.merchant_id,
            p_reservation.terminal_id, p_reservation.source_kind, p_reservation.source_id, p_reservation.unit,
            p_reservation.amount, p_reservation.parts, 'open', p_reservation.expires_at, p_tx.tx_id, p_tx.created_at,
            p_reservation.start_no, p_reservation.discount,
            CASE auth.role() WHEN 'member' THEN 'member' WHEN 'terminal' THEN 'lease' ELSE 'hq' END, auth.uid());
    RETURN jsonb_build_object(
        'tx_id', p_tx.tx_id, 'tx_no', p_tx.tx_no, 'reservation_id', p_reservation.reservation_id,
        'fencing_no', p_reservation.fencing_no, 'unit', p_reservation.unit, 'amount', p_reservation.amount,
        'expires_at', p_reservation.expires_at);
END $$;

CREATE FUNCTION app.reserve(p_ledger smallint, p_key text, p_content_hash bytea, p_terminal uuid, p_source_kind text,
                            p_source uuid, p_amount numeric, p_expires_at timestamptz, p_after bigint DEFAULT NULL)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_source uuid := CASE p_source_kind WHEN 'pass' THEN app.resolve_pass(p_ledger, p_source) ELSE p_source END;
    v_by app.acting := app.acting_reserver(p_ledger, p_terminal, p_source_kind, v_source);
    v_reservation app.reservations;
    v_result jsonb;
BEGIN
    PERFORM app.lock_source(p_ledger, p_source_kind, v_source);
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_result := coalesce(
        app.check_reservation(v_by, p_amount, p_expires_at),
        CASE WHEN p_after <> app.newest_fence(p_ledger, v_source)
             THEN app.refuse('reservations_too_many', jsonb_build_object('after', p_after)) END);
    IF v_result IS NULL THEN
        v_reservation.ledger_id := p_ledger;
        v_reservation.reservation_id := app.new_id();
        v_reservation.merchant_id := v_by.merchant_id;
        v_reservation.terminal_id := p_terminal;
        v_reservation.source_kind := p_source_kind;
        v_reservation.source_id := v_source;
        v_reservation.amount := p_amount;
        v_reservation.expires_at := p_expires_at;
        v_result := CASE p_source_kind
            WHEN 'pass' THEN app.reserve_uses(v_by, v_reservation)
            WHEN 'card' THEN app.reserve_money(v_by, v_reservation)
            ELSE app.refuse('request_malformed', jsonb_build_object('field', 'source_kind')) END;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.reserve IS
    'Set uses of a pass, or money of a card (minor units), aside for one terminal until it has used or closed them. `p_after`: only while that is its newest fencing number. Returns '
    '{outcome, tx_no, reservation_id, fencing_no, unit, amount, expires_at, uses_left or balance_minor}';

-- Spending what was set aside, and ending it -------------------------------------------------------------------------

-- The reservation, locked after its source; all NULL when this terminal (NULL: any) has no such one.
CREATE FUNCTION app.lock_reservation(p_ledger smallint, p_reservation uuid, p_terminal uuid) RETURNS app.reservations
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reservation app.reservations%ROWTYPE;
BEGIN
    SELECT * INTO v_reservation FROM app.reservations AS r
     WHERE r.ledger_id = p_ledger AND r.reservation_id = p_reservation AND r.terminal_id = coalesce(p_terminal, r.terminal_id);
    PERFORM app.lock_source(p_ledger, v_reservation.source_kind, v_reservation.source_id);
    SELECT * INTO v_reservation FROM app.reservations AS r
     WHERE r.ledger_id = p_ledger AND r.reservation_id = v_reservation.reservation_id FOR UPDATE;
    RETURN v_reservation;
END $$;

CREATE FUNCTION app.check_open(p_reservation app.reservations) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_reservation.reservation_id IS NULL THEN app.refuse('reservation_unknown')
                WHEN p_reservation.status <> 'open' THEN app.refuse('reservation_closed', jsonb_build_object(
                    'used', p_reservation.used, 'returned', p_reservation.returned)) END;

CREATE FUNCTION app.keep_use(p_by app.acting, p_reservation app.reservations, p_use uuid, p_amount bigint,
                             p_tx app.transactions) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_last boolean := p_amount = p_reservation.amount - p_reservation.used - p_reservation.returned;
BEGIN
    INSERT INTO app.reservation_uses (ledger_id, reservation_id, use_id, merchant_id, amount, tx_id, happened_at)
    VALUES (p_by.ledger_id, p_reservation.reservation_id, p_use, p_reservation.merchant_id, p_amount, p_tx.tx_id,
            p_by.happened_at);
    UPDATE app.reservations AS r
       SET used = r.used + p_amount, status = CASE WHEN v_last THEN 'closed' ELSE 'open' END,
           closed_at = CASE WHEN v_last THEN p_tx.created_at END
     WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = p_reservation.reservation_id;
    PERFORM app.tell_reservation(p_reservation); -- a till that was set back to an older copy learns what it has used
END $$;
COMMENT ON FUNCTION app.keep_use IS 'Keep what a posting has spent of a locked open reservation; the last part closes it';

CREATE FUNCTION app.tell_reservation(p_reservation app.reservations) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM app.note_change('reservation', p_reservation.reservation_id::text, p_reservation.merchant_id,
                            (SELECT t.store_id FROM app.terminals AS t WHERE t.terminal_id = p_reservation.terminal_id));
END $$;
COMMENT ON FUNCTION app.tell_reservation IS 'Tell the terminal that this is set aside for what has become of it';

CREATE FUNCTION app.settle(p_by app.acting, p_reservation app.reservations, p_amount numeric, p_use uuid) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_left bigint := p_reservation.amount - p_reservation.used - p_reservation.returned;
    v_refusal jsonb := app.check_open(p_reservation);
    v_amount bigint;
    v_tx app.transactions;
BEGIN
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF NOT app.is_amount(p_amount) THEN
        RETURN app.refuse('amount_invalid');
    ELSIF p_use IS NULL THEN
        RETURN app.refuse('request_malformed', jsonb_build_object('field', 'use_id'));
    ELSIF p_by.happened_at >= p_reservation.expires_at THEN
        RETURN app.refuse('reservation_closed', jsonb_build_object('expires_at', p_reservation.expires_at));
    ELSIF p_amount > v_left THEN
        RETURN app.refuse('reservation_exceeds', jsonb_build_object('left', v_left));
    END IF;
    PERFORM FROM app.reservation_uses AS u
      WHERE u.ledger_id = p_by.ledger_id AND u.reservation_id = p_reservation.reservation_id AND u.use_id = p_use;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('use_id', p_use));
    END IF;
    v_amount := p_amount;
    v_tx := app.header(p_by, 'settled', 'YW', CASE p_reservation.source_kind WHEN 'card' THEN p_reservation.source_id END,
                       app.member_of_source(p_reservation), 0);
    PERFORM app.post(
        v_tx,
        ARRAY[app.reserved_line(p_reservation, -v_amount),
              CASE p_reservation.source_kind
                  WHEN 'card' THEN app.shop_line(p_by, 'redeemed', p_reservation.unit, v_amount)
                  ELSE app.plan_line(p_reservation.merchant_id, app.plan_of(p_reservation.unit), 'redeemed', v_amount) END],
        jsonb_build_object('reservation_id', p_reservation.reservation_id, 'use_id', p_use, 'amount', v_amount));
    PERFORM app.keep_use(p_by, p_reservation, p_use, v_amount, v_tx);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'left', v_left - v_amount);
END $$;
COMMENT ON FUNCTION app.settle IS
    'Spend a part of a locked reservation for the act `p_use`, judged at the time it happened; the last part closes it';

CREATE FUNCTION app.member_of_source(p_reservation app.reservations) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN CASE p_reservation.source_kind
        WHEN 'pass' THEN (SELECT p.member_id FROM app.member_passes AS p
                           WHERE p.ledger_id = p_reservation.ledger_id AND p.pass_id = p_reservation.source_id)
        ELSE (SELECT c.member_id FROM app.cards AS c
               WHERE c.ledger_id = p_reservation.ledger_id AND c.card_id = p_reservation.source_id) END;

CREATE FUNCTION app.settle_reservation(p_ledger smallint, p_key text, p_content_hash bytea, p_reservation uuid,
                                       p_amount numeric, p_use uuid, p_happened_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_reservation app.reservations := app.lock_reservation(p_ledger, p_reservation, v_by.terminal_id);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    -- As of a fact: never after now, and not before what the terminal has told already.
    v_by.happened_at := least(app.now_utc(), greatest(p_happened_at, v_reservation.opened_at, (
        SELECT h.happened_at FROM app.terminal_heads AS h
         WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id)));
    IF v_reservation.opened_at <= p_happened_at + app.clock_skew() IS NOT TRUE THEN
        v_result := coalesce(app.check_open(v_reservation),
                             app.refuse('request_malformed', jsonb_build_object('field', 'happened_at')));
    ELSE
        v_result := app.settle(v_by, v_reservation, p_amount, p_use);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.settle_reservation IS
    'Spend a part of a reservation of the acting terminal for the act `p_use` that happened then, not before it was opened. '
    'Returns {outcome, tx_no, left}';

-- Which share of each part lies between two amounts of the whole, counted in the order of spending.
CREATE FUNCTION app.parts_between(p_parts jsonb, p_from bigint, p_to bigint) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT array_agg(greatest(0, least(s.upto, p_to) - greatest(s.upto - s.amount, p_from)) ORDER BY s.n)
          FROM (SELECT p.n, (p.part ->> 2)::bigint AS amount,
                       sum((p.part ->> 2)::bigint) OVER (ORDER BY p.n)::bigint AS upto
                  FROM jsonb_array_elements(p_parts) WITH ORDINALITY AS p (part, n)) AS s;
    END;

CREATE FUNCTION app.parts_slice(p_parts jsonb, p_from bigint, p_to bigint) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(jsonb_agg(jsonb_build_array(p.part -> 0, p.part -> 1, t.amount) ORDER BY p.n)
                          FILTER (WHERE t.amount > 0), '[]')
          FROM jsonb_array_elements(p_parts) WITH ORDINALITY AS p (part, n)
          JOIN unnest(app.parts_between(p_parts, p_from, p_to)) WITH ORDINALITY AS t (amount, n) USING (n);
    END;
COMMENT ON FUNCTION app.parts_slice IS 'The parts between two amounts of the whole, counted in the order of spending';

CREATE FUNCTION app.return_rest(p_by app.acting, p_reservation app.reservations, p_reason text, p_keep bigint DEFAULT 0)
    RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_upto bigint := p_reservation.amount - p_reservation.returned;
    v_rest bigint := v_upto - p_reservation.used - p_keep;
    v_member uuid := app.member_of_source(p_reservation);
    v_back record;
    v_lines app.posting_line[] := ARRAY[app.reserved_line(p_reservation, -v_rest)];
    v_forfeited bigint;
    v_tx app.transactions;
BEGIN
    v_tx := app.header(p_by, 'released', 'YW', CASE p_reservation.source_kind WHEN 'card' THEN p_reservation.source_id END,
                       v_member, 0);
    v_tx.reason := p_reason;
    IF p_reservation.source_kind = 'pass' THEN
        v_lines := v_lines || app.give_back_uses(p_by.ledger_id, p_reservation.source_id, p_reservation.start_no, v_rest);
    ELSE
        SELECT r.bonus, r.principal INTO v_back
          FROM app.refill_lots(p_by, v_tx, p_reservation.parts,
                               app.parts_between(p_reservation.parts, v_upto - v_rest, v_upto)) AS r;
        v_lines := v_lines
            || app.card_line(p_reservation.source_id, 'bonus', p_reservation.unit, v_back.bonus)
            || app.card_line(p_reservation.source_id, 'principal', p_reservation.unit, v_back.principal);
        IF v_member IS NOT NULL THEN
            PERFORM app.note_holdings(v_member, p_by.merchant_id);
        END IF;
    END IF;
    v_forfeited := CASE v_lines[2].bucket WHEN 'forfeited' THEN v_rest ELSE 0 END;
    PERFORM app.post(v_tx, v_lines, jsonb_build_object('reservation_id', p_reservation.reservation_id, 'returned', v_rest,
                                                       'forfeited', v_forfeited));
    UPDATE app.reservations AS r
       SET returned = r.returned + v_rest, forfeited = r.forfeited + v_forfeited,
           confirmed = 0,
           status = CASE p_keep WHEN 0 THEN 'closed' ELSE 'open' END,
           closed_at = CASE p_keep WHEN 0 THEN v_tx.created_at END
     WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = p_reservation.reservation_id;
    PERFORM app.tell_reservation(p_reservation);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'returned', v_rest, 'forfeited', v_forfeited);
END $$;
COMMENT ON FUNCTION app.return_rest IS
    'Close a locked open reservation: what is left goes back to its pass (when that has not begun anew), or to the lots it '
    'came from. With `p_keep` so much stays set aside, and the reservation open';

CREATE FUNCTION app.close_reservation(p_ledger smallint, p_key text, p_content_hash bytea, p_reservation uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_reservation app.reservations := app.lock_reservation(p_ledger, p_reservation, v_by.terminal_id);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_by.happened_at := app.now_utc();
    v_result := app.check_open(v_reservation);
    IF v_result IS NULL THEN
        v_result := app.return_rest(v_by, v_reservation, NULL);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.close_reservation IS
    'The acting terminal gives up what is left of its reservation. Returns {outcome, tx_no, returned, forfeited}';

CREATE FUNCTION app.acting_on(p_ledger smallint, p_reservation app.reservations, p_roles text[]) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF auth.role() = 'staff' THEN
        RETURN app.acting_principal(p_ledger, ARRAY['staff'],
                                    coalesce(p_reservation.merchant_id, (auth.merchant_ids())[1]));
    END IF;
    RETURN app.acting_principal(p_ledger, p_roles, NULL);
END $$;
COMMENT ON FUNCTION app.acting_on IS 'Who ends or recalls a reservation: these roles, and people at HQ who see its merchant';

CREATE FUNCTION app.check_hq() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN CASE WHEN auth.role() = 'staff' THEN app.check_role(true) END;
END $$;
COMMENT ON FUNCTION app.check_hq IS 'May this person at HQ decide what is big? NULL: yes, or it is no person at HQ';

CREATE FUNCTION app.release_at_risk(p_ledger smallint, p_key text, p_content_hash bytea, p_reservation uuid, p_reason text)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_reservation app.reservations := app.lock_reservation(p_ledger, p_reservation, NULL);
    v_by app.acting := app.acting_on(p_ledger, v_reservation, ARRAY['platform']);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    v_freed bigint;
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_by.merchant_id := v_reservation.merchant_id;
    v_result := coalesce(app.check_hq(), app.check_open(v_reservation), app.check_reason(p_reason));
    IF v_result IS NULL THEN
        v_result := app.return_rest(v_by, v_reservation, p_reason);
        -- What the till counts as used already, and a late grant has paid, it cannot spend any more.
        v_freed := (v_result ->> 'returned')::bigint - (v_result ->> 'forfeited')::bigint - v_reservation.confirmed;
        UPDATE app.reservations AS r SET at_risk = greatest(0, v_freed)
         WHERE r.ledger_id = p_ledger AND r.reservation_id = p_reservation;
        PERFORM app.note_event(p_ledger, 'released_at_risk', 'alarm', v_by.principal_id, v_by.merchant_id, NULL,
                               p_reservation::text, jsonb_build_object(
                                   'terminal_id', v_reservation.terminal_id, 'returned', v_result -> 'returned',
                                   'unit', v_reservation.unit));
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.release_at_risk IS
    'A till will not return: HQ frees what it still may spend, and stands for it. Returns {outcome, tx_no, returned, forfeited}';

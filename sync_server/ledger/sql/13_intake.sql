-- Facts into the ledger: about a hundred a call, one transaction, each with its own outcome (sync.md "Facts").
-- The program has checked the chain, decoded the facts and done their sums; what needs a lock is decided here.

CREATE FUNCTION app.fact_differs(p_by app.acting, p_request_id text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM app.note_event(p_by.ledger_id, 'content_differs', 'alarm', p_by.terminal_id, p_by.merchant_id, NULL,
                           app.key_subject(p_request_id), jsonb_build_object('fact_id', p_by.fact_id));
    RETURN app.refuse('content_differs', jsonb_build_object('request_id', p_request_id));
END $$;
COMMENT ON FUNCTION app.fact_differs IS 'A fact says something else than the accepted request it cites, or cites it a second time';

-- The request was answered, or its answer was lost: the fact and it are one effect. What the till wrote down of the answer
-- must be what it was told.
CREATE FUNCTION app.confirm_granted(p_by app.acting, p_kind text, p_effect jsonb, p_known app.idempotency_registry)
    RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_hash bytea := decode(p_effect ->> 'effect_hash', 'hex');
    v_order uuid;
BEGIN
    IF p_kind <> 'PassRedeemed' AND NOT coalesce(p_known.outcome -> 'data' @> (p_effect -> 'answer'), false) THEN
        RETURN NULL;
    END IF;
    CASE p_kind
        WHEN 'PassRedeemed' THEN
            UPDATE app.pass_redemption_batches AS b SET fact_id = p_by.fact_id, cashier_id = p_by.cashier_id
             WHERE b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.request_id = p_known.key
               AND b.effect_hash = v_hash AND b.fact_id IS NULL
            RETURNING b.order_id INTO v_order;
        WHEN 'CardCharged' THEN
            UPDATE app.card_charges AS g SET fact_id = p_by.fact_id, cashier_id = p_by.cashier_id
             WHERE g.ledger_id = p_by.ledger_id AND g.terminal_id = p_by.terminal_id AND g.request_id = p_known.key
               AND g.effect_hash = v_hash AND g.fact_id IS NULL
            RETURNING g.charge_id INTO v_order;
        WHEN 'Refunded' THEN
            UPDATE app.card_refunds AS f SET fact_id = p_by.fact_id, cashier_id = p_by.cashier_id
             WHERE f.ledger_id = p_by.ledger_id AND f.terminal_id = p_by.terminal_id AND f.request_id = p_known.key
               AND f.effect_hash = v_hash AND f.fact_id IS NULL;
    END CASE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE app.orders AS o SET pickup_no = p_effect ->> 'pickup_no', cashier_id = p_by.cashier_id
     WHERE o.ledger_id = p_by.ledger_id AND o.order_id = v_order;
    RETURN jsonb_build_object('tx_id', p_known.tx_id, 'tx_no', p_known.outcome -> 'tx_no');
END $$;
COMMENT ON FUNCTION app.confirm_granted IS
    'A fact says what the accepted request (its row is locked) has done that it cites; NULL: it says something else, or cites it again';

CREATE FUNCTION app.apply_redemption(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_request text := p_effect ->> 'request_id';
    v_effect_hash bytea := decode(p_effect ->> 'effect_hash', 'hex');
    v_known app.idempotency_registry%ROWTYPE;
    v_result jsonb;
BEGIN
    IF v_request IS NOT NULL THEN
        SELECT * INTO v_known FROM app.idempotency_registry AS r
         WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.terminal_id AND r.key = v_request FOR UPDATE;
    END IF;
    IF v_known.outcome ->> 'outcome' = 'accepted' THEN
        v_result := app.confirm_granted(p_by, 'PassRedeemed', p_effect, v_known);
        IF v_result IS NOT NULL AND p_effect ->> 'rung' = 'reserved' THEN
            PERFORM app.count_confirmed(p_by, p_effect, (p_effect ->> 'uses')::bigint);
        END IF;
        RETURN coalesce(v_result, app.fact_differs(p_by, v_request));
    ELSIF v_known.outcome ->> 'code' IN ('request_abandoned', 'request_taken_back') THEN
        RETURN app.refuse(v_known.outcome ->> 'code', jsonb_build_object('request_id', v_request));
    ELSIF p_effect ->> 'rung' = 'online' AND v_known.key IS NULL AND app.in_lost_window(p_by.happened_at) THEN
        RETURN app.post_lost(p_by, 'PassRedeemed', p_effect);
    ELSIF p_effect ->> 'rung' = 'online' THEN
        RETURN app.refuse(CASE WHEN v_known.key IS NULL THEN 'request_unknown' ELSE 'request_refused' END,
                          jsonb_build_object('request_id', v_request));
    END IF;
    v_result := CASE p_effect ->> 'rung' WHEN 'reserved' THEN app.redeem_reserved(p_by, p_effect)
                                         ELSE app.use_pass(p_by, p_effect, NULL, NULL) END;
    IF v_request IS NOT NULL AND v_known.key IS NULL AND NOT v_result ? 'code' THEN
        PERFORM app.keep_outcome(p_by, v_request, NULL, v_effect_hash,
                                 jsonb_build_object('outcome', 'accepted') || v_result);
    END IF;
    RETURN v_result;
END $$;

CREATE FUNCTION app.note_recorded(p_by app.acting, p_kind text, p_effect jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM app.note_event(p_by.ledger_id, 'recorded.' || p_kind, 'info', p_by.principal_id, p_by.merchant_id, NULL,
                           p_by.fact_id::text, p_effect);
END $$;
COMMENT ON FUNCTION app.note_recorded IS 'No units moved: the audit row is the effect of this fact';

CREATE FUNCTION app.apply_fact(p_by app.acting, p_kind text, p_effect jsonb, p_known_slips text[]) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_result jsonb;
BEGIN
    CASE p_kind
        WHEN 'PassSold' THEN RETURN app.sell_pass(p_by, p_effect);
        WHEN 'PassRedeemed' THEN RETURN app.apply_redemption(p_by, p_effect);
        WHEN 'OrderPaid' THEN RETURN app.pay_order(p_by, p_effect);
        WHEN 'OrderRefunded' THEN RETURN app.refund_order(p_by, p_effect);
        WHEN 'ToppedUp' THEN RETURN app.top_up(p_by, p_effect);
        WHEN 'CardCharged', 'Refunded' THEN RETURN app.apply_granted(p_by, p_kind, p_effect);
        WHEN 'RequestAbandoned' THEN
            v_result := app.abandon_request(p_by, p_effect ->> 'request_id', p_effect ->> 'reason');
        WHEN 'SlipReprinted' THEN
            PERFORM FROM app.slips AS s WHERE s.ledger_id = p_by.ledger_id AND s.slip_no = p_effect ->> 'slip'
               AND s.terminal_id = p_by.terminal_id;
            v_result := CASE WHEN FOUND OR p_effect ->> 'slip' = ANY (p_known_slips) THEN '{}'::jsonb
                             ELSE app.refuse('slip_unknown') END;
        WHEN 'ShiftOpened', 'CashMoved', 'ShiftClosed' THEN v_result := '{}';
        WHEN 'ReservationClosed' THEN v_result := app.close_by_fact(p_by, p_effect);
        WHEN 'MemberCreated' THEN
            v_result := app.create_member(p_by, p_effect);
            p_effect := p_effect - 'person'; -- the audit keeps no personal data, not even sealed
    END CASE;
    IF NOT v_result ? 'code' AND NOT v_result ? 'tx_id' THEN
        PERFORM app.note_recorded(p_by, p_kind, p_effect);
    END IF;
    RETURN v_result;
END $$;

CREATE TYPE app.taken AS (
    fact_id  uuid,
    id_taken boolean,
    slips    text[],
    reason   text,
    data     jsonb,
    tx_id    uuid,
    tx_no    text
);
COMMENT ON TYPE app.taken IS 'What became of one fact of a batch, until all of them are kept: app.keep_facts';

CREATE FUNCTION app.take_fact(p_by app.acting, p_item jsonb, p_known_ids uuid[], p_known_slips text[]) RETURNS app.taken
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_effect jsonb := p_item -> 'effect';
    v_in_chain boolean := (p_item ->> 'in_chain')::boolean;
    v_result jsonb := '{}';
    v_taken app.taken;
BEGIN
    v_taken.fact_id := p_item ->> 'fact_id';
    v_taken.id_taken := v_in_chain AND v_taken.fact_id IS NOT NULL
        AND (v_taken.fact_id = ANY (p_known_ids) OR p_item ? 'chained_as');
    v_taken.slips := CASE WHEN v_in_chain THEN ARRAY(SELECT jsonb_array_elements_text(p_item -> 'slips')) ELSE '{}' END;
    v_taken.reason := CASE WHEN v_taken.id_taken THEN 'content_differs' ELSE p_item ->> 'held' END;
    p_by.key := v_taken.fact_id;
    p_by.fact_id := v_taken.fact_id;
    p_by.cashier_id := p_item ->> 'cashier_id';
    p_by.happened_at := p_item ->> 'judged_at';
    IF p_item ->> 'kind' <> 'MemberCreated' THEN
        v_effect := app.with_member(v_effect);
    END IF;
    IF v_taken.reason IS NULL THEN
        IF v_taken.slips && p_known_slips THEN
            v_result := app.refuse('slip_used', jsonb_build_object('slip', (
                SELECT n.slip FROM unnest(v_taken.slips) AS n (slip) WHERE n.slip = ANY (p_known_slips) LIMIT 1)));
        ELSE
            v_result := app.apply_fact(p_by, p_item ->> 'kind', v_effect, p_known_slips);
        END IF;
        v_taken.reason := v_result ->> 'code';
    END IF;
    IF v_taken.reason IS NOT NULL THEN
        PERFORM app.note_event(
            p_by.ledger_id, 'held',
            CASE WHEN v_taken.reason IN ('fork', 'content_differs', 'slip_used', 'terminal_forked', 'internal',
                                     'reservation_unknown') THEN 'alarm'
                 ELSE 'info' END,
            p_by.terminal_id, p_by.merchant_id, NULL, p_item ->> 'hash',
            jsonb_build_object('reason', v_taken.reason, 'seq', p_item -> 'seq', 'data', app.without_text(v_result) -> 'data'));
        -- Whatever HQ decides about it, the request it cites has had its moment.
        INSERT INTO app.idempotency_registry (ledger_id, principal_id, key, outcome, created_at)
        SELECT p_by.ledger_id, p_by.terminal_id, v_effect ->> 'request_id',
               jsonb_build_object('outcome', 'refused', 'code', 'request_abandoned', 'data', '{}'::jsonb), app.now_utc()
         WHERE v_in_chain AND p_item ->> 'kind' IN ('PassRedeemed', 'CardCharged', 'Refunded')
           AND v_effect ->> 'request_id' IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
    v_taken.data := v_result -> 'data';
    v_taken.tx_id := v_result ->> 'tx_id';
    v_taken.tx_no := v_result ->> 'tx_no';
    RETURN v_taken;
END $$;
COMMENT ON FUNCTION app.take_fact IS
    'Apply one fact or hold it. Known are the ids and slips of this terminal''s facts before it, also of its own batch';

CREATE FUNCTION app.keep_facts(p_by app.acting, p_batch jsonb, p_taken app.taken[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO app.facts (ledger_id, terminal_id, hash, seq, prev, in_chain, chained_as, fact_id, id_taken, kind, bytes,
                           merchant_id, store_id, outcome, reason, data, tx_id, tx_no, happened_at, recorded_at)
    SELECT p_by.ledger_id, p_by.terminal_id, decode(i.value ->> 'hash', 'hex'), (i.value ->> 'seq')::bigint,
           decode(i.value ->> 'prev', 'hex'), (i.value ->> 'in_chain')::boolean, decode(i.value ->> 'chained_as', 'hex'),
           i.fact_id, i.id_taken, i.value ->> 'kind', convert_to(i.value ->> 'text', 'UTF8'), p_by.merchant_id, p_by.store_id,
           CASE WHEN i.reason IS NULL THEN 'accepted' ELSE 'held' END, i.reason, i.data, i.tx_id, i.tx_no,
           (i.value ->> 'happened_at')::timestamptz, app.now_utc()
      FROM ROWS FROM (jsonb_array_elements(p_batch), unnest(p_taken))
           AS i (value, fact_id, id_taken, slips, reason, data, tx_id, tx_no);
    INSERT INTO app.slips (ledger_id, slip_no, merchant_id, terminal_id, fact_hash, kind, counter, tx_id)
    SELECT p_by.ledger_id, n.slip, p_by.merchant_id, p_by.terminal_id, decode(i.value ->> 'hash', 'hex'),
           split_part(n.slip, '.', 1), split_part(n.slip, '.', 3)::integer, i.tx_id
      FROM ROWS FROM (jsonb_array_elements(p_batch), unnest(p_taken))
           AS i (value, fact_id, id_taken, slips, reason, data, tx_id, tx_no), unnest(i.slips) AS n (slip)
    ON CONFLICT DO NOTHING;
    IF p_batch @? '$[*].companion' THEN
        INSERT INTO app.fact_companions (ledger_id, terminal_id, hash, merchant_id, sealed)
        SELECT p_by.ledger_id, p_by.terminal_id, decode(i.value ->> 'hash', 'hex'), p_by.merchant_id,
               decode(i.value ->> 'companion', 'hex')
          FROM ROWS FROM (jsonb_array_elements(p_batch), unnest(p_taken))
               AS i (value, fact_id, id_taken, slips, reason, data, tx_id, tx_no)
         WHERE i.reason IS NOT NULL AND i.value ? 'companion';
    END IF;
END $$;
COMMENT ON FUNCTION app.keep_facts IS
    'Keep the exact bytes of a batch''s facts, whatever became of them, and the slips that they printed: one statement for '
    'all of them, because a statement costs more than its rows';

CREATE FUNCTION app.open_head(p_by app.acting) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO app.terminal_heads (ledger_id, terminal_id, merchant_id, seq, hash, happened_at, updated_at)
    VALUES (p_by.ledger_id, p_by.terminal_id, p_by.merchant_id, 0, decode(repeat('00', 32), 'hex'), '-infinity',
            app.now_utc())
    ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION app.open_head IS 'Begin the head of a terminal whose chain is empty; one that is there stays as it is';

CREATE FUNCTION app.has_facts(p_by app.acting, p_batch jsonb) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN EXISTS (
        SELECT FROM jsonb_array_elements(p_batch) AS i, LATERAL (
            SELECT FROM app.facts AS f
             WHERE f.ledger_id = p_by.ledger_id AND f.terminal_id = p_by.terminal_id
               AND f.hash = decode(i.value ->> 'hash', 'hex') OFFSET 0) AS known);
COMMENT ON FUNCTION app.has_facts IS
    'Is one of these facts here already? Another history moves no head, so the head alone does not tell';

-- What an earlier epoch had acknowledged (docs/decisions/0014-retention.md). What came of it in earlier pushes was not proved yet.
CREATE FUNCTION app.note_heard(p_by app.acting, p_expected jsonb, p_known app.terminal_heads) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE app.pass_redemption_batches AS b SET heard = true
     WHERE p_expected ? 'heard' AND b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.rung = 'at_risk'
       AND NOT b.heard AND EXISTS (
           SELECT FROM app.facts AS f WHERE f.tx_id = b.tx_id AND f.ledger_id = p_by.ledger_id
                                        AND f.in_chain AND f.seq <= (p_expected ->> 'heard')::bigint);
    IF p_expected ? 'refuted' AND p_known.heard_seq IS NOT NULL THEN -- what was believed so far was another history's
        UPDATE app.pass_redemption_batches AS b SET heard = false
         WHERE b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.rung = 'at_risk' AND b.heard
           AND EXISTS (SELECT FROM app.facts AS f WHERE f.tx_id = b.tx_id AND f.ledger_id = p_by.ledger_id AND f.in_chain
                          AND f.seq <= p_known.heard_seq AND f.recorded_at >= (SELECT max(e.started_at) FROM app.epochs AS e));
    END IF;
    UPDATE app.terminal_heads AS h -- believed before its place is here
       SET heard_hash = decode(p_expected ->> 'claim', 'hex'),
           heard_seq = CASE WHEN p_expected ->> 'claim' IS NOT NULL THEN (p_expected ->> 'heard')::bigint END
     WHERE h.ledger_id = p_by.ledger_id AND h.terminal_id = p_by.terminal_id;
END $$;
COMMENT ON FUNCTION app.note_heard IS
    'A push proves up to where an earlier epoch had the chain, or that what was believed of it was another history''s';

CREATE FUNCTION app.lock_batch(p_by app.acting, p_batch jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_passes uuid[];
    v_requests text[];
    v_members uuid[];
    v_companies uuid[];
    v_reserved uuid[];
    v_cards uuid[];
BEGIN
    SELECT array_agg(app.resolve_pass(p_by.ledger_id, (i -> 'effect' ->> 'pass_id')::uuid))
               FILTER (WHERE i -> 'effect' ? 'pass_id'),
           array_agg(i -> 'effect' ->> 'request_id') FILTER (WHERE i -> 'effect' ? 'request_id'),
           array_agg(app.resolve_member((i -> 'effect' ->> 'member_id')::uuid)) FILTER (WHERE i -> 'effect' ? 'top_up_id'),
           array_agg((i -> 'effect' ->> 'card_id')::uuid) FILTER (WHERE i -> 'effect' ? 'top_up_id')
      INTO v_passes, v_requests, v_members, v_companies FROM jsonb_array_elements(p_batch) AS i;
    v_passes := v_passes || ARRAY(
        SELECT b.pass_id FROM app.pass_redemption_batches AS b
         WHERE b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.request_id = ANY (v_requests))
        -- What a sale would be the first of, and another till was quicker.
        || ARRAY(
        SELECT p.pass_id FROM jsonb_array_elements(p_batch) AS i
          JOIN app.member_passes AS p
            ON p.ledger_id = p_by.ledger_id AND p.member_id = app.resolve_member((i -> 'effect' ->> 'member_id')::uuid)
               AND p.plan_id = (i -> 'effect' ->> 'plan_id')::uuid AND p.status <> 'revoked'
         WHERE i ->> 'kind' = 'PassSold');
    v_reserved := ARRAY(SELECT (i -> 'effect' ->> 'reservation_id')::uuid FROM jsonb_array_elements(p_batch) AS i
                         WHERE i -> 'effect' ->> 'reservation_id' IS NOT NULL);
    v_passes := v_passes || ARRAY(
        SELECT r.source_id FROM app.reservations AS r
         WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = ANY (v_reserved) AND r.source_kind = 'pass');
    PERFORM FROM app.member_passes AS p
      WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = ANY (v_passes) ORDER BY p.pass_id FOR UPDATE;
    IF v_members IS NOT NULL OR v_requests IS NOT NULL OR v_reserved <> '{}' THEN
        v_cards := ARRAY(SELECT c.card_id FROM app.cards AS c
                          WHERE c.ledger_id = p_by.ledger_id AND c.member_id = ANY (v_members))
            || v_companies
            || ARRAY(SELECT g.card_id FROM app.card_charges AS g
                      WHERE g.ledger_id = p_by.ledger_id AND g.terminal_id = p_by.terminal_id
                        AND g.request_id = ANY (v_requests))
            || ARRAY(SELECT r.source_id FROM app.reservations AS r
                      WHERE r.ledger_id = p_by.ledger_id AND r.reservation_id = ANY (v_reserved) AND r.source_kind = 'card')
            || ARRAY(SELECT (i -> 'effect' ->> 'card_id')::uuid FROM jsonb_array_elements(p_batch) AS i
                      WHERE i -> 'effect' ->> 'rung' = 'reserved');
        PERFORM FROM app.cards AS c
          WHERE c.ledger_id = p_by.ledger_id AND c.card_id = ANY (v_cards) ORDER BY c.card_id FOR NO KEY UPDATE;
    END IF;
END $$;
COMMENT ON FUNCTION app.lock_batch IS
    'Lock every pass of a batch, in id order, then every card whose balance may change: before anything else is locked';

-- One look-up each, not a join: for many rows the planner would read all of a terminal's facts.
CREATE FUNCTION app.known_ids(p_by app.acting, p_batch jsonb) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN ARRAY(
        SELECT known.fact_id FROM jsonb_array_elements(p_batch) AS i, LATERAL (
            SELECT f.fact_id FROM app.facts AS f
             WHERE f.ledger_id + 0 = p_by.ledger_id AND f.terminal_id = p_by.terminal_id
               AND f.fact_id = (i.value ->> 'fact_id')::uuid AND f.in_chain AND NOT f.id_taken OFFSET 0) AS known);
END $$;
COMMENT ON FUNCTION app.known_ids IS 'Which ids of a batch this terminal has used before';

CREATE FUNCTION app.known_slips(p_by app.acting, p_batch jsonb) RETURNS text[]
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN ARRAY(
        SELECT known.slip_no FROM jsonb_array_elements(p_batch) AS i, jsonb_array_elements_text(i.value -> 'slips') AS n (slip),
               LATERAL (SELECT s.slip_no FROM app.slips AS s
                         WHERE s.ledger_id = p_by.ledger_id AND s.slip_no = n.slip OFFSET 0) AS known);
END $$;
COMMENT ON FUNCTION app.known_slips IS 'Which slips of a batch are on paper already';

CREATE FUNCTION app.take_fact_apart(p_by app.acting, p_item jsonb, p_known_ids uuid[], p_known_slips text[]) RETURNS app.taken
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_state text;
    v_constraint text;
BEGIN
    RETURN app.take_fact(p_by, p_item, p_known_ids, p_known_slips);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_state = RETURNED_SQLSTATE, v_constraint = CONSTRAINT_NAME;
    -- Conflicts and a failing machine pass; only this fact's own fault is held with it.
    IF left(v_state, 2) IN ('40', '53', '55', '57', '58') OR v_constraint = 'one_pass_per_plan' THEN
        RAISE;
    END IF;
    PERFORM app.note_event(p_by.ledger_id, 'internal', 'alarm', p_by.terminal_id, p_by.merchant_id, NULL, p_item ->> 'hash',
                           jsonb_build_object('sqlstate', v_state, 'constraint', v_constraint));
    RETURN app.take_fact(
        p_by, p_item || jsonb_build_object('held', 'internal', 'slips', '[]'::jsonb), p_known_ids, p_known_slips);
END $$;
COMMENT ON FUNCTION app.take_fact_apart IS 'Apply one fact of a batch that failed, or hold it; what makes the ledger fail is held as `internal`';

CREATE FUNCTION app.move_head(p_by app.acting, p_batch jsonb, p_head jsonb, p_revoked boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_last app.terminal_heads%ROWTYPE;
BEGIN
    SELECT (i ->> 'seq')::bigint, decode(coalesce(i ->> 'chained_as', i ->> 'hash'), 'hex'), max((i ->> 'judged_at')::timestamptz) OVER ()
      INTO v_last.seq, v_last.hash, v_last.happened_at
      FROM jsonb_array_elements(p_batch) AS i WHERE (i ->> 'in_chain')::boolean
     ORDER BY (i ->> 'seq')::bigint DESC LIMIT 1;
    UPDATE app.terminal_heads AS h
       SET seq = coalesce(v_last.seq, h.seq), hash = coalesce(v_last.hash, h.hash),
           happened_at = greatest(h.happened_at, v_last.happened_at),
           signed_seq = coalesce((p_head ->> 'seq')::bigint, h.signed_seq),
           signature = coalesce(decode(p_head ->> 'signature', 'base64'), h.signature),
           countersignature = coalesce(decode(p_head ->> 'countersignature', 'base64'), h.countersignature),
           key_id = coalesce(p_head ->> 'key_id', h.key_id),
           epoch = coalesce(p_head ->> 'epoch', h.epoch), updated_at = app.now_utc(),
           late_facts = h.late_facts + CASE WHEN p_revoked THEN jsonb_array_length(p_batch) ELSE 0 END,
           late_bytes = h.late_bytes + CASE WHEN p_revoked THEN (
               SELECT sum(octet_length(i ->> 'text')) FROM jsonb_array_elements(p_batch) AS i) ELSE 0 END
     WHERE h.ledger_id = p_by.ledger_id AND h.terminal_id = p_by.terminal_id;
END $$;
COMMENT ON FUNCTION app.move_head IS 'The chain has come further by this batch: its place, its time, and the signed head behind it';

CREATE FUNCTION app.intake_facts(p_ledger smallint, p_expected jsonb, p_batch jsonb, p_head jsonb, p_apart boolean)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_head app.terminal_heads%ROWTYPE;
    v_item jsonb;
    v_one app.taken;
    v_taken app.taken[] := '{}';
    v_ids uuid[];
    v_slips text[];
    v_revoked boolean;
BEGIN
    PERFORM app.open_head(v_by);
    SELECT * INTO v_head FROM app.terminal_heads AS h
     WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id FOR UPDATE;
    IF v_head.seq <> (p_expected ->> 'seq')::bigint OR encode(v_head.hash, 'hex') <> p_expected ->> 'hash'
       OR app.has_facts(v_by, p_batch) THEN
        RETURN NULL; -- another push of this terminal was quicker: the caller looks again
    END IF;
    IF p_expected ?| ARRAY['heard', 'refuted'] THEN
        PERFORM app.note_heard(v_by, p_expected, v_head);
    END IF;
    -- Revoked while this push was on its way (app.revoke_terminal locks the head too).
    SELECT t.status = 'revoked' INTO v_revoked FROM app.terminals AS t WHERE t.terminal_id = v_by.terminal_id;
    PERFORM app.lock_batch(v_by, p_batch);
    -- From here on a batch could wait only for what others open for the first time (a series, an account, a member's
    -- first pass). Several acts meet such in any order, so it gives way at once, before there is a circle, and is tried again.
    PERFORM set_config('lock_timeout', '10ms', true);
    IF EXISTS (SELECT FROM jsonb_array_elements(p_batch) AS i WHERE i ->> 'held' = 'fork') AND v_head.forked_at IS NULL THEN
        UPDATE app.terminal_heads AS h SET forked_at = app.now_utc()
         WHERE h.ledger_id = p_ledger AND h.terminal_id = v_by.terminal_id;
        PERFORM app.note_event(p_ledger, 'terminal_forked', 'alarm', v_by.terminal_id, v_by.merchant_id, NULL, NULL,
                               jsonb_build_object('known_seq', v_head.seq));
    END IF;
    v_ids := app.known_ids(v_by, p_batch);
    v_slips := app.known_slips(v_by, p_batch);
    FOR v_item IN SELECT i.value FROM jsonb_array_elements(p_batch) WITH ORDINALITY AS i ORDER BY i.ordinality LOOP
        IF v_revoked AND coalesce(v_item ->> 'held', '') <> 'fork' AND NOT v_item ? 'chained_as' THEN
            v_item := v_item || '{"held": "terminal_revoked"}';
        END IF;
        IF p_apart THEN
            v_one := app.take_fact_apart(v_by, v_item, v_ids, v_slips);
        ELSE
            v_one := app.take_fact(v_by, v_item, v_ids, v_slips);
        END IF;
        v_taken := v_taken || v_one;
        v_slips := v_slips || v_one.slips;
        IF (v_item ->> 'in_chain')::boolean AND v_one.fact_id IS NOT NULL AND NOT v_item ? 'chained_as' THEN
            v_ids := v_ids || v_one.fact_id;
        END IF;
    END LOOP;
    PERFORM app.keep_facts(v_by, p_batch, v_taken);
    PERFORM app.move_head(v_by, p_batch, p_head, v_revoked);
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('hash', i.value -> 'hash', 'reason', i.reason, 'tx_no', i.tx_no)
                                      ORDER BY i.ordinality), '[]')
              FROM ROWS FROM (jsonb_array_elements(p_batch), unnest(v_taken)) WITH ORDINALITY
                   AS i (value, fact_id, id_taken, slips, reason, data, tx_id, tx_no));
END $$;
COMMENT ON FUNCTION app.intake_facts IS
    'Take facts that follow the head {seq, hash} the caller saw; NULL: it has moved. `p_head` is the signed head after the '
    'last of them. `p_expected` may say up to which place an earlier epoch is proved to have "heard" the chain (with `claim`, its hash, while that place is not here), or that such a claim is "refuted". `p_apart` gives each fact a subtransaction, for a batch in which one failed';

CREATE FUNCTION app.take_print_reports(p_ledger smallint, p_reports jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
BEGIN
    -- Of several reports on one paper the latest counts; at one instant the one further on its way.
    INSERT INTO app.print_reports AS known (ledger_id, terminal_id, slip_no, copy, merchant_id, state, changed_at, recorded_at)
    SELECT DISTINCT ON (r ->> 'slip', (r ->> 'copy')::integer)
           p_ledger, v_by.terminal_id, r ->> 'slip', (r ->> 'copy')::integer, v_by.merchant_id, r ->> 'state',
           (r ->> 'changed_at')::timestamptz, app.now_utc()
      FROM jsonb_array_elements(p_reports) AS r
     ORDER BY r ->> 'slip', (r ->> 'copy')::integer, (r ->> 'changed_at')::timestamptz DESC,
              app.print_progress(r ->> 'state') DESC
    ON CONFLICT (ledger_id, terminal_id, slip_no, copy) DO UPDATE
       SET state = excluded.state, changed_at = excluded.changed_at, recorded_at = excluded.recorded_at
     WHERE (excluded.changed_at, app.print_progress(excluded.state))
         > (known.changed_at, app.print_progress(known.state));
END $$;
COMMENT ON FUNCTION app.take_print_reports IS 'Keep the latest state per slip and copy; a late report never steps back';

CREATE FUNCTION app.print_progress(p_state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_state WHEN 'queued' THEN 0 WHEN 'sending' THEN 1 ELSE 2 END;

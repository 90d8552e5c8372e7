-- Online requests: asked before goods move, answered once and for ever (sync.md "Requests").

CREATE FUNCTION app.acting_terminal(p_ledger smallint) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting;
BEGIN
    SELECT p_ledger, t.terminal_id, t.terminal_id, t.merchant_id, s.store_id, s.currency
      INTO v_by.ledger_id, v_by.principal_id, v_by.terminal_id, v_by.merchant_id, v_by.store_id, v_by.currency
      FROM app.terminals AS t JOIN app.stores AS s USING (store_id)
     WHERE t.terminal_id = auth.uid() AND auth.role() = 'terminal' AND t.merchant_id = ANY (auth.merchant_ids());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a terminal may do this, for its own merchant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN v_by;
END $$;
COMMENT ON FUNCTION app.acting_terminal IS 'The terminal that the transaction''s claims name';

CREATE FUNCTION app.acting_principal(p_ledger smallint, p_roles text[], p_merchant uuid) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting;
BEGIN
    IF auth.uid() IS NULL OR auth.role() IS NULL OR NOT auth.role() = ANY (p_roles)
       OR p_merchant IS NOT NULL AND NOT app.sees_merchant(p_merchant)
       OR p_merchant IS NULL AND auth.role() NOT IN ('platform', 'member') THEN
        RAISE EXCEPTION 'this principal may not do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    v_by.ledger_id := p_ledger;
    v_by.principal_id := auth.uid();
    v_by.merchant_id := p_merchant;
    v_by.happened_at := app.now_utc();
    RETURN v_by;
END $$;
COMMENT ON FUNCTION app.acting_principal IS
    'Whom the claims name, when their role is one of these and they see the merchant; NULL is the operator''s own business';

-- What the sealed audit may keep: it is for ever, and what callers write may be anything, a name or a telephone number too.

CREATE FUNCTION app.key_subject(p_key text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN p_key
                ELSE 'sha256/' || encode(sha256(convert_to(p_key, 'UTF8')), 'hex') END;
COMMENT ON FUNCTION app.key_subject IS 'A key as the audit names it: itself when it is a UUID, else its digest';

CREATE FUNCTION app.without_text(p_result jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN p_result || jsonb_build_object('data', (
        SELECT coalesce(jsonb_object_agg(d.key, d.value), '{}') FROM jsonb_each(p_result -> 'data') AS d
         WHERE jsonb_typeof(d.value) IN ('number', 'boolean', 'null')
            OR jsonb_typeof(d.value) = 'string'
               AND d.value #>> '{}' ~ '^([a-z_]{1,40}|[A-Z]{3}|[A-Z]{2}\d{11,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
                                     '|\d{4}-\d\d-\d\dT[0-9:.+-]{8,24})$'));
COMMENT ON FUNCTION app.without_text IS
    'A refusal {code, data} as the audit keeps it: of its data amounts, codes, currencies, the ledger''s numbers, ids and moments, no other text';

CREATE FUNCTION app.outcome_of(p_result jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('outcome', CASE WHEN p_result ? 'code' THEN 'refused' ELSE 'accepted' END) || p_result;

CREATE FUNCTION app.stored_outcome(p_known app.idempotency_registry) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_known.outcome ->> 'outcome' = 'accepted' AND p_known.tx_id IS NOT NULL
                THEN p_known.outcome || jsonb_build_object('tx_id', p_known.tx_id) ELSE p_known.outcome END;
COMMENT ON FUNCTION app.stored_outcome IS 'The answer of a key as it was given';

-- The stored answer for a key, `content_differs` for other content, `request_malformed` for what is no key (nothing is kept
-- for that), NULL when the key is new. There is one ledger (ledger.md).
CREATE FUNCTION app.known_outcome(p_by app.acting, p_key text, p_content_hash bytea, p_effect_hash bytea) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_known app.idempotency_registry%ROWTYPE;
BEGIN
    IF p_by.ledger_id IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'there is no such ledger' USING ERRCODE = 'insufficient_privilege';
    ELSIF (length(p_key) BETWEEN 1 AND 200) IS NOT TRUE THEN
        RETURN app.outcome_of(app.refuse('request_malformed', '{"field": "key"}'));
    END IF;
    PERFORM FROM app.idempotency_registry AS r
      WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.principal_id AND r.key = p_key;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT v_known FROM app.idempotency_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.principal_id AND r.key = p_key FOR UPDATE;
    IF v_known.content_hash IS NULL AND (v_known.effect_hash IS NULL OR v_known.effect_hash = p_effect_hash) THEN
        UPDATE app.idempotency_registry AS r SET content_hash = p_content_hash
         WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.principal_id AND r.key = p_key;
    ELSIF v_known.content_hash IS DISTINCT FROM p_content_hash THEN
        PERFORM app.note_event(p_by.ledger_id, 'content_differs', 'alarm', p_by.principal_id, p_by.merchant_id, NULL,
                               app.key_subject(p_key), jsonb_build_object('sha256', encode(p_content_hash, 'hex')));
        RETURN app.outcome_of(app.refuse('content_differs'));
    END IF;
    RETURN app.stored_outcome(v_known);
END $$;

CREATE FUNCTION app.keep_outcome(p_by app.acting, p_key text, p_content_hash bytea, p_effect_hash bytea,
                                 p_outcome jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO app.idempotency_registry (ledger_id, principal_id, key, content_hash, effect_hash, outcome, tx_id,
                                          created_at)
    VALUES (p_by.ledger_id, p_by.principal_id, p_key, p_content_hash, p_effect_hash, p_outcome - 'tx_id',
            (p_outcome ->> 'tx_id')::uuid, app.now_utc())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        -- A rival with the same key committed meanwhile: undo all of this and look again.
        RAISE EXCEPTION 'the key was taken meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
COMMENT ON FUNCTION app.keep_outcome IS 'Store the one answer of a key in the transaction of its effect';

CREATE FUNCTION app.answer(p_by app.acting, p_key text, p_content_hash bytea, p_effect_hash bytea, p_result jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_outcome jsonb := app.outcome_of(p_result);
BEGIN
    IF p_result ? 'code' THEN
        PERFORM app.note_event(p_by.ledger_id, 'refused', 'info', p_by.principal_id, p_by.merchant_id, NULL,
                               app.key_subject(p_key), app.without_text(p_result));
    END IF;
    PERFORM app.keep_outcome(p_by, p_key, p_content_hash, p_effect_hash, v_outcome);
    RETURN v_outcome;
END $$;
COMMENT ON FUNCTION app.answer IS
    'Make a result {code, data} or {tx_id, tx_no, …} the one answer of its key; a refusal is audited and as final as a yes';

CREATE FUNCTION app.redeem_pass(
    p_ledger smallint, p_key text, p_content_hash bytea, p_effect jsonb, p_refusal jsonb, p_card_ref text,
    p_checked_hash text
) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_effect_hash bytea := decode(p_effect ->> 'effect_hash', 'hex');
    v_result jsonb := p_refusal;
    v_outcome jsonb;
BEGIN
    p_effect := app.with_member(p_effect);
    PERFORM FROM app.member_passes AS p
      WHERE p.ledger_id = p_ledger AND p.pass_id = app.resolve_pass(p_ledger, (p_effect ->> 'pass_id')::uuid)
        FOR UPDATE;
    v_outcome := app.known_outcome(v_by, p_key, p_content_hash, v_effect_hash);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_by.key := p_key;
    v_by.happened_at := (p_effect ->> 'judged_at')::timestamptz;
    IF v_result IS NULL THEN
        v_result := app.use_pass(v_by, p_effect, p_card_ref, p_checked_hash);
        v_result := app.tell_reserved(v_by, app.resolve_pass(p_ledger, (p_effect ->> 'pass_id')::uuid), v_result);
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, v_effect_hash, v_result);
END $$;
COMMENT ON FUNCTION app.redeem_pass IS
    'Answer a request to redeem. `p_refusal` {code, data} is what the program found wrong before; `p_card_ref` and '
    '`p_checked_hash` are of the scanned member code, used up with the effect. Returns {outcome, code, data, tx_id, tx_no, '
    'uses_left}; a refusal is stored too';

CREATE FUNCTION app.request_terms(p_ledger smallint, p_key text, p_content_hash bytea, p_pass_id uuid, p_products uuid[],
                                  p_add_ons uuid[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting := app.acting_terminal(p_ledger);
    v_outcome jsonb;
    v_pass app.member_passes%ROWTYPE;
BEGIN
    SELECT app.stored_outcome(r) INTO v_outcome FROM app.idempotency_registry AS r
     WHERE r.ledger_id = p_ledger AND r.principal_id = v_by.principal_id AND r.key = p_key
       AND r.content_hash = p_content_hash;
    IF FOUND THEN
        RETURN jsonb_build_object('outcome', v_outcome);
    END IF;
    IF p_pass_id IS NOT NULL THEN
        SELECT * INTO v_pass FROM app.member_passes AS p
         WHERE p.ledger_id = p_ledger AND p.pass_id = app.resolve_pass(p_ledger, p_pass_id);
    END IF;
    RETURN jsonb_build_object(
        'now', app.now_utc(),
        'store', (SELECT to_jsonb(s) FROM app.stores AS s WHERE s.store_id = v_by.store_id),
        'pass_merchant_id', v_pass.merchant_id,
        'plan', (SELECT to_jsonb(p) FROM app.pass_plans AS p
                  WHERE p.plan_id = v_pass.plan_id AND p.merchant_id = v_by.merchant_id),
        'products', (SELECT coalesce(jsonb_agg(p), '[]') FROM app.products AS p
                      WHERE p.product_id = ANY (p_products) AND p.merchant_id = v_by.merchant_id),
        'add_ons', (SELECT coalesce(jsonb_agg(a), '[]') FROM app.add_ons AS a
                     WHERE a.add_on_id = ANY (p_add_ons) AND a.merchant_id = v_by.merchant_id));
END $$;
COMMENT ON FUNCTION app.request_terms IS
    'All that a request is priced and judged by, in one look: {outcome} when it was answered before with this content, else '
    '{now, store, pass_merchant_id, plan, products, add_ons} as the terminal''s merchant has them';

-- A late success is taken back; a request that comes after this is refused (sync.md "Requests").
CREATE FUNCTION app.abandon_request(p_by app.acting, p_request_id text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_till app.acting := p_by;
    v_known app.idempotency_registry%ROWTYPE;
    v_result jsonb;
    v_outcome jsonb := jsonb_build_object('outcome', 'refused', 'code', 'request_abandoned', 'data', '{}'::jsonb);
BEGIN
    v_till.principal_id := p_by.terminal_id; -- whose request it is, also when a person at HQ lets it go
    PERFORM FROM app.member_passes AS p
      WHERE p.ledger_id = p_by.ledger_id AND p.pass_id = (
            SELECT b.pass_id FROM app.pass_redemption_batches AS b
             WHERE b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.request_id = p_request_id)
        FOR UPDATE;
    PERFORM FROM app.cards AS c
      WHERE c.ledger_id = p_by.ledger_id AND c.card_id = (
            SELECT g.card_id FROM app.card_charges AS g
             WHERE g.ledger_id = p_by.ledger_id AND g.terminal_id = p_by.terminal_id AND g.request_id = p_request_id)
        FOR NO KEY UPDATE;
    SELECT * INTO v_known FROM app.idempotency_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = v_till.principal_id AND r.key = p_request_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM app.keep_outcome(v_till, p_request_id, NULL, NULL, v_outcome);
        RETURN '{}';
    ELSIF v_known.outcome ->> 'outcome' <> 'accepted' THEN
        RETURN '{}';
    END IF;
    -- The registry's lock is ours: what we read before it may be old.
    v_result := app.take_back_request(p_by, p_request_id, p_reason);
    IF NOT v_result ? 'code' THEN
        UPDATE app.idempotency_registry AS r SET outcome = v_outcome || jsonb_build_object('reversed', app.stored_outcome(v_known))
         WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = v_till.principal_id AND r.key = p_request_id;
    END IF;
    RETURN v_result;
END $$;

CREATE FUNCTION app.take_back_request(p_by app.acting, p_request_id text, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_batch app.pass_redemption_batches%ROWTYPE;
    v_charge app.card_charges%ROWTYPE;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_batch FROM app.pass_redemption_batches AS b
     WHERE b.ledger_id = p_by.ledger_id AND b.terminal_id = p_by.terminal_id AND b.request_id = p_request_id;
    SELECT * INTO v_charge FROM app.card_charges AS g
     WHERE g.ledger_id = p_by.ledger_id AND g.terminal_id = p_by.terminal_id AND g.request_id = p_request_id;
    IF v_batch.redemption_id IS NOT NULL AND v_batch.fact_id IS NULL THEN
        v_tx := app.take_back_redemption(p_by, v_batch, p_reason);
    ELSIF v_charge.charge_id IS NOT NULL AND v_charge.fact_id IS NULL THEN
        v_tx := app.take_back_charge(p_by, v_charge, p_reason);
    ELSE
        -- A fact has confirmed it; or it is a refund, which is asked for until it is answered and never abandoned.
        RETURN app.refuse('request_settled', jsonb_build_object('fact_id', coalesce(v_batch.fact_id, v_charge.fact_id)));
    END IF;
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
END $$;
COMMENT ON FUNCTION app.take_back_request IS 'Undo the effect of an accepted request that nothing was handed over for';

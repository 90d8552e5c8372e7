-- What a shop brings from its former system, as one balanced transaction: passes with uses left, balances, points.

CREATE FUNCTION app.check_opening_balances(p_ledger smallint, p_balances jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF EXISTS (SELECT FROM jsonb_to_recordset(p_balances) AS b (bucket text, unit text)
                WHERE CASE WHEN b.bucket = 'points' THEN b.unit = 'point'
                           WHEN b.bucket IN ('principal', 'bonus') THEN app.minor_per_major(b.unit) IS NOT NULL
                      END IS NOT TRUE) THEN
        RAISE EXCEPTION 'a balance is principal or bonus of a currency, or points' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT FROM jsonb_to_recordset(p_balances) AS b (amount bigint)
                   WHERE (b.amount BETWEEN 1 AND app.most_minor()) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a balance is more than nothing' USING ERRCODE = 'check_violation';
    ELSIF EXISTS (SELECT FROM jsonb_to_recordset(p_balances) AS b (member_id uuid)
                   WHERE NOT EXISTS (SELECT FROM app.cards AS c
                                      WHERE c.ledger_id = p_ledger AND c.member_id = b.member_id)) THEN
        RAISE EXCEPTION 'a balance is of a member who has a card' USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION app.import_opening(p_ledger smallint, p_merchant uuid, p_key text, p_content_hash bytea, p_rows jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_by app.acting;
    v_known jsonb;
    v_pass jsonb;
    v_plan app.pass_plans%ROWTYPE;
    v_left bigint;
    v_lines app.posting_line[] := '{}';
    v_tx app.transactions;
    v_outcome jsonb;
    v_card record;
BEGIN
    PERFORM auth.require_platform();
    PERFORM app.check_opening_balances(p_ledger, coalesce(p_rows -> 'balances', '[]'));
    IF EXISTS (SELECT FROM jsonb_array_elements(p_rows -> 'passes') AS p WHERE (p ->> 'uses_left')::bigint < 0) THEN
        RAISE EXCEPTION 'a pass has no use left, or some' USING ERRCODE = 'check_violation';
    END IF;
    v_by.ledger_id := p_ledger;
    v_by.principal_id := p_merchant; -- whose key it is
    v_by.merchant_id := p_merchant;
    v_known := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_known IS NOT NULL THEN
        RETURN v_known;
    END IF;
    FOR v_pass IN SELECT value FROM jsonb_array_elements(p_rows -> 'passes') ORDER BY value ->> 'pass_id' LOOP
        SELECT * INTO STRICT v_plan FROM app.pass_plans AS p
         WHERE p.plan_id = (v_pass ->> 'plan_id')::uuid AND p.merchant_id = p_merchant;
        v_left := (v_pass ->> 'uses_left')::bigint;
        INSERT INTO app.member_passes (ledger_id, pass_id, merchant_id, member_id, plan_id, status, uses_bought,
                                       uses_opening, amount_minor, currency, expires_at, created_at)
        VALUES (p_ledger, (v_pass ->> 'pass_id')::uuid, p_merchant, (v_pass ->> 'member_id')::uuid, v_plan.plan_id,
                v_pass ->> 'status', (v_pass ->> 'uses_bought')::integer, (v_pass ->> 'uses_bought')::integer - v_left,
                (v_pass ->> 'amount_minor')::bigint, v_plan.currency, (v_pass ->> 'expires_at')::timestamptz, app.now_utc());
        v_lines := v_lines
            || app.pass_line(p_merchant, (v_pass ->> 'pass_id')::uuid, v_plan.plan_id, v_left)
            || app.open_line(p_merchant, 'plan', v_plan.plan_id, 'opening', app.use_unit(v_plan.plan_id), -v_left);
        PERFORM app.meet_member((v_pass ->> 'member_id')::uuid, p_merchant);
        PERFORM app.note_change('pass', v_pass ->> 'pass_id', p_merchant, NULL);
    END LOOP;
    v_tx.tx_no := app.next_number(p_ledger, 'KZ', p_merchant, p_merchant);
    -- A member's money and points are the operator's: the accounts of their card belong to no merchant.
    FOR v_card IN
        SELECT c.card_id, c.currency, c.member_id, b.unit,
               coalesce(sum(b.amount) FILTER (WHERE b.bucket = 'principal'), 0)::bigint AS principal,
               coalesce(sum(b.amount) FILTER (WHERE b.bucket = 'bonus'), 0)::bigint AS bonus,
               coalesce(sum(b.amount) FILTER (WHERE b.bucket = 'points'), 0)::bigint AS points
          FROM jsonb_to_recordset(p_rows -> 'balances') AS b (member_id uuid, bucket text, unit text, amount bigint)
          JOIN app.cards AS c ON c.ledger_id = p_ledger AND c.member_id = b.member_id
         GROUP BY c.card_id, c.currency, c.member_id, b.unit ORDER BY c.card_id, b.unit
    LOOP
        v_lines := v_lines
            || app.held_line(NULL, 'card', v_card.card_id, 'principal', v_card.unit, v_card.principal)
            || app.held_line(NULL, 'card', v_card.card_id, 'bonus', v_card.unit, v_card.bonus)
            || app.held_line(NULL, 'card', v_card.card_id, 'points', v_card.unit, v_card.points)
            || app.open_line(p_merchant, 'merchant', p_merchant, 'opening', v_card.unit,
                             -(v_card.principal + v_card.bonus + v_card.points));
        CONTINUE WHEN v_card.principal + v_card.bonus = 0;
        UPDATE app.cards AS c SET currency = v_card.unit
         WHERE c.ledger_id = p_ledger AND c.card_id = v_card.card_id AND (c.currency IS NULL OR c.currency = v_card.unit);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a card has one currency' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO app.card_lots (ledger_id, lot_id, card_id, origin, tx_no, merchant_id, principal_granted, bonus_granted,
                                   principal_left, bonus_left, opened_at)
        VALUES (p_ledger, app.new_id(), v_card.card_id, 'opening', v_tx.tx_no, p_merchant, v_card.principal, v_card.bonus,
                v_card.principal, v_card.bonus, app.now_utc());
        PERFORM app.meet_member(v_card.member_id, p_merchant);
    END LOOP;
    v_tx.ledger_id := p_ledger;
    v_tx.tx_id := app.new_id();
    v_tx.kind := 'opening';
    v_tx.status := 'completed';
    v_tx.merchant_id := p_merchant;
    v_tx.principal_id := p_merchant;
    v_tx.idempotency_key := p_key;
    v_tx.amount_minor := 0;
    v_tx.happened_at := app.now_utc();
    v_tx.created_at := app.now_utc();
    PERFORM app.post(v_tx, v_lines, jsonb_build_object('passes', jsonb_array_length(p_rows -> 'passes'),
                                                       'balances', jsonb_array_length(p_rows -> 'balances')));
    v_outcome := jsonb_build_object('outcome', 'accepted', 'tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
    PERFORM app.keep_outcome(v_by, p_key, p_content_hash, NULL, v_outcome);
    RETURN v_outcome;
END $$;
COMMENT ON FUNCTION app.import_opening IS
    'Import passes [{pass_id, member_id, plan_id, status, uses_bought, uses_left, amount_minor, expires_at}] and balances '
    '[{member_id, bucket, unit, amount}] of one merchant, once per key; all of it or, with an error, nothing';

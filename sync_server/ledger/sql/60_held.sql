-- What HQ decides about a fact that is held (sync.md "Facts"). The fact and the till's answer stay as they are; the decision
-- is an act of its own, with its person, reason and effect. Losses that nobody's account pays for stand in 61_losses.sql.

CREATE TABLE app.held_decisions (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    hash        bytea NOT NULL CHECK (octet_length(hash) = 32),
    merchant_id uuid NOT NULL,
    decision    text NOT NULL CHECK (decision IN ('post', 'post_to', 'write_off', 'reject')),
    account     jsonb NOT NULL,
    reason      text NOT NULL,
    fact_id     uuid,
    tx_id       uuid,
    tx_no       text,
    decided_by  uuid NOT NULL,
    name        text NOT NULL,
    decided_at  timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id, hash),
    FOREIGN KEY (ledger_id, terminal_id, hash) REFERENCES app.facts,
    CHECK (decision <> 'reject' OR tx_id IS NULL)
);
COMMENT ON COLUMN app.held_decisions.account IS 'Which member, pass, plan or card HQ named instead of the fact''s own';
CREATE INDEX held_decisions_by_hash ON app.held_decisions (hash);
CREATE UNIQUE INDEX held_decisions_by_fact ON app.held_decisions (ledger_id, terminal_id, fact_id) WHERE tx_id IS NOT NULL;

-- Who may decide what. The operator everything; of a merchant's people by their role at HQ (sec.hq_users), finance only
-- what is small. Support and auditors look.

CREATE FUNCTION app.hq_role() RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF auth.role() = 'platform' THEN
        RETURN 'hq';
    END IF;
    RETURN (SELECT u.role FROM sec.hq_users AS u WHERE u.user_id = auth.uid() AND u.active);
END $$;
COMMENT ON FUNCTION app.hq_role IS 'The caller''s role at HQ; NULL: none. Call it after the claims were checked';

CREATE FUNCTION app.hq_name() RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN coalesce((SELECT u.display_name FROM sec.hq_users AS u WHERE u.user_id = auth.uid()), '');
END $$;
COMMENT ON FUNCTION app.hq_name IS 'The caller''s name as HQ knows it; empty for the operator''s programs';

CREATE FUNCTION app.is_big(p_minor bigint, p_uses bigint) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(p_minor, 0) > 100000 OR coalesce(p_uses, 0) > 20;
COMMENT ON FUNCTION app.is_big IS 'More than finance decides alone: 1,000.00 or 20 uses';

CREATE FUNCTION app.check_role(p_big boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_role text := app.hq_role();
BEGIN
    IF v_role IN ('hq', 'merchant_owner') OR v_role = 'finance' AND NOT p_big THEN
        RETURN NULL;
    END IF;
    RETURN app.refuse('permission_missing', jsonb_build_object('role', v_role, 'big', p_big));
END $$;
COMMENT ON FUNCTION app.check_role IS 'May the caller''s role decide this? NULL: yes';

-- What a decision posts ----------------------------------------------------------------------------------------------

-- Goods were handed over: whatever the limits, the policy or the state of the pass said, its uses are taken, and those
-- that are not there are the member's loss. `p_left` 0: all of them are.
CREATE FUNCTION app.redeem_decided(p_by app.acting, p_effect jsonb, p_as_loss boolean) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
    v_reserved app.reservations;
    v_aside bigint := 0;
BEGIN
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id
       AND p.pass_id = app.resolve_pass(p_by.ledger_id, (p_effect ->> 'pass_id')::uuid) FOR UPDATE;
    IF NOT FOUND OR v_pass.merchant_id <> p_by.merchant_id THEN
        RETURN app.refuse(CASE WHEN FOUND THEN 'pass_other_merchant' ELSE 'pass_unknown' END,
                          jsonb_build_object('pass_id', p_effect -> 'pass_id'));
    ELSIF v_pass.member_id <> (p_effect ->> 'member_id')::uuid THEN
        RETURN app.refuse('pass_other_member', jsonb_build_object('pass_id', p_effect -> 'pass_id'));
    ELSIF p_effect ->> 'currency' <> p_by.currency OR v_pass.currency <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', v_pass.currency));
    END IF;
    PERFORM FROM app.pass_redemption_batches AS b
      WHERE b.ledger_id = p_by.ledger_id AND b.redemption_id = (p_effect ->> 'redemption_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('redemption_id', p_effect -> 'redemption_id'));
    END IF;
    IF NOT p_as_loss THEN
        v_reserved := app.open_reservation_of(p_by, p_effect, v_pass.pass_id);
        v_aside := least((p_effect ->> 'uses')::bigint, app.still_aside(v_reserved));
    END IF;
    -- The request it cites is settled by now, and the decision is all that it rests on.
    RETURN app.post_use(p_by, p_effect || '{"rung": "decided", "request_id": null, "policy_version": null}', v_pass,
                        CASE WHEN p_as_loss THEN 0 ELSE app.balance_of(p_by.ledger_id, v_pass.pass_id) END,
                        v_reserved, v_aside);
END $$;

-- The card pays what the slip says. A discount that was stale stands as charged (domain.md "Cards").
CREATE FUNCTION app.charge_decided(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_card app.cards%ROWTYPE;
    v_held record;
    v_total bigint := (p_effect ->> 'total_minor')::bigint;
    v_reserved app.reservations;
    v_refusal jsonb;
BEGIN
    SELECT * INTO v_card FROM app.cards AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.card_id = (p_effect ->> 'card_id')::uuid FOR NO KEY UPDATE;
    v_held := app.card_holdings(p_by.ledger_id, v_card.card_id);
    v_reserved := app.open_reservation_of(p_by, p_effect, v_card.card_id);
    IF v_total > app.still_aside(v_reserved) THEN
        v_reserved := NULL;
    END IF;
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    END IF;
    v_refusal := app.decide_charge(
        p_by, p_effect, v_card, NULL, v_total, (p_effect ->> 'discount')::numeric,
        CASE WHEN v_reserved.reservation_id IS NULL THEN v_held.balance_minor ELSE v_total END);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    RETURN app.post_charge(p_by, p_effect, v_card, v_held.points, v_held.balance_minor, (p_effect ->> 'discount')::numeric,
                           v_total, v_reserved);
END $$;

-- The account that a person named instead of the fact's own.
CREATE FUNCTION app.put_account(p_by app.acting, p_kind text, p_effect jsonb, p_account jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
BEGIN
    IF p_kind = 'PassRedeemed' THEN
        RETURN p_effect - 'member_id' || p_account; -- whoever's pass it is
    ELSIF p_kind = 'MemberCreated' THEN
        RETURN p_effect || jsonb_build_object('same_as', p_account -> 'member_id');
    ELSIF p_kind = 'ToppedUp' THEN
        -- A member named alone: on their own card. An enterprise card gets no bonus.
        RETURN p_effect - 'card_id' || p_account || CASE
            WHEN EXISTS (SELECT FROM app.cards AS c WHERE c.ledger_id = p_by.ledger_id AND c.card_type = 'enterprise'
                            AND c.card_id = (p_account ->> 'card_id')::uuid)
            THEN '{"bonus_minor": 0, "bonus_rule_id": null}' ELSE '{}' END::jsonb;
    ELSIF p_kind <> 'PassSold' THEN
        RETURN p_effect || p_account;
    END IF;
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id
       AND p.pass_id = app.resolve_pass(p_by.ledger_id, coalesce(p_account ->> 'pass_id', p_effect ->> 'pass_id')::uuid);
    RETURN p_effect || CASE
        WHEN p_account ? 'pass_id' THEN jsonb_build_object('pass_id', p_account -> 'pass_id', 'stacked', true,
                                                           'member_id', v_pass.member_id, 'plan_id', v_pass.plan_id)
        ELSE p_account || jsonb_build_object(
            'stacked', false, 'pass_id', CASE WHEN v_pass.pass_id IS NULL THEN p_effect -> 'pass_id'
                                              ELSE to_jsonb(app.new_id()) END) END;
END $$;

-- Its till asked first and was granted it: posting the fact as it is confirms that effect, as if it had never been held.
CREATE FUNCTION app.confirm_decided(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_known app.idempotency_registry%ROWTYPE;
BEGIN
    IF p_kind NOT IN ('PassRedeemed', 'CardCharged', 'Refunded') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_known FROM app.idempotency_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.principal_id = p_by.terminal_id AND r.key = p_effect ->> 'cited' FOR UPDATE;
    IF v_known.outcome ->> 'outcome' = 'accepted' THEN
        RETURN app.confirm_granted(p_by, p_kind, p_effect, v_known);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.confirm_decided IS 'Confirm what a held fact''s request has done; NULL: it has done nothing, or something else';

CREATE FUNCTION app.post_decided(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_sold jsonb := p_effect || '{"decided": true}';
    v_closed jsonb;
BEGIN
    p_effect := app.act_anew(p_by, p_kind, p_effect);
    CASE p_kind
        WHEN 'PassRedeemed' THEN RETURN app.redeem_decided(p_by, p_effect, false);
        WHEN 'PassSold' THEN RETURN app.sell_pass(p_by, v_sold);
        WHEN 'OrderPaid' THEN
            -- Money for goods stands without the member that nobody knows.
            PERFORM FROM app.members AS m WHERE m.member_id = (p_effect ->> 'member_id')::uuid;
            RETURN app.pay_order(p_by, CASE WHEN FOUND THEN p_effect ELSE p_effect || '{"member_id": null}' END);
        WHEN 'ToppedUp' THEN RETURN app.top_up(p_by, v_sold);
        WHEN 'CardCharged' THEN RETURN app.charge_decided(p_by, p_effect);
        WHEN 'Refunded' THEN RETURN app.refund_tx(p_by, p_effect);
        WHEN 'OrderRefunded' THEN RETURN app.refund_order(p_by, p_effect);
        WHEN 'MemberCreated' THEN RETURN app.create_member(p_by, p_effect);
        WHEN 'RequestAbandoned' THEN
            RETURN app.abandon_request(p_by, p_effect ->> 'request_id', p_effect ->> 'reason');
        WHEN 'ShiftOpened', 'CashMoved', 'ShiftClosed', 'SlipReprinted' THEN
            PERFORM app.note_recorded(p_by, p_kind, p_effect - 'kind' - 'cited');
            RETURN '{}';
        WHEN 'ReservationClosed' THEN
            v_closed := app.close_by_fact(p_by, p_effect);
            IF NOT v_closed ? 'tx_id' THEN
                PERFORM app.note_recorded(p_by, p_kind, p_effect - 'kind' - 'cited');
            END IF;
            RETURN v_closed;
        ELSE RETURN app.refuse('held_not_postable', jsonb_build_object('kind', p_kind));
    END CASE;
END $$;
COMMENT ON FUNCTION app.post_decided IS 'Post what a held fact says, with the rules waived that a person may waive';

CREATE FUNCTION app.write_off_decided(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_result jsonb;
BEGIN
    p_effect := app.act_anew(p_by, p_kind, p_effect);
    CASE p_kind
        WHEN 'PassRedeemed' THEN
            v_result := app.redeem_decided(p_by, p_effect, true);
            -- A pass that is not there cannot even lose: what the cups cost on the list is the loss.
            RETURN CASE WHEN v_result ->> 'code' IN ('pass_unknown', 'pass_other_merchant', 'pass_other_member')
                        THEN app.lose_goods(p_by, p_effect, app.list_price(p_by, p_effect -> 'cups'))
                        ELSE v_result END;
        WHEN 'CardCharged' THEN RETURN app.lose_charge(p_by, p_effect);
        WHEN 'Refunded' THEN RETURN app.lose_cash(p_by, p_effect);
        WHEN 'OrderRefunded' THEN RETURN app.lose_refund(p_by, p_effect);
        ELSE RETURN app.refuse('nothing_lost', jsonb_build_object('kind', p_kind));
    END CASE;
END $$;
COMMENT ON FUNCTION app.write_off_decided IS
    'Post what was handed over as an offline loss: by its member where there is one, else by its till';

-- Its till counts a held use or charge as used, and keeps that much aside when it gives the rest up. What the decision has not
-- taken from there (another account has it, a late grant, a loss, nobody) goes back with the rest. The second history of a
-- clone counts for nothing: the first may still spend it.
CREATE FUNCTION app.settle_decided(p_by app.acting, p_fact app.facts, p_effect jsonb, p_tx uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_amount bigint := coalesce((p_effect ->> 'uses')::bigint, (p_effect ->> 'total_minor')::bigint);
    v_taken bigint;
BEGIN
    IF p_effect ->> 'rung' = 'reserved' AND p_effect ->> 'reservation_id' IS NOT NULL AND p_fact.in_chain THEN
        SELECT coalesce(sum(u.amount), 0) INTO v_taken FROM app.reservation_uses AS u
         WHERE u.ledger_id = p_by.ledger_id AND u.reservation_id = (p_effect ->> 'reservation_id')::uuid AND u.tx_id = p_tx;
        PERFORM app.count_confirmed(p_by, p_effect, v_amount - v_taken);
    END IF;
END $$;
COMMENT ON FUNCTION app.settle_decided IS 'What a decision about a held fact means for the reservation that the fact cites';

-- The decision -------------------------------------------------------------------------------------------------------

CREATE FUNCTION app.acting_for_fact(p_ledger smallint, p_fact app.facts, p_key text) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], p_fact.merchant_id);
BEGIN
    v_by.terminal_id := p_fact.terminal_id;
    v_by.store_id := p_fact.store_id;
    v_by.currency := (SELECT s.currency FROM app.stores AS s WHERE s.store_id = p_fact.store_id);
    v_by.key := p_key;
    v_by.fact_id := p_fact.fact_id;
    v_by.happened_at := least(p_fact.happened_at, p_fact.recorded_at);
    RETURN v_by;
END $$;
COMMENT ON FUNCTION app.acting_for_fact IS 'A person who acts at HQ for what happened at a till then';

CREATE FUNCTION app.check_held(p_fact app.facts, p_decision text, p_effect jsonb, p_account jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_status text;
BEGIN
    IF p_fact.hash IS NULL OR p_fact.outcome <> 'held' THEN
        RETURN app.refuse('held_unknown');
    ELSIF p_decision NOT IN ('post', 'post_to', 'write_off', 'reject') OR p_decision IS NULL THEN
        RETURN app.refuse('request_malformed', jsonb_build_object('field', 'decision'));
    ELSIF (p_decision = 'post_to') <> (p_account <> '{}') THEN
        RETURN app.refuse(CASE p_decision WHEN 'post_to' THEN 'account_missing' ELSE 'request_malformed' END,
                          jsonb_build_object('field', 'account'));
    END IF;
    SELECT d.decision INTO v_status FROM app.held_decisions AS d
     WHERE d.ledger_id = p_fact.ledger_id AND d.terminal_id = p_fact.terminal_id AND d.hash = p_fact.hash;
    IF FOUND THEN
        RETURN app.refuse('held_decided', jsonb_build_object('decision', v_status));
    ELSIF p_decision = 'reject' THEN
        RETURN app.check_role(false);
    END IF;
    -- One fact id has one effect, also when it stands in two histories of a till.
    PERFORM FROM app.facts AS f
      WHERE f.ledger_id = p_fact.ledger_id AND f.terminal_id = p_fact.terminal_id AND f.fact_id = p_fact.fact_id
        AND f.outcome = 'accepted';
    IF NOT FOUND THEN
        PERFORM FROM app.held_decisions AS d
          WHERE d.ledger_id = p_fact.ledger_id AND d.terminal_id = p_fact.terminal_id AND d.fact_id = p_fact.fact_id
            AND d.tx_id IS NOT NULL;
    END IF;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('fact_id', p_fact.fact_id));
    ELSIF p_account ? 'card_id' AND app.hq_role() IS DISTINCT FROM 'hq' THEN
        RETURN app.refuse('permission_missing', jsonb_build_object('account', 'card_id')); -- cards are the operator's
    END IF;
    RETURN app.check_role(app.is_big(
        greatest((p_effect ->> 'total_minor')::bigint, (p_effect ->> 'extra_total_minor')::bigint,
                 (p_effect ->> 'amount_minor')::bigint), (p_effect ->> 'uses')::bigint));
END $$;
COMMENT ON FUNCTION app.check_held IS 'May the caller decide this about the locked fact? NULL: yes';

CREATE FUNCTION app.decide_held(p_ledger smallint, p_key text, p_content_hash bytea, p_terminal uuid, p_hash bytea,
                                p_decision text, p_effect jsonb, p_problem jsonb, p_account jsonb, p_reason text,
                                p_take_back boolean)
    RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_fact app.facts%ROWTYPE;
    v_by app.acting;
    v_kind text;
    v_result jsonb;
BEGIN
    SELECT * INTO v_fact FROM app.facts AS f
     WHERE f.ledger_id = p_ledger AND f.terminal_id = p_terminal AND f.hash = p_hash FOR NO KEY UPDATE;
    v_kind := coalesce(v_fact.kind, p_effect ->> 'kind'); -- unknown when it came, known since an upgrade
    IF v_kind <> 'MemberCreated' THEN
        p_effect := app.with_member(p_effect);
    END IF;
    p_account := app.with_member(p_account);
    v_by := app.acting_for_fact(p_ledger, v_fact, p_key);
    v_result := app.known_outcome(v_by, p_key, p_content_hash, NULL);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := coalesce(app.check_reason(p_reason), app.check_held(v_fact, p_decision, p_effect, p_account),
                         CASE WHEN p_take_back AND p_decision <> 'reject'
                              THEN app.refuse('request_malformed', '{"field": "take_back"}') END,
                         CASE WHEN p_decision <> 'reject' THEN p_problem END);
    IF v_result IS NULL THEN
        v_result := CASE p_decision
            WHEN 'reject' THEN CASE WHEN p_take_back THEN app.take_back_granted(v_by, p_effect ->> 'cited', p_reason)
                                    ELSE '{}' END
            WHEN 'write_off' THEN app.write_off_decided(v_by, v_kind, p_effect)
            WHEN 'post_to' THEN app.post_decided(
                v_by, v_kind, app.put_account(v_by, v_kind, p_effect, p_account))
            ELSE coalesce(app.confirm_decided(v_by, v_kind, p_effect), app.post_decided(v_by, v_kind, p_effect)) END;
        IF NOT v_result ? 'code' THEN
            PERFORM app.settle_decided(v_by, v_fact, p_effect, (v_result ->> 'tx_id')::uuid);
            v_result := app.keep_decision(v_by, v_fact, p_decision, p_account, p_reason, v_result);
        END IF;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.decide_held IS
    'A person decides about a held fact, once: post | post_to (with member_id, pass_id, plan_id or card_id in `p_account`) | '
    'write_off | reject. `p_effect` is what the program made of its bytes; `p_problem` {code, data} why it cannot be '
    'posted; `p_take_back`: rejecting it takes back what the request it cites was granted. Returns {outcome, decision, tx_no}';

CREATE FUNCTION app.keep_decision(p_by app.acting, p_fact app.facts, p_decision text, p_account jsonb, p_reason text,
                                  p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    -- What takes back a granted request is that decision's (app.granted_decisions), not this fact's effect.
    v_tx_id uuid := CASE WHEN p_decision <> 'reject' THEN (p_result ->> 'tx_id')::uuid END;
BEGIN
    INSERT INTO app.held_decisions (ledger_id, terminal_id, hash, merchant_id, decision, account, reason, fact_id, tx_id,
                                    tx_no, decided_by, name, decided_at)
    VALUES (p_by.ledger_id, p_fact.terminal_id, p_fact.hash, p_fact.merchant_id, p_decision, p_account, p_reason,
            p_fact.fact_id, v_tx_id, CASE WHEN v_tx_id IS NOT NULL THEN p_result ->> 'tx_no' END, p_by.principal_id, app.hq_name(), app.now_utc());
    DELETE FROM app.fact_companions AS c
     WHERE c.ledger_id = p_by.ledger_id AND c.terminal_id = p_fact.terminal_id AND c.hash = p_fact.hash;
    UPDATE app.slips AS s SET tx_id = v_tx_id
     WHERE s.ledger_id = p_by.ledger_id AND s.terminal_id = p_fact.terminal_id AND s.fact_hash = p_fact.hash
       AND s.tx_id IS NULL AND v_tx_id IS NOT NULL;
    PERFORM app.note_change('decision', encode(coalesce(p_fact.chained_as, p_fact.hash), 'hex'), p_fact.merchant_id, p_fact.store_id);
    PERFORM app.note_event(
        p_by.ledger_id, 'held_decided', 'info', p_by.principal_id, p_fact.merchant_id, NULL, encode(p_fact.hash, 'hex'),
        jsonb_build_object('decision', p_decision, 'account', p_account, 'held', p_fact.reason,
                           'tx_no', p_result -> 'tx_no'));
    RETURN jsonb_build_object('decision', p_decision)
        || CASE WHEN p_result -> 'tx_id' IS NULL THEN '{}'
                ELSE jsonb_build_object('tx_id', p_result -> 'tx_id', 'tx_no', p_result -> 'tx_no') END;
END $$;

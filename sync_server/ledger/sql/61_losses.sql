-- What was handed over offline and nobody's account pays for (sync.md rung 3): each loss is a row with its member, its till
-- and its value, owed until it was collected or written off. Its units stand in the open account `offline_loss`: uses by
-- their member, money by its till, since a member deals with several merchants in one currency.

CREATE TABLE app.offline_losses (
    ledger_id   smallint NOT NULL,
    loss_id     uuid NOT NULL,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    terminal_id uuid NOT NULL,
    member_id   uuid,
    unit        text NOT NULL,
    amount      bigint NOT NULL CHECK (amount > 0),
    value_minor bigint NOT NULL CHECK (value_minor >= 0),
    currency    text NOT NULL,
    collected   bigint NOT NULL DEFAULT 0 CHECK (collected >= 0),
    written_off bigint NOT NULL DEFAULT 0 CHECK (written_off >= 0),
    proposed_by uuid,
    reason      text,
    fact_id     uuid,
    tx_id       uuid NOT NULL,
    tx_no       text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, loss_id),
    UNIQUE (ledger_id, tx_id),
    CHECK (collected + written_off <= amount)
);
COMMENT ON COLUMN app.offline_losses.value_minor IS 'What the whole loss is worth in money: price per use, or the price on the list';
COMMENT ON COLUMN app.offline_losses.proposed_by IS 'Who wants to write off what is left, and waits for another person';
CREATE INDEX losses_open ON app.offline_losses (merchant_id, recorded_at) WHERE collected + written_off < amount;

CREATE FUNCTION app.loss_line(p_loss app.offline_losses, p_delta bigint) RETURNS app.posting_line
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_loss.unit LIKE 'use/%'
                THEN app.open_line(p_loss.merchant_id, 'member', p_loss.member_id, 'offline_loss', p_loss.unit, p_delta)
                ELSE app.open_line(p_loss.merchant_id, 'terminal', p_loss.terminal_id, 'offline_loss', p_loss.unit, p_delta)
           END;
COMMENT ON FUNCTION app.loss_line IS 'The account in which a loss stands: negative is owed';

CREATE FUNCTION app.price_of_uses(p_pass app.member_passes, p_uses bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN round(p_pass.amount_minor::numeric * p_uses / greatest(p_pass.uses_bought, 1))::bigint;
COMMENT ON FUNCTION app.price_of_uses IS 'Price per use = what was paid for the pass / uses bought (domain.md "Passes"), half up once';

CREATE FUNCTION app.list_price(p_by app.acting, p_cups jsonb) RETURNS bigint
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT coalesce(sum(p.price_minor), 0)::bigint
          FROM jsonb_array_elements(p_cups) AS c
          JOIN app.products AS p ON p.product_id::text = c.value ->> 'product_id' AND p.merchant_id = p_by.merchant_id;
    END;
COMMENT ON FUNCTION app.list_price IS 'What these cups cost on the merchant''s list; what is not on it counts nothing';

CREATE FUNCTION app.new_loss(p_by app.acting, p_member uuid, p_unit text, p_amount bigint, p_value bigint)
    RETURNS app.offline_losses
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_loss app.offline_losses;
BEGIN
    v_loss.ledger_id := p_by.ledger_id;
    v_loss.merchant_id := p_by.merchant_id;
    v_loss.store_id := p_by.store_id;
    v_loss.terminal_id := p_by.terminal_id;
    v_loss.member_id := (SELECT m.member_id FROM app.members AS m WHERE m.member_id = p_member);
    v_loss.unit := p_unit;
    v_loss.amount := p_amount;
    v_loss.value_minor := p_value;
    v_loss.currency := p_by.currency;
    v_loss.fact_id := p_by.fact_id;
    v_loss.happened_at := p_by.happened_at;
    RETURN v_loss;
END $$;

CREATE FUNCTION app.keep_loss(p_loss app.offline_losses, p_tx app.transactions) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO app.offline_losses (ledger_id, loss_id, merchant_id, store_id, terminal_id, member_id, unit, amount,
                                        value_minor, currency, fact_id, tx_id, tx_no, happened_at, recorded_at)
        VALUES (p_loss.ledger_id, app.new_id(), p_loss.merchant_id, p_loss.store_id, p_loss.terminal_id, p_loss.member_id,
                p_loss.unit, p_loss.amount, p_loss.value_minor, p_loss.currency, p_loss.fact_id, p_tx.tx_id, p_tx.tx_no,
                p_loss.happened_at, p_tx.created_at);
    END;

CREATE FUNCTION app.record_loss(p_by app.acting, p_tx app.transactions, p_member uuid, p_unit text, p_amount bigint,
                                p_value bigint) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        SELECT app.keep_loss(app.new_loss(p_by, p_member, p_unit, p_amount, p_value), p_tx);
    END;
COMMENT ON FUNCTION app.record_loss IS 'Keep who owes what a posting lost';

-- Losses that HQ books for a held fact (60_held.sql) -------------------------------------------------------------------

CREATE FUNCTION app.post_loss(p_by app.acting, p_kind text, p_number text, p_amount bigint, p_effect jsonb,
                              p_lines app.posting_line[], p_loss app.offline_losses) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_tx app.transactions := app.header(p_by, p_kind, p_number, NULL, p_loss.member_id, p_amount);
BEGIN
    PERFORM app.post(v_tx, p_lines, jsonb_build_object('unit', p_loss.unit, 'lost', p_loss.amount));
    IF p_loss.amount > 0 THEN
        PERFORM app.keep_loss(p_loss, v_tx);
        PERFORM app.note_event(p_by.ledger_id, 'offline_loss', 'alarm', p_by.terminal_id, p_by.merchant_id, NULL, v_tx.tx_no,
                               jsonb_build_object('member_id', p_loss.member_id, 'amount', p_loss.amount,
                                                  'unit', p_loss.unit));
    END IF;
    IF p_effect ? 'order_id' THEN
        PERFORM app.record_order(p_by, v_tx, (p_effect ->> 'order_id')::uuid, NULL, p_effect, p_amount);
    ELSE
        PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id, p_effect -> 'tenders');
    END IF;
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
END $$;
COMMENT ON FUNCTION app.post_loss IS 'Post goods or money that are gone, with the order or the payments that belong to them';

CREATE FUNCTION app.check_order_free(p_ledger smallint, p_order_id text) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN CASE WHEN EXISTS (SELECT FROM app.orders AS o WHERE o.ledger_id = p_ledger AND o.order_id = p_order_id::uuid)
                THEN app.refuse('content_differs', jsonb_build_object('order_id', p_order_id)) END;

-- Cups were handed over on a pass that is not there; the extra that was paid is in the drawer all the same.
CREATE FUNCTION app.lose_goods(p_by app.acting, p_effect jsonb, p_value bigint) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_extra bigint := (p_effect ->> 'extra_total_minor')::bigint;
    v_loss app.offline_losses := app.new_loss(p_by, (p_effect ->> 'member_id')::uuid, p_by.currency, p_value, p_value);
    v_refusal jsonb := app.check_order_free(p_by.ledger_id, p_effect ->> 'redemption_id');
BEGIN
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    ELSIF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF v_extra = 0 AND p_value = 0 THEN
        RETURN app.refuse('nothing_lost');
    END IF;
    RETURN app.post_loss(
        p_by, 'goods_lost', 'HX', v_extra,
        CASE WHEN v_extra > 0 THEN p_effect || jsonb_build_object('order_id', p_effect -> 'redemption_id') ELSE p_effect END,
        app.takings_lines(p_by.merchant_id, p_by.store_id, 'sales', p_by.currency, p_effect -> 'tenders', p_effect -> 'vat',
                          v_extra)
        || app.loss_line(v_loss, -p_value) || app.shop_line(p_by, 'redeemed', p_by.currency, p_value), v_loss);
END $$;

-- An order that a card should have paid, and did not.
CREATE FUNCTION app.lose_charge(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_total bigint := (p_effect ->> 'total_minor')::bigint;
    v_card uuid := (p_effect ->> 'card_id')::uuid;
    v_loss app.offline_losses := app.new_loss(p_by, (p_effect ->> 'member_id')::uuid, p_by.currency, v_total, v_total);
    v_refusal jsonb := app.check_order_free(p_by.ledger_id, p_effect ->> 'charge_id');
BEGIN
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    ELSIF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    ELSIF v_total = 0 THEN
        RETURN app.refuse('nothing_lost');
    END IF;
    RETURN app.post_loss(
        p_by, 'charge_lost', 'ZF', v_total,
        p_effect || jsonb_build_object('order_id', p_effect -> 'charge_id', 'tenders', app.card_tender(v_total)),
        app.charge_lines(p_by, v_card, 0, p_effect -> 'vat', v_total, 0)
        || app.card_line(v_card, 'principal', p_by.currency, v_total) || app.loss_line(v_loss, -v_total), v_loss);
END $$;

-- A top-up's money was handed out, and its card keeps what it brought.
CREATE FUNCTION app.lose_cash(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_cash bigint := (p_effect ->> 'cash_minor')::bigint;
    v_loss app.offline_losses;
    v_member uuid;
BEGIN
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    ELSIF v_cash = 0 OR p_effect ->> 'tender' IS NULL THEN
        RETURN app.refuse('nothing_lost');
    ELSIF NOT p_effect ->> 'tender' = ANY (enum_range(NULL::app.pay_method)::text[]) THEN
        RETURN app.refuse('tender_unknown', jsonb_build_object('kind', p_effect -> 'tender'));
    ELSIF EXISTS (SELECT FROM app.card_refunds AS f
                   WHERE f.ledger_id = p_by.ledger_id AND f.refund_id = (p_effect ->> 'refund_id')::uuid) THEN
        RETURN app.refuse('content_differs', jsonb_build_object('refund_id', p_effect -> 'refund_id'));
    END IF;
    SELECT c.member_id INTO v_member FROM app.card_top_ups AS t
      JOIN app.cards AS c ON c.ledger_id = t.ledger_id AND c.card_id = t.card_id
     WHERE t.ledger_id = p_by.ledger_id AND t.tx_no = p_effect ->> 'original_tx_no' AND t.merchant_id = p_by.merchant_id;
    v_loss := app.new_loss(p_by, v_member, p_by.currency, v_cash, v_cash);
    RETURN app.post_loss(
        p_by, 'cash_lost', 'TK', -v_cash,
        jsonb_build_object('tenders', app.one_tender(p_effect ->> 'tender', -v_cash)),
        ARRAY[app.shop_line(p_by, 'tender/' || (p_effect ->> 'tender'), p_by.currency, -v_cash),
              app.shop_line(p_by, 'stored_value', p_by.currency, v_cash),
              app.loss_line(v_loss, -v_cash), app.shop_line(p_by, 'issued', p_by.currency, v_cash)], v_loss);
END $$;

-- Money was handed out for goods that were never sold, or had come back before.
CREATE FUNCTION app.lose_refund(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_total bigint := (p_effect ->> 'total_minor')::bigint;
    v_tenders jsonb := app.negated(p_effect -> 'tenders');
    v_loss app.offline_losses := app.new_loss(p_by, NULL, p_by.currency, v_total, v_total);
BEGIN
    IF p_effect ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_effect ->> 'currency'));
    ELSIF v_total = 0 THEN
        RETURN app.refuse('nothing_lost');
    END IF;
    RETURN app.post_loss(
        p_by, 'refund_lost', 'TK', -v_total, jsonb_build_object('tenders', v_tenders),
        app.takings_lines(p_by.merchant_id, p_by.store_id, 'sales', p_by.currency, v_tenders, '[]', -v_total)
        || app.loss_line(v_loss, -v_total) || app.shop_line(p_by, 'redeemed', p_by.currency, v_total), v_loss);
END $$;

CREATE FUNCTION app.one_tender(p_kind text, p_amount bigint) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_array(jsonb_build_object('kind', p_kind, 'amount_minor', p_amount, 'received_minor', p_amount));

-- Collecting and writing off -------------------------------------------------------------------------------------------

CREATE FUNCTION app.lock_loss(p_ledger smallint, p_loss uuid) RETURNS app.offline_losses
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_loss app.offline_losses%ROWTYPE;
BEGIN
    SELECT * INTO v_loss FROM app.offline_losses AS l WHERE l.ledger_id = p_ledger AND l.loss_id = p_loss FOR UPDATE;
    RETURN v_loss;
END $$;

CREATE FUNCTION app.acting_for_loss(p_ledger smallint, p_loss app.offline_losses, p_key text) RETURNS app.acting
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform', 'staff'], p_loss.merchant_id);
BEGIN
    v_by.store_id := p_loss.store_id;
    v_by.currency := p_loss.currency;
    v_by.key := p_key;
    RETURN v_by;
END $$;

CREATE FUNCTION app.check_loss(p_loss app.offline_losses, p_amount numeric) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_left bigint := p_loss.amount - p_loss.collected - p_loss.written_off;
BEGIN
    RETURN CASE
        WHEN p_loss.loss_id IS NULL THEN app.refuse('loss_unknown')
        WHEN v_left = 0 THEN app.refuse('loss_settled', jsonb_build_object(
            'collected', p_loss.collected, 'written_off', p_loss.written_off))
        WHEN p_amount IS NOT NULL AND (NOT app.is_amount(p_amount) OR p_amount > v_left)
        THEN app.refuse('amount_invalid', jsonb_build_object('left', v_left)) END;
END $$;

CREATE FUNCTION app.check_paid(p_loss app.offline_losses, p_amount numeric, p_paid numeric) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    AS $$
DECLARE
    v_worth numeric := round(p_loss.value_minor * p_amount / p_loss.amount);
BEGIN
    RETURN CASE WHEN p_paid > v_worth THEN app.refuse('paid_too_much', jsonb_build_object('worth_minor', v_worth)) END;
END $$;
COMMENT ON FUNCTION app.check_paid IS 'No more is paid than that amount of the loss is worth: its share of the whole, half up. NULL: fine';

CREATE FUNCTION app.settle_loss(p_by app.acting, p_loss app.offline_losses, p_kind text, p_bucket text, p_amount bigint,
                                p_tenders jsonb, p_paid bigint, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_tx app.transactions := app.header(p_by, p_kind, CASE p_bucket WHEN 'collected' THEN 'ZF' ELSE 'TZ' END, NULL,
                                        p_loss.member_id, p_paid);
BEGIN
    v_tx.reason := p_reason;
    PERFORM app.post(
        v_tx,
        app.takings_lines(p_by.merchant_id, p_by.store_id, 'loss_collected', p_by.currency, p_tenders, '[]', p_paid)
        || app.loss_line(p_loss, p_amount) || app.shop_line(p_by, p_bucket, p_loss.unit, -p_amount),
        jsonb_build_object('loss_id', p_loss.loss_id, 'unit', p_loss.unit, 'amount', p_amount,
                           'proposed_by', p_loss.proposed_by));
    PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id, p_tenders);
    UPDATE app.offline_losses AS l
       SET collected = l.collected + CASE p_bucket WHEN 'collected' THEN p_amount ELSE 0 END,
           written_off = l.written_off + CASE p_bucket WHEN 'written_off' THEN p_amount ELSE 0 END,
           reason = coalesce(p_reason, l.reason), proposed_by = NULL
     WHERE l.ledger_id = p_by.ledger_id AND l.loss_id = p_loss.loss_id;
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no, 'status', p_bucket, 'amount', p_amount,
                              'left', p_loss.amount - p_loss.collected - p_loss.written_off - p_amount);
END $$;

CREATE FUNCTION app.collect_loss(p_ledger smallint, p_key text, p_content_hash bytea, p_loss uuid, p_amount numeric,
                                 p_tender text, p_paid numeric) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_loss app.offline_losses := app.lock_loss(p_ledger, p_loss);
    v_by app.acting := app.acting_for_loss(p_ledger, v_loss, p_key);
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := CASE
        WHEN app.check_loss(v_loss, coalesce(p_amount, 0)) IS NOT NULL THEN app.check_loss(v_loss, coalesce(p_amount, 0))
        WHEN NOT app.is_amount(p_paid) OR v_loss.unit = v_loss.currency AND p_paid <> p_amount
        THEN app.refuse('amount_invalid', jsonb_build_object('field', 'paid_minor'))
        WHEN (p_tender = ANY (enum_range(NULL::app.pay_method)::text[])) IS NOT TRUE
        THEN app.refuse('tender_unknown', jsonb_build_object('kind', p_tender))
        ELSE coalesce(app.check_role(app.is_big(p_paid::bigint, 0)), app.check_paid(v_loss, p_amount, p_paid)) END;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, coalesce(
        v_result, app.settle_loss(v_by, v_loss, 'loss_collected', 'collected', p_amount::bigint,
                                  app.one_tender(p_tender, p_paid::bigint), p_paid::bigint, NULL)));
END $$;
COMMENT ON FUNCTION app.collect_loss IS
    'Somebody paid for `p_amount` units of a loss: the money by its tender, at the loss''s store. Returns {outcome, tx_no, left}';

-- By a person whose role is enough, at once; else by two: the first proposes, another one agrees.
CREATE FUNCTION app.write_off_loss(p_ledger smallint, p_key text, p_content_hash bytea, p_loss uuid, p_reason text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_loss app.offline_losses := app.lock_loss(p_ledger, p_loss);
    v_by app.acting := app.acting_for_loss(p_ledger, v_loss, p_key);
    v_left bigint := v_loss.amount - v_loss.collected - v_loss.written_off;
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := coalesce(app.check_loss(v_loss, NULL), app.check_reason(p_reason), app.check_role(false));
    IF v_result IS NULL AND app.check_role(true) IS NOT NULL THEN
        IF v_loss.proposed_by = v_by.principal_id THEN
            v_result := app.refuse('same_person');
        ELSIF v_loss.proposed_by IS NULL THEN
            UPDATE app.offline_losses AS l SET proposed_by = v_by.principal_id, reason = p_reason
             WHERE l.ledger_id = p_ledger AND l.loss_id = p_loss;
            PERFORM app.note_event(p_ledger, 'write_off_proposed', 'info', v_by.principal_id, v_by.merchant_id, NULL,
                                   p_loss::text, jsonb_build_object('unit', v_loss.unit, 'amount', v_left));
            v_result := jsonb_build_object('status', 'proposed');
        END IF;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, coalesce(
        v_result, app.settle_loss(v_by, v_loss, 'loss_written_off', 'written_off', v_left, '[]', 0, p_reason)));
END $$;
COMMENT ON FUNCTION app.write_off_loss IS
    'Give up what is left of a loss: at once by the roles hq and merchant_owner, by two people of finance otherwise. Returns '
    '{outcome, status: proposed | written_off, tx_no}';

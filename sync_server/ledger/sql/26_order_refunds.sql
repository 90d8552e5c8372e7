-- Goods sold for money come back, line by line. It happened at the till that had sold them, also without a network: what does
-- not fit the sale is held, and what was handed out for nothing can be booked as a loss (60_held.sql).

CREATE TABLE app.order_refunds (
    ledger_id   smallint NOT NULL,
    refund_id   uuid NOT NULL,
    order_id    uuid NOT NULL,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    terminal_id uuid NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor > 0),
    currency    text NOT NULL,
    reason      text NOT NULL,
    cashier_id  uuid,
    tx_id       uuid NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, refund_id),
    FOREIGN KEY (ledger_id, order_id) REFERENCES app.orders
);
CREATE INDEX order_refunds_by_order ON app.order_refunds (order_id);

CREATE FUNCTION app.negated(p_parts jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(jsonb_agg(part.value || (
                   SELECT jsonb_object_agg(f.key, -(f.value #>> '{}')::bigint) FROM jsonb_each(part.value) AS f
                    WHERE f.key LIKE '%\_minor')), '[]')
          FROM jsonb_array_elements(p_parts) AS part;
    END;
COMMENT ON FUNCTION app.negated IS 'Tenders or VAT groups with their amounts below zero: what goes back';

CREATE FUNCTION app.check_order_refund(p_by app.acting, p_order app.orders, p_paid app.tx_registry, p_refund jsonb)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_lines bigint := jsonb_array_length(p_refund -> 'lines');
    v_alike bigint;
    v_back bigint;
BEGIN
    IF p_order.order_id IS NULL OR p_order.merchant_id <> p_by.merchant_id THEN
        RETURN app.refuse('transaction_unknown', jsonb_build_object('order_id', p_refund -> 'order_id'));
    ELSIF p_paid.kind <> 'order_paid' OR p_paid.reversed_by IS NOT NULL THEN
        RETURN app.refuse('refund_not_allowed', jsonb_build_object('kind', p_paid.kind));
    ELSIF p_refund ->> 'currency' <> p_order.currency OR p_by.currency <> p_order.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_order.currency));
    END IF;
    PERFORM FROM app.order_refunds AS f
      WHERE f.ledger_id = p_by.ledger_id AND f.refund_id = (p_refund ->> 'refund_id')::uuid;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('refund_id', p_refund -> 'refund_id'));
    END IF;
    SELECT count(*), count(i.refund_id) INTO v_alike, v_back
      FROM jsonb_array_elements(p_refund -> 'lines') AS l
      JOIN app.order_items AS i ON i.ledger_id = p_by.ledger_id AND i.order_id = p_order.order_id
       AND i.line_no = (l.value ->> 'line_no')::integer AND i.product_id = l.value ->> 'product_id'
       AND i.base_minor = (l.value ->> 'base_minor')::bigint AND i.vat_rate = l.value ->> 'vat_rate'
       AND i.add_ons = l.value -> 'add_ons';
    IF v_alike <> v_lines THEN
        RETURN app.refuse('content_differs', jsonb_build_object('order_id', p_order.order_id));
    ELSIF v_back > 0 OR EXISTS (
            SELECT FROM jsonb_array_elements(p_refund -> 'tenders') AS t
             WHERE (t.value ->> 'amount_minor')::bigint > (
                   SELECT coalesce(sum(p.amount_minor), 0) FROM app.payments AS p
                    WHERE p.ledger_id = p_by.ledger_id AND p.kind = t.value ->> 'kind'
                      AND (p.tx_id = p_order.tx_id OR p.tx_id IN (
                          SELECT f.tx_id FROM app.order_refunds AS f WHERE f.order_id = p_order.order_id)))) THEN
        RETURN app.refuse('refund_exceeds', jsonb_build_object('left_minor', p_paid.amount_minor - p_paid.refunded_minor,
                                                               'amount_minor', p_refund -> 'total_minor'));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION app.check_order_refund IS
    'May these lines come back, each by a tender that paid at least as much? NULL: yes';

CREATE FUNCTION app.refund_order(p_by app.acting, p_refund jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_total bigint := (p_refund ->> 'total_minor')::bigint;
    v_refund_id uuid := (p_refund ->> 'refund_id')::uuid;
    v_tenders jsonb := app.negated(p_refund -> 'tenders');
    v_order app.orders%ROWTYPE;
    v_paid app.tx_registry%ROWTYPE;
    v_refusal jsonb;
    v_tx app.transactions;
BEGIN
    SELECT * INTO v_order FROM app.orders AS o
     WHERE o.ledger_id = p_by.ledger_id AND o.order_id = (p_refund ->> 'order_id')::uuid FOR NO KEY UPDATE;
    SELECT * INTO v_paid FROM app.tx_registry AS r
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = v_order.tx_no FOR NO KEY UPDATE;
    v_refusal := app.check_order_refund(p_by, v_order, v_paid, p_refund);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    v_tx := app.header(p_by, 'order_refunded', 'TK', NULL, v_order.member_id, -v_total);
    v_tx.reverses := v_order.tx_id;
    v_tx.reason := p_refund ->> 'reason';
    PERFORM app.post(
        v_tx,
        app.takings_lines(p_by.merchant_id, v_order.store_id, 'sales', p_by.currency, v_tenders,
                          app.negated(p_refund -> 'vat'), -v_total),
        jsonb_build_object('original', v_paid.tx_no, 'lines', jsonb_array_length(p_refund -> 'lines')));
    PERFORM app.record_payments(p_by.ledger_id, v_tx.tx_id, p_by.merchant_id, v_tenders);
    INSERT INTO app.order_refunds (ledger_id, refund_id, order_id, merchant_id, store_id, terminal_id, total_minor, currency,
                                   reason, cashier_id, tx_id, happened_at, recorded_at)
    VALUES (p_by.ledger_id, v_refund_id, v_order.order_id, p_by.merchant_id, p_by.store_id, p_by.terminal_id, v_total,
            p_by.currency, p_refund ->> 'reason', p_by.cashier_id, v_tx.tx_id, p_by.happened_at, v_tx.created_at);
    UPDATE app.order_items AS i SET refund_id = v_refund_id
      FROM jsonb_array_elements(p_refund -> 'lines') AS l
     WHERE i.ledger_id = p_by.ledger_id AND i.order_id = v_order.order_id AND i.line_no = (l.value ->> 'line_no')::integer;
    UPDATE app.tx_registry AS r SET refunded_minor = r.refunded_minor + v_total
     WHERE r.ledger_id = p_by.ledger_id AND r.tx_no = v_order.tx_no;
    UPDATE app.orders AS o SET status = 'reversed'
     WHERE o.ledger_id = p_by.ledger_id AND o.order_id = v_order.order_id
       AND v_paid.refunded_minor + v_total = v_paid.amount_minor;
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
END $$;
COMMENT ON FUNCTION app.refund_order IS
    'Give back lines {line_no, product_id, base_minor, vat_rate, add_ons} of a sale: {refund_id, order_id, lines, total_minor, '
    'currency, vat, tenders, reason}; returns {tx_id, tx_no}';

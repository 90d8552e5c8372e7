-- Goods for money, with or without a redemption behind it.

CREATE FUNCTION app.record_order(p_by app.acting, p_tx app.transactions, p_order_id uuid, p_redemption_id uuid,
                                 p_sold jsonb, p_total bigint) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
        INSERT INTO app.orders (ledger_id, order_id, merchant_id, store_id, terminal_id, channel, member_id,
                                redemption_id, total_minor, currency, status, pickup_no, cashier_id, tx_id, tx_no,
                                happened_at, recorded_at)
        VALUES (p_by.ledger_id, p_order_id, p_by.merchant_id, p_by.store_id, p_by.terminal_id, 'till', p_tx.member_id,
                p_redemption_id, p_total, p_by.currency, 'paid', p_sold ->> 'pickup_no', p_by.cashier_id, p_tx.tx_id,
                p_tx.tx_no, p_by.happened_at, p_tx.created_at);
        -- Of a redemption only what was paid for: a cup without extra is on the VR alone.
        INSERT INTO app.order_items (ledger_id, order_item_id, order_id, merchant_id, line_no, product_id, name,
                                     base_minor, vat_rate, add_ons, total_minor)
        SELECT p_by.ledger_id, app.new_id(), p_order_id, p_by.merchant_id, c.line_no, c.cup ->> 'product_id',
               c.cup ->> 'name', (c.cup ->> 'base_minor')::bigint, c.cup ->> 'vat_rate', c.cup -> 'add_ons',
               (c.cup ->> 'total_minor')::bigint
          FROM jsonb_array_elements(p_sold -> 'cups') WITH ORDINALITY AS c (cup, line_no)
         WHERE p_redemption_id IS NULL OR (c.cup ->> 'total_minor')::bigint > 0;
        SELECT app.record_payments(p_by.ledger_id, p_tx.tx_id, p_by.merchant_id, p_sold -> 'tenders');
    END;

CREATE FUNCTION app.pay_order(p_by app.acting, p_order jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_order_id uuid := (p_order ->> 'order_id')::uuid;
    v_member uuid := (p_order ->> 'member_id')::uuid;
    v_total bigint := (p_order ->> 'total_minor')::bigint;
    v_tx app.transactions;
BEGIN
    IF p_order ->> 'currency' <> p_by.currency THEN
        RETURN app.refuse('currency_mismatch', jsonb_build_object('currency', p_order ->> 'currency'));
    ELSIF v_member IS NOT NULL AND NOT EXISTS (SELECT FROM app.members AS m WHERE m.member_id = v_member) THEN
        RETURN app.refuse('member_unknown');
    END IF;
    PERFORM FROM app.orders AS o WHERE o.ledger_id = p_by.ledger_id AND o.order_id = v_order_id;
    IF FOUND THEN
        RETURN app.refuse('content_differs', jsonb_build_object('order_id', v_order_id));
    END IF;
    v_tx := app.header(p_by, 'order_paid', 'ZF', NULL, v_member, v_total);
    PERFORM app.post(
        v_tx,
        app.takings_lines(p_by.merchant_id, p_by.store_id, 'sales', p_by.currency, p_order -> 'tenders',
                          p_order -> 'vat', v_total),
        jsonb_build_object('order_id', v_order_id));
    PERFORM app.record_order(p_by, v_tx, v_order_id, NULL, p_order, v_total);
    RETURN jsonb_build_object('tx_id', v_tx.tx_id, 'tx_no', v_tx.tx_no);
END $$;

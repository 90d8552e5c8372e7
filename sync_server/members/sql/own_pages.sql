-- What a member reads about themselves (members/own.py): the acting member's rows alone, by their claims. Each function
-- joins what no policy lets a member read (plans, stores, tills) to rows that are theirs, and nothing else.

CREATE INDEX orders_by_member ON app.orders (member_id, happened_at DESC) WHERE member_id IS NOT NULL;

CREATE FUNCTION app.acting_member() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN auth.role() = 'member' THEN auth.uid() END;
COMMENT ON FUNCTION app.acting_member IS 'The member whom the claims name; NULL for anybody else';

CREATE FUNCTION app.own_card_rows()
    RETURNS TABLE (card_id uuid, card_type text, card_no text, company_name text, role text, status text, currency text,
                   principal bigint, bonus bigint, points bigint, level integer, discount numeric, expires_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT c.card_id, c.card_type::text, c.card_no, c.company_name, app.card_role(c, app.acting_member()), c.status, c.currency,
           app.balance(c.ledger_id, 'card', c.card_id, 'principal', c.currency),
           app.balance(c.ledger_id, 'card', c.card_id, 'bonus', c.currency),
           app.balance(c.ledger_id, 'card', c.card_id, 'points', 'point'), s.level, s.discount, c.expires_at
      FROM app.cards AS c CROSS JOIN LATERAL app.card_standing(c.card_id) AS s
     WHERE c.ledger_id = 1 AND app.acting_member() IS NOT NULL AND c.card_id = ANY (app.my_cards())
     ORDER BY c.card_type, c.card_no;
END $$;
COMMENT ON FUNCTION app.own_card_rows IS 'The acting member''s card, and the company cards that they are bound to; role: owner, admin, member';

CREATE FUNCTION app.own_level_rows() RETURNS TABLE (merchant_id uuid, name text, level integer, discount numeric)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT m.merchant_id, m.name, l.level, l.discount
      FROM app.member_merchants AS known
      JOIN app.merchants AS m ON m.merchant_id = known.merchant_id
      LEFT JOIN app.cards AS c ON c.ledger_id = 1 AND c.member_id = known.member_id
      LEFT JOIN LATERAL app.card_holdings(c.ledger_id, c.card_id) AS h ON true
      LEFT JOIN LATERAL app.level_for(m.merchant_id, coalesce(h.points, 0)) AS l ON true
     WHERE known.member_id = app.acting_member()
     ORDER BY m.code;
END $$;
COMMENT ON FUNCTION app.own_level_rows IS 'The merchants that know the acting member, and the level and discount that the points give there';

CREATE FUNCTION app.own_pass_rows()
    RETURNS TABLE (pass_id uuid, merchant_id uuid, merchant_name text, names jsonb, status text, uses_left bigint,
                   uses_bought integer, expires_at timestamptz, timezone text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT p.pass_id, p.merchant_id, m.name, plan.names,
           CASE WHEN p.status = 'active' AND p.expires_at <= app.now_utc() THEN 'expired' ELSE p.status END,
           app.balance_of(p.ledger_id, p.pass_id), p.uses_bought, p.expires_at,
           (SELECT s.timezone FROM app.stores AS s WHERE s.merchant_id = p.merchant_id ORDER BY s.code LIMIT 1)
      FROM app.member_passes AS p
      JOIN app.merchants AS m ON m.merchant_id = p.merchant_id
      JOIN app.pass_plans AS plan ON plan.plan_id = p.plan_id
     WHERE p.ledger_id = 1 AND p.member_id = app.acting_member()
     ORDER BY p.status = 'active' AND p.expires_at > app.now_utc() DESC, p.expires_at, p.pass_id;
END $$;
COMMENT ON FUNCTION app.own_pass_rows IS 'The acting member''s passes, those that can be used first, soonest expiry first';

CREATE FUNCTION app.own_till(p_code text)
    RETURNS TABLE (terminal_id uuid, code text, name text, store_name text, merchant_id uuid, merchant_name text, currency text,
                   timezone text, status text, known boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    RETURN QUERY
    SELECT t.terminal_id, t.code, t.name, s.name, m.merchant_id, m.name, s.currency, s.timezone, t.status,
           EXISTS (SELECT FROM app.member_merchants AS k
                    WHERE k.member_id = app.acting_member() AND k.merchant_id = m.merchant_id)
      FROM app.terminals AS t
      JOIN app.stores AS s ON s.store_id = t.store_id
      JOIN app.merchants AS m ON m.merchant_id = t.merchant_id
     WHERE t.code = p_code AND app.acting_member() IS NOT NULL;
END $$;
COMMENT ON FUNCTION app.own_till IS 'The till with this code, as the sign on it says; for a signed-in member';

CREATE FUNCTION app.own_history(p_before timestamptz, p_before_id uuid, p_rows integer)
    RETURNS TABLE (id uuid, kind text, status text, happened_at timestamptz, amount_minor bigint, bonus_minor bigint, currency text,
                   uses integer, names jsonb, company_name text, number text, place text, timezone text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_member uuid := app.acting_member();
    v_passes uuid[] := ARRAY(SELECT p.pass_id FROM app.member_passes AS p WHERE p.ledger_id = 1 AND p.member_id = v_member);
    v_cards uuid[] := CASE WHEN v_member IS NOT NULL THEN app.my_cards() END;
BEGIN
    RETURN QUERY
    WITH done AS (
        SELECT o.topup_order_id AS id, 'pass_sold' AS kind, o.review AS status, o.happened_at, -o.amount_minor AS amount_minor,
               o.currency, o.uses, o.plan_id, NULL::uuid AS card_id, o.tx_id, NULL::text AS number, o.store_id, o.merchant_id
          FROM app.topup_orders AS o WHERE o.ledger_id = 1 AND o.pass_id = ANY (v_passes)
        UNION ALL
        SELECT b.redemption_id, 'pass_redeemed', CASE WHEN b.reversed_by IS NULL THEN 'done' ELSE 'reversed' END, b.happened_at,
               -b.extra_total_minor, b.currency, -b.uses, p.plan_id, NULL, b.tx_id, NULL, b.store_id, b.merchant_id
          FROM app.pass_redemption_batches AS b
          JOIN app.member_passes AS p ON p.ledger_id = b.ledger_id AND p.pass_id = b.pass_id
         WHERE b.ledger_id = 1 AND b.pass_id = ANY (v_passes)
        UNION ALL
        SELECT o.order_id, 'order_paid', CASE o.status WHEN 'paid' THEN 'done' ELSE 'reversed' END, o.happened_at,
               -o.total_minor, o.currency, NULL, NULL, NULL, o.tx_id, o.tx_no, o.store_id, o.merchant_id
          FROM app.orders AS o
         WHERE o.ledger_id = 1 AND o.member_id = v_member AND o.redemption_id IS NULL AND NOT EXISTS (
               SELECT FROM app.card_charges AS c WHERE c.ledger_id = o.ledger_id AND c.charge_id = o.order_id)
        UNION ALL
        SELECT r.refund_id, 'order_refunded', 'done', r.happened_at, r.total_minor, o.currency, NULL, NULL, NULL, r.tx_id, NULL,
               r.store_id, r.merchant_id
          FROM app.orders AS o JOIN app.order_refunds AS r ON r.ledger_id = o.ledger_id AND r.order_id = o.order_id
         WHERE o.ledger_id = 1 AND o.member_id = v_member
        UNION ALL
        SELECT t.tx_id, t.kind, t.status, t.happened_at,
               CASE WHEN t.kind IN ('card_charged', 'topup_refunded', 'refund_reversed')
                    THEN -abs(t.amount_minor) ELSE abs(t.amount_minor) END,
               t.currency, NULL, NULL, t.card_id, t.tx_id, t.tx_no, t.store_id, t.merchant_id
          FROM app.transactions AS t
         WHERE t.ledger_id = 1 AND t.card_id = ANY (v_cards)
           AND t.kind IN ('topped_up', 'card_charged', 'topup_refunded', 'charge_refunded', 'reversal', 'refund_reversed')
    )
    SELECT d.id, d.kind, d.status, d.happened_at, d.amount_minor, u.bonus_minor, d.currency, d.uses, plan.names,
           c.company_name, d.number, coalesce(s.name, m.name), s.timezone
      FROM done AS d
      LEFT JOIN app.pass_plans AS plan ON plan.plan_id = d.plan_id
      LEFT JOIN app.cards AS c ON c.ledger_id = 1 AND c.card_id = d.card_id
      LEFT JOIN app.card_top_ups AS u ON u.ledger_id = 1 AND u.tx_no = d.number
      LEFT JOIN app.stores AS s ON s.store_id = d.store_id
      LEFT JOIN app.merchants AS m ON m.merchant_id = d.merchant_id
     WHERE p_before IS NULL OR (d.happened_at, d.id) < (p_before, p_before_id)
     ORDER BY d.happened_at DESC, d.id DESC LIMIT least(p_rows, 200);
END $$;
COMMENT ON FUNCTION app.own_history IS
    'What the acting member bought, used, topped up and got back, newest first, after the row (p_before, p_before_id). Money is '
    'signed as the member sees it: what they gave is negative, of a card what it lost';

GRANT EXECUTE ON FUNCTION
    app.own_card_rows, app.own_level_rows, app.own_pass_rows, app.own_till, app.own_history
TO tillkeeper_app;

-- Reservations made ahead for a store's regulars, so that their till can serve them without a network (sync.md rung 2). HQ says
-- how much; no policy, nothing. The program signs what it hands out (jobs), one after another.

CREATE TABLE app.lease_policies (
    ledger_id    smallint NOT NULL,
    merchant_id  uuid NOT NULL,
    store_id     uuid NOT NULL,
    plan_id      uuid,
    min_visits   integer NOT NULL CHECK (min_visits BETWEEN 1 AND 100),
    days         integer NOT NULL CHECK (days BETWEEN 1 AND 90),
    uses         integer NOT NULL CHECK (uses BETWEEN 0 AND 20),
    amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN 0 AND 100000),
    most_uses    integer NOT NULL CHECK (most_uses BETWEEN 0 AND 10000),
    most_minor   bigint NOT NULL CHECK (most_minor BETWEEN 0 AND 100000000),
    valid_hours  integer NOT NULL CHECK (valid_hours BETWEEN 1 AND 168),
    set_by       uuid NOT NULL,
    name         text NOT NULL,
    set_at       timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (ledger_id, store_id, plan_id)
);
COMMENT ON TABLE app.lease_policies IS
    'Who came `min_visits` days of the last `days` gets `uses` of a pass (of this plan; NULL: of any) and `amount_minor` of the '
    'own card set aside at the till that served them last, at most `most_uses` and `most_minor` on one till';

CREATE FUNCTION app.put_lease_policy(p_ledger smallint, p_key text, p_content_hash bytea, p_store uuid, p_plan uuid,
                                     p_values jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_merchant uuid := (SELECT s.merchant_id FROM app.stores AS s WHERE s.store_id = p_store);
    v_by app.acting := app.acting_principal(p_ledger, ARRAY['platform', 'staff'],
                                            coalesce(v_merchant, (auth.merchant_ids())[1]));
    v_result jsonb := app.known_outcome(v_by, p_key, p_content_hash, NULL);
BEGIN
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_by.key := p_key;
    v_result := CASE
        WHEN v_merchant IS NULL THEN app.refuse('store_unknown')
        WHEN p_plan IS NOT NULL AND NOT EXISTS (
            SELECT FROM app.pass_plans AS p WHERE p.plan_id = p_plan AND p.merchant_id = v_merchant)
        THEN app.refuse('plan_unknown') ELSE app.check_hq() END;
    IF v_result IS NULL THEN
        BEGIN
            INSERT INTO app.lease_policies AS known (
                ledger_id, merchant_id, store_id, plan_id, min_visits, days, uses, amount_minor, most_uses, most_minor,
                valid_hours, set_by, name, set_at)
            VALUES (p_ledger, v_merchant, p_store, p_plan, (p_values ->> 'min_visits')::integer,
                    (p_values ->> 'days')::integer, (p_values ->> 'uses')::integer, (p_values ->> 'amount_minor')::bigint,
                    (p_values ->> 'most_uses')::integer, (p_values ->> 'most_minor')::bigint,
                    (p_values ->> 'valid_hours')::integer, v_by.principal_id, app.hq_name(), app.now_utc())
            ON CONFLICT (ledger_id, store_id, plan_id) DO UPDATE
               SET min_visits = excluded.min_visits, days = excluded.days, uses = excluded.uses,
                   amount_minor = excluded.amount_minor, most_uses = excluded.most_uses, most_minor = excluded.most_minor,
                   valid_hours = excluded.valid_hours, set_by = excluded.set_by, name = excluded.name,
                   set_at = excluded.set_at;
            PERFORM app.note_event(p_ledger, 'lease_policy_set', 'info', v_by.principal_id, v_merchant, NULL,
                                   p_store::text, p_values || jsonb_build_object('plan_id', p_plan));
            v_result := '{}';
        EXCEPTION WHEN check_violation OR not_null_violation OR numeric_value_out_of_range THEN
            v_result := app.refuse('policy_invalid');
        END;
    END IF;
    RETURN app.answer(v_by, p_key, p_content_hash, NULL, v_result);
END $$;
COMMENT ON FUNCTION app.put_lease_policy IS
    'Say how much is set aside ahead at a store, of one plan or any: {min_visits, days, uses, amount_minor, most_uses, '
    'most_minor, valid_hours}. Uses and amount 0 end it; what is set aside stays until its till gives it up';

-- Days on which a store served a member with stored value, and the till that did it last.
CREATE FUNCTION app.regulars(p_ledger smallint, p_store uuid, p_days integer)
    RETURNS TABLE (member_id uuid, visits bigint, terminal_id uuid)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT v.member_id, count(DISTINCT v.day), (array_agg(v.terminal_id ORDER BY v.happened_at DESC))[1]
          FROM (SELECT b.member_id, b.business_day AS day, b.terminal_id, b.happened_at
                  FROM app.pass_redemption_batches AS b
                 WHERE b.ledger_id = p_ledger AND b.store_id = p_store AND b.reversed_by IS NULL
                   AND b.happened_at > app.now_utc() - make_interval(days => p_days)
                UNION ALL
                SELECT c.member_id, g.happened_at::date, g.terminal_id, g.happened_at
                  FROM app.card_charges AS g
                  JOIN app.cards AS c ON c.ledger_id = g.ledger_id AND c.card_id = g.card_id
                 WHERE g.ledger_id = p_ledger AND g.store_id = p_store AND g.reversed_by IS NULL
                   AND c.member_id IS NOT NULL AND g.terminal_id IS NOT NULL
                   AND g.happened_at > app.now_utc() - make_interval(days => p_days)) AS v
         GROUP BY v.member_id;
    END;

-- Tills that can be handed something: paired, one history, heard of in the last quarter of an hour, in an open shift.
CREATE FUNCTION app.leasing_terminals(p_ledger smallint) RETURNS TABLE (terminal_id uuid, store_id uuid)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT t.terminal_id, t.store_id
          FROM app.terminals AS t
          JOIN app.terminal_heads AS h ON h.ledger_id = p_ledger AND h.terminal_id = t.terminal_id
         CROSS JOIN LATERAL (SELECT f.kind FROM app.facts AS f
                              WHERE f.ledger_id = p_ledger AND f.terminal_id = t.terminal_id AND f.in_chain
                                AND f.kind IN ('ShiftOpened', 'ShiftClosed') ORDER BY f.seq DESC LIMIT 1) AS shift
         WHERE t.status = 'paired' AND h.forked_at IS NULL AND t.last_seen_at > app.now_utc() - interval '15 minutes'
           AND shift.kind = 'ShiftOpened';
    END;

CREATE FUNCTION app.leases_due(p_ledger smallint, p_limit integer)
    RETURNS TABLE (terminal_id uuid, source_kind text, source_id uuid, amount bigint, valid_hours integer, fencing_no bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
BEGIN
    PERFORM auth.require_platform();
    RETURN QUERY
    WITH policy AS (
        SELECT p.* FROM app.lease_policies AS p WHERE p.ledger_id = p_ledger AND p.uses + p.amount_minor > 0
    ), served AS (
        SELECT DISTINCT p.store_id, p.plan_id, r.member_id, r.terminal_id, t.store_id AS at_store, p.uses, p.amount_minor,
               p.most_uses, p.most_minor, p.valid_hours
          FROM policy AS p
         CROSS JOIN LATERAL app.regulars(p_ledger, p.store_id, p.days) AS r
          JOIN app.leasing_terminals(p_ledger) AS t ON t.terminal_id = r.terminal_id
         WHERE r.visits >= p.min_visits
    ), aside AS (
        SELECT r.terminal_id, sum(CASE WHEN r.source_kind = 'pass' THEN app.still_aside(r) END) AS uses,
               sum(CASE WHEN r.source_kind = 'card' THEN app.still_aside(r) END) AS minor
          FROM app.reservations AS r WHERE r.ledger_id = p_ledger AND r.status = 'open' GROUP BY r.terminal_id
    ), wish AS (
        -- The policy of the pass's own plan, where there is one, before that of any.
        SELECT DISTINCT ON (m.pass_id) s.terminal_id, 'pass' AS source_kind, m.pass_id AS source_id,
               least(s.uses, app.balance_of(p_ledger, m.pass_id)) AS amount, s.valid_hours,
               s.most_uses - coalesce(a.uses, 0) AS room, m.merchant_id
          FROM served AS s
          JOIN app.member_passes AS m ON m.ledger_id = p_ledger AND m.member_id = s.member_id AND m.status = 'active'
               AND m.expires_at > app.now_utc() + interval '1 hour'
          LEFT JOIN aside AS a ON a.terminal_id = s.terminal_id
         WHERE s.plan_id = m.plan_id OR s.plan_id IS NULL AND NOT EXISTS (
                   SELECT FROM app.lease_policies AS own
                    WHERE own.ledger_id = p_ledger AND own.store_id = s.store_id AND own.plan_id = m.plan_id)
         ORDER BY m.pass_id, s.terminal_id
    ), wishes AS (
        SELECT w.* FROM wish AS w
        UNION ALL
        SELECT DISTINCT ON (c.card_id) s.terminal_id, 'card', c.card_id,
               least(s.amount_minor, (app.card_holdings(p_ledger, c.card_id)).balance_minor), s.valid_hours,
               s.most_minor - coalesce(a.minor, 0), NULL::uuid
          FROM served AS s
          JOIN app.cards AS c ON c.ledger_id = p_ledger AND c.member_id = s.member_id AND c.status = 'active'
          LEFT JOIN aside AS a ON a.terminal_id = s.terminal_id
         WHERE s.plan_id IS NULL
    ), numbered AS (
        SELECT w.*, sum(w.amount) OVER (PARTITION BY w.terminal_id, w.source_kind ORDER BY w.source_id) AS upto
          FROM wishes AS w
         WHERE w.amount > 0 AND NOT EXISTS (
                   SELECT FROM app.reservations AS r WHERE r.ledger_id = p_ledger AND r.source_id = w.source_id
                      AND r.status = 'open' AND r.origin = 'lease')
    )
    SELECT n.terminal_id, n.source_kind, n.source_id, n.amount::bigint, n.valid_hours,
           coalesce((SELECT max(r.fencing_no) FROM app.reservations AS r
                      WHERE r.ledger_id = p_ledger AND r.source_id = n.source_id), 0)
      FROM numbered AS n WHERE n.upto <= n.room ORDER BY n.terminal_id, n.source_id LIMIT p_limit;
END $$;
COMMENT ON FUNCTION app.leases_due IS
    'What the policies want set aside now and is not, within what one till may hold. `fencing_no`: the source''s newest so far';

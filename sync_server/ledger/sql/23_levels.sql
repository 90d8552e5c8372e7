-- Levels and bonus rules: what points and amounts mean at a merchant. Reference data, written by people.

CREATE FUNCTION app.level_for(p_merchant uuid, p_points bigint, OUT level integer, OUT discount numeric)
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    v_fits boolean;
BEGIN
    -- A merchant's own bands come before the operator's, and among them the one that fits.
    SELECT l.level, l.discount, l.min_points <= p_points AND p_points <= coalesce(l.max_points, p_points) AS fits
      INTO level, discount, v_fits
      FROM app.membership_levels AS l
     WHERE l.merchant_id = p_merchant OR l.merchant_id IS NULL
     ORDER BY l.merchant_id IS NULL, fits DESC LIMIT 1;
    IF v_fits IS NOT TRUE THEN
        level := 0;
        discount := 1.000;
    END IF;
END $$;
COMMENT ON FUNCTION app.level_for IS
    'Level and discount of these points at a merchant: by its own bands, else by the operator''s, else 0 and 1.000';

CREATE FUNCTION app.bonus_for(p_merchant uuid, p_amount_minor bigint, p_currency text, p_at timestamptz,
                              OUT rule_id uuid, OUT bonus_minor bigint)
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    SELECT r.rule_id, app.bonus_of(r, p_amount_minor) INTO rule_id, bonus_minor
      FROM app.bonus_rules AS r
     WHERE r.merchant_id = p_merchant AND r.currency = p_currency AND r.min_amount_minor <= p_amount_minor
       AND r.starts_at <= p_at AND p_at < coalesce(r.ends_at, 'infinity')
     ORDER BY r.min_amount_minor DESC, r.rule_id DESC LIMIT 1;
    bonus_minor := coalesce(bonus_minor, 0);
END $$;
COMMENT ON FUNCTION app.bonus_for IS 'The rule that a top-up falls under, and the bonus it brings; NULL and 0 when there is none';

CREATE FUNCTION app.bonus_of(p_rule app.bonus_rules, p_amount_minor bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN p_rule.bonus_minor + round(p_amount_minor * p_rule.bonus_rate)::bigint;

-- People of a merchant write its own, the operator's people everybody's -------------------------------------------

CREATE FUNCTION app.require_writer(p_merchant uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF app.writes_merchant(p_merchant) IS NOT TRUE THEN
        RAISE EXCEPTION 'only people of this merchant or of the operator may do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION app.note_level(p_merchant uuid, p_level integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM app.note_change('level_band', coalesce(p_merchant::text, 'operator') || '/' || p_level, p_merchant, NULL);
END $$;

CREATE FUNCTION app.put_membership_levels(p_merchant uuid, p_levels jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_overlapping integer;
BEGIN
    PERFORM app.require_writer(p_merchant);
    PERFORM pg_advisory_xact_lock(hashtextextended('app.put_membership_levels/' || app.issuer(NULL, p_merchant)::text, 0));
    SELECT b.level INTO v_overlapping
      FROM (SELECT l.level, l.min_points,
                   count(*) OVER (PARTITION BY l.level ORDER BY l.min_points ROWS UNBOUNDED PRECEDING) AS times,
                   lag(coalesce(l.max_points, 9223372036854775807)) OVER (ORDER BY l.min_points, l.level) AS end_before
              FROM jsonb_to_recordset(p_levels) AS l (level integer, min_points bigint, max_points bigint)) AS b
     WHERE b.times > 1 OR b.min_points <= b.end_before
     ORDER BY b.min_points, b.level LIMIT 1;
    IF FOUND THEN
        RETURN jsonb_build_object('outcome', 'refused')
            || app.refuse('levels_overlap', jsonb_build_object('level', v_overlapping));
    END IF;
    PERFORM app.note_level(p_merchant, l.level) FROM app.membership_levels AS l
      WHERE l.merchant_id IS NOT DISTINCT FROM p_merchant;
    DELETE FROM app.membership_levels AS l WHERE l.merchant_id IS NOT DISTINCT FROM p_merchant;
    INSERT INTO app.membership_levels (merchant_id, level, min_points, max_points, discount)
    SELECT p_merchant, l.level, l.min_points, l.max_points, l.discount
      FROM jsonb_to_recordset(p_levels) AS l (level integer, min_points bigint, max_points bigint, discount numeric);
    PERFORM app.note_level(p_merchant, l.level) FROM jsonb_to_recordset(p_levels) AS l (level integer);
    PERFORM app.note_event(1::smallint, 'levels_put', 'info', auth.uid(), p_merchant, NULL, NULL,
                           jsonb_build_object('levels', p_levels));
    RETURN jsonb_build_object('outcome', 'accepted');
END $$;
COMMENT ON FUNCTION app.put_membership_levels IS
    'Replace all bands of a merchant (NULL: the operator) by [{level, min_points, max_points or null, discount}]. Returns '
    '{outcome}, refused `levels_overlap` with `level`: then nothing has changed';

CREATE FUNCTION app.bonus_rule_problem(p_rule app.bonus_rules) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN p_rule.bonus_minor > p_rule.min_amount_minor THEN 'bonus_minor'
                WHEN p_rule.bonus_rate > 1 THEN 'bonus_rate' END;
COMMENT ON FUNCTION app.bonus_rule_problem IS
    'Which field promises too much: no more than is paid in, and as much again by rate (models.cards.BonusRule). NULL: none';

CREATE FUNCTION app.put_bonus_rule(p_rule jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_rule app.bonus_rules := jsonb_populate_record(NULL::app.bonus_rules, p_rule);
    v_known app.bonus_rules%ROWTYPE;
    v_problem text;
BEGIN
    PERFORM app.require_writer(v_rule.merchant_id);
    v_rule.bonus_rate := coalesce(v_rule.bonus_rate, 0);
    -- Two who make one rule at once: the second sees the first's.
    PERFORM pg_advisory_xact_lock(hashtextextended('app.put_bonus_rule/' || v_rule.rule_id::text, 0));
    SELECT * INTO v_known FROM app.bonus_rules AS r WHERE r.rule_id = v_rule.rule_id;
    IF FOUND THEN
        v_known.ends_at := v_rule.ends_at; -- it may have been ended since
        RETURN CASE WHEN v_known IS NOT DISTINCT FROM v_rule THEN jsonb_build_object('outcome', 'accepted')
                    ELSE app.outcome_of(app.refuse('content_differs')) END;
    END IF;
    -- A slip printed offline cites a rule that was in force: one made for the past would let any slip be written now.
    v_problem := coalesce(app.bonus_rule_problem(v_rule),
                          CASE WHEN v_rule.starts_at < app.now_utc() - interval '5 minutes' THEN 'starts_at' END);
    IF v_problem IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'refused')
            || app.refuse('bonus_rule_invalid', jsonb_build_object('field', v_problem));
    END IF;
    INSERT INTO app.bonus_rules SELECT v_rule.*;
    PERFORM app.note_change('bonus_rule', v_rule.rule_id::text, v_rule.merchant_id, NULL);
    PERFORM app.note_event(1::smallint, 'bonus_rule_put', 'info', auth.uid(), v_rule.merchant_id, NULL,
                           v_rule.rule_id::text, p_rule);
    RETURN jsonb_build_object('outcome', 'accepted');
END $$;
COMMENT ON FUNCTION app.put_bonus_rule IS
    'Make a rule {rule_id, merchant_id, currency, min_amount_minor, bonus_minor, bonus_rate, starts_at, ends_at or null}, '
    'once. Returns {outcome}, refused `content_differs` when the id has another: a rule is never changed; '
    '`bonus_rule_invalid` {field} when it promises too much or begins more than five minutes ago';

CREATE FUNCTION app.end_bonus_rule(p_rule_id uuid, p_ends_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
    AS $$
DECLARE
    v_rule app.bonus_rules%ROWTYPE;
BEGIN
    SELECT * INTO v_rule FROM app.bonus_rules AS r WHERE r.rule_id = p_rule_id FOR NO KEY UPDATE;
    PERFORM app.require_writer(v_rule.merchant_id);
    -- Not in the past: slips that promised it are out. One that has not begun yet lasts for the shortest time there is.
    UPDATE app.bonus_rules AS r
       SET ends_at = least(r.ends_at, greatest(p_ends_at, app.now_utc(), r.starts_at + interval '1 microsecond'))
     WHERE r.rule_id = p_rule_id RETURNING r.ends_at INTO v_rule.ends_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such rule' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM app.note_change('bonus_rule', p_rule_id::text, v_rule.merchant_id, NULL);
    PERFORM app.note_event(1::smallint, 'bonus_rule_ended', 'info', auth.uid(), v_rule.merchant_id, NULL, p_rule_id::text,
                           jsonb_build_object('ends_at', v_rule.ends_at));
    RETURN jsonb_build_object('outcome', 'accepted', 'ends_at', v_rule.ends_at);
END $$;
COMMENT ON FUNCTION app.end_bonus_rule IS 'End a rule then, or now when that is past; it never ends later than it would have';

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

-- What changed, in an order in which nothing that commits late is ever skipped (sync.md "Pull").
-- A reader takes rows with xid < pg_snapshot_xmin(pg_current_snapshot()): every transaction below that has ended.
-- Every writer of a mirrored row notes the change in the same transaction: app.note_change / app.note_member.

CREATE TABLE app.change_log (
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    table_name  text NOT NULL,
    key         text NOT NULL,
    merchant_id uuid,
    store_id    uuid,
    UNIQUE NULLS NOT DISTINCT (xid, table_name, key, merchant_id, store_id)
);
CREATE INDEX change_log_by_key ON app.change_log (table_name, key, xid);

CREATE FUNCTION app.note_change(p_table_name text, p_key text, p_merchant_id uuid, p_store_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        INSERT INTO app.change_log (table_name, key, merchant_id, store_id)
        VALUES (p_table_name, p_key, p_merchant_id, p_store_id)
        ON CONFLICT DO NOTHING;
    END;
COMMENT ON FUNCTION app.note_change IS
    'Tell the tills that a mirrored row changed: of one store, of one merchant (store NULL), or of all (both NULL).';

CREATE FUNCTION app.forget_replaced_changes(p_limit bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    BEGIN ATOMIC
        WITH replaced AS (
            SELECT old.ctid FROM app.change_log AS old
             WHERE EXISTS (
                SELECT FROM app.change_log AS later
                 WHERE later.table_name = old.table_name AND later.key = old.key AND later.xid > old.xid
                   AND later.xid < pg_snapshot_xmin(pg_current_snapshot())
                   AND later.merchant_id IS NOT DISTINCT FROM old.merchant_id
                   AND later.store_id IS NOT DISTINCT FROM old.store_id)
             LIMIT p_limit
        ), gone AS (
            DELETE FROM app.change_log AS c USING replaced WHERE c.ctid = replaced.ctid RETURNING 1
        )
        SELECT count(*) FROM gone;
    END;
COMMENT ON FUNCTION app.forget_replaced_changes IS 'Keep the log as long as the number of things, not of their changes.';

-- What is sold --------------------------------------------------------------------------------------------------

CREATE TABLE app.categories (
    category_id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    names       jsonb NOT NULL,
    position    integer NOT NULL,
    UNIQUE (merchant_id, category_id)
);

CREATE TABLE app.products (
    product_id  uuid PRIMARY KEY,
    merchant_id uuid NOT NULL,
    category_id uuid NOT NULL,
    names       jsonb NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    vat_rate    text NOT NULL,
    tags        text[] NOT NULL,
    add_on_ids  uuid[] NOT NULL,
    position    integer NOT NULL,
    on_sale     boolean NOT NULL,
    FOREIGN KEY (merchant_id, category_id) REFERENCES app.categories (merchant_id, category_id)
);

CREATE TABLE app.add_ons (
    add_on_id   uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    names       jsonb NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    vat_rate    text NOT NULL,
    tag         text CHECK (tag IN ('paid_addon', 'free_addon')),
    position    integer NOT NULL,
    on_sale     boolean NOT NULL
);

CREATE TABLE app.pass_plans (
    plan_id       uuid PRIMARY KEY,
    merchant_id   uuid NOT NULL REFERENCES app.merchants,
    names         jsonb NOT NULL,
    price_minor   bigint NOT NULL CHECK (price_minor >= 0),
    currency      text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    uses          integer NOT NULL CHECK (uses > 0),
    validity_days integer NOT NULL CHECK (validity_days > 0),
    auto_activate boolean NOT NULL,
    eligible_tag  text NOT NULL,
    vat_mode      text NOT NULL CHECK (vat_mode IN ('single_purpose', 'multi_purpose', 'none')),
    vat_rate      text NOT NULL,
    max_uses_per_order      integer CHECK (max_uses_per_order >= 0),
    max_uses_per_day        integer CHECK (max_uses_per_day >= 0),
    global_free_addon_limit integer CHECK (global_free_addon_limit >= 0),
    on_sale       boolean NOT NULL,
    UNIQUE (merchant_id, plan_id)
);

CREATE TABLE app.slip_templates (
    template_id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    kind        text NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    body        text NOT NULL,
    UNIQUE (merchant_id, kind)
);

-- Every version is kept: a fact names the version that allowed it. `body` is the exact signed JSON text.
CREATE TABLE app.risk_policies (
    policy_id   uuid PRIMARY KEY,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    body        text NOT NULL,
    key_id      text NOT NULL,
    signature   text NOT NULL,
    issued_at   timestamptz NOT NULL DEFAULT app.now_utc(),
    UNIQUE (store_id, version),
    FOREIGN KEY (merchant_id, store_id) REFERENCES app.stores (merchant_id, store_id)
);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.change_log', 'app.categories', 'app.products', 'app.add_ons',
        'app.pass_plans', 'app.slip_templates', 'app.risk_policies'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY[
        'app.categories', 'app.products', 'app.add_ons', 'app.pass_plans',
        'app.slip_templates', 'app.risk_policies'
    ] LOOP
        EXECUTE format('CREATE POLICY own_merchant ON %s FOR SELECT TO tillkeeper_app '
                       'USING (app.sees_merchant(merchant_id))', v_table);
        EXECUTE format('CREATE POLICY written_by_people ON %s TO tillkeeper_app '
                       'USING (app.writes_merchant(merchant_id)) WITH CHECK (app.writes_merchant(merchant_id))', v_table);
    END LOOP;
END $$;

CREATE POLICY own_merchant ON app.change_log FOR SELECT TO tillkeeper_app
    USING (merchant_id IS NULL OR app.sees_merchant(merchant_id));

GRANT SELECT ON app.change_log TO tillkeeper_app;
GRANT SELECT, INSERT, UPDATE ON
    app.categories, app.products, app.add_ons, app.pass_plans, app.slip_templates TO tillkeeper_app;
-- What a till mirrored may go; what a fact cites stays.
GRANT DELETE ON app.categories, app.products, app.add_ons, app.slip_templates TO tillkeeper_app;
GRANT SELECT ON app.risk_policies TO tillkeeper_app; -- written by app.issue_policy alone
GRANT EXECUTE ON FUNCTION app.note_change, app.forget_replaced_changes TO tillkeeper_app;

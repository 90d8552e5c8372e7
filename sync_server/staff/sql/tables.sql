-- People who work at tills. PIN hashes are mirrored by the tills of their store.

CREATE TABLE app.staff (
    staff_id    uuid PRIMARY KEY,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    name        text NOT NULL,
    pin_hash    text NOT NULL,
    permissions text[] NOT NULL,
    active      boolean NOT NULL,
    FOREIGN KEY (merchant_id, store_id) REFERENCES app.stores (merchant_id, store_id)
);

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.staff'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY[
        'app.staff'
    ] LOOP
        EXECUTE format('CREATE POLICY own_merchant ON %s FOR SELECT TO tillkeeper_app '
                       'USING (app.sees_merchant(merchant_id))', v_table);
        EXECUTE format('CREATE POLICY written_by_people ON %s TO tillkeeper_app '
                       'USING (app.writes_merchant(merchant_id)) WITH CHECK (app.writes_merchant(merchant_id))', v_table);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON app.staff TO tillkeeper_app;

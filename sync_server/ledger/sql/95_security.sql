-- Who may do what, last (R072): every table closed and forced, the owner let in, then the least reading.
-- The program may read its merchants' rows and run the functions named here; it can write no row.

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY[
        'app.accounts', 'app.transactions', 'app.entries', 'app.number_issuers', 'app.number_counters',
        'app.tx_registry', 'app.member_passes', 'app.pass_aliases', 'app.topup_orders',
        'app.orders', 'app.order_items', 'app.order_refunds', 'app.payments', 'app.pass_redemption_batches', 'app.pass_redemptions',
        'app.facts', 'app.terminal_heads', 'app.slips', 'app.print_reports', 'audit.event_log',
        'app.merchant_order_registry', 'app.membership_levels', 'app.bonus_rules', 'app.card_lots', 'app.card_top_ups',
        'app.card_charges', 'app.card_refunds', 'app.reservations', 'app.reservation_uses', 'app.adjustments',
        'app.pass_reviews', 'app.merchant_users', 'app.held_decisions', 'app.offline_losses', 'app.alarms',
        'app.alarms_seen', 'app.unmatched_payments', 'app.fact_companions', 'app.lost_requests', 'app.granted_decisions',
        'app.lease_policies'
    ] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
        EXECUTE format('CREATE POLICY own_merchant ON %s FOR SELECT TO tillkeeper_app '
                       'USING (app.sees_merchant(merchant_id))', v_table);
        EXECUTE format('GRANT SELECT ON %s TO tillkeeper_app', v_table);
    END LOOP;
END $$;

-- Cards belong to no merchant: their doors are functions, and policies for the people whose cards they are (30, 31). What
-- somebody asked and was answered is their own, too.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['app.cards', 'app.enterprise_card_bindings', 'sec.card_passwords', 'sec.card_codes',
                                   'app.idempotency_registry'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
    END LOOP;
END $$;
CREATE POLICY operator ON app.cards FOR SELECT TO tillkeeper_app USING (auth.role() IS NOT DISTINCT FROM 'platform');
CREATE POLICY operator ON app.enterprise_card_bindings FOR SELECT TO tillkeeper_app
    USING (auth.role() IS NOT DISTINCT FROM 'platform');
CREATE POLICY operator ON app.idempotency_registry FOR SELECT TO tillkeeper_app
    USING (auth.role() IS NOT DISTINCT FROM 'platform');
CREATE POLICY own_key ON app.idempotency_registry FOR SELECT TO tillkeeper_app USING (principal_id = (SELECT auth.uid()));
GRANT SELECT ON app.cards, app.enterprise_card_bindings, app.idempotency_registry TO tillkeeper_app;

-- Seals, checkpoints and backups speak of all merchants at once.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['audit.lives', 'audit.seals', 'app.account_checkpoints', 'app.backups'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY deny_all ON %s USING (false) WITH CHECK (false)', v_table);
        EXECUTE format('CREATE POLICY owner_all ON %s TO tillkeeper_owner USING (true) WITH CHECK (true)', v_table);
        EXECUTE format('CREATE POLICY operator ON %s FOR SELECT TO tillkeeper_app '
                       'USING (auth.role() IS NOT DISTINCT FROM ''platform'')', v_table);
        EXECUTE format('GRANT SELECT ON %s TO tillkeeper_app', v_table);
    END LOOP;
END $$;

-- What is set aside for a till is its own, among the tills.
CREATE POLICY own_terminal ON app.reservations AS RESTRICTIVE FOR SELECT TO tillkeeper_app
    USING (auth.role() IS DISTINCT FROM 'terminal' OR terminal_id = (SELECT auth.uid()));

-- The operator's bands hold wherever a merchant has none of its own.
CREATE POLICY operators_bands ON app.membership_levels FOR SELECT TO tillkeeper_app USING (merchant_id IS NULL);

GRANT SELECT ON app.passes_held, app.held_facts, app.unconfirmed_acts, app.granted_waiting TO tillkeeper_app;
GRANT USAGE ON SCHEMA audit TO tillkeeper_app;

-- Default privileges leave nothing to PUBLIC, but a function's EXECUTE is PUBLIC's from birth.
DO $$
DECLARE
    v_function regprocedure;
BEGIN
    FOR v_function IN
        SELECT p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('app', 'audit', 'sec', 'auth') AND pg_get_userbyid(p.proowner) = 'tillkeeper_owner'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION
    app.redeem_pass, app.request_terms, app.intake_facts, app.take_print_reports, app.import_opening, app.refresh_statistics,
    app.charge_by_request, app.refund_by_request, app.lines_of
TO tillkeeper_app;

-- Sealing, upkeep and what checks them (50 to 52).
GRANT EXECUTE ON FUNCTION
    app.seal_events, app.sign_seal, app.newest_seal, app.vouch_for_seal, app.begin_epoch, app.notice_restore,
    audit.instant, audit.row_hash, audit.seal_hash, app.write_checkpoints, app.month_end, app.open_total, app.month_gaps,
    app.alarm_month_gaps, app.keep_months,
    app.points_earned, app.minor_per_major, app.points_taken_back, app.discounted, app.share_until, app.divide_half_up
TO tillkeeper_app;

GRANT SELECT ON
    app.recent_events, app.registry_conflicts, app.missing_partitions, app.sealing, app.abnormal_transactions,
    app.reconciliation
TO tillkeeper_app;

-- Units, reservations, decisions by people (40 to 44).
GRANT EXECUTE ON FUNCTION
    app.grant_units, app.reverse_grant, app.debit_tickets, app.trade_units, app.reserve, app.settle_reservation,
    app.close_reservation, app.release_at_risk, app.deliver_reservation, app.recall_reservation, app.put_lease_policy,
    app.leases_due, app.propose_adjustment, app.decide_adjustment, app.review_pass_order,
    app.expire_passes
TO tillkeeper_app;

-- Top-ups that wait for their payment, and their refunds (20); levels and bonus rules (23).
GRANT EXECUTE ON FUNCTION
    app.confirm_top_up, app.cancel_top_up, app.refund_own_top_up, app.put_membership_levels, app.put_bonus_rule,
    app.end_bonus_rule, app.named_companies
TO tillkeeper_app;

-- Backups (65).
GRANT EXECUTE ON FUNCTION app.note_backup, app.newest_backup, app.alarm_backups TO tillkeeper_app;

-- What HQ decides about held facts, losses, alarms, risk, terminals and requests without a fact, members' PINs (60 to 67).
GRANT EXECUTE ON FUNCTION
    app.decide_held, app.collect_loss, app.write_off_loss, app.see_alarm, app.close_alarm, app.issue_policy,
    app.note_gap, app.operators_alarms, app.note_door, app.take_till_alarm, app.revoke_terminal,
    app.revoked_terminals, app.revoke_again, app.decide_granted, app.fact_due_before, app.set_member_pin,
    app.clear_member_pin
TO tillkeeper_app;

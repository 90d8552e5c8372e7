-- Cards: who may call what (30 to 33), after everything is closed (95), and the least reading of source 001 §3.

GRANT EXECUTE ON FUNCTION
    app.put_card_code, app.card_code_hash, app.note_wrong_card_code,
    app.create_enterprise_card, app.begin_card_password, app.set_card_password, app.cron_expire_cards,
    app.answer_enterprise_set_initial_admin, app.answer_enterprise_add_member, app.answer_enterprise_remove_member,
    app.begin_charge, app.answer_merchant_charge_by_qr, app.answer_merchant_refund_tx, app.answer_user_recharge,
    app.merchant_refund_tx, app.user_recharge_personal_card, app.user_recharge_enterprise_card_admin,
    app.enterprise_set_initial_admin, app.enterprise_remove_member,
    app.my_cards, app.my_managed_cards, app.my_card_accounts, app.my_merchants, app.card_standing
TO tillkeeper_app;
GRANT SELECT ON app.personal_cards, app.enterprise_cards, app.point_ledger TO tillkeeper_app;
GRANT SELECT, INSERT ON app.member_profiles TO tillkeeper_app;

-- A member reads their own profile and card, bound members the enterprise card; only its admin who else is bound (R055,
-- R056). A sub-select is computed once per statement, not per row.
CREATE POLICY own_profile ON app.members FOR SELECT TO tillkeeper_app USING (member_id = (SELECT auth.uid()));
CREATE POLICY own_card ON app.cards FOR SELECT TO tillkeeper_app
    USING (card_id = ANY ((SELECT app.my_cards())::uuid[]));
CREATE POLICY managed_card ON app.enterprise_card_bindings FOR SELECT TO tillkeeper_app
    USING (enterprise_card_id = ANY ((SELECT app.my_managed_cards())::uuid[]));

-- Transactions: by those who may read the card, and by the merchant's people (R057); entries and accounts of the card go
-- with them, so that balance and points can be shown.
CREATE POLICY own_card ON app.transactions FOR SELECT TO tillkeeper_app
    USING (card_id = ANY ((SELECT app.my_cards())::uuid[]));
CREATE POLICY works_there ON app.transactions FOR SELECT TO tillkeeper_app
    USING (merchant_id = ANY ((SELECT app.my_merchants())::uuid[]));
CREATE POLICY own_card ON app.accounts FOR SELECT TO tillkeeper_app
    USING (owner_kind = 'card' AND owner_id = ANY ((SELECT app.my_cards())::uuid[]));
CREATE POLICY own_card ON app.entries FOR SELECT TO tillkeeper_app
    USING (account_id = ANY ((SELECT app.my_card_accounts())::uuid[]));
CREATE POLICY works_there ON app.merchant_users FOR SELECT TO tillkeeper_app USING (user_id = (SELECT auth.uid()));

-- Who works for a merchant is the operator's to say.
CREATE POLICY operator_writes ON app.merchant_users TO tillkeeper_app
    USING (auth.role() IS NOT DISTINCT FROM 'platform') WITH CHECK (auth.role() IS NOT DISTINCT FROM 'platform');
GRANT INSERT, DELETE ON app.merchant_users TO tillkeeper_app;

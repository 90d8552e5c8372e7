"""Each invariant holds on a day of business, and each can fail: its data is broken as nobody but the owner could."""

from __future__ import annotations

import re

import psycopg
import pytest

from sync_server.database.engine import Pool, open_pool
from sync_server.database.urls import DatabaseUrls
from sync_server.reports import invariants
from tests.sync_server import world
from tests.sync_server.till import OTHER_MEMBER

pytestmark = pytest.mark.anyio


async def results_in(urls: DatabaseUrls) -> dict[str, invariants.InvariantResult]:
    async with open_pool(urls.app, min_size=1, max_size=1) as pool:
        return await invariants.check(pool)


@pytest.mark.req("R038", "R039")
async def test_an_empty_database_holds(pool: Pool) -> None:
    found = await invariants.check(pool)
    assert list(found) == [str(number) for number in range(1, 15)]
    assert {number: result for number, result in found.items() if result.state != "holds"} == {}


async def test_a_day_of_business_holds(copy: DatabaseUrls) -> None:
    found = await results_in(copy)
    assert {number: result for number, result in found.items() if result.state != "holds"} == {}
    sealed = re.fullmatch(r"(\d+) audit rows, (\d+) of them in \d+ seals", found["8"].details)
    assert sealed is not None
    assert int(sealed[1]) == int(sealed[2]) > 20
    assert found["12"].details == "2 uses taken at risk, 1 of them lost"
    assert found["10"].details.startswith("8 posted + 1 held = 9 recorded")
    assert found["4"].details == "4 accounts of principal and bonus, 5 lots, 5 refunds"


_BREAKS = [
    ("1", "UPDATE app.entries SET delta = 2 * delta WHERE version IS NULL AND line_no = 2"),
    ("1", "DELETE FROM app.accounts WHERE bucket = 'sales'"),
    ("1", "DELETE FROM app.transactions WHERE kind = 'order_paid'"),
    ("2", "UPDATE app.accounts SET balance = balance + 1 WHERE bucket = 'uses'"),
    ("2", "UPDATE app.accounts SET version = version + 1 WHERE bucket = 'uses'"),
    ("2", "UPDATE app.entries SET balance_after = balance_after + 1 WHERE version = 2"),
    ("2", "DELETE FROM app.entries WHERE version = 2"),
    ("2", "UPDATE app.entries SET balance_after = NULL, version = NULL WHERE version = 2"),
    ("3", "ALTER TABLE app.accounts DROP CONSTRAINT not_below_floor; UPDATE app.accounts SET floor = 1 WHERE guarded"),
    ("3", "ALTER TABLE app.accounts DROP CONSTRAINT not_below_floor;"
          " UPDATE app.accounts SET balance = -1 WHERE guarded"),
    ("4", "UPDATE app.entries SET delta = -delta WHERE account_id ="
          " (SELECT account_id FROM app.accounts WHERE bucket = 'bonus' LIMIT 1) AND version = 1"),
    ("4", "UPDATE app.card_lots SET principal_left = principal_left - 1 WHERE principal_left > 0"),
    ("4", "UPDATE app.card_lots SET bonus_left = bonus_left + 1"),
    ("4", "UPDATE app.card_lots SET bonus_granted = 0 WHERE origin = 'opening'"),
    ("4", "UPDATE app.card_lots SET clawed_minor = clawed_minor + 1 WHERE refunded_minor > 0"),
    ("4", "UPDATE app.tx_registry SET refunded_minor = amount_minor + 1 WHERE refunded_minor > 0"),
    ("4", "UPDATE app.tx_registry SET refunded_minor = 0 WHERE kind = 'topped_up'"),
    ("4", "UPDATE app.tx_registry SET amount_minor = amount_minor + 1 WHERE kind = 'card_charged'"),
    ("4", "UPDATE app.tx_registry SET basis = jsonb_set(basis, '{parts,0,1}', '\"principal\"') WHERE basis ? 'parts'"),
    ("4", "UPDATE app.tx_registry SET basis = jsonb_set(basis, '{back,0}', '99999') WHERE basis ? 'back'"),
    ("4", "DELETE FROM app.card_refunds"),
    ("4", "UPDATE app.card_refunds SET original_tx_no = 'ZF0'"),
    ("4", "UPDATE app.card_refunds SET cash_minor = cash_minor - 1 WHERE kind = 'top_up'"),
    ("4", "UPDATE app.card_refunds SET cash_minor = amount_minor, principal_minor = 0 WHERE principal_minor > 0"),
    ("4", "UPDATE app.card_top_ups SET bonus_minor = bonus_minor + 7"),
    ("4", "UPDATE app.card_top_ups SET amount_minor = amount_minor + 1000"),
    ("4", "UPDATE app.card_lots SET principal_granted = principal_granted + 1 WHERE origin = 'top_up'"),
    ("4", "UPDATE app.card_lots SET uncollected_minor = 1 WHERE origin = 'top_up'"),
    ("4", "UPDATE app.card_refunds SET uncollected_minor = uncollected_minor + 1 WHERE kind = 'top_up'"),
    ("4", "UPDATE app.card_refunds SET bonus_minor = bonus_minor + 1 WHERE kind = 'top_up'"),
    ("5", "UPDATE app.member_passes SET uses_bought = uses_bought + 1"),
    ("5", "UPDATE app.member_passes SET amount_minor = amount_minor + 1"),
    ("5", "UPDATE app.pass_redemption_batches SET reversed_by = tx_id WHERE uses = 16"),
    ("5", "DELETE FROM app.pass_redemptions WHERE line_no = 16"),
    ("5", "UPDATE app.pass_redemptions SET use_no = NULL WHERE line_no = 16"),
    ("5", "ALTER TABLE app.pass_redemptions DROP CONSTRAINT pass_redemptions_ledger_id_pass_id_use_no_key;"
          " UPDATE app.pass_redemptions SET use_no = 1 WHERE use_no = 2"),
    ("6", "UPDATE app.idempotency_registry SET tx_id = gen_random_uuid() WHERE outcome ->> 'outcome' = 'accepted'"),
    ("6", "UPDATE app.idempotency_registry SET outcome = '{\"outcome\": \"refused\"}'"),
    ("6", "DELETE FROM app.idempotency_registry"),
    ("6", "UPDATE app.facts SET tx_no = 'ZF1' WHERE kind = 'OrderPaid'"),
    ("6", "UPDATE app.facts SET tx_id = NULL WHERE kind = 'OrderPaid'"),
    ("6", "UPDATE app.facts SET fact_id = gen_random_uuid() WHERE kind = 'OrderPaid'"),
    ("6", "UPDATE app.tx_registry SET reversed_by = NULL"),
    ("6", "UPDATE app.card_charges SET reversed_by = tx_id"),
    ("6", "UPDATE app.idempotency_registry SET outcome = jsonb_set(outcome, '{tx_id}', to_jsonb(gen_random_uuid()))"),
    ("6", "UPDATE app.idempotency_registry SET outcome = jsonb_set(outcome, '{tx_no}', '\"ZF00100000009\"')"
          " WHERE outcome ? 'tx_no'"),
    ("7", "DELETE FROM app.tx_registry WHERE kind = 'order_paid'"),
    ("7", "UPDATE app.transactions SET tx_no = 'ZF00100000002' WHERE kind = 'order_paid'"),
    ("7", "UPDATE app.number_counters SET last_no = last_no + 1 WHERE kind = 'HX'"),
    ("7", "UPDATE app.tx_registry SET amount_minor = amount_minor + 1 WHERE kind = 'order_paid'"),
    ("7", "UPDATE app.tx_registry SET tx_no = 'ZF-7' WHERE kind = 'order_paid'"),
    ("7", "UPDATE app.transactions SET external_order_id = 'O1' WHERE kind = 'order_paid'"),
    ("7", "INSERT INTO app.merchant_order_registry SELECT ledger_id, merchant_id, 'O1', tx_id, tx_no, created_at"
          " FROM app.tx_registry WHERE kind = 'order_paid'"),
    ("7", "UPDATE app.card_charges SET final_minor = final_minor - 1"),
    ("7", "UPDATE app.card_charges SET store_id = NULL"),
    ("7", "UPDATE app.card_charges SET tx_no = 'ZF00100000001'"),
    ("7", "UPDATE app.card_top_ups SET amount_minor = amount_minor + 1000"),
    ("7", "UPDATE app.card_top_ups SET currency = 'EUR'"),
    ("7", "UPDATE app.card_refunds SET amount_minor = amount_minor + 1"),
    ("7", "UPDATE app.card_refunds SET happened_at = happened_at - interval '1 day'"),
    ("7", "UPDATE app.orders SET total_minor = total_minor + 1"),
    ("7", "UPDATE app.orders SET currency = 'EUR'"),
    ("7", "UPDATE app.orders SET status = 'reversed'"),
    ("7", "UPDATE app.order_items SET total_minor = total_minor + 1"),
    ("7", "UPDATE app.topup_orders SET amount_minor = amount_minor + 1"),
    ("7", "UPDATE app.topup_orders SET tx_id = gen_random_uuid()"),
    ("7", "UPDATE app.pass_redemption_batches SET extra_total_minor = extra_total_minor + 1"
          " WHERE order_id IS NOT NULL"),
    ("7", "DELETE FROM app.slips WHERE slip_no = 'VR.SZ1T01.000002'"),
    ("8", "DELETE FROM audit.event_log WHERE event = 'posted.order_paid'"),
    ("8", "UPDATE audit.event_log SET recorded_at = recorded_at + interval '1 second' WHERE event LIKE 'posted.%'"),
    ("8", "DELETE FROM audit.event_log WHERE event = 'held'"),
    ("8", "UPDATE audit.event_log SET data = data || '{\"uses\": 9}' WHERE event = 'posted.pass_redeemed'"),
    ("8", "INSERT INTO audit.event_log SELECT ledger_id, life, xid, gen_random_uuid(), recorded_at, event, severity,"
          " principal_id, merchant_id, NULL, subject, data FROM audit.event_log WHERE event = 'held'"),
    ("8", "INSERT INTO audit.event_log SELECT ledger_id, 7, xid, gen_random_uuid(), recorded_at, event, severity,"
          " principal_id, merchant_id, NULL, subject, data FROM audit.event_log WHERE event = 'held'"),
    ("8", "DELETE FROM audit.event_log WHERE event = 'offline_loss'"),
    ("8", "DELETE FROM audit.seals"),
    ("8", "UPDATE audit.seals SET prev = sha256('')"),
    ("8", "UPDATE audit.seals SET sealed_at = sealed_at + interval '1 microsecond'"),
    ("8", "UPDATE audit.seals SET epoch = 'other'"),
    ("8", "UPDATE audit.seals SET signature = sha512('')"),
    ("8", "UPDATE audit.seals SET key_id = 'unknown'"),
    # A whole other history, well made but for the signature and what the tills hold.
    ("8", "UPDATE audit.event_log SET subject = 'x' WHERE event = 'held';"
          " UPDATE audit.seals AS s SET rows_hash ="
          " (SELECT sha256(string_agg(audit.row_hash(e), '' ORDER BY xid, event_id))"
          " FROM audit.event_log AS e WHERE e.xid >= s.from_xid AND e.xid < s.upto_xid);"
          " UPDATE audit.seals AS s SET hash = audit.seal_hash(s)"),
    ("8", "UPDATE app.terminal_heads SET vouched_hash = sha256('') WHERE vouched_hash IS NOT NULL"),
    ("8", "UPDATE app.terminal_heads SET vouched_epoch = 'other' WHERE vouched_hash IS NOT NULL"),
    ("8", "UPDATE app.terminal_heads SET vouched_seal_no = 9 WHERE vouched_hash IS NOT NULL"),
    ("9", "DELETE FROM app.facts WHERE seq = 2"),
    ("9", "UPDATE app.facts SET prev = hash WHERE seq = 2"),
    ("9", "UPDATE app.facts SET bytes = bytes || ' ' WHERE seq = 2"),
    ("9", "UPDATE app.facts SET in_chain = false WHERE seq = 4"),
    ("9", "UPDATE app.terminal_heads SET hash = sha256('') WHERE seq > 4"),
    ("9", "UPDATE app.terminal_heads SET signature = sha512('')"),
    ("9", "UPDATE app.terminal_heads SET countersignature = sha512('')"),
    ("9", "UPDATE app.terminal_heads SET epoch = 'other'"),
    ("9", "UPDATE app.terminal_heads SET key_id = 'unknown'"),
    ("9", "DELETE FROM app.terminal_heads"),
    ("10", "UPDATE app.terminal_heads SET signed_seq = signed_seq + 1"),
    ("10", "UPDATE app.print_reports SET slip_no = 'VR.SZ1T01.000002';"
           " DELETE FROM app.slips WHERE slip_no = 'VR.SZ1T01.000002'"),
    ("10", "INSERT INTO app.print_reports SELECT ledger_id, gen_random_uuid(), slip_no, copy, merchant_id, state,"
           " changed_at, recorded_at FROM app.print_reports"),
    ("11", "UPDATE app.entries SET delta = delta + 5 WHERE account_id ="
           " (SELECT account_id FROM app.accounts WHERE bucket = 'redeemed' AND unit LIKE 'use/%')"),
    ("11", "UPDATE app.accounts SET balance = balance + 1 WHERE unit = 'point'"),
    # Wrong money that balances: on another account, or in the rows of the acts.
    *(("11", f"UPDATE app.entries SET account_id = (SELECT account_id FROM app.accounts WHERE {there} LIMIT 1)"
             f" WHERE account_id = (SELECT account_id FROM app.accounts WHERE {here} LIMIT 1)")
      for here, there in (
          ("bucket = 'redeemed' AND unit LIKE 'use/%'", "bucket = 'issued' AND unit LIKE 'use/%'"),
          ("bucket = 'issued' AND unit LIKE 'use/%'", "bucket = 'opening' AND unit LIKE 'use/%'"),
          ("bucket = 'opening' AND unit LIKE 'use/%'", "bucket = 'redeemed' AND unit LIKE 'use/%'"),
          ("bucket = 'opening' AND unit = 'CNY'", "bucket = 'issued' AND unit = 'CNY'"),
          ("bucket = 'forfeited' AND unit = 'CNY'", "bucket = 'issued' AND unit = 'CNY'"),
          ("bucket = 'redeemed' AND unit = 'CNY'", "bucket = 'issued' AND unit = 'CNY'"),
          ("bucket = 'offline_loss'", "bucket = 'redeemed' AND unit LIKE 'use/%'"),
          ("bucket = 'tender/cash'", "bucket = 'tender/wechat'"),
          ("bucket = 'tender/card'", "bucket = 'tender/cash'"),
          ("bucket = 'sales'", "bucket = 'stored_value'"),
          ("bucket = 'pass_sales'", "bucket = 'sales'"),
          ("bucket = 'stored_value'", "bucket = 'sales'"),
          ("bucket = 'vat/0.06'", "bucket = 'pass_sales'"),
      )),
    ("11", "INSERT INTO app.accounts SELECT ledger_id, gen_random_uuid(), merchant_id, owner_kind,"
           f" '{world.OTHER_STORE}', bucket, unit, guarded FROM app.accounts WHERE bucket = 'sales';"
           " UPDATE app.entries SET account_id = (SELECT account_id FROM app.accounts WHERE bucket = 'sales'"
           f" AND owner_id = '{world.OTHER_STORE}') WHERE account_id = (SELECT account_id FROM app.accounts"
           f" WHERE bucket = 'sales' AND owner_id = '{world.STORE}')"),
    ("11", "UPDATE app.payments SET amount_minor = 2 * amount_minor"),
    ("11", "UPDATE app.payments SET kind = 'alipay' WHERE kind = 'cash'"),
    ("11", "UPDATE app.entries AS e SET delta = delta + CASE WHEN a.bucket = 'sales' THEN -1 ELSE 1 END"
           " FROM app.accounts AS a, app.transactions AS t WHERE a.account_id = e.account_id AND t.tx_id = e.tx_id"
           " AND t.kind = 'order_paid' AND a.bucket IN ('sales', 'vat/0.06')"),
    ("11", "UPDATE app.accounts SET bucket = 'vat/0.10' WHERE bucket = 'vat/0.06'"),
    ("11", "DELETE FROM app.payments WHERE amount_minor < 0"),
    ("11", "UPDATE app.topup_orders SET uses = uses + 1"),
    ("11", "UPDATE app.topup_orders SET uses_forfeited = 1"),
    ("11", "UPDATE app.pass_redemption_batches SET loss_uses = loss_uses - 1 WHERE loss_uses > 0"),
    ("11", "UPDATE app.card_charges SET points = points + 1"),
    ("11", "UPDATE app.card_refunds SET cash_minor = cash_minor - 1, principal_minor = principal_minor + 1"
           " WHERE kind = 'top_up'"),
    ("11", "UPDATE app.card_refunds SET bonus_minor = bonus_minor + 1, principal_minor = principal_minor - 1"
           " WHERE kind = 'charge' AND principal_minor > 0"),
    ("11", "DELETE FROM app.card_charges"),
    ("11", "INSERT INTO app.reservations (ledger_id, reservation_id, fencing_no, merchant_id, terminal_id, source_kind,"
           " source_id, unit, amount, status, expires_at, tx_id, opened_at, origin)"
           " SELECT ledger_id, gen_random_uuid(), 1, merchant_id, gen_random_uuid(), 'pass', pass_id, 'use', 5, 'open',"
           " expires_at, gen_random_uuid(), created_at, 'hq' FROM app.member_passes"),
    ("12", "UPDATE app.pass_redemption_batches SET policy_version = 2 WHERE rung = 'at_risk'"),
    ("12", "UPDATE app.risk_policies SET body = replace(body, 'operation\":2', 'operation\":0')"),
    ("12", "UPDATE app.risk_policies SET body = replace(body, 'member_day\":3', 'member_day\":1')"),
    ("12", "UPDATE app.risk_policies SET body = replace(body, 'terminal\":4', 'terminal\":0')"),
    ("12", "UPDATE app.pass_redemption_batches SET loss_uses = 0"),
    ("12", "DELETE FROM app.offline_losses"),
    ("12", "UPDATE app.offline_losses SET amount = amount + 1"),
    ("12", "UPDATE app.offline_losses SET collected = 1"),
    # Decisions about a held fact: one that nothing was posted for, one that is not audited, one about what was posted.
    ("6", "INSERT INTO app.held_decisions SELECT ledger_id, terminal_id, hash, merchant_id, 'post', '{}', 'a test',"
          " fact_id, gen_random_uuid(), 'HX1', terminal_id, '', now() FROM app.facts WHERE outcome = 'held'"),
    ("8", "INSERT INTO app.held_decisions SELECT ledger_id, terminal_id, hash, merchant_id, 'reject', '{}', 'a test',"
          " fact_id, NULL, NULL, terminal_id, '', now() FROM app.facts WHERE outcome = 'held'"),
    ("6", "INSERT INTO app.held_decisions SELECT ledger_id, terminal_id, hash, merchant_id, 'reject', '{}', 'a test',"
          " fact_id, NULL, NULL, terminal_id, '', now() FROM app.facts WHERE outcome = 'accepted' LIMIT 1"),
    ("6", "UPDATE app.tx_registry SET kind = 'cash_lost' WHERE tx_id IN (SELECT tx_id FROM app.offline_losses);"
          " UPDATE app.facts AS f SET kind = 'Refunded', bytes ="
          " convert_to(json_build_object('body', json_build_object('refund_id', r.refund_id))::text, 'UTF8')"
          " FROM app.offline_losses AS l, (SELECT refund_id FROM app.card_refunds LIMIT 1) AS r"
          " WHERE f.fact_id = l.fact_id"),
    ("12", "UPDATE app.offline_losses SET collected = 1"),
    ("13", "UPDATE app.card_charges SET points = points + 1"),
    ("13", "UPDATE app.card_charges SET discount = 0.001"),
    ("13", "UPDATE app.card_charges SET raw_minor = raw_minor + 1"),
    ("13", "UPDATE app.card_refunds SET points_taken_back = points_taken_back + 1 WHERE kind = 'charge'"),
    ("13", "UPDATE app.card_refunds SET points_taken_back = points_taken_back - 1, points_short = 1"
           " WHERE points_taken_back > 0"),
    ("13", "UPDATE app.accounts SET balance = balance + 1 WHERE bucket = 'points'"),
    ("13", "UPDATE app.accounts SET owner_kind = 'member' WHERE bucket = 'points'"),
    ("13", "INSERT INTO app.membership_levels (level, min_points, max_points, discount)"
           " VALUES (1, 0, 100, 0.9), (2, 100, NULL, 0.8)"),
    ("14", "GRANT SELECT ON app.entries_default TO tillkeeper_app"),
    ("14", "GRANT SELECT ON app.orders TO PUBLIC"),
    ("14", "CREATE VIEW app.loose AS SELECT * FROM app.orders"),
    ("14", "ALTER TABLE app.orders NO FORCE ROW LEVEL SECURITY"),
    ("14", "DROP POLICY deny_all ON app.orders"),
    ("14", "CREATE TABLE app.forgotten (ledger_id smallint)"),
    ("14", "GRANT UPDATE (balance) ON app.accounts TO tillkeeper_app"),
    ("14", "GRANT DELETE ON audit.event_log TO tillkeeper_app"),
    ("14", "GRANT EXECUTE ON FUNCTION app.next_number TO PUBLIC"),
    ("14", "ALTER FUNCTION app.redeem_pass RESET search_path"),
    ("14", f"UPDATE app.entries SET merchant_id = '{world.OTHER_MERCHANT}' WHERE version = 1"),
    ("14", f"UPDATE app.accounts SET merchant_id = '{world.OTHER_MERCHANT}' WHERE bucket = 'sales'"),
    ("14", f"UPDATE app.pass_redemption_batches SET member_id = '{OTHER_MEMBER}'"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "statement"), _BREAKS)
async def test_what_is_broken_is_found(to_break: str, number: str, statement: str) -> None:
    """In a transaction that is rolled back: first as the owner, then as the program that looks."""
    async with await psycopg.AsyncConnection.connect(to_break) as connection:
        await connection.execute("SET LOCAL ROLE tillkeeper_owner")
        broken = await connection.execute(statement.encode())
        assert broken.rowcount != 0  # -1 for what changes no rows
        await connection.execute("SET LOCAL ROLE tillkeeper_app")
        found = (await invariants.answers(connection, [int(number)]))[number]
        await connection.rollback()
    assert found.state == "broken"
    assert found.details


def test_every_invariant_is_broken_once() -> None:
    assert {number for number, _ in _BREAKS} == {str(number) for number in range(1, 15)}

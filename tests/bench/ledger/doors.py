"""What is measured, as pgbench scripts: one statement each, so one round trip and one transaction.

A door of the product is called as its own login, with a terminal's claims set in the same statement. Each script
divides by zero when its call was not accepted, so that a refusal can never pass for speed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger import pgbench
from tests.bench.ledger.ground import MEMBER, OPERATOR, PASS, PEOPLE, TEA, TERMINAL, TERMINALS, claims_sql, sql_id

_TERMINAL_OF_CLIENT = sql_id(TERMINAL, f":client_id % {TERMINALS}")


@dataclass(frozen=True)
class Door:
    """A script, and who runs it: `app` the product's login, else the owner of the yardstick."""

    script: str
    app: bool = True

    def run(self, urls: DatabaseUrls, *, clients: int, seconds: int, timed: bool = False) -> pgbench.Run:
        """Call it on `clients` connections for some seconds, of which the first is warm-up."""
        url = urls.app if self.app else urls.maintenance
        return pgbench.run(url, self.script, clients=clients, seconds=seconds, timed=timed)


def redeem(people: int = PEOPLE) -> Door:
    """One cup from the pass of one of `people` members."""
    cup = {
        "product_id": TEA, "name": "红茶", "base_minor": 0, "vat_rate": "0.06", "add_ons": [], "total_minor": 0,
    }  # fmt: skip
    effect = {
        "redemption_id": "@id@", "pass_id": "@pass@", "member_id": "@member@", "business_day": "@day@", "uses": 1,
        "cups": [cup], "extra_total_minor": 0, "currency": "CNY", "vat": [], "tenders": [], "pickup_no": None,
        "rung": "online", "request_id": "@key@", "policy_version": None, "snapshot_at": None, "effect_hash": "@hash@",
        "judged_at": "@now@",
    }  # fmt: skip
    filled = _filled(effect, {"pass": sql_id(PASS, ":n"), "member": sql_id(MEMBER, ":n")})
    call = f"app.redeem_pass(1::smallint, new.key, sha256(new.key::bytea), {filled}, NULL, NULL, NULL)"
    return Door(_as_terminal(rf"\set n random(1, {people})", call))


def debit_tickets(people: int = PEOPLE, *, early_release: bool = False) -> Door:
    """One ticket of one of `people` members, spent at the till; `early_release`: as `engine.call` does it."""
    member = f"{sql_id(MEMBER, ':n')}::uuid"
    call = f"app.debit_tickets(1::smallint, new.key, sha256(new.key::bytea), {member}, 1, new.id)"
    return Door(_as_terminal(rf"\set n random(1, {people})", call, early_release=early_release))


def charge() -> Door:
    """A cup paid from one of many cards, by a code issued in the same statement: one act more than a till asks for."""
    cup = {
        "product_id": TEA, "name": "红茶", "base_minor": 1800, "vat_rate": "0.06", "add_ons": [], "total_minor": 1800,
    }  # fmt: skip
    effect = {
        "charge_id": "@id@", "cups": [cup], "raw_minor": 1800, "total_minor": 1800, "currency": "CNY",
        "vat": [{"rate": "0.06", "base_minor": 1698, "quota_minor": 102}], "pickup_no": None, "rung": "online",
        "request_id": "@key@", "effect_hash": "@hash@", "judged_at": "@now@",
    }  # fmt: skip
    call = f"""app.charge_by_request(
        1::smallint, new.key, sha256(new.key::bytea), {_filled(effect, {})}, NULL, claims.card_ref, 'hash')"""
    return Door(rf"""\set n random(1, {PEOPLE})
WITH operator AS MATERIALIZED ({claims_sql("platform", f"'{OPERATOR}'")}),
card AS MATERIALIZED (SELECT c.card_id FROM yardstick.cards AS c WHERE c.n = :n),
code AS MATERIALIZED (
    SELECT (app.put_card_code(1::smallint, card.card_id, 'personal', 'hash')).card_ref FROM operator, card),
claims AS MATERIALIZED ({claims_sql("terminal", _TERMINAL_OF_CLIENT)}, code.card_ref FROM code),
new AS MATERIALIZED (SELECT app.new_id()::text AS key, app.new_id()::text AS id)
SELECT 1 / (({call}) ->> 'outcome' = 'accepted')::integer FROM claims, new;
""")


def _as_terminal(pick: str, call: str, *, early_release: bool = False) -> str:
    """A call with the claims of the client's own terminal; it returns an outcome {"outcome", ...}.

    `early_release` commits without waiting for the disk, then waits for it in a statement of its own.
    """
    claims, settled = claims_sql("terminal", _TERMINAL_OF_CLIENT), ""
    if early_release:
        claims += ", set_config('synchronous_commit', 'off', true)"
        settled = "SELECT pg_logical_emit_message(true, 'tillkeeper', '');\n"
    return f"""{pick}
WITH claims AS MATERIALIZED ({claims}), new AS MATERIALIZED (SELECT app.new_id()::text AS key, app.new_id()::text AS id)
SELECT 1 / (({call}) ->> 'outcome' = 'accepted')::integer FROM claims, new;
{settled}"""


def _filled(plain: Mapping[str, object], parts: Mapping[str, str]) -> str:
    """SQL for this JSON, each `@name@` in it replaced by the value of a SQL expression."""
    usual = {
        "id": "new.id",
        "key": "new.key",
        "hash": "encode(sha256(new.id::bytea), 'hex')",
        "day": "current_date",
        "now": "statement_timestamp()",
    }
    text = json.dumps(plain, ensure_ascii=False)
    for name, expression in {**usual, **parts}.items():
        text = text.replace(f"@{name}@", f"' || {expression} || '")
    return f"('{text}')::jsonb"


def transfer(hot: bool = False) -> Door:
    """The yardstick: between two of as many accounts; `hot`: one of the two is always the same."""
    first = r"\set a 1" if hot else rf"\set a random(1, {PEOPLE})"
    script = rf"""{first}
\set b (:a - 1 + random(1, {PEOPLE} - 1)) % {PEOPLE} + 1
SELECT id FROM yardstick.transfer('acct_' || lpad(:a::text, 26, '0'), 'acct_' || lpad(:b::text, 26, '0'), 100);
"""
    return Door(script, app=False)


BARE_INSERT = Door("INSERT INTO yardstick.bare VALUES (gen_random_uuid(), 100, now());\n", app=False)

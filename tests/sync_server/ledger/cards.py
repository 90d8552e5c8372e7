"""Stored value without HTTP: the ledger's inner functions called as their owner, and what they left behind.

Rule: for tests only. `Desk` is a till or an office that acts; each call has a key of its own unless it is given one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

import psycopg

from tests.sync_server import world
from tests.sync_server.till import MEMBER

Owner = psycopg.Connection[tuple[Any, ...]]
Plain = dict[str, Any]
ADMIN = "0f000000-0000-7000-8000-0000000000aa"
"""A person at the operator's."""


def new_id() -> str:
    """An id as a till would make it."""
    return str(uuid4())


@dataclass
class Desk:
    """Who acts, where and when. Without a terminal: somebody at the merchant, or at the operator's."""

    owner: Owner
    terminal: str | None = world.TERMINAL
    merchant: str | None = world.MERCHANT
    store: str | None = world.STORE
    currency: str | None = "CNY"
    at: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=5))

    def call(self, name: str, effect: Plain, rest: str = "", key: str | None = None) -> Plain:
        """Call app.<name>(acting, effect, …)."""
        by = [self.terminal or ADMIN, self.terminal, self.merchant, self.store, self.currency, key or new_id(), self.at]
        row = self.owner.execute(
            f"SELECT app.{name}(ROW(1, %s, %s, %s, %s, %s, %s, NULL, NULL, %s)::app.acting, %s::jsonb{rest})".encode(),
            [*by, json.dumps(effect)],
        ).fetchone()
        assert row is not None
        self.at += timedelta(seconds=1)
        found: Plain = row[0]
        return found

    def top_up(self, amount: int, bonus: int = 0, **changes: Any) -> Plain:
        """Money on the member's card, in cash."""
        tender = {"kind": "cash", "amount_minor": amount, "received_minor": amount}
        effect = {
            "top_up_id": new_id(), "member_id": MEMBER, "amount_minor": amount, "bonus_minor": bonus,
            "bonus_rule_id": self.rule(bonus) if bonus else None, "currency": "CNY", "tenders": [tender],
        }  # fmt: skip
        return self.call("top_up", effect | changes)

    def rule(self, bonus: int, **changes: Any) -> str:
        """A rule that gives this bonus to every top-up."""
        rule = {
            "rule_id": new_id(), "merchant_id": world.MERCHANT, "currency": "CNY", "min_amount_minor": 1,
            "bonus_minor": bonus, "bonus_rate": 0, "starts_at": self.at - timedelta(days=1), "ends_at": None,
        } | changes  # fmt: skip
        self.owner.execute(
            "INSERT INTO app.bonus_rules VALUES (%(rule_id)s, %(merchant_id)s, %(currency)s, %(min_amount_minor)s,"
            " %(bonus_minor)s, %(bonus_rate)s, %(starts_at)s, %(ends_at)s)",
            rule,
        )
        return str(rule["rule_id"])

    def charge(self, raw: int, **changes: Any) -> Plain:
        """A bare charge of the member's card."""
        card_id = changes.pop("card_id", None) or card_of(self.owner)
        effect = {"charge_id": new_id(), "card_id": card_id, "raw_minor": raw, "total_minor": None, "currency": "CNY",
                  "request_id": new_id(), "effect_hash": "00" * 32}  # fmt: skip
        return self.call("charge_card", effect | changes, ", NULL, NULL")

    def charge_order(self, raw: int, total: int, vat: list[tuple[str, int, int]], **changes: Any) -> Plain:
        """An order of one cup paid from the card."""
        cup = {"product_id": world.PRODUCT, "name": "红茶", "base_minor": raw, "vat_rate": "0.06", "add_ons": [],
               "total_minor": raw}  # fmt: skip
        groups = [{"rate": rate, "base_minor": base, "quota_minor": quota} for rate, base, quota in vat]
        return self.charge(raw, total_minor=total, cups=[cup], vat=groups, pickup_no="A1", **changes)

    def refund(self, tx_no: str, amount: int, tender: str | None = None, **changes: Any) -> Plain:
        """Part of a charge or a top-up back."""
        effect = {"refund_id": new_id(), "original_tx_no": tx_no, "amount_minor": amount, "tender": tender,
                  "currency": "CNY", "reason": "customer_request"}  # fmt: skip
        return self.call("refund_tx", effect | changes)


def card_of(owner: Owner, member_id: str = MEMBER) -> str:
    """The member's own card."""
    return str(one(owner, "SELECT card_id FROM app.cards WHERE member_id = %s", member_id)[0])


def enterprise_card(owner: Owner, discount: str = "0.900", currency: str | None = "CNY") -> str:
    """A company's card."""
    card_id = new_id()
    owner.execute(
        "INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,"
        " currency, created_at) VALUES (1, %s, 'enterprise', %s, 'ENT00001', 'Acme', %s, %s, now())",
        [card_id, card_id[:12], discount, currency],
    )
    return card_id


def fund(desk: Desk, card_id: str, amount: int = 10000) -> str:
    """Money that a company's admin asked for and the payment service confirmed; returns the top-up's number."""
    office = Desk(desk.owner, terminal=None, merchant=None, store=None, currency=None)
    effect = {"top_up_id": new_id(), "card_id": card_id, "amount_minor": amount, "method": "alipay"}
    tx_no = str(office.call("request_top_up", effect)["tx_no"])
    desk.owner.execute(
        "SELECT app.settle_payment(ROW(1, %s, NULL, NULL, NULL, NULL, 'k', NULL, NULL, now())::app.acting, %s, %s)",
        [ADMIN, tx_no, new_id()],
    )
    return tx_no


def put_bands(owner: Owner, *bands: tuple[str | None, int, int, int | None, str]) -> None:
    """Level bands (merchant, level, min, max, discount)."""
    for band in bands:
        owner.execute("INSERT INTO app.membership_levels VALUES (%s, %s, %s, %s, %s)", band)


def one(owner: Owner, query: LiteralString, *values: object) -> tuple[Any, ...]:
    """The one row."""
    (found,) = owner.execute(query, values or None).fetchall()
    return found


def many(owner: Owner, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """All rows."""
    return owner.execute(query, values or None).fetchall()


def set_clock(owner: Owner, moment: datetime) -> None:
    """From now on the ledger's clock stands still there."""
    owner.execute(
        "CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE"
        f" AS $$ SELECT '{moment.isoformat()}'::timestamptz $$".encode()
    )


def held(owner: Owner, card_id: str | None = None) -> dict[str, int]:
    """Bucket -> balance of a card, without zeros."""
    query: LiteralString = "SELECT bucket, balance FROM app.accounts WHERE owner_kind = 'card' AND owner_id = %s"
    return {bucket: balance for bucket, balance in many(owner, query, card_id or card_of(owner)) if balance}


def lots(owner: Owner, card_id: str | None = None) -> list[tuple[int, int, int, int]]:
    """(principal granted, bonus granted, principal left, bonus left) of a card's lots, oldest first."""
    return many(
        owner,
        "SELECT principal_granted, bonus_granted, principal_left, bonus_left FROM app.card_lots WHERE card_id = %s"
        " ORDER BY opened_at, lot_id",
        card_id or card_of(owner),
    )


def moved(owner: Owner, tx_no: str) -> dict[str, int]:
    """ "<owner kind>/<bucket>/<unit>" -> what a transaction moved there."""
    found = many(
        owner,
        "SELECT a.owner_kind || '/' || a.bucket || '/' || a.unit, e.delta FROM app.tx_registry r"
        " JOIN app.entries e USING (ledger_id, tx_id) JOIN app.accounts a USING (ledger_id, account_id)"
        " WHERE r.tx_no = %s",
        tx_no,
    )
    return dict(found)


def all_fits(owner: Owner) -> None:
    """Lots and balances say the same of every card, and every transaction is balanced and audited."""
    assert many(owner, _LOTS_DIFFER) == []
    assert many(owner, _UNBALANCED) == []
    assert many(owner, _NOT_AUDITED) == []


_LOTS_DIFFER: LiteralString = """
SELECT c.card_id, lots.principal, lots.bonus, held.principal, held.bonus FROM app.cards AS c
 CROSS JOIN LATERAL (SELECT coalesce(sum(l.principal_left), 0) AS principal, coalesce(sum(l.bonus_left), 0) AS bonus
                       FROM app.card_lots AS l WHERE l.card_id = c.card_id) AS lots
 CROSS JOIN LATERAL (SELECT coalesce(sum(a.balance) FILTER (WHERE a.bucket = 'principal'), 0) AS principal,
                            coalesce(sum(a.balance) FILTER (WHERE a.bucket = 'bonus'), 0) AS bonus
                       FROM app.accounts AS a WHERE a.owner_kind = 'card' AND a.owner_id = c.card_id) AS held
 WHERE (lots.principal, lots.bonus) <> (held.principal, held.bonus)
"""
_UNBALANCED: LiteralString = """
SELECT e.tx_id, a.unit FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)
 GROUP BY e.tx_id, a.unit HAVING sum(e.delta) <> 0
"""
_NOT_AUDITED: LiteralString = """
SELECT t.tx_no FROM app.transactions AS t WHERE t.status = 'completed' AND NOT EXISTS (
    SELECT FROM audit.event_log AS l WHERE l.tx_id = t.tx_id AND l.event = 'posted.' || t.kind)
"""

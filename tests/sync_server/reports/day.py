"""A day of business with everything in it, for the invariants to hold on; tests break copies of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from models.facts import Evidence, RequestAbandoned
from models.wire import PrintReport
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.jobs.clockwork import seal
from sync_server.ledger.functions import LEDGER_ID, OpeningBalance, OpeningPass, import_opening
from sync_server.ledger.seals import newest_head
from tests.sync_server import world
from tests.sync_server.till import (
    MEMBER,
    OTHER_MEMBER,
    FakeTill,
    build_shop,
    plan,
    redeem_of,
    set_policy,
)

Owner = psycopg.Connection[tuple[Any, ...]]


@dataclass
class Till:
    """Acts of cards as the owner of the functions, each with the key that a request would have."""

    owner: Owner
    keys: int = 0

    def do(self, function: LiteralString, effect: dict[str, object], *more: object) -> dict[str, Any]:
        """Call an inner function for the world's terminal and keep its answer, as a door does."""
        self.keys += 1
        blanks = "".join(", %s" for _ in more)
        row = self.owner.execute(
            f"""
            WITH acting AS (
                SELECT ROW({LEDGER_ID}, t.terminal_id, t.terminal_id, t.merchant_id, s.store_id, s.currency, %s, NULL,
                           NULL, app.now_utc())::app.acting AS who
                  FROM app.terminals AS t JOIN app.stores AS s USING (store_id) WHERE t.terminal_id = %s)
            SELECT app.answer(who, %s, sha256(%s), NULL, app.{function}(who, %s{blanks})) FROM acting
            """.encode(),
            [f"day-{self.keys}", world.TERMINAL, f"day-{self.keys}", b"", Jsonb(effect), *more],
        ).fetchone()
        assert row is not None
        assert row[0]["outcome"] == "accepted", row[0]
        found: dict[str, Any] = row[0]
        return found


def card_business(owner: Owner) -> None:
    """A top-up whose spent bonus is collected from its principal, and comes back as such; another one, spent."""
    till = Till(owner)
    member = {"member_id": MEMBER}
    owner.execute(
        "INSERT INTO app.bonus_rules (rule_id, merchant_id, currency, min_amount_minor, bonus_minor, starts_at)"
        " VALUES ('0b0b0000-0000-7000-8000-000000000001', %s, 'CNY', 10000, 2000, '2020-01-01Z')",
        [world.MERCHANT],
    )
    bonus = {"bonus_minor": 2000, "bonus_rule_id": "0b0b0000-0000-7000-8000-000000000001", "currency": "CNY"}
    paid = {"tenders": [{"kind": "cash", "amount_minor": 10000, "received_minor": 10000}]}

    def top_up(number: int) -> str:
        ident = f"0b0c0000-0000-7000-8000-{number:012d}"
        return str(till.do("top_up", {"top_up_id": ident, "amount_minor": 10000, **member, **bonus, **paid})["tx_no"])

    def charge(number: int, raw: int, card: str) -> str:
        ident = f"0b0d0000-0000-7000-8000-{number:012d}"
        effect = {"charge_id": ident, "card_id": card, "raw_minor": raw, "currency": "CNY"}
        return str(till.do("charge_card", effect, None, None)["tx_no"])

    def refund(number: int, tx_no: str, amount: int) -> dict[str, Any]:
        ident = f"0b0e0000-0000-7000-8000-{number:012d}"
        effect = {"refund_id": ident, "original_tx_no": tx_no, "amount_minor": amount, "reason": "changed_mind"}
        return till.do("refund_tx", effect)

    first = top_up(1)
    (card,) = owner.execute("SELECT card_id::text FROM app.cards WHERE member_id = %s", [MEMBER]).fetchone() or ("",)
    early = charge(1, 1000, card)
    refund(1, first, 4000)
    refund(2, first, 6000)
    refund(3, early, 400)
    refund(4, early, 401)
    top_up(2)
    refund(5, charge(2, 5005, card), 333)
    charge(3, 1000, card)


async def a_day(pool: Pool, owner: Owner) -> FakeTill:
    """Everything that can happen: sales, uses, an order, requests kept and taken back, a loss, held facts, paper."""
    await build_shop(pool)
    await set_policy(pool)
    till = await FakeTill(pool).pair()
    second = await FakeTill(pool, world.SECOND_TERMINAL, "SZ1T02", keys=till.keys).pair()
    async with transaction(pool, PLATFORM) as connection:
        opening = OpeningPass(
            "0f000000-0000-7000-8000-000000000001", OTHER_MEMBER, world.PLAN, "active", 10, 7, 15000,
            till.at.replace(year=2099),
        )  # fmt: skip
        balances = [
            OpeningBalance(OTHER_MEMBER, "principal", "CNY", 500),
            OpeningBalance(OTHER_MEMBER, "bonus", "CNY", 50),
        ]
        await import_opening(connection, world.MERCHANT, "opening", [opening], balances)
    sold = till.sell_pass()
    till.sell_pass(sold.pass_id, stacked=True, sold=plan())
    till.redeem(sold.pass_id, Evidence("own_sale"), cups=16, extra=1)
    till.order()
    till.redeem("0f000000-0000-7000-8000-000000000009", Evidence("own_sale"))
    await till.push()
    second.redeem(sold.pass_id, Evidence("at_risk", None, 1, "n", second.at))
    await second.push()
    request = till.request(till.redemption(sold.pass_id, Evidence("online")))
    till.counters["VR"] -= 1  # no paper was ever made for it
    await till.ask(request)
    till.fact(RequestAbandoned(request.request_id, "no_answer"))
    await till.push()
    body = till.redemption(sold.pass_id, Evidence("online"), cups=3)
    request = till.request(body)
    await till.ask(request)
    till.fact(
        replace(body, business_day=redeem_of(request).business_day, evidence=Evidence("online", request.request_id))
    )
    second.redeem(sold.pass_id, Evidence("at_risk", None, 1, "n", second.at))
    await second.push()
    await till.push(prints=(PrintReport("VR.SZ1T01.000001", 0, "printed", till.at),))
    card_business(owner)
    await seal(pool, till.keys, lambda: datetime.now(UTC))
    async with transaction(pool) as connection:
        await till.push([], seal=await newest_head(connection))
    return till

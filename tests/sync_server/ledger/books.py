"""The real books of a small shop on a database of its own: its doors, a clock that can be moved, and all that is held.

Rule: for tests only, for code that does not await. `look` and `picture` say the same of the database and of a
PlainLedger; neither computes anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

from models.cards import LevelBand
from models.facts import Body
from models.wire import FactResult
from sync_server.cards.levels import put_bands
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Claims, call, open_pool, transaction
from sync_server.database.migrate import secure_database
from tests.sync_server import world
from tests.sync_server.conftest import Server
from tests.sync_server.ledger.asking import know
from tests.sync_server.ledger.cards import card_of, enterprise_card
from tests.sync_server.ledger.plain_ledger import Bands, PlainLedger
from tests.sync_server.ledger.plain_values import OPERATOR, Card, Lot, Plan, Rule, thousandths
from tests.sync_server.till import MEMBER, OTHER_MEMBER, REVIEWED_PLAN, FakeTill, all_holds, as_owner, build_shop, plan

Outcome = dict[str, Any]
BANDS: dict[str, Bands] = {
    world.MERCHANT: [(0, 29, 1000), (80, 199, 950), (200, 399, 875), (500, None, 333)],
    OPERATOR: [(0, 99, 1000), (100, None, 905)],
}
"""The other merchant has none of its own; 30 to 79 and 400 to 499 points fall into gaps."""
PLANS = (Plan(world.PLAN, 6, 3, False, 4, 7), Plan(REVIEWED_PLAN, 5, 5, True, 3, 9))
PRICES = {world.PLAN: 9999, REVIEWED_PLAN: 10000}
ENTERPRISE_DISCOUNT = 855


class Books:
    """A shop with two members, an enterprise card whose admin is the first of them, and a till that hands in facts."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._runner, self._open = server, asyncio.Runner(), AsyncExitStack()
        self._urls = server.create(template)
        secure_database(self._urls)
        self._owner = as_owner(self._urls)
        self._hours = 0
        try:
            self._runner.run(self._build())
        except BaseException:
            self.close()
            raise

    async def _build(self) -> None:
        self.pool = await self._open.enter_async_context(open_pool(self._urls.app, min_size=1, max_size=2))
        await build_shop(self.pool)
        await know(self.pool, MEMBER, OTHER_MEMBER)
        self.opened_at = self.now()
        self.rules = _rules(self.opened_at)
        async with transaction(self.pool, PLATFORM) as connection:
            for each in PLANS:
                terms = plan(
                    each.plan_id, auto_activate=not each.waits, uses=each.uses, validity_days=each.days,
                    max_uses_per_order=each.per_order, max_uses_per_day=each.per_day, price_minor=PRICES[each.plan_id],
                )  # fmt: skip
                await put(connection, terms)
            for merchant, bands in BANDS.items():
                levels = [LevelBand(level, low, high, thousandths(cut)) for level, (low, high, cut) in enumerate(bands)]
                await put_bands(connection, None if merchant == OPERATOR else merchant, levels)
        for rule in self.rules:  # not by their door: some have ended long ago
            rate = f"{rule.rate // 10_000}.{rule.rate % 10_000:04}"
            self._owner.execute(
                "INSERT INTO app.bonus_rules VALUES (%s, %s, 'CNY', %s, %s, %s, %s, %s)",
                [rule.rule_id, world.MERCHANT, rule.least, rule.fixed, rate, rule.starts, rule.ends],
            )
        self.till = await FakeTill(self.pool).pair()
        company = enterprise_card(self._owner, thousandths(ENTERPRISE_DISCOUNT), None)
        self._owner.execute(
            "INSERT INTO app.enterprise_card_bindings VALUES (1, %s, %s, 'admin', now())", [company, MEMBER]
        )
        ends = {card_of(self._owner, OTHER_MEMBER): self.now() + timedelta(days=9), company: None}
        self.cards = [Card(card_of(self._owner), MEMBER)]
        self.cards += [
            Card(card, None if card == company else OTHER_MEMBER, expires_at=at) for card, at in ends.items()
        ]
        self.cards[-1].discount = ENTERPRISE_DISCOUNT
        for card in self.cards:
            self._owner.execute(
                "UPDATE app.cards SET expires_at = %s WHERE card_id = %s", [card.expires_at, card.card_id]
            )
        self.references = dict(self._owner.execute("SELECT card_id::text, card_ref FROM app.cards").fetchall())

    def close(self) -> None:
        """Drop the database."""
        self._runner.run(self._open.aclose())
        self._runner.close()
        self._owner.close()
        self._server.drop(self._urls)

    def now(self) -> datetime:
        """The shop's time."""
        return datetime.now(UTC) + timedelta(hours=self._hours)

    def move_clock(self, hours: int) -> None:
        """From now on it is so much later, for the ledger too."""
        self._hours += hours
        self._owner.execute(
            "CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
            f" AS $$ SELECT statement_timestamp() + interval '{self._hours} hours' $$".encode()
        )

    def ask(self, claims: Claims, function: LiteralString, values: Sequence[object]) -> Any:
        """Call a door as somebody; what it says."""
        return self._runner.run(call(self.pool, claims, function, values))

    def hand_in(self, body: Body, fact_id: str, at: datetime) -> tuple[int, FactResult]:
        """The till's next fact; its place in the chain and what became of it."""
        self.till.fact(body, fact_id=fact_id, happened_at=at)
        return self.till.seq, self.hand_in_again(self.till.seq)

    def hand_in_again(self, seq: int) -> FactResult:
        """A fact of the till's chain, with the head after it."""
        (result,) = self._runner.run(self.till.push([self.till.texts[seq - 1]], seq)).results
        return result

    def check(self) -> None:
        """All invariants hold, and the audit is sealed."""
        self._runner.run(all_holds(self.pool))

    def lot_of(self, tx_no: str) -> str:
        """The id that the lot of a pending top-up will have; the database has made it."""
        row = self._owner.execute("SELECT top_up_id::text FROM app.card_top_ups WHERE tx_no = %s", [tx_no]).fetchone()
        assert row is not None
        return str(row[0])

    def look(self) -> dict[str, Any]:
        """Everything that the database holds and has posted."""
        row = self._owner.execute(_LOOK).fetchone()
        assert row is not None
        found: dict[str, Any] = row[0]
        return found


def _rules(now: datetime) -> list[Rule]:
    """Several at once: in force, ended, ending, to come; the bonus may be more than the money."""
    day = timedelta(days=1)
    return [
        Rule(str(uuid4()), 1000, 100, 0, now - day, None),
        Rule(str(uuid4()), 5000, 0, 2000, now - day, None),
        Rule(str(uuid4()), 5000, 333, 1666, now - day, now + 3 * day),
        Rule(str(uuid4()), 20000, 500, 1333, now - day, None),
        Rule(str(uuid4()), 300, 0, 9999, now - 2 * day, now - day),
        Rule(str(uuid4()), 2000, 1999, 7777, now - day, now + 2 * day),
        Rule(str(uuid4()), 3000, 3000, 10000, now + day, None),
    ]


def picture(plain: PlainLedger) -> dict[str, Any]:
    """What `look` must find."""
    return {
        "accounts": {"|".join(account): held for account, held in plain.accounts.items() if held},
        "lots": {card.card_id: [_lot(lot) for lot in card.lots] for card in plain.cards.values() if card.lots},
        "posted": {
            tx_no: [tx.kind, tx.amount, tx.merchant, tx.status, tx.refunded, tx.reversed]
            for tx_no, tx in plain.posted.items()
        },
        "refunds": plain.refunds,
        "top_ups": {tx_no: [top_up.status, top_up.bonus, top_up.payment] for tx_no, top_up in plain.top_ups.items()},
        "passes": {
            each.pass_id: [
                each.member, each.plan.plan_id, each.status, each.bought, each.amount, _moment(each.expires_at)
            ]
            for each in plain.passes.values()
        },
        "purchases": {
            order: [each.held.pass_id, each.review, each.starts, each.uses, each.amount]
            for order, each in plain.purchases.items()
        },
        "reservations": {
            name: [each.amount, each.used, each.returned, each.open, _moment(each.expires_at)]
            for name, each in plain.reservations.items()
        },
        "adjustments": {name: each.status for name, each in plain.adjustments.items()},
        "cards": {card.card_id: [card.status, card.currency] for card in plain.cards.values()},
        "unbalanced": 0,
    }  # fmt: skip


def _lot(lot: Lot) -> list[Any]:
    counted = [lot.granted["principal"], lot.granted["bonus"], lot.left["principal"], lot.left["bonus"]]
    return [lot.origin, *counted, lot.refunded, lot.clawed, lot.uncollected]


def _moment(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


_LOOK: LiteralString = """
WITH total AS (
    SELECT concat_ws('|', a.owner_kind, a.owner_id, a.bucket, a.unit) AS name, coalesce(a.balance, sum(e.delta)) AS held
      FROM app.accounts AS a LEFT JOIN app.entries AS e USING (ledger_id, account_id)
     GROUP BY a.ledger_id, a.account_id
), lot AS (
    SELECT l.card_id, jsonb_agg(jsonb_build_array(
               l.origin, l.principal_granted, l.bonus_granted, l.principal_left, l.bonus_left, l.refunded_minor,
               l.clawed_minor, l.uncollected_minor) ORDER BY l.opened_at, l.lot_id) AS lots
      FROM app.card_lots AS l GROUP BY l.card_id
), uneven AS (
    SELECT FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)
     GROUP BY e.tx_id, a.unit HAVING sum(e.delta) <> 0
)
SELECT jsonb_build_object(
    'accounts', (SELECT coalesce(jsonb_object_agg(name, held), '{}') FROM total WHERE held <> 0),
    'lots', (SELECT coalesce(jsonb_object_agg(card_id, lots), '{}') FROM lot),
    'posted', (SELECT coalesce(jsonb_object_agg(coalesce(r.tx_no, t.tx_no), jsonb_build_array(
                   r.kind, t.amount_minor, r.merchant_id, t.status, r.refunded_minor, r.reversed_by IS NOT NULL)), '{}')
                 FROM app.tx_registry AS r FULL JOIN app.transactions AS t
                   ON t.ledger_id = r.ledger_id AND t.tx_id = r.tx_id AND t.tx_no = r.tx_no AND t.kind = r.kind
                  AND t.amount_minor = r.amount_minor AND t.merchant_id IS NOT DISTINCT FROM r.merchant_id),
    'refunds', (SELECT coalesce(jsonb_object_agg(tx_no, jsonb_build_array(amount_minor, bonus_minor, principal_minor,
                    cash_minor, uncollected_minor, points_taken_back, points_short)), '{}') FROM app.card_refunds),
    'top_ups', (SELECT coalesce(jsonb_object_agg(tx_no, jsonb_build_array(status, bonus_minor, payment_ref)), '{}')
                  FROM app.card_top_ups),
    'passes', (SELECT coalesce(jsonb_object_agg(pass_id, jsonb_build_array(member_id, plan_id, status, uses_bought,
                   amount_minor, (1000000 * extract(epoch FROM expires_at))::bigint)), '{}') FROM app.member_passes),
    'purchases', (SELECT coalesce(jsonb_object_agg(topup_order_id, jsonb_build_array(pass_id, review, starts, uses,
                      amount_minor)), '{}') FROM app.topup_orders),
    'reservations', (SELECT coalesce(jsonb_object_agg(reservation_id, jsonb_build_array(amount, used, returned,
                         status = 'open', (1000000 * extract(epoch FROM expires_at))::bigint)), '{}')
                       FROM app.reservations),
    'adjustments', (SELECT coalesce(jsonb_object_agg(adjustment_id, status), '{}') FROM app.adjustments),
    'cards', (SELECT jsonb_object_agg(card_id, jsonb_build_array(status, currency)) FROM app.cards),
    'unbalanced', (SELECT count(*) FROM uneven))
"""

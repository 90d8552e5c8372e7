"""Many callers at one moment, each on a connection of its own, through the program's own way of calling.

Rule: for tests only. A crowd is let go together: what all of them need is held until every one of them waits for it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import uuid4

from psycopg.types.json import Jsonb

from sync_server.database.engine import Claims, Pool, call, retrying, settled
from sync_server.database.errors import DatabaseTrouble
from sync_server.ledger.functions import LEDGER_ID
from sync_server.ledger.units import Act
from tests.sync_server import world
from tests.sync_server.ledger.cards import Owner

Outcome = dict[str, Any]
Ask = Callable[[], Coroutine[Any, Any, Outcome]]
CODE_HASH = "the hash that a scanned secret has matched"
_DAY = "2026-01-01"


class Conflicts(dict[str, int]):
    """SQLSTATE of a transaction that was tried again -> how many."""

    def count(self, trouble: DatabaseTrouble) -> None:
        """Note a conflict; anything else is not ours."""
        if trouble.code == "database_conflict":
            state = str(trouble.data.get("sqlstate"))
            self[state] = self.get(state, 0) + 1


async def asked(
    pool: Pool, claims: Claims, function: LiteralString, values: Sequence[object], conflicts: Conflicts | None = None
) -> Outcome:
    """Call a door as the program does: one round trip, conflicts tried again, told when it is on disk."""

    async def once() -> Outcome:
        try:
            found: Outcome = await call(pool, claims, function, values)
        except DatabaseTrouble as trouble:
            if conflicts is not None:
                conflicts.count(trouble)
            raise
        await settled(pool)
        return found

    return await retrying(once, also_unavailable=True)


def door(name: LiteralString, act: Act, *values: object) -> tuple[LiteralString, list[object]]:
    """The call of a door that takes the ledger, a key, its content's hash and these values."""
    return name, [LEDGER_ID, act.key, act.content_hash, *values]


DEBIT: LiteralString = "app.debit_tickets(%s::smallint, %s, %s, %s, %s::numeric, %s)"
GRANT: LiteralString = "app.grant_units(%s::smallint, %s, %s, %s, %s, %s::numeric, %s, %s)"
TRADE: LiteralString = "app.trade_units(%s::smallint, %s, %s, %s, %s, %s, %s::numeric, %s, %s::numeric, %s)"
RESERVE: LiteralString = "app.reserve(%s::smallint, %s, %s, %s, %s, %s, %s::numeric, %s)"
SETTLE: LiteralString = "app.settle_reservation(%s::smallint, %s, %s, %s, %s::numeric, %s, %s)"
CLOSE: LiteralString = "app.close_reservation(%s::smallint, %s, %s, %s)"
REDEEM: LiteralString = "app.redeem_pass(%s::smallint, %s, %s, %s, NULL, NULL, NULL)"
CHARGE: LiteralString = "app.charge_by_request(%s::smallint, %s, %s, %s, NULL, %s, %s)"
REFUND: LiteralString = "app.refund_by_request(%s::smallint, %s, %s, %s, NULL)"


def new_act(content: object) -> Act:
    """An act under a key of its own."""
    return Act(str(uuid4()), hashlib.sha256(repr(content).encode()).digest())


def redemption(act: Act, pass_id: str, member_id: str, judged_at: str, uses: int = 1) -> Jsonb:
    """What the program tells the ledger of a request to redeem cups without extras."""
    cup = {"product_id": world.PRODUCT, "name": "红茶", "base_minor": 0, "vat_rate": "0.06", "add_ons": [],
           "total_minor": 0}  # fmt: skip
    return _effect(act, {
        "redemption_id": str(uuid4()), "pass_id": pass_id, "member_id": member_id, "business_day": _DAY, "uses": uses,
        "cups": [cup] * uses, "extra_total_minor": 0, "currency": "CNY", "vat": [], "tenders": [], "pickup_no": None,
        "rung": "online", "policy_version": None, "snapshot_at": None, "judged_at": judged_at,
    })  # fmt: skip


def charge(act: Act, minor: int, judged_at: str, total: int | None = None) -> Jsonb:
    """What the program tells the ledger of a request to pay one cup from a card; `total` None: at the full price."""
    total = minor if total is None else total
    cup = {"product_id": world.PRODUCT, "name": "红茶", "base_minor": minor, "vat_rate": "0.06", "add_ons": [],
           "total_minor": minor}  # fmt: skip
    return _effect(act, {
        "charge_id": str(uuid4()), "cups": [cup], "raw_minor": minor, "total_minor": total, "currency": "CNY",
        "vat": [{"rate": "0.06", "base_minor": total, "quota_minor": 0}], "pickup_no": None, "judged_at": judged_at,
    })  # fmt: skip


def refund(act: Act, tx_no: str, minor: int, tender: str | None, judged_at: str) -> Jsonb:
    """What the program tells the ledger of a request to give back part of a charge or a top-up."""
    return _effect(act, {
        "refund_id": str(uuid4()), "original_tx_no": tx_no, "amount_minor": minor, "tender": tender, "currency": "CNY",
        "reason": "order_wrong", "judged_at": judged_at,
    })  # fmt: skip


def _effect(act: Act, plain: Mapping[str, object]) -> Jsonb:
    digest = hashlib.sha256(json.dumps(plain).encode()).hexdigest()
    return Jsonb({**plain, "request_id": act.key, "effect_hash": digest})


class Gate:
    """Holds rows until a crowd waits for them."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    @asynccontextmanager
    async def held(self, waiting: int, *locks: LiteralString) -> AsyncIterator[None]:
        """Lock what these queries find; at the end of the block wait until that many wait, then let them go."""
        with self._owner.transaction():
            for query in locks:
                assert self._owner.execute(query).fetchall(), query
            yield
            for _ in range(1000):
                ((found,),) = self._owner.execute(_WAITING).fetchall()
                if found >= waiting:
                    return
                await asyncio.sleep(0.01)
            raise AssertionError(f"{found} of {waiting} came")


_WAITING: LiteralString = """
SELECT count(DISTINCT l.pid) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
 WHERE NOT l.granted AND a.datname = current_database()
"""


async def together(gate: Gate, asks: Sequence[Ask], *locks: LiteralString, waiting: int | None = None) -> list[Outcome]:
    """Ask all of it at one moment: nobody goes on before everybody has come to the rows of `locks`."""
    async with gate.held(len(asks) if waiting is None else waiting, *locks):
        running = [asyncio.create_task(ask()) for ask in asks]
    return list(await asyncio.gather(*running))

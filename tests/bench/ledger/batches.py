"""Facts handed in: many a call, beside one a call, on one connection.

Rule: the facts are a till's own bytes, and what the ledger is told of them is made by the product, before
the clock runs.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg

from models import facts
from models.facts import Evidence, Fact, SoldCup
from models.money import split_vat
from models.tenders import Tender
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.effects import StoreRules, prepare
from tests.bench.harness import Figure, figure
from tests.bench.ledger.ground import MEMBER, PASS, PEOPLE, PLAN, TEA, TERMINAL, claims_sql, numbered

BATCH, BATCHES, SINGLE = 500, 1, 100
ROUNDS = 7
_RULES = StoreRules("CNY", "Asia/Shanghai", 0, "zh-CN")


class Chain:
    """A till's chain of facts. Of ten: one pass sold on what a member holds, four cups from it, five for money."""

    def __init__(self, terminal: int) -> None:
        self.terminal_id = numbered(TERMINAL, terminal)
        self.code = f"SZ1T{terminal + 1:03d}"
        self.seq, self.prev = 0, facts.GENESIS
        self._slips = {"VR": 0, "TP": 0}
        self._at = datetime.now(UTC) - timedelta(hours=1)

    def take(self, count: int) -> tuple[str, str]:
        """The next facts as the arguments of a call: the head they follow, and what the ledger is told of them."""
        head = json.dumps({"seq": self.seq, "hash": self.prev})
        return head, json.dumps([self._item() for _ in range(count)], ensure_ascii=False)

    def _item(self) -> dict[str, object]:
        self._at += timedelta(milliseconds=100)
        self.seq += 1
        fact = Fact(
            str(uuid4()), self.terminal_id, self.seq, self.prev, self._at, None, None, None, "zh-CN", self._body()
        )
        text = facts.encode_fact(fact).decode()
        ready = prepare(fact, self.terminal_id, self.code, _RULES, self._at)
        if ready.held is not None:
            raise RuntimeError(f"a fact of the bench would be held: {ready.held}")
        prev, self.prev = self.prev, facts.hash_fact(text.encode())
        return {
            "hash": self.prev, "seq": self.seq, "prev": prev, "in_chain": True, "fact_id": fact.fact_id,
            "kind": ready.kind, "text": text, "held": None, "effect": ready.effect, "slips": list(ready.slips),
            "cashier_id": None, "happened_at": self._at.isoformat(), "judged_at": self._at.isoformat(),
        }  # fmt: skip

    def _body(self) -> facts.Body:
        number = self.seq // 10 % PEOPLE + 1
        pass_id, member_id = numbered(PASS, number), numbered(MEMBER, number)
        until = self._at + timedelta(days=90)
        match self.seq % 10:
            case 0:
                return facts.PassSold(
                    pass_id, member_id, PLAN, "十杯卡", True, 10, 10, until, "active", 15000, "CNY", "none", (),
                    (Tender("cash", 15000, 15000),), (self._slip("VR"),),
                )  # fmt: skip
            case 1 | 2 | 3 | 4 if self.seq > 10:
                cup = SoldCup(TEA, "红茶", 0, "0.06", ())
                return facts.PassRedeemed(
                    str(uuid4()), pass_id, member_id, "十杯卡", _RULES.day(self._at), (cup,), 1, 0, until, 0, "CNY", (),
                    (), (self._slip("VR"),), "A1", Evidence("own_sale"),
                )  # fmt: skip
            case _:
                cup = SoldCup(TEA, "红茶", 1800, "0.06", ())
                return facts.OrderPaid(
                    str(uuid4()), None, (cup,), 1800, "CNY", split_vat([("0.06", 1800)]),
                    (Tender("cash", 1800, 2000),), (self._slip("TP"),), "A2",
                )  # fmt: skip

    def _slip(self, kind: str) -> str:
        self._slips[kind] += 1
        return f"{kind}.{self.code}.{self._slips[kind]:06d}"


def figures(urls: DatabaseUrls) -> list[Figure]:
    """Facts per second: one a call, a hundred, five hundred; in turns."""
    chains = [Chain(terminal) for terminal in range(3)]
    with psycopg.connect(urls.app, autocommit=True) as connection:
        ways = [
            (SINGLE, caller(connection, chains[0], 1)),
            (BATCHES * BATCH // 100, caller(connection, chains[1], 100)),
            (BATCHES, caller(connection, chains[2], BATCH)),
        ]
        for calls, call in ways:  # uncounted
            call(calls)
        rounds = [[call(calls) for calls, call in ways] for _ in range(ROUNDS)]
    single, hundred, batch = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    beside = ("single_call", single)
    return [
        figure("single_call", single, "facts/s"),
        figure("posting_batch_100", hundred, "facts/s", beside=beside),
        figure("posting_batch", batch, "facts/s", beside=beside),
    ]


def caller(
    connection: psycopg.Connection[tuple[object, ...]], chain: Chain, facts_a_call: int
) -> Callable[[int], float]:
    """A function of a number of calls: makes them and returns facts per second."""
    claims = claims_sql("terminal", f"'{chain.terminal_id}'")
    statement = (
        f"WITH claims AS MATERIALIZED ({claims})"
        " SELECT app.intake_facts(1::smallint, %s::jsonb, %s::jsonb, NULL, false) FROM claims"
    ).encode()

    def call(calls: int) -> float:
        ready = [chain.take(facts_a_call) for _ in range(calls)]
        began = time.perf_counter()
        answers = [connection.execute(statement, arguments).fetchone() for arguments in ready]
        seconds = time.perf_counter() - began
        _check(answers, calls * facts_a_call)
        return calls * facts_a_call / seconds

    return call


def _check(answers: list[tuple[object, ...] | None], wanted: int) -> None:
    results = list(_results(answers))
    held = [result for result in results if result["reason"] is not None]
    if held or len(results) != wanted:
        raise RuntimeError(f"{len(results)} of {wanted} facts answered, {len(held)} held: {held[:1]}")


def _results(answers: list[tuple[object, ...] | None]) -> Iterator[dict[str, object]]:
    for answer in answers:
        if answer is None or not isinstance(answer[0], list):
            raise RuntimeError(f"the intake answered {answer}")
        yield from answer[0]

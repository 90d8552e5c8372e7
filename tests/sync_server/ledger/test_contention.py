"""Fifty at once and one left: one gets it, the others hear why not, for ever; one key at once is one act."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

import pytest

from sync_server.database.engine import Pool, call, open_pool
from sync_server.database.urls import DatabaseUrls
from sync_server.ledger.functions import LEDGER_ID
from sync_server.ledger.units import Act
from tests.sync_server import card_till, world
from tests.sync_server.ledger import rivals
from tests.sync_server.ledger.asking import COLLEAGUE, OPERATOR, SECOND_TERMINAL, TERMINAL, audited, entries, held, know
from tests.sync_server.ledger.cards import Owner, card_of, enterprise_card, one
from tests.sync_server.ledger.rivals import CODE_HASH, Ask, Gate, Outcome, asked, new_act, together
from tests.sync_server.till import MEMBER, OTHER_MEMBER, OWN, FakeTill, all_holds, uses_left, value

pytestmark = pytest.mark.anyio
CROWD = 50
Make = Callable[[], tuple[Act, Ask]]
"""Makes a request of its own: its key, and what asks it."""

_PASSES: LiteralString = "SELECT 1 FROM app.member_passes FOR UPDATE"
_CARDS: LiteralString = "SELECT 1 FROM app.cards FOR UPDATE"
_ACCOUNTS: LiteralString = "SELECT 1 FROM app.accounts WHERE guarded FOR UPDATE"


@pytest.fixture
async def crowd(database: DatabaseUrls) -> AsyncIterator[Pool]:
    """As many connections as callers."""
    async with open_pool(database.app, min_size=CROWD, max_size=CROWD) as opened:
        await opened.wait()
        yield opened


@pytest.fixture
def gate(owner: Owner) -> Gate:
    return Gate(owner)


def now() -> str:
    return datetime.now(UTC).isoformat()


def asking(crowd: Pool, name: LiteralString, *values: Any, claims: Any = TERMINAL) -> tuple[Act, Ask]:
    """A request that can be asked again and again: `values` may need its act."""
    act = new_act(values)
    filled = [value(act) if callable(value) else value for value in values]
    function, parameters = rivals.door(name, act, *filled)
    return act, lambda: asked(crowd, claims, function, parameters)


async def one_wins(crowd: Pool, gate: Gate, make: Make, lock: LiteralString, code: str, data: Outcome) -> Outcome:
    """Fifty ask at once; one is accepted, the rest are refused with this; all are asked again and hear the same."""
    wanted = [make() for _ in range(CROWD)]
    said = await together(gate, [ask for _, ask in wanted], lock)
    winners = [each for each in said if each["outcome"] == "accepted"]
    losers = [each for each in said if each["outcome"] == "refused"]
    assert (len(winners), len(losers)) == (1, CROWD - 1)
    assert [(each["code"], each["data"]) for each in losers] == [(code, data)] * (CROWD - 1)
    before = await entries(crowd)
    assert list(await asyncio.gather(*(ask() for _, ask in wanted))) == said
    assert await entries(crowd) == before
    lost = [act.key for (act, _), each in zip(wanted, said, strict=True) if each["outcome"] == "refused"]
    assert [await audited(crowd, "refused", key) for key in lost[:3]] == [1, 1, 1]
    assert await value(crowd, "SELECT count(*) FROM app.accounts WHERE balance < 0") == 0
    await all_holds(crowd)
    return winners[0]


async def one_act(crowd: Pool, gate: Gate, made: tuple[Act, Ask], lock: LiteralString) -> Outcome:
    """Fifty ask the same under one key at once: one transaction, one answer."""
    act, ask = made
    said = await together(gate, [ask] * CROWD, lock)
    assert said[0]["outcome"] == "accepted"
    assert all(each == said[0] for each in said)
    done = "SELECT count(*) FROM app.transactions WHERE idempotency_key = %s"
    assert await value(crowd, done, act.key) == 1
    assert await ask() == said[0]
    await all_holds(crowd)
    return said[0]


# Uses of a pass -------------------------------------------------------------------------------------------------


@pytest.fixture
async def sold(till: FakeTill) -> str:
    """A pass of ten uses."""
    found = till.sell_pass().pass_id
    await till.push()
    return found


def a_use(crowd: Pool, pass_id: str, uses: int = 1) -> tuple[Act, Ask]:
    return asking(crowd, rivals.REDEEM, lambda act: rivals.redemption(act, pass_id, MEMBER, now(), uses))


@pytest.mark.req("R035", "R090")
async def test_one_last_use(crowd: Pool, gate: Gate, sold: str) -> None:
    _, taken = a_use(crowd, sold, 9)
    assert (await taken())["uses_left"] == 1
    won = await one_wins(
        crowd, gate, lambda: a_use(crowd, sold), _PASSES, "uses_exhausted", {"uses_left": 0, "uses": 1}
    )
    assert (won["uses_left"], await uses_left(crowd, sold)) == (0, 0)
    assert await value(crowd, "SELECT sum(uses) FROM app.pass_redemption_batches") == 10


async def test_one_last_use_by_a_till_and_by_many_others(
    crowd: Pool, gate: Gate, sold: str, till: FakeTill, pool: Pool
) -> None:
    """A fact that has happened is never refused for want of uses when its till may take them; requests then are."""
    _, taken = a_use(crowd, sold, 9)
    await taken()
    till.redeem(sold, OWN)
    requests = [a_use(crowd, sold) for _ in range(CROWD - 1)]

    async def push() -> Outcome:
        (result,) = (await till.push(till.texts[1:])).results
        return {"outcome": "accepted" if result.reason is None else "refused", "code": result.reason}

    said = await together(gate, [push, *(ask for _, ask in requests)], _PASSES)
    assert Counter(each["outcome"] for each in said) == {"accepted": 1, "refused": CROWD - 1}
    assert {each["code"] for each in said if each["outcome"] == "refused"} == {"uses_exhausted"}
    assert await uses_left(crowd, sold) == 0
    await all_holds(crowd)


async def test_one_request_to_redeem_is_one_act(crowd: Pool, gate: Gate, sold: str) -> None:
    await one_act(crowd, gate, a_use(crowd, sold), _PASSES)
    assert await uses_left(crowd, sold) == 9


# Money of cards -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A card, how its code names it, and the bucket in which its money lies."""

    card_id: str
    card_ref: str
    card_type: str
    bucket: str


async def card_with(crowd: Pool, owner: Owner, card_id: str, bucket: str, minor: int) -> Card:
    """Put money on a card, as two people at the operator's may."""
    put = asking(crowd, _PROPOSE, None, "card", card_id, bucket, "CNY", minor, "for the test", claims=OPERATOR)[1]
    proposed = (await put())["adjustment_id"]
    assert (await asking(crowd, _DECIDE, proposed, True, claims=COLLEAGUE)[1]())["status"] == "approved"
    found = one(owner, "SELECT card_ref, card_type::text FROM app.cards WHERE card_id = %s", card_id)
    card = Card(card_id, found[0], found[1], bucket)
    await show_code(crowd, card)
    return card


_PROPOSE: LiteralString = "app.propose_adjustment(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s::numeric, %s)"
_DECIDE: LiteralString = "app.decide_adjustment(%s::smallint, %s, %s, %s, %s)"


@pytest.fixture
async def cards(till: FakeTill, owner: Owner, crowd: Pool) -> dict[str, Card]:
    """Three cards with one cent each: in principal, in bonus, of a company."""
    return {
        "principal": await card_with(crowd, owner, card_of(owner), "principal", 1),
        "bonus": await card_with(crowd, owner, card_of(owner, OTHER_MEMBER), "bonus", 1),
        "company": await card_with(crowd, owner, enterprise_card(owner, "1.000"), "principal", 1),
    }


@pytest.fixture
async def card(till: FakeTill, owner: Owner, crowd: Pool) -> Card:
    """A member's card with 100.00 and a code on the screen."""
    await card_till.credited(till, 10000)
    card_id, card_ref = one(owner, "SELECT card_id::text, card_ref FROM app.cards WHERE member_id = %s", MEMBER)
    found = Card(card_id, card_ref, "personal", "principal")
    await show_code(crowd, found)
    return found


async def show_code(pool: Pool, card: Card) -> None:
    """The card's holder has a code on the screen, which the program has compared and found right."""
    values = [LEDGER_ID, card.card_id, card.card_type, CODE_HASH]
    await call(pool, OPERATOR, "app.put_card_code(%s::smallint, %s, %s::app.card_type, %s)::text", values)


def a_charge(crowd: Pool, card: Card, minor: int = 1) -> tuple[Act, Ask]:
    return asking(crowd, rivals.CHARGE, lambda act: rivals.charge(act, minor, now()), card.card_ref, CODE_HASH)


@pytest.mark.req("R035", "R069")
@pytest.mark.parametrize("name", ["principal", "bonus", "company"])
async def test_one_last_cent(crowd: Pool, gate: Gate, cards: dict[str, Card], name: str) -> None:
    card = cards[name]
    assert await held(crowd, card.card_id, card.bucket) == 1
    nothing = {"balance_minor": 0, "total_minor": 1}
    won = await one_wins(crowd, gate, lambda: a_charge(crowd, card), _CARDS, "balance_insufficient", nothing)
    assert (won["data"]["card_id"], won["data"]["balance_minor"]) == (card.card_id, 0)
    assert await held(crowd, card.card_id, card.bucket) == 0


@pytest.mark.req("R035", "R069")
async def test_the_last_cents_of_several_cards(crowd: Pool, gate: Gate, cards: dict[str, Card]) -> None:
    wanted = [a_charge(crowd, list(cards.values())[number % 3])[1] for number in range(3 * CROWD)]
    said = await together(gate, wanted, _CARDS, waiting=CROWD)
    assert Counter(each.get("code") for each in said) == {None: 3, "balance_insufficient": 3 * CROWD - 3}
    winners = {each["data"]["card_id"] for each in said if each["outcome"] == "accepted"}
    assert winners == {card.card_id for card in cards.values()}
    assert [await held(crowd, card.card_id, card.bucket) for card in cards.values()] == [0, 0, 0]
    await all_holds(crowd)


@pytest.mark.req("R049", "R050")
async def test_one_code_pays_once(crowd: Pool, gate: Gate, card: Card) -> None:
    await one_wins(crowd, gate, lambda: a_charge(crowd, card, 100), _CARDS, "code_used", {})
    assert await held(crowd, card.card_id, "principal") == 9900


async def test_one_request_to_charge_is_one_act(crowd: Pool, gate: Gate, card: Card) -> None:
    await one_act(crowd, gate, a_charge(crowd, card, 100), _CARDS)
    assert await held(crowd, card.card_id, "principal") == 9900


def a_refund(crowd: Pool, tx_no: str, tender: str | None = None) -> tuple[Act, Ask]:
    return asking(crowd, rivals.REFUND, lambda act: rivals.refund(act, tx_no, 2500, tender, now()))


@pytest.mark.req("R035", "R065")
async def test_a_charge_goes_back_once(crowd: Pool, gate: Gate, card: Card) -> None:
    charged = await a_charge(crowd, card, 2500)[1]()
    nothing = {"left_minor": 0, "amount_minor": 2500}
    await one_wins(crowd, gate, lambda: a_refund(crowd, charged["tx_no"]), _CARDS, "refund_exceeds", nothing)
    assert await held(crowd, card.card_id, "principal") == 10000


async def test_one_request_to_refund_is_one_act(crowd: Pool, gate: Gate, card: Card) -> None:
    tx_no = await value(crowd, "SELECT tx_no FROM app.card_lots WHERE card_id = %s", card.card_id)
    done = await one_act(crowd, gate, a_refund(crowd, tx_no, "cash"), _CARDS)
    assert (done["data"]["cash_minor"], done["data"]["balance_minor"]) == (2500, 7500)


# Tickets --------------------------------------------------------------------------------------------------------


async def give_tickets(crowd: Pool, amount: int) -> None:
    await know(crowd, MEMBER)
    _, ask = asking(crowd, rivals.GRANT, MEMBER, "ticket", amount, "welcome gift", None, claims=OPERATOR)
    assert (await ask())["balance"] == amount


@pytest.mark.req("R035", "R148")
async def test_one_last_ticket(crowd: Pool, gate: Gate, till: FakeTill) -> None:
    await give_tickets(crowd, 1)
    won = await one_wins(
        crowd, gate, lambda: asking(crowd, rivals.DEBIT, MEMBER, 1, "C-17"), _ACCOUNTS, "tickets_insufficient",
        {"balance": 0},
    )  # fmt: skip
    assert (won["balance"], await held(crowd, MEMBER, "ticket")) == (0, 0)


async def test_tickets_for_some(crowd: Pool, gate: Gate, till: FakeTill) -> None:
    """Of fifty who take three each of a hundred, 33 get them and the one that is left stays."""
    await give_tickets(crowd, 100)
    claims = [TERMINAL, SECOND_TERMINAL]
    wanted = [asking(crowd, rivals.DEBIT, MEMBER, 3, "C-17", claims=claims[n % 2])[1] for n in range(CROWD)]
    said = await together(gate, wanted, _ACCOUNTS)
    assert Counter(each.get("code") for each in said) == {None: 33, "tickets_insufficient": CROWD - 33}
    assert sorted(each["balance"] for each in said if "balance" in each) == [100 - 3 * n for n in range(33, 0, -1)]
    assert await held(crowd, MEMBER, "ticket") == 1
    await all_holds(crowd)


async def test_one_debit_is_one_act(crowd: Pool, gate: Gate, till: FakeTill) -> None:
    await give_tickets(crowd, 1000)
    await one_act(crowd, gate, asking(crowd, rivals.DEBIT, MEMBER, 400, "C-17"), _ACCOUNTS)
    assert await held(crowd, MEMBER, "ticket") == 600


async def test_a_key_taken_for_something_else(crowd: Pool, gate: Gate, till: FakeTill) -> None:
    """Two different acts under one key at once: one is done, the other hears that the key stands for something else."""
    await give_tickets(crowd, 1000)
    act = new_act("one")
    asks: list[Ask] = []
    for number in range(CROWD):
        other = Act(act.key, new_act(number % 2).content_hash)
        function, values = rivals.door(rivals.DEBIT, other, MEMBER, 1 + number % 2, "C-17")
        asks.append(lambda function=function, values=values: asked(crowd, TERMINAL, function, values))  # type: ignore[misc]
    said = await together(gate, asks, _ACCOUNTS)
    assert Counter(each.get("code") for each in said) == {None: CROWD // 2, "content_differs": CROWD // 2}
    assert await held(crowd, MEMBER, "ticket") in (999, 998)
    assert await value(crowd, "SELECT count(*) FROM app.transactions WHERE idempotency_key = %s", act.key) == 1
    await all_holds(crowd)


# Reservations ---------------------------------------------------------------------------------------------------


async def set_aside(crowd: Pool, sold: str, uses: int) -> str:
    until = datetime.now(UTC) + timedelta(hours=8)
    _, ask = asking(crowd, rivals.RESERVE, world.TERMINAL, "pass", sold, uses, until)
    return str((await ask())["reservation_id"])


def a_settlement(crowd: Pool, reservation: str, amount: int = 1) -> tuple[Act, Ask]:
    return asking(crowd, rivals.SETTLE, reservation, amount, str(uuid4()), now())


@pytest.mark.req("R035")
async def test_one_last_unit_of_a_reservation(crowd: Pool, gate: Gate, sold: str) -> None:
    reservation = await set_aside(crowd, sold, 3)
    _, first = a_settlement(crowd, reservation, 2)
    assert (await first())["left"] == 1
    won = await one_wins(
        crowd, gate, lambda: a_settlement(crowd, reservation), _PASSES, "reservation_closed",
        {"used": 3, "returned": 0},
    )  # fmt: skip
    assert (won["left"], await held(crowd, reservation, "reserved"), await uses_left(crowd, sold)) == (0, 0, 7)


@pytest.mark.req("R035")
async def test_one_last_use_is_set_aside(crowd: Pool, gate: Gate, sold: str) -> None:
    await set_aside(crowd, sold, 9)
    until = datetime.now(UTC) + timedelta(hours=8)
    await one_wins(
        crowd, gate, lambda: asking(crowd, rivals.RESERVE, world.TERMINAL, "pass", sold, 1, until), _PASSES,
        "uses_exhausted", {"uses_left": 0, "uses": 1},
    )  # fmt: skip
    assert await uses_left(crowd, sold) == 0


async def test_a_reservation_is_given_back_once(crowd: Pool, gate: Gate, sold: str) -> None:
    """Closers and spenders at once: nothing is both spent and given back."""
    reservation = await set_aside(crowd, sold, 5)
    wanted = [a_settlement(crowd, reservation)[1] if number % 5 else asking(crowd, rivals.CLOSE, reservation)[1]
              for number in range(CROWD)]  # fmt: skip
    said = await together(gate, wanted, _PASSES)
    assert {each["code"] for each in said if each["outcome"] == "refused"} == {"reservation_closed"}
    spent = sum("left" in each for each in said)
    returned = sum(each.get("returned", 0) for each in said)
    assert (spent + returned, await uses_left(crowd, sold)) == (5, 5 + returned)
    assert await held(crowd, reservation, "reserved") == 0
    await all_holds(crowd)


async def test_one_settlement_is_one_act(crowd: Pool, gate: Gate, sold: str) -> None:
    reservation = await set_aside(crowd, sold, 3)
    assert (await one_act(crowd, gate, a_settlement(crowd, reservation), _PASSES))["left"] == 2

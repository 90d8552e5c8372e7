"""Deliver the same facts and requests in any way a network can, and say what the ledger holds in the end.

Rule: all disorder is drawn from one seed before anything is sent; only who wins a race is not. The digest leaves out
what may rightly differ: server times, made-up ids, the numbers people read (given in order of arrival), and alarms
about gaps.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import LiteralString

import bcrypt

from models import facts, wire
from models.cards import discounted_vat
from models.drawer import CashMoved, ShiftClosed
from models.facts import Evidence, OrderPaid, RequestAbandoned, ShiftOpened, SlipReprinted, ToppedUp
from models.passes import Cup
from models.refusals import Refusal
from models.shifts import compare, expected_of, totals_of
from models.tenders import Tender
from models.tokens import ShortCode, decode_short, encode_short, make_card_ref, make_secret
from models.wire import ActionRequest, ChargeAsked
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import card_till, world
from tests.sync_server.till import OWN, FakeTill, as_owner, build_shop, redeem_of, rows

TERMINALS = ((world.TERMINAL, "SZ1T01"), (world.SECOND_TERMINAL, "SZ1T02"), (world.THIRD_TERMINAL, "SZ1T03"))
_PLACES_OF_A_SHIFT = 4
NOBODY = "0e000000-0000-7000-8000-00000000ffff"


@dataclass
class Trader:
    """One till with a member of its own: its chain, what it asks online, and how much of the chain the server has."""

    till: FakeTill
    number: int
    member_id: str
    asked: list[ActionRequest]
    acknowledged: int = 0

    @property
    def card_id(self) -> str:
        """The member's card, at both ledgers."""
        return f"0e000000-0000-7000-8000-00000000c00{self.number}"

    @property
    def card_ref(self) -> str:
        return make_card_ref(bytes([100 + self.number] * 8))

    def made_id(self, kind: int, place: int) -> str:
        """An id that both ledgers are given alike."""
        return f"0f{self.number:06x}-{kind:04x}-7000-8000-{place:012x}"

    def texts(self, start: int, end: int) -> list[str]:
        return self.till.texts[start:end]


def traders(pool: Pool, count: int) -> list[Trader]:
    """Tills of one store, each with a chain of about `count` facts of many kinds, some of which must be held."""
    found: list[Trader] = []
    for number, (terminal_id, code) in enumerate(TERMINALS, start=1):
        till = FakeTill(pool, terminal_id, code)
        till.keys = found[0].till.keys if found else till.keys
        member_id = f"0e000000-0000-7000-8000-00000000a00{number}"
        trader = Trader(till, number, member_id, [])
        _trade(trader, count)
        found.append(trader)
    return found


def _trade(trader: Trader, count: int) -> None:
    till, member_id = trader.till, trader.member_id

    def fact(body: facts.Body) -> None:
        till.fact(body, fact_id=trader.made_id(1, till.seq + 1))

    place = balance = 0
    while till.seq < count:
        if place % _PLACES_OF_A_SHIFT == 0:
            opened_seq = till.seq + 1
            fact(ShiftOpened(trader.made_id(2, place), 20000, "CNY", till.day()))
        place += 1
        pass_id = trader.made_id(3, place)
        sold = till.sell_pass(pass_id, member_id=member_id)
        till.texts.pop()
        till.seq, till.prev = till.seq - 1, facts.hash_fact(till.texts[-1].encode())
        fact(sold)
        for cup in range(3):
            used = till.redemption(pass_id, OWN, extra=cup % 2, member_id=member_id,
                                   redemption_id=trader.made_id(4, 10 * place + cup))  # fmt: skip
            fact(used)
        online = till.redemption(pass_id, OWN, member_id=member_id, redemption_id=trader.made_id(5, place))
        request = till.request(online, trader.made_id(6, place))
        trader.asked.append(request)
        evidence = Evidence("online", request.request_id)
        if place % 3:
            fact(replace(online, evidence=evidence, business_day=redeem_of(request).business_day))
        else:
            till.counters["VR"] -= 1  # no cup, no slip
            fact(RequestAbandoned(request.request_id, "no_answer"))
        slip = till.slip("VR")
        fact(ToppedUp(trader.made_id(7, place), member_id, 1000 * place, 0, None, "CNY",
                      (Tender("cash", 1000 * place, 1000 * place),), (slip,)))  # fmt: skip
        balance += 1000 * place
        fact(SlipReprinted(slip, 1, "asked"))
        balance -= _pay_by_card(trader, place, balance, fact)
        fact(_order(till, trader.made_id(8, place)))
        match place % 4:
            case 0:
                till.append(f'{{"not":"a fact","place":{place}}}')
            case 1:
                fact(replace(_order(till, trader.made_id(9, place)), total_minor=2101))
                fact(_moved(trader, place, -100))
            case 2:
                fact(ToppedUp(trader.made_id(10, place), NOBODY, 1000, 0, None, "CNY", (Tender("cash", 1000, 1000),),
                              (till.slip("VR"),)))  # fmt: skip
            case _:
                fact(till.redemption(trader.made_id(3, 0xFFFF), OWN, member_id=member_id,
                                     redemption_id=trader.made_id(11, place)))  # fmt: skip
        fact(_moved(trader, place, 100 * place))
        if place % _PLACES_OF_A_SHIFT == 0:
            fact(_closed(trader, trader.made_id(2, place - _PLACES_OF_A_SHIFT), opened_seq))


def _pay_by_card(trader: Trader, place: int, balance: int, fact: Callable[[facts.Body], None]) -> int:
    """A cup from the card: granted and handed over, or given up. Returns what was taken of it."""
    till, raw, now = trader.till, 1800, datetime.now(UTC)
    if balance < raw:
        return 0
    code = encode_short(ShortCode(trader.card_ref, make_secret(hashlib.sha256(bytes([trader.number, place])).digest())))
    asked = ChargeAsked(trader.made_id(12, place), code, (Cup(world.PRODUCT),), raw, raw, "CNY", till.day(now), now)
    request = ActionRequest(wire.PROTOCOL, trader.made_id(13, place), charge=asked)
    trader.asked.append(request)
    if place % 3 == 1:
        fact(RequestAbandoned(request.request_id, "no_answer"))
        return 0
    fact(facts.CardCharged(
        asked.order_id, trader.card_id, "personal", trader.member_id, card_till.cups(1), raw, "1.000", raw, "CNY",
        discounted_vat([("0.06", raw)], raw), raw // 100, balance - raw, (till.slip("TP"),), "A3",
        Evidence("online", request.request_id)))  # fmt: skip
    return raw


def _moved(trader: Trader, place: int, amount: int) -> CashMoved:
    """Money out of the drawer; less than none is held."""
    movement = trader.made_id(14 if amount > 0 else 15, place)
    return CashMoved(movement, "paid_out", amount, "CNY", "supplies", trader.till.day(), (trader.till.slip("CM"),))


def _closed(trader: Trader, shift_id: str, first_seq: int) -> ShiftClosed:
    """The end of a shift that began at this place of the chain."""
    till, found = trader.till, []
    for text in till.texts[first_seq - 1 :]:
        with suppress(Refusal):
            found.append(facts.decode_fact(text))
    totals = totals_of(found)
    counted = compare(totals, expected_of(totals))
    return ShiftClosed(shift_id, first_seq, till.at, till.day(), "CNY", totals, counted, None, (till.slip("ZR"),))


def _order(till: FakeTill, order_id: str) -> OrderPaid:
    made = till.order(order_id=order_id)
    till.texts.pop()
    till.seq, till.prev = till.seq - 1, facts.hash_fact(till.texts[-1].encode())
    return made


async def open_shop(pool: Pool, urls: DatabaseUrls, chains: Sequence[Trader]) -> list[Trader]:
    """The same tills at another ledger, nothing delivered yet. Facts name cards, so those have one id at both."""
    await build_shop(pool)
    async with transaction(pool, PLATFORM) as connection:
        for one in chains:
            await connection.execute(
                "INSERT INTO app.members (member_id, member_no, card_ref, name_sealed, phone_sealed, phone_index,"
                " phone_tail_index) VALUES (%s, %s, %s, '', '', %s, '')",
                [
                    one.member_id,
                    f"T{one.number}",
                    one.card_ref,
                    bytes([100, one.number]),
                ],
            )
    with as_owner(urls) as owner:
        for one in chains:
            owner.execute("UPDATE app.cards SET card_id = %s WHERE member_id = %s", [one.card_id, one.member_id])
    return [replace(one, till=await replace(one.till, pool=pool).pair(), acknowledged=0) for one in chains]


async def clean_run(chains: Sequence[Trader]) -> None:
    """Each till after the other: the facts before a request, the request, the facts behind it; each thing once."""
    for one in chains:
        for end, request in _steps(one):
            await one.till.push(one.texts(one.acknowledged, end), end)
            one.acknowledged = end
            if request is not None:
                await _show_code(one, request)
                await one.till.ask(request)


def _steps(one: Trader) -> list[tuple[int, ActionRequest | None]]:
    """How far the chain must have come before each request: its pass is sold, its fact is not yet there."""
    found: list[tuple[int, ActionRequest | None]] = []
    for request in one.asked:
        cites = next(n for n, text in enumerate(one.till.texts) if request.request_id in text)
        found.append((cites, request))
    return [*found, (len(one.till.texts), None)]


async def crooked_run(chains: Sequence[Trader], deliveries: int, seed: int) -> dict[str, int]:
    """Deliver until every fact has been delivered, and `deliveries` facts in all; returns what was done how often."""
    done = {"facts": 0, "pushes": 0, "requests": 0, "gaps": 0, "again": 0}
    share = deliveries // len(chains)
    await asyncio.gather(*(_wander(one, share, random.Random(f"{seed}/{one.number}"), done) for one in chains))
    return done


async def _wander(one: Trader, deliveries: int, dice: random.Random, done: dict[str, int]) -> None:
    steps = _steps(one)
    asked: list[ActionRequest] = []
    mine, total = 0, len(one.till.texts)
    while mine < deliveries or one.acknowledged < total:
        bound, request = steps[0]
        if one.acknowledged >= bound and request is not None:
            asked.append(request)
            steps.pop(0)
            await _show_code(one, request)
            await _ask(one, request, dice, done)
            continue
        forward = one.acknowledged * deliveries <= mine * total
        pieces = _pieces(one, dice, forward, bound)
        mine += sum(len(texts) for texts, _ in pieces)
        under_way = [(piece, dice.random() >= 0.8) for piece in pieces]
        await asyncio.gather(*(_push(one, texts, seq, lost, done) for (texts, seq), lost in under_way))
        if asked and dice.random() < 0.1:
            await _ask(one, dice.choice(asked), dice, done)


def _pieces(one: Trader, dice: random.Random, forward: bool, bound: int) -> list[tuple[list[str], int]]:
    """One or more pushes that are under way at once, each with the place of its last fact."""
    here, size = one.acknowledged, dice.randint(1, 60)
    if forward:
        start = max(0, here - dice.choice((0, 0, 1, 7)))
        end = min(bound, here + size)
        texts = one.texts(start, end)
        match dice.randrange(5):
            case 0:  # the same push twice at once
                return [(texts, end)] * 2
            case 1:  # every fact twice in a row
                return [([text for text in texts for _ in (1, 2)], end)]
            case 2:  # cut in two that race: the later half may find a gap
                middle = (start + end) // 2
                return [(one.texts(at, to), to) for at, to in ((middle, end), (start, middle)) if to > at]
            case _:
                return [(texts, end)]
    if dice.random() < 0.15 and here + 2 < bound:  # what lies ahead, before what comes first
        start = dice.randrange(here + 1, bound)
        end = min(bound, start + size)
        return [(one.texts(start, end), end)]
    start = dice.randrange(max(1, here))
    end = min(here, start + size)
    if end <= start:
        return [([], 0)]
    places = list(range(start, end))
    if dice.random() < 0.5:
        dice.shuffle(places)
    return [([one.till.texts[place] for place in places], places[-1] + 1)]


async def _push(one: Trader, texts: list[str], seq: int, lost: bool, done: dict[str, int]) -> None:
    """`lost`: the answer is, on its way."""
    done["facts"] += len(texts)
    done["pushes"] += 1
    try:
        answer = await one.till.push(texts, seq)
    except DatabaseTrouble:  # it gave way to another: the till would send it again
        done["again"] += 1
        return
    done["gaps"] += answer.gap
    if not lost:
        one.acknowledged = max(one.acknowledged, answer.acknowledged_seq)


async def _show_code(one: Trader, request: ActionRequest) -> None:
    """Make the code that a charge will scan the newest of its card."""
    if request.charge is None or request.charge.member_code is None:
        return
    secret = decode_short(request.charge.member_code).secret.encode()
    hashed = bcrypt.hashpw(secret, bcrypt.gensalt(4)).decode()
    async with transaction(one.till.pool, PLATFORM) as connection:
        await connection.execute(
            "SELECT app.put_card_code(1::smallint, %s, 'personal'::app.card_type, %s)", [one.card_id, hashed]
        )


async def _ask(one: Trader, request: ActionRequest, dice: random.Random, done: dict[str, int]) -> None:
    times = dice.choice((1, 1, 2, 3))
    done["requests"] += times
    try:
        answers = await asyncio.gather(*(one.till.ask(request) for _ in range(times)))
    except (DatabaseTrouble, Refusal):
        await one.till.ask(request)
        return
    assert len({(answer.outcome, answer.code, answer.tx_no) for answer in answers}) == 1


async def digest(pool: Pool) -> str:
    """A digest of transactions, entries, balances and outcomes."""
    found = hashlib.sha256()
    for query in CONTENT:
        found.update(repr(await rows(pool, query)).encode())
    return found.hexdigest()


async def differing(one: Pool, other: Pool) -> list[str]:
    """The queries of the digest whose rows differ, each with a row that only one ledger has."""
    found = []
    for query in CONTENT:
        ours = {repr(row) for row in await rows(one, query)}
        theirs = {repr(row) for row in await rows(other, query)}
        if ours != theirs:
            found.append(f"{query[:80]}: {min(ours ^ theirs)}")
    return found


# A card has another id in every ledger; its member has not.
_ACCOUNT: LiteralString = """
       a.owner_kind, coalesce(c.member_id, a.owner_id), a.bucket, a.unit
"""
_CARD: LiteralString = " LEFT JOIN app.cards AS c ON a.owner_kind = 'card' AND c.card_id = a.owner_id "
CONTENT: tuple[LiteralString, ...] = (
    "SELECT " + _ACCOUNT + ", a.guarded, a.balance, a.version FROM app.accounts AS a" + _CARD + " ORDER BY 1, 2, 3, 4",
    "SELECT t.terminal_id, t.idempotency_key, t.kind, t.status, t.amount_minor, t.currency, t.member_id, t.reason,"
    + _ACCOUNT
    + ", e.delta, e.balance_after, e.version FROM app.transactions AS t"
    " JOIN app.entries AS e USING (ledger_id, tx_id) JOIN app.accounts AS a USING (ledger_id, account_id)"
    + _CARD
    + " ORDER BY 1, 2, 3, 9, 10, 11, 12, 13",
    "SELECT terminal_id, seq, hash, prev, in_chain, fact_id, kind, bytes, outcome, reason, tx_no IS NULL"
    " FROM app.facts ORDER BY 1, 2, 3",
    "SELECT principal_id, key, content_hash, effect_hash, outcome ->> 'outcome', outcome ->> 'code',"
    " outcome ->> 'uses_left', tx_id IS NULL FROM app.idempotency_registry ORDER BY 1, 2",
    "SELECT slip_no, terminal_id, fact_hash, tx_id IS NULL FROM app.slips ORDER BY 1",
    "SELECT redemption_id, uses, loss_uses, reversed_by IS NULL FROM app.pass_redemption_batches ORDER BY 1",
    "SELECT charge_id, card_id, final_minor, points, fact_id, reversed_by IS NULL FROM app.card_charges ORDER BY 1",
    "SELECT lot_id, principal_left, bonus_left FROM app.card_lots WHERE origin = 'top_up' ORDER BY 1",
    "SELECT pass_id, use_no FROM app.pass_redemptions ORDER BY 1, 2",
    "SELECT terminal_id, seq, hash, signed_seq FROM app.terminal_heads ORDER BY 1",
    "SELECT event, count(*) FROM audit.event_log WHERE event <> 'chain_gap' GROUP BY 1 ORDER BY 1",
)

"""A shop full of rivals: clients that do everything a till or an office does, on a few cards, and what must hold then.

Rule: nothing is kept apart. Clients share members, cards, passes, charges and reservations, begin with an empty ledger,
and call as the program does. A refusal is an answer; any that rivalry cannot explain ends the run.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString, TypeVar
from unittest import mock
from uuid import UUID, uuid4

from models.facts import RequestAbandoned
from models.tenders import Tender
from models.tokens import make_card_ref
from sync_server.cards.enterprise import create_enterprise_card
from sync_server.catalogue.policies import publish_keys
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Claims, Pool, call, open_pool, retrying, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.fleet.terminals import put_terminal
from sync_server.intake import facts as intake
from sync_server.jobs.clockwork import seal
from sync_server.jobs.expiry import expire_cards, expire_passes
from sync_server.keys import new_keyring
from sync_server.ledger.functions import LEDGER_ID
from sync_server.ledger.units import Act
from sync_server.reports import invariants
from tests.sync_server import card_till, world
from tests.sync_server.ledger import rivals
from tests.sync_server.ledger.asking import COLLEAGUE, OPERATOR, know
from tests.sync_server.ledger.rivals import CODE_HASH, Conflicts, Outcome
from tests.sync_server.till import OWN, FakeTill, build_shop, plan, rows, value

CARDS, COMPANIES, HOT = 100, 4, 8
SHORT = "0d000000-0000-7000-8000-000000000023"
"""A plan of one day, which the tills that are a day late sell: such a pass ends while others use it."""
LATE_TILLS = 8
"""Every so many tills one is a day late."""
WEIGHTS = {
    "hand_in": 12, "charge": 24, "refund_charge": 9, "refund_top_up": 6, "redeem": 14, "grant": 6, "take_back_grant": 1,
    "debit": 10, "trade": 6, "reserve": 6, "settle": 9, "close": 3, "adjust": 2,
}  # fmt: skip
EXPLAINED = {
    "balance_insufficient", "card_currency_unset", "code_used", "code_wrong", "refund_exceeds", "refund_not_allowed",
    "request_settled", "uses_exhausted", "pass_expired", "offline_not_allowed", "tickets_insufficient",
    "units_insufficient", "reservation_closed", "reservation_exceeds",
}  # fmt: skip
"""What rivalry explains: others were quicker, or there is nothing yet."""
_CODE: LiteralString = "app.put_card_code(%s::smallint, %s, %s::app.card_type, %s)::text"
_TAKE_BACK: LiteralString = "app.reverse_grant(%s::smallint, %s, %s, %s, %s, %s)"
_CARDS: LiteralString = (
    "SELECT card_id::text, card_ref, card_type::text FROM app.cards ORDER BY card_type DESC, member_id"
)
_PROPOSE: LiteralString = "app.propose_adjustment(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s::numeric, %s)"
_DECIDE: LiteralString = "app.decide_adjustment(%s::smallint, %s, %s, %s, %s)"


@dataclass
class Tally:
    """What the clients of one process were told, and how long it took."""

    acts: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(operation, "accepted" or a refusal's code) -> how often."""
    numbers: list[str] = field(default_factory=list)
    """Of every transaction that an answer named."""
    conflicts: Conflicts = field(default_factory=Conflicts)
    """SQLSTATE -> transactions that were tried again."""

    def add(self, other: Tally) -> None:
        """Put another process's clients to these."""
        self.acts += other.acts
        for name, found in other.seconds.items():
            self.seconds[name] += found
        self.answers += other.answers
        self.numbers += other.numbers
        for state, count in other.conflicts.items():
            self.conflicts[state] = self.conflicts.get(state, 0) + count


def member(number: int) -> str:
    """The n-th member's id, from 1."""
    return f"0e000000-0000-7000-8000-{number:012d}"


def terminal(number: int) -> str:
    """The n-th client's till, from 0."""
    return f"0c000000-0000-7000-8001-{number:012d}"


async def build(pool: Pool, clients: int) -> None:
    """A shop with a till for every client, members with empty cards, and companies whose cards hold a little."""
    await build_shop(pool)
    async with transaction(pool, PLATFORM) as connection:
        await put(connection, plan(SHORT, validity_days=1))
        for number in range(clients):
            await put_terminal(connection, terminal(number), world.MERCHANT, world.STORE, f"SZ1R{number:02d}", "")
        for number in range(3, CARDS - COMPANIES + 1):
            await connection.execute(
                "INSERT INTO app.members (member_id, member_no, card_ref, name_sealed, phone_sealed, phone_index,"
                " phone_tail_index) VALUES (%s, %s, %s, '', '', %s, '')",
                [member(number), f"M{number}", make_card_ref(bytes([number] * 8)), bytes([number])],
            )
    await know(pool, *map(member, range(1, CARDS - COMPANIES + 1)))

    async def ask(claims: Claims, function: LiteralString, *values: object) -> Outcome:
        return await rivals.asked(pool, claims, *rivals.door(function, _act(), *values))

    for number in range(COMPANIES):
        made = await create_enterprise_card(
            pool, OPERATOR, f"E{number}", "Acme", Decimal("0.900"), "CNY", "a password of theirs"
        )
        await adjust(ask, None, "card", made["card_id"], "principal", "CNY", 200_000)


async def adjust(ask: Callable[..., Awaitable[Outcome]], *wanted: object) -> list[Outcome]:
    """Two people correct what somebody holds: what each was told."""
    proposed = await ask(OPERATOR, _PROPOSE, *wanted, "for the crowd")
    if proposed["outcome"] != "accepted":
        return [proposed]
    return [proposed, await ask(COLLEAGUE, _DECIDE, proposed["adjustment_id"], True)]


def _act() -> Act:
    return rivals.new_act(uuid4())


Anybody = TypeVar("Anybody", bound="Player")


@dataclass
class House:
    """What the clients of one process know together."""

    pool: Pool
    cards: list[tuple[str, str, str]]
    """(id, reference, type)."""
    passes: dict[tuple[str, str], str] = field(default_factory=dict)
    """(member, plan) -> pass."""
    charges: list[str] = field(default_factory=list)
    top_ups: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    reservations: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By terminal."""
    tally: Tally = field(default_factory=Tally)


class Player:
    """One client: a till with its chain, and an office beside it."""

    def __init__(self, house: House, number: int, seed: int) -> None:
        self.house = house
        self.till = FakeTill(house.pool, terminal(number), f"SZ1R{number:02d}")
        self._late = number % LATE_TILLS == 0
        self._claims = Claims(UUID(self.till.terminal_id), "terminal", [UUID(world.MERCHANT)])
        self._luck = random.Random(f"{seed}/{number}")
        self._sold: list[tuple[str, str]] = []
        self._selling: dict[tuple[str, str], str] = {}
        self._asked: list[str] = []
        self._handed = 0

    async def play(self, acts: int) -> None:
        """Do so many acts, one after another."""
        done = 0
        while done < acts:
            (name,) = self._luck.choices(list(WEIGHTS), list(WEIGHTS.values()))
            began = time.perf_counter()
            told: list[Outcome] = await getattr(self, f"_{name}")()
            if not told:
                continue
            self.house.tally.seconds[name].append(time.perf_counter() - began)
            self.note(name, told)
            done += len(told)

    def note(self, name: str, told: Sequence[Outcome]) -> None:
        """Keep what an operation was told; AssertionError when rivalry does not explain it."""
        self.house.tally.acts += len(told)
        for outcome in told:
            self._note(name, outcome)

    def _note(self, name: str, outcome: Outcome) -> None:
        code = outcome.get("code") if outcome["outcome"] != "accepted" else "accepted"
        merged = name == "adjust" and code == "pass_unknown"  # its first sale was a rival's: the id leads to that pass
        if code not in EXPLAINED | {"accepted"} and not merged:
            raise AssertionError(f"{name}: {outcome}")
        self.house.tally.answers[name, str(code)] += 1
        if outcome.get("tx_no") is not None:
            self.house.tally.numbers.append(outcome["tx_no"])

    async def _ask(self, claims: Claims, function: LiteralString, *values: Any) -> Outcome:
        """Ask under a new key; a function among the values makes what needs the act."""
        act = _act()
        filled = [value(act) if callable(value) else value for value in values]
        return await self.send(act, claims, *rivals.door(function, act, *filled))

    async def send(self, act: Act, claims: Claims, function: LiteralString, values: list[object]) -> Outcome:
        """Ask once: here a test may listen."""
        return await rivals.asked(self.house.pool, claims, function, values, self.house.tally.conflicts)

    def _member(self) -> str:
        """Every second time one of a few whom everybody serves."""
        most = HOT if self._luck.random() < 0.5 else CARDS - COMPANIES
        return member(self._luck.randint(1, most))

    def _card(self) -> tuple[str, str, str]:
        most = HOT if self._luck.random() < 0.5 else len(self.house.cards)
        return self.house.cards[self._luck.randrange(most)]

    # Facts --------------------------------------------------------------------------------------------------------

    async def _hand_in(self) -> list[Outcome]:
        if self._late:
            self.till.at = datetime.now(UTC) - timedelta(days=1, seconds=-2)
        count = self._luck.choice([1, 1, 1, 2, 3, 5, 20])
        for _ in range(count):
            self._luck.choice(
                [self._top_up, self._top_up, self._sell, self._sell, self._use, self._order, self._abandon]
            )()
        return await self.hand_over()

    async def hand_over(self) -> list[Outcome]:
        """Push what the server has not acknowledged."""
        waiting = self.till.texts[self._handed :]
        if not waiting:
            return []
        results = (await self.till.push(waiting)).results
        self._handed = len(self.till.texts)
        self.house.passes |= self._selling
        self._selling.clear()
        told = [
            {"outcome": "accepted" if each.reason is None else "held", "code": each.reason, "tx_no": each.tx_no}
            for each in results
        ]
        self.house.top_ups += [each.tx_no for each in results if each.tx_no is not None and each.tx_no.startswith("CZ")]
        return told

    def _top_up(self) -> None:
        tender = self._luck.choice(["cash", "wechat", "alipay"])
        amount = self._luck.randint(1, 150) * 100
        card_till.top_up(self.till, amount, member_id=self._member(), tenders=(Tender(tender, amount, amount),))

    def _sell(self) -> None:
        """A pass; another till may have sold the member one that this process has not heard of."""
        sold = plan(SHORT, validity_days=1) if self._late else plan()
        who = self._member()
        known = self.house.passes.get((who, sold.plan_id))
        body = self.till.sell_pass(known, stacked=known is not None, sold=sold, member_id=who)
        self._sold.append((who, body.pass_id))
        self._selling[who, sold.plan_id] = body.pass_id

    def _use(self) -> None:
        if not self._sold:
            return self._order()
        who, pass_id = self._luck.choice(self._sold)
        self.till.redeem(pass_id, OWN, member_id=who)
        return None

    def _order(self) -> None:
        self.till.order(member_id=self._luck.choice([None, self._member()]))

    def _abandon(self) -> None:
        if not self._asked:
            return self._order()
        self.till.fact(RequestAbandoned(self._asked.pop(), "no_answer"))
        return None

    # Requests of the till -----------------------------------------------------------------------------------------

    async def _charge(self) -> list[Outcome]:
        card_id, card_ref, card_type = self._card()
        issue = [LEDGER_ID, card_id, card_type, CODE_HASH]
        await retrying(lambda: call(self.house.pool, OPERATOR, _CODE, issue))
        raw = self._luck.randint(1, 40) * 100
        total = raw * 9 // 10 if card_type == "enterprise" else raw

        def effect(act: Act) -> object:
            self._asked.append(act.key)
            return rivals.charge(act, raw, _now(), total)

        told = await self._ask(self._claims, rivals.CHARGE, effect, card_ref, CODE_HASH)
        if told["outcome"] == "accepted":
            self.house.charges.append(told["tx_no"])
        return [told]

    async def _refund_charge(self) -> list[Outcome]:
        return await self._refund(self.house.charges, None)

    async def _refund_top_up(self) -> list[Outcome]:
        return await self._refund(self.house.top_ups, "cash")

    async def _refund(self, known: list[str], tender: str | None) -> list[Outcome]:
        if not known:
            return []
        tx_no, minor = self._luck.choice(known[-200:]), self._luck.randint(1, 20) * 50
        return [
            await self._ask(self._claims, rivals.REFUND, lambda act: rivals.refund(act, tx_no, minor, tender, _now()))
        ]

    async def _redeem(self) -> list[Outcome]:
        if not self.house.passes:
            return []
        (who, _), pass_id = self._luck.choice(list(self.house.passes.items()))
        uses = self._luck.randint(1, 2)

        def effect(act: Act) -> object:
            self._asked.append(act.key)
            return rivals.redemption(act, pass_id, who, _now(), uses)

        return [await self._ask(self._claims, rivals.REDEEM, effect)]

    async def _debit(self) -> list[Outcome]:
        return [await self._ask(self._claims, rivals.DEBIT, self._member(), self._luck.randint(1, 30), "C-17")]

    async def _reserve(self) -> list[Outcome]:
        until = datetime.now(UTC) + timedelta(hours=8)
        place = self.till.terminal_id
        if self._luck.random() < 0.5 and self.house.passes:
            source = self._luck.choice(list(self.house.passes.values()))
            told = await self._ask(self._claims, rivals.RESERVE, place, "pass", source, self._luck.randint(1, 3), until)
        else:
            source = self._card()[0]
            told = await self._ask(OPERATOR, rivals.RESERVE, place, "card", source, self._luck.randint(1, 500), until)
        if told["outcome"] == "accepted":
            self.house.reservations[place].append(told["reservation_id"])
        return [told]

    async def _settle(self) -> list[Outcome]:
        return await self._at_reservation(rivals.SETTLE, self._luck.choice([1, 1, 100]), str(uuid4()), _now())

    async def _close(self) -> list[Outcome]:
        return await self._at_reservation(rivals.CLOSE)

    async def _at_reservation(self, function: LiteralString, *values: object) -> list[Outcome]:
        mine = self.house.reservations[self.till.terminal_id]
        if not mine:
            return []
        return [await self._ask(self._claims, function, self._luck.choice(mine[-5:]), *values)]

    # The office ---------------------------------------------------------------------------------------------------

    async def _grant(self) -> list[Outcome]:
        unit = self._luck.choice(["ticket", "ticket", "ticket", "silver", "fragment/tea", "point"])
        merchant = world.MERCHANT if unit.startswith("fragment/") else None
        amount = self._luck.randint(1, 200)
        told = await self._ask(OPERATOR, rivals.GRANT, self._member(), unit, amount, "for the crowd", merchant)
        if merchant is None and told["outcome"] == "accepted":
            self.house.grants.append(told["tx_no"])
        return [told]

    async def _take_back_grant(self) -> list[Outcome]:
        if not self.house.grants:
            return []
        tx_no = self._luck.choice(self.house.grants[-50:])
        return [await self._ask(OPERATOR, _TAKE_BACK, tx_no, "for the crowd", None)]

    async def _trade(self) -> list[Outcome]:
        """Silver for fragments or back, with the house or with another member."""
        who, other = self._member(), self._member()
        gives, takes = self._luck.sample(["silver", "fragment/tea"], 2)
        given, taken = self._luck.randint(1, 9), self._luck.randint(1, 9)
        with_id = self._luck.choice([None, other if other != who else None])
        return [
            await self._ask(OPERATOR, rivals.TRADE, world.MERCHANT, who, gives, given, takes, taken, with_id)
        ]  # fmt: skip

    async def _adjust(self) -> list[Outcome]:
        delta = self._luck.choice([-200, -1, 1, 300])
        card_id, _, card_type = self._card()
        buckets = ["principal"] if card_type == "enterprise" else ["principal", "bonus", "points"]
        wanted: list[tuple[object, ...]] = [
            (None, "card", card_id, bucket, None if bucket == "points" else "CNY", delta) for bucket in buckets
        ]
        wanted.append((None, "member", self._member(), "ticket", None, delta))
        if self.house.passes:
            pass_id = self._luck.choice(list(self.house.passes.values()))
            wanted.append((world.MERCHANT, "pass", pass_id, "uses", None, self._luck.choice([-1, 2])))
        return await adjust(self._ask, *self._luck.choice(wanted))


def _now() -> str:
    return datetime.now(UTC).isoformat()


async def enter(pool: Pool) -> House:
    """The shop as clients find it."""
    return House(pool, await rows(pool, _CARDS))


async def open_tills(house: House, numbers: Iterable[int], seed: int, kind: type[Anybody]) -> list[Anybody]:
    """The clients of these numbers, with their tills paired."""
    players = [kind(house, number, seed) for number in numbers]
    for player in players:
        await player.till.pair()
    return players


async def play(app_url: str, numbers: Sequence[int], acts: int, seed: int) -> Tally:
    """Let these clients, each with a connection, do `acts` acts together."""
    async with open_pool(app_url, min_size=len(numbers), max_size=len(numbers) + 2) as pool:
        players = await open_tills(await enter(pool), numbers, seed, Player)
        house = players[0].house
        with counting_pushes(house.tally.conflicts):
            await asyncio.gather(*(player.play(acts // len(players)) for player in players))
        return house.tally


@contextlib.contextmanager
def counting_pushes(conflicts: Conflicts) -> Iterator[None]:
    """Count what the intake tries again by itself."""

    async def counted(work: Callable[[], Awaitable[Any]], **options: Any) -> Any:
        async def once() -> Any:
            try:
                return await work()
            except DatabaseTrouble as trouble:
                conflicts.count(trouble)
                raise

        return await retrying(once, **options)

    with mock.patch.object(intake, "retrying", counted):
        yield


# Beside them, and afterwards --------------------------------------------------------------------------------------


@dataclass
class Beside:
    """How often the work beside the clients was done."""

    seals: int = 0
    expiries: int = 0
    expired: int = 0
    checks: int = 0


@contextlib.asynccontextmanager
async def beside(app_url: str, check_seconds: float = 0.3) -> AsyncIterator[Beside]:
    """Seal, expire and (`check_seconds` after the last time) check the invariants until the block ends; what goes wrong
    there is raised."""
    done, ended = Beside(), asyncio.Event()
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))

    async def repeat(work: Callable[[], Awaitable[None]], pause_seconds: float) -> None:
        while not ended.is_set():
            await work()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), pause_seconds)

    async with open_pool(app_url, min_size=3, max_size=3) as pool:
        async with transaction(pool, PLATFORM) as connection:
            await publish_keys(connection, keys)

        async def sealing() -> None:
            await retrying(lambda: seal(pool, keys, lambda: datetime.now(UTC)))
            done.seals += 1

        async def expiring() -> None:
            done.expired += await retrying(lambda: expire_cards(pool))
            done.expired += await retrying(lambda: expire_passes(pool))
            done.expiries += 1

        async def checking() -> None:
            await holds(pool)
            done.checks += 1

        async with asyncio.TaskGroup() as group:
            for work, pause_seconds in ((sealing, 0.3), (expiring, 0.3), (checking, check_seconds)):
                group.create_task(repeat(work, pause_seconds))
            try:
                yield done
            finally:
                ended.set()


async def sealed(pool: Pool) -> None:
    """Seal what has been written."""
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    async with transaction(pool, PLATFORM) as connection:
        await publish_keys(connection, keys)
    await seal(pool, keys, lambda: datetime.now(UTC))


async def holds(pool: Pool) -> None:
    """RuntimeError names the invariants that are broken."""
    found = await invariants.check(pool)
    broken = {number: result.details for number, result in found.items() if result.state == "broken"}
    if broken:
        raise RuntimeError(f"broken: {broken}")


async def settle_accounts(app_url: str, tally: Tally, known: Iterable[str]) -> dict[str, int]:
    """Check the ledger against what the clients were told; `known` are the numbers from before. Everybody is gone.

    Returns counts. RuntimeError says what differs: a deadlock is one.
    """
    async with open_pool(app_url, min_size=1, max_size=1) as pool:
        await sealed(pool)
        await holds(pool)
        numbers = {row[0] for row in await rows(pool, "SELECT tx_no FROM app.tx_registry")}
        transactions = await value(pool, "SELECT count(*) FROM app.transactions")
        entries = await value(pool, "SELECT count(*) FROM app.entries")
        uneven = await rows(pool, _UNEVEN)
        wrong = await value(pool, _WRONG)
        deadlocks = await value(pool, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    told = {*tally.numbers, *known}
    found = {
        "deadlocks": max(deadlocks, tally.conflicts.get("40P01", 0)),
        "transactions told and not stored": len(told - numbers),
        "transactions stored and not told": len(numbers - told),
        "rows of the registry without transaction, or the reverse": abs(len(numbers) - transactions),
        "units that do not sum to zero": len(uneven),
        "accounts whose balance is not the sum of their entries": wrong,
    }
    if any(found.values()):
        raise RuntimeError(f"{found}; conflicts {tally.conflicts}; {sorted(numbers ^ told)[:5]}")
    return {"deadlocks": found["deadlocks"], "transactions": transactions, "entries": entries}


_UNEVEN: LiteralString = """
SELECT a.unit, sum(e.delta) FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)
 GROUP BY a.unit HAVING sum(e.delta) <> 0
"""
_WRONG: LiteralString = """
SELECT count(*) FROM app.accounts AS a
  LEFT JOIN (SELECT e.ledger_id, e.account_id, sum(e.delta) AS moved FROM app.entries AS e GROUP BY 1, 2) AS posted
      USING (ledger_id, account_id)
 WHERE a.guarded AND a.balance <> coalesce(posted.moved, 0)
"""

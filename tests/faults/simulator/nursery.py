"""The shop as every run begins: made once, then copied. Tills are paired, members have a few passes and some money.

Rule: made through the product's own doors. A run begins on a copy of the tills' folders and of every row.
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from argon2 import PasswordHasher

from models.catalogue import PassPlan
from models.tenders import pay
from pos_app.till import catalogue, find_member, pairing, sell_pass, shift, top_up
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, transaction
from sync_server.database.migrate import migrate, secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.pairing import new_code
from sync_server.keys import Keyring, new_keyring
from sync_server.members import people
from tests.faults.simulator.database import BORN, SimulatedDatabase
from tests.faults.simulator.expected import Expected
from tests.faults.simulator.machine import START, Dice, Time
from tests.faults.simulator.network import Network
from tests.faults.simulator.opening import expected_of
from tests.faults.simulator.server import SimulatedServer
from tests.faults.simulator.till import ADDRESS, SimulatedTill
from tests.faults.simulator.watch import ServerWatch
from tests.flows import shop
from tests.sync_server.conftest import Server, embedded_server, name_of
from tests.sync_server.ledger.plain_values import Card

STORES = (shop.SZ1, shop.SZ1, shop.SZ1, shop.SZ2)
"""Of each till: three where HQ allows some unproven uses, one where it allows none."""
FEW, SHORT = "1d000000-0000-7000-8000-000000000036", "1d000000-0000-7000-8000-000000000037"
PLANS: tuple[PassPlan, ...] = (
    *(value for value in shop.CATALOGUE if isinstance(value, PassPlan) and value.plan_id in (shop.TAXED, shop.TIGHT)),
    PassPlan(FEW, shop.MERCHANT, {"zh-CN": "三杯卡"}, 4500, "CNY", 3, 90, True, "tea", "none", "0"),
    PassPlan(SHORT, shop.MERCHANT, {"zh-CN": "两天卡"}, 3000, "CNY", 2, 2, True, "tea", "none", "0"),
)
"""What is sold: with VAT at once, with limits, with few uses, and for two days."""
MEMBERS = 4


@dataclass(frozen=True)
class Person:
    """A member as the counter knows them."""

    member_id: str
    phone: str
    card_id: str


@dataclass(frozen=True)
class Nursery:
    """Where copies come from."""

    postgres: Server
    template: DatabaseUrls
    home: SimulatedDatabase
    keys: Keyring
    folder: Path
    terminals: tuple[str, ...]
    people: tuple[Person, ...]
    expected: Expected
    began_at: datetime

    @contextmanager
    def database(self, *, apart: bool) -> Iterator[SimulatedDatabase]:
        """The shop's database as every run begins; `apart`: one that is thrown away, for whoever may spoil it."""
        if apart:
            made = _copied(self.postgres, self.template)
            try:
                yield made
            finally:
                made.close()
            return
        self.home.go_back(BORN)
        yield self.home

    def till_folder(self, number: int, at: Path) -> Path:
        """A copy of a paired till's folder."""
        return Path(shutil.copytree(self.folder / f"till{number}", at))


@contextmanager
def open_nursery(postgres: Server | None = None) -> Iterator[Nursery]:
    """Make the shop, on a Postgres of its own when none is given."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="tk-faults-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o711)
    try:
        if postgres is not None:
            with _made(postgres, folder) as nursery:
                yield nursery
            return
        for _, server in embedded_server(folder / "postgres"):
            with _made(server, folder) as nursery:
                yield nursery
    finally:
        shutil.rmtree(folder)


@contextmanager
def _made(postgres: Server, folder: Path) -> Iterator[Nursery]:
    time, keys, urls = Time(), new_keyring(datetime(2020, 1, 1, tzinfo=UTC)), postgres.create()
    migrate(urls)
    database = SimulatedDatabase(postgres, urls)
    database.prepare()
    server = SimulatedServer(database, keys, time)
    try:
        server.start()
        people_made = _fill(server)
        terminals, expected = _begin_business(server, folder, people_made)
        database.keep(BORN)
    finally:
        database.close(drop=False)
    home = _copied(postgres, urls)
    gc.freeze()  # what is there by now stays
    try:
        yield Nursery(postgres, urls, home, keys, folder, terminals, people_made, expected, time.now)
    finally:
        gc.unfreeze()
        home.close()
        postgres.drop(urls)


def _copied(postgres: Server, template: DatabaseUrls) -> SimulatedDatabase:
    urls = postgres.create(name_of(template))
    secure_database(urls)
    return SimulatedDatabase(postgres, urls)


def _fill(server: SimulatedServer) -> tuple[Person, ...]:
    """What HQ manages, and the members."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    async def write() -> None:
        rule = patch.object(shop, "BONUS", replace(shop.BONUS, starts_at=START))
        with rule, patch.object(shop, "hash_pin", quick.hash), patch.object(shop, "TERMINALS", len(STORES)):
            await shop.open_shop(server.pool, server.keys)
        async with transaction(server.pool, PLATFORM) as connection:
            for plan in PLANS:
                await put(connection, plan)
            for number in range(MEMBERS):
                new = people.NewMember(
                    f"1e000000-0000-7000-8000-00000000000{number}",
                    f"M{number:08d}",
                    f"王{number}",
                    f"1380000000{number}",
                )
                await people.create(connection, server.keys, new, shop.MERCHANT, START)

    server.run(write())
    found = server.rows("SELECT member_id::text, card_id::text FROM app.cards ORDER BY member_id")
    return tuple(Person(member, f"1380000000{number}", card) for number, (member, card) in enumerate(found))


def _begin_business(
    server: SimulatedServer, folder: Path, everybody: tuple[Person, ...]
) -> tuple[tuple[str, ...], Expected]:
    """Pair the tills; the first sells passes and takes money for cards, so that a run has something to use."""
    tills = [_paired(server, folder, number, store) for number, store in enumerate(STORES)]
    terminals = tuple(till.journal.require_identity().terminal_id for till in tills)
    plans = [value for value in (*shop.CATALOGUE, *PLANS) if isinstance(value, PassPlan)]
    refs = dict(server.rows("SELECT card_ref, card_id::text FROM app.cards"))
    cards = [Card(person.card_id, person.member_id) for person in everybody]
    phones = {person.phone: person.member_id for person in everybody}
    expected = expected_of(cards, refs, plans, dict(zip(terminals, STORES, strict=True)), phones)
    watch = ServerWatch(server, expected, terminals)
    for till in tills:
        till.network.watch = watch
        till.sign_in(shop.PIN)
    first = tills[0].till
    shift.open_shift(first, 20000)
    for number, person in enumerate(everybody, 1):
        (view,) = find_member.by_phone(first, person.phone)
        for wanted in (FEW, shop.TEN):
            plan = next(each for each in catalogue.plans(first) if each.plan_id == wanted)
            sell_pass.sell_pass(first, view.member, plan, (pay("cash", plan.price_minor, plan.price_minor),))
        offered = top_up.offer(first, 8000 * number)
        top_up.top_up(first, view.member, offered, (pay("wechat", offered.amount_minor, offered.amount_minor),))
    server.time.passes(60)
    for till in (*tills, *tills):
        till.app.sync.cycle()
        server.seal()
    for till in tills:
        till.close()
        for leftover in ("reserve", "running.lock", "till.log"):
            (till.folder / leftover).unlink(missing_ok=True)
    return terminals, expected


def _paired(server: SimulatedServer, folder: Path, number: int, store: str) -> SimulatedTill:
    network = Network(number, server, server.time, lambda _: None)
    till = SimulatedTill(number, folder / f"till{number}", server.time, Dice(number), network)
    code = next(each.code for each in shop.STORES if each.store_id == store)
    till.open()
    pairing.pair(till.till, ADDRESS, server.run(new_code(server.pool, code, f"T{number + 1:03d}")).text)
    till.app.sync.cycle()
    return till

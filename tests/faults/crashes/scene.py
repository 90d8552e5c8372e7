"""A till with work waiting, and what must be true once something was killed: nothing lost, nothing doubled.

Rule: what was acknowledged or durable before the kill is written down before it (`note`) and looked for afterwards
(`judge`), beside everything that holds at all times.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import update

from models.shifts import expected_of
from models.times import format_instant
from models.wire import TillAlarm
from pos_app.journal import retention, tampering
from pos_app.journal.tables import OUTBOX
from pos_app.till import shift, sign_in
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.ledger import backups
from tests.faults.conftest import FaultyHouse, catch_up
from tests.flows import shop
from tests.flows.cards import credit, pay_in
from tests.flows.checks import all_is_well
from tests.flows.till import Counter, Recorded

MOST_WAITING = 6
_OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")


class Scene:
    """One till of a house, a member with a card and a pass, and luck of its own."""

    def __init__(self, house: FaultyHouse, folder: Path, luck: random.Random, store: str = "SZ1") -> None:
        self.house, self.luck = house, luck
        self.till = Counter(house, folder, store)
        self.person = shop.Person("", "", "", {})
        self.tx_no = ""
        self.renumbered = False
        """The database was set back: what it posts again has other numbers, and the till hears of them."""
        self._before: list[Recorded] = []

    def close(self) -> None:
        """Close the till."""
        self.till.__exit__()

    def begin(self) -> None:
        """Open the shift, give the member a pass and money on the card, and let some work wait."""
        self.till.begin()
        self.person = self.house.member({shop.TEN: 5})
        self.till.sync()
        self.tx_no = credit(self.till, self.person, 10000)
        if self.luck.random() < 0.5:
            self.work()
            self.till.sync()
        self.work()
        self.note()

    def work(self) -> None:
        """A few things of all kinds, without a network; some of it on paper."""
        self.till.network.down()
        for _ in range(self.luck.randint(0, MOST_WAITING)):
            self.luck.choice([self._sell, self._sell_and_use_a_pass, self._top_up, self._copy, self.till.print_all])()
        self.till.network.up()

    def _sell(self) -> None:
        self.till.sell(((self.luck.choice([shop.TEA, shop.WATER, shop.MILK_TEA]), {}),) * self.luck.randint(1, 3))

    def _sell_and_use_a_pass(self) -> None:
        self.till.sell_pass(self.till.member(self.person), shop.TAXED)
        self.till.redeem(self.till.member(self.person), shop.TAXED)

    def _top_up(self) -> None:
        pay_in(self.till, self.person, self.luck.randint(1, 20000))

    def _copy(self) -> None:
        states = self.till.print_states()
        waits = {slip for (slip, _), state in states.items() if state in ("queued", "not_printed")}
        if slips := [slip for slip, copy in states if copy == 0 and slip not in waits]:
            self.till.reprint(self.luck.choice(slips))

    def sign_in(self) -> None:
        """After the till was opened again."""
        sign_in.sign_in(self.till.till, shop.PIN)

    def note(self) -> None:
        """Write down what is durable and what was acknowledged."""
        self._before = self.till.recorded

    # What a day brings besides ------------------------------------------------------------------------------------

    @property
    def terminal_id(self) -> str:
        """The till's id."""
        return self.till.till.journal.require_identity().terminal_id

    def grow_old(self) -> None:
        """The shift ends; what was acknowledged was so long ago that it may be compacted, and a backup is noted."""
        counted = expected_of(shift.x_report(self.till.till))
        shift.close_shift(self.till.till, counted)
        self.till.sync()
        self.till.compacted = {item.hash: item.data for item in self.till.recorded}
        long_ago = timedelta(days=retention.KEPT_DAYS + 5)
        with psycopg.connect(self.house.superuser_url) as connection:
            connection.execute(
                "UPDATE app.facts SET recorded_at = recorded_at - %s WHERE terminal_id = %s",
                [long_ago, self.terminal_id],
            )
        with self.till.till.journal.upkeep() as rows:
            then = format_instant(datetime.now(UTC) - long_ago)
            rows.execute(update(OUTBOX).where(OUTBOX.c.state == "accepted").values(acknowledged_at=then))

        async def note(pool: Pool) -> None:
            async with transaction(pool, _OPERATOR) as connection:
                assert (await backups.note(connection, datetime.now(UTC) - timedelta(hours=1)))["outcome"] == "accepted"

        self.house.do(note)

    def find_forged_policy(self) -> None:
        """The till finds something at its start that HQ is to be told of."""
        with self.till.till.journal.upkeep() as rows:
            tampering.note(rows, (TillAlarm("policy_forged", 0),))

    def alarms(self, kind: str) -> int:
        """How often HQ has heard this of the till."""
        query = "SELECT count(*) FROM app.alarms WHERE kind = %s AND principal_id = %s"
        ((count,),) = self.house.rows(query, kind, self.terminal_id)
        return int(count)

    def revoke(self) -> None:
        """HQ shuts the till out; once, however often it says so."""
        path = f"/admin/api/terminals/{self.terminal_id}/revoke"
        assert self.house.hq_post(path, {"reason": "stolen"}, self.terminal_id)["outcome"] == "accepted"

    def settle(self) -> None:
        """The till's own loops print and hand in everything."""
        self.till.app.start_background()
        catch_up(self.till)
        self.till.app.prints.stop()
        self.till.print_all()
        self.till.sync()

    def judge(self) -> tuple[int, int]:
        """(lost, doubled) facts; AssertionError when anything else does not hold."""
        now = {item.seq: item for item in self.till.recorded}
        terminal = self.till.till.journal.require_identity().terminal_id
        known = dict(
            self.house.rows("SELECT encode(hash, 'hex'), tx_no FROM app.facts WHERE terminal_id = %s", terminal)
        )
        lost = sum(item.seq not in now or now[item.seq].hash != item.hash for item in self._before)
        lost += sum(item.hash not in known for item in now.values())
        told = [item for item in self._before if item.state == "accepted"]
        if self.renumbered:
            told = [now[item.seq] for item in told if item.seq in now]
        lost += sum(item.tx_no is not None and known.get(item.hash) != item.tx_no for item in told)
        doubled = len(now) - len({item.fact.fact_id for item in now.values()}) + self._doubled(terminal)
        unknown = [key for key, state in self.till.print_states().items() if state == "unknown"]
        assert len(unknown) <= 1, unknown
        assert "sending" not in self.till.print_states().values()
        if not lost and not doubled:
            all_is_well(self.house, self.till)
        return lost, doubled

    def _doubled(self, terminal: str) -> int:
        """Effects that stand beside another of the same fact, or of none, and were not taken back."""
        ((count,),) = self.house.rows(
            "SELECT count(*) FROM app.transactions AS t WHERE t.terminal_id = %s"
            " AND 1 <> (SELECT count(*) FROM app.facts AS f WHERE f.tx_id = t.tx_id)"
            "        + (SELECT count(*) FROM app.held_decisions AS d WHERE d.tx_id = t.tx_id)"
            " AND NOT EXISTS (SELECT FROM app.transactions AS r WHERE r.reverses = t.tx_id)",
            terminal,
        )
        return int(count)

"""A server that can be killed at named steps, its Postgres that can be stopped inside a transaction, and tills."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx
import psycopg
import pytest

from demo.processes import Child
from models import wire
from pos_app.sync import loop
from sync_server.database.embedded import EmbeddedPostgres
from tests.flows import shop
from tests.flows.house import House, wait_for
from tests.flows.till import Counter

LAUNCHER = [str(Path(__file__).with_name("server_launcher.py"))]
BLOCKS = {
    "entries": ("app.entries", "AFTER INSERT"),
    "audit row": ("audit.event_log", "AFTER INSERT"),
    "stored answer": ("app.idempotency_registry", "AFTER INSERT"),
    "stored fact": ("app.facts", "AFTER INSERT"),
    "chain head": ("app.terminal_heads", "AFTER UPDATE"),
    "print report": ("app.print_reports", "AFTER INSERT"),
    "COMMIT of facts": ("app.facts", "AFTER INSERT"),
    "COMMIT of an answer": ("app.idempotency_registry", "AFTER INSERT"),
}
"""Where a transaction can be stopped: after a row was written, or when all of it is written and COMMIT has begun."""


class FaultyHouse(House):
    """A house whose server dies where a test wants it to."""

    @property
    def fault(self) -> Path:
        """The file that names the step at which the server dies next."""
        return self.folder / "fault"

    def run(self, gate: int | None = None, line: int | None = None) -> None:
        """Start the server so that it can be killed at a step; the one of a file that is there already, too.

        `gate`: so many at work at once; `line`: so many pushes wait for their turn.
        """
        self.start(LAUNCHER, self.environment(gate) | ({} if line is None else {"TEST_LINE": str(line)}))

    def launch_faulty(self) -> Child:
        """Start it as `run` does, and return at once."""
        return self.launch(LAUNCHER, self.environment())

    def kill(self) -> None:
        """End the server process with -9, now."""
        assert self._child is not None
        self._child.process.kill()
        self.wait_killed()

    @property
    def _saved(self) -> Path:
        return self.postgres_data.with_name("saved")

    def save(self) -> None:
        """Keep a copy of the cluster as it is now."""
        self.stop()
        shutil.rmtree(self._saved, ignore_errors=True)
        subprocess.run(["cp", "-a", self.postgres_data, self._saved], check=True)
        self.run()

    def restore(self) -> None:
        """Put the copy in the place of the cluster, as after a lost disk; the next server notices it by itself."""
        self.stop()
        shutil.rmtree(self.postgres_data)
        subprocess.run(["cp", "-a", self._saved, self.postgres_data], check=True)

    def lose_cluster(self) -> None:
        """The database's disk is gone; the keys are not."""
        self.stop()
        shutil.rmtree(self.postgres_data)

    def new_cluster(self) -> EmbeddedPostgres:
        """An empty one in its place, which runs inside the block."""
        return self._postgres()

    def hq_post(self, path: str, content: dict[str, Any], key: str) -> Any:
        """Do something at HQ under an idempotency key."""
        with httpx.Client(base_url=self.address, timeout=20) as client:
            headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
            answer = client.post(path, json=content, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def environment(self, gate: int | None = None) -> dict[str, str]:
        """What the launcher reads."""
        found = {"TEST_FAULT": str(self.fault), "TEST_POSTMASTER": str(self.postgres_data / "postmaster.pid")}
        return found if gate is None else {**found, "TEST_GATE": str(gate)}

    def plan(self, step: str) -> None:
        """Let the server die when it comes to this step."""
        self.fault.write_text(step)

    def prepare_blocks(self) -> None:
        """Install, as the superuser, triggers that wait while a test holds their lock."""
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute("CREATE SCHEMA faults")
            for number, (point, (table, event)) in enumerate(BLOCKS.items()):
                connection.execute(
                    f"CREATE FUNCTION faults.wait_{number}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    f" PERFORM pg_catalog.pg_advisory_xact_lock_shared({number}, 77); RETURN NULL; END $$".encode()
                )
                deferred = "DEFERRABLE INITIALLY DEFERRED" if point.startswith("COMMIT") else ""
                connection.execute(
                    f"CREATE {'CONSTRAINT' if deferred else ''} TRIGGER wait_{number} {event} ON {table} {deferred}"
                    f" FOR EACH ROW EXECUTE FUNCTION faults.wait_{number}()".encode()
                )

    @contextlib.contextmanager
    def blocked(self, point: str) -> Iterator[Blocked]:
        """Stop whoever comes to this point, until the block ends or Postgres dies."""
        connection = psycopg.connect(self.superuser_url, autocommit=True)
        try:
            number = list(BLOCKS).index(point)
            connection.execute("SELECT pg_advisory_lock(%s, 77)", [number])
            yield Blocked(connection, number)
        finally:
            connection.close()


class Blocked:
    """A point in the database at which transactions wait."""

    def __init__(self, connection: psycopg.Connection, number: int) -> None:
        self._connection, self._number = connection, number

    def wait_for_backend(self) -> int:
        """Wait until somebody has come to this very point; returns the process number of their Postgres session."""
        found: list[int] = []

        def waits() -> bool:
            rows = self._connection.execute(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND classid = %s AND objid = 77 AND objsubid = 2",  # 2: a lock of two numbers; the product has others
                [self._number],
            )
            found[:] = [row[0] for row in rows.fetchall()]
            return bool(found)

        wait_for(waits, "a transaction has come to the point")
        return found[0]


def work_alone(till: Counter, person: shop.Person) -> None:
    """A busy quarter of an hour without a network: passes sold and used, goods sold, a copy; all on paper."""
    till.network.down()
    till.sell_pass(till.member(person), shop.TEN)
    till.redeem(till.member(person), shop.TEN, ((shop.TEA, {shop.CHEESE: 1}), (shop.TEA, {})))
    sold = till.sell()
    till.print_all()
    till.reprint(sold.slips[0])
    till.sell_pass(till.member(person), shop.TAXED)
    till.print_all()
    till.network.up()


def catch_up(till: Counter) -> None:
    """The background hands everything in by itself; then it is stopped, with everything pulled."""
    till.drain()
    till.app.sync.stop()
    till.sync()


class Beside:
    """What waits for an answer, run beside the test; `result` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._raised: BaseException | None = None
        self._found: object = None

        def run() -> None:
            try:
                self._found = work()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                self._raised = error

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def result(self, seconds: float = 30.0) -> object:
        """What the work returned."""
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        if self._raised is not None:
            raise self._raised
        return self._found


class OpenTill(Protocol):
    """Opens another till."""

    def __call__(self, store: str = "SZ1") -> Counter: ...


@pytest.fixture(scope="session")
def house() -> Iterator[FaultyHouse]:
    """A server with a shop, for all faults."""
    with FaultyHouse() as opened:
        opened.run()
        opened.open_shop()
        opened.prepare_blocks()
        yield opened


QUICK: tuple[tuple[object, str, float], ...] = (
    (wire, "REQUEST_TIMEOUT_SECONDS", 20.0),
    (loop, "FIRST_RETRY_SECONDS", 0.1),
    (loop, "LONGEST_RETRY_SECONDS", 0.4),
    (loop, "PULL_SECONDS", 0.3),
    (loop, "HEARD_SECONDS", 0.3),
)
"""Tills that try again soon, and that wait for an answer until the server is really gone."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """See QUICK."""
    for owner, name, value in QUICK:
        monkeypatch.setattr(owner, name, value)


@pytest.fixture
def open_till(house: FaultyHouse, tmp_path: Path) -> Iterator[OpenTill]:
    """Open tills that are closed after the test, whatever happens; the server runs whatever the last test did."""
    house.fault.unlink(missing_ok=True)
    if not house.running:
        house.run()
    opened: list[Counter] = []

    def make(store: str = "SZ1") -> Counter:
        till = Counter(house, tmp_path / f"till{len(opened)}", store)
        opened.append(till)
        return till

    yield make
    for till in opened:
        till.__exit__()

"""A printer that fails at random bytes in every way it can: no slip is lost in silence, none comes twice by itself.

PAPER_FAULTS=1000 for more of them, PAPER_SEED=n for others.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pos_app.journal import prints
from pos_app.journal.prints import Job
from pos_app.print_queue import PrintQueue
from pos_app.till import reprint, slips
from printing.transports import JobOutcome, PrinterStatus
from printing.transports.conversation import INIT, TwoWayPrinter
from printing.transports.network import NetworkPrinter
from printing.transports.serial_port import SerialPrinter
from printing.virtual.server import VirtualPrinter
from tests.pos_app.desk import Desk
from tests.printing.transports.cable import Cable

ROUNDS = int(os.environ.get("PAPER_FAULTS", "30"))
SEED = int(os.environ.get("PAPER_SEED", "1"))
SILENCE_SECONDS = 0.25
LAST_BYTE = 38_000
"""A little more than the slip of one cup."""
LATER = ("cut", "die", "paper out", "cover open")
pytestmark = [pytest.mark.req("C06"), pytest.mark.timeout(60 + 10 * ROUNDS)]


@dataclass
class Watched:
    """A printer, and what left the till for it: name of the job -> how often its first byte went."""

    printer: TwoWayPrinter
    begun: Counter[str] = field(default_factory=Counter)

    def status(self) -> PrinterStatus:
        return self.printer.status()

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        def begin() -> None:
            on_first_byte()
            self.begun[job_id] += 1

        return self.printer.send(job, job_id, begin)


@dataclass
class Till:
    """A till, its printer, and whoever looks at the paper."""

    desk: Desk
    virtual: VirtualPrinter
    watched: Watched
    queue: PrintQueue
    folder: Path
    faults: Counter[str] = field(default_factory=Counter)
    drawn: dict[str, bytes] = field(default_factory=dict)
    papers: dict[Path, list[str]] = field(default_factory=dict)
    seen_seconds: list[float] = field(default_factory=list)

    def jobs(self) -> list[Job]:
        with self.desk.journal.reading() as rows:
            return [job for slip in {one.number for one in slips.recent(self.desk.till, 5000)}
                    for job in prints.of_slip(rows, slip)]  # fmt: skip

    def whole(self) -> Counter[str]:
        """Name of a job -> how many papers hold all of it, by the bytes that the printer worked through."""
        for job in self.jobs():
            name = f"{job.slip}-{job.copy}"
            if name not in self.drawn and name in self.watched.begun:
                self.drawn[name] = self.queue._encode(job)[0].removeprefix(INIT)
        for path in set(self.folder.glob("job-*.bin")) - self.papers.keys():
            paper = path.read_bytes()
            self.papers[path] = [name for name, drawn in self.drawn.items() if drawn in paper]
        return Counter(name for names in self.papers.values() for name in names)


@pytest.fixture(params=["network", pytest.param("serial", marks=pytest.mark.req("C11"))])
def counter(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> Iterator[Till]:
    with VirtualPrinter(tmp_path / "paper") as virtual:
        cable = Cable(virtual, tmp_path / "device") if request.param == "serial" else None
        printer: TwoWayPrinter = (
            SerialPrinter(str(cable.device), 115_200, timeout_seconds=SILENCE_SECONDS)
            if cable
            else NetworkPrinter("127.0.0.1", virtual.port, timeout_seconds=SILENCE_SECONDS)
        )
        watched = Watched(printer)
        queue = PrintQueue(desk.journal, watched, desk.clock, desk.till.live, lambda **_: None)
        yield Till(desk, virtual, watched, queue, tmp_path / "paper")
        queue.stop()
        if cable:
            cable.stop()


def spoil(counter: Till, dice: random.Random) -> str:
    """Let something go wrong now, or at a byte of the next slip."""
    what = dice.choice(["nothing", "stall", "paper out", "cover open", "die", *LATER, *LATER, *LATER])
    place = ""
    if what == "stall":
        place = f" {dice.uniform(0.1, 3 * SILENCE_SECONDS):.3f}"
    elif what != "nothing" and dice.random() < 0.8:
        place = f" after {dice.randrange(LAST_BYTE)} bytes"
    if what != "nothing":
        assert counter.virtual.command(what + place) == "ok"
    counter.faults[what + (" later" if "after" in place else "")] += 1
    return what


def mend(counter: Till) -> None:
    """Put paper in, close the cover, switch it on; wait until it listens."""
    counter.virtual.command("ok")
    deadline = time.monotonic() + 10
    while counter.watched.status().state != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def look_at_the_paper(counter: Till) -> None:
    """The cashier settles what the till cannot know, by what lies in the printer."""
    whole = counter.whole()
    for job in counter.jobs():
        if job.state == "unknown" and job.fault != "copy_ordered":
            there = bool(whole[f"{job.slip}-{job.copy}"])
            assert reprint.resolve_unknown(counter.desk.till, job.slip, printed=there) is None or not there


def test_random_faults_lose_nothing_and_double_nothing(counter: Till) -> None:
    dice, sold = random.Random(SEED), []
    for _ in range(ROUNDS):
        what = spoil(counter, dice)
        sold.append(counter.desk.sell().slips[0])
        began = time.monotonic()
        counter.queue.tick()
        states = {slip.number: slip for slip in slips.recent(counter.desk.till, 5)}
        if states[sold[-1]].state != "printed":
            counter.seen_seconds.append(time.monotonic() - began)
            faulty = [slip for slip in states.values() if slip.fault is not None]
            assert faulty or counter.desk.till.live.printer != "ready", (what, states[sold[-1]])
        if dice.random() < 0.6:
            mend(counter)
            counter.queue.tick()
        if dice.random() < 0.1:
            counter.queue.recover()  # the till starts again
        if dice.random() < 0.5:
            look_at_the_paper(counter)
    for _ in range(3):
        mend(counter)
        counter.queue.tick()
        look_at_the_paper(counter)
    counter.queue.tick()

    whole, begun = counter.whole(), counter.watched.begun
    assert {job: count for job, count in begun.items() if count > 1} == {}, "no paper is begun twice"
    assert {job: count for job, count in whole.items() if count > 1} == {}
    for job in counter.jobs():
        if job.state == "printed":
            assert whole[f"{job.slip}-{job.copy}"] == 1, f"{job.slip} was lost in silence"
    papers = {slip: sum(whole[f"{job.slip}-{job.copy}"] for job in counter.jobs() if job.slip == slip) for slip in sold}
    assert [slip for slip, count in papers.items() if count != 1] == [], "each slip came out whole, once"
    kicks = [json.loads(path.read_text())["drawer_kicks"] for path in counter.folder.glob("job-*.json")]
    assert sum(kicks) <= len(sold), "no drawer is kicked twice for one sale"
    assert counter.desk.broken() == []
    late = sorted(counter.seen_seconds)
    print(f"{ROUNDS} slips, {sum(counter.faults.values())} faults: {dict(counter.faults)}; "
          f"{sum(begun.values())} papers begun, {len(begun) - len(sold)} of them marked copies; "
          f"a fault is known after {late[len(late) // 2]:.2f} s (median), {late[-1]:.2f} s at most")  # fmt: skip

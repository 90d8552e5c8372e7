"""Two weeks without a network on one till: 100,000 facts in 14 shifts, then all of it handed in to a real server.

Rule: prints figures; asserts no time. The till is the product's own (its journal syncs the disk); what a cashier waits
for is measured over the first and the last hundred sales, and the screens with a full queue beside an almost empty one.
FACTS=5000 makes it short.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from models.shifts import expected_of
from pos_app.till import header, orders, outbox, risk, shift, slips
from tests.bench.harness import Figure, figure
from tests.flows import shop
from tests.flows.house import House
from tests.flows.till import Counter

FACTS = int(os.environ.get("FACTS", "100000"))
SHIFTS, COMPARED, LOOKS = 14, 100, 20


def figures() -> list[Figure]:
    """Sell for two weeks, look at everything, start again, hand in."""
    with House() as house, tempfile.TemporaryDirectory() as folder:
        house.start()
        house.open_shop()
        with Counter(house, Path(folder) / "till") as till:
            till.begin()
            person = house.member({shop.TEN: 3})
            till.sync()
            till.network.down()
            sales = [_milliseconds(till.sell) for _ in range(COMPARED)]
            looks = _looks(till, person)
            before = looks, _start(till)
            for day in range(SHIFTS):
                while till.pending < FACTS * (day + 1) // SHIFTS:
                    sales += [_milliseconds(till.sell) for _ in range(COMPARED)]
                shift.close_shift(till.till, expected_of(shift.x_report(till.till)))
                shift.open_shift(till.till, 20_000)
            sales += [_milliseconds(till.sell) for _ in range(COMPARED)]
            found = _compared(sales, before[0], _looks(till, person), before[1], _start(till))
            return [*found, *_handed_in(till)]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _looks(till: Counter, person: shop.Person) -> dict[str, float]:
    works: dict[str, Callable[[], object]] = {
        "header of every screen": lambda: header.header(till.till),
        "search of a member": lambda: till.member(person),
        "orders screen": lambda: orders.page(till.till),
        "outbox screen": lambda: (outbox.rows(till.till, 100), slips.recent(till.till, 20), risk.risk_left(till.till)),
    }
    return {name: statistics.median(_milliseconds(work) for _ in range(LOOKS)) for name, work in works.items()}


def _start(till: Counter) -> float:
    from pos_app.till import sign_in  # noqa: PLC0415

    milliseconds = _milliseconds(till.restart)
    sign_in.sign_in(till.till, shop.PIN)
    return milliseconds


def _compared(
    sales: list[float], early: dict[str, float], late: dict[str, float], started: float, starts: float
) -> list[Figure]:
    first, last = statistics.median(sales[:COMPARED]), statistics.median(sales[-COMPARED:])
    found = [
        figure(f"a sale, first {COMPARED}, median", first, "ms"),
        figure(f"a sale, last {COMPARED} of {len(sales)}", last, "ms", beside=(f"first {COMPARED}", first)),
    ]
    for name, milliseconds in late.items():
        found.append(figure(name, milliseconds, "ms", beside=("with an empty queue", early[name])))
    return [*found, figure("end and start of the program", starts, "ms", beside=("with an empty queue", started))]


def _handed_in(till: Counter) -> list[Figure]:
    waiting = till.pending
    till.network.up()
    began = time.perf_counter()
    while till.pending:
        if not till.app.sync.cycle().good:
            time.sleep(1)
    seconds = time.perf_counter() - began
    states = {item.state for item in till.recorded}
    if states != {"accepted"}:
        raise RuntimeError(f"not everything was accepted: {states}")
    return [
        figure("facts handed in at the end", waiting, "facts"),
        figure("handing in", waiting / seconds, "facts/s"),
    ]

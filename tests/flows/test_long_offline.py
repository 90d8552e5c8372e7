"""Two weeks without a network: the till grows no slower with what waits, and everything is delivered at the end.

Rule: work is counted in steps of SQLite, which no busy machine changes. The full size is a bench
(`make bench SUITE=offline`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.shifts import expected_of
from pos_app.till import orders, outbox, risk, shift, slips
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.house import House
from tests.flows.till import Counter

SHIFTS, SALES = 14, 16
_STEP = 50


def steps(till: Counter, work: Callable[[], object]) -> int:
    """How many instructions SQLite ran for this, in units of fifty."""
    raw, count = till.till.journal._raw, 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    raw.set_progress_handler(tick, _STEP)
    try:
        work()
    finally:
        raw.set_progress_handler(None, _STEP)
    return count


def costs(till: Counter) -> dict[str, int]:
    """What a cashier waits for."""
    works: dict[str, Callable[[], object]] = {
        "sale": till.sell,
        "orders": lambda: orders.page(till.till),
        "outbox": lambda: outbox.rows(till.till, 20),
        "slips": lambda: slips.recent(till.till, 20),
        "risk": lambda: risk.risk_left(till.till),
    }
    return {name: steps(till, work) for name, work in works.items()}


@pytest.mark.req("C07")
def test_fourteen_shifts_without_a_network(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.down()
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for day in range(SHIFTS):
        for _ in range(SALES):
            till.sell()
        till.sell_pass(till.member(person), shop.TEN, "cash")
        if not first and day:
            first = costs(till)
        elif day == SHIFTS - 1:
            last = costs(till)
        shift.close_shift(till.till, expected_of(shift.x_report(till.till)))
        shift.open_shift(till.till, 20_000)
    waiting = till.pending
    assert waiting > SHIFTS * (SALES + 3)
    grown = {name: (first[name], last[name]) for name in first if last[name] > 1.5 * first[name] + 10}
    assert not grown, "steps of SQLite early and late"
    till.restart()
    assert till.pending == waiting
    till.network.up()
    till.sync()
    till.sync()
    assert till.pending == 0
    assert {item.state for item in till.recorded} == {"accepted"}
    all_is_well(house, till)

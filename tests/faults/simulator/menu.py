"""Which step comes next, and how often each: business, background, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.faults.simulator import headquarters, mishaps, newcomers, setting_up, steps
from tests.faults.simulator.till import SimulatedTill

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

Step = Callable[["Run", SimulatedTill], "str | None"]
MENU: list[tuple[int, Step]] = [
    (1, steps.open_shift),
    (10, steps.sell_goods),
    (3, steps.goods_come_back),
    (1, steps.cash_moves),
    (8, steps.sell_a_pass),
    (18, steps.redeem_uses),
    (4, steps.last_uses_twice),
    (6, steps.pay_in),
    (8, steps.pay_by_card),
    (4, steps.refund_some),
    (1, steps.see_refunds),
    (3, steps.print_a_copy),
    (1, steps.abandon),
    (8, steps.print_waiting),
    (20, steps.sync),
    (6, steps.show_codes),
    *newcomers.MENU,
    *mishaps.MENU,
    *headquarters.MENU,
    (1, setting_up.another_till_pairs),
    (1, setting_up.pairs_again),
]
RARE: list[tuple[int, Step]] = [*mishaps.RARE, (1, headquarters.till_revoked)]
_MISHAPS = {step for _, step in (*mishaps.MENU, *RARE)}


def begin(run: Run) -> None:
    """Most tills open their shift at once."""
    for till in run.tills:
        if run.dice.happens(90):
            run.do(till.number, "open_shift", steps.open_shift)


def one(run: Run) -> None:
    """Draw a step and a till, do it, and go on."""
    number = run.dice.between(0, len(run.tills) - 1)
    step = run.dice.weighted(MENU + (RARE if run.daring else []) + run.more)
    mishaps.before(run, run.tills[number], step.__name__)
    if step in _MISHAPS:
        run.points.struck[step.__name__.replace("_", " ")] += 1
    run.do(number, step.__name__, step)

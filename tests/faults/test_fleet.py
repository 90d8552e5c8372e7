"""Many tills come back at once with their queues: asked for patience they keep it, and counters are served meanwhile.

Here a few, with turns so scarce that most are sent away; fifty, with 500 facts each, are `make bench SUITE=sync`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from models import wire
from tests.bench.fleet import fleet
from tests.faults.conftest import FaultyHouse, OpenTill
from tests.flows import shop
from tests.flows.checks import all_is_well

TILLS, FACTS = 20, 25


@pytest.mark.timeout(180)
def test_they_come_back_together(
    house: FaultyHouse, open_till: OpenTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 60.0)
    till = open_till().begin()
    person = house.member({shop.TEN: 1000})
    till.sync()
    house.stop()
    house.run(line=2)
    answered = 0
    ((before,),) = house.rows("SELECT count(*) FROM app.facts")
    with fleet(house, tmp_path, TILLS, FACTS) as crews:
        for crew in crews:
            crew.go()
        while not all(crew.done for crew in crews):
            assert till.redeem(till.member(person), shop.TEN).evidence == "online"
            answered += 1
        reports = [crew.report() for crew in crews]
    house.stop()  # the next test starts one that takes more
    house.run()
    till.sync()
    ((after,),) = house.rows("SELECT count(*) FROM app.facts")
    assert [(report.broken, report.hasty) for report in reports] == [([], 0)] * len(reports)
    assert sum(report.busy_answers for report in reports) > 0, "nobody was asked to come back"
    assert sum(report.handed_in for report in reports) == TILLS * FACTS == after - before - answered
    assert answered > 0
    assert house.uses_left(person.passes[shop.TEN]) == 1000 - answered
    all_is_well(house, till)

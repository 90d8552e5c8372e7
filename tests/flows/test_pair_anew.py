"""A machine whose till was revoked begins anew: handed in first, nothing deleted, another id."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from pos_app import bootstrap
from pos_app.__main__ import main
from pos_app.bootstrap import InService
from pos_app.settings import Settings
from sync_server.database.engine import Claims
from sync_server.fleet import terminals
from sync_server.intake.held import act_of
from tests.flows.house import House
from tests.flows.till import Counter

OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")


def revoke(house: House, till: Counter) -> str:
    """Returns the id that is revoked; the till has not heard of it."""
    terminal_id = till.till.journal.require_identity().terminal_id
    outcome = house.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of(terminal_id), terminal_id, "edited"))
    assert outcome["outcome"] == "accepted"
    return terminal_id


def pair(house: House, till: Counter, *more: str) -> int:
    """The command as somebody at the machine types it."""
    code = house.pairing_code(till.store, house.next_number())
    folder = str(till.folder / "till")
    return main(["pair", code, "--data", folder, "--server", till.address, "--keys", "file", *more])


def kept_beside(till: Counter) -> list[Path]:
    return sorted(path for path in till.folder.iterdir() if path.name.startswith("till-"))


def test_a_revoked_till_hands_in_and_begins_anew(
    house: House, till: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    till.sync()
    till.sell()
    before = till.till.journal.terminal_code
    terminal_id = revoke(house, till)
    till.close()
    assert pair(house, till, "--anew") == 0
    (kept,) = kept_beside(till)
    assert before in kept.name
    assert str(kept) in capsys.readouterr().out
    held = house.rows("SELECT count(*) FROM app.facts WHERE terminal_id = %s AND seq = 2", terminal_id)
    assert held == [(1,)], "handed in first"
    assert main(["verify", "--data", str(kept)]) == 0
    till.open()
    assert till.till.journal.require_identity().terminal_id != terminal_id
    assert not till.recorded


def test_a_till_in_service_is_not_set_aside(house: House, till: Counter, capsys: pytest.CaptureFixture[str]) -> None:
    till.sync()
    terminal_id = till.till.journal.require_identity().terminal_id
    till.close()
    assert pair(house, till, "--anew", "--queue-aside") == 3
    assert "has not revoked" in capsys.readouterr().err
    assert pair(house, till) == 3
    assert "--anew" in capsys.readouterr().err
    till.open()
    assert till.till.journal.require_identity().terminal_id == terminal_id
    assert kept_beside(till) == []


def test_what_still_waits_goes_aside_only_when_somebody_says_so(house: House, till: Counter) -> None:
    till.sync()
    till.sell()
    till.sell()
    revoke(house, till)
    with till.till.journal.upkeep() as rows:
        rows.exec_driver_sql("DELETE FROM facts WHERE seq = 2")  # a hole: the server takes nothing after it
    settings = Settings(data_dir=till.folder / "till", key_storage="file")
    till.close()
    with pytest.raises(InService) as found:
        bootstrap.set_aside(settings, with_queue=False)
    assert found.value.pending
    assert kept_beside(till) == []
    kept = bootstrap.set_aside(settings, with_queue=True)
    assert kept is not None
    assert [kept] == kept_beside(till)
    assert (kept / "keys" / "till.key").exists()

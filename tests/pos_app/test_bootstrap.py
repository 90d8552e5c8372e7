"""A whole till put together: it starts, recovers, tells what changed, and lets go of everything."""

import logging
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.clock import TillClock
from pos_app.errors import Trouble
from pos_app.journal.tables import REQUESTS
from pos_app.settings import Settings
from pos_app.till import outbox, sign_in, slips
from pos_app.till.values import Changes
from tests.pos_app.desk import PIN, Desk


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, server_url="http://127.0.0.1:1", camera="none", key_storage="file", **more)  # type: ignore[arg-type]


def test_starts_unpaired_and_twice_only_after_a_stop(tmp_path: Path) -> None:
    app = bootstrap.start(settings(tmp_path), lambda _changes: None)
    with pytest.raises(Trouble) as error:
        bootstrap.start(settings(tmp_path), lambda _changes: None)
    assert error.value.code == "already_running"
    app.start_background()
    app.stop()
    bootstrap.start(settings(tmp_path), lambda _changes: None).stop()


def test_a_start_that_fails_lets_go_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a journal" * 999)
    for _ in range(2):
        with pytest.raises(Trouble) as error:
            bootstrap.start(settings(tmp_path), lambda _changes: None)
        assert error.value.code == "journal_damaged"


def test_recovers_what_a_crash_left(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    number = desk.sell().slips[0]
    desk.paper(number, "sending")
    desk.server.ask = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        desk.redeem()
    desk.stop()
    seen: list[Changes] = []
    app = bootstrap.start(settings(tmp_path), seen.append)
    assert [(slip.number, slip.state) for slip in slips.recent(app.till)] == [(number, "unknown")]
    assert outbox.rows(app.till)[0].kind == "RequestAbandoned"
    with app.till.journal.reading() as rows:
        assert rows.execute(REQUESTS.select()).one().state == "abandoned"
    assert isinstance(app.till.clock, TillClock)
    assert app.till.journal.require_identity().server_url == "http://127.0.0.1:1", "the address given wins"
    assert sign_in.session(app.till) is None
    sign_in.sign_in(app.till, PIN)
    assert seen[-1].session
    app.stop()
    again = bootstrap.start(settings(tmp_path), seen.append)
    assert [row.kind for row in outbox.rows(again.till)].count("RequestAbandoned") == 1
    again.stop()


def test_a_request_left_open_by_a_failure_is_reversed_at_the_next_sync(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.stop()
    app = bootstrap.start(settings(tmp_path), lambda _changes: None)
    with app.till.journal.upkeep() as rows:
        rows.execute(REQUESTS.insert().values(request_id="r1", bytes=b"", asked_at="2026-11-20", state="asked"))
    app.sync.cycle()
    assert outbox.rows(app.till)[0].kind == "RequestAbandoned"
    with app.till.journal.reading() as rows:
        assert (found := rows.execute(REQUESTS.select()).one()).state == "abandoned"
    assert found.code == "record_failed"
    app.stop()


def test_the_log_names_a_failure_without_its_message(tmp_path: Path) -> None:
    """What an exception says may hold what a member typed or a row held."""
    app = bootstrap.start(settings(tmp_path), lambda _changes: None)
    try:
        try:
            raise KeyError("13812346021")
        except KeyError as error:
            raise ValueError("王小雨") from error
    except ValueError:
        logging.getLogger("pos_app.sync").exception("a sync cycle failed")
    app.stop()
    text = (tmp_path / "till.log").read_text("utf-8")
    assert "ERROR pos_app.sync a sync cycle failed\nValueError\n" in text
    assert "caused by KeyError" in text
    assert f"{Path(__file__).name}:" in text
    assert "13812346021" not in text
    assert "王小雨" not in text


def test_what_is_heard_of_members_wakes_the_copies(tmp_path: Path) -> None:
    """One of them may have been erased; a copy that holds them does not wait for the end of the shift."""
    app = bootstrap.start(settings(tmp_path), lambda _changes: None)
    app.sync._report(catalogue=True)
    assert not app.copies._woken.is_set()
    app.sync._report(members=True)
    assert app.copies._woken.is_set()
    app.stop()

"""Waiting for news: it rings when there are some, holds nothing up, ends at once, and gives way where it is cut."""

import threading
from collections.abc import Iterator

import pytest

from models import codec, wire
from models.catalogue import Category
from pos_app.journal import identity
from pos_app.sync import listener as listening
from pos_app.sync import loop as loops
from pos_app.sync.client import ServerClient
from pos_app.sync.listener import LONGEST_WAIT_SECONDS, SHORTEST_WAIT_SECONDS, Listener
from pos_app.sync.loop import SyncLoop
from tests.pos_app.desk import uid
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link
from tests.pos_app.sync.test_loop import page, wait_for
from tests.pos_app.ui.shop import MERCHANT

GROUP = Category(uid(0xC9), MERCHANT, {"en": "News"}, 9)


@pytest.fixture
def listener(link: Link, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A loop that listens, and that nothing else wakes for a long time."""
    for name in ("PULL_SECONDS", "HEARD_SECONDS"):
        monkeypatch.setattr(loops, name, 600.0)
    monkeypatch.setattr(listening, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(listening, "REST_SECONDS", 0.01)
    made = Listener(link.desk.journal, ServerClient(link.desk.journal, link.clock, 30.0), jitter=lambda: 0.0)
    link.loop = SyncLoop(
        link.desk.journal, link.client, lambda **what: link.reported.append(what), jitter=lambda: 0.5, listener=made
    )
    link.loop.start()
    yield made
    link.loop.stop()


def waiting(link: Link) -> list[odd.Seen]:
    """The questions that asked to wait."""
    return [seen for seen in list(link.double.seen) if "wait" in seen.query]


def has_news(link: Link) -> bool:
    return GROUP.category_id in {one.category_id for one in link.desk.journal.catalogue.categories}


def test_news_are_pulled_when_there_are_some(link: Link, listener: Listener) -> None:
    wait_for(lambda: waiting(link))
    (asked,) = waiting(link)
    assert (asked.query["wait"], asked.query["limit"]) == ([str(LONGEST_WAIT_SECONDS)], ["1"])
    link.double.pages.append(page(link, wire.Change("category", GROUP.category_id, codec.to_plain(GROUP))))
    link.double.news.set()
    wait_for(lambda: has_news(link))
    wait_for(lambda: len(waiting(link)) > 1)
    assert waiting(link)[-1].query["after"] == ["c1"]


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 7.5), (1.0, 22.5)])
def test_after_news_it_rests(link: Link, monkeypatch: pytest.MonkeyPatch, jitter: float, seconds: float) -> None:
    """In a shop that trades there are news all the time: the interval of the loop fetches them meanwhile."""
    monkeypatch.setattr(listening, "SPREAD_SECONDS", 0.01)
    client = ServerClient(link.desk.journal, link.clock, 30.0)
    bell = Listener(link.desk.journal, client, jitter=lambda: jitter)
    bell.hears = True
    heard: list[bool] = []
    bell._ring = lambda: heard.append(bell.hears)
    link.double.pages.append(page(link, wire.Change("category", GROUP.category_id, codec.to_plain(GROUP))))
    assert bell._ask() == seconds
    assert heard == [False], "the cycle that it rings for comes again after the short interval"
    bell.stop()


def test_a_push_waits_for_nobody(link: Link, listener: Listener) -> None:
    wait_for(lambda: waiting(link))
    link.desk.sell()
    link.loop.wake()
    wait_for(lambda: link.pending() == 0)
    assert len(waiting(link)) == 1
    assert not link.double.news.is_set()


def test_it_ends_at_once(link: Link, listener: Listener) -> None:
    wait_for(lambda: waiting(link))
    link.loop.stop()
    assert "sync-listener" not in {thread.name for thread in threading.enumerate()}, "it was cut, not waited for"
    before = len(link.double.seen)
    link.double.news.set()
    assert len(link.double.seen) == before


def test_where_silence_is_cut_it_asks_for_shorter_ones_and_the_interval_holds(link: Link, listener: Listener) -> None:
    wait_for(lambda: waiting(link))

    def cut_if_it_waits(handler: odd.Handler) -> bool:
        link.double.odd.append(cut_if_it_waits)
        return "wait" in handler.seen.query and odd.hangs_up(handler)

    link.double.then(cut_if_it_waits)
    link.double.news.set()
    wait_for(lambda: len(waiting(link)) > 4)
    asked = [int(seen.query["wait"][0]) for seen in waiting(link)]
    assert asked[0] == LONGEST_WAIT_SECONDS
    assert asked[-1] == SHORTEST_WAIT_SECONDS
    assert not listener.hears
    link.desk.sell()
    link.loop.wake()
    wait_for(lambda: link.pending() == 0)
    assert link.client.reachable, "a silence that was cut says nothing of the line"


def test_pauses_grow_and_end_with_the_first_success(link: Link) -> None:
    bell = Listener(link.desk.journal, ServerClient(link.desk.journal, link.clock, 30.0), jitter=lambda: 0.0)
    link.double.then(*[odd.hangs_up] * 9)
    pauses = [bell._ask() for _ in range(9)]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    link.double.then(odd.hangs_up)
    assert bell._ask() == listening.LONGEST_PAUSE_SECONDS
    link.double.pages.append(page(link, wire.Change("category", GROUP.category_id, codec.to_plain(GROUP))))
    assert bell._ask() == listening.REST_SECONDS / 2
    link.double.then(odd.hangs_up)
    assert bell._ask() == 1
    bell.stop()


def test_a_cycle_that_comes_no_further_is_rung_for_ever_more_seldom(link: Link) -> None:
    bell = Listener(link.desk.journal, ServerClient(link.desk.journal, link.clock, 30.0), jitter=lambda: 0.0)
    change = wire.Change("category", GROUP.category_id, codec.to_plain(GROUP))
    link.double.pages.extend([page(link, change)] * 8)
    assert [bell._ask() for _ in range(8)] == [7.5, 7.5, 7.5, 7.5, 8, 16, 32, 64]
    bell.stop()


def test_an_answer_that_nobody_held_back_is_no_silence(link: Link) -> None:
    """A cache in between, or a server that is going down, must not make the till ask without end."""
    bell = Listener(link.desk.journal, ServerClient(link.desk.journal, link.clock, 30.0))
    with link.desk.journal.upkeep() as rows:
        identity.write_state(rows, "epoch", link.double.epoch)
    rung: list[bool] = []
    bell._ring = lambda: rung.append(True)
    link.double.news.set()
    assert bell._ask() > 0
    assert rung
    assert not bell.hears
    bell.stop()


def test_the_server_says_when_to_come_back(link: Link) -> None:
    bell = Listener(link.desk.journal, ServerClient(link.desk.journal, link.clock, 30.0))
    rung: list[bool] = []
    bell._ring = lambda: rung.append(True)
    link.double.then(odd.problem(503, "server_busy", Retry_After="17"))
    assert bell._ask() == 17
    assert not rung, "it asked to be left alone"
    bell.stop()


def test_it_rests_while_the_server_is_not_there(link: Link, listener: Listener) -> None:
    wait_for(lambda: waiting(link))
    link.double.refusing["/changes"] = "terminal_revoked"
    link.double.news.set()
    wait_for(lambda: {"network": True} in link.reported[1:])
    before = len(waiting(link))
    link.double.news.set()
    link.loop.cycle()
    assert len(waiting(link)) == before
    assert not listener.hears


def test_unpaired_nobody_listens(link: Link) -> None:
    told: list[bool] = []

    class Ear(Listener):
        def note_cycle(self, in_step: bool) -> None:
            told.append(in_step)

    loop = SyncLoop(
        link.desk.journal,
        link.client,
        lambda **_what: None,
        listener=Ear(link.desk.journal, ServerClient(link.desk.journal, link.clock)),
    )
    link.desk.journal._identity = None
    loop.cycle()
    link.desk.journal.reload()
    loop.cycle()
    assert told == [False, True]
    loop.stop()

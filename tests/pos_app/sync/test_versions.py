"""Today's till and servers of other releases: what it reads of their answers, what it keeps and shows when refused."""

from __future__ import annotations

import json

import pytest

from models import codec, wire
from models.refusals import Refusal
from models.versions import HEADER
from pos_app.journal import identity, outbox
from pos_app.sync import apply
from pos_app.till.header import header
from tests.golden import files
from tests.golden.later import with_unknown_keys
from tests.pos_app.desk import uid
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link
from tests.pos_app.sync.test_client import asked

ANSWERS = {
    (version, name): data
    for version in files.recorded()
    for name, data in files.messages_of(version).items()
    if name.partition(".")[0] in ("PushAnswer", "ActionAnswer", "ChangesAnswer", "Health", "PairAnswer")
}


def grown(data: bytes) -> bytes:
    """The answer as a later server gives it."""
    return json.dumps(with_unknown_keys(json.loads(data))).encode()


@pytest.mark.req("R087")
@pytest.mark.parametrize("is_later", [False, True], ids=["as recorded", "of a later server"])
@pytest.mark.parametrize(("version", "name"), ANSWERS, ids=str)
def test_recorded_answers_are_read(
    link: Link, version: object, name: str, is_later: bool, caplog: pytest.LogCaptureFixture
) -> None:
    data = ANSWERS[version, name]  # type: ignore[index]
    kind = name.partition(".")[0]
    value = codec.decode(getattr(wire, kind), data)
    link.double.then(odd.says(200, grown(data) if is_later else data, "application/json"))
    client = link.client
    if kind == "PushAnswer":
        assert client.push(wire.PushRequest(1, (), None)) == value
    elif kind == "ChangesAnswer":
        found = client.changes("")
        assert [(change.table, change.key) for change in found.changes] == [
            (change.table, change.key) for change in value.changes
        ]
        apply.apply_page(link.desk.journal, found)
        catalogue = link.desk.journal.catalogue
        for table, known in (
            ("plan", catalogue.plans),
            ("staff", catalogue.staff),
            ("server_key", catalogue.server_keys),
        ):
            assert {change.key for change in value.changes if change.table == table} <= known.keys()
        assert "unreadable" not in caplog.text
    elif kind == "ActionAnswer":
        request = codec.decode(
            wire.ActionRequest, codec.encode(codec.to_plain(asked()) | {"request_id": value.request_id})
        )
        heard = client.ask(request, 5.0)
        assert heard is not None
        assert (heard.outcome, heard.code, heard.uses_left) == (value.outcome, value.code, value.uses_left)
        assert value.data.items() <= heard.data.items()
    elif kind == "Health":
        assert client.health() == value
    else:
        key = link.desk.journal.keys.private_key()
        assert client.pair(link.double.address, wire.PairRequest(1, "CODE", "a2V5", "test", "0"), key) == value


def test_rows_of_a_kind_that_is_newer_are_left_out(link: Link) -> None:
    page = wire.ChangesAnswer(
        "c9", False, "e1", link.clock.now(),
        (wire.Change("lottery", "l1", {"a": 1}), wire.Change("category", uid(70), {"names": 5}),
         wire.Change("product", uid(71), None)),
    )  # fmt: skip
    link.double.pages.append(page)
    link.loop.cycle()
    with link.desk.journal.reading() as rows:
        assert identity.read_state(rows, "cursor") == "c9"


def test_an_outcome_that_is_newer_is_shown_to_a_person(link: Link) -> None:
    """It is not taken for accepted; the fact stays in the journal like any other."""
    with link.desk.journal.reading() as rows:
        sent = outbox.pending(rows, 500, 1 << 20)
    results = tuple(wire.FactResult(fact.fact_id, fact.seq, "parked") for fact in sent)
    answer = wire.PushAnswer(results, len(sent), False, "e1", link.clock.now())
    request = wire.PushRequest(1, tuple(fact.text for fact in sent), None)
    assert apply.note_push(link.desk.journal, request, sent, answer)
    assert {row.state for row in link.desk.facts()} == {"held"}


def test_every_request_says_which_version_the_till_speaks(link: Link) -> None:
    link.client.health()
    link.client.changes("")
    assert [seen.headers[HEADER.lower()] for seen in link.double.seen] == ["1.0", "1.0"]


@pytest.mark.req("R087")
def test_too_old_a_till_hands_in_its_queue_and_says_update(link: Link) -> None:
    waiting = link.pending()
    assert waiting > 0
    link.double.then(odd.honest, odd.problem(400, "till_too_old"))
    assert link.loop.cycle().due_seconds == 60.0
    assert (link.pending(), len(link.double.chain)) == (0, waiting)
    assert header(link.desk.till).refused == "till_too_old"
    assert {"network": True} in link.reported
    assert link.loop.cycle().due_seconds == 5.0
    assert header(link.desk.till).refused is None


@pytest.mark.req("R087")
def test_too_old_a_server_leaves_the_queue_where_it_is_and_the_till_says_why(link: Link) -> None:
    waiting = link.pending()
    link.double.then(*[odd.problem(400, "server_too_old")] * 3)
    link.loop.cycle()
    assert link.pending() == waiting
    assert header(link.desk.till).refused == "server_too_old"
    with pytest.raises(Refusal, match="server_too_old"):
        link.client.ask(asked(), 5.0)
    link.loop.cycle()
    assert (link.pending(), header(link.desk.till).refused) == (0, None)


def test_an_upgraded_till_pulls_everything_anew(link: Link) -> None:
    """What it mirrored before lacks the fields that were new then."""
    link.loop.cycle()
    with link.desk.journal.upkeep() as rows:
        identity.write_state(rows, "cursor", "c5")
        identity.write_state(rows, "pulled_as", "1.0")
    link.loop.cycle()
    with link.desk.journal.upkeep() as rows:
        identity.write_state(rows, "cursor", "c5")
        identity.write_state(rows, "pulled_as", "0.9")
    link.loop.cycle()
    asked_after = [seen.query["after"] for seen in link.double.seen if seen.path.endswith("/changes")]
    assert asked_after == [[""], ["c5"], [""]]

"""What was recorded stays readable, and what is written today is what was recorded."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models import codec, facts, versions, wire
from models.facts import decode_fact, encode_fact, hash_fact
from models.refusals import Refusal
from models.versions import CURRENT, SPOKEN, Spoken, Version
from tests.golden import files
from tests.golden.chain import bodies
from tests.golden.later import later, with_unknown_keys
from tests.golden.messages import messages

PARTS = {
    "HeldDecision", "TillAlarm",
    "ServerKey", "Head", "HeardHead", "SealHead", "PrintReport", "FactResult", "RedeemAsked", "ChargeAsked",
    "RefundAsked", "Change", "SealingKey", "MemberAlias", "Companion",
}  # fmt: skip
"""Dataclasses of models.wire that are only parts of messages."""


@pytest.mark.req("R087")
def test_what_is_written_today_is_what_was_recorded() -> None:
    """A red test here: a released version needs the next number, an unreleased one `make golden`."""
    folder = files.HOME / str(CURRENT)
    assert {name: (folder / name).read_bytes() for name in (files.FACTS, files.MESSAGES)} == (files.as_written()), (
        "the wire has changed: raise models.versions.CURRENT when this version is released, then `make golden`"
    )


def test_every_version_that_is_still_spoken_is_recorded() -> None:
    spoken = {Version(CURRENT.major, minor) for minor in range(SPOKEN.oldest.minor, CURRENT.minor + 1)}
    assert spoken <= set(files.recorded())
    assert max(files.recorded()) == CURRENT


@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_released_files_are_untouched(version: Version) -> None:
    if files.is_released(version):
        released = (files.HOME / str(version) / files.RELEASED).read_text(encoding="ascii")
        assert released == files.seal_of(version), "a released golden file was changed"
    else:
        assert version == CURRENT, "a version that is not the last must have been released"


@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_recorded_facts_read_as_a_chain(version: Version) -> None:
    prev = facts.GENESIS
    for place, data in enumerate(files.facts_of(version), start=1):
        fact = decode_fact(data)
        assert (fact.seq, fact.prev) == (place, prev)
        prev = hash_fact(data)
        if version == CURRENT:
            assert encode_fact(fact) == data


def test_facts_of_before_there_were_notes_read() -> None:
    old = [line.replace(b'"note":"",', b"") for line in files.facts_of(CURRENT)]
    assert old != list(files.facts_of(CURRENT))
    for data, recorded in zip(old, files.facts_of(CURRENT), strict=True):
        assert decode_fact(data) == decode_fact(recorded)


def test_top_ups_of_before_there_were_companies_read() -> None:
    old = [line.replace(b'"card_id":null,', b"") for line in files.facts_of(CURRENT)]
    assert sum(line != recorded for line, recorded in zip(old, files.facts_of(CURRENT), strict=True)) == 2
    for data, recorded in zip(old, files.facts_of(CURRENT), strict=True):
        assert decode_fact(data) == decode_fact(recorded)


@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_recorded_messages_read(version: Version) -> None:
    for name, data in files.messages_of(version).items():
        message = codec.decode(getattr(wire, name.partition(".")[0]), data)
        if version == CURRENT:
            assert message == messages()[name]


def test_every_kind_of_fact_message_and_change_is_recorded() -> None:
    assert {type(body).__name__ for body in bodies()} == set(facts.KINDS)
    known = {
        name for name, kind in inspect.getmembers(wire, dataclasses.is_dataclass) if kind.__module__ == "models.wire"
    }
    assert {name.partition(".")[0] for name in messages()} == known - PARTS
    full: Any = messages()["ChangesAnswer.full"]
    assert {change.table for change in full.changes} == set(wire.CHANGE_TABLES)


def test_every_field_of_every_dataclass_is_used_somewhere() -> None:
    """A field that always has its default would be recorded in name only."""
    used: set[tuple[str, str]] = set()
    every: set[tuple[str, str]] = set()
    for value in _dataclasses_in([*messages().values(), *bodies()]):
        for field in dataclasses.fields(value):
            every.add((type(value).__name__, field.name))
            if getattr(value, field.name) not in (None, (), "", field.default):
                used.add((type(value).__name__, field.name))
    assert every - used == set()


def _dataclasses_in(value: object) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _dataclasses_in(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from _dataclasses_in(getattr(value, field.name))


def test_a_released_version_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "HOME", tmp_path)
    files.write(release=False)
    files.write(release=True)
    files.write(release=True)
    (tmp_path / str(CURRENT) / files.FACTS).write_bytes(b"{}\n")
    with pytest.raises(ValueError, match="is released"):
        files.write(release=False)
    released = (tmp_path / str(CURRENT) / files.RELEASED).read_text(encoding="ascii")
    assert released != files.seal_of(CURRENT)


# A later program reads what tills of today write --------------------------------------------------------------------


@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_a_later_program_reads_recorded_messages(version: Version) -> None:
    for name, data in files.messages_of(version).items():
        kind = getattr(wire, name.partition(".")[0])
        message = codec.decode(later(kind), data)
        assert message.later_field is None
        assert codec.content(message) == codec.content(codec.decode(kind, data)), "the digest of a content is the same"


@pytest.mark.parametrize("version", files.recorded(), ids=str)
def test_a_later_program_reads_recorded_facts(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [decode_fact(data) for data in files.facts_of(version)]
    monkeypatch.setattr(facts, "FORMAT", 2)
    for kind in facts.KINDS:
        monkeypatch.setitem(facts.KINDS, kind, later(facts.KINDS[kind]))
    for data, fact in zip(files.facts_of(version), before, strict=True):
        again = decode_fact(data)
        assert codec.content(again.body) == codec.content(fact.body)
        assert dataclasses.replace(again, body=fact.body) == fact


# The numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("server", "till", "served", "facts_taken"),
    [
        ("1.0", "1.0", None, None),
        ("1.3", "1.0", None, None),
        ("1.4", "1.0", "till_too_old", None),
        ("1.4", "1.1", None, None),
        ("1.0", "1.9", None, None),
        ("1.9", "2.0", "server_too_old", "server_too_old"),
        ("2.0", "1.9", "till_too_old", "till_too_old"),
    ],
)
def test_who_is_served(server: str, till: str, served: str | None, facts_taken: str | None) -> None:
    spoken, theirs = Spoken(versions.parse_version(server)), versions.parse_version(till)
    for facts_only, code in ((False, served), (True, facts_taken)):
        if code is None:
            spoken.check(theirs, facts=facts_only)
            continue
        with pytest.raises(Refusal) as refused:
            spoken.check(theirs, facts=facts_only)
        assert refused.value.code == code
        assert refused.value.data == {"oldest": str(spoken.oldest), "newest": server, "yours": till}


@pytest.mark.parametrize("text", ["", "1", "1.", "1.0.0", "v1.0", "1.0 ", "-1.0", "1.00000", "١.٠", "1.0\n"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(Refusal, match="request_malformed"):
        versions.parse_version(text)


def test_unknown_keys_are_left_out_only_where_that_is_asked_for() -> None:
    for name, data in files.messages_of(CURRENT).items():
        kind = getattr(wire, name.partition(".")[0])
        grown = json.dumps(with_unknown_keys(json.loads(data)))
        assert codec.content(codec.decode(kind, grown, newer_too=True)) is not None
        with pytest.raises(Refusal, match="request_malformed"):
            codec.decode(kind, grown)

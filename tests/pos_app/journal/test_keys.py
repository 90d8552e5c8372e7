"""The till's secrets: made once, private, and never hanging on a keyring."""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_app.journal import keys
from pos_app.journal.errors import KeyMissing


class Ring:
    """A keyring as the library shows it."""

    def __init__(self, priority: float = 5, hang: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.priority = priority
        self.hang = hang
        self.released = threading.Event()

    def module(self) -> SimpleNamespace:
        return SimpleNamespace(
            get_keyring=lambda: SimpleNamespace(priority=self.priority),
            set_password=self._set,
            get_password=lambda service, name: self.kept.get((service, name)),
        )

    def _set(self, service: str, name: str, text: str) -> None:
        if self.hang:
            self.released.wait()
        self.kept[service, name] = text


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ring]:
    def put(**how: object) -> Ring:
        made = Ring(**how)  # type: ignore[arg-type]
        monkeypatch.setitem(sys.modules, "keyring", made.module())
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        return made

    return put


def test_made_once_and_read_again(tmp_path: Path) -> None:
    made = keys.open_keys(tmp_path, "file", may_create=True)
    assert keys.open_keys(tmp_path, "file", may_create=False) == made
    parts = {made.private_key(), made.data_key(), made.index_key()}
    assert len(parts) == 3
    assert {len(part) for part in parts} == {32}


def test_keyring_keeps_them_where_there_is_one(tmp_path: Path, ring: Callable[..., Ring]) -> None:
    kept = ring().kept
    made = keys.open_keys(tmp_path, "auto", may_create=True)
    assert len(kept) == 1
    assert not (tmp_path / "keys" / "till.key").exists()
    assert keys.open_keys(tmp_path, "auto", may_create=False) == made
    kept.clear()
    with pytest.raises(KeyMissing):
        keys.open_keys(tmp_path, "auto", may_create=False)


@pytest.mark.parametrize("how", [{"priority": 0.5}, {"hang": True}])
def test_a_keyring_that_is_none_or_hangs(
    tmp_path: Path, ring: Callable[..., Ring], how: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_KEYRING_SECONDS", 0.2)
    asked = ring(**how)
    began = time.monotonic()
    keys.open_keys(tmp_path, "auto", may_create=True)
    assert time.monotonic() - began < 2
    assert (tmp_path / "keys" / "till.key").exists()
    with pytest.raises(KeyMissing):
        keys.open_keys(tmp_path / "wanted", "keyring", may_create=True)
    asked.released.set()


def test_without_a_session_no_keyring_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    keys.open_keys(tmp_path, "auto", may_create=True)
    assert json.loads((tmp_path / "keys" / "where.json").read_text())["storage"] == "file"


@pytest.mark.parametrize("damage", ["", "short", "%%%"])
def test_damaged_key_file(tmp_path: Path, damage: str) -> None:
    keys.open_keys(tmp_path, "file", may_create=True)
    (tmp_path / "keys" / "till.key").write_text(damage)
    with pytest.raises(KeyMissing):
        keys.open_keys(tmp_path, "file", may_create=True)


@pytest.mark.parametrize("damage", ["", "[]", '{"storage": "cloud"}'])
def test_damaged_note_of_where(tmp_path: Path, damage: str) -> None:
    keys.open_keys(tmp_path, "file", may_create=True)
    (tmp_path / "keys" / "where.json").write_text(damage)
    with pytest.raises(KeyMissing):
        keys.open_keys(tmp_path, "file", may_create=True)

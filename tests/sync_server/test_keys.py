"""The key folder: made once, closed, rotated, and what each key does."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync_server.keys import KeysTrouble, add_key, new_key, new_keyring, open_keys, verify_with

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "server" / "keys"


def code_of(attempt: object) -> str:
    with pytest.raises(KeysTrouble) as caught:
        attempt()  # type: ignore[operator]
    return caught.value.code


def test_made_at_the_first_run_closed_and_the_same_ever_after(folder: Path) -> None:
    first = open_keys(folder, NOW)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("keys.json", 0o600)]
    second = open_keys(folder, LATER)
    assert second.document() == first.document()
    assert len({second.password(name) for name in ("superuser", "maintenance", "app")}) == 3
    assert code_of(lambda: second.password("nobody")) == "password_missing"


def test_two_first_starts_agree(folder: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        documents = set(threads.map(lambda _: open_keys(folder, NOW).document(), range(8)))
    assert len(documents) == 1


@pytest.mark.parametrize("part", ["file", "folder"])
def test_readable_by_others_is_refused(folder: Path, part: str) -> None:
    open_keys(folder, NOW)
    path = folder / "keys.json" if part == "file" else folder
    path.chmod(path.stat().st_mode | 0o040)
    assert code_of(lambda: open_keys(folder, NOW)) == "keys_readable_by_others"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2}', '{"version": 1, "data": [], "blind_index": [], "signing": [], "passwords": {}}'],
)
def test_damaged_file_is_refused_and_never_replaced(folder: Path, text: str) -> None:
    open_keys(folder, NOW)
    (folder / "keys.json").write_text(text)
    assert code_of(lambda: open_keys(folder, NOW)) == "keys_damaged"
    assert (folder / "keys.json").read_text() == text


def test_short_key_and_naive_time_are_damage(folder: Path) -> None:
    document = open_keys(folder, NOW).document()
    for wrong in (document.replace("+00:00", "", 1), document.replace('"key": "', '"key": "AAAA', 1)):
        assert code_of(lambda wrong=wrong: open_keys(folder, NOW, {"TILLKEEPER_KEYS": wrong})) == "keys_damaged"


def test_production_keys_come_from_the_environment_or_a_secret_file(folder: Path, tmp_path: Path) -> None:
    ring = new_keyring(NOW)
    assert open_keys(folder, NOW, {"TILLKEEPER_KEYS": ring.document()}).document() == ring.document()
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(ring.document())
    environment = {"TILLKEEPER_KEYS_FILE": str(secret)}
    assert open_keys(folder, NOW, environment).document() == ring.document()
    assert not folder.exists()
    secret.chmod(0o644)
    assert code_of(lambda: open_keys(folder, NOW, environment)) == "keys_readable_by_others"
    missing = {"TILLKEEPER_KEYS_FILE": str(tmp_path / "none")}
    assert code_of(lambda: open_keys(folder, NOW, missing)) == "keys_unreachable"


def test_nothing_secret_is_shown(folder: Path) -> None:
    ring = open_keys(folder, NOW)
    key = add_key(folder, "data", NOW)
    assert key.material.hex() not in repr(key)
    assert repr(key.material) not in repr(key)
    trouble = KeysTrouble("keys_damaged", path="x")
    assert ring.password("app") not in f"{ring!r}{trouble}"


def test_sealed_data_opens_only_whole_and_in_its_context(folder: Path) -> None:
    ring = open_keys(folder, NOW)
    sealed = ring.encrypt(b"13812346021", b"members.phone:1", NOW)
    assert ring.decrypt(sealed, b"members.phone:1") == b"13812346021"
    assert b"13812346021" not in sealed
    assert ring.encrypt(b"13812346021", b"members.phone:1", NOW) != sealed
    assert code_of(lambda: ring.decrypt(sealed, b"members.phone:2")) == "sealed_data_damaged"
    for position in range(4, len(sealed)):
        edited = bytearray(sealed)
        edited[position] ^= 1
        assert code_of(lambda edited=edited: ring.decrypt(bytes(edited), b"members.phone:1")) == "sealed_data_damaged"
    assert code_of(lambda: ring.decrypt(sealed[:10], b"members.phone:1")) == "sealed_data_damaged"
    for unknown in (b"", b"\0" * 40, new_keyring(NOW).encrypt(b"x", b"c", NOW)):
        assert code_of(lambda unknown=unknown: ring.decrypt(unknown, b"c")) == "key_unknown"


def test_newest_key_in_force_writes_and_all_read(folder: Path) -> None:
    old = open_keys(folder, NOW)
    sealed = old.encrypt(b"old", b"c", NOW)
    index = old.blind_index("phone", "13812346021", NOW)
    signed_by, signature = old.sign(b"m", NOW)
    for kind in ("data", "blind_index", "signing"):
        add_key(folder, kind, LATER)
    ring = open_keys(folder, NOW)
    # Before it comes into force the old one writes, but tills already learn the new one.
    assert ring.sign(b"m", LATER - timedelta(seconds=1))[0] == signed_by
    assert [key.use_from for key in ring.public_keys()] == [NOW, LATER]
    assert ring.encrypt(b"x", b"c", NOW)[:4] == sealed[:4]
    # After it, the new one writes, and everything old still reads.
    assert ring.sign(b"m", LATER)[0] == ring.public_keys()[1].id != signed_by
    assert ring.encrypt(b"x", b"c", LATER)[:4] != sealed[:4]
    assert ring.decrypt(sealed, b"c") == b"old"
    assert ring.verify(signed_by, b"m", signature)
    new_index = ring.blind_index("phone", "13812346021", LATER)
    assert new_index != index
    assert ring.blind_indexes("phone", "13812346021") == [new_index, index]


def test_no_key_in_force_is_told() -> None:
    ring = new_keyring(LATER)
    assert code_of(lambda: ring.encrypt(b"x", b"c", NOW)) == "key_not_in_force"


def test_blind_index_finds_the_same_value_of_the_same_purpose_only(folder: Path) -> None:
    ring = open_keys(folder, NOW)
    index = ring.blind_index("phone", "13812346021", NOW)
    assert len(index) == 32
    assert index == open_keys(folder, NOW).blind_index("phone", "13812346021", NOW)
    others = {
        ring.blind_index("phone", "13812346022", NOW),
        ring.blind_index("card", "13812346021", NOW),
        ring.blind_index("phon", "e13812346021", NOW),
        new_keyring(NOW).blind_index("phone", "13812346021", NOW),
    }
    assert len(others) == 4
    assert index not in others


def test_one_persons_key_opens_only_theirs_and_dies_alone(folder: Path) -> None:
    ring = open_keys(folder, NOW)
    ann, bob = (ring.new_subject_key(name, NOW) for name in (b"member:ann", b"member:bob"))
    sealed = ring.subject(ann, b"member:ann").encrypt(b"Ann", b"name")
    add_key(folder, "data", NOW)
    again = open_keys(folder, NOW)
    assert again.subject(ann, b"member:ann").decrypt(sealed, b"name") == b"Ann"
    assert code_of(lambda: again.subject(bob, b"member:bob").decrypt(sealed, b"name")) == "key_unknown"
    assert code_of(lambda: again.subject(ann, b"member:bob")) == "sealed_data_damaged"
    assert code_of(lambda: again.decrypt(sealed, b"name")) == "key_unknown"


def test_signatures_are_checked_by_id_and_by_raw_key(folder: Path) -> None:
    ring = open_keys(folder, NOW)
    key_id, signature = ring.sign(b"message", NOW)
    public = ring.public_keys()[0]
    assert public.id == key_id
    assert ring.verify(key_id, b"message", signature)
    assert verify_with(public.raw, b"message", signature)
    assert not ring.verify(key_id, b"messagE", signature)
    assert not ring.verify("00000000", b"message", signature)
    for raw, signed in ((b"", signature), (public.raw[:-1], signature), (public.raw, b""), (public.raw, signature * 2)):
        assert not verify_with(raw, b"message", signed)


def test_full_or_closed_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert code_of(lambda: open_keys(tmp_path / "file" / "keys", NOW)) == "keys_unreachable"


def test_interrupted_rotation_keeps_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_keys(folder, NOW).document()

    def power_cut(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", power_cut)
        with pytest.raises(OSError, match="No space"):
            add_key(folder, "data", NOW)
    assert open_keys(folder, NOW).document() == before
    assert [file.name for file in folder.iterdir()] == ["keys.json"]


def test_tokens_have_a_key_of_their_own_derived_from_the_signing_key() -> None:
    ring = new_keyring(NOW)
    key_id, signer = ring.token_signer(NOW)
    assert key_id == ring.sign(b"", NOW)[0]
    assert ring.token_keys() == {key_id: signer.public_key()}
    again = json.loads(ring.document())
    assert again["signing"][0]["id"] == key_id
    other = new_keyring(NOW)
    assert other.token_signer(NOW)[1].public_key() != signer.public_key()
    longer = ring.with_key("signing", new_key(NOW + timedelta(days=1)))
    assert longer.token_signer(NOW)[0] == key_id
    assert longer.token_signer(NOW + timedelta(days=1))[0] != key_id
    assert longer.token_keys()[key_id] == signer.public_key()
    assert len(longer.token_keys()) == 2

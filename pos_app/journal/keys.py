"""Where this till's secrets live: its signing key, and the keys that seal personal data.

Rule: outside the database. The system's keyring where there is one, else a file of mode 0600; chosen once, at the
first start, and written down in `keys/where.json`. Asking a keyring can hang, so it is done beside, with a time limit.
"""

import base64
import hmac
import json
import os
import sys
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pos_app.journal.errors import DataDirUnwritable, KeyMissing

T = TypeVar("T")

_SERVICE = "tillkeeper"
_KEY_BYTES = 32
_KEYRING_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one till: three independent keys of 32 bytes."""

    secret: bytes

    def private_key(self) -> bytes:
        """Return the Ed25519 private key that signs requests and chain heads."""
        return self.secret[:_KEY_BYTES]

    def data_key(self) -> bytes:
        """Return the AES-256 key that seals personal data."""
        return self.secret[_KEY_BYTES : 2 * _KEY_BYTES]

    def index_key(self) -> bytes:
        """Return the HMAC key of the blind indexes."""
        return self.secret[2 * _KEY_BYTES :]

    def trust_key(self) -> bytes:
        """Return the HMAC key under which the server's keys are known again; derived, for no fourth one is stored."""
        return hmac.digest(self.secret, b"tillkeeper server keys", "sha256")


def open_keys(data_dir: Path, storage: str, may_create: bool) -> Keys:
    """Read this till's keys, or make them when `may_create` and there are none.

    `storage` ("auto" | "file" | "keyring") counts when they are made. Trouble: `key_missing`, `data_dir_unwritable`.
    """
    folder = data_dir / "keys"
    where = folder / "where.json"
    if not where.exists():
        if not may_create:
            raise KeyMissing(storage="none")
        try:
            return _make(folder, where, storage)
        except OSError as error:
            raise DataDirUnwritable(path=str(folder)) from error
    try:
        place = json.loads(where.read_text(encoding="utf-8"))
        if place["storage"] not in ("file", "keyring"):
            raise ValueError(place["storage"])
        text = _from_keyring(place["id"]) if place["storage"] == "keyring" else _from_file(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyMissing(storage="file") from error
    return Keys(_checked(text, place["storage"]))


def _make(folder: Path, where: Path, storage: str) -> Keys:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = os.urandom(3 * _KEY_BYTES)
    text = base64.b64encode(secret).decode()
    identity = str(uuid.uuid4())
    chosen = "file"
    if storage == "keyring" or (storage == "auto" and keyring_may_exist()):
        chosen = "keyring" if _to_keyring(identity, text) else "file"
        if chosen == "file" and storage == "keyring":
            raise KeyMissing(storage="keyring")
    if chosen == "file":
        _write_private(folder / "till.key", text)
    _write_private(where, json.dumps({"storage": chosen, "id": identity}))
    return Keys(secret)


def keyring_may_exist() -> bool:
    """Say whether asking for a keyring is worth while: always on a desktop system, on Linux only inside a session."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def _checked(text: str | None, storage: str) -> bytes:
    try:
        secret = base64.b64decode(text or "", validate=True)
    except ValueError as error:
        raise KeyMissing(storage=storage) from error
    if len(secret) != 3 * _KEY_BYTES:
        raise KeyMissing(storage=storage)
    return secret


def _from_file(folder: Path) -> str:
    return (folder / "till.key").read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # pragma: no cover - no such thing there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_keyring(identity: str, text: str) -> bool:
    def store() -> bool:
        import keyring  # noqa: PLC0415 - late and only where it is used

        if keyring.get_keyring().priority < 1:
            return False
        keyring.set_password(_SERVICE, identity, text)
        return keyring.get_password(_SERVICE, identity) == text

    return bool(_within_limit(store))


def _from_keyring(identity: str) -> str | None:
    def read() -> str | None:
        import keyring  # noqa: PLC0415 - late and only where it is used

        return keyring.get_password(_SERVICE, identity)

    text = _within_limit(read)
    if text is None:
        raise KeyMissing(storage="keyring")
    return text


def _within_limit(work: Callable[[], T]) -> T | None:
    found: list[T] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception:  # noqa: BLE001 - any failure of a foreign keyring means "no keyring here"
            found.clear()

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_SECONDS)
    return found[0] if found else None

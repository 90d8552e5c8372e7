"""Keep the server's keys, and encrypt, index and sign with them.

Rules: a key has an id; the newest in force writes, every key reads. The key file is 0600 in a folder of 0700,
and one that others can read is refused. In production the same document may come from a secret file
(`TILLKEEPER_KEYS_FILE`) or from the environment (`TILLKEEPER_KEYS`); then nothing is written.
A lost key is lost data: the key folder belongs in the backup, beside the database and not inside it.
Not here: which columns are encrypted (members), how a token is laid out (models.tokens). See domain.md, Keys.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models import sealed_box
from models.refusals import Refusal

Kind = Literal["data", "blind_index", "signing"]
KINDS: tuple[Kind, ...] = ("data", "blind_index", "signing")
PASSWORDS = ("superuser", "maintenance", "app")

_FILE = "keys.json"
_KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""FIPS 186-5; SEC 2, 2.4.2."""


class KeysTrouble(Exception):
    """The keys cannot be used: a code and data, never key material."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        return f"{self.code} {self.data}"


@dataclass(frozen=True)
class Key:
    """32 random bytes with an id of 8 hex digits; writes from `use_from` on, reads always."""

    id: str
    use_from: datetime
    material: bytes = field(repr=False)


@dataclass(frozen=True)
class PublicKey:
    """What a till needs of a key of ours: id and 32 raw bytes, Ed25519 to check signatures, X25519 to seal for us."""

    id: str
    use_from: datetime
    raw: bytes


class Cipher:
    """AES-256-GCM under one of several keys. Sealed form: 4 bytes key id, 12 bytes nonce, ciphertext and tag."""

    def __init__(self, writing: Key, reading: Mapping[str, Key]) -> None:
        self._writing = writing
        self._reading = reading

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """Seal; `context` (for example table, column and row id) must be the same to open it again."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._writing.material).encrypt(nonce, plain, context)
        return bytes.fromhex(self._writing.id) + nonce + sealed

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """Open; trouble `key_unknown` or `sealed_data_damaged` (edited, cut, or of another context)."""
        key = self._reading.get(sealed[:_ID_BYTES].hex())
        if key is None:
            raise KeysTrouble("key_unknown", id=sealed[:_ID_BYTES].hex())
        start = _ID_BYTES + _NONCE_BYTES
        try:
            return AESGCM(key.material).decrypt(sealed[_ID_BYTES:start], sealed[start:], context)
        except (InvalidTag, ValueError) as error:
            raise KeysTrouble("sealed_data_damaged", id=key.id) from error


class Keyring:
    """All keys of one deployment. Made by `open_keys`; times are aware UTC."""

    def __init__(self, keys: Mapping[Kind, list[Key]], passwords: Mapping[str, str]) -> None:
        self._keys = {kind: sorted(keys[kind], key=lambda key: (key.use_from, key.id)) for kind in KINDS}
        self._signers = {key.id: _signer(key) for key in self._keys["signing"]}
        self._receivers = {key.id: _receiver(key) for key in self._keys["data"]}
        self._token_signers = {key.id: _token_signer(key) for key in self._keys["signing"]}
        self._passwords = dict(passwords)

    # Personal data ------------------------------------------------------------------------------------------

    def encrypt(self, plain: bytes, context: bytes, now: datetime) -> bytes:
        """Seal with the newest data key in force at `now`; see `Cipher`."""
        return self._cipher(now).encrypt(plain, context)

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """Open with whichever data key sealed it; see `Cipher`."""
        reading = self._by_id("data")
        return Cipher(self._keys["data"][0], reading).decrypt(sealed, context)

    def new_subject_key(self, context: bytes, now: datetime) -> bytes:
        """A fresh key for one person, sealed. Deleting this value makes all that it sealed unreadable."""
        return self.encrypt(os.urandom(_KEY_BYTES), context, now)

    def subject(self, sealed_key: bytes, context: bytes) -> Cipher:
        """The cipher of one person from the sealed key of `new_subject_key`."""
        material = self.decrypt(sealed_key, context)
        key = Key(hashlib.sha256(material).hexdigest()[: 2 * _ID_BYTES], datetime.min.replace(tzinfo=UTC), material)
        return Cipher(key, {key.id: key})

    def blind_index(self, purpose: str, value: str, now: datetime) -> bytes:
        """32 bytes by which an encrypted value can be found again; `purpose` keeps kinds of value apart."""
        return _index(self._writing("blind_index", now), purpose, value)

    def blind_indexes(self, purpose: str, value: str) -> list[bytes]:
        """The indexes of a value under every key, for look-up: rows written before a change of key count too."""
        return [_index(key, purpose, value) for key in reversed(self._keys["blind_index"])]

    # Signatures ---------------------------------------------------------------------------------------------

    def sign(self, message: bytes, now: datetime) -> tuple[str, bytes]:
        """Id of the signing key and its 64-byte Ed25519 signature."""
        key = self._writing("signing", now)
        return key.id, self._signers[key.id].sign(message)

    def verify(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature is ours; False too for an unknown key."""
        signer = self._signers.get(key_id)
        return signer is not None and verify_with(signer.public_key().public_bytes_raw(), message, signature)

    def public_keys(self) -> list[PublicKey]:
        """Every signing key's public half, oldest first, those not yet in force included: tills learn them early."""
        return [
            PublicKey(key.id, key.use_from, self._signers[key.id].public_key().public_bytes_raw())
            for key in self._keys["signing"]
        ]

    # Tokens of the Supabase doors ------------------------------------------------------------------------------

    def token_signer(self, now: datetime) -> tuple[str, ec.EllipticCurvePrivateKey]:
        """Id and P-256 key that sign tokens at `now`; the key is derived from the signing key of that id."""
        key_id = self._writing("signing", now).id
        return key_id, self._token_signers[key_id]

    def token_keys(self) -> dict[str, ec.EllipticCurvePublicKey]:
        """Every key that a token of ours may be signed with, by its id."""
        return {key_id: signer.public_key() for key_id, signer in self._token_signers.items()}

    # What tills seal for us -----------------------------------------------------------------------------------

    def sealing_keys(self) -> list[PublicKey]:
        """The public key to seal for each data key, oldest first; it has that key's id and life."""
        return [
            PublicKey(key.id, key.use_from, self._receivers[key.id].public_key().public_bytes_raw())
            for key in self._keys["data"]
        ]

    def open_box(self, data: bytes, context: bytes) -> bytes:
        """Open what a till sealed (models.sealed_box); trouble `key_unknown` or `sealed_data_damaged`."""
        try:
            box = sealed_box.unpack(data)
            receiver = self._receivers.get(box.key_id)
            if receiver is None:
                raise KeysTrouble("key_unknown", id=box.key_id)
            shared = receiver.exchange(X25519PublicKey.from_public_bytes(box.sender))
            key = sealed_box.box_key(shared, box.sender, receiver.public_key().public_bytes_raw(), context)
            return AESGCM(key).decrypt(sealed_box.NONCE, box.ciphertext, None)
        except (InvalidTag, ValueError, Refusal) as error:
            raise KeysTrouble("sealed_data_damaged", id=data[:_ID_BYTES].hex()) from error

    # Passwords ----------------------------------------------------------------------------------------------

    def password(self, name: str) -> str:
        """The password of a database login: `superuser`, `maintenance` or `app`; trouble `password_missing`."""
        try:
            return self._passwords[name]
        except KeyError:
            raise KeysTrouble("password_missing", name=name) from None

    # Inner --------------------------------------------------------------------------------------------------

    def with_key(self, kind: Kind, key: Key) -> Keyring:
        """The same ring and one key more."""
        return Keyring({**self._keys, kind: [*self._keys[kind], key]}, self._passwords)

    def document(self) -> str:
        """The JSON form that files, secret files and the environment carry. It holds every secret."""
        keys = {
            kind: [
                {"id": key.id, "use_from": key.use_from.isoformat(), "key": base64.b64encode(key.material).decode()}
                for key in self._keys[kind]
            ]
            for kind in KINDS
        }
        return json.dumps({"version": 1, **keys, "passwords": self._passwords}, indent=1)

    def _cipher(self, now: datetime) -> Cipher:
        return Cipher(self._writing("data", now), self._by_id("data"))

    def _writing(self, kind: Kind, now: datetime) -> Key:
        in_force = [key for key in self._keys[kind] if key.use_from <= now]
        if not in_force:
            raise KeysTrouble("key_not_in_force", kind=kind)
        return in_force[-1]

    def _by_id(self, kind: Kind) -> dict[str, Key]:
        return {key.id: key for key in self._keys[kind]}


def new_key(use_from: datetime) -> Key:
    """A fresh random key that writes from `use_from` on."""
    return Key(secrets.token_hex(_ID_BYTES), use_from, os.urandom(_KEY_BYTES))


def new_keyring(now: datetime) -> Keyring:
    """One key of each kind, in force at once, and fresh database passwords."""
    passwords = {name: secrets.token_urlsafe(24) for name in PASSWORDS}
    return Keyring({kind: [new_key(now)] for kind in KINDS}, passwords)


def verify_with(raw_public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (a till's, for example) is right; False for any malformed input."""
    try:
        Ed25519PublicKey.from_public_bytes(raw_public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def open_keys(folder: Path, now: datetime, environment: Mapping[str, str] | None = None) -> Keyring:
    """The deployment's keys: from the environment, a secret file, or the folder, which is made at the first run.

    Troubles: `keys_readable_by_others`, `keys_damaged`, `keys_unreachable`.
    """
    environment = environment or {}
    if text := environment.get("TILLKEEPER_KEYS"):
        return _parse(text, "TILLKEEPER_KEYS")
    if name := environment.get("TILLKEEPER_KEYS_FILE"):
        return _read(Path(name))
    file = folder / _FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_open(folder)
        if not file.exists():
            _write(file, new_keyring(now), replace=False)
    except OSError as error:
        raise KeysTrouble("keys_unreachable", path=str(folder), reason=error.strerror) from error
    return _read(file)


def add_key(folder: Path, kind: Kind, use_from: datetime) -> Key:
    """Add a key to the folder's file. A signing key should come into force only after tills have synced."""
    key = new_key(use_from)
    _write(folder / _FILE, _read(folder / _FILE).with_key(kind, key), replace=True)
    return key


def _read(file: Path) -> Keyring:
    try:
        _refuse_open(file)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysTrouble("keys_unreachable", path=str(file), reason=type(error).__name__) from error
    return _parse(text, str(file))


def _refuse_open(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeysTrouble("keys_readable_by_others", path=str(path), mode=f"{mode:04o}")


def _write(file: Path, keyring: Keyring, *, replace: bool) -> None:
    """Write whole or not at all; without `replace` a file that another start wrote first stays."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)  # 0600 from the start
    unfinished = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as stream:
            stream.write(keyring.document())
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            unfinished.replace(file)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _parse(text: str, where: str) -> Keyring:
    try:
        document = json.loads(text)
        if document["version"] != 1:
            raise KeysTrouble("keys_damaged", path=where, reason="version")
        keys: dict[Kind, list[Key]] = {kind: [_key(entry) for entry in document[kind]] for kind in KINDS}
        passwords = {str(name): str(word) for name, word in document["passwords"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise KeysTrouble("keys_damaged", path=where, reason=type(error).__name__) from None
    if not all(keys.values()):
        raise KeysTrouble("keys_damaged", path=where, reason="a kind without a key")
    return Keyring(keys, passwords)


def _key(entry: Mapping[str, str]) -> Key:
    material = base64.b64decode(entry["key"], validate=True)
    use_from = datetime.fromisoformat(entry["use_from"])
    if len(material) != _KEY_BYTES or len(bytes.fromhex(entry["id"])) != _ID_BYTES or use_from.tzinfo is None:
        raise ValueError
    return Key(entry["id"], use_from, material)


def _index(key: Key, purpose: str, value: str) -> bytes:
    return hmac.digest(key.material, f"{purpose}\0{value}".encode(), "sha256")


def _signer(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.material)


def _receiver(key: Key) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_index(key, "tillkeeper/sealing-key/1", ""))


def _token_signer(key: Key) -> ec.EllipticCurvePrivateKey:
    """256 bits as a scalar in [1, n-1]: of two keys in 2^32 one is a little likelier, which tells nobody anything."""
    scalar = int.from_bytes(_index(key, "tillkeeper/token-key/1", ""), "big") % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(scalar, ec.SECP256R1())

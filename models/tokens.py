"""Texts inside QR codes: a member's short code, the signed offline code, a slip's check code, a pairing code.

Rule: pure. Checking a signature takes a verifier function; nothing here knows a key. Every code uses only
`0-9 A-Z . $ %`, the characters that every keyboard-wedge layout sends unchanged (counter.md, "Scanning").

short   1 + card reference (8, the last one a check character) + one-time secret (11)          20 characters
offline 2 + base39(payload + Ed25519 signature): who, when, and a snapshot of uses left
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from models.ids import SLIP_KINDS
from models.refusals import Refusal

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%"
CARD_REF_LENGTH = 8
SECRET_LENGTH = 11
SHORT_CODE_LENGTH = 1 + CARD_REF_LENGTH + SECRET_LENGTH
SHORT_CODE_SECONDS = 15 * 60
MAX_SNAPSHOT_PASSES = 4
SNAPSHOT_CONTEXT = b"tillkeeper/member-snapshot/1\x00"
"""What stands before the payload when it is signed, so that the signature fits no other purpose."""

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, bytes, bytes], bool]
"""(key id, message, signature) -> does it hold?"""

_CHECK_WEIGHTS = (2, 4, 5, 7, 8, 10, 11)
_HEAD = struct.Struct(">8sII8sQ8sB")
_PASS = struct.Struct(">16sH")
_SIGNATURE_BYTES = 64
_CODE = re.compile(r"[0-9A-Z.$%]+")


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A member's usual code; only the server can check the secret."""

    card_ref: str
    secret: str


@dataclass(frozen=True, slots=True)
class SnapshotCode:
    """A member's offline code: the server vouches that at `issued_at` the passes had these uses left.

    It proves issue, not that nothing was used since. `passes` holds (pass id, uses left), at most four, soonest
    expiry first.
    """

    card_ref: str
    issued_at: datetime
    expires_at: datetime
    nonce: str
    balance_minor: int
    key_id: str
    passes: tuple[tuple[str, int], ...]


def check_character(text: str) -> str:
    """Return the check character of a card reference's first seven characters: a weighted sum modulo 39.

    The weights share no factor with 39, so any one changed character changes the sum (ISO/IEC 7064 uses the same idea).
    """
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(_CHECK_WEIGHTS, text, strict=True))
    return ALPHABET[total % len(ALPHABET)]


def make_card_ref(randomness: bytes) -> str:
    """Return a card reference: seven characters from seven or more random bytes, and their check character."""
    if len(randomness) < CARD_REF_LENGTH - 1:
        raise ValueError("a card reference takes seven random bytes")
    body = _characters(randomness, CARD_REF_LENGTH - 1)
    return body + check_character(body)


def make_secret(randomness: bytes) -> str:
    """Return a one-time secret of 11 characters (58 bits) from 16 random bytes."""
    if len(randomness) < 16:
        raise ValueError("a secret takes 16 random bytes")
    return _characters(randomness, SECRET_LENGTH)


def encode_short(code: ShortCode) -> str:
    """Write the 20 characters of a short code."""
    return f"1{code.card_ref}{code.secret}"


def decode_short(text: str) -> ShortCode:
    """Read a short code. Refusals: `code_foreign` (not ours at all), `code_edited` (the check character is wrong)."""
    if len(text) != SHORT_CODE_LENGTH or text[0] != "1" or not _CODE.fullmatch(text):
        raise Refusal("code_foreign")
    card_ref, secret = text[1 : 1 + CARD_REF_LENGTH], text[1 + CARD_REF_LENGTH :]
    if check_character(card_ref[:-1]) != card_ref[-1]:
        raise Refusal("code_edited")
    return ShortCode(card_ref, secret)


def encode_snapshot(code: SnapshotCode, sign: Sign) -> str:
    """Write and sign an offline code; ValueError for more than four passes or values that do not fit."""
    if len(code.passes) > MAX_SNAPSHOT_PASSES:
        raise ValueError("too many passes for one code")
    payload = _HEAD.pack(
        code.card_ref.encode(),
        int(code.issued_at.timestamp()),
        int(code.expires_at.timestamp()),
        bytes.fromhex(code.nonce),
        code.balance_minor,
        code.key_id.encode().ljust(8, b"\x00"),
        len(code.passes),
    )
    for pass_id, uses_left in code.passes:
        payload += _PASS.pack(UUID(pass_id).bytes, uses_left)
    return "2" + _base39(payload + sign(SNAPSHOT_CONTEXT + payload))


def decode_snapshot(text: str, verify: Verify, now: datetime) -> SnapshotCode:
    """Read and check an offline code at the moment `now`.

    Refusals: `code_foreign`, `code_edited` (bytes or signature do not hold), `code_not_yet_valid`, `code_expired`.
    """
    if len(text) < 2 or text[0] != "2" or not _CODE.fullmatch(text):
        raise Refusal("code_foreign")
    data = _unbase39(text[1:])
    payload, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    if len(payload) < _HEAD.size or (len(payload) - _HEAD.size) % _PASS.size:
        raise Refusal("code_edited")
    card_ref, issued, expires, nonce, balance_minor, key_id, count = _HEAD.unpack(payload[: _HEAD.size])
    if len(payload) != _HEAD.size + count * _PASS.size:
        raise Refusal("code_edited")
    try:
        key_text, ref_text = key_id.rstrip(b"\x00").decode("ascii"), card_ref.decode("ascii")
    except UnicodeDecodeError as error:
        raise Refusal("code_edited") from error
    if not verify(key_text, SNAPSHOT_CONTEXT + payload, signature):
        raise Refusal("code_edited")
    passes = tuple((str(UUID(bytes=raw)), uses_left) for raw, uses_left in _PASS.iter_unpack(payload[_HEAD.size :]))
    issued_at, expires_at = datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(expires, UTC)
    if now < issued_at and (issued_at - now).total_seconds() > 300:
        raise Refusal("code_not_yet_valid", {"issued_at": issued_at.isoformat()})
    if now >= expires_at:
        raise Refusal("code_expired", {"expired_at": expires_at.isoformat()})
    return SnapshotCode(ref_text, issued_at, expires_at, nonce.hex(), balance_minor, key_text, passes)


def slip_check_code(number: str, fact_hash: str) -> str:
    """Return the text of the check QR on a slip: its number and the first 16 hex digits of its fact's hash."""
    return f"{number}.{fact_hash[:16].upper()}"


def code_family(text: str) -> str:
    """Say what a scanned text looks like: `short`, `snapshot`, `slip` or `foreign`; it is not checked yet."""
    if not _CODE.fullmatch(text):
        return "foreign"
    if text[0] == "1" and len(text) == SHORT_CODE_LENGTH:
        return "short"
    if text[0] == "2" and len(text) > 100:
        return "snapshot"
    if re.fullmatch(rf"({'|'.join(SLIP_KINDS)})\.[A-Z0-9]{{2,8}}\.[0-9]{{6,9}}\.[0-9A-F]{{16}}", text):
        return "slip"
    return "foreign"


def _characters(randomness: bytes, count: int) -> str:
    number = int.from_bytes(randomness, "big")
    found = []
    for _ in range(count):
        number, digit = divmod(number, len(ALPHABET))
        found.append(ALPHABET[digit])
    return "".join(found)


_GROUP_CHARACTERS = {1: 2, 2: 4, 3: 5}
_GROUP_BYTES = {characters: count for count, characters in _GROUP_CHARACTERS.items()}


def _base39(data: bytes) -> str:
    found = []
    for start in range(0, len(data), 3):
        group = data[start : start + 3]
        number = int.from_bytes(group, "big")
        for power in reversed(range(_GROUP_CHARACTERS[len(group)])):
            found.append(ALPHABET[number // len(ALPHABET) ** power % len(ALPHABET)])
    return "".join(found)


def _unbase39(text: str) -> bytes:
    found = b""
    for start in range(0, len(text), 5):
        group = text[start : start + 5]
        count = _GROUP_BYTES.get(len(group))
        number = 0
        for char in group:
            number = number * len(ALPHABET) + ALPHABET.index(char)
        if count is None or number >= 1 << (8 * count):
            raise Refusal("code_edited")
        found += number.to_bytes(count, "big")
    return found

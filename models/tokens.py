"""Texts inside QR codes: a member's short code, the signed offline code, a slip's check code, a pairing code.

Rule: pure. Checking a signature takes a verifier function; nothing here knows a key. Every code uses only
`0-9 A-Z . $ %`, the characters that every keyboard-wedge layout sends unchanged (counter.md, "Scanning").

short   1 + card reference (8, the last one a check character) + one-time secret (11)          20 characters
offline 2 + base39(payload + Ed25519 signature): who, when, and a snapshot of uses left
reserve 3 + base39(payload + Ed25519 signature): what is set aside for one till, and until when
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
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
RESERVATION_CONTEXT = b"tillkeeper/reservation/1\x00"
"""What stands before the payload when it is signed, so that the signature fits no other purpose."""

Sign = Callable[[bytes], bytes]
Verify = Callable[[str, bytes, bytes], bool]
"""(key id, message, signature) -> does it hold?"""

_CHECK_WEIGHTS = (2, 4, 5, 7, 8, 10, 11)
_HEAD = struct.Struct(">8sII8sQ8sB")
_PASS = struct.Struct(">16sH")
_RESERVED = struct.Struct(">B16s16s16s16s8sIII8s")
_RESERVED_USES = struct.Struct(">16sH")
_RESERVED_MONEY = struct.Struct(">QH3s")
_SOURCES = (("pass", None), ("card", "personal"), ("card", "enterprise"))
_NIL = bytes(16)
_SIGNATURE_BYTES = 64
_SKEW_SECONDS = 300
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


@dataclass(frozen=True, slots=True)
class ReservationCode:
    """The server's word that it has set `amount` of a source aside for one terminal until `expires_at`.

    `source_kind`: pass (uses; with `plan_id`) | card (minor units; with `card_type`, `currency` and the `discount` that
    stands until then, a rate like "0.950"). `member_id` is None for an enterprise card, `card_ref` "" for none.
    `fencing_no` rises with every reservation of the source.
    """

    reservation_id: str
    terminal_id: str
    member_id: str | None
    card_ref: str
    source_kind: str
    source_id: str
    amount: int
    fencing_no: int
    issued_at: datetime
    expires_at: datetime
    key_id: str
    plan_id: str | None = None
    card_type: str | None = None
    currency: str | None = None
    discount: str | None = None


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
    _check_time(issued_at, expires_at, now)
    return SnapshotCode(ref_text, issued_at, expires_at, nonce.hex(), balance_minor, key_text, passes)


def encode_reservation(code: ReservationCode, sign: Sign) -> str:
    """Write and sign what is set aside for a till; ValueError where it does not fit. Times are whole seconds."""
    try:
        payload = _RESERVED.pack(
            _SOURCES.index((code.source_kind, code.card_type)),
            *(_id_bytes(text) for text in (code.reservation_id, code.terminal_id, code.member_id, code.source_id)),
            code.card_ref.encode(),
            code.fencing_no,
            int(code.issued_at.timestamp()),
            int(code.expires_at.timestamp()),
            code.key_id.encode().ljust(8, b"\x00"),
        )
        if code.source_kind == "pass":
            payload += _RESERVED_USES.pack(_id_bytes(code.plan_id), code.amount)
        else:
            thousandths = int(Decimal(code.discount or "1") * 1000)
            payload += _RESERVED_MONEY.pack(code.amount, thousandths, (code.currency or "").encode())
    except struct.error as error:
        raise ValueError("a number does not fit the code") from error
    return "3" + _base39(payload + sign(RESERVATION_CONTEXT + payload))


def decode_reservation(
    text: str, verify: Verify, now: datetime | None = None, terminal_id: str | None = None
) -> ReservationCode:
    """Read and check a reservation at the moment `now` for the terminal `terminal_id`; None leaves that check out.

    Refusals: `code_foreign`, `code_edited` (bytes or signature do not hold), `code_other_terminal` with that
    `terminal_id`, `code_not_yet_valid`, `code_expired`.
    """
    if len(text) < 2 or text[0] != "3" or not _CODE.fullmatch(text):
        raise Refusal("code_foreign")
    data = _unbase39(text[1:])
    payload, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    try:
        code = _read_reservation(payload)
    except (ValueError, IndexError, struct.error) as error:
        raise Refusal("code_edited") from error
    if not verify(code.key_id, RESERVATION_CONTEXT + payload, signature):
        raise Refusal("code_edited")
    if terminal_id is not None and code.terminal_id != terminal_id:
        raise Refusal("code_other_terminal", {"terminal_id": code.terminal_id})
    if now is not None:
        _check_time(code.issued_at, code.expires_at, now)
    return code


def _read_reservation(payload: bytes) -> ReservationCode:
    """Lay a payload out; ValueError, IndexError or struct.error for what is none."""
    head, tail = payload[: _RESERVED.size], payload[_RESERVED.size :]
    source, reservation, terminal, member, source_id, card_ref, fence, issued, expires, key_id = _RESERVED.unpack(head)
    source_kind, card_type = _SOURCES[source]
    plan_id = currency = discount = None
    if source_kind == "pass":
        plan, amount = _RESERVED_USES.unpack(tail)
        plan_id = _id_text(plan)
    else:
        amount, thousandths, money = _RESERVED_MONEY.unpack(tail)
        currency, discount = money.decode("ascii"), f"{thousandths // 1000}.{thousandths % 1000:03d}"
    return ReservationCode(
        reservation_id=str(UUID(bytes=reservation)),
        terminal_id=str(UUID(bytes=terminal)),
        member_id=_id_text(member),
        card_ref=card_ref.rstrip(b"\x00").decode("ascii"),
        source_kind=source_kind,
        source_id=str(UUID(bytes=source_id)),
        amount=amount,
        fencing_no=fence,
        issued_at=datetime.fromtimestamp(issued, UTC),
        expires_at=datetime.fromtimestamp(expires, UTC),
        key_id=key_id.rstrip(b"\x00").decode("ascii"),
        plan_id=plan_id,
        card_type=card_type,
        currency=currency,
        discount=discount,
    )


def _id_bytes(text: str | None) -> bytes:
    return _NIL if text is None else UUID(text).bytes


def _id_text(raw: bytes) -> str | None:
    return None if raw == _NIL else str(UUID(bytes=raw))


def _check_time(issued_at: datetime, expires_at: datetime, now: datetime) -> None:
    if (issued_at - now).total_seconds() > _SKEW_SECONDS:
        raise Refusal("code_not_yet_valid", {"issued_at": issued_at.isoformat()})
    if now >= expires_at:
        raise Refusal("code_expired", {"expired_at": expires_at.isoformat()})


def slip_check_code(number: str, fact_hash: str) -> str:
    """Return the text of the check QR on a slip: its number and the first 16 hex digits of its fact's hash."""
    return f"{number}.{fact_hash[:16].upper()}"


def code_family(text: str) -> str:
    """Say what a scanned text looks like, unchecked: `short`, `snapshot`, `reservation`, `slip` or `foreign`."""
    if not _CODE.fullmatch(text):
        return "foreign"
    if text[0] == "1" and len(text) == SHORT_CODE_LENGTH:
        return "short"
    if text[0] == "2" and len(text) > 100:
        return "snapshot"
    if text[0] == "3" and len(text) > 200:
        return "reservation"
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

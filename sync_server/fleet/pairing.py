"""Pair a new till: a one-use code from HQ binds the key that the till made (sync.md, "Pairing and identity").

Rule: a code is stored as its hash, lives 15 minutes, pairs one key; guesses are counted per address.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.ids import is_terminal_code, parse_id, uuid7
from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.fleet.terminals import put_terminal

CODE_VALID = timedelta(minutes=15)
CODE_LENGTH = 12
CODE_ALPHABET = "ACDEFGHJKLMNPQRTVWXY34679"
"""Of the characters in our codes those that nobody confuses on paper: 25 to the 12th are 55 bits."""
_GROUP = 4
_CONTEXT = b"tillkeeper/pairing-code/1\x00"


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A fresh code for a terminal; `text` is shown once and stored nowhere."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """The terminal that a code has just bound to a key."""

    terminal_id: str
    merchant_id: str
    store_id: str
    code: str


async def make_terminal(pool: Pool, store_code: str, terminal: str, name: str, terminal_id: str | None = None) -> str:
    """Make a terminal of a store that waits for its pairing; returns its id. One that is there already stays as it is.

    `terminal` is the part after the store's code (`T03`), or both. `terminal_id`: the id that it had before a restore.
    Refusals: `store_unknown`, `request_malformed` (a code that is not 2 to 8 of A-Z and 0-9, an odd id),
    `already_paired` when the id is another terminal's.
    """
    code = terminal if terminal.startswith(store_code) else store_code + terminal
    wanted = uuid7(int(time.time() * 1000), secrets.token_bytes(10)) if terminal_id is None else parse_id(terminal_id)
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT store_id::text, merchant_id::text FROM app.stores WHERE code = %s", [store_code]
        )
        store = await cursor.fetchone()
        if store is None:
            raise Refusal("store_unknown", {"store": store_code[:20]})
        if not is_terminal_code(code) or code == store_code:
            raise Refusal("request_malformed", {"pointer": "/terminal"})
        cursor = await connection.execute(
            "SELECT terminal_id::text, code FROM app.terminals WHERE code = %s OR terminal_id = %s", [code, wanted]
        )
        known = await cursor.fetchall()
        if not known:
            await put_terminal(connection, wanted, store[1], store[0], code, name or code)
        elif known[0][1] != code or terminal_id not in (None, known[0][0]):
            raise Refusal("already_paired", {"terminal": known[0][1]})
        return wanted if not known else str(known[0][0])


async def new_code(pool: Pool, store_code: str, terminal: str) -> PairingCode:
    """Make the code of a terminal that is not paired yet; any older code of it is void.

    `terminal` is its whole code (`SZ1T03`), or with a store the part after that store's (`T03`).
    Refusals: `terminal_unknown`, `already_paired`.
    """
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT t.terminal_id, t.status FROM app.terminals AS t JOIN app.stores AS s USING (store_id)"
            " WHERE %(store)s IN ('', s.code) AND t.code IN (%(terminal)s, %(store)s || %(terminal)s)",
            {"store": store_code, "terminal": terminal},
        )
        found = await cursor.fetchone()
        if found is None:
            raise Refusal("terminal_unknown", {"store": store_code[:20], "terminal": terminal[:20]})
        if found[1] != "created":
            raise Refusal("already_paired", {"terminal": terminal[:20], "status": found[1]})
        plain = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        cursor = await connection.execute(
            "SELECT app.put_pairing_code(%s, %s, %s)", [found[0], _hash(plain), CODE_VALID]
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - the function returns one row
    return PairingCode(".".join(plain[at : at + _GROUP] for at in range(0, CODE_LENGTH, _GROUP)), row[0])


async def pair(
    pool: Pool, code: str, public_key: bytes, hardware: str, version: str, source: str, terminal_id: str = ""
) -> Paired:
    """Bind a key to the terminal of a code; the same code and key again give the same answer.

    `source` is the caller's address; `terminal_id` who the till says it is, "" when it never was paired. Refusals:
    `pairing_throttled`, `pairing_code_wrong`, `pairing_code_expired`, `pairing_code_used`, `already_paired`, also
    when the code is another terminal's than the till's own.
    """
    async with transaction(pool) as connection:
        cursor = await connection.execute(
            "SELECT refused, terminal_id::text, merchant_id::text, store_id::text, code"
            " FROM app.pair_terminal(%s, %s, %s, %s, %s, %s)",
            [_hash(normal(code)), public_key, hardware, version, source, terminal_id],
        )
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the function returns one row
    if row[0] is not None:
        raise Refusal(row[0])
    return Paired(row[1], row[2], row[3], row[4])


def normal(code: str) -> str:
    """Return a typed code without groups, blanks and case."""
    return "".join(char for char in code[:100].upper() if char.isascii() and char.isalnum())


def _hash(plain: str) -> bytes:
    return hashlib.sha256(_CONTEXT + plain.encode()).digest()

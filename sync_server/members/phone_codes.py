"""Prove that somebody holds a phone: make a code for its number, and check the one that is typed.

Rule: whether a number is a member's never shows: every number gets a code, the same bounds and the same refusals, and
`issue` does not even look. The database keeps blind indexes of numbers and addresses
and keyed hashes of codes, so that its copy tells neither. The bounds stand in SQL (app.phone_code_rule).
Not here: how a message travels (messages.sms), sessions (own_sessions), HTTP.
"""

import ipaddress
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.keys import Keyring
from sync_server.members import people, phone_numbers
from sync_server.messages.sms import Sender

CODE_DIGITS = 6
VALID_MINUTES = 10
RESEND_SECONDS = 60
_PHONE, _ADDRESS, _CODE = "sign-in-phone", "sign-in-address", "sign-in-code"


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """A code for a number (E.164); to be sent to members' numbers alone (`is_to_be_sent`)."""

    phone: str = field(repr=False)
    code: str = field(repr=False)


async def issue(pool: Pool, keys: Keyring, phone: str, address: str, now: datetime) -> PhoneCode:
    """Make the one code of a number in E.164, valid ten minutes; `address` is the IP that asks.

    Refusals: `phone_invalid`; `phone_code_too_soon` (one in 60 s) and `phone_code_limit` (in an hour: of the number, of
    the address), both with `seconds` to wait.
    """
    phone_numbers.check(phone)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT refused, wait_seconds FROM app.begin_phone_code(%s, %s, %s)",
            [
                _indexes(keys, _PHONE, phone, now),
                keys.blind_index(_ADDRESS, network(address), now),
                keys.blind_index(_CODE, f"{phone} {code}", now),
            ],
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
    if row[0] is not None:
        raise Refusal(row[0], {"seconds": row[1]})
    return PhoneCode(phone, code)


async def is_to_be_sent(pool: Pool, keys: Keyring, phone: str) -> bool:
    """Whether a number is a member's; to be asked when nobody waits for the answer, whose time would tell.

    Refusal `phone_code_limit` {seconds}: it is, but more messages went out in this hour than a flood may cost.
    """
    async with transaction(pool, PLATFORM) as connection:
        if not await people.by_phone(connection, keys, phone):
            return False
        row = await (await connection.execute("SELECT app.count_sent_phone_code()")).fetchone()
    if row is not None and row[0] > 0:
        raise Refusal("phone_code_limit", {"seconds": row[0]})
    return True


async def deliver(pool: Pool, keys: Keyring, sender: Sender, made: PhoneCode, language: str) -> None:
    """Send a code if its number is a member's. What keeps it from going out shows at the sender, not here."""
    try:
        if await is_to_be_sent(pool, keys, made.phone):
            sender.send_code(made.phone, made.code, language)
    except (Refusal, DatabaseTrouble) as error:
        sender.failed(error.code)


async def check(pool: Pool, keys: Keyring, phone: str, code: str, address: str, now: datetime) -> str:
    """Use up the code of a number and return the member whose number it is.

    Refusals: `phone_invalid`; `phone_code_wrong` with `tries_left`; `phone_code_expired` (older than ten minutes, used,
    five times wrong, or never made); `phone_code_limit` with `seconds`.
    """
    phone_numbers.check(phone)
    async with transaction(pool, PLATFORM) as connection:
        cursor = await connection.execute(
            "SELECT refused, wait_seconds, tries_left FROM app.check_phone_code(%s, %s, %s)",
            [
                _indexes(keys, _PHONE, phone, now),
                keys.blind_index(_ADDRESS, network(address), now),
                keys.blind_indexes(_CODE, f"{phone} {code[: CODE_DIGITS + 1]}"),
            ],
        )
        row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - a function with OUT parameters returns one row
        found = await people.by_phone(connection, keys, phone) if row[0] is None else []
    if found:
        return str(found[0])
    match row[0]:
        case "phone_code_limit":
            raise Refusal(row[0], {"seconds": row[1]})
        case "phone_code_expired":
            raise Refusal(row[0])
        case _:  # a stranger who guessed right learns nothing
            raise Refusal("phone_code_wrong", {"tries_left": row[2] or 0})


def _indexes(keys: Keyring, purpose: str, value: str, now: datetime) -> list[bytes]:
    """Every blind index of a value, the one of the key in use first."""
    first = keys.blind_index(purpose, value, now)
    return [first, *(index for index in keys.blind_indexes(purpose, value) if index != first)]


def network(address: str) -> str:
    """Return what counts as one address: a whole IPv4, of IPv6 the /64 that one customer has."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)

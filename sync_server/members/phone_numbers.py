"""Which member an international phone number is of, and from which countries members call.

Rule: numbers here are E.164 ("+34600111011"). A till keeps what was typed, often without its country: such a number
counts as the member's only from the country of a store that knows them, so that nobody signs in as somebody else with
the same digits from abroad.
"""

import re
from typing import LiteralString

from models.refusals import Refusal
from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members import people

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_COUNTRIES = {
    "Asia/Shanghai": "86", "Asia/Urumqi": "86", "Asia/Hong_Kong": "852", "Asia/Macau": "853", "Asia/Taipei": "886",
    "Europe/Madrid": "34", "Atlantic/Canary": "34", "Africa/Ceuta": "34", "Europe/Andorra": "376",
    "Europe/Lisbon": "351", "Europe/Paris": "33", "Europe/Rome": "39", "Europe/Berlin": "49", "Europe/London": "44",
    "Asia/Singapore": "65", "Asia/Kuala_Lumpur": "60", "Asia/Tokyo": "81", "Asia/Seoul": "82", "Asia/Bangkok": "66",
}  # fmt: skip
"""Time zone of a store -> calling code of its country (ITU-T E.164); another zone's members write theirs."""
_KNOWN_AT: LiteralString = """
SELECT s.timezone FROM app.member_merchants AS k JOIN app.stores AS s USING (merchant_id)
 WHERE k.member_id = %s GROUP BY s.timezone
"""


def check(phone: str) -> None:
    """Refusal `phone_invalid` unless it is a number in E.164."""
    if not _E164.fullmatch(phone):
        raise Refusal("phone_invalid")


def international(country: str, number: str) -> str:
    """Return what somebody typed as E.164: a number with "+" or "00" as it is, another in the country (calling code).

    Refusal `phone_invalid`.
    """
    plain = re.sub(r"[\s()\-./\u00a0]", "", number[:40])
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if not plain.startswith("+"):
        plain = f"+{country[:4]}{plain}"
    check(plain)
    return plain


async def calling_codes(connection: Connection) -> list[str]:
    """Return the calling codes of the countries that have a store, most stores first; by the platform."""
    cursor = await connection.execute("SELECT timezone FROM app.stores GROUP BY 1 ORDER BY count(*) DESC, min(code)")
    codes = [_COUNTRIES[row[0]] for row in await cursor.fetchall() if row[0] in _COUNTRIES]
    return list(dict.fromkeys(codes))


async def member_of(connection: Connection, keys: Keyring, phone: str) -> str | None:
    """Return the member whose number this is, None when it is nobody's; by the platform."""
    found = await people.by_phone(connection, keys, phone)
    national = [phone.removeprefix(f"+{code}") for code in set(_COUNTRIES.values()) if phone.startswith(f"+{code}")]
    if found or not national or len(national[0]) < 6:
        return str(found[0]) if found else None
    calling_code = phone.removesuffix(national[0]).removeprefix("+")
    for member_id in await people.by_phone(connection, keys, national[0]):
        zones = await (await connection.execute(_KNOWN_AT, [member_id])).fetchall()
        if calling_code in {_COUNTRIES.get(row[0]) for row in zones}:
            return str(member_id)
    return None

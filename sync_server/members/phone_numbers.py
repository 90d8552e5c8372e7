"""From which countries members call, and which number is whole enough to send a code to.

Not here: when two numbers are one (models.phones).
"""

from models.phones import calling_code_in, e164
from models.refusals import Refusal
from sync_server.database.engine import Connection


def check(phone: str) -> None:
    """Refusal `phone_invalid` unless it is a number in its one form, E.164."""
    if e164(phone, "") != phone:
        raise Refusal("phone_invalid")


async def calling_codes(connection: Connection, merchant_id: str | None = None) -> list[str]:
    """Return the calling codes of the countries with a store that the caller sees, or one of this merchant; most stores
    first."""
    cursor = await connection.execute(
        "SELECT timezone FROM app.stores WHERE merchant_id = coalesce(%s::uuid, merchant_id)"
        " GROUP BY 1 ORDER BY count(*) DESC, min(code)",
        [merchant_id],
    )
    codes = [calling_code_in(row[0]) for row in await cursor.fetchall()]
    return list(dict.fromkeys(code for code in codes if code))

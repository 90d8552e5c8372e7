"""Level bands and bonus rules: what people at HQ write, and every till mirrors.

Rule: the SQL functions authorise, check for overlaps and note the change; a bonus rule is never changed, only ended.
"""

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from models import codec
from models.cards import BonusRule, LevelBand
from models.refusals import Refusal
from sync_server.database.engine import Connection


async def put_bands(connection: Connection, merchant_id: str | None, bands: Sequence[LevelBand]) -> None:
    """Replace all bands of a merchant (None: the operator's). Refusal `levels_overlap` with `level`."""
    rows = [codec.to_plain(band) for band in bands]
    await _call(connection, "SELECT app.put_membership_levels(%s, %s)", [merchant_id, Jsonb(rows)])


async def put_rule(connection: Connection, rule: BonusRule) -> None:
    """Make a bonus rule, once. Refusal `content_differs` when its id stands for another."""
    await _call(connection, "SELECT app.put_bonus_rule(%s)", [Jsonb(codec.to_plain(rule))])


async def _call(connection: Connection, statement: str, values: Sequence[object]) -> None:
    cursor = await connection.execute(statement.encode(), values)
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function call returns one row
    if row[0]["outcome"] == "refused":
        raise Refusal(row[0]["code"], row[0]["data"])

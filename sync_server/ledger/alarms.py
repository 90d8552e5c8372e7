"""Alarms: raised at the door and by tills, seen and closed by people. Rows are grouped and bounded (sql/63_alarms).

Rule: an alarm's data names codes, places and addresses of machines; nothing personal, no secret.
"""

from collections.abc import Mapping

from psycopg.types.json import Jsonb

from sync_server.database.engine import Connection
from sync_server.ledger.functions import LEDGER_ID, Plain, call


async def note_door(
    connection: Connection, terminal_id: str | None, kind: str, count: int, data: Mapping[str, object]
) -> None:
    """Count refused requests of a terminal, or of somebody unknown (None); as the platform.

    `data` may hold a `source`, the address they came from: the alarm keeps it, the audit does not.
    """
    values = [LEDGER_ID, terminal_id, kind, count, Jsonb(dict(data))]
    await connection.execute("SELECT app.note_door(%s::smallint, %s, %s, %s, %s)", values)


async def take_till_alarm(connection: Connection, kind: str, seq: int) -> None:
    """Keep what the acting terminal found wrong with what it holds: of models.wire.TILL_ALARMS, at this place."""
    await connection.execute("SELECT app.take_till_alarm(%s::smallint, %s, %s)", [LEDGER_ID, kind, seq])


async def see_alarm(connection: Connection, alarm_id: str) -> Plain:
    """Note that the caller has seen an alarm as it is now. {outcome}; refused: alarm_unknown, permission_missing."""
    outcome: Plain = await call(connection, "SELECT app.see_alarm(%s::smallint, %s)", [LEDGER_ID, alarm_id])
    return outcome


async def close_alarm(connection: Connection, alarm_id: str, note: str) -> Plain:
    """Say what was done about an alarm (3 to 200 characters): {outcome}; its next occurrence opens another.

    Refused: alarm_unknown, alarm_closed, reason_missing, permission_missing.
    """
    outcome: Plain = await call(connection, "SELECT app.close_alarm(%s::smallint, %s, %s)", [LEDGER_ID, alarm_id, note])
    return outcome

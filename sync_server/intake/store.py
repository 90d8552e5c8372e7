"""The store a terminal stands in, and the claims under which its messages are worked on."""

from sync_server.database.engine import Connection
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake.effects import StoreRules


async def load_rules(connection: Connection, terminal: TerminalIdentity) -> StoreRules:
    """Return what the terminal's business day and money depend on."""
    cursor = await connection.execute(
        "SELECT currency, timezone, business_day_cutoff_minutes, slip_language FROM app.stores WHERE store_id = %s",
        [terminal.store_id],
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a terminal's store is never removed
    return StoreRules(*row)

"""Reference data: merchants, stores, terminals, catalogue, staff, members, and the log of changes."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0002"
down_revision = "0001"

_ROOMS = Path(__file__).parents[3]


def upgrade() -> None:
    """Run each room's segment; a later one refers to those before it."""
    for room in ("fleet", "catalogue", "staff", "members"):
        run_segment(op.get_bind(), _ROOMS / room / "sql" / "tables.sql")

"""The ledger, first cut: accounts, postings, passes, orders, facts, and the functions that alone write them."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0003"
down_revision = "0002"

_SQL = Path(__file__).parents[3] / "ledger" / "sql"
_NEEDS_EXTENSION = {"33_pgcrypto.sql": "pgcrypto"}
"""Optional segments: run where the server offers the extension."""


def upgrade() -> None:
    """Run the segments in order."""
    offered = set(op.get_bind().exec_driver_sql("SELECT name FROM pg_available_extensions").scalars())
    for segment in sorted(_SQL.glob("*.sql")):
        if _NEEDS_EXTENSION.get(segment.name, "plpgsql") in offered:
            run_segment(op.get_bind(), segment)

"""The ledger, first cut: accounts, postings, passes, orders, facts, and the functions that alone write them."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0003"
down_revision = "0002"

_SQL = Path(__file__).parents[3] / "ledger" / "sql"


def upgrade() -> None:
    """Run the segments in order."""
    for segment in sorted(_SQL.glob("*.sql")):
        run_segment(op.get_bind(), segment)

"""People at HQ and their sessions."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0004"
down_revision = "0003"

_SQL = Path(__file__).parents[3] / "admin" / "sql" / "hq_users.sql"


def upgrade() -> None:
    """Run the segment."""
    run_segment(op.get_bind(), _SQL)

"""Roles, schemas, and the one function each for time, ids and claims."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0001"
down_revision = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Run the segments in order."""
    run_segment(op.get_bind(), _SQL / "0001_0_roles.sql", as_owner=False)
    run_segment(op.get_bind(), _SQL / "0001_1_schemas.sql", as_owner=False)
    run_segment(op.get_bind(), _SQL / "0001_2_time_ids_claims.sql")

"""People at HQ, members with a phone, their sessions, and what members read about themselves."""

from pathlib import Path

from alembic import op

from sync_server.database.migrate import run_segment

revision = "0004"
down_revision = "0003"

_ROOMS = Path(__file__).parents[3]
_SEGMENTS = ("admin/sql/hq_users.sql", "members/sql/phone_sign_in.sql", "members/sql/own_pages.sql",
             "supabase/sql/auth_sessions.sql")  # fmt: skip


def upgrade() -> None:
    """Run the segments in order."""
    for segment in _SEGMENTS:
        run_segment(op.get_bind(), _ROOMS / segment)

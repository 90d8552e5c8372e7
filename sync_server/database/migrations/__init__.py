"""The schema's history: Alembic revisions in `versions/`, each running plain SQL segments in order.

Rule: a released revision is never edited. Segments of a room live in that room's `sql/` folder.
"""

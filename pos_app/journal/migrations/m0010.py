"""A sale of a pass that has left this till proves nothing, though nobody acknowledged it.

A program that did not note what it sent may have sent all that waits.
"""

STATEMENTS = (
    """INSERT OR REPLACE INTO state ("key", value)
        SELECT 'sent_through', CAST(seq AS TEXT) FROM outbox ORDER BY seq DESC LIMIT 1""",
)

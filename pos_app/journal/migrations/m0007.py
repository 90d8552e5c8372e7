"""Reservations: what the server set aside for this till, what was used of it, and what this till gave back."""

STATEMENTS = (
    """CREATE TABLE reservations (
        reservation_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        source_kind TEXT NOT NULL,
        source_id TEXT NOT NULL,
        amount INTEGER NOT NULL,
        expires_at TEXT NOT NULL,
        token TEXT NOT NULL,
        origin TEXT NOT NULL,
        state TEXT NOT NULL,
        told INTEGER NOT NULL,
        told_used INTEGER NOT NULL,
        epoch TEXT NOT NULL,
        PRIMARY KEY (reservation_id)
    )""",
    "CREATE INDEX reservations_source ON reservations (source_id)",
    "CREATE INDEX reservations_member ON reservations (member_id)",
    "CREATE INDEX reservations_state ON reservations (state)",
    """CREATE TABLE reserved_uses (
        seq INTEGER NOT NULL,
        reservation_id TEXT NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (seq)
    )""",
    "CREATE INDEX reserved_uses_reservation ON reserved_uses (reservation_id)",
    """CREATE TABLE reservation_ends (
        seq INTEGER NOT NULL,
        reservation_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (seq),
        UNIQUE (reservation_id)
    )""",
    # Two weeks without a network: what waits is much, what of it was taken at risk is little.
    "CREATE INDEX spending_at_risk ON spending (seq) WHERE rung = 'at_risk'",
    # A program that did not know reservations left them out of its mirror.
    "DELETE FROM state WHERE \"key\" = 'cursor'",
)

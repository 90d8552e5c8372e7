"""Shifts end; baskets outlive the program."""

STATEMENTS = (
    """CREATE TABLE shift_ends (
        seq INTEGER NOT NULL,
        shift_id TEXT NOT NULL,
        closed_at TEXT NOT NULL,
        PRIMARY KEY (seq),
        UNIQUE (shift_id)
    )""",
    """CREATE TABLE carts (
        place INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (place)
    )""",
)

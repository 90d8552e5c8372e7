"""Shifts end; baskets outlive the program; a colleague approves what is asked of the ledger."""

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
    "ALTER TABLE requests ADD COLUMN approver_id TEXT",
)

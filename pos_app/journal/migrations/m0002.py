"""Stored value: requests say what they ask for, who asked and what was answered; the mirror is pulled anew.

A program that did not know level bands and bonus rules left them out of its mirror, so the cursor begins again.
"""

STATEMENTS = (
    "ALTER TABLE requests RENAME TO requests_1",
    """CREATE TABLE requests (
        request_id TEXT NOT NULL,
        kind TEXT DEFAULT 'redeem' NOT NULL,
        bytes BLOB NOT NULL,
        asked_at TEXT NOT NULL,
        cashier_id TEXT,
        shift_id TEXT,
        state TEXT NOT NULL,
        code TEXT,
        settled_at TEXT,
        effect_id TEXT,
        answer TEXT,
        told INTEGER DEFAULT '1' NOT NULL,
        PRIMARY KEY (request_id)
    )""",
    """INSERT INTO requests (request_id, bytes, asked_at, state, code, settled_at, effect_id)
        SELECT request_id, bytes, asked_at, state, code, settled_at, redemption_id FROM requests_1""",
    "DROP TABLE requests_1",
    "CREATE INDEX requests_state ON requests (state)",
    "CREATE INDEX requests_told ON requests (told) WHERE told = 0",
    "CREATE INDEX facts_kind ON facts (kind, seq)",
    "DELETE FROM state WHERE \"key\" = 'cursor'",
)

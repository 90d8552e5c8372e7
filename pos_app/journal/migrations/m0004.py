"""Members made here: what travels sealed beside their facts, and ids that the server has merged."""

STATEMENTS = (
    """CREATE TABLE companions (
        seq INTEGER NOT NULL,
        fact_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (seq)
    )""",
    "CREATE INDEX companions_member ON companions (member_id)",
    """CREATE TABLE member_aliases (
        alias_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        epoch TEXT NOT NULL,
        PRIMARY KEY (alias_id)
    )""",
    "CREATE INDEX member_aliases_member ON member_aliases (member_id)",
    # A program that did not know the server's sealing keys left them out of its mirror.
    "DELETE FROM state WHERE \"key\" = 'cursor'",
)

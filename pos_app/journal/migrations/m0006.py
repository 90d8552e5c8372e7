"""Facts are found by day, member, pick-up number, ledger number, and what they give back.

What stands in the file already is read once; a fact that is compacted, or no JSON any more, is found by its slip only.
"""

_READ = "SELECT seq, CAST(bytes AS TEXT) AS said FROM facts WHERE json_valid(CAST(bytes AS TEXT))"
_NAMED = (
    ("member", "$.body.member_id", ""),
    ("pickup", "$.body.pickup_no", ""),
    ("original", "$.body.order_id", " AND json_extract(said, '$.kind') = 'OrderRefunded'"),
    ("original", "$.body.original_tx_no", ""),
)

STATEMENTS = (
    """CREATE TABLE marks (
        seq INTEGER NOT NULL,
        mark TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (seq, mark)
    )""",
    *(
        f"""INSERT INTO marks (seq, mark, value) SELECT seq, '{mark}', json_extract(said, '{path}') FROM ({_READ})
            WHERE json_extract(said, '{path}') <> ''{only}"""  # noqa: S608 - the words above
        for mark, path, only in _NAMED
    ),
    "CREATE INDEX marks_value ON marks (mark, value, seq)",
    "CREATE INDEX facts_happened_at ON facts (happened_at)",
    "CREATE INDEX outbox_tx_no ON outbox (tx_no) WHERE tx_no IS NOT NULL",
)

"""Enterprise cards are found by the code of theirs that was scanned, with the members who administer them."""

STATEMENTS = (
    """CREATE TABLE company_cards (
        card_ref_index BLOB NOT NULL,
        member_id TEXT NOT NULL,
        PRIMARY KEY (card_ref_index, member_id)
    )""",
    "CREATE INDEX company_cards_member ON company_cards (member_id)",
)

"""Members are found by the number on their card; NULL in rows of before, until they come again."""

STATEMENTS = (
    "ALTER TABLE members ADD COLUMN number_index BLOB",
    "CREATE INDEX members_number ON members (number_index)",
)

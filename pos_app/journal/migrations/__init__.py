"""Numbered steps from an empty file to the schema that this program knows.

Rule: a step that was released is never changed; the next one is added. Each runs in one transaction with its number
(`PRAGMA user_version`). A journal with a higher number is refused and left untouched: downgrades keep the data.
"""

from sqlite3 import Connection

from pos_app.journal.errors import JournalNewer
from pos_app.journal.migrations import m0001, m0002, m0003, m0004, m0005, m0006, m0007, m0008, m0009, m0010

STEPS: tuple[tuple[str, ...], ...] = (
    m0001.STATEMENTS,
    m0002.STATEMENTS,
    m0003.STATEMENTS,
    m0004.STATEMENTS,
    m0005.STATEMENTS,
    m0006.STATEMENTS,
    m0007.STATEMENTS,
    m0008.STATEMENTS,
    m0009.STATEMENTS,
    m0010.STATEMENTS,
)
KNOWN = len(STEPS)


def migrate(connection: Connection) -> None:
    """Bring the journal to `KNOWN`; Trouble `journal_newer`."""
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > KNOWN:
        raise JournalNewer(found=found, known=KNOWN)
    for number in range(found, KNOWN):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in STEPS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

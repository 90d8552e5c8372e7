"""Ids of members that the server has merged: two tills created one phone, and the later id stands for the first.

Rule: only a pull writes here. An alias leads to a member, never to another alias.
"""

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from pos_app.journal.tables import MEMBER_ALIASES


def put(rows: Connection, alias_id: str, member_id: str, epoch: str) -> None:
    """Store that one id stands for a member."""
    statement = insert(MEMBER_ALIASES).values(alias_id=alias_id, member_id=member_id, epoch=epoch)
    rows.execute(
        statement.on_conflict_do_update(
            index_elements=["alias_id"], set_={"member_id": statement.excluded.member_id, "epoch": epoch}
        )
    )


def remove(rows: Connection, alias_id: str) -> None:
    """Forget one."""
    rows.execute(delete(MEMBER_ALIASES).where(MEMBER_ALIASES.c.alias_id == alias_id))


def forget_other_epochs(rows: Connection, epoch: str) -> None:
    """Drop what a complete pull of this epoch did not bring."""
    rows.execute(delete(MEMBER_ALIASES).where(MEMBER_ALIASES.c.epoch != epoch))


_OWN_ID = select(MEMBER_ALIASES.c.member_id).where(MEMBER_ALIASES.c.alias_id == bindparam("alias"))


def resolve(rows: Connection, member_id: str) -> str:
    """Return the id of the member that this id stands for."""
    return rows.execute(_OWN_ID, {"alias": member_id}).scalar_one_or_none() or member_id


def ids_of(rows: Connection, member_id: str) -> tuple[str, ...]:
    """Return every id that stands for the same member as this one, the member's own first."""
    own = resolve(rows, member_id)
    found = select(MEMBER_ALIASES.c.alias_id).where(MEMBER_ALIASES.c.member_id == own)
    return own, *rows.execute(found.order_by(MEMBER_ALIASES.c.alias_id)).scalars()

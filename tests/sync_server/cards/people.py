"""Who may act on cards, as claims; and enterprise cards to act on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg

from models.tokens import make_card_ref
from sync_server.database.engine import PLATFORM, Claims, Pool
from tests.sync_server import world
from tests.sync_server.till import MEMBER, OTHER_MEMBER, value

Owner = psycopg.Connection[tuple[Any, ...]]

ME, OTHER = Claims(UUID(MEMBER), "member"), Claims(UUID(OTHER_MEMBER), "member")
STAFF = Claims(UUID(world.STAFF), "staff", [UUID(world.MERCHANT)])
OTHER_STAFF = Claims(UUID(int=77), "staff", [UUID(world.OTHER_MERCHANT)])
TERMINAL = Claims(UUID(world.TERMINAL), "terminal", [UUID(world.MERCHANT)])
OPERATOR = Claims(UUID(int=1), "platform")
NOBODY = Claims(None, "member")
NOT_MEMBERS = (None, NOBODY, STAFF, TERMINAL)

__all__ = ["ME", "NOBODY", "NOT_MEMBERS", "OPERATOR", "OTHER", "OTHER_STAFF", "PLATFORM", "STAFF", "TERMINAL", "Owner"]


async def card_of(pool: Pool, member_id: str) -> str:
    """A member's personal card."""
    return str(await value(pool, "SELECT card_id FROM app.cards WHERE member_id = %s", member_id))


def enterprise_card(owner: Owner, *admins: str, members: tuple[str, ...] = (), card_no: str = "E1") -> str:
    """An enterprise card with these people, written as the ledger's owner."""
    card_id, card_ref = str(uuid4()), make_card_ref(uuid4().bytes)
    owner.execute(
        "INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, company_name, fixed_discount,"
        " currency, created_at) VALUES (1, %s, 'enterprise', %s, %s, '公司', 0.9, 'CNY', now())",
        [card_id, card_no, card_ref],
    )
    for role, people in (("admin", admins), ("member", members)):
        for member in people:
            owner.execute(
                "INSERT INTO app.enterprise_card_bindings VALUES (1, %s, %s, %s, now())", [card_id, member, role]
            )
    return card_id

"""A seeded till with a cashier at it, the server's signing key, and helpers to act and to look into the journal.

Built on the seeded shop that the window's tests use: a real journal, doubles only for clock and server.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table, select

from models.catalogue import RiskPolicy
from models.facts import Fact, decode_fact
from models.tenders import Tender, pay
from pos_app.journal import verify
from pos_app.journal.tables import FACTS
from pos_app.selling.basket import Basket, add_add_on, add_product
from pos_app.till import charge, find_member, quote, redeem, sell, shift, sign_in, top_up
from pos_app.till.approval import Approval
from pos_app.till.values import Changes, Done, MemberView, Proof
from tests.pos_app.headquarters import KEY_ID, PASS_TEN, POLICY, SERVER_KEY, allow, snapshot, trust
from tests.pos_app.ui.shop import EPOCH, NOON, PEOPLE, PIN, Shop, card_ref, short_code, uid

__all__ = [
    "EPOCH", "KEY_ID", "NOON", "PASS_TEN", "PEOPLE", "PIN", "POLICY", "SERVER_KEY",
    "Desk", "card_ref", "short_code", "uid",
]  # fmt: skip

MILK_TEA, WATER = uid(0xE00), uid(0xE07)
PEARLS, PUDDING = uid(0xA0), uid(0xA2)
TEN_PLAN, JUMP_PLAN, THIRTY_PLAN = uid(0xF00), uid(0xF01), uid(0xF02)
PASS_THIRTY, PASS_JUMPS = uid(0x902), uid(0x903)


class Desk(Shop):
    """A till that somebody works at."""

    server_key = SERVER_KEY

    def __init__(self, folder: Path, currency: str = "CNY", begin: bool = True) -> None:
        super().__init__(folder, currency)
        self.changes: list[Changes] = []
        self.on_change = self.changes.append
        trust(self)
        if begin:
            sign_in.sign_in(self.till, PIN)
            shift.open_shift(self.till, 20_000)

    def allow(self, policy: RiskPolicy = POLICY, signer: Ed25519PrivateKey = SERVER_KEY) -> None:
        """HQ signs a policy for this store."""
        allow(self, policy, signer)

    def snapshot(self, member: int = 1, uses: int = 6, pass_id: str = PASS_TEN, **changes: Any) -> str:
        """A member's signed offline code."""
        return snapshot(self, member, uses, pass_id, **changes)

    def member(self, number: int = 1) -> MemberView:
        """The member by phone."""
        return find_member.by_phone(self.till, PEOPLE[number - 1][1])[0]

    def basket(self, cups: int = 1, pass_id: str = PASS_TEN, add_ons: Sequence[str] = (), member: int = 1) -> Basket:
        """A redemption of milk teas, the first with add-ons."""
        view = self.member(member)
        chosen = next(one for one in view.passes if one.held.pass_id == pass_id)
        basket = Basket(member=view.member, held=chosen.held, plan=chosen.plan)
        for _ in range(cups):
            basket = add_product(basket, MILK_TEA)
        for add_on in add_ons:
            basket = add_add_on(basket, 0, add_on)
        return basket

    def redeem(
        self,
        basket: Basket | None = None,
        code: str | None = None,
        kind: str = "cash",
        approval: Approval | None = None,
        proof: Proof | None = None,
    ) -> Done:
        """Redeem, paying what is due."""
        basket = basket or self.basket()
        due = quote.quote_basket(self.till, basket).due_minor
        return redeem.redeem(self.till, basket, [pay(kind, due, due)] if due else [], code, approval, proof)

    def sell(self, products: Sequence[str] = (MILK_TEA,), kind: str = "cash", received: int | None = None) -> Done:
        """Sell for money."""
        basket = Basket()
        for product in products:
            basket = add_product(basket, product)
        due = quote.quote_basket(self.till, basket).due_minor
        return sell.sell(self.till, basket, [pay(kind, due, received or due)])

    def goods(self, products: Sequence[str] = (MILK_TEA,), member: int | None = None) -> Basket:
        """A basket that is sold for money."""
        basket = Basket(member=self.member(member).member if member else None)
        for product in products:
            basket = add_product(basket, product)
        return basket

    def charge(self, basket: Basket | None = None, code: str | None = None) -> Done:
        """Pay with a card, by the code of member 1 unless another is given."""
        basket = basket or self.goods()
        return charge.charge(self.till, basket, charge.offer(self.till, basket, code or short_code(1)))

    def top_up(self, amount: int = 10_000, kind: str = "cash", member: int = 1) -> Done:
        """Top a member's card up."""
        offered = top_up.offer(self.till, amount)
        return top_up.top_up(self.till, self.member(member).member, offered, [self.tender(amount, kind)])

    def tender(self, amount: int, kind: str = "cash") -> Tender:
        """An exact payment."""
        return pay(kind, amount, amount)

    def chain(self) -> list[Fact]:
        """Every fact, decoded from its bytes."""
        with self.journal.reading() as rows:
            return [decode_fact(data) for data in rows.execute(select(FACTS.c.bytes).order_by(FACTS.c.seq)).scalars()]

    def table(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a journal table."""
        with self.journal.reading() as rows:
            return [dict(row) for row in rows.execute(select(table)).mappings()]

    def broken(self) -> list[str]:
        """What `verify` finds; must be nothing."""
        with self.journal.reading() as rows:
            return [message for finding in verify.verify(rows) for message in finding.broken]

    def at(self, moment: datetime) -> None:
        """Move the clock."""
        self.clock.moment = moment

"""What a cashier and a member do with a stored-value card, at a real till; and what the ledger says of the card."""

from __future__ import annotations

from models.tenders import pay
from pos_app.till import charge, refund, top_up
from pos_app.till.values import Done
from tests.flows import shop
from tests.flows.house import House
from tests.flows.till import Counter, Cups


def pay_in(till: Counter, person: shop.Person, amount_minor: int, tender: str = "cash") -> Done:
    """Top a member's card up."""
    offered = top_up.offer(till.till, amount_minor)
    return top_up.top_up(till.till, till.member(person).member, offered, (pay(tender, amount_minor, amount_minor),))


def credit(till: Counter, person: shop.Person, amount_minor: int) -> str:
    """Top up and hand it in; returns the ledger's number of it."""
    done = pay_in(till, person, amount_minor)
    till.sync()
    tx_no = till.fact(done).tx_no
    assert tx_no is not None
    return tx_no


def pay_by_card(till: Counter, code: str, cups: Cups = ((shop.TEA, {}),)) -> Done:
    """Pay a basket from the card of a code, as the till offers it."""
    basket = till.basket(cups)
    return charge.charge(till.till, basket, charge.offer(till.till, basket, code))


def give_back(till: Counter, tx_no: str, amount_minor: int, tender: str | None = None) -> Done | None:
    """Refund part of a transaction."""
    return refund.refund(till.till, tx_no, amount_minor, tender, "order_wrong")


def held(house: House, person: shop.Person) -> dict[str, int]:
    """Bucket -> what the ledger says that the member's card holds, empty buckets left out."""
    return dict(
        house.rows(
            "SELECT a.bucket, a.balance FROM app.accounts AS a JOIN app.cards AS c ON c.card_id = a.owner_id"
            " WHERE a.owner_kind = 'card' AND c.member_id = %s AND a.balance <> 0",
            person.member_id,
        )
    )


def seen_alike(house: House, till: Counter, person: shop.Person) -> None:
    """The till's mirror shows the balance and the points that the ledger has."""
    member, ledger = till.member(person).member, held(house, person)
    assert (member.balance_minor, member.points) == (
        ledger.get("principal", 0) + ledger.get("bonus", 0), ledger.get("points", 0)
    )  # fmt: skip

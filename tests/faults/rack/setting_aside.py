"""What the adversary does with reservations: uses set aside for one till, and their tokens shown at every other.

Rule: as in adversary. Set aside and signed by the server's own function; the till hears of them by the feed too,
as soon as it speaks to the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from models.refusals import Refusal
from sync_server.database.engine import Claims, Connection, Pool, transaction
from sync_server.jobs.leases import hand_out_leases
from sync_server.keys import Keyring
from sync_server.ledger import reservations
from sync_server.ledger.leases import LeasePolicy, put_policy
from sync_server.ledger.set_aside import set_aside
from sync_server.ledger.units import Act
from sync_server.members import reserving
from tests.faults.rack.fleet import TillProcess, answers, ask_all
from tests.faults.rack.ground import now
from tests.flows import shop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.faults.rack.adversary import Adversary

_OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")
_VALID = timedelta(hours=2)
_LEASES = LeasePolicy(min_visits=1, days=30, uses=1, amount_minor=0, most_uses=3, most_minor=0, valid_hours=12)
_KNOWN = """
SELECT r.token, r.reservation_id::text, r.terminal_id::text, p.member_id::text, r.amount, r.opened_at
  FROM app.reservations AS r JOIN app.member_passes AS p ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id
 WHERE p.member_id = ANY (%s::uuid[]) AND r.token IS NOT NULL ORDER BY r.opened_at, r.reservation_id
"""


@dataclass(frozen=True)
class Token:
    """A signed code for one till, and what it is about."""

    text: str
    reservation_id: str
    terminal_id: str
    person: shop.Person
    amount: int


def uses_are_set_aside(adversary: Adversary) -> str:
    """A member asks on the phone for a use or two at one till, or HQ does."""
    tills = [till for till in adversary.ground.tills if not till.revoked]
    till, person = adversary.one(tills), adversary.luck.choice(adversary.people)
    amount, by_phone = adversary.luck.choice((1, 1, 2)), adversary.luck.random() < 0.6
    premises = adversary.ground.premises
    try:
        premises.do(lambda pool: (_by_phone if by_phone else _by_hq)(pool, premises.keys, till, person, amount))
    except Refusal as refusal:
        return f"{person.phone} at {till.name}: {refusal.code}"
    _learn(adversary)
    if adversary.luck.random() < 0.5 and till.running:
        till.network.up()
        ask_all([till], "sync")
    return f"{amount} of {person.phone} at {till.name} by {'phone' if by_phone else 'HQ'}"


async def _by_phone(pool: Pool, keys: Keyring, till: TillProcess, person: shop.Person, amount: int) -> None:
    pass_id = person.passes[shop.TEN]
    await reserving.reserve_for_till(pool, keys, person.member_id, till.terminal_code, "pass", pass_id, amount)


async def _by_hq(pool: Pool, keys: Keyring, till: TillProcess, person: shop.Person, amount: int) -> None:
    async with transaction(pool, _OPERATOR) as connection:
        said = await set_aside(
            connection, keys, Act(f"rack {uuid4()}", bytes(32)), till.terminal_id, "pass", person.passes[shop.TEN],
            amount, now() + _VALID, now(),
        )  # fmt: skip
    if said["outcome"] != "accepted":
        raise Refusal(said["code"])


def leases_are_handed_out(adversary: Adversary) -> str:
    """HQ has uses set aside ahead for whoever was served before; the tokens come by the feed, and become known."""
    premises = adversary.ground.premises

    async def put(pool: Pool) -> int:
        async with transaction(pool, _OPERATOR) as connection:
            for store in (shop.SZ1, shop.SZ2):
                said = await put_policy(connection, Act(f"rack {uuid4()}", bytes(32)), store, shop.TEN, _LEASES)
                assert said["outcome"] == "accepted", said
        return await hand_out_leases(pool, premises.keys, now)

    count = premises.do(put)
    _learn(adversary)
    return str(count)


def _learn(adversary: Adversary) -> None:
    """Nothing that is set aside stays unknown."""
    known = {token.reservation_id for token in adversary.tokens}
    people = {person.member_id: person for person in adversary.people}
    for text, reservation, terminal, member, amount, opened_at in adversary.ground.premises.rows(_KNOWN, list(people)):
        if reservation not in known:
            adversary.tokens.append(Token(text, reservation, terminal, people[member], amount))
            adversary.books.opened[reservation] = opened_at
            adversary.books.set_aside[terminal] += amount
    adversary.publish()


def one_token_everywhere(adversary: Adversary) -> str:
    """One token at every till, cut off: for its own, and for all the others."""
    if not adversary.tokens:
        return uses_are_set_aside(adversary)
    token, tills = adversary.luck.choice(adversary.tokens), adversary.everybody
    for till in tills:
        till.network.down()
    said = ask_all(tills, "redeem", pass_id=token.person.passes[shop.TEN], uses=1, code=token.text)
    return f"{token.person.phone}, {adversary.heard(said)}"


def a_token_again_and_again(adversary: Adversary) -> str:
    """At its own till, cut off, one use more than it holds."""
    if not adversary.tokens:
        return uses_are_set_aside(adversary)
    return _tried(adversary, adversary.luck.choice(adversary.tokens))


def _tried(adversary: Adversary, token: Token) -> str:
    mine = [till for till in adversary.everybody if till.terminal_id == token.terminal_id]
    told = []
    for till in mine:
        till.network.down()
    for _ in range(token.amount + 1):
        said = ask_all(mine, "redeem", pass_id=token.person.passes[shop.TEN], uses=1, code=token.text)
        told.append(adversary.heard(said))
    return f"{token.person.phone} at {[till.name for till in mine]}: {', '.join(told)}"


def set_aside_and_asked_elsewhere(adversary: Adversary) -> str:
    """What is set aside at one till is asked for online at others, while its own till spends it cut off."""
    if not adversary.tokens:
        return uses_are_set_aside(adversary)
    token = adversary.luck.choice(adversary.tokens)
    tills = adversary.some(6)
    mine = [till for till in adversary.everybody if till.terminal_id == token.terminal_id]
    for till in tills:
        till.network.never_mind()
        till.network.up()
    for till in mine:
        till.network.down()
    everyone = list({till.name: till for till in (*tills, *mine)}.values())
    asked: dict[str, Any] = {"pass_id": token.person.passes[shop.TEN], "uses": 1}
    for till in everyone:
        till.ask("redeem", **asked, **({"code": token.text} if till in mine else {"phone": token.person.phone}))
    return f"{token.person.phone}, {adversary.heard(answers(everyone))}"


def given_back(adversary: Adversary) -> str:
    """Asked back by HQ, or at the counter; then it is tried again, and asked for elsewhere."""
    if not adversary.tokens:
        return uses_are_set_aside(adversary)
    token, by_hq = adversary.luck.choice(adversary.tokens), adversary.luck.random() < 0.5
    mine = [till for till in adversary.everybody if till.terminal_id == token.terminal_id]
    if by_hq:
        words = _by_operator(
            adversary, lambda connection, act: reservations.recall(connection, act, token.reservation_id)
        )
    else:
        words = adversary.heard(ask_all(mine, "give_back", reservation_id=token.reservation_id))
    if adversary.luck.random() < 0.5:
        for till in mine:
            till.network.up()
        ask_all(mine, "sync")
    return f"{words}; {_tried(adversary, token)}"


def released_at_risk(adversary: Adversary) -> str:
    """HQ frees what a till still holds; the till, cut off, spends it all the same."""
    if not adversary.tokens:
        return uses_are_set_aside(adversary)
    token = adversary.luck.choice(adversary.tokens)
    words = _by_operator(
        adversary,
        lambda connection, act: reservations.release_at_risk(
            connection, act, token.reservation_id, "it will not return"
        ),
        lambda said: adversary.books.released.update({(token.person.member_id, shop.TEN): int(said["returned"])}),
    )
    return f"{words}; {_tried(adversary, token)}"


def _by_operator(
    adversary: Adversary, what: Callable[[Connection, Act], Awaitable[dict[str, Any]]],
    done: Callable[[dict[str, Any]], None] = lambda _: None,
) -> str:  # fmt: skip
    async def act(pool: Pool) -> dict[str, Any]:
        async with transaction(pool, _OPERATOR) as connection:
            return await what(connection, Act(f"rack {uuid4()}", bytes(32)))

    said = adversary.ground.premises.do(act)
    if said["outcome"] == "accepted":
        done(said)
    return str(said.get("code", "done"))


def a_till_with_a_token_is_copied(adversary: Adversary) -> str:
    """Two machines with one key, and what was set aside for it at both."""
    if len(adversary.copies) >= 2 or not adversary.tokens:
        return uses_are_set_aside(adversary)
    token = adversary.luck.choice(adversary.tokens)
    found = [till for till in adversary.ground.tills if till.terminal_id == token.terminal_id and till.running]
    if not found:
        return "it is not there any more"
    (till,) = found
    copy = adversary.copy_of(till)
    for one in (till, copy):
        one.network.down()
    said = ask_all(
        [till, copy], "redeem", pass_id=token.person.passes[shop.TEN], uses=token.amount, code=token.text
    )  # fmt: skip
    return f"{till.name}, {token.amount} of {token.person.phone}: {adversary.heard(said)}"


MENU: list[tuple[int, Callable[[Adversary], str]]] = [
    (6, uses_are_set_aside),
    (5, one_token_everywhere),
    (4, a_token_again_and_again),
    (5, set_aside_and_asked_elsewhere),
    (3, given_back),
    (2, leases_are_handed_out),
    (1, released_at_risk),
]
COPYING: list[tuple[int, Callable[[Adversary], str]]] = [(3, a_till_with_a_token_is_copied)]

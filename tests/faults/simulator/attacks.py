"""The steps of an attack: the same use, the same token, the same sale wherever it might be taken once more.

Rule: as in adversary. Whatever spoils what can be promised is noted in the books.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from models.facts import hash_fact
from models.shifts import expected_of
from models.tenders import pay
from pos_app.selling.basket import Basket, add_product
from pos_app.till import catalogue, charge_reserved, find_member, redeem, reservations, sell_pass, shift
from pos_app.till.values import MemberView
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.fleet import terminals
from sync_server.intake import held
from sync_server.jobs.leases import hand_out_leases
from sync_server.ledger import reservations as ledger
from sync_server.ledger.leases import LeasePolicy, put_policy
from sync_server.ledger.set_aside import set_aside
from sync_server.ledger.units import Act
from tests.faults.simulator.adversary import Attack
from tests.faults.simulator.expected import require
from tests.faults.simulator.headquarters import HQ
from tests.faults.simulator.network import FAULTS
from tests.faults.simulator.nursery import FEW, Person
from tests.faults.simulator.points import SERVER, TILL
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop

Step = Callable[[Attack], str]
_CLOCKS = (timedelta(0), timedelta(hours=24), timedelta(hours=-24), timedelta(hours=-2))
_MOST_COPIES = 2
_VALID_HOURS = (1, 3, 12)
_CUP_MINOR = 1800
_LEASES = LeasePolicy(
    min_visits=1, days=90, uses=1, amount_minor=_CUP_MINOR, most_uses=5, most_minor=5 * _CUP_MINOR, valid_hours=12
)
_LEASED = """
SELECT r.token, r.reservation_id::text, r.terminal_id::text, coalesce(p.member_id, c.member_id)::text, r.source_kind,
       p.plan_id, r.amount
  FROM app.reservations AS r
  LEFT JOIN app.member_passes AS p ON p.ledger_id = r.ledger_id AND p.pass_id = r.source_id
  LEFT JOIN app.cards AS c ON c.ledger_id = r.ledger_id AND c.card_id = r.source_id
 WHERE r.token IS NOT NULL ORDER BY r.opened_at, r.reservation_id
"""


@dataclass(frozen=True)
class Token:
    """A signed code for one till, and what it is about."""

    text: str
    reservation_id: str
    terminal_id: str
    person: Person
    amount: int
    money: bool = False


def drawn(attack: Attack) -> Step:
    """What is tried next."""
    menu = MENU + (RISKY if attack.risky else []) + (COPYING if attack.dares_copies else []) + attack.more
    return attack.dice.weighted(menu)


def _some(attack: Attack, most: int) -> list[SimulatedTill]:
    tills = attack.everybody
    first = attack.dice.between(0, len(tills) - 1)
    return [tills[(first + number) % len(tills)] for number in range(attack.dice.between(1, min(most, len(tills))))]


def _person(attack: Attack) -> Person:
    return attack.dice.one_of(list(attack.people[:2]))  # few, so that many tries meet


def _take(attack: Attack, till: SimulatedTill, person: Person, uses: int, code: str = "", plan: str = FEW) -> str:
    """Redeem from the member's pass of a plan; the rung on which it was given."""
    view = _seen(till, person, code)
    found = next((one for one in view.passes if one.plan.plan_id == plan), None)
    if found is None:
        return "pass_unknown"
    basket = Basket(member=view.member, held=found.held, plan=found.plan)
    for _ in range(uses):
        basket = add_product(basket, shop.TEA)
    done = redeem.redeem(till.till, basket, (), view.code)
    attack.books.shown.add(done.fact_id)
    return str(done.evidence)


def _seen(till: SimulatedTill, person: Person, code: str) -> MemberView:
    return find_member.by_scan(till.till, code) if code else find_member.by_phone(till.till, person.phone)[0]


def _everywhere(attack: Attack, tills: Sequence[SimulatedTill], act: Callable[[SimulatedTill], str]) -> str:
    said = Counter(attack.at(till, act) for till in tills)
    return ", ".join(f"{count} {word}" for word, count in sorted(said.items()))


# Reservations --------------------------------------------------------------------------------------------------------


def uses_are_set_aside(attack: Attack) -> str:
    """A member asks on the phone, or HQ does, for uses at one till."""
    person, till, money = _person(attack), attack.dice.one_of(attack.tills), attack.dice.happens(20)
    terminal_id, amount = attack.terminals[till.number], attack.dice.one_of((1, 1, 2, 3))
    kind = "card" if money else "pass"
    (source_id,) = [person.card_id] if money else attack.passes_of(person, FEW)
    amount *= _CUP_MINOR if money else 1
    claims = HQ if attack.dice.happens(30) else Claims(UUID(person.member_id), "member", [UUID(shop.MERCHANT)])
    expires_at = attack.time.now + timedelta(hours=attack.dice.one_of(_VALID_HOURS))

    async def act(pool: Pool) -> dict[str, Any]:
        async with transaction(pool, claims) as connection:
            return await set_aside(
                connection, attack.server.keys, _act(attack), terminal_id, kind, source_id, amount, expires_at,
                attack.time.now,
            )  # fmt: skip

    said = attack.server.job(act)
    if said["outcome"] != "accepted":
        return str(said["code"])
    attack.tokens.append(Token(said["token"], said["reservation_id"], terminal_id, person, amount, money))
    attack.books.opened[said["reservation_id"]] = attack.time.now
    (attack.books.money_aside if money else attack.books.set_aside)[terminal_id] += amount
    attack.publish()
    if attack.dice.happens(50):
        attack.at(till, _handed_in)
    return f"{amount} of {person.phone} at {till.number}"


def one_token_everywhere(attack: Attack) -> str:
    """One token at every till, cut off: for its own, and for all the others."""
    if not attack.tokens:
        return uses_are_set_aside(attack)
    token = attack.dice.one_of(attack.tokens)
    return _token_at(attack, token, attack.everybody)


def a_token_again_and_again(attack: Attack) -> str:
    """At its own till, cut off, one use more than it holds."""
    if not attack.tokens:
        return uses_are_set_aside(attack)
    token = attack.dice.one_of(attack.tokens)
    times = token.amount // (_CUP_MINOR if token.money else 1) + 1
    return _token_at(attack, token, attack.of(token.terminal_id) * times)


def _token_at(attack: Attack, token: Token, tills: Sequence[SimulatedTill]) -> str:
    for till in tills:
        till.network.up = False
    return f"{token.person.phone}: {_everywhere(attack, tills, partial(_show, attack, token=token))}"


def _show(attack: Attack, till: SimulatedTill, token: Token) -> str:
    if not token.money:
        return _take(attack, till, token.person, 1, token.text)
    basket = add_product(Basket(), shop.TEA)
    done = charge_reserved.charge(till.till, basket, charge_reserved.offer_code(till.till, basket, token.text))
    attack.books.shown.add(done.fact_id)
    return f"paid {done.evidence}"


def leases_are_handed_out(attack: Attack) -> str:
    """HQ has uses set aside ahead for whoever was served before; the tokens come by the feed, and become known."""
    if not attack.leases:
        attack.leases = True

        async def put(pool: Pool) -> dict[str, Any]:
            async with transaction(pool, HQ) as connection:
                return await put_policy(connection, _act(attack), shop.SZ1, None, _LEASES)

        said = attack.server.job(put)
        require(said["outcome"] == "accepted", 0, f"a lease policy was refused: {said}")
    count = attack.server.job(lambda pool: hand_out_leases(pool, attack.server.keys, lambda: attack.time.now))
    known = {token.reservation_id for token in attack.tokens}
    people = {person.member_id: person for person in attack.people}
    for text, reservation, terminal, member, kind, plan, amount in attack.server.rows(_LEASED):
        if reservation in known or member not in people:
            continue
        attack.books.opened[reservation] = attack.time.now
        (attack.books.money_aside if kind == "card" else attack.books.set_aside)[terminal] += amount
        if plan in (FEW, None):
            attack.tokens.append(Token(text, reservation, terminal, people[member], amount, kind == "card"))
    attack.publish()
    return str(count)


def set_aside_and_asked_elsewhere(attack: Attack) -> str:
    """What is set aside at one till is asked for at others online, before and after its own till spends it."""
    if not attack.tokens:
        return uses_are_set_aside(attack)
    token = attack.dice.one_of(attack.tokens)
    said = [the_same_use_online(attack, token.person)]
    said += [_token_at(attack, token, attack.of(token.terminal_id)), the_same_use_online(attack, token.person)]
    return "; ".join(said)


def given_back(attack: Attack) -> str:
    """Asked back by the member or HQ, given back at the counter, or the shift ends; then it is tried again."""
    if not attack.tokens:
        return uses_are_set_aside(attack)
    token, how = attack.dice.one_of(attack.tokens), attack.dice.between(0, 2)
    mine = attack.of(token.terminal_id)
    if how == 0:

        async def recall(pool: Pool) -> dict[str, Any]:
            async with transaction(pool, HQ) as connection:
                return await ledger.recall(connection, _act(attack), token.reservation_id)

        told = str(attack.server.job(recall).get("code", "recalled"))
    elif how == 1:
        told = _everywhere(attack, mine, partial(_give_back, token=token))
    else:
        told = _everywhere(attack, mine[:1], _new_shift)
    if attack.dice.happens(50):
        told += "; " + _everywhere(attack, mine, _handed_in)
    if attack.dice.happens(50):
        return f"{told}; {_token_at(attack, token, mine)}; {the_same_use_online(attack, token.person)}"
    first = "; ".join(the_same_use_online(attack, token.person) for _ in range(3))
    return f"{told}; {first}; {_token_at(attack, token, mine)}"


def _give_back(till: SimulatedTill, token: Token) -> str:
    reservations.give_back(till.till, token.reservation_id)
    return "given"


def _new_shift(till: SimulatedTill) -> str:
    shift.close_shift(till.till, expected_of(shift.x_report(till.till)))
    shift.open_shift(till.till, 20000)
    return "new shift"


def released_at_risk(attack: Attack) -> str:
    """HQ frees what a till still holds; it is taken elsewhere, and the till spends it all the same."""
    if not attack.tokens or attack.dice.happens(50):
        return uses_are_set_aside(attack)
    token = attack.dice.one_of(attack.tokens)

    async def release(pool: Pool) -> dict[str, Any]:
        async with transaction(pool, HQ) as connection:
            return await ledger.release_at_risk(connection, _act(attack), token.reservation_id, "it will not return")

    said = attack.server.job(release)
    if said["outcome"] == "accepted":
        attack.books.released[token.person.member_id, "money" if token.money else FEW] += int(said["returned"])
    told = [str(said.get("code", "released")), the_same_use_online(attack, token.person)]
    return "; ".join([*told, a_token_again_and_again(attack)])


# The other rungs -----------------------------------------------------------------------------------------------------


def the_same_use_online(attack: Attack, person: Person | None = None) -> str:
    """Some tills ask the ledger for the same pass, one after another; answers may be lost."""
    person, tills = person or _person(attack), _some(attack, 3)
    for till in tills:
        till.network.up = True
        if attack.dice.happens(40):
            till.network.plan(attack.dice.one_of(FAULTS), 0)
    return f"{person.phone}: {_everywhere(attack, tills, lambda till: _take(attack, till, person, 1))}"


def a_sale_spent_at_once(attack: Attack) -> str:
    """A pass is sold cut off and taken there, and at others that cannot know."""
    person, (till, *others) = _person(attack), _some(attack, 3)
    for one in (till, *others):
        one.network.up = False
    sold = attack.at(till, partial(_sell, attack, person=person))
    uses = attack.dice.one_of((1, 2, 4))
    return f"{sold}; {_everywhere(attack, [till, *others], lambda one: _take(attack, one, person, uses))}"


def a_sale_whose_answer_is_lost(attack: Attack) -> str:
    """A pass is sold cut off and pushed, the answer is lost; others take all of it online, and its till is asked."""
    person, (till, *others) = _person(attack), _some(attack, 3)
    till.network.up = False
    told = [attack.at(till, partial(_sell, attack, person=person))]
    till.network.lose_reply_to("/facts")
    told.append(attack.at(till, _handed_in))
    till.network.up = False
    for other in others or [one for one in attack.tills if one is not till][:1]:
        other.network.up = True
        attack.at(other, _handed_in)
        told += [attack.at(other, lambda one: _take(attack, one, person, 1)) for _ in range(6)]
    told += [attack.at(till, lambda one: _take(attack, one, person, 1)) for _ in range(3)]
    return f"{person.phone}: {', '.join(told)}"


def _sell(attack: Attack, till: SimulatedTill, person: Person) -> str:
    plan = next(each for each in catalogue.plans(till.till) if each.plan_id == FEW)
    member = find_member.by_phone(till.till, person.phone)[0].member
    done = sell_pass.sell_pass(till.till, member, plan, (pay("cash", plan.price_minor, plan.price_minor),))
    attack.books.shown.add(done.fact_id)
    return "sold"


def one_snapshot_everywhere(attack: Attack) -> str:
    """One signed code, fresh or old, at every till, cut off."""
    person = _person(attack)
    old = attack.snapshots.get(person.member_id, [])
    code = attack.dice.one_of(old) if old and attack.dice.happens(60) else attack.snapshot(person)
    for till in attack.everybody:
        till.network.up = False
    return f"{person.phone}: {_everywhere(attack, attack.everybody, lambda till: _take(attack, till, person, 1, code))}"


# Lines, clocks, machines, the server ---------------------------------------------------------------------------------


def some_hand_in(attack: Attack) -> str:
    """Some come back; the way may fail them."""
    tills = _some(attack, 3)
    for till in tills:
        till.network.up = True
        if attack.dice.happens(30):
            till.network.plan(attack.dice.one_of(FAULTS), attack.dice.between(0, 1))
        if attack.dice.happens(15):
            attack.points.till = attack.dice.one_of([name for name in TILL if name.startswith(("push", "pull"))])
    return _everywhere(attack, tills, _handed_in)


def _handed_in(till: SimulatedTill) -> str:
    till.network.up = True
    till.sync()
    return "in touch" if till.app.client.reachable else "cut off"


def what_hung_arrives(attack: Attack) -> str:
    """Requests that nobody waits for any more reach the server after all."""
    count = 0
    for till in attack.everybody:
        while till.network.hanging:
            till.network.deliver_hanging(0)
            count += 1
    return str(count)


def killed_in_the_act(attack: Attack) -> str:
    """At a named step while a use is taken, by token or not."""
    till, person = attack.dice.one_of(attack.everybody), _person(attack)
    mine = [token for token in attack.tokens if token.terminal_id == attack.terminals[till.number]]
    token = attack.dice.one_of(mine) if mine and attack.dice.happens(70) else None
    till.network.up = attack.dice.happens(50)
    if attack.dice.happens(70):
        attack.points.till = attack.dice.one_of([name for name in TILL if name.startswith(("redeem", "sale"))])
    else:
        attack.points.arm_server(attack.dice.one_of([name for name in SERVER if name.startswith("request")]))
    if token is not None:
        return f"{till.number}: {attack.at(till, partial(_show, attack, token=token))}"
    return f"{till.number}: {attack.at(till, lambda one: _take(attack, one, person, 1))}"


def a_clock_is_set(attack: Attack) -> str:
    """Back or forward, or the machine stands still and does not count it."""
    till = attack.dice.one_of(attack.everybody)
    till.machine.wrong_by = attack.dice.one_of(_CLOCKS)
    if attack.dice.happens(30):
        till.machine.started_at += timedelta(hours=attack.dice.between(0, 2))
    if attack.dice.happens(30):
        attack.restart(till)
    return f"{till.number}: {till.machine.wrong_by}, {'frozen' if till.till.clock.standing().frozen else 'proven'}"


def a_till_is_revoked(attack: Attack) -> str:
    """HQ shuts one out; it goes on as long as it does not know."""
    if attack.revoked or attack.dice.happens(50):
        return "not today"
    attack.revoked, till = True, attack.dice.one_of(attack.tills)
    terminal_id = attack.terminals[till.number]
    said = attack.server.job(
        lambda pool: terminals.revoke(pool, HQ, held.act_of(f"revoke {terminal_id}"), terminal_id, "stolen")
    )
    require(said["outcome"] == "accepted", 14, f"till {till.number} was not revoked: {said}")
    return str(till.number)


def the_database_goes_back(attack: Attack) -> str:
    """A backup is taken, or put back: what came after it is lost until the tills send it again."""
    if not attack.saved:
        attack.server.back_up()
        attack.saved, attack.saved_at = True, attack.time.now
        return "saved"
    attack.books.note_acknowledged(attack.everything())
    attack.server.restore()
    attack.books.lost.append((attack.saved_at, attack.time.now))
    attack.saved = False
    return f"back to {attack.saved_at:%d %H:%M:%S}"


# Copies of a disk ----------------------------------------------------------------------------------------------------


def a_till_is_copied(attack: Attack) -> str:
    """Both go on."""
    if len(attack.copies) >= _MOST_COPIES:
        return "enough of them"
    till = attack.dice.one_of(attack.tills)
    attack.copy_of(till)
    return str(till.number)


def a_token_is_copied(attack: Attack) -> str:
    """A till that has something set aside is copied, and both spend it before anybody hears."""
    if len(attack.copies) >= _MOST_COPIES or not attack.tokens:
        return uses_are_set_aside(attack)
    token = attack.dice.one_of(attack.tokens)
    attack.copy_of(attack.of(token.terminal_id)[0])
    return _token_at(attack, token, attack.of(token.terminal_id) * (2 if token.money else token.amount))


def a_sale_is_copied(attack: Attack) -> str:
    """A pass is sold cut off, the disk is copied, and both spend all of it."""
    if len(attack.copies) >= _MOST_COPIES:
        return "enough of them"
    till, person = attack.dice.one_of(attack.tills), _person(attack)
    till.network.up = False
    sold = attack.at(till, partial(_sell, attack, person=person))
    copy = attack.copy_of(till)
    copy.network.up = False
    return f"{sold}; {_everywhere(attack, [till, copy], lambda one: _take(attack, one, person, 3))}"


def a_disk_is_put_back(attack: Attack) -> str:
    """The disk is copied, the till spends, and the copy is put back."""
    till, person = attack.dice.one_of(attack.tills), _person(attack)
    mine = [token for token in attack.tokens if token.terminal_id == attack.terminals[till.number]]
    attack.spoil(till)
    till.close()
    kept = attack.folder / f"kept{len(attack.told)}"
    till.copy_to(kept)
    attack.open(till)
    if mine:
        said = attack.at(till, partial(_show, attack, token=attack.dice.one_of(mine)))
    else:
        said = attack.at(till, lambda one: _take(attack, one, person, 1))
    if attack.dice.happens(50):
        attack.at(till, _handed_in)
    till.close()
    gone = attack.folder / f"gone{len(attack.told)}"
    shutil.move(till.folder, gone)
    shutil.move(kept, till.folder)
    attack.gone.append((attack.terminals[till.number], gone))
    attack.open(till)
    return f"{till.number}, {said} forgotten"


def _act(attack: Attack) -> Act:
    key = "act-" + attack.dice.bytes(8).hex()
    return Act(key, bytes.fromhex(hash_fact(key.encode())))


MENU: list[tuple[int, Step]] = [
    (10, uses_are_set_aside),
    (6, one_token_everywhere),
    (6, a_token_again_and_again),
    (6, set_aside_and_asked_elsewhere),
    (5, given_back),
    (3, leases_are_handed_out),
    (1, released_at_risk),
    (5, the_same_use_online),
    (3, a_sale_spent_at_once),
    (4, a_sale_whose_answer_is_lost),
    (6, some_hand_in),
    (2, what_hung_arrives),
    (5, killed_in_the_act),
    (3, a_clock_is_set),
    (1, a_till_is_revoked),
    (1, the_database_goes_back),
]
RISKY: list[tuple[int, Step]] = [(5, one_snapshot_everywhere)]
COPYING: list[tuple[int, Step]] = [
    (1, a_till_is_copied), (3, a_token_is_copied), (1, a_sale_is_copied), (2, a_disk_is_put_back),
]  # fmt: skip

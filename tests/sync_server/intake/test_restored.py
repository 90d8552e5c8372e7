"""A database that was restored from an older copy: tills send again, and what was granted online meanwhile comes back.

Rule: the copy is a real one, and the epoch begins as HQ begins it; the till's facts were really answered before.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from models.facts import GENESIS, Evidence, RequestAbandoned
from models.wire import HeardHead, PushAnswer, head_message
from sync_server.database.engine import PLATFORM, open_pool, transaction
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.intake.heads import is_ours as _is_ours_heard
from sync_server.intake.held import Decision, decide
from sync_server.members.codes import rotate_code
from tests.sync_server import world
from tests.sync_server.card_till import charge, charged, credited, holds, refund, refunded
from tests.sync_server.conftest import Server, name_of
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import (
    MEMBER,
    FakeTill,
    all_holds,
    as_owner,
    at_risk,
    balance,
    build_shop,
    outcomes,
    rows,
    said,
    set_policy,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio


@dataclass
class House:
    """Two tills on a database that can be copied and put back."""

    server: Server
    urls: DatabaseUrls
    stack: AsyncExitStack
    tills: list[FakeTill]
    saved: DatabaseUrls | None = None

    async def open(self) -> None:
        pool = await self.stack.enter_async_context(open_pool(self.urls.app, min_size=1, max_size=4))
        for till in self.tills:
            till.pool = pool

    async def save(self) -> None:
        """A backup is taken."""
        await self.stack.aclose()
        self.saved = self.server.create(name_of(self.urls))
        await self.open()

    async def restore(self) -> None:
        """The database is lost, and the backup takes its place."""
        assert self.saved is not None
        await self.stack.aclose()
        self.server.drop(self.urls)
        self.urls, self.saved = self.saved, None
        secure_database(self.urls)
        await self.open()
        async with transaction(self.tills[0].pool, PLATFORM) as connection:
            await connection.execute("SELECT app.begin_epoch(1::smallint)")


@pytest.fixture
async def house(server: Server, template: str) -> AsyncIterator[House]:
    urls = server.create(template)
    secure_database(urls)
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(open_pool(urls.app, min_size=1, max_size=4))
        await build_shop(pool)
        first = await FakeTill(pool, at=now()).pair()
        second = await FakeTill(pool, world.SECOND_TERMINAL, "SZ1T02", keys=first.keys, at=now()).pair()
        made = House(server, urls, stack, [first, second])
        yield made
    for one in (made.urls, made.saved):
        if one is not None:
            server.drop(one)


def now() -> datetime:
    return datetime.now(UTC)


def proof(till: FakeTill, answer: PushAnswer) -> HeardHead:
    """What the till keeps of the answer to its last push of an epoch."""
    assert answer.countersignature is not None
    assert answer.countersignature_key_id is not None
    return HeardHead(till.seq, till.prev, answer.epoch, answer.countersignature_key_id, answer.countersignature)


async def reasons(answer: PushAnswer) -> list[str | None]:
    return [result.reason for result in answer.results]


# Unproven uses --------------------------------------------------------------------------------------------------------


async def test_what_was_handed_in_before_the_restore_is_no_longer_exposure(house: House) -> None:
    """Two at risk, handed in; two more, handed in: each within a bound of two. All four come again at once."""
    till, second = house.tills
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now() - timedelta(minutes=4)
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    assert await outcomes(till) == [("accepted", None)] * 2
    till.at = now()
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    last = await till.push()
    assert await reasons(last) == [None] * 4
    await house.restore()
    till.at = now()
    for _ in range(3):
        till.redeem(sold.pass_id, at_risk(till))
    again = await till.push(heard=proof(replace(till, seq=4, prev=_hash_at(till, 4)), last))
    assert await reasons(again) == [None] * 6 + ["offline_terminal_cap"], "what is new is bounded as ever"
    assert await uses_left(till.pool, sold.pass_id) == 4
    await all_holds(till.pool)


async def test_what_came_before_its_proof_is_no_exposure_once_it_is_proved(house: House) -> None:
    """The same in several pushes: the countersigned place comes with the second, the new ones with the third."""
    till, second = house.tills
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now() - timedelta(minutes=4)
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    await till.push()
    till.order()
    proved = proof(till, await till.push())
    await house.restore()
    till.at = now() - timedelta(minutes=1)
    for _ in range(3):
        till.redeem(sold.pass_id, at_risk(till))
    assert await reasons(await till.push(till.texts[:2], 2, heard=proved)) == [None] * 2
    assert await reasons(await till.push(till.texts[2:4], 4, heard=proved)) == [None] * 2
    assert await reasons(await till.push(till.texts[4:], 6)) == [None, "offline_terminal_cap"]
    await all_holds(till.pool)


async def lost_four(house: House) -> tuple[FakeTill, HeardHead]:
    """Four uses at risk under a bound of two, two by two, all acknowledged; then a restore."""
    till, second = house.tills
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now() - timedelta(minutes=4)
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    await till.push()
    till.at = now()
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    last = await till.push()
    assert await reasons(last) == [None] * 4
    await house.restore()
    return till, proof(till, last)


async def test_what_was_lost_may_come_again_in_several_pushes(house: House) -> None:
    till, heard = await lost_four(house)
    assert await reasons(await till.push(till.texts[:3], 3, heard=heard)) == [None] * 3
    claimed = "SELECT heard_seq FROM app.terminal_heads WHERE terminal_id = %s"
    assert await value(till.pool, claimed, till.terminal_id) == 4
    assert await reasons(await till.push(till.texts[3:], 4, heard=heard)) == [None]
    assert await value(till.pool, claimed, till.terminal_id) is None
    await all_holds(till.pool)


@pytest.mark.parametrize("shown", [True, False])
async def test_another_fact_in_the_place_that_was_believed_is_a_fork_and_exposure_again(
    house: House, *, shown: bool
) -> None:
    """Also when the till shows its proof no more."""
    till, heard = await lost_four(house)
    assert await reasons(await till.push(till.texts[:3], 3, heard=heard)) == [None] * 3
    exposed = "SELECT count(*)::int FROM app.pass_redemption_batches WHERE terminal_id = %s AND NOT heard"
    assert await value(till.pool, exposed, till.terminal_id) == 0
    other = replace(till, texts=till.texts[:3], seq=3, prev=_hash_at(till, 3))
    other.order()
    answer = await other.push(other.texts[3:], 4, heard=heard if shown else None)
    assert await reasons(answer) == ["fork"]
    assert await value(till.pool, exposed, till.terminal_id) == 3
    alarms = await rows(till.pool, "SELECT kind FROM app.alarms WHERE principal_id = %s ORDER BY 1", till.terminal_id)
    assert alarms == [("held_fork",), ("terminal_forked",)]
    assert await reasons(await till.push(till.texts[3:], 4, heard=heard)) == ["terminal_forked"]


async def test_without_a_proof_the_bound_counts_everything(house: House) -> None:
    till, second = house.tills
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now() - timedelta(minutes=4)
    for _ in range(2):
        till.redeem(sold.pass_id, at_risk(till))
    await till.push()
    till.at = now() - timedelta(seconds=1)
    till.redeem(sold.pass_id, at_risk(till))
    last = await till.push()
    assert await reasons(last) == [None, None, "offline_terminal_cap"]
    await house.restore()
    proved = proof(till, last)
    epoch: str = await value(till.pool, "SELECT app.current_epoch()")
    key_id, signature = till.keys.sign(head_message(till.terminal_id, till.seq, till.prev, epoch), now())
    forged = (
        replace(proved, seq=9),
        replace(proved, epoch="other"),
        replace(proved, hash="00" * 32),
        replace(proved, signature="nonsense!"),
        replace(proved, key_id="nobody's"),
        replace(proved, signature=base64.b64encode(till.private.sign(b"mine")).decode()),
    )
    assert _is_ours_heard(till.keys, till.identity, proved)
    assert not _is_ours_heard(till.keys, second.identity, proved)
    assert [_is_ours_heard(till.keys, till.identity, one) for one in forged] == [False] * len(forged)
    of_this_epoch = HeardHead(till.seq, till.prev, epoch, key_id, base64.b64encode(signature).decode())
    assert await reasons(await till.push(till.texts[:2], 2, heard=of_this_epoch)) == [None, None]
    assert await rows(till.pool, "SELECT kind FROM app.alarms WHERE kind = 'head_forged'") == []
    assert await reasons(await till.push(heard=forged[2])) == [None, None, "offline_terminal_cap"]
    alarm = "SELECT principal_id::text, data FROM app.alarms WHERE kind = 'head_forged'"
    assert await rows(till.pool, alarm) == [(till.terminal_id, {"pointer": "/heard", "seq": 3})]


async def rewritten_till(house: House) -> tuple[FakeTill, FakeTill, HeardHead, str]:
    """Five orders of a till were heard of before the restore; five uses at risk stand in their place now, under a bound
    of two. Returns the true till, the rewritten one, the head the true one was given, and the pass."""
    till, second = house.tills
    await set_policy(till.pool, max_uses_terminal=2, max_uses_per_member_day=9)
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now() - timedelta(minutes=4)
    for _ in range(5):
        till.order()
    proved = proof(till, await till.push())
    await house.restore()
    rewritten = FakeTill(till.pool, private=till.private, keys=till.keys, at=now() - timedelta(minutes=4))
    for _ in range(5):
        rewritten.redeem(sold.pass_id, at_risk(rewritten))
    return till, rewritten, proved, sold.pass_id


async def test_a_rewritten_chain_is_proved_by_no_head_of_the_true_one(house: House) -> None:
    till, rewritten, proved, pass_id = await rewritten_till(house)
    early = await rewritten.push(rewritten.texts[:4], 4, heard=proved)
    assert await reasons(early) == [None] * 4, "believed until that place comes"
    assert (await rewritten.push(heard=proved)).results[-1].reason == "fork"
    assert (await till.push(heard=proved)).results[-1].reason == "fork"
    assert await value(till.pool, "SELECT count(*) FROM app.alarms WHERE kind = 'terminal_forked'") == 1
    assert await uses_left(till.pool, pass_id) == 6
    await all_holds(till.pool)


async def test_a_rewritten_chain_that_comes_at_once_is_aside_whole(house: House) -> None:
    till, rewritten, proved, pass_id = await rewritten_till(house)
    assert await reasons(await rewritten.push(heard=proved)) == ["fork"] * 5
    till.at = now()
    assert await reasons(await till.push(heard=proved)) == [None] * 5, "the true one goes on"
    assert await uses_left(till.pool, pass_id) == 10
    await all_holds(till.pool)


def _hash_at(till: FakeTill, seq: int) -> str:
    return till.head(till.texts[:seq], seq).hash


# What was granted online ----------------------------------------------------------------------------------------------


async def listed(till: FakeTill) -> list[tuple[str, str | None]]:
    found = await rows(till.pool, "SELECT kind, reason FROM app.lost_requests ORDER BY happened_at, kind")
    return [(row[0], row[1]) for row in found]


async def test_a_granted_redemption_comes_back_with_its_fact(house: House) -> None:
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    await house.save()
    till.at = now()
    request, body = wanted(till, sold.pass_id, cups=2, extra=1)
    assert said(await till.ask(request)) == ("accepted", None)
    await house.restore()
    assert await uses_left(till.pool, sold.pass_id) == 10
    till.at = now()
    till.fact(body)
    answer = await till.push()
    assert await reasons(answer) == [None]
    assert await uses_left(till.pool, sold.pass_id) == 8
    assert await listed(till) == [("PassRedeemed", None)]
    assert await balance(till.pool, "tender/cash") == 15500
    # The same request, on its way all this time, is that effect; the fact again is known.
    late = await till.ask(request)
    assert (said(late), late.tx_no) == (("accepted", None), answer.results[0].tx_no)
    assert (await till.push()).results[0].outcome == "already_known"
    assert await uses_left(till.pool, sold.pass_id) == 8
    assert await value(till.pool, "SELECT rung FROM app.pass_redemption_batches") == "online"
    await all_holds(till.pool)


async def test_what_cannot_be_whole_waits_for_a_person_and_is_listed(house: House) -> None:
    """The pass was sold at another till, which has not come back yet."""
    till, second = house.tills
    await house.save()
    second.at = till.at = now()
    sold = second.sell_pass()
    await second.push()
    request, body = wanted(till, sold.pass_id)
    assert said(await till.ask(request)) == ("accepted", None)
    await house.restore()
    till.fact(body)
    assert await outcomes(till) == [("held", "pass_unknown")]
    assert await listed(till) == [("PassRedeemed", "pass_unknown")]
    assert await outcomes(second) == [("accepted", None)]
    ((fact_hash,),) = await rows(till.pool, "SELECT encode(hash, 'hex') FROM app.held_facts")
    decided = await decide(
        till.pool, OPERATOR, str(uuid4()), fact_hash, Decision("post", "it was granted before"), till.keys
    )
    assert decided["outcome"] == "accepted"
    assert await uses_left(till.pool, sold.pass_id) == 9
    await all_holds(till.pool)


async def test_a_granted_charge_comes_back_and_its_refund_too(house: House) -> None:
    till, _ = house.tills
    await credited(till)
    code = await rotate_code(till.pool, MEMBER)
    early = charge(till, code)
    answer = await till.ask(early)
    till.at = now()
    till.fact(charged(till, early, answer))
    await till.push()
    await house.save()
    code = await rotate_code(till.pool, MEMBER)
    request = charge(till, code, 2)
    charge_answer = await till.ask(request)
    back = refund(answer.tx_no, 800)
    refund_answer = await till.ask(back)
    assert (said(charge_answer), said(refund_answer)) == (("accepted", None), ("accepted", None))
    assert (await holds(till.pool))["principal"] == 5400
    await house.restore()
    assert (await holds(till.pool))["principal"] == 8200
    till.at = now()
    till.fact(charged(till, request, charge_answer))
    till.fact(refunded(till, back, refund_answer))
    assert (await outcomes(till))[2:] == [("accepted", None), ("accepted", None)]
    assert (await holds(till.pool))["principal"] == 5400
    assert await listed(till) == [("CardCharged", None), ("Refunded", None)]
    assert said(await till.ask(request)) == said(await till.ask(back)) == ("accepted", None)
    await all_holds(till.pool)


@pytest.mark.req("R051")
async def test_no_number_is_given_twice_whatever_is_restored(house: House) -> None:
    """A refund of what was lost meets no other transaction: not of this life, nor of another from the same backup."""
    till, second = house.tills
    await credited(till)
    await house.save()
    assert house.saved is not None
    backup = house.server.create(name_of(house.saved))
    given = []
    for life in range(3):
        till.at = now()
        answers = []
        for one in (till, second):
            code = await rotate_code(one.pool, MEMBER)
            answers.append(await one.ask(charge(one, code)))
        given += [answer.tx_no for answer in answers]
        assert [said(answer) for answer in answers] == [("accepted", None)] * 2
        await all_holds(till.pool)
        if life == 1:
            house.saved = backup
        if life < 2:
            await house.restore()
    assert len(set(given)) == 6
    for number in given[:4]:
        assert said(await till.ask(refund(number, 100))) == ("refused", "transaction_unknown")
    await all_holds(till.pool)


async def test_a_refund_whose_charge_was_lost_is_held(house: House) -> None:
    till, _ = house.tills
    await credited(till)
    await house.save()
    till.at = now()
    code = await rotate_code(till.pool, MEMBER)
    answer = await till.ask(charge(till, code))
    back = refund(answer.tx_no, 1800)
    refund_answer = await till.ask(back)
    assert said(refund_answer) == ("accepted", None)
    await house.restore()
    code = await rotate_code(till.pool, MEMBER)
    assert said(await till.ask(charge(till, code, 2))) == ("accepted", None)
    till.at = now()
    till.fact(refunded(till, back, refund_answer))
    assert (await outcomes(till))[-1] == ("held", "transaction_unknown")
    assert await listed(till) == [("Refunded", "transaction_unknown")]
    ((fact_hash,),) = await rows(till.pool, "SELECT encode(hash, 'hex') FROM app.held_facts")
    posted = await decide(till.pool, OPERATOR, str(uuid4()), fact_hash, Decision("post", "as it stands"), till.keys)
    assert posted["code"] == "transaction_unknown", "nor by a person's hand"
    assert (await holds(till.pool))["principal"] == 6400
    await all_holds(till.pool)


async def test_what_was_never_granted_does_not_come_back(house: House) -> None:
    """Only of the lost time is a till believed; and what it gave up, or was refused, stays so."""
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    await house.save()
    await house.restore()
    till.at = now()
    request, body = wanted(till, sold.pass_id)
    till.fact(RequestAbandoned(request.request_id, "no_answer"))
    till.fact(body)
    assert await outcomes(till) == [("accepted", None), ("held", "request_abandoned")]
    with as_owner(house.urls) as owner:
        hour = "interval '1 hour'"
        owner.execute(f"UPDATE app.epochs SET started_at = started_at - {hour}, lost_from = lost_from - {hour}")
    second.at = now()
    second.redeem(sold.pass_id, Evidence("online", str(uuid4())))
    assert (await outcomes(second))[-1] == ("held", "request_unknown")
    assert await listed(till) == []
    assert await uses_left(till.pool, sold.pass_id) == 10


async def test_who_is_not_believed_about_the_lost_time(house: House) -> None:
    """A till that was paired since, and one with two histories."""
    till, second = house.tills
    sold = second.sell_pass()
    await second.push()
    await house.save()
    await house.restore()
    late = await FakeTill(till.pool, world.THIRD_TERMINAL, "SZ1T03", keys=till.keys, at=now()).pair()
    clone = replace(second, seq=0, prev=GENESIS, texts=[], at=now())
    clone.order()
    assert await outcomes(clone) == [("held", "fork")]
    for each in (late, second):
        each.at = now()
        each.redeem(sold.pass_id, Evidence("online", str(uuid4())))
    assert (await outcomes(late))[-1] == ("held", "request_unknown")
    assert (await outcomes(second))[-1] == ("held", "terminal_forked")
    assert await listed(till) == [("PassRedeemed", "request_unknown"), ("PassRedeemed", "terminal_forked")]
    assert await uses_left(till.pool, sold.pass_id) == 10


async def restored_twice(house: House) -> tuple[str, FakeTill, FakeTill]:
    """A restore two hours ago, and one now. Returns a pass, a till that was away since before both, and one that sold
    something an hour ago."""
    away, busy = house.tills
    busy.at = now() - timedelta(hours=3)
    sold = busy.sell_pass()
    await busy.push()
    await house.save()
    await house.restore()
    with as_owner(house.urls) as owner:
        hours = "interval '2 hours'"
        owner.execute(f"UPDATE app.epochs SET started_at = started_at - {hours}, lost_from = lost_from - {hours}")
        owner.execute(f"UPDATE app.terminals SET paired_at = paired_at - {hours} - interval '1 minute'")
    busy.at = now() - timedelta(hours=1)
    busy.order()
    await busy.push()
    async with transaction(away.pool, PLATFORM) as connection:
        await connection.execute("SELECT app.begin_epoch(1::smallint)")
    with as_owner(house.urls) as owner:  # what is lost now is less than an hour
        owner.execute("UPDATE app.epochs SET lost_from = started_at - interval '1 minute'")
    busy.at = away.at = now() - timedelta(hours=2)
    return sold.pass_id, away, busy


async def test_what_an_earlier_restore_lost_comes_back_too(house: House) -> None:
    """Of two restores in a row a till that was away is believed about both."""
    pass_id, away, _ = await restored_twice(house)
    away.redeem(pass_id, Evidence("online", str(uuid4())))
    away.at = now()
    away.redeem(pass_id, Evidence("online", str(uuid4())))
    assert await outcomes(away) == [("accepted", None)] * 2
    assert await listed(away) == [("PassRedeemed", None)] * 2
    assert await uses_left(away.pool, pass_id) == 8
    await all_holds(away.pool)


async def test_who_went_on_since_has_nothing_more_to_tell_of_it(house: House) -> None:
    """Its time does not run back: what it dates before its own last fact happened when that one did."""
    pass_id, _, busy = await restored_twice(house)
    busy.redeem(pass_id, Evidence("online", str(uuid4())))
    assert (await outcomes(busy))[-1] == ("held", "request_unknown")
    assert await uses_left(busy.pool, pass_id) == 10

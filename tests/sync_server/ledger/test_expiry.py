"""Passes end by their date: the status follows, some at a time, once; what happened before still counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.facts import RequestAbandoned
from sync_server.database.engine import PLATFORM, Claims, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.ledger.decisions import expire_passes
from tests.sync_server.ledger.asking import (
    DENIED,
    MEMBER_CLAIMS,
    OPERATOR,
    OTHER_STAFF,
    STAFF,
    TERMINAL,
    at_once,
    audited,
)
from tests.sync_server.till import (
    OTHER_MEMBER,
    OWN,
    REVIEWED_PLAN,
    FakeTill,
    all_holds,
    outcomes,
    plan,
    rows,
    uses_left,
    value,
    wanted,
)

pytestmark = pytest.mark.anyio
STATUSES = "SELECT pass_id::text, status FROM app.member_passes ORDER BY expires_at, pass_id"


async def expire(till: FakeTill, limit: int = 500, claims: Claims | None = PLATFORM) -> int:
    async with transaction(till.pool, claims) as connection:
        return await expire_passes(connection, limit)


async def end(owner: Any, *passes: str) -> None:
    for number, each in enumerate(passes):
        owner.execute(
            "UPDATE app.member_passes SET expires_at = now() - make_interval(mins => %s) WHERE pass_id = %s",
            [30 - number, each],
        )


@pytest.mark.req("R039", "R095")
async def test_passes_past_their_date_are_marked_once(till: FakeTill, owner: Any) -> None:
    waiting = plan(REVIEWED_PLAN, auto_activate=False)
    ended, held = till.sell_pass().pass_id, till.sell_pass(sold=waiting).pass_id
    living = till.sell_pass(member_id=OTHER_MEMBER).pass_id
    revoked = till.sell_pass(sold=waiting, member_id=OTHER_MEMBER).pass_id
    await till.push()
    await end(owner, ended, held, revoked)
    owner.execute("UPDATE app.member_passes SET status = 'revoked' WHERE pass_id = %s", [revoked])
    assert [await expire(till) for _ in range(2)] == [2, 0]
    assert dict(await rows(till.pool, STATUSES)) == {
        ended: "expired", held: "expired", living: "active", revoked: "revoked"
    }  # fmt: skip
    assert [await audited(till.pool, "pass_expired", each) for each in (ended, held, living, revoked)] == [1, 1, 0, 0]
    was = "SELECT data ->> 'was', data ->> 'uses_left' FROM audit.event_log WHERE event = 'pass_expired' ORDER BY 1"
    assert await rows(till.pool, was) == [("active", "10"), ("suspended", "10")]
    assert await uses_left(till.pool, ended) == 10
    await all_holds(till.pool)


async def test_some_at_a_time_oldest_first(till: FakeTill, owner: Any) -> None:
    waiting = plan(REVIEWED_PLAN, auto_activate=False)
    passes = [till.sell_pass().pass_id, till.sell_pass(sold=waiting).pass_id,
              till.sell_pass(member_id=OTHER_MEMBER).pass_id]  # fmt: skip
    await till.push()
    await end(owner, *passes)
    assert await expire(till, 2) == 2
    assert [status for _, status in await rows(till.pool, STATUSES)] == ["expired", "expired", "active"]
    assert [await expire(till, limit) for limit in (0, -1, 2, 2)] == [0, 0, 1, 0]


async def test_a_till_hears_of_it(till: FakeTill, owner: Any) -> None:
    ended = till.sell_pass().pass_id
    await till.push()
    changes = "SELECT count(*) FROM app.change_log WHERE table_name = 'pass' AND key = %s"
    before = await value(till.pool, changes, ended)
    await end(owner, ended)
    await expire(till)
    assert await value(till.pool, changes, ended) == before + 1


@pytest.mark.req("R100")
async def test_what_happened_before_the_date_still_counts(till: FakeTill, owner: Any) -> None:
    """A till that was offline hands in a use of yesterday; one of today is held."""
    ended = till.sell_pass().pass_id
    await till.push()
    last = till.at + timedelta(minutes=5)
    owner.execute("UPDATE app.member_passes SET expires_at = %s", [last])
    assert await expire(till) == 1
    till.redeem(ended, OWN)
    till.at = last
    till.redeem(ended, OWN)
    assert (await outcomes(till))[1:] == [("accepted", None), ("held", "pass_expired")]
    assert await uses_left(till.pool, ended) == 9
    await all_holds(till.pool)


async def test_a_use_given_up_after_the_pass_began_anew_is_forfeited(till: FakeTill, owner: Any) -> None:
    ended = till.sell_pass().pass_id
    await till.push()
    slips = dict(till.counters)
    request, _ = wanted(till, ended, cups=3, extra=1)
    till.counters = slips  # nothing was printed
    assert (await till.ask(request)).outcome == "accepted"
    owner.execute("UPDATE app.member_passes SET expires_at = now() - interval '2 hours'")
    till.sell_pass(ended, stacked=True)
    till.fact(RequestAbandoned(request.request_id, "no answer"))
    assert await outcomes(till) == [("already_known", None), ("accepted", None), ("accepted", None)]
    assert await uses_left(till.pool, ended) == 10
    assert await value(till.pool, "SELECT uses_bought FROM app.member_passes") == 10
    await all_holds(till.pool)


async def test_what_awaited_its_review_was_not_usable_before_either(till: FakeTill, owner: Any) -> None:
    ended = till.sell_pass(sold=plan(REVIEWED_PLAN, auto_activate=False)).pass_id
    await till.push()
    owner.execute("UPDATE app.member_passes SET expires_at = %s", [till.at + timedelta(minutes=5)])
    assert await expire(till) == 1
    till.redeem(ended, OWN)
    assert (await outcomes(till))[-1] == ("held", "pass_not_active")


async def test_two_runs_at_once(till: FakeTill, owner: Any) -> None:
    passes = [till.sell_pass().pass_id, till.sell_pass(member_id=OTHER_MEMBER).pass_id]
    await till.push()
    await end(owner, *passes)

    async def once() -> dict[str, Any]:
        return {"count": await expire(till)}

    said = await at_once(*(once() for _ in range(4)))
    assert sum(each["count"] for each in said) + await expire(till) == 2
    assert [await audited(till.pool, "pass_expired", each) for each in passes] == [1, 1]


@pytest.mark.req("R027")
async def test_only_the_operator_ends_passes(till: FakeTill) -> None:
    for claims in (None, STAFF, OTHER_STAFF, TERMINAL, MEMBER_CLAIMS):
        with pytest.raises(DatabaseTrouble, match=DENIED):
            await expire(till, claims=claims)
    assert await expire(till, claims=OPERATOR) == 0

"""The road with the network cut: what a till may decide alone, what it refuses, and what the ledger makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import wire
from models.facts import PassRedeemed, RequestAbandoned
from models.refusals import Refusal
from pos_app.till import header
from pos_app.till.values import MemberView
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.conftest import Machine, OpenTill
from tests.flows.house import House
from tests.flows.proxy import DOWN, UP
from tests.flows.till import Counter, Cups

TWO: Cups = ((shop.TEA, {}), (shop.TEA, {}))
THREE: Cups = (*TWO, (shop.TEA, {}))


def refused(till: Counter, view: MemberView, cups: Cups = ((shop.TEA, {}),), plan: str = shop.TEN) -> Refusal:
    """Try to redeem; it must be refused, leave no slip, and say so in the chain."""
    before = len(till.recorded)
    with pytest.raises(Refusal) as found:
        till.redeem(view, plan, cups)
    (abandoned,) = till.recorded[before:]
    assert isinstance(abandoned.fact.body, RequestAbandoned)
    assert abandoned.fact.body.reason == found.value.code
    assert not [slip for slip in till.print_states() if slip[0].startswith("VR")]
    return found.value


def back_online(house: House, *tills: Counter) -> None:
    """The network is back: hand in, pull, and everything must be right."""
    for till in tills:
        till.network.up()
    for till in (*tills, *tills):  # once to hand in, once more to hear what the others did
        till.app.sync.cycle()
    for till in tills:
        till.sync()
    all_is_well(house, *tills)


def losses(house: House, person: shop.Person) -> int:
    """Uses that a member had and nobody had sold."""
    ((lost,),) = house.rows(
        "SELECT coalesce(-sum(e.delta), 0) FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)"
        " WHERE a.owner_id = %s AND a.bucket = 'offline_loss'",
        person.member_id,
    )
    return int(lost)


def test_unproven_use_inside_the_policy(house: House, till: Counter) -> None:
    """Rung 3: with the signed code and a young sync a till without a network gives a use, and says on which ground."""
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    assert header.header(till.till).offline_spending == "online"
    till.network.down()
    view = till.scan(code)
    done = till.redeem(view, shop.TEN, ((shop.TEA, {shop.CHEESE: 1}),))
    assert (done.evidence, done.uses_left, done.total_minor) == ("at_risk", 2, 400)
    assert header.header(till.till).offline_spending == "at_risk"
    till.print_all()
    assert [till.print_states()[slip, 0] for slip in done.slips] == ["printed", "printed"]
    body = till.fact(done).fact.body
    assert isinstance(body, PassRedeemed)
    assert (body.evidence.policy_version, bool(body.evidence.token_nonce)) == (shop.POLICY.version, True)
    back_online(house, till)
    assert till.fact(done).state == "accepted"
    assert house.uses_left(person.passes[shop.TEN]) == 2
    found = house.hq(f"/admin/api/orders?search={done.slips[0]}")["orders"]
    assert [(row["state"], row["uses"], row["amount_minor"]) for row in found] == [("posted", 1, 400)]


def test_without_the_signed_code(house: House, till: Counter) -> None:
    """A phone number proves nothing to a till alone."""
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.down()
    assert refused(till, till.member(person)).code == "offline_needs_signed_code"
    back_online(house, till)
    assert house.uses_left(person.passes[shop.TEN]) == 3


def test_more_than_one_operation_may_take(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 9})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    found = refused(till, till.scan(code), THREE)
    assert (found.code, found.data["limit"]) == ("offline_operation_cap", 2)
    back_online(house, till)


def test_more_than_a_member_may_take_a_day(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 9})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    assert till.redeem(till.scan(code), shop.TEN, TWO).uses_left == 7
    with pytest.raises(Refusal) as found:
        till.redeem(till.scan(code), shop.TEN, TWO)
    assert (found.value.code, found.value.data["used"]) == ("offline_member_cap", 2)
    assert till.redeem(till.scan(code), shop.TEN).uses_left == 6
    back_online(house, till)
    assert house.uses_left(person.passes[shop.TEN]) == 6


def test_more_than_the_terminal_may_take_until_it_syncs(house: House, till: Counter) -> None:
    """The bound of what a till can lose: five uses; handing in frees it again."""
    people = [house.member({shop.TEN: 9}) for _ in range(3)]
    till.sync()
    scanned = [house.snapshot_code(person) for person in people]
    till.network.down()
    for code in scanned[:2]:
        till.redeem(till.scan(code), shop.TEN, TWO)
    with pytest.raises(Refusal) as found:
        till.redeem(till.scan(scanned[2]), shop.TEN, TWO)
    assert (found.value.code, found.value.data["used"]) == ("offline_terminal_cap", 4)
    back_online(house, till)
    till.network.down()
    assert till.redeem(till.scan(scanned[2]), shop.TEN, TWO).evidence == "at_risk"
    back_online(house, till)


def test_store_without_a_policy(house: House, open_till: OpenTill) -> None:
    """The default is nothing at all."""
    till = open_till("SZ2").begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    assert refused(till, till.scan(code)).code == "offline_not_allowed"
    assert header.header(till.till).offline_spending == "none"
    back_online(house, till)


def test_last_sync_too_old(house: House, machine: Machine, open_till: OpenTill) -> None:
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.down()
    machine.pass_by(shop.POLICY.max_sync_age_seconds + 60)
    code = house.snapshot_code(person, datetime.now(UTC) + timedelta(seconds=machine.wall_seconds))
    found = refused(till, till.scan(code))
    assert (found.code, found.data["limit_seconds"]) == ("offline_sync_too_old", shop.POLICY.max_sync_age_seconds)
    # It was never a matter of one till: after contact the same member is served again.
    back_online(house, till)
    till.network.down()
    assert till.redeem(till.scan(house.snapshot_code(person)), shop.TEN).evidence == "at_risk"
    back_online(house, till)


def test_snapshot_too_old(house: House, machine: Machine, open_till: OpenTill) -> None:
    """A young sync does not make an old code young."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    machine.pass_by(shop.POLICY.max_snapshot_age_seconds + 60)
    assert refused(till, till.scan(code)).code == "offline_snapshot_too_old"
    back_online(house, till)


def test_clock_set_back_freezes_unproven_spending(house: House, machine: Machine, open_till: OpenTill) -> None:
    """Nobody gains a second day from yesterday's code by turning the clock back; selling goes on."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    machine.wall_seconds -= 7200
    assert refused(till, till.scan(code)).code == "approval_needed"
    assert header.header(till.till).offline_spending == "frozen"
    sold = till.sell()
    back_online(house, till)
    recorded = till.fact(sold)
    assert abs(recorded.fact.happened_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_pass_sold_here_is_used_here(house: House, till: Counter) -> None:
    """Own sale: the chain proves it, no code and no policy needed; never more than was sold."""
    person = house.member()
    till.sync()
    till.network.down()
    till.sell_pass(till.member(person), shop.TEN)
    done = till.redeem(till.member(person), shop.TEN, TWO)
    assert (done.evidence, done.uses_left) == ("own_sale", 8)
    back_online(house, till)
    assert till.fact(done).state == "accepted"
    assert losses(house, person) == 0


@pytest.mark.req("R108")
def test_two_tills_sell_the_first_pass_of_one_plan(house: House, open_till: OpenTill) -> None:
    """Both first sales stand: the later one becomes a purchase on the same pass, and its till learns so."""
    tills = [open_till().begin(), open_till().begin()]
    person = house.member()
    for till in tills:
        till.sync()
        till.network.down()
    for till in tills:
        till.sell_pass(till.member(person), shop.TEN)
        till.redeem(till.member(person), shop.TEN)
    for till in tills:
        till.network.up()
    for till in (*tills, *tills):
        till.sync()
    held = house.rows(
        "SELECT pass_id::text, uses_bought, uses_left FROM app.passes_held WHERE member_id = %s", person.member_id
    )
    assert [row[1:] for row in held] == [(20, 18)]
    assert [item.state for till in tills for item in till.recorded] == ["accepted"] * 6
    assert losses(house, person) == 0
    for till in tills:
        assert [(item.held.pass_id, item.held.uses_left) for item in till.member(person).passes] == [(held[0][0], 18)]


def test_last_use_taken_twice_under_a_policy(house: House, open_till: OpenTill) -> None:
    """Two tills without a network, one last use, a policy that takes the risk: both recorded, the second is a loss
    with a name, and HQ is alarmed."""
    tills = [open_till().begin(), open_till().begin()]
    person = house.member({shop.TEN: 1})
    for till in tills:
        till.sync()
    code = house.snapshot_code(person)
    for till in tills:
        till.network.down()
    done = [till.redeem(till.scan(code), shop.TEN) for till in tills]
    assert [one.uses_left for one in done] == [0, 0]
    back_online(house, *tills)
    assert [till.fact(one).state for till, one in zip(tills, done, strict=True)] == ["accepted", "accepted"]
    assert house.uses_left(person.passes[shop.TEN]) == 0
    assert losses(house, person) == 1
    alarms = house.rows(
        "SELECT data ->> 'uses' FROM audit.event_log WHERE event = 'offline_loss' AND severity = 'alarm'"
        " AND data ->> 'member_id' = %s",
        person.member_id,
    )
    assert alarms == [("1",)]


def test_last_use_taken_twice_without_a_policy(house: House, open_till: OpenTill) -> None:
    """Cap 0: both refuse, nothing is lost."""
    tills = [open_till("SZ2").begin(), open_till("SZ2").begin()]
    person = house.member({shop.TEN: 1})
    for till in tills:
        till.sync()
    code = house.snapshot_code(person)
    for till in tills:
        till.network.down()
        assert refused(till, till.scan(code)).code == "offline_not_allowed"
    back_online(house, *tills)
    assert (house.uses_left(person.passes[shop.TEN]), losses(house, person)) == (1, 0)


# A request without an answer ------------------------------------------------------------------------------------


@pytest.fixture
def hurried(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that never come are not waited for longer than needed."""
    monkeypatch.setattr(wire, "REQUEST_TIMEOUT_SECONDS", 1.0)


def posted(house: House, person: shop.Person) -> list[tuple[str, bool]]:
    """(rung, reversed) of every redemption of a member's pass in the ledger."""
    return house.rows(
        "SELECT rung, reversed_by IS NOT NULL FROM app.pass_redemption_batches WHERE member_id = %s"
        " ORDER BY recorded_at",
        person.member_id,
    )


@pytest.mark.usefixtures("hurried")
@pytest.mark.req("R091", "R113")
def test_lost_answer_is_one_effect_with_its_fact(house: House, till: Counter) -> None:
    """The ledger said yes but nobody heard it; the use is given on the signed code. Together they are one use."""
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    till.network.deafen(DOWN)
    done = till.redeem(till.scan(code), shop.TEN)
    assert (done.evidence, till.requests) == ("at_risk", [("unanswered", None)])
    assert posted(house, person) == [("online", False)]
    till.network.never_mind()
    till.network.down()
    back_online(house, till)
    assert till.fact(done).state == "accepted"
    assert posted(house, person) == [("online", False)]
    assert house.uses_left(person.passes[shop.TEN]) == 2


@pytest.mark.usefixtures("hurried")
def test_lost_answer_and_nothing_handed_over(house: House, till: Counter) -> None:
    """The ledger said yes but nobody heard it and the till may not give it: the late success is taken back."""
    person = house.member({shop.TEN: 3})
    till.sync()
    till.network.deafen(DOWN)
    assert refused(till, till.member(person)).code == "offline_needs_signed_code"
    assert house.uses_left(person.passes[shop.TEN]) == 2
    till.network.never_mind()
    till.network.down()
    back_online(house, till)
    assert posted(house, person) == [("online", True)]
    assert house.uses_left(person.passes[shop.TEN]) == 3
    assert till.requests == [("abandoned", "offline_needs_signed_code")]


@pytest.mark.usefixtures("hurried")
def test_request_that_arrives_after_it_was_abandoned(house: House, till: Counter) -> None:
    """A request that hung in the network and comes after all finds itself abandoned: no use is taken."""
    person = house.member({shop.TEN: 3})
    till.sync()
    asked: list[wire.ActionRequest] = []
    client = till.app.sync._client
    send = client.ask

    def remember(request: wire.ActionRequest, wait_seconds: float) -> wire.ActionAnswer | None:
        asked.append(request)
        return send(request, wait_seconds)

    client.ask = remember  # type: ignore[method-assign]
    till.network.deafen(UP)
    assert refused(till, till.member(person)).code == "offline_needs_signed_code"
    assert posted(house, person) == []
    till.network.never_mind()
    till.network.down()
    back_online(house, till)
    late = send(asked[0], 20.0)
    assert late is not None
    assert (late.outcome, late.code) == ("refused", "request_abandoned")
    assert posted(house, person) == []
    assert house.uses_left(person.passes[shop.TEN]) == 3
    all_is_well(house, till)

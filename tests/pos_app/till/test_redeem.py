"""Redeeming: the ledger's word, the ladder without it, and a record on every way out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.facts import PassRedeemed, RequestAbandoned
from models.refusals import Refusal
from models.tenders import Tender
from models.wire import ActionAnswer, ActionRequest
from pos_app.journal import passes
from pos_app.journal.tables import REQUESTS
from pos_app.selling.basket import Basket
from pos_app.till import approval, asking, redeem, sell_pass
from tests.pos_app.desk import (
    EPOCH,
    JUMP_PLAN,
    MILK_TEA,
    NOON,
    PASS_JUMPS,
    PASS_TEN,
    PASS_THIRTY,
    PEARLS,
    POLICY,
    PUDDING,
    TEN_PLAN,
    Desk,
    short_code,
    uid,
)


def no(desk: Desk, **how: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        desk.redeem(**how)
    return error.value


def left(desk: Desk, pass_id: str = PASS_TEN) -> int:
    with desk.journal.reading() as rows:
        held = passes.by_id(rows, pass_id)
    assert held is not None
    return held.uses_left


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row["state"], row["code"]) for row in desk.table(REQUESTS)]


def answered(desk: Desk, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The ledger answers so."""

    def ask(request: ActionRequest, _wait: float) -> ActionAnswer:
        answer = ActionAnswer(request.request_id, "accepted", None, {}, None, "HX1", NOON)
        return replace(answer, **changes)

    monkeypatch.setattr(desk.server, "ask", ask)


@pytest.mark.req("R087", "R088")
def test_online(desk: Desk) -> None:
    done = desk.redeem(code=short_code(1))
    assert (done.uses, done.uses_left, done.total_minor, done.evidence) == (1, 5, 0, "online")
    assert (done.slips, done.pickup_no) == (("VR.SZ1T03.000001",), "3001")
    (request,) = desk.server.asked
    assert request.redeem is not None
    assert request.redeem.member_code == short_code(1)
    body = desk.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert body.evidence.request_id == request.request_id
    assert (body.redemption_id, body.tenders, body.vat) == (request.redeem.redemption_id, (), ())
    assert states(desk) == [("accepted", None)]
    assert left(desk) == 5
    assert desk.broken() == []


def test_the_ledgers_count_wins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(desk, monkeypatch, uses_left=2)
    assert desk.redeem().uses_left == 2
    assert left(desk) == 2


def test_a_phone_member_sends_no_code_and_a_snapshot_stays_here(desk: Desk) -> None:
    desk.redeem(code=None)
    desk.redeem(code=desk.snapshot())
    assert [request.redeem and request.redeem.member_code for request in desk.server.asked] == [None, None]


@pytest.mark.req("R103")
def test_with_charged_add_ons(desk: Desk) -> None:
    done = desk.redeem(desk.basket(2, add_ons=[PEARLS, PEARLS, PUDDING]))
    assert (done.uses, done.total_minor, [slip[:2] for slip in done.slips]) == (2, 500, ["VR", "TP"])
    body = desk.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert [(part.quantity, part.free) for part in body.cups[0].add_ons] == [(2, 1), (1, 0)]
    assert sum(group.base_minor + group.quota_minor for group in body.vat) == 500
    assert [cup.base_minor for cup in body.cups] == [0, 0]


@pytest.mark.req("R104")
@pytest.mark.parametrize("kind", ["wechat", "alipay", "bizum", "platform"])
def test_tenders_that_may_not_pay_an_extra(desk: Desk, kind: str) -> None:
    assert no(desk, basket=desk.basket(1, add_ons=[PUDDING]), kind=kind).code == "tender_not_allowed"
    assert desk.server.asked == []
    assert len(desk.chain()) == 1


def test_paid_too_little_or_for_nothing(desk: Desk) -> None:
    basket = desk.basket(1, add_ons=[PUDDING])
    for tenders in ([], [Tender("cash", 299, 299)], [Tender("cash", 301, 301)]):
        with pytest.raises(Refusal) as error:
            redeem.redeem(desk.till, basket, tenders, None)
        assert error.value.code == "tender_insufficient"
    with pytest.raises(Refusal):
        redeem.redeem(desk.till, desk.basket(), [Tender("cash", 1, 1)], None)
    assert desk.server.asked == []


@pytest.mark.parametrize("code", ["uses_exhausted", "code_used", "code_wrong", "code_locked", "pass_revoked"])
def test_the_ledger_says_no(desk: Desk, code: str) -> None:
    desk.server.refuse = code
    assert no(desk).code == code
    assert states(desk) == [("refused", code)]
    assert len(desk.chain()) == 1, "nothing happened, so there is no fact"
    assert left(desk) == 6


def test_the_server_will_not_hear_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object) -> None:
        raise Refusal("terminal_revoked")

    monkeypatch.setattr(desk.server, "ask", ask)
    assert no(desk).code == "terminal_revoked"
    assert states(desk) == [("refused", "terminal_revoked")]


def test_no_answer_and_no_policy(desk: Desk) -> None:
    desk.go_offline()
    assert no(desk, code=desk.snapshot()).code == "offline_not_allowed"
    assert states(desk) == [("abandoned", "offline_not_allowed")]
    body = desk.chain()[-1].body
    assert body == RequestAbandoned(desk.server.asked[0].request_id, "offline_not_allowed")
    assert left(desk) == 6
    assert desk.broken() == []


def test_at_risk_under_the_policy(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    done = desk.redeem(code=desk.snapshot())
    assert (done.evidence, done.uses_left) == ("at_risk", 5)
    body = desk.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert body.evidence.request_id == desk.server.asked[0].request_id
    assert body.evidence.token_nonce == "00112233aabbccdd"
    assert body.evidence.policy_version == 1
    assert states(desk) == [("unanswered", None)]
    assert desk.broken() == []


def test_caps_count_what_was_spent(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    code = desk.snapshot()
    desk.redeem(code=code)
    desk.redeem(code=code)
    assert no(desk, code=code).code == "offline_member_cap"
    assert no(desk, basket=desk.basket(2), code=code).code == "offline_operation_cap"
    desk.clock.pass_by(86_400 - 3 * 3600)
    assert desk.redeem(code=desk.snapshot(uses=4)).evidence == "at_risk", "a new business day"
    assert desk.broken() == []


def test_terminal_cap_is_freed_by_acknowledgement_only(desk: Desk) -> None:
    desk.allow(replace(POLICY, max_uses_terminal=1))
    desk.go_offline()
    desk.redeem(code=desk.snapshot())
    assert no(desk, code=desk.snapshot()).code == "offline_terminal_cap"
    desk.acknowledge(len(desk.chain()))
    assert desk.redeem(code=desk.snapshot()).evidence == "at_risk"


def test_the_snapshot_is_spent_down_on_this_till(desk: Desk) -> None:
    desk.allow(replace(POLICY, max_uses_per_member_day=9))
    desk.go_offline()
    code = desk.snapshot(uses=2)
    desk.redeem(code=code)
    desk.redeem(code=code)
    refusal = no(desk, code=code)
    assert (refusal.code, refusal.data["uses_left"]) == ("uses_exhausted", 0)


def test_what_the_server_cannot_know_counts_against_a_snapshot_whatever_the_clock_said(desk: Desk) -> None:
    desk.allow(replace(POLICY, max_uses_per_member_day=9))
    desk.go_offline()
    desk.clock.moment -= timedelta(hours=5)
    desk.redeem(code=desk.snapshot())
    desk.clock.moment += timedelta(hours=5)
    assert no(desk, code=desk.snapshot(uses=1)).code == "uses_exhausted"
    desk.acknowledge(len(desk.chain()))
    desk.clock.pass_by(120)
    assert desk.redeem(code=desk.snapshot(uses=1)).evidence == "at_risk", "known before it was issued"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda desk: desk.clock.pass_by(86_401 - 0), "offline_sync_too_old"),
        (lambda desk: desk.allow(replace(POLICY, max_snapshot_age_seconds=59)), "offline_snapshot_too_old"),
        (lambda desk: desk.allow(replace(POLICY, version=2, max_uses_terminal=0)), "offline_not_allowed"),
    ],
)
def test_what_keeps_the_till_from_spending(desk: Desk, spoil: Any, code: str) -> None:
    desk.allow()
    desk.go_offline()
    spoil(desk)
    assert no(desk, code=desk.snapshot()).code == code


def test_somebody_answers_for_one_redemption_while_the_clock_is_unproven(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    desk.clock.frozen = True
    assert no(desk, code=None).code == "offline_needs_signed_code", "no approval makes good for what is not there"
    needed = no(desk, code=desk.snapshot())
    assert (needed.code, needed.data["permission"]) == ("approval_needed", "offline_risk")
    boss = desk.hire("864200", {"offline_risk"})
    yes = approval.approve(desk.till, "864200", "offline_risk", str(needed.data["subject"]))
    assert desk.redeem(code=desk.snapshot(), approval=yes).evidence == "at_risk"
    assert desk.chain()[-1].approver_id == boss
    assert no(desk, code=desk.snapshot(), approval=yes).code == "approval_needed", "a yes is for one redemption"
    desk.clock.frozen = False
    desk.redeem(code=desk.snapshot())
    assert desk.chain()[-1].approver_id is None


def test_without_the_signed_code(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    assert no(desk, code=short_code(1)).code == "offline_needs_signed_code"
    assert no(desk, code=None).code == "offline_needs_signed_code"
    assert no(desk, code=desk.snapshot(pass_id=PASS_THIRTY)).code == "offline_needs_signed_code", "another pass's word"


def test_code_of_another_member(desk: Desk) -> None:
    assert no(desk, code=desk.snapshot(member=2)).code == "pass_other_member"
    assert desk.server.asked == []


def test_forged_policies_count_for_nothing(desk: Desk) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    desk.allow(signer=Ed25519PrivateKey.generate())
    desk.go_offline()
    assert no(desk, code=desk.snapshot()).code == "offline_not_allowed"


def test_own_sale_can_be_redeemed_at_once(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    desk.go_offline()
    sold = sell_pass.sell_pass(desk.till, desk.member(2).member, plan, [desk.tender(plan.price_minor, "wechat")])
    (view,) = desk.member(2).passes
    assert (view.held.uses_left, view.usable, sold.uses_left) == (10, True, 10)
    basket = replace(desk.basket(), member=desk.member(2).member, held=view.held, plan=view.plan)
    done = desk.redeem(basket)
    assert (done.evidence, done.uses_left) == ("own_sale", 9)
    four = replace(basket, cups=basket.cups * 4)
    assert desk.redeem(four).uses_left == 5
    # Once the server knows the sale, another till may spend it: the proof is gone, and the ladder goes on.
    desk.acknowledge(len(desk.chain()))
    assert no(desk, basket=basket).code == "offline_not_allowed"
    assert desk.broken() == []


def test_a_pass_that_waits_for_review_pays_for_nothing(desk: Desk) -> None:
    plan = desk.journal.catalogue.plans[JUMP_PLAN]
    desk.go_offline()
    sell_pass.sell_pass(desk.till, desk.member(2).member, plan, [desk.tender(plan.price_minor)])
    (view,) = desk.member(2).passes
    assert (view.usable, view.reason) == (False, "pass_not_active")
    basket = Basket(desk.basket().cups, desk.member(2).member, view.held, view.plan)
    assert no(desk, basket=basket).code == "pass_not_active"


def test_what_the_screen_holds_is_not_believed(desk: Desk) -> None:
    """A stale or doctored basket is decided on what the journal says now."""
    basket = desk.basket()
    assert basket.held is not None
    desk.change_pass(1, uses_left=0)
    assert no(desk, basket=basket).code == "uses_exhausted"
    assert no(desk, basket=replace(basket, held=replace(basket.held, pass_id=uid(0x999)))).code == "pass_unknown"
    assert no(desk, basket=replace(basket, member=desk.member(2).member)).code == "pass_other_member"
    assert no(desk, basket=replace(basket, cups=())).code == "basket_empty"
    assert no(desk, basket=Basket(basket.cups, basket.member)).code == "basket_empty"
    suspended = replace(basket, held=replace(basket.held, pass_id=PASS_JUMPS))
    assert no(desk, basket=suspended).code == "pass_not_active"
    assert desk.server.asked == []


def test_the_last_use_is_taken_once_while_the_ledger_is_silent(desk: Desk) -> None:
    """Between asking and recording somebody else at this till took it."""
    desk.allow(replace(POLICY, max_uses_per_member_day=9))
    desk.change_pass(1, uses_left=1)
    basket, code = desk.basket(), desk.snapshot(uses=5)
    desk.go_offline()
    taken = []

    def meanwhile() -> None:
        desk.server.delay = lambda: None
        taken.append(desk.redeem(basket, code))

    desk.server.delay = meanwhile
    assert no(desk, basket=basket, code=code).code == "uses_exhausted"
    assert taken[0].uses_left == 0
    assert [fact.kind for fact in desk.chain()] == ["ShiftOpened", "PassRedeemed", "RequestAbandoned"]
    assert desk.broken() == []


def test_a_restart_reverses_what_was_only_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def pull_the_plug(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.server, "ask", pull_the_plug)
    with pytest.raises(KeyboardInterrupt):
        desk.redeem()
    monkeypatch.undo()
    assert states(desk) == [("asked", None)]
    assert asking.abandon_open_requests(desk.till) == 1
    assert states(desk) == [("abandoned", "till_restarted")]
    assert desk.chain()[-1].kind == "RequestAbandoned"
    assert asking.abandon_open_requests(desk.till) == 0
    assert desk.broken() == []


def test_a_pull_settles_what_was_taken_offline(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    desk.redeem(code=desk.snapshot())
    seq = desk.chain()[-1].seq
    with desk.journal.reading() as rows:
        held = passes.by_id(rows, PASS_TEN)
    assert held is not None
    stale, fresh = replace(held, uses_left=6), replace(held, uses_left=3)
    with desk.journal.upkeep() as rows:
        passes.put(rows, stale, EPOCH, seq - 1)
    assert left(desk) == 5, "the server had not seen it yet"
    desk.acknowledge(seq)
    with desk.journal.upkeep() as rows:
        passes.put(rows, fresh, EPOCH, seq)
    assert left(desk) == 3, "another till took two"
    assert desk.broken() == []


def test_a_fork_switches_unproven_spending_off(desk: Desk) -> None:
    from pos_app.journal.identity import write_state  # noqa: PLC0415

    desk.allow()
    desk.go_offline()
    with desk.journal.upkeep() as rows:
        write_state(rows, "fork", {"server_seq": 9, "own_seq": 1})
    assert no(desk, code=desk.snapshot()).code == "offline_not_allowed"


def test_products_off_sale_and_other_plans(desk: Desk) -> None:
    basket = desk.basket()
    product = desk.journal.catalogue.prices.products[MILK_TEA]
    desk.mirrored("product", MILK_TEA, replace(product, on_sale=False))
    assert no(desk, basket=basket).code == "product_unknown"
    desk.mirrored("product", MILK_TEA, product)
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    desk.mirrored("plan", TEN_PLAN, replace(plan, max_uses_per_order=1))
    assert no(desk, basket=desk.basket(2)).code == "uses_per_order_exceeded"

"""Redeeming when the record fails, or when the ledger has not heard yet of a sale made here."""

from dataclasses import replace

import pytest

from models.facts import PassRedeemed, RequestAbandoned
from models.refusals import Refusal
from pos_app.journal.errors import DiskFull, JournalUnavailable
from pos_app.journal.tables import REQUESTS
from pos_app.selling.basket import Basket
from pos_app.till import asking, redeem, sell_pass
from tests.pos_app.desk import TEN_PLAN, Desk


def states(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row["state"], row["code"]) for row in desk.table(REQUESTS)]


def sold_here(desk: Desk, member: int = 2) -> Basket:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(member).member, plan, [desk.tender(plan.price_minor)])
    view = next(one for one in desk.member(member).passes if one.plan.plan_id == TEN_PLAN)
    return Basket(desk.basket().cups, desk.member(member).member, view.held, view.plan)


@pytest.mark.parametrize(
    ("error", "reason"),
    [(JournalUnavailable(path="x", reason="SQLITE_IOERR"), "journal_unavailable"), (ValueError("x"), "record_failed")],
)
def test_a_record_that_fails_is_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*_: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(redeem, "_body", fail)
    with pytest.raises(type(error)):
        desk.redeem()
    assert states(desk) == [("abandoned", reason)]
    assert desk.chain()[-1].body == RequestAbandoned(desk.server.asked[0].request_id, reason)
    assert desk.till.live.asking == set()
    assert desk.broken() == []


def test_a_call_that_breaks_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object) -> None:
        raise RuntimeError("no more workers")

    monkeypatch.setattr(desk.server, "ask", ask)
    with pytest.raises(RuntimeError):
        desk.redeem()
    assert states(desk) == [("abandoned", "record_failed")]


def test_what_could_not_even_be_taken_back_is_swept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DiskFull(path="x")

    monkeypatch.setattr(desk.journal, "keep", full)
    with pytest.raises(DiskFull):
        desk.redeem()
    assert states(desk) == [("asked", None)]
    monkeypatch.undo()
    assert asking.abandon_open_requests(desk.till, "record_failed") == 1
    assert states(desk) == [("abandoned", "record_failed")]
    assert desk.broken() == []


def test_a_sweep_leaves_a_live_call_alone(desk: Desk) -> None:
    swept = []
    desk.server.delay = lambda: swept.append(asking.abandon_open_requests(desk.till, "record_failed"))
    assert desk.redeem().evidence == "online"
    assert (swept, states(desk)) == ([0], [("accepted", None)])


def test_what_the_ledger_granted_is_recorded_on_the_reserve(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room is looked for before the ledger is asked, not after it has said yes."""

    def full() -> None:
        raise DiskFull(path="x")

    desk.server.delay = lambda: monkeypatch.setattr(desk.journal.reserve, "check", full)
    assert desk.redeem().evidence == "online"
    with pytest.raises(DiskFull):
        desk.redeem()
    assert len(desk.server.asked) == 1
    assert states(desk) == [("accepted", None)]


def test_the_ledger_has_not_heard_of_the_sale(desk: Desk) -> None:
    """Online, the sale still in the queue: the chain proves it, whatever the ledger knows."""
    basket = sold_here(desk)
    desk.server.refuse = "pass_unknown"
    done = desk.redeem(basket)
    assert (done.evidence, done.uses_left) == ("own_sale", 9)
    body = desk.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert body.evidence.request_id == desk.server.asked[0].request_id
    assert states(desk) == [("unanswered", "pass_unknown")]
    assert desk.broken() == []


def test_the_ledger_has_not_heard_of_a_sale_on_top(desk: Desk) -> None:
    basket = sold_here(desk, 1)
    desk.server.refuse = "uses_exhausted"
    assert desk.redeem(replace(basket, cups=basket.cups * 4)).evidence == "own_sale"


@pytest.mark.parametrize("code", ["uses_exhausted", "code_used", "pass_revoked"])
def test_a_no_that_the_sale_does_not_explain_stands(desk: Desk, code: str) -> None:
    """A ledger that counts the uses of a pass made here has its sale."""
    basket = sold_here(desk)
    desk.server.refuse = code
    with pytest.raises(Refusal) as error:
        desk.redeem(basket)
    assert (error.value.code, states(desk)) == (code, [("refused", code)])


def test_a_no_is_never_followed_by_unproven_spending(desk: Desk) -> None:
    desk.allow()
    desk.server.refuse = "uses_exhausted"
    with pytest.raises(Refusal) as error:
        desk.redeem(code=desk.snapshot())
    assert error.value.code == "uses_exhausted"
    basket = sold_here(desk)
    desk.acknowledge(len(desk.chain()))
    desk.server.refuse = "pass_unknown"
    with pytest.raises(Refusal) as error:
        desk.redeem(basket)
    assert error.value.code == "pass_unknown", "a sale that the server acknowledged proves nothing any more"

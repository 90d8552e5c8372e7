"""A sale of a pass that has left this till: from its first byte on, somebody else may have spent it."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from models import codec, wire
from models.facts import PassRedeemed, PassSold, decode_fact
from models.refusals import Refusal
from pos_app.journal import identity, passes
from pos_app.journal.store import FILE_NAME
from pos_app.selling.basket import Basket
from pos_app.sync.errors import ServerUnreached
from pos_app.till import sell_pass
from tests.pos_app.desk import PASS_TEN, TEN_PLAN
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link


class Killed(BaseException):
    """The program ends here."""


def sold_offline(link: Link, member: int = 2) -> Basket:
    """Sell ten uses without a network; returns a basket of one cup on that pass."""
    desk = link.desk
    desk.go_offline()
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, desk.member(member).member, plan, [desk.tender(plan.price_minor)])
    (view,) = (one for one in desk.member(member).passes if one.plan.plan_id == TEN_PLAN)
    return Basket(desk.basket().cups, desk.member(member).member, view.held, view.plan)


def own_sale(link: Link, basket: Basket) -> int:
    assert basket.held is not None
    with link.desk.journal.reading() as rows:
        return passes.own_sale_uses(rows, basket.held.pass_id)


def sent_through(link: Link) -> Any:
    with link.desk.journal.reading() as rows:
        return identity.read_state(rows, "sent_through")


@pytest.mark.parametrize("act", [odd.does_and_hangs_up, odd.hangs_up, odd.says(503), odd.cuts_at(0)])
@pytest.mark.parametrize("member", [2, 1])
def test_a_sale_whose_answer_was_lost_proves_nothing(link: Link, act: Any, member: int) -> None:
    """A pass of its own, and one on top of another: the server may have it, and another till may spend it."""
    basket = sold_offline(link, member)
    assert own_sale(link, basket) == 10
    link.double.then(odd.honest, act)
    assert not link.loop.cycle().good
    assert (link.pending(), own_sale(link, basket)) == (2, 0)
    with pytest.raises(Refusal) as error:
        link.desk.redeem(basket)
    assert error.value.code == "offline_not_allowed"
    assert link.loop.cycle().good
    assert (link.pending(), own_sale(link, basket)) == (0, 0)
    assert link.desk.broken() == []


def test_a_ledger_that_counts_no_uses_may_have_the_sale_on_top(link: Link) -> None:
    """Asked again online: what was sold on top may be among the uses that others have taken."""
    basket = sold_offline(link, 1)
    link.double.then(odd.honest, odd.does_and_hangs_up)
    link.loop.cycle()
    link.desk.server.reachable, link.desk.server.refuse = True, "uses_exhausted"
    with pytest.raises(Refusal) as error:
        link.desk.redeem(basket)
    assert error.value.code == "uses_exhausted"
    assert basket.held is not None
    assert basket.held.pass_id == PASS_TEN


def test_a_ledger_that_does_not_know_the_pass_has_not_had_the_push(link: Link) -> None:
    basket = sold_offline(link)
    link.double.then(odd.honest, odd.hangs_up)
    link.loop.cycle()
    link.desk.server.reachable, link.desk.server.refuse = True, "pass_unknown"
    assert link.desk.redeem(basket).evidence == "own_sale"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_nobody_was_reached_nothing_has_left(link: Link, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is refused, or the handshake fails, just after the server was there."""
    basket = sold_offline(link)
    seen = len(link.double.seen)
    address = "http://127.0.0.1:9" if scheme == "http" else link.double.address.replace("http", "https")
    with link.desk.journal.upkeep() as rows:
        identity.set_server_url(rows, link.desk.journal.require_identity(), address)
    link.desk.journal.reload()
    monkeypatch.setattr(link.client, "health", lambda: None)
    noted = []
    really = link.client.push

    def push(request: wire.PushRequest) -> wire.PushAnswer:
        noted.append(sent_through(link))
        return really(request)

    monkeypatch.setattr(link.client, "push", push)
    assert not link.loop.cycle().good
    assert (noted, sent_through(link), len(link.double.seen)) == ([2], 0, seen)
    assert own_sale(link, basket) == 10
    assert link.desk.redeem(basket).evidence == "own_sale"
    assert link.desk.broken() == []


def test_a_till_killed_before_the_first_byte_believes_that_it_left(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = sold_offline(link)
    found = []

    def push(_: wire.PushRequest) -> wire.PushAnswer:
        other = sqlite3.connect(f"file:{link.desk.journal.path.parent / FILE_NAME}?mode=ro", uri=True)
        found.extend(other.execute("SELECT value FROM state WHERE key = 'sent_through'").fetchall())
        other.close()
        raise Killed

    monkeypatch.setattr(link.client, "push", push)
    with pytest.raises(Killed):
        link.loop.cycle()
    assert found == [("2",)], "committed before it is sent"
    assert own_sale(link, basket) == 0


def test_what_left_in_the_first_attempt_has_left(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature was at fault, and nobody was there the second time."""
    basket = sold_offline(link)
    link.double.then(odd.honest, odd.problem(401, "request_replayed"))
    really, pushes = link.client._send, []

    def send(url: str, *how: Any) -> Any:
        pushes.append(url.endswith("/facts"))
        if sum(pushes) == 2:
            raise ServerUnreached(reason="connection")
        return really(url, *how)

    monkeypatch.setattr(link.client, "_send", send)
    assert not link.loop.cycle().good
    assert (sum(pushes), own_sale(link, basket)) == (2, 0)


def test_what_is_taken_before_it_leaves_goes_with_it(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    basket = sold_offline(link)
    really = link.client.health

    def health() -> wire.Health:
        assert link.desk.redeem(replace(basket, cups=basket.cups * 2)).evidence == "own_sale"
        return really()

    monkeypatch.setattr(link.client, "health", health)
    assert link.loop.cycle().good
    first = link.double.pushes[0]
    assert [type(decode_fact(text).body) for text in first.facts][1:] == [PassSold, PassRedeemed]
    assert sent_through(link) == 3


def test_a_till_without_a_network_notes_nothing(link: Link) -> None:
    """However often it tries: the server is looked for first. What is no sale of a pass is never noted."""
    link.desk.sell()
    assert link.loop.cycle().good
    assert (sent_through(link), [seen.path for seen in link.double.seen if seen.path == "/v1/health"]) == (None, [])
    basket = sold_offline(link)
    writes = link.desk.journal._raw.total_changes
    for _ in range(3):
        link.double.then(odd.hangs_up)
        assert not link.loop.cycle().good
    assert link.desk.journal._raw.total_changes == writes
    assert own_sale(link, basket) == 10
    assert link.loop.cycle().good
    pushed = [codec.decode(wire.PushRequest, seen.body) for seen in link.double.seen if seen.path.endswith("/facts")]
    assert [len(one.facts) for one in pushed if one.facts] == [2, 1]
    assert sent_through(link) == 3

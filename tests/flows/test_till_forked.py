"""Tills whose truth and the server's part ways: a restored or cloned data folder, an answer that was lost."""

from __future__ import annotations

import shutil

import pytest

from models.refusals import Refusal
from pos_app.till import header, sign_in
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.house import House
from tests.flows.proxy import DOWN
from tests.flows.till import Counter, Cups

TEN_CUPS: Cups = ((shop.TEA, {}),) * 10


def restore(till: Counter) -> None:
    """Put the copy of the data folder back, as after a restored disk image."""
    till.close()
    shutil.rmtree(till.folder / "till")
    shutil.copytree(till.folder / "copy", till.folder / "till")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)


def copied(till: Counter) -> None:
    """Copy the data folder of a till that stands still."""
    till.close()
    shutil.copytree(till.folder / "till", till.folder / "copy")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)


@pytest.mark.parametrize("sells_again", [True, False])
def test_restored_copy_may_not_spend_unproven(house: House, till: Counter, sells_again: bool) -> None:
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    copied(till)
    till.sell()
    till.sync()
    assert header.header(till.till).offline_spending == "online"
    restore(till)
    if sells_again:
        till.sell()
    till.sync()
    assert [(item.state, item.reason) for item in till.recorded[1:]] == [("held", "fork")] * sells_again
    till.network.down()
    with pytest.raises(Refusal) as found:
        till.redeem(till.scan(code), shop.TEN)
    assert found.value.code == "offline_not_allowed"
    assert house.uses_left(person.passes[shop.TEN]) == 3


def test_lost_answer_to_a_pass_sale_doubles_nothing(house: House, till: Counter) -> None:
    """The server has the sale, the till does not know; all ten are taken online, and none is left to take offline."""
    person = house.member()
    till.sync()
    till.sell_pass(till.member(person), shop.TEN)
    till.network.count_anew()
    till.app.client.health()
    till.network.cut_after(DOWN, till.network.bytes[DOWN] + 50)  # what is sold is pushed after a look for the server
    till.app.sync.cycle()
    assert till.pending
    till.network.never_mind()
    done = till.redeem(till.member(person), shop.TEN, TEN_CUPS)
    assert (done.evidence, done.uses_left) == ("online", 0)
    assert [item.held.uses_left for item in till.member(person).passes] == [0]
    till.network.down()
    with pytest.raises(Refusal) as found:
        till.redeem(till.member(person), shop.TEN)
    assert found.value.code == "uses_exhausted"
    till.network.up()
    till.sync()
    till.sync()
    all_is_well(house, till)
    assert {item.state for item in till.recorded} == {"accepted"}


def test_pass_sold_here_is_used_online_before_the_sale_arrives(house: House, till: Counter) -> None:
    person = house.member()
    till.sync()
    till.sell_pass(till.member(person), shop.TEN)
    done = till.redeem(till.member(person), shop.TEN)
    assert (done.evidence, done.uses_left) == ("own_sale", 9)
    till.sync()
    till.sync()
    all_is_well(house, till)
    assert till.fact(done).state == "accepted"

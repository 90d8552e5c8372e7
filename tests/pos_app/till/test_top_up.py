"""Topping a card up: the bonus promised, the money taken, always possible offline."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.facts import ToppedUp
from models.money import MOST_TOP_UP_MINOR
from models.refusals import Refusal
from models.tenders import Tender
from pos_app.journal import members
from pos_app.journal.tables import PRINT_JOBS
from pos_app.till import top_up
from tests.pos_app.desk import NOON, Desk, uid
from tests.pos_app.ui.shop import EPOCH, PEOPLE


def no(call: Any) -> str:
    with pytest.raises(Refusal) as error:
        call()
    return error.value.code


@pytest.mark.req("R184")
@pytest.mark.parametrize(
    ("amount", "bonus", "rule"),
    [
        (1, 0, None),
        (9_999, 0, None),
        (10_000, 2_000, 0xB01),
        (49_999, 2_000, 0xB01),
        (50_000, 12_500, 0xB02),
        (50_002, 12_501, 0xB02),
        (MOST_TOP_UP_MINOR, MOST_TOP_UP_MINOR // 4, 0xB02),
    ],
)
def test_the_bonus_shown_is_that_of_the_rule(desk: Desk, amount: int, bonus: int, rule: int | None) -> None:
    found = top_up.offer(desk.till, amount)
    assert (found.bonus_minor, found.rule_id) == (bonus, uid(rule) if rule else None)


def test_only_rules_in_force_are_shown(desk: Desk) -> None:
    assert [rule.rule_id for rule in top_up.rules(desk.till)] == [uid(0xB01), uid(0xB02)]
    desk.at(NOON - timedelta(seconds=1))
    assert top_up.offer(desk.till, 5_000).bonus_minor == 5_000, "until the very moment it ended"


@pytest.mark.parametrize("amount", [0, -1, MOST_TOP_UP_MINOR + 1, 10**13, 10**30, True])
def test_amounts_that_are_none(desk: Desk, amount: int) -> None:
    assert no(lambda: top_up.offer(desk.till, amount)) == "amount_invalid"


@pytest.mark.req("C05", "C07", "R071")
def test_a_top_up_offline(desk: Desk) -> None:
    desk.go_offline()
    before = desk.member().member.balance_minor
    done = desk.top_up()
    assert (done.kind, done.total_minor, done.slips) == ("ToppedUp", 10_000, ("VR.SZ1T03.000001",))
    assert (done.card and done.card.bonus_minor, done.card and done.card.balance_minor) == (2_000, None)
    body = desk.chain()[-1].body
    assert isinstance(body, ToppedUp)
    assert (body.member_id, body.bonus_rule_id) == (uid(1), uid(0xB01))
    assert body.tenders == (Tender("cash", 10_000, 10_000),)
    assert desk.server.asked == [], "nobody is asked"
    assert desk.member().member.balance_minor == before, "the credit comes with the sync"
    assert [(job["kind"], job["kicks_drawer"]) for job in desk.table(PRINT_JOBS)] == [("TOPUP_SLIP", 1)]
    desk.top_up(kind="wechat")
    assert desk.table(PRINT_JOBS)[-1]["kicks_drawer"] == 0
    assert desk.broken() == []


def test_a_bonus_that_changed_is_not_promised(desk: Desk) -> None:
    offered = top_up.offer(desk.till, 10_000)
    rule = desk.journal.catalogue.bonus_rules[1]
    assert rule.rule_id == uid(0xB01)
    desk.mirrored("bonus_rule", rule.rule_id, replace(rule, ends_at=NOON))
    member, paid = desk.member().member, [desk.tender(10_000)]
    assert no(lambda: top_up.top_up(desk.till, member, offered, paid)) == "bonus_differs"
    forged = replace(offered, bonus_minor=9_999_999)
    assert no(lambda: top_up.top_up(desk.till, member, forged, paid)) == "bonus_differs"
    assert len(desk.chain()) == 1


def test_money_that_does_not_fit(desk: Desk) -> None:
    offered, member = top_up.offer(desk.till, 10_000), desk.member().member
    for tenders, code in (
        ([], "tender_insufficient"),
        ([Tender("cash", 9_999, 9_999)], "tender_insufficient"),
        ([Tender("wechat", 10_000, 20_000)], "change_only_from_cash"),
        ([Tender("card", 10_000, 10_000)], "tender_unknown"),
    ):
        assert no(lambda tenders=tenders: top_up.top_up(desk.till, member, offered, tenders)) == code
    assert len(desk.chain()) == 1


def test_members_that_are_gone_or_inactive(desk: Desk) -> None:
    offered, member, paid = top_up.offer(desk.till, 10_000), desk.member().member, [desk.tender(10_000)]
    ghost = replace(member, member_id=uid(0x777))
    assert no(lambda: top_up.top_up(desk.till, ghost, offered, paid)) == "member_unknown"
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, replace(desk.person(1, *PEOPLE[0]), status="suspended"), EPOCH)
    assert no(lambda: top_up.top_up(desk.till, member, offered, paid)) == "member_inactive"
    desk.till.live.staff_id = None
    assert no(lambda: top_up.top_up(desk.till, member, offered, paid)) == "not_signed_in"
    assert len(desk.chain()) == 1


def test_cash_gives_change(desk: Desk) -> None:
    offered = top_up.offer(desk.till, 10_000)
    done = top_up.top_up(desk.till, desk.member().member, offered, [Tender("cash", 10_000, 15_000)])
    assert done.change_minor == 5_000

"""Topping up an enterprise card at the till: for its admins alone, offline too, and back again."""

from dataclasses import replace
from typing import Any

import pytest

from models.catalogue import CompanyCard
from models.facts import Refunded, ToppedUp
from models.refusals import Refusal
from pos_app.journal import members
from pos_app.journal.tables import COMPANY_CARDS, PRINT_JOBS
from pos_app.till import companies, find_member, orders, refund, refundable, shift, slip_picture, top_up
from pos_app.till.values import Done
from tests.pos_app.desk import Desk, short_code, uid
from tests.pos_app.ui.shop import ACME, EPOCH, FOREIGN, PEOPLE, PINE


def no(call: Any) -> str:
    with pytest.raises(Refusal) as error:
        call()
    return error.value.code


@pytest.fixture
def admin(desk: Desk) -> Desk:
    """A till whose first member administers companies."""
    desk.appoint(PINE, ACME, FOREIGN)
    return desk


def pays(desk: Desk, card: CompanyCard = PINE, amount: int = 80_000, kind: str = "cash", member: int = 1) -> Done:
    offered = top_up.offer(desk.till, amount, card.card_id)
    return top_up.top_up(desk.till, desk.member(member).member, offered, [desk.tender(amount, kind)])


@pytest.mark.req("R031", "C05", "C07")
def test_an_admin_tops_the_company_up_offline(admin: Desk) -> None:
    admin.go_offline()
    before = admin.member().member.balance_minor
    done = pays(admin)
    assert (done.kind, done.total_minor, done.card and done.card.bonus_minor) == ("ToppedUp", 80_000, 0)
    assert done.card is not None
    assert done.card.company == PINE.company_name
    body = admin.chain()[-1].body
    assert isinstance(body, ToppedUp)
    assert (body.card_id, body.member_id, body.bonus_minor, body.bonus_rule_id) == (PINE.card_id, uid(1), 0, None)
    assert admin.member().member.balance_minor == before
    assert admin.server.asked == []
    said = slip_picture.draw(admin.till, done.slips[0]).text
    for words in (PINE.company_name, "****0042", "经办人", "王**", "以同步后为准", "800.00"):
        assert words in said, words
    assert PINE.card_no not in said
    assert "赠送" not in said
    assert [job["kicks_drawer"] for job in admin.table(PRINT_JOBS)] == [1]
    assert admin.broken() == []


@pytest.mark.req("R031")
def test_nobody_else_does(admin: Desk) -> None:
    """A plain member of the company is, for the till, anybody else: only who administers is told to it."""
    for member in (2, 3):
        assert no(lambda member=member: pays(admin, member=member)) == "not_admin"
    assert no(lambda: pays(admin, replace(PINE, card_id=uid(0xC09)))) == "not_admin"
    assert no(lambda: pays(admin, FOREIGN)) == "currency_mismatch"
    stale = admin.member().member
    offered = top_up.offer(admin.till, 80_000, PINE.card_id)
    admin.appoint(ACME)
    assert no(lambda: top_up.top_up(admin.till, stale, offered, [admin.tender(80_000)])) == "not_admin"
    forged = replace(offered, bonus_minor=1)
    assert no(lambda: top_up.top_up(admin.till, stale, forged, [admin.tender(80_000)])) == "bonus_differs"
    assert len(admin.chain()) == 1


def test_a_card_without_a_currency_takes_the_stores(desk: Desk) -> None:
    desk.appoint(replace(PINE, currency=""))
    assert pays(desk).kind == "ToppedUp"


@pytest.mark.req("R032", "R059")
def test_a_companys_code_means_those_who_administer_it(admin: Desk) -> None:
    admin.appoint(PINE, member=2)
    found = companies.by_code(admin.till, short_code(0xC01), tops_up=True)
    assert [(view.member.member_id, view.company_id, view.found_by, view.code) for view in found] == [
        (uid(1), PINE.card_id, "company", None),
        (uid(2), PINE.card_id, "company", None),
    ]
    assert no(lambda: companies.by_code(admin.till, short_code(0xC01))) == "code_pays_goods", (
        "plain members hold it too"
    )
    assert find_member.refresh(admin.till, found[0]) == found[0]
    (own,) = companies.by_code(admin.till, short_code(1), tops_up=True)
    assert (own.company_id, own.found_by) == (None, "short")
    assert no(lambda: companies.by_code(admin.till, short_code(0xC77), tops_up=True)) == "member_unknown"
    assert no(lambda: companies.by_code(admin.till, "HELLO", tops_up=True)) == "code_foreign"
    with admin.journal.upkeep() as rows:
        members.put(rows, admin.journal.sealer, replace(admin.person(2, *PEOPLE[1]), status="suspended"), EPOCH)
    assert [view.member.member_id for view in companies.by_code(admin.till, short_code(0xC01), tops_up=True)] == [
        uid(1)
    ]
    with admin.journal.upkeep() as rows:
        members.remove(rows, uid(1))
    assert no(lambda: companies.by_code(admin.till, short_code(0xC01), tops_up=True)) == "member_unknown"
    assert admin.table(COMPANY_CARDS) == []


def test_names_of_companies_do_not_stand_in_the_file(admin: Desk) -> None:
    admin.journal._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = admin.journal.path.read_bytes()
    for text in (PINE.company_name, PINE.card_no, PINE.card_ref):
        assert text.encode() not in stored


def test_orders_name_the_company_as_long_as_it_is_known(admin: Desk) -> None:
    pays(admin)
    (row,) = orders.page(admin.till, "top_up").rows
    assert (row.detail, row.company, row.amount_minor, row.who) == (PINE.company_name, True, 80_000, "王**")
    assert orders.show(admin.till, row.seq).company == f"{PINE.company_name} · ****0042"
    assert [one.who for one in refundable.recent(admin.till)] == [f"{PINE.company_name} · 王**"]
    admin.appoint()
    (row,) = orders.page(admin.till, "top_up").rows
    assert (row.detail, row.company, row.who) == ("", True, "王**")
    assert orders.show(admin.till, row.seq).company == ""
    admin.top_up()
    assert [row.company for row in orders.page(admin.till, "top_up").rows] == [False, True]


@pytest.mark.req("R034", "R065")
def test_it_comes_back_whole_and_the_slip_says_whose(admin: Desk) -> None:
    pays(admin)
    admin.acknowledge(100)
    (one,) = refundable.recent(admin.till)
    assert one.tx_no is not None
    back = refundable.cash_back(one, 30_000)
    assert (back and back.least_minor, back and back.most_minor) == (30_000, 30_000), "there is no bonus to claw back"
    admin.server.refunds[one.tx_no] = {
        "bonus_minor": 0,
        "cash_minor": 30_000,
        "balance_minor": 50_000,
        "member_id": None,
    }
    before = admin.member().member
    done = refund.refund(admin.till, one.tx_no, 30_000, "cash", "amount_wrong")
    assert done is not None
    assert isinstance(admin.chain()[-1].body, Refunded)
    assert admin.member().member == before, "the company's balance is not its admin's"
    said = slip_picture.draw(admin.till, done.slips[0]).text
    for words in (PINE.company_name, "****0042", "王**", one.tx_no, "300.00"):
        assert words in said, words


def test_sums_of_the_shift_hold_it_like_any_top_up(admin: Desk) -> None:
    pays(admin, kind="bank_card")
    admin.top_up(10_000)
    closed = shift.close_shift(admin.till, {"cash": 30_000, "bank_card": 80_000})
    assert closed.totals.top_ups == 2
    taken = {one.kind: one.taken_minor for one in closed.totals.tenders}
    assert taken == {"cash": 10_000, "bank_card": 80_000}

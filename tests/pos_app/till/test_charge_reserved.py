"""Money of a card that is set aside for this till pays without a network; the token says at which discount."""

from dataclasses import replace

import pytest

from models.facts import CardCharged
from models.refusals import Refusal
from pos_app.till import approval, charge_reserved, find_member, reservations, shift
from pos_app.till.values import CardOffer
from tests.pos_app.desk import MILK_TEA, Desk, short_code, uid
from tests.pos_app.headquarters import money, reserved, shown, told


def offer(desk: Desk, cups: int = 1) -> CardOffer:
    view = find_member.by_scan(desk.till, desk.snapshot())
    return charge_reserved.offer_member(desk.till, desk.goods((MILK_TEA,) * cups), view)


def no(desk: Desk, cups: int = 1) -> Refusal:
    with pytest.raises(Refusal) as error:
        offer(desk, cups)
    return error.value


@pytest.mark.req("C05", "C07")
def test_offline_an_order_is_paid_from_it(desk: Desk) -> None:
    told(desk, money(desk, 5_000))
    before_minor = desk.member().member.balance_minor
    desk.go_offline()
    asked = len(desk.server.asked)
    offered = offer(desk, 2)
    assert (offered.raw_total_minor, offered.total_minor, offered.balance_minor) == (3600, 3420, 5000)
    done = charge_reserved.charge(desk.till, desk.goods((MILK_TEA, MILK_TEA)), offered)
    assert (done.evidence, done.total_minor, len(desk.server.asked)) == ("reserved", 3420, asked)
    body = desk.chain()[-1].body
    assert isinstance(body, CardCharged)
    assert (body.card_id, body.card_type, body.discount, body.points_earned) == (uid(0xCA01), "personal", "0.950", 36)
    assert sum(group.base_minor + group.quota_minor for group in body.vat) == 3420
    assert body.evidence.reservation_id == uid(0xD501)
    assert body.balance_minor == before_minor - 3420 == desk.member().member.balance_minor
    assert no(desk).data == {"left_minor": 1580, "total_minor": 1710}
    assert desk.broken() == []


def test_a_balance_that_the_mirror_still_counts_is_not_counted_twice(desk: Desk) -> None:
    before_minor = desk.member().member.balance_minor
    desk.go_offline()
    view = find_member.by_scan(desk.till, shown(money(desk, 5_000)))
    assert view.member.balance_minor == before_minor
    charge_reserved.charge(desk.till, desk.goods(), offer(desk))
    assert desk.member().member.balance_minor == before_minor - 1710


def test_a_companys_code_pays_and_opens_nobody(desk: Desk) -> None:
    text = shown(money(desk, member_id=None, card_type="enterprise", source_id=uid(0xEE)))
    with pytest.raises(Refusal, match="code_pays_goods"):
        find_member.by_scan(desk.till, text)
    offered = charge_reserved.offer_code(desk.till, desk.goods(), text)
    assert (offered.member, offered.points) == (None, 0)
    charge_reserved.charge(desk.till, desk.goods(), offered)
    body = desk.chain()[-1].body
    assert isinstance(body, CardCharged)
    assert (body.card_type, body.member_id, body.balance_minor) == ("enterprise", None, 3290)
    assert desk.broken() == []


def test_what_does_not_pay(desk: Desk) -> None:
    assert no(desk).code == "offline_not_allowed"
    told(desk, money(desk, 1_000))
    assert no(desk).code == "reservation_exceeds"
    told(desk, money(desk, 9_000, 2, currency="EUR"))
    assert no(desk).code == "reservation_exceeds"
    with pytest.raises(Refusal, match="code_foreign"):
        charge_reserved.offer_code(desk.till, desk.goods(), shown(reserved(desk, 3)))
    with pytest.raises(Refusal, match="pass_other_member"):
        charge_reserved.offer_code(desk.till, desk.goods(member=2), shown(money(desk, 9_000, 4)))


def test_it_ends_between_the_look_and_the_confirmation(desk: Desk) -> None:
    told(desk, money(desk))
    offered = offer(desk)
    reservations.give_back(desk.till, uid(0xD501))
    with pytest.raises(Refusal, match="reservation_closed"):
        charge_reserved.charge(desk.till, desk.goods(), offered)
    assert desk.chain()[-1].kind == "ReservationClosed"


def test_a_basket_that_changed_is_offered_anew(desk: Desk) -> None:
    told(desk, money(desk))
    with pytest.raises(Refusal, match="price_changed"):
        charge_reserved.charge(desk.till, desk.goods((MILK_TEA, MILK_TEA)), offer(desk))


def test_a_clock_that_is_not_proven_needs_somebody_who_may(desk: Desk) -> None:
    desk.hire("864200", {"offline_risk"})
    told(desk, money(desk))
    desk.clock.frozen = True
    offered = offer(desk)
    with pytest.raises(Refusal) as needed:
        charge_reserved.charge(desk.till, desk.goods(), offered)
    assert needed.value.code == "approval_needed"
    given = approval.approve(desk.till, "864200", "offline_risk", str(needed.value.data["subject"]))
    charge_reserved.charge(desk.till, desk.goods(), offered, given)
    assert desk.chain()[-1].approver_id == uid(0x52)


def test_the_end_of_the_shift_gives_the_money_back(desk: Desk) -> None:
    told(desk, money(desk))
    charge_reserved.charge(desk.till, desk.goods(), offer(desk))
    shift.close_shift(desk.till, {"cash": 20_000})
    back = desk.chain()[-2].body
    assert (back.reason, back.used, back.amount, back.unit) == ("shift_closed", 1710, 5000, "CNY")  # type: ignore[union-attr]


def test_nobodys_money_is_taken_on_a_phone_number(desk: Desk) -> None:
    told(desk, money(desk))
    by_phone = charge_reserved.offer_member(desk.till, desk.goods(), desk.member())
    with pytest.raises(Refusal, match="offline_needs_signed_code"):
        charge_reserved.charge(desk.till, desk.goods(), by_phone)
    for code in (short_code(1), short_code(2), desk.snapshot(2)):
        unsigned = charge_reserved.offer_member(desk.till, desk.goods(), replace(desk.member(), code=code))
        with pytest.raises(Refusal, match="offline_needs_signed_code"):
            charge_reserved.charge(desk.till, desk.goods(), unsigned)
    assert [(one.left, one.state) for one in reservations.unfinished(desk.till)] == [(5_000, "open")]

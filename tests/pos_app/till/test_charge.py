"""Paying with a card: what it should cost, the ledger's word, and a record on every way out."""

from dataclasses import replace
from typing import Any

import pytest

from models.cards import LevelBand
from models.facts import CardCharged, RequestAbandoned
from models.refusals import Refusal
from models.tokens import ShortCode, encode_short
from models.wire import ActionAnswer, ActionRequest
from pos_app.journal import members, prints
from pos_app.journal.errors import DiskFull
from pos_app.journal.tables import PRINT_JOBS, REQUESTS
from pos_app.selling.basket import Basket
from pos_app.till import asking, charge
from pos_app.till.values import CardOffer
from tests.pos_app.desk import MILK_TEA, NOON, WATER, Desk, card_ref, short_code, uid
from tests.pos_app.ui.shop import EPOCH, PEOPLE

COMPANY = encode_short(ShortCode(card_ref(77), "ABCDEFGHIJK"))


def no(call: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        call()
    return error.value


def states(desk: Desk) -> list[tuple[str, str, str | None]]:
    return [(row["kind"], row["state"], row["code"]) for row in desk.table(REQUESTS)]


def offered(desk: Desk, basket: Basket | None = None, code: str | None = None) -> CardOffer:
    return charge.offer(desk.till, basket or desk.goods(), code or short_code(1))


@pytest.mark.req("R029")
def test_the_level_gives_the_discount_shown(desk: Desk) -> None:
    found = offered(desk, desk.goods([MILK_TEA, WATER]))
    assert (found.raw_total_minor, found.discount, found.total_minor, found.level) == (2300, "0.950", 2185, 2)
    assert (found.points, found.balance_minor, found.member and found.member.name) == (23, 26_800, "王小雨")
    silver = offered(desk, code=short_code(2))
    assert (silver.discount, silver.level) == ("1.000", 0), "35 points are level 0"


def test_a_merchant_without_bands_takes_the_operators(desk: Desk) -> None:
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("DELETE FROM mirror WHERE kind = 'level_band' AND key NOT LIKE 'operator/%'")
    desk.journal.reload()
    assert offered(desk).discount == "0.500"
    desk.mirrored("level_band", "other/1", LevelBand(1, 0, None, "0.100", uid(0xFFF)))
    assert offered(desk).discount == "0.500", "another merchant's bands are none of ours"


@pytest.mark.req("R034")
def test_a_charge(desk: Desk) -> None:
    done = desk.charge(desk.goods([MILK_TEA, WATER]))
    assert (done.kind, done.total_minor, done.slips, done.pickup_no) == (
        "CardCharged", 2185, ("TP.SZ1T03.000001",), "3001",
    )  # fmt: skip
    assert done.card is not None
    assert (done.card.balance_minor, done.card.points, done.card.discount_minor) == (24_615, 1263, 115)
    (request,) = desk.server.asked
    assert request.charge is not None
    body = desk.chain()[-1].body
    assert isinstance(body, CardCharged)
    assert (body.order_id, body.evidence.request_id) == (request.charge.order_id, request.request_id)
    assert (body.raw_total_minor, body.discount, body.total_minor, body.points_earned) == (2300, "0.950", 2185, 23)
    assert sum(group.base_minor + group.quota_minor for group in body.vat) == 2185
    assert states(desk) == [("charge", "accepted", None)]
    assert desk.member().member.balance_minor == 24_615, "the ledger's word is on the screen at once"
    assert [(job["kind"], job["kicks_drawer"]) for job in desk.table(PRINT_JOBS)] == [("CARD_CHARGE_SLIP", 0)]
    assert desk.broken() == []


@pytest.mark.req("R030")
def test_a_companys_card_is_priced_by_the_ledger_and_confirmed_twice(desk: Desk) -> None:
    desk.server.discount = "0.900"
    first = offered(desk, code=COMPANY)
    assert (first.member, first.level, first.discount, first.balance_minor) == (None, None, "1.000", None)
    refusal = no(lambda: charge.charge(desk.till, desk.goods(), first))
    assert refusal.code == "price_changed"
    again = charge.corrected(first, refusal)
    assert again is not None
    assert (again.total_minor, again.discount, again.by_ledger) == (1620, "0.900", True)
    done = charge.charge(desk.till, desk.goods(), again)
    assert (done.total_minor, done.card and done.card.kind, done.card and done.card.points) == (
        1620,
        "enterprise",
        None,
    )
    assert [row[1:] for row in states(desk)] == [("refused", "price_changed"), ("accepted", None)]
    first_id, second_id = (request.request_id for request in desk.server.asked)
    assert first_id != second_id
    body = desk.chain()[-1].body
    assert isinstance(body, CardCharged)
    assert (body.card_type, body.member_id) == ("enterprise", None)
    assert desk.broken() == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"total_minor": 1},
        {"total_minor": 1, "discount": "0.950"},
        {"total_minor": 1710, "discount": "0"},
        {"total_minor": "1710", "discount": "0.950"},
        {"total_minor": 0, "discount": "-1"},
    ],
)
def test_a_price_that_does_not_follow_from_the_discount_is_not_offered(desk: Desk, data: dict[str, Any]) -> None:
    assert charge.corrected(offered(desk), Refusal("price_changed", data)) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code_foreign"),
        ("13812346021", "code_foreign"),
        ("1" * 1000, "code_foreign"),
        ("VR.SZ1T03.000001.0123456789ABCDEF", "code_foreign"),
        (short_code(1)[:3] + "X" + short_code(1)[4:], "code_edited"),
    ],
)
def test_what_is_no_short_code_pays_for_nothing(desk: Desk, text: str, code: str) -> None:
    assert no(lambda: offered(desk, code=text or " ")).code == code
    assert desk.server.asked == []


def test_the_large_offline_code_does_not_pay(desk: Desk) -> None:
    assert no(lambda: offered(desk, code=desk.snapshot())).code == "code_foreign"


def test_a_code_of_another_member_is_noticed_and_nobody_pays(desk: Desk) -> None:
    basket = desk.goods(member=2)
    assert no(lambda: offered(desk, basket)).code == "pass_other_member"
    assert no(lambda: desk.charge(basket)).code == "pass_other_member"
    assert offered(desk, basket, COMPANY).member is None, "the company may pay for its member"
    assert desk.server.asked == []


def test_baskets_that_a_card_does_not_pay(desk: Desk) -> None:
    assert no(lambda: offered(desk, Basket())).code == "basket_empty"
    assert no(lambda: offered(desk, desk.basket())).code == "basket_empty", "a redemption's extra takes other tenders"
    product = desk.journal.catalogue.prices.products[WATER]
    desk.mirrored("product", WATER, replace(product, price_minor=0))
    assert no(lambda: desk.charge(desk.goods([WATER]))).code == "amount_invalid"
    assert len(desk.chain()) == 1


def test_a_suspended_member_pays_nothing(desk: Desk) -> None:
    person = replace(desk.person(1, *PEOPLE[0]), status="suspended")
    with desk.journal.upkeep() as rows:
        members.put(rows, desk.journal.sealer, person, EPOCH)
    assert no(lambda: offered(desk)).code == "member_inactive"


def test_a_price_that_changed_under_the_offer_is_not_charged(desk: Desk) -> None:
    shown = offered(desk)
    product = desk.journal.catalogue.prices.products[MILK_TEA]
    desk.mirrored("product", MILK_TEA, replace(product, price_minor=1900))
    refusal = no(lambda: charge.charge(desk.till, desk.goods(), shown))
    assert (refusal.code, refusal.data) == ("price_changed", {"raw_total_minor": 1900})
    assert desk.server.asked == []


@pytest.mark.parametrize(
    "code", ["balance_insufficient", "code_expired", "code_wrong", "code_used", "code_locked", "card_inactive"]
)
def test_the_ledger_says_no(desk: Desk, code: str) -> None:
    desk.server.refuse, desk.server.refuse_data = code, {"balance_minor": 5}
    assert no(desk.charge).code == code
    assert states(desk) == [("charge", "refused", code)]
    assert [fact.kind for fact in desk.chain()] == ["ShiftOpened"]
    assert desk.table(PRINT_JOBS) == []
    desk.server.refuse = None
    gone = code.startswith("code_")
    if gone:
        assert no(desk.charge).code == "code_used", "a used-up code is not even asked about again"
    else:
        assert desk.charge().total_minor == 1710, "the same code may pay once the reason is gone"


@pytest.mark.parametrize(("told", "kept"), [(500, 500), (0, 0), (None, 26_800), ("5", 26_800)])
def test_a_no_tells_the_balance(desk: Desk, told: object, kept: int) -> None:
    desk.server.refuse, desk.server.refuse_data = "balance_insufficient", {"balance_minor": told}
    assert no(desk.charge).code == "balance_insufficient"
    assert offered(desk).balance_minor == kept
    desk.server.refuse = "card_inactive"
    desk.server.refuse_data = {"balance_minor": 7}
    assert no(desk.charge).code == "card_inactive"
    assert offered(desk).balance_minor == kept, "of no other refusal"
    assert desk.broken() == []


def test_a_no_that_this_version_does_not_know(desk: Desk) -> None:
    desk.server.refuse = "card_on_holiday"
    refusal = no(desk.charge)
    assert (refusal.code, refusal.data) == ("request_malformed", {"code": "card_on_holiday"})
    assert states(desk) == [("charge", "refused", "request_malformed")]


@pytest.mark.req("C07")
def test_offline_nothing_is_charged_and_the_request_is_abandoned(desk: Desk) -> None:
    desk.allow()
    desk.go_offline()
    assert no(desk.charge).code == "offline_not_allowed"
    assert states(desk) == [("charge", "abandoned", "offline_not_allowed")]
    assert desk.chain()[-1].body == RequestAbandoned(desk.server.asked[0].request_id, "offline_not_allowed")
    assert desk.broken() == []


def test_an_answer_that_is_lost_counts_as_not_charged_and_is_reversed(desk: Desk) -> None:
    desk.server.lost_replies = 1
    assert no(desk.charge).code == "request_abandoned"
    assert states(desk) == [("charge", "abandoned", "request_abandoned")]
    assert [fact.kind for fact in desk.chain()] == ["ShiftOpened", "RequestAbandoned"]
    assert no(desk.charge).code == "code_used", "the ledger may have used it up"
    assert desk.sell().total_minor == 1800, "another tender"
    assert desk.broken() == []


@pytest.mark.parametrize(
    "spoil",
    [{"balance_minor": None}, {"card_type": "gift"}, {"total_minor": 1}, {"card_id": 5}, {"points_earned": "many"}],
)
def test_a_yes_that_cannot_be_read_is_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, spoil: dict[str, Any]
) -> None:
    honest = desk.server.ask

    def ask(request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        answer = honest(request, wait_seconds)
        assert answer is not None
        return replace(answer, data={**answer.data, **spoil})

    monkeypatch.setattr(desk.server, "ask", ask)
    assert no(desk.charge).code == "request_malformed"
    assert states(desk) == [("charge", "abandoned", "request_malformed")]
    assert desk.broken() == []


def test_a_yes_with_more_than_we_know_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = desk.server.ask

    def ask(request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        answer = honest(request, wait_seconds)
        assert answer is not None
        return replace(answer, data={**answer.data, "news": [1, 2]})

    monkeypatch.setattr(desk.server, "ask", ask)
    assert desk.charge().total_minor == 1710


def test_a_restart_reverses_what_was_only_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def pull_the_plug(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.server, "ask", pull_the_plug)
    with pytest.raises(KeyboardInterrupt):
        desk.charge()
    assert states(desk) == [("charge", "asked", None)]
    assert asking.abandon_open_requests(desk.till) == 1
    assert states(desk) == [("charge", "abandoned", "till_restarted")]
    assert asking.abandon_open_requests(desk.till) == 0
    assert desk.broken() == []


def test_a_record_that_fails_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DiskFull(path="x")

    monkeypatch.setattr(charge, "_body", fail)
    with pytest.raises(DiskFull):
        desk.charge()
    assert states(desk) == [("charge", "abandoned", "disk_full")]
    assert desk.broken() == []


def test_a_full_disk_is_noticed_before_the_ledger_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise DiskFull(path="x")

    monkeypatch.setattr(desk.journal.reserve, "check", full)
    with pytest.raises(DiskFull):
        desk.charge()
    assert desk.server.asked == []


@pytest.mark.req("R032")
def test_a_code_pays_once(desk: Desk) -> None:
    desk.charge()
    assert no(desk.charge).code == "code_used"
    assert len(desk.server.asked) == 1


def test_the_code_that_opened_the_member_pays_while_it_is_fresh_and_unused(desk: Desk) -> None:
    from pos_app.till import find_member  # noqa: PLC0415

    view = find_member.by_scan(desk.till, short_code(1))
    assert charge.fresh_code(desk.till, view) == short_code(1)
    assert charge.fresh_code(desk.till, find_member.refresh(desk.till, view)) == short_code(1)
    assert charge.fresh_code(desk.till, desk.member()) is None, "found by phone"
    assert charge.fresh_code(desk.till, find_member.by_scan(desk.till, desk.snapshot())) is None
    assert charge.fresh_code(desk.till, None) is None
    desk.clock.pass_by(charge.FRESH_CODE_SECONDS)
    assert charge.fresh_code(desk.till, view) == short_code(1)
    desk.clock.pass_by(1)
    assert charge.fresh_code(desk.till, view) is None
    again = find_member.by_scan(desk.till, short_code(1))
    desk.redeem(code=short_code(1))
    assert charge.fresh_code(desk.till, again) is None, "a redemption used it up"


def test_the_slip_says_what_the_card_paid(desk: Desk) -> None:
    done = desk.charge()
    with desk.journal.reading() as rows:
        (job,) = prints.of_slip(rows, done.slips[0])
    assert ('"total_minor":1710' in job.document, "王小雨" in job.document) == (True, False)


def test_nobody_signed_in_or_no_shift(desk: Desk, tmp_path: Any) -> None:
    shown = offered(desk)
    desk.till.live.staff_id = None
    assert no(lambda: offered(desk)).code == "not_signed_in"
    assert no(lambda: charge.charge(desk.till, desk.goods(), shown)).code == "not_signed_in"
    assert desk.clock.now() == NOON

"""Refunds: asked for until the ledger answers, recorded once, and only then handed out."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import StaffMember
from models.facts import Refunded
from models.refusals import Refusal
from models.wire import ActionAnswer, ActionRequest
from pos_app import bootstrap
from pos_app.journal.tables import PRINT_JOBS, REQUESTS
from pos_app.selling import refunds
from pos_app.settings import Settings
from pos_app.till import approval, asking, refund, refundable
from pos_app.till.refund_preview import preview
from pos_app.till.values import Done
from tests.pos_app.desk import PEARLS, PUDDING, Desk, uid


def no(call: Any) -> Refusal:
    with pytest.raises(Refusal) as error:
        call()
    return error.value


def states(desk: Desk) -> list[tuple[str, str | None, int]]:
    return [(row["state"], row["code"], row["told"]) for row in desk.table(REQUESTS) if row["kind"] == "refund"]


def topped_up(desk: Desk) -> str:
    """A top-up that the ledger knows; its number."""
    desk.top_up()
    desk.acknowledge(len(desk.chain()))
    number = refundable.recent(desk.till)[0].tx_no
    assert number is not None
    return number


def charged(desk: Desk) -> str:
    """A charge; its number."""
    desk.charge()
    number = refundable.recent(desk.till)[0].tx_no
    assert number is not None
    return number


def ask(
    desk: Desk, number: str, amount: int = 1_000, tender: str | None = "cash", reason: str = "other"
) -> Done | None:
    return refund.refund(desk.till, number, amount, tender, reason)


@pytest.mark.req("R034", "R065")
def test_a_charge_goes_back_to_its_card(desk: Desk) -> None:
    number = charged(desk)
    before = desk.member().member.points
    done = ask(desk, number, 1_000, None, "order_wrong")
    assert done is not None
    assert done.card is not None
    assert (done.kind, done.total_minor, done.card.cash_minor, done.card.balance_minor) == ("Refunded", 1_000, 0, 5_000)
    body = desk.chain()[-1].body
    assert isinstance(body, Refunded)
    assert (body.original_tx_no, body.kind, body.tender, body.reason) == (number, "charge", None, "order_wrong")
    assert body.evidence.request_id == desk.server.asked[-1].request_id
    assert desk.member().member.points == before - 10
    assert (desk.table(PRINT_JOBS)[-1]["kind"], desk.table(PRINT_JOBS)[-1]["kicks_drawer"]) == ("REFUND_SLIP", 0)
    assert refundable.recent(desk.till)[0].left_minor == 710
    assert desk.broken() == []


@pytest.mark.req("R070", "R222")
def test_a_top_ups_cash_is_what_the_ledger_says(desk: Desk) -> None:
    done = ask(desk, topped_up(desk), 10_000)
    assert done is not None
    assert done.card is not None
    assert (done.card.cash_minor, done.card.kept_minor, done.card.tender) == (9_000, 1_000, "cash")
    assert desk.table(PRINT_JOBS)[-1]["kicks_drawer"] == 1
    assert states(desk) == [("accepted", None, 0)]
    (open_one,) = refund.waiting(desk.till)
    assert (open_one.state, open_one.cash_minor, open_one.balance_minor) == ("accepted", 9_000, 5_000)
    refund.seen(desk.till, open_one.request_id)
    assert refund.waiting(desk.till) == ()
    assert desk.broken() == []


@pytest.mark.parametrize(
    ("number", "amount", "tender", "reason", "code"),
    [
        ("", 1, "cash", "other", "transaction_unknown"),
        ("HX00100000001", 1, None, "other", "transaction_unknown"),
        ("CZ1", 1, "cash", "other", "transaction_unknown"),
        ("CZ" + "9" * 1000, 1, "cash", "other", "transaction_unknown"),
        ("CZ0010000000x", 1, "cash", "other", "transaction_unknown"),
        ("CZ00100000001", 0, "cash", "other", "amount_invalid"),
        ("CZ00100000001", -1, "cash", "other", "amount_invalid"),
        ("CZ00100000001", 10**13, "cash", "other", "amount_invalid"),
        ("CZ00100000001", 1, "cash", "", "reason_missing"),
        ("CZ00100000001", 1, "cash", "because", "reason_missing"),
        ("CZ00100000001", 1, None, "other", "tender_unknown"),
        ("CZ00100000001", 1, "gold", "other", "tender_unknown"),
        ("ZF00100000001", 1, "cash", "other", "tender_not_allowed"),
    ],
)
def test_what_is_not_even_asked(
    desk: Desk, number: str, amount: int, tender: str | None, reason: str, code: str
) -> None:
    assert no(lambda: ask(desk, number, amount, tender, reason)).code == code
    assert (desk.server.asked, states(desk)) == ([], [])


@pytest.mark.req("R222")
def test_a_preview_is_the_grant_that_follows_and_leaves_nothing_behind(desk: Desk) -> None:
    number = topped_up(desk)
    desk.server.previews = True
    desk.server.refunds[number] = {"cash_minor": 9_660, "principal_minor": 340, "bonus_minor": 660}
    before = (len(desk.chain()), states(desk), desk.server.asked)
    found = preview(desk.till, number, 10_000, "cash")
    assert isinstance(found, refund.Granted)
    assert (found.cash_minor, found.principal_minor, found.bonus_minor) == (9_660, 340, 660)
    assert (len(desk.chain()), states(desk), desk.server.asked) == before
    local = preview(desk.till, number, 10_001, "cash")
    assert isinstance(local, Refusal)
    assert (local.code, len(desk.server.previewed)) == ("refund_exceeds", 1)
    desk.server.refuse = "card_inactive"
    theirs = preview(desk.till, number, 1, "cash")
    assert isinstance(theirs, Refusal)
    assert theirs.code == "card_inactive"
    desk.server.refuse, desk.server.refunds[number] = None, {"kind": "charge"}
    assert preview(desk.till, number, 1, "cash") is None, "an answer that cannot be read is none"
    desk.server.reachable = False
    assert preview(desk.till, number, 1, "cash") is None
    assert (len(desk.chain()), states(desk), desk.server.asked) == before


def test_what_no_till_gives_back_says_what_it_is(desk: Desk) -> None:
    """Slips that this till has just printed, and the ledger's numbers of another's."""
    given_back = ask(desk, topped_up(desk))
    assert given_back is not None
    redeemed = desk.redeem(desk.basket(2, add_ons=[PEARLS, PEARLS, PUDDING]))
    slips = {"PassRedeemed": redeemed.slips, "Refunded": given_back.slips}
    assert len(slips["PassRedeemed"]) == 2, "one for the use, one for the add-on's money"
    elsewhere = {"CK00900000001": "PassSold", "HX00900000001": "PassRedeemed", "TK00900000001": "Refunded"}
    for number, kind in [*((slip, kind) for kind, found in slips.items() for slip in found), *elsewhere.items()]:
        refusal = no(lambda number=number: refundable.find(desk.till, number))
        assert (refusal.code, refusal.data["kind"]) == ("not_refundable_here", kind)
    assert no(lambda: refundable.find(desk.till, "VR.SZ1T09.000777")).code == "transaction_unknown"


def test_more_than_is_left_is_not_asked(desk: Desk) -> None:
    number = topped_up(desk)
    refusal = no(lambda: ask(desk, number, 10_001))
    assert (refusal.code, refusal.data["left_minor"]) == ("refund_exceeds", 10_000)
    ask(desk, number, 6_000)
    assert no(lambda: ask(desk, number, 4_001)).data["left_minor"] == 4_000
    assert ask(desk, number, 4_000) is not None
    assert desk.broken() == []


def test_only_who_may(desk: Desk) -> None:
    staff: StaffMember = desk.journal.catalogue.staff[uid(0x51)]
    desk.mirrored("staff", staff.staff_id, replace(staff, permissions=frozenset({"reprint"})))
    number = topped_up(desk)
    refusal = no(lambda: ask(desk, number))
    assert (refusal.code, refusal.data["permission"]) == ("approval_needed", "refund")
    assert not any(row["kind"] == "refund" for row in desk.table(REQUESTS))
    boss = desk.hire("864200", {"refund"})
    yes = approval.approve(desk.till, "864200", "refund", str(refusal.data["subject"]))
    assert no(lambda: refund.refund(desk.till, number, 999, "cash", "other", yes)).code == "approval_needed"
    done = refund.refund(desk.till, number, 1_000, "cash", "other", yes)
    assert done is not None
    fact = desk.chain()[-1]
    assert (fact.kind, fact.approver_id, fact.cashier_id) == ("Refunded", boss, staff.staff_id)
    approvers = [json.loads(row["document"])["approver_name"] for row in desk.table(PRINT_JOBS)]
    assert (approvers[0], approvers[-1]) == (None, "王强")
    desk.till.live.staff_id = None
    assert no(lambda: ask(desk, number)).code == "not_signed_in"


def test_offline_it_is_not_asked(desk: Desk) -> None:
    number = topped_up(desk)
    desk.go_offline()
    assert no(lambda: ask(desk, number)).code == "offline_not_allowed"
    assert states(desk) == []


@pytest.mark.parametrize("code", ["refund_exceeds", "refund_not_allowed", "transaction_unknown"])
def test_the_ledger_says_no(desk: Desk, code: str) -> None:
    desk.server.refuse, desk.server.refuse_data = code, {"left_minor": 5}
    assert no(lambda: ask(desk, "CZ00100000001")).code == code
    assert states(desk) == [("refused", code, 1)]
    assert refund.waiting(desk.till) == ()
    assert [fact.kind for fact in desk.chain()] == ["ShiftOpened"]


def test_the_server_will_not_hear_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(*_: object) -> None:
        raise Refusal("terminal_revoked")

    monkeypatch.setattr(desk.server, "ask", deaf)
    assert no(lambda: ask(desk, "CZ00100000001")).code == "terminal_revoked"
    assert states(desk) == [("refused", "terminal_revoked", 1)]


def test_a_lost_answer_is_asked_for_until_it_comes(desk: Desk) -> None:
    number = topped_up(desk)
    desk.server.lost_replies = 3
    assert ask(desk, number, 10_000) is None
    assert states(desk) == [("asked", None, 0)]
    assert asking.abandon_open_requests(desk.till) == 0, "a refund is never abandoned"
    assert no(lambda: ask(desk, number, 1)).data == {"waits": True}, "twice would be two refunds"
    assert [refund.ask_again(desk.till) for _ in range(2)] == [0, 0]
    assert [one.state for one in refund.waiting(desk.till)] == ["asked"]
    assert refund.ask_again(desk.till) == 1
    assert len({request.request_id for request in desk.server.asked}) == 1, "always the same id"
    assert [fact.kind for fact in desk.chain()].count("Refunded") == 1
    assert states(desk) == [("accepted", None, 0)]
    assert refund.ask_again(desk.till) == 0
    assert len(desk.server.asked) == 4
    assert desk.chain()[-1].cashier_id == uid(0x51)
    assert desk.broken() == []


def test_a_no_after_silence_waits_to_be_seen(desk: Desk) -> None:
    number = topped_up(desk)
    desk.server.lost_replies, desk.server.refuse = 1, "refund_not_allowed"
    assert ask(desk, number) is None
    assert refund.ask_again(desk.till) == 1
    (one,) = refund.waiting(desk.till)
    assert (one.state, one.code) == ("refused", "refund_not_allowed")
    refund.seen(desk.till, one.request_id)
    assert refund.waiting(desk.till) == ()


def test_a_door_that_closes_between_leaves_it_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first asking may have been granted: only an answer ends it."""
    number = topped_up(desk)
    desk.server.lost_replies = 1
    assert ask(desk, number) is None

    def deaf(*_: object) -> None:
        raise Refusal("request_expired")

    monkeypatch.setattr(desk.server, "ask", deaf)
    assert refund.ask_again(desk.till) == 0
    assert states(desk) == [("asked", "request_expired", 0)]
    monkeypatch.undo()
    assert refund.ask_again(desk.till) == 1


def test_an_open_one_cannot_be_put_away(desk: Desk) -> None:
    desk.server.lost_replies = 1
    ask(desk, topped_up(desk))
    (one,) = refund.waiting(desk.till)
    refund.seen(desk.till, one.request_id)
    assert [left.state for left in refund.waiting(desk.till)] == ["asked"]


def test_a_sweep_leaves_a_live_question_alone(desk: Desk) -> None:
    number = topped_up(desk)
    swept: list[int] = []
    desk.server.delay = lambda: swept.append(refund.ask_again(desk.till))
    assert ask(desk, number) is not None
    assert swept == [0]
    assert len(desk.server.asked) == 1


def test_two_who_hear_the_same_answer_record_it_once(desk: Desk) -> None:
    number = topped_up(desk)
    desk.server.lost_replies = 1
    ask(desk, number)
    (one,) = refund.waiting(desk.till)

    def meanwhile() -> None:
        desk.server.delay = lambda: None
        desk.till.live.asking.clear()
        refund.ask_again(desk.till)

    desk.server.delay = meanwhile
    refund.ask_again(desk.till)
    assert [fact.kind for fact in desk.chain()].count("Refunded") == 1
    assert one.request_id == desk.server.asked[-1].request_id
    assert desk.broken() == []


@pytest.mark.parametrize("spoil", [{"cash_minor": None}, {"kind": "charge"}, {"kind": "gift"}, {"balance_minor": "x"}])
def test_a_yes_that_cannot_be_read_stays_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, spoil: dict[str, Any]
) -> None:
    number = topped_up(desk)
    honest = desk.server.ask

    def garbled(request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        answer = honest(request, wait_seconds)
        assert answer is not None
        return replace(answer, data={**answer.data, **spoil})

    monkeypatch.setattr(desk.server, "ask", garbled)
    assert ask(desk, number) is None
    assert states(desk) == [("asked", "request_malformed", 0)]
    monkeypatch.undo()
    assert refund.ask_again(desk.till) == 1
    assert desk.broken() == []


def test_a_restart_asks_again_under_the_same_id(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    number = topped_up(desk)
    desk.server.ask = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        ask(desk, number, 10_000)
    assert states(desk) == [("asked", None, 0)]
    desk.stop()
    settings = Settings(data_dir=tmp_path, server_url="http://127.0.0.1:1", camera="none", key_storage="file")
    app = bootstrap.start(settings, lambda _changes: None)
    assert [one.state for one in refund.waiting(app.till)] == ["asked"], "neither abandoned nor forgotten"
    app.stop()
    again = Desk(tmp_path, begin=False)
    bootstrap.settle_requests(again.till)
    assert [request.refund and request.refund.original_tx_no for request in again.server.asked] == [number]
    fact = again.chain()[-1]
    assert (fact.kind, fact.cashier_id, fact.shift_id is not None) == ("Refunded", uid(0x51), True)
    assert again.table(PRINT_JOBS)[-1]["kicks_drawer"] == 0, "nobody stands at the drawer"
    assert [one.state for one in refund.waiting(again.till)] == ["accepted"]
    assert again.broken() == []
    again.stop()


def test_what_is_listed_and_found(desk: Desk) -> None:
    desk.top_up()
    desk.sell()
    assert [(one.kind, one.tx_no, one.who) for one in refundable.recent(desk.till)] == [
        ("order", None, ""),
        ("top_up", None, "王**"),
    ]
    desk.acknowledge(len(desk.chain()))
    done = desk.charge()
    charge_row, sale_row, top_up_row = refundable.recent(desk.till)
    assert refundable.find(desk.till, sale_row.slip) == refundable.find(desk.till, sale_row.tx_no or "") == sale_row
    assert charge_row.tx_no is not None, "told by the answer, before any acknowledgement"
    assert (charge_row.amount_minor, charge_row.left_minor, charge_row.slip) == (1710, 1710, done.slips[0])
    assert (top_up_row.bonus_minor, top_up_row.left_minor) == (2_000, 10_000)
    assert refundable.find(desk.till, f" {charge_row.tx_no.lower()} ") == charge_row
    assert refundable.find(desk.till, done.slips[0]) == charge_row
    assert refundable.find(desk.till, f"{done.slips[0]}.0123456789ABCDEF") == charge_row
    foreign = refundable.find(desk.till, "ZF00200000009")
    assert (foreign.kind, foreign.amount_minor, foreign.left_minor) == ("charge", None, None)
    for text in ("", "HX1", "TP.SZ1T03.000999", "VR.SZ1T03.999999", "x" * 1000):
        assert no(lambda text=text: refundable.find(desk.till, text)).code == "transaction_unknown"


def test_the_cash_back_preview(desk: Desk) -> None:
    row = refundable.find(desk.till, topped_up(desk))
    whole = refundable.cash_back(row, 10_000)
    assert whole is not None
    assert (whole.bonus_minor, whole.least_minor, whole.most_minor) == (2_000, 8_000, 10_000)
    part = refundable.cash_back(row, 3_000)
    assert part is not None
    assert (part.bonus_minor, part.least_minor, part.most_minor) == (600, 2_400, 3_000)
    assert no(lambda: refundable.cash_back(row, 10_001)).code == "refund_exceeds"
    assert refundable.cash_back(refundable.find(desk.till, charged(desk)), 100) is None
    assert refundable.cash_back(refundable.find(desk.till, "CZ00200000009"), 100) is None


@pytest.mark.req("R222")
@pytest.mark.parametrize(
    ("granted", "bonus", "before", "refunded", "found"),
    [
        (10_000, 2_000, 0, 3_000, (600, 2_400)),
        (10_000, 2_000, 4_000, 6_000, (1_200, 4_800)),
        (5_000, 8_000, 0, 5_000, (8_000, 0)),
        (10_000, 0, 0, 1, (0, 1)),
    ],
)
def test_the_range_of_cash_is_that_of_the_rule(
    granted: int, bonus: int, before: int, refunded: int, found: tuple[int, int]
) -> None:
    assert refunds.cash_back(granted, bonus, before, refunded) == found

"""What is set aside for this till: used without a network, given back by facts, and proof against every copy of it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.facts import PassRedeemed
from models.refusals import Refusal
from models.reservations import ReservationClosed
from models.versions import CURRENT
from models.wire import Change
from pos_app.bootstrap import settle_requests
from pos_app.journal import identity
from pos_app.journal.store import Journal
from pos_app.journal.tables import FACTS, OUTBOX, RESERVATION_ENDS, RESERVED_USES
from pos_app.sync import apply
from pos_app.till import approval, find_member, reservations, shift
from pos_app.till.values import Done, MemberView
from tests.pos_app.desk import PASS_TEN, PASS_THIRTY, Desk, uid
from tests.pos_app.headquarters import pulled, reserved, shown, told


def no(desk: Desk, cups: int = 1) -> Refusal:
    with pytest.raises(Refusal) as error:
        desk.redeem(desk.basket(cups))
    return error.value


def scanned(desk: Desk, text: str) -> Refusal:
    with pytest.raises(Refusal) as error:
        find_member.by_scan(desk.till, text)
    return error.value


def here(desk: Desk) -> list[tuple[int, str]]:
    return [(one.left, one.state) for one in reservations.unfinished(desk.till)]


def left(view: MemberView, pass_id: str = PASS_TEN) -> int:
    return next(one.held.uses_left for one in view.passes if one.held.pass_id == pass_id)


def closed(desk: Desk) -> list[tuple[str, int, int]]:
    return [(f.body.reason, f.body.used, f.body.amount) for f in desk.chain() if isinstance(f.body, ReservationClosed)]


def last(desk: Desk) -> PassRedeemed:
    return next(fact.body for fact in reversed(desk.chain()) if isinstance(fact.body, PassRedeemed))


@pytest.mark.req("C05", "C07")
def test_offline_a_use_comes_out_of_what_is_set_aside_and_no_other(desk: Desk) -> None:
    told(desk, reserved(desk, uses=2))
    assert left(desk.member()) == 6 + 2
    desk.go_offline()
    done = desk.redeem()
    assert (done.evidence, done.uses_left) == ("reserved", 7)
    assert last(desk).evidence.reservation_id == uid(0xD501)
    assert left(desk.member()) == 7
    assert desk.redeem().uses_left == 6
    assert no(desk).code == "offline_not_allowed"
    assert left(desk.member()) == 6
    assert here(desk) == []
    assert desk.broken() == []


def test_what_the_ledger_grants_is_never_taken_out_of_it(desk: Desk) -> None:
    told(desk, reserved(desk, uses=2))
    done = desk.redeem()
    assert (done.evidence, here(desk)) == ("online", [(2, "open")])


def test_a_ledger_without_free_uses_leaves_those_that_are_set_aside_here(desk: Desk) -> None:
    desk.change_pass(1, uses_left=0)
    told(desk, reserved(desk))
    desk.server.refuse, desk.server.refuse_data = "uses_exhausted", {"uses_left": 0}
    assert desk.member().passes[0].usable
    done = desk.redeem()
    assert (done.evidence, done.uses_left) == ("reserved", 0)
    assert no(desk).code == "uses_exhausted"
    assert desk.broken() == []


@pytest.mark.parametrize("code", ["pass_revoked", "member_inactive", "uses_per_day_exceeded", "code_used"])
def test_any_other_no_of_the_ledger_stands(desk: Desk, code: str) -> None:
    told(desk, reserved(desk, uses=2))
    desk.server.refuse = code
    assert no(desk).code == code
    assert here(desk) == [(2, "open")]


def test_one_reservation_covers_the_whole_or_none_does(desk: Desk) -> None:
    told(desk, reserved(desk, 1, hours=10))
    told(desk, reserved(desk, 2, uses=2, hours=11))
    desk.go_offline()
    assert no(desk, 3).data == {"left": 2}
    desk.redeem(desk.basket(2))
    assert last(desk).evidence.reservation_id == uid(0xD502)
    desk.redeem()
    assert last(desk).evidence.reservation_id == uid(0xD501)
    assert here(desk) == []


def test_the_soonest_to_end_goes_first(desk: Desk) -> None:
    told(desk, reserved(desk, 1, hours=10))
    told(desk, reserved(desk, 2, hours=5))
    desk.go_offline()
    desk.redeem()
    assert last(desk).evidence.reservation_id == uid(0xD502)


def test_own_sales_and_what_is_set_aside_go_before_risk(desk: Desk) -> None:
    desk.allow()
    told(desk, reserved(desk))
    desk.go_offline()
    code = desk.snapshot()
    assert desk.redeem(code=code).evidence == "reserved"
    assert desk.redeem(code=code).evidence == "at_risk"


# -- by the member's phone ----------------------------------------------------------------------------------------


@pytest.mark.req("C05", "C07")
def test_a_code_serves_a_member_whom_the_mirror_does_not_know(desk: Desk) -> None:
    desk.go_offline()
    other = reserved(desk, member=77, source_id=uid(0x977))
    view = find_member.by_scan(desk.till, shown(other))
    assert (view.member.member_id, view.member.name, view.found_by) == (uid(77), "", "reservation")
    assert [(one.left, one.state) for one in view.set_aside] == [(1, "open")]
    basket = desk.basket(pass_id=PASS_TEN)
    mine = view.passes[0]
    done = desk.redeem(replace(basket, member=view.member, held=mine.held, plan=mine.plan))
    assert (done.evidence, done.uses_left) == ("reserved", 0)
    assert (last(desk).member_id, last(desk).pass_id) == (uid(77), uid(0x977))
    assert scanned(desk, shown(other)).code == "code_used"
    assert desk.broken() == []


def test_uses_that_the_mirror_still_counts_are_not_counted_twice(desk: Desk) -> None:
    code = reserved(desk)
    desk.go_offline()
    assert left(find_member.by_scan(desk.till, shown(code))) == 6
    assert desk.redeem().uses_left == 5
    assert left(desk.member()) == 5
    # The feed tells of both, first without and then with the use.
    desk.change_pass(1, uses_left=5)
    told(desk, code)
    assert left(desk.member()) == 5
    told(desk, code, state="closed", used=1)
    assert left(desk.member()) == 5


@pytest.mark.req("C05", "C07")
def test_codes_that_do_not_hold_are_refused_and_kept_nowhere(desk: Desk) -> None:
    code = reserved(desk)
    text = shown(code)
    forger = Ed25519PrivateKey.generate()
    for place in (1, 60, 150, len(text) - 1):
        edited = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert scanned(desk, edited).code in ("code_edited", "code_foreign"), place
    assert scanned(desk, shown(code, forger)).code == "code_edited"
    assert scanned(desk, shown(replace(code, key_id="srv9"))).code == "code_edited"
    elsewhere = scanned(desk, shown(replace(code, terminal_id=uid(0xD2))))
    assert (elsewhere.code, elsewhere.data) == ("code_other_terminal", {"terminal_id": uid(0xD2)})
    assert (
        scanned(desk, shown(replace(code, issued_at=desk.clock.now() + timedelta(hours=1)))).code
        == "code_not_yet_valid"
    )
    assert scanned(desk, shown(reserved(desk, hours=-1))).code == "code_expired"
    assert scanned(desk, shown(reserved(desk, hours=0.1))).code == "code_expired"  # within the margin
    assert here(desk) == []


def test_a_code_is_refused_when_it_has_ended_however_often_it_is_shown(desk: Desk) -> None:
    code = reserved(desk, uses=2)
    find_member.by_scan(desk.till, shown(code))
    find_member.by_scan(desk.till, shown(code))
    assert here(desk) == [(2, "open")]
    reservations.give_back(desk.till, code.reservation_id)
    reservations.give_back(desk.till, code.reservation_id)
    assert closed(desk) == [("given_back", 0, 2)]
    assert scanned(desk, shown(code)).code == "reservation_closed"
    desk.go_offline()
    assert no(desk).code == "offline_not_allowed"
    recalled = reserved(desk, 2)
    told(desk, recalled, "recalled")
    assert scanned(desk, shown(recalled)).code == "reservation_closed"


def test_an_edited_row_of_the_journal_gives_nothing(desk: Desk) -> None:
    told(desk, reserved(desk, uses=1))
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("UPDATE reservations SET amount = 99, expires_at = '2030-01-01T00:00:00.000000Z'")
    desk.go_offline()
    desk.redeem()
    assert no(desk).code == "offline_not_allowed"
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("UPDATE reservations SET token = replace(token, 'A', 'B'), told_used = 0")
    told(desk, reserved(desk, 3))
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("UPDATE reservations SET source_id = ?", (PASS_THIRTY,))
    with pytest.raises(Refusal):
        desk.redeem(desk.basket(pass_id=PASS_THIRTY))


# -- the end ------------------------------------------------------------------------------------------------------


def test_it_is_given_back_before_it_ends_and_used_no_more(desk: Desk) -> None:
    told(desk, reserved(desk, uses=2, hours=1))
    desk.go_offline()
    desk.redeem()
    desk.clock.pass_by(51 * 60)
    assert no(desk).code == "offline_not_allowed"
    assert here(desk) == [(1, "expired")]
    settle_requests(desk.till)
    settle_requests(desk.till)
    assert closed(desk) == [("expired", 1, 2)]
    assert here(desk) == [(1, "closing")]
    desk.acknowledge(99)
    assert here(desk) == []
    assert desk.broken() == []


def test_it_is_given_back_when_the_server_wants_it(desk: Desk) -> None:
    told(desk, reserved(desk, uses=2))
    told(desk, reserved(desk, uses=2), "recalled")
    desk.go_offline()
    assert no(desk).code == "offline_not_allowed"
    assert here(desk) == [(2, "recalled")]
    settle_requests(desk.till)
    assert closed(desk) == [("recalled", 0, 2)]


@pytest.mark.req("C05", "C07")
def test_the_end_of_the_shift_gives_everything_back(desk: Desk) -> None:
    told(desk, reserved(desk, 1, uses=2))
    told(desk, reserved(desk, 2, source_id=PASS_THIRTY, plan_id=uid(0xF02)))
    shift.close_shift(desk.till, {"cash": 20_000})
    assert sorted(closed(desk)) == [("shift_closed", 0, 1), ("shift_closed", 0, 2)]
    kinds = [fact.kind for fact in desk.chain()]
    assert kinds[-1] == "ShiftClosed"
    assert desk.broken() == []


def test_a_restore_that_lost_it_takes_it_away(desk: Desk) -> None:
    told(desk, reserved(desk))
    code = reserved(desk, 2)
    find_member.by_scan(desk.till, shown(code))
    pulled(desk)
    assert len(here(desk)) == 2
    pulled(desk, epoch="e2")
    assert here(desk) == []
    assert scanned(desk, shown(code)).code == "reservation_closed"


def test_the_server_may_end_it_without_this_till(desk: Desk) -> None:
    told(desk, reserved(desk))
    pulled(desk, Change("reservation", uid(0xD501), None))
    assert here(desk) == []
    assert closed(desk) == []


# -- clocks and copies --------------------------------------------------------------------------------------------


@pytest.mark.req("C05", "C07")
def test_a_clock_that_is_not_proven_freezes_it_but_for_one_approved_action(desk: Desk) -> None:
    desk.hire("864200", {"offline_risk"})
    told(desk, reserved(desk, uses=3, hours=1))
    desk.go_offline()
    desk.clock.frozen = True
    needed = no(desk)
    assert (needed.code, needed.data["permission"]) == ("approval_needed", "offline_risk")
    given = approval.approve(desk.till, "864200", "offline_risk", str(needed.data["subject"]))
    done: Done = desk.redeem(approval=given)
    assert done.evidence == "reserved"
    assert desk.chain()[-1].approver_id == uid(0x52)
    with pytest.raises(Refusal, match="approval_needed"):
        desk.redeem(approval=given)
    desk.clock.pass_by(3600)
    settle_requests(desk.till)
    assert closed(desk) == []  # by this clock nothing ends
    desk.clock.frozen = False
    settle_requests(desk.till)
    assert closed(desk) == [("expired", 1, 3)]


def test_a_till_whose_history_is_disputed_uses_none(desk: Desk) -> None:
    told(desk, reserved(desk))
    desk.go_offline()
    with desk.journal.upkeep() as rows:
        identity.write_state(rows, "fork", {"server_seq": 9, "own_seq": 3})
    assert no(desk).code == "offline_not_allowed"
    assert left(desk.member()) == 6
    assert here(desk) == [(1, "open")]  # and it can still give it back
    reservations.give_back(desk.till, uid(0xD501))
    assert closed(desk) == [("given_back", 0, 1)]


def test_what_the_server_has_settled_of_an_older_copy_is_gone(desk: Desk) -> None:
    """A journal put back from a copy does not know what it took after that copy; the server does."""
    told(desk, reserved(desk, uses=2), used=2)
    desk.go_offline()
    assert no(desk).code == "offline_not_allowed"


def test_uses_and_ends_follow_from_the_facts(desk: Desk) -> None:
    told(desk, reserved(desk, uses=2))
    desk.go_offline()
    desk.redeem()
    reservations.give_back(desk.till, uid(0xD501))
    assert Counter(row["amount"] for row in desk.table(RESERVED_USES)) == {1: 1}
    assert [row["reason"] for row in desk.table(RESERVATION_ENDS)] == ["given_back"]
    with desk.journal.upkeep() as rows:
        rows.exec_driver_sql("UPDATE reserved_uses SET amount = 0")
        rows.exec_driver_sql("DELETE FROM reservation_ends")
    assert any("use of a reservation" in message for message in desk.broken())
    assert any("end of a reservation" in message for message in desk.broken())


def test_nobody_signed_in_gives_nothing_back(desk: Desk) -> None:
    told(desk, reserved(desk))
    desk.till.live.staff_id = None
    with pytest.raises(Refusal, match="not_signed_in"):
        reservations.give_back(desk.till, uid(0xD501))


def test_the_daily_limit_counts_what_was_set_aside(desk: Desk) -> None:
    told(desk, reserved(desk, uses=9))
    desk.go_offline()
    desk.redeem(desk.basket(4))
    desk.redeem()  # one was used before: six a day
    assert no(desk).code == "uses_per_day_exceeded"


def test_a_journal_of_the_sixth_schema_with_a_full_queue_learns_of_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for _ in range(20):
        desk.sell()
    desk.acknowledge(9)
    before = desk.table(FACTS), desk.table(OUTBOX)
    with desk.journal.upkeep() as rows:
        identity.write_state(rows, "cursor", "c9")
        identity.write_state(rows, "pulled_as", str(CURRENT))
        rows.exec_driver_sql("DROP INDEX spending_at_risk")
        rows.exec_driver_sql("DROP INDEX members_number")
        rows.exec_driver_sql("ALTER TABLE members DROP COLUMN number_index")
        for table in ("reservations", "reserved_uses", "reservation_ends", "company_cards"):
            rows.exec_driver_sql(f"DROP TABLE {table}")
        rows.exec_driver_sql("PRAGMA user_version = 6")
    desk.journal.close()
    desk.journal = Journal.open(desk.folder, "file")
    assert (desk.table(FACTS), desk.table(OUTBOX)) == before
    with desk.journal.reading() as rows:
        assert apply.cursor(rows) == "", "what an older program left out comes again"
    assert desk.broken() == []
    desk.stop()

"""A member's PIN at a till: typed before anything of theirs is spent, throttled, without a network, kept nowhere."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from models.catalogue import Member
from models.facts import PassRedeemed
from models.pins import HASHING
from models.refusals import Refusal
from pos_app.journal import members
from pos_app.selling.basket import Basket
from pos_app.selling.permissions import MEMBER_PIN, OFFLINE_RISK
from pos_app.support import write_bundle
from pos_app.till import approval, charge_reserved, find_member, member_pin, reservations, sell_pass, sign_in
from pos_app.till.values import Proof
from tests.pos_app.desk import EPOCH, PASS_THIRTY, THIRTY_PLAN, Desk, short_code, uid
from tests.pos_app.desk import PIN as CASHIER
from tests.pos_app.headquarters import money, reserved, shown, told

MEMBER, OTHER = uid(1), uid(2)
PIN = "902104"
BOSS = "864200"
HASHES = {pin: PasswordHasher(**HASHING).hash(pin) for pin in (PIN, "5571")}


def give(desk: Desk, pin: str | None = PIN, member: int = 1) -> Member:
    """The pull brings a member's PIN, or that they have none any more."""
    known = replace(desk.member(member).member, pin_hash=None if pin is None else HASHES[pin])
    desk.journal.keep(lambda rows: members.put(rows, desk.journal.sealer, known, EPOCH))
    return known


@pytest.fixture
def theirs(desk: Desk) -> Iterator[Desk]:
    """A till that knows member 1's PIN."""
    give(desk)
    yield desk
    assert desk.broken() == []


def tried(desk: Desk, pin: str, member_id: str = MEMBER) -> tuple[str, object]:
    with pytest.raises(Refusal) as error:
        member_pin.prove(desk.till, member_id, pin)
    return error.value.code, next(iter(error.value.data.values()), None)


def needed(desk: Desk, **how: object) -> Refusal:
    before = len(desk.chain()), len(desk.server.asked)
    with pytest.raises(Refusal, match="member_pin_needed") as error:
        desk.redeem(**how)  # type: ignore[arg-type]
    assert (len(desk.chain()), len(desk.server.asked)) == before, "nothing was asked and nothing happened"
    return error.value


def known_by(desk: Desk) -> tuple[str | None, str | None]:
    fact = desk.chain()[-1]
    assert isinstance(fact.body, PassRedeemed)
    return fact.body.identified_by, fact.approver_id


@pytest.mark.req("R087")
def test_who_has_no_pin_is_seen_and_a_code_says_enough(desk: Desk) -> None:
    desk.redeem()
    assert known_by(desk) == ("seen", None)
    desk.redeem(code=short_code(1))
    assert known_by(desk) == ("code", None)
    give(desk)
    desk.redeem(code=short_code(1))
    assert known_by(desk) == ("code", None)
    desk.redeem(code=desk.snapshot())
    assert known_by(desk) == ("code", None)


def test_a_code_that_sets_something_aside_says_who_for_that_alone(theirs: Desk) -> None:
    text = shown(reserved(theirs, uses=2))
    view = find_member.by_scan(theirs.till, text)
    assert member_pin.hides(theirs.till, view), "for all else it is worth a phone number"
    needed(theirs, basket=theirs.basket(pass_id=PASS_THIRTY), code=text)
    needed(theirs, basket=theirs.basket(3), code=text)
    asked = len(theirs.server.asked)
    for left in (1, 0):
        done = theirs.redeem(code=text)
        assert (done.evidence, known_by(theirs)) == ("reserved", ("code", None))
        assert [one.left for one in reservations.unfinished(theirs.till)][:1] == ([left] if left else [])
    assert len(theirs.server.asked) == asked, "what is free at the ledger is not touched"
    needed(theirs, code=text)
    theirs.redeem(code=text, proof=member_pin.prove(theirs.till, MEMBER, PIN))
    assert known_by(theirs) == ("pin", None)
    give(theirs, None)
    theirs.redeem(code=text)
    assert known_by(theirs) == ("seen", None)


def test_another_reservation_of_the_same_pass_is_not_what_the_code_tells_of(theirs: Desk) -> None:
    told(theirs, reserved(theirs, 2, uses=5, hours=6))
    text = shown(reserved(theirs, 1, uses=1))
    find_member.by_scan(theirs.till, text)
    theirs.go_offline()
    theirs.redeem(code=text)
    body = theirs.chain()[-1].body
    assert isinstance(body, PassRedeemed)
    assert body.evidence.reservation_id == uid(0xD501), "though the other one ends sooner"
    needed(theirs, code=text)


def invented(desk: Desk, basket: Basket) -> None:
    with pytest.raises(Refusal, match="member_pin_needed"):
        desk.redeem(basket, code=short_code(1, "$$$$$$$$$$$"))
    assert not isinstance(desk.chain()[-1].body, PassRedeemed)


def test_nobody_checks_a_usual_code_without_the_ledger(theirs: Desk) -> None:
    theirs.hire(BOSS, {OFFLINE_RISK})
    told(theirs, reserved(theirs))
    sell_pass.sell_pass(
        theirs.till, theirs.member().member, theirs.journal.catalogue.plans[THIRTY_PLAN], [theirs.tender(39_900)]
    )
    theirs.go_offline()
    for basket in (theirs.basket(), theirs.basket(pass_id=PASS_THIRTY)):
        invented(theirs, basket)
    theirs.clock.frozen = True
    with pytest.raises(Refusal, match="member_pin_needed"):
        theirs.redeem(code=short_code(1))
    theirs.clock.frozen = False
    proof = member_pin.prove(theirs.till, MEMBER, PIN)
    assert theirs.redeem(code=short_code(1), proof=proof).evidence == "reserved"
    assert known_by(theirs) == ("pin", None)
    give(theirs, None)
    assert theirs.redeem(theirs.basket(pass_id=PASS_THIRTY), code=short_code(1)).evidence == "own_sale"
    assert known_by(theirs) == ("seen", None)


def test_a_no_of_the_ledger_is_a_word_about_the_code_where_it_looked_at_that_first(theirs: Desk) -> None:
    sell_pass.sell_pass(
        theirs.till, theirs.member().member, theirs.journal.catalogue.plans[THIRTY_PLAN], [theirs.tender(39_900)]
    )
    theirs.server.refuse = "pass_unknown"
    invented(theirs, theirs.basket(pass_id=PASS_THIRTY))
    told(theirs, reserved(theirs))
    theirs.server.refuse = "uses_exhausted"
    assert theirs.redeem(code=short_code(1)).evidence == "reserved"
    assert known_by(theirs) == ("code", None)


@pytest.mark.req("R029")
def test_money_that_is_set_aside_needs_their_pin_or_what_the_server_signed(theirs: Desk) -> None:
    theirs.hire(BOSS, {MEMBER_PIN})
    sign_in.sign_in(theirs.till, BOSS)
    told(theirs, money(theirs, 9_000))
    theirs.go_offline()
    basket = theirs.goods()

    def pay(code: str | None, proof: Proof | None = None) -> str:
        offered = charge_reserved.offer_member(theirs.till, basket, replace(theirs.member(), code=code))
        assert charge_reserved.covered(theirs.till, offered, proof) is False
        return charge_reserved.charge(theirs.till, basket, offered, None, proof).kind

    def refused(code: str | None, proof: Proof | None = None) -> Refusal:
        offered = charge_reserved.offer_member(theirs.till, basket, replace(theirs.member(), code=code))
        assert charge_reserved.covered(theirs.till, offered, proof)
        with pytest.raises(Refusal) as error:
            charge_reserved.charge(theirs.till, basket, offered, None, proof)
        return error.value

    assert refused(short_code(1)).code == "member_pin_needed"
    assert refused(shown(reserved(theirs, 2))).code == "member_pin_needed", "another one's code"
    subject = str(refused(None).data["subject"])
    word = member_pin.vouch(theirs.till, MEMBER, subject)
    assert refused(None, word).code == "offline_needs_signed_code", "a charge would keep no trace of it"
    assert pay(theirs.snapshot()) == pay(None, member_pin.prove(theirs.till, MEMBER, PIN)) == "CardCharged"
    by_code = charge_reserved.offer_code(theirs.till, basket, shown(money(theirs, 9_000)))
    assert not charge_reserved.covered(theirs.till, by_code, None)
    assert charge_reserved.charge(theirs.till, basket, by_code).kind == "CardCharged"


def test_their_pin_lets_them_spend_for_some_minutes(theirs: Desk) -> None:
    assert needed(theirs).data["member_id"] == MEMBER
    proof = member_pin.prove(theirs.till, MEMBER, PIN)
    assert member_pin.prove(theirs.till, MEMBER, PIN) != proof
    for _ in range(2):
        theirs.redeem(proof=proof)
        assert known_by(theirs) == ("pin", None)
    theirs.clock.pass_by(member_pin.PROOF_SECONDS + 1)
    needed(theirs, proof=proof)


def test_without_a_network(theirs: Desk) -> None:
    sold = sell_pass.sell_pass(
        theirs.till, theirs.member().member, theirs.journal.catalogue.plans[THIRTY_PLAN], [theirs.tender(39_900)]
    )
    assert sold.status == "active"
    theirs.go_offline()
    basket = theirs.basket(pass_id=PASS_THIRTY)
    needed(theirs, basket=basket)
    done = theirs.redeem(basket, proof=member_pin.prove(theirs.till, MEMBER, PIN))
    assert (done.evidence, known_by(theirs)) == ("own_sale", ("pin", None))


def test_a_proof_is_one_members(theirs: Desk) -> None:
    give(theirs, "5571", 2)
    proof = member_pin.prove(theirs.till, OTHER, "5571")
    needed(theirs, proof=proof)
    needed(theirs, code=short_code(2))
    with pytest.raises(Refusal, match="pin_wrong"):
        member_pin.prove(theirs.till, MEMBER, "5571")


@pytest.mark.parametrize(
    "pin", ["", "90210", "9021044", "abcd", "9O2104", "９０２１０４", "902104 ", "x" * 10_000, "902104\n", "\0"]
)  # fmt: skip
def test_wrong_ones_count(theirs: Desk, pin: str) -> None:
    assert tried(theirs, pin) == ("pin_wrong", 4)


def test_five_wrong_lock_that_member_for_15_minutes_across_a_restart(desk: Desk) -> None:
    theirs = desk
    give(theirs)
    give(theirs, "5571", 2)
    assert [tried(theirs, "000000") for _ in range(4)] == [("pin_wrong", left) for left in (4, 3, 2, 1)]
    assert tried(theirs, "000000") == ("pin_throttled", 900)
    assert tried(theirs, PIN) == ("pin_throttled", 900), "the right one waits too"
    member_pin.prove(theirs.till, OTHER, "5571")
    theirs.stop()
    again = Desk.__new__(Desk)
    again.__init__(theirs.folder, begin=False)  # type: ignore[misc]
    sign_in.sign_in(again.till, CASHIER)
    give(again)
    assert tried(again, PIN)[0] == "pin_throttled"
    again.clock.pass_by(901)
    assert tried(again, "000000") == ("pin_wrong", 4), "and begin anew"
    member_pin.prove(again.till, MEMBER, PIN)
    assert tried(again, "000000") == ("pin_wrong", 4), "a right one forgives"
    again.stop()


def test_a_clock_set_back_does_not_lock_for_ever(theirs: Desk) -> None:
    for _ in range(5):
        tried(theirs, "000000")
    theirs.clock.moment -= timedelta(days=30)
    assert tried(theirs, PIN) == ("pin_throttled", 900)
    theirs.clock.pass_by(901)
    member_pin.prove(theirs.till, MEMBER, PIN)


def test_two_windows_count_together(theirs: Desk) -> None:
    with ThreadPoolExecutor(4) as windows:
        said = list(windows.map(lambda _: tried(theirs, "000000")[0], range(8)))
    assert sorted(said) == ["pin_throttled"] * 4 + ["pin_wrong"] * 4


def test_a_manager_answers_for_one_member_and_one_act(theirs: Desk) -> None:
    boss = theirs.hire(BOSS, {MEMBER_PIN})
    subject = str(needed(theirs).data["subject"])
    with pytest.raises(Refusal, match="approval_needed") as error:
        member_pin.vouch(theirs.till, MEMBER, subject)
    assert error.value.data == {"permission": MEMBER_PIN, "subject": subject}
    yes = approval.approve(theirs.till, BOSS, MEMBER_PIN, subject)
    word = member_pin.vouch(theirs.till, MEMBER, subject, yes)
    with pytest.raises(Refusal, match="approval_needed"):
        member_pin.vouch(theirs.till, MEMBER, subject, yes)
    needed(theirs, basket=theirs.basket(2), proof=word)
    needed(theirs, basket=theirs.basket(pass_id=PASS_THIRTY), proof=word)
    theirs.redeem(proof=word)
    assert known_by(theirs) == ("vouched", boss)
    needed(theirs, proof=word)


def test_who_has_the_permission_answers_alone_and_says_so(theirs: Desk) -> None:
    theirs.hire(BOSS, {MEMBER_PIN})
    sign_in.sign_in(theirs.till, BOSS)
    subject = str(needed(theirs).data["subject"])
    theirs.redeem(proof=member_pin.vouch(theirs.till, MEMBER, subject))
    assert known_by(theirs) == ("vouched", None)


def test_cleared_at_hq_and_a_hash_that_is_none(theirs: Desk) -> None:
    give(theirs, None)
    assert tried(theirs, PIN)[0] == "pin_not_set"
    theirs.redeem()
    assert known_by(theirs) == ("seen", None)
    known = replace(theirs.member().member, pin_hash="no hash")
    theirs.journal.keep(lambda rows: members.put(rows, theirs.journal.sealer, known, EPOCH))
    assert tried(theirs, PIN)[0] == "pin_wrong"


def test_who_is_nobody_and_nobody_there(theirs: Desk) -> None:
    assert tried(theirs, PIN, uid(99))[0] == "member_unknown"
    sign_in.sign_out(theirs.till)
    assert tried(theirs, PIN)[0] == "not_signed_in"


def test_the_card_is_covered_until_they_are_known(theirs: Desk) -> None:
    view = theirs.member()
    assert member_pin.hides(theirs.till, view)
    assert not member_pin.hides(theirs.till, theirs.member(2))
    assert not member_pin.hides(theirs.till, find_member.by_scan(theirs.till, short_code(1)))
    shown = replace(view, proof=member_pin.prove(theirs.till, MEMBER, PIN))
    assert not member_pin.hides(theirs.till, find_member.refresh(theirs.till, shown))
    theirs.clock.pass_by(member_pin.PROOF_SECONDS + 1)
    assert member_pin.hides(theirs.till, shown)


def test_neither_pin_nor_hash_stands_anywhere(theirs: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tried(theirs, "771177")
    theirs.redeem(proof=member_pin.prove(theirs.till, MEMBER, PIN))
    bundle = write_bundle(theirs.folder, "1", theirs.folder.parent / "bundle.zip")
    with zipfile.ZipFile(bundle) as file:
        sent = b"".join(file.read(name) for name in file.namelist())
    kept = b"".join(path.read_bytes() for path in theirs.folder.rglob("*") if path.is_file())
    said = (repr(theirs.member()) + caplog.text).encode()
    for secret in (PIN, "771177", HASHES[PIN]):
        assert secret.encode() not in kept + sent + said

"""Making members at a till: known at once, nothing personal in the fact, merged by what the server says later."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete

from models import codec, sealed_box, wire
from models.catalogue import Member
from models.facts import MemberCreated, PassSold, encode_fact
from models.people import Person
from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.journal import aliases, companions, identity, members, mirror
from pos_app.journal.tables import COMPANIONS, MEMBERS, SHIFTS
from pos_app.selling.basket import Basket, add_product
from pos_app.sync import apply
from pos_app.till import find_member, sell_pass, sign_in
from pos_app.till.create_member import Created, create_member
from pos_app.till.values import MemberView
from tests.pos_app.desk import EPOCH, MILK_TEA, NOON, TEN_PLAN, Desk, uid
from tests.pos_app.ui.shop import PEOPLE, SEALING_KEY

PHONE, NAME = "139 0000 1111", "Ana María Núñez"


def no(call: Any) -> str:
    with pytest.raises(Refusal) as error:
        call()
    return error.value.code


def make(desk: Desk, phone: str = PHONE, name: str = NAME, language: str = "es-ES") -> Created:
    return create_member(desk.till, name, phone, language)


def opened(desk: Desk, **wrong: str) -> Person:
    """What the server reads in the box beside a fact."""
    row = desk.table(COMPANIONS)[-1]
    ids = {"fact_id": row["fact_id"], "member_id": row["member_id"]} | wrong
    box = sealed_box.unpack(row["sealed"])
    shared = SEALING_KEY.exchange(X25519PublicKey.from_public_bytes(box.sender))
    receiver = SEALING_KEY.public_key().public_bytes_raw()
    key = sealed_box.box_key(shared, box.sender, receiver, sealed_box.person_context(**ids))
    return codec.decode(Person, AESGCM(key).decrypt(sealed_box.NONCE, box.ciphertext, None))


def sell(desk: Desk, view: MemberView) -> PassSold:
    plan = desk.journal.catalogue.plans[TEN_PLAN]
    sell_pass.sell_pass(desk.till, view.member, plan, [desk.tender(plan.price_minor)])
    body = desk.chain()[-1].body
    assert isinstance(body, PassSold)
    return body


def in_journal(desk: Desk, work: Any) -> None:
    def run(rows: Connection) -> None:
        work(rows)

    desk.journal.keep(run)


def test_a_new_member_buys_and_redeems_here_at_once_without_a_network(desk: Desk) -> None:
    desk.go_offline()
    made = make(desk)
    assert not made.known
    sold = sell(desk, made.view)
    assert sold.member_id == made.view.member.member_id
    view = find_member.by_phone(desk.till, "13900001111")[0]
    (held,) = view.passes
    basket = add_product(Basket(member=view.member, held=held.held, plan=held.plan), MILK_TEA)
    done = desk.redeem(basket)
    assert (done.evidence, done.uses_left) == ("own_sale", 9)
    assert desk.broken() == []


def test_the_fact_has_ids_only_and_what_belongs_to_it_opens_for_the_server_alone(desk: Desk) -> None:
    made = make(desk)
    fact = desk.chain()[-1]
    assert isinstance(fact.body, MemberCreated)
    member = made.view.member
    assert fact.body == MemberCreated(
        member.member_id, f"SZ1T03.{fact.seq:06d}", desk.store.store_id,
        hashlib.sha256(desk.table(COMPANIONS)[0]["sealed"]).hexdigest(),
    )  # fmt: skip
    assert opened(desk) == Person(NAME, "+8613900001111", "es-ES")
    for wrong in ({"fact_id": uid(1)}, {"member_id": uid(1)}):
        with pytest.raises(InvalidTag):
            opened(desk, **wrong)
    assert b"13900001111" not in encode_fact(fact)


def test_no_name_and_no_phone_stands_in_clear_in_any_file_or_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    made = make(desk)
    assert no(lambda: make(desk, "no number", NAME)) == "phone_invalid"
    assert repr(Person(NAME, PHONE, "en")) == "Person()"
    desk.stop()
    for file in desk.folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        for secret in (NAME.encode(), "Núñez".encode(), b"13900001111", b"139 0000 1111"):
            assert secret not in data, file.name
    assert "Núñez" not in caplog.text
    assert "13900001111" not in caplog.text
    assert made.view.member.name == NAME


@pytest.mark.parametrize(
    "again",
    [PHONE, "+86 139 0000-1111", "0086 13900001111", "8613900001111", " (139) 00001111 ", "１３９００００１１１１"],
)
def test_whoever_has_the_phone_is_shown_instead(desk: Desk, again: str) -> None:
    first = make(desk)
    before = len(desk.chain())
    found = make(desk, again, "Someone Else")
    assert found.known
    assert found.view.member == first.view.member
    assert len(desk.chain()) == before
    known = make(desk, PEOPLE[0][1])
    assert (known.known, known.view.member.name) == (True, PEOPLE[0][0])


@pytest.mark.parametrize(
    ("name", "phone", "language", "code"),
    [
        ("", PHONE, "en", "name_invalid"),
        ("  \t ", PHONE, "en", "name_invalid"),
        ("x" * 101, PHONE, "en", "name_invalid"),
        ("a\x00b", PHONE, "en", "name_invalid"),
        ("a\u202eb", PHONE, "en", "name_invalid"),
        (NAME, "", "en", "phone_invalid"),
        (NAME, "12345", "en", "phone_invalid"),
        (NAME, "1" * 16, "en", "phone_invalid"),
        (NAME, "１３９００００１１１", "en", "phone_invalid"),
        (NAME, "📱13900001111", "en", "phone_invalid"),
        (NAME, "139000011111", "en", "phone_invalid"),
        (NAME, PHONE, "fr", "request_malformed"),
    ],
)
def test_what_makes_no_member(desk: Desk, name: str, phone: str, language: str, code: str) -> None:
    before = len(desk.chain())
    assert no(lambda: make(desk, phone, name, language)) == code
    assert (len(desk.chain()), desk.table(COMPANIONS)) == (before, [])


def test_a_till_that_has_no_key_to_seal_with_says_so(desk: Desk) -> None:
    in_journal(desk, lambda rows: mirror.remove(rows, "sealing_key", "0a0b0c0d"))
    desk.journal.reload()
    assert no(lambda: make(desk)) == "sealing_key_missing"


def test_nobody_signed_in_makes_nobody(desk: Desk) -> None:
    sign_in.sign_out(desk.till)
    assert no(lambda: make(desk)) == "not_signed_in"


def test_a_till_that_may_not_sell_makes_nobody_either(desk: Desk) -> None:
    before = len(desk.chain())
    in_journal(desk, lambda rows: identity.write_state(rows, "refused", "terminal_revoked"))
    assert no(lambda: make(desk)) == "terminal_revoked"
    in_journal(desk, lambda rows: identity.write_state(rows, "refused", None))
    in_journal(desk, lambda rows: rows.execute(delete(SHIFTS)))
    assert no(lambda: make(desk)) == "shift_not_open"
    assert len(desk.chain()) == before


def test_a_full_disk_makes_no_half_member(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise Trouble(path="x")

    before = len(desk.chain())
    monkeypatch.setattr(members, "put", full)
    with pytest.raises(Trouble):
        make(desk)
    assert (len(desk.chain()), desk.table(COMPANIONS)) == (before, [])
    assert desk.broken() == []


def test_the_newest_key_in_force_seals(desk: Desk) -> None:
    (old,) = desk.journal.catalogue.sealing_keys
    desk.mirrored("sealing_key", "ffffffff", replace(old, key_id="ffffffff", use_from=NOON.replace(year=2099)))
    make(desk)
    assert sealed_box.unpack(desk.table(COMPANIONS)[0]["sealed"]).key_id == "0a0b0c0d"
    desk.mirrored("sealing_key", "ffffffff", replace(old, key_id="ffffffff", use_from=NOON))
    make(desk, "13900002222")
    assert sealed_box.unpack(desk.table(COMPANIONS)[1]["sealed"]).key_id == "ffffffff"


def survivor(desk: Desk) -> Member:
    """The member of this phone as the server knows them from another till."""
    return Member(uid(0x777), "00000000", "SZ1T09.000003", "Ana", "13900001111", "0", "active", 700, "CNY", 3)


@pytest.mark.parametrize("order", ["member first", "alias first"])
def test_a_merged_member_is_the_survivor_with_what_was_sold_here(desk: Desk, order: str) -> None:
    made = make(desk)
    sold = sell(desk, made.view)
    other = survivor(desk)
    steps = [
        lambda rows: members.put(rows, desk.journal.sealer, other, EPOCH),
        lambda rows: members.merge(rows, made.view.member.member_id, other.member_id, EPOCH),
    ]
    for step in steps if order == "member first" else reversed(steps):
        in_journal(desk, step)
        assert find_member.refresh(desk.till, made.view).member.phone.endswith("13900001111"), "never gone in between"
    view = find_member.refresh(desk.till, made.view)
    assert view.member == other
    assert [held.held.pass_id for held in view.passes] == [sold.pass_id]
    assert [found.member for found in find_member.by_phone(desk.till, "13900001111")] == [other]
    assert desk.broken() == []


def test_a_member_made_here_outlasts_a_new_epoch_that_does_not_know_them(desk: Desk) -> None:
    make(desk)
    in_journal(desk, lambda rows: members.forget_other_epochs(rows, "e2"))
    assert [row["member_id"] for row in desk.table(MEMBERS)] == [desk.table(COMPANIONS)[0]["member_id"]]
    desk.acknowledge(99)
    in_journal(desk, lambda rows: members.forget_other_epochs(rows, "e2"))
    assert desk.table(MEMBERS) == []


def test_a_member_whom_the_server_does_not_show_yet_outlasts_a_new_epoch(desk: Desk) -> None:
    """Somebody's of another merchant: until they have bought here, this till has what it wrote down itself."""
    member_id = make(desk).view.member.member_id
    desk.acknowledge(99)
    in_journal(desk, lambda rows: members.merge(rows, member_id, uid(0x777), "e2"))
    in_journal(desk, lambda rows: members.forget_other_epochs(rows, "e2"))
    assert find_member.by_phone(desk.till, PHONE)[0].member.member_id == member_id
    in_journal(desk, lambda rows: members.forget_other_epochs(rows, "e3"))
    assert desk.table(MEMBERS) == []


def test_aliases_of_another_epoch_are_forgotten(desk: Desk) -> None:
    in_journal(desk, lambda rows: aliases.put(rows, uid(1), uid(2), EPOCH))
    with desk.journal.reading() as rows:
        assert (aliases.resolve(rows, uid(1)), aliases.ids_of(rows, uid(1))) == (uid(2), (uid(2), uid(1)))
    in_journal(desk, lambda rows: aliases.forget_other_epochs(rows, "e2"))
    with desk.journal.reading() as rows:
        assert aliases.resolve(rows, uid(1)) == uid(1)


def test_companions_go_with_their_facts_and_stay_while_these_may_be_sent_again(desk: Desk) -> None:
    made = make(desk)
    seq = desk.chain()[-1].seq
    with desk.journal.reading() as rows:
        (sent,) = companions.of(rows, [seq - 1, seq])
        assert companions.of(rows, [seq - 1]) == ()
    assert isinstance(sent, wire.Companion)
    member_id = made.view.member.member_id
    in_journal(desk, lambda rows: companions.forget_member(rows, member_id))
    assert len(desk.table(COMPANIONS)) == 1, "the server has not heard of them yet"
    desk.acknowledge(99)
    in_journal(desk, lambda rows: companions.forget_member(rows, member_id))
    assert desk.table(COMPANIONS) == []


@pytest.mark.parametrize("order", ["alias first", "erasure first"])
def test_a_person_whom_the_server_has_erased_never_goes_out_again(desk: Desk, order: str) -> None:
    """Neither under the id of this till, which was merged, nor after a restore, when all that is kept goes out."""
    made = make(desk).view.member
    desk.acknowledge(99)
    erased = replace(survivor(desk), name="", phone="")
    changes = [
        wire.Change("member_alias", made.member_id, codec.to_plain(wire.MemberAlias(made.member_id, erased.member_id))),
        wire.Change("member", erased.member_id, codec.to_plain(erased)),
    ]
    if order == "erasure first":
        changes.reverse()
    for change in changes:
        assert len(desk.table(COMPANIONS)) == 1
        apply.apply_page(desk.journal, wire.ChangesAnswer("c", False, "e2", NOON, (change,), 99))
    assert desk.table(COMPANIONS) == []
    assert desk.broken() == []
    with desk.journal.reading() as rows:
        assert identity.read_state(rows, "copies_outdated"), "their name is in copies of the journal"


def test_a_known_number_is_found_in_the_mirror_as_it_was_typed(desk: Desk) -> None:
    in_journal(
        desk, lambda rows: members.put(rows, desk.journal.sealer, replace(survivor(desk), phone="+34600111222"), EPOCH)
    )
    assert make(desk, "0034 600-111-222").known
    assert make(desk, "+34600111222").known


def test_verify_finds_a_box_that_is_not_the_facts(desk: Desk) -> None:
    make(desk)
    assert desk.broken() == []
    in_journal(desk, lambda rows: rows.execute(COMPANIONS.update().values(sealed=b"x" * 80)))
    assert len(desk.broken()) == 1
    in_journal(desk, lambda rows: rows.execute(COMPANIONS.delete()))
    assert len(desk.broken()) == 1


@pytest.mark.parametrize(
    "again", ["600111011", "600 111 011", "34600111011", "+34 600-111-011", "0034600111011", "６００１１１０１１"]
)
@pytest.mark.parametrize("kept", ["600111011", "+34600111011"])
def test_in_barcelona_nobody_is_made_twice_however_the_number_is_written(
    barcelona: Desk, kept: str, again: str
) -> None:
    lucia = replace(survivor(barcelona), phone=kept)
    in_journal(barcelona, lambda rows: members.put(rows, barcelona.journal.sealer, lucia, EPOCH))
    before = len(barcelona.chain())
    made = make(barcelona, again, "Somebody Else")
    assert (made.known, made.view.member.member_id) == (True, lucia.member_id)
    assert len(barcelona.chain()) == before
    new = make(barcelona, "600 111 012")
    assert (new.known, opened(barcelona).phone) == (False, "+34600111012")

"""Bad input at a real till with a real server behind it: each its own clear answer, nothing recorded, nothing lost.

Not here, since shown elsewhere: malformed, replayed and unsigned requests (tests/sync_server/api), a full disk
(tests/pos_app/journal), pictures of every kind (tests/pos_app/devices).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import segno

from models.catalogue import SlipTemplate
from models.facts import RequestAbandoned
from models.refusals import Refusal
from models.tokens import ALPHABET
from models.wire import MAX_PUSH_BYTES
from pos_app.devices.decoder import decode_picture
from pos_app.devices.pictures import load_grey
from pos_app.till import header, pairing, sign_in
from pos_app.till.recording import record_alone
from printing.slips import TICKET
from resources import path
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.keys import new_keyring
from sync_server.members import codes
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.conftest import Machine, OpenTill
from tests.flows.house import House
from tests.flows.till import Counter


def refused(act: Callable[[], object]) -> Refusal:
    """It must be refused."""
    with pytest.raises(Refusal) as found:
        act()
    return found.value


def nothing_happened(house: House, till: Counter, person: shop.Person, left: int) -> None:
    """The member still has what they had; the till's chain, posted and checked, has no redemption."""
    till.sync()
    assert house.uses_left(person.passes[shop.TEN]) == left
    assert {item.fact.kind for item in till.recorded} <= {"ShiftOpened", "RequestAbandoned"}
    all_is_well(house, till)


def other_character(text: str, place: int) -> str:
    """The text with another character at one place."""
    found = ALPHABET[(ALPHABET.index(text[place]) + 1) % len(ALPHABET)]
    return text[:place] + found + text[place + 1 :]


def test_short_codes_that_do_not_count(house: House, till: Counter) -> None:
    """Edited, foreign, guessed, too old: four answers, and the good code still works afterwards."""
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.short_code(person)
    assert refused(lambda: till.scan(other_character(code, 3))).code == "code_edited"
    for foreign in ("https://example.com/menu", code + "A", "", "6901234567892"):
        assert refused(partial(till.scan, foreign)).code == "code_foreign"
    guessed = refused(lambda: till.redeem(till.scan(other_character(code, 15)), shop.TEN))
    assert (guessed.code, guessed.data["tries_left"]) == ("code_wrong", 4)
    with psycopg.connect(house.superuser_url) as connection:
        connection.execute("UPDATE sec.card_codes SET issued_at = issued_at - interval '16 minutes'")
    assert refused(lambda: till.redeem(till.scan(code), shop.TEN)).code == "code_expired"
    nothing_happened(house, till, person, 3)
    assert till.redeem(till.scan(house.short_code(person)), shop.TEN).uses_left == 2


def test_signed_codes_that_do_not_hold(house: House, machine: Machine, open_till: OpenTill) -> None:
    """Edited anywhere, signed by a stranger, too old: refused before the ledger is asked."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    code = house.snapshot_code(person)
    for place in (1, 20, len(code) // 2, len(code) - 1):
        assert refused(partial(till.scan, other_character(code, place))).code == "code_edited"
    strange = new_keyring(datetime.now(UTC))
    forged = house.do(
        lambda pool: codes.snapshot_code(pool, strange, person.member_id, shop.MERCHANT, datetime.now(UTC))
    )
    assert refused(lambda: till.scan(forged)).code == "code_edited"
    till.network.down()
    machine.pass_by(codes.SNAPSHOT_VALID.total_seconds() + 60)
    assert refused(lambda: till.scan(code)).code == "code_expired"
    assert till.requests == []
    till.network.up()
    nothing_happened(house, till, person, 3)


def test_signed_code_of_somebody_else(house: House, till: Counter) -> None:
    """One member's code does not open another one's pass."""
    one, other = house.member({shop.TEN: 3}), house.member({shop.TEN: 3})
    till.sync()
    view, code = till.member(one), house.snapshot_code(other)
    till.network.down()
    stolen = type(view)(view.member, view.passes, "snapshot", code)
    assert refused(lambda: till.redeem(stolen, shop.TEN)).code == "pass_other_member"
    till.network.up()
    nothing_happened(house, till, one, 3)


def test_code_from_a_picture(house: House, till: Counter, tmp_path: Path) -> None:
    """A picture of the member's phone becomes a redemption; half a code is no code."""
    person = house.member({shop.TEN: 3})
    till.sync()
    picture = tmp_path / "phone.png"
    segno.make(house.short_code(person), error="m", micro=False).save(str(picture), scale=6)
    scan = decode_picture(load_grey(picture))
    assert scan is not None
    assert till.redeem(till.scan(scan.text), shop.TEN).evidence == "online"
    grey = load_grey(picture)
    assert decode_picture(grey[:, : grey.shape[1] // 2]) is None
    till.sync()
    all_is_well(house, till)


def test_wrong_pin(house: House, open_till: OpenTill) -> None:
    """Tries are counted aloud, then cost time, and a restart forgives nothing; nobody is signed in meanwhile."""
    till = open_till()
    till.pair()
    for left in (4, 3, 2, 1):
        found = refused(lambda: sign_in.sign_in(till.till, "000000"))
        assert (found.code, found.data) == ("pin_wrong", {"attempts_left": left})
    assert refused(lambda: sign_in.sign_in(till.till, "000000")).code == "pin_throttled"
    till.restart()
    assert refused(lambda: sign_in.sign_in(till.till, shop.PIN)).code == "pin_throttled"
    assert sign_in.session(till.till) is None


def test_phone_that_nobody_has(house: House, till: Counter) -> None:
    nobody = shop.Person("", "", "13999999999", {})
    assert refused(lambda: till.member(nobody)).code == "member_unknown"
    for nonsense in ("12", "call me", "1" * 40):
        strange = shop.Person("", "", nonsense, {})
        assert refused(partial(till.member, strange)).code == "phone_invalid"


def test_pass_of_another_merchant(house: House, till: Counter) -> None:
    """A member of the neighbours is unknown here; known here, their pass there is neither shown nor taken."""
    person = house.member({shop.BONO: 5}, merchant=shop.OTHER_MERCHANT)
    till.sync()
    assert refused(lambda: till.member(person)).code == "member_unknown"
    guest = house.member({shop.TEN: 3})
    till.sync()
    view = till.member(guest)
    held = view.passes[0]
    theirs = type(held.held)(person.passes[shop.BONO], *(getattr(held.held, n) for n in held.held.__slots__[1:]))
    forged = type(view)(view.member, (type(held)(theirs, held.plan, True, None, 0),), "phone", None)
    assert refused(lambda: till.redeem(forged, shop.TEN)).code == "pass_unknown"
    assert house.uses_left(person.passes[shop.BONO]) == 5
    nothing_happened(house, till, guest, 3)


def test_no_uses_left(house: House, till: Counter) -> None:
    """An empty pass is shown as such and asks nobody."""
    person = house.member({shop.TEN: 0})
    till.sync()
    view = till.scan(house.short_code(person))
    assert [(item.usable, item.reason) for item in view.passes] == [(False, "uses_exhausted")]
    assert refused(lambda: till.redeem(view, shop.TEN)).code == "uses_exhausted"
    assert till.requests == []
    nothing_happened(house, till, person, 0)


def test_pass_that_has_ended(house: House, till: Counter) -> None:
    person = house.member({shop.TEN: 3}, expires=timedelta(days=-1))
    till.sync()
    view = till.member(person)
    assert [(item.usable, item.reason) for item in view.passes] == [(False, "pass_expired")]
    assert refused(lambda: till.redeem(view, shop.TEN)).code == "pass_expired"
    nothing_happened(house, till, person, 3)


@pytest.mark.parametrize("wrong_seconds", [-400, 400, 86400 * 40])
def test_clock_far_off(house: House, machine: Machine, open_till: OpenTill, wrong_seconds: int) -> None:
    """A machine more than five minutes off pairs all the same: the refusal tells the time, the till learns it, and its
    facts carry the right one."""
    machine.wall_seconds = wrong_seconds
    till = open_till().begin()
    sold = till.sell()
    till.sync()
    assert abs(till.fact(sold).fact.happened_at - datetime.now(UTC)) < timedelta(seconds=30)
    refusals = house.log.read_text().count('"problem": "request_expired"')
    till.restart()
    till.sync()
    assert house.log.read_text().count('"problem": "request_expired"') == refusals, "the till remembers the right time"
    all_is_well(house, till)


def test_pairing_codes_that_do_not_count(house: House, open_till: OpenTill) -> None:
    """A wrong code, then one that another till has used; the till can still be paired with a good one."""
    one, other = open_till(), open_till()
    assert refused(lambda: pairing.pair(one.till, one.address, "ACDEFGHJKLMN")).code == "pairing_code_wrong"
    code = house.pairing_code("SZ1", house.next_number())
    other.pair(code)
    assert refused(lambda: pairing.pair(one.till, one.address, code)).code == "pairing_code_used"
    assert one.till.journal.identity is None
    one.begin().sync()
    all_is_well(house, one, other)


def test_template_that_does_not_hold(house: House, open_till: OpenTill) -> None:
    """HQ's broken layout costs no slip: the one we ship is printed, and the fault is shown until HQ mends it."""
    till = open_till("BC1").begin()
    house.do(partial(_issue, 2, '{"format": 1, "kind": "SALES_TICKET"}'))
    till.sync()
    done = till.sell(((shop.CAFE, {}),))
    till.print_all()
    assert header.header(till.till).printer_detail == "template_invalid"
    assert till.print_states() == {(done.slips[0], 0): "printed"}
    (job,) = till.paper
    assert job["qr"] == [f"{done.slips[0]}.{till.fact(done).hash[:16].upper()}"]
    house.do(partial(_issue, 3, path(f"templates/{TICKET}.json").read_text("utf-8")))
    till.sync()
    till.print_all()
    assert header.header(till.till).printer_detail is None
    all_is_well(house, till)


async def _issue(version: int, body: str, pool: Pool) -> None:
    """Give the other merchant's ticket another layout."""
    async with transaction(pool, PLATFORM) as connection:
        ticket = shop.template_id(shop.OTHER_MERCHANT, TICKET)
        await put(connection, SlipTemplate(ticket, shop.OTHER_MERCHANT, TICKET, version, body))


def test_a_fact_too_large_for_any_push_is_held_and_stops_nothing(house: House, open_till: OpenTill) -> None:
    """HQ gets what fits, and the till sells on."""
    till = open_till().begin()
    record_alone(till.till, RequestAbandoned(str(uuid4()), "x" * (2 * MAX_PUSH_BYTES)), None, till.till.clock.now())
    till.sell()
    till.sync()
    assert [(item.fact.kind, item.state, item.reason) for item in till.recorded] == [
        ("ShiftOpened", "accepted", None),
        ("RequestAbandoned", "held", "content_differs"),
        ("OrderPaid", "accepted", None),
    ]


def test_revoked_till_hands_in_its_queue_and_no_more(house: House, open_till: OpenTill) -> None:
    """A stolen till is shut out; what it had recorded is not lost but waits for HQ."""
    till = open_till().begin()
    person = house.member({shop.TEN: 3})
    till.sync()
    view = till.member(person)
    till.sell()
    with psycopg.connect(house.superuser_url) as connection:
        connection.execute(
            "UPDATE app.terminals SET status = 'revoked', revoked_at = now() WHERE terminal_id = %s",
            [till.till.journal.require_identity().terminal_id],
        )
    assert refused(lambda: till.redeem(view, shop.TEN)).code == "terminal_revoked"
    assert house.uses_left(person.passes[shop.TEN]) == 3
    till.app.sync.cycle()
    assert [(item.fact.kind, item.state, item.reason) for item in till.recorded] == [
        ("ShiftOpened", "accepted", None),
        ("OrderPaid", "held", "terminal_revoked"),
    ]
    all_is_well(house, till)

"""Sign a cashier in by PIN, out again, and say who is there.

Rule: PIN hashes are synced, so this works offline; wrong PINs are counted in the journal, so a restart forgives
nothing. A restart signs everybody out.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.catalogue import StaffMember
from models.pins import STAFF_DIGITS
from models.refusals import Refusal
from models.times import format_instant, parse_instant
from pos_app.journal import identity, shifts
from pos_app.till.pins import fits
from pos_app.till.till import Till
from pos_app.till.values import Changes, Session

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 15 * 60


def session(till: Till) -> Session | None:
    """Return who is signed in, and the open shift. Fast."""
    person = till.journal.catalogue.staff.get(till.live.staff_id or "")
    if person is None or not person.active:
        return None
    with till.journal.reading() as rows:
        shift = shifts.open_shift(rows)
    return Session(
        person.staff_id,
        person.name,
        person.permissions,
        shift.shift_id if shift else None,
        shift.opened_at if shift else None,
    )


def sign_in(till: Till, pin: str) -> Session:
    """Sign in whoever has this PIN. Refusals: `not_paired`, `pin_wrong` {attempts_left}, `pin_throttled` {seconds}.

    Every try that is not right counts, whoever it was meant for; after `FREE_TRIES` each costs a doubling wait.
    """
    if till.journal.identity is None:
        raise Refusal("not_paired")
    till.live.staff_id = recognise(till, pin).staff_id
    till.notify(Changes(session=True))
    return require_session(till)


def recognise(till: Till, pin: str) -> StaffMember:
    """Return whose PIN this is. Refusals: `pin_wrong`, `pin_throttled`, as for signing in."""
    # Counted before it is compared, and committed: pulling the plug during the compare gains nothing.
    wrong = till.journal.keep(lambda rows: _count_try(rows, till.clock.now()))
    person = _whose(till, pin)
    if person is None:
        if wrong >= FREE_TRIES:
            raise Refusal("pin_throttled", {"seconds": _wait_seconds(wrong)})
        raise Refusal("pin_wrong", {"attempts_left": FREE_TRIES - wrong})
    till.journal.keep(lambda rows: identity.write_state(rows, "pin_throttle", None))
    return person


def sign_out(till: Till) -> None:
    """Lock the till. The shift stays open."""
    till.live.staff_id = None
    till.notify(Changes(session=True))


def require_session(till: Till) -> Session:
    """Return who is signed in; Refusal `not_signed_in`."""
    found = session(till)
    if found is None:
        raise Refusal("not_signed_in")
    return found


def revoked(till: Till) -> bool:
    """Say whether the server has told this till that it is revoked. Fast; works unpaired."""
    with till.journal.reading() as rows:
        return bool(identity.read_state(rows, "refused") == "terminal_revoked")


def require_shift(till: Till, *, paid_before: bool = False) -> Session:
    """Return who is signed in with a shift open, at a till that may act.

    `paid_before`: this is only to record money that was received before the till heard that it is revoked; the server
    holds such a fact for HQ. Refusals `not_signed_in`, `shift_not_open`, `terminal_revoked` once the server said so.
    """
    found = require_session(till)
    if not paid_before and revoked(till):
        raise Refusal("terminal_revoked")
    if found.shift_id is None:
        raise Refusal("shift_not_open")
    return found


def _whose(till: Till, pin: str) -> StaffMember | None:
    if not STAFF_DIGITS[0] <= len(pin) <= STAFF_DIGITS[1] or not pin.isascii():
        return None
    store_id = till.journal.store.store_id
    for person in till.journal.catalogue.staff.values():
        if person.active and person.store_id == store_id and fits(person.pin_hash, pin):
            return person
    return None


def _wait_seconds(wrong: int) -> int:
    if wrong < FREE_TRIES:
        return 0
    return int(min(FIRST_WAIT_SECONDS * 2 ** min(wrong - FREE_TRIES, 10), LONGEST_WAIT_SECONDS))


def _count_try(rows: Connection, now: datetime) -> int:
    wrong, until = _throttle(identity.read_state(rows, "pin_throttle"))
    if until is not None and now < until:
        left = min(int((until - now).total_seconds()) + 1, LONGEST_WAIT_SECONDS)
        raise Refusal("pin_throttled", {"seconds": left})
    identity.write_state(rows, "pin_throttle", _written(wrong + 1, now))
    return wrong + 1


def _written(wrong: int, now: datetime) -> dict[str, object]:
    return {"wrong": wrong, "until": format_instant(now + timedelta(seconds=_wait_seconds(wrong)))}


def _throttle(stored: object) -> tuple[int, datetime | None]:
    if not isinstance(stored, dict):
        return 0, None
    return int(stored["wrong"]), parse_instant(stored["until"])

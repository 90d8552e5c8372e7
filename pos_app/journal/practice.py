"""The journal of a till in training: a file of its own, with the real catalogue and with people who do not exist.

Rule: from the real journal only what HQ manages is read, nothing is ever written to it. Ids, keys, slip numbers and
people are made here, so no server knows any of them. What cannot be used (another till's, another version's, damaged)
is thrown away and made anew: nothing in it is worth keeping.
"""

import base64
import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, delete, select

import resources
from models import codec
from models.catalogue import CompanyCard, Member, MemberPass, PassPlan, StaffMember, Store
from models.ids import TRAINING_CODE
from models.money import currency
from models.refusals import Refusal
from models.reservations import Reservation
from models.tokens import ReservationCode, encode_reservation, make_card_ref
from models.wire import PairAnswer, SealingKey, ServerKey
from pos_app.clock import Clock, Ids
from pos_app.journal import errors, identity, members, migrations, mirror, passes, reservations, soundness
from pos_app.journal.identity import Identity
from pos_app.journal.store import FILE_NAME, Journal
from pos_app.journal.tables import MIRROR

FOLDER = "training"
CASHIER_PIN, MANAGER_PIN = "1111", "9999"
"""Shown to whoever trains: they open nothing but the practice."""
MEMBER_PIN = "2580"
_HAS_PIN = 2
"""Which member has a PIN: at their last use, so that there is one thing to redeem with it."""
_EPOCH = "training"
_KEY_ID = "00000000"
_COPIED = ("store", "category", "product", "add_on", "plan", "template", "level_band", "bonus_rule")
"""Of the mirror; nobody's name, no PIN, no key, no policy of unproven spending."""
_PHONE = "+99900000"
"""No country has this code; a member's number follows: 0001 to 0004."""
_PEOPLE = (
    (300, 1200, ((2, 60), (0, 90))),
    (0, 30, ((-1, 3),)),
    (80, 250, ()),
    (5, 0, ((0, -1),)),
)
"""Money on the card (major units), points, passes (uses taken, days until it ends): well off, and a company's
admin; at the last use and without money; without a pass; with a pass that has ended and too little money."""
_MEMBERS = len(_PEOPLE)
_AT_THE_LAST_USE = 2
"""Which of them has one more use set aside for this till."""
_SET_ASIDE_DAYS = 2
_USELESS = (
    errors.JournalDamaged,
    errors.JournalEmptied,
    errors.JournalLogDamaged,
    errors.JournalGarbled,
    errors.JournalNewer,
    errors.KeyMissing,
)


def open_practice(real: Journal, clock: Clock, ids: Ids, allowed: frozenset[str], anew: bool = False) -> Journal:
    """Open the training journal of this till as it was left, or an empty one when there is none or `anew`.

    `allowed`: what its manager may approve. The catalogue in it is brought up to that of the real till. Refusal
    `not_paired`; Trouble as `Journal.open`.
    """
    folder = real.path.parent / FOLDER
    made_for = real.require_identity().terminal_id
    found = None if anew else _opened(folder, made_for)
    with real.reading() as rows:
        copied = rows.execute(select(MIRROR.c.kind, MIRROR.c.key, MIRROR.c.value).where(MIRROR.c.kind.in_(_COPIED)))
        catalogue = [(kind, key, json.loads(text)) for kind, key, text in copied]
    if found is not None:
        found.keep(lambda rows: _copy(rows, catalogue))
        found.reload()
        return found
    _throw_away(folder)
    made = Journal.open(folder, "file")
    try:
        with made.writing() as rows:
            _begin(rows, real.store, ids, clock.now(), made_for)
            _copy(rows, catalogue)
            _settle(rows, made, ids, clock.now(), allowed)
        made.reload()
    except BaseException:
        made.close()
        raise
    return made


def people(journal: Journal) -> tuple[Member, ...]:
    """Return the members to practise with, in the order in which they were made."""
    with journal.reading() as rows:
        found = [members.by_tail(rows, journal.sealer, f"{number:04d}") for number in range(1, _MEMBERS + 1)]
    return tuple(member for some in found for member in some if member.phone.startswith(_PHONE))


def _opened(folder: Path, made_for: str) -> Journal | None:
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        raw = soundness.connect(path)
        try:
            with errors.translated(str(path)):
                schema = soundness.version(raw, path)
        finally:
            raw.close()
        if schema != migrations.KNOWN:
            return None
        found = Journal.open(folder, "file")
    except _USELESS:
        return None
    with found.reading() as rows:
        fits = identity.read_state(rows, identity.TRAINING) == made_for
    if not fits:
        found.close()
        return None
    return found


def _throw_away(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise errors.DataDirUnwritable(path=str(folder)) from error


def _begin(rows: Connection, store: Store, ids: Ids, now: datetime, made_for: str) -> None:
    """Give it an identity that no server has ever heard of, and no server."""
    found = Identity(ids.new(), TRAINING_CODE, store.store_id, "")
    identity.begin(rows, found, PairAnswer(found.terminal_id, TRAINING_CODE, store, (), _EPOCH, now))
    identity.set_synced_at(rows, now)
    identity.write_state(rows, identity.TRAINING, made_for)


def _copy(rows: Connection, catalogue: list[tuple[str, str, Any]]) -> None:
    rows.execute(delete(MIRROR).where(MIRROR.c.kind.in_(_COPIED)))
    for kind, key, value in catalogue:
        mirror.put(rows, kind, key, value, _EPOCH)


def _settle(rows: Connection, journal: Journal, ids: Ids, now: datetime, allowed: frozenset[str]) -> None:
    """People to work as, people to serve, and a key to seal new members with, whose other half nobody has."""
    names: Mapping[str, Any] = json.loads(resources.path("practice.json").read_text("utf-8"))
    known = mirror.load(rows)
    store = known.store
    if store is None:
        raise Refusal("not_paired")
    for who, pin, may in (("cashier", CASHIER_PIN, frozenset[str]()), ("manager", MANAGER_PIN, allowed)):
        name = names[who][store.slip_language]
        staff = StaffMember(ids.new(), store.merchant_id, store.store_id, name, _hash(pin), may)
        mirror.put(rows, "staff", staff.staff_id, codec.to_plain(staff), _EPOCH)
    public = base64.b64encode(X25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    mirror.put(rows, "sealing_key", _KEY_ID, codec.to_plain(SealingKey(_KEY_ID, public, now)), _EPOCH)
    plans = [plan for plan in known.plans.values() if plan.on_sale and plan.currency == store.currency]
    plans.sort(key=lambda plan: (plan.price_minor, plan.plan_id))
    for number, (major, points, held) in enumerate(_PEOPLE, 1):
        name = names["members"][number - 1][store.slip_language]
        balance_minor = major * 10 ** currency(store.currency).exponent
        member = Member(
            ids.new(), make_card_ref(os.urandom(8)), f"{TRAINING_CODE}.{number:06d}", name, f"{_PHONE}{number:04d}",
            "0", "active", balance_minor, store.currency, points, _hash(MEMBER_PIN) if number == _HAS_PIN else None,
            (_company(ids, names["company"][store.slip_language], store),) if number == 1 else (),
        )  # fmt: skip
        members.put(rows, journal.sealer, member, _EPOCH)
        for plan, (uses_taken, days) in zip(plans, held, strict=False):
            made = _pass(ids, member, plan, uses_taken, now + timedelta(days=days))
            passes.put(rows, made, _EPOCH, 0)
            if number == _AT_THE_LAST_USE:
                _set_aside(rows, ids, member, made, now)


def _company(ids: Ids, name: str, store: Store) -> CompanyCard:
    """The company that the first of the people administers."""
    return CompanyCard(ids.new(), make_card_ref(os.urandom(8)), f"{TRAINING_CODE}.E0001", name, store.currency)


def _pass(ids: Ids, member: Member, plan: PassPlan, uses_taken: int, expires_at: datetime) -> MemberPass:
    """A pass of which so many uses were taken; -1: all but one."""
    left = 1 if uses_taken < 0 else max(1, plan.uses - uses_taken)
    return MemberPass(
        ids.new(), plan.merchant_id, member.member_id, plan.plan_id, "active", plan.uses, left, expires_at
    )


def _set_aside(rows: Connection, ids: Ids, member: Member, held: MemberPass, now: datetime) -> None:
    """One use of a pass for this till, by a server's key of which nobody keeps the other half."""
    known = identity.load(rows)
    if known is None:
        raise Refusal("not_paired")
    signer = Ed25519PrivateKey.generate()
    public = base64.b64encode(signer.public_key().public_bytes_raw()).decode()
    mirror.put(rows, "server_key", _KEY_ID, codec.to_plain(ServerKey(_KEY_ID, public)), _EPOCH)
    code = ReservationCode(
        ids.new(), known.terminal_id, member.member_id, member.card_ref, "pass", held.pass_id, 1, 1, now,
        now + timedelta(days=_SET_ASIDE_DAYS), _KEY_ID, plan_id=held.plan_id,
    )  # fmt: skip
    token = encode_reservation(code, signer.sign)
    told = Reservation(code.reservation_id, token, code.amount, 0, code.expires_at, "open", "member")
    reservations.tell(rows, code, told, _EPOCH)


def _hash(pin: str) -> str:
    from argon2 import PasswordHasher  # noqa: PLC0415 - late: the first window does not need it

    return PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(pin)  # a PIN that everybody may read

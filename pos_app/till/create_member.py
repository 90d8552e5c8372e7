"""Make a member of a new customer: always possible offline; they can buy and redeem on this till at once.

Rule: the fact names them by id alone. Name, phone and language are sealed for the server beside it, and for this till
in its mirror. Whoever has the phone already is shown instead; a phone that another till has made meanwhile is merged by
the server (sync.md).
"""

import hashlib
from dataclasses import dataclass

from models import codec
from models.catalogue import Member
from models.facts import MemberCreated
from models.people import Person, clean_person
from models.refusals import Refusal
from models.sealed_box import person_context
from models.wire import SealingKey
from pos_app.journal import companions, identity, members, outbox
from pos_app.journal.sealing import seal_for_server
from pos_app.till.find_member import by_phone
from pos_app.till.recording import append
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, MemberView


@dataclass(frozen=True, slots=True)
class Created:
    """Who stands at the counter now; `known`: they were there before, and nothing was recorded."""

    view: MemberView
    known: bool


def create_member(till: Till, name: str, phone: str, language: str) -> Created:
    """Record a new member, or find the one who has this phone.

    Refusals: those of `require_shift`, `name_invalid`, `phone_invalid`, `member_inactive` (they have the phone), and
    `sealing_key_missing` while the server has never been reached.
    """
    person = require_shift(till)
    store = till.journal.store
    wanted = clean_person(Person(name, phone, language), store.calling_code)
    key = _sealing_key(till)
    member_id, fact_id = till.ids.new(), till.ids.new()
    box = seal_for_server(key, codec.encode(wanted), person_context(fact_id, member_id))
    with till.journal.writing() as rows:
        known = _with_phone(till, wanted.phone)
        if known is not None:
            return Created(known, known=True)
        member_no = f"{till.journal.terminal_code}.{outbox.last_seq(rows) + 1:06d}"
        body = MemberCreated(member_id, member_no, store.store_id, hashlib.sha256(box).hexdigest())
        recorded = append(till, rows, body, person, till.clock.now(), fact_id=fact_id)
        companions.add(rows, recorded.fact.seq, fact_id, member_id, box)
        made = Member(member_id, "", member_no, wanted.name, wanted.phone, "0", "active", 0, store.currency, 0)
        members.put(rows, till.journal.sealer, made, identity.epoch(rows))
    till.notify(Changes(facts=True, outbox=True, members=True))
    return Created(MemberView(made, (), "phone", None), known=False)


def _with_phone(till: Till, phone: str) -> MemberView | None:
    try:
        return by_phone(till, phone)[0]
    except Refusal as refusal:
        if refusal.code == "member_unknown":
            return None
        raise


def _sealing_key(till: Till) -> SealingKey:
    keys, now = till.journal.catalogue.sealing_keys, till.clock.now()
    if not keys:
        raise Refusal("sealing_key_missing")
    return next((key for key in reversed(keys) if key.use_from <= now), keys[0])

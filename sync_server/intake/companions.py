"""Open the personal data that travelled beside a fact, and seal it anew for the member that the fact makes.

Rule: it is used only when it is what the fact names by hash. In the clear it lives in this module's calls alone: what
goes to the ledger is sealed, and no failure says what it said.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from models import codec, sealed_box
from models.facts import Fact, MemberCreated
from models.people import Person, clean_person
from models.refusals import Refusal
from models.wire import MAX_COMPANION_CHARACTERS, Companion
from sync_server.intake.checks import Plain
from sync_server.intake.effects import Prepared
from sync_server.keys import Keyring, KeysTrouble
from sync_server.members import people

MISSING = "member_data_missing"
"""Why a new member is held: nothing readable came beside the fact."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What came beside the facts of a push, still sealed, by fact id; and what opens it."""

    keys: Keyring
    now: datetime
    boxes: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, keys: Keyring, now: datetime, companions: Sequence[Companion]) -> "Beside":
        """Read a push's companions; Refusal `request_malformed` for one that is no base64 or too long."""
        boxes = {}
        for place, companion in enumerate(companions):
            try:
                if len(companion.sealed) > MAX_COMPANION_CHARACTERS:
                    raise ValueError
                if box := base64.b64decode(companion.sealed, validate=True):
                    boxes[companion.fact_id] = box
            except (binascii.Error, ValueError) as error:
                raise Refusal("request_malformed", {"pointer": f"/companions/{place}/sealed"}) from error
        return cls(keys, now, boxes)

    def box_of(self, fact_id: str | None, text: str) -> bytes | None:
        """Return the box that a new member's fact names by hash, also when the rest of it is newer than we are."""
        box = self.boxes.get(fact_id or "")
        if box is None:
            return None
        try:
            plain = codec.decode(dict[str, Any], text)
        except Refusal:
            return None
        body = plain.get("body")
        named = body.get("data_hash") if isinstance(body, dict) and plain.get("kind") == "MemberCreated" else None
        return box if hashlib.sha256(box).hexdigest() == named else None


def prepared_with(prepared: Prepared, fact: Fact, beside: Beside, calling_code: str) -> Prepared:
    """Return a fact ready for the ledger with the person it brings, held when that cannot be read."""
    if not isinstance(fact.body, MemberCreated) or prepared.held is not None:
        return prepared
    person = person_of(fact, beside, calling_code)
    if person is None:
        return replace(prepared, held=MISSING)
    return replace(prepared, effect={**prepared.effect, "person": person})


def person_of(fact: Fact, beside: Beside, calling_code: str) -> Plain | None:
    """Return the columns of a new member in hex as app.create_member takes them; None when nothing readable came."""
    person, body = typed_person(fact, beside, calling_code), fact.body
    if person is None or not isinstance(body, MemberCreated):
        return None
    row = people.sealed(beside.keys, body.member_id, person, beside.now)
    known = {name: [index.hex() for index in row.pop(name)] for name in ("known_indexes", "known_names")}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()} | known


def typed_person(fact: Fact, beside: Beside, calling_code: str) -> Person | None:
    """Return a new member in the clear as typed at the till; None when nothing readable came.

    `calling_code`: of the till's store, for tills that hand in what was typed.
    """
    box = beside.boxes.get(fact.fact_id)
    body = fact.body
    if box is None or not isinstance(body, MemberCreated) or hashlib.sha256(box).hexdigest() != body.data_hash:
        return None
    try:
        clear = beside.keys.open_box(box, sealed_box.person_context(fact.fact_id, body.member_id))
        return clean_person(codec.decode(Person, clear), calling_code)
    except (KeysTrouble, Refusal):
        return None

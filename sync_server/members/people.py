"""Members as people: make one, find one by phone, and open names and phones for a till's mirror.

Rule: name and phone are sealed under a key of the person's own, itself sealed (keys.py); they are found by blind
indexes of the whole number and of its last four digits. Erasing the person's key erases the person.
Not here: codes (codes), what a member holds (ledger).
"""

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from models.catalogue import LANGUAGES, CompanyCard, Member
from models.ids import parse_id
from models.people import Person, clean_person
from models.phones import calling_code_in, e164, phone_digits, tail
from models.refusals import Refusal
from models.tokens import make_card_ref
from sync_server.database.engine import Connection
from sync_server.keys import Keyring
from sync_server.members.phone_numbers import calling_codes

_PHONE_INDEX, _TAIL_INDEX, _NAME_INDEX = "member-phone", "member-phone-tail", "member-phone-and-name"
ERASED = ""


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to register; `member_no` is printed on cards. Name and phone never show in a `repr`."""

    member_id: str
    member_no: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    level: str = "0"
    language: str = LANGUAGES[0]


def sealed(keys: Keyring, member_id: str, person: Person, now: datetime) -> dict[str, Any]:
    """Return a clean person as the columns of app.members keep them, and under `known_indexes` and `known_names` the
    indexes of their phone, and of it with their name, under every key. The person's key is fresh: without it name and
    phone are gone."""
    subject_key = keys.new_subject_key(_context(member_id, "key"), now)
    cipher = keys.subject(subject_key, _context(member_id, "key"))
    return {
        "card_ref": make_card_ref(os.urandom(16)),
        "key_sealed": subject_key,
        "name_sealed": cipher.encrypt(person.name.encode(), _context(member_id, "name")),
        "phone_sealed": cipher.encrypt(person.phone.encode(), _context(member_id, "phone")),
        "language": person.language,
        **_indexes(keys, person, now),
    }


def _indexes(keys: Keyring, person: Person, now: datetime) -> dict[str, Any]:
    digits = phone_digits(person.phone)
    named = f"{digits} {person.name.casefold()}"
    return {
        "phone_index": keys.blind_index(_PHONE_INDEX, digits, now),
        "phone_tail_index": keys.blind_index(_TAIL_INDEX, digits[-4:], now),
        "name_index": keys.blind_index(_NAME_INDEX, named, now),
        "known_indexes": keys.blind_indexes(_PHONE_INDEX, digits),
        "known_names": keys.blind_indexes(_NAME_INDEX, named),
    }


async def create(
    connection: Connection, keys: Keyring, member: NewMember, merchant_id: str, now: datetime
) -> str | None:
    """Register a member, known to this merchant from the start; returns the card reference.

    A phone that is written without a country belongs to where the merchant has most stores.

    None when this id is registered already: nothing changes then. Refusals: `phone_invalid`, `name_invalid`.
    """
    codes = await calling_codes(connection, merchant_id)
    person = clean_person(Person(member.name, member.phone, member.language), next(iter(codes), ""))
    row = sealed(keys, member.member_id, person, now)
    cursor = await connection.execute(
        "INSERT INTO app.members (member_id, member_no, level, card_ref, key_sealed, name_sealed, phone_sealed,"
        " phone_index, phone_tail_index, name_index, language) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (member_id) DO NOTHING",
        [
            parse_id(member.member_id), member.member_no, member.level, row["card_ref"], row["key_sealed"],
            row["name_sealed"], row["phone_sealed"], row["phone_index"], row["phone_tail_index"], row["name_index"],
            row["language"],
        ],
    )  # fmt: skip
    if cursor.rowcount == 0:
        return None
    await connection.execute("SELECT app.know_member(%s, %s)", [member.member_id, merchant_id])
    return str(row["card_ref"])


async def by_phone(connection: Connection, keys: Keyring, text: str) -> list[UUID]:
    """Return the members with this phone, or whose phone ends with these four digits, however it is written.

    Without a country it may be a number of any country that has a store which the caller sees.
    """
    digits = tail(text)
    if digits is not None:
        cursor = await connection.execute(_BY_TAIL, [keys.blind_indexes(_TAIL_INDEX, digits)])
        return [row[0] for row in await cursor.fetchall()]
    phones = set()
    for code in ("", *await calling_codes(connection)):
        with contextlib.suppress(Refusal):
            phones.add(e164(text, code))
    wanted = [index for phone in phones for index in keys.blind_indexes(_PHONE_INDEX, phone_digits(phone))]
    cursor = await connection.execute(_BY_PHONE, [wanted])
    return [row[0] for row in await cursor.fetchall()]


async def complete_phones(connection: Connection, keys: Keyring, now: datetime) -> int:
    """Give the numbers that were kept without a country the one of who knows the member longest; by the platform.

    Returns how many were. A number that is none there, or that another member has, stays as it is.
    """
    cursor = await connection.execute(_PEOPLE)
    completed = 0
    for member_id, key_sealed, name_sealed, phone_sealed, timezone in await cursor.fetchall():
        name, phone = opened(keys, member_id, key_sealed, name_sealed, phone_sealed)
        try:
            whole = e164(phone, calling_code_in(timezone))
        except Refusal:
            continue
        if whole == phone or await by_phone(connection, keys, whole):
            continue
        cipher = keys.subject(bytes(key_sealed), _context(member_id, "key"))
        row = {
            **_indexes(keys, Person(name, whole, LANGUAGES[0]), now),
            "phone_sealed": cipher.encrypt(whole.encode(), _context(member_id, "phone")),
            "member_id": member_id,
        }
        await connection.execute(_COMPLETE, row)
        await connection.execute("SELECT app.note_member(%s)", [member_id])
        completed += 1
    return completed


async def mirrored(
    connection: Connection, keys: Keyring, merchant_id: str, store_id: str, member_ids: Sequence[str]
) -> list[Member]:
    """Return those of these members that the merchant knows, opened, with what they hold and administer."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_MIRRORED, {"members": list(member_ids), "merchant": merchant_id, "store": store_id})
        rows = await cursor.fetchall()
    found = []
    for row in rows:
        name, phone = opened(keys, row["member_id"], row["key_sealed"], row["name_sealed"], row["phone_sealed"])
        found.append(
            Member(
                member_id=row["member_id"],
                card_ref=row["card_ref"],
                member_no=row["member_no"],
                name=name,
                phone=phone,
                level=row["level"],
                status=row["status"],
                balance_minor=row["balance_minor"],
                currency=row["currency"],
                points=row["points"],
                pin_hash=_opened_pin(keys, row),
                companies=tuple(CompanyCard(**card) for card in row["companies"]),
            )
        )
    return found


_PEOPLE = """
SELECT DISTINCT ON (m.member_id) m.member_id::text, m.key_sealed, m.name_sealed, m.phone_sealed, s.timezone
  FROM app.members AS m
  JOIN app.member_merchants AS known USING (member_id)
  JOIN app.stores AS s USING (merchant_id)
 WHERE m.key_sealed IS NOT NULL
 ORDER BY m.member_id, known.since, s.code
"""
_COMPLETE = """
UPDATE app.members SET phone_sealed = %(phone_sealed)s, phone_index = %(phone_index)s,
       phone_tail_index = %(phone_tail_index)s, name_index = %(name_index)s WHERE member_id = %(member_id)s::uuid
"""
_BY_PHONE = "SELECT member_id FROM app.members WHERE phone_index = ANY(%s)"
_BY_TAIL = "SELECT member_id FROM app.members WHERE phone_tail_index = ANY(%s) ORDER BY member_id"
_MIRRORED = """
SELECT m.member_id::text, m.card_ref, m.member_no, m.key_sealed, m.name_sealed, m.phone_sealed, m.pin_sealed, m.level,
       m.status, coalesce(h.balance_minor, 0) AS balance_minor, coalesce(h.currency, s.currency) AS currency,
       coalesce(h.points, 0) AS points, coalesce(c.companies, '[]') AS companies
  FROM app.members AS m
  JOIN app.member_merchants AS known USING (member_id)
  JOIN app.stores AS s ON s.store_id = %(store)s
  LEFT JOIN app.member_holdings(%(members)s::text[]::uuid[]) AS h USING (member_id)
  LEFT JOIN app.member_companies(%(members)s::text[]::uuid[]) AS c USING (member_id)
 WHERE m.member_id = ANY(%(members)s::text[]::uuid[]) AND known.merchant_id = %(merchant)s
"""


def opened(keys: Keyring, member_id: str, key_sealed: bytes | None, name: bytes, phone: bytes) -> tuple[str, str]:
    """Return name and phone in the clear; two empty texts for an erased person."""
    if key_sealed is None:
        return ERASED, ERASED
    cipher = keys.subject(bytes(key_sealed), _context(member_id, "key"))
    name_text, phone_text = (
        cipher.decrypt(bytes(sealed), _context(member_id, what)).decode()
        for what, sealed in (("name", name), ("phone", phone))
    )
    return name_text, phone_text


def opened_name(keys: Keyring, member_id: str, key_sealed: bytes | None, name: bytes | None) -> str:
    """Return a name in the clear; empty for an erased person."""
    if key_sealed is None or not name:
        return ERASED
    cipher = keys.subject(bytes(key_sealed), _context(member_id, "key"))
    return cipher.decrypt(bytes(name), _context(member_id, "name")).decode()


def sealed_pin(keys: Keyring, member_id: str, key_sealed: bytes, pin_hash: str) -> bytes:
    """Return the hash of a member's PIN as app.members keeps it."""
    return keys.subject(key_sealed, _context(member_id, "key")).encrypt(pin_hash.encode(), _context(member_id, "pin"))


def _opened_pin(keys: Keyring, row: Mapping[str, Any]) -> str | None:
    member_id, key_sealed, pin_sealed = row["member_id"], row["key_sealed"], row["pin_sealed"]
    if key_sealed is None or pin_sealed is None:
        return None
    cipher = keys.subject(bytes(key_sealed), _context(member_id, "key"))
    return cipher.decrypt(bytes(pin_sealed), _context(member_id, "pin")).decode()


def _context(member_id: str, what: str) -> bytes:
    return f"app.members.{what}:{member_id}".encode()

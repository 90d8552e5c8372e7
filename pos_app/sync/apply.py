"""Write what the server said into the journal: results of a push, a page of changes.

Rule: each function is one journal transaction and may be repeated; a page and its cursor are stored together.
"""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from models import codec, wire
from models.catalogue import Member, MemberPass
from models.refusals import Refusal
from models.reservations import Reservation
from models.tokens import decode_reservation
from models.versions import CURRENT
from pos_app.journal import (
    aliases,
    companions,
    copies,
    decisions,
    identity,
    members,
    mirror,
    outbox,
    passes,
    prints,
    reservations,
    retention,
    seals,
    signatures,
    tampering,
    trust,
)
from pos_app.journal.store import Journal
from pos_app.journal.tables import FACTS

_log = logging.getLogger(__name__)
_KINDS = {**mirror.KINDS, decisions.KIND: wire.HeldDecision}


def note_push(
    journal: Journal, request: wire.PushRequest, sent: Sequence[outbox.PendingFact], answer: wire.PushAnswer
) -> bool:
    """Take over the answer to a push; True when it brought the queue or the print reports forward.

    A gap or a new epoch makes what the server lacks pending again. A server that says that a fact continues another
    history, or knows more of this chain than this till has, means a fork: it is noted, and unproven spending stays off
    (sync.md, "Facts").
    """

    def work(rows: Connection) -> bool:
        done = _note_epoch(rows, answer.epoch)
        done += outbox.note_results(rows, sent, answer.results, answer.acknowledged_seq, answer.server_time)
        prints.note_reported(rows, request.prints)
        forked = any(result.reason in ("fork", "terminal_forked") for result in answer.results)
        _note_fork(rows, answer.acknowledged_seq, forked)
        if answer.gap:
            done += outbox.send_again_after(rows, answer.acknowledged_seq)
        retention.note_backed_up(rows, answer.epoch, answer.backed_up_through)
        seals.take(rows, answer.seal, answer.epoch)
        _keep_countersignature(rows, answer)
        return bool(done or request.prints)

    return journal.keep(work)


def cursor(rows: Connection) -> str:
    """Return where the next page begins: anew after an upgrade, for the rows as stored lack what is new in them."""
    if identity.read_state(rows, "pulled_as") != str(CURRENT):
        return ""
    return str(identity.read_state(rows, "cursor") or "")


def apply_page(journal: Journal, answer: wire.ChangesAnswer) -> None:
    """Store one page of changes with its cursor. A row that cannot be read is left out and named in the log."""

    def work(rows: Connection) -> None:
        trusted = trust.holds(rows, journal.keys)
        _note_fork(rows, answer.acknowledged_seq, answer.forked)
        _note_epoch(rows, answer.epoch)
        retention.note_backed_up(rows, answer.epoch, answer.backed_up_through)
        for change in answer.changes:
            try:
                _apply_change(rows, journal, change, answer)
            except Refusal as refusal:
                _log.warning("change of %s is unreadable at %s", change.table, refusal.data.get("pointer"))
        seals.take(rows, answer.seal, answer.epoch)
        identity.write_state(rows, "cursor", answer.cursor)
        identity.write_state(rows, "pulled_as", str(CURRENT))
        if not answer.more:
            if identity.read_state(rows, "mirror_epoch") != answer.epoch:
                mirror.forget_other_epochs(rows, answer.epoch)
                members.forget_other_epochs(rows, answer.epoch)
                passes.forget_other_epochs(rows, answer.epoch)
                aliases.forget_other_epochs(rows, answer.epoch)
                reservations.forget_other_epochs(rows, answer.epoch)
                identity.write_state(rows, "mirror_epoch", answer.epoch)
            passes.settle(rows, answer.acknowledged_seq, answer.server_time)
            identity.set_synced_at(rows, answer.server_time)
        if trusted:
            trust.seal(rows, journal.keys)

    journal.keep(work)
    if answer.changes:
        journal.reload()


def _apply_change(rows: Connection, journal: Journal, change: wire.Change, answer: wire.ChangesAnswer) -> None:
    value: Any = change.value
    if change.table in ("member", "member_alias"):
        _apply_member(rows, journal, change, answer.epoch)
    elif change.table == "pass":
        if value is None:
            passes.remove(rows, change.key, answer.acknowledged_seq)
        else:
            passes.put(rows, codec.from_plain(MemberPass, value, newer_too=True), answer.epoch, answer.acknowledged_seq)
    elif change.table == "reservation":
        _apply_reservation(rows, journal, change, answer.epoch)
    elif change.table in _KINDS:
        if value is None:
            mirror.remove(rows, change.table, change.key)
        else:
            codec.from_plain(_KINDS[change.table], value, newer_too=True)
            mirror.put(rows, change.table, change.key, value, answer.epoch)
    else:
        _log.info("changes of %s are newer than this program and are left out", change.table[:40])


def _apply_member(rows: Connection, journal: Journal, change: wire.Change, epoch: str) -> None:
    value: Any = change.value
    if change.table == "member" and value is None:
        _outdate_copies(rows, journal, change.key)
        members.remove(rows, change.key)
        companions.forget_member(rows, change.key)
    elif change.table == "member":
        member = codec.from_plain(Member, value, newer_too=True)
        if not member.name:
            _outdate_copies(rows, journal, member.member_id)
        members.put(rows, journal.sealer, member, epoch)
        _forget_erased(rows, member)
    elif value is None:
        aliases.remove(rows, change.key)
    else:
        alias = codec.from_plain(wire.MemberAlias, value, newer_too=True)
        stands_for = members.by_id(rows, journal.sealer, alias.member_id)
        if stands_for is not None and not stands_for.name:
            _outdate_copies(rows, journal, alias.alias_id)
        members.merge(rows, alias.alias_id, alias.member_id, epoch)
        _forget_erased(rows, stands_for)


def _apply_reservation(rows: Connection, journal: Journal, change: wire.Change, epoch: str) -> None:
    """Take over what is set aside for this till; a token that the server's keys do not vouch for is none."""
    if change.value is None:
        reservations.close(rows, change.key)
        return
    said = codec.from_plain(Reservation, change.value, newer_too=True)
    keys, own = signatures.server_keys(rows), journal.require_identity().terminal_id

    def vouched(key_id: str, message: bytes, signature: bytes) -> bool:
        return signatures.holds_raw(keys, key_id, signature, message) is True

    try:
        code = decode_reservation(said.token, vouched, terminal_id=own)
    except Refusal as refusal:
        _log.warning("what is set aside in %s does not hold: %s", change.key, refusal.code)
        return
    reservations.tell(rows, code, said, epoch)


def _forget_erased(rows: Connection, member: Member | None) -> None:
    """An erased person is a row without a name; nothing of theirs goes out again."""
    if member is not None and not member.name:
        companions.forget_member(rows, member.member_id)


def _outdate_copies(rows: Connection, journal: Journal, member_id: str) -> None:
    """Whom this till knows until now is in the copies of its journal too."""
    found = (members.by_id(rows, journal.sealer, known_as) for known_as in aliases.ids_of(rows, member_id))
    if any(one is not None and one.name for one in found):
        copies.outdate(rows)


def _note_epoch(rows: Connection, epoch: str) -> int:
    """Begin a new epoch, if it is one: all that is kept goes out again. Returns how many facts that are."""
    if epoch == identity.epoch(rows):
        return 0
    _log.warning("the ledger has a new epoch; this till sends again what it kept")
    identity.write_state(rows, "epoch", epoch)
    _keep_as_heard(rows)
    identity.write_state(rows, "cursor", "")
    prints.report_again(rows)
    tampering.tell_again(rows)
    return outbox.send_again_after(rows, 0)


def _keep_as_heard(rows: Connection) -> None:
    """The last head that an earlier epoch countersigned goes along with what is sent again."""
    last, before = identity.read_state(rows, "countersignature"), identity.read_state(rows, "heard")
    if last is not None and (before is None or last["seq"] >= before["seq"]):
        identity.write_state(rows, "heard", last)
    identity.write_state(rows, "countersignature", None)


def heard_before(rows: Connection, first_seq: int) -> wire.HeardHead | None:
    """Return the proof that an earlier epoch had facts from this place on; None when it had not."""
    found = identity.read_state(rows, "heard")
    return codec.from_plain(wire.HeardHead, found) if found is not None and first_seq <= found["seq"] else None


def _keep_countersignature(rows: Connection, answer: wire.PushAnswer) -> None:
    """Keep the server's signature under the end of the chain as it stands there: the proof of what it acknowledged."""
    ours = rows.execute(select(FACTS.c.hash).where(FACTS.c.seq == answer.acknowledged_seq)).scalar_one_or_none()
    if answer.countersignature is None or answer.countersignature_key_id is None or ours is None:
        return
    head = wire.HeardHead(
        answer.acknowledged_seq, ours, answer.epoch, answer.countersignature_key_id, answer.countersignature
    )
    identity.write_state(rows, "countersignature", codec.to_plain(head))


def _note_fork(rows: Connection, acknowledged_seq: int, forked: bool) -> None:
    """Note a fork for good, when the server says so or has facts of this till that the journal lacks."""
    known = outbox.last_seq(rows)
    if (forked or acknowledged_seq > known) and identity.read_state(rows, "fork") is None:
        _log.error("another history of this till: the server is at %s, the journal at %s", acknowledged_seq, known)
        identity.write_state(rows, "fork", {"server_seq": acknowledged_seq, "own_seq": known})
        if acknowledged_seq > known:
            tampering.note(rows, (wire.TillAlarm("journal_behind", known),))

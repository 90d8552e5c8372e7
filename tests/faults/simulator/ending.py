"""The end of a run: everything is repaired and connected, and then all must agree.

Rule: no act of a cashier; what is left over settles by itself (sync.md, "What must stay true").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.phones import e164
from pos_app.journal import members, outbox, passes, prints
from pos_app.journal.verify import verify
from sync_server.reports import invariants
from tests.faults.simulator import headquarters
from tests.faults.simulator.expected import require
from tests.faults.simulator.setting_up import pair_again
from tests.faults.simulator.till import SimulatedTill
from tests.sync_server.ledger import books

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

_MOST_ROUNDS = 12
_SETTLED_SECONDS = 70
"""After a minute a till takes the mirror's word for what it has done itself."""


def settle(run: Run) -> None:
    """Repair, reconnect, drain, and compare the whole."""
    for till in run.tills:
        till.network.up = True
        till.network.forget()
        till.empty_disk()
        till.printer.trouble = till.printer.breaks = None
        if not till.running:
            till.open()
            run.watches[till.number].look(None, again=True)
    for till in run.tills:
        if run.mine(till.number).paired_at is None:
            till.sync()  # it hears that nobody knows it
            pair_again(run, till)
    _drained(run)
    _agreed(run)
    for number in run.copies:
        run.swap_with_clone(run.tills[number])
    if run.copies:
        _drained(run)
        _agreed(run)
    run.server.seal()
    _whole(run)


def _drained(run: Run) -> None:
    """Everybody hands in and hears of the others."""
    busy = run.tills
    for _ in range(_MOST_ROUNDS):
        run.server.seal()
        for till in busy:
            run.time.passes(1)
            till.app.prints.tick()
            till.sync()
            run.look(till.number)
        busy = [till for till in run.tills if _waits(till)]
        if not busy:
            break
    run.time.passes(_SETTLED_SECONDS)
    for till in run.tills:
        till.sync()


def _agreed(run: Run) -> None:
    for till in run.tills:
        _handed_in(run, till)
        _verified(run, till)
        if run.mine(till.number).revoked:
            continue
        headquarters.mirrored(run, till)
        if not till.life and run.backups.hole(till) is None:
            _seen_alike(run, till)
        if not till.life and not run.server.restores:
            _settled(run, till)


def _settled(run: Run, till: SimulatedTill) -> None:
    """What was granted was handed over or taken back: a fact says so."""
    for request_id, request in run.mine(till.number).requests.items():
        open_ = request.outcome == "accepted" and not request.fact
        require(not open_, 6, f"till {till.number}: request {request_id} was granted and nothing followed")


def _seen_alike(run: Run, till: SimulatedTill) -> None:
    """What a till would show of every member is what the ledger has."""
    ledger = run.expected.ledger
    for person in run.members():
        with till.journal.reading() as rows:
            member = members.by_id(rows, till.journal.sealer, person.member_id)
            others = [members.by_id(rows, till.journal.sealer, alias) for alias in run.aliases(person)]
            country = till.journal.store.calling_code
            same = members.by_phone(rows, till.journal.sealer, e164(person.phone, country), country)
            shown = {
                held.pass_id: (held.uses_left, held.uses_bought) for held in passes.of_member(rows, person.member_id)
            }
        wanted = {
            each.pass_id: (ledger.uses(each), each.bought)
            for each in ledger.passes.values()
            if each.member == person.member_id
        }
        require(shown == wanted, 0, f"till {till.number} shows {shown} of a member, the ledger has {wanted}")
        assert member is not None
        require(same == (member,), 0, f"till {till.number} finds {len(same)} members by one phone")
        require(all(other == member for other in others), 0, f"till {till.number} takes one member for several")
        card = ledger.cards[person.card_id]
        told, held = (member.balance_minor, member.points), (ledger.holds(card), ledger.points(card))
        require(told == held, 0, f"till {till.number} shows {told} on a card, the ledger has {held}")


def _waits(till: SimulatedTill) -> bool:
    with till.journal.reading() as rows:
        return bool(outbox.summary(rows).pending or prints.unreported(rows, 1) or prints.next_waiting(rows))


def _handed_in(run: Run, till: SimulatedTill) -> None:
    """Nothing waits, and journal and server hold the same bytes with the same outcome."""
    require(till.app.client.reachable, 0, f"till {till.number} reaches nobody at the end")
    stored = run.mine(till.number).stored
    # What a copy of the till or an old message has handed in after a restore, the till itself does not hand in again.
    unheard = run.server.restores and (till.life or till.number in run.late)
    hole = run.backups.hole(till)
    if hole is not None:  # a backup older than a noted one was restored: what is behind it waits, and HQ knows (0014)
        run.counted["a hole after a restore"] += 1
        waits = any(state == "pending" and seq > hole for seq, _, _, state, _, _ in till.rows())
        require(not waits or run.backups.alarmed(till), 9, f"till {till.number} waits behind {hole} and nobody knows")
    for seq, hashed, _, state, reason, tx_no in till.rows():
        if hole is not None and seq >= hole:
            break
        require(state != "pending", 10, f"till {till.number}: fact {seq} still waits at the end")
        found = stored.get(hashed)
        require(bool(found or unheard), 10, f"till {till.number}: fact {seq} is lost")
        if found is None or (reason, tx_no) != (found.reason, found.tx_no):
            run.counted["excused after a restore: " + ("another outcome" if found else "unknown to the server")] += 1
        if found is not None and not unheard:
            told, wanted = (reason, tx_no), (found.reason, found.tx_no)
            require(told == wanted, 6, f"till {till.number}: fact {seq} is {told} here and {wanted} at the server")


def _verified(run: Run, till: SimulatedTill) -> None:
    """The till's own check finds nothing but the nonsense that was put there."""
    nonsense = {
        text
        for seq, hashed, *_ in till.rows()
        for text in (f"fact {seq}: its bytes are no fact", f"outbox row {seq} has no fact")
        if run.expected.poisoned.get(hashed) == "fact_unreadable"
    }
    with till.journal.reading() as rows:
        broken = [text for finding in verify(rows) for text in finding.broken if text not in nonsense]
    require(not broken, 9, f"till {till.number}: {broken}", "verify")


def _whole(run: Run) -> None:
    """The server's own check, and every account, lot, pass and transaction beside the second opinion."""
    found = run.server.run(invariants.check(run.server.pool))
    for number, result in found.items():
        require(result.state == "holds", int(number), result.details, "check")
    aliases = dict(run.server.rows("SELECT alias_id::text, member_id::text FROM app.member_aliases"))
    require(aliases == run.expected.members.aliases, 0, f"aliases {aliases}, not {run.expected.members.aliases}")
    (looked,) = run.server.rows(books._LOOK)[0]
    wanted = books.picture(run.expected.ledger)
    for part in wanted:
        if looked[part] != wanted[part]:
            both = {**looked[part], **wanted[part]} if isinstance(wanted[part], dict) else {}
            differs = {
                k: (looked[part].get(k), wanted[part].get(k))
                for k in both
                if looked[part].get(k) != wanted[part].get(k)
            }
            require(False, 11, f"{part} differ (found, expected): {differs or (looked[part], wanted[part])}")

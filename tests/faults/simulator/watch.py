"""Compare what really happened with what must have: at the server after every delivery, at a till after every step.

Rule: only what was touched is looked at; the whole is looked at when a run ends (ending).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

from models import codec, wire
from models.facts import GENESIS, MemberCreated, SlipReprinted, decode_fact
from models.ids import parse_slip_number
from models.refusals import Refusal
from tests.faults.simulator.expected import Expected, Request, Stored, require
from tests.faults.simulator.network import Delivery
from tests.faults.simulator.server import SimulatedServer
from tests.faults.simulator.till import Row, SimulatedTill

_KEPT: LiteralString = """
SELECT encode(f.hash, 'hex'), f.seq, f.in_chain, f.reason, f.tx_no FROM app.facts AS f
 WHERE f.terminal_id = %s AND f.hash = ANY (%s)
"""
_PAIRED: LiteralString = "SELECT t.paired_at FROM app.terminals AS t WHERE t.terminal_id = %s"
_CARDS: LiteralString = "SELECT member_id::text, card_id::text, card_ref FROM app.cards WHERE member_id IS NOT NULL"
_ANSWERED: LiteralString = (
    "SELECT app.stored_outcome(r) FROM app.idempotency_registry AS r WHERE r.principal_id = %s AND r.key = %s"
)
_HELD: LiteralString = """
SELECT a.owner_kind, a.owner_id::text, a.bucket, a.unit, a.balance, a.version, a.floor, e.total, e.count, e.chained
  FROM app.accounts AS a CROSS JOIN LATERAL (
       SELECT coalesce(sum(s.delta), 0)::bigint AS total, count(*) AS count,
              coalesce(bool_and(s.balance_after = s.run AND s.version = s.no), true) AS chained
         FROM (SELECT e.delta, e.version, e.balance_after, sum(e.delta) OVER w AS run, row_number() OVER w AS no
                 FROM app.entries AS e WHERE e.ledger_id = a.ledger_id AND e.account_id = a.account_id
               WINDOW w AS (ORDER BY e.version)) AS s) AS e
 WHERE a.guarded AND a.owner_id = ANY (%s)
"""
_POSTED: LiteralString = """
SELECT r.tx_no,
       (SELECT count(*) FROM app.transactions AS t WHERE t.created_at = r.created_at AND t.tx_id = r.tx_id),
       (SELECT count(*) FROM audit.event_log AS l WHERE l.tx_id = r.tx_id),
       (SELECT count(*) FROM (SELECT FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)
                               WHERE e.created_at = r.created_at AND e.tx_id = r.tx_id
                               GROUP BY a.unit HAVING sum(e.delta) <> 0) AS uneven),
       (SELECT array_agg(p.use_no ORDER BY p.line_no) FROM app.pass_redemption_batches AS b
          JOIN app.pass_redemptions AS p USING (ledger_id, redemption_id) WHERE b.tx_id = r.tx_id)
  FROM app.tx_registry AS r WHERE r.tx_no = ANY (%s)
"""
_FORKED: LiteralString = """
SELECT coalesce(bool_or(h.forked_at IS NOT NULL), false) FROM app.terminal_heads AS h WHERE h.terminal_id = %s
"""
_CHANGED = ("journal_edited", "journal_cut", "journal_behind", "countersignature_forged")
_COUNT: LiteralString = "SELECT (SELECT count(*) FROM app.transactions), (SELECT count(*) FROM app.tx_registry)"


class ServerWatch:
    """Hears every delivery; `expected` may be exchanged for an older copy of itself when the database is."""

    def __init__(self, server: SimulatedServer, expected: Expected, terminals: Sequence[str]) -> None:
        self._server, self.expected, self._terminals = server, expected, terminals
        self.counted: Counter[str] = Counter()

    def __call__(self, delivery: Delivery) -> None:
        """Follow one delivery and compare what it touched."""
        path = delivery.sent.target.partition("?")[0].rpartition("/")[2]
        status = delivery.heard.status
        self.counted[f"{path} {status if delivery.whole else 'cut'}"] += 1
        require(status != 500 or not delivery.whole, 0, f"{path}: {delivery.heard.body[:300]!r}")
        if path == "pair":
            self.note_paired()
        elif path != "health" and delivery.sent.till < len(self._terminals):
            known = self.expected.terminals[self._terminals[delivery.sent.till]]
            require(status != 200 or known.paired_at is not None, 14, f"{path}: a stranger was served")
        if path == "facts":
            self._push(delivery)
        elif path == "requests":
            self._request(delivery)
        elif path == "alarms":
            self._alarms(delivery)
        self.compare()

    def note_paired(self) -> None:
        """See which of those who had no key at the server have one now."""
        for terminal, known in self.expected.terminals.items():
            if known.paired_at is None:
                ((known.paired_at,),) = self._server.rows(_PAIRED, terminal)

    def _push(self, delivery: Delivery) -> None:
        terminal = self._terminals[delivery.sent.till]
        push = codec.decode(wire.PushRequest, delivery.sent.text)
        hashes = [hashlib.sha256(text.encode()).digest() for text in push.facts]
        kept = {row[0]: Stored(*row[1:]) for row in self._server.rows(_KEPT, terminal, hashes)} if hashes else {}
        if push.companions:
            self.expected.cards_given = self.cards()
        complete = self.expected.take_push(
            terminal, push.facts, kept, self._server.time.now, push.heard, push.companions
        )
        for stored in kept.values():
            self.counted[f"fact {stored.reason or 'posted'}"] += 1
        if delivery.heard.status != 200:
            return
        require(complete, 10, "a push was answered before all of it was kept")
        answer = codec.decode(wire.PushAnswer, delivery.answer)
        known = self.expected.terminals[terminal]
        for result, hashed in zip(answer.results, hashes, strict=False):
            there = known.stored.get(hashed.hex())
            require(there is not None, 10, f"fact {result.seq} was acknowledged and is not there")
            assert there is not None
            told = (result.seq, result.reason, result.tx_no)
            require(told == (there.seq, there.reason, there.tx_no), 6, f"{told} was answered for {there}")
        if not push.facts or answer.results:
            aside = bool(hashes) and not known.stored[hashes[len(answer.results) - 1].hex()].in_chain
            wanted = answer.results[-1].seq if aside else len(known.chain)
            require(answer.acknowledged_seq == wanted, 9, f"the watermark is {answer.acknowledged_seq}, not {wanted}")
        require(answer.gap == (len(answer.results) < len(hashes)), 9, f"gap: {answer.gap}")

    def cards(self) -> dict[str, tuple[str, str]]:
        """Id and reference of each member's card."""
        return {member: (card, ref) for member, card, ref in self._server.rows(_CARDS)}

    def _request(self, delivery: Delivery) -> None:
        terminal = self._terminals[delivery.sent.till]
        request = codec.decode(wire.ActionRequest, delivery.sent.text)
        found = self._server.rows(_ANSWERED, terminal, request.request_id)
        known = self.expected.terminals[terminal].requests.get(request.request_id)
        if not found:
            require(known is None, 6, "an answered request is not known any more")
            require(delivery.heard.status != 200, 6, "a request was answered and its answer not kept")
            return
        kept: dict[str, Any] = found[0][0]
        wanted = self.expected.take_request(terminal, request, kept.get("tx_no"), self._server.time.now)
        self._alike(wanted, kept)
        if known is None:
            kind = "redeem" if request.redeem else "charge" if request.charge else "refund"
            self.counted[f"{kind} {wanted.code or 'granted'}"] += 1
        if delivery.heard.status == 200:
            answer = codec.to_plain(codec.decode(wire.ActionAnswer, delivery.answer))
            self._alike(wanted, answer)

    def _alarms(self, delivery: Delivery) -> None:
        """A till that says that its journal was changed or is behind spends nothing unproven any more."""
        told = codec.decode(wire.TillAlarms, delivery.sent.text)
        terminal = self._terminals[delivery.sent.till]
        if not any(one.kind in _CHANGED for one in told.alarms) or delivery.heard.status in (400, 401, 403):
            return
        # One that was killed at its answer may have kept it or not.
        kept = delivery.heard.status == 200 or self._server.rows(_FORKED, terminal)[0][0]
        self.expected.terminals[terminal].forked |= bool(kept)

    def _alike(self, wanted: Request, told: dict[str, Any]) -> None:
        found = (told["outcome"], told.get("code"), told.get("tx_no"), told.get("uses_left"))
        fits = (wanted.outcome, wanted.code, wanted.tx_no, wanted.uses_left)
        require(found == fits, 6, f"a request was answered {found}, expected {fits}")
        if wanted.outcome == "accepted":
            data = told.get("data") or {}
            differs = {name: (data.get(name), value) for name, value in wanted.data.items() if data.get(name) != value}
            require(not differs, 4, f"a request was answered with (found, expected) {differs}")

    def compare(self) -> None:
        """Look at what has moved since the last time."""
        ledger = self.expected.ledger
        owners = sorted({account[1] for account in ledger.touched if account[0] in ("card", "pass")})
        wanted = {account: ledger.accounts[account] for account in ledger.accounts if account[1] in owners}
        for row in self._server.rows(_HELD, owners) if owners else ():
            account, (balance, version, floor, total, count, chained) = row[:4], row[4:]
            require(balance >= floor, 3, f"{account} holds {balance}")
            require(balance == total and version == count and chained, 2, f"{account}: {balance}, entries {total}")
            invariant = {"points": 13, "uses": 5}.get(account[2], 4)
            require(balance == wanted.pop(account, 0), invariant, f"{account} holds {balance}, not as it must")
        missing = {account: held for account, held in wanted.items() if held and account[0] in ("card", "pass")}
        require(not missing, 2, f"no account for {missing}")
        posted = {row[0]: row[1:] for row in self._server.rows(_POSTED, ledger.fresh)} if ledger.fresh else {}
        for tx_no in ledger.fresh:
            require(tx_no not in self.expected.lost_numbers, 7, f"{tx_no} was given before a restore")
            require(tx_no in posted and posted[tx_no][0] == 1, 7, f"{tx_no!r} stands not once in the books")
            require(posted[tx_no][1] == 1, 8, f"{tx_no} has {posted[tx_no][1]} audit rows")
            require(posted[tx_no][2] == 0, 1, f"{tx_no} does not sum to zero")
            numbers, wanted_numbers = posted[tx_no][3], ledger.use_numbers.get(tx_no)
            require(numbers == wanted_numbers, 5, f"{tx_no} has the use numbers {numbers}, not {wanted_numbers}")
        counts = self._server.rows(_COUNT)[0]
        require(counts == (len(ledger.posted),) * 2, 6, f"{counts} transactions, {len(ledger.posted)} causes")
        ledger.touched.clear()
        ledger.fresh.clear()


@dataclass
class TillWatch:
    """What one till has shown so far, in its present history."""

    till: SimulatedTill
    expected: Expected
    terminal: str
    chain: list[str] = field(default_factory=list)
    states: dict[str, tuple[str, str | None, str | None]] = field(default_factory=dict)
    originals: Counter[tuple[int, str]] = field(default_factory=Counter)
    slips: set[tuple[str, int]] = field(default_factory=set)
    series: Counter[str] = field(default_factory=Counter)
    typing: str = ""
    """The phone of the new member at the counter, which no fact tells."""
    _sheets: int = 0

    def look(self, done: str | None, again: bool = False) -> None:
        """Read what is new; `again` reads all, as after a restart. `done`: a fact that the screen said is there."""
        rows = self.till.rows(0 if again else len(self.chain))
        if again:
            kept = [row[1] for row in rows[: len(self.chain)]]
            require(kept == self.chain, 10, "facts that were committed are gone or changed")
            rows = rows[len(self.chain) :]
        ids = set()
        for row in rows:
            ids.add(self._fact(row))
        require(done is None or done in ids, 10, "the screen said done and there is no fact")

    def _fact(self, row: Row) -> str | None:
        seq, hashed, data = row[:3]
        require(hashlib.sha256(data).hexdigest() == hashed, 9, f"fact {seq}: hash and bytes differ")
        require(seq == len(self.chain) + 1, 9, f"fact {seq} follows {len(self.chain)}")
        before = self.chain[-1] if self.chain else GENESIS
        self.chain.append(hashed)
        try:
            fact = decode_fact(data)
        except Refusal:
            return None
        require(fact.prev == before, 9, f"fact {seq} does not continue the one before")
        for text in getattr(fact.body, "slips", ()):
            number = parse_slip_number(text)
            self.series[number.kind] += 1
            require(number.counter == self.series[number.kind], 7, f"{text} is number {self.series[number.kind]}")
            self.slips.add((text, 0))
        if isinstance(fact.body, MemberCreated):
            self.expected.members.typed[fact.body.member_id] = self.typing
        if isinstance(fact.body, SlipReprinted):
            self.slips.add((fact.body.slip, fact.body.copy))
        return fact.fact_id

    def acknowledged(self) -> None:
        """Whatever the till takes for acknowledged is at the server, with that outcome."""
        stored = self.expected.terminals[self.terminal].stored
        for seq, hashed, state, reason, tx_no in self.till.states():
            told = (state, reason, tx_no)
            if state != "pending" and self.states.get(hashed) != told:
                found = stored.get(hashed)
                require(found is not None, 10, f"fact {seq} counts as acknowledged, and the server has it not")
                assert found is not None
                wanted = ("held" if found.reason else "accepted", found.reason, found.tx_no)
                require(told == wanted, 6, f"fact {seq} is {told} at the till, {wanted} at the server")
            self.states[hashed] = told

    def paper(self) -> None:
        """Every sheet belongs to a durable fact, and of each slip one at most is not marked as a copy."""
        for job_id, _ in self.till.printer.sheets[self._sheets :]:
            slip, _, copy = job_id.rpartition("-")
            require((slip, int(copy)) in self.slips, 10, f"paper {job_id} without a fact")
            self.originals[self.till.life, job_id] += 1
            most = self.originals[self.till.life, job_id]
            require(most == 1, 10, f"{most} papers {job_id}")
        self._sheets = len(self.till.printer.sheets)

    def copied(self) -> TillWatch:
        """What the folder has shown, to go with a copy of it."""
        return replace(
            self,
            chain=list(self.chain),
            states=dict(self.states),
            slips=set(self.slips),
            series=self.series.copy(),
        )

    def becomes(self, other: TillWatch) -> None:
        """The folder is a copy now: what that has shown is what counts as its history."""
        self.chain, self.states, self.slips, self.series = other.chain, other.states, other.slips, other.series

"""Keep till and server in step by itself: push what waits, pull what changed, try again when nobody answers.

Rule: one cycle at a time, in the background; no exception leaves it. A new fact wakes it up, and news from HQ
(`listener`); after a failure it waits longer each time (with jitter), never shorter than the server asked for.
Not here: what a message does (`apply`).
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection

from models import wire
from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.journal import companions, identity, outbox, prints, seals, tampering
from pos_app.journal.store import Journal
from pos_app.sync import apply
from pos_app.sync.client import ServerClient
from pos_app.sync.errors import ServerUnavailable, ServerUnreached
from pos_app.sync.listener import Listener
from pos_app.sync.signing import signed_head

_log = logging.getLogger(__name__)

PULL_SECONDS = 5.0
HEARD_SECONDS = 15.0
"""The same while the listener would hear of news: for what no news tells, as a revocation or a dead line."""
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 10.0
REFUSED_RETRY_SECONDS = 60.0
"""The server answers, but will not have this till (revoked, unknown, wrong protocol): somebody at HQ must act."""
LEAST_PUSH_BYTES = 64 << 10
"""A fact that a server takes in no push goes cut, but none that is shorter than this: no cashier's act is longer."""
_MOST_REPORTS = 200
_OF_MEMBERS = frozenset({"member", "member_alias", "pass", "reservation"})
_MOST_PAGES = 10_000
_MOST_COMPACTIONS = 20
_NET_SECONDS = 30
_JOB = "sync"
_NO_PROGRESS = "no progress"


@dataclass(frozen=True, slots=True)
class Cycle:
    """How a cycle went: `good` when till and server are in step, else it failed or the server refused something."""

    due_seconds: float
    good: bool


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one push carries. `sold`: a sale of a pass leaves with it that never left before."""

    facts: tuple[outbox.PendingFact, ...]
    reports: tuple[wire.PrintReport, ...]
    seal: wire.SealHead | None
    beside: tuple[wire.Companion, ...]
    heard: wire.HeardHead | None
    revoked: bool
    sold: bool


class Report(Protocol):
    """Told what a cycle changed, by the field names of `Changes`."""

    def __call__(self, **what: bool) -> None: ...


class SyncLoop:
    """The background of one till's syncing. `sweep` runs before each push: it records what a failure left open."""

    def __init__(
        self,
        journal: Journal,
        client: ServerClient,
        report: Report,
        jitter: Callable[[], float] = random.random,
        sweep: Callable[[], object] = lambda: None,
        listener: Listener | None = None,
    ) -> None:
        self._journal = journal
        self._client = client
        self._report = report
        self._jitter = jitter
        self._sweep = sweep
        self._listener = listener
        self._scheduler: BackgroundScheduler | None = None
        self._guard = threading.RLock()
        self._cycling = threading.Lock()
        self._woken = threading.Event()
        self._failures = 0
        self._not_before = datetime.min.replace(tzinfo=UTC)
        self._most_facts = wire.MAX_FACTS_PER_PUSH
        self._most_bytes = wire.MAX_PUSH_BYTES

    def start(self) -> None:
        """Begin; the first cycle runs at once."""
        scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        scheduler.start()
        self._scheduler = scheduler
        # The interval is only the net below: each cycle says itself when the next is due.
        scheduler.add_job(
            self._run, "interval", id=_JOB, seconds=_NET_SECONDS, next_run_time=datetime.now(UTC), max_instances=3
        )

        if self._listener is not None:
            self._listener.start(self.wake)

    def stop(self) -> None:
        """End; a cycle that is running finishes first, waiting for news ends at once."""
        if self._listener is not None:
            self._listener.stop()
        with self._guard:  # a cycle that ends now finds its job, or no scheduler
            scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Something new waits: run soon, unless the server asked to be left alone or just failed."""
        with self._guard:
            self._woken.set()
            self._schedule(max(datetime.now(UTC), self._not_before))

    def cycle(self) -> Cycle:
        """Run one cycle now; returns after how many seconds the next is due. Never raises for the world's failures."""
        with self._cycling:
            was_reachable = self._client.reachable
            try:
                self._work()
                ended = Cycle(PULL_SECONDS, good=True)
            except ServerUnavailable as error:
                ended = self._failed(error.retry_after_seconds)
            except Refusal as refusal:
                _log.warning("the server refuses this till: %s", refusal.code)
                self._note_refused(refusal.code)
                asked_seconds = float(str(refusal.data.get("retry_after_seconds", 0)))
                ended = Cycle(max(REFUSED_RETRY_SECONDS, asked_seconds), good=False)
            except Trouble as trouble:
                _log.error("syncing waits: %s", trouble.code)
                ended = self._failed(0.0)
            if self._client.reachable != was_reachable:
                self._report(network=True)
            if self._listener is not None:
                self._listener.note_cycle(self._journal.identity is not None and ended.good)
            return ended

    def _note_refused(self, code: str | None) -> None:
        """Keep why the server will not have this till, for the cashier to see; None: it will.

        Revoked, which the server's key proves, is for good: a server that was restored has forgotten it. Only pairing
        anew ends it. All else, `revocation_unproven` too, lasts until the server takes the till again.
        """
        try:
            with self._journal.reading() as rows:
                known = identity.read_state(rows, "refused")
            if known not in (code, "terminal_revoked"):
                self._journal.keep(lambda rows: identity.write_state(rows, "refused", code))
                self._report(network=True)
        except Trouble as trouble:  # the next cycle says it again
            _log.error("why the server refuses could not be kept: %s", trouble.code)

    def _run(self) -> None:
        if self._cycling.locked():
            return  # the cycle that runs looks at `_woken` when it ends
        self._woken.clear()
        try:
            ended = self.cycle()
        except Exception:  # noqa: BLE001 - a bug must not end syncing for the day; logged with its trace
            _log.exception("a sync cycle failed")
            ended = Cycle(LONGEST_RETRY_SECONDS, good=False)
        now = datetime.now(UTC)
        heard = ended.good and self._listener is not None and self._listener.hears
        due = now + timedelta(seconds=HEARD_SECONDS if heard else ended.due_seconds)
        with self._guard:  # whoever wakes it between the look and the plan would not be heard
            self._not_before = now if ended.good else due
            self._schedule(self._not_before if self._woken.is_set() else due)

    def _schedule(self, moment: datetime) -> None:
        with self._guard:
            if self._scheduler is not None:
                self._scheduler.modify_job(_JOB, next_run_time=moment)

    def _failed(self, asked_seconds: float) -> Cycle:
        self._failures += 1
        base = min(FIRST_RETRY_SECONDS * (1 << min(self._failures - 1, 10)), LONGEST_RETRY_SECONDS)
        return Cycle(max(base * (0.5 + self._jitter()), asked_seconds), good=False)

    def _work(self) -> None:
        if self._journal.identity is None:
            return
        if self._failures:
            self._client.health()
        self._tell()
        failure = self._push_all()
        if self._pull() and failure is None:
            failure = self._push_all()  # what the server wants back is given back at once
        if not isinstance(failure, Refusal):
            self._note_refused(None)
        if failure is not None:
            raise failure
        self._failures = 0
        self._compact()

    def _push_all(self) -> Refusal | ServerUnavailable | None:
        """Send all that waits; returns why the server, which answers, takes no more. That keeps nothing else back."""
        try:
            while self._push():
                self._failures = 0
        except Refusal as refusal:
            return refusal
        except ServerUnavailable as error:
            if error.data.get("reason") != _NO_PROGRESS:
                raise
            return error
        return None

    def _push(self) -> bool:
        """Send one batch; True when there may be more to send."""
        self._sweep()
        with self._journal.reading() as rows:
            batch = self._batch(rows)
        # A revoked till hears nothing but the answer to a push: of a restore that lost what it had handed in, too.
        if not batch.facts and not batch.reports and not batch.revoked:
            return False
        sent_through = None
        if batch.sold:
            # On a line that broke unnoticed it would count as sent: better to know.
            self._client.health()
            batch, sent_through = self._journal.keep(self._batch_that_leaves)
        facts, reports = batch.facts, batch.reports
        head = None
        if facts:
            terminal_id = self._journal.require_identity().terminal_id
            head = signed_head(terminal_id, facts[-1].seq, facts[-1].hash, self._journal.keys.private_key())
        request = wire.PushRequest(
            wire.PROTOCOL, tuple(fact.text for fact in facts), head, reports, batch.seal, batch.heard, batch.beside
        )
        try:
            answer = self._client.push(request)
        except ServerUnavailable as error:
            if sent_through is not None and isinstance(error, ServerUnreached):
                self._take_back(sent_through)
            if not error.retry_after_seconds:  # too slow for all of it, not only busy with others
                self._most_facts = max(1, len(facts) // 2)
            raise
        except Refusal as refusal:
            if refusal.code != "request_too_large" or not self._make_smaller(facts):
                raise
            return True
        self._most_facts, self._most_bytes = min(2 * self._most_facts, wire.MAX_FACTS_PER_PUSH), wire.MAX_PUSH_BYTES
        progress = apply.note_push(self._journal, request, facts, answer)
        if not facts and not reports:
            return progress
        self._report(outbox=True)
        if not progress:
            self._client.hang_up()
            raise ServerUnavailable(reason=_NO_PROGRESS)
        return True

    def _batch(self, rows: Connection) -> _Batch:
        facts = outbox.pending(rows, self._most_facts, self._most_bytes)
        return _Batch(
            facts=facts,
            reports=prints.unreported(rows, _MOST_REPORTS),
            seal=seals.held(rows),
            beside=companions.of(rows, [fact.seq for fact in facts]),
            heard=apply.heard_before(rows, facts[0].seq) if facts else None,
            revoked=identity.read_state(rows, "refused") == "terminal_revoked",
            sold=outbox.holds_unsent_sale(rows, facts),
        )

    def _batch_that_leaves(self, rows: Connection) -> tuple[_Batch, int]:
        """Note its sales as sent, in one transaction with the look: what was taken on them goes along or is no more.
        Returns with it up to where they were before."""
        batch, before = self._batch(rows), outbox.sent_through(rows)
        if batch.sold:
            outbox.note_sent(rows, batch.facts[-1].seq)
        return batch, before

    def _take_back(self, sent_through: int) -> None:
        """Nothing has left; a till that ends before this is written believes it has, which is the safe side."""
        self._journal.keep(lambda rows: outbox.note_sent(rows, sent_through))

    def _make_smaller(self, facts: tuple[outbox.PendingFact, ...]) -> bool:
        """Send fewer facts, then less of the one that is too large: HQ holds what comes of it, with an alarm, and what
        waits behind it goes on. False: it cannot be that."""
        if len(facts) > 1:
            self._most_facts = len(facts) // 2
            return True
        if not facts or len(facts[0].text.encode()) <= LEAST_PUSH_BYTES:
            return False
        _log.error("fact %d is too large for the server and goes cut", facts[0].seq)
        self._most_bytes = max(self._most_bytes // 2, LEAST_PUSH_BYTES)
        return True

    def _compact(self) -> None:
        """A quiet moment: nothing waits and the server has just spoken. Ends as soon as a cashier does something."""
        for _ in range(_MOST_COMPACTIONS):
            if self._woken.is_set() or not self._journal.compact():
                return

    def _tell(self) -> None:
        """Tell HQ of what was changed here; a server that has no ear for it keeps nothing back.

        Before the queue, which may not move for that very change.
        """
        with self._journal.reading() as rows:
            alarms = tampering.waiting(rows)[: wire.MAX_TILL_ALARMS]
        if not alarms:
            return
        try:
            self._client.tell(wire.TillAlarms(wire.PROTOCOL, alarms))
        except ServerUnavailable as error:
            if error.retry_after_seconds:
                raise
            _log.warning("HQ could not be told of %d alarms: %s", len(alarms), error.data.get("reason"))
            return
        except Refusal as refusal:
            _log.warning("HQ refuses to hear of %d alarms: %s", len(alarms), refusal.code)
            return
        self._journal.keep(lambda rows: tampering.told(rows, alarms))

    def _pull(self) -> bool:
        """Take in what changed; True when something that is set aside here did."""
        set_aside = False
        for _ in range(_MOST_PAGES):
            with self._journal.reading() as rows:
                cursor = apply.cursor(rows)
            answer = self._client.changes(cursor)
            apply.apply_page(self._journal, answer)
            if answer.changes:
                tables = {change.table for change in answer.changes}
                set_aside = set_aside or "reservation" in tables
                things = not tables.issubset(_OF_MEMBERS)
                told = "decision" in tables or "reservation" in tables
                self._report(members=not tables.isdisjoint(_OF_MEMBERS), catalogue=things, outbox=told)
            if not answer.more:
                break
            if answer.cursor == cursor:
                self._client.hang_up()
                raise ServerUnavailable(reason=_NO_PROGRESS)
        return set_aside

"""Drain the print jobs of the journal through the printer, one at a time, and keep an eye on the printer.

Rule: a job is `sending` in the journal before its first byte; `unknown` is never tried again by itself; jobs of which
no byte left wait in order until the printer is ready (counter.md, "Paper"). A template from HQ that does not hold is
replaced by the one we ship, and that is a visible fault.
Not in the journal: pages that tell of no fact (a test page, a set-up sheet). They print now or not at all.
"""

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Protocol

from models import codec
from models.catalogue import SlipTemplate
from pos_app.clock import Clock
from pos_app.errors import Trouble
from pos_app.journal import prints
from pos_app.journal.slip_templates import template_for
from pos_app.journal.store import Journal
from printing.escpos import PAPER_58, PAPER_80, Profile, encode
from printing.layout import Layout
from printing.slips import TEMPLATE_KINDS, SlipDocument
from printing.templates import lay_out
from printing.transports import JobOutcome, Printer, PrinterStatus, open_printer
from printing.words import slip_words

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the printer is asked how it is: a fault is on screen within two seconds."""
TEMPLATE_FAULT = "template_invalid"
PAPERS = {paper.columns: paper for paper in (PAPER_58, PAPER_80)}
"""Columns of the paper -> how it is printed on."""


class Live(Protocol):
    """Where the state of the printer is shown."""

    printer: str
    printer_detail: str | None
    printer_address: str
    paper_columns: int


class Report(Protocol):
    """Told what changed, by the field names of `Changes`."""

    def __call__(self, **what: bool) -> None: ...


class InTurn:
    """The printer of this computer and the paper in it, which two queues use in turn: `using` is held for one job."""

    def __init__(self, printer: Printer | None, address: str, profile: Profile) -> None:
        self.printer, self.address, self.profile = printer, address, profile
        self.using = threading.RLock()
        self.changes = False
        """Somebody waits to put another printer here: begin no other job."""

    def put(self, printer: Printer | None, address: str, profile: Profile) -> None:
        """Put another printer here, after the job that is being sent."""
        self.changes = True
        with self.using:
            self.printer, self.address, self.profile = printer, address, profile
            self.changes = False


class PrintQueue:
    """The paper of one till. `printer` None: nothing is printed and jobs wait; an `InTurn`: that of another queue."""

    def __init__(
        self,
        journal: Journal,
        printer: Printer | InTurn | None,
        clock: Clock,
        live: Live,
        report: Report,
        profile: Profile = PAPER_80,
    ) -> None:
        self._journal = journal
        self._paper = printer if isinstance(printer, InTurn) else InTurn(printer, live.printer_address, profile)
        live.printer_address, live.paper_columns = self._paper.address, self._paper.profile.columns
        self._clock = clock
        self._live = live
        self._report = report
        self._wake = threading.Event()
        self._pages: queue.SimpleQueue[tuple[Callable[[int], Layout], Future[JobOutcome]]] = queue.SimpleQueue()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._broken: frozenset[int] = frozenset()
        """Jobs that cannot be laid out with `_templates`; left out until HQ changes these."""
        self._templates: Mapping[str, SlipTemplate] = {}

    def recover(self) -> None:
        """Before anything is printed: what a crash interrupted is `unknown`."""
        now = self._clock.now()
        self._journal.keep(lambda rows: prints.recover(rows, now))

    def start(self) -> None:
        """Begin to print in the background."""
        self._thread = threading.Thread(target=self._run, name="print queue", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the job that is being sent."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._print_pages(None, PrinterStatus("none"))

    def wake(self) -> None:
        """A job was queued."""
        self._wake.set()

    def page(self, lay_out: Callable[[int], Layout]) -> Future[JobOutcome]:
        """Print a page that tells of no fact, before the next slip; `lay_out` gets the columns of the paper.

        The outcome comes when it is known. "not_printed" with the printer's state as fault when it is not ready now,
        and with "none" when there is no printer: a page never waits. One that was cancelled in time never comes out.
        """
        told: Future[JobOutcome] = Future()
        if self._paper.printer is None or self._stopping:
            told.set_result(JobOutcome("not_printed", "none"))
            return told
        self._pages.put((lay_out, told))
        self.wake()
        return told

    def use(self, address: str, columns: int) -> None:
        """Print with another printer or on other paper from now on: 32 columns (58 mm) or 48 (80 mm).

        Comes back when the job in hand has ended; what waits is printed by the new one. ValueError for an address that
        `open_printer` does not know. Nothing happens when nothing changes.
        """
        profile = PAPERS[columns]
        if (address, profile) != (self._paper.address, self._paper.profile):
            self._paper.put(open_printer(address), address, profile)
            self._show(PrinterStatus("none" if self._paper.printer is None else "starting"))
            self.wake()

    def lend(self) -> InTurn:
        """Return this queue's printer for the queue of a till in training: they take turns, job by job."""
        return self._paper

    def tick(self) -> None:
        """Ask the printer how it is and, when it is ready, print what waits."""
        with self._paper.using:
            printer = self._paper.printer
            status = PrinterStatus("none") if printer is None else printer.status()
            self._show(status)
            self._print_pages(printer, status)
        while status.state == "ready" and not self._stopping and not self._paper.changes:
            self._follow_templates()
            with self._journal.reading() as rows:
                job = prints.next_waiting(rows, self._broken)
            if job is None or not self._print(job, printer, status):
                return

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            try:
                if not self._stopping:
                    self.tick()
            except Trouble as trouble:
                _log.error("printing waits: %s", trouble.code)
            except Exception:  # noqa: BLE001 - a bug must not end printing for the day; logged with its trace
                _log.exception("the print queue failed")

    def _follow_templates(self) -> None:
        templates = self._journal.catalogue.templates
        if templates != self._templates:
            self._templates, self._broken = templates, frozenset()

    def _print_pages(self, printer: Printer | None, status: PrinterStatus) -> None:
        while not self._pages.empty():
            lay_out, told = self._pages.get()
            if not told.set_running_or_notify_cancel():
                continue
            if printer is None or status.state != "ready":
                told.set_result(JobOutcome("not_printed", status.detail or status.state))
                continue
            try:
                data = encode(lay_out(self._paper.profile.columns), self._paper.profile, kick_drawer=False)
                told.set_result(printer.send(data, "page", lambda: None))
            except Exception as error:  # noqa: BLE001 - told to who asked for the page; slips go on
                told.set_exception(error)

    def _print(self, job: prints.Job, ready: Printer | None, status: PrinterStatus) -> bool:
        """Send pages that came meanwhile, then one job, to the printer that is ready; True when the next may follow."""
        with self._paper.using:
            printer = self._paper.printer
            if printer is None or printer is not ready:
                return False
            self._print_pages(printer, status)
            return self._send(printer, job)

    def _send(self, printer: Printer, job: prints.Job) -> bool:
        try:
            data, fault = self._encode(job)
        except Exception:  # noqa: BLE001 - one slip that cannot be drawn must not keep the others from printing
            _log.exception("slip %s cannot be laid out", job.slip)
            self._broken |= {job.job_id}
            self._change(job, "not_printed", "layout_failed")
            return True
        begun = False

        def begin() -> None:
            nonlocal begun
            self._change(job, "sending", None)
            begun = True

        outcome = printer.send(data, f"{job.slip}-{job.copy}", begin)
        if not begun and (job.state, job.fault) == (outcome.state, outcome.fault):
            return False
        self._change(job, outcome.state, outcome.fault or fault)
        if outcome.fault is not None:
            self._show(printer.status())
        return outcome.state in ("printed", "handed_over")

    def _encode(self, job: prints.Job) -> tuple[bytes, str | None]:
        document = codec.decode(SlipDocument, job.document)
        template, sound = template_for(self._journal.catalogue, job.kind)
        words = slip_words(document.language)
        profile = self._paper.profile
        layout = lay_out(document, template, words, profile.columns, job.copy)
        return encode(layout, profile, job.kicks_drawer), None if sound else TEMPLATE_FAULT

    def _change(self, job: prints.Job, state: str, fault: str | None) -> None:
        now = self._clock.now()
        self._journal.keep(lambda rows: prints.change(rows, job.job_id, state, fault, now))
        self._report(paper=True)

    def _show(self, status: PrinterStatus) -> None:
        self._live.printer_address = self._paper.address
        self._live.paper_columns = self._paper.profile.columns
        detail = status.detail
        if status.state == "ready" and self._unsound_template():
            detail = TEMPLATE_FAULT
        elif status.state == "ready" and status.paper_low:
            detail = "paper_low"
        if (self._live.printer, self._live.printer_detail) != (status.state, detail):
            self._live.printer, self._live.printer_detail = status.state, detail
            self._report(paper=True)

    def _unsound_template(self) -> bool:
        if self._journal.identity is None:
            return False
        return not all(template_for(self._journal.catalogue, kind)[1] for kind in TEMPLATE_KINDS)

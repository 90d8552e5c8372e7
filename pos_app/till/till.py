"""What every use case takes first: the journal, time, ids, the server as a port, and what is live on the screen.

Rule: built by `pos_app.bootstrap` only. Nothing here decides or stores.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from models.wire import ActionAnswer, ActionRequest, Health, PairAnswer, PairRequest
from pos_app.clock import Clock, Ids
from pos_app.journal.store import Journal
from pos_app.till.values import Changes
from printing.layout import Layout
from printing.transports import JobOutcome

__all__ = ["Live", "OnlineGateway", "Options", "PrintPage", "Till", "UsePrinter", "no_pages", "no_printers"]

PrintPage = Callable[[Callable[[int], Layout]], Future[JobOutcome]]
"""`PrintQueue.page`."""
UsePrinter = Callable[[str, int], None]
"""`PrintQueue.use`: an address and the columns of its paper."""


class OnlineGateway(Protocol):
    """The server as use cases see it; `pos_app.sync.client` is the real one."""

    @property
    def reachable(self) -> bool:
        """Whether the server answered the last time it was spoken to."""

    def health(self) -> Health:
        """Ask whether the server is there; Trouble `server_unreachable` when nobody answers."""

    def ask(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        """Send an online request; None when no answer came in time. Refusal when the server will not hear it."""

    def preview(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        """Ask what a refund would be answered, without any effect; None when nobody says so in time."""

    def pair(self, server_url: str, request: PairRequest, private_key: bytes) -> PairAnswer:
        """Introduce this till; Refusal when the code is wrong, Trouble `server_unreachable` when nobody answers."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was set at the start. `language` None: the store's slip language."""

    language: str | None
    version: str
    hardware: str
    server_url: str = ""
    printer: str | None = None
    """The address given at the start, which no choice at the till changes."""


@dataclass(slots=True)
class Live:
    """What is true only while the program runs: who is signed in, and how the devices are.

    What begins with `printer` or `paper` is written by the print queue, `scanner` by whoever owns the camera; both are
    states of `HeaderView`. `asking`: online requests whose caller still waits, by id. `spent_codes`: short codes that
    the ledger has, or may have, used up; they pay for nothing more. `spent_approvals`: ids of approvals that were used.
    `checked_codes`: short codes that the ledger found right and left unused for a balance too small, and at which
    monotonic second.
    """

    staff_id: str | None = None
    printer: str = "none"
    printer_detail: str | None = None
    printer_address: str = "none"
    paper_columns: int = 48
    scanner: str = "none"
    asking: set[str] = field(default_factory=set)
    spent_codes: set[str] = field(default_factory=set)
    spent_approvals: set[str] = field(default_factory=set)
    checked_codes: dict[str, float] = field(default_factory=dict)


def no_pages(_lay_out: Callable[[int], Layout]) -> Future[JobOutcome]:
    """Stand in for a print queue where there is none."""
    told: Future[JobOutcome] = Future()
    told.set_result(JobOutcome("not_printed", "none"))
    return told


def no_printers(_address: str, _columns: int) -> None:
    """Stand in for a print queue where there is none."""


@dataclass(frozen=True, slots=True)
class Till:
    """One running till. `notify` tells every screen and the background what a use case changed."""

    journal: Journal
    clock: Clock
    ids: Ids
    gateway: OnlineGateway
    options: Options
    notify: Callable[[Changes], None]
    live: Live = field(default_factory=Live)
    print_page: PrintPage = no_pages
    use_printer: UsePrinter = no_printers

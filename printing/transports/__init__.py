"""Ways to paper: bytes go out, and what became of them comes back.

Rule: "printed" is said only by a printer that answered after the last byte; "not_printed" only when no byte of the
job left. Not here: states of the queue and when to try again (the till's print queue).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """`state`: "ready" | "paper_out" | "cover_open" | "offline" | "error"; `detail` is a code of `errors.FAULTS`."""

    state: str
    paper_low: bool = False
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What became of a job; `fault` is a code of `errors.FAULTS` when it went wrong.

    `state`: "printed" | "not_printed" | "unknown" | "handed_over".
    """

    state: str
    fault: str | None = None


class Printer(Protocol):
    """A way to paper."""

    def status(self) -> PrinterStatus:
        """Ask how the printer is; never raises for trouble with it."""

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        """Send a job; `on_first_byte` is called before any of it leaves, and stops the job when it raises."""


def open_printer(address: str) -> Printer | None:
    """Return the way that an address names: "tcp://host[:port]", "file:///folder", or None for "none".

    Port 9100 unless given. ValueError for anything else. Nothing is connected yet.
    """
    from printing.transports.file import FilePrinter  # noqa: PLC0415 - siblings import this module
    from printing.transports.network import DEFAULT_PORT, NetworkPrinter  # noqa: PLC0415

    if address == "none":
        return None
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return FilePrinter(Path(unquote(parts.path)))
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return NetworkPrinter(parts.hostname, DEFAULT_PORT if parts.port is None else parts.port)
    raise ValueError(f"no printer address: {address[:80]!r}")

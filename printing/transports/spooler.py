"""A printer that belongs to the system: jobs go to a queue of CUPS, raw, and nobody says what became of them.

Rule: one-way. `handed_over` when the spooler took the job, never "printed"; `not_printed` only when lp itself says that
the queue took none. CUPS's own commands are used, since they are there wherever CUPS is. Source: lp(1), lpstat(1).
"""

import os
import subprocess
from collections.abc import Callable

from printing.errors import PrinterTrouble
from printing.transports import JobOutcome, PrinterStatus

TAKE_SECONDS = 10.0
"""A spooler that has not taken a job by then may have it or not."""
LOOK_SECONDS = 2.0
_REFUSALS = (b"printer or class does not exist", b"printer or class was not found", b"is not accepting jobs")
"""What lp says, in C, when the queue is missing or rejects jobs. After any other failure the queue may have the job."""


class SpoolerPrinter:
    """The queue `name`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def status(self) -> PrinterStatus:
        """Say whether the queue is there and not stopped."""
        try:
            found = ask("lpstat", "-p", self._name)
        except PrinterTrouble as trouble:
            return PrinterStatus("offline", detail=trouble.code)
        if found.returncode != 0:
            return PrinterStatus("offline", detail="queue_unknown")
        stopped = found.stdout.decode("utf-8", "replace").startswith(f"printer {self._name} disabled")
        return PrinterStatus("error", detail="queue_stopped") if stopped else PrinterStatus("ready")

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        """Hand a job over."""
        on_first_byte()
        try:
            found = ask("lp", "-d", self._name, "-o", "raw", "-s", "-t", job_id, data=job)
        except PrinterTrouble as trouble:
            return JobOutcome("unknown" if trouble.code == "no_answer" else "not_printed", trouble.code)
        if found.returncode == 0:
            return JobOutcome("handed_over")
        refused = found.returncode > 0 and any(words in found.stderr for words in _REFUSALS)
        return JobOutcome("not_printed", "queue_refused") if refused else JobOutcome("unknown", "no_answer")


def ask(*command: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command of CUPS.

    Troubles: `spooler_missing` where there is none, `no_answer` when it takes too long, `queue_unknown` for a name that
    no command can carry.
    """
    try:
        return subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=TAKE_SECONDS if data else LOOK_SECONDS,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PrinterTrouble("no_answer") from error
    except OSError as error:
        raise PrinterTrouble("spooler_missing") from error
    except ValueError as error:  # NUL in an argument
        raise PrinterTrouble("queue_unknown") from error

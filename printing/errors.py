"""What can go wrong between us and paper, as stable codes.

Rule: driver and socket errors are turned into `PrinterTrouble` where they arise and nowhere else.
"""

FAULTS = frozenset(
    {
        # what the printer says of itself
        "paper_out",
        "cover_open",
        "offline",
        "error",
        # what the way to it says
        "unreachable",
        "no_answer",
        "answer_invalid",
        "connection_lost",
        "stalled",
        # devices of this computer
        "device_missing",
        "device_denied",
        "device_busy",
        # the system's spooler
        "spooler_missing",
        "queue_unknown",
        "queue_stopped",
        "queue_refused",
        # files
        "disk",
    }
)
"""Codes of `JobOutcome.fault` and, when not ready, of `PrinterStatus.detail`."""


class PrinterTrouble(Exception):
    """The world failed on the way to paper; `code` is one of `FAULTS`."""

    def __init__(self, code: str) -> None:
        if code not in FAULTS:
            raise ValueError(f"unknown printer fault {code!r}")
        super().__init__(code)
        self.code = code

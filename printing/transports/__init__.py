"""Ways to paper: bytes go out, and what became of them comes back.

Rule: "printed" is said only by a printer that answered after the last byte; "not_printed" only when no byte of the
job left. Not here: states of the queue and when to try again (the till's print queue).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit


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
    """Return the way that an address names, or None for "none"; ValueError for anything else. Nothing is connected yet.

    "tcp://host[:9100]", "usb:///dev/usb/lp0", "serial:///dev/ttyUSB0[?baud=19200][&flow=rts]" (a port of Windows:
    "serial:///COM3"), "spooler://QUEUE", "file:///folder".
    """
    if address == "none":
        return None
    parts = urlsplit(address)
    opener = _OPENERS.get(parts.scheme)
    if opener is None or parts.fragment or not unquote(address).isprintable():
        raise ValueError(f"no printer address: {address[:80]!r}")
    return opener(parts)


def is_printer(address: str) -> bool:
    """Say whether `open_printer` knows this form."""
    try:
        open_printer(address)
    except ValueError:
        return False
    return True


def serial_address(port: str, speed: int, flow: str = "none") -> str:
    """Return the address of a serial printer."""
    kept = "" if flow == "none" else f"&flow={flow}"
    return f"serial://{'' if port.startswith('/') else '/'}{quote(port)}?baud={speed}{kept}"


def serial_parts(address: str) -> tuple[str, int, str]:
    """Return port, speed and flow control of a serial printer's address; ValueError when it is none."""
    from printing.transports.serial_port import DEFAULT_SPEED, FLOWS, SPEEDS  # noqa: PLC0415 - siblings import this

    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    speed, flow = asked.pop("baud", str(DEFAULT_SPEED)), asked.pop("flow", "none")
    port = _path(parts)
    if parts.scheme != "serial" or asked or speed not in map(str, SPEEDS) or flow not in FLOWS:
        raise ValueError(f"no serial printer: {address[:80]!r}")
    return (port[1:] if port[1:].upper().startswith("COM") else port), int(speed), flow


def _path(parts: SplitResult) -> str:
    path = unquote(parts.path)
    if parts.netloc or len(path) < 2:
        raise ValueError(f"no printer address: {parts.geturl()[:80]!r}")
    return path


def _open_file(parts: SplitResult) -> Printer:
    from printing.transports.file import FilePrinter  # noqa: PLC0415

    return FilePrinter(Path(_path(parts)))


def _open_network(parts: SplitResult) -> Printer:
    from printing.transports.network import DEFAULT_PORT, NetworkPrinter  # noqa: PLC0415

    host, user_given = parts.hostname or "", "@" in parts.netloc
    refusal = ValueError(f"no printer address: {host[:80]!r}")
    if not host or user_given or parts.path not in ("", "/") or parts.query or parts.port == 0:
        raise refusal
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise refusal from error
    return NetworkPrinter(host, parts.port or DEFAULT_PORT)


def _open_usb(parts: SplitResult) -> Printer:
    from printing.transports.usb import UsbPrinter  # noqa: PLC0415

    return UsbPrinter(Path(_path(parts)))


def _open_serial(parts: SplitResult) -> Printer:
    from printing.transports.serial_port import SerialPrinter  # noqa: PLC0415

    return SerialPrinter(*serial_parts(parts.geturl()))


def _open_spooler(parts: SplitResult) -> Printer:
    from printing.transports.spooler import SpoolerPrinter  # noqa: PLC0415

    name = unquote(parts.netloc)
    if not name or name.startswith("-") or parts.path not in ("", "/") or parts.query:
        raise ValueError(f"no printer address: {parts.geturl()[:80]!r}")
    return SpoolerPrinter(name)


_OPENERS: dict[str, Callable[[SplitResult], Printer]] = {
    "file": _open_file,
    "serial": _open_serial,
    "spooler": _open_spooler,
    "tcp": _open_network,
    "usb": _open_usb,
}

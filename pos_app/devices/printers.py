"""Find receipt printers: on USB, on serial ports, behind the system's spooler and on the local network.

Rule: no Qt; whoever looks does so off the GUI thread. Looking changes nothing: devices are listed, not opened, and a
host on the network that takes a connection at port 9100 gets the status request of ESC/POS and nothing else.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pos_app.devices.serial_scanner import list_ports
from printing.errors import PrinterTrouble
from printing.transports import is_printer, serial_address
from printing.transports.network import DEFAULT_PORT, NetworkPrinter
from printing.transports.serial_port import DEFAULT_SPEED
from printing.transports.spooler import ask

USB_DEVICES = Path("/dev/usb")
"""Where Linux puts printers on USB (lp0, lp1 …)."""
USB_ABOUT = Path("/sys/class/usbmisc")
CONNECT_SECONDS = 0.4
"""A host of a shop's network answers within milliseconds."""
AT_ONCE = 32
PORT = DEFAULT_PORT
_NOWHERE = "192.0.2.1"
"""An address that nobody has (RFC 5737): only the way to it is asked for, nothing is sent."""


@dataclass(frozen=True, slots=True)
class FoundPrinter:
    """`kind`: "usb" | "serial" | "spooler" | "network". `name`: what it calls itself, or "".

    `answers`: whether it spoke like a receipt printer; None where it was not asked.
    """

    address: str
    kind: str
    name: str
    answers: bool | None = None


def attached() -> list[FoundPrinter]:
    """Return what hangs on this computer, USB first. May take two seconds when the spooler is slow."""
    return [*_usb(), *_serial(), *_spooler()]


def local_hosts() -> tuple[str, ...]:
    """Return the other addresses of this computer's own network, at most the 254 around it; none without a network."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((_NOWHERE, 9))
            own = probe.getsockname()[0]
    except OSError:
        return ()
    around = ipaddress.ip_network(f"{own}/24", strict=False)
    return tuple(str(host) for host in around.hosts() if str(host) != own) if around.is_private else ()


def on_network(
    hosts: Sequence[str],
    tell: Callable[[int, FoundPrinter | None], None],
    stop: threading.Event,
    port: int = DEFAULT_PORT,
) -> None:
    """Look for printers at `hosts`; `tell` gets, on this thread, how many were looked at and what was found.

    Takes a few seconds for 254 hosts; soon over once `stop` is set.
    """
    with ThreadPoolExecutor(AT_ONCE, "printer search") as pool:
        looks = [pool.submit(_look_at, host, port, stop) for host in hosts]
        for done, look in enumerate(as_completed(looks), 1):
            if not stop.is_set():
                tell(done, look.result())


def address_of(text: str) -> str:
    """Return the address that somebody typed: a whole one, a host, a device or a port of Windows; ValueError.

    A file is no printer of a shop, and a host has a name of ASCII.
    """
    typed = text.strip()
    tried = typed
    if typed.startswith("/"):
        tried = f"usb://{typed}" if "/lp" in typed else serial_address(typed, DEFAULT_SPEED)
    elif typed.upper().startswith("COM") and typed[3:].isdigit():
        tried = serial_address(typed.upper(), DEFAULT_SPEED)
    elif "://" not in typed:
        tried = f"tcp://{typed}"
    odd = typed == "none" or not typed.isascii() or " " in typed or tried.startswith("file:")
    if odd or not is_printer(tried):
        raise ValueError(f"no printer address: {typed[:80]!r}")
    return tried


def _usb() -> list[FoundPrinter]:
    return [
        FoundPrinter(f"usb://{device}", "usb", _usb_name(device.name)) for device in sorted(USB_DEVICES.glob("lp*"))
    ]


def _usb_name(device: str) -> str:
    """Read model and maker as the printer tells them (IEEE 1284), "" when it does not."""
    with suppress(OSError):
        text = (USB_ABOUT / device / "device" / "ieee1284_id").read_text("utf-8", "replace")
        told = dict(part.split(":", 1) for part in text.split(";") if ":" in part)
        maker = told.get("MFG") or told.get("MANUFACTURER", "")
        return f"{maker} {told.get('MDL') or told.get('MODEL', '')}".strip()[:60]
    return ""


def _serial() -> list[FoundPrinter]:
    return [FoundPrinter(serial_address(port.device, DEFAULT_SPEED), "serial", port.name[:60]) for port in list_ports()]


def _spooler() -> list[FoundPrinter]:
    try:
        told = ask("lpstat", "-e")
    except PrinterTrouble:
        return []
    names = told.stdout.decode("utf-8", "replace").split("\n") if told.returncode == 0 else []
    return [FoundPrinter(f"spooler://{quote(name)}", "spooler", name[:60]) for name in names if name.strip()]


def _look_at(host: str, port: int, stop: threading.Event) -> FoundPrinter | None:
    if stop.is_set():
        return None
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError:
        return None
    status = NetworkPrinter(host, port).status()
    spoke = status.detail not in ("unreachable", "no_answer", "answer_invalid", "connection_lost")
    address = f"tcp://{host}" if port == DEFAULT_PORT else f"tcp://{host}:{port}"
    return FoundPrinter(address, "network", "", spoke)

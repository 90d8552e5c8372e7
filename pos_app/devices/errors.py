"""What can go wrong with a device or a picture, as a code and its data, translated once from the libraries.

Rule: no prose here; words are chosen by whoever shows it.
"""

from enum import StrEnum


class PictureFault(StrEnum):
    """Why a picture file could not be looked at (this is not "no code in it")."""

    MISSING = "missing"
    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    NO_PICTURES = "no_pictures"


class PictureTrouble(Exception):
    """A picture could not be loaded; `fault` says why."""

    def __init__(self, fault: PictureFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class CameraTrouble(Exception):
    """A frame source cannot be opened, or stopped giving frames."""


class PortFault(StrEnum):
    """Why a serial port cannot be read."""

    LOST = "lost"
    BUSY = "busy"
    DENIED = "denied"


class PortTrouble(Exception):
    """A serial port cannot be opened, or is gone; `fault` says why."""

    def __init__(self, fault: PortFault = PortFault.LOST) -> None:
        super().__init__(fault.value)
        self.fault = fault

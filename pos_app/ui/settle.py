"""The second half of a double tap: a tap so soon after the last thing was done that nobody has seen it done."""

from time import monotonic

SETTLE_SECONDS = 0.6


class Settle:
    """Of one button or verb: begun when it has done something."""

    def __init__(self) -> None:
        self._at = -SETTLE_SECONDS

    def begin(self) -> None:
        """Something was done just now."""
        self._at = monotonic()

    @property
    def settling(self) -> bool:
        """Whether a tap now is still the second half of the one that did it."""
        return monotonic() - self._at < SETTLE_SECONDS

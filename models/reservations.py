"""What is set aside for one till (sync.md rung 2): the fact that ends it, and what the feed says of it.

Rule: pure. A reservation ends by its own till's word: all of it used, or a `ReservationClosed`. Not here: the signed
token that proves it (models.tokens).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOSE_REASONS = ("expired", "shift_closed", "recalled", "given_back")
STATES = ("open", "recalled", "closed")
ORIGINS = ("lease", "member", "hq")
UNIT_OF_USES = "use"
CLOSING_MARGIN = timedelta(minutes=10)
"""So long before the server would call it late, a till uses it no more; members are told this end."""


def last_use(expires_at: datetime) -> datetime:
    """Return from when on a reservation is given back instead of used."""
    return expires_at - CLOSING_MARGIN


@dataclass(frozen=True, slots=True)
class ReservationClosed:
    """This till will spend no more of a reservation: it used `used` of `amount`, the rest may go back.

    `unit`: "use", or the currency whose minor units are counted. Prints nothing.
    """

    reservation_id: str
    reason: str
    used: int
    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.reason not in CLOSE_REASONS:
            raise ValueError(f"unknown reason {self.reason!r}")
        if not 0 <= self.used <= self.amount:
            raise ValueError("more was used than set aside")


@dataclass(frozen=True, slots=True)
class Reservation:
    """A row of the feed's table `reservation`, for the terminal that it is set aside for and no other.

    `token` is `models.tokens.encode_reservation`'s text. `used` is what the server has heard of. `recalled`: the till
    shall give up what it has not used, by `ReservationClosed`, and spend no more of it.
    """

    reservation_id: str
    token: str
    amount: int
    used: int
    expires_at: datetime
    state: str
    origin: str

    def __post_init__(self) -> None:
        if self.state not in STATES or self.origin not in ORIGINS:
            raise ValueError(f"unknown state {self.state!r} or origin {self.origin!r}")

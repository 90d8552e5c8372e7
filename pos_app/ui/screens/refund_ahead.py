"""Asks the ledger in the background what the refund on the screen would do, once what was chosen has come to rest.

Rule: never waited for. One question at a time; an answer to what is no longer on the screen is dropped.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from models.refusals import Refusal
from pos_app.till.refund import Granted
from pos_app.till.refund_preview import preview
from pos_app.till.values import Refundable
from pos_app.ui.desk import Desk

REST_MILLISECONDS = 250
Wanted = tuple[str, int, str | None]
"""Number, minor units, and how a top-up's money goes back."""


def wanted(one: Refundable | None, amount_minor: int | None, tender: str) -> Wanted | None:
    """Return what head office can say more about than this till knows; None: nothing."""
    if one is None or one.tx_no is None or one.kind == "order" or not amount_minor:
        return None
    return one.tx_no, amount_minor, tender if one.kind == "top_up" else None


class Ahead(QObject):
    """`found`: what the ledger says about what is wanted, None while it has said nothing; `told`: it has."""

    told = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.found: Granted | Refusal | None = None
        self._wanted: Wanted | None = None
        self._asking = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._rest.timeout.connect(self._ask)

    @property
    def is_refused(self) -> bool:
        """Whether it says no whatever the amount."""
        return isinstance(self.found, Refusal) and self.found.code not in ("refund_exceeds", "amount_invalid")

    def want(self, wanted: Wanted | None) -> None:
        """Ask about this unless it is asked already; None: about nothing."""
        if wanted == self._wanted:
            return
        self._wanted, self.found = wanted, None
        self.renew()

    def renew(self) -> None:
        """Ask again: what it hangs on may have changed. What was said stands until then."""
        if self._wanted is None:
            self._rest.stop()
        else:
            self._rest.start()

    def _ask(self) -> None:
        wanted = self._wanted
        if wanted is None or self._asking:
            return
        self._asking = True
        till = self.desk.till
        self.desk.operations.run(
            lambda: preview(till, *wanted),
            lambda found: self._heard(wanted, found),
            lambda _message: self._heard(wanted, None),
            lane="slow",
        )

    def _heard(self, wanted: Wanted, found: Granted | Refusal | None) -> None:
        self._asking = False
        if wanted != self._wanted:
            self.renew()
            return
        self.found = found
        self.told.emit()

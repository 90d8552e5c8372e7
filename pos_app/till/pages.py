"""Print a page that tells of no fact: a test page, a scanner's set-up sheet."""

from collections.abc import Callable
from concurrent.futures import wait

from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from printing.layout import Layout
from printing.transports import JobOutcome

PAGE_SECONDS = 20.0


def print_page(till: Till, lay_out: Callable[[int], Layout]) -> JobOutcome:
    """Print now or not at all and say what became of it; `lay_out` gets the columns of the paper.

    Waits for the printer, at most `PAGE_SECONDS`: not for the GUI thread. "stalled" after that: "not_printed" when the
    page was not begun, and then it never comes out, else "unknown". Other faults: those of the printer, its state when
    it is not ready, "none" without a printer. Refusal `not_signed_in`.
    """
    require_session(till)
    told = till.print_page(lay_out)
    ended, _ = wait([told], PAGE_SECONDS)
    if ended:
        return told.result()
    return JobOutcome("not_printed" if told.cancel() else "unknown", "stalled")

"""Put a till in training together, beside the real one: its own journal and paper, the same printer, no server.

Rule: there is no syncing in it, by construction: nothing here knows a client, and its journal names no server. The real
till goes on beside it, hands in and prints what it still has.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.journal import practice
from pos_app.print_queue import InTurn, PrintQueue
from pos_app.selling import permissions
from pos_app.till.asking import abandon_open_requests
from pos_app.till.practice import PracticeServer
from pos_app.till.reservations import close_due
from pos_app.till.till import Live, Till
from pos_app.till.values import Changes


@dataclass(frozen=True, slots=True)
class Training:
    """A till in training that runs. `till` is what use cases take."""

    till: Till
    prints: PrintQueue

    def start_background(self) -> None:
        """Begin to print."""
        self.prints.start()

    def stop(self) -> None:
        """End printing and close the journal; it stays as it is for the next time."""
        self.prints.stop()
        self.till.journal.close()


def begin(real: Till, printer: InTurn, on_change: Callable[[Changes], None], anew: bool = False) -> Training:
    """Open the training till that belongs to a real one; `anew` empties it first.

    `printer` is shared with the real till. Refusal `not_paired`; Trouble as `bootstrap.start`.
    """
    journal = practice.open_practice(real.journal, real.clock, real.ids, permissions.NAMES, anew)
    try:
        server = PracticeServer(journal, real.clock)
        live = Live(printer=real.live.printer, scanner=real.live.scanner)
        prints = PrintQueue(journal, printer, real.clock, live, lambda **what: on_change(Changes(**what)))

        def used(changes: Changes) -> None:
            if changes.paper:
                prints.wake()
            if changes.facts:
                server.take_in()
            on_change(changes)

        options = replace(real.options, server_url="")
        till = Till(journal, real.clock, real.ids, server, options, used, live, prints.page, real.use_printer)
        prints.recover()
        abandon_open_requests(till)
        close_due(till)
        server.take_in()
    except BaseException:
        journal.close()
        raise
    return Training(till, prints)

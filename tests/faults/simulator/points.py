"""Named steps of the shipped program at which a run may end it: the same ones as those of the real processes.

Rule: the shipped functions are wrapped from outside, once, and only for as long as the block lasts.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from tests.faults import server_launcher, till_launcher
from tests.faults.server_launcher import around
from tests.faults.simulator.machine import Killed

_BY_ITSELF = ("pairing", "start", "print")
"""Not while business goes on; the printer ends a till by itself."""
TILL = {name: step for name, step in till_launcher.STEPS.items() if not name.startswith(_BY_ITSELF)}
TILL |= {f"print: {name}": till_launcher.STEPS[f"print: {name}"] for name in (
    "before it is marked", "marked, before COMMIT", "marked and committed, before the first byte")}  # fmt: skip
STARTS = [name for name in till_launcher.STEPS if name.startswith("start")]
PAIRING_AT_TILL = [name for name in till_launcher.STEPS if name.startswith("pairing")]
PAIRING_AT_SERVER = [name for name in server_launcher.STEPS if name.startswith("pairing")]
SERVER = {name: step for name, step in server_launcher.STEPS.items() if not name.startswith(_BY_ITSELF)}


class Points:
    """At most one till step and one server step are armed; the first time it is reached, `strike` is called."""

    def __init__(self) -> None:
        self.till: str | None = None
        self.server: str | None = None
        self.strike: Callable[[], None] = _kill
        self.struck: Counter[str] = Counter()
        self._seen = 0

    def arm_server(self, name: str, strike: Callable[[], None] | None = None) -> None:
        """Strike at this step of the server; without `strike` it is killed."""
        self.server, self.strike, self._seen = name, strike or _kill, 0

    def disarm(self) -> None:
        """Nothing happens any more."""
        self.till = self.server = None

    def _till(self, name: str) -> None:
        if self.till == name:
            self.till = None
            self.struck["till killed at " + name] += 1
            raise Killed(name)

    def _server(self, name: str, when: str) -> None:
        if self.server != name:
            return
        self._seen += 1
        if self._seen == (2 if when.endswith("second") else 1):
            self.server = None
            self.struck[f"server {'killed' if self.strike is _kill else 'loses its sessions'} at {name}"] += 1
            self.strike()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Wrap every step for the time of the block."""
        with ExitStack() as undo:
            at_till = TILL | {name: till_launcher.STEPS[name] for name in (*STARTS, *PAIRING_AT_TILL)}
            at_server = SERVER | {name: server_launcher.STEPS[name] for name in PAIRING_AT_SERVER}
            for steps, reached in ((at_till, self._till), (at_server, self._server)):
                for name, (when, owner, function) in steps.items():
                    work = vars(owner)[function]
                    plain = work.__func__ if isinstance(work, classmethod) else work
                    wrapped = around(when, plain, functools.partial(_tell, reached, name, when))
                    undo.enter_context(
                        patch.object(owner, function, classmethod(wrapped) if plain is not work else wrapped)
                    )
            yield


def _kill() -> None:
    raise Killed("server")


def _tell(reached: Callable[..., None], name: str, when: str) -> None:
    if reached.__name__ == "_server":
        reached(name, when)
    else:
        reached(name)

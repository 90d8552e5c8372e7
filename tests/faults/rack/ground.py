"""The ground of a run: one house and its tills, which stay from schedule to schedule; who was spoiled is replaced.

Rule: what is done here is done by the product's own doors, as a shop would.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sync_server.database.engine import Pool
from sync_server.fleet import pairing
from tests.faults.rack.driver import Said
from tests.faults.rack.fleet import TillProcess, answers, ask_all
from tests.faults.rack.premises import Premises
from tests.flows import shop
from tests.flows.proxy import Proxy

STORES = ("SZ1", "SZ2")
"""Every other till stands where HQ allows some unproven uses, the rest where it allows none."""
CAP_OF = {"SZ1": shop.POLICY.max_uses_terminal, "SZ2": 0}
_ROUNDS = 30


class Ground:
    """Premises with so many tills, all paired, signed in and with an open shift."""

    def __init__(self, tills: int) -> None:
        self.premises = Premises()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="tk-rack-", dir=memory if memory.is_dir() else None))
        self._wanted, self._made = tills, 0
        self.tills: list[TillProcess] = []

    def __enter__(self) -> Self:
        self.premises.open()
        self.refill()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for till in self.tills:
            till.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.premises.__exit__(kind, error, trace)

    def refill(self) -> None:
        """Pair tills until there are as many as wanted."""
        new = []
        while len(self.tills) < self._wanted:
            self._made += 1
            taken = [sum(till.store == store for till in self.tills) for store in STORES]
            till = TillProcess(f"till {self._made}", self.folder / f"till{self._made}", Proxy(self.premises.port))
            till.store = STORES[taken.index(min(taken))]
            self.tills.append(till)
            new.append(till)
        if not new:
            return
        codes = self.premises.do(lambda pool: self._codes(pool, new))
        for till, code in zip(new, codes, strict=True):
            till.start()
            said = answers([till])
            till.ask("pair", address=till.address, code=code)
            assert "ready" in said[till.name], said
        require_well(answers(new))
        self.sign_in(new)

    async def _codes(self, pool: Pool, tills: Sequence[TillProcess]) -> list[str]:
        numbers = [(till.store, f"T{self.premises.next_number():03d}") for till in tills]
        return [(await pairing.new_code(pool, *number)).text for number in numbers]

    def sign_in(self, tills: Sequence[TillProcess]) -> None:
        """Somebody signs in at each, and a shift is open."""
        for name, said in require_well(ask_all(tills, "begin")).items():
            till = next(one for one in tills if one.name == name)
            till.terminal_id, till.terminal_code = said["terminal_id"], said["terminal_code"]

    def start(self, tills: Sequence[TillProcess]) -> None:
        """Start programs that are not running, and sign in."""
        stopped = [till for till in tills if not till.running]
        for till in stopped:
            till.start()
        require_well(answers(stopped))
        self.sign_in(stopped)

    def all_sync(self, tills: Sequence[TillProcess]) -> None:
        """Everybody speaks to the server until nothing waits and all is known."""
        left = list(tills)
        for turn in range(_ROUNDS):
            said = ask_all(left, "sync")
            left = [till for till in left if not said[till.name].get("reachable") or said[till.name]["pending"]]
            if not left and turn:
                return
            left = left or list(tills)
        raise AssertionError(f"these do not come to an end with the server: {said}")

    def retire(self, till: TillProcess) -> None:
        """A till that was spoiled is shut out; `refill` puts another in its place."""
        till.close()
        if not till.revoked:
            self.premises.revoke(till.terminal_id)
        self.tills.remove(till)
        shutil.rmtree(till.folder, ignore_errors=True)


def require_well(said: dict[str, Said]) -> dict[str, Said]:
    """The answers, none of which is a no."""
    bad = {name: one for name, one in said.items() if {"refused", "trouble", "bug", "died"} & one.keys()}
    assert not bad, bad
    return said


def now() -> datetime:
    """True time."""
    return datetime.now(UTC)

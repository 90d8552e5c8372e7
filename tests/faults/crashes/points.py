"""The points, and how a scene comes to each: `POINTS[name](scene)` runs into the kill and opens what died again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol
from unittest import mock
from uuid import uuid4

import httpx
import pytest

from models.money import MOST_TOP_UP_MINOR
from models.refusals import Refusal
from models.times import format_instant
from pos_app.errors import Trouble
from pos_app.journal import companions, identity
from pos_app.till import pairing, reprint, shift, top_up
from tests.faults import server_launcher, till_launcher
from tests.faults.conftest import BLOCKS, Beside, FaultyHouse
from tests.faults.crashes.kills import killed
from tests.faults.crashes.scene import Scene
from tests.flows import shop
from tests.flows.cards import give_back, pay_by_card, pay_in
from tests.flows.till import Counter


class Act(Protocol):
    """Brings a scene to the kill at a step, and opens again what died."""

    def __call__(self, scene: Scene, step: str) -> None: ...


# A till's process dies ---------------------------------------------------------------------------------------------


def _redeem(scene: Scene, step: str) -> None:
    scene.begin()
    code = scene.house.short_code(scene.person)
    killed(scene.till, step, "redeem", code=code, plan=shop.TEN, product=shop.TEA)


def _abandon(scene: Scene, step: str) -> None:
    """Nobody answers, and the second store's policy allows nothing unproven."""
    scene.till.store = "SZ2"
    scene.begin()
    code = scene.house.snapshot_code(scene.person)
    scene.till.network.down()
    killed(scene.till, step, "redeem", code=code, plan=shop.TEN, product=shop.TEA)
    scene.till.network.up()


def _sale(scene: Scene, step: str) -> None:
    scene.begin()
    killed(scene.till, step, "sell", product=shop.TEA)


def _pass_sale(scene: Scene, step: str) -> None:
    scene.begin()
    killed(scene.till, step, "sell_pass", phone=scene.person.phone, plan=shop.TEN)


def _top_up(scene: Scene, step: str) -> None:
    scene.begin()
    killed(scene.till, step, "top_up", phone=scene.person.phone, amount_minor=scene.luck.randint(1, 20000))


def _member(scene: Scene, step: str) -> None:
    """Either nobody was made, or somebody with all that the server needs to know of them."""
    scene.begin()
    phone = f"173{scene.luck.randrange(10**8):08d}"
    killed(scene.till, step, "create_member", name="Ottilie Kramer", phone=phone)
    made = [item for item in scene.till.recorded if item.fact.kind == "MemberCreated"]
    with scene.till.till.journal.reading() as rows:
        assert len(companions.of(rows, [item.seq for item in made])) == len(made) == ("committed" in step)


def _charge(scene: Scene, step: str) -> None:
    scene.begin()
    killed(scene.till, step, "charge", code=scene.house.short_code(scene.person), product=shop.TEA)


def _refund(scene: Scene, step: str) -> None:
    scene.begin()
    amount_minor = scene.luck.randint(1, 9000)
    killed(scene.till, step, "refund", tx_no=scene.tx_no, amount_minor=amount_minor, in_touch=True)


def _shift(scene: Scene, step: str) -> None:
    """The first thing of the day; what was not opened is opened afterwards."""
    scene.till.pair()
    killed(scene.till, step, "shift")
    scene.sign_in()
    if "committed" not in step:
        shift.open_shift(scene.till.till, 20000)
    scene.note()
    scene.till.sell()


def _sync(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sell()
    killed(scene.till, step, "sync")


def _epoch(scene: Scene, step: str) -> None:
    """The database is set back to before the queue came; the till dies as it hears of it."""
    scene.begin()
    scene.till.sync()
    scene.house.save()
    scene.work()
    scene.till.sell()
    scene.till.sync()
    scene.house.restore()
    scene.house.run()
    scene.renumbered = True
    scene.note()
    scene.till.sell()
    killed(scene.till, step, "sync")


def _backup(scene: Scene, step: str) -> None:
    """Most of the chain is old and in a backup; the till hears of it and compacts."""
    scene.begin()
    scene.till.sync()
    scene.grow_old()
    killed(scene.till, step, "sync")
    scene.till.sync()
    assert scene.till.compacted_now, "nothing of it was compacted"


def _alarm(scene: Scene, step: str) -> None:
    scene.begin()
    scene.find_forged_policy()
    killed(scene.till, step, "sync")
    scene.till.sync()
    assert scene.alarms("policy_forged")


def _revocation(scene: Scene, step: str) -> None:
    """What waits is handed in, to be held; the till knows for good that it is shut out."""
    scene.begin()
    scene.till.sync()
    scene.till.sell()
    scene.house.hq("/admin/api/held")  # signed in
    scene.revoke()
    killed(scene.till, step, "sync")
    _shut_out(scene)


def _shut_out(scene: Scene) -> None:
    scene.till.sync()
    with scene.till.till.journal.reading() as rows:
        assert identity.read_state(rows, "refused") == "terminal_revoked"
    assert scene.till.recorded[-1].reason == "terminal_revoked"


def _print(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sell()
    killed(scene.till, step, "print")


def _copy(scene: Scene, step: str) -> None:
    _print(scene, "print: after the first bytes")
    (unknown,) = (slip for (slip, _), state in scene.till.print_states().items() if state == "unknown")
    killed(scene.till, step, "copy", slip=unknown)
    if "committed" not in step:
        scene.sign_in()
        reprint.resolve_unknown(scene.till.till, unknown, printed=False)


def _pairing(scene: Scene, step: str) -> None:
    code = _code(scene)
    killed(scene.till, step, "pair", code=code)
    scene.till.pair(code)
    scene.sign_in()
    shift.open_shift(scene.till.till, 0)
    scene.till.sell()


def _code(scene: Scene) -> str:
    return scene.house.pairing_code(scene.till.store, scene.house.next_number())


def _start(scene: Scene, step: str) -> None:
    """Once as it starts for the first time, once with a queue and a question left open."""
    scene.till.close()
    for path in sorted((scene.till.folder / "till").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    killed(scene.till, step, "nothing")
    _redeem(scene, "redeem: intent committed, before it is sent")
    killed(scene.till, step, "nothing")


# The server's process dies -----------------------------------------------------------------------------------------


def _server_syncs(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sell()
    scene.till.sell()
    scene.till.sell()
    scene.till.sell()  # two batches of the launcher's size
    scene.till.print_all()
    scene.house.plan(step)
    scene.till.app.start_background()
    scene.house.wait_killed()
    scene.till.app.sync.stop()
    scene.till.app.prints.stop()
    scene.till.restart()
    scene.house.run()


def _server_redeems(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sync()
    code = scene.house.snapshot_code(scene.person)
    scene.house.plan(step)
    scene.till.redeem(scene.till.scan(code), shop.TEN)
    scene.house.wait_killed()
    scene.house.run()


def _server_charges(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sync()
    code = scene.house.short_code(scene.person)
    scene.house.plan(step)
    with pytest.raises(Refusal, match="request_abandoned"):
        pay_by_card(scene.till, code)
    scene.house.wait_killed()
    scene.house.run()


def _server_refunds(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sync()
    scene.house.plan(step)
    assert give_back(scene.till, scene.tx_no, scene.luck.randint(1, 9000), "cash") is None
    scene.house.wait_killed()
    scene.house.run()


def _server_pairs(scene: Scene, step: str) -> None:
    code = _code(scene)
    scene.house.plan(step)
    with pytest.raises(Trouble, match="server_unreachable"):
        pairing.pair(scene.till.till, scene.till.address, code)
    scene.house.wait_killed()
    scene.house.run()
    scene.till.pair(code)
    scene.sign_in()
    shift.open_shift(scene.till.till, 0)
    scene.till.sell()


def _server_decides(scene: Scene, step: str) -> None:
    """A top-up beyond the bound waits for HQ, who posts it; and posts it again, since no answer came."""
    scene.begin()
    with mock.patch.object(top_up, "MOST_TOP_UP_MINOR", 2 * MOST_TOP_UP_MINOR):  # a till of another version
        done = pay_in(scene.till, scene.person, MOST_TOP_UP_MINOR + 100)
    scene.till.sync()
    held = scene.till.fact(done)
    assert held.reason == "amount_unusual"
    scene.note()
    wanted, key = {"decision": "post", "reason": "counted twice", "account": {}}, str(uuid4())
    path = f"/admin/api/held/{held.hash}"
    scene.house.hq("/admin/api/held")  # signed in before the kill
    scene.house.plan(step)
    with pytest.raises(httpx.TransportError):
        scene.house.hq_post(path, wanted, key)
    scene.house.wait_killed()
    scene.house.run()
    posted = scene.house.hq_post(path, wanted, key)
    assert posted["tx_no"] == scene.house.hq_post(path, wanted, key)["tx_no"]


def _server_notes_backup(scene: Scene, step: str) -> None:
    scene.begin()
    taken_at = format_instant(datetime.now(UTC) - timedelta(minutes=1))
    wanted, key = {"taken_at": taken_at}, str(uuid4())
    scene.house.hq("/admin/api/backups")
    scene.house.plan(step)
    with pytest.raises(httpx.TransportError):
        scene.house.hq_post("/admin/api/backups", wanted, key)
    scene.house.wait_killed()
    scene.house.run()
    assert scene.house.hq_post("/admin/api/backups", wanted, key)["outcome"] == "accepted"
    assert scene.house.hq("/admin/api/backups")["newest"]["taken_at"] == taken_at


def _server_hears_alarm(scene: Scene, step: str) -> None:
    scene.begin()
    scene.find_forged_policy()
    scene.house.plan(step)
    scene.till.app.sync.cycle()
    scene.house.wait_killed()
    scene.house.run()
    scene.till.sync()
    assert scene.alarms("policy_forged")


def _server_revokes(scene: Scene, step: str) -> None:
    scene.begin()
    scene.till.sync()
    scene.till.sell()
    scene.house.hq("/admin/api/held")
    scene.house.plan(step)
    with pytest.raises(httpx.TransportError):
        scene.revoke()
    scene.house.wait_killed()
    scene.house.run()
    scene.revoke()
    _shut_out(scene)


def _server_starts(scene: Scene, step: str) -> None:
    scene.begin()
    scene.house.stop()
    scene.house.plan(step)
    scene.house.launch_faulty()
    scene.house.wait_killed(60)
    scene.house.run()


def _first_start(scene: Scene, step: str) -> None:
    """A house of its own, whose very first start is killed."""
    scene.begin()
    with FaultyHouse() as fresh:
        fresh.keys  # noqa: B018 - made first, so that the places are known
        fresh.plan(step)
        fresh.launch_faulty()
        fresh.wait_killed(60)
        fresh.run()
        fresh.open_shop()
        with Counter(fresh, scene.till.folder / "other") as till:
            till.begin().sell()
            till.sync()


# It dies while the database is at work -----------------------------------------------------------------------------


def _at_work(scene: Scene, step: str) -> None:
    scene.begin()
    asks = "answer" in step
    if asks:
        scene.till.sync()
        code = scene.house.snapshot_code(scene.person)
    else:
        scene.till.sell()
        scene.till.print_all()
    with scene.house.blocked(step.partition(": ")[2]) as waiting:
        if asks:
            view = scene.till.scan(code)
            beside = Beside(lambda: scene.till.redeem(view, shop.TEN))
        else:
            beside = Beside(scene.till.app.sync.cycle)
        waiting.wait_for_backend()
        scene.house.kill()
    beside.result()
    scene.house.run()


_TILL: dict[str, Act] = {
    "redeem": _redeem,
    "abandon": _abandon,
    "sale": _sale,
    "pass sale": _pass_sale,
    "top-up": _top_up,
    "member": _member,
    "charge": _charge,
    "refund": _refund,
    "shift": _shift,
    "push": _sync,
    "pull": _sync,
    "backup": _backup,
    "compaction": _backup,
    "alarm": _alarm,
    "revocation": _revocation,
    "epoch": _epoch,
    "print": _print,
    "copy": _copy,
    "pairing": _pairing,
    "start": _start,
}
_SERVER: dict[str, Act] = {
    "push": _server_syncs,
    "pull": _server_syncs,
    "request": _server_redeems,
    "charge": _server_charges,
    "refund": _server_refunds,
    "pairing": _server_pairs,
    "decision": _server_decides,
    "backup": _server_notes_backup,
    "alarm": _server_hears_alarm,
    "revocation": _server_revokes,
    "start": _server_starts,
}


def _points() -> dict[str, Callable[[Scene], None]]:
    found: dict[str, Callable[[Scene], None]] = {}
    for step in till_launcher.STEPS:
        found[f"till, {step}"] = partial(_TILL[step.partition(":")[0]], step=step)
    for step in server_launcher.STEPS:
        act = _first_start if "migration" in step else _SERVER[step.partition(":")[0]]
        found[f"server, {step}"] = partial(act, step=step)
    for place in BLOCKS:
        name = f"database: {place}"
        found[f"server, {name}"] = partial(_at_work, step=name)
    return found


POINTS = _points()

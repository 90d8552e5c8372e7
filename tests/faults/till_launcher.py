"""Run the shipped till without a window so that a test can end it at a named step: `till_launcher.py PLAN.json`.

The plan names the data folder, the printer, the action and the step. Rule: the shipped functions are wrapped from
outside, here; nothing in the product knows of it. At the step the process kills itself with -9.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import wire
from models.tenders import pay
from pos_app import bootstrap
from pos_app.journal import (
    chain,
    companions,
    identity,
    migrations,
    outbox,
    passes,
    prints,
    requests,
    retention,
    space,
    tampering,
)
from pos_app.journal.store import Journal
from pos_app.print_queue import PrintQueue
from pos_app.selling.basket import Basket, add_product
from pos_app.settings import Settings
from pos_app.sync import apply
from pos_app.sync.client import ServerClient
from pos_app.sync.loop import SyncLoop
from pos_app.till import (
    asking,
    catalogue,
    charge,
    create_member,
    find_member,
    pairing,
    quote,
    redeem,
    refund,
    reprint,
    sell,
    sell_pass,
    shift,
    sign_in,
    top_up,
)
from pos_app.till.till import Till
from printing.transports import conversation

STEPS: dict[str, tuple[str, Any, str]] = {
    "redeem: before the intent": ("before", requests, "ask"),
    "redeem: intent written, before COMMIT": ("after", requests, "ask"),
    "redeem: intent committed, before it is sent": ("before", ServerClient, "ask"),
    "redeem: sent, before the answer is read": ("before", ServerClient, "_read"),
    "redeem: answered, before the fact": ("after", ServerClient, "ask"),
    "redeem: fact written, before COMMIT": ("after", requests, "settle"),
    "redeem: committed, before the screen says done": ("after", redeem, "_record"),
    "abandon: refused by the ladder, before that is recorded": ("before", asking, "_leave_a_record"),
    "abandon: written, before COMMIT": ("after", requests, "settle"),
    "sale: before the fact": ("before", chain, "append"),
    "sale: fact written, before COMMIT": ("after", chain, "append"),
    "sale: committed, before the screen says done": ("after", sell, "sell"),
    "pass sale: fact written, before COMMIT": ("after", chain, "append"),
    "pass sale: committed, before the screen says done": ("after", sell_pass, "sell_pass"),
    "member: fact written, what belongs to it not yet": ("before", companions, "add"),
    "member: committed, before the screen says done": ("after", create_member, "create_member"),
    "top-up: before the fact": ("before", chain, "append"),
    "top-up: fact written, before COMMIT": ("after", chain, "append"),
    "top-up: committed, before the screen says done": ("after", top_up, "top_up"),
    "charge: intent written, before COMMIT": ("after", requests, "ask"),
    "charge: intent committed, before it is sent": ("before", ServerClient, "ask"),
    "charge: sent, before the answer is read": ("before", ServerClient, "_read"),
    "charge: answered, before the fact": ("after", ServerClient, "ask"),
    "charge: fact written, before COMMIT": ("after", requests, "settle"),
    "charge: committed, before the screen says done": ("after", charge, "_record"),
    "refund: intent committed, before it is sent": ("before", ServerClient, "ask"),
    "refund: sent, before the answer is read": ("before", ServerClient, "_read"),
    "refund: answered, before the fact": ("after", ServerClient, "ask"),
    "refund: fact written, before COMMIT": ("after", chain, "append"),
    "refund: committed, before the screen says done": ("after", refund, "_record"),
    "shift: fact written, before COMMIT": ("after", chain, "append"),
    "shift: committed, before the screen says done": ("after", shift, "open_shift"),
    "push: before it is sent": ("before", ServerClient, "push"),
    "push: sent, before the answer is read": ("before", ServerClient, "_read"),
    "push: answered, before it is noted": ("before", apply, "note_push"),
    "push: noted, before COMMIT": ("after", outbox, "note_results"),
    "push: noted and committed": ("after", apply, "note_push"),
    "pull: page read, before it is stored": ("before", apply, "apply_page"),
    "pull: page stored, before COMMIT": ("after", passes, "settle"),
    "backup: heard of, before COMMIT": ("after", retention, "note_backed_up"),
    "compaction: done, before COMMIT": ("after", retention, "compact_some"),
    "compaction: committed, before its room is given back": ("before", space, "give_back"),
    "alarm: before it is told": ("before", ServerClient, "tell"),
    "alarm: told, before that is noted": ("after", ServerClient, "tell"),
    "alarm: noted, before COMMIT": ("after", tampering, "told"),
    "revocation: heard of, before it is noted": ("before", SyncLoop, "_note_refused"),
    "revocation: noted": ("after", SyncLoop, "_note_refused"),
    "epoch: heard of, before it is noted": ("before", apply, "note_push"),
    "epoch: noted, before COMMIT": ("after", prints, "report_again"),
    "epoch: noted, before all is sent again": ("after", apply, "note_push"),
    "print: before it is marked": ("before", prints, "change"),
    "print: marked, before COMMIT": ("after", prints, "change"),
    "print: marked and committed, before the first byte": ("after", PrintQueue, "_change"),
    "print: after the first bytes": ("after", conversation.Line, "_send_some"),
    "print: all bytes sent, before the fence": ("before", conversation.Line, "await_fence"),
    "print: fence seen, before it is noted": ("after", conversation.TwoWayPrinter, "send"),
    "copy: paper settled, before its copy is ordered": ("before", chain, "append"),
    "copy: ordered, before COMMIT": ("after", prints, "add_copy"),
    "copy: committed, before the screen says done": ("after", reprint, "resolve_unknown"),
    "pairing: before the code is sent": ("before", ServerClient, "pair"),
    "pairing: answered, before it is stored": ("before", identity, "begin"),
    "pairing: stored, before COMMIT": ("after", identity, "begin"),
    "start: before the journal is made": ("before", migrations, "migrate"),
    "start: journal made, before the keys": ("after", migrations, "migrate"),
    "start: opened, before recovery": ("after", Journal, "open"),
}


def main(plan_path: str) -> int:
    """Do one thing and report it, unless the step comes first."""
    plan: dict[str, Any] = json.loads(Path(plan_path).read_text("utf-8"))
    wire.REQUEST_TIMEOUT_SECONDS = asking.UNREACHABLE_WAIT_SECONDS = 20.0  # a busy test machine is no dead network
    armed = [plan["step"].startswith("start")]
    if plan["step"]:
        _wrap(*STEPS[plan["step"]], armed)
    app = bootstrap.start(
        Settings(Path(plan["data"]), printer=plan["printer"], camera="none", key_storage="file"), lambda _changes: None
    )
    if app.till.journal.identity is not None:
        sign_in.sign_in(app.till, plan["pin"])
    if plan.get("in_touch"):
        app.client.health()
    if plan["step"].startswith("print: after the first bytes"):
        _arm_at_the_job(armed)
    else:
        armed[0] = True
    _ACTIONS[plan["action"]](app, plan)
    armed[0] = False
    app.stop()
    return 0


def _wrap(when: str, owner: Any, name: str, armed: list[bool]) -> None:
    work = _as_held(owner, name)
    plain = work.__func__ if isinstance(work, classmethod) else work

    @functools.wraps(plain)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        if when == "before" and armed[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        found = plain(*arguments, **named)
        if when == "after" and armed[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, classmethod(wrapped) if isinstance(work, classmethod) else wrapped)


def _as_held(owner: Any, name: str) -> Any:
    """The function as its owner holds it, a classmethod still wrapped."""
    return vars(owner)[name]


def _arm_at_the_job(armed: list[bool]) -> None:
    really = conversation.Line.send_job

    def send_job(line: Any, data: bytes) -> None:
        armed[0] = True
        really(line, data)

    conversation.Line.send_job = send_job  # type: ignore[method-assign, assignment]


def _redeem(app: bootstrap.App, plan: dict[str, Any]) -> None:
    till: Till = app.till
    view = find_member.by_scan(till, plan["code"]) if plan["code"] else find_member.by_phone(till, plan["phone"])[0]
    found = next(item for item in view.passes if item.plan.plan_id == plan["plan"])
    basket = add_product(Basket(member=view.member, held=found.held, plan=found.plan), plan["product"])
    redeem.redeem(till, basket, (), view.code)


def _sell(app: bootstrap.App, plan: dict[str, Any]) -> None:
    basket = add_product(Basket(), plan["product"])
    due = quote.quote_basket(app.till, basket).due_minor
    sell.sell(app.till, basket, (pay("cash", due, due),))


def _sell_pass(app: bootstrap.App, plan: dict[str, Any]) -> None:
    member = find_member.by_phone(app.till, plan["phone"])[0].member
    chosen = next(item for item in catalogue.plans(app.till) if item.plan_id == plan["plan"])
    sell_pass.sell_pass(app.till, member, chosen, (pay("cash", chosen.price_minor, chosen.price_minor),))


def _top_up(app: bootstrap.App, plan: dict[str, Any]) -> None:
    member = find_member.by_phone(app.till, plan["phone"])[0].member
    amount = plan["amount_minor"]
    top_up.top_up(app.till, member, top_up.offer(app.till, amount), (pay("cash", amount, amount),))


def _create_member(app: bootstrap.App, plan: dict[str, Any]) -> None:
    create_member.create_member(app.till, plan["name"], plan["phone"], "es-ES")


def _charge(app: bootstrap.App, plan: dict[str, Any]) -> None:
    basket = add_product(Basket(), plan["product"])
    charge.charge(app.till, basket, charge.offer(app.till, basket, plan["code"]))


def _refund(app: bootstrap.App, plan: dict[str, Any]) -> None:
    refund.refund(app.till, plan["tx_no"], plan["amount_minor"], "cash", "order_wrong")


_ACTIONS: dict[str, Callable[[bootstrap.App, dict[str, Any]], object]] = {
    "redeem": _redeem,
    "sell": _sell,
    "sell_pass": _sell_pass,
    "top_up": _top_up,
    "create_member": _create_member,
    "charge": _charge,
    "refund": _refund,
    "shift": lambda app, _plan: shift.open_shift(app.till, 20000),
    "sync": lambda app, _plan: app.sync.cycle(),
    "print": lambda app, _plan: app.prints.tick(),
    "copy": lambda app, plan: reprint.resolve_unknown(app.till, plan["slip"], printed=False),
    "pair": lambda app, plan: pairing.pair(app.till, plan["address"], plan["code"]),
    "nothing": lambda _app, _plan: None,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

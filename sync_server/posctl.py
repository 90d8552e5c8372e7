"""The command `posctl`: what HQ does from a shell, over the same endpoints as the pages.

Rule: parse, ask the server, print; nothing is decided here. A password never stands in an argument: it comes from
POSCTL_PASSWORD, a file, or a prompt. Exit codes: 0 done, 1 the server said no, 2 wrong usage, 3 no server.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from models.times import format_instant

_SENTENCES = {
    "login_wrong": "User name or password is wrong.",
    "login_locked": "Five wrong passwords: this user is locked for 15 minutes.",
    "not_found": "There is no such order.",
    "held_unknown": "There is no such held fact.",
    "held_decided": "Somebody has decided this already.",
    "terminal_unknown": "There is no such till.",
    "terminal_revoked": "This till is revoked already.",
    "not_paired": "This till is not paired yet.",
    "loss_unknown": "There is no such loss, or it is settled.",
    "store_unknown": "There is no one store of this name; look at `posctl risk`.",
    "policy_changed": "Another version is in force by now; look at `posctl risk` and begin anew.",
    "policy_invalid": "A cap is negative or too high.",
    "amount_invalid": "An amount is no number that fits.",
    "member_unknown": "There is no such member.",
    "pin_not_set": "This member has no PIN.",
    "alarm_unknown": "There is no such alarm.",
    "alarm_closed": "This alarm is closed already.",
    "reason_missing": "Give a reason of 3 to 200 characters.",
    "permission_missing": "Your role may not decide this.",
    "request_malformed": "The server did not understand one of the filters.",
    "backup_time_invalid": "A backup cannot begin in the future of the server's clock.",
}
_ORDER_COLUMNS = ("number", "store_name", "terminal_code", "kind", "state", "amount", "uses", "happened_at")
_TERMINAL_COLUMNS = ("code", "store_name", "status", "last_seen_at", "seq", "backed_up_seq", "held", "alarms", "cap",
                     "exposure", "version")  # fmt: skip


class Refused(Exception):
    """The server said no, or nobody answered; `status` is the exit code."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        with httpx.Client(base_url=chosen.server, timeout=20) as client:
            token = _answer(client, "POST", "/admin/api/session", json=_credentials(chosen))["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            found = chosen.run(client, chosen)
    except Refused as refused:
        print(f"posctl: {refused}", file=sys.stderr)
        return refused.status
    except (OSError, EOFError) as error:
        reason = error if isinstance(error, OSError) else "nobody can be asked for a password here"
        print(f"posctl: {reason}. Set POSCTL_PASSWORD or give --password-file.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print(json.dumps(found, ensure_ascii=False, indent=2) if chosen.json else chosen.show(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="posctl", description="Look at the chain from a shell.")
    parser.add_argument("--version", action="version", version=f"posctl {version('tillkeeper')}")
    server = os.environ.get("POSCTL_SERVER", "http://127.0.0.1:8765")
    parser.add_argument("--server", default=server, metavar="ADDRESS", help="HQ's address (default: %(default)s)")
    parser.add_argument("--user", default=os.environ.get("POSCTL_USER"), required="POSCTL_USER" not in os.environ)
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="else POSCTL_PASSWORD, else a prompt")
    parser.add_argument("--json", action="store_true", help="print what the server said instead of a table")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    orders = commands.add_parser("orders", help="the newest orders that fit")
    for name, text in (("search", "number, slip or phone"), ("state", "posted or held"), ("kind", "PassSold, …"),
                       ("store", "store id"), ("day", "business day, 2026-11-20")):  # fmt: skip
        orders.add_argument(f"--{name}", help=text)
    orders.set_defaults(run=_orders, show=_show_orders)

    order = commands.add_parser("order", help="one order with its fact, entries and slips")
    order.add_argument("key", help="its key, as `posctl --json orders` prints it")
    order.set_defaults(run=_order, show=lambda found: json.dumps(found, ensure_ascii=False, indent=2))

    held = commands.add_parser("held", help="the facts that wait for a person")
    held.set_defaults(run=lambda client, _: _answer(client, "GET", "/admin/api/held"), show=_show_held)

    decide = commands.add_parser("decide", help="decide about a held fact")
    decide.add_argument("key", help="its key, as `posctl --json held` prints it")
    decide.add_argument("decision", choices=("post", "post_to", "write_off", "reject"))
    decide.add_argument("--reason", required=True, help="why, 3 to 200 characters")
    decide.add_argument("--account", metavar="NAME=ID", help="for post_to: member_id, pass_id, plan_id or card_id")
    decide.add_argument("--act", help="identity of this act, to repeat it safely (default: a fresh one)")
    decide.set_defaults(run=_decide, show=lambda found: f"{found['decision']} {found.get('tx_no', '')}".strip())

    losses = commands.add_parser("losses", help="what was handed over offline and is still owed")
    losses.set_defaults(run=lambda client, _: _answer(client, "GET", "/admin/api/losses"), show=_show_losses)

    risk = commands.add_parser("risk", help="the offline policy of every store, and the worst case")
    risk.set_defaults(run=lambda client, _: _answer(client, "GET", "/admin/api/risk"), show=_show_risk)

    backup = commands.add_parser("backup", help="the newest noted backup; --noted says that there is another one")
    backup.add_argument("--noted", metavar="TIME", help="when a complete backup began that is kept now, "
                        "2026-11-20T03:00:00Z by the server's clock; tills may then compact what it holds")  # fmt: skip
    backup.set_defaults(run=_backup, show=_show_backup)

    terminals = commands.add_parser("terminals", help="the tills and when each spoke last")
    terminals.set_defaults(run=lambda client, _: _answer(client, "GET", "/admin/api/terminals"), show=_show_terminals)

    revoke = commands.add_parser("revoke", help="shut a till out for good; it may only hand in its queue")
    revoke.add_argument("terminal", help="its code")
    revoke.add_argument("--reason", required=True, help="why, 3 to 200 characters")
    revoke.add_argument("--act", help="identity of this act, to repeat it safely (default: a fresh one)")
    revoke.set_defaults(run=_revoke, show=lambda found: f"{found['terminal']} is revoked at place {found['seq']}")

    queue = commands.add_parser("queue", help="what a revoked till handed in; with --decision decide about all of it")
    queue.add_argument("terminal", help="its code")
    queue.add_argument("--decision", choices=("post", "write_off", "reject"))
    queue.add_argument("--upto", type=int, help="up to this place; as the list without --decision ends")
    queue.add_argument("--reason", help="why, 3 to 200 characters")
    queue.add_argument("--act", help="identity of this act, to repeat it safely (default: a fresh one)")
    queue.set_defaults(run=_queue, show=_show_queue)
    _add_acts(commands)
    return parser


def _add_acts(commands: Any) -> None:
    """Acts on what `losses`, `risk` and `alarms` list."""
    collect = commands.add_parser("collect", help="record that a loss, or a part of it, was paid")
    collect.add_argument("loss", help="its tx_no, as `posctl losses` prints it")
    collect.add_argument("--amount", required=True, type=int, help="how much of it: uses, tickets or minor units")
    collect.add_argument("--paid", required=True, type=int, help="what was paid for that, minor units")
    collect.add_argument("--tender", required=True, help="cash, card_terminal, …")
    collect.set_defaults(run=_collect, show=_outcome)

    give_up = commands.add_parser("write-off", help="give up what is left of a loss; a second person agrees")
    give_up.add_argument("loss", help="its tx_no, as `posctl losses` prints it")
    give_up.add_argument("--reason", required=True, help="why, 3 to 200 characters")
    give_up.set_defaults(run=_write_off, show=_outcome)

    policy = commands.add_parser("policy", help="put a store's next offline policy in force")
    policy.add_argument("store", help="its name, as `posctl risk` prints it, or its id")
    policy.add_argument("caps", nargs="+", metavar="NAME=NUMBER", help="uses.per_operation=2 …; others stay")
    policy.add_argument("--based-on", required=True, type=int, help="the version looked at, 0 for none")
    policy.set_defaults(run=_policy, show=lambda found: f"version {found['version']} is in force")

    lease = commands.add_parser("leases", help="set how much a store sets aside ahead for its regulars")
    lease.add_argument("store")
    lease.add_argument("caps", nargs="+", metavar="NAME=VALUE", help="min_visits days uses … valid_hours; plan: its id")
    lease.set_defaults(run=lambda client, one: _act(client, one, *_of_store(client, "leases", one)), show=_outcome)

    alarms = commands.add_parser("alarms", help="what is alarming, unseen first")
    alarms.set_defaults(run=lambda client, _: _answer(client, "GET", "/admin/api/alarms"), show=_show_alarms)

    close = commands.add_parser("close", help="close an alarm: it is dealt with")
    close.add_argument("alarm", help="its alarm_id, as `posctl alarms` prints it")
    close.add_argument("--note", required=True, help="what was done, 3 to 200 characters")
    close.set_defaults(run=_close, show=_outcome)

    seen = commands.add_parser("seen", help="say that somebody looks after an alarm")
    seen.add_argument("alarm", help="its alarm_id, as `posctl alarms` prints it")
    seen.set_defaults(run=lambda http, one: _answer(http, "POST", f"/admin/api/alarms/{one.alarm}/seen"), show=_outcome)

    pin = commands.add_parser("member-pin", help="the PIN by which a member proves at tills who they are")
    pin.add_argument("member", help="their number or id")
    pin.add_argument("--clear", action="store_true", required=True, help="take it away: they forgot it")
    pin.set_defaults(run=_clear_pin, show=lambda found: f"{found['member_no']} has no PIN any more")

    for act in (collect, give_up, policy, lease):
        act.add_argument("--act", help="identity of this act, to repeat it safely (default: a fresh one)")


def _credentials(chosen: argparse.Namespace) -> dict[str, str]:
    if chosen.password_file is None and not os.environ.get("POSCTL_PASSWORD") and not sys.stdin.isatty():
        raise EOFError
    password = chosen.password_file and chosen.password_file.read_text("utf-8").rstrip("\r\n")
    if password is None:
        password = os.environ.get("POSCTL_PASSWORD") or getpass.getpass("Password: ")
    return {"username": chosen.user, "password": password}


def _orders(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    names = ("search", "state", "kind", "store", "day")
    query = {name: getattr(chosen, name) for name in names if getattr(chosen, name)}
    return _answer(client, "GET", "/admin/api/orders", params=query)


def _order(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    return _answer(client, "GET", f"/admin/api/orders/{chosen.key}")


def _decide(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    name, _, text = (chosen.account or "").partition("=")
    body = {"decision": chosen.decision, "reason": chosen.reason, "account": {name: text} if name else {}}
    headers = {"Idempotency-Key": chosen.act or str(uuid4())}
    return _answer(client, "POST", f"/admin/api/held/{chosen.key}", json=body, headers=headers)


def _close(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    return _answer(client, "POST", f"/admin/api/alarms/{chosen.alarm}/close", json={"note": chosen.note})


def _revoke(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    path = f"/admin/api/terminals/{_terminal_id(client, chosen.terminal)}/revoke"
    headers = {"Idempotency-Key": chosen.act or str(uuid4())}
    return _answer(client, "POST", path, json={"reason": chosen.reason}, headers=headers)


def _queue(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    path = f"/admin/api/terminals/{_terminal_id(client, chosen.terminal)}/queue"
    if chosen.decision is None:
        return _answer(client, "GET", path)
    if chosen.upto is None or chosen.reason is None:
        raise Refused("--decision needs --upto and --reason; look at the queue first.", 2)
    body = {"decision": chosen.decision, "reason": chosen.reason, "upto": chosen.upto}
    return _answer(client, "POST", path, json=body, headers={"Idempotency-Key": chosen.act or str(uuid4())})


def _collect(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    body = {"amount": chosen.amount, "paid": chosen.paid, "tender": chosen.tender}
    return _act(client, chosen, f"/admin/api/losses/{_loss_id(client, chosen.loss)}/collect", body)


def _write_off(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    path = f"/admin/api/losses/{_loss_id(client, chosen.loss)}/write-off"
    return _act(client, chosen, path, {"reason": chosen.reason})


def _policy(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    path, caps = _of_store(client, "risk", chosen)
    return _act(client, chosen, path, caps | {"based_on": chosen.based_on})


def _of_store(client: httpx.Client, what: str, chosen: argparse.Namespace) -> tuple[str, dict[str, str]]:
    stores = _answer(client, "GET", "/admin/api/risk")["stores"]
    found = [one["store_id"] for one in stores if chosen.store in (one["store_name"], one["store_id"])]
    if len(found) != 1:
        raise Refused(_SENTENCES["store_unknown"], 1)
    return f"/admin/api/{what}/{found[0]}", dict(cap.partition("=")[::2] for cap in chosen.caps)


def _clear_pin(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    return _answer(client, "POST", f"/admin/api/members/{quote(chosen.member, safe='')}/clear-pin")


def _act(client: httpx.Client, chosen: argparse.Namespace, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return _answer(client, "POST", path, json=body, headers={"Idempotency-Key": chosen.act or str(uuid4())})


def _loss_id(client: httpx.Client, tx_no: str) -> str:
    for path in ("/admin/api/losses", "/admin/api/losses?settled=1"):  # a repeated act is answered as it was
        for row in _answer(client, "GET", path)["losses"]:
            if row["tx_no"] == tx_no:
                return str(row["loss_id"])
    raise Refused(_SENTENCES["loss_unknown"], 1)


def _terminal_id(client: httpx.Client, code: str) -> str:
    for row in _answer(client, "GET", "/admin/api/terminals")["terminals"]:
        if row["code"] == code:
            return str(row["terminal_id"])
    raise Refused(_SENTENCES["terminal_unknown"], 1)


def _backup(client: httpx.Client, chosen: argparse.Namespace) -> dict[str, Any]:
    if chosen.noted is None:
        return _answer(client, "GET", "/admin/api/backups")
    try:
        taken_at = format_instant(datetime.fromisoformat(chosen.noted))
    except ValueError as error:
        raise Refused(f"{chosen.noted!r} is no time with its zone, like 2026-11-20T03:00:00Z", 2) from error
    return _answer(client, "POST", "/admin/api/backups", json={"taken_at": taken_at})


def _answer(client: httpx.Client, method: str, path: str, **options: Any) -> dict[str, Any]:
    try:
        answer = client.request(method, path, **options)
        said: dict[str, Any] = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Refused(f"no usable answer from {client.base_url}: {error}. Check --server.", 3) from error
    if answer.is_error:
        code = str(said.get("code", answer.status_code))
        raise Refused(_SENTENCES.get(code, f"the server said {code}"), 1)
    return said


def _outcome(found: Mapping[str, Any]) -> str:
    return str(found["outcome"])


def _show_orders(found: Mapping[str, Any]) -> str:
    rows = [_order_line(row) for row in found["orders"]]
    totals = found["totals"]
    amounts = ", ".join(f"{minor} {currency} (minor units)" for currency, minor in totals["amounts"])
    summary = f"{totals['count']} orders, {totals['uses']} uses" + (f", {amounts}" if amounts else "")
    return _table(_ORDER_COLUMNS, rows) + f"\n{summary}"


def _show_held(found: Mapping[str, Any]) -> str:
    columns = (*_ORDER_COLUMNS, "reason")
    return _table(columns, [_order_line(row) for row in found["held"]]) if found["held"] else "Nothing is held."


def _show_alarms(found: Mapping[str, Any]) -> str:
    rows = [
        {
            **row,
            "says": ", ".join(f"{name}: {value}" for name, value in sorted(row["data"].items()) if value is not None),
            "seen": ", ".join(name for name, _ in row["seen"]),
        }
        for row in found["alarms"]
    ]
    columns = ("last_at", "count", "event", "terminal_code", "subject", "says", "seen", "alarm_id")
    return _table(columns, rows) if rows else "No alarms."


def _show_losses(found: Mapping[str, Any]) -> str:
    columns = ("tx_no", "store_name", "terminal_code", "member_no", "unit", "left", "value_minor", "currency")
    return _table(columns, found["losses"]) if found["losses"] else "Nothing is owed."


def _show_risk(found: Mapping[str, Any]) -> str:
    stores = [{**row, "version": (row["policy"] or {}).get("version", 0)} for row in found["stores"]]
    worst = [f"{one['unit']} {one['total']}" for one in found["worst_case"]]
    return _table(("store_name", "terminals", "version", "issued_at"), stores) + (
        f"\nworst case: {', '.join(worst) or 'nothing'} (money in minor units)"
    )


def _show_backup(found: Mapping[str, Any]) -> str:
    if "newest" not in found:
        return f"noted; the chains of {found['tills']} tills came further"
    newest = found["newest"]
    said = "no backup is noted here" if newest is None else f"backup of {newest['taken_at']}, by {newest['name']}"
    return f"{said}; the server's time is {found['server_time']}"


def _show_terminals(found: Mapping[str, Any]) -> str:
    rows = [
        {
            **row,
            "status": "forked" if row["status"] == "paired" and row["forked_at"] else row["status"],
            **{
                name: ", ".join(f"{amount} {unit}" for unit, amount in row[name].items())
                for name in ("cap", "exposure")
            },
        }
        for row in found["terminals"]
    ]
    return _table(_TERMINAL_COLUMNS, rows)


def _show_queue(found: Mapping[str, Any]) -> str:
    if "decided" in found:
        refused = ", ".join(sorted({one["code"] for one in found["refused"]}))
        return f"{found['decided']} decided, {found['left']} left" + (f" ({refused})" if refused else "")
    rows = [_order_line(row) for row in found["queue"]]
    if not rows:
        return "Nothing waits."
    money: dict[str, int] = {}
    for row in rows:
        if row["currency"]:
            money[row["currency"]] = money.get(row["currency"], 0) + row["amount_minor"]
    sums = ", ".join(f"{minor} {currency} (minor units)" for currency, minor in sorted(money.items()))
    uses = sum(row["uses"] for row in rows)
    total = f"{len(rows)} facts, {uses} uses{', ' if sums else ''}{sums}; up to place {found['upto']}"
    return _table(("number", "kind", "amount", "uses", "happened_at"), rows) + f"\n{total}"


def _order_line(row: Mapping[str, Any]) -> dict[str, Any]:
    number = row["tx_no"] or (row["slips"][0] if row["slips"] else row["key"][:12])
    amount = f"{row['amount_minor']} {row['currency']}" if row["currency"] else ""
    return {**row, "number": number, "amount": amount}


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    texts = [[("" if row[name] is None else str(row[name])) for name in columns] for row in rows]
    widths = [max([len(name), *(len(line[place]) for line in texts)]) for place, name in enumerate(columns)]
    lines = [columns, *texts]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


if __name__ == "__main__":
    sys.exit(main())

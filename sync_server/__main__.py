"""The command `sync-server`: serve, migrate, verify, pair-code, backup, restore, begin-epoch.

Rule: parse, hand over, translate. Trouble is one clear message on stderr and exit code 1; a wrong command line is 2.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.refusals import Refusal
from models.times import format_instant
from sync_server import bootstrap, logs, safekeeping
from sync_server.bootstrap import PortTrouble
from sync_server.database.engine import open_pool
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.fleet import pairing
from sync_server.keys import KeysTrouble, open_keys
from sync_server.messages.sms import GatewayUnusable
from sync_server.reports import invariants
from sync_server.safekeeping import BackupTrouble
from sync_server.settings import DEFAULT_PORT, Settings, add_arguments, from_arguments
from sync_server.supabase import tokens

_REFUSALS = {
    "terminal_unknown": "There is no such terminal. Look at the list of terminals at HQ, or make it with --new.",
    "already_paired": "This terminal is paired or revoked. For another machine: --new, with a code not used yet.",
    "store_unknown": "There is no such store. With --new, --store names the store by its code, like SZ1.",
    "request_malformed": "A terminal's code is 2 to 8 of A-Z and 0-9 with the store's; an id is a UUID.",
}
_KEYS = {
    "keys_readable_by_others": "Others can read the keys. Close the folder: chmod 700, its file: chmod 600.",
    "keys_damaged": "The keys cannot be understood. Restore the key folder from the backup that belongs to this data.",
    "keys_unreachable": "The keys cannot be read or written by this user.",
}


class LedgerMissing(Exception):
    """No server has run on this data folder."""


def main(arguments: Sequence[str] | None = None, prepare: bootstrap.Prepare | None = None) -> int:
    """Run a command; returns the exit code. `prepare` goes to `bootstrap.serve`."""
    parsed = _parser().parse_args(arguments, argparse.Namespace(prepare=prepare))
    settings = from_arguments(parsed, os.environ)
    logs.set_up(settings.log_level)
    try:
        return int(parsed.run(parsed, settings))
    except (DatabaseTrouble, PortTrouble, LedgerMissing, BackupTrouble, GatewayUnusable) as error:
        return _fail(str(error))
    except KeysTrouble as error:
        return _fail(f"{error.code}: {_KEYS.get(error.code, 'The keys cannot be used.')}{_details(error.data)}")
    except Refusal as error:
        return _fail(f"{error.code}: {_REFUSALS[error.code]}{_details(error.data)}")
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sync-server",
        description="The server that tills sync with. Without DATABASE_URL it runs a Postgres of its own.",
    )
    parser.add_argument("--version", action="version", version=f"sync-server {bootstrap.VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="migrate the database and serve until stopped")
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=_port, help=f"port to listen on, 0 for any (default: {DEFAULT_PORT})")
    serve.add_argument("--demo", action="store_true", help="also serve the page of demo members' codes: no real data!")
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="write the address here once it answers")
    serve.set_defaults(run=_serve)

    migrate_command = commands.add_parser("migrate", help="bring the database to this version's schema")
    migrate_command.set_defaults(run=_migrate)

    verify = commands.add_parser("verify", help="check the invariants of the ledger; exit 1 when one is broken")
    verify.add_argument(
        "--full", action="store_true", help="read the whole history, not only what came after the last checkpoint"
    )
    verify.set_defaults(run=_verify)

    pair = commands.add_parser("pair-code", help="make a one-use code that pairs a till, valid 15 minutes")
    pair.add_argument("--terminal", required=True, metavar="CODE", help="terminal code: SZ1T03, or T03 with --store")
    pair.add_argument("--store", default="", metavar="CODE", help="store code, like SZ1")
    pair.add_argument(
        "--new", action="store_true", help="make the terminal first, if the --store has none of that code"
    )
    pair.add_argument("--name", default="", help="with --new: what people call it; default: its code")
    pair.add_argument("--id", default=None, metavar="UUID", help="with --new: the id that it had before a restore")
    pair.add_argument("--json", action="store_true", help="print one JSON object")
    pair.set_defaults(run=_pair_code)

    client = commands.add_parser("client-key", help="print the key that a Supabase client sends as its `apikey`")
    client.add_argument("--service", action="store_true", help="the operator's own: it reads every row; keep it secret")
    client.add_argument("--days", type=_days, default=3650, metavar="N", help="how long it is good (default: 3650)")
    client.set_defaults(run=_client_key)

    for command in (serve, migrate_command, verify, pair, client, *_add_safekeeping(commands)):
        add_arguments(command)
    return parser


def _add_safekeeping(commands: Any) -> tuple[argparse.ArgumentParser, ...]:
    backup = commands.add_parser("backup", help="write the ledger to a file, also while the server works")
    backup.add_argument(
        "file", type=Path, metavar="FILE", help="written whole, with FILE.json beside it; must not exist"
    )
    backup.add_argument("--not-noted", action="store_true", help="do not tell the tills: this copy will not be kept")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup back, begin a new epoch and verify; no server may run")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote, its FILE.json beside it")
    restore.add_argument("--replace", action="store_true", help="lose the ledger that is here now")
    restore.set_defaults(run=_restore)

    epoch = commands.add_parser("begin-epoch", help="after a restore by other means: let the tills send again")
    epoch.set_defaults(run=_begin_epoch)

    for command in (backup, restore):
        command.add_argument("--tools", type=Path, metavar="DIR", help="folder of pg_dump, pg_restore and psql")
    return backup, restore, epoch


def _serve(parsed: argparse.Namespace, settings: Settings) -> int:
    bootstrap.serve(settings, os.environ, parsed.prepare)
    return 0


def _migrate(_: argparse.Namespace, settings: Settings) -> int:
    with bootstrap.at_home(settings, os.environ, beside=True) as home:
        print(f"schema {migrate(home.urls)}")
    return 0


def _verify(parsed: argparse.Namespace, settings: Settings) -> int:
    _require_ledger(settings)
    with bootstrap.at_home(settings, os.environ, beside=True) as home:
        return asyncio.run(_check_invariants(home, parsed.full))


async def _check_invariants(home: bootstrap.Home, full: bool) -> int:
    async with open_pool(home.urls.app, application_name="sync-server-verify", max_size=2) as pool:
        results = await invariants.check(pool, full=full)
    for number, result in results.items():
        print(f"{number:>3}  {result.state:<6}  {invariants.TITLES[number]}: {result.details}")
    if not full:
        print(
            "Read from the last month with checkpoints on, if there is one; --full reads everything.", file=sys.stderr
        )
    return 1 if any(result.state == "broken" for result in results.values()) else 0


def _backup(parsed: argparse.Namespace, settings: Settings) -> int:
    _require_ledger(settings)
    with bootstrap.at_home(settings, os.environ, beside=True) as home:
        file = parsed.file.expanduser().resolve()
        note = safekeeping.backup(home, file, _progress, bindir=parsed.tools, noted=not parsed.not_noted)
    print(f"{file}: {note.size_bytes} bytes, {note.holds.facts} facts, as of {format_instant(note.holds.at)}")
    print(f"The keys are not in it. Keep a copy of {settings.keys} apart from it.", file=sys.stderr)
    return 0


def _restore(parsed: argparse.Namespace, settings: Settings) -> int:
    file = parsed.file.expanduser().resolve()
    safekeeping.read_note(file)  # before a data folder is made
    with bootstrap.at_home(settings, os.environ) as home:
        epoch = safekeeping.restore(home, file, _progress, bindir=parsed.tools, replace=parsed.replace)
        print(f"restored; epoch {epoch}. The tills send again when the server runs.")
        return asyncio.run(_check_invariants(home, full=True))


def _begin_epoch(_: argparse.Namespace, settings: Settings) -> int:
    _require_ledger(settings)
    with bootstrap.at_home(settings, os.environ) as home:
        print(f"epoch {safekeeping.begin_epoch(home)}. The tills send again when the server runs.")
    return 0


def _progress(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _require_ledger(settings: Settings) -> None:
    """End with a clear word where no server of ours has ever run: looking must not make a ledger."""
    if settings.database_url is None and not settings.data.exists():
        raise LedgerMissing(f"there is no ledger in {settings.data}. Name its folder with --data, or run serve first.")


def _pair_code(parsed: argparse.Namespace, settings: Settings) -> int:
    _require_ledger(settings)
    with bootstrap.at_home(settings, os.environ, beside=True) as home:
        code = asyncio.run(_make_code(home, parsed))
    if parsed.json:
        print(json.dumps({"code": code.text, "expires_at": format_instant(code.expires_at)}))
        return 0
    print(code.text)
    print(f"valid until {code.expires_at:%Y-%m-%d %H:%M} UTC, for one till", file=sys.stderr)
    return 0


async def _make_code(home: bootstrap.Home, parsed: argparse.Namespace) -> pairing.PairingCode:
    async with open_pool(home.urls.app, application_name="sync-server-pair-code", min_size=1, max_size=1) as pool:
        if parsed.new:
            await pairing.make_terminal(pool, parsed.store, parsed.terminal, parsed.name, parsed.id)
        return await pairing.new_code(pool, parsed.store, parsed.terminal)


def _client_key(parsed: argparse.Namespace, settings: Settings) -> int:
    _require_ledger(settings)
    keys = open_keys(settings.keys, bootstrap.now(), os.environ)
    print(tokens.api_key(keys, "service_role" if parsed.service else "anon", bootstrap.now(), parsed.days))
    return 0


def _days(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 36500:
        raise argparse.ArgumentTypeError("a key is good for 1 to 36500 days")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port lies between 0 and 65535")
    return number


def _details(data: Mapping[str, object]) -> str:
    return "".join(f"\n  {name}: {value}" for name, value in data.items() if value)


def _fail(message: str) -> int:
    print(f"sync-server: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

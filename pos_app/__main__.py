"""The command `pos-app`: open the cashier window, pair, verify, decode pictures.

Rule: nothing heavy is imported here; the window must be up before the rest is loaded (stack.md, "cold start").
One line on standard error says what went wrong and what to do; a traceback is a bug.
Exit codes: 0 done, 1 a check found something broken, 2 wrong usage, 3 it cannot be done now.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.settings import PRINTERS, SettingInvalid, Settings, read_settings

_FLAGS = ("data_dir", "server_url", "printer", "camera", "language", "window", "key_storage", "play")

_NOT_SOUND = (
    "Nothing was changed. Do not delete anything: copy the whole data folder to a safe place and call support; what was"
    " synced is safe at the server. To go on selling, get a pairing code from HQ and pair with a new --data folder."
)
_TROUBLE = {
    "already_running": "Another till is running on {path} (process {pid}). Close it first, or name another"
    " --data folder.",
    "data_dir_unwritable": "The data folder {path} cannot be opened for writing. Create it, give yourself the right to"
    " write there, or name another --data folder.",
    "journal_missing": "There is no journal in {path}. Name the folder of the till with --data.",
    "journal_newer": "This journal was written by a newer program (schema {found}; this program knows {known})."
    " Nothing was changed. Install the newer program again.",
    "journal_older": "This journal was written by an older program (schema {found}; this program knows {known})."
    " Nothing was changed. Start the till once, it brings the journal forward, and try again.",
    "journal_damaged": "The file {path} is damaged or is no journal. " + _NOT_SOUND,
    "journal_of_training": "The folder {path} holds a till's training. Name the folder of the till itself with --data.",
    "journal_emptied": "The journal {path} is gone or empty, though this till has recorded here. If it was moved or"
    " lies in a backup, put it back with what stands beside it. " + _NOT_SOUND,
    "journal_log_damaged": "The file {path} is damaged; it holds the newest records of the journal. " + _NOT_SOUND,
    "journal_garbled": "The journal is damaged: its value {key} is not what it must be. " + _NOT_SOUND,
    "disk_full": "The disk that holds {path} is full. Free some space; nothing was recorded or lost.",
    "journal_unavailable": "The journal {path} cannot be used now ({reason}). Check the disk and try again.",
    "key_missing": "The keys of this till are missing or cannot be read (storage: {storage}). Restore the folder"
    " keys/, or unlock the keyring of this user; otherwise HQ must make a new terminal: pair it with a new --data"
    " folder and keep this one.",
    "server_unreachable": "The server gave no usable answer ({reason}). Check the address and the network, then try"
    " again.",
}
_REFUSALS = {
    "already_paired": "This till is paired already. When HQ has revoked it: pos-app pair CODE --anew. When the server"
    " was restored and does not know it any more: a code for its own terminal. To make another one, name another --data"
    " folder.",
    "not_paired": "This till is not paired yet. Get a pairing code from HQ and run: pos-app pair CODE --server ADDRESS",
    "server_address_wrong": "This is not the address of a server; it looks like https://tills.example.com",
    "pairing_code_wrong": "The server does not know this pairing code. Check it, or get a new one from HQ.",
    "pairing_code_expired": "This pairing code has expired. Get a new one from HQ.",
    "pairing_code_used": "This pairing code was used already. Get a new one from HQ.",
    "pairing_throttled": "Too many wrong pairing codes. Wait {retry_after_seconds} seconds and try again.",
    "till_too_old": "This program is too old for the server. Update it.",
    "server_too_old": "The server is older than this program. Update the server.",
    "request_expired": "The server does not accept this machine's clock. Set the clock and try again.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["decode"]:
        from pos_app.devices import decode_command  # noqa: PLC0415 - OpenCV only when pictures are decoded

        return int(decode_command.main(arguments[1:]))
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings({name: getattr(chosen, name) for name in _FLAGS if hasattr(chosen, name)})
        return _run(chosen, settings)
    except SettingInvalid as error:
        print(f"pos-app: {error}", file=sys.stderr)
        return 2
    except (Refusal, Trouble) as error:
        print(f"pos-app: {_explain(error)}", file=sys.stderr)
        return 3


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    if chosen.command == "pair":
        if chosen.anew and settings.server_url and not _set_aside(settings, chosen.queue_aside):
            return 3
        return _pair(settings, chosen.code)
    if chosen.command == "verify":
        return _verify(settings)
    if chosen.command == "bundle":
        return _bundle(settings, chosen.out)
    if not settings.play and not _has_display():
        print("pos-app: no display was found for the window. Start it on the till's own screen.", file=sys.stderr)
        return 3
    from pos_app.ui import app  # noqa: PLC0415 - Qt only for the window

    return app.run(settings, _start)


def _has_display() -> bool:
    """Say whether a window can be shown: elsewhere than on Linux always; QT_QPA_PLATFORM decides when it is set."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in names)


def _explain(error: Refusal | Trouble) -> str:
    """Return what happened and what to do, for the command line."""
    known: Mapping[str, str] = _TROUBLE if isinstance(error, Trouble) else _REFUSALS
    sentence = known.get(error.code)
    if sentence is None:
        return f"It was refused: {error.code}." if isinstance(error, Refusal) else f"It failed: {error.code}."
    return sentence.format_map(_Known(error.data))


def _set_aside(settings: Settings, with_queue: bool) -> bool:
    """Keep what a revoked till recorded, in a folder beside its own; False when it must go on as it is."""
    from pos_app import bootstrap  # noqa: PLC0415

    try:
        kept = bootstrap.set_aside(settings, with_queue)
    except bootstrap.InService as error:
        why = (
            "HQ has not revoked this till, or it has not heard of it. Revoke it first; nothing was changed."
            if error.pending is None
            else f"{error.pending} records of this till still wait for the server; nothing was changed. Connect it and"
            " try again; when the server was restored and does not know this till any more, pair it without --anew,"
            " with a code for its own terminal. If they can never be handed in, add --queue-aside: they are kept in the"
            " folder that is set aside."
        )
        print(f"pos-app: {why}", file=sys.stderr)
        return False
    if kept is not None:
        print(f"All records and keys of the till as it was are kept in {kept}; do not delete them.")
    return True


def _pair(settings: Settings, code: str) -> int:
    """Pair the till in the data folder; the server comes from the settings."""
    from pos_app.bootstrap import start  # noqa: PLC0415 - `pos-app --help` must not load it
    from pos_app.till import pairing  # noqa: PLC0415

    if not settings.server_url:
        print("Name the server: --server https://tills.example.com", file=sys.stderr)
        return 2
    app = start(settings, lambda _changes: None)
    try:
        if pairing.is_paired(app.till):
            app.sync.cycle()  # only the server can say whether it still knows this till
        pairing.pair(app.till, settings.server_url, code)
        store, terminal_code = app.till.journal.store, app.till.journal.terminal_code
        print(f"Paired as {terminal_code} of {store.name}.")
        app.sync.cycle()
        return 0
    finally:
        app.stop()


def _verify(settings: Settings) -> int:
    """Check the journal, also while a till is running; 1 when something is broken."""
    from pos_app.journal import verify as checks  # noqa: PLC0415
    from pos_app.journal.store import open_for_reading  # noqa: PLC0415

    rows, close = open_for_reading(settings.data_dir)
    try:
        with rows.begin() as look:
            findings = checks.verify(rows)
            look.rollback()  # of a damaged file SQLite would not even end a look with COMMIT
    finally:
        rows.close()
        close()
    broken = 0
    for finding in findings:
        print(f"{'BROKEN' if finding.broken else 'holds ':6}  {finding.check} ({finding.looked_at})")
        for message in finding.broken:
            broken += 1
            print(f"        {message}")
    if broken:
        print(
            "The journal does not hold. Sales may go on: each is recorded and handed in as ever. At its start the till"
            " tells head office of records that were changed or cut, and from then on spends nothing without a network."
            " Copy its data folder to a safe place and call head office.",
            file=sys.stderr,
        )
    return 1 if broken else 0


def _bundle(settings: Settings, out: str | None) -> int:
    """Write what support needs into one file, also while a till is running."""
    from pos_app.bootstrap import program_version  # noqa: PLC0415
    from pos_app.support import write_bundle  # noqa: PLC0415

    try:
        path = write_bundle(settings.data_dir, program_version(), None if out is None else Path(out))
    except OSError as error:
        print(
            f"pos-app: the file cannot be written: {error.strerror or error}. Name another with --out.", file=sys.stderr
        )
        return 3
    print(f"{path} holds this till's log, counts and checks, and no customer's data. Send it to support.")
    return 0


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "unknown"


def _start(settings: Any, on_change: Any) -> Any:
    from pos_app.bootstrap import start  # noqa: PLC0415 - loaded behind the first window

    return start(settings, on_change)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--data", dest="data_dir", metavar="FOLDER", help="where this till keeps everything (var/till)")
    common.add_argument("--server", dest="server_url", metavar="ADDRESS", help="like https://tills.example.com")
    common.add_argument("--printer", metavar="PRINTER", help=f"{PRINTERS}; without it, as chosen at the till")
    common.add_argument("--camera", metavar="CAMERA", help="auto, a number, none or folder:///path")
    common.add_argument("--language", metavar="LANGUAGE", help="zh-CN, es-ES or en")
    common.add_argument("--window", metavar="SIZE", help="WIDTHxHEIGHT or fullscreen")
    common.add_argument("--keys", dest="key_storage", metavar="PLACE", help="auto, file or keyring")
    window = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    window.add_argument("--play", action="store_true", help="obey JSON lines on standard input, for demos and tests")
    parser = argparse.ArgumentParser(
        prog="pos-app",
        description="A till that never stops selling.",
        parents=[common, window],
        epilog="Every option can be set in the environment too: TILLKEEPER_DATA, _SERVER, _PRINTER, _CAMERA, _LANGUAGE,"
        " _WINDOW, _KEYS.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    parts = parser.add_subparsers(dest="command", metavar="COMMAND")
    parts.add_parser("run", parents=[common, window], help="open the cashier window (the default)")
    pair = parts.add_parser("pair", parents=[common], help="pair this till with a one-use code from HQ")
    pair.add_argument("code", metavar="CODE")
    pair.add_argument("--anew", action="store_true", default=False, help="of a revoked till: keep its data beside")
    pair.add_argument("--queue-aside", action="store_true", default=False, help="with --anew: though records wait")
    parts.add_parser("verify", parents=[common], help="check this till's journal; exit code 1 when it does not hold")
    bundle = parts.add_parser("bundle", parents=[common], help="write one file for support: log, counts and checks")
    bundle.add_argument("--out", metavar="FILE", default=None, help="where to (a zip file beside the data folder)")
    parts.add_parser("decode", help="read QR codes from pictures: pos-app decode PATH…", add_help=False)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and rarely asked for

        print(f"pos-app {version('tillkeeper')}")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())

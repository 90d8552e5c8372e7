"""Command line of the paper room: preview a fact's slips, run a virtual printer.

Rule: parses, hands over, translates; a person reads every error.
"""

import argparse
import signal
import sys
import threading
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import resources
from models import codec
from models.catalogue import LANGUAGES
from models.facts import Fact, decode_fact, encode_fact, hash_fact
from models.ids import parse_slip_number
from models.refusals import Refusal
from printing.blocks import Template
from printing.errors import PrinterTrouble
from printing.layout import DOTS_PER_COLUMN
from printing.preview import draw_all
from printing.slips import SlipContext, slip_documents
from printing.templates import default_template, lay_out, parse_template
from printing.virtual.server import VirtualPrinter
from printing.words import slip_words


class Complaint(Exception):
    """What a person did wrong, as a sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (0 done, 1 the world failed, 2 wrong use)."""
    options = _parser().parse_args(arguments)
    try:
        return _preview(options) if options.command == "preview" else _virtual_printer(options)
    except Complaint as complaint:
        print(f"printing: {complaint}", file=sys.stderr)
        return 2
    except (OSError, PrinterTrouble) as error:
        print(f"printing: {_sentence(error)}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m printing", description="Slips: preview them, or print virtually.")
    parser.add_argument("--version", action="version", version=f"printing {version('tillkeeper')}")
    commands = parser.add_subparsers(dest="command", required=True)
    preview = commands.add_parser("preview", help="draw the slips of a fact as a PNG")
    preview.add_argument("fact", type=Path, metavar="FACT.json", help="a fact as a till encodes it")
    preview.add_argument("--out", type=Path, required=True, metavar="PICTURE.png")
    preview.add_argument("--template", type=Path, metavar="TEMPLATE.json", help="instead of the one we ship")
    preview.add_argument("--language", choices=LANGUAGES, help="instead of the fact's language")
    preview.add_argument("--copy", type=int, default=0, metavar="N", help="mark as reprint N (0: the original)")
    preview.add_argument("--columns", type=int, default=48, choices=(32, 48), help="58 mm or 80 mm paper")
    preview.add_argument("--context", type=Path, metavar="CONTEXT.json", help="shop, cashier and (masked) member")
    virtual = commands.add_parser("virtual-printer", help="a TCP printer that prints into PNG files")
    virtual.add_argument("--port", type=int, required=True, help="0 for any free one")
    virtual.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    virtual.add_argument("--control-port", type=int, default=0, help="where it is told to fail; 0 for any free one")
    virtual.add_argument("--host", default="127.0.0.1")
    virtual.add_argument("--columns", type=int, default=48, choices=(32, 48), help="58 mm or 80 mm paper")
    return parser


def _preview(options: argparse.Namespace) -> int:
    fact = _read_fact(options.fact)
    language = options.language or fact.language
    context = _read_context(options.context, fact, language)
    if options.copy < 0:
        raise Complaint("--copy counts from 1; 0 is the original.")
    template = _read_template(options.template) if options.template else None
    words = slip_words(language)
    try:
        documents = slip_documents(fact, hash_fact(encode_fact(fact)), context)
        if template is not None:
            documents = tuple(document for document in documents if document.kind == template.kind)
        layouts = [
            lay_out(document, template or default_template(document.kind), words, options.columns, options.copy)
            for document in documents
        ]
    except (ValueError, LookupError, ArithmeticError, Refusal) as error:
        raise Complaint(f"the fact cannot be printed: {type(error).__name__} {error}.") from error
    if not layouts:
        raise Complaint(f"{options.fact} ({fact.kind}) has no slip" + (f" {template.kind}." if template else "."))
    draw_all(layouts).save(options.out, "PNG")
    print(f"{options.out}: {', '.join(document.number for document in documents)}")
    return 0


def _virtual_printer(options: argparse.Namespace) -> int:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    width_dots = options.columns * DOTS_PER_COLUMN
    with VirtualPrinter(options.out, options.host, options.port, options.control_port, width_dots) as printer:
        print("ready", printer.port, printer.control_port, flush=True)
        stopped.wait()
    return 0


def _read_fact(path: Path) -> Fact:
    try:
        return decode_fact(_read(path))
    except Refusal as refusal:
        raise Complaint(f"{path} is not a fact: {refusal.code} {_place(refusal)}") from refusal


def _read_template(path: Path) -> Template:
    try:
        return parse_template(_read(path))
    except Refusal as refusal:
        raise Complaint(f"{path} is not a slip template: {_place(refusal)}") from refusal


def _read_context(path: Path | None, fact: Fact, language: str) -> SlipContext:
    """Return the context of a file, or the sample shop's in this language with the fact's own terminal."""
    source = path or resources.path(f"templates/sample-context.{language}.json")
    try:
        context = codec.decode(SlipContext, _read(source))
    except Refusal as refusal:
        raise Complaint(f"{source} is not a slip context: {_place(refusal)}") from refusal
    numbers: tuple[str, ...] = getattr(fact.body, "slips", ())
    if numbers and path is None:
        try:
            context = replace(context, terminal_code=parse_slip_number(numbers[0]).terminal_code)
        except Refusal as refusal:
            raise Complaint(f"the fact cannot be printed: {_place(refusal)} is no slip number.") from refusal
    return replace(context, language=language)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Complaint(f"{path} is not UTF-8 text.") from error


def _place(refusal: Refusal) -> str:
    details = [f"{name} {value}" for name, value in refusal.data.items() if value]
    return ", ".join(details) or "it is not valid JSON."


def _sentence(error: OSError | PrinterTrouble) -> str:
    if isinstance(error, PrinterTrouble):
        return {
            "unreachable": "the port is taken or the host is not ours; choose another with --port or --host.",
            "disk": "the folder of --out cannot be written.",
        }.get(error.code, error.code)
    return f"{error.strerror or error}: {error.filename or ''}"


if __name__ == "__main__":
    sys.exit(main())

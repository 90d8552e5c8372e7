"""The house stays as docs/map.md draws it: what import-linter cannot see.

Rule: every rule is one function from a file to complaints, and is itself shown to complain.
Not here: layers between our own rooms (contracts in pyproject.toml), naive clocks (ruff's DTZ rules).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("models", "printing", "pos_app", "sync_server", "resources")
AROUND = ("demo", "tests", "tools")

MODULE_LINES = 400
TEST_LINES = 800  # one test file per source file, and cases are long
FUNCTION_LINES = 70
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "misc", "base", "helpers"}

# Where a third party may be imported in the product; a folder ends in a slash.
ONLY_IN = {
    "PySide6": ("pos_app/ui/", "pos_app/__main__.py"),
    "httpx": ("pos_app/sync/client.py", "sync_server/posctl.py", "sync_server/posctl/", "sync_server/messages/"),
}
# What a room may import beside the standard library and our own rooms.
ONLY_THESE = {"models": set(), "resources": set(), "printing": {"PIL", "barcode", "escpos", "segno"}}
# Standard library that would make the shared words depend on a machine, a moment or luck.
IMPURE = {
    *("asyncio", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"),
    *("shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib"),
}
# Calls that reach outside; at module level they would run at import.
OUTSIDE_CALLS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "connect", "urlopen"),
    *("create_engine", "create_async_engine", "run", "Popen", "check_output", "getenv", "basicConfig", "sleep"),
    *("QApplication", "Thread", "now", "time", "uuid4", "token_bytes"),
}


@dataclass(frozen=True)
class Source:
    """One Python file: where it is in the house, its text and its tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        return self.path.split("/")[0]


Rule = Callable[[Source], Iterator[str]]


def sources() -> list[Source]:
    """Every Python file of the house."""
    paths = [path for folder in PRODUCT + AROUND for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, top-level name) of every absolute import, also late ones inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


def third_parties_stay_in_their_place(source: Source) -> Iterator[str]:
    if source.room not in PRODUCT:
        return
    for line, name in imported(source.tree):
        places = ONLY_IN.get(name)
        if places and not any(source.path == place or source.path.startswith(place) for place in places):
            yield f"line {line}: {name} belongs only in {' '.join(places)}"


def the_product_does_not_know_its_surroundings(source: Source) -> Iterator[str]:
    if source.room in PRODUCT:
        yield from (f"line {line}: imports {name}" for line, name in imported(source.tree) if name in AROUND)


def shared_rooms_need_little(source: Source) -> Iterator[str]:
    if source.room not in ONLY_THESE:
        return
    allowed = ONLY_THESE[source.room] | sys.stdlib_module_names | set(PRODUCT)
    if source.path.startswith("printing/virtual/"):
        allowed = allowed | {"zxingcpp"}  # a printer double that reads its own paper
    if source.path == "printing/transports/serial_port.py":
        allowed = allowed | {"serial"}
    for line, name in imported(source.tree):
        if name not in allowed:
            yield f"line {line}: {source.room} may not import {name}"
        if source.room == "models" and name in IMPURE:
            yield f"line {line}: models is pure, {name} is not"


def names_say_something(source: Source) -> Iterator[str]:
    for part in source.path.removesuffix(".py").split("/"):
        if part in NAMES_THAT_SAY_NOTHING:
            yield f"{part!r} says nothing about what is inside"


def modules_say_what_they_do(source: Source) -> Iterator[str]:
    if source.text.strip() and not ast.get_docstring(source.tree):  # an empty __init__ has nothing to say
        yield "has no docstring"


def modules_and_functions_stay_short(source: Source) -> Iterator[str]:
    lines, most = source.text.count("\n"), TEST_LINES if source.room == "tests" else MODULE_LINES
    if lines > most:
        yield f"{lines} lines, at most {most}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


def nothing_happens_at_import(source: Source) -> Iterator[str]:
    if source.room not in PRODUCT or source.path.endswith("migrations/env.py"):  # run by Alembic, not imported
        return
    for node in at_import(source.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in OUTSIDE_CALLS:
                yield f"line {node.lineno}: calls {name} at import"
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ":
            yield f"line {node.lineno}: reads the environment at import"


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that are evaluated when the module is imported: not bodies of functions, not the main guard."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) in {"__name__ == '__main__'", "TYPE_CHECKING"}:
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from at_import(child)


# Each rule with a file that breaks it.
RULES: dict[Rule, Source] = {
    third_parties_stay_in_their_place: Source("pos_app/till/x.py", "def f():\n    from PySide6 import QtCore\n"),
    the_product_does_not_know_its_surroundings: Source("pos_app/x.py", "import demo.network\n"),
    shared_rooms_need_little: Source("models/x.py", "import time\n"),
    names_say_something: Source("pos_app/utils/x.py", ""),
    modules_say_what_they_do: Source("tools/x.py", "x = 1\n"),
    modules_and_functions_stay_short: Source("tests/x.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
    nothing_happens_at_import: Source("printing/x.py", "import os\n\nHOME = os.environ['HOME']\n"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    complaints = [f"{source.path}: {text}" for source in sources() for text in rule(source)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(("rule", "bad"), RULES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_can_complain(rule: Rule, bad: Source) -> None:
    assert list(rule(bad))


def test_a_third_party_is_accepted_in_its_place() -> None:
    accepted = Source("pos_app/ui/window.py", "from PySide6 import QtWidgets\n")
    assert not list(third_parties_stay_in_their_place(accepted))


def test_printing_and_models_refuse_other_third_parties() -> None:
    assert list(shared_rooms_need_little(Source("printing/x.py", "import sqlalchemy\n")))
    assert not list(shared_rooms_need_little(Source("printing/x.py", "import segno\nfrom PIL import Image\n")))


def test_the_packaging_folder_does_not_shadow_the_packaging_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_the_product_has_the_rooms_it_was_ordered_with() -> None:
    missing = [room for room in PRODUCT if not (ROOT / room / "__init__.py").is_file()]
    assert not missing
    assert (ROOT / "pyproject.toml").is_file()

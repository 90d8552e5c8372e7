"""The generated list of requirement lines: complete, stable, and strict about marks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.requirements_list import UnreadableMarkError, marks, page, shown_by

LINES = [
    {"id": "R001", "where": "a", "requirement": "one"},
    {"id": "R002", "where": "b", "requirement": "two | three"},
]
KNOWN = {"R001", "R002"}


def write(folder: Path, text: str) -> None:
    (folder / "test_x.py").write_text(text)


def test_marks_on_tests_classes_modules_and_parameters_are_found() -> None:
    text = """
pytestmark = pytest.mark.req("R001")

@pytest.mark.req("R002", "R003")
def test_a(): pass

@mark.req("R004")
class TestB:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.req("R005"))])
    async def test_c(self, x): pass
"""
    assert set(marks(ast.parse(text))) == {
        ("R001", ""),
        ("R002", "::test_a"),
        ("R003", "::test_a"),
        ("R004", "::TestB"),
        ("R005", "::TestB::test_c"),
    }


def test_a_line_lists_its_tests_once_and_sorted(tmp_path: Path) -> None:
    write(tmp_path, "@mark.req('R001')\ndef test_b(): ...\n@mark.req('R001', 'R001')\ndef test_a(): ...\n")
    assert shown_by(tmp_path, KNOWN) == {"R001": ["test_x.py::test_a", "test_x.py::test_b"]}


@pytest.mark.parametrize("call", ["req('R999')", "req(IDS)", "req(*IDS)", "req(1)"])
def test_a_mark_that_names_no_line_is_refused(tmp_path: Path, call: str) -> None:
    write(tmp_path, f"@mark.{call}\ndef test_a(): ...\n")
    with pytest.raises(UnreadableMarkError, match=r"test_x\.py"):
        shown_by(tmp_path, KNOWN)


def test_the_page_shows_every_line_and_counts_the_shown() -> None:
    text = page(LINES, {"R002": ["test_x.py::test_a", "test_x.py::test_b"]})
    assert "1 of 2 lines" in text
    assert "| R001 | a | one |  |" in text
    assert "| R002 | b | two \\| three | `test_x.py::test_a`<br>`test_x.py::test_b` |" in text

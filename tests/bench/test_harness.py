"""The bench harness: the form of its files, and that one failing suite does not hide the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bench import harness
from tests.bench.harness import Figure, figure


def suite(*figures: Figure) -> Callable[[], list[Figure]]:
    return lambda: list(figures)


def test_a_suite_is_kept_exactly_in_the_agreed_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = suite(figure("commit p99", 1.5, "ms", beside=("bare insert", 0.5)), figure("layout", 1234.0, "µs"))
    assert harness.run(["journal"], tmp_path, lambda _: figures) == []
    assert json.loads((tmp_path / "journal.json").read_text()) == {
        "suite": "journal",
        "figures": [
            {"name": "commit p99", "value": 1.5, "unit": "ms", "ratio": 3.0, "ratio_to": "bare insert"},
            {"name": "layout", "value": 1234.0, "unit": "µs", "ratio": None, "ratio_to": None},
        ],
    }
    lines = capsys.readouterr().out.splitlines()
    assert "commit p99   1.50 ms     3.00  bare insert" in lines
    assert "layout      1,234 µs" in lines


def test_a_failing_suite_says_why_and_the_next_still_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> list[Figure]:
        raise RuntimeError("the printer is on fire")

    suites = {"a": fail, "b": suite(figure("x", 1, "s"))}
    assert harness.run(["a", "b"], tmp_path, suites.__getitem__) == ["a"]
    assert "the printer is on fire" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_suite_that_does_not_import_fails_like_any_other(tmp_path: Path) -> None:
    assert harness.run(["no_such_suite"], tmp_path) == ["no_such_suite"]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "x", "value": float("nan"), "unit": "s", "ratio": None, "ratio_to": None},
        {"name": "x", "value": "1", "unit": "s", "ratio": None, "ratio_to": None},
        {"name": "x", "value": 1, "unit": "s", "ratio": 2.0, "ratio_to": None},
        {"name": "x", "value": 1, "unit": "s"},
        {"name": "x", "value": 1, "unit": "s", "ratio": None, "ratio_to": None, "more": 1},
    ],
)
def test_a_figure_of_another_form_fails_its_suite(tmp_path: Path, bad: Any) -> None:
    assert harness.run(["a"], tmp_path, lambda _: lambda: [bad]) == ["a"]
    assert not list(tmp_path.iterdir())


def test_a_suite_that_measures_nothing_fails(tmp_path: Path) -> None:
    assert harness.run(["a"], tmp_path, lambda _: suite()) == ["a"]


def test_percentiles_are_of_the_nearest_rank() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert harness.percentile(values, 50) == 50
    assert harness.percentile(values, 99) == 99
    assert harness.percentile([7.0], 99) == 7
    with pytest.raises(ValueError, match="no values"):
        harness.percentile([], 50)


def test_every_suite_beside_the_harness_is_found_and_whole() -> None:
    found = {path.stem for path in Path(harness.__file__).parent.glob("bench_*.py")}
    assert {f"bench_{name}" for name in harness.known_suites()} == found
    assert all(callable(harness.load(name)) for name in harness.known_suites())

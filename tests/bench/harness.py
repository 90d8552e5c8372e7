"""Run bench suites and keep what they measured.

A suite is `bench_<suite>.py` beside this file with `figures()`, a list of
`{"name", "value", "unit", "ratio", "ratio_to"}`: value is a number, ratio (a number) and ratio_to (what
it is measured beside) are both given or both None.
Rule: a suite that fails says why and does not stop the others.
"""

from __future__ import annotations

import json
import math
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypedDict

SUITES = Path(__file__).parent
RESULTS = Path(__file__).resolve().parents[2] / "var" / "bench"
HEADINGS = ("figure", "value", "unit", "ratio", "beside")


class Figure(TypedDict):
    """One measured number, and how it compares with something known."""

    name: str
    value: float
    unit: str
    ratio: float | None
    ratio_to: str | None


def figure(name: str, value: float, unit: str, *, beside: tuple[str, float] | None = None) -> Figure:
    """A figure; `beside` names a measured neighbour in the same unit, the ratio is value / neighbour."""
    ratio = None if beside is None else value / beside[1]
    return {"name": name, "value": value, "unit": unit, "ratio": ratio, "ratio_to": beside and beside[0]}


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of the values do not exceed (nearest rank); ValueError when there are none."""
    if not values:
        raise ValueError("no values were measured")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def known_suites() -> list[str]:
    """Names of the suites that exist, sorted."""
    return sorted(path.stem.removeprefix("bench_") for path in SUITES.glob("bench_*.py"))


def load(suite: str) -> Callable[[], list[Figure]]:
    """The suite's `figures` function; its module is imported only now."""
    function: Callable[[], list[Figure]] = import_module(f"tests.bench.bench_{suite}").figures
    return function


def checked(figures: list[Figure]) -> list[Figure]:
    """The figures when each has the form that readers rely on; ValueError otherwise."""
    if not figures:
        raise ValueError("the suite measured nothing")
    for item in figures:
        if set(item) != set(Figure.__annotations__):
            raise ValueError(f"a figure has exactly {sorted(Figure.__annotations__)}, got {sorted(item)}")
        numbers = [item["value"], *([] if item["ratio"] is None else [item["ratio"]])]
        if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
            raise ValueError(f"figure {item['name']!r} is not a finite number: {numbers}")
        if (item["ratio"] is None) != (item["ratio_to"] is None):
            raise ValueError(f"figure {item['name']!r}: ratio and ratio_to come together")
    return figures


def table(figures: list[Figure]) -> str:
    """The figures as aligned columns."""
    rows = [HEADINGS]
    for item in figures:
        ratio = "" if item["ratio"] is None else f"{item['ratio']:.2f}"
        rows.append((item["name"], readable(item["value"]), item["unit"], ratio, item["ratio_to"] or ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {ratio:>{widths[3]}}  {beside}".rstrip()
        for name, value, unit, ratio, beside in rows
    )


def readable(value: float) -> str:
    """Three figures that matter, thousands apart."""
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def keep(suite: str, figures: list[Figure], results: Path) -> Path:
    """Write `<suite>.json`; its path."""
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{suite}.json"
    path.write_text(json.dumps({"suite": suite, "figures": figures}, indent=1, ensure_ascii=False) + "\n")
    return path


def run(
    suites: list[str],
    results: Path = RESULTS,
    loader: Callable[[str], Callable[[], list[Figure]]] = load,
) -> list[str]:
    """Run suites one after another, print and keep their figures; names of those that failed."""
    failed = []
    for suite in suites:
        print(f"== {suite}", flush=True)
        try:
            figures = checked(loader(suite)())
        except Exception:  # noqa: BLE001 - a suite may fail in any way; the others still run
            traceback.print_exc(file=sys.stdout)
            failed.append(suite)
            continue
        print(table(figures))
        print(f"   kept in {keep(suite, figures, results)}", flush=True)
    return failed

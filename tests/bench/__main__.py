"""Run benches: `python -m tests.bench [--suite NAME ...]`; exit status 1 when one failed."""

from __future__ import annotations

import argparse
import sys

from tests.bench import harness


def main() -> int:
    """All suites, or those named."""
    known = harness.known_suites()
    parser = argparse.ArgumentParser(prog="tests.bench", description="Measure, print, keep in var/bench/.")
    parser.add_argument("--suite", action="append", choices=known, help="one suite; may be repeated")
    suites = parser.parse_args().suite or known
    failed = harness.run(suites)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

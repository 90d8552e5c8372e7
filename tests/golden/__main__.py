"""Record the golden files of the current version: `python -m tests.golden [--release]`."""

import argparse
import sys

from tests.golden.files import write


def main() -> int:
    """Write them; `--release` forbids ever to write them again."""
    parser = argparse.ArgumentParser(prog="tests.golden", description=__doc__)
    parser.add_argument("--release", action="store_true", help="this version goes out to tills")
    try:
        print(write(parser.parse_args().release))
    except ValueError as error:
        print(f"golden: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

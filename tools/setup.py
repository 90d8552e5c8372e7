"""Make this checkout ready to run: .venv, locked packages, system libraries.

Usage: tools/setup.py --for run|demo|test
Rule: every Python since 3.6 must understand this file, so that a wrong one gets a sentence and
not a traceback; it finds a right one and hands over to it.
Not here: the work (environment.py, system_parts.py).
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WRONG_PYTHON = 2


def fits(version: tuple) -> bool:  # type: ignore[type-arg]
    """Whether (major, minor, ...) is a version that the product is tested with."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def candidates() -> list:  # type: ignore[type-arg]
    """Paths that may be a fitting Python: on PATH, in /usr/bin, under pyenv."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    found = [shutil.which(name) for name in names]
    found += ["/usr/bin/" + name for name in names]
    pyenv = os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions")
    if os.path.isdir(pyenv):
        found += [os.path.join(pyenv, version, "bin", "python3") for version in sorted(os.listdir(pyenv))]
    return [path for path in found if path and os.path.exists(path)]


def find_python() -> str:
    """Path of a fitting interpreter, or "". Each is tried: a pyenv shim may exist and not work."""
    question = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)"
    for path in candidates():
        try:
            answer = subprocess.check_output([path, "-c", question], stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError):
            continue
        major, minor, executable = answer.decode().strip().split(" ", 2)
        if fits((int(major), int(minor))):
            return executable
    return ""


def main() -> int:
    """Run under a fitting Python; the exit status is that of environment.main, or 2."""
    if not fits(sys.version_info):
        other = find_python()
        if not other:
            oldest, newest, this = (".".join(map(str, v[:2])) for v in (OLDEST, NEWEST, sys.version_info))
            sys.stderr.write(
                f"setup: Python {oldest} to {newest} is needed; {sys.executable} is {this}"
                " and no other was found.\n"
                "Next: install one (Debian 12: apt-get install python3 python3-venv),\n"
                "      or name one: make PYTHON=/path/to/python3.11 ...\n"
            )
            return WRONG_PYTHON
        os.execv(other, [other, os.path.abspath(__file__), *sys.argv[1:]])
    sys.path[0] = ROOT
    from tools import environment  # noqa: PLC0415

    return environment.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

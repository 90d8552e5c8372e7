"""Run the shipped till as a process of its own that dies at a named step; then open it again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.flows import shop
from tests.flows.till import Counter

LAUNCHER = Path(__file__).parents[1] / "till_launcher.py"


def killed(till: Counter, step: str, action: str, **more: Any) -> None:
    """Close the till and run it again as a process of its own, which dies at the step; then it is opened again."""
    ended = ran(till, step, action, **more)
    assert ended.returncode == -signal.SIGKILL, f"exit code {ended.returncode}: {ended.stderr[-3000:]}"
    till.open()


def ran(till: Counter, step: str, action: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Close the till and let a process of its own do one thing; it stays closed."""
    till.close()
    plan = {
        "data": str(till.folder / "till"),
        "printer": f"tcp://127.0.0.1:{till.printer.port}",
        "pin": shop.PIN,
        "address": till.address,
        "step": step,
        "action": action,
        **more,
    }
    path = till.folder / "plan.json"
    path.write_text(json.dumps(plan))
    root = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, str(LAUNCHER), str(path)],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

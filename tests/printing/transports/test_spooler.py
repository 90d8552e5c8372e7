"""The system's spooler through its own commands: a job that it took is handed over, never printed."""

import os
import stat
from pathlib import Path

import pytest

from printing.transports import JobOutcome, PrinterStatus, open_printer
from printing.transports.spooler import SpoolerPrinter

pytestmark = pytest.mark.req("C11")
LP = """#!/bin/sh
echo "$LC_ALL $@" >> "$SPOOL/asked"
[ "$2" = Bar ] || { echo "lp: The printer or class does not exist." >&2; exit 1; }
cat > "$SPOOL/job"
"""
LPSTAT = """#!/bin/sh
case "$1 $2" in
"-e ") echo Bar; echo "Cocina_2" ;;
"-p Bar") if [ -e "$SPOOL/stopped" ]; then echo "printer Bar disabled since Sun 22 Nov 2026 -"; echo "	Paused";
    else echo "printer Bar is idle.  enabled since Sun 22 Nov 2026"; fi ;;
*) echo "lpstat: Invalid destination name in list." >&2; exit 1 ;;
esac
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a spooler with the queues Bar and Cocina_2 on the PATH; returns where it keeps what it got."""
    folder.mkdir()
    for name, text in (("lp", LP), ("lpstat", LPSTAT)):
        (folder / name).write_text(text)
        (folder / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SPOOL", str(folder))
    return folder


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return install(tmp_path / "cups", monkeypatch)


def test_a_job_is_handed_over_raw(spool: Path) -> None:
    job = bytes(range(256)) * 400
    told: list[str] = []
    assert SpoolerPrinter("Bar").status() == PrinterStatus("ready")
    assert SpoolerPrinter("Bar").send(job, "VR.SZ1T03.000012-0", lambda: told.append("begun")) == JobOutcome(
        "handed_over"
    )
    assert told == ["begun"]
    assert (spool / "job").read_bytes() == job
    assert (spool / "asked").read_text() == "C -d Bar -o raw -s -t VR.SZ1T03.000012-0\n"


def test_a_stopped_queue_says_so(spool: Path) -> None:
    (spool / "stopped").touch()
    assert SpoolerPrinter("Bar").status() == PrinterStatus("error", detail="queue_stopped")


def test_a_queue_that_is_not_there(spool: Path) -> None:
    assert SpoolerPrinter("Gone").status() == PrinterStatus("offline", detail="queue_unknown")
    assert SpoolerPrinter("Gone").send(b"x", "job", lambda: None) == JobOutcome("not_printed", "queue_refused")
    assert not (spool / "job").exists()


def test_a_computer_without_a_spooler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert SpoolerPrinter("Bar").status() == PrinterStatus("offline", detail="spooler_missing")
    assert SpoolerPrinter("Bar").send(b"x", "job", lambda: None) == JobOutcome("not_printed", "spooler_missing")


def test_a_spooler_that_hangs_may_have_it(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (spool / "lp").write_text("#!/bin/sh\nexec sleep 30\n")
    monkeypatch.setattr("printing.transports.spooler.TAKE_SECONDS", 0.2)
    assert SpoolerPrinter("Bar").send(b"x", "job", lambda: None) == JobOutcome("unknown", "no_answer")


@pytest.mark.parametrize(
    "end",
    [
        "kill -9 $$",
        "kill -15 $$",
        "exit 1",
        "echo 'lp: Error - unable to queue from stdin - Success.' >&2; exit 1",
        "echo 'lp: Job #12 does not exist.' >&2; exit 1",
        "echo 'lp: The printer or class does not exist.' >&2; kill -9 $$",
    ],
)
def test_a_spooler_that_may_have_it_is_not_given_it_again(spool: Path, end: str) -> None:
    """The job is with the system before lp ends badly."""
    (spool / "lp").write_text(f'#!/bin/sh\ncat > "$SPOOL/job"\n{end}\n')
    assert SpoolerPrinter("Bar").send(b"x", "job", lambda: None) == JobOutcome("unknown", "no_answer")
    assert (spool / "job").read_bytes() == b"x"


def test_a_queue_that_rejects_jobs_has_none(spool: Path) -> None:
    (spool / "lp").write_text("#!/bin/sh\necho 'lp: Destination \"Bar\" is not accepting jobs.' >&2\nexit 1\n")
    assert SpoolerPrinter("Bar").send(b"x", "job", lambda: None) == JobOutcome("not_printed", "queue_refused")


def test_a_name_with_blanks_keeps_them() -> None:
    assert isinstance(open_printer("spooler://Caf%C3%A9%20Bar"), SpoolerPrinter)

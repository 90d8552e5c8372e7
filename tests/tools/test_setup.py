"""The newcomer's first command: right Python, missing parts, interruption, two at once."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import environment, setup, system_parts, work
from tools.work import SetupError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with inputs and no .venv, which setup takes for its own."""
    for name in environment.INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "VENV_PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", venv / "setup.json")
    return tmp_path


def pretend_built(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    environment.write_stamp(environment.fingerprint())


def test_a_whole_environment_is_recognised(checkout: Path) -> None:
    assert not environment.is_ready(environment.fingerprint())
    pretend_built(checkout)
    assert environment.is_ready(environment.fingerprint())


@pytest.mark.parametrize("name", environment.INPUTS)
def test_a_changed_input_asks_for_an_update(checkout: Path, name: str) -> None:
    pretend_built(checkout)
    with (checkout / name).open("a") as file:
        file.write("# changed\n")
    assert not environment.is_ready(environment.fingerprint())


@pytest.mark.parametrize("damage", ["{", "[]", "", "null"])
def test_a_damaged_stamp_means_half_made(checkout: Path, damage: str) -> None:
    pretend_built(checkout)
    environment.STAMP.write_text(damage)
    assert environment.read_stamp() == {}


def test_an_environment_whose_python_went_away_is_not_ready(checkout: Path) -> None:
    pretend_built(checkout)
    environment.VENV_PYTHON.unlink()
    environment.VENV_PYTHON.symlink_to(checkout / "gone")
    assert not environment.is_ready(environment.fingerprint())


def test_a_failed_build_leaves_no_stamp(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_built(checkout)
    (checkout / "requirements.lock").write_text("changed")

    def fail(*_: object, **__: object) -> work.Done:
        raise SetupError("no network", "look")

    monkeypatch.setattr(environment, "run", fail)
    with pytest.raises(SetupError):
        environment.build(environment.fingerprint())
    assert environment.read_stamp() == {}


def test_a_full_disk_is_told_before_anything_is_removed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv").mkdir()
    monkeypatch.setattr(environment, "NEEDED_BYTES", 10**18)
    with pytest.raises(SetupError, match="GB are free"):
        environment.build(environment.fingerprint())
    assert (checkout / ".venv").exists()


def test_a_second_setup_waits_for_the_first(checkout: Path) -> None:
    code = (
        "from pathlib import Path; from tools import environment as e;"
        f"e.ROOT = Path({str(checkout)!r})\n"
        "with e.one_at_a_time(): print('inside', flush=True)"
    )
    with environment.one_at_a_time():
        second = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert "waiting" in second.stdout.readline()
        assert second.poll() is None
    assert second.communicate(timeout=20)[0] == "inside\n"
    assert second.returncode == 0


def test_an_orphaned_child_keeps_the_lock(checkout: Path) -> None:
    code = (
        "from pathlib import Path; from tools import environment as e, work;"
        f"e.ROOT = Path({str(checkout)!r})\n"
        "with e.one_at_a_time():\n print('inside', flush=True)\n work.run(['sleep', '1.5'], 'sleeping')"
    )
    first = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    assert first.stdout.readline() == "inside\n"
    time.sleep(0.5)  # let it start its child
    first.kill()
    first.communicate()
    began = time.monotonic()
    with environment.one_at_a_time():
        assert time.monotonic() - began > 0.3


def test_a_step_that_is_interrupted_ends_its_child(tmp_path: Path) -> None:
    mark = tmp_path / "survived"
    code = f"from tools import work; work.run(['sh', '-c', 'echo; sleep 2; touch {mark}'], 'sleeping')"
    step = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL)
    time.sleep(0.7)
    step.send_signal(signal.SIGINT)
    assert step.wait(timeout=10) != 0
    time.sleep(1.8)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("error: No space left on device (os error 28)", "disk"),
        ("error sending request for url: dns error", "network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "differs from the locked"),
        ("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("Permission denied (os error 13)", "may not write"),
        ("something new", "make clean"),
    ],
)
def test_a_failed_step_says_what_to_do(output: str, advice: str) -> None:
    with pytest.raises(SetupError, match=r"(?s)fetching failed.*") as caught:
        work.run(["sh", "-c", f"echo '{output}' >&2; exit 7"], "fetching")
    assert output in str(caught.value)
    assert advice in caught.value.next_step


def test_a_present_library_is_seen_and_an_absent_one_missed() -> None:
    assert system_parts.library("libc.so.6", "libc6").present()
    assert not system_parts.library("libnowhere.so.9", "nowhere").present()


def test_missing_parts_name_the_exact_command_where_nothing_may_be_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_parts, "root_prefix", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SetupError) as caught:
        system_parts.install([system_parts.library("libnowhere.so.9", "nowhere9")], "for a test")
    assert caught.value.status == system_parts.MISSING_PART
    command = caught.value.next_step.splitlines()[1].strip()
    assert command == "sudo apt-get update && sudo apt-get install -y --no-install-recommends nowhere9"


def test_a_machine_without_apt_gets_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SetupError, match=r"libnowhere\.so\.9") as caught:
        system_parts.install([system_parts.library("libnowhere.so.9", "nowhere9")], "for a test")
    assert "nowhere9" in caught.value.next_step


def test_run_with_a_display_needs_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert environment.with_browser_unless_display("run") == "demo"
    monkeypatch.setenv("DISPLAY", ":0")
    assert environment.with_browser_unless_display("run") == "run"
    assert environment.with_browser_unless_display("test") == "test"


def test_uv_hears_the_mirror_that_pip_was_given() -> None:
    given = os.environ | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://mirror.invalid/simple"}
    given.pop("PIP_CERT", None)
    assert environment.settings_of_pip(given) == {"UV_DEFAULT_INDEX": "http://mirror.invalid/simple"}


def test_foreign_settings_do_not_reach_the_installers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    assert not {"PYTHONPATH", "PIP_TARGET"} & set(environment.child_environment())


def test_old_pythons_understand_the_front_door() -> None:
    ast.parse((ROOT / "tools" / "setup.py").read_text(), feature_version=(3, 6))


@pytest.mark.parametrize(("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_the_tested_pythons_are_accepted(version: tuple[int, int], fits: bool) -> None:
    assert setup.fits(version) is fits


def test_a_shim_that_does_not_work_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim, other = tmp_path / "shim", tmp_path / "old"
    shim.write_text("#!/bin/sh\nexit 127\n")
    other.write_text("#!/bin/sh\necho 3 9 /usr/bin/python3.9\n")
    for path in (shim, other):
        path.chmod(0o755)
    monkeypatch.setattr(setup, "candidates", lambda: [str(shim), str(other), sys.executable])
    assert setup.find_python() == sys.executable
    monkeypatch.setattr(setup, "candidates", lambda: [str(shim), str(other)])
    assert not setup.find_python()


def test_no_fitting_python_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "candidates", list)
    monkeypatch.setattr(setup, "NEWEST", (3, 10))
    monkeypatch.setattr(setup, "OLDEST", (3, 9))
    assert setup.main() == setup.WRONG_PYTHON
    error = capsys.readouterr().err
    assert "Python 3.9 to 3.10 is needed" in error
    assert "Next:" in error

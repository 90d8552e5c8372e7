"""The command `pos-app` as a person runs it: what it prints, how it ends, that it never shows a traceback."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.__main__ import main
from pos_app.journal import migrations
from pos_app.journal.single import SingleInstance
from pos_app.journal.store import FILE_NAME
from tests.pos_app.desk import Desk

ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pos_app", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(capsys: pytest.CaptureFixture[str], code: int, *arguments: object) -> str:
    assert main([str(one) for one in arguments]) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return out + err


def test_help_and_version_load_nothing_heavy() -> None:
    probe = (
        "import sys; sys.argv = ['pos-app', sys.argv[1]]\n"
        "from pos_app.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'PySide6', 'sqlalchemy', 'httpx', 'cv2', 'cryptography', 'keyring', 'escpos', 'apscheduler'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    for flag, shown in (("--help", "verify"), ("--version", "pos-app 0.")):
        found = subprocess.run(
            [sys.executable, "-c", probe, flag], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert found.returncode == 0, found.stderr
        assert shown in found.stdout


def test_wrong_usage_says_what_fits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "expected tcp://host" in said(capsys, 2, "verify", "--printer", "usb")
    assert "--server" in said(capsys, 2, "pair", "CODE", "--data", tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2


def test_verify_of_a_sound_and_of_a_broken_journal(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.sell()
    sound = run("verify", "--data", tmp_path)
    assert (sound.returncode, sound.stderr) == (0, ""), "also while a till is running"
    assert "holds   chain (2)" in sound.stdout
    desk.stop()
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    raw.execute("UPDATE facts SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 2")
    raw.commit()
    raw.close()
    broken = run("--data", tmp_path, "verify")
    assert broken.returncode == 1
    assert "BROKEN  chain" in broken.stdout
    assert "fact 2: its bytes were changed" in broken.stdout
    assert "Sales may go on" in broken.stderr
    assert "call head office" in broken.stderr


def test_verify_where_there_is_no_till(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "no journal" in said(capsys, 3, "verify", "--data", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_pairing_without_a_server(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = said(capsys, 3, "pair", "CODE", "--data", tmp_path, "--server", "http://127.0.0.1:1")
    assert "Check the address and the network" in text


def test_pairing_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Desk(tmp_path).stop()
    assert "paired already" in said(capsys, 3, "pair", "CODE", "--data", tmp_path, "--server", "http://127.0.0.1:1")


def test_another_till_is_running(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lock = SingleInstance.take(tmp_path)
    text = said(capsys, 3, "pair", "CODE", "--data", tmp_path, "--server", "http://127.0.0.1:1")
    assert "Another till is running" in text
    assert str(os.getpid()) in text
    lock.release()


def test_a_folder_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    text = said(capsys, 3, "pair", "CODE", "--data", tmp_path / "file" / "till", "--server", "http://127.0.0.1:1")
    assert "name another --data folder" in text


def test_a_journal_of_a_newer_program(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Desk(tmp_path).stop()
    raw = sqlite3.connect(tmp_path / FILE_NAME)
    raw.execute(f"PRAGMA user_version = {migrations.KNOWN + 1}")
    raw.close()
    for command in (("verify",), ("pair", "CODE", "--server", "http://127.0.0.1:1")):
        assert "newer program" in said(capsys, 3, *command, "--data", tmp_path)


def test_a_damaged_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Desk(tmp_path).stop()
    (tmp_path / FILE_NAME).write_bytes(b"\x00garbage" * 2000)
    for command in (("verify",), ("pair", "CODE", "--server", "http://127.0.0.1:1")):
        assert "Do not delete anything" in said(capsys, 3, *command, "--data", tmp_path)


def test_lost_keys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Desk(tmp_path).stop()
    (tmp_path / "keys" / "till.key").unlink()
    assert "keys/" in said(capsys, 3, "pair", "CODE", "--data", tmp_path, "--server", "http://127.0.0.1:1")


def test_decode_is_handed_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["decode", "--help"])
    assert end.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_without_a_display_the_window_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["run", "--data", str(tmp_path / "till")]) == 3
    assert "no display was found" in capsys.readouterr().err
    assert not (tmp_path / "till").exists()


def test_asked_to_end_by_the_system_it_stops_in_order(tmp_path: Path) -> None:
    """As at a shut-down of the machine: afterwards the journal is whole in its one file."""
    Desk(tmp_path).stop()
    command = [
        sys.executable,
        "-m",
        "pos_app",
        "--play",
        "--data",
        tmp_path,
        "--window",
        "1280x720",
        "--camera",
        "none",
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [*map(str, command), "--server", "http://127.0.0.1:1", "--keys", "file"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as till:
        assert till.stdin is not None
        assert till.stdout is not None
        till.stdin.write('{"do": "wait", "for": {"screen": "sign_in"}, "seconds": 60}\n')
        till.stdin.flush()
        assert '"ok": true' in till.stdout.readline()
        assert (tmp_path / f"{FILE_NAME}-wal").exists()
        till.send_signal(signal.SIGTERM)
        assert till.wait(30) == 0
    assert not (tmp_path / f"{FILE_NAME}-wal").exists()

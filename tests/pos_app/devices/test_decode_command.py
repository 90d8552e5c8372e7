"""`pos-app decode` says something true about every path it is given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pos_app.devices import decode_command, decoder, engines
from pos_app.devices.errors import PictureFault
from tests.pos_app.devices import faults

Lines = list[dict[str, Any]]


def decode(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Lines]:
    status = decode_command.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert err == ""
    return status, [json.loads(line) for line in out.splitlines()]


def save(path: Path, text: str, truth: str | None = None) -> Path:
    Image.fromarray(faults.qr(text)).save(path)
    if truth is not None:
        path.with_suffix(".txt").write_bytes(truth.encode())
    return path


@pytest.mark.req("C04")
def test_one_line_tells_text_format_engine_and_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, (line,) = decode(capsys, save(tmp_path / "a.png", "年卡 año"))
    assert status == 0
    assert list(line) == ["path", "text", "format", "engine", "ms"]
    assert line.pop("ms") > 0
    assert line == {
        "path": str(tmp_path / "a.png"),
        "text": "年卡 año",
        "format": "QRCode",
        "engine": "zxing-cpp",
    }


def test_a_picture_without_a_code_is_null_and_not_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (200, 100), 128).save(tmp_path / "a.webp")
    status, (line,) = decode(capsys, tmp_path / "a.webp")
    assert (status, line["text"], line["format"], line["engine"]) == (1, None, None, None)
    assert "error" not in line


def test_a_bad_path_never_stops_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "empty").mkdir()
    good = save(tmp_path / "good.png", "A1")
    cut = tmp_path / "cut.png"
    cut.write_bytes(good.read_bytes()[:200])
    Image.new("1", (9000, 9000)).save(tmp_path / "huge.png")
    paths = ["missing.png", "text.png", "empty", "cut.png", "huge.png", "good.png", "good.png"]
    status, lines = decode(capsys, *(tmp_path / path for path in paths))
    assert status == 3
    assert [Path(line["path"]).name for line in lines] == paths
    errors = [line.get("error") for line in lines]
    assert errors == ["missing", "not_a_picture", "no_pictures", "damaged", "too_large", None, None]
    assert [line["text"] for line in lines] == [None] * 5 + ["A1", "A1"]


def test_no_permission_is_said_for_file_and_folder(as_anybody: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(as_anybody / "a.png", "A").chmod(0)
    (as_anybody / "closed").mkdir(mode=0)
    status, lines = decode(capsys, as_anybody / "a.png", as_anybody / "closed", as_anybody / "closed" / "x")
    (as_anybody / "closed").chmod(0o700)
    assert status == 3
    assert [line["error"] for line in lines] == ["unreadable"] * 3


def test_a_folder_is_walked_in_sorted_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.png", "a.png", "sub/c.png"):
        save(tmp_path / name, name)
    (tmp_path / "notes.md").write_text("no picture")
    status, lines = decode(capsys, tmp_path)
    assert (status, [line["text"] for line in lines]) == (0, ["a.png", "b.png", "sub/c.png"])


def test_the_summary_counts_read_and_wrong_and_ignores_reader_metadata(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "right.png", "one\r\ntwo", truth="one\ntwo\n")
    save(tmp_path / "wrong.png", "three", truth="drei")
    save(tmp_path / "untold.png", "four")
    (tmp_path / "untold.result.txt").write_text("identifier=]Q1")
    Image.new("L", (80, 80), 128).save(tmp_path / "none.png")
    (tmp_path / "none.txt").write_text("five")
    (tmp_path / "bad.png").write_text("x")
    status, lines = decode(capsys, "--bench", tmp_path)
    summary = lines.pop()
    assert (status, len(lines)) == (3, 5)
    times = sorted(line["ms"] for line in lines if "error" not in line)
    assert summary == {
        "count": 4,
        "read": 3,
        "rate": 0.75,
        "wrong": 1,
        "with_truth": 3,
        "errors": 1,
        "median_ms": pytest.approx((times[1] + times[2]) / 2, abs=0.01),
        "p95_ms": times[3],
        "pyzbar": True,
    }


def test_a_summary_of_nothing_is_still_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, (_line, summary) = decode(capsys, "--bench", tmp_path / "none.png")
    assert (status, summary["count"], summary["rate"], summary["median_ms"]) == (3, 0, None, None)


def test_letterbox_shows_the_picture_as_a_camera_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = []
    plain = decoder.decode_picture

    def watched(image: Any) -> Any:
        shapes.append(image.shape)
        return plain(image)

    monkeypatch.setattr(decode_command, "decode_picture", watched)
    tall = np.full((2000, 300), 255, np.uint8)
    tall[500:732, 30:262] = faults.qr("TALL")
    Image.fromarray(tall).save(tmp_path / "tall.png")
    status, (line,) = decode(capsys, "--letterbox", "1280x720", tmp_path / "tall.png")
    assert (status, line["text"], shapes) == (0, "TALL", [(720, 1280)])


@pytest.mark.parametrize(
    "arguments", [[], ["--letterbox", "1280", "a"], ["--letterbox", "-1x5", "a"], ["--letterbox", "9999x99999", "a"]]
)
def test_wrong_use_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        decode_command.main(arguments)
    assert ended.value.code == 2
    assert "usage: pos-app decode" in capsys.readouterr().err


def test_help_explains_lines_errors_and_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        decode_command.main(["--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert "exit status:" in out
    assert all(fault in out for fault in PictureFault)


def test_a_missing_second_reader_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_pyzbar", lambda: None)
    status = decode_command.main(["--bench", str(save(tmp_path / "a.png", "A"))])
    out, err = capsys.readouterr()
    assert (status, json.loads(out.splitlines()[-1])["pyzbar"]) == (0, False)
    assert "libzbar0" in err


def test_any_file_name_and_text_reaches_a_plain_terminal(tmp_path: Path) -> None:
    odd = Path(str(tmp_path), "\udcff 茶.png")
    save(tmp_path / "x.png", "茶").rename(odd)
    program = "import sys; from pos_app.devices.decode_command import main; sys.exit(main(sys.argv[1:]))"
    ran = subprocess.run(
        [sys.executable, "-c", program, odd],
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    line = json.loads(ran.stdout)
    assert (line["path"], line["text"]) == (str(odd), "茶")

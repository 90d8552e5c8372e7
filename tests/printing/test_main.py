"""The command line: pictures of facts, and errors a person can act on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from models.facts import Body, SlipReprinted, encode_fact, hash_fact
from printing.__main__ import main
from printing.templates import default_template_body
from tests.printing.shop import VR, add_on, cup, fact, pass_sold, redeemed


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return write(tmp_path, redeemed(cup("茶", add_on())))


def write(folder: Path, body: Body) -> Path:
    path = folder / "fact.json"
    path.write_bytes(encode_fact(fact(body)))
    return path


def codes(path: Path) -> list[str]:
    with Image.open(path) as picture:
        found = zxingcpp.read_barcodes(picture)
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]


@pytest.mark.req("R115")
@pytest.mark.parametrize("options", [[], ["--copy", "2"], ["--language", "es-ES"], ["--columns", "32"]])
def test_a_preview_shows_every_slip_of_a_fact(
    written: Path, tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "slip.png"
    assert main(["preview", str(written), "--out", str(out), *options]) == 0
    digits = hash_fact(written.read_bytes())[:16].upper()
    assert codes(out) == [f"VR.SZ1T03.000012.{digits}", f"TP.SZ1T03.000004.{digits}"]
    assert "VR.SZ1T03.000012, TP.SZ1T03.000004" in capsys.readouterr().out


def test_a_preview_with_ones_own_template(written: Path, tmp_path: Path) -> None:
    template, out = tmp_path / "template.json", tmp_path / "slip.png"
    template.write_text(default_template_body("SALES_TICKET"), "utf-8")
    assert main(["preview", str(written), "--out", str(out), "--template", str(template)]) == 0
    assert [code[:2] for code in codes(out)] == ["TP"]


def test_a_fact_may_be_written_prettily(written: Path, tmp_path: Path) -> None:
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(json.loads(written.read_text("utf-8")), indent=2), "utf-8")
    for number, path in enumerate((written, pretty)):
        assert main(["preview", str(path), "--out", str(tmp_path / f"{number}.png")]) == 0
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()


def complain(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("printing: ")
    assert said.err.count("\n") == 1
    return code, said.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a fact: request_malformed"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"{}", "is not a fact: request_malformed pointer /format"),
        (encode_fact(fact(SlipReprinted(VR, 1, "lost"))), "(SlipReprinted) has no slip"),
        (encode_fact(fact(pass_sold())).replace(b'"VR.SZ1T03.000012"', b'"XX"'), "cannot be printed"),
        (encode_fact(fact(pass_sold())).replace(b'"CNY"', b'"XXX"'), "cannot be printed"),
        (encode_fact(fact(pass_sold())).replace(b'"wechat"', b'"shells"'), "cannot be printed"),
        (encode_fact(fact(pass_sold())).replace(b'"0.06"', b'"much"'), "cannot be printed"),
    ],
)
def test_a_fact_that_is_none(content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fact.json"
    path.write_bytes(content)
    code, error = complain(capsys, "preview", str(path), "--out", str(tmp_path / "x.png"))
    assert code == 2
    assert said in error
    assert not (tmp_path / "x.png").exists()


def test_other_wrong_input(written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "x.png")
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": 1}')
    assert complain(capsys, "preview", str(tmp_path / "none.json"), "--out", out)[0] == 1
    assert complain(capsys, "preview", str(written), "--out", str(tmp_path / "no" / "x.png"))[0] == 1
    code, said = complain(capsys, "preview", str(written), "--out", out, "--template", str(broken))
    assert (code, "is not a slip template: pointer /" in said) == (2, True)
    assert complain(capsys, "preview", str(written), "--out", out, "--context", str(broken))[0] == 2
    assert complain(capsys, "preview", str(written), "--out", out, "--copy", "-1")[0] == 2
    sale = tmp_path / "sale.json"
    sale.write_text(default_template_body("PASS_SALE_SLIP"), "utf-8")
    assert (
        "has no slip PASS_SALE_SLIP"
        in complain(capsys, "preview", str(written), "--out", out, "--template", str(sale))[1]
    )
    assert complain(capsys, "virtual-printer", "--port", "99999", "--out", str(tmp_path))[0] == 1
    control = ["--port", "0", "--control-port", "99999"]
    assert complain(capsys, "virtual-printer", *control, "--out", str(tmp_path))[0] == 1
    assert complain(capsys, "virtual-printer", "--port", "0", "--out", str(written / "paper"))[0] == 1


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(option: str) -> None:
    done = subprocess.run([sys.executable, "-m", "printing", option], check=True, capture_output=True, text=True)
    assert ("preview" if option == "--help" else "printing 0.") in done.stdout

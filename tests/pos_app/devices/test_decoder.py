"""Codes are read through the faults of a shop, and never read wrongly."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from pos_app.devices import engines, views
from pos_app.devices.decoder import PYZBAR_EVERY, FrameDecoder, decode_picture
from pos_app.devices.engines import Found
from pos_app.devices.scans import ScanSource
from tests.pos_app.devices import faults

if TYPE_CHECKING:
    from pos_app.devices.engines import Grey

TEXT = "TK1.7Q2M9VXA0000B4.%H3"


@pytest.mark.req("C04")
@pytest.mark.parametrize(
    "fault",
    [
        lambda image: image,
        faults.blurred,
        faults.dark,
        faults.noisy,
        faults.moire,
        faults.in_half_shadow,
        faults.inverted,
        faults.pale,
    ],
    ids=["clean", "blurred", "dark", "noisy", "moire", "half shadow", "inverted", "pale"],
)
@pytest.mark.parametrize("turned", [0, 33, 90, 180])
def test_a_frame_is_read_through_the_fault(fault: Callable[[Grey], Grey], turned: float) -> None:
    frame = fault(faults.in_scene(faults.qr(TEXT), turned=turned))
    scan = FrameDecoder().decode(frame)
    assert scan is not None
    assert (scan.text, scan.format, scan.source) == (TEXT, "QRCode", ScanSource.CAMERA)


def test_the_equalised_step_reads_what_the_first_step_cannot() -> None:
    frame = faults.dark(faults.in_scene(faults.qr(TEXT)), share=0.035)
    assert engines.read_qr(frame) is None
    scan = FrameDecoder().decode(frame)
    assert scan is not None
    assert (scan.text, scan.engine) == (TEXT, "zxing-cpp equalised")


def test_a_colour_frame_is_read() -> None:
    frame = cv2.cvtColor(faults.in_scene(faults.qr(TEXT)), cv2.COLOR_GRAY2BGR)
    scan = FrameDecoder().decode(frame)  # type: ignore[arg-type]
    assert scan is not None
    assert scan.text == TEXT


def test_the_time_is_the_clocks() -> None:
    ticks = iter([5.0, 5.25])
    scan = FrameDecoder(clock=lambda: next(ticks)).decode(faults.in_scene(faults.qr(TEXT)))
    assert scan is not None
    assert scan.milliseconds == 250.0


SPANISH = [
    *("año", "niña", "El Niño", "pingüino", "¡Hola!", "¿Qué tal?", "ñandú", "corazón", "él", "ábaco 5 €"),
    *("acción única", "té chai 3,20 €", "Peñíscola", "cigüeña", "Núñez", "mañana", "güisqui", "sí"),
    *("Ávila", "¡Año nuevo!"),
]
CHINESE = [
    *("茶", "会员", "深圳店", "城销四取", "三单店储", "珍珠奶茶", "虚拟现实体验券", "余额 12.50 元", "张三", "核销"),
    *("一二三四五六七八九十", "海岸城南山区", "取餐号 18", "茶与游戏", "储值卡", "请排队", "年卡会员"),
    *("李四 138****6021", "非税凭证", "副本"),
]


@pytest.mark.parametrize("text", [*SPANISH, *CHINESE])
@pytest.mark.parametrize("eci", [False, True], ids=["no eci", "eci"])
def test_spanish_and_chinese_in_utf_8_are_read_whole(text: str, eci: bool) -> None:
    assert len(SPANISH) == len(CHINESE) == 20
    import io  # noqa: PLC0415

    import segno  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    segno.make_qr(text, encoding="utf-8", eci=eci).save(out, kind="png", scale=6, border=4)
    code = np.array(Image.open(out).convert("L"))
    scan = FrameDecoder().decode(faults.in_scene(code))
    assert scan is not None
    assert scan.text == text
    still = decode_picture(code)
    assert still is not None
    assert still.text == text


def test_pyzbar_text_that_is_not_ascii_is_refused() -> None:
    assert engines.read_with_pyzbar(faults.qr("ABC")) == Found("ABC", "QRCode")
    assert engines.read_with_pyzbar(faults.qr("señal 茶", encoding="utf-8")) is None
    assert engines.read_with_pyzbar(faults.qr("A\x1dB")) is None


def test_pyzbar_is_asked_on_every_fourth_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    frames = 0

    def pyzbar(_image: Grey) -> Found | None:
        asked.append(frames)
        return Found("X", "QRCode") if len(asked) == 2 else None

    monkeypatch.setattr(engines, "read_with_pyzbar", pyzbar)
    decoder, empty = FrameDecoder(), np.full((90, 160), 128, np.uint8)
    scans = []
    for frames in range(1, 13):  # noqa: B007
        scans.append(decoder.decode(empty))
    assert asked == [PYZBAR_EVERY, 2 * PYZBAR_EVERY, 3 * PYZBAR_EVERY]
    assert [scan.engine for scan in scans if scan] == ["pyzbar"]


def test_a_missing_libzbar_is_skipped_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    monkeypatch.delattr("pyzbar.pyzbar", raising=False)
    engines._pyzbar.cache_clear()
    try:
        assert engines.zbar_missing()
        assert engines.read_with_pyzbar(faults.qr("ABC")) is None
        assert decode_picture(np.full((60, 60), 128, np.uint8)) is None
    finally:
        monkeypatch.undo()
        engines._pyzbar.cache_clear()
    assert not engines.zbar_missing()


@pytest.mark.parametrize(
    ("code_format", "text"), [("EAN13", "4006381333931"), ("EAN8", "96385074"), ("Code128", "TK-77")]
)
def test_a_linear_code_is_seen_by_camera_and_in_a_picture(code_format: str, text: str) -> None:
    code = faults.barcode(text, code_format)
    frame = faults.in_scene(code, height=200)
    decoder = FrameDecoder()
    assert decoder.decode(frame) is None  # looked for on every second frame
    for scan in (decoder.decode(frame), decode_picture(frame)):
        assert scan is not None
        assert (scan.text, scan.format, scan.is_linear) == (text, code_format, True)


def test_one_look_at_a_linear_code_is_not_enough_in_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([Found("1", "EAN13"), Found("2", "EAN13"), Found("3", "EAN13")])
    monkeypatch.setattr(engines, "read_linear", lambda *_args, **_more: next(looks))
    assert decode_picture(np.full((60, 60), 128, np.uint8)) is None
    looks = iter([Found("1", "EAN13"), None, Found("1", "EAN13")])  # type: ignore[list-item]
    scan = decode_picture(np.full((60, 60), 128, np.uint8))
    assert scan is not None
    assert scan.text == "1"


def test_a_qr_code_wins_over_a_linear_one_in_the_same_frame() -> None:
    frame = faults.in_scene(faults.barcode("4006381333931"), height=160)
    frame[40:240, 40:240] = cv2.resize(faults.qr(TEXT), (200, 200), interpolation=cv2.INTER_AREA)
    decoder = FrameDecoder()
    decoder.decode(faults.in_scene(faults.barcode("4006381333931"), height=160))
    for _ in range(3):
        scan = decoder.decode(frame)
        assert scan is not None
        assert scan.text == TEXT


def test_micro_qr_is_not_read() -> None:
    import io  # noqa: PLC0415

    import segno  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    segno.make_micro("A123").save(out, kind="png", scale=8, border=4)
    assert decode_picture(np.array(Image.open(out).convert("L"))) is None


@pytest.mark.parametrize(
    "frame", [faults.noise(5), faults.noise(70), faults.shelves()], ids=["calm", "wild", "shelves"]
)
def test_nothing_is_read_where_nothing_is(frame: Grey) -> None:
    decoder = FrameDecoder()
    assert [decoder.decode(frame) for _ in range(PYZBAR_EVERY)] == [None] * PYZBAR_EVERY
    assert decode_picture(frame) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 100), (3, 5000), (21, 21)])
def test_odd_shapes_are_looked_at_without_a_fault(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert decode_picture(image) is None
    assert FrameDecoder().decode(image) is None


def test_rescues_read_what_the_cascade_cannot_and_never_wrongly() -> None:
    """Codes up to the brim on black, out of focus, painted pale on colour, small among a wide black bar."""
    draw = random.Random(11)
    read = 0
    for _ in range(12):
        text = "".join(draw.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%", k=draw.choice([10, 30, 60])))
        brim = cv2.copyMakeBorder(faults.qr(text, 3, 0), 90, 90, 200, 200, cv2.BORDER_CONSTANT, value=(0,))
        assert engines.read_qr(brim) is None  # type: ignore[arg-type]
        scan = decode_picture(brim)  # type: ignore[arg-type]
        assert scan is not None
        assert scan.text == text
        soft = decode_picture(faults.blurred(faults.in_scene(faults.qr(text)), 5.0))
        read += soft is not None
        assert soft is None or soft.text == text
    assert read >= 6


@pytest.mark.parametrize("bend", [0.3, -0.3])
def test_a_bent_code_is_straightened(bend: float) -> None:
    bent = views._bent(faults.qr(TEXT * 3, scale=6), 0.0, bend)
    assert engines.read_qr(bent) is None
    scan = decode_picture(bent)
    assert scan is not None
    assert scan.text == TEXT * 3
    assert "bent along" in scan.engine


def test_engines_are_imported_on_first_use_and_stay_silent() -> None:
    """The till's cold start does not pay for them, and zbar's own warnings do not reach the terminal."""
    program = (
        "import sys, pos_app.devices.camera, pos_app.devices.decode_command, pos_app.devices.frame_sources\n"
        "late = {'cv2', 'zxingcpp', 'pyzbar', 'numpy', 'PIL'} & set(sys.modules)\n"
        "assert not late, late\n"
        "import numpy; from pos_app.devices import decoder, engines\n"
        "image = numpy.random.default_rng(1).integers(0, 256, (300, 400), dtype=numpy.uint8)\n"
        "assert decoder.decode_picture(image) is None\n"
        "engines.opencv().VideoCapture(60)\n"
    )
    environment = {**os.environ, "PYTHONDEVMODE": "0"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=False)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, b"", b"")

"""Picture files of every kind give grey pixels or a clear fault, never a crash or a full memory."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pos_app.devices import pictures
from pos_app.devices.decoder import decode_picture
from pos_app.devices.errors import PictureFault, PictureTrouble
from tests.pos_app.devices import faults

TEXT = "TK1.7Q2M9VXA"


def fault_of(path: Path) -> PictureFault:
    with pytest.raises(PictureTrouble) as trouble:
        pictures.load_grey(path)
    return trouble.value.fault


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.gif"])
def test_every_kind_of_picture_is_loaded(tmp_path: Path, name: str) -> None:
    Image.fromarray(faults.qr(TEXT)).save(tmp_path / name)
    scan = decode_picture(pictures.load_grey(tmp_path / name))
    assert scan is not None
    assert scan.text == TEXT


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    code = faults.qr(TEXT)
    black_ink_on_nothing = np.zeros((*code.shape, 4), np.uint8)
    black_ink_on_nothing[..., 3] = 255 - code
    Image.fromarray(black_ink_on_nothing, "RGBA").save(tmp_path / "a.png")
    assert np.array_equal(pictures.load_grey(tmp_path / "a.png"), code)


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    code = faults.qr(TEXT)
    Image.fromarray(code.astype(np.uint16) * 257).save(tmp_path / "a.png")
    assert np.array_equal(pictures.load_grey(tmp_path / "a.png"), code)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGB", "CMYK"])
def test_every_mode_is_loaded(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(faults.qr(TEXT)).convert(mode)
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    picture.save(path, quality=100)
    assert np.abs(pictures.load_grey(path).astype(int) - faults.qr(TEXT)).max() <= 8


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_000, 20_000, 2_000_000])
def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    (tmp_path / "bomb.png").write_bytes(png_that_claims(side, side))
    assert fault_of(tmp_path / "bomb.png") is PictureFault.TOO_LARGE


def test_a_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(pictures.LARGEST_BYTES + 1)
    assert fault_of(tmp_path / "large.png") is PictureFault.TOO_LARGE


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_picture_that_ends_early_is_damaged(tmp_path: Path, suffix: str, kept: float) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 300), dtype=np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    # a WebP gives its length at the start: cut, it is no picture at all
    assert fault_of(path) in {PictureFault.DAMAGED, PictureFault.NOT_A_PICTURE}


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif", "bmp"])
def test_flipped_bytes_give_a_picture_or_a_fault(tmp_path: Path, suffix: str) -> None:
    whole = tmp_path / f"whole.{suffix}"
    Image.fromarray(faults.qr(TEXT)).save(whole)
    good = whole.read_bytes()
    random = np.random.default_rng(7)
    faults_seen = 0
    for _ in range(60):
        bad = bytearray(good)
        for place in random.integers(0, min(len(bad), 400), 4):
            bad[int(place)] = int(random.integers(0, 256))
        (tmp_path / f"bad.{suffix}").write_bytes(bad)
        try:
            assert pictures.load_grey(tmp_path / f"bad.{suffix}").dtype == np.uint8
        except PictureTrouble:
            faults_seen += 1
    assert faults_seen


@pytest.mark.parametrize("content", [b"", b"hello, not a picture\n" * 50, b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_a_text_with_a_pictures_name_is_not_a_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(content)
    assert fault_of(tmp_path / "a.png") is PictureFault.NOT_A_PICTURE


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.png") is PictureFault.MISSING
    (tmp_path / "file").write_bytes(b"")
    assert fault_of(tmp_path / "file" / "a.png") is PictureFault.MISSING
    assert fault_of(Path("nul\0.png")) is PictureFault.MISSING
    assert fault_of(tmp_path) is PictureFault.NOT_A_FILE
    os.mkfifo(tmp_path / "pipe.png")
    assert fault_of(tmp_path / "pipe.png") is PictureFault.NOT_A_FILE


def test_a_file_or_folder_without_permission_is_unreadable(as_anybody: Path) -> None:
    secret = as_anybody / "secret.png"
    secret.write_bytes(b"x")
    secret.chmod(0)
    closed = as_anybody / "closed"
    closed.mkdir()
    (closed / "a.png").write_bytes(b"x")
    closed.chmod(0)
    try:
        assert fault_of(secret) is PictureFault.UNREADABLE
        assert fault_of(closed / "a.png") is PictureFault.UNREADABLE
        assert list(pictures.find_pictures(as_anybody)) == [(secret, None), (closed, PictureFault.UNREADABLE)]
    finally:
        closed.chmod(0o700)


def test_pictures_are_found_sorted_in_all_folders(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "sub/c.webp", "also/d.jpeg", "a.txt", "a.result.txt", "noise", "sub/x.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path, fault in pictures.find_pictures(tmp_path) if not fault]
    assert found == ["a.jpg", "b.PNG", "also/d.jpeg", "sub/c.webp"]

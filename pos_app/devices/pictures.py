"""Load picture files as grey pictures, safely, and find them in folders.

Rule: a file's claimed size is checked before its pixels are unpacked, so a small file cannot fill the memory.
Rule: transparent means white paper, as people see it.
"""

from __future__ import annotations

import os
import stat
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.devices.errors import PictureFault, PictureTrouble

if TYPE_CHECKING:
    from PIL import Image

    from pos_app.devices.engines import Grey

LARGEST_PIXELS = 80_000_000
LARGEST_BYTES = 256 * 1024 * 1024
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"})
_PILLOW_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")  # none that starts another program


def load_grey(path: Path) -> Grey:
    """The picture in a file, grey, 8 bit; raises `PictureTrouble`."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    _check_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on size and metadata; ours are faults
        try:
            with Image.open(path, formats=_PILLOW_FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise PictureTrouble(PictureFault.TOO_LARGE)
                return np.asarray(_on_white(picture), dtype=np.uint8)
        except Image.DecompressionBombError as error:
            raise PictureTrouble(PictureFault.TOO_LARGE) from error
        except UnidentifiedImageError as error:
            raise PictureTrouble(PictureFault.NOT_A_PICTURE) from error
        except PermissionError as error:
            raise PictureTrouble(PictureFault.UNREADABLE) from error
        except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, struct.error) as error:
            # what Pillow's readers raise on broken data, by format
            raise PictureTrouble(PictureFault.DAMAGED) from error


def find_pictures(folder: Path) -> Iterator[tuple[Path, PictureFault | None]]:
    """The picture files in a folder and its sub-folders, sorted; last, each folder that cannot be listed."""
    failures: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=failures.append):
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(place, name), None
    for failure in failures:
        yield Path(failure.filename), PictureFault.UNREADABLE


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise PictureTrouble(PictureFault.MISSING) from error
    except OSError as error:
        raise PictureTrouble(PictureFault.UNREADABLE) from error
    if not stat.S_ISREG(status.st_mode):
        raise PictureTrouble(PictureFault.NOT_A_FILE)
    if status.st_size > LARGEST_BYTES:
        raise PictureTrouble(PictureFault.TOO_LARGE)


def _on_white(picture: Image.Image) -> Image.Image:
    """8-bit grey; 16-bit scans are scaled down rather than clipped, transparency falls on white."""
    from PIL import Image  # noqa: PLC0415

    if picture.mode.startswith("I;16"):
        import numpy as np  # noqa: PLC0415

        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        colours = picture.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(paper, colours).convert("L")
    return picture.convert("L")

"""Bench of codes on a phone's screen: how many are read through the faults of a shop, and what checking one costs.

Each code is held up at three sizes through every fault, at four angles; the signed ones stand beside the short one.
Rule: prints figures; asserts no time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import tokens
from pos_app.devices import engines
from pos_app.devices.decoder import FrameDecoder
from tests.bench.harness import Figure, figure
from tests.pos_app.devices import faults

if TYPE_CHECKING:
    from pos_app.devices.engines import Grey

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HEIGHTS = {"a third of the frame": 240, "a half": 360, "three quarters": 540}
"""How high the code with its margin stands in a frame of 720."""
TURNS = (0.0, 12.0, 33.0, 90.0)
FAULTS: dict[str, Callable[[Grey], Grey]] = {
    "clean": lambda image: image,
    "blurred": partial(faults.blurred, radius=2.0),
    "blurred much": faults.blurred,
    "moved": partial(faults.moved, pixels=5),
    "moved far": faults.moved,
    "dark": faults.dark,
    "noisy": faults.noisy,
    "moire": faults.moire,
    "half shadow": faults.in_half_shadow,
    "inverted": faults.inverted,
    "pale": faults.pale,
    "glaring": faults.glaring,
    "tilted": faults.tilted,
}
CHECKS = 300
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def figures() -> list[Figure]:
    """What is read of each code, and what its check costs."""
    engines.load()
    codes = _codes()
    return [*_read(codes), *_checked(codes)]


def _id(number: int) -> str:
    return f"01936d00-0000-7000-8000-{number:012d}"


def _codes() -> dict[str, str]:
    """The texts by name: the usual code, and the signed ones with all they may hold."""
    card_ref = tokens.make_card_ref(bytes(range(16)))
    short = tokens.encode_short(tokens.ShortCode(card_ref, tokens.make_secret(bytes(range(50, 66)))))
    ends = NOW + timedelta(hours=12)
    passes = tuple((_id(number), 30) for number in range(1, tokens.MAX_SNAPSHOT_PASSES + 1))
    snapshot = tokens.SnapshotCode(card_ref, NOW, NOW + timedelta(minutes=15), "00" * 8, 26_800, "key-1", passes)
    reserved = tokens.ReservationCode(
        reservation_id=_id(11), terminal_id=_id(12), member_id=_id(13), card_ref=card_ref, source_kind="pass",
        source_id=_id(14), plan_id=_id(15), amount=2, currency=None, discount=None, fencing_no=7, issued_at=NOW,
        expires_at=ends, key_id="key-1",
    )  # fmt: skip
    one = tokens.SnapshotCode(card_ref, NOW, NOW + timedelta(minutes=15), "00" * 8, 26_800, "key-1", passes[:1])
    return {
        "short": short,
        "snapshot of 1 pass": tokens.encode_snapshot(one, _KEY.sign),
        "snapshot of 4 passes": tokens.encode_snapshot(snapshot, _KEY.sign),
        "reservation": tokens.encode_reservation(reserved, _KEY.sign),
    }


def _read(codes: dict[str, str]) -> list[Figure]:
    found, wrong = [], 0
    for size, height in HEIGHTS.items():
        beside: tuple[str, float] | None = None
        for name, text in codes.items():
            drawn = faults.qr(text)
            read = 0
            for spoil in FAULTS.values():
                for turned in TURNS:
                    scan = FrameDecoder().decode(spoil(faults.in_scene(drawn, height, turned)))
                    read += scan is not None and scan.text == text
                    wrong += scan is not None and scan.text != text
            share = 100 * read / (len(FAULTS) * len(TURNS))
            found.append(figure(f"read at {size}: {name}, {len(text)} characters", share, "%", beside=beside))
            beside = beside or ("the short code", share)
    return [*found, figure("wrong text", wrong, "codes")]


def _checked(codes: dict[str, str]) -> list[Figure]:
    """Read, check the signature and the time, beside the signature alone."""
    message, public = b"x" * 120, _KEY.public_key()
    signature = _KEY.sign(message)

    def verify(_key_id: str, data: bytes, signed: bytes) -> bool:
        try:
            public.verify(signed, data)
        except InvalidSignature:
            return False
        return True

    alone = _median_us(lambda: verify("", message, signature))
    beside = ("its signature alone", alone)
    snapshot, reserved = codes["snapshot of 4 passes"], codes["reservation"]
    return [
        figure(
            "check a snapshot", _median_us(lambda: tokens.decode_snapshot(snapshot, verify, NOW)), "us", beside=beside
        ),
        figure(
            "check a reservation",
            _median_us(lambda: tokens.decode_reservation(reserved, verify, NOW, _id(12))),
            "us",
            beside=beside,
        ),
    ]


def _median_us(work: Callable[[], object]) -> float:
    work()
    took = []
    for _ in range(CHECKS):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took)

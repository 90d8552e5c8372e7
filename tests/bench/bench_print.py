"""Paper: laying out, encoding and printing a slip of eight items (counter.md "Paper": 14 ms, 33 KB in a trial)."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from printing.escpos import PAPER_80, encode
from printing.layout import Layout
from printing.raster import draw_dots
from printing.slips import slip_documents
from printing.templates import default_template, lay_out
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from printing.words import slip_words
from tests.bench.harness import Figure, figure, percentile
from tests.printing.shop import add_on, context, cup, fact, redeemed

RUNS = 40
BODY = redeemed(*[cup(name, add_on()) for name in "红橙黄绿青蓝紫白"])


def figures() -> list[Figure]:
    """Medians over `RUNS` runs."""
    happened, words = fact(BODY), slip_words("zh-CN")

    def layout_of_voucher() -> Layout:
        document = slip_documents(happened, "a" * 64, context())[0]
        return lay_out(document, default_template(document.kind), words)

    layout = layout_of_voucher()
    job = encode(layout, PAPER_80, kick_drawer=False)
    whole_raster_bytes = draw_dots(layout).height * PAPER_80.columns * 12 // 8
    encode_ms = _median_ms(lambda: encode(layout, PAPER_80, kick_drawer=False))
    with tempfile.TemporaryDirectory() as folder, VirtualPrinter(Path(folder)) as printer:
        way = NetworkPrinter("127.0.0.1", printer.port)
        outcomes = set()
        print_ms = _median_ms(lambda: outcomes.add(way.send(job, "job", lambda: None).state))
        status_ms = _median_ms(way.status)
    if outcomes != {"printed"}:
        raise RuntimeError(f"the virtual printer said {outcomes}")
    return [
        figure("slip layout, 8 items", _median_ms(layout_of_voucher), "ms"),
        figure("slip dots", draw_ms := _median_ms(lambda: draw_dots(layout)), "ms"),
        figure("slip encode", encode_ms, "ms", beside=("its dots alone", draw_ms)),
        figure("slip size", len(job) / 1000, "KB", beside=("the whole paper as raster", whole_raster_bytes / 1000)),
        figure("printer status", status_ms, "ms"),
        figure("slip printed (virtual printer, to its fence)", print_ms, "ms"),
    ]


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return percentile(times, 50)

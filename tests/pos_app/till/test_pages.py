"""Pages that tell of no fact: printed for somebody who is signed in, and never waited for without end."""

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from models.refusals import Refusal
from pos_app.print_queue import PrintQueue
from pos_app.till import pages, sign_in
from pos_app.till.till import no_pages
from printing.layout import Layout
from printing.transports import JobOutcome, open_printer
from tests.pos_app.desk import Desk

pytestmark = pytest.mark.req("C11")


def test_somebody_signed_in_prints_a_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages.print_page(desk.till, lambda columns: Layout(columns, ())) == JobOutcome("printed")
    assert [page.columns for page in desk.pages] == [48]
    without = replace(desk.till, print_page=no_pages)
    assert pages.print_page(without, lambda columns: Layout(columns, ())) == JobOutcome("not_printed", "none")
    told: Future[JobOutcome] = Future()
    stuck = replace(desk.till, print_page=lambda _lay_out: told)
    told.set_running_or_notify_cancel()
    monkeypatch.setattr(pages, "PAGE_SECONDS", 0.01)
    assert pages.print_page(stuck, lambda columns: Layout(columns, ())) == JobOutcome("unknown", "stalled")


def test_a_page_that_was_given_up_never_comes_out(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = PrintQueue(desk.journal, open_printer(f"file://{tmp_path}"), desk.clock, desk.till.live, lambda **_: None)
    monkeypatch.setattr(pages, "PAGE_SECONDS", 0.01)
    busy = replace(desk.till, print_page=queue.page)
    assert pages.print_page(busy, lambda columns: Layout(columns, ())) == JobOutcome("not_printed", "stalled")
    queue.tick()
    assert not (tmp_path / "page.bin").exists()
    next_page = queue.page(lambda columns: Layout(columns, ()))
    queue.tick()
    assert next_page.result(0) == JobOutcome("handed_over")
    assert (tmp_path / "page.bin").exists()


def test_nobody_prints_nothing(desk: Desk) -> None:
    sign_in.sign_out(desk.till)
    with pytest.raises(Refusal, match="not_signed_in"):
        pages.print_page(desk.till, lambda columns: Layout(columns, ()))

"""Pages that tell of no fact: printed for somebody who is signed in, and never waited for without end."""

from concurrent.futures import Future
from dataclasses import replace

import pytest

from models.refusals import Refusal
from pos_app.till import pages, sign_in
from pos_app.till.till import no_pages
from printing.layout import Layout
from printing.transports import JobOutcome
from tests.pos_app.desk import Desk

pytestmark = pytest.mark.req("C11")


def test_somebody_signed_in_prints_a_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages.print_page(desk.till, lambda columns: Layout(columns, ())) == JobOutcome("printed")
    assert [page.columns for page in desk.pages] == [48]
    without = replace(desk.till, print_page=no_pages)
    assert pages.print_page(without, lambda columns: Layout(columns, ())) == JobOutcome("not_printed", "none")
    stuck = replace(desk.till, print_page=lambda _lay_out: Future())
    monkeypatch.setattr(pages, "PAGE_SECONDS", 0.01)
    assert pages.print_page(stuck, lambda columns: Layout(columns, ())) == JobOutcome("unknown", "stalled")


def test_nobody_prints_nothing(desk: Desk) -> None:
    sign_in.sign_out(desk.till)
    with pytest.raises(Refusal, match="not_signed_in"):
        pages.print_page(desk.till, lambda columns: Layout(columns, ()))

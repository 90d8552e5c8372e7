"""A note stands whole under its line on every slip that has lines, however narrow the paper."""

import json
from dataclasses import replace

import pytest

from models.catalogue import LANGUAGES
from models.facts import Body, SoldCup
from models.refusals import Refusal
from printing.layout import Layout, Row
from printing.slips import CARD_CHARGE, REDEMPTION, SALE_REFUND, TICKET
from printing.templates import default_template_body, parse_template
from printing.words import slip_words
from tests.printing.shop import add_on, charged, cup, documents, layouts, order_refunded, paid, redeemed

LONG = "sin frutos secos ni lactosa, poco hielo, muy dulce, pajita x"
NOTES = ["less ice", LONG, "少冰，无糖，不要吸管，" * 5 + "打包", "x" * 60, "<b>{total}</b> {#tax_id}"]


def _printed(one: SoldCup) -> list[Body]:
    sold = replace(one, base_minor=1800)
    return [redeemed(one), redeemed(replace(one, add_ons=(add_on(),))), paid(sold), charged(sold), order_refunded(sold)]


def _said(layout: Layout) -> str:
    rows = (row for row in layout.elements if isinstance(row, Row))
    return "".join(span.text for row in rows for span in row.spans).replace(" ", "")


@pytest.mark.req("C06")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("note", NOTES)
def test_every_slip_with_lines_says_the_note_whole(note: str, columns: int, language: str) -> None:
    kinds = set()
    wanted = f"{slip_words(language)['note']}: {note}".replace(" ", "")
    for body in _printed(replace(cup(), note=note)):
        slips = layouts(body, language, columns)
        for document, layout in zip(documents(body, language), slips, strict=True):
            kinds.add(document.kind)
            assert wanted in _said(layout)
            rows = [row for row in layout.elements if isinstance(row, Row)]
            assert all(span.column + span.width <= columns for row in rows for span in row.spans)
    assert kinds == {REDEMPTION, TICKET, CARD_CHARGE, SALE_REFUND}


def test_cups_with_other_notes_are_other_lines_and_no_note_is_no_line() -> None:
    tea = cup(base_minor=1800)
    noted = replace(tea, note="少冰")
    (document,) = documents(paid(tea, noted, tea, noted, noted, replace(tea, note="去冰")))
    assert [(line.quantity, line.note) for line in document.lines] == [(2, ""), (3, "少冰"), (1, "去冰")]
    assert "备注" not in _said(layouts(paid(tea))[0])


def test_a_note_that_no_till_of_ours_writes_is_printed_short() -> None:
    (layout,) = layouts(paid(replace(cup(base_minor=100), note="🥜\n" + "x" * 10_000)))
    assert _said(layout).count("x") == 60


@pytest.mark.parametrize("kind", [REDEMPTION, TICKET, CARD_CHARGE, SALE_REFUND])
def test_a_template_may_not_leave_notes_out(kind: str) -> None:
    plain = json.loads(default_template_body(kind))
    (lines,) = [block for block in plain["blocks"] if block.get("list") == "lines"]
    lines["blocks"] = [block for block in lines["blocks"] if block.get("when") != "line_note"]
    with pytest.raises(Refusal) as refused:
        parse_template(json.dumps(plain))
    assert refused.value.data["missing"] == ["line_note"]

"""Templates: what is read, and that everything else is refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.refusals import Refusal
from printing.blocks import MAX_BLOCKS, MAX_BODY_BYTES, EachBlock, GapBlock, PanelBlock, RuleBlock, parse_template
from printing.layout import Layout
from printing.slips import REDEMPTION, TEMPLATE_KINDS
from printing.templates import default_template, default_template_body, lay_out
from printing.words import slip_words
from tests.printing.shop import add_on, cup, documents, redeemed

DEFAULT: dict[str, Any] = json.loads(default_template_body(REDEMPTION))


def refused(body: str) -> dict[str, object]:
    with pytest.raises(Refusal) as caught:
        parse_template(body)
    assert caught.value.code == "template_invalid"
    return caught.value.data


def with_block(block: object) -> str:
    return json.dumps(DEFAULT | {"blocks": [block, *DEFAULT["blocks"]]})


@pytest.mark.req("R115")
@pytest.mark.parametrize("kind", TEMPLATE_KINDS)
def test_the_shipped_templates_are_valid(kind: str) -> None:
    assert default_template(kind).kind == kind


def test_no_template_for_a_kind_we_do_not_have() -> None:
    with pytest.raises(ValueError, match="CABINET_ORDER"):
        default_template("CABINET_ORDER")


def test_blocks_are_read_as_they_stand() -> None:
    each = {"type": "each", "list": "vat", "blocks": [{"type": "rule", "style": "thick"}]}
    panel = {"type": "panel", "when": "member", "blocks": [{"type": "gap", "dots": 5}]}
    blocks = parse_template(json.dumps(DEFAULT | {"blocks": [each, panel, *DEFAULT["blocks"]]})).blocks
    assert blocks[0] == EachBlock("vat", "", (RuleBlock("thick"),))
    assert blocks[1] == PanelBlock("member", (GapBlock(5),))


@pytest.mark.parametrize(
    "body",
    [
        "", "null", "[]", "42", '"text"', "{", "{}", "\x00", "\ud800", '{"format": 1.0}', '{"a": NaN}', "[" * 100_000,
        '{"format": 1, "kind": "SALES_TICKET", "blocks": [], "blocks": []}', "{" + " " * MAX_BODY_BYTES,
    ],
)  # fmt: skip
def test_no_template_at_all(body: str) -> None:
    refused(body)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"format": 2}, "/format"),
        ({"format": True}, "/format"),
        ({"kind": "CABINET_ORDER"}, "/kind"),
        ({"kind": 7}, "/kind"),
        ({"blocks": {}}, "/blocks"),
        ({"blocks": None}, "/blocks"),
        ({"script": "x"}, "/script"),
    ],
)
def test_a_wrong_head(change: dict[str, Any], pointer: str) -> None:
    assert refused(json.dumps(DEFAULT | change))["pointer"] == pointer


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        (7, "/blocks/0"),
        ({"type": "image", "path": "/etc/passwd"}, "/blocks/0/type"),
        ({"type": ["text"], "text": ""}, "/blocks/0/type"),
        ({"text": "no type"}, "/blocks/0/type"),
        ({"type": "text"}, "/blocks/0/text"),
        ({"type": "text", "text": 7}, "/blocks/0/text"),
        ({"type": "text", "text": "x", "colour": "red"}, "/blocks/0/colour"),
        ({"type": "text", "text": "x", "size": "enormous"}, "/blocks/0/size"),
        ({"type": "text", "text": "x", "align": "justify"}, "/blocks/0/align"),
        ({"type": "text", "text": "x", "bold": 1}, "/blocks/0/bold"),
        ({"type": "text", "text": "x" * 401}, "/blocks/0/text"),
        ({"type": "text", "text": "{member_phone_unmasked}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{#no_such_word}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{total.__class__}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{0}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{{total}}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{total:>99999999}"}, "/blocks/0/text"),
        ({"type": "text", "text": "{total"}, "/blocks/0/text"),
        ({"type": "text", "text": "{line_name}"}, "/blocks/0/text"),
        ({"type": "text", "text": "x", "when": "nothing_known"}, "/blocks/0/when"),
        ({"type": "pair", "left": "x", "right": "{nope}"}, "/blocks/0/right"),
        ({"type": "rule", "style": "wavy"}, "/blocks/0/style"),
        ({"type": "gap", "dots": -1}, "/blocks/0/dots"),
        ({"type": "gap", "dots": 10_000_000}, "/blocks/0/dots"),
        ({"type": "gap", "dots": 1.5}, ""),
        ({"type": "qr", "text": "{nope}"}, "/blocks/0/text"),
        ({"type": "row", "cells": []}, "/blocks/0/cells"),
        ({"type": "row", "cells": [{"text": "x", "width": 40}, {"text": "y"}]}, "/blocks/0/cells"),
        ({"type": "row", "cells": [{"text": "x", "width": -40}, {"text": "y"}]}, "/blocks/0/cells"),
        ({"type": "row", "cells": [{"text": "x", "width": 4}]}, "/blocks/0/cells"),
        ({"type": "row", "cells": [{"text": "x", "fit": True}]}, "/blocks/0/cells"),
        ({"type": "row", "cells": [{"text": "{nope}"}]}, "/blocks/0/cells/0/text"),
        ({"type": "each", "list": "secrets", "blocks": []}, "/blocks/0/list"),
        ({"type": "each", "list": "add_ons", "blocks": []}, "/blocks/0/list"),
        ({"type": "each", "list": "lines"}, "/blocks/0/blocks"),
        ({"type": "each", "list": "lines", "blocks": [{"type": "each", "list": "lines", "blocks": []}]},
         "/blocks/0/blocks/0/list"),
        ({"type": "panel", "blocks": [{"type": "qr", "text": "x"}]}, "/blocks/0/blocks/0/type"),
        ({"type": "panel", "blocks": [{"type": "panel", "blocks": []}]}, "/blocks/0/blocks/0/type"),
    ],
)  # fmt: skip
def test_a_wrong_block_is_named(block: object, pointer: str) -> None:
    assert refused(with_block(block))["pointer"] == pointer


def test_too_many_blocks() -> None:
    blocks = [{"type": "gap", "dots": 1}] * MAX_BLOCKS
    assert str(refused(json.dumps(DEFAULT | {"blocks": blocks + DEFAULT["blocks"]}))["pointer"]).startswith("/blocks/")


@pytest.mark.parametrize("shown", ["{uses_left}", "{evidence}", "{#not_fiscal}", "{check_code}", "{number}"])
def test_what_a_slip_must_show_cannot_be_left_out(shown: str) -> None:
    missing = refused(default_template_body(REDEMPTION).replace(shown, "x"))["missing"]
    assert missing == [shown.strip("{}")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 60), st.sampled_from(["type", "text", "blocks", "list", "when", "cells", "dots", "size"]), JSON)
def test_a_template_that_was_read_can_be_laid_out(index: int, key: str, value: object) -> None:
    """Damage one key of one block: either it is refused as invalid, or a slip comes out."""
    blocks = [dict(block) for block in DEFAULT["blocks"]]
    blocks[index % len(blocks)][key] = value
    body = json.dumps(DEFAULT | {"blocks": blocks})
    try:
        template = parse_template(body)
    except Refusal:
        refused(body)
        return
    slip = documents(redeemed(cup("茶", add_on())))[0]
    assert isinstance(lay_out(slip, template, slip_words("zh-CN"), 32), Layout)

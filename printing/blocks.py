"""Read a slip template: its JSON, what it may hold, and what each kind must show.

Rule: pure and strict. Whatever does not fit is Refusal `template_invalid` with a JSON pointer; a template that was
read can be laid out with any document. Placeholders are names, never expressions.
"""

import re
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from models import codec
from models.refusals import Refusal
from printing.layout import ALIGNS, RULES, SIZES
from printing.slips import (
    CARD_CHARGE,
    CASH_MOVEMENT,
    PASS_SALE,
    REDEMPTION,
    REFUND,
    SALE_REFUND,
    TEMPLATE_KINDS,
    TICKET,
    TOP_UP,
    Z_REPORT,
)
from printing.words import KEYS

FORMAT = 1
MAX_BODY_BYTES = 64 * 1024
MAX_BLOCKS = 300
MAX_DEPTH = 4
MAX_TEXT = 400
MAX_GAP_DOTS = 240
MAX_CELL_COLUMNS = 26
"""Sum of the fixed widths of a row's cells, so that the rest still holds a word on 58 mm paper."""

PLACEHOLDER = re.compile(r"\{(#?[a-z_]+)\}")
_NAMES = {
    "": """store_name address issuer_name tax_id terminal cashier member number series serial time check_code
        check_digits related related_label plan_name uses uses_minus uses_left uses_label expires evidence pickup_no
        total extra change received purchase status awaiting_review card_name raw_total discount discount_label
        discount_amount points bonus credit balance balance_pending original refund_of card_back bonus_kept cash_back
        cash_back_label move moved reason shift_from business_day member_label company company_card approver""",
    "lines": "line_name line_plain line_quantity line_uses line_amount line_unit line_single line_note",
    "add_ons": "add_on_name add_on_amount",
    "vat": "vat_rate vat_base vat_quota",
    "tenders": "tender_name tender_amount",
    "drawer": "drawer_name drawer_value",
    "activity": "activity_name activity_value",
    "counted": "counted_name counted_expected counted_found counted_difference counted_first",
    "ranges": "range_name range_value",
}
NAMES = {place: frozenset(names.split()) for place, names in _NAMES.items()}
"""Values a template may name: everywhere (""), and inside each list."""
LISTS = {
    "lines": "", "vat": "", "tenders": "", "add_ons": "lines",
    "drawer": "", "activity": "", "counted": "", "ranges": "",
}  # fmt: skip
"""Lists and the list inside which each one stands."""

REQUIRED = {
    REDEMPTION: """store_name time number cashier member plan_name line_name line_uses line_note add_on_name uses
        uses_left expires extra evidence pickup_no check_code #not_fiscal""",
    PASS_SALE: """store_name time number cashier member plan_name uses uses_left expires purchase awaiting_review total
        tender_name tender_amount check_code #not_fiscal""",
    TICKET: """issuer_name tax_id time series serial line_plain line_unit line_amount line_note add_on_name
        add_on_amount vat_rate vat_base vat_quota total tender_name tender_amount change check_code""",
    TOP_UP: """store_name time number cashier member company company_card total bonus credit balance balance_pending
        tender_name tender_amount check_code #not_fiscal""",
    CARD_CHARGE: """issuer_name tax_id time series serial line_plain line_unit line_amount line_note add_on_name
        add_on_amount raw_total discount discount_amount vat_rate vat_base vat_quota total card_name balance points
        check_code""",
    REFUND: """store_name time number cashier approver company company_card original refund_of total card_back cash_back
        bonus_kept balance check_code #not_fiscal""",
    SALE_REFUND: """store_name issuer_name tax_id time number cashier approver original refund_of line_plain line_unit
        line_amount line_note add_on_name add_on_amount total tender_name tender_amount vat_rate vat_base vat_quota
        reason check_code #not_fiscal""",
    CASH_MOVEMENT: "store_name time number cashier move moved reason check_code #not_fiscal",
    Z_REPORT: """store_name time number cashier shift_from business_day drawer_name drawer_value activity_name
        activity_value counted_name counted_expected counted_found counted_difference counted_first reason vat_rate
        vat_base vat_quota range_name range_value check_code #not_fiscal""",
}
"""What a template of each kind has to show (counter.md "Paper")."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One text over the whole width. `when` (on every block) names a value that must not be empty."""

    text: str
    align: str = "left"
    size: str = "normal"
    bold: bool = False
    inverse: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class PairBlock:
    """A label on the left, a value on the right; on two lines when they do not fit beside each other."""

    left: str
    right: str
    size: str = "normal"
    bold: bool = False
    bold_right: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: `width` columns, or as wide as its text with `fit`, or a share of what the others leave."""

    text: str
    width: int = 0
    fit: bool = False
    align: str = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Cells side by side; each wraps inside itself."""

    cells: tuple[Cell, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class RuleBlock:
    """A horizontal line."""

    style: str = "thin"
    when: str = ""


@dataclass(frozen=True, slots=True)
class GapBlock:
    """Blank paper."""

    dots: int
    when: str = ""


@dataclass(frozen=True, slots=True)
class QrBlock:
    """A QR code."""

    text: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class EachHead:
    """What an "each" says beside its blocks."""

    list: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class PanelHead:
    """What a panel says beside its blocks."""

    when: str = ""


@dataclass(frozen=True, slots=True)
class EachBlock:
    """Its blocks once for each item of a list."""

    list: str
    when: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class PanelBlock:
    """Its blocks inside a frame."""

    when: str
    blocks: "tuple[Block, ...]"


Block = TextBlock | PairBlock | RowBlock | RuleBlock | GapBlock | QrBlock | EachBlock | PanelBlock
TYPES: dict[str, type] = {
    "text": TextBlock,
    "pair": PairBlock,
    "row": RowBlock,
    "rule": RuleBlock,
    "gap": GapBlock,
    "qr": QrBlock,
    "each": EachHead,
    "panel": PanelHead,
}
_CHOICES = {"align": ALIGNS, "size": tuple(SIZES), "style": RULES, "list": tuple(LISTS)}
_TEXTS = ("text", "left", "right")


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read and checked."""

    kind: str
    blocks: tuple[Block, ...]


def parse_template(body: str) -> Template:
    """Read a template's JSON text; Refusal `template_invalid` with a `pointer`, or with `missing` names."""
    if len(body.encode("utf-8", "replace")) > MAX_BODY_BYTES:
        _bad("", reason="too_large")
    try:
        head = codec.decode(_Head, body)
        return _Reader().template(head)
    except Refusal as refusal:
        if refusal.code == "template_invalid":
            raise
        raise Refusal("template_invalid", refusal.data) from refusal


@dataclass(frozen=True, slots=True)
class _Head:
    format: int
    kind: str
    blocks: tuple[Any, ...]


class _Reader:
    """Walks the blocks of one template, counting them and collecting the names they show."""

    def __init__(self) -> None:
        self._count = 0
        self._shown: set[str] = set()

    def template(self, head: _Head) -> Template:
        if head.format != FORMAT:
            _bad("/format")
        if head.kind not in TEMPLATE_KINDS:
            _bad("/kind")
        blocks = self._blocks(head.blocks, "/blocks", ("",), False)
        missing = set(REQUIRED[head.kind].split()) - self._shown
        if missing:
            raise Refusal("template_invalid", {"pointer": "/blocks", "missing": sorted(missing)})
        return Template(head.kind, blocks)

    def _blocks(self, plain: object, at: str, scope: tuple[str, ...], in_panel: bool) -> tuple[Block, ...]:
        if not isinstance(plain, list | tuple) or at.count("/blocks") > MAX_DEPTH:
            _bad(at)
        return tuple(self._block(item, f"{at}/{index}", scope, in_panel) for index, item in enumerate(plain))

    def _block(self, plain: object, at: str, scope: tuple[str, ...], in_panel: bool) -> Block:
        self._count += 1
        if not isinstance(plain, dict) or self._count > MAX_BLOCKS:
            _bad(at)
        values = dict(plain)
        kind = TYPES.get(str(values.pop("type", "")))
        if kind is None or (in_panel and kind in (QrBlock, PanelHead)):
            _bad(f"{at}/type")
        children = values.pop("blocks", None) if kind in (EachHead, PanelHead) else None
        block: Any = codec.from_plain(kind, values, at)
        self._check(block, at, scope)
        if isinstance(block, EachHead):
            if LISTS[block.list] != scope[-1]:
                _bad(f"{at}/list")
            inner = self._blocks(children, f"{at}/blocks", (*scope, block.list), in_panel)
            return EachBlock(block.list, block.when, inner)
        if isinstance(block, PanelHead):
            return PanelBlock(block.when, self._blocks(children, f"{at}/blocks", scope, True))
        return cast(Block, block)

    def _check(self, block: Any, at: str, scope: tuple[str, ...]) -> None:
        for name in block.__slots__:
            value = getattr(block, name)
            if name in _CHOICES and value not in _CHOICES[name]:
                _bad(f"{at}/{name}")
            if name in _TEXTS:
                self._check_text(value, f"{at}/{name}", scope)
        when = getattr(block, "when", "")
        if when and not _known(when, scope):
            _bad(f"{at}/when")
        if isinstance(block, GapBlock) and not 0 <= block.dots <= MAX_GAP_DOTS:
            _bad(f"{at}/dots")
        if isinstance(block, RowBlock):
            widths = [cell.width for cell in block.cells]
            shared = sum(cell.width == 0 and not cell.fit for cell in block.cells)
            if not 1 <= len(widths) <= 6 or min(widths) < 0 or sum(widths) > MAX_CELL_COLUMNS or not shared:
                _bad(f"{at}/cells")
            for index, cell in enumerate(block.cells):
                self._check(cell, f"{at}/cells/{index}", scope)

    def _check_text(self, text: str, at: str, scope: tuple[str, ...]) -> None:
        names = PLACEHOLDER.findall(text)
        if len(text) > MAX_TEXT or not all(_known(name, scope) for name in names):
            _bad(at)
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            _bad(at)
        self._shown.update(names)


def _known(name: str, scope: tuple[str, ...]) -> bool:
    if name.startswith("#"):
        return name[1:] in KEYS
    return any(name in NAMES[place] for place in scope)


def _bad(pointer: str, **data: str) -> NoReturn:
    raise Refusal("template_invalid", {"pointer": pointer, **data})

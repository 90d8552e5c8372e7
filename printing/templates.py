"""Lay a slip document out by a template: which line says what, at which column.

Rule: pure, except that `default_template` reads the templates we ship. Widths are columns of real display width;
no line is ever wider than the paper, whatever the names are.
Not here: reading templates (blocks), dots (raster).
"""

from collections.abc import Iterator, Mapping
from functools import cache

import resources
from printing.blocks import (
    PLACEHOLDER,
    Block,
    EachBlock,
    GapBlock,
    PairBlock,
    PanelBlock,
    QrBlock,
    RowBlock,
    RuleBlock,
    Template,
    TextBlock,
    parse_template,
)
from printing.fonts import has, lines_for, paper_columns
from printing.layout import (
    PANEL_INSET,
    Element,
    Gap,
    Layout,
    Panel,
    QrCode,
    Row,
    Rule,
    Span,
)
from printing.slips import TEMPLATE_KINDS, SlipDocument
from printing.values import Values, values_of
from printing.width import printable

__all__ = ["Template", "default_template", "default_template_body", "lay_out", "parse_template"]

MIN_COLUMNS = 32
BETWEEN_COLUMNS = 1


def default_template_body(kind: str) -> str:
    """Return the JSON text of the template we ship for a kind; ValueError for a kind we do not have."""
    if kind not in TEMPLATE_KINDS:
        raise ValueError(f"no template of kind {kind!r}")
    return resources.path(f"templates/{kind}.json").read_text("utf-8")


@cache
def default_template(kind: str) -> Template:
    """Return the template we ship for a kind, to fall back on; ValueError for a kind we do not have."""
    return parse_template(default_template_body(kind))


def lay_out(
    document: SlipDocument, template: Template, words: Mapping[str, str], columns: int = 48, copy: int = 0
) -> Layout:
    """Lay a document out on paper `columns` wide (32 or more); copy 1, 2, … is marked as such at top and bottom.

    One of training is marked there too, and shows no check code, whatever the template says.
    `words` are those of the document's language. ValueError when the template is of another kind.
    """
    if template.kind != document.kind:
        raise ValueError(f"template {template.kind} for a {document.kind}")
    if columns < MIN_COLUMNS or copy < 0:
        raise ValueError(f"no slip of {columns} columns, copy {copy}")
    setter = _Setter(words, shows_check=not document.training)
    elements = tuple(setter.elements(template.blocks, (values_of(document, words),), 0, columns))
    marks = [words["copy"].replace("{n}", str(copy))] if copy else []
    for mark in (*marks, *([words["training"]] if document.training else [])):
        banner = (*setter.text(TextBlock(mark, "center", "large", bold=True, inverse=True), (), 0, columns),)
        elements = (*banner, Gap(16), *elements, Gap(16), *banner)
    return Layout(columns, elements)


_Scope = tuple[Values, ...]


class _Setter:
    """Sets blocks into rows; `left` and `width` are the columns in which they may stand."""

    def __init__(self, words: Mapping[str, str], shows_check: bool) -> None:
        self._words, self._shows_check = words, shows_check

    def elements(self, blocks: tuple[Block, ...], scope: _Scope, left: int, width: int) -> Iterator[Element]:
        for block in blocks:
            if not self._shows_check and _is_check(block):
                continue
            if not block.when or self._value(block.when, scope):
                yield from self._block(block, scope, left, width)

    def _block(self, block: Block, scope: _Scope, left: int, width: int) -> Iterator[Element]:
        match block:
            case TextBlock():
                yield from self.text(block, scope, left, width)
            case PairBlock():
                yield from self._pair(block, scope, left, width)
            case RowBlock():
                yield from self._row(block, scope, left, width)
            case RuleBlock():
                yield Rule(block.style)
            case GapBlock():
                yield Gap(block.dots)
            case QrBlock():
                yield QrCode(self._fill(block.text, scope))
            case EachBlock():
                for values in scope[-1].lists[block.list]:
                    yield from self.elements(block.blocks, (*scope, values), left, width)
            case PanelBlock():
                inside = self.elements(block.blocks, scope, left + PANEL_INSET, width - 2 * PANEL_INSET)
                yield Panel(tuple(part for part in inside if isinstance(part, Row | Rule | Gap)))

    def text(self, block: TextBlock, scope: _Scope, left: int, width: int) -> Iterator[Row]:
        text = self._fill(block.text, scope)
        for line in lines_for(text, width, block.size, block.bold):
            span = Span(line, left, width, block.align, block.size, block.bold)
            yield Row((span,), inverse=block.inverse)

    def _pair(self, block: PairBlock, scope: _Scope, left: int, width: int) -> Iterator[Row]:
        label, value = self._fill(block.left, scope), self._fill(block.right, scope)
        bold_right = block.bold or block.bold_right
        value_width = paper_columns(value, block.size, bold_right)
        label_width = width - value_width - BETWEEN_COLUMNS
        if label_width < width // 3 and label_width < paper_columns(label, block.size, block.bold):
            if label:
                for line in lines_for(label, width, block.size, block.bold):
                    yield Row((Span(line, left, width, "left", block.size, block.bold),))
            for line in lines_for(value, width, block.size, bold_right):
                yield Row((Span(line, left, width, "right", block.size, bold_right),))
            return
        right = Span(value, left + width - value_width, value_width, "right", block.size, bold_right)
        for index, line in enumerate(lines_for(label, label_width, block.size, block.bold)):
            span = Span(line, left, label_width, "left", block.size, block.bold)
            yield Row((span, right) if index == 0 and value else (span,))

    def _row(self, block: RowBlock, scope: _Scope, left: int, width: int) -> Iterator[Row]:
        texts = [self._fill(cell.text, scope) for cell in block.cells]
        room = width - BETWEEN_COLUMNS * (len(texts) - 1)
        widths = [
            min(paper_columns(text, "normal", cell.bold), room // 2) if cell.fit else cell.width
            for cell, text in zip(block.cells, texts, strict=True)
        ]
        shared = [not cell.fit and cell.width == 0 for cell in block.cells]
        share = max(2, (room - sum(widths)) // sum(shared))
        placed = []
        column = left
        for cell, text, fixed, is_shared in zip(block.cells, texts, widths, shared, strict=True):
            cell_width = share if is_shared else fixed
            lines = lines_for(text, cell_width, "normal", cell.bold) if text else []
            placed.append([Span(line, column, cell_width, cell.align, bold=cell.bold) for line in lines])
            column += cell_width + BETWEEN_COLUMNS
        for index in range(max(map(len, placed))):
            yield Row(tuple(spans[index] for spans in placed if index < len(spans)))

    def _fill(self, text: str, scope: _Scope) -> str:
        return printable(PLACEHOLDER.sub(lambda match: self._value(match[1], scope), text), has)

    def _value(self, name: str, scope: _Scope) -> str:
        if name.startswith("#"):
            return self._words[name[1:]]
        return next(values.texts[name] for values in reversed(scope) if name in values.texts)


def _is_check(block: Block) -> bool:
    """Whether this is a QR code, or a line that shows the check code."""
    return isinstance(block, QrBlock) or (isinstance(block, TextBlock) and "{check_" in block.text)

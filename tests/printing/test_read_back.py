"""Slips on paper, read letter by letter by a reader that shares nothing with printing: nothing is replaced or lost.

`READ_BACK=1` reads the whole corpus, `READ_BACK=17` every 17th slip, and both against every common hanzi
(docs/decisions/0004-paper.md has the figures).
"""

import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import resources
from printing.escpos import PAPER_58, PAPER_80, encode
from printing.fonts import lines_for
from printing.layout import Element, Layout, Panel, Row, Span
from printing.values import values_of
from printing.words import slip_words
from tests.printing import corpus
from tests.printing.corpus import Slip
from tests.printing.independent_reader import Sheet, read
from tests.printing.letterforms import Bits, Letterforms
from tests.printing.print_reader import UNREAD, PrintReader
from tests.printing.shop import add_on, cup, documents, layouts, redeemed

FULL = "READ_BACK" in os.environ
EVERY = int(os.environ.get("READ_BACK", "83"))
LOOK_ALIKES = (
    "己已巳 末未 士土 日曰 人入八 千干于 天夭 戊戌戍戎 王玉主壬 贪贫 侯候 晴睛 茶荼 若苦 拔拨 "
    "治冶 泠冷 大太犬 大丈 刀力 刁习 乌鸟 干千 木术 本木 白自 目且 田由甲申 问间 元无 午牛 "
    "手毛 见贝 风凤 夕歹 历厉 仑仓 今令 勾匀 毋母 免兔 庆厌 兵乒乓 辨辩辫 徒徙 崇祟 析折 杨扬 "
    "场汤 竞竟 赢羸嬴 博搏 推椎 未末 名各 享亨 亳毫 傅傳 处外 卖买 代伐 哀衰衷 崔雀 货贷 拆折 "
    "喝渴 晒洒 喧暄 既即 陈阵 店后 收牧 银很 杯坏 奶仍 珍诊 珠株 糖塘 冰水 次吹 余佘 剩乘 "
    "券卷 价介 币巾 率卒 储诸 值植 充允 额颜 合含 计讨 总怠 现观 金全 找我 零雫 税锐 凭恁 "
    "证征 校较 验险 码玛 号亏 会公 员贡 时吋 门们 们仃"
)
"""Hanzi that people, and readers of print, take for one another."""


def common_hanzi() -> list[str]:
    """The 3,755 hanzi of GB 2312's first level."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [pair.decode("gb2312") for pair in pairs if pair < b"\xd7\xfa"]


@cache
def reader() -> PrintReader:
    """One that knows the letters of the corpus, all Latin ones, look-alikes, and common hanzi as decoys."""
    latin = [chr(point) for point in (*range(0x21, 0x7F), *range(0xA1, 0x100)) if point != 0xAD]
    signs = "€−–—…“”‘’·¥£￥，。、；：！？（）【】「」《》〈〉〔〕／〓〇①②③④⑤＋－＝％＆０１２３４５６７８９"
    said = "".join(
        span.text for slip in corpus.slips(EVERY) for row in rows(slip.layout.elements) for span in row.spans
    )
    said += "".join(shown for _, shown in corpus.names())
    written = [*latin, *signs, *said, *LOOK_ALIKES, *common_hanzi()[:: 1 if FULL else 6]]
    alphabet = "".join(dict.fromkeys(char for char in written if not char.isspace()))
    regular, bold = (Path(resources.path(f"fonts/TillkeeperSans-{style}.otf")) for style in ("Regular", "Bold"))
    forms = Letterforms(regular, bold, alphabet)
    return PrintReader({24: forms, 36: forms, 48: forms, 120: Letterforms(regular, bold, "".join(latin))})


def rows(elements: tuple[Element, ...]) -> Iterator[Row]:
    for element in elements:
        if isinstance(element, Row):
            yield element
        elif isinstance(element, Panel):
            yield from rows(element.elements)


def said_by(layout: Layout) -> list[str]:
    """Return what a layout has on each line, from left to right, without blanks."""
    texts = (
        "".join(span.text for span in sorted(row.spans, key=lambda span: span.column)) for row in rows(layout.elements)
    )
    return [unblank(text) for text in texts if unblank(text)]


def unblank(text: str) -> str:
    return reader_letters("".join(text.split()))


def reader_letters(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_SAME_FORM)


_SAME_FORM = str.maketrans({"‑": "-", "•": "·", "‧": "·", "・": "·"})


def on_paper(layout: Layout) -> Sheet:
    profile = PAPER_58 if layout.columns == 32 else PAPER_80
    return read(encode(layout, profile, kick_drawer=False), layout.columns * 12)


def dots(sheet: Sheet) -> Bits:
    return np.asarray(sheet.picture()) < 128


def read_off(paper: Bits) -> list[str]:
    return [line.text for line in reader().lines(paper)]


def fiscal_figures(slip: Slip) -> list[str]:
    """Write what a slip's document states, without printing's help: number, store, people, times, uses."""
    document = slip.document
    figures = [document.number.rpartition(".")[2], document.store_name, document.cashier_name, document.terminal_code]
    figures.append(slip.code.rpartition(".")[2])
    if document.uses_left is not None:
        figures.append(str(document.uses_left))
    if document.original:
        figures.append(document.original)
    if document.total_minor:
        whole, cents = divmod(document.total_minor, 100)
        english = f"{whole:,}.{cents:02d}"
        figures.append(english.translate(str.maketrans(",.", ".,")) if document.language == "es-ES" else english)
    return [unblank(figure.replace("l·l", "l･l")) for figure in figures]


@pytest.mark.timeout(7200 if FULL else 120)
@pytest.mark.req("C06", "R087")
def test_every_character_of_the_corpus_is_printed_as_itself(record_property: Callable[[str, object], None]) -> None:
    printed = lines = characters = 0
    replaced: list[str] = []
    for slip in corpus.slips(EVERY):
        sheet = on_paper(slip.layout)
        assert sheet.codes() == [slip.code], slip.name
        expected, found = said_by(slip.layout), read_off(dots(sheet))
        replaced += [f"{slip.name}: {said!r} reads {told!r}" for said, told in _differences(expected, found)]
        everything = "".join(found)
        missing = [figure for figure in fiscal_figures(slip) if figure not in everything]
        assert not missing, (slip.name, missing)
        printed, lines, characters = printed + 1, lines + len(expected), characters + sum(map(len, expected))
    print(f"{printed} slips, {lines} lines, {characters} characters, {len(replaced)} lines replaced")
    record_property("characters", characters)
    assert not replaced, "\n".join(replaced[:20])
    assert printed >= 2880 // EVERY


def _differences(expected: list[str], found: list[str]) -> list[tuple[str, str]]:
    if len(expected) != len(found):
        return [("".join(expected), "".join(found))]
    return [(said, told) for said, told in zip(expected, found, strict=True) if said != told]


@pytest.mark.req("C06")
def test_a_name_is_on_paper_as_HQ_wrote_it() -> None:
    """The names themselves, and not only what the layout made of them."""
    for name, shown in corpus.names():
        found = "".join(read_off(dots(on_paper(one_line(default_shown(name))))))
        assert found == unblank(shown.replace("l·l", "l･l").replace("L·L", "L･L")), name


def default_shown(name: str) -> str:
    """Return a name as a slip's values hold it."""
    body = redeemed(cup(name))
    document = documents(body)[0]
    return values_of(document, slip_words("zh-CN")).lists["lines"][0].texts["line_plain"]


def one_line(text: str, size: str = "normal", bold: bool = False) -> Layout:
    return Layout(48, tuple(Row((Span(line, 0, 48, "left", size, bold),)) for line in lines_for(text, 48, size, bold)))


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("size", ["normal", "medium", "large"])
def test_look_alikes_are_told_apart(size: str, bold: bool) -> None:
    for text in (
        LOOK_ALIKES,
        "Il1|!i Í Ì Î Ï í ì î ï rnm cld vvw O0oQ Ss5 Zz2 B8 ,;.: ' ` ´ − – — - º ª ° o ñn",
        "￥¥ ：: ，, 。. （( ！! １1",
    ):
        wanted = [unblank(span.text) for row in rows(one_line(text, size, bold).elements) for span in row.spans]
        assert read_off(dots(on_paper(one_line(text, size, bold)))) == wanted


SAMPLE = redeemed(
    cup("珍珠奶茶 Té con leche ñ ¥18 €", add_on("Perlas 椰果（大）", 3, free=1)), uses_left=38, currency="EUR"
)
FAULTS: list[tuple[str, Callable[[Bits, int, int, int], object]]] = []


def fault(plant: Callable[[Bits, int, int, int], object]) -> Callable[[Bits, int, int, int], object]:
    """Collect a way to damage paper: what it does to the line from `top` to `bottom` at the column `at` of a letter."""
    FAULTS.append((plant.__name__, plant))
    return plant


@fault
def a_line_is_lost(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom] = False


@fault
def a_letter_is_a_blank(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom, max(0, at - 6) : at + 7] = False


@fault
def a_letter_is_an_empty_box(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom, max(0, at - 6) : at + 7] = True
    paper[top + 2 : bottom - 2, at - 4 : at + 5] = False


@fault
def what_is_right_of_a_column_moves_two_dots(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom, at + 2 :] = paper[top:bottom, at:-2].copy()


@fault
def what_is_right_of_a_column_sinks_a_dot(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top + 1 : bottom + 1, at:] = paper[top:bottom, at:].copy()


@fault
def four_columns_of_a_letter_are_lost(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom, at - 1 : -4] = paper[top:bottom, at + 3 :].copy()


@fault
def three_rows_of_a_line_are_lost(paper: Bits, top: int, bottom: int, at: int) -> None:
    middle = (top + bottom) // 2
    paper[middle - 1 : middle + 2] = False


@fault
def the_right_of_a_line_is_cut_off(paper: Bits, top: int, bottom: int, at: int) -> None:
    paper[top:bottom, at:] = False


@pytest.mark.req("C06")
@pytest.mark.parametrize("plant", [plant for _, plant in FAULTS], ids=[name for name, _ in FAULTS])
def test_a_planted_fault_of_the_dots_is_noticed(plant: Callable[[Bits, int, int, int], object]) -> None:
    (voucher, _) = layouts(SAMPLE, "es-ES")
    whole = dots(on_paper(voucher))
    expected = said_by(voucher)
    lines = reader().lines(whole)
    assert [line.text for line in lines] == expected
    planted = 0
    for line in lines[::4]:
        bottom = line.top + line.size
        if whole[line.top, 0]:
            continue  # beside a frame
        strong = np.flatnonzero(whole[line.top : bottom].sum(axis=0) > line.size // 2)
        for at in strong[1 : -1 : max(1, len(strong) // 2)].tolist() if not line.inverse and line.size < 120 else []:
            paper = whole.copy()
            plant(paper, line.top, bottom, at)
            planted += 1
            found = read_off(paper)
            assert found != expected, (line.text, at)
    assert planted >= 5


@pytest.mark.parametrize("char", ["已", "☕", "\ue000", "Ł", "", "l"])
def test_a_letter_in_another_s_place_is_noticed(char: str) -> None:
    text = "珍珠奶茶 Té con leche 自己 ñ ¥18 €"
    expected = said_by(one_line(text))
    for index, right in enumerate(text):
        if right not in (" ", char):
            wrong = one_line(text)
            (row,) = rows(wrong.elements)
            span = replace(row.spans[0], text=text[:index] + char + text[index + 1 :])
            assert read_off(dots(on_paper(Layout(48, (Row((span,)),))))) != expected


def test_letters_on_one_another_or_drawn_narrower_are_not_read() -> None:
    text = "Té con leche 珍珠"
    over = Row((Span(text, 0, 30), Span("18,00", 8, 8)))
    narrow = Row((Span(text, 0, 14),))
    for row in (over, narrow):
        assert UNREAD in "".join(read_off(dots(on_paper(Layout(48, (row,))))))

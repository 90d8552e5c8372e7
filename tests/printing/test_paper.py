"""A slip on the wire, read by something that shares nothing with us, says what the fact says (counter.md "Paper")."""

import itertools
import re
import shutil
from pathlib import Path

import pytest

from models.facts import Body, PassRedeemed, encode_fact, hash_fact
from models.tokens import slip_check_code
from printing.escpos import PAPER_80, encode
from printing.layout import QrCode, Row
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from printing.words import slip_words
from tests.printing.independent_reader import Sheet, read
from tests.printing.shop import (
    TP,
    VR,
    add_on,
    charged,
    cup,
    fact,
    layouts,
    moved,
    order_refunded,
    paid,
    pass_sold,
    redeemed,
    refunded,
    shift_closed,
    topped_up,
)

needs_reader = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract, the reader of print, is missing"
)

EXTRA = redeemed(cup("Tea", add_on("Jelly", 4, free=1)), cup("Tea"), uses_left=38, rung="at_risk", currency="EUR")
SALE = paid(cup("Tea", base_minor=1875), cup("Bag", base_minor=123450, vat_rate="0.21"), currency="EUR")

CHARGE = charged(cup("Tea", base_minor=1875), cup("Bag", base_minor=2345, vat_rate="0.21"), currency="EUR")
IDS = ["redemption", "sale", "pass", "top_up", "charge", "refund", "sale_refund", "moved", "z_report"]


def on_paper(body: Body, language: str, folder: Path) -> list[Sheet]:
    """Print a fact's slips over TCP and read the bytes that arrived."""
    with VirtualPrinter(folder / "paper") as printer:
        for layout in layouts(body, language):
            job = encode(layout, PAPER_80, kick_drawer=False)
            assert NetworkPrinter("127.0.0.1", printer.port).send(job, "job", lambda: None).state == "printed"
    return [read(path.read_bytes()) for path in sorted((folder / "paper").glob("*.bin"))]


@pytest.mark.req("C06")
@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
@pytest.mark.parametrize(
    "body",
    [EXTRA, SALE, pass_sold(), topped_up(), CHARGE, refunded(), order_refunded(), moved(), shift_closed()],
    ids=IDS,
)
def test_the_code_on_paper_names_the_slip_and_its_fact(body: Body, language: str, tmp_path: Path) -> None:
    fact_hash = hash_fact(encode_fact(fact(body, language)))
    sheets = on_paper(body, language, tmp_path)
    numbers = getattr(body, "slips", ())
    assert [sheet.codes() for sheet in sheets] == [[slip_check_code(number, fact_hash)] for number in numbers]
    assert [sheet.cuts for sheet in sheets] == [["partial"]] * len(numbers)


@needs_reader
@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
def test_the_figures_of_a_redemption_are_read_off_the_paper(language: str, tmp_path: Path) -> None:
    letters = "chi_sim+eng" if language == "zh-CN" else "eng"
    voucher, ticket = (sheet.text(tmp_path, letters) for sheet in on_paper(EXTRA, language, tmp_path))
    for text in (voucher, ticket):
        assert VR[-6:] in text
        assert TP[-6:] in text
    assert re.search(r"^\W*38\W*$", voucher, re.MULTILINE)  # uses left, alone on its line
    money = "9,00" if language == "es-ES" else "9.00"
    assert money in voucher
    assert ("20/11/2026" if language == "es-ES" else "2026-11-20") in voucher
    assert ("19/05/2027" if language == "es-ES" else "2027-05-19") in voucher
    assert "A027" in voucher
    assert ticket.count(money) >= 3  # line, total, tender
    if language == "zh-CN":
        assert all(words in voucher for words in ("次卡核销凭证", "剩余次数", "本次使用", "非税凭证"))


@needs_reader
def test_the_figures_of_a_sale_are_read_off_the_paper(tmp_path: Path) -> None:
    (ticket,) = (sheet.text(tmp_path) for sheet in on_paper(SALE, "es-ES", tmp_path))
    for figure in ("1.253,25", "18,75", "1.234,50", "626,62", "626,63", "629,13", "2,50", "B66123459", "000004"):
        assert figure in ticket
    for group in SALE.vat:
        assert f"{group.quota_minor // 100},{group.quota_minor % 100:02d}" in ticket


@needs_reader
def test_the_figures_of_a_card_are_read_off_the_paper(tmp_path: Path) -> None:
    (ticket,) = (sheet.text(tmp_path) for sheet in on_paper(CHARGE, "es-ES", tmp_path / "1"))
    for figure in ("18,75", "23,45", "42,20", "2,11", "40,09", "95,77", "000004", "+25"):
        assert figure in ticket
    for group in CHARGE.vat:
        assert f"{group.quota_minor // 100},{group.quota_minor % 100:02d}" in ticket
    (top_up,) = (sheet.text(tmp_path) for sheet in on_paper(topped_up(currency="EUR"), "en", tmp_path / "2"))
    for figure in ("100.00", "20.00", "120.00", "200.00", "after synchronisation", "Credited when"):
        assert figure in top_up
    (refund,) = (sheet.text(tmp_path) for sheet in on_paper(refunded(currency="EUR"), "en", tmp_path / "3"))
    for figure in ("347", "100.00", "10.00", "90.00", "50.25"):
        assert figure in refund
    (back,) = (sheet.text(tmp_path) for sheet in on_paper(order_refunded(currency="EUR"), "es-ES", tmp_path / "4"))
    for figure in ("000004", "18,00", "3,00", "5,00", "26,00", "19,81", "1,19", "0,58"):
        assert figure in back


@needs_reader
@pytest.mark.parametrize(
    ("rung", "words"),
    [("online", "Online"), ("reserved", "Reserved"), ("at_risk", "Offline (at risk)"), ("own_sale", "Bought here")],
)
def test_the_evidence_is_read_off_the_paper(rung: str, words: str, tmp_path: Path) -> None:
    body: PassRedeemed = redeemed(cup("Tea"), rung=rung, currency="EUR")
    (voucher,) = (sheet.text(tmp_path) for sheet in on_paper(body, "en", tmp_path))
    assert words in voucher
    assert "Not a tax document" in voucher
    assert "138****6021" not in voucher


@needs_reader
def test_a_reprint_is_read_as_one(tmp_path: Path) -> None:
    (layout,) = layouts(redeemed(cup("Tea"), currency="EUR"), "en", copy=2)
    text = read(encode(layout, PAPER_80, kick_drawer=False)).text(tmp_path)
    assert text.count("REPRINT 2") == 2


@needs_reader
def test_a_slip_of_training_is_read_as_one(tmp_path: Path) -> None:
    (layout,) = layouts(redeemed(cup("Tea"), currency="EUR"), "en", copy=1, training=True)
    lines = read(encode(layout, PAPER_80, kick_drawer=False)).text(tmp_path).split("\n")
    told = [line for line in lines if line.strip()]
    assert "TRAINING" in told[0]
    assert "NOT VALID" in told[0]
    assert "TRAINING" in told[-1]
    assert sum("REPRINT 1" in line for line in told) == 2


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["zh-CN", "es-ES", "en"])
@pytest.mark.parametrize(
    "body",
    [EXTRA, SALE, pass_sold(), topped_up(), CHARGE, refunded(), order_refunded(), moved(), shift_closed()],
    ids=IDS,
)
def test_training_is_the_first_and_the_last_word_of_every_slip(body: Body, language: str, columns: int) -> None:
    mark = slip_words(language)["training"].replace(" ", "")
    for layout in layouts(body, language, columns, training=True):
        rows = [part for part in layout.elements if isinstance(part, Row)]
        for found in (rows, rows[::-1]):
            banner = [row.spans[0] for row in itertools.takewhile(lambda row: row.inverse, found)]
            said = [span.text for span in (banner if found is rows else banner[::-1])]
            assert "".join(said).replace(" ", "") == mark
            assert {span.size for span in banner} == {"large"}
        assert not [part for part in layout.elements if isinstance(part, QrCode)]
        check = slip_words(language)["check"]
        assert not [row for row in rows for span in row.spans if span.text.startswith(check)]

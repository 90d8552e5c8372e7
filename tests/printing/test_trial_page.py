"""The test page fits its paper in every language, and its code can be read."""

import pytest

from models.catalogue import LANGUAGES
from pos_app.ui.phrases import Phrases
from printing.escpos import PAPER_58, PAPER_80, Profile, encode
from printing.layout import Row, columns_for
from printing.preview import draw
from printing.trial_page import TrialWords, trial_page
from printing.virtual.jobs import read_codes
from printing.width import columns_of

pytestmark = pytest.mark.req("C11")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile", [PAPER_58, PAPER_80], ids=["58 mm", "80 mm"])
def test_the_page_fits_and_its_ruler_is_as_wide_as_the_paper(language: str, profile: Profile) -> None:
    say = Phrases(language)
    facts = ((say("trial.printer"), "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"),)
    shop = "Parque de juegos Río Manzanares 星河茶乐园"
    width = say(f"printers.paper.{profile.columns}")
    words = TrialWords(say("trial.title"), shop, facts, width, say("trial.closing"), "TEST.SZ1T03")
    layout = trial_page(words, profile.columns)
    rows = [row for row in layout.elements if isinstance(row, Row)]
    for row in rows:
        for span in row.spans:
            assert columns_for(columns_of(span.text), span.size) <= span.width, span.text
            assert span.column + span.width <= profile.columns
    assert max(len(row.spans) for row in rows) == profile.columns
    said = "".join(span.text for row in rows for span in row.spans)
    assert all(letter in said for letter in "ñáé€茶")
    assert read_codes(draw(layout)) == ["TEST.SZ1T03"]
    assert encode(layout, profile, kick_drawer=False).startswith(b"\x1b@")

"""Draw a slip of this till as the paper looks: from the document that its print job keeps, by the template in force."""

from models import codec
from models.refusals import Refusal
from pos_app.journal import prints
from pos_app.journal.slip_templates import template_for
from pos_app.till.order_values import SlipPicture
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from printing.layout import Layout, Panel, Row
from printing.preview import draw as draw_paper
from printing.slips import SlipDocument
from printing.templates import lay_out
from printing.words import slip_words


def draw(till: Till, slip_number: str, copy: int = 0, columns: int | None = None) -> SlipPicture:
    """Return the picture of a slip on the till's paper, of its copy as that is marked.

    Refusals: `not_signed_in`, `slip_unknown`.

    Takes some 50 ms: not for the GUI thread.
    """
    require_session(till)
    with till.journal.reading() as rows:
        jobs = prints.of_slip(rows, slip_number)
    if not jobs:
        raise Refusal("slip_unknown", {"number": slip_number[:40]})
    document = codec.decode(SlipDocument, jobs[0].document)
    template, _ = template_for(till.journal.catalogue, document.kind)
    layout = lay_out(document, template, slip_words(document.language), columns or till.live.paper_columns, copy)
    return picture_of(layout)


def picture_of(layout: Layout) -> SlipPicture:
    """Return any page as the paper looks."""
    picture = draw_paper(layout)
    return SlipPicture(picture.width, picture.height, picture.tobytes(), _text(layout))


def _text(layout: Layout) -> str:
    """Return what the paper says, line by line, for who hears it."""
    rows = [part for one in layout.elements for part in (one.elements if isinstance(one, Panel) else (one,))]
    lines = (" ".join(span.text.strip() for span in row.spans) for row in rows if isinstance(row, Row))
    return "\n".join(line for line in lines if line.strip())

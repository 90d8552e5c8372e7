"""In the middle of the counter: a note for who makes a cup, in words to tap and words of one's own.

Rule: the box stands at the top, where no keyboard on the screen covers it. What is written stands on the line at
once; Done only brings the products back.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.catalogue import name_in
from models.notes import MAX_NOTE_CHARACTERS
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.widgets.buttons import Choice, push
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.layout import Grid, card, column, row, rule, tab_before
from pos_app.ui.widgets.text import Words


class NotePanel(QWidget):
    """Draws the desk's note; `redraw` while it is in front."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.say, self.notes = desk, desk.say, desk.notes
        say = self.say
        self.title = Words("", theme.HEADING, bold=True, wrap=True)
        self.title.setObjectName("cup_note_title")
        self.box = Entry("cup_note", say("note.placeholder"), say("note.title"), longest=MAX_NOTE_CHARACTERS)
        self.box.textEdited.connect(self.notes.write)
        self.box.entered.connect(lambda _text: self.notes.end())
        self.done = push("cup_note_done", say("cash.done"), "primary", "check", tall=True)
        self.done.clicked.connect(self.notes.end)
        self.all = Choice("cup_note_all", "")
        self.all.clicked.connect(lambda: self.notes.narrow(False))
        self.single = Choice("cup_note_one", say("note.one"))
        self.single.clicked.connect(lambda: self.notes.narrow(True))
        self.which = QWidget()
        self.which.setLayout(row(self.all, self.single, gap=8))
        self.clear = push("cup_note_clear", say("note.clear"), "quiet", "trash")
        self.clear.clicked.connect(lambda: self.notes.write(""))
        self.offered = Grid(tile_width=138, gap=8, most=4)
        self._words: tuple[tuple[str, str], ...] = ()
        entry = row(self.box, self.done, gap=8)
        hint = Words(say("note.hint"), tone="soft", wrap=True)
        made = card(
            self.title, rule(), entry, self.which, self.offered, hint, None, row(None, self.clear), name="note_card"
        )
        self.setLayout(column(made))

    def begin(self) -> None:
        """Start with the cursor behind what is written."""
        self.box.setText(self.notes.text)
        self.redraw()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.end(False)

    def redraw(self) -> None:
        """Show what is written, and on which cups."""
        notes, say = self.notes, self.say
        if not notes.opened:
            return
        self._offer()
        priced = self.desk.quote.cups
        if self.desk.selected < len(priced):
            name = name_in(priced[self.desk.selected].product.names, say.language)
            self.title.setText(say("note.for", name=name))
        if self.box.text().split() != notes.text.split():  # what is being typed keeps its blanks
            self.box.setText(notes.text)
        self.which.setVisible(notes.count > 1)
        self.all.setText(say("note.all", n=notes.count))
        self.all.setAccessibleName(self.all.text())
        self.all.choose(not notes.single)
        self.single.choose(notes.single)
        self.clear.setEnabled(bool(notes.text))
        for (_, written), tile in zip(self._words, self.offered.tiles(), strict=True):
            if isinstance(tile, Choice):
                tile.choose(notes.stands(written))
                tile.setEnabled(tile.chosen or notes.has_room(written))

    def _offer(self) -> None:
        if self._words:
            return
        self._words = self.notes.offered()
        made: list[QWidget] = []
        for place, (read, written) in enumerate(self._words):
            tile = Choice(f"cup_note_{place}", read)
            tile.clicked.connect(lambda _=False, words=written: self.notes.toggle(words))
            made.append(tile)
        self.offered.fill(made)
        tab_before(made, self.clear)

"""Writing a note at the counter: on which cups of the basket, and the words that are offered for it.

Rule: belongs to the desk, which holds the basket. What is written stands on the cups at once, so nothing is lost when
the cashier goes on without a last tap. Offered words are read in the cashier's language and written in the slips',
like the names beside them on paper.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.notes import MAX_NOTE_CHARACTERS
from models.passes import Cup
from pos_app.selling.basket import Basket, with_note
from pos_app.ui.phrases import Phrases

if TYPE_CHECKING:
    from pos_app.ui.desk import Desk

OFFERED = ("less_ice", "no_ice", "less_sugar", "no_sugar", "hot", "no_straw", "to_go", "allergy")
_BETWEEN = ", "


@dataclass(frozen=True, slots=True)
class _Line:
    """Cups that were alike when writing began, by their places, and what stood on them."""

    places: tuple[int, ...]
    before: str
    cups: tuple[Cup, ...]
    """All of the basket then, without notes."""


class NoteDesk:
    """The line that a note is being written on, or none. `single`: on the last of its cups alone."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk
        self.single = False
        self._line: _Line | None = None
        self._written: Phrases | None = None

    @property
    def opened(self) -> bool:
        """Whether a note is being written."""
        return self._line is not None

    @property
    def count(self) -> int:
        """How many cups the line has."""
        return 0 if self._line is None else len(self._line.places)

    @property
    def text(self) -> str:
        """What stands on the cups."""
        return "" if self._line is None else self.desk.basket.cups[self._line.places[-1]].note

    def begin(self) -> None:
        """Write on the chosen line from now on."""
        desk = self.desk
        if not desk.busy and 0 <= desk.selected < len(desk.basket.cups):
            self._take_line()
            desk.changed.emit()

    def _take_line(self) -> None:
        desk = self.desk
        chosen = desk.basket.cups[desk.selected]
        places = tuple(place for place, cup in enumerate(desk.basket.cups) if cup == chosen)
        self._line, self.single = _Line(places, chosen.note, _bare(desk.basket)), False

    def write(self, text: str) -> None:
        """Let this stand on the cups, as far as it can be printed."""
        self._write(text, self.single)

    def narrow(self, single: bool) -> None:
        """Write on the last cup alone, or on all of the line; the others get back what they had."""
        self._write(self.text, single)

    def _write(self, text: str, single: bool) -> None:
        line, desk = self._line, self.desk
        if line is None or desk.busy:
            return
        self.single = single
        basket = with_note(desk.basket, line.places, line.before)
        desk.basket = with_note(basket, line.places[-1:] if single else line.places, text)
        desk.selected = line.places[-1]
        desk.changed.emit()

    def end(self) -> None:
        """No note is being written any more."""
        self.leave()
        self.desk.changed.emit()

    def leave(self) -> None:
        """Something else is done; whoever asks is about to draw."""
        self._line = None

    def follow(self) -> None:
        """Go along with the basket: to another line that was chosen; an end when what is on it has changed."""
        line, desk = self._line, self.desk
        if line is None:
            return
        if _bare(desk.basket) != line.cups or not 0 <= desk.selected < len(line.cups):
            self.leave()
        elif desk.selected not in line.places:
            self._take_line()

    # -- offered words ------------------------------------------------------------------------------------------

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return what may be tapped: how it reads here, and how it is written."""
        return tuple((self.desk.say(f"note.{key}"), self._slip_words()(f"note.{key}")) for key in OFFERED)

    def stands(self, words: str) -> bool:
        """Whether these words are part of the note."""
        return words in self.text.split(_BETWEEN)

    def has_room(self, words: str) -> bool:
        """Whether these words can be added whole."""
        return len(self.text) + len(_BETWEEN) + len(words) <= MAX_NOTE_CHARACTERS

    def toggle(self, words: str) -> None:
        """Add words to the note, or take them off."""
        parts = [part for part in self.text.split(_BETWEEN) if part]
        if words in parts:
            parts.remove(words)
        elif self.has_room(words):
            parts.append(words)
        self.write(_BETWEEN.join(parts))

    def _slip_words(self) -> Phrases:
        if self._written is None:
            language = self.desk.store.slip_language
            self._written = self.desk.say if language == self.desk.say.language else Phrases(language)
        return self._written


def _bare(basket: Basket) -> tuple[Cup, ...]:
    return tuple(replace(cup, note="") for cup in basket.cups)

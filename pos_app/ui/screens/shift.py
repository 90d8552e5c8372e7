"""The shift: its drawer and sums, the count that closes it, and what was closed."""

from PySide6.QtGui import QHideEvent

from pos_app.till import shift
from pos_app.till.sign_in import session
from pos_app.till.values import Changes, ClosedShift, HeaderView
from pos_app.ui.desk import Desk
from pos_app.ui.screens.screen import Screen
from pos_app.ui.screens.shift_count import ShiftCount
from pos_app.ui.screens.shift_drawer import ShiftDrawer
from pos_app.ui.screens.shift_end import ShiftEnd
from pos_app.ui.widgets.layout import Pages, column


class Shift(Screen):
    """Three pages: the open shift, counting it, and the closed one until the next is opened."""

    name = "shift"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._closer = ""
        self._away = True
        self.drawer, self.count, self.end = ShiftDrawer(desk), ShiftCount(desk), ShiftEnd(desk)
        self.drawer.close_wanted.connect(self._begin_count)
        self.count.back_wanted.connect(self._show_drawer)
        self.count.closed.connect(self._closed)
        self.end.left.connect(desk.screen_wanted)
        self.pages = Pages()
        for page in (self.drawer, self.count, self.end):
            self.pages.addWidget(page)
        self.setLayout(column(self.pages))

    def ends_for(self, staff_id: str) -> bool:
        """Say whether this person is closing the shift or has closed it: the screen stands though none is open."""
        return self.count.busy or self._closer == staff_id

    # -- coming and going ---------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Start with the open shift; what was begun stays while in front, and a close under way or just done too."""
        if not self._away:
            return
        self._away = False
        super().enter()
        person = session(self.till)
        if person is not None and person.shift_id is not None and not self.count.busy:
            self._closer = ""
            self._show_drawer()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember that another screen came to the front."""
        super().hideEvent(event)
        self._away = self._away or not event.spontaneous()

    def _show_drawer(self) -> None:
        self.pages.setCurrentWidget(self.drawer)
        self.drawer.enter()

    def _begin_count(self) -> None:
        self.desk.operations.run(lambda: shift.to_count(self.till), self._count, self.drawer.failed.show_message)

    def _count(self, kinds: tuple[str, ...]) -> None:
        self.pages.setCurrentWidget(self.count)
        self.count.begin(kinds)

    def _closed(self, closed: ClosedShift) -> None:
        person = session(self.till)
        self._closer = person.staff_id if person is not None else ""
        self.pages.setCurrentWidget(self.end)
        self.end.show_closed(closed)
        self.desk.screen_wanted.emit(self.name)

    def follow(self, changes: Changes) -> None:
        """Follow what changed on the page in front."""
        front = self.pages.currentWidget()
        if front is self.drawer:
            self.drawer.follow(changes)
        elif front is self.end:
            self.end.follow(changes)

    def tick(self, view: HeaderView) -> None:
        """Follow clock, network and printer on the page in front."""
        for page in (self.drawer, self.count, self.end):
            if page is self.pages.currentWidget():
                page.tick(view)

    # -- keys ---------------------------------------------------------------------------------------------------

    def press_enter(self) -> None:
        """Confirm what is in front."""
        for page in (self.drawer, self.count, self.end):
            if page is self.pages.currentWidget():
                page.press_enter()

    def press_escape(self) -> bool:
        """One step back; from the shift itself to the counter."""
        front = self.pages.currentWidget()
        if front is self.count:
            self.count.press_escape()
            return True
        return front is self.drawer and self.drawer.press_escape()

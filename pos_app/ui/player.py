"""Play the window from outside: JSON commands on stdin, one JSON answer a line on stdout (`pos-app --play`).

Rule: nothing here bypasses the widgets. A tap is a mouse press and release at the middle of a widget that a person
could see and reach; a key goes to the window; a picture is dropped on it. Started with `--play` only.

    {"do": "tap", "name": "confirm"}                     {"do": "type", "name": "pin_field", "text": "246810"}
    {"do": "key", "key": "Return"}                       {"do": "scan_picture", "path": "/tmp/code.png"}
    {"do": "wait", "for": {...}, "seconds": 10}          {"do": "screenshot", "path": "/tmp/shot.png"}
    {"do": "state"}  -> {"ok": true, "screen", "header", "basket", "focus", "visible": [names], "texts": {name: text}}
    {"do": "where", "name": "confirm"}  -> {"ok": true, "x", "y"}: its middle on the screen, for a hand outside of this

`wait` takes any of: "screen": name · "visible": name · "hidden": name · "enabled": name · "text": [name, part of its
text] · "header": {chip: part of its text}, chips network, outbox, printer, scanner, shift, cashier, clock, store.

Object names, stable:
    pair         pair_server pair_code pair_submit pair_notice_title
    checks       check_server_state check_catalogue_state check_printer_state check_disk_state check_journal_state
                 check_scanner_state check_server_detail check_again check_missing_title check_go
    sign_in      pin_field pin_digit_0…9 pin_digit_back pin_submit sign_in_notice_title
    open_shift   float_field float_digit_0…9 float_digit_point float_digit_back open_shift_submit open_shift_leave
    everywhere   nav_checkout nav_sell_pass nav_top_up nav_orders nav_refund nav_shift nav_more nav_lock
                 chip_network chip_outbox chip_printer chip_scanner chip_shift chip_cashier chip_clock
                 crash_dialog crash_detail crash_close
    checkout     scan_box phone_pad phone_digit_0…9 phone_find · person_<n> · member_name member_note member_change
                 pass_<n> passes_sell · tab_pass tab_<n> product_<n> add_on_<n> · held_<n> hold clear_basket
                 line_<n> line_<n>_minus line_<n>_plus line_<n>_<add_on_id>_minus · cart_uses cart_due
                 tender_<kind> tender_split cash_open cash_note_<n> cash_said confirm
                 notice_title notice_detail notice_action notice_close
    cash         received_field received_digit_… note_exact note_<n> cash_due cash_change cash_rest cash_done
    split        split_field split_digit_… share_<n> split_<kind> split_rest split_single split_done
                 part_<n> part_<n>_undo split_left split_open
    card         card_code card_code_enter card_who card_level card_raw card_discount card_total card_balance card_after
                 card_points card_notice_title card_other card_back
    top_up       amount_<n> top_up_field top_up_digit_… top_up_bonus top_up_credit top_up_due
                 top_up_refused_title top_up_offline_title tender_<kind> confirm
    refund       refund_box refund_find refundable_<n> open_refund_<n>_state open_refund_<n>_words open_refund_<n>_again
                 open_refund_<n>_seen refund_field refund_digit_… refund_whole reason_<code> refund_tx_no refund_left
                 refund_back refund_preview_title tender_<kind> confirm
    sell_pass    centre_buy centre_redeem centre_pass_<n> plan_<n> plan_kind plan_uses plan_expires plan_due
                 review_notice_title tender_<kind> confirm
    result       result_title result_detail result_left result_received result_change result_pickup next_customer
                 result_discount result_bonus result_balance result_points result_credited result_refunded result_kept
                 card_told_title
                 slip_<n>_number slip_<n>_state slip_<n>_printed slip_<n>_missing · printer_notice_title
    shift        shift_opened x_<sum> shift_close · move_paid_in move_paid_out move_safe_drop move_no_sale move_field
                 move_digit_… reason_<code> move_back move_done_title move_done_detail move_done · confirm
    count        count_<tender> count_<tender>_difference count_digit_… reason_<code> count_again count_back
                 count_unfinished_action count_unsent_title confirm
    approval     approval_what approval_field approval_digit_… approval_notice_title approval_submit approval_back
    closed       ended_title ended_number ended_<tender> ended_<tender>_difference shift_next shift_lock slip_<n>_…
    orders       orders_box orders_find orders_day_before orders_day orders_day_after orders_all_days orders_clear
                 orders_kind_<group> order_<n> orders_newer orders_older orders_notice_title orders_empty · order_title
                 order_amount order_state order_told order_<figure> order_back_<n> order_original slip_<n>_…
                 order_refund order_reprint order_notice_title · order_slip_<n> order_paper
    more         nav_outbox nav_checks nav_scanner nav_settings
    outbox       fact_<n> outbox_summary device_<n> reprint_last slip_<n>_… outbox_notice_title
    scanner      camera_<n> port_<n> port_state ports_again prefix_<n> trial_code_<n> trial_notice_title trial_<fact>
                 sheet_show sheet_back sheet_print sheet_paper sheet_notice_title
    settings     language_<code> lock_<minutes> settings_bundle settings_notice_title · lock_hint lock_hint_words
`<n>` counts from 0 in the order shown: `pass_0` expires first, `product_0` is the first tile of the tab in front.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

from PySide6.QtCore import QEventLoop, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from pos_app.ui.window import Window

POLL_MS = 20
_LONGEST_WAIT_SECONDS = 300.0
_HOLDS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}


class NotPlayable(Exception):
    """A command that a person could not carry out now."""


class Player(QObject):
    """Reads commands on a thread, carries them out on the GUI thread, answers in order."""

    _asked = Signal(str)
    _ended = Signal()

    def __init__(self, window: Window, source: IO[str] | None = None, answers: IO[str] | None = None) -> None:
        super().__init__()
        self.window = window
        self._source, self._answers = source or sys.stdin, answers or sys.stdout
        self._asked.connect(self._carry_out)
        self._ended.connect(window.close)
        self._answered = threading.Event()

    def start(self) -> None:
        """Begin to obey; the end of the commands closes the window."""
        threading.Thread(target=self._read, name="till-player", daemon=True).start()

    def _read(self) -> None:
        for line in self._source:
            if line.strip():
                self._answered.clear()
                self._asked.emit(line)
                self._answered.wait()
        self._ended.emit()

    def _carry_out(self, line: str) -> None:
        try:
            command = json.loads(line)
            if command["do"] == "wait":
                self._wait(command)
                return
            self._answer(True, **self.do(command))
        except (NotPlayable, KeyError, ValueError, TypeError) as error:
            self._answer(False, error=f"{type(error).__name__}: {error}")

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command other than `wait`; returns what it tells. NotPlayable when a person could not."""
        verb = self._verbs().get(command["do"])
        if verb is None:
            raise NotPlayable(f"no command {command['do']!r}")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)  # a person waits for the layout
        return verb(command) or {}

    def _verbs(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]]:
        return {
            "tap": self._tap, "type": self._type, "key": self._key, "scan_picture": self._drop,
            "screenshot": self._shoot, "state": self._state, "where": self._where,
        }  # fmt: skip

    def _answer(self, ok: bool, **data: Any) -> None:
        self._answers.write(json.dumps({"ok": ok, **data}, ensure_ascii=False) + "\n")
        self._answers.flush()
        self._answered.set()

    # -- verbs --------------------------------------------------------------------------------------------------

    def _tap(self, command: dict[str, Any]) -> None:
        widget = self._reachable(command["name"])
        spot = _middle(widget)
        QTest.mouseClick(
            widget.window().windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot
        )

    def _where(self, command: dict[str, Any]) -> dict[str, Any]:
        widget = self._reachable(command["name"])
        spot = widget.mapToGlobal(widget.rect().center())
        return {"x": spot.x(), "y": spot.y()}

    def _type(self, command: dict[str, Any]) -> None:
        widget = self._reachable(command["name"])
        if not widget.hasFocus():
            self._tap(command)
        if isinstance(widget, QLineEdit) and command.get("clear", True):
            widget.selectAll()
        if isinstance(widget, QLineEdit) and not command["text"].isascii():
            widget.insert(command["text"])  # as an input method commits; QTest has no keys for it
        else:
            QTest.keyClicks(widget, command["text"])

    def _key(self, command: dict[str, Any]) -> None:
        *holds, key = str(command["key"]).split("+")
        code = getattr(Qt.Key, f"Key_{key}", None)
        if code is None or not set(holds) <= _HOLDS.keys():
            raise NotPlayable(f"no key {command['key']!r}")
        held = Qt.KeyboardModifier.NoModifier
        for hold in holds:
            held |= _HOLDS[hold]
        front = QApplication.activeModalWidget() or self.window
        QTest.keyClick(front.focusWidget() or front, code, held)

    def _drop(self, command: dict[str, Any]) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(command["path"])])
        middle = self.window.rect().center()
        buttons, keys, action = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
        enter = QDragEnterEvent(middle, action, data, buttons, keys)
        QApplication.sendEvent(self.window, enter)
        if not enter.isAccepted():
            raise NotPlayable("the window does not take this picture")
        QApplication.sendEvent(self.window, QDropEvent(QPointF(middle), action, data, buttons, keys))

    def _shoot(self, command: dict[str, Any]) -> None:
        front = QApplication.activeModalWidget()
        picture = self.window.grab()
        if front is not None:
            picture = front.grab()
        if not picture.save(command["path"]):
            raise NotPlayable(f"cannot write {command['path']}")

    def _state(self, _command: dict[str, Any]) -> dict[str, Any]:
        interior = self.window.interior
        basket = None
        if interior is not None:
            desk = interior.desk
            basket = {
                "cups": len(desk.basket.cups), "uses": desk.quote.uses, "uses_left": desk.quote.uses_left,
                "due_minor": desk.quote.due_minor, "redeems": desk.basket.is_redemption, "held": len(desk.held),
                "busy": desk.busy, "member": desk.view is not None,
            }  # fmt: skip
        focus = self.window.focusWidget()
        shown = {widget.objectName(): _text(widget) for widget in self._named() if widget.isVisible()}
        return {
            "screen": self.window.screen_name,
            "header": self.window.header.texts(),
            "basket": basket,
            "focus": focus.objectName() if focus is not None else "",
            "visible": sorted(shown),
            "texts": {name: text for name, text in shown.items() if text},
        }

    # -- waiting ------------------------------------------------------------------------------------------------

    def _wait(self, command: dict[str, Any]) -> None:
        wanted = command.get("for")
        if not isinstance(wanted, dict) or not wanted:
            self._answer(False, error="nothing to wait for")
            return
        deadline = time.monotonic() + min(float(command.get("seconds", 10)), _LONGEST_WAIT_SECONDS)
        timer = QTimer(self, interval=POLL_MS)

        def look() -> None:
            missing, hopeless = "", False
            try:
                missing = self.missing(wanted)
            except (KeyError, IndexError, ValueError, TypeError) as error:
                missing, hopeless = f"bad condition: {type(error).__name__} {error}", True
            if not missing or hopeless or time.monotonic() >= deadline:
                timer.stop()
                timer.deleteLater()
                self._answer(not missing, **({"error": missing} if missing else {}))

        timer.timeout.connect(look)
        timer.start()
        look()

    def missing(self, wanted: dict[str, Any]) -> str:
        """Return what is not yet so; "" when everything is."""
        for kind, value in wanted.items():
            if kind == "screen" and self.window.screen_name != value:
                return f"screen is {self.window.screen_name}, not {value}"
            if kind == "visible" and self._find(value) is None:
                return f"{value} is not visible on {self.window.screen_name}"
            if kind == "hidden" and self._find(value) is not None:
                return f"{value} is visible"
            if kind == "enabled":
                widget = self._find(value)
                if widget is None or not widget.isEnabled():
                    return f"{value} cannot be tapped"
            if kind == "text":
                widget = self._find(value[0])
                if widget is None or value[1] not in _text(widget):
                    return f"{value[0]} says {_text(widget) if widget else None!r}, not {value[1]!r}"
            if kind == "header":
                texts = self.window.header.texts()
                for chip, part in value.items():
                    if part not in texts[chip]:
                        return f"{chip} says {texts[chip]!r}, not {part!r}"
            if kind not in ("screen", "visible", "hidden", "enabled", "text", "header"):
                raise ValueError(kind)
        return ""

    # -- finding ------------------------------------------------------------------------------------------------

    def _named(self) -> Iterator[QWidget]:
        for widget in self.window.findChildren(QWidget):
            name = widget.objectName()
            if name and not name.startswith("qt_"):
                yield widget

    def _find(self, name: str) -> QWidget | None:
        found = [widget for widget in self._named() if widget.objectName() == name and widget.isVisible()]
        return found[0] if found else None

    def _reachable(self, name: str) -> QWidget:
        widget = self._find(name)
        if widget is None:
            raise NotPlayable(f"{name} is not visible on {self.window.screen_name}")
        if not widget.isEnabled():
            raise NotPlayable(f"{name} is disabled")
        modal = QApplication.activeModalWidget()
        if modal is not None and widget.window() is not modal:
            raise NotPlayable(f"{name} is behind {modal.objectName()}")
        _scroll_to(widget)
        top = widget.window().childAt(_middle(widget))
        if top is None or (top is not widget and not widget.isAncestorOf(top)):
            raise NotPlayable(f"{name} is covered by {top.objectName() if top else 'nothing'}")
        return widget


def _middle(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), widget.rect().center())


def _scroll_to(widget: QWidget) -> None:
    """Scroll as a finger would, so that the widget can be reached."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return "•" * len(widget.text()) if widget.echoMode() != QLineEdit.EchoMode.Normal else widget.text()
    if isinstance(widget, QLabel):
        return widget.text()
    if isinstance(widget, QAbstractButton):
        return widget.text() or widget.accessibleName()
    return ""

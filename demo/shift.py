"""The scripted shift: what a cashier, two customers' phones, a bad network and a bad printer do in one morning.

Rule: everything goes through the windows and the paper, as people would do it; each step leaves a screenshot. A step
that does not show what it should ends the demonstration.
"""

import shutil
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.members import MEMBERS
from demo.shops import shops
from demo.stage import Stage
from demo.window import NotShown, Window
from models.shifts import expected_of, totals_of
from pos_app.journal import shifts
from pos_app.journal.store import open_for_reading

LANGUAGE_OF_STORE = {"SZ1": "zh-CN", "BCN1": "es-ES"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, its picture, and how long it took in seconds."""

    name: str
    screenshot: str
    seconds: float


class Shift:
    """Plays the story on a stage; `steps` fills as it goes."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pictures = stage.folder / "codes"
        self._pictures.mkdir(parents=True, exist_ok=True)
        self.steps: list[Step] = []
        self._restarted: Window

    def play(self) -> None:
        """Play the whole story; demo.window.NotShown or demo.processes.ChildFailed where it breaks."""
        till = self._open("SZ1T01")
        self._online(till)
        self._cut_off(till)
        till = self._power_cut(till)
        self._paper_out(till)
        self._second_till()
        self._back_online(till)
        self._end(till)
        self._barcelona()

    def _open(self, terminal: str, *, manager: bool = False) -> Window:
        """Pair a till, sign in and open a shift, each on its screen."""
        store = terminal[:-3]
        window = self._stage.open_window(terminal, LANGUAGE_OF_STORE[store])
        window.wait(screen="pair", seconds=60)
        code = self._stage.pairing_code(store, terminal)

        def pair() -> None:
            window.type("pair_code", code)
            window.tap("pair_submit")
            window.wait(screen="first_check", seconds=60)
            window.tap("check_go")
            window.wait(screen="sign_in", seconds=60)

        self._step(window, f"{terminal} pair the till", pair)
        self._step(window, f"{terminal} sign in", lambda: self._sign_in(window, store, "open_shift", manager=manager))

        def open_shift() -> None:
            for digit in "200":
                window.tap(f"float_digit_{digit}")
            window.tap("open_shift_submit")
            window.wait(screen="checkout")

        self._step(window, f"{terminal} open the shift", open_shift)
        return window

    def _sign_in(self, window: Window, store: str, then: str, *, manager: bool = False) -> None:
        person = next(shop for shop in shops() if shop.store.code == store).people[2 if manager else 0]
        for digit in person.pin:
            window.tap(f"pin_digit_{digit}")
        window.tap("pin_submit")
        window.wait(screen=then)

    def _online(self, till: Window) -> None:
        self._step(till, "scan a member's code", lambda: self._scan(till, "regular", "short"))
        self._step(till, "tap one tea: one use, nothing to pay", lambda: till.tap("product_0"))
        self._step(till, "confirm: redeemed and printed", lambda: self._confirm_and_print(till))
        self._scan(till, "tomorrow", "short")
        till.tap("product_5")
        self._step(till, "add a paid add-on", lambda: till.tap("add_on_0"))
        self._step(till, "take cash", lambda: self._take_cash(till))
        self._step(till, "confirm: redeemed with an extra", lambda: self._confirm_and_print(till))
        self._scan(till, "new", "short")

        def choose_plan() -> None:
            till.tap("nav_sell_pass")
            till.wait(visible="plan_0")
            till.tap("plan_0")
            till.tap("tender_bank_card")

        self._step(till, "choose a pass to sell", choose_plan)
        self._step(till, "confirm: pass sold", lambda: self._confirm_and_print(till))

    def _cut_off(self, till: Window) -> None:
        snapshots = {key: self._code(key, "snapshot") for key in ("regular", "last", "daily")}

        def cut() -> None:
            self._stage.network_of("SZ1T01").down()
            till.wait(header={"network": "离线"}, seconds=60)

        self._step(till, "the network is gone", cut)
        for number, member in enumerate(("regular", "regular", "last", "daily"), 1):
            self._present(till, snapshots[member], member)
            till.tap("product_0")
            self._step(till, f"offline redemption {number}: at risk, within HQ's policy", lambda: self._confirm(till))
        self._present(till, snapshots["regular"], "regular")
        till.tap("product_1")

        def refused() -> None:
            till.tap("confirm")
            till.wait(visible="notice_title")

        self._step(till, "offline redemption 5: refused by the policy", refused)
        till.tap("clear_basket")
        self._scan_text_free(till, "empty")
        till.tap("nav_sell_pass")
        till.wait(visible="plan_0")
        till.tap("plan_0")
        till.tap("tender_bank_card")
        self._step(till, "offline pass sale", lambda: self._confirm(till))
        self._scan_text_free(till, "empty")
        till.tap("product_2")
        self._step(till, "redeemed at once: this till sold it", lambda: self._confirm_and_print(till))

    def _power_cut(self, till: Window) -> Window:
        """Cut the printer's line inside a slip, kill the till in the middle of the next sale, and start it again."""
        self._printer().tell("cut after 4000 bytes")
        till.tap("tab_1")
        till.tap("product_0")
        self._take_cash(till)

        def break_off() -> None:
            self._confirm(till)
            till.wait(text=["slip_0_state", "不确定"], seconds=30)

        self._step(till, "the printer's line breaks inside a slip", break_off)
        till.tap("product_0")
        self._take_cash(till)
        self._step(till, "a sale is about to be confirmed", lambda: None)

        def restart() -> None:
            till.tap("confirm")
            till.child.kill()
            self._restarted = self._stage.open_window("SZ1T01", "zh-CN")
            self._restarted.wait(screen="sign_in", seconds=60)
            self._sign_in(self._restarted, "SZ1", "checkout")

        self._step(till, "killed with -9 at the confirmation; started again", restart, of=lambda: self._restarted)
        window = self._restarted

        def look() -> None:
            window.tap("nav_more")
            window.tap("nav_outbox")
            window.wait(screen="outbox")

        self._step(window, "one slip is unknown: the cashier decides", look)

        def reprint() -> None:
            missing = next(name for name in window.state()["visible"] if name.endswith("_missing"))
            window.tap(missing)
            window.wait(hidden=missing, seconds=30)

        self._step(window, "missing: printed again, marked as a copy", reprint)
        return window

    def _paper_out(self, till: Window) -> None:
        printer = self._printer()
        printer.tell("paper out")
        till.tap("nav_checkout")
        till.wait(header={"printer": "缺纸"}, seconds=20)
        till.tap("tab_3")
        till.tap("product_0")
        till.tap("tender_cash")
        self._take_cash(till)
        self._step(till, "no paper: the sale goes on", lambda: self._confirm(till, printed=False))

        def refill() -> None:
            printer.tell("ok")
            till.wait(text=["slip_0_state", "已打印"], seconds=30)

        self._step(till, "paper is back: the slip comes by itself", refill)

    def _second_till(self) -> None:
        """Meanwhile, online at the second till: the same last use, and the same day's only play session."""
        window = self._open("SZ1T02", manager=True)
        for member, what in (("last", "the same last use"), ("daily", "the same day's only session")):
            self._scan(window, member, "short")
            window.tap("product_0")
            self._step(window, f"SZ1T02 redeems {what} online", lambda: self._confirm_and_print(window))
        self._cards(window)
        window.child.stop()

    def _cards(self, window: Window) -> None:
        """A card is topped up, pays for an order by its code, and gets a part of that back."""

        def choose_amount() -> None:
            window.tap("nav_top_up")
            window.wait(visible="amount_1")
            window.tap("amount_1")
            window.tap("tender_bank_card")
            window.wait(visible="top_up_bonus")

        def pay_by_card() -> None:
            window.tap("tab_1")
            window.tap("product_3")
            window.key("F6")
            window.wait(visible="card_total")

        def choose_refund() -> None:
            window.tap("nav_refund")
            window.wait(visible="refundable_0")
            window.tap("refundable_0")
            window.type("refund_field", "10")
            window.tap("reason_order_wrong")

        self._scan(window, "both", "short")
        self._step(window, "SZ1T02 tops a card up: the bonus comes by rule", choose_amount)
        self._step(window, "confirm: topped up", lambda: self._confirm_and_print(window))
        window.tap("nav_checkout")
        self._scan(window, "both", "short")
        self._step(window, "SZ1T02 pays by card: the level gives five per cent", pay_by_card)
        self._step(window, "confirm: charged by the code just shown", lambda: self._confirm_and_print(window))
        self._step(window, "SZ1T02 gives part of it back to the card", choose_refund)
        self._step(window, "confirm: refunded", lambda: self._confirm_and_print(window))

    def _back_online(self, till: Window) -> None:
        def reconnect() -> None:
            self._stage.network_of("SZ1T01").up()
            till.wait(header={"network": "在线"}, seconds=90)
            till.tap("nav_more")
            till.tap("nav_outbox")
            till.wait(text=["outbox_summary", "待同步 0 · 总部待处理 1"], seconds=90)

        self._step(till, "the network is back: all synced, one use held for HQ", reconnect)

    def _end(self, till: Window) -> None:
        """Money goes to the safe, the drawer is counted blind, five are missing, and whoever leads says yes."""

        def drop() -> None:
            till.tap("nav_shift")
            till.wait(visible="move_safe_drop")
            till.tap("move_safe_drop")
            till.type("move_field", "50")
            till.tap("reason_safe")
            till.tap("confirm")
            till.wait(visible="move_done_title")

        def count() -> None:
            till.tap("move_done")
            till.wait(enabled="shift_close")
            till.tap("shift_close")
            till.wait(visible="count_cash")
            for tender, minor in self._expected("SZ1T01").items():
                till.type(f"count_{tender}", f"{(minor - 500 if tender == 'cash' else minor) / 100:.2f}")

        def explain() -> None:
            till.tap("confirm")
            till.wait(visible="reason_change_error")
            till.tap("reason_change_error")

        def approve() -> None:
            till.tap("confirm")
            till.wait(visible="approval_field")
            leader = next(shop for shop in shops() if shop.store.code == "SZ1").people[2]
            till.type("approval_field", leader.pin)

        def close() -> None:
            till.tap("approval_submit")
            till.wait(text=["slip_0_state", "已打印"], seconds=30)

        self._step(till, "fifty go to the safe, with a slip", drop)
        self._step(till, "the shift ends: counted without a word of what is expected", count)
        self._step(till, "five are missing: a reason", explain)
        self._step(till, "and somebody who may say yes", approve)
        self._step(till, "closed: the Z report is sealed and printed", close)

    def _expected(self, terminal: str) -> dict[str, int]:
        """What a till's drawer holds, as a cashier who never errs would count it."""
        rows, close = open_for_reading(self._stage.folder / terminal)
        try:
            shift = shifts.open_shift(rows)
            assert shift is not None  # it is what this step ends
            return expected_of(totals_of(shifts.facts_of(rows, shift)))
        finally:
            rows.close()
            close()

    def _barcelona(self) -> None:
        window = self._open("BCN1T01")
        self._scan(window, "lucia", "short")
        window.tap("nav_sell_pass")
        window.wait(visible="plan_1")
        window.tap("plan_1")
        window.tap("tender_bank_card")
        self._step(window, "BCN1T01 sells a pass: VR and TP in Spanish", lambda: self._confirm_and_print(window))
        window.child.stop()

    # What the cashier's hands do -----------------------------------------------------------------------------

    def _scan(self, window: Window, member: str, face: str) -> None:
        self._present(window, self._code(member, face), member)

    def _present(self, window: Window, picture: Path, member: str) -> None:
        name = next(found.name for found in MEMBERS if found.key == member)
        window.scan(picture)
        window.wait(text=["member_name", name[:1]])

    def _scan_text_free(self, window: Window, member: str) -> None:
        """Find a member by phone, from the mirror."""
        phone = next(found.phone for found in MEMBERS if found.key == member)
        window.key("F2")
        window.type("scan_box", phone)
        window.key("Return")
        window.wait(visible="member_name")

    def _take_cash(self, window: Window) -> None:
        window.tap("tender_cash")
        window.tap("cash_open")
        window.wait(visible="note_exact")
        window.tap("note_exact")
        window.tap("cash_done")

    def _confirm(self, window: Window, *, printed: bool = True) -> None:
        window.tap("confirm")
        window.wait(screen="result")
        if printed:
            window.wait(visible="slip_0_state")
        window.wait(visible="next_customer")

    def _confirm_and_print(self, window: Window) -> None:
        self._confirm(window)
        window.wait(text=["slip_0_state", "已打印" if "BCN" not in window.child.name else "Impreso"], seconds=30)

    def _step(self, window: Window, name: str, act: Callable[[], Any], of: Callable[[], Window] | None = None) -> None:
        """Do one thing, take the picture of what it left, and go on to the next customer when it was a result."""
        self._stage.say(name)
        begin = time.monotonic()
        try:
            act()
        except NotShown:
            (of() if of is not None else window).screenshot(self._stage.folder / "screens" / "not-as-expected.png")
            raise
        seconds = time.monotonic() - begin
        shown = of() if of is not None else window
        path = self._stage.folder / "screens" / f"{len(self.steps) + 1:02d}-{_slug(name)}.png"
        shown.screenshot(path)
        self.steps.append(Step(name, str(path.relative_to(self._stage.folder)), round(seconds, 3)))
        if shown.state()["screen"] == "result" and "no paper" not in name:
            shown.tap("next_customer")

    def _code(self, member: str, face: str) -> Path:
        """Fetch the picture of a member's code, as it stands on the member's phone."""
        member_id = next(found.member_id for found in MEMBERS if found.key == member)
        path = self._pictures / f"{member}-{face}-{len(list(self._pictures.iterdir()))}.png"
        address = f"{self._stage.server_url}/demo/members/{member_id}/code.png?face={face}"
        with urllib.request.urlopen(address, timeout=20) as answer, path.open("wb") as file:
            shutil.copyfileobj(answer, file)
        return path

    def _printer(self) -> Any:
        assert self._stage.printer is not None
        return self._stage.printer


def _slug(text: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in text.lower()).split())

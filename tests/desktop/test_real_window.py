"""The program itself under an X server: every flow of a day by real clicks and keys, and a scanner that types.

Rule: the window is asked only where things are and what it shows; whatever happens to it comes through the X server.
"""

import os
import random

import pytest

from models.facts import OrderPaid
from models.shifts import expected_of, totals_of
from models.tokens import ShortCode, decode_short, encode_short
from pos_app.journal import shifts
from pos_app.journal.store import open_for_reading
from tests.desktop.conftest import MANAGER, TERMINAL, Counter

SCANS = 1000 if "WEDGE_FULL" in os.environ else 30
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%"


def buy(counter: Counter, *taps: str) -> None:
    """Tap to a result, and on to the next customer once its paper is there."""
    counter.tap(*taps, "confirm")
    counter.wait(screen="result", text=["slip_0_state", "已打印"])
    counter.next_customer()


def passes_and_cards(counter: Counter) -> None:
    """A use of a pass, a pass sold, a card topped up in cash with change, and the same card paying by its code."""
    counter.scan(counter.code("both"), "Clara")
    buy(counter, "product_0")
    counter.scan(counter.code("new"), "苏")
    counter.hand.key("F4")
    buy(counter, "plan_0", "tender_bank_card")
    counter.scan(counter.code("both"), "Clara")
    counter.hand.key("F5")
    buy(counter, "amount_0", "cash_note_0")
    counter.scan(counter.code("both"), "Clara")
    counter.tap("tab_1", "product_3")
    counter.hand.key("F6")
    counter.wait(visible="card_total")
    buy(counter)


def goods(counter: Counter) -> None:
    """Goods paid in two halves, a basket put aside and taken up again, and a line of the first sale given back."""
    buy(counter, "product_0", "line_0_plus", "product_1", "tender_split", "share_2", "split_wechat", "split_cash")
    counter.tap("product_2")
    counter.hand.key("F10")
    counter.wait(visible="held_0", hidden="line_0")
    buy(counter, "held_0", "tender_bizum")
    counter.hand.key("F8")
    buy(counter, "refundable_1", "refund_line_1", "reason_product_fault")
    counter.hand.key("F7")
    counter.tap("order_0", "order_reprint")
    counter.wait(visible="order_notice_title")


def drawer(counter: Counter) -> None:
    """Money into the drawer and out of it; head office has it all and holds nothing back."""
    counter.hand.key("F11")
    for move, reason in (("paid_in", "reason_change"), ("paid_out", "reason_expenses")):
        counter.tap(f"move_{move}")
        counter.enter("move_field", "20")
        counter.tap(reason, "confirm", "move_done")
    counter.tap("nav_more", "nav_outbox")
    counter.wait(text=["outbox_summary", "待同步 0 · 总部待处理 0"])


def the_end(counter: Counter) -> None:
    """The screen locked by key and opened again, every tender counted, the shift closed, the till locked."""
    counter.hand.key("Ctrl+l")
    counter.wait(screen="sign_in")
    counter.hand.type(MANAGER.pin)
    counter.hand.key("Return")
    counter.wait(screen="checkout")
    counter.hand.key("F11")
    counter.tap("shift_close")
    counter.wait(visible="count_cash")
    for tender, minor in expected(counter).items():
        counter.enter(f"count_{tender}", f"{minor / 100:.2f}")
    counter.tap("confirm")
    counter.wait(text=["slip_0_state", "已打印"])
    counter.tap("shift_lock")
    counter.wait(screen="sign_in")


def expected(counter: Counter) -> dict[str, int]:
    """What a cashier who never errs finds of each tender."""
    rows, close = open_for_reading(counter.stage.folder / TERMINAL)
    try:
        shift = shifts.open_shift(rows)
        assert shift is not None
        return expected_of(totals_of(shifts.facts_of(rows, shift)))
    finally:
        rows.close()
        close()


@pytest.mark.req("C04", "C05", "C06", "C07", "R102")
def test_every_flow_of_a_day_by_mouse_and_keys(at_work: Counter) -> None:
    began = len(at_work.kinds())
    passes_and_cards(at_work)
    goods(at_work)
    drawer(at_work)
    the_end(at_work)
    at_work.wait(header={"outbox": "已同步"})
    day = at_work.facts()[began:]
    assert [fact.kind for fact in day] == [
        "PassRedeemed", "PassSold", "ToppedUp", "CardCharged", "OrderPaid", "OrderPaid", "OrderRefunded",
        "SlipReprinted", "CashMoved", "CashMoved", "ShiftClosed",
    ]  # fmt: skip
    split = next(fact.body for fact in day if isinstance(fact.body, OrderPaid))
    assert [(one.kind, one.amount_minor * 2) for one in split.tenders] == [
        ("wechat", split.total_minor), ("cash", split.total_minor),
    ]  # fmt: skip
    assert at_work.stage.printer is not None
    paper = at_work.stage.printer.jobs()
    assert len(paper) == sum(len(getattr(fact.body, "slips", ())) for fact in day) + 1
    assert sum(job["marked"] for job in paper) == 1, "the copy"


@pytest.mark.req("C04", "C11")
@pytest.mark.timeout(1800)
def test_a_scanner_types_while_a_button_has_the_focus(at_work: Counter) -> None:
    """2 to 20 ms a key on two layouts: every scan is whole, no key leaks and the button is not pressed.

    With WEDGE_FULL a thousand (six minutes).
    """
    rng = random.Random(11)
    people = [(decode_short(at_work.code(key)).card_ref, name) for key, name in (("both", "Clara"), ("new", "苏"))]
    recorded, late = len(at_work.facts()), 0
    for number in range(SCANS):
        if number in (0, SCANS // 2):
            at_work.hand.layout("us" if number == 0 else "es")
        at_work.tab_to("phone_pad")
        card_ref, name = people[number % 2]
        late += at_work.scan(encode_short(ShortCode(card_ref, "".join(rng.choices(ALPHABET, k=11)))), name)
        state = at_work.state()
        assert (state["screen"], state["texts"].get("scan_box", "")) == ("checkout", "")
        assert "phone_find" not in state["visible"], "the button was pressed"
        assert "notice_title" not in state["visible"], state["texts"]["notice_title"]
    at_work.hand.layout("us")
    print(f"{SCANS} scans whole; {late} bursts that this machine typed too slowly were typed again")
    assert len(at_work.facts()) == recorded

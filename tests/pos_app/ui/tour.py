"""A tour through the window: every screen and state, in an order in which a day could bring them.

Rule: moves the window and yields a name at each stop; who looks there decides what for.
"""

from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

from models.catalogue import TENDER_KINDS
from models.drawer import CASH_MOVES
from models.tenders import Tender
from pos_app.devices import printers
from pos_app.devices.printers import FoundPrinter
from pos_app.devices.scans import QR_FORMAT, Scan, ScanSource
from pos_app.devices.trial import LAYOUTS
from pos_app.selling.basket import Basket, add_add_on, add_product
from pos_app.till import cash, charge, find_member, quote, redeem, refund_order, refundable, sell, sell_pass, top_up
from pos_app.till.practice import CASHIER_PIN
from pos_app.till.values import Changes
from pos_app.ui.settle import SETTLE_SECONDS
from pos_app.ui.wedge import Burst
from printing.scanner_sheet import TEST_CODES
from printing.transports import JobOutcome
from tests.pos_app.headquarters import allow, snapshot, trust
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.shop import PEOPLE, PIN, short_code, uid
from tests.pos_app.ui.tour_company import for_a_company

MANAGER = "864200"
LONG_NOTE = "frutos secos, leche y gluten <b>todo</b>"


def through_the_day(hand: Hand) -> Iterator[str]:
    """Go through every screen and state; yields a name for each."""
    yield from until_a_result(hand)
    yield from paying_by_card(hand)
    yield from topping_up_and_refunding(hand)
    yield from for_a_company(hand)
    yield from until_offline(hand)


def until_a_result(hand: Hand) -> Iterator[str]:
    """Sign in, sell with everything a basket can have, and see the result."""
    hand.wait(screen="sign_in")
    yield "sign in"
    for _ in range(5):
        hand.type("pin_field", "000000")
        hand.key("Return")
        hand.idle()
    yield "throttled"
    hand.shop.clock.pass_by(60)
    hand.shell.window.tick()
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="open_shift")
    yield "open shift"
    hand.type("float_field", "x")
    hand.key("Return")
    yield "not an amount"
    hand.type("float_field", "200")
    hand.key("Return")
    hand.wait(screen="checkout")
    yield "empty counter"
    hand.key("F2")
    yield "digits"
    hand.type("scan_box", "6021")
    hand.tap("phone_find")
    hand.wait(visible="person_1")
    yield "several members"
    hand.key("Escape")
    hand.scan(1)
    yield "member"
    hand.tap("product_0", "product_0")
    yield "no uses left told"
    hand.tap("clear_basket", "pass_1", "product_0")
    yield "free redemption"
    hand.tap("line_0_plus", "line_0_minus", "cup_note_open", "cup_note_7")
    hand.type("cup_note", f"{hand.text('cup_note')}: {LONG_NOTE}")
    yield "note"
    hand.tap("cup_note_done")
    hand.tap("add_on_0", "add_on_3", "product_4", "product_5", "product_2")
    yield "full basket with money due"
    hand.tap("product_2")
    yield "limit told"
    hand.tap("cash_open", "note_1")
    yield "cash"
    hand.tap("received_digit_back", "received_digit_back", "received_digit_back", "received_digit_back")
    hand.type("received_field", "1")
    yield "too little cash"
    hand.tap("cash_rest")
    yield "the rest of a redemption"
    hand.tap("split_single", "cash_open")
    hand.tap("note_exact", "note_1", "cash_done", "confirm")
    hand.wait(screen="result", visible="slip_1_state")
    voucher, ticket = hand.text("slip_0_number"), hand.text("slip_1_number")
    hand.shop.paper(ticket, "unknown")
    hand.shop.till.live.printer = "paper_out"
    hand.shop.paper(voucher, "not_printed", "paper_out")
    hand.wait(visible=f"paper_{voucher}")
    yield "result with an unknown slip"


def paying_by_card(hand: Hand) -> Iterator[str]:
    """Every state of the card that pays: asked for, unknown, dearer than thought, refused, charged."""
    hand.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    hand.key("Return")
    hand.wait(screen="checkout")
    hand.tap("product_0", "product_1", "product_2", "tender_split")
    yield "nothing split yet"
    hand.tap("share_4", "split_platform", "share_3", "split_bank_card", "share_2", "split_wechat")
    hand.type("split_field", "99999999")
    yield "split in three, and more than is left"
    hand.type("split_field", "900")
    hand.tap("split_cash")
    yield "split and paid, with change"
    hand.tap("split_done", "line_0_minus")
    yield "one less to pay"
    hand.tap("product_0", "part_3_undo", "split_open", "split_single", "cash_note_1")
    yield "change of a note"
    hand.key("F6")
    hand.wait(visible="card_code")
    yield "code asked for"
    hand.type("card_code", short_code(77))
    hand.key("Return")
    hand.wait(visible="card_notice_title")
    yield "unknown card"
    hand.shop.server.discount = "0.885"
    hand.tap("confirm")
    hand.wait(visible="notice_title")
    yield "another total"
    hand.shop.server.discount = None
    hand.tap("card_other")
    hand.shell.scanner.scanned.emit(short_code(1, "KJIHGFEDCBA"))
    hand.wait(visible="card_balance")
    yield "member's card"
    for code in ("balance_insufficient", "card_inactive", "code_expired"):
        hand.shop.server.refuse = code
        hand.tap("confirm")
        hand.wait(visible="notice_title")
        yield f"charge refused: {code}"
    hand.shop.server.refuse = None
    hand.shop.server.lost_replies = 1
    hand.shell.scanner.scanned.emit(short_code(2))
    hand.wait(text=["card_who", PEOPLE[1][0]])
    hand.tap("confirm")
    hand.wait(visible="notice_action")
    yield "no answer"
    hand.tap("notice_action", "tender_card")
    hand.shell.scanner.scanned.emit(short_code(1, "%$.%$.%$.%$"))
    hand.wait(visible="card_balance")
    hand.tap("confirm")
    hand.wait(screen="result")
    yield "charged"
    yield from with_a_camera(hand)


def with_a_camera(hand: Hand) -> Iterator[str]:
    """The code is asked for beside the camera's picture, with and without a message."""
    hand.shell.scanner._show_state("ready")
    hand.key("Return")
    hand.scan(3)
    hand.tap("product_0")
    hand.shop.clock.pass_by(charge.FRESH_CODE_SECONDS + 1)
    hand.key("F6")
    yield "code asked for, camera"
    hand.type("card_code", "HELLO")
    hand.tap("card_code_enter")
    hand.wait(visible="notice_action")
    yield "no code to pay with, camera"
    hand.tap("clear_basket", "member_change")
    hand.shell.scanner._show_state("none")


def making_a_member(hand: Hand) -> Iterator[str]:
    """Nobody has the number; the form empty, refused, known, done."""
    hand.sign_in()
    hand.shop.go_offline()
    hand.type("scan_box", "+8613900001111")
    hand.key("Return")
    hand.wait(visible="notice_action")
    yield "nobody found"
    hand.tap("notice_action")
    hand.wait(screen="create_member")
    yield "new member"
    hand.type("create_phone", "12")
    hand.type("create_name", "Gabriela Fernández de la Cuesta")
    hand.key("Return")
    hand.wait(visible="create_notice_title")
    yield "new member refused"
    hand.type("create_phone", PEOPLE[0][1])
    hand.key("Return")
    hand.wait(screen="checkout")
    yield "known already"
    hand.type("scan_box", "+8613900001111")
    hand.key("Return")
    hand.wait(visible="notice_action")
    hand.tap("notice_action", "create_language_es-ES")
    hand.type("create_name", "Gabriela Fernández de la Cuesta")
    hand.key("Return")
    hand.wait(screen="checkout", text=["member_name", "Gabriela Fernández de la Cuesta"])
    yield "member made"
    yield from nobody_there(hand)
    yield from at_risk(hand)
    yield from typing_a_pin(hand)


def typing_a_pin(hand: Hand) -> Iterator[str]:
    """A member found by phone who has a PIN: covered, typed wrong, answered for, locked and right."""
    hand.shop.clock.frozen = False
    hand.shop.hire(MANAGER, {"member_pin"})
    hand.shop.give_pin(1, "902104")
    hand.key("Escape")
    hand.tap("clear_basket", "member_change")
    hand.type("scan_box", PEOPLE[0][1])
    hand.key("Return")
    hand.wait(visible="member_pin_ask")
    yield "member with a PIN"
    hand.tap("member_pin_ask")
    yield "PIN asked for"
    hand.tap("member_pin_back", "nav_top_up", "amount_0")
    yield "top-up of a member with a PIN"
    hand.tap("nav_checkout", "pass_1", "product_0", "confirm")
    hand.wait(visible="member_pin_forgotten")
    hand.type("member_pin_field", "9021")
    yield "PIN of a redemption"
    hand.tap("member_pin_forgotten")
    hand.wait(visible="approval_what")
    yield "PIN forgotten"
    hand.tap("approval_back", "member_pin_ask")
    hand.type("member_pin_field", "902104")
    hand.key("Return")
    hand.wait(visible="member_sure")
    yield "PIN is right"
    hand.tap("clear_basket", "member_change")
    hand.type("scan_box", PEOPLE[0][1])
    hand.key("Return")
    hand.wait(visible="member_pin_ask")
    hand.tap("member_pin_ask")
    for tried in range(5):
        hand.type("member_pin_field", "000000")
        hand.key("Return")
        hand.idle()
        if tried in (0, 4):
            yield f"wrong PIN, try {tried}"


def at_risk(hand: Hand) -> Iterator[str]:
    """A redemption that somebody must answer for: offline, and the clock is unproven."""
    trust(hand.shop)
    allow(hand.shop)
    hand.shop.clock.frozen = True
    hand.shell.scanner.scanned.emit(snapshot(hand.shop))
    hand.wait(visible="pass_1")
    hand.tap("pass_1", "product_0", "confirm")
    hand.wait(visible="approval_what")
    yield "risk to be approved"


def nobody_there(hand: Hand) -> Iterator[str]:
    """The lock is chosen, says that it comes, comes, and lets who comes back go on."""
    hand.tap("nav_more", "nav_settings", "lock_2")
    yield "settings, lock chosen"
    hand.tap("nav_checkout", "product_1", "cash_open", "received_digit_7")
    hand.shell.lock.look()
    hand.shop.clock.pass_by(2 * 60 - 12)
    hand.shell.lock.look()
    hand.wait(visible="lock_hint")
    yield "locks soon"
    hand.shop.clock.pass_by(12)
    hand.shell.lock.look()
    hand.wait(screen="sign_in")
    hand.type("pin_field", PIN)
    hand.key("Return")
    hand.wait(screen="checkout", visible="cash_due")
    yield "back where it was"


def topping_up_and_refunding(hand: Hand) -> Iterator[str]:
    """Top-up and refund, each empty, filled, refused and done."""
    hand.key("F5")
    hand.wait(screen="top_up")
    yield "top-up without a member"
    hand.scan(1)
    hand.tap("amount_4")
    yield "top-up with bonus"
    hand.type("top_up_field", "999999999")
    yield "top-up too large"
    hand.tap("amount_1", "cash_open", "cash_done", "confirm")
    hand.wait(screen="result")
    yield "topped up"
    hand.key("F8")
    hand.wait(visible="refundable_1")
    yield "refund, not synced"
    hand.shop.acknowledge(1000)
    hand.key("F8")
    hand.until(lambda: hand.find("refundable_0").isEnabled())
    hand.tap("refundable_1", "reason_product_fault")
    hand.type("refund_field", "99999")
    yield "refund too large"
    hand.tap("refundable_0")
    hand.type("refund_field", "40")
    yield "refund of a top-up"
    yield from _foreseen_exactly(hand)
    hand.shop.server.refuse = "refund_not_allowed"
    hand.tap("confirm")
    hand.wait(visible="notice_title")
    yield "refund refused"
    hand.shop.server.refuse = None
    hand.tap("notice_close")
    hand.shop.server.lost_replies = 1
    hand.tap("confirm")
    hand.wait(visible="open_refund_0_again")
    yield "refund waits"
    hand.tap("refundable_0")
    yield "refund asked already"
    hand.tap("open_refund_0_again")
    hand.wait(visible="open_refund_0_seen")
    yield "refund granted"
    hand.tap("open_refund_0_seen")
    hand.wait(hidden="open_refund_0_seen")
    hand.tap("refundable_0", "reason_amount_wrong")
    yield "refund of the rest"
    hand.tap("confirm")
    hand.wait(screen="result", visible="result_refunded")
    yield "cash to hand out"
    hand.key("F8")
    hand.wait(visible="refundable_1")
    hand.idle()
    hand.tap("refundable_1", "reason_other", "confirm")
    hand.wait(screen="result")
    yield "refunded to the card"
    sell_three(hand)
    hand.key("F8")
    hand.wait(visible="refundable_0")
    hand.idle()
    hand.tap("refundable_0")
    yield "refund of a sale"
    hand.tap("refund_line_1", "refund_line_2", "reason_not_delivered")
    yield "refund of two lines"
    hand.tap("confirm")
    hand.wait(screen="result", visible="result_given_cash")
    yield "lines refunded"
    hand.key("F8")
    hand.wait(visible="refundable_0")
    hand.idle()
    hand.tap("refundable_0")
    yield "the rest of a sale"


def _foreseen_exactly(hand: Hand) -> Iterator[str]:
    server, number = hand.shop.server, hand.text("refund_tx_no")
    server.previews = True
    server.refunds[number] = {"cash_minor": 3_660, "bonus_minor": 660, "principal_minor": 340, "uncollected_minor": 120}
    hand.type("refund_field", "41")
    hand.until(lambda: "36" in hand.text("refund_preview_title"))
    yield "refund foreseen exactly"
    server.previews = False
    del server.refunds[number]
    hand.type("refund_field", "40")


def sell_three(hand: Hand) -> None:
    """A sale of three, paid by bank card and in cash."""
    till, basket = hand.shop.till, Basket()
    for product in (0xE00, 0xE07, 0xE00):
        basket = add_product(basket, uid(product))
    due = quote.quote_basket(till, basket).due_minor
    sell.sell(till, basket, [Tender("bank_card", 100, 100), Tender("cash", due - 100, due - 100)])


def until_offline(hand: Hand) -> Iterator[str]:
    """Held baskets, passes for sale, devices in trouble, settings, and the counter without a network."""
    hand.scan(3)
    yield "member without passes"
    hand.tap("tab_1", "product_0", "product_1")
    hand.scan(1)
    yield "held basket"
    hand.key("F4")
    hand.tap("centre_redeem")
    yield "passes to redeem"
    hand.tap("centre_buy", "plan_1")
    yield "pass awaiting review"
    hand.tap("tender_split", "share_2", "split_alipay")
    yield "half of a pass"
    hand.tap("split_single")
    hand.tap("plan_0", "cash_open")
    yield "cash for a pass"
    hand.tap("cash_done", "confirm")
    hand.wait(screen="result")
    yield "pass sold"
    hand.shop.go_offline(86_400 * 3)
    hand.key("F5")
    hand.scan(1)
    hand.tap("amount_1")
    yield "top-up offline"
    hand.tap("confirm")
    hand.wait(screen="result")
    yield "topped up offline"
    hand.key("Return")
    hand.tap("tab_1", "product_0")
    hand.key("F6")
    yield "no card offline"
    hand.tap("clear_basket")
    hand.key("F8")
    hand.wait(visible="refund_preview_title")
    yield "refund offline"
    hand.type("refund_box", "CZ00900000001")
    hand.tap("refund_find")
    hand.wait(visible="refund_tx_no")
    hand.type("refund_field", "40")
    yield "refund offline, chosen"
    hand.shop.till.live.printer = "paper_out"
    hand.shell.scanner._show_state("lost")
    hand.tap("nav_more", "nav_outbox")
    hand.wait(visible="fact_2")
    yield "outbox offline"
    hand.key("F9")
    hand.wait(visible="outbox_notice_title")
    yield "reprint refused"
    hand.tap("nav_more", "nav_settings")
    yield "settings"
    hand.tap("settings_bundle")
    hand.wait(visible="settings_notice_title")
    yield "file for support"
    hand.tap("nav_checkout")
    hand.tap("member_change") if hand.sees("member_change") else None
    hand.scan(1)
    hand.shop.change_pass(2, uses_left=0)
    hand.until(lambda: not hand.find("pass_2").isEnabled() or not hand.find("pass_1").isEnabled())
    yield "offline counter"


def a_shift_to_its_end(hand: Hand) -> Iterator[str]:
    """Money moved, refused and approved; the count with every tender, its difference, and the closed shift."""
    hand.sign_in()
    hand.shop.hire(MANAGER, {"cash_difference"})
    for kind in TENDER_KINDS:
        hand.tap("product_3", f"tender_{kind}", "confirm")
        hand.wait(screen="result")
        hand.key("Return")
        hand.wait(screen="checkout")
    yield from moving_money(hand)
    hand.tap("nav_checkout", "product_0", "hold", "product_1", "nav_shift", "shift_close")
    hand.wait(visible="count_cash")
    yield "blind count"
    hand.shop.go_offline(86_400 * 3)
    for kind in TENDER_KINDS:
        hand.type(f"count_{kind}", "123456.78")
    yield "counted"
    hand.tap("confirm")
    hand.wait(visible="count_again")
    yield "difference"
    hand.tap("reason_float_wrong", "confirm")
    hand.wait(visible="approval_field")
    yield "difference to be approved"
    for tried, pin in enumerate((PIN, *["111111"] * 5)):
        hand.type("approval_field", pin)
        hand.key("Return")
        hand.idle()
        if tried in (0, 1, 5):
            yield f"not approved, try {tried}"
    hand.shop.clock.pass_by(60)
    hand.shell.window.tick()
    hand.shop.till.live.printer = "paper_out"
    hand.type("approval_field", MANAGER)
    hand.key("Return")
    hand.wait(visible="ended_title")
    hand.shop.paper(hand.text("slip_0_number"), "not_printed", "paper_out")
    yield "closed"
    hand.shop.paper(hand.text("slip_0_number"), "unknown")
    hand.wait(visible="slip_0_missing")
    yield "closed, report unknown"


def moving_money(hand: Hand) -> Iterator[str]:
    """Every form, a refusal, a PIN, and what was recorded, by somebody who counts blind and somebody who does not."""
    hand.key("F11")
    hand.wait(visible="shift_blind")
    yield "blind shift"
    for move in CASH_MOVES:
        hand.tap(f"move_{move}")
        yield f"form of {move}"
    hand.tap("move_safe_drop")
    hand.type("move_field", "99999")
    hand.tap("reason_bank", "confirm")
    hand.wait(visible="notice_title")
    yield "too much"
    hand.tap("move_paid_out")
    hand.type("move_field", "123.45")
    hand.tap("reason_correction", "confirm")
    hand.wait(visible="approval_field")
    yield "movement to be approved"
    hand.tap("approval_back", "move_paid_in")
    hand.type("move_field", "123456.78")
    hand.tap("reason_correction", "confirm")
    hand.wait(visible="move_done_title")
    yield "money moved"
    for pin in (MANAGER, PIN):
        hand.tap("nav_lock")
        hand.wait(screen="sign_in")
        hand.type("pin_field", pin)
        hand.key("Return")
        hand.wait(screen="checkout")
        hand.key("F11")
        hand.wait(visible="x_float" if pin == MANAGER else "shift_blind")
        yield f"sums of the shift for {pin}"


def looking_at_orders(hand: Hand) -> Iterator[str]:
    """Every state of the orders: none, a full day, one of each kind, found and not found, copies, a PIN, no network."""
    hand.sign_in()
    hand.key("F7")
    hand.wait(visible="orders_empty")
    yield "no orders"
    a_busy_day(hand)
    hand.wait(visible="order_5")
    yield "a day of orders"
    hand.tap("order_0")
    hand.wait(visible="order_title")
    yield "the drawer's money"
    hand.tap("orders_kind_redemption")
    hand.idle()
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_evidence")
    hand.until(lambda: hand.find("order_paper").height() > 0)
    yield "a redemption with two slips"
    hand.tap("orders_kind_sale")
    hand.idle()
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_back_0")
    yield "a sale of which something came back"
    number = hand.text("order_number")
    hand.shop.paper(number, "printed")
    hand.tap("order_reprint")
    hand.wait(visible="order_notice_title")
    yield "reprinted"
    hand.shop.paper(number, "unknown")
    hand.wait(visible="slip_1_missing")
    yield "a copy nobody knows about"
    hand.tap("order_back_0")
    hand.wait(visible="order_original")
    yield "its refund"
    hand.type("orders_box", "TP.BCN9T09.000001")
    hand.tap("orders_find")
    hand.wait(visible="orders_notice_title")
    yield "another till's slip"
    hand.type("orders_box", "6021")
    hand.key("Return")
    hand.wait(visible="order_0", hidden="orders_notice_title")
    yield "a member's orders"
    hand.type("orders_box", "0000")
    hand.key("Return")
    hand.wait(visible="orders_empty")
    yield "nothing of this member"
    hand.tap("orders_clear", "orders_day_before")
    hand.wait(visible="orders_empty")
    yield "an empty day"
    hand.tap("orders_all_days")
    hand.idle()
    hand.wait(visible="order_0")
    yield "all days"
    yield from orders_in_trouble(hand)
    yield from what_they_did_before(hand)


def what_they_did_before(hand: Hand) -> Iterator[str]:
    """A member found by phone: who they are is to be looked at; what they did here, today and before, and nothing."""
    hand.tap("nav_checkout")
    hand.type("scan_box", PEOPLE[0][1])
    hand.key("Return")
    hand.wait(visible="member_sure")
    yield "found by phone"
    hand.tap("member_recent")
    hand.wait(visible="recent_0")
    yield "recent use"
    hand.shop.clock.pass_by(86_400)
    hand.tap("member_recent", "member_recent")
    hand.idle()
    yield "recent use of yesterday"
    hand.scan(3)
    hand.tap("member_recent")
    hand.wait(visible="recent_empty")
    yield "no recent use"
    hand.shop.clock.pass_by(-86_400)
    hand.tap("member_change")
    hand.key("F7")
    hand.wait(screen="orders")
    hand.idle()


def orders_in_trouble(hand: Hand) -> Iterator[str]:
    """Held, without a network, and a reprint that a colleague has to approve."""
    hand.shop.acknowledge(5, "held", "uses_per_day_exceeded")
    hand.shop.go_offline()
    hand.tap("orders_kind_redemption")
    hand.idle()
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_told")
    yield "held, no network"
    hand.tap("orders_kind_sale")
    hand.idle()
    hand.wait(visible="order_0")
    hand.tap("order_0")
    hand.wait(visible="order_told")
    yield "not sent, no network"
    hand.shop.hire(MANAGER, {"reprint"})
    hand.shop.dismiss()
    hand.shop.paper(hand.text("order_number"), "printed")
    hand.bot.wait(int(SETTLE_SECONDS * 1000) + 20)
    hand.tap("order_reprint")
    hand.wait(visible="approval_field")
    yield "reprint to be approved"
    hand.tap("approval_back", "nav_more")
    hand.wait(screen="more")
    yield "more"


def a_busy_day(hand: Hand) -> None:
    """One of everything: a redemption with add-ons, a pass, a top-up, a charge, a sale and what came back of it."""
    till = hand.shop.till
    view = find_member.by_phone(till, PEOPLE[0][1])[0]
    best = view.passes[0]
    basket = add_product(Basket(member=view.member, held=best.held, plan=best.plan), uid(0xE00))
    basket = add_add_on(add_add_on(basket, 0, uid(0xA0)), 0, uid(0xA3))
    due = quote.quote_basket(till, basket).due_minor
    redeem.redeem(till, basket, [Tender("cash", due, due)] if due else [], None)
    plan = till.journal.catalogue.plans[uid(0xF00)]
    sell_pass.sell_pass(till, view.member, plan, [Tender("bizum", 15_000, 15_000)])
    top_up.top_up(till, view.member, top_up.offer(till, 10_000), [Tender("cash", 10_000, 10_000)])
    goods = add_product(Basket(), uid(0xE02))
    charge.charge(till, goods, charge.offer(till, goods, short_code(1)))
    sell_three(hand)
    sale = refundable.recent(till)[0]
    refund_order.refund_order(till, sale.fact_id or "", [2], "product_fault")
    cash.move_cash(till, "paid_in", 5_000, "change")
    hand.shop.till.notify(Changes(facts=True))


def pairing_a_till(hand: Hand) -> Iterator[str]:
    """The code, wrong and right; the check while nothing is there, when all is, and later without a network."""
    hand.wait(screen="pair")
    yield "unpaired"
    hand.type("pair_code", "BADCODE1")
    hand.key("Return")
    hand.wait(visible="pair_notice_title")
    yield "wrong code"
    hand.shop.till.live.printer = "none"
    hand.type("pair_code", "GOODCODE")
    hand.tap("pair_submit")
    hand.wait(screen="first_check")
    yield "check, catalogue on its way"
    hand.shop.seed()
    hand.shop.loaded()
    hand.shop.till.live.printer = "ready"
    hand.shell.scanner.take(Scan(short_code(1), QR_FORMAT, ScanSource.CAMERA, "camera", 0.0))
    hand.idle()
    hand.shell.window.tick()
    yield "check, all well"
    hand.tap("check_go")
    hand.sign_in()
    hand.shop.go_offline(86_400 * 3)
    hand.shop.till.live.printer = "paper_out"
    hand.shell.scanner._show_state("lost")
    hand.tap("nav_more", "nav_checks")
    hand.idle()
    yield "check, nothing well"
    hand.shell.scanner.take(Scan("8412345678905 and more than fits", QR_FORMAT, ScanSource.CAMERA, "camera", 0.0))
    yield "check, another code"


def setting_up_scanners(hand: Hand) -> Iterator[str]:
    """The scanner screen: nothing tried yet, every judgement, ports that are not there, the sheet and what printed."""
    hand.sign_in()
    hand.tap("nav_more")
    yield "more with scanners"
    hand.tap("nav_scanner")
    hand.wait(screen="scanner", visible="trial_code_1")
    yield "nothing tried"
    ours, theirs = TEST_CODES
    for text, ending, speed in (
        (ours, "enter", 4),
        (ours, "none", 9),
        (ours, "enter", 30),
        (ours[:30], "tab", 9),
        (f"]Q1{ours}", "enter", 9),
        *((code.translate(table), "enter", 9) for table in LAYOUTS.values() for code in TEST_CODES),
        (theirs.swapcase(), "enter", 9),
        (theirs.replace("-", "+").replace("/", "#"), "enter", 9),
        ("https://example.com/a/page/of/some/length?with=1", "enter", 9),
    ):
        hand.shell.wedge.typed.emit(Burst(text, ending, speed, False))
        yield f"tried {text[:9]} {ending} {speed}".replace("/", "")
    hand.tap("prefix_1")
    hand.shell.wedge.typed.emit(Burst(ours, "enter", 9, False))
    yield "prefix missing"
    hand.shell.scanner.take(Scan(ours, QR_FORMAT, ScanSource.CAMERA, "zxing", 5.0))
    hand.shell.window.interior.scanners.port_wanted.emit("/dev/ttyACM9")  # type: ignore[union-attr]
    hand.tap("ports_again")
    hand.wait(text=["port_state", hand.shell.window.say("hand.lost", port="ttyACM9")])
    hand.shell.scanner.hand.refused.emit("not_text")
    yield "port lost, garbage"
    hand.tap("sheet_show")
    hand.wait(visible="sheet_print")
    hand.until(lambda: hand.find("sheet_paper").height() > 0)
    yield "the sheet"
    hand.shop.till.live.printer = "paper_out"
    hand.shop.page_outcome = JobOutcome("not_printed", "paper_out")
    hand.tap("sheet_print")
    hand.wait(visible="sheet_notice_title")
    yield "the sheet not printed"


def setting_up_a_printer(hand: Hand) -> Iterator[str]:
    """The printer's screen: nothing found, one of each kind, a port that is denied, a page that fails, one given."""
    hand.sign_in()
    found = [
        FoundPrinter("usb:///dev/usb/lp0", "usb", "EPSON TM-T20III"),
        FoundPrinter("serial:///dev/ttyUSB7?baud=19200", "serial", "FT232R USB UART"),
        FoundPrinter("spooler://Bar", "spooler", "Bar"),
        FoundPrinter("tcp://192.168.1.50", "network", "", answers=True),
        FoundPrinter("tcp://192.168.1.51", "network", "", answers=False),
    ]
    with patch.object(printers, "local_hosts", tuple), patch.object(printers, "attached", list):
        hand.tap("nav_more", "nav_printer")
        hand.wait(screen="printer", visible="printers_empty")
        yield "no printer found"
    live, prints = hand.shop.till.live, hand.shop.prints
    with patch.object(printers, "local_hosts", tuple), patch.object(printers, "attached", lambda: found):
        hand.tap("printers_again")
        hand.wait(visible="found_4")
    hand.tap("found_1")
    yield "printers found"
    hand.tap("printer_use")
    hand.until(lambda: live.printer_address == found[1].address)
    prints.tick()
    hand.wait(visible="speed_9600")
    yield "port not there"
    hand.tap("printer_test")
    while hand.text("printer_notice_title") == hand.shell.window.say("printers.testing"):
        prints.tick()
    hand.wait(visible="printer_notice_detail")
    live.printer_detail = "device_denied"
    hand.shell.window.tick()
    yield "page not printed, port denied"
    hand.type("printer_box", "no such thing")
    hand.tap("printer_enter", "paper_32")
    live.printer, live.printer_detail = "ready", "paper_low"
    hand.shell.window.tick()
    yield "wrong address, narrow paper, running low"
    screen = hand.shell.window.interior.printer  # type: ignore[union-attr]
    screen.till = replace(screen.till, options=replace(screen.till.options, printer=found[1].address))
    live.printer, live.printer_detail = "offline", "answer_invalid"
    hand.tap("printer_notice_close")
    hand.shell.window.tick()
    hand.wait(visible="printer_fixed_title")
    yield "printer given at the start"


def training(hand: Hand) -> Iterator[str]:
    """The way in, every kind of screen with the bar of training above it, and the way back."""
    hand.sign_in()
    hand.tap("product_0", "nav_more", "nav_training")
    hand.wait(visible="training_begin")
    yield "before training"
    hand.tap("training_begin")
    hand.wait(screen="sign_in", visible="chip_leave")
    yield "sign in to train"
    hand.type("pin_field", CASHIER_PIN)
    hand.key("Return")
    hand.wait(screen="open_shift")
    yield "open shift in training"
    hand.type("float_field", "100")
    hand.key("Return")
    hand.wait(screen="checkout")
    yield "empty counter in training"
    hand.tap("nav_more", "nav_training")
    hand.wait(visible="practice_4")
    yield "members to practise with"
    hand.tap("training_reset")
    yield "sure to empty"
    hand.tap("practice_1")
    hand.wait(visible="pass_1")
    hand.tap("product_0", "add_on_0", "add_on_3")
    yield "practice redemption"
    hand.tap("confirm")
    hand.wait(screen="result")
    yield "practised"
    hand.key("F7")
    hand.wait(visible="order_0")
    yield "orders of training"
    hand.tap("nav_more", "nav_outbox")
    hand.wait(visible="fact_0")
    yield "outbox of training"
    hand.tap("chip_leave")
    hand.wait(screen="sign_in", hidden="chip_leave")
    yield "sign in after training"

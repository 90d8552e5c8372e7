"""After an action: its paper as it comes, and what to do when nobody knows."""

import pytest

from tests.pos_app.ui.hand import Hand

VR = "VR.SZ1T03.000001"


@pytest.fixture
def redeemed(hand: Hand) -> Hand:
    """One free redemption done."""
    hand.scan(1)
    hand.tap("product_0", "confirm")
    hand.wait(screen="result", visible="slip_0_state")
    return hand


def test_the_paper_is_followed_live(redeemed: Hand) -> None:
    assert redeemed.text("slip_0_number") == VR
    for state, said in (("sending", "打印中"), ("printed", "已打印")):
        redeemed.shop.paper(VR, state)
        redeemed.wait(text=["slip_0_state", said])


def test_a_slip_that_did_not_come_says_why_and_waits(redeemed: Hand) -> None:
    redeemed.shop.till.live.printer = "paper_out"
    redeemed.shop.paper(VR, "not_printed", "paper_out")
    redeemed.wait(text=["slip_0_state", "未打印"], header={"printer": "缺纸"})
    redeemed.wait(text=["printer_notice_detail", "请装入纸卷"])
    redeemed.shop.till.live.printer = "ready"
    redeemed.shop.paper(VR, "printed")
    redeemed.wait(hidden="printer_notice_detail")


def test_an_unknown_slip_asks_and_believes_the_cashier(redeemed: Hand) -> None:
    redeemed.shop.paper(VR, "unknown")
    redeemed.wait(visible="slip_0_printed")
    redeemed.tap("slip_0_printed")
    redeemed.wait(text=["slip_0_state", "已打印"])
    assert [row.kind for row in redeemed.shop.facts()] == ["ShiftOpened", "PassRedeemed"]


def test_an_unknown_slip_is_printed_again_only_when_asked_and_as_a_copy(redeemed: Hand) -> None:
    redeemed.shop.paper(VR, "unknown")
    redeemed.wait(visible="slip_0_missing")
    redeemed.tap("slip_0_missing")
    redeemed.wait(visible="slip_1_state")
    assert [row.kind for row in redeemed.shop.facts()][-1] == "SlipReprinted"
    papers = redeemed.shop.facts()[-1].slips
    assert [slip.copy for slip in papers] == [1]
    assert not redeemed.sees("slip_0_missing")


def test_a_scan_goes_on_with_the_next_member(redeemed: Hand) -> None:
    redeemed.scan(3)
    assert redeemed.state()["screen"] == "checkout"


@pytest.mark.req("C06")
def test_what_is_printed_is_seen_as_paper_even_when_the_printer_is_out(redeemed: Hand) -> None:
    redeemed.shop.paper(VR, "not_printed", "paper_out")
    redeemed.wait(visible=f"paper_{VR}")
    paper = redeemed.find(f"paper_{VR}")
    assert VR in paper.accessibleDescription()
    redeemed.shop.paper(VR, "printed")
    redeemed.wait(text=["slip_0_state", "已打印"], visible=f"paper_{VR}")

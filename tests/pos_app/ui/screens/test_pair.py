"""Pairing: the code from HQ, and the window that opens after it."""

import pytest

from tests.pos_app.ui.conftest import Open


def test_a_wrong_code_is_said_and_a_good_one_opens_the_sign_in(open_window: Open) -> None:
    hand = open_window(paired=False)
    hand.wait(screen="pair", hidden="nav_checkout")
    assert hand.text("pair_server") == "https://tills.example.com"
    hand.type("pair_code", "BADCODE1")
    hand.key("Return")
    hand.wait(text=["pair_notice_title", "配对码不对"])
    hand.type("pair_code", "good-code")
    hand.tap("pair_submit")
    hand.wait(screen="first_check")
    hand.tap("check_go")
    hand.wait(screen="sign_in", header={"store": "星河茶乐园"}, text=["sign_in_notice_title", "正在从总部下载数据"])
    hand.shop.seed()
    hand.shell.window.tick()
    hand.wait(hidden="sign_in_notice_title")
    hand.sign_in()


def test_both_fields_are_needed(open_window: Open) -> None:
    hand = open_window(paired=False)
    hand.wait(screen="pair")
    assert not hand.find("pair_submit").isEnabled()
    hand.type("pair_code", "GOODCODE")
    assert hand.find("pair_submit").isEnabled()
    hand.type("pair_server", " ")
    assert not hand.find("pair_submit").isEnabled()


@pytest.mark.parametrize(
    "address",
    ["https://", "http:// x", "ftp://x", "a b", "https://user:secret@tills.example.com", "a..b", "https://x:99999"],
)
def test_what_is_no_address_is_said_and_nothing_is_asked(open_window: Open, address: str) -> None:
    hand = open_window(paired=False)
    hand.wait(screen="pair")
    hand.type("pair_server", address)
    hand.type("pair_code", "good-code")
    hand.tap("pair_submit")
    hand.wait(text=["pair_notice_title", "这不是服务器地址"])
    assert hand.shop.journal.identity is None


@pytest.mark.parametrize(
    "typed", ["tills.example.com/", "https://tills.example.com/admin", "tills.example.com/m/t/SZ1T01"]
)
def test_who_leaves_the_scheme_out_or_gives_a_page_means_the_server(open_window: Open, typed: str) -> None:
    hand = open_window(paired=False)
    hand.wait(screen="pair")
    hand.type("pair_server", typed)
    hand.type("pair_code", "good-code")
    hand.tap("pair_submit")
    hand.wait(screen="first_check")
    assert hand.shop.journal.require_identity().server_url == "https://tills.example.com"

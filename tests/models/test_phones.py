"""One form for every phone number, however and wherever it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.phones import calling_code_in, e164, is_number, is_same, mask_phone, older_forms, plain_digits, tail
from models.refusals import Refusal

LUCIA, LIN = "+34600111011", "+8613800126021"
BARCELONA, SHENZHEN = calling_code_in("Europe/Madrid"), calling_code_in("Asia/Shanghai")


@pytest.mark.parametrize(
    ("place", "typed", "expected"),
    [
        *((BARCELONA, typed, LUCIA) for typed in (
            "600111011", "600 111 011", "600-111-011", "600.111.011", "600/111/011", " 600111011 ", "34600111011",
            "+34600111011", "+34 600 11 10 11", "(+34) 600111011", "0034600111011", "00 34 600 111 011",
            "６００１１１０１１", "＋３４　６００１１１０１１", "٦٠٠١١١٠١١",
            "600\u00a0111\u2011011", "\u202a+34600111011\u202c",
        )),
        *((SHENZHEN, typed, LIN) for typed in (
            "13800126021", "138 0012 6021", "8613800126021", "+8613800126021", "0086 138 0012 6021", "013800126021",
            "１３８００１２６０２１", "（+86）138－0012－6021", "[86] 138 0012 6021",
        )),
        (SHENZHEN, "+34 600 111 011", LUCIA),
        (BARCELONA, "0086-13800126021", LIN),
        ("", "+34600111011", LUCIA),
        (SHENZHEN, "0755 8888 6666", "+8675588886666"),
        (SHENZHEN, "010 6234 5678", "+861062345678"),
        (BARCELONA, "+33 (0)6 12 34 56 78", "+33612345678"),
        (BARCELONA, "+33612345678", "+33612345678"),
        (calling_code_in("Europe/Paris"), "06 12 34 56 78", "+33612345678"),
        (calling_code_in("Europe/Rome"), "06 1234 5678", "+390612345678"),
        (BARCELONA, "+1 415 555 2671", "+14155552671"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_number(place: str, typed: str, expected: str) -> None:
    assert e164(typed, place) == expected
    assert e164(expected, place) == expected
    assert is_number(typed)


@pytest.mark.parametrize(
    ("place", "typed"),
    [
        *((BARCELONA, typed) for typed in (
            "", " ", "+", "60011101", "6001110111", "100111011", "+3460011101", "+346001110111", "13800126021",
            "0612345678", "33612345678", "6001110x1", "600111011\0", "6001110¹¹", "600①11011", "📱600111011",
            "600111011📱", "+600111011", "34+600111011", "++34600111011", "+0034600111011", "1" * 41,
            "6\u0301" + "0" * 8,
        )),
        *((SHENZHEN, typed) for typed in (
            "880001", "1380012602", "138001260210", "600111011x", "+86138001260", "+8526001360", "8613800126",
        )),
        ("", "600111011"),
        ("", "34600111011"),
        (BARCELONA, "+123456"),
        (BARCELONA, "+1234567890123456"),
    ],
)  # fmt: skip
def test_what_is_no_number_here(place: str, typed: str) -> None:
    with pytest.raises(Refusal, match="phone_invalid"):
        e164(typed, place)


@given(typed=st.text(max_size=50), place=st.sampled_from(["34", "86", "39", ""]))
def test_whatever_is_typed_has_one_form_or_is_refused(typed: str, place: str) -> None:
    try:
        found = e164(typed, place)
    except Refusal:
        return
    assert e164(found, "") == found
    assert is_same(found, found, place)


def test_a_store_in_an_unknown_time_zone_has_no_country() -> None:
    assert calling_code_in("America/Montevideo") == ""


@pytest.mark.parametrize(
    ("typed", "expected"), [("6021", "6021"), ("６０２１", "6021"), ("60-21", "6021"), ("602", None), ("+6021", None)]
)
def test_the_last_four_digits(typed: str, expected: str | None) -> None:
    assert tail(typed) == expected


def test_digits_alone() -> None:
    assert plain_digits("８８ ０００１") == "880001"
    assert plain_digits("SZ1T03.000012") is None
    assert not is_number("AB 123")


def test_a_number_that_was_kept_before_is_the_same() -> None:
    assert older_forms(LIN) == ("8613800126021", "13800126021", "013800126021")
    assert is_same("13800126021", LIN, "86")
    assert is_same("13800126021", LIN, "34"), "no number of Spain: only theirs can be meant"
    assert is_same("8613800126021", LIN, "86")
    assert not is_same("600111011", "+86600111011", "34"), "a number of Spain, kept there"
    assert not is_same("13800126022", LIN, "86")


@pytest.mark.parametrize(
    ("phone", "masked"),
    [(LIN, "138****6021"), ("13800126021", "138****6021"), (LUCIA, "+34****1011"), ("+14155552671", "+14****2671"),
     ("600111", "****11"), ("", "****")],
)  # fmt: skip
def test_masks(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked

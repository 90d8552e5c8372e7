"""The field for an amount: nothing but an amount stands in it, in the language's writing."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.amount import AmountField


def made(bot: QtBot, language: str = "zh-CN", currency: str = "CNY") -> tuple[AmountField, list[object]]:
    field = AmountField("amount", Phrases(language, "Asia/Shanghai", currency), "Amount")
    bot.addWidget(field)
    told: list[object] = []
    field.changed.connect(told.append)
    return field, told


@pytest.mark.parametrize(
    ("typed", "shown", "minor"),
    [
        ("75", "75", 7_500),
        ("75.", "75.", 7_500),
        ("75.5", "75.5", 7_550),
        ("75,55", "75,55", 7_555),
        ("75.559", "", None),
        ("1.234", "", None),
        ("7-5e€ ", "75", 7_500),
        ("1.2.3", "", None),
        ("1.234,56", "1234.56", 123_456),
        ("1,234.5", "1234.5", 123_450),
        ("1.234.567,89", "1234567.89", 123_456_789),
        ("1,23.45", "", None),
        ("1.234,567.89", "", None),
        ("1.234,567", "", None),
        ("12,", "12,", 1_200),
        ("0", "0", 0),
        (".", ".", None),
        ("x", "", None),
        ("", "", None),
        ("99999999999", "999999999", 99_999_999_900),
        ("٣", "", None),
    ],
)
@pytest.mark.parametrize("before", ["1", "20000", "1234.05"])
def test_what_is_pasted(qtbot: QtBot, before: str, typed: str, shown: str, minor: int | None) -> None:
    field, told = made(qtbot)
    field.setText(before)
    field.selectAll()
    field.insert(typed) if typed else field.clear()
    assert (field.text(), told[-1]) == (shown, minor)


@pytest.mark.parametrize(("keys", "shown"), [("75.559", "75.55"), ("1.234", "1.23"), ("1.2.3", "1.23")])
def test_what_is_typed_key_by_key(qtbot: QtBot, keys: str, shown: str) -> None:
    field, _ = made(qtbot)
    QTest.keyClicks(field, keys)
    assert field.text() == shown


@pytest.mark.parametrize(("language", "shown"), [("zh-CN", "1234.05"), ("en", "1234.05"), ("es-ES", "1234,05")])
def test_a_proposed_amount_is_not_told_and_gives_way_to_the_next_digit(qtbot: QtBot, language: str, shown: str) -> None:
    field, told = made(qtbot, language, "EUR")
    field.show_amount(123_405)
    assert (field.text(), told) == (shown, [])
    field.insert("8")
    assert (field.text(), told) == ("8", [800])
    field.show_amount(None)
    assert (field.text(), told) == ("", [800])

"""The player: one answer a command, nothing a person could not do."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import pos_app.ui.player as player_module
from pos_app.till.orders import PAGE
from pos_app.till.values import Changes
from pos_app.ui.messages import Message
from pos_app.ui.player import NotPlayable, Player
from tests.pos_app.ui.conftest import Open
from tests.pos_app.ui.hand import Hand
from tests.pos_app.ui.tour import (
    a_shift_to_its_end,
    looking_at_orders,
    nobody_there,
    pairing_a_till,
    sell_three,
    setting_up_scanners,
    through_the_day,
)


class Stdin:
    """A pipe with lines to obey, and the answers that came."""

    def __init__(self, hand: Hand) -> None:
        reading, writing = os.pipe()
        self._in = os.fdopen(reading, encoding="utf-8")
        self._out = os.fdopen(writing, "w", encoding="utf-8")
        self.answers = io.StringIO()
        self.hand = hand
        self.player = Player(hand.shell.window, self._in, self.answers)
        self.player.start()

    def say(self, *lines: dict[str, Any] | str) -> list[dict[str, Any]]:
        """Send commands; returns their answers."""
        before = len(self.answers.getvalue().splitlines())
        for line in lines:
            self._out.write((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n")
        self._out.flush()
        self.hand.until(lambda: len(self.answers.getvalue().splitlines()) == before + len(lines))
        return [json.loads(line) for line in self.answers.getvalue().splitlines()[before:]]

    def close(self) -> None:
        """End of the commands; the window closes, as it does when whoever plays it is gone."""
        self._out.close()
        self.hand.until(lambda: not self.hand.shell.window.isVisible())
        self._in.close()


def test_a_shift_is_played_over_a_pipe(hand: Hand, tmp_path: Path) -> None:
    pipe = Stdin(hand)
    shot = tmp_path / "shot.png"
    answers = pipe.say(
        {"do": "type", "name": "scan_box", "text": "13812346021"},
        {"do": "key", "key": "Return"},
        {"do": "wait", "for": {"text": ["member_name", "王小雨"]}, "seconds": 5},
        {"do": "tap", "name": "product_0"},
        {"do": "wait", "for": {"enabled": "confirm", "header": {"network": "在线"}}},
        {"do": "screenshot", "path": str(shot)},
        {"do": "tap", "name": "confirm"},
        {"do": "wait", "for": {"screen": "result", "visible": "result_title"}, "seconds": 5},
        {"do": "state"},
    )
    assert [answer["ok"] for answer in answers] == [True] * 9
    assert answers[-1]["screen"] == "result"
    assert answers[-1]["texts"]["result_title"] == "已核销 1 次"
    assert answers[-1]["header"]["shift"] == "班次进行中"
    assert shot.stat().st_size > 10_000
    pipe.close()


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "5", '"tap"', "{}", '{"do": "fly"}', '{"do": "tap"}', '{"do": "tap", "name": "nowhere"}',
        '{"do": "key", "key": "NoSuchKey"}', '{"do": "key", "key": "Hyper+A"}', '{"do": "wait"}',
        '{"do": "wait", "for": {"screen": "nowhere"}, "seconds": 0.1}', '{"do": "wait", "for": {"smell": "tea"}}',
        '{"do": "wait", "for": {"header": {"no chip": "x"}}}', '{"do": "screenshot", "path": "/no/such/dir/x.png"}',
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_answered_with_an_error(hand: Hand, line: str) -> None:
    pipe = Stdin(hand)
    (answer,) = pipe.say(line)
    assert answer["ok"] is False
    assert answer["error"]
    assert pipe.say({"do": "state"})[0]["ok"]
    pipe.close()


def test_a_widget_that_is_covered_disabled_or_hidden_cannot_be_tapped(hand: Hand) -> None:
    for name, why in (("confirm", "disabled"), ("tender_cash", "not visible")):
        with pytest.raises(NotPlayable, match=why):
            hand.tap(name)
    hand.shell.window.show_crash(hand.shell.crashes.report(ValueError()))
    hand.bot.wait(20)
    with pytest.raises(NotPlayable, match="behind crash_dialog"):
        hand.tap("product_0")
    hand.tap("crash_close")


def test_a_pin_is_never_told(hand: Hand) -> None:
    hand.key("Ctrl+L")
    hand.wait(screen="sign_in")
    hand.type("pin_field", "2468")
    assert "2468" not in json.dumps(hand.state())


def test_every_object_name_that_is_promised_is_met_on_a_through_the_day(open_window: Open) -> None:
    promised = (player_module.__doc__ or "").split("Object names, stable:\n")[1].split("`<n>`")[0]
    names = [name for line in promised.splitlines() for name in line[17:].split() if name != "·"]
    hand = open_window(paired=False)
    met: set[str] = set()
    for _ in pairing_a_till(hand):
        met |= set(hand.state()["visible"])
    hand.idle()
    hand.bot.wait(1)
    hand.shell.window.close()
    hand = open_window()
    for _ in through_the_day(hand):
        met |= set(hand.state()["visible"])
    hand.shell.window.close()
    hand = open_window()
    hand.sign_in()
    for _ in nobody_there(hand):
        met |= set(hand.state()["visible"])
    hand.shell.window.close()
    hand = open_window()
    for _ in a_shift_to_its_end(hand):
        met |= set(hand.state()["visible"])
    hand.shell.window.close()
    hand = open_window()
    for _ in setting_up_scanners(hand):
        met |= set(hand.state()["visible"])
    hand.shell.window.close()
    hand = open_window()
    for _ in looking_at_orders(hand):
        met |= set(hand.state()["visible"])
    for _ in range(PAGE):
        sell_three(hand)
    hand.shop.till.notify(Changes(facts=True))
    hand.key("F7")
    hand.wait(visible="orders_older")
    met |= set(hand.state()["visible"])
    hand.shell.window.show_crash(Message("bad", "x", "y"))
    met |= set(hand.state()["visible"])
    hand.tap("crash_close")
    missing = [name for name in names if not any(_pattern(name).fullmatch(seen) for seen in met)]
    assert len(names) > 80
    assert not missing, " ".join(missing)


def _pattern(name: str) -> re.Pattern[str]:
    known = re.escape(name).replace("<n>", "[0-9]+").replace("0…9", "[0-9]").replace("…", ".*")
    return re.compile(re.sub("<[a-z_]+>", ".+", known))

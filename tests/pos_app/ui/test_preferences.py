"""The cashier's choices, kept or quietly lost."""

import json
from pathlib import Path

import pytest

from pos_app.ui.preferences import Preferences, load, save


def test_what_was_saved_is_read(tmp_path: Path) -> None:
    assert save(tmp_path, Preferences("en", "1"))
    assert load(tmp_path) == Preferences("en", "1")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"language": 5, "camera": null}', "\x00\xff"])
def test_a_file_that_makes_no_sense_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "window.json").write_text(content, encoding="utf-8")
    assert load(tmp_path) == Preferences()


@pytest.mark.parametrize("camera", ["front", "-1", "²", "1000", "http://camera", ""])
def test_what_is_no_choice_counts_as_none(tmp_path: Path, camera: str) -> None:
    (tmp_path / "window.json").write_text(json.dumps({"language": "de", "camera": camera, "theme": "dark"}))
    assert load(tmp_path) == Preferences(theme="dark")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert not save(tmp_path / "gone", Preferences("en"))
    assert load(tmp_path / "gone") == Preferences()

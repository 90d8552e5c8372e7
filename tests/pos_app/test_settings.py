"""Settings: flags over environment over defaults, and what does not fit."""

from pathlib import Path

import pytest

from pos_app.settings import SettingInvalid, Settings, read_settings


def test_defaults_need_nothing() -> None:
    assert read_settings({}, {}) == Settings()
    assert Settings().window_size == (1366, 768)


def test_flags_win_over_the_environment() -> None:
    environment = {"TILLKEEPER_DATA": "/srv/till", "TILLKEEPER_LANGUAGE": "es-ES", "TILLKEEPER_PRINTER": ""}
    found = read_settings({"language": "en", "printer": None}, environment)
    assert (found.data_dir, found.language, found.printer) == (Path("/srv/till"), "en", None)


@pytest.mark.parametrize(
    "printer",
    [
        "tcp://10.0.0.5:9100",
        "tcp://printer",
        "tcp://[::1]:9100",
        "usb:///dev/usb/lp0",
        "serial:///dev/ttyUSB0?baud=9600&flow=xon",
        "spooler://Bar_1",
        "file:///var/slips",
        "none",
    ],
)
def test_printers(printer: str) -> None:
    assert read_settings({"printer": printer}, {}).printer == printer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("printer", "usb"),
        ("printer", "tcp://"),
        ("printer", "tcp://host:port"),
        ("printer", "file://folder"),
        ("printer", "serial:///dev/ttyUSB0?baud=fast"),
        ("camera", "front"),
        ("language", "fr"),
        ("key_storage", "tpm"),
        ("window", "wide"),
        ("window", "100x100"),
        ("window", "1366x"),
        ("server_url", "tills.example.com"),
        ("server_url", "ftp://tills.example.com"),
        ("server_url", "http://"),
        ("server_url", "http://host:99999"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as error:
        read_settings({name: value}, {})
    assert value in str(error.value)
    assert error.value.expected


def test_full_screen_has_no_size() -> None:
    assert read_settings({"window": "fullscreen"}, {}).window_size is None

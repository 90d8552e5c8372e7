"""One code held up is one scan, and a linear code is believed only after a second look."""

import pytest

from pos_app.devices.scans import REPEAT_SECONDS, Scan, ScanFilter, ScanSource


def seen(text: str = "TK1.A", code_format: str = "QRCode", source: ScanSource = ScanSource.CAMERA) -> Scan:
    return Scan(text, code_format, source, "zxing-cpp", 1.0)


def known(_text: str) -> bool:
    return True


@pytest.mark.req("C04")
def test_a_code_in_view_is_one_scan_however_long_it_stays() -> None:
    scan_filter = ScanFilter(known)
    times = [tenth / 10 for tenth in range(100)]
    assert [at for at in times if scan_filter.accept(seen(), at)] == [0.0]


def test_a_code_that_was_away_long_enough_is_a_new_scan() -> None:
    scan_filter = ScanFilter(known)
    assert scan_filter.accept(seen(), 0.0)
    assert not scan_filter.accept(seen(), 1.0)
    assert not scan_filter.accept(seen(), 1.0 + REPEAT_SECONDS - 0.01)
    assert scan_filter.accept(seen(), 2.49 + REPEAT_SECONDS)


def test_another_code_passes_at_once() -> None:
    scan_filter = ScanFilter(known)
    assert scan_filter.accept(seen("A"), 0.0)
    assert scan_filter.accept(seen("B"), 0.1)
    assert not scan_filter.accept(seen("A"), 0.2)


def test_the_same_text_in_another_kind_of_code_is_another_scan() -> None:
    scan_filter = ScanFilter(known)
    assert scan_filter.accept(seen("4006381333931"), 0.0)
    assert not scan_filter.accept(seen("4006381333931", "EAN13"), 0.1)  # first look
    assert scan_filter.accept(seen("4006381333931", "EAN13"), 0.2)


@pytest.mark.req("C04")
def test_a_linear_code_needs_two_agreeing_frames() -> None:
    scan_filter = ScanFilter(known)
    assert not scan_filter.accept(seen("4006381333931", "EAN13"), 0.0)
    assert not scan_filter.accept(seen("4006381333948", "EAN13"), 0.1)
    assert scan_filter.accept(seen("4006381333931", "EAN13"), 0.2)


def test_two_looks_too_far_apart_do_not_agree() -> None:
    scan_filter = ScanFilter(known)
    assert not scan_filter.accept(seen("4006381333931", "EAN13"), 0.0)
    assert not scan_filter.accept(seen("4006381333931", "EAN13"), REPEAT_SECONDS)
    assert scan_filter.accept(seen("4006381333931", "EAN13"), REPEAT_SECONDS + 0.1)


def test_a_linear_code_the_catalogue_does_not_know_never_passes() -> None:
    scan_filter = ScanFilter({"4006381333931"}.__contains__)
    assert not any(scan_filter.accept(seen("4006381333948", "EAN13"), at / 10) for at in range(10))
    assert not scan_filter.accept(seen("4006381333948", "EAN13", ScanSource.PICTURE), 2.0)
    assert scan_filter.accept(seen("4006381333931", "EAN13", ScanSource.PICTURE), 2.1)


def test_the_catalogue_is_not_asked_about_qr_codes() -> None:
    def ask(text: str) -> bool:
        raise AssertionError(text)

    assert ScanFilter(ask).accept(seen(), 0.0)


def test_old_codes_are_forgotten() -> None:
    scan_filter = ScanFilter(known)
    for number in range(10_000):
        scan_filter.accept(seen(str(number), "EAN13" if number % 2 else "QRCode"), number * 0.1)
    assert len(scan_filter._passed) + len(scan_filter._seen_once) < 40

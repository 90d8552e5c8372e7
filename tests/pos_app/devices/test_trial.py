"""What a test code tells: each way in which scanners are set up wrongly, named, and nothing else taken for it."""

import pytest

from pos_app.devices.scans import ScanSource
from pos_app.devices.trial import LAYOUTS, SLOW_MS, Arrival, Cause, Verdict, judge
from printing.scanner_sheet import PREFIX, TEST_CODES

pytestmark = pytest.mark.req("C11")
OURS, THEIRS = TEST_CODES


def typed(text: str, ending: str = "enter", speed: float = 4.0, prefixed: bool = False) -> Arrival:
    return Arrival(text, ScanSource.WEDGE, ending, speed, prefixed)


@pytest.mark.parametrize("code", TEST_CODES)
def test_a_scanner_that_is_set_up_well(code: str) -> None:
    for arrival in (typed(code), Arrival(code, ScanSource.SERIAL), Arrival(code, ScanSource.CAMERA)):
        verdict = judge(arrival, TEST_CODES)
        assert verdict == Verdict(arrival, Cause.GOOD, code)
        assert verdict.is_complete


@pytest.mark.parametrize(
    ("arrived", "code", "cause", "changed"),
    [
        ("Test'2026-abcÑXYZ?\"", THEIRS, Cause.LAYOUT_ES, {("-", "'"), ("/", "-"), (":", "Ñ"), ("_", "?"), ("@", '"')}),
        ("tEST-2026/ABC:xyz_@", THEIRS, Cause.CAPS_LOCK, None),
        (OURS.lower(), OURS, Cause.CAPS_LOCK, None),
        (OURS.translate(LAYOUTS["fr"]), OURS, Cause.LAYOUT_FR, None),
        ("à&é\"'(-è_çQBCDEFGHIJKL?NOPARSTUVZXYW:45", OURS, Cause.LAYOUT_FR, None),
        (OURS.translate(LAYOUTS["de"]), OURS, Cause.LAYOUT_DE, {("Y", "Z"), ("Z", "Y")}),
        ("Test+2026#abc*XYZ=@", THEIRS, Cause.LAYOUT_OTHER, {("-", "+"), ("/", "#"), (":", "*"), ("_", "=")}),
    ],
)
def test_changed_characters_are_named(
    arrived: str, code: str, cause: Cause, changed: set[tuple[str, str]] | None
) -> None:
    verdict = judge(typed(arrived), TEST_CODES)
    assert (verdict.cause, verdict.wanted, verdict.missing) == (cause, code, 0)
    assert not verdict.is_complete
    assert changed is None or set(verdict.changed) == changed
    assert verdict.changed


@pytest.mark.parametrize(
    ("arrival", "prefix", "cause", "missing", "extra"),
    [
        (typed(OURS, "none"), "", Cause.NO_ENDING, 0, 0),
        (typed(OURS, "tab"), "", Cause.GOOD, 0, 0),
        (typed(OURS, speed=SLOW_MS + 1), "", Cause.SLOW, 0, 0),
        (typed(OURS, speed=SLOW_MS + 1, prefixed=True), PREFIX, Cause.GOOD, 0, 0),
        (typed(OURS), PREFIX, Cause.NO_PREFIX, 0, 0),
        (Arrival(OURS, ScanSource.SERIAL), PREFIX, Cause.GOOD, 0, 0),
        (typed(PREFIX + OURS), "", Cause.EXTRA, 0, len(PREFIX)),
        (typed("]Q1" + OURS + "x"), "", Cause.EXTRA, 0, 4),
        (typed(OURS[:30]), "", Cause.CUT, 9, 0),
        (typed(OURS[7:]), "", Cause.CUT, 7, 0),
        (typed(OURS[:12] + OURS[15:]), "", Cause.CUT, 3, 0),
        (typed("1ABCDEFGHIJKLMNOPQRS"), "", Cause.CUT, 19, 0),
        (typed("8412345678905"), "", Cause.OTHER_CODE, 0, 0),
        (typed("https://example.com/very/long?x=1"), "", Cause.OTHER_CODE, 0, 0),
    ],
)
def test_what_is_missing_or_too_much(arrival: Arrival, prefix: str, cause: Cause, missing: int, extra: int) -> None:
    verdict = judge(arrival, TEST_CODES, prefix)
    assert (verdict.cause, verdict.missing, verdict.extra) == (cause, missing, extra)


def test_our_codes_arrive_whole_on_a_spanish_layout() -> None:
    """counter.md "Scanning": codes we print use only characters that are the same on it."""
    assert OURS.translate(LAYOUTS["es"]) == OURS
    assert judge(typed(OURS), TEST_CODES).cause is Cause.GOOD

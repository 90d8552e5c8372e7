"""Every word in three languages, with the same gaps to fill."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.handlers import HTTPRouteHandler

import pos_app.ui
import resources
from models.facts import KINDS
from models.refusals import CODES
from pos_app.errors import Trouble
from pos_app.ui.messages import refusal_words
from pos_app.ui.phrases import LANGUAGES, Phrases, linguist_file, load, parse
from sync_server.api import terminals
from tools.phrases import changed

UI = Path(pos_app.ui.__file__).parent
NOT_SEEN_AT_A_TILL = {
    "login_wrong", "login_locked", "csrf_wrong", "idempotency_key_missing", "external_order_used",
    "levels_overlap", "payment_unknown", "top_up_not_pending",
    "card_password_wrong", "card_password_locked", "not_admin", "last_admin", "already_member", "not_a_member",
    "tickets_insufficient", "units_insufficient", "reservation_unknown", "reservations_too_many",
    "terminal_forked",
    "adjustment_unknown", "adjustment_decided", "same_person", "review_unknown", "review_decided", "reason_missing",
    "held_unknown", "held_decided", "held_not_postable", "account_missing", "nothing_lost", "loss_unknown",
    "loss_settled", "granted_unknown", "refund_followed",
    "alarm_unknown", "alarm_closed", "policy_changed", "store_unknown", "bonus_rule_invalid",
    "phone_code_wrong", "phone_code_expired", "phone_code_too_soon", "phone_code_limit",
}  # fmt: skip
"""Refusals of HQ pages and of members' pages: a cashier reads them by their code (refusal.other)."""


def gaps(text: str) -> set[str]:
    """Names of the gaps in a phrase."""
    return set(re.findall(r"\{(\w+)\}", text))


def _bare(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def whole(language: str) -> dict[str, str]:
    """Phrases of a language without their forms for one."""
    return {key: text for key, text in load(language).items() if not key.endswith("#one")}


def test_all_languages_have_the_same_phrases() -> None:
    first = whole(LANGUAGES[0])
    for language in LANGUAGES[1:]:
        assert whole(language).keys() == first.keys()


def test_what_counts_has_the_plural_forms_of_its_language() -> None:
    counted = {language: {key for key in load(language) if key.endswith("#one")} for language in LANGUAGES}
    assert counted == {"zh-CN": set(), "es-ES": counted["en"], "en": counted["en"]}
    assert counted["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_qt_finds_nothing_unfinished(language: str, tmp_path: Path) -> None:
    told = _lrelease(resources.path(linguist_file(language)), tmp_path)
    assert f"({len(whole(language))} finished and 0 unfinished)" in told


def test_a_phrase_that_lacks_a_language_is_unfinished_and_reads_as_its_source(tmp_path: Path) -> None:
    text = resources.path(linguist_file("es-ES")).read_text(encoding="utf-8")
    lacking = tmp_path / "lacking.ts"
    lacking.write_text(changed(text, "es-ES", {"new": {"en": 'Ñ < & "new"'}}), encoding="utf-8")
    assert "1 unfinished" in _lrelease(lacking, tmp_path)
    assert parse(lacking.read_text(encoding="utf-8"))["new"] == 'Ñ < & "new"'
    assert changed(changed(text, "es-ES", {"new": {"en": "New", "es-ES": "Nuevo"}}), "es-ES", {"new": None}) == text


def _lrelease(path: Path, folder: Path) -> str:
    command = [str(Path(sys.executable).with_name("pyside6-lrelease")), str(path), "-qm", str(folder / "till.qm")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_have_the_same_gaps_in_every_language(language: str) -> None:
    known = load("en")
    for key, text in load(language).items():
        assert text.strip() == text != "", key
        assert gaps(text) == gaps(known[key]), key


def test_spanish_and_chinese_are_not_english() -> None:
    english = load("en")
    for language in ("zh-CN", "es-ES"):
        found = load(language)
        same = {key for key, text in found.items() if text == english[key] and re.search("[a-z]{4}", _bare(text))}
        assert {key.split(".")[0] for key in same} <= {"tender", "key"}, same


def test_every_phrase_named_in_the_code_exists() -> None:
    words = load("en")
    named = set()
    for file in UI.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:self\.|desk\.|[^.\w])say\(\s*"([^"]+)"', source))
        named |= {f"{family}.other" for family in re.findall(r'\bsay\.code\(\s*"([^"]+)"', source)}
        named |= set(re.findall(r'_(?:figure|title)\("([a-z_.]+)"', source))
    assert len(named) > 100
    assert named - words.keys() == set()


def test_every_refusal_a_cashier_can_meet_has_a_sentence_and_a_next_step() -> None:
    words = load("zh-CN")
    for code in CODES - NOT_SEEN_AT_A_TILL:
        assert f"refusal.{code}" in words, code
        assert f"refusal.{code}.next" in words, code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_that_a_server_may_answer_to_a_till_has_words(language: str) -> None:
    handlers = [one for one in vars(terminals).values() if isinstance(one, HTTPRouteHandler)]
    told = {
        code
        for handler in handlers
        for status, spec in (handler.responses or {}).items()
        if status != 200
        for code in spec.description.split(" · ")
    }
    # The till takes other codes for a server that is not there.
    heard = (told & CODES) | {"revocation_unproven"}
    assert {"key_unknown", "signature_invalid", "terminal_revoked", "revoked_queue_full", "content_differs"} < heard
    say = Phrases(language)
    for code in heard:
        assert say.has(f"refusal.{code}"), code
        assert say.has(f"refusal.{code}.next"), code
        assert code not in refusal_words(code, say), code


def test_every_trouble_of_the_journal_has_a_sentence() -> None:
    import pos_app.journal.errors  # noqa: F401, PLC0415

    words = load("zh-CN")
    for kind in Trouble.__subclasses__():
        if kind.__module__ == "pos_app.journal.errors":
            assert f"trouble.{kind.code}" in words


def test_every_kind_of_fact_has_a_name() -> None:
    assert {f"fact.{kind}" for kind in KINDS} <= load("es-ES").keys()


def test_one_is_not_many() -> None:
    say = Phrases("es-ES")
    assert (say("uses", n=1), say("uses", n=2), say("uses", n=0)) == ("1 uso", "2 usos", "0 usos")


def test_an_unknown_code_is_named_and_an_unknown_key_is_a_bug() -> None:
    say = Phrases("en")
    assert say.code("printer", "on_fire") == "State on_fire"
    with pytest.raises(KeyError):
        say("no.such.key")
    with pytest.raises(KeyError):
        Phrases("fr-FR")


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-CN", "2026-11-20"), ("es-ES", "20/11/2026"), ("en", "20 Nov 2026")]
)
def test_dates_and_times_are_those_of_the_store(language: str, shown: str) -> None:
    moment = datetime(2026, 11, 19, 22, 5, tzinfo=UTC)
    say = Phrases(language, "Asia/Shanghai")
    assert say.date(moment) == shown
    assert say.time(moment) == "06:05"
    assert Phrases(language, "Europe/Madrid").time(moment) == "23:05"


def test_spans_and_expiry() -> None:
    say = Phrases("en", "Asia/Shanghai")
    now = datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert [say.span(seconds) for seconds in (-5, 59, 60, 3599, 7200, 86_400)] == [
        "0 s", "59 s", "1 min", "59 min", "2 h", "1 day",
    ]  # fmt: skip
    assert say.expiry(now + timedelta(hours=1), now) == "Expires today"
    assert say.expiry(now + timedelta(days=1), now) == "Expires tomorrow"
    assert say.expiry(now + timedelta(days=14), now) == "Expires in 14 days"
    assert say.expiry(now + timedelta(days=15), now) == "Until 05 Dec 2026"
    assert say.expiry(now - timedelta(hours=1), now) == "Expired 20 Nov 2026"

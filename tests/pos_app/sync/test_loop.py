"""The loop: everything arrives once whatever the line does; gaps, epochs, forks; waking up and backing off."""

import base64
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from models import codec, wire
from models.cards import BonusRule, LevelBand
from models.catalogue import Category, MemberPass
from models.facts import RequestAbandoned
from models.refusals import Refusal
from pos_app.journal import identity, mirror, passes, retention, tampering, trust
from pos_app.journal.tables import FACTS, PRINT_JOBS
from pos_app.sync.loop import LEAST_PUSH_BYTES, LONGEST_RETRY_SECONDS, PULL_SECONDS, REFUSED_RETRY_SECONDS
from pos_app.till import find_member, header
from pos_app.till.recording import record_alone
from tests.pos_app.desk import EPOCH, KEY_ID, MILK_TEA, NOON, PASS_TEN, WATER, short_code, uid
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link


def everything_arrived(link: Link) -> None:
    """The server has the till's bytes, each once and in order; the till knows it."""
    texts = [row["bytes"].decode() for row in link.desk.table(FACTS)]
    assert link.double.chain == texts
    assert link.pending() == 0
    assert link.desk.broken() == []


def wait_for(holds: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def page(link: Link, *changes: wire.Change, cursor: str = "c1", more: bool = False, **how: Any) -> wire.ChangesAnswer:
    answer = wire.ChangesAnswer(cursor, more, EPOCH, datetime.now(UTC), changes, 0)
    return replace(answer, **how)


def test_a_cycle_brings_everything_over(link: Link) -> None:
    for _ in range(3):
        link.desk.sell()
    assert link.loop.cycle().due_seconds == PULL_SECONDS
    everything_arrived(link)
    assert [row.tx_no for row in link.desk.facts()] == ["ZF1", "ZF2", "ZF3", "ZF4"]
    with link.desk.journal.reading() as rows:
        kept = identity.read_state(rows, "countersignature")
        assert (kept["seq"], kept["signature"]) == (4, "c2lnbmVk")
        assert identity.synced_at(rows) is not None
    assert {"outbox": True} in link.reported
    assert {"network": True} in link.reported


def test_print_reports_go_once_and_again_when_they_change(link: Link) -> None:
    number = link.desk.sell().slips[0]
    link.loop.cycle()
    assert [(report.slip, report.state) for report in link.double.reports] == [(number, "queued")]
    link.loop.cycle()
    assert len(link.double.reports) == 1
    link.desk.paper(number, "printed")
    link.loop.cycle()
    assert [report.state for report in link.double.reports] == ["queued", "printed"]
    assert [job["reported"] for job in link.desk.table(PRINT_JOBS)] == [1]


def test_batches_of_at_most_five_hundred(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_FACTS_PER_PUSH", 4)
    link.loop._most_facts = 4
    for _ in range(10):
        link.desk.sell()
    link.loop.cycle()
    assert [len(push.facts) for push in link.double.pushes if push.facts] == [4, 4, 3]
    everything_arrived(link)


def test_smaller_pushes_when_the_server_says_too_large(link: Link) -> None:
    for _ in range(5):
        link.desk.sell()
    link.double.then(*[odd.problem(413, "request_too_large")] * 2)
    link.loop.cycle()
    assert [len(push.facts) for push in link.double.pushes] == [1, 2, 3]
    everything_arrived(link)


def test_one_fact_that_the_server_finds_too_large_goes_cut_and_a_small_one_never(link: Link) -> None:
    link.loop.cycle()
    body = RequestAbandoned(uid(5), "x" * 200_000)
    record_alone(link.desk.till, body, None, link.desk.clock.now())
    link.double.then(*[odd.problem(413, "request_too_large")] * 3, odd.hangs_up)
    first = len(link.double.seen)
    assert link.loop.cycle().due_seconds < PULL_SECONDS
    pushed = [codec.decode(wire.PushRequest, seen.body) for seen in link.double.seen[first:]]
    assert [len(text) > 200_000 for push in pushed for text in push.facts] == [True, True, True, False]
    (left,) = pushed[-1].facts
    assert len(left) == LEAST_PUSH_BYTES
    with link.desk.journal.upkeep() as rows:
        rows.exec_driver_sql("DELETE FROM outbox WHERE seq = 2")
    link.desk.sell()
    link.double.then(odd.honest, odd.problem(413, "request_too_large"))
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS, "it is not that"


def test_smaller_pushes_when_the_server_is_too_slow(link: Link) -> None:
    for _ in range(7):
        link.desk.sell()
    link.double.then(odd.hangs_up)
    link.loop.cycle()
    link.loop.cycle()
    assert [len(push.facts) for push in link.double.pushes] == [4, 4]
    everything_arrived(link)


@pytest.mark.parametrize("act", [odd.does_and_hangs_up, odd.cuts_at(40), odd.hangs_up, odd.says(500), odd.cuts_at(0)])
def test_lost_answers_double_nothing(link: Link, act: Any) -> None:
    link.desk.sell()
    link.double.then(act)
    assert link.loop.cycle().due_seconds < PULL_SECONDS
    assert link.pending() == 2
    link.loop.cycle()
    everything_arrived(link)
    assert {row.state for row in link.desk.facts()} == {"accepted"}


def test_held_facts_are_shown_and_the_others_go_on(link: Link) -> None:
    link.double.held[2] = "uses_exhausted"
    for _ in range(2):
        link.desk.sell()
    link.loop.cycle()
    assert [(row.seq, row.state, row.reason) for row in link.desk.facts()] == [
        (1, "accepted", None), (2, "held", "uses_exhausted"), (3, "accepted", None),
    ]  # fmt: skip
    assert header.header(link.desk.till).held == 1
    # A lost answer about a held fact: told again as already known, still held.
    with link.desk.journal.upkeep() as rows:
        from pos_app.journal import outbox  # noqa: PLC0415

        outbox.send_again_after(rows, 0)
    link.loop.cycle()
    assert [row.state for row in link.desk.facts()] == ["accepted", "held", "accepted"]


def test_a_server_that_lost_the_end_gets_it_again(link: Link) -> None:
    """A restored database: the epoch is new, its chain shorter; what it lost is sent once more, byte for byte."""
    for _ in range(5):
        link.desk.sell()
    link.loop.cycle()
    link.double.chain = link.double.chain[:2]
    link.double.epoch = "e2"
    link.desk.sell()
    link.loop.cycle()
    link.loop.cycle()
    everything_arrived(link)
    with link.desk.journal.reading() as rows:
        assert identity.epoch(rows) == "e2"


def test_in_a_new_epoch_all_that_is_kept_goes_again_and_learns_its_numbers_anew(link: Link) -> None:
    """What the restored server acknowledges has stood in another history: no number of before stays."""
    for _ in range(3):
        link.desk.sell()
    link.loop.cycle()
    link.double.epoch, link.double.series = "e2", "HX"
    link.loop.cycle()
    assert [row.tx_no for row in link.desk.facts()] == [None] * 4
    link.loop.cycle()
    everything_arrived(link)
    assert [row.tx_no for row in link.desk.facts()] == ["HX1", "HX2", "HX3", "HX4"]


def test_what_an_earlier_epoch_had_heard_is_proved_by_its_countersignature(link: Link) -> None:
    for _ in range(3):
        link.desk.sell()
    link.loop.cycle()
    link.double.chain, link.double.epoch = [], "e2"
    link.loop.cycle()
    for _ in range(2):
        link.desk.sell()
    link.loop.cycle()
    everything_arrived(link)
    told = link.double.pushes[-1].heard
    assert told is not None
    assert (told.seq, told.epoch, told.hash) == (4, "e1", link.desk.table(FACTS)[3]["hash"])
    link.desk.sell()
    link.loop.cycle()
    assert link.double.pushes[-1].heard is None, "what is new was never heard"


def test_a_quiet_cycle_compacts_what_a_backup_holds(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_before_open_shift", lambda _: 10**9)  # as if it had ended
    for _ in range(3):
        link.desk.sell()
    link.loop.cycle()
    link.double.backed_up, link.double.clock_offset_seconds = 3, 36 * 86_400
    link.loop.cycle()
    assert [row["bytes"] == b"" for row in link.desk.table(FACTS)] == [True, True, True, False]
    assert link.desk.broken() == []
    # A restore that went behind the backup: what is left goes out, what is compacted cannot.
    link.double.chain, link.double.epoch, link.double.backed_up = link.double.chain[:3], "e2", 0
    link.loop.cycle()
    link.loop.cycle()
    assert [len(push.facts) for push in link.double.pushes] == [4, 1]
    assert link.pending() == 0


def test_a_new_epoch_is_noticed_by_a_revoked_till_that_has_nothing_to_say(link: Link) -> None:
    """It may not pull. What the restore lost of its queue goes out again all the same, once."""
    link.desk.sell()
    link.double.refusing["/changes"] = "terminal_revoked"
    link.loop.cycle()
    assert link.pending() == 0
    link.double.chain, link.double.epoch = [], "e2"
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS
    assert (len(link.double.chain), link.pending()) == (2, 0)
    pushes = len(link.double.pushes)
    link.loop.cycle()
    assert [len(push.facts) for push in link.double.pushes[pushes:]] == [0]


def test_a_new_epoch_is_noticed_by_pulling_too(link: Link) -> None:
    for _ in range(3):
        link.desk.sell()
    link.loop.cycle()
    link.double.chain, link.double.epoch = [], "e2"
    link.loop.cycle()
    assert link.pending() == 4
    link.loop.cycle()
    everything_arrived(link)


def test_rows_that_a_new_epoch_does_not_bring_are_forgotten(link: Link) -> None:
    link.double.epoch = "e2"
    product = link.desk.journal.catalogue.prices.products[MILK_TEA]
    kept = page(link, wire.Change("product", MILK_TEA, codec.to_plain(product)), epoch="e2", more=True)
    link.double.pages.extend([kept, page(link, cursor="c2", epoch="e2", more=True)])
    link.double.pages.append(
        page(
            link,
            wire.Change("store", link.desk.store.store_id, codec.to_plain(link.desk.store)),
            cursor="c3",
            epoch="e2",
        )
    )
    link.loop.cycle()
    assert list(link.desk.journal.catalogue.prices.products) == [MILK_TEA]
    with pytest.raises(Exception, match=r"not_signed_in|member_unknown"):
        find_member.by_scan(link.desk.till, short_code(1))


@pytest.mark.parametrize("reason", ["fork", "terminal_forked"])
def test_a_fact_held_as_fork_switches_unproven_spending_off(link: Link, reason: str) -> None:
    """The till's folder was rolled back or cloned, and has sold since: the server is not ahead, but says so.

    The one whose history the server took first hears only that there is another.
    """
    link.desk.allow()
    link.double.held[2] = reason
    link.desk.sell()
    link.loop.cycle()
    link.desk.go_offline(5)
    assert header.header(link.desk.till).offline_spending == "none"
    link.double.held.clear()
    link.desk.sell()
    link.loop.cycle()
    assert header.header(link.desk.till).offline_spending == "none", "a fork never heals by itself"


def test_a_server_that_is_ahead_is_a_fork(link: Link) -> None:
    """Rolled back and nothing sold since: pulling tells. What is equal is no fork."""
    link.desk.allow()
    link.loop.cycle()
    link.desk.go_offline(5)
    assert header.header(link.desk.till).offline_spending == "at_risk"
    link.double.chain += ["x"]
    link.loop.cycle()
    assert header.header(link.desk.till).offline_spending == "none"


def test_a_new_epoch_without_a_gap_is_enough_to_send_again(link: Link) -> None:
    """Only a print report goes out, so nothing of the chain tells the server's loss but the epoch."""
    number = link.desk.sell().slips[0]
    link.loop.cycle()
    link.double.chain, link.double.epoch = link.double.chain[:1], "e2"
    link.desk.paper(number, "printed")
    link.loop.cycle()
    everything_arrived(link)


def test_an_answer_without_progress_is_not_repeated_for_ever(link: Link) -> None:
    nothing = codec.encode(wire.PushAnswer((), 0, False, EPOCH, datetime.now(UTC)))
    link.double.then(*[odd.says(200, nothing, "application/json")] * 50)
    link.loop.cycle()
    assert [seen.path.rsplit("/")[-1] for seen in link.double.seen] == ["facts", "changes"]
    link.double.odd.clear()
    link.loop.cycle()
    everything_arrived(link)


def with_a_hole(link: Link) -> None:
    """Three sales wait; the second's record is gone."""
    for _ in range(3):
        link.desk.sell()
    with link.desk.journal.upkeep() as rows:
        rows.execute(delete(FACTS).where(FACTS.c.seq == 3))
    with link.desk.journal.upkeep() as rows:
        tampering.note(rows, tampering.look(rows, link.desk.journal.keys))


def test_a_hole_in_the_chain_keeps_no_alarm_and_no_pull_back(link: Link) -> None:
    with_a_hole(link)
    drinks = Category(uid(77), link.desk.store.merchant_id, {"zh-CN": "饮料", "en": "Drinks", "es-ES": "Bebidas"}, 9)
    link.double.pages.append(page(link, wire.Change("category", uid(77), codec.to_plain(drinks)), cursor="c7"))
    assert link.loop.cycle().due_seconds < PULL_SECONDS
    assert [alarm.kind for alarm in link.double.told] == ["journal_cut"]
    assert link.desk.journal.catalogue.categories[-1].category_id == uid(77)
    assert header.header(link.desk.till).refused is None


def test_a_till_with_a_hole_in_its_chain_learns_that_it_is_revoked(link: Link) -> None:
    with_a_hole(link)
    link.double.refusing["/changes"] = "terminal_revoked"
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS
    with pytest.raises(Refusal, match="terminal_revoked"):
        link.desk.sell()


def test_a_key_that_a_pull_brings_is_vouched_for_and_one_that_was_slipped_in_never(link: Link) -> None:
    def trusted() -> bool:
        with link.desk.journal.reading() as rows:
            return trust.holds(rows, link.desk.journal.keys)

    key = wire.ServerKey("srv2", base64.b64encode(bytes(32)).decode())
    link.double.pages.append(page(link, wire.Change("server_key", "srv2", codec.to_plain(key)), cursor="c2"))
    link.loop.cycle()
    assert "srv2" in link.desk.journal.catalogue.server_keys
    assert trusted()
    with link.desk.journal.upkeep() as rows:
        mirror.put(rows, "server_key", "own", codec.to_plain(replace(key, key_id="own")), EPOCH)
    link.double.pages.append(page(link, wire.Change("server_key", "srv2", None), cursor="c3"))
    link.loop.cycle()
    assert not trusted()


def test_the_header_of_a_till_whose_oldest_record_is_gone(link: Link) -> None:
    with link.desk.journal.upkeep() as rows:
        rows.execute(delete(FACTS).where(FACTS.c.seq == 1))
    view = header.header(link.desk.till)
    assert (view.pending, view.oldest_pending_at) == (1, None)


@pytest.mark.parametrize("code", ["request_malformed", "till_too_old"])
def test_a_refused_push_keeps_no_pull_back(link: Link, code: str) -> None:
    link.double.refusing["/facts"] = code
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS
    assert header.header(link.desk.till).refused == code
    with link.desk.journal.reading() as rows:
        assert identity.synced_at(rows) is not None


@pytest.mark.parametrize("deaf", ["refuses", "fails", "knows no such door"])
def test_a_server_that_hears_of_no_alarm_keeps_no_pull_back(link: Link, deaf: str) -> None:
    link.loop.cycle()
    with link.desk.journal.upkeep() as rows:
        tampering.note(rows, (wire.TillAlarm("policy_forged", 0),))
    no = {"refuses": odd.problem(400, "request_malformed"), "fails": odd.says(500), "knows no such door": odd.says(404)}
    link.double.then(no[deaf])
    assert link.loop.cycle().due_seconds == PULL_SECONDS
    assert [seen.path.rsplit("/")[-1] for seen in link.double.seen[-2:]] == ["alarms", "changes"]
    link.loop.cycle()
    assert [alarm.kind for alarm in link.double.told] == ["policy_forged"]


def test_in_a_new_epoch_alarms_are_told_again(link: Link) -> None:
    """The restored server may have forgotten them, and that nothing of this till is to be taken on risk."""
    with link.desk.journal.upkeep() as rows:
        tampering.note(rows, (wire.TillAlarm("policy_forged", 0), wire.TillAlarm("journal_cut", 2)))
    link.loop.cycle()
    link.loop.cycle()
    assert [alarm.kind for alarm in link.double.told] == ["policy_forged", "journal_cut"]
    link.double.told.clear()
    link.double.epoch = "e2"
    link.loop.cycle()
    link.loop.cycle()
    assert [(alarm.kind, alarm.seq) for alarm in link.double.told] == [("policy_forged", 0), ("journal_cut", 2)]


def test_in_a_new_epoch_a_till_tells_of_the_fork_that_the_server_had_noticed(link: Link) -> None:
    link.double.held[2] = "fork"
    link.desk.sell()
    link.loop.cycle()
    link.loop.cycle()
    assert not link.double.told
    link.double.epoch = "e2"
    link.loop.cycle()
    link.loop.cycle()
    assert [(alarm.kind, alarm.seq) for alarm in link.double.told] == [("journal_behind", 2)]


def test_an_alarm_does_not_wait_behind_a_queue_that_does_not_move(link: Link) -> None:
    with link.desk.journal.upkeep() as rows:
        tampering.note(rows, (wire.TillAlarm("journal_edited", 1),))
    link.double.then(lambda _: False, odd.hangs_up)
    link.loop.cycle()
    assert [seen.path.rsplit("/")[-1] for seen in link.double.seen] == ["alarms", "facts"]
    assert [alarm.kind for alarm in link.double.told] == ["journal_edited"]


def test_pages_change_the_mirror_and_the_cursor_together(link: Link) -> None:
    product = link.desk.journal.catalogue.prices.products[MILK_TEA]
    dearer = codec.to_plain(replace(product, price_minor=1900))
    with link.desk.journal.reading() as rows:
        held = passes.by_id(rows, PASS_TEN)
    assert isinstance(held, MemberPass)
    link.double.pages.extend(
        [
            page(link, wire.Change("product", MILK_TEA, dearer), wire.Change("product", WATER, None), more=True),
            page(
                link,
                wire.Change("pass", PASS_TEN, codec.to_plain(replace(held, uses_left=4))),
                wire.Change("member", uid(3), None),
                cursor="c2",
            ),
        ]
    )
    link.loop.cycle()
    prices = link.desk.journal.catalogue.prices
    assert (prices.products[MILK_TEA].price_minor, WATER in prices.products) == (1900, False)
    assert {view.held.pass_id: view.held.uses_left for view in link.desk.member().passes}[PASS_TEN] == 4
    assert [seen.query["after"] for seen in link.double.seen if seen.path.endswith("changes")] == [[""], ["c1"]]
    link.loop.cycle()
    assert link.double.seen[-1].query["after"] == ["c2"]
    assert {"members": True, "catalogue": False, "outbox": False} in link.reported


def test_levels_and_bonus_rules_come_and_go(link: Link) -> None:
    merchant = link.desk.store.merchant_id
    band = LevelBand(3, 5000, None, "0.900", merchant)
    rule = BonusRule(uid(0xB09), merchant, "CNY", 1, 1, "0", NOON, None)
    euros = replace(rule, rule_id=uid(0xB0A), currency="EUR")
    link.double.pages.append(
        page(
            link,
            wire.Change("level_band", f"{merchant}/3", codec.to_plain(band)),
            wire.Change("level_band", f"{merchant}/0", None),
            wire.Change("bonus_rule", rule.rule_id, codec.to_plain(rule)),
            wire.Change("bonus_rule", euros.rule_id, codec.to_plain(euros)),
            wire.Change("bonus_rule", uid(0xB02), None),
        )
    )
    link.loop.cycle()
    catalogue = link.desk.journal.catalogue
    assert [found.level for found in catalogue.level_bands] == [1, 2, 3]
    assert [found.rule_id for found in catalogue.bonus_rules] == [uid(0xB09), uid(0xB03), uid(0xB01)]


@pytest.mark.parametrize(
    "change",
    [
        wire.Change("product", "p", {"product_id": "p"}),
        wire.Change("product", "p", {}),
        wire.Change("member", "m", {"name": 5}),
        wire.Change("pass", "m", {"surprise": 1}),
        wire.Change("hologram", "h", {"from": "the future"}),
        wire.Change("level_band", "b", {**codec.to_plain(LevelBand(1, 0, 9, "0.9")), "discount": "1.5"}),
        wire.Change("level_band", "b", {**codec.to_plain(LevelBand(1, 0, 9, "0.9")), "min_points": 10}),
        wire.Change("bonus_rule", "r", {"rule_id": "r", "min_amount_minor": 0}),
    ],
)
def test_a_poisoned_row_does_not_stop_the_page(link: Link, change: wire.Change) -> None:
    link.double.pages.append(page(link, change, wire.Change("product", WATER, None)))
    assert link.loop.cycle().due_seconds == PULL_SECONDS
    assert WATER not in link.desk.journal.catalogue.prices.products
    assert "p" not in link.desk.journal.catalogue.prices.products
    with link.desk.journal.reading() as rows:
        assert identity.read_state(rows, "cursor") == "c1"


def test_back_off_grows_and_ends(link: Link) -> None:
    link.double.then(*[odd.hangs_up] * 6)
    waits = [link.loop.cycle().due_seconds for _ in range(6)]
    assert waits == [1.0, 2.0, 4.0, 8.0, LONGEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS]
    assert link.loop.cycle().due_seconds == PULL_SECONDS
    link.double.then(odd.hangs_up)
    assert link.loop.cycle().due_seconds == 1.0, "a success forgives"


def test_the_server_says_when_to_come_back(link: Link) -> None:
    link.double.then(odd.says(503, b"", Retry_After="45"))
    assert link.loop.cycle().due_seconds == 45.0


@pytest.mark.parametrize("code", ["terminal_revoked", "terminal_unknown", "till_too_old"])
def test_a_till_that_is_not_wanted_asks_seldom_and_keeps_its_queue(link: Link, code: str) -> None:
    link.desk.sell()
    link.double.then(odd.problem(403, code))
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS
    assert link.pending() == 2


def test_revoked_stays_until_the_till_is_paired_anew(link: Link) -> None:
    """A restored server has forgotten whom it revoked; what else it refuses says nothing of that."""

    def refused() -> object:
        return header.header(link.desk.till).refused

    link.double.then(odd.problem(403, "terminal_revoked"))
    link.loop.cycle()
    assert refused() == "terminal_revoked"
    link.double.then(odd.problem(400, "till_too_old"))
    link.loop.cycle()
    assert refused() == "terminal_revoked"
    link.loop.cycle()
    everything_arrived(link)
    assert refused() == "terminal_revoked"
    with pytest.raises(Refusal, match="terminal_revoked"):
        link.desk.sell()
    with link.desk.journal.upkeep() as rows:
        found = identity.load(rows)
        assert found is not None
        store = link.desk.journal.store
        identity.begin(rows, found, wire.PairAnswer(found.terminal_id, "SZ1T03", store, (), EPOCH, datetime.now(UTC)))
    assert refused() is None
    link.desk.sell()


def test_in_the_background_a_new_fact_is_on_its_way_at_once(link: Link) -> None:
    link.loop.start()
    wait_for(lambda: link.pending() == 0)
    link.desk.sell()
    link.loop.wake()
    wait_for(lambda: link.pending() == 0, 2.0)
    link.loop.stop()
    everything_arrived(link)


def test_in_the_background_it_recovers_by_itself(link: Link) -> None:
    link.double.then(odd.hangs_up, odd.says(502, b"<html>bad gateway</html>"))
    link.loop.start()
    wait_for(lambda: link.pending() == 0)
    wait_for(lambda: link.client.reachable)
    link.loop.stop()
    everything_arrived(link)


def test_a_bug_does_not_end_the_loop(
    link: Link, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    really = link.loop._work

    def bug() -> float:
        monkeypatch.setattr(link.loop, "_work", really)
        raise ZeroDivisionError

    monkeypatch.setattr(link.loop, "_work", bug)
    monkeypatch.setattr("pos_app.sync.loop.LONGEST_RETRY_SECONDS", 0.1)
    link.loop.start()
    wait_for(lambda: link.pending() == 0)
    link.loop.stop()
    assert "a sync cycle failed" in caplog.text


def test_a_full_disk_does_not_end_syncing(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    from pos_app.journal.errors import DiskFull  # noqa: PLC0415
    from pos_app.sync import apply  # noqa: PLC0415

    def full(*_: object) -> bool:
        raise DiskFull(path="x")

    monkeypatch.setattr(apply, "note_push", full)
    assert link.loop.cycle().due_seconds == 1.0
    monkeypatch.undo()
    link.loop.cycle()
    everything_arrived(link)


def test_unpaired_nothing_is_sent(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link.desk.journal, "_identity", None)
    assert link.loop.cycle().due_seconds == PULL_SECONDS
    assert link.double.seen == []


def test_effects_without_a_row_end_when_the_mirror_must_have_them(link: Link) -> None:
    link.desk.allow()
    link.desk.go_offline()
    link.desk.redeem(code=link.desk.snapshot())
    link.desk.server.reachable = True
    link.loop.cycle()
    with link.desk.journal.reading() as rows:
        held = passes.by_id(rows, PASS_TEN)
    assert held is not None
    assert held.uses_left == 5
    later = datetime.now(UTC) + timedelta(seconds=61)
    link.double.pages.append(page(link, server_time=later, acknowledged_seq=len(link.double.chain)))
    link.loop.cycle()
    with link.desk.journal.reading() as rows:
        held = passes.by_id(rows, PASS_TEN)
    assert held is not None
    assert held.uses_left == 6, "the server never counted it, so its word stands"


def test_the_audit_head_comes_with_an_answer_and_goes_back_with_the_next_push(link: Link) -> None:
    unsigned = wire.SealHead(3, EPOCH, "ab" * 32, KEY_ID, "", datetime.now(UTC))
    signature = link.desk.server_key.sign(wire.seal_message(unsigned))
    link.double.seal = replace(unsigned, signature=base64.b64encode(signature).decode())
    link.double.epoch = EPOCH
    link.loop.cycle()
    link.desk.sell()
    link.loop.cycle()
    assert [push.seal for push in link.double.pushes] == [None, link.double.seal]

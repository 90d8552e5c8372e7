"""A till in training: everything can be done, nothing has happened, and nothing of it can be taken for real."""

import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.drawer import ShiftClosed
from models.facts import CardCharged, OrderPaid, PassRedeemed, PassSold, Refunded, ToppedUp, decode_fact
from models.ids import TRAINING_CODE
from models.refusals import Refusal
from models.shifts import expected_of
from models.tenders import Tender, pay
from pos_app import bootstrap, training
from pos_app.journal import identity, outbox, practice, prints
from pos_app.journal.errors import JournalOfTraining
from pos_app.journal.tables import FACTS, MIRROR
from pos_app.journal.verify import verify
from pos_app.print_queue import InTurn, PrintQueue
from pos_app.selling.basket import Basket, add_product
from pos_app.settings import Settings
from pos_app.support import write_bundle
from pos_app.till import (
    cash,
    charge,
    create_member,
    find_member,
    header,
    quote,
    redeem,
    refund,
    refundable,
    reprint,
    reservations,
    sell,
    sell_pass,
    shift,
    sign_in,
    top_up,
)
from pos_app.till import practice as practising
from pos_app.till.till import Till
from pos_app.training import Training
from printing.escpos import PAPER_80
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from tests.pos_app.desk import MILK_TEA, PEOPLE, TEN_PLAN, Desk, short_code
from tests.printing.independent_reader import read


def begin(desk: Desk, anew: bool = False) -> Training:
    """Training beside a real till, somebody signed in, a shift open."""
    made = training.begin(desk.till, InTurn(None, "none", PAPER_80), lambda _changes: None, anew)
    sign_in.sign_in(made.till, practice.MANAGER_PIN)
    if not sign_in.require_session(made.till).shift_id:
        shift.open_shift(made.till, 10_000)
    return made


@pytest.fixture
def trained(desk: Desk) -> Iterator[Training]:
    made = begin(desk)
    yield made
    made.stop()


def bodies(till: Till) -> list[Any]:
    """What is in a till's chain."""
    with till.journal.reading() as rows:
        found = rows.execute(FACTS.select().order_by(FACTS.c.seq)).all()
        assert not [finding for finding in verify(rows) if finding.broken]
    return [decode_fact(row.bytes).body for row in found]


def dump(path: Path) -> list[str]:
    """Everything that stands in a journal, but what the clock keeps there for itself."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as raw:
        return [line for line in raw.iterdump() if "'clock'" not in line]


def one_tea() -> Basket:
    return add_product(Basket(), MILK_TEA)


def a_day(till: Till) -> None:
    """One of everything a cashier practises."""
    rich, _last_use, poor, _ended = (view.member for view in practising.people(till))
    view = find_member.by_scan(till, practising.code_of(rich))
    best = next(one for one in view.passes if one.plan.plan_id == TEN_PLAN)
    basket = add_product(Basket(member=view.member, held=best.held, plan=best.plan), MILK_TEA)
    assert redeem.redeem(till, basket, [], view.code).uses_left == best.held.uses_left - 1
    due = quote.quote_basket(till, one_tea()).due_minor
    sell.sell(till, one_tea(), [Tender("cash", due, due)])
    plan = best.plan
    sell_pass.sell_pass(till, poor, plan, [pay("bizum", plan.price_minor, plan.price_minor)])
    offered = top_up.offer(till, 10_000)
    top_up.top_up(till, poor, offered, [pay("cash", 10_000, 10_000)])
    fresh = find_member.by_scan(till, practising.code_of(poor))
    assert fresh.member.balance_minor == 8_000 + 10_000 + offered.bonus_minor
    wanted = charge.offer(till, one_tea(), str(fresh.code))
    paid = charge.charge(till, one_tea(), wanted)
    assert paid.card is not None
    assert paid.card.balance_minor == fresh.member.balance_minor - wanted.total_minor
    for kind, amount_minor, tender in (("charge", wanted.total_minor, None), ("top_up", 4_000, "cash")):
        one = next(one for one in refundable.recent(till) if one.kind == kind)
        assert refund.refund(till, str(one.tx_no), amount_minor, tender, "other") is not None
    created = create_member.create_member(till, "Nadie Nadie", "+34699000111", "es-ES")
    assert not created.known
    cash.move_cash(till, "no_sale", 0, "check")


def close(till: Till) -> None:
    """Count what should be there and end the shift."""
    expected = dict(expected_of(shift.x_report(till)))
    shift.close_shift(till, {kind: expected.get(kind, 0) for kind in shift.to_count(till)})


@pytest.mark.req("R031")
def test_an_example_company_is_practised_with(desk: Desk) -> None:
    """One of the people administers it; what goes onto its card and back touches nobody's own."""
    trained = begin(desk)
    till = trained.till
    admin, *others = (view.member for view in practising.people(till))
    assert [len(member.companies) for member in (admin, *others)] == [1, 0, 0, 0]
    offered = top_up.offer(till, 10_000, admin.companies[0].card_id)
    done = top_up.top_up(till, admin, offered, [pay("cash", 10_000, 10_000)])
    assert done.card is not None
    assert done.card.company == admin.companies[0].company_name
    one = refundable.recent(till)[0]
    back = refund.refund(till, str(one.tx_no), 4_000, "cash", "other")
    assert back is not None
    assert back.card is not None
    assert (back.card.cash_minor, back.card.balance_minor) == (4_000, 6_000)
    assert practising.people(till)[0].member == admin
    trained.stop()


def test_a_whole_day_is_practised_and_the_real_journal_does_not_hear_of_it(desk: Desk) -> None:
    desk.sell()
    before = dump(desk.journal.path)
    asked = list(desk.server.asked)
    trained = begin(desk)
    a_day(trained.till)
    close(trained.till)
    done = [type(body) for body in bodies(trained.till)]
    assert {PassRedeemed, OrderPaid, PassSold, ToppedUp, CardCharged, Refunded, ShiftClosed} <= set(done)
    with trained.till.journal.reading() as rows:
        assert outbox.summary(rows).pending == 0
    trained.stop()
    assert dump(desk.journal.path) == before
    assert desk.server.asked == asked
    desk.sell()
    assert [type(body) for body in bodies(desk.till)].count(OrderPaid) == 2


def test_what_training_makes_is_of_a_till_that_no_server_knows(desk: Desk, trained: Training) -> None:
    a_day(trained.till)
    real, practised = desk.journal, trained.till.journal
    assert practised.require_identity().terminal_id != real.require_identity().terminal_id
    assert practised.keys.private_key() != real.keys.private_key()
    assert practised.require_identity().server_url == ""
    assert practised.terminal_code == TRAINING_CODE
    assert {slip.split(".")[1] for body in bodies(trained.till) for slip in getattr(body, "slips", ())} == {"TRAIN00"}
    assert practised.path == real.path.parent / "training" / "journal.sqlite"


def test_nobody_real_is_in_it(desk: Desk, trained: Training) -> None:
    with trained.till.journal.reading() as rows:
        kinds = {kind for (kind,) in rows.execute(MIRROR.select().with_only_columns(MIRROR.c.kind))}
    assert "policy" not in kinds
    assert not trained.till.journal.catalogue.server_keys.keys() & desk.journal.catalogue.server_keys.keys()
    for name, phone, *_ in PEOPLE:
        with pytest.raises(Refusal):
            find_member.by_phone(trained.till, "".join(filter(str.isdigit, phone)))
        assert name not in (desk.folder / "training" / "journal.sqlite").read_bytes().decode("latin-1")
    with pytest.raises(Refusal):
        find_member.by_scan(trained.till, short_code(1))
    real = {staff.pin_hash for staff in desk.journal.catalogue.staff.values()}
    assert not real & {staff.pin_hash for staff in trained.till.journal.catalogue.staff.values()}


def test_the_real_till_is_left_as_it_was_and_training_comes_back_as_it_was_left(desk: Desk, trained: Training) -> None:
    was = header.header(desk.till)
    a_day(trained.till)
    chain = bodies(trained.till)
    trained.stop()
    assert header.header(desk.till) == was
    assert not was.training
    again = begin(desk)
    try:
        assert bodies(again.till) == chain
        assert header.header(again.till).training
    finally:
        again.stop()


def test_reset_empties_it(desk: Desk, trained: Training) -> None:
    a_day(trained.till)
    trained.stop()
    anew = begin(desk, anew=True)
    try:
        assert [type(body).__name__ for body in bodies(anew.till)] == ["ShiftOpened"]
        assert [view.member.balance_minor for view in practising.people(anew.till)] == [30_000, 0, 8_000, 500]
    finally:
        anew.stop()


def _older(folder: Path) -> None:
    with sqlite3.connect(folder / "journal.sqlite") as raw:
        raw.execute("PRAGMA user_version = 3")
    raw.close()


def _newer(folder: Path) -> None:
    with sqlite3.connect(folder / "journal.sqlite") as raw:
        raw.execute("PRAGMA user_version = 900")
    raw.close()


def _garbage(folder: Path) -> None:
    (folder / "journal.sqlite").write_bytes(b"no journal" * 1000)


def _gone(folder: Path) -> None:
    (folder / "journal.sqlite").unlink()


def _keyless(folder: Path) -> None:
    (folder / "keys" / "till.key").unlink()


@pytest.mark.parametrize("spoil", [_older, _newer, _garbage, _gone, _keyless], ids=lambda one: one.__name__.strip("_"))
def test_a_training_journal_that_cannot_be_used_is_made_anew(desk: Desk, trained: Training, spoil: Any) -> None:
    trained.stop()
    spoil(desk.folder / "training")
    again = begin(desk)
    assert len(bodies(again.till)) == 1
    again.stop()


def test_another_tills_training_is_not_taken_over(desk: Desk, trained: Training) -> None:
    trained.stop()
    known = desk.journal.require_identity()
    other = replace(known, terminal_id="0198a000-0000-7000-8000-00000000d0d0")
    desk.journal.keep(lambda rows: identity.set_server_url(rows, other, known.server_url))
    desk.journal.reload()
    again = begin(desk)
    assert len(bodies(again.till)) == 1
    again.stop()


def test_the_catalogue_is_that_of_today(desk: Desk, trained: Training) -> None:
    trained.stop()
    product = desk.journal.catalogue.prices.products[MILK_TEA]
    desk.mirrored("product", MILK_TEA, replace(product, price_minor=9_900))
    again = begin(desk)
    assert again.till.journal.catalogue.prices.products[MILK_TEA].price_minor == 9_900
    again.stop()


@pytest.mark.req("C06")
def test_every_slip_is_marked_opens_no_drawer_and_has_no_check_code(desk: Desk, tmp_path: Path) -> None:
    desk.sell(received=10_000)
    trained = begin(desk)
    a_day(trained.till)
    close(trained.till)
    with VirtualPrinter(tmp_path / "paper") as printer:
        real = PrintQueue(desk.journal, NetworkPrinter("127.0.0.1", printer.port), desk.clock, desk.till.live, _heard)
        lent = PrintQueue(trained.till.journal, real.lend(), desk.clock, trained.till.live, _heard)
        lent.tick()
        number = refundable.recent(trained.till)[-1].slip
        reprint.reprint(trained.till, str(number), "lost")
        lent.tick()
        real.tick()
    sheets = [read(path.read_bytes()) for path in sorted((tmp_path / "paper").glob("*.bin"))]
    with trained.till.journal.reading() as rows:
        jobs = prints.recent(rows, 100)
    assert {job.state for job in jobs} == {"printed"}
    assert len(sheets) == len(jobs) + 1 >= 10
    *practised, sold = sheets
    assert not any(sheet.kicks or sheet.codes() for sheet in practised)
    assert sold.kicks
    assert sold.codes()
    trained.stop()


def _heard(**what: bool) -> None:
    del what


def test_training_is_no_till_of_its_own(desk: Desk, trained: Training) -> None:
    """Opened by name, its folder is refused: there is no way from a practice to a till that syncs."""
    trained.stop()
    settings = Settings(data_dir=desk.folder / "training", camera="none", key_storage="file")
    with pytest.raises(JournalOfTraining):
        bootstrap.start(settings, lambda _changes: None)


def die_in_training(folder: str) -> None:
    """In the child: practise, and be killed."""
    desk = Desk(Path(folder) / "till")
    desk.sell()
    a_day(begin(desk).till)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.req("C07")
def test_after_a_power_cut_in_training_the_real_till_starts(tmp_path: Path) -> None:
    program = f"from {__name__} import die_in_training; die_in_training({str(tmp_path)!r})"
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-3000:]
    settings = Settings(data_dir=tmp_path / "till", camera="none", key_storage="file")
    app = bootstrap.start(settings, lambda _changes: None)
    try:
        assert not header.header(app.till).training
        assert [type(body).__name__ for body in bodies(app.till)] == ["ShiftOpened", "OrderPaid"]
        again = app.train(lambda _changes: None)
        kept = [type(body) for body in bodies(again.till)]
        again.stop()
        assert {PassRedeemed, OrderPaid, Refunded} <= set(kept)
    finally:
        app.stop()


def test_support_gets_the_real_till(desk: Desk, trained: Training, tmp_path: Path) -> None:
    a_day(trained.till)
    path = write_bundle(desk.folder, "0.1.0", tmp_path / "bundle.zip")
    with zipfile.ZipFile(path) as file:
        assert '"OrderPaid"' not in file.read("journal.json").decode()


def test_what_is_set_aside_is_practised_at_the_last_use(trained: Training) -> None:
    """One use is free, one more is set aside: the second redemption takes it, or it is given back."""
    till = trained.till
    view = practising.people(till)[1]
    (one,) = view.set_aside
    assert (view.passes[0].held.uses_left, one.left) == (2, 1)

    def use() -> str | None:
        shown = find_member.by_id(till, view.member.member_id)
        basket = add_product(
            Basket(member=shown.member, held=shown.passes[0].held, plan=shown.passes[0].plan), MILK_TEA
        )
        return redeem.redeem(till, basket, [], practising.code_of(shown.member)).evidence

    assert [use(), use()] == ["online", "reserved"]
    with pytest.raises(Refusal, match="uses_exhausted"):
        use()
    assert isinstance(bodies(till)[-1], PassRedeemed)


def test_what_was_set_aside_in_training_is_given_back_with_the_shift(trained: Training) -> None:
    till = trained.till
    shift.close_shift(till, {"cash": 10_000})
    view = practising.people(till)[1]
    assert (view.passes[0].held.uses_left, view.set_aside) == (2, ())
    assert reservations.unfinished(till) == ()

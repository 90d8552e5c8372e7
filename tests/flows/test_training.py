"""Training beside a till that is paired with a real server: the server receives nothing, and would take nothing."""

from __future__ import annotations

from dataclasses import replace

from models.shifts import expected_of
from models.tenders import Tender
from pos_app.clock import TillClock
from pos_app.journal import identity, outbox, practice
from pos_app.journal.tables import FACTS
from pos_app.selling.basket import Basket, add_product
from pos_app.sync.client import ServerClient
from pos_app.sync.loop import SyncLoop
from pos_app.till import find_member, quote, redeem, sell, shift, sign_in
from pos_app.till import practice as practising
from pos_app.till.till import Till
from tests.flows import shop
from tests.flows.checks import all_is_well
from tests.flows.house import House
from tests.flows.till import Counter
from tests.printing.independent_reader import read

TABLES = ("facts", "transactions", "entries", "members", "terminals")


def known(house: House) -> list[tuple[object, ...]]:
    """How much the server has of everything, and what it knows of tills."""
    counts = [house.rows(f"SELECT count(*) FROM app.{table}")[0] for table in TABLES]
    return [*counts, *house.rows("SELECT code, status FROM app.terminals ORDER BY code")]


def facts(till: Till) -> list[tuple[int, str, bytes]]:
    """The chain as it stands in the file."""
    with till.journal.reading() as rows:
        return [(row.seq, row.hash, row.bytes) for row in rows.execute(FACTS.select().order_by(FACTS.c.seq))]


def a_shift(till: Till) -> None:
    """Open, sell, redeem, close."""
    sign_in.sign_in(till, practice.MANAGER_PIN)
    shift.open_shift(till, 10_000)
    goods = add_product(Basket(), shop.WATER)
    due = quote.quote_basket(till, goods).due_minor
    sell.sell(till, goods, [Tender("cash", due, due)])
    view = find_member.by_scan(till, practising.code_of(practising.people(till)[0].member))
    held = view.passes[0]
    redeem.redeem(
        till, add_product(Basket(member=view.member, held=held.held, plan=held.plan), shop.TEA), [], view.code
    )
    expected = expected_of(shift.x_report(till))
    shift.close_shift(till, {kind: expected.get(kind, 0) for kind in shift.to_count(till)})


def test_the_server_hears_nothing_of_training(house: House, till: Counter) -> None:
    till.sell()
    till.sync()
    till.print_all()
    printed, before, chain = len(till.paper), known(house), facts(till.till)
    training = till.app.train(lambda _changes: None)
    try:
        a_shift(training.till)
        training.prints.tick()
        till.app.sync.cycle()
        assert known(house) == before
        assert facts(till.till) == chain
        with training.till.journal.reading() as rows:
            states = [entry.state for entry in outbox.recent(rows, 100)]
        assert states == ["accepted"] * 5, "what was set aside is given up with the shift"
    finally:
        training.stop()
    sheets = [read(path.read_bytes()) for path in sorted((till.folder / "paper").glob("*.bin"))][printed:]
    assert len(sheets) == 3
    assert not any(sheet.codes() or sheet.kicks for sheet in sheets)
    till.sell()
    till.sync()
    assert len(facts(till.till)) == len(chain) + 1
    all_is_well(house, till)


def test_the_server_would_take_nothing_of_it(house: House, till: Counter) -> None:
    """Even with a client and the server's address, as somebody could write them by hand."""
    before = known(house)
    training = till.app.train(lambda _changes: None)
    try:
        a_shift(training.till)
        journal = training.till.journal
        named = replace(journal.require_identity(), server_url=till.address)
        journal.keep(lambda rows: identity.set_server_url(rows, named, till.address))
        journal.keep(lambda rows: outbox.send_again_after(rows, 0))
        journal.reload()
        client = ServerClient(journal, TillClock(None, lambda _anchor: None))
        cycle = SyncLoop(journal, client, lambda **_what: None).cycle()
        client.close()
        assert not cycle.good
        with journal.reading() as rows:
            assert identity.read_state(rows, "refused") == "key_unknown"
            assert outbox.summary(rows).pending == 5
    finally:
        training.stop()
    assert known(house) == before

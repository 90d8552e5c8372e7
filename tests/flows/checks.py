"""What must be true when tills and server have spoken: each fact once, money balanced, uses alike on both sides."""

from __future__ import annotations

from collections import Counter as Count

from models.facts import PassRedeemed, SlipReprinted
from pos_app.journal.verify import verify
from sync_server.reports import invariants
from tests.flows.house import House
from tests.flows.till import Counter


def all_is_well(house: House, *tills: Counter) -> None:
    """Everything of sync.md that can be seen from outside, for these tills and the whole ledger."""
    for till in tills:
        _every_fact_once(house, till)
        _uses_alike(house, till)
        _paper_follows_facts(till)
        with till.till.journal.reading() as rows:
            assert not [finding for finding in verify(rows) if finding.broken]
    _ledger_balanced(house)
    broken = {n: found for n, found in house.do(invariants.check).items() if found.state == "broken"}
    assert not broken


def _every_fact_once(house: House, till: Counter) -> None:
    """The journal and the server's books hold the same bytes in the same order, each with the same outcome."""
    recorded = till.recorded
    terminal = till.till.journal.require_identity().terminal_id
    stored = house.rows(
        "SELECT seq, encode(hash, 'hex'), bytes, outcome, reason, tx_no"
        " FROM app.facts WHERE terminal_id = %s AND in_chain ORDER BY seq",
        terminal,
    )
    assert [(f.seq, f.hash, f.data, f.state, f.reason, f.tx_no) for f in recorded] == [
        (seq, hashed, bytes(data), *rest) for seq, hashed, data, *rest in stored
    ]
    assert [item.seq for item in recorded] == list(range(1, len(recorded) + 1))
    ((aside,),) = house.rows("SELECT count(*) FROM app.facts WHERE terminal_id = %s AND NOT in_chain", terminal)
    assert aside == 0
    doubled = house.rows(
        "SELECT tx_id FROM app.facts WHERE terminal_id = %s AND tx_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
        terminal,
    )
    assert not doubled
    orphans = house.rows(
        "SELECT t.tx_no FROM app.transactions AS t WHERE t.terminal_id = %s AND t.kind <> 'reserved'"
        " AND NOT EXISTS (SELECT FROM app.facts AS f WHERE f.tx_id = t.tx_id)"
        " AND NOT EXISTS (SELECT FROM app.held_decisions AS d WHERE d.tx_id = t.tx_id)"
        " AND NOT EXISTS (SELECT FROM app.transactions AS r WHERE r.reverses = t.tx_id)",
        terminal,
    )
    assert not orphans, "effects that no fact of the till knows"


def _uses_alike(house: House, till: Counter) -> None:
    """What the till would show is what the ledger says, for every pass the till has touched."""
    shown = {pass_id: (held.uses_left, held.status) for pass_id, held in till.passes().items()}
    known = house.rows(
        "SELECT pass_id::text, uses_left, status FROM app.passes_held WHERE pass_id = ANY(%s::text[]::uuid[])",
        list(shown),
    )
    assert shown == {pass_id: (left, status) for pass_id, left, status in known}


def _paper_follows_facts(till: Counter) -> None:
    """Every slip number stands on one fact, every paper belongs to one; one unmarked original at most."""
    bodies = [item.fact.body for item in till.recorded]
    numbers = [number for body in bodies for number in getattr(body, "slips", ())]
    assert len(set(numbers)) == len(numbers)
    for kind in ("VR", "TP"):
        counters = [int(number.rsplit(".", 1)[1]) for number in numbers if number.startswith(kind)]
        assert counters == list(range(1, len(counters) + 1))
    copies = {(body.slip, body.copy) for body in bodies if isinstance(body, SlipReprinted)}
    assert set(till.print_states()) == {(number, 0) for number in numbers} | copies
    hashes = {
        number: item.hash[:16].upper() for item in till.recorded for number in getattr(item.fact.body, "slips", ())
    }
    papers = Count(code for job in till.paper if job["complete"] for code in job["qr"])
    ordered = Count(f"{number}.{hashes[number]}" for number, _ in till.print_states())
    assert papers <= ordered, "paper that no fact has ordered"


def _ledger_balanced(house: House) -> None:
    """Each transaction sums to zero in each unit; a balance is the sum of its entries."""
    assert not house.rows(
        "SELECT e.tx_id, a.unit FROM app.entries AS e JOIN app.accounts AS a USING (ledger_id, account_id)"
        " GROUP BY 1, 2 HAVING sum(e.delta) <> 0"
    )
    assert not house.rows(
        "SELECT a.account_id FROM app.accounts AS a JOIN app.entries AS e USING (ledger_id, account_id)"
        " WHERE a.guarded GROUP BY a.account_id, a.balance HAVING sum(e.delta) <> a.balance"
    )


def slip_says_what_the_ledger_says(house: House, till: Counter) -> None:
    """Online the uses printed after a redemption are those of the ledger right after it."""
    for item in till.recorded:
        body = item.fact.body
        if isinstance(body, PassRedeemed) and body.evidence.rung == "online":
            ((after,),) = house.rows(
                "SELECT e.balance_after FROM app.entries AS e JOIN app.facts AS f USING (ledger_id, tx_id)"
                " WHERE f.fact_id = %s AND e.account_id = %s",
                item.fact.fact_id,
                body.pass_id,
            )
            assert body.uses_left == after

"""Facts that a bug at a till might make: whole in the chain, and nothing that the ledger can post.

Rule: written as the till writes any fact; the oracle is told why the server must hold each. Those behind it go on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from models.facts import OrderPaid, SoldCup, hash_fact
from models.money import split_vat
from models.tenders import Tender
from models.times import format_instant
from pos_app.journal import series
from pos_app.journal.tables import FACTS, OUTBOX
from pos_app.till import sign_in
from pos_app.till.recording import append
from tests.faults.simulator.till import SimulatedTill
from tests.flows import shop

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run

_NOBODY = "1e000000-0000-7000-8000-00000000ffff"


def record(run: Run, till: SimulatedTill) -> str | None:
    """Record one of three kinds of nonsense."""
    kind = run.dice.one_of(("arithmetic_wrong", "member_unknown", "fact_unreadable"))
    if kind == "fact_unreadable":
        return _unreadable(run, till)
    person = sign_in.require_shift(till.till)
    now = till.till.clock.now()
    cups = (SoldCup(shop.WATER, "水", 500, "0.13"),)
    total = 501 if kind == "arithmetic_wrong" else 500
    with till.journal.writing() as rows:
        body = OrderPaid(
            order_id=till.till.ids.new(),
            member_id=_NOBODY if kind == "member_unknown" else None,
            cups=cups,
            total_minor=total,
            currency="CNY",
            vat=split_vat([("0.13", total)]),
            tenders=(Tender("cash", total, total),),
            slips=(series.next_slip(rows, "TP", till.journal.terminal_code),),
            pickup_no="A1",
        )
        done = append(till.till, rows, body, person, now)
        run.expected.poisoned[done.hash] = kind
    return done.fact.fact_id


def _unreadable(run: Run, till: SimulatedTill) -> str | None:
    """A fact of a format that nobody knows, in its place in the chain."""
    with till.journal.writing() as rows:
        last = rows.execute(select(FACTS).order_by(FACTS.c.seq.desc()).limit(1)).one_or_none()
        if last is None:
            return None
        at, terminal = format_instant(till.till.clock.now()), till.journal.require_identity().terminal_id
        fact_id, seq = till.till.ids.new(), last.seq + 1
        text = json.dumps({"format": 0, "fact_id": fact_id, "terminal_id": terminal, "seq": seq, "prev": last.hash})
        hashed = hash_fact(text.encode())
        rows.execute(
            insert(FACTS),
            {"seq": seq, "fact_id": fact_id, "kind": "Unknown", "happened_at": max(at, last.happened_at),
             "prev": last.hash, "hash": hashed, "bytes": text.encode()},
        )  # fmt: skip
        rows.execute(insert(OUTBOX), {"seq": seq, "state": "pending"})
        run.expected.poisoned[hashed] = "fact_unreadable"
    return None

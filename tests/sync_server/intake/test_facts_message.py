"""The push itself: its signed head, its countersignature, its print reports, its size."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from models import facts
from models.facts import encode_fact
from models.refusals import Refusal
from models.wire import Head, PrintReport, PushRequest, head_message
from sync_server.intake import facts as intake
from sync_server.keys import verify_with
from tests.sync_server import world
from tests.sync_server.till import (
    FakeTill,
    outcomes,
    rows,
    value,
)

pytestmark = pytest.mark.anyio


async def test_the_head_is_countersigned_and_kept(till: FakeTill) -> None:
    till.order()
    answer = await till.push()
    ((seq, fact_hash, signature, epoch),) = await rows(
        till.pool, "SELECT signed_seq, encode(hash, 'hex'), countersignature, epoch FROM app.terminal_heads"
    )
    assert answer.countersignature == base64.b64encode(signature).decode()
    (key,) = till.keys.public_keys()
    assert verify_with(key.raw, head_message(till.terminal_id, seq, fact_hash, epoch), bytes(signature))
    assert (key.id, epoch) == (answer.countersignature_key_id, answer.epoch)


async def test_a_head_that_the_till_has_not_signed_is_refused_and_nothing_stored(till: FakeTill) -> None:
    till.order()
    good = till.head()
    bad = [Head(2, good.hash, good.signature), Head(1, "ab" * 32, good.signature), Head(1, good.hash, "AAAA"),
           Head(1, good.hash, "!")]  # fmt: skip
    for head in bad:
        with pytest.raises(Refusal, match="signature_invalid"):
            await till.push(head=head)
    with pytest.raises(Refusal, match="request_malformed") as refused:
        await till.push(head=till.head(seq=2))
    assert refused.value.data == {"pointer": "/head/seq"}
    assert await value(till.pool, "SELECT count(*) FROM app.facts") == 0


async def test_facts_without_a_head_are_refused(till: FakeTill) -> None:
    till.order()
    push = PushRequest(1, tuple(till.texts), None)
    with pytest.raises(Refusal, match="signature_invalid"):
        await intake.accept_push(till.pool, till.keys, till.identity, push, till.at)


async def test_an_empty_push_says_where_we_are(till: FakeTill) -> None:
    assert (await till.push([])).acknowledged_seq == 0
    till.order()
    await till.push()
    assert (await till.push([])).acknowledged_seq == 1


async def test_print_reports_keep_the_latest_and_never_step_back(till: FakeTill) -> None:
    slip, start = till.slip("TP"), till.at

    def report(state: str, seconds: int = 0, copy: int = 0, slip: str = slip) -> PrintReport:
        return PrintReport(slip, copy, state, start + timedelta(seconds=seconds))

    async def state() -> list[tuple[object, ...]]:
        return await rows(till.pool, "SELECT copy, state FROM app.print_reports ORDER BY copy")

    await till.push([], prints=(report("queued"), report("sending", 1), report("sending", 1, copy=1)))
    assert await state() == [(0, "sending"), (1, "sending")]
    await till.push([], prints=(report("printed", 2),))
    await till.push([], prints=(report("queued"), report("sending", 1), report("sending", 2)))
    assert (await state())[0] == (0, "printed")
    strange = (report("burnt", 9), report("printed", 9, copy=-1), report("printed", 9, slip="TP.SZ1T02.000001"),
               report("printed", 9, slip="x"))  # fmt: skip
    await till.push([], prints=(*strange, report("unknown", 3, copy=1)))
    assert await state() == [(0, "printed"), (1, "unknown")]
    till.status = "revoked"
    await till.push([], prints=(report("printed", 20, copy=1),))
    assert await state() == [(0, "printed"), (1, "unknown")]


async def test_a_long_queue_goes_in_by_batches(till: FakeTill) -> None:
    for _ in range(230):
        till.order()
    answer = await till.push()
    assert (answer.acknowledged_seq, {r.outcome for r in answer.results}) == (230, {"accepted"})
    assert await value(till.pool, "SELECT max(tx_no) FROM app.transactions") == "ZF00100000230"


async def test_a_stranger_gets_no_further_than_the_claims(till: FakeTill) -> None:
    """A terminal's message is worked on under its own claims, and those of a fact in it count for nothing."""
    fact = till.fact(facts.ShiftOpened(world.STAFF, 1, "CNY", till.day()))
    foreign = encode_fact(replace(fact, terminal_id=world.OTHER_TERMINAL)).decode()
    till.texts, till.seq, till.prev = [], 0, facts.GENESIS
    till.append(foreign)
    assert await outcomes(till) == [("held", "terminal_differs")]

"""Bugs put into a run on purpose, at least one for every invariant of sync.md: the simulator must find each.

Rule: they live here and in planted_at_hq only (how they get into a run: changed). Each says which promise it breaks
and who must notice; under which number it shows first is not prescribed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import Connection, update

from models.facts import Evidence
from models.wire import ActionAnswer, ActionRequest, PushAnswer
from pos_app.journal import chain, prints, series
from pos_app.journal.tables import OUTBOX, PRINT_JOBS
from pos_app.selling.offline_policy import Knowledge, decide_offline
from pos_app.sync import apply, loop
from pos_app.till import asking, redeem
from pos_app.till.till import Till
from sync_server.database.engine import Pool, transaction
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake import facts
from sync_server.ledger import functions
from tests.faults.simulator import mishaps, newcomers, planted_at_hq, steps
from tests.faults.simulator.changed import Bug, edit, instead

if TYPE_CHECKING:
    from tests.faults.simulator.run import Run


# At the server -------------------------------------------------------------------------------------------------------


def unbalanced(run: Run) -> None:
    """What a shop's account is written down with is one more than was moved."""
    edit(run, "app.write_down", "p_tx.merchant_id, e.delta,",
         "p_tx.merchant_id, CASE WHEN e.balance_after IS NULL THEN e.delta + 1 ELSE e.delta END,")  # fmt: skip


def balance_without_entry(run: Run) -> None:
    """A balance moves by more than its entry says."""
    edit(run, "app.post", "SET balance = a.balance + v_line.delta,",
         "SET balance = a.balance + v_line.delta + CASE v_line.bucket WHEN 'uses' THEN 1 ELSE 0 END,")  # fmt: skip


def below_the_floor(run: Run) -> None:
    """Nobody asks whether there is enough on a pass, and no constraint stops it."""
    run.server.rows(_DROP_CHECKS)
    edit(run, "app.decide_use", "v_uses > p_left AND v_rung <> 'at_risk'", "false")
    edit(run, "app.post_use", "greatest(0, v_uses - p_aside - p_left)", "0")


def bonus_as_principal(run: Run) -> None:
    """What is spent of a bonus is taken from the principal."""
    edit(run, "app.post_charge", "app.amount_of(v_parts, 'bonus'), v_vat", "0, v_vat")


def use_number_twice(run: Run) -> None:
    """Uses are not counted on."""
    run.server.rows(_DROP_UNIQUE)
    edit(run, "app.post_use", "v_last_use + c.line_no", "1")


def refusal_forgotten(run: Run) -> None:
    """A no is answered and not kept."""
    kept = "PERFORM app.keep_outcome(p_by, p_key, p_content_hash, p_effect_hash, v_outcome);"
    edit(run, "app.answer", kept, f"IF NOT p_result ? 'code' THEN {kept} END IF;")


def late_success_kept(run: Run) -> None:
    """An abandoned request that had succeeded is not taken back."""
    run.more = [(40, steps.redeem_uses), (20, mishaps.network_on), (15, steps.sync)]
    edit(run, "app.abandon_request", "v_result := app.take_back_request(p_by, p_request_id, p_reason);",
         "v_result := '{}';")  # fmt: skip


def effect_without_audit(run: Run) -> None:
    """Charges are not written into the audit."""
    run.server.rows(_NO_AUDIT)


def audit_rewritten(run: Run) -> None:
    """Somebody changes a row of the audit after it was sealed."""
    seal = run.server.seal

    def sealed() -> None:
        seal()
        run.server.rows("UPDATE audit.event_log SET subject = 'another' WHERE event = 'posted.pass_sold'")

    run.undo.enter_context(patch.object(run.server, "seal", sealed))


def watermark_goes_back(run: Run) -> None:
    """A till is told that less is durable than is."""

    def made(answer: Callable[..., PushAnswer]) -> Callable[..., PushAnswer]:
        def less(*arguments: Any) -> PushAnswer:
            told = answer(*arguments)
            return replace(told, acknowledged_seq=max(0, told.acknowledged_seq - 1))

        return less

    instead(run, facts, "_answer", made)


def answered_before_commit(run: Run) -> None:
    """Now and then what was answered is rolled back."""
    turns = itertools.count(1)

    def made(post: Any) -> Any:
        async def forgets(pool: Pool, terminal: TerminalIdentity, expected: Any, batch: Any, head: Any) -> Any:
            if next(turns) % 5:
                return await post(pool, terminal, expected, batch, head)
            async with transaction(pool, terminal_claims(terminal)) as connection:
                found = await functions.intake_facts(connection, expected, batch, head, False)
                await connection.execute("ROLLBACK AND CHAIN")
            return found

        return forgets

    instead(run, facts, "_post", made)


def more_issued_than_sold(run: Run) -> None:
    """A sale gives a use that nobody has paid for."""
    edit(run, "app.sell_pass", "v_uses - v_forfeited", "v_uses + 1 - v_forfeited")
    edit(run, "app.sell_pass", "-v_uses)", "-v_uses - 1)")


def points_for_nothing(run: Run) -> None:
    """Every charge earns a point too many."""
    edit(
        run, "app.post_charge", "app.points_earned(v_raw, p_by.currency)", "app.points_earned(v_raw, p_by.currency) + 1"
    )


def alias_forgotten(run: Run) -> None:
    """Of somebody who was made at two tills, the ledger knows the one id only."""
    run.more = [(15, newcomers.two_make_one), (10, mishaps.network_on), (10, steps.sync)]
    edit(run, "app.take_fact", "v_effect := app.with_member(v_effect);", "NULL;")


def anybody_writes(run: Run) -> None:
    """The program's login may write balances."""
    run.server.rows("GRANT UPDATE ON app.accounts TO tillkeeper_app")


# At a till -----------------------------------------------------------------------------------------------------------


def asks_under_another_id(run: Run) -> None:
    """Without an answer a till asks once more, as if it had not asked."""

    def made(send: Callable[..., ActionAnswer | None]) -> Callable[..., ActionAnswer | None]:
        def again(till: Till, request: ActionRequest) -> ActionAnswer | None:
            return send(till, request) or send(till, replace(request, request_id=till.ids.new()))

        return again

    instead(run, asking, "send", made)


def slip_number_skipped(run: Run) -> None:
    """A number of the series is on no slip."""

    def made(next_slip: Callable[..., str]) -> Callable[..., str]:
        def skips(*arguments: Any) -> str:
            next_slip(*arguments)
            return next_slip(*arguments)

        return skips

    instead(run, series, "next_slip", made)


def hash_of_something_else(run: Run) -> None:
    """A fact is chained by another hash than that of its bytes."""
    instead(run, chain, "hash_fact", lambda hash_fact: lambda data: hash_fact(data + b" "))


def queue_forgotten(run: Run) -> None:
    """Now and then what waits counts as handed in, and is not sent."""
    turns = itertools.count(1)

    def made(push: Callable[..., bool]) -> Callable[..., bool]:
        def forgets(sync: loop.SyncLoop) -> bool:
            if next(turns) % 3:
                return push(sync)
            waits = update(OUTBOX).where(OUTBOX.c.state == "pending").values(state="accepted")
            sync._journal.keep(lambda rows: rows.execute(waits))
            return False

        return forgets

    instead(run, loop.SyncLoop, "_push", made)


def printed_again(run: Run) -> None:
    """After a crash a slip that was being printed is printed once more."""

    def made(_: object) -> Callable[..., int]:
        def queued(rows: Connection, at: object) -> int:
            return rows.execute(
                update(PRINT_JOBS).where(PRINT_JOBS.c.state == "sending").values(state="queued")
            ).rowcount

        return queued

    instead(run, prints, "recover", made)


def caps_ignored(run: Run) -> None:
    """A till takes any risk for a signed code; the server does not look either."""

    def made(_: object) -> Callable[..., Evidence]:
        def bold(uses: int, known: Knowledge, request_id: str | None) -> Evidence:
            if uses <= known.own_sale_uses or known.policy is None or known.snapshot is None:
                return decide_offline(uses, known, request_id)
            seen = known.snapshot
            return Evidence("at_risk", request_id, known.policy.version, seen.nonce, seen.issued_at)

        return bold

    instead(run, redeem, "decide_offline", made)
    edit(run, "app.check_unproven", "BEGIN\n", "BEGIN\n    RETURN NULL;\n")


def changes_lost(run: Run) -> None:
    """Of every other page what it says of passes is not written down."""
    turns = itertools.count()

    def made(apply_change: Callable[..., None]) -> Callable[..., None]:
        def forgets(rows: Connection, journal: Any, change: Any, answer: Any) -> None:
            if change.table != "pass" or next(turns) % 2:
                apply_change(rows, journal, change, answer)

        return forgets

    instead(run, apply, "_apply_change", made)


_DROP_CHECKS = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'app.accounts'::regclass AND contype = 'c' LOOP
        EXECUTE format('ALTER TABLE app.accounts DROP CONSTRAINT %I', c.conname);
    END LOOP;
END $$
"""
_DROP_UNIQUE = """
DO $$ DECLARE i record; BEGIN
    FOR i IN SELECT x.indexrelid::regclass AS name, c.conname FROM pg_index AS x
               LEFT JOIN pg_constraint AS c ON c.conindid = x.indexrelid
              WHERE x.indrelid = 'app.pass_redemptions'::regclass AND x.indisunique AND NOT x.indisprimary LOOP
        IF i.conname IS NULL THEN EXECUTE format('DROP INDEX %s', i.name);
        ELSE EXECUTE format('ALTER TABLE app.pass_redemptions DROP CONSTRAINT %I', i.conname); END IF;
    END LOOP;
END $$
"""
_NO_AUDIT = """
CREATE FUNCTION simulator.no_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER no_audit BEFORE INSERT ON audit.event_log FOR EACH ROW
    WHEN (NEW.event = 'posted.card_charged') EXECUTE FUNCTION simulator.no_audit();
"""
BUGS = (
    Bug("an entry that does not balance", 1, unbalanced),
    Bug("a balance without its entry", 2, balance_without_entry),
    Bug("a pass below its floor", 3, below_the_floor, first_seed=4),
    Bug("bonus taken as principal", 4, bonus_as_principal),
    Bug("a use number used twice", 5, use_number_twice),
    Bug("a refusal that is forgotten", 6, refusal_forgotten),
    Bug("a late success that is kept", 6, late_success_kept, first_seed=3),
    Bug("asked again under another id", 6, asks_under_another_id, first_seed=3),
    Bug("a slip number skipped", 7, slip_number_skipped),
    Bug("an effect without audit", 8, effect_without_audit),
    Bug("the audit rewritten", 8, audit_rewritten, found_by="check"),
    Bug("a watermark that goes back", 9, watermark_goes_back),
    Bug("a hash of something else", 9, hash_of_something_else),
    Bug("answered before the commit", 10, answered_before_commit),
    Bug("a queue forgotten", 10, queue_forgotten),
    Bug("an original printed twice", 10, printed_again, first_seed=7),
    Bug("more issued than sold", 11, more_issued_than_sold),
    Bug("risk without bounds", 12, caps_ignored, first_seed=4),
    Bug("points for nothing", 13, points_for_nothing),
    Bug("anybody writes balances", 14, anybody_writes, found_by="check"),
    Bug("an id of a member that is nobody's", 0, alias_forgotten),
    Bug("changes lost on the way down", 0, changes_lost),
    *planted_at_hq.BUGS,
)
_PROMISES = {
    1: "entries sum to zero", 2: "a balance is its entries", 3: "nothing below its floor",
    4: "principal and bonus apart", 5: "a use is used once", 6: "one id, one effect, one answer",
    7: "numbers once, without gaps", 8: "one audit row an effect", 9: "the chain of a till",
    10: "acknowledged is durable, printed is recorded", 11: "spent + reserved + free = issued",
    12: "losses within the policy, and owed", 13: "points follow history", 14: "nobody acts beyond their rights",
    0: "in the end all show the same",
}  # fmt: skip


def table() -> str:
    """The bugs by the promise they break, as docs/faults.md has them."""
    rows = []
    for number, promise in _PROMISES.items():
        bugs = "; ".join(f"{bug.name}{_FINDERS[bug.found_by]}" for bug in BUGS if bug.invariant == number)
        rows.append(f"| {number or '–'} | {promise} | {bugs} |")
    return "\n".join(["| | what must stay true | planted bugs |", "|---|---|---|", *rows])


_FINDERS = {"oracle": "", "check": " (C)"}

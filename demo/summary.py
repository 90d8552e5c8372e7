"""Prove what the demonstration showed: compare the tills' journals, the paper and the ledger, figure by figure.

Rule: everything is counted from what lies on disk and in the database; nothing is taken from the script's own memory.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync_server.bootstrap import Home
from sync_server.database.engine import PLATFORM, Pool, open_pool, transaction
from sync_server.reports import invariants

PRINTED = ("printed", "handed_over")

_TOUCHED = """
SELECT pass_id::text, count(DISTINCT terminal_id), sum(loss_uses)::int
  FROM (SELECT pass_id, terminal_id, loss_uses FROM app.pass_redemption_batches
        UNION ALL SELECT pass_id, terminal_id, 0 FROM app.topup_orders) AS acts
 GROUP BY pass_id
"""
"""Per pass: how many tills sold or redeemed it, and how many of its uses were overspent."""


@dataclass(frozen=True, slots=True)
class Journal:
    """What one till wrote down: facts as (hash, body), print jobs as (slip, copy, state)."""

    name: str
    facts: tuple[tuple[str, Mapping[str, Any]], ...]
    jobs: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim, whether it holds, and what was compared."""

    claim: str
    holds: bool
    details: str


def read_journal(name: str, file: Path) -> Journal:
    """Read a till's journal without touching it; sqlite3.Error when it is none."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        facts = connection.execute("SELECT hash, bytes FROM facts ORDER BY seq").fetchall()
        jobs = connection.execute("SELECT slip, copy, state FROM print_jobs ORDER BY job_id").fetchall()
    return Journal(name, tuple((fact_hash, json.loads(data)) for fact_hash, data in facts), tuple(jobs))


async def summarise(
    home: Home, journals: Sequence[Journal], paper: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], tuple[Proof, ...]]:
    """Return the summary in the form of `summary.json`, and the proofs behind it."""
    async with open_pool(home.urls.app, application_name="demo-summary", max_size=2) as pool:
        checked = await invariants.check(pool)
        ledger = await _ledger(pool)
    proofs = (
        _every_fact_once(journals, ledger["facts"]),
        _uses_agree(journals, ledger["uses"], ledger["own_uses"]),
        _one_original(journals, paper),
        _paper_follows_journal(journals, paper),
    )
    jobs = [job for journal in journals for job in journal.jobs]
    summary = {
        "facts": sum(len(journal.facts) for journal in journals),
        "ledger_transactions": ledger["transactions"],
        "entries": ledger["entries"],
        "slips": {
            "printed": sum(1 for _, _, state in jobs if state in PRINTED),
            "reprints": sum(1 for _, copy, state in jobs if copy and state in PRINTED),
            "unknown": sum(1 for _, _, state in jobs if state == "unknown"),
        },
        "held": sum(1 for outcome in ledger["facts"].values() if outcome == "held"),
        "invariants": {str(number): result.state for number, result in checked.items()},
        "proofs": {proof.claim: proof.details if proof.holds else f"BROKEN: {proof.details}" for proof in proofs},
        "steps": list(steps),
    }
    return summary, proofs


async def _ledger(pool: Pool) -> dict[str, Any]:
    async with transaction(pool, PLATFORM) as connection:
        facts = await (await connection.execute("SELECT encode(hash, 'hex'), outcome FROM app.facts")).fetchall()
        uses = await (await connection.execute("SELECT pass_id::text, uses_left FROM app.passes_held")).fetchall()
        touched = await (await connection.execute(_TOUCHED)).fetchall()
        counts = await (
            await connection.execute(
                "SELECT (SELECT count(*) FROM app.transactions), (SELECT count(*) FROM app.entries)"
            )
        ).fetchone()
    assert counts is not None
    return {
        "facts": dict(facts),
        "uses": dict(uses),
        "own_uses": {pass_id for pass_id, tills, loss in touched if tills == 1 and loss == 0},
        "transactions": counts[0],
        "entries": counts[1],
    }


def _every_fact_once(journals: Sequence[Journal], at_server: Mapping[str, str]) -> Proof:
    recorded = [fact_hash for journal in journals for fact_hash, _ in journal.facts]
    missing = [fact_hash for fact_hash in recorded if fact_hash not in at_server]
    outcomes = Counter(at_server.values())
    posted, held = outcomes["accepted"], outcomes["held"]
    return Proof(
        "every fact of a till is at the server exactly once, and posted + held = recorded",
        not missing and len(recorded) == len(set(recorded)) == posted + held,
        f"{posted} posted + {held} held = {len(recorded)} recorded, {len(missing)} missing",
    )


def _uses_agree(journals: Sequence[Journal], in_ledger: Mapping[str, int], comparable: set[str]) -> Proof:
    """Compare the last slip of each pass with the ledger, where one till alone used it and nothing was overspent."""
    last: dict[str, int] = {}
    for journal in journals:
        for _, fact in journal.facts:
            body = fact["body"]
            if fact["kind"] in ("PassSold", "PassRedeemed") and body["pass_id"] in comparable:
                last[body["pass_id"]] = body["uses_left"]
    wrong = {
        pass_id: (said, in_ledger.get(pass_id)) for pass_id, said in last.items() if in_ledger.get(pass_id) != said
    }
    return Proof(
        "uses left on the slip = uses left in the ledger",
        bool(last) and not wrong,
        f"{len(last)} passes compared, {len(wrong)} differ",
    )


def _one_original(journals: Sequence[Journal], paper: Sequence[Mapping[str, Any]]) -> Proof:
    """Count the papers of each slip by what stands on them: one without the copy's mark, and no copy nobody ordered."""
    unmarked = Counter(_slip_of(code) for job in paper for code in job["qr"] if not job["marked"])
    marked = Counter(_slip_of(code) for job in paper for code in job["qr"] if job["marked"])
    ordered = Counter(slip for journal in journals for slip, copy, _ in journal.jobs if copy)
    doubled = sorted(slip for slip, count in unmarked.items() if count > 1)
    return Proof(
        "at most one unmarked original per slip",
        bool(unmarked) and not doubled and marked <= ordered,
        f"{sum(unmarked.values())} originals, {sum(marked.values())} marked copies of {sum(ordered.values())} ordered, "
        f"{len(doubled)} doubled",
    )


def _paper_follows_journal(journals: Sequence[Journal], paper: Sequence[Mapping[str, Any]]) -> Proof:
    known = {slip for journal in journals for slip, _, _ in journal.jobs}
    unknown = sorted({_slip_of(code) for job in paper for code in job["qr"]} - known)
    return Proof("nothing printed is unknown to a journal", not unknown, f"{len(unknown)} unknown papers")


def _slip_of(code: str) -> str:
    return code.rpartition(".")[0]

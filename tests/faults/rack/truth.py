"""The rack's own books: what was issued and what was handed over, read from the tills' records alone; and the verdict.

Rule: nothing of the product's arithmetic is used. A fact is JSON in a file; whatever a till, a copy of it or one that
was set back has ever recorded was handed over. The server is asked only what it did with each.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

PROVEN = ("online", "own_sale", "reserved")
_FACTS = """
SELECT f.seq, f.hash, f.kind, f.bytes, o.state, o.acknowledged_at, o.heard
  FROM facts AS f JOIN outbox AS o USING (seq) WHERE f.kind IN (%s) ORDER BY f.seq
"""
_KINDS = ("PassSold", "PassRedeemed", "ToppedUp", "CardCharged", "ReservationClosed")

Group = tuple[str, str]
"""(member, plan) of uses; (card, currency) of money."""


@dataclass(frozen=True)
class Happened:
    """One fact that moves stored value, as a till's file has it. `copy`: which of a terminal's folders."""

    terminal_id: str
    copy: str
    seq: int
    hash: str
    kind: str
    fact_id: str
    at: datetime
    body: dict[str, Any]
    acknowledged_at: datetime | None

    @property
    def rung(self) -> str:
        """On which ground it was spent."""
        return str(self.body.get("evidence", {}).get("rung", ""))

    @property
    def reservation_id(self) -> str | None:
        """Out of which reservation."""
        found = self.body.get("evidence", {}).get("reservation_id")
        return None if found is None else str(found)


def read(folder: Path, terminal_id: str) -> list[Happened]:
    """What a data folder has recorded, alive or dead."""
    file = folder / "journal.sqlite"
    if not file.exists():
        return []
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    try:
        rows = connection.execute(_FACTS % ",".join("?" * len(_KINDS)), _KINDS).fetchall()
    finally:
        connection.close()
    found = []
    for seq, hashed, kind, data, _, acknowledged_at, heard in rows:
        plain = json.loads(data)
        acknowledged = acknowledged_at or (plain["happened_at"] if heard else None)
        found.append(
            Happened(
                terminal_id, str(folder), seq, hashed, kind, plain["fact_id"], _time(plain["happened_at"]),
                plain["body"], None if acknowledged is None else _time(acknowledged),
            )
        )  # fmt: skip
    return found


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class Copied:
    """A terminal of which there were several histories: since which place they may differ, how many copies."""

    since_seq: int
    copies: int = 1


@dataclass
class Books:
    """What the adversary knows to have been issued, done and spoiled in one schedule."""

    opening: dict[Group, int] = field(default_factory=dict)
    plan_of_pass: dict[str, Group] = field(default_factory=dict)
    caps: dict[str, int] = field(default_factory=dict)
    """Terminal -> the uses that the policy in force lets it lose."""
    cloned: dict[str, Copied] = field(default_factory=dict)
    lost: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when to when what the server had recorded may be gone."""
    opened: dict[str, datetime] = field(default_factory=dict)
    """Reservation -> when it was made."""
    set_aside: Counter[str] = field(default_factory=Counter)
    """Terminal -> uses that were ever set aside for it."""
    money_aside: Counter[str] = field(default_factory=Counter)
    """Terminal -> minor units that were ever set aside for it."""
    released: Counter[Group] = field(default_factory=Counter)
    """What HQ freed at its own risk while a till could still spend it."""
    published: int = 0
    """The most uses that HQ showed as the worst case at any time before."""
    acknowledged: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """Terminal and hash -> when an earlier epoch had acknowledged a fact, which a till forgets when it sends again."""
    shown: set[str] = field(default_factory=set)
    """Facts of which a till has said that they are done."""

    def note_acknowledged(self, everything: Sequence[Happened]) -> None:
        """Before a catastrophe: what has been acknowledged by now."""
        for one in everything:
            if one.acknowledged_at is not None:
                self.acknowledged.setdefault((one.terminal_id, one.hash), one.acknowledged_at)

    def group_of(self, one: Happened) -> Group:
        """What it spends or issues."""
        body = one.body
        if one.kind == "PassSold":
            return (body["member_id"], body["plan_id"])
        if one.kind == "PassRedeemed":
            return self.plan_of_pass[body["pass_id"]]
        return (body["member_id"], "money")

    def was_lost(self, one: Happened) -> bool:
        """May the server have forgotten it, or what was known when it happened?"""
        times = [one.at, self.opened.get(one.reservation_id or "", one.at)]
        return any(begin <= at <= end for begin, end in self.lost for at in times)


@dataclass
class Verdict:
    """What came of a schedule. Uses, but for `money_over` (minor units)."""

    over: dict[Group, int]
    by_honest: int = 0
    by_risk: int = 0
    by_copies: int = 0
    by_lost_time: int = 0
    by_release: int = 0
    published: int = 0
    at_once: int = 0
    """The most unproven uses that were out, over all tills, and that the server had not heard of."""
    bound_copies: int = 0
    bound_lost: int = 0
    money_over: int = 0
    money_by_copies: int = 0
    handed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def judge(books: Books, everything: Sequence[Happened]) -> Verdict:
    """Who spent what twice, and whether that stays within what may happen.

    An overspend is laid to what could have caused it, in the order: unproven uses, copies of a till, lost time, what HQ
    released at risk; what is left is the honest tills', and must be nothing.
    """
    facts = [
        replace(one, acknowledged_at=books.acknowledged.get((one.terminal_id, one.hash), one.acknowledged_at))
        for one in _distinct(everything)
    ]
    for one in facts:
        if one.kind == "PassSold":
            books.plan_of_pass[one.body["pass_id"]] = books.group_of(one)
    issued: Counter[Group] = Counter(books.opening)
    spent: dict[Group, list[tuple[Happened, int]]] = defaultdict(list)
    for one in facts:
        if one.kind == "PassSold":
            issued[books.group_of(one)] += one.body["uses"]
        elif one.kind == "ToppedUp":
            issued[books.group_of(one)] += one.body["amount_minor"] + one.body["bonus_minor"]
        elif one.kind == "PassRedeemed":
            spent[books.group_of(one)].append((one, one.body["uses"]))
        elif one.kind == "CardCharged":
            spent[books.group_of(one)].append((one, one.body["total_minor"]))
    verdict = Verdict({}, published=books.published)
    for group, uses in spent.items():
        _lay(books, verdict, group, issued[group], uses)
    _bounds(books, verdict, facts)
    shown = books.shown - {one.fact_id for one in everything}
    if shown:
        verdict.wrong.append(f"{len(shown)} acts were shown as done and no till's file has them: {sorted(shown)[:3]}")
    return verdict


def _distinct(everything: Sequence[Happened]) -> list[Happened]:
    """Each fact once, whatever folders have it; one that somebody heard acknowledged is told so."""
    found: dict[tuple[str, str], Happened] = {}
    for one in everything:
        known = found.get((one.terminal_id, one.hash))
        if known is None or known.acknowledged_at is None:
            found[one.terminal_id, one.hash] = one
    return sorted(found.values(), key=lambda one: one.at)


def _lay(books: Books, verdict: Verdict, group: Group, issued: int, spent: list[tuple[Happened, int]]) -> None:
    """Whose an overspend of one group is."""
    total = sum(amount for _, amount in spent)
    for one, amount in spent:
        verdict.handed[f"{one.kind} {one.rung}"] += amount if one.kind == "PassRedeemed" else 1
    over = total - issued
    if over <= 0:
        return
    verdict.over[group] = over
    risk = sum(amount for one, amount in spent if one.rung == "at_risk" and not _of_copy(books, one))
    copies = sum(amount for one, amount in spent if _of_copy(books, one) and one.rung != "online")
    lost = sum(amount for one, amount in spent if books.was_lost(one))
    by_risk = min(over, risk)
    by_copies = min(over - by_risk, copies)
    by_lost = min(over - by_risk - by_copies, lost)
    by_release = min(over - by_risk - by_copies - by_lost, books.released[group])
    honest = over - by_risk - by_copies - by_lost - by_release
    verdict.by_honest += honest
    if group[1] == "money":
        verdict.money_over += over
        verdict.money_by_copies += by_copies
    else:
        verdict.by_risk += by_risk
        verdict.by_copies += by_copies
        verdict.by_lost_time += by_lost
        verdict.bound_lost += lost
        verdict.by_release += by_release
    if honest:
        lines = [f"{one.at:%H:%M:%S.%f} {one.terminal_id[:8]} {one.kind} {one.rung} {amount}" for one, amount in spent]
        verdict.wrong.append(
            f"{group}: {total} of {issued} handed over, {honest} by nobody's fault:\n" + "\n".join(lines)
        )


def _of_copy(books: Books, one: Happened) -> bool:
    copied = books.cloned.get(one.terminal_id)
    return copied is not None and one.seq > copied.since_seq


def _bounds(books: Books, verdict: Verdict, facts: list[Happened]) -> None:
    """Each till's unproven uses within its cap at any moment; all overspend within what HQ had published."""
    chains: dict[tuple[str, str], list[Happened]] = defaultdict(list)
    for one in facts:
        if one.kind == "PassRedeemed" and one.rung == "at_risk":
            chains[one.terminal_id, one.copy].append(one)
    for (terminal, copy), uses in chains.items():
        cap, most = books.caps.get(terminal, 0), _most_at_once(uses)
        if most > cap:
            verdict.wrong.append(f"{terminal} ({copy}) took {most} unproven uses at a time, its cap is {cap}")
    honest = [one for uses in chains.values() for one in uses if not _of_copy(books, one)]
    verdict.at_once = _most_at_once(sorted(honest, key=lambda one: one.at))
    if verdict.at_once > books.published:
        verdict.wrong.append(f"{verdict.at_once} uses were out unproven at a time, HQ had published {books.published}")
    for terminal, copied in books.cloned.items():
        own = sum(
            one.body["uses"] for one in facts
            if one.terminal_id == terminal and one.kind == "PassRedeemed" and one.rung == "own_sale"
        )  # fmt: skip
        verdict.bound_copies += copied.copies * (books.caps.get(terminal, 0) + books.set_aside[terminal]) + own
    if verdict.by_copies > verdict.bound_copies:
        verdict.wrong.append(
            f"copies of tills added {verdict.by_copies} uses, {verdict.bound_copies} at most were theirs"
        )


def _most_at_once(uses: Sequence[Happened]) -> int:
    """The most of these, in order, that were out at a time and not acknowledged to the till that took them."""
    return max((
        sum(
            other.body["uses"] for other in uses[: number + 1]
            if other.acknowledged_at is None or other.acknowledged_at > one.at
        )
        for number, one in enumerate(uses)
    ), default=0)  # fmt: skip

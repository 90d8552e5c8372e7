"""Somebody who knows every member, pass and code, has every till in their hands, and tries to spend a use twice.

Rule: all is drawn from the seed; what the machines make of it in which order is theirs. A move is a few words of the
story, and whatever it spoils is noted in the books, so that the verdict knows what may be missing.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from sync_server.database.engine import Pool
from sync_server.members import codes
from tests.faults.rack import setting_aside
from tests.faults.rack.driver import Said
from tests.faults.rack.fleet import TillProcess, answers, ask_all
from tests.faults.rack.ground import CAP_OF, Ground, now
from tests.faults.rack.truth import Books, Copied, Happened, read
from tests.flows import shop
from tests.flows.proxy import DOWN, UP, Proxy

MEMBERS = 5
_TOP_UP_MINOR = 6000
CATASTROPHES = (
    "none",
    "server dies",
    "restore",
    "none",
    "promote synchronous",
    "database dies",
    "none",
    "promote asynchronous",
)
"""In turn, by seed: so that few schedules see each."""


class Adversary:
    """One schedule in motion."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.seed, self.luck = ground, seed, random.Random(f"rack {seed}")
        self.books, self.story = Books(), list[str]()
        self.done: Counter[str] = Counter()
        self.people: list[shop.Person] = []
        self.snapshots: dict[str, list[str]] = {}
        self.tokens: list[setting_aside.Token] = []
        self.copies: list[TillProcess] = []
        self.aside: list[tuple[str, Path]] = []
        self.spoiled: set[str] = set()
        self.catastrophe = CATASTROPHES[seed % len(CATASTROPHES)]
        self.dares_copies = self.luck.random() < 0.5
        self._folders = 0

    # The schedule ------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Members with few uses and a little money; every till knows them."""
        premises = self.ground.premises
        for _ in range(MEMBERS):
            uses = self.luck.choice((1, 1, 2, 3))
            person = premises.member({shop.TEN: uses})
            self.people.append(person)
            self.books.opening[person.member_id, shop.TEN] = uses
            self.books.plan_of_pass[person.passes[shop.TEN]] = (person.member_id, shop.TEN)
        tills = self.ground.tills
        self.books.caps = {till.terminal_id: CAP_OF[till.store] for till in tills}
        self.ground.all_sync(tills)
        for till, person in zip(tills, self.people, strict=False):
            till.ask("top_up", phone=person.phone, amount_minor=_TOP_UP_MINOR)
        self.heard(answers(tills))
        self.ground.all_sync(tills)
        premises.do(self._show_codes)
        self.publish()

    def attack(self, moves: int) -> None:
        """So many moves, the catastrophe somewhere among them."""
        strikes_at = self.luck.randrange(moves // 2, moves)
        for number in range(moves):
            if number == strikes_at and self.catastrophe != "none":
                self.books.note_acknowledged(self.everything())
                self._do(_CATASTROPHES[self.catastrophe])
            menu = _MENU + setting_aside.MENU
            if self.dares_copies:
                menu = menu + _COPYING + setting_aside.COPYING
            (move,) = self.luck.choices([move for _, move in menu], [weight for weight, _ in menu])
            self._do(move)

    def _do(self, move: Callable[[Adversary], str]) -> None:
        name = move.__name__.strip("_").replace("_", " ")
        self.story.append(f"{now():%H:%M:%S} {name}: ")
        self.done[name] += 1
        self.story[-1] += move(self)

    # What it works with -------------------------------------------------------------------------------------------

    @property
    def everybody(self) -> list[TillProcess]:
        """Every till that runs, copies too."""
        return [till for till in (*self.ground.tills, *self.copies) if till.running]

    def some(self, most: int) -> list[TillProcess]:
        """Some of the tills that run."""
        found = self.everybody
        return self.luck.sample(found, min(len(found), self.luck.randint(1, most)))

    def one(self, tills: Sequence[TillProcess]) -> TillProcess:
        return self.luck.choice(list(tills))

    def new_folder(self) -> Path:
        self._folders += 1
        return self.ground.folder / f"schedule{self.seed}-{self._folders}"

    async def _show_codes(self, pool: Pool) -> None:
        """Every phone shows a signed code."""
        for person in self.people:
            code = await codes.snapshot_code(
                pool, self.ground.premises.keys, person.member_id, shop.MERCHANT, now() - timedelta(seconds=1)
            )
            self.snapshots.setdefault(person.member_id, []).append(code)

    def publish(self) -> None:
        """What HQ shows as the worst case now."""
        self.books.published = max(self.books.published, self.ground.premises.published().get("use", 0))

    def heard(self, said: dict[str, Said]) -> str:
        """Note what tills have shown as done; the answers in few words."""
        words: Counter[str] = Counter()
        for one in said.values():
            assert "bug" not in one, one["bug"]
            if "fact_id" in one:
                self.books.shown.add(str(one["fact_id"]))
            words[
                str(
                    one.get("rung") or one.get("refused") or one.get("trouble") or ("died" if "died" in one else "done")
                )
            ] += 1
        for word, count in words.items():
            self.done[f"= {word}"] += count
        return ", ".join(f"{count} {word}" for word, count in sorted(words.items()))

    def everything(self) -> list[Happened]:
        """What all folders have recorded, those that were taken away too."""
        found: list[Happened] = []
        for till in (*self.ground.tills, *self.copies):
            found += read(till.folder, till.terminal_id)
        for terminal_id, folder in self.aside:
            found += read(folder, terminal_id)
        return [one for one in found if self._ours(one)]

    def _ours(self, one: Happened) -> bool:
        return any(one.body.get("member_id") == person.member_id for person in self.people)

    def copy_of(self, till: TillProcess) -> TillProcess:
        """Copy the disk of a till into another machine; both go on, on lines of their own."""
        till.kill()
        self.spoil(till, 1)
        copy = TillProcess(f"copy of {till.name}", self.new_folder(), Proxy(self.ground.premises.port))
        till.copy_to(copy.folder)
        copy.store, copy.revoked = till.store, till.revoked
        self.copies.append(copy)
        self.ground.start([till, copy])
        return copy

    def spoil(self, till: TillProcess, copies: int) -> None:
        """A terminal has several histories from here on."""
        facts = read(till.folder, till.terminal_id)
        known = self.books.cloned.get(till.terminal_id)
        if known is None:
            self.books.cloned[till.terminal_id] = Copied(max([0, *(one.seq for one in facts)]), copies)
        else:
            known.copies += copies
        self.spoiled.add(till.name)


# Spending twice ------------------------------------------------------------------------------------------------------


def _the_same_code_everywhere(adversary: Adversary) -> str:
    """One signed code at every till, cut off."""
    person = adversary.luck.choice(adversary.people)
    code = adversary.luck.choice(adversary.snapshots[person.member_id])
    tills = adversary.everybody
    for till in tills:
        till.network.down()
    said = ask_all(tills, "redeem", pass_id=person.passes[shop.TEN], uses=1, code=code)
    return f"{person.phone}, {adversary.heard(said)}"


def _the_same_use_online(adversary: Adversary) -> str:
    """Many tills ask the ledger for the same pass at once."""
    person = adversary.luck.choice(adversary.people)
    short = adversary.luck.random() < 0.5
    code = adversary.ground.premises.short_code(person) if short else ""
    tills = adversary.some(10)
    for till in tills:
        till.network.never_mind()
        till.network.up()
    asked = {"code": code} if short else {"phone": person.phone}
    said = ask_all(tills, "redeem", pass_id=person.passes[shop.TEN], uses=1, **asked)
    return f"{person.phone} at {len(tills)}, {adversary.heard(said)}"


def _some_off_some_on(adversary: Adversary) -> str:
    """Half of the tills asks, the other half cannot."""
    person = adversary.luck.choice(adversary.people)
    code = adversary.luck.choice(adversary.snapshots[person.member_id])
    tills = adversary.some(8)
    for number, till in enumerate(tills):
        (till.network.up if number % 2 else till.network.down)()
    said = ask_all(tills, "redeem", pass_id=person.passes[shop.TEN], uses=adversary.luck.choice((1, 1, 2)), code=code)
    return f"{person.phone} at {len(tills)}, {adversary.heard(said)}"


def _a_pass_sold_and_spent(adversary: Adversary) -> str:
    """A pass is sold without a network and spent at once, there and elsewhere."""
    person, till = adversary.luck.choice(adversary.people), adversary.one(adversary.everybody)
    till.network.down()
    till.ask("sell_pass", phone=person.phone, plan=shop.TAXED)
    words = adversary.heard(answers([till]))
    elsewhere = adversary.some(6)
    tills = list({one.name: one for one in (till, *elsewhere)}.values())
    said = ask_all(tills, "redeem", plan=shop.TAXED, uses=adversary.luck.choice((1, 4)), phone=person.phone)
    return f"{person.phone} at {till.name}: {words}; {adversary.heard(said)}"


def _the_same_money(adversary: Adversary) -> str:
    """One card's code at many tills at once."""
    person = adversary.luck.choice(adversary.people)
    code = adversary.ground.premises.short_code(person)
    tills = adversary.some(6)
    for till in tills:
        till.network.never_mind()
        till.network.up()
    return f"{person.phone} at {len(tills)}, {adversary.heard(ask_all(tills, 'charge', code=code))}"


def _killed_in_the_act(adversary: Adversary) -> str:
    """kill -9 while uses are taken; started again the till goes on."""
    person, tills = adversary.luck.choice(adversary.people), adversary.some(2)
    code = adversary.luck.choice(adversary.snapshots[person.member_id])
    for till in tills:
        till.ask("redeem", pass_id=person.passes[shop.TEN], uses=1, code=code)
    pause = adversary.luck.random() * 0.15
    if pause < 0.1:
        answers_soon(tills, pause)
    for till in tills:
        till.kill()
        if adversary.luck.random() < 0.5:
            till.machine.reboot()
    adversary.ground.start(tills)
    return f"{person.phone} at {[till.name for till in tills]}"


def answers_soon(tills: Sequence[TillProcess], seconds: float) -> None:
    """Let these work for a moment; what they answer meanwhile nobody reads."""
    till = tills[0]
    assert till._line is not None
    till._line.poll(seconds)


# Time, lines, machines -----------------------------------------------------------------------------------------------


def _a_clock_is_set(adversary: Adversary) -> str:
    """Back, forward, or the machine sleeps without counting."""
    tills = adversary.some(3)
    hours, slept = adversary.luck.choice((-48, -24, -1, 0, 24)), adversary.luck.choice((0, 0, 600, 3500))
    said = ask_all(tills, "clock", wrong_by_seconds=3600 * hours, slept_seconds=slept)
    frozen = sum(bool(one.get("frozen")) for one in said.values())
    return f"{hours} h, asleep {slept} s at {len(tills)}; {frozen} frozen"


def _lines_are_spoiled(adversary: Adversary) -> str:
    """Cut, cut at a byte, slow, deaf, or what is sent arrives twice."""
    told = []
    for till in adversary.some(5):
        how = adversary.luck.choice(("down", "up", "up", "cut", "twice", "noise", "late"))
        network = till.network
        network.never_mind()
        match how:
            case "down":
                network.down()
            case "up":
                network.up()
            case "cut":
                network.up()
                network.cut_after(adversary.luck.choice((UP, DOWN)), adversary.luck.randrange(2000))
            case "twice":
                network.up()
                network.add_after(UP)
            case "noise":
                network.up()
                network.add_after(DOWN, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            case "late":
                network.up()
                network.delay(adversary.luck.random())
        told.append(f"{till.name} {how}")
    return ", ".join(told)


def _some_hand_in(adversary: Adversary) -> str:
    """Some come back and speak to the server."""
    tills = adversary.some(8)
    for till in tills:
        till.network.up()
    said = ask_all(tills, "sync")
    return f"{sum(bool(one.get('reachable')) for one in said.values())} of {len(tills)}"


def _phones_show_new_codes(adversary: Adversary) -> str:
    """Fresh signed codes; the old ones are still shown."""
    adversary.ground.premises.do(adversary._show_codes)
    return "all"


def _a_till_is_revoked(adversary: Adversary) -> str:
    """HQ shuts one out; it goes on as long as it does not know."""
    honest = [till for till in adversary.ground.tills if till.running and not till.revoked]
    if any(till.revoked for till in adversary.ground.tills):
        return "one is already"
    till = adversary.one(honest)
    adversary.ground.premises.revoke(till.terminal_id)
    till.revoked = True
    adversary.spoiled.add(till.name)
    return till.name


# Copies of a disk -----------------------------------------------------------------------------------------------------


def _a_till_is_copied(adversary: Adversary) -> str:
    """The disk is copied; original and copy both go on, on lines of their own."""
    if len(adversary.copies) >= 2:
        return "enough of them"
    till = adversary.one([one for one in adversary.ground.tills if one.running])
    adversary.copy_of(till)
    return till.name


def _a_sale_is_copied(adversary: Adversary) -> str:
    """A pass is sold cut off, the disk is copied, and both spend all of it before anybody hears."""
    if len(adversary.copies) >= 2:
        return "enough of them"
    till = adversary.one([one for one in adversary.ground.tills if one.running])
    person = adversary.luck.choice(adversary.people)
    till.network.down()
    till.ask("sell_pass", phone=person.phone, plan=shop.TAXED)
    sold = adversary.heard(answers([till]))
    copy = adversary.copy_of(till)
    copy.network.down()
    said = ask_all([till, copy], "redeem", plan=shop.TAXED, uses=10, phone=person.phone)
    return f"{till.name}, {sold}; {adversary.heard(said)}"


def _a_disk_is_put_back(adversary: Adversary) -> str:
    """The disk is copied, the till spends, and the copy is put back."""
    till = adversary.one([one for one in adversary.ground.tills if one.running])
    person = adversary.luck.choice(adversary.people)
    till.kill()
    kept = adversary.new_folder()
    till.copy_to(kept)
    adversary.spoil(till, 1)
    adversary.ground.start([till])
    code = adversary.snapshots[person.member_id][-1]
    till.ask("redeem", pass_id=person.passes[shop.TEN], uses=1, code=code)
    words = adversary.heard(answers([till]))
    if adversary.luck.random() < 0.5:
        ask_all([till], "sync")
    till.kill()
    gone = adversary.new_folder()
    shutil.move(till.folder, gone)
    shutil.move(kept, till.folder)
    adversary.aside.append((till.terminal_id, gone))
    adversary.ground.start([till])
    return f"{till.name}, {words} forgotten"


# Catastrophes ---------------------------------------------------------------------------------------------------------


def _during(adversary: Adversary, what: Callable[[], object]) -> str:
    """While tills ask for uses."""
    person, tills = adversary.luck.choice(adversary.people), adversary.some(6)
    for till in tills:
        till.network.up()
        till.ask("redeem", pass_id=person.passes[shop.TEN], uses=1, phone=person.phone)
    what()
    return adversary.heard(answers(tills))


def _the_server_dies(adversary: Adversary) -> str:
    return _during(adversary, adversary.ground.premises.kill_server)


def _the_database_dies(adversary: Adversary) -> str:
    return _during(adversary, adversary.ground.premises.kill_database)


def _the_database_is_restored(adversary: Adversary) -> str:
    """A backup is taken, more is spent, the backup comes back."""
    begin = now()
    file = adversary.ground.premises.back_up()
    words = [_the_same_use_online(adversary), _some_hand_in(adversary), _a_pass_sold_and_spent(adversary)]
    adversary.ground.premises.put_back(file)
    adversary.books.lost.append((begin - timedelta(seconds=2), now()))
    return " / ".join(words)


def _the_standby_takes_over_with_everything(adversary: Adversary) -> str:
    """A synchronous standby is promoted while tills ask: whatever was answered is there."""
    adversary.ground.premises.databases.be_synchronous(True)
    before = _the_same_use_online(adversary)
    return f"{before}; then {_during(adversary, adversary.ground.premises.promote)}"


def _the_standby_takes_over_with_less(adversary: Adversary) -> str:
    """An asynchronous standby that had stalled is promoted: what was answered since is lost."""
    begin = now()
    adversary.ground.premises.databases.stall()
    words = [_the_same_use_online(adversary), _some_hand_in(adversary)]
    adversary.ground.premises.promote()
    adversary.books.lost.append((begin - timedelta(seconds=2), now()))
    return " / ".join(words)


_CATASTROPHES: dict[str, Callable[[Adversary], str]] = {
    "server dies": _the_server_dies,
    "database dies": _the_database_dies,
    "restore": _the_database_is_restored,
    "promote synchronous": _the_standby_takes_over_with_everything,
    "promote asynchronous": _the_standby_takes_over_with_less,
}
_MENU: list[tuple[int, Callable[[Adversary], str]]] = [
    (5, _the_same_code_everywhere),
    (5, _the_same_use_online),
    (4, _some_off_some_on),
    (4, _a_pass_sold_and_spent),
    (2, _the_same_money),
    (3, _killed_in_the_act),
    (3, _a_clock_is_set),
    (4, _lines_are_spoiled),
    (4, _some_hand_in),
    (2, _phones_show_new_codes),
    (1, _a_till_is_revoked),
]
_COPYING: list[tuple[int, Callable[[Adversary], str]]] = [
    (3, _a_till_is_copied),
    (2, _a_disk_is_put_back),
    (2, _a_sale_is_copied),
]

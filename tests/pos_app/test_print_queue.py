"""The print queue against a real TCP printer that fails in every way it can."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from models.catalogue import SlipTemplate
from pos_app.journal import prints
from pos_app.journal.tables import PRINT_JOBS
from pos_app.print_queue import LOOK_SECONDS, PrintQueue
from pos_app.till import header, reprint, slip_picture, slips
from printing.layout import Layout, QrCode
from printing.preview import MARGIN_DOTS
from printing.templates import default_template_body
from printing.transports import JobOutcome, PrinterStatus, open_printer
from printing.transports.network import NetworkPrinter
from printing.virtual.server import VirtualPrinter
from tests.pos_app.desk import PUDDING, Desk, uid


@dataclass
class Room:
    """A till and its printer."""

    desk: Desk
    printer: VirtualPrinter
    queue: PrintQueue
    reported: list[dict[str, bool]]
    folder: Path

    def states(self) -> list[tuple[str, str, str | None]]:
        return [(slip.number, slip.state, slip.fault) for slip in reversed(slips.recent(self.desk.till))]

    def paper(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.folder.glob("job-*.json"))]

    def until_printer_is(self, state: str, detail: str | None = None) -> None:
        """Wait until whoever connects now finds it so."""
        probe = NetworkPrinter("127.0.0.1", self.printer.port, timeout_seconds=0.5)
        self.until(lambda: probe.status() == PrinterStatus(state, detail=detail))

    def until(self, holds: Any, seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, self.states()
            time.sleep(0.01)


def queue_for(desk: Desk, port: int, reported: list[dict[str, bool]]) -> PrintQueue:
    printer = NetworkPrinter("127.0.0.1", port, timeout_seconds=0.5)
    return PrintQueue(desk.journal, printer, desk.clock, desk.till.live, lambda **what: reported.append(what))


@pytest.fixture
def room(desk: Desk, tmp_path: Path) -> Iterator[Room]:
    """Nothing runs in the background until a test starts it."""
    with VirtualPrinter(tmp_path / "paper") as printer:
        reported: list[dict[str, bool]] = []
        queue = queue_for(desk, printer.port, reported)
        yield Room(desk, printer, queue, reported, tmp_path / "paper")
        queue.stop()


def test_a_slip_comes_out_once(room: Room) -> None:
    done = room.desk.sell()
    room.queue.tick()
    room.queue.tick()
    assert room.states() == [(done.slips[0], "printed", None)]
    (job,) = room.paper()
    assert (job["drawer_kicks"], len(job["qr"])) == (1, 1)
    assert job["qr"][0].startswith(f"{done.slips[0]}.")
    assert (room.desk.till.live.printer, room.desk.till.live.printer_detail) == ("ready", None)


def test_both_slips_of_a_paid_redemption_in_order(room: Room) -> None:
    done = room.desk.redeem(room.desk.basket(1, add_ons=[PUDDING]))
    room.queue.tick()
    assert [job["qr"][0].rsplit(".", 1)[0] for job in room.paper()] == list(done.slips)
    assert [job["drawer_kicks"] for job in room.paper()] == [0, 1]


@pytest.mark.parametrize(
    ("fault", "state", "detail"),
    [
        ("paper out", "paper_out", "paper_out"),
        ("cover open", "cover_open", "cover_open"),
        ("die", "offline", "unreachable"),
    ],
)
def test_a_printer_that_is_not_ready_gets_nothing_and_the_slip_waits(
    room: Room, fault: str, state: str, detail: str
) -> None:
    room.printer.command(fault if fault != "die" else "die after 0 bytes")
    if fault == "die":
        room.printer.condition.alive = False
        room.until_printer_is(state, detail)
    done = room.desk.sell()
    room.queue.tick()
    assert room.states()[0][1] in ("queued", "not_printed")
    assert room.paper() == []
    assert header.header(room.desk.till).printer == state
    assert header.header(room.desk.till).printer_detail == detail
    room.printer.command("ok")
    room.until_printer_is("ready")
    room.queue.tick()
    assert room.states() == [(done.slips[0], "printed", None)]
    assert header.header(room.desk.till).printer == "ready"


@pytest.mark.parametrize("count", [1, 10, 500, 3000])
@pytest.mark.parametrize("what", ["cut", "die"])
def test_killed_in_the_middle_is_unknown_and_stays_so(room: Room, what: str, count: int) -> None:
    room.desk.sell()
    room.printer.command(f"{what} after {count} bytes")
    room.queue.tick()
    number, state, fault = room.states()[0]
    assert (state, fault) == ("unknown", "connection_lost")
    room.printer.command("ok")
    room.until_printer_is("ready")
    for _ in range(3):
        room.queue.tick()
    assert room.states()[0][1] == "unknown", "never tried again by itself"
    assert reprint.resolve_unknown(room.desk.till, number, printed=False) is not None
    room.queue.tick()
    whole = [job for job in room.paper() if job.get("complete", True)]
    assert [job["drawer_kicks"] for job in whole] == [0], "the drawer is not kicked again"
    assert room.states()[-1][1] == "printed"
    assert room.desk.broken() == []


def test_a_silent_printer_is_unknown_after_its_time(room: Room) -> None:
    done = room.desk.sell()
    room.printer.command("stall 30")
    room.queue.tick()
    assert room.states()[0][1] in ("queued", "not_printed")
    assert room.desk.till.live.printer == "offline"
    room.printer.command("ok")
    room.queue.tick()
    assert room.states() == [(done.slips[0], "printed", None)]


def test_the_state_is_written_before_the_first_byte(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens at the first byte, the journal already says `sending`."""
    room.desk.sell()
    seen = []
    really = prints.change

    def change(rows: Any, job_id: int, state: str, *rest: Any) -> None:
        really(rows, job_id, state, *rest)
        seen.append((state, room.printer.jobs.count))

    monkeypatch.setattr(prints, "change", change)
    room.queue.tick()
    assert seen == [("sending", 0), ("printed", 1)]


def test_after_a_crash_what_was_being_sent_is_unknown(room: Room) -> None:
    number = room.desk.sell().slips[0]
    room.desk.paper(number, "sending")
    room.queue.recover()
    room.queue.tick()
    assert room.states() == [(number, "unknown", "till_restarted")]
    assert room.paper() == []


def test_in_the_background_faults_are_known_at_the_next_look(room: Room) -> None:
    room.queue.start()
    room.until(lambda: room.desk.till.live.printer == "ready")
    room.printer.command("paper out")
    room.until(lambda: room.desk.till.live.printer == "paper_out")
    assert LOOK_SECONDS <= 1.0, "a fault is on screen within two seconds: a look, and the printer's answer"
    assert {"paper": True} in room.reported
    done = [room.desk.sell() for _ in range(3)]
    room.printer.command("ok")
    room.queue.wake()
    room.until(lambda: [state for _, state, _ in room.states()] == ["printed"] * 3)
    assert [job["qr"][0].rsplit(".", 1)[0] for job in room.paper()] == [one.slips[0] for one in done], "in order"


@dataclass
class Scripted:
    """A printer that is ready; each job begins and then ends as the script says."""

    outcomes: list[JobOutcome]
    sent: list[str] = field(default_factory=list)

    def status(self) -> PrinterStatus:
        return PrinterStatus("ready")

    def send(self, job: bytes, job_id: str, on_first_byte: Callable[[], None]) -> JobOutcome:
        on_first_byte()
        self.sent.append(job_id)
        return self.outcomes.pop(0)


def scripted(desk: Desk, *outcomes: JobOutcome) -> tuple[PrintQueue, Scripted]:
    printer = Scripted(list(outcomes))
    return PrintQueue(desk.journal, printer, desk.clock, desk.till.live, lambda **_: None), printer


def test_a_slip_that_is_refused_again_does_not_stay_sending(desk: Desk) -> None:
    refused = JobOutcome("not_printed", "queue_refused")
    queue, _ = scripted(desk, refused, refused, JobOutcome("handed_over"))
    number = desk.sell().slips[0]
    for state in (refused, refused, JobOutcome("handed_over")):
        queue.tick()
        assert [(slip.number, slip.state, slip.fault) for slip in slips.recent(desk.till)] == [
            (number, state.state, state.fault)
        ]


def test_copies_are_marked(room: Room) -> None:
    number = room.desk.sell().slips[0]
    room.queue.tick()
    reprint.reprint(room.desk.till, number, "lost")
    room.queue.tick()
    assert [(slip.copy, slip.state) for slip in slips.recent(room.desk.till)] == [(1, "printed"), (0, "printed")]
    original, copy = (path.stat().st_size for path in sorted(room.folder.glob("job-*.bin")))
    assert copy > original, "the mark is on the paper"


BAD_TEMPLATES = ["", "{}", "[" * 5000, '{"kind":"PASS_SALE_SLIP","blocks":[]}', '{"blocks":7}', "\x00"]


@pytest.mark.parametrize("body", BAD_TEMPLATES)
def test_a_corrupt_template_is_replaced_and_shown(room: Room, body: str) -> None:
    desk = room.desk
    desk.mirrored("template", uid(0x7E), SlipTemplate(uid(0x7E), desk.store.merchant_id, "SALES_TICKET", 2, body))
    done = desk.sell()
    room.queue.tick()
    if (
        body == "\x00"
    ):  # a row that cannot be read at all is left out of the mirror: ours prints, and no template is at fault
        assert room.states() == [(done.slips[0], "printed", None)]
        return
    assert room.states() == [(done.slips[0], "printed", "template_invalid")]
    assert header.header(desk.till).printer_detail == "template_invalid"
    good = default_template_body("SALES_TICKET")
    desk.mirrored("template", uid(0x7E), SlipTemplate(uid(0x7E), desk.store.merchant_id, "SALES_TICKET", 3, good))
    desk.sell()
    room.queue.tick()
    assert room.states()[1][1:] == ("printed", None)
    assert header.header(desk.till).printer_detail is None


def test_a_slip_that_cannot_be_drawn_does_not_stop_the_others(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    first, second = room.desk.sell(), room.desk.sell()
    with room.desk.journal.upkeep() as rows:
        rows.execute(PRINT_JOBS.update().where(PRINT_JOBS.c.slip == first.slips[0]).values(document="{}"))
    for _ in range(3):
        room.queue.tick()
    assert room.states() == [(first.slips[0], "not_printed", "layout_failed"), (second.slips[0], "printed", None)]
    assert len([record for record in caplog.records if "cannot be laid out" in record.message]) == 1


def test_a_slip_that_could_not_be_drawn_comes_out_when_hq_mends_the_template(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """HQ wants more in a QR code than any can hold."""
    desk, good = room.desk, default_template_body("SALES_TICKET")
    bad = json.loads(good)
    (code,) = [block for block in bad["blocks"] if block["type"] == "qr"]
    code["text"] += "{address}" * 40

    def template(version: int, body: str) -> None:
        mine = SlipTemplate(uid(0x7E), desk.store.merchant_id, "SALES_TICKET", version, body)
        desk.mirrored("template", uid(0x7E), mine)

    desk.mirrored("store", desk.store.store_id, replace(desk.store, address="Carrer de Mallorca 1, " * 3))
    template(2, json.dumps(bad))
    number = desk.sell().slips[0]
    for _ in range(2):
        room.queue.tick()
    assert room.states() == [(number, "not_printed", "layout_failed")]
    assert len([record for record in caplog.records if "cannot be laid out" in record.message]) == 1
    template(3, good)
    room.queue.tick()
    assert room.states() == [(number, "printed", None)]


def test_a_one_way_printer_hands_over(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "slips"
    folder.mkdir()
    queue = PrintQueue(desk.journal, open_printer(f"file://{folder}"), desk.clock, desk.till.live, lambda **_: None)
    number = desk.sell().slips[0]
    queue.tick()
    assert [slip.state for slip in slips.recent(desk.till)] == ["handed_over"]
    assert [path.name for path in folder.iterdir()] == [f"{number}-0.bin"]


def test_without_a_printer_sales_go_on(desk: Desk) -> None:
    queue = PrintQueue(desk.journal, None, desk.clock, desk.till.live, lambda **_: None)
    queue.start()
    desk.sell()
    queue.tick()
    queue.stop()
    assert [slip.state for slip in slips.recent(desk.till)] == ["queued"]


@pytest.mark.req("C11")
def test_a_page_comes_out_at_once_and_leaves_nothing_behind(room: Room) -> None:
    """It tells of no fact: printed before the slip that waits, and no trace of it in the journal."""
    done = room.desk.sell()
    outcome = room.queue.page(lambda columns: Layout(columns, (QrCode("PAGE"),)))
    assert not outcome.done()
    room.queue.tick()
    assert outcome.result(0) == JobOutcome("printed")
    assert [job["qr"][0].split(".")[0] for job in room.paper()] == ["PAGE", done.slips[0].split(".")[0]]
    assert room.states() == [(done.slips[0], "printed", None)]


@pytest.mark.req("C11")
def test_a_page_comes_between_two_slips(desk: Desk) -> None:
    printed = JobOutcome("printed")
    queue, printer = scripted(desk, printed, printed, printed)
    first, second = (desk.sell().slips[0] for _ in range(2))
    asked: list[Future[JobOutcome]] = []

    def ask(**_: bool) -> None:
        if not asked:
            asked.append(queue.page(lambda columns: Layout(columns, (QrCode("PAGE"),))))

    queue._report = ask
    queue.tick()
    assert printer.sent == [f"{first}-0", "page", f"{second}-0"]
    assert asked[0].result(0) == printed


@pytest.mark.req("C11")
def test_a_page_never_waits(room: Room) -> None:
    room.printer.command("paper out")
    lost = room.queue.page(lambda columns: Layout(columns, (QrCode("PAGE"),)))
    room.queue.tick()
    assert lost.result(0) == JobOutcome("not_printed", "paper_out")
    broken = room.queue.page(lambda _columns: Layout(999, ()))
    last = room.queue.page(lambda columns: Layout(columns, (QrCode("PAGE"),)))
    room.printer.command("ok")
    room.queue.tick()
    with pytest.raises(ValueError, match="999"):
        broken.result(0)
    assert last.result(0) == JobOutcome("printed")
    left = room.queue.page(lambda columns: Layout(columns, (QrCode("PAGE"),)))
    room.queue.stop()
    assert left.result(0) == room.queue.page(lambda columns: Layout(columns, ())).result(0)
    assert left.result(0) == JobOutcome("not_printed", "none")


@pytest.mark.req("C11")
def test_another_printer_takes_over_after_the_job_in_hand(room: Room, tmp_path: Path) -> None:
    """The slip that is being sent ends at the old printer; those that wait come out of the new one, on its paper."""
    done = [room.desk.sell().slips[0] for _ in range(3)]
    with VirtualPrinter(tmp_path / "other", width_dots=384) as other:
        sending, changed = threading.Event(), threading.Event()

        def change() -> None:
            assert sending.wait(10)
            room.queue.use(f"tcp://127.0.0.1:{other.port}", 32)
            changed.set()

        def begun(**_: bool) -> None:
            if room.states()[0][1] == "sending" and not sending.is_set():
                room.printer.command("stall 0.3")
                sending.set()
                assert not changed.is_set()

        room.queue._report = begun
        changing = threading.Thread(target=change)
        changing.start()
        room.queue.start()
        room.until(lambda: [state for _, state, _ in room.states()] == ["printed"] * 3)
        changing.join(10)
        assert changed.is_set()
        # Paper that no cutter ends is kept when the line is closed.
        room.until(lambda: len(list((tmp_path / "other").glob("job-*.json"))) == 2)
        jobs = [json.loads(path.read_text()) for path in sorted((tmp_path / "other").glob("job-*.json"))]
    assert [job["qr"][0].rsplit(".", 1)[0] for job in room.paper()] == done[:1]
    assert [job["qr"][0].rsplit(".", 1)[0] for job in jobs] == done[1:]
    assert {job["width"] for job in jobs} == {384}
    live = room.desk.till.live
    assert (live.printer, live.printer_address, live.paper_columns) == ("ready", f"tcp://127.0.0.1:{other.port}", 32)
    assert slip_picture.draw(room.desk.till, done[0]).width == 384 + 2 * MARGIN_DOTS


@pytest.mark.req("C11")
def test_slips_that_waited_for_any_printer_come_out_when_there_is_one(desk: Desk, tmp_path: Path) -> None:
    queue = PrintQueue(desk.journal, None, desk.clock, desk.till.live, lambda **_: None)
    desk.sell()
    queue.tick()
    assert desk.till.live.printer == "none"
    queue.use(f"file://{tmp_path}", 48)
    queue.tick()
    assert [slip.state for slip in slips.recent(desk.till)] == ["handed_over"]
    queue.use("none", 48)
    queue.tick()
    assert (desk.till.live.printer, desk.till.live.printer_address) == ("none", "none")
    with pytest.raises(ValueError, match="no printer address"):
        queue.use("lpt1", 48)

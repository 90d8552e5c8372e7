"""`python -m demo run`: the product on a screen, ready to be used. `python -m demo play`: the scripted shift.

Rule: without a display `run` plays the shift too. Exit code 0 only when every step showed what it should and every
invariant holds; Ctrl-C ends everything that was started.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from playwright.sync_api import Page

from demo import hq
from demo.members import MEMBERS
from demo.processes import ChildFailed
from demo.seed import HQ_LOGIN, HQ_PASSWORD
from demo.shift import Shift, Step
from demo.shops import shops
from demo.stage import AlreadyPlaying, Stage, alone, fresh_folder, has_display
from demo.summary import Journal, read_journal, summarise
from demo.window import NotShown
from sync_server.bootstrap import at_home
from sync_server.settings import Settings

RUN_FOLDER, PLAY_FOLDER = Path("var/run"), Path("var/demo")


def main() -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("run", "play"))
    signal.signal(signal.SIGTERM, _leave)
    try:
        if parser.parse_args().what == "run" and has_display():
            return run(RUN_FOLDER.resolve())
        if not has_display():
            print("No display was found: the scripted shift is played off screen.", flush=True)
        return play(PLAY_FOLDER.resolve())
    except (ChildFailed, NotShown, AlreadyPlaying, hq.BrowserMissing, OSError) as error:
        print(f"\nThe demonstration stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", file=sys.stderr)
        return 130


def run(folder: Path) -> int:
    """Bring everything up, pair a till when it is the first time, and open the window until it is closed."""
    with Stage(folder, display=True) as stage:
        _start(stage)
        till = folder / "SZ1T01"
        if not (till / "journal.sqlite").exists():
            stage.say("pairing the till")
            code = stage.pairing_code("SZ1", "SZ1T01")
            arguments = stage.till_arguments("SZ1T01")
            status, output = stage.command("pair", ["-m", "pos_app", "pair", code, *arguments[3:]])
            if status:
                raise ChildFailed(f"the till could not be paired: {output}")
        _introduce(stage)
        status = stage.run_till("SZ1T01")
    if status:
        print(f"The window ended with status {status}. Why: {folder / 'logs' / 'SZ1T01.log'}", file=sys.stderr)
        print("When no window can be opened here, `make demo` plays it off screen.", file=sys.stderr)
    return status


def play(folder: Path) -> int:
    """Play the scripted shift without a screen and leave pictures, paper and the summary in `folder`."""
    with alone(folder), Stage(folder, display=False) as stage:
        fresh_folder(folder)
        _start(stage)
        shift = Shift(stage)
        shift.play()
        steps = [*shift.steps, *_look_at_hq(stage)]
        tills = sorted(path.parent for path in folder.glob("*/journal.sqlite"))
        for till in tills:
            status, output = stage.command(f"verify-{till.name}", ["-m", "pos_app", "verify", "--data", str(till)])
            if status:
                raise NotShown(f"{till.name}: pos-app verify found something broken:\n{output}")
        journals = [read_journal(till.name, till / "journal.sqlite") for till in tills]
        assert stage.printer is not None
        return _sum_up(stage, journals, stage.printer.jobs(), steps)


def _start(stage: Stage) -> None:
    stage.say("starting the server: Postgres, migrations, the demo shops")
    stage.start_server()
    stage.say(f"server ready at {stage.server_url}")
    stage.start_printer()
    assert stage.printer is not None
    stage.say(f"receipt printer ready on port {stage.printer.port}; its paper lands in {stage.printer.folder}")


def _introduce(stage: Stage) -> None:
    staff = ", ".join(f"{person.name} {person.pin}" for person in shops()[0].people)
    others = ", ".join(f"{person.name} {person.pin}" for person in shops()[1].people)
    print(
        f"\n  Staff, PIN     {staff} (the last one approves what others may not)"
        f"\n  in Barcelona   {others}"
        f"\n  HQ             {stage.server_url}/admin   name {HQ_LOGIN}, password {HQ_PASSWORD}"
        f"\n  Member codes   {stage.server_url}/demo/members   (hold one before the camera, or drop its picture"
        " on the window)"
        f"\n  Member page    {stage.server_url}/m/   phone {MEMBERS[0].phone}; its code shows at {stage.sms_url}"
        f"\n  Slips          {stage.folder / 'slips'}\n\n  Close the window to stop everything.\n",
        flush=True,
    )


_PAGES = (
    ("orders", None), ("order", ".hq-number"), ("held", "a[href='/admin/held']"),
    ("shifts", "a[href='/admin/shifts']"), ("shift", ".hq-number"),
)  # fmt: skip
"""Pages of HQ, and what is clicked to come there."""


def _look_at_hq(stage: Stage) -> list[Step]:
    steps = []
    with hq.signed_in(stage.server_url, HQ_LOGIN, HQ_PASSWORD) as page:
        for name, selector in _PAGES:
            stage.say(f"HQ: {name}")
            if selector is not None:
                page.locator(selector).first.click()
            _wait_for_reports(page)
            path = stage.folder / f"hq-{name}.png"
            hq.photograph(page, path)
            steps.append(Step(f"HQ: {name}", path.name, 0.0))
    return steps


def _wait_for_reports(page: Page) -> None:
    """Look again until the tills have told how far each slip came; they do so within seconds."""
    for _ in range(10):
        if page.locator(".hq-step-wait").count() == 0:
            return
        page.wait_for_timeout(500)
        page.reload()


def _sum_up(stage: Stage, journals: list[Journal], paper: list[dict[str, object]], steps: list[Step]) -> int:
    settings = Settings(data=stage.folder / "server", database_url=os.environ.get("DATABASE_URL") or None)
    with at_home(settings, os.environ, beside=True) as home:
        summary, proofs = asyncio.run(summarise(home, journals, paper, [asdict(step) for step in steps]))
    path = stage.folder / "summary.json"
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", "utf-8")
    broken = [number for number, state in summary["invariants"].items() if state == "broken"]
    for proof in proofs:
        stage.say(f"{'holds ' if proof.holds else 'BROKEN'}  {proof.claim}: {proof.details}")
    states = ", ".join(f"{number} {state}" for number, state in summary["invariants"].items())
    stage.say(f"invariants: {states}")
    stage.say(f"summary, screens, slips and HQ pages: {stage.folder}")
    stage.say(
        f"look at HQ again: .venv/bin/sync-server serve --data {settings.data}, then /admin there, "
        f"name {HQ_LOGIN}, password {HQ_PASSWORD}"
    )
    return 1 if broken or not all(proof.holds for proof in proofs) else 0


def _leave(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

"""The plug is pulled while the ledger is asked about a card: after the restart the same request comes to its end.

A real process is killed with SIGKILL at the moment the question leaves; another opens its journal again.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models import codec
from models.facts import Refunded, RequestAbandoned
from models.wire import ActionAnswer, ActionRequest
from pos_app import bootstrap
from pos_app.journal.tables import PRINT_JOBS, REQUESTS
from pos_app.settings import Settings
from pos_app.till import refund, refundable
from tests.pos_app.desk import Desk

SENT = "sent.json"


def die_asking(folder: str, kind: str) -> None:
    """In the child: begin a charge or a refund, and die as its question leaves."""
    desk = Desk(Path(folder) / "till")
    if kind == "refund":
        desk.top_up()
        desk.acknowledge(len(desk.chain()))

    def leave(request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        with (Path(folder) / SENT).open("wb") as sent:
            sent.write(codec.encode(request))
            sent.flush()
            os.fsync(sent.fileno())
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    desk.server.ask = leave  # type: ignore[method-assign]
    if kind == "charge":
        desk.charge()
    else:
        number = refundable.recent(desk.till)[0].tx_no
        refund.refund(desk.till, str(number), 4_000, "cash", "other")


def killed(folder: Path, kind: str) -> ActionRequest:
    """Run the child to its death; return what it had sent."""
    program = f"from {__name__} import die_asking; die_asking({str(folder)!r}, {kind!r})"
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-3000:]
    return codec.decode(ActionRequest, (folder / SENT).read_bytes())


def restarted(folder: Path) -> Desk:
    """What the shop's own start makes of the journal, then somebody who looks at it."""
    settings = Settings(data_dir=folder / "till", server_url="http://127.0.0.1:1", camera="none", key_storage="file")
    bootstrap.start(settings, lambda _changes: None).stop()
    return Desk(folder / "till", begin=False)


def test_a_refund_is_asked_again_under_the_same_id(tmp_path: Path) -> None:
    sent = killed(tmp_path, "refund")
    desk = restarted(tmp_path)
    (row,) = desk.table(REQUESTS)
    assert (row["request_id"], row["state"]) == (sent.request_id, "asked")
    assert [one.state for one in refund.waiting(desk.till)] == ["asked"], "in sight before anybody signs in"
    bootstrap.settle_requests(desk.till)
    bootstrap.settle_requests(desk.till)
    assert desk.server.asked == [sent], "the very same question, once answered never again"
    (given,) = [fact.body for fact in desk.chain() if isinstance(fact.body, Refunded)]
    assert sent.refund is not None
    assert (given.refund_id, given.evidence.request_id) == (sent.refund.refund_id, sent.request_id)
    assert [job["kind"] for job in desk.table(PRINT_JOBS)] == ["TOPUP_SLIP", "REFUND_SLIP"]
    (told,) = refund.waiting(desk.till)
    assert (told.state, told.cash_minor) == ("accepted", 3_600)
    assert desk.broken() == []
    desk.stop()


def test_a_charge_is_taken_back_under_the_same_id(tmp_path: Path) -> None:
    """Nothing was handed over, so it is abandoned: the fact reverses what the ledger may have posted."""
    sent = killed(tmp_path, "charge")
    desk = restarted(tmp_path)
    (row,) = desk.table(REQUESTS)
    assert (row["request_id"], row["state"]) == (sent.request_id, "abandoned")
    assert [fact.body for fact in desk.chain()][1:] == [RequestAbandoned(sent.request_id, "till_restarted")]
    bootstrap.settle_requests(desk.till)
    assert (desk.server.asked, desk.table(PRINT_JOBS)) == ([], [])
    assert desk.broken() == []
    desk.stop()


@pytest.mark.parametrize("kind", ["charge", "refund"])
def test_the_question_is_kept_before_it_leaves(tmp_path: Path, kind: str) -> None:
    sent = killed(tmp_path, kind)
    desk = Desk(tmp_path / "till", begin=False)
    (row,) = desk.table(REQUESTS)
    assert (row["kind"], row["state"], row["bytes"]) == (kind, "asked", codec.encode(sent))
    desk.stop()

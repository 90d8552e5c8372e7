"""Wire messages: a request asks for one action, exactly."""

import json
from datetime import UTC, datetime

import pytest

from models import codec
from models.passes import AddOnChoice, Cup
from models.refusals import Refusal
from models.wire import ActionRequest, ChargeAsked, RedeemAsked, RefundAsked

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
CUPS = (Cup("tea", (AddOnChoice("coconut", 2),)),)
REDEEM = RedeemAsked("r", "p", "m", "2026-11-20", CUPS, 0, "CNY", (), NOW)
CHARGE = ChargeAsked("o", "1" * 20, CUPS, 2550, 2423, "CNY", "2026-11-20", NOW)
REFUND = RefundAsked("f", "ZF000123", 1000, None, "CNY", "customer_wish", NOW)


@pytest.mark.parametrize(
    "request_",
    [ActionRequest(1, "q", REDEEM), ActionRequest(1, "q", charge=CHARGE), ActionRequest(1, "q", refund=REFUND)],
)
def test_requests_read_back(request_: ActionRequest) -> None:
    assert codec.decode(ActionRequest, codec.encode(request_)) == request_


def test_a_request_for_redemption_alone_still_reads() -> None:
    plain = {"protocol": 1, "request_id": "q", "redeem": codec.to_plain(REDEEM)}
    assert codec.decode(ActionRequest, json.dumps(plain)) == ActionRequest(1, "q", REDEEM)


@pytest.mark.parametrize("asked", [{}, {"redeem": REDEEM, "charge": CHARGE}, {"charge": CHARGE, "refund": REFUND}])
def test_none_or_two_actions_are_malformed(asked: dict[str, object]) -> None:
    plain = {"protocol": 1, "request_id": "q", **codec.to_plain(asked)}
    with pytest.raises(Refusal, match="request_malformed"):
        codec.decode(ActionRequest, json.dumps(plain))
    with pytest.raises(ValueError, match="exactly one"):
        ActionRequest(1, "q", **asked)  # type: ignore[arg-type]

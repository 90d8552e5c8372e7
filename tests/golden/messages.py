"""One value and more of every message, made of fixed values: what a golden file holds of requests and answers."""

from __future__ import annotations

from datetime import UTC, datetime

from models import codec
from models.cards import BonusRule, LevelBand
from models.catalogue import (
    AddOn,
    Category,
    CompanyCard,
    Member,
    MemberPass,
    PassPlan,
    Product,
    RiskCaps,
    RiskPolicy,
    SignedPolicy,
    SlipTemplate,
    StaffMember,
    Store,
)
from models.passes import AddOnChoice, Cup
from models.refusals import PROBLEM_TYPE_PREFIX
from models.reservations import Reservation
from models.tenders import Tender
from models.wire import (
    ActionAnswer,
    ActionRequest,
    AlarmsAnswer,
    Change,
    ChangesAnswer,
    ChargeAsked,
    Companion,
    FactResult,
    Head,
    Health,
    HeardHead,
    HeldDecision,
    MemberAlias,
    PairAnswer,
    PairRequest,
    PrintReport,
    Problem,
    PushAnswer,
    PushRequest,
    RedeemAsked,
    RefundAsked,
    Revocation,
    SealHead,
    SealingKey,
    ServerKey,
    TillAlarm,
    TillAlarms,
)
from tests.golden.chain import chain

AT = datetime(2026, 11, 20, 6, 32, 0, 123456, tzinfo=UTC)
_ID = "0f000000-0000-7000-8000-0000000000{:02d}"
_KEY = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lgY="
_SIGNATURE = "c2lnbmF0dXJlIG9mIDY0IGJ5dGVz" * 3
_EPOCH = "0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e"
_STORE = Store(
    _ID.format(1), _ID.format(2), "SZ1", "深圳一店", "Asia/Shanghai", "CNY", "zh-CN", "测试有限公司", "91440300TEST",
    "深圳", 120,
)  # fmt: skip
_SEAL = SealHead(7, _EPOCH, "cd" * 32, "k1", _SIGNATURE, AT)
_HEARD = HeardHead(1, "ef" * 32, _EPOCH, "k1", _SIGNATURE)
_REVOKED = Revocation(_ID.format(27), "terminal_revoked", AT, "k1", _SIGNATURE)
_CUPS = (Cup(_ID.format(3), (AddOnChoice(_ID.format(4), 2),)), Cup(_ID.format(3)))
_NAMES = {"zh-CN": "红茶", "en": "Tea", "es-ES": "Té"}
_POLICY = RiskPolicy(_ID.format(5), _ID.format(1), 3, 2, 3, 4, 86400, 43200, RiskCaps(1, 2, 3, 4, 5))

_COMPANIES = (CompanyCard(_ID.format(15), "ABCDEFG2", "E-2026-0042", "松果公司", "CNY"),)
_CHANGES: tuple[tuple[str, str, object], ...] = (
    ("store", _ID.format(1), _STORE),
    ("server_key", "k1", ServerKey("k1", _KEY)),
    ("policy", _ID.format(1), SignedPolicy(codec.encode(_POLICY).decode(), "k1", _SIGNATURE)),
    ("staff", _ID.format(6), StaffMember(_ID.format(6), _ID.format(2), _ID.format(1), "小李", "$argon2id$x",
                                         frozenset({"refund", "reprint"}), False)),
    ("category", _ID.format(7), Category(_ID.format(7), _ID.format(2), _NAMES, 1)),
    ("product", _ID.format(3), Product(_ID.format(3), _ID.format(2), _ID.format(7), _NAMES, 1800, "0.06",
                                       frozenset({"tea", "cup"}), (_ID.format(4),), 2, False)),
    ("add_on", _ID.format(4), AddOn(_ID.format(4), _ID.format(2), _NAMES, 300, "0.06", "free_addon", 1, False)),
    ("plan", _ID.format(8), PassPlan(_ID.format(8), _ID.format(2), _NAMES, 15000, "CNY", 10, 90, True, "tea", "none",
                                     "0", 2, 3, 1, False)),
    ("template", _ID.format(9), SlipTemplate(_ID.format(9), _ID.format(2), "SALES_TICKET", 2, "{}")),
    ("member", _ID.format(10), Member(_ID.format(10), "ABCDEFG1", "M1", "王明", "13800000000", "1", "active", 100,
                                      "CNY", 12, "$argon2id$x", _COMPANIES)),
    ("pass", _ID.format(11), MemberPass(_ID.format(11), _ID.format(2), _ID.format(10), _ID.format(8), "active", 10, 7,
                                        AT, "2026-11-20", 2)),
    ("level_band", f"{_ID.format(2)}/1", LevelBand(1, 100, 999, "0.950", _ID.format(2))),
    ("bonus_rule", _ID.format(12), BonusRule(_ID.format(12), _ID.format(2), "CNY", 10000, 500, "0.15", AT, AT)),
    ("sealing_key", "k2", SealingKey("k2", _KEY, AT)),
    ("member_alias", _ID.format(13), MemberAlias(_ID.format(13), _ID.format(10))),
    ("decision", "ef" * 32, HeldDecision("ef" * 32, "post", "it happened", "ZF00000001", AT)),
    ("reservation", _ID.format(32), Reservation(_ID.format(32), "3" + "0A" * 140, 3, 1, AT, "recalled", "lease")),
)  # fmt: skip


def messages() -> dict[str, object]:
    """Name -> message. The name begins with the message's type; what follows the point says which case."""
    facts = tuple(text.decode() for text in chain())
    redeem = RedeemAsked(
        _ID.format(20), _ID.format(11), _ID.format(10), "2026-11-20", _CUPS, 300, "CNY", (Tender("cash", 300, 500),),
        AT, "1ABCDEFG1ABCDEFGHIJK",
    )  # fmt: skip
    charge = ChargeAsked(_ID.format(21), "1ABCDEFG1ABCDEFGHIJK", _CUPS, 2100, 1995, "CNY", "2026-11-20", AT)
    refund = RefundAsked(_ID.format(22), "CZ00000012", 5000, "cash", "CNY", "customer_wish", AT)
    results = (
        FactResult(_ID.format(23), 1, "accepted", None, "CK00000001"),
        FactResult(_ID.format(24), 2, "already_known"),
        FactResult(_ID.format(25), 3, "held", "member_unknown"),
    )
    charged = {
        "card_id": _ID.format(26), "card_type": "personal", "member_id": _ID.format(10), "discount": "0.950",
        "total_minor": 1995, "points_earned": 19, "points": 31, "balance_minor": 3005,
    }  # fmt: skip
    report = PrintReport("VR.SZ1T01.000001", 0, "printed", AT)
    return {
        "PairRequest": PairRequest(1, "K7QX3MHATRW9", _KEY, "x86_64", "1.0.0"),
        "PairRequest.again": PairRequest(1, "K7QX3MHATRW9", _KEY, "x86_64", "1.0.0", _ID.format(27)),
        "PairAnswer": PairAnswer(_ID.format(27), "SZ1T01", _STORE, (ServerKey("k1", _KEY),), _EPOCH, AT),
        "PushRequest.empty": PushRequest(1, (), None),
        "PushRequest.full": PushRequest(
            1, facts[:2], Head(2, "ab" * 32, _SIGNATURE), (report,), _SEAL, _HEARD,
            (Companion(_ID.format(21), "c2VhbGVk" * 9),),
        ),
        "PushAnswer.empty": PushAnswer((), 0, False, _EPOCH, AT),
        "PushAnswer.full": PushAnswer(results, 3, True, _EPOCH, AT, _SIGNATURE, "k1", _SEAL, 2),
        "ActionRequest.redeem": ActionRequest(1, _ID.format(28), redeem),
        "ActionRequest.charge": ActionRequest(1, _ID.format(29), charge=charge),
        "ActionRequest.refund": ActionRequest(1, _ID.format(30), refund=refund),
        "ActionAnswer.redeemed": ActionAnswer(_ID.format(28), "accepted", None, {}, 6, "HX00000001", AT),
        "ActionAnswer.charged": ActionAnswer(_ID.format(29), "accepted", None, charged, None, "ZF00000001", AT),
        "ActionAnswer.refused": ActionAnswer(
            _ID.format(30), "refused", "refund_exceeds", {"refundable_minor": 3000}, None, None, AT
        ),
        "ChangesAnswer.empty": ChangesAnswer(f"{_EPOCH}.0..", False, _EPOCH, AT),
        "ChangesAnswer.full": ChangesAnswer(
            f"{_EPOCH}.9.pass.x", True, _EPOCH, AT,
            (*(Change(table, key, codec.to_plain(value)) for table, key, value in _CHANGES),
             Change("product", _ID.format(31), None)), 3, _SEAL, 2, True,
        ),
        "TillAlarms": TillAlarms(1, (TillAlarm("journal_edited", 7),)),
        "AlarmsAnswer": AlarmsAnswer(AT),
        "Health": Health("ok", "1.0.0", AT),
        "Problem": Problem(
            f"{PROBLEM_TYPE_PREFIX}request_expired", "request expired", 401, "request_expired", AT, "0123456789abcdef",
            {"skew_seconds": -400},
        ),
        "Revocation": _REVOKED,
        "Problem.revoked": Problem(
            f"{PROBLEM_TYPE_PREFIX}terminal_revoked", "terminal revoked", 403, "terminal_revoked", AT,
            "0123456789abcdef",
            {"revocation": codec.to_plain(_REVOKED)},
        ),
    }  # fmt: skip

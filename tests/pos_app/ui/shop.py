"""A small real till for the window's tests: a real journal in a folder, seeded as a pull would, with real use cases.

Doubles stand only for the clock, the devices and the server behind the gateway.
"""

import base64
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from models import codec
from models.cards import BonusRule, LevelBand, discounted
from models.catalogue import AddOn, Category, CompanyCard, Member, MemberPass, PassPlan, Product, StaffMember, Store
from models.facts import decode_fact
from models.refusals import Refusal
from models.tokens import ShortCode, encode_short, make_card_ref
from models.wire import (
    ActionAnswer,
    ActionRequest,
    ChargeAsked,
    FactResult,
    Health,
    PairAnswer,
    PairRequest,
    RefundAsked,
    SealingKey,
)
from pos_app import training
from pos_app.clock import RandomIds, Standing
from pos_app.journal import identity, members, mirror, passes, prints, trust
from pos_app.journal import outbox as sent_facts
from pos_app.journal.identity import Identity
from pos_app.journal.store import Journal
from pos_app.print_queue import PrintQueue
from pos_app.support import write_bundle
from pos_app.sync.errors import ServerUnavailable
from pos_app.till import outbox
from pos_app.till.till import Live, Options, Till
from pos_app.till.values import Changes
from printing.layout import Layout
from printing.transports import JobOutcome

NOON = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
PIN = "246810"
EPOCH = "e1"
SEALING_KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
MERCHANT = "0198a000-0000-7000-8000-0000000000a1"
STORES = {
    "CNY": Store(
        "0198a000-0000-7000-8000-0000000000b1", MERCHANT, "SZ1", "星河茶乐园 深圳万象店", "Asia/Shanghai",
        "CNY", "zh-CN", "深圳星河茶饮有限公司", "91440300MA5EXAMPLE", "深圳市南山区万象路 1 号",
    ),
    "EUR": Store(
        "0198a000-0000-7000-8000-0000000000b2", MERCHANT, "BCN1", "Estrella Té y Juegos Barcelona", "Europe/Madrid",
        "EUR", "es-ES", "Estrella Té S.L.", "B12345674", "Carrer de Mallorca 1, Barcelona",
    ),
}  # fmt: skip
TERMINALS = {"SZ1": "SZ1T03", "BCN1": "BCN1T01"}


def uid(number: int) -> str:
    """A readable id."""
    return f"0198a000-0000-7000-8000-{number:012x}"


def card_ref(number: int) -> str:
    """A card reference that checks."""
    return make_card_ref(number.to_bytes(8, "big"))


def short_code(number: int, secret: str = "ABCDEFGHIJK") -> str:
    """A short code of member `number`."""
    return encode_short(ShortCode(card_ref(number), secret))


def _names(zh: str, es: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "es-ES": es, "en": en}


_TEA, _SNACK, _PLAY = uid(0xC1), uid(0xC2), uid(0xC3)
ADD_ONS = (
    ("珍珠", "Perlas de tapioca", "Tapioca pearls", 200, "free_addon"),
    ("椰果", "Gelatina de coco", "Coconut jelly", 200, "free_addon"),
    ("布丁", "Pudin de huevo", "Egg pudding", 300, "paid_addon"),
    ("芝士奶盖", "Crema de queso", "Cheese foam", 400, None),
)
PRODUCTS = (
    (_TEA, "珍珠奶茶", "Té con leche y perlas", "Pearl milk tea", 1800, "tea"),
    (_TEA, "茉莉绿茶", "Té verde de jazmín", "Jasmine green tea", 1500, "tea"),
    (_TEA, "杨枝甘露", "Mango, pomelo y sagú", "Mango pomelo sago", 2200, "tea"),
    (_TEA, "芝士葡萄", "Uva con crema de queso", "Cheese foam grape", 2400, "tea"),
    (_TEA, "黑糖鲜牛乳", "Leche fresca con azúcar moreno", "Brown sugar fresh milk", 2000, "tea"),
    (_TEA, "手打柠檬茶", "Té de limón machacado a mano", "Hand-crushed lemon tea", 1600, "tea"),
    (_SNACK, "鸡蛋仔", "Gofre de huevo", "Egg waffle", 1200, "snack"),
    (_SNACK, "矿泉水", "Agua mineral", "Mineral water", 500, "snack"),
    (_SNACK, "章鱼小丸子", "Takoyaki", "Takoyaki", 1600, "snack"),
    (_PLAY, "蹦床 60 分钟", "Cama elástica 60 minutos", "Trampoline 60 minutes", 6800, "play"),
    (_PLAY, "防滑袜", "Calcetines antideslizantes", "Grip socks", 800, "socks"),
    (_PLAY, "储物柜", "Taquilla", "Locker", 1000, "socks"),
)
PLANS = (
    ("奶茶 10 次卡", "Bono de 10 tés", "10 teas pass", 15000, 10, 180, True, "tea", "single_purpose", 1),
    ("蹦床 5 次卡", "Bono de 5 saltos", "5 jumps pass", 29900, 5, 365, False, "play", "none", 0),
    ("畅饮 30 次卡", "Bono de 30 tés", "30 teas pass", 39900, 30, 365, True, "tea", "single_purpose", None),
)
PEOPLE = (("王小雨", "+8613812346021", "gold", 26800, 1240), ("陈静", "13900006021", "silver", 0, 35),
          ("Laura Martínez Fernández", "+34612345678", "standard", 1200, 8))  # fmt: skip


@dataclass
class Clock:
    """Noon, until a test moves it."""

    moment: datetime = NOON
    ticks: float = 1000.0
    frozen: bool = False
    age_seconds: int | None = 0

    def now(self) -> datetime:
        return self.moment

    def monotonic_seconds(self) -> float:
        return self.ticks

    def standing(self) -> Standing:
        return Standing(self.age_seconds, self.frozen)

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.ticks += seconds
        self.age_seconds = None if self.age_seconds is None else self.age_seconds + int(seconds)


PINE = CompanyCard(uid(0xC01), card_ref(0xC01), "E-2026-0042", "松果科技（深圳）有限公司", "CNY")
ACME = CompanyCard(uid(0xC02), card_ref(0xC02), "ACME7", "Panadería Fernández e Hijas, S.L.", "CNY")
FOREIGN = CompanyCard(uid(0xC03), card_ref(0xC03), "E-2026-0099", "Overseas Ltd", "USD")


@dataclass
class Server:
    """What stands behind the gateway: answers, refuses, or is not there. One id has one answer, for ever.

    `discount`: the ledger's own, when it differs from what the till says. `lost_replies`: so many answers are given and
    never arrive. `previews`: whether it says what a refund would be answered; an older one does not.
    """

    reachable: bool = True
    refuse: str | None = None
    refuse_data: dict[str, Any] = field(default_factory=dict)
    discount: str | None = None
    balance_minor: int = 26_800
    lost_replies: int = 0
    delay: Callable[[], None] = lambda: None
    slow: Callable[[], object] = lambda: None
    asked: list[ActionRequest] = field(default_factory=list)
    previews: bool = False
    previewed: list[ActionRequest] = field(default_factory=list)
    answers: dict[str, ActionAnswer] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    closed: bool = False
    store: Store = field(default_factory=lambda: STORES["CNY"])

    def ask(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        self.asked.append(request)
        self.delay()
        if not self.reachable:
            return None
        answer = self.answers.get(request.request_id)
        if answer is None:
            answer = self.answers[request.request_id] = self._answer(request)
        if self.lost_replies:
            self.lost_replies -= 1
            return None
        return answer

    def preview(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer | None:
        self.previewed.append(request)
        self.slow()
        return self._answer(request) if self.reachable and self.previews else None

    def _answer(self, request: ActionRequest) -> ActionAnswer:
        def no(code: str, **data: Any) -> ActionAnswer:
            return ActionAnswer(request.request_id, "refused", code, data, None, None, NOON)

        def yes(tx_no: str, **data: Any) -> ActionAnswer:
            return ActionAnswer(request.request_id, "accepted", None, data, None, tx_no, NOON)

        if self.refuse:
            return no(self.refuse, **self.refuse_data)
        if request.charge is not None:
            return self._charge(request.charge, no, yes)
        if request.refund is not None:
            return self._refund(request.refund, no, yes)
        return yes("HX000001")

    def _charge(
        self, asked: ChargeAsked, no: Callable[..., ActionAnswer], yes: Callable[..., ActionAnswer]
    ) -> ActionAnswer:
        discount = self.discount or f"{asked.total_minor / asked.raw_total_minor:.3f}"
        total_minor = discounted(asked.raw_total_minor, discount) if self.discount else asked.total_minor
        if total_minor != asked.total_minor:
            return no("price_changed", total_minor=total_minor, discount=discount)
        if total_minor > self.balance_minor:
            return no("balance_insufficient", balance_minor=self.balance_minor, total_minor=total_minor)
        self.balance_minor -= total_minor
        who = next((n for n in range(1, len(PEOPLE) + 1) if card_ref(n) == asked.member_code[1:9]), None)
        points = asked.raw_total_minor // 100 if who else 0
        return yes(
            f"ZF001{len(self.asked):08d}",
            card_id=uid(0xCA00 + (who or 99)),
            card_type="personal" if who else "enterprise",
            member_id=uid(who) if who else None,
            discount=discount,
            total_minor=total_minor,
            points_earned=points,
            points=PEOPLE[who - 1][4] + points if who else None,
            balance_minor=self.balance_minor,
        )

    def _refund(
        self, asked: RefundAsked, no: Callable[..., ActionAnswer], yes: Callable[..., ActionAnswer]
    ) -> ActionAnswer:
        """Refund as `refunds[number]` says, else a charge whole to the card and a top-up with a tenth kept."""
        top_up = asked.original_tx_no.startswith("CZ")
        kept = asked.amount_minor // 10 if top_up else 0
        data = {
            "kind": "top_up" if top_up else "charge", "amount_minor": asked.amount_minor, "bonus_minor": kept // 2,
            "principal_minor": asked.amount_minor, "cash_minor": asked.amount_minor - kept if top_up else 0,
            "uncollected_minor": 0, "points_taken_back": 0 if top_up else asked.amount_minor // 100,
            "balance_minor": 5_000, "card_id": uid(0xCA01), "member_id": uid(1),
            **self.refunds.get(asked.original_tx_no, {}),
        }  # fmt: skip
        return yes(f"TK001{len(self.asked):08d}", **data)

    def health(self) -> Health:
        self.slow()
        if not self.reachable:
            raise ServerUnavailable
        return Health("ok", "0.1.0", NOON)

    def pair(self, server_url: str, request: PairRequest, private_key: bytes) -> PairAnswer:
        if request.code != "GOODCODE":
            raise Refusal("pairing_code_wrong")
        return PairAnswer(uid(0xD1), TERMINALS[self.store.code], self.store, (), EPOCH, NOON)

    def close(self) -> None:
        self.closed = True


class Shop:
    """A seeded till in `folder`; `pages` collects what was printed of no fact, with `page_outcome`."""

    def __init__(self, folder: Path, currency: str = "CNY", language: str = "zh-CN", paired: bool = True) -> None:
        self.folder = folder
        self.store = STORES[currency]
        self.clock, self.server = Clock(), Server(store=self.store)
        self.journal = Journal.open(folder, "file")
        self.on_change: Callable[[Changes], None] = lambda _changes: None
        live = Live(printer="ready")
        self.prints = PrintQueue(self.journal, None, self.clock, live, self._paper_moved)
        self.till = Till(
            self.journal, self.clock, RandomIds(self.clock), self.server,
            Options(language, "0.1.0", "test", "https://tills.example.com"), self._notify,
            live, self._print_page, self.prints.use,
        )  # fmt: skip
        self.pages: list[Layout] = []
        self.page_outcome = JobOutcome("printed")
        self.stopped = False
        if paired:
            self._pair()
            self.seed()

    def _print_page(self, lay_out: Callable[[int], Layout]) -> Future[JobOutcome]:
        if self.till.live.printer_address != "none":
            return self.prints.page(lay_out)
        self.pages.append(lay_out(48))
        told: Future[JobOutcome] = Future()
        told.set_result(self.page_outcome)
        return told

    def _paper_moved(self, **what: bool) -> None:
        self.on_change(Changes(**what))

    def _notify(self, changes: Changes) -> None:
        self.on_change(changes)

    def _pair(self) -> None:
        code = TERMINALS[self.store.code]
        answer = PairAnswer(uid(0xD1), code, self.store, (), EPOCH, NOON)
        with self.journal.writing() as rows:
            identity.begin(rows, Identity(uid(0xD1), code, self.store.store_id, "https://tills.example.com"), answer)
            identity.set_synced_at(rows, NOON)
        self.journal.reload()

    def seed(self) -> None:
        """Write what a first pull would bring."""
        with self.journal.upkeep() as rows:
            for kind, key, value in self._mirrored():
                mirror.put(rows, kind, key, codec.to_plain(value), EPOCH)
            for number, (name, phone, level, balance, points) in enumerate(PEOPLE, 1):
                members.put(rows, self.journal.sealer, self.person(number, name, phone, level, balance, points), EPOCH)
            for held in self._passes():
                passes.put(rows, held, EPOCH, 0)
            trust.seal(rows, self.journal.keys)
        self.journal.reload()

    def loaded(self) -> None:
        """A pull has come to its end."""
        with self.journal.upkeep() as rows:
            identity.set_synced_at(rows, NOON)
        self.till.notify(Changes(catalogue=True, members=True))

    def person(self, number: int, name: str, phone: str, level: str, balance: int, points: int) -> Member:
        """A member as the server tells it."""
        return Member(
            uid(number),
            card_ref(number),
            f"M{number:06d}",
            name,
            phone,
            level,
            "active",
            balance,
            self.store.currency,
            points,
        )

    def _mirrored(self) -> list[tuple[str, str, Any]]:
        merchant = self.store.merchant_id
        groups = (
            (_TEA, "茶饮", "Bebidas", "Drinks"),
            (_SNACK, "小食", "Comida", "Snacks"),
            (_PLAY, "游玩", "Juegos", "Play"),
        )
        found: list[tuple[str, str, Any]] = [
            ("category", key, Category(key, merchant, _names(zh, es, en), place))
            for place, (key, zh, es, en) in enumerate(groups)
        ]
        add_on_ids = tuple(uid(0xA0 + place) for place in range(len(ADD_ONS)))
        for place, (zh, es, en, price, tag) in enumerate(ADD_ONS):
            key = add_on_ids[place]
            found.append(("add_on", key, AddOn(key, merchant, _names(zh, es, en), price, "0.10", tag, place)))
        for place, (group, zh, es, en, price, tag) in enumerate(PRODUCTS):
            key = uid(0xE00 + place)
            extras = add_on_ids if group == _TEA else ()
            product = Product(key, merchant, group, _names(zh, es, en), price, "0.10", frozenset({tag}), extras, place)
            found.append(("product", key, product))
        for place, (zh, es, en, price, uses, days, auto, tag, vat, free) in enumerate(PLANS):
            key = uid(0xF00 + place)
            plan = PassPlan(
                key, merchant, _names(zh, es, en), price, self.store.currency, uses, days, auto, tag, vat, "0.10",
                4, 6, free,
            )  # fmt: skip
            found.append(("plan", key, plan))
        pin = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)
        staff = StaffMember(uid(0x51), merchant, self.store.store_id, "李敏", pin, frozenset({"reprint", "refund"}))
        found += [(kind, key, value) for kind, key, value in self._card_rules()]
        raw = SEALING_KEY.public_key().public_bytes_raw()
        found.append(("sealing_key", "0a0b0c0d", SealingKey("0a0b0c0d", base64.b64encode(raw).decode(), NOON)))
        return [*found, ("staff", staff.staff_id, staff)]

    def _card_rules(self) -> list[tuple[str, str, Any]]:
        merchant, currency = self.store.merchant_id, self.store.currency
        since = NOON - timedelta(days=9)
        bands = [
            LevelBand(0, 0, 99, "1.000", merchant),
            LevelBand(1, 100, 999, "0.980", merchant),
            LevelBand(2, 1000, None, "0.950", merchant),
            LevelBand(9, 0, None, "0.500"),
        ]
        rules = [
            BonusRule(uid(0xB01), merchant, currency, 10_000, 2_000, "0", since, None),
            BonusRule(uid(0xB02), merchant, currency, 50_000, 0, "0.25", since, None),
            BonusRule(uid(0xB03), merchant, currency, 5_000, 5_000, "0", since, NOON),
        ]
        return [
            *(("level_band", f"{band.merchant_id or 'operator'}/{band.level}", band) for band in bands),
            *(("bonus_rule", rule.rule_id, rule) for rule in rules),
        ]

    def _passes(self) -> list[MemberPass]:
        def held(number: int, member: int, plan: int, status: str, left: int, days: int) -> MemberPass:
            ends = NOON + timedelta(days=days)
            return MemberPass(
                uid(0x900 + number), self.store.merchant_id, uid(member), uid(0xF00 + plan), status, 10, left, ends,
                "2026-11-20", 1,
            )  # fmt: skip

        return [held(1, 1, 0, "active", 6, 131), held(2, 1, 2, "active", 1, 3), held(3, 1, 1, "suspended", 5, 300)]

    def mirrored(self, kind: str, key: str, value: Any) -> None:
        """A pull brings one row."""
        with self.journal.upkeep() as rows:
            mirror.put(rows, kind, key, codec.to_plain(value), EPOCH)
            trust.seal(rows, self.journal.keys)
        self.journal.reload()

    def hire(self, pin: str, permissions: set[str]) -> str:
        """Somebody else works here; returns the id."""
        staff_id, pin_hash = uid(0x52), PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(pin)
        store = self.store
        staff = StaffMember(staff_id, store.merchant_id, store.store_id, "王强", pin_hash, frozenset(permissions))
        self.mirrored("staff", staff_id, staff)
        return staff_id

    def appoint(self, *companies: CompanyCard, member: int = 1) -> None:
        """The server tells which companies' cards this member administers from now on."""
        with self.journal.upkeep() as rows:
            person = replace(self.person(member, *PEOPLE[member - 1]), companies=companies)
            members.put(rows, self.journal.sealer, person, EPOCH)
        self.till.notify(Changes(members=True))

    def dismiss(self) -> None:
        """Whoever works here may do nothing any more that takes a permission."""
        staff = self.journal.catalogue.staff[uid(0x51)]
        self.mirrored("staff", staff.staff_id, replace(staff, permissions=frozenset()))

    # -- what others do to the till -----------------------------------------------------------------------------

    def change_pass(self, number: int, **changes: Any) -> None:
        """The server tells something new about pass `number`."""
        with self.journal.upkeep() as rows:
            held = passes.by_id(rows, uid(0x900 + number))
            assert held is not None
            passes.put(rows, replace(held, **changes), EPOCH, 0)
        self.till.notify(Changes(members=True))

    def give_pin(self, number: int, pin: str | None) -> None:
        """The server tells the hash of a member's PIN, or that they have none any more."""
        pin_hash = None if pin is None else PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(pin)
        with self.journal.upkeep() as rows:
            known = members.by_id(rows, self.journal.sealer, uid(number))
            assert known is not None
            members.put(rows, self.journal.sealer, replace(known, pin_hash=pin_hash), EPOCH)
        self.till.notify(Changes(members=True))

    def paper(self, slip: str, state: str, fault: str | None = None) -> None:
        """The print queue tells how far a slip's paper came."""
        with self.journal.upkeep() as rows:
            job = prints.of_slip(rows, slip)[-1]
            prints.change(rows, job.job_id, state, fault, self.clock.now())
        self.till.notify(Changes(paper=True))

    def acknowledge(self, up_to: int, outcome: str = "accepted", reason: str | None = None) -> None:
        """The server takes everything up to a place."""

        def work(rows: Connection) -> None:
            sent = [fact for fact in sent_facts.pending(rows, 500, 1 << 20) if fact.seq <= up_to]
            results = [FactResult(fact.fact_id, fact.seq, outcome, reason, _number(fact)) for fact in sent]
            sent_facts.note_results(rows, sent, results, up_to, self.clock.now())

        self.journal.keep(work)
        self.till.notify(Changes(outbox=True))

    def go_offline(self, seconds: int = 720) -> None:
        """The server is gone for so long."""
        self.server.reachable = False
        self.clock.age_seconds = seconds
        self.till.notify(Changes(network=True))

    def facts(self) -> list[Any]:
        """Every fact in the journal, oldest first."""
        return list(reversed(outbox.rows(self.till, 1000)))

    # -- what `bootstrap.start` gives ---------------------------------------------------------------------------

    def app(self, on_change: Callable[[Changes], None]) -> Any:
        """This shop as `bootstrap.App`."""
        self.on_change = on_change

        def train(told: Callable[[Changes], None], anew: bool = False) -> training.Training:
            return training.begin(self.till, self.prints.lend(), told, anew)

        return SimpleNamespace(
            till=self.till, start_background=lambda: None, stop=self.stop, train=train,
            bundle=lambda: write_bundle(self.folder, "0.1.0"),
        )  # fmt: skip

    def stop(self) -> None:
        """Close the journal."""
        if not self.stopped:
            self.stopped = True
            self.prints.stop()
            self.journal.close()


def _number(sent: sent_facts.PendingFact) -> str:
    kinds = {"ToppedUp": "CZ", "CardCharged": "ZF", "OrderPaid": "ZF", "OrderRefunded": "TK"}
    kind = kinds.get(decode_fact(sent.text).kind)
    return f"{kind}001{sent.seq:08d}" if kind else f"HX{sent.seq}"

"""A till made of values: it keeps a chain, signs its head and pushes to the intake, without HTTP or a window.

Rule: for tests only. Facts are built here as a till would; a test may spoil any part of them.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec, facts, wire
from models.catalogue import AddOn, PassPlan, RiskPolicy
from models.facts import Evidence, Fact, SoldAddOn, SoldCup, encode_fact, hash_fact
from models.money import split_vat
from models.passes import AddOnChoice, Cup
from models.people import Person
from models.sealed_box import person_context
from models.tenders import Tender
from models.times import business_day
from models.tokens import make_card_ref
from models.wire import (
    ActionAnswer,
    ActionRequest,
    Head,
    HeardHead,
    PrintReport,
    PushAnswer,
    PushRequest,
    RedeemAsked,
    SealHead,
    head_message,
)
from pos_app.journal.sealing import seal_for_server
from sync_server.catalogue.policies import publish_keys, put_in_force
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, Claims, Pool, transaction
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake.facts import accept_push
from sync_server.intake.requests import answer_request, preview_request
from sync_server.jobs.clockwork import seal
from sync_server.keys import Keyring, new_keyring
from sync_server.ledger.units import Act
from sync_server.reports import invariants
from tests.sync_server import world

BOBA = AddOn("0d000000-0000-7000-8000-000000000041", world.MERCHANT, {"zh-CN": "珍珠"}, 300, "0.06", "free_addon")
OAT = AddOn("0d000000-0000-7000-8000-000000000042", world.MERCHANT, {"zh-CN": "燕麦奶"}, 500, "0.06", "paid_addon")
REVIEWED_PLAN = "0d000000-0000-7000-8000-000000000022"
DAY_BEGINS_HOUR_UTC = 18
"""02:00 in Shanghai: the world's store counts two hours past midnight as the day before."""
MEMBER, OTHER_MEMBER = "0e000000-0000-7000-8000-000000000001", "0e000000-0000-7000-8000-000000000002"


def plan(plan_id: str = world.PLAN, *, auto_activate: bool = True, **changes: Any) -> PassPlan:
    """Ten cups in 90 days, without limits unless the test sets them."""
    base = PassPlan(
        plan_id, world.MERCHANT, {"zh-CN": "十杯卡"}, 15000, "CNY", 10, 90, auto_activate, "tea", "none", "0"
    )  # fmt: skip
    return replace(base, **{"global_free_addon_limit": 1, **changes})


async def build_shop(pool: Pool) -> None:
    """The world's merchant with something to sell and two members; a policy allows one unproven use at a time."""
    await world.build(pool)
    async with transaction(pool, PLATFORM) as connection:
        await put(connection, world.category())
        await put(connection, BOBA)
        await put(connection, OAT)
        await put(connection, replace(world.product(), add_on_ids=(BOBA.add_on_id, OAT.add_on_id)))
        await put(connection, plan())
        await put(connection, plan(REVIEWED_PLAN, auto_activate=False))
        for number, member in enumerate((MEMBER, OTHER_MEMBER)):
            await connection.execute(
                "INSERT INTO app.members (member_id, member_no, card_ref, name_sealed, phone_sealed, phone_index,"
                " phone_tail_index) VALUES (%s, %s, %s, '', '', %s, '')",
                [member, f"M{number}", make_card_ref(bytes([number] * 8)), bytes([number])],
            )


async def set_policy(pool: Pool, version: int = 1, **caps: int) -> None:
    """The next risk policy of the world's store; who signed it does not matter to the server."""
    wanted: dict[str, Any] = {"max_uses_per_operation": 2, "max_uses_per_member_day": 3, "max_uses_terminal": 4,
              "max_sync_age_seconds": 86400, "max_snapshot_age_seconds": 86400} | caps  # fmt: skip
    policy = replace(RiskPolicy(str(uuid4()), world.STORE, version), **wanted)
    operator, act = Claims(UUID("0f100000-0000-7000-8000-000000000001"), "platform"), Act(policy.policy_id, bytes(32))
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    done = await put_in_force(pool, keys, operator, act, policy, datetime.now(UTC))
    assert done["outcome"] == "accepted", done


def an_hour_ago() -> datetime:
    """An hour ago, or when the business day began if that was later: what a test does lies in one day of its store."""
    now = datetime.now(UTC)
    day_began = now.replace(hour=DAY_BEGINS_HOUR_UTC, minute=0, second=0, microsecond=0)
    if day_began > now:
        day_began -= timedelta(days=1)
    return max(now - timedelta(hours=1), day_began)


@dataclass
class FakeTill:
    """One terminal's chain. `at` is the time its next fact happens; each fact moves it a second on."""

    pool: Pool
    terminal_id: str = world.TERMINAL
    code: str = "SZ1T01"
    merchant_id: str = world.MERCHANT
    store_id: str = world.STORE
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    keys: Keyring = field(default_factory=lambda: new_keyring(datetime(2020, 1, 1, tzinfo=UTC)))
    at: datetime = field(default_factory=an_hour_ago)
    seq: int = 0
    prev: str = facts.GENESIS
    counters: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    status: str = "paired"
    companions: list[wire.Companion] = field(default_factory=list)

    @property
    def identity(self) -> TerminalIdentity:
        """As the doorkeeper would hand it over."""
        key = self.private.public_key().public_bytes_raw()
        return TerminalIdentity(self.terminal_id, self.merchant_id, self.store_id, self.code, key, self.status)

    async def pair(self) -> FakeTill:
        """Bind the till's key, and make the server's known."""
        code = hashlib.sha256(self.terminal_id.encode()).digest()
        async with transaction(self.pool, PLATFORM) as connection:
            await publish_keys(connection, self.keys)
            await connection.execute("SELECT app.put_pairing_code(%s, %s, interval '1 hour')", [self.terminal_id, code])
            await connection.execute(
                "SELECT app.pair_terminal(%s, %s, '', '', 'test', '')", [code, self.identity.public_key]
            )
        return self

    def slip(self, kind: str) -> str:
        """The next number of a series."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return f"{kind}.{self.code}.{self.counters[kind]:06d}"

    def day(self, moment: datetime | None = None) -> str:
        """The store's business day."""
        return business_day(moment or self.at, "Asia/Shanghai", 120).isoformat()

    def fact(self, body: facts.Body, **changes: Any) -> Fact:
        """Append a fact to the chain."""
        made = Fact(str(uuid4()), self.terminal_id, self.seq + 1, self.prev, self.at, None, None, None, "zh-CN", body)
        made = replace(made, **changes)
        self.append(encode_fact(made).decode())
        return made

    def append(self, text: str) -> None:
        """Append any text as the next fact."""
        self.texts.append(text)
        self.seq += 1
        self.prev = hash_fact(text.encode())
        self.at += timedelta(seconds=1)

    def create_member(self, phone: str, name: str = "林小满", member_id: str | None = None, *, beside: bool = True,
                      language: str = "zh-CN", **changes: Any) -> facts.MemberCreated:  # fmt: skip
        """A new member, with their data sealed beside the fact unless `beside` is False."""
        fact_id, member_id = str(uuid4()), member_id or str(uuid4())
        public = self.keys.sealing_keys()[-1]
        key = wire.SealingKey(public.id, base64.b64encode(public.raw).decode(), public.use_from)
        clear = codec.encode(Person(name, phone, language))
        box = seal_for_server(key, clear, person_context(fact_id, member_id))
        if beside:
            self.companions.append(wire.Companion(fact_id, base64.b64encode(box).decode()))
        digest = hashlib.sha256(box).hexdigest()
        body = facts.MemberCreated(member_id, f"{self.code}.{self.seq + 1:06d}", self.store_id, digest)
        body = replace(body, **changes)
        self.fact(body, fact_id=fact_id)
        return body

    def sell_pass(self, pass_id: str | None = None, *, stacked: bool = False, sold: PassPlan | None = None,
                  member_id: str = MEMBER, **changes: Any) -> facts.PassSold:  # fmt: skip
        """A pass sale."""
        sold = sold or plan()
        body = facts.PassSold(
            pass_id or str(uuid4()), member_id, sold.plan_id, "十杯卡", stacked, sold.uses, sold.uses,
            self.at + timedelta(days=sold.validity_days), "active", sold.price_minor, sold.currency, sold.vat_mode,
            split_vat([(sold.vat_rate, sold.price_minor)]) if sold.vat_mode == "single_purpose" else (),
            (Tender("cash", sold.price_minor, 20000),), (self.slip("VR"),),
        )  # fmt: skip
        body = replace(body, **changes)
        self.fact(body)
        return body

    def redemption(self, pass_id: str, evidence: Evidence, *, cups: int = 1, extra: int = 0, member_id: str = MEMBER,
                   tender: str = "cash", **changes: Any) -> facts.PassRedeemed:  # fmt: skip
        """A redemption of `cups` cups; with `extra` oat milks on the first."""
        oat = (SoldAddOn(OAT.add_on_id, "燕麦奶", extra, 0, 500, "0.06"),) if extra else ()
        lines = tuple(SoldCup(world.PRODUCT, "红茶", 0, "0.06", oat if n == 0 else ()) for n in range(cups))
        total = 500 * extra
        body = facts.PassRedeemed(
            str(uuid4()), pass_id, member_id, "十杯卡", self.day(), lines, cups, 0, self.at, total, "CNY",
            split_vat([("0.06", total)]), (Tender(tender, total, total),) if total else (),
            (self.slip("VR"), self.slip("TP")) if total else (self.slip("VR"),), "A1", evidence,
        )  # fmt: skip
        return replace(body, **changes)

    def redeem(self, pass_id: str, evidence: Evidence, **changes: Any) -> facts.PassRedeemed:
        """A redemption that happened."""
        body = self.redemption(pass_id, evidence, **changes)
        self.fact(body)
        return body

    def order(self, **changes: Any) -> facts.OrderPaid:
        """One cup of tea for money."""
        cup = SoldCup(world.PRODUCT, "红茶", 1800, "0.06", (SoldAddOn(BOBA.add_on_id, "珍珠", 1, 0, 300, "0.06"),))
        body = facts.OrderPaid(
            str(uuid4()), None, (cup,), 2100, "CNY", split_vat([("0.06", 2100)]),
            (Tender("cash", 1000, 1000), Tender("wechat", 1100, 1100)), (self.slip("TP"),), "A2",
        )  # fmt: skip
        body = replace(body, **changes)
        self.fact(body)
        return body

    def request(self, body: facts.PassRedeemed, request_id: str | None = None, **changes: Any) -> ActionRequest:
        """The request that precedes this redemption."""
        cups = tuple(
            Cup(cup.product_id, tuple(AddOnChoice(part.add_on_id, part.quantity) for part in cup.add_ons))
            for cup in body.cups
        )
        asked = RedeemAsked(
            body.redemption_id, body.pass_id, body.member_id, body.business_day, cups, body.extra_total_minor,
            body.currency, body.tenders, datetime.now(UTC),
        )  # fmt: skip
        asked = replace(asked, business_day=self.day(asked.happened_at))
        return ActionRequest(wire.PROTOCOL, request_id or str(uuid4()), replace(asked, **changes))

    async def ask(self, request: ActionRequest) -> ActionAnswer:
        """Ask the ledger."""
        return await answer_request(self.pool, self.identity, request, datetime.now(UTC))

    async def preview(self, request: ActionRequest) -> ActionAnswer:
        """Ask what the ledger would answer."""
        return await preview_request(self.pool, self.identity, request, datetime.now(UTC))

    def head(self, texts: list[str] | None = None, seq: int | None = None) -> Head:
        """The signed head after these texts."""
        last = hash_fact((texts or self.texts)[-1].encode())
        seq = seq or self.seq
        signature = self.private.sign(head_message(self.terminal_id, seq, last, ""))
        return Head(seq, last, base64.b64encode(signature).decode())

    async def push(self, texts: list[str] | None = None, seq: int | None = None,
                   prints: tuple[PrintReport, ...] = (), head: Head | None = None,
                   seal: SealHead | None = None, heard: HeardHead | None = None) -> PushAnswer:  # fmt: skip
        """Push these texts (default: all of the chain), the last of which stands at `seq`."""
        texts = self.texts if texts is None else texts
        if texts and head is None:
            head = self.head(texts, seq)
        push = PushRequest(wire.PROTOCOL, tuple(texts), head, prints, seal, heard, companions=tuple(self.companions))
        return await accept_push(self.pool, self.keys, self.identity, push, datetime.now(UTC))


async def rows(pool: Pool, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """Read as the platform."""
    async with transaction(pool, PLATFORM) as connection:
        return await (await connection.execute(query, values or None)).fetchall()


async def value(pool: Pool, query: LiteralString, *values: object) -> Any:
    """The one value of the one row."""
    ((found,),) = await rows(pool, query, *values)
    return found


async def uses_left(pool: Pool, pass_id: str) -> int:
    """What the ledger says a pass has left."""
    found: int = await value(pool, "SELECT uses_left FROM app.passes_held WHERE pass_id = %s", pass_id)
    return found


async def balance(pool: Pool, bucket: str) -> int:
    """The sum of all accounts of a bucket."""
    query: LiteralString = """
        SELECT coalesce(sum(e.delta), 0)::bigint FROM app.entries AS e
          JOIN app.accounts AS a USING (ledger_id, account_id)
         WHERE a.bucket = %s"""
    found: int = await value(pool, query, bucket)
    return found


def as_owner(database: DatabaseUrls) -> psycopg.Connection[tuple[Any, ...]]:
    """The role that owns the tables, for breaking what nobody may break. Commits each statement."""
    connection = psycopg.connect(database.maintenance, autocommit=True)
    connection.execute("SET ROLE tillkeeper_owner")
    return connection


OWN, ONLINE = Evidence("own_sale"), Evidence("online")


def at_risk(till: FakeTill, version: int = 1) -> Evidence:
    """What an honest till says of an unproven use."""
    return Evidence("at_risk", None, version, "nonce", till.at - timedelta(minutes=5))


async def outcomes(till: FakeTill) -> list[tuple[str, str | None]]:
    """Push the whole chain; what became of each fact."""
    return [(result.outcome, result.reason) for result in (await till.push()).results]


async def set_plan(till: FakeTill, **limits: Any) -> None:
    """Change the terms of the usual plan."""
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, plan(**limits))


async def all_holds(pool: Pool) -> None:
    """No invariant is broken, once the audit rows are sealed."""
    keys = new_keyring(datetime(2020, 1, 1, tzinfo=UTC))
    async with transaction(pool, PLATFORM) as connection:
        await publish_keys(connection, keys)
    await seal(pool, keys, lambda: datetime.now(UTC))
    found = await invariants.check(pool)
    assert {number: result for number, result in found.items() if result.state == "broken"} == {}


def redeem_of(request: ActionRequest) -> RedeemAsked:
    """The redemption that a request asks for."""
    assert request.redeem is not None
    return request.redeem


def wanted(till: FakeTill, pass_id: str, cups: int = 1, extra: int = 0) -> tuple[ActionRequest, facts.PassRedeemed]:
    """A request, and the fact that will cite it."""
    body = till.redemption(pass_id, ONLINE, cups=cups, extra=extra)
    request = till.request(body)
    body = replace(body, business_day=redeem_of(request).business_day, evidence=Evidence("online", request.request_id))
    return request, body


def said(answer: ActionAnswer) -> tuple[str, str | None]:
    """Outcome and code."""
    return answer.outcome, answer.code


async def ledger_hash(pool: Pool) -> str:
    """A digest of everything the ledger says, without what names a moment or a made-up id."""
    digest = hashlib.sha256()
    for query in _CONTENT:
        digest.update(repr(await rows(pool, query)).encode())
    return digest.hexdigest()


_CONTENT: tuple[LiteralString, ...] = (
    "SELECT account_id, balance, version FROM app.accounts ORDER BY 1",
    "SELECT t.tx_no, t.kind, t.amount_minor, e.account_id, e.delta, e.balance_after, e.version FROM app.transactions t"
    " LEFT JOIN app.entries e USING (ledger_id, tx_id) ORDER BY 1, 4",
    "SELECT terminal_id, seq, hash, in_chain, outcome, reason, tx_no FROM app.facts ORDER BY 1, 2, 3",
    "SELECT slip_no, fact_hash FROM app.slips ORDER BY 1",
    "SELECT redemption_id, uses, loss_uses, reversed_by IS NULL FROM app.pass_redemption_batches ORDER BY 1",
    "SELECT pass_id, use_no FROM app.pass_redemptions ORDER BY 1, 2",
    "SELECT event, count(*) FROM audit.event_log GROUP BY 1 ORDER BY 1",
)

"""Members made at tills: their data comes sealed beside the fact; one phone is one member, whoever was first."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import wire
from models.refusals import Refusal
from sync_server.catalogue import changes
from sync_server.catalogue.writes import put
from sync_server.database.engine import PLATFORM, open_pool, transaction
from sync_server.database.migrate import secure_database
from sync_server.database.urls import DatabaseUrls
from sync_server.intake import held
from sync_server.intake.companions import MISSING
from sync_server.members.merges import merges
from sync_server.reports import invariants
from tests.sync_server import world
from tests.sync_server.conftest import Server
from tests.sync_server.hq import HQ, employ
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.till import MEMBER, OWN, FakeTill, all_holds, as_owner, build_shop, outcomes, plan, rows, value

pytestmark = pytest.mark.anyio
PHONE, NAME = "138 0000 4321", "林小满"
OK = ("accepted", None)
FOREIGN_PLAN = "0d000000-0000-7000-8000-000000000029"
PROBED = "SELECT principal_id::text, count, data FROM app.alarms WHERE kind = 'members_probed'"


async def mirror(till: FakeTill, table: str) -> dict[str, dict[str, object] | None]:
    """What a till that begins anew is told of one table."""
    page = await changes.page(till.pool, till.keys, till.identity, "")
    return {change.key: change.value for change in page.changes if change.table == table}


@pytest.mark.req("R028", "R068")
async def test_a_member_made_at_a_till_is_known_with_a_card_and_without_a_name_in_the_fact(till: FakeTill) -> None:
    made = till.create_member(PHONE, NAME)
    assert await outcomes(till) == [OK]
    assert NAME not in till.texts[0]
    assert "4321" not in till.texts[0]
    told = (await mirror(till, "member"))[made.member_id]
    assert told is not None
    assert (told["name"], told["phone"], told["member_no"], told["status"]) == (
        NAME, "+8613800004321", "SZ1T01.000001", "active"
    )  # fmt: skip
    assert await value(till.pool, "SELECT card_no FROM app.cards WHERE member_id = %s", made.member_id) == (
        "PSZ1T01.000001"
    )
    assert await value(till.pool, "SELECT language FROM app.members WHERE member_id = %s", made.member_id) == "zh-CN"
    assert await outcomes(till) == [("already_known", None)]
    await all_holds(till.pool)


@pytest.mark.parametrize("one", ["+8613800004321", "13800004321"])
@pytest.mark.parametrize(
    "other", ["+86 138-0000-4321", "0086 13800004321", "8613800004321", "13800004321", "１３８ ００００ ４３２１"]
)
async def test_one_phone_written_in_several_ways_is_one_member(
    till: FakeTill, second_till: FakeTill, one: str, other: str
) -> None:
    mine, theirs = till.create_member(one), second_till.create_member(other)
    assert [await outcomes(till), await outcomes(second_till)] == [[OK], [OK]]
    assert await mirror(second_till, "member_alias") == {
        theirs.member_id: {"alias_id": theirs.member_id, "member_id": mine.member_id}
    }
    assert theirs.member_id not in await mirror(second_till, "member")


@pytest.mark.req("R096", "R097")
async def test_what_is_done_under_the_later_id_is_done_to_the_member_and_one_pass(
    till: FakeTill, second_till: FakeTill
) -> None:
    mine, theirs = till.create_member(PHONE), second_till.create_member(PHONE)
    first = till.sell_pass(member_id=mine.member_id)
    later = second_till.sell_pass(member_id=theirs.member_id)
    till.redeem(first.pass_id, OWN, member_id=mine.member_id, cups=2)
    second_till.redeem(later.pass_id, OWN, member_id=theirs.member_id, cups=3)
    second_till.sell_pass(later.pass_id, stacked=True, member_id=theirs.member_id)
    assert await outcomes(till) == [OK] * 3
    assert await outcomes(second_till) == [OK] * 4
    assert await rows(
        till.pool, "SELECT pass_id::text, member_id::text, uses_bought, uses_left FROM app.passes_held"
    ) == [(first.pass_id, mine.member_id, 30, 25)]
    kinds = "SELECT kind FROM app.topup_orders ORDER BY recorded_at, kind"
    assert [row[0] for row in await rows(till.pool, kinds)] == ["first", "stacked", "stacked"]
    request = second_till.request(second_till.redemption(later.pass_id, OWN, member_id=theirs.member_id))
    assert (await second_till.ask(request)).outcome == "accepted"
    await all_holds(till.pool)


async def test_two_tills_make_one_member_at_the_same_moment(till: FakeTill, second_till: FakeTill) -> None:
    import asyncio  # noqa: PLC0415

    till.create_member(PHONE), second_till.create_member(PHONE)
    answers = await asyncio.gather(till.push(), second_till.push())
    assert [result.outcome for answer in answers for result in answer.results] == ["accepted", "accepted"]
    assert await value(till.pool, "SELECT count(*) FROM app.members WHERE key_sealed IS NOT NULL") == 1
    assert await value(till.pool, "SELECT count(*) FROM app.member_aliases") == 1


async def test_the_name_that_was_typed_last_is_kept_beside_the_first(till: FakeTill, second_till: FakeTill) -> None:
    mine, theirs = till.create_member(PHONE, "Ana Gil"), second_till.create_member(PHONE, "Ana Gil Ruiz")
    await till.push()
    await second_till.push()
    async with transaction(till.pool, PLATFORM) as connection:
        (merge,) = await merges(connection, till.keys)
    assert (merge.alias_id, merge.member_id, merge.name, merge.typed_name, merge.differs) == (
        theirs.member_id, mine.member_id, "Ana Gil", "Ana Gil Ruiz", True
    )  # fmt: skip
    assert await rows(till.pool, "SELECT subject, data FROM audit.event_log WHERE event = 'member_merged'") == [
        (theirs.member_id, {"member_id": mine.member_id})
    ]


@pytest.fixture
async def foreign_till(till: FakeTill) -> FakeTill:
    """A till of another merchant."""
    async with transaction(till.pool, PLATFORM) as connection:
        await put(connection, plan(FOREIGN_PLAN, merchant_id=world.OTHER_MERCHANT))
    return await FakeTill(
        till.pool, world.OTHER_TERMINAL, "BC1T01", world.OTHER_MERCHANT, world.OTHER_STORE, keys=till.keys
    ).pair()


async def test_a_number_alone_tells_another_merchant_nothing_about_who_has_it(
    till: FakeTill, foreign_till: FakeTill
) -> None:
    mine = till.create_member(PHONE, NAME)
    await till.push()
    theirs = foreign_till.create_member(PHONE, "某某")
    assert await outcomes(foreign_till) == [OK]
    assert await mirror(foreign_till, "member") == {}
    assert theirs.member_id in await mirror(foreign_till, "member_alias")
    foreign_till.sell_pass(member_id=theirs.member_id, sold=plan(FOREIGN_PLAN))
    assert (await outcomes(foreign_till))[1:] == [OK]
    told = (await mirror(foreign_till, "member"))[mine.member_id]
    assert told is not None
    assert told["name"] == NAME, "they have bought there: the merchant knows them"
    await all_holds(till.pool)


@pytest.mark.parametrize("typed", ["Zoë Núñez", " zoë  NÚÑEZ "])
async def test_who_knows_number_and_name_is_told_the_rest(till: FakeTill, foreign_till: FakeTill, typed: str) -> None:
    mine = till.create_member("+34 600 111 222", "Zoë Núñez")
    await till.push()
    foreign_till.create_member("0034600111222", typed)
    assert await outcomes(foreign_till) == [OK]
    assert mine.member_id in await mirror(foreign_till, "member")


async def test_a_till_that_tries_number_after_number_is_an_alarm_and_no_name_helps_it(
    till: FakeTill, foreign_till: FakeTill
) -> None:
    for number in range(22):
        till.create_member(f"139000000{number:02}", NAME)
    await till.push()
    for number in range(20):
        foreign_till.create_member(f"139000000{number:02}", "某某")
    await foreign_till.push()
    assert await rows(till.pool, PROBED) == []
    foreign_till.create_member("13900000020", NAME)
    foreign_till.create_member("13900000021", NAME)
    foreign_till.create_member("13911112222", NAME)  # nobody's
    assert (await outcomes(foreign_till))[20:] == [OK] * 3
    assert await rows(till.pool, PROBED) == [(world.OTHER_TERMINAL, 2, {"tried": 22})]
    assert len(await mirror(foreign_till, "member")) == 1
    await all_holds(till.pool)


async def test_every_door_takes_the_later_id_for_the_member(till: FakeTill, second_till: FakeTill) -> None:
    mine, theirs = till.create_member(PHONE), second_till.create_member(PHONE)
    second_till.order(member_id=theirs.member_id)
    await till.push()
    assert await outcomes(second_till) == [OK, OK]
    assert await value(till.pool, "SELECT member_id::text FROM app.orders") == mine.member_id
    async with transaction(till.pool, OPERATOR) as connection:
        for act in (
            "SELECT app.grant_units(1::smallint, 'g', %(hash)s, %(who)s, 'ticket', 5, 'a present')",
            "SELECT app.debit_tickets(1::smallint, 'd', %(hash)s, %(who)s, 2, 'ref')",
        ):
            cursor = await connection.execute(act.encode(), {"hash": b"\0" * 32, "who": theirs.member_id})
            (outcome,) = await cursor.fetchone() or ({},)
            assert outcome["outcome"] == "accepted", outcome
    held_by = "SELECT owner_id::text, balance FROM app.accounts WHERE owner_kind = 'member' AND bucket = 'ticket'"
    assert await rows(till.pool, held_by) == [(mine.member_id, 3)]


def tampered(till: FakeTill, how: str) -> None:
    """Spoil what travels beside the first fact."""
    (companion,) = till.companions
    data = base64.b64decode(companion.sealed)
    if how == "gone":
        till.companions.clear()
    elif how == "bit":
        till.companions[0] = replace(companion, sealed=base64.b64encode(data[:-1] + b"?").decode())
    elif how == "another's":
        other = replace(till, texts=[], companions=[])
        other.create_member("13800009999", "谁")
        till.companions[0] = replace(companion, sealed=other.companions[0].sealed)
    else:
        till.companions[0] = replace(companion, sealed="")


@pytest.mark.parametrize("how", ["gone", "bit", "another's", "empty"])
async def test_a_member_whose_data_cannot_be_read_is_held_and_their_money_is_not_lost(
    till: FakeTill, second_till: FakeTill, how: str
) -> None:
    theirs = second_till.create_member("13900000000")
    await second_till.push()
    made = till.create_member(PHONE)
    till.order()
    till.sell_pass(member_id=made.member_id)
    tampered(till, how)
    assert await outcomes(till) == [("held", MISSING), OK, ("held", "member_unknown")]
    hashes = [row[0] for row in await rows(
        till.pool, "SELECT encode(hash, 'hex') FROM app.facts WHERE outcome = 'held' ORDER BY seq"
    )]  # fmt: skip
    await employ(till.pool)
    assert await decided(till, "one", hashes[0], held.Decision("post", "try again")) == (
        "refused", "held_not_postable"
    )  # fmt: skip
    named = held.Decision("post_to", "called the customer", {"member_id": theirs.member_id})
    assert await decided(till, "two", hashes[0], named) == ("accepted", None)
    assert await decided(till, "three", hashes[1], held.Decision("post", "the member is known now")) == (
        "accepted", None
    )  # fmt: skip
    assert await value(till.pool, "SELECT member_id::text FROM app.passes_held") == theirs.member_id
    assert await value(till.pool, "SELECT count(*) FROM app.fact_companions") == 0
    await all_holds(till.pool)


async def decided(till: FakeTill, key: str, fact_hash: str, wanted: held.Decision) -> tuple[str, str | None]:
    """Let a person decide; outcome and code."""
    found = await held.decide(till.pool, HQ, key, fact_hash, wanted, till.keys)
    return found["outcome"], found.get("code")


async def test_a_quarantined_member_can_be_made_by_hq(till: FakeTill) -> None:
    made = till.create_member(PHONE, NAME)
    till.status = "revoked"
    assert await outcomes(till) == [("held", "terminal_revoked")]
    assert await value(till.pool, "SELECT count(*) FROM app.fact_companions") == 1
    fact_hash = await value(till.pool, "SELECT encode(hash, 'hex') FROM app.facts")
    await employ(till.pool)
    assert await decided(till, "k", fact_hash, held.Decision("post", "honest till")) == ("accepted", None)
    till.status = "paired"
    told = (await mirror(till, "member"))[made.member_id]
    assert told is not None
    assert told["name"] == NAME
    assert await value(till.pool, "SELECT count(*) FROM app.fact_companions") == 0
    await all_holds(till.pool)


async def test_a_member_that_cannot_be_is_held_with_their_data(till: FakeTill) -> None:
    till.create_member(PHONE, store_id=world.OTHER_STORE)
    till.create_member(PHONE, member_id=MEMBER)
    assert await outcomes(till) == [("held", "terminal_differs"), ("held", "content_differs")]
    assert await value(till.pool, "SELECT count(*) FROM app.fact_companions") == 2


async def test_of_held_facts_only_what_a_new_member_names_is_kept_beside(till: FakeTill) -> None:
    till.create_member(PHONE)
    till.companions[0] = replace(till.companions[0], sealed=base64.b64encode(b"another box").decode())
    till.order()
    till.append('{"kind": "MemberCreated", "fact_id": "0f000000-0000-7000-8000-000000000001"}')
    for text in till.texts[1:]:
        till.companions.append(wire.Companion(json.loads(text)["fact_id"], base64.b64encode(b"a box").decode()))
    till.status = "revoked"
    assert await outcomes(till) == [("held", "terminal_revoked")] * 3
    assert await value(till.pool, "SELECT count(*) FROM app.fact_companions") == 0


@pytest.mark.parametrize("sealed", ["no base64!", "A" * 5000])
async def test_a_companion_that_is_none_is_a_malformed_message(till: FakeTill, sealed: str) -> None:
    till.create_member(PHONE)
    till.companions[0] = wire.Companion(till.companions[0].fact_id, sealed)
    with pytest.raises(Refusal, match="request_malformed"):
        await till.push()
    assert await value(till.pool, "SELECT count(*) FROM app.facts") == 0


async def test_an_erased_person_leaves_chain_and_books_whole(till: FakeTill, database: DatabaseUrls) -> None:
    made = till.create_member(PHONE, NAME)
    till.sell_pass(member_id=made.member_id)
    await till.push()
    with as_owner(database) as owner:
        owner.execute(
            "UPDATE app.members SET key_sealed = NULL, phone_index = NULL, phone_tail_index = NULL"
            " WHERE member_id = %s", [made.member_id]
        )  # fmt: skip
    told = (await mirror(till, "member"))[made.member_id]
    assert told is not None
    assert (told["name"], told["phone"]) == ("", "")
    assert await outcomes(till) == [("already_known", None)] * 2  # and sending it again brings nothing back
    again = till.create_member(PHONE, NAME)
    assert (await outcomes(till))[2] == OK
    assert again.member_id in await mirror(till, "member")
    await all_holds(till.pool)


def clear_texts(found: Sequence[tuple[object, ...]]) -> str:
    """Everything readable in these rows."""
    return "\n".join(repr(bytes(cell) if isinstance(cell, memoryview) else cell) for row in found for cell in row)


async def test_nothing_that_is_kept_or_logged_has_the_name_or_the_phone(
    till: FakeTill, second_till: FakeTill, database: DatabaseUrls, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    till.create_member(PHONE, NAME)
    second_till.create_member(PHONE, "Zoë Núñez")
    second_till.create_member("13911112222", "missing", beside=False)
    await till.push()
    await second_till.push()
    found = []
    with as_owner(database) as owner:
        tables = owner.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('app', 'audit', 'sec')"
        ).fetchall()
        for (table,) in tables:
            found += owner.execute(f"SELECT t.*, t::text FROM {table} AS t".encode()).fetchall()
    everything = clear_texts(found) + caplog.text
    for secret in (NAME, "Zoë", "Núñez", "13800004321", "0000 4321", "13911112222"):
        assert secret not in everything
        assert secret.encode().hex() not in everything
    sealed = "SELECT encode(phone_index, 'hex') FROM app.members WHERE key_sealed IS NOT NULL"
    audit = clear_texts(await rows(till.pool, "SELECT data::text FROM audit.event_log"))
    assert (await value(till.pool, sealed)) not in audit
    assert "name_sealed" not in audit


async def test_the_box_opens_beside_its_own_fact_only_and_with_any_key_of_ours(till: FakeTill) -> None:
    from sync_server.keys import new_key  # noqa: PLC0415

    till.create_member(PHONE)
    till.keys = till.keys.with_key("data", new_key(datetime(2021, 1, 1, tzinfo=UTC)))
    assert await outcomes(till) == [OK]


_ADD = "INSERT INTO app.member_aliases (alias_id, member_id, merchant_id, terminal_id) SELECT "
BREAKS: dict[str, str] = {
    "leads to the alias": _ADD + "member_id, %(other)s, merchant_id, terminal_id FROM app.member_aliases",
    "is a member, too": _ADD + "%(other)s, member_id, merchant_id, terminal_id FROM app.member_aliases",
    "transaction ": "UPDATE app.transactions SET member_id = (SELECT alias_id FROM app.member_aliases)",
    "made a member who is not there": "DELETE FROM app.member_aliases",
    "is left beside": "INSERT INTO app.fact_companions SELECT ledger_id, terminal_id, hash, merchant_id, 'x'"
    " FROM app.facts LIMIT 1",
}


@pytest.mark.parametrize("offence", BREAKS)
async def test_verify_finds_a_merge_that_is_none(
    till: FakeTill, second_till: FakeTill, database: DatabaseUrls, offence: str
) -> None:
    mine = till.create_member(PHONE)
    second_till.create_member(PHONE)
    till.sell_pass(member_id=mine.member_id)
    await till.push()
    await second_till.push()
    await all_holds(till.pool)
    with as_owner(database) as owner:
        owner.execute(BREAKS[offence].encode(), {"other": MEMBER})
    found = (await invariants.check(till.pool))["6"]
    assert found.state == "broken"
    assert offence in found.details


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_any_order_of_two_tills_ends_in_one_member_and_the_same_totals(
    server: Server, template: str, data: st.DataObject
) -> None:
    """Each till makes the phone, sells, stacks and redeems; their batches arrive cut and interleaved anyhow."""
    database = server.create(template)
    secure_database(database)
    try:
        async with open_pool(database.app, min_size=1, max_size=2) as pool:
            await build_shop(pool)
            one = await FakeTill(pool).pair()
            two = await FakeTill(pool, world.SECOND_TERMINAL, "SZ1T02", keys=one.keys).pair()
            redeemed = 0
            for till in (one, two):
                made = till.create_member(PHONE)
                sold = till.sell_pass(member_id=made.member_id)
                for _ in range(data.draw(st.integers(0, 3))):
                    cups = data.draw(st.integers(1, 2))
                    till.redeem(sold.pass_id, OWN, member_id=made.member_id, cups=cups)
                    redeemed += cups
                till.sell_pass(sold.pass_id, stacked=True, member_id=made.member_id)
                till.order(member_id=made.member_id)
            left = {id(till): list(till.texts) for till in (one, two)}
            sent: dict[int, int] = {id(one): 0, id(two): 0}
            while any(left.values()):
                till = data.draw(st.sampled_from([till for till in (one, two) if left[id(till)]]))
                count = data.draw(st.integers(1, len(left[id(till)])))
                batch, left[id(till)] = left[id(till)][:count], left[id(till)][count:]
                sent[id(till)] += count
                answer = await till.push(batch, sent[id(till)])
                assert {(result.outcome, result.reason) for result in answer.results} == {OK}
            assert await rows(pool, "SELECT uses_bought, uses_left FROM app.passes_held") == [(40, 40 - redeemed)]
            people = "SELECT count(*) FROM app.members WHERE key_sealed IS NOT NULL"
            assert await value(pool, people) == 1
            assert await value(pool, "SELECT count(DISTINCT member_id) FROM app.orders") == 1
            assert await value(pool, "SELECT count(*) FROM app.topup_orders WHERE kind = 'first'") == 1
            await all_holds(pool)
    finally:
        server.drop(database)

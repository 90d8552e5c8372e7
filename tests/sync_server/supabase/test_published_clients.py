"""The published clients, unchanged: `supabase` of PyPI, `@supabase/supabase-js` of npm; source 001 §7, source 000 §2B.

The JavaScript client is installed from npm into a folder of the test; where npm cannot be reached that test is skipped.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from postgrest.exceptions import APIError
from supabase import create_client
from supabase_auth.errors import AuthApiError

from tests.sync_server.supabase.conftest import ANA, LUCY, PASSWORD, PHONES, Clients, paid
from tests.sync_server.till import all_holds, as_owner

JS_CLIENT = "@supabase/supabase-js@2.109.0"
SCRIPT = Path(__file__).with_name("source_001.mjs")
pytestmark = pytest.mark.filterwarnings(
    "ignore:The '.*' parameter is deprecated:DeprecationWarning"
)  # the client's own
MINE = {"p_card_type": "personal"}


@pytest.fixture(autouse=True)
def shop(clients: Clients) -> None:
    """The merchant is called as in the source; codes may be asked for again."""
    with as_owner(clients.database) as owner:
        owner.execute("UPDATE app.merchants SET code = 'M001' WHERE code = 'TEST'")
        owner.execute("DELETE FROM sec.phone_codes")
        owner.execute("DELETE FROM sec.phone_limits")
    clients.gateway.messages.clear()


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """What the clients drop is gone before the next module's tests, which ignore nothing."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def signed_in(clients: Clients, who: str) -> Any:
    """A client of a member or of somebody at HQ."""
    client: Any = create_client(clients.url, clients.key())
    if who in PHONES:
        clients.gateway.messages.clear()
        client.auth.sign_in_with_otp({"phone": PHONES[who]})
        code = clients.gateway.code_for(PHONES[who])
        answer = client.auth.verify_otp({"phone": PHONES[who], "token": code, "type": "sms"})
    else:
        answer = client.auth.sign_in_with_password({"email": who, "password": PASSWORD})
    assert answer.session is not None
    return client


@pytest.mark.req("R013")
def test_python_signs_in_without_a_name(clients: Clients) -> None:
    client: Any = create_client(clients.url, clients.key())
    assert client.auth.get_session() is None
    answer = client.auth.sign_in_anonymously()
    assert answer.user is not None
    assert answer.user.is_anonymous
    known = client.auth.get_user()
    assert known is not None
    assert known.user.id == answer.user.id
    claims = client.auth.get_claims()
    assert claims is not None
    assert claims["claims"]["is_anonymous"] is True
    assert client.table("personal_cards").select("*").execute().data == []
    session = client.auth.refresh_session().session
    assert session is not None
    client.auth.sign_out()
    with pytest.raises(AuthApiError) as error:
        client.auth.refresh_session(session.refresh_token)
    assert str(error.value.code) == "refresh_token_not_found"


def rename(clients: Clients, number: str, other: str) -> None:
    """Give a transaction another number."""
    with as_owner(clients.database) as owner:
        owner.execute("UPDATE app.transactions SET tx_no = %s WHERE tx_no = %s", [other, number])
        owner.execute("UPDATE app.tx_registry SET tx_no = %s WHERE tx_no = %s", [other, number])
        owner.execute("UPDATE app.card_refunds SET original_tx_no = %s WHERE original_tx_no = %s", [other, number])


@pytest.mark.req("R063", "R065", "R070", "R075")
def test_python_runs_the_source(clients: Clients) -> None:
    member = signed_in(clients, LUCY)
    cashier = signed_in(clients, "cashier@test.example")
    code = member.rpc("rotate_card_qr", {"p_card_id": clients.cards[LUCY], **MINE}).execute()
    paid = cashier.rpc("merchant_charge_by_qr", {
        "p_merchant_code": "M001", "p_qr_plain": code.data[0]["qr_plain"], "p_raw_price": 25.50}).execute()  # fmt: skip
    rename(clients, paid.data[0]["tx_no"], "ZF000123")  # the source's number
    SUPABASE_URL, SUPABASE_KEY = clients.url, clients.key()

    supabase = create_client(SUPABASE_URL, SUPABASE_KEY)

    supabase.auth.sign_in_with_password({"email": "cashier@test.example", "password": PASSWORD})

    # 退款
    res = supabase.rpc("merchant_refund_tx", {
      "p_merchant_code": "M001",
      "p_original_tx_no": "ZF000123",
      "p_refund_amount": 10.00,
      "p_reason": "customer_request"
    }).execute()  # fmt: skip

    found: Any = res.data
    (row,) = found
    assert list(row) == ["refund_tx_id", "refund_tx_no", "refunded_amount"]
    assert row["refunded_amount"] == 10.00
    with pytest.raises(APIError) as error:
        supabase.rpc("merchant_refund_tx", {
            "p_merchant_code": "M001", "p_original_tx_no": "ZF000123", "p_refund_amount": 15.51}).execute()  # fmt: skip
    assert (error.value.code, error.value.message) == ("P0001", "refund_exceeds")
    rename(clients, "ZF000123", paid.data[0]["tx_no"])
    clients.running.do(all_holds)


@pytest.mark.req("R064", "R066", "R067", "R068", "R069", "R070", "R071")
def test_python_runs_the_flows_of_section_5(clients: Clients) -> None:
    user: Any = create_client(clients.url, clients.key())
    user_id = user.auth.sign_in_anonymously().user.id  # 5.1
    with as_owner(clients.database) as owner:  # the business side
        owner.execute("INSERT INTO app.members (member_id, name_sealed) VALUES (%s, '')", [user_id])
    card = user.table("personal_cards").select("*").single().execute().data
    assert (card["member_id"], card["level"], card["discount"]) == (user_id, 0, 1)

    asked = {"p_personal_card_id": card["id"], "p_amount": 100, "p_payment_method": "wechat", "p_reason": "topup"}
    topped = user.rpc("user_recharge_personal_card", asked).execute().data[0]  # 5.4
    assert user.table("personal_cards").select("balance").single().execute().data == {"balance": 0}
    clients.running.do(lambda pool: paid(pool, topped["tx_no"]))
    assert user.table("personal_cards").select("balance").single().execute().data == {"balance": 100}

    merchant = signed_in(clients, "cashier@test.example")
    shown = user.rpc("rotate_card_qr", {"p_card_id": card["id"], **MINE}).execute().data[0]  # 5.2
    charged = merchant.rpc("merchant_charge_by_qr", {
        "p_merchant_code": "M001", "p_qr_plain": shown["qr_plain"], "p_raw_price": 25.5, "p_reason": "coffee",
        "p_tag": {"sku": "latte"}}).execute().data[0]  # fmt: skip
    back = {"p_merchant_code": "M001", "p_original_tx_no": charged["tx_no"], "p_refund_amount": 10.00}
    merchant.rpc("merchant_refund_tx", {**back, "p_reason": "customer_request"}).execute()  # 5.3
    now = user.table("personal_cards").select("balance, points").single().execute().data
    assert now == {"balance": 84.5, "points": 16}  # 25 earned, and 10 of 25.50 taken back: 9
    kinds = user.table("transactions").select("kind, tag").order("tx_no").execute().data
    assert [row["kind"] for row in kinds] == ["topped_up", "charge_refunded", "card_charged"]

    admin = signed_in(clients, ANA)
    company = {"p_enterprise_card_id": clients.company, "p_amount": 500, "p_payment_method": "alipay"}
    done = admin.rpc("user_recharge_enterprise_card_admin", {**company, "p_reason": "corporate_topup"}).execute()
    assert done.data[0]["amount"] == 500
    clients.running.do(all_holds)


@pytest.mark.req("R055", "R057", "R058", "R079")
def test_python_reads_and_is_refused(clients: Clients) -> None:
    member = signed_in(clients, LUCY)
    card = member.table("personal_cards").select("id, card_no, balance").single().execute()
    assert card.data["id"] == clients.cards[LUCY]
    listed = member.table("transactions").select("tx_no", count="exact").order("created_at", desc=True).limit(1)
    found = listed.execute()
    assert len(found.data) == 1
    assert found.count is not None
    assert found.count >= 1
    assert member.table("personal_cards").select("*").eq("card_no", "nobody's").maybe_single().execute() is None
    for refused, code in (
        (lambda: member.table("personal_cards").select("*").eq("card_no", "x").single().execute(), "PGRST116"),
        (lambda: member.table("personal_cards").update({"balance": 9}).eq("id", card.data["id"]).execute(), "42501"),
        (lambda: member.table("transactions").insert({"tx_no": "ZF1"}).execute(), "42501"),
        (lambda: member.table("accounts").select("*").execute(), "PGRST205"),
        (lambda: member.table("personal_cards").select("nothing").execute(), "42703"),
        (lambda: member.rpc("rotate_card_qr", {"p_card_id": "7", **MINE}).execute(), "22P02"),
        (lambda: member.rpc("rotate_card_qr", {"p_card_id": clients.company, **MINE}).execute(), "P0001"),
        (lambda: member.rpc("no_such_function", {}).execute(), "PGRST202"),
    ):
        with pytest.raises(APIError) as error:
            refused()  # type: ignore[no-untyped-call]
        assert error.value.code == code
        assert error.value.message
    with pytest.raises(AuthApiError) as wrong:
        member.auth.verify_otp({"phone": PHONES[LUCY], "token": "1", "type": "sms"})
    assert (wrong.value.status, wrong.value.code) == (403, "otp_expired")


@pytest.fixture(scope="module")
def npm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the JavaScript client."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node is not on this machine")
    folder = tmp_path_factory.mktemp("js")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    asked = [npm, "install", JS_CLIENT, "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0",
             "--fetch-timeout=20000"]  # fmt: skip
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm cannot be reached: {done.stderr.strip().splitlines()[-1:]}")
    return folder


@pytest.mark.req("R013", "R059", "R063", "R075", "R079")
def test_javascript_runs_the_source(clients: Clients, npm_folder: Path) -> None:
    seen = run_script(clients, npm_folder)
    assert seen["anonymous"] == {
        "before": None, "error": None, "isAnonymous": True, "role": "authenticated", "kept": True, "claims": True,
        "cards": [],
    }  # fmt: skip
    assert seen["afterSignOut"]["data"]["session"] is None
    assert seen["wrongCode"] == [403, "otp_expired", "Token has expired or is invalid"]
    assert (seen["sent"], seen["soon"]) == (None, "over_sms_send_rate_limit")
    assert seen["member"] == [None, LUCY]
    assert seen["ownCard"]["id"] == clients.cards[LUCY]
    assert seen["qr"] == [1, ["qr_plain", "qr_expires_at"]]
    assert seen["refused"] == {"code": "42501", "details": None, "hint": None, "message": "permission_missing"}
    assert seen["wrongPassword"] == [400, "invalid_credentials", "Invalid login credentials"]
    assert seen["payError"] is None
    (pay,) = seen["pay"]
    assert set(pay) == {"tx_id", "tx_no", "card_type", "card_id", "final_amount", "discount"}
    assert (pay["card_id"], pay["final_amount"], pay["tx_no"][:2]) == (clients.cards[LUCY], 25.5, "ZF")
    assert (seen["used"]["code"], seen["used"]["message"]) == ("P0001", "code_used")
    assert (seen["noFunction"], seen["badType"]["code"]) == ("PGRST202", "22P02")
    assert seen["sales"][0][0]["sku"] == "latte"
    assert seen["sales"][1:] == [1, 200]
    assert seen["head"][1] >= 1
    assert seen["none"] == [None, None]
    assert seen["notOne"]["code"] == "PGRST116"
    assert seen["some"] == [{"status": "completed"}]
    assert (seen["written"][0]["code"], seen["written"][1]) == ("42501", 403)
    assert seen["written"][0]["message"] == "permission denied for table transactions"
    assert [seen[name] for name in ("changed", "deleted", "noTable")] == ["42501", "42501", "PGRST205"]
    assert seen["noColumn"]["message"] == "column transactions.nothing does not exist"
    assert seen["refreshed"] == [None, True, "cashier@test.example"]
    assert (seen["left"], seen["gone"]) == (None, "refresh_token_not_found")
    clients.running.do(all_holds)


def run_script(clients: Clients, folder: Path) -> dict[str, Any]:
    """Run it under node, give it the code from the phone when it asks, and return what it has seen."""
    script = folder / SCRIPT.name
    script.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    environment = os.environ | {
        "NEXT_PUBLIC_SUPABASE_URL": clients.url, "NEXT_PUBLIC_SUPABASE_ANON_KEY": clients.key(),
        "PHONE": PHONES[LUCY], "PASSWORD": PASSWORD,
    }  # fmt: skip
    # Node 20 has the WebSocket of a browser behind this flag; the client wants one although nothing here uses it.
    command = ["node", "--no-warnings", "--experimental-websocket", script.name]
    with subprocess.Popen(
        command, cwd=folder, env=environment, text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdin
        assert process.stderr
        for line in process.stdout:
            said = json.loads(line)
            if "seen" in said:
                found: dict[str, Any] = said["seen"]
                return found
            process.stdin.write(clients.gateway.code_for(PHONES[LUCY]) + "\n")
            process.stdin.flush()
        pytest.fail(process.stderr.read())


_PAGE = """async ([address, key, member]) => {
  const client = supabase.createClient(address, key);
  const nameless = (await client.auth.signInAnonymously()).data.user.is_anonymous;
  await client.auth.setSession(member);
  const cards = await client.from("personal_cards").select("id", { count: "exact" });
  const code = await client.rpc("rotate_card_qr", { p_card_id: cards.data[0].id, p_card_type: "personal" });
  const refused = await client.rpc("rotate_card_qr", { p_card_id: "7", p_card_type: "personal" });
  const claims = await client.auth.getClaims();
  return { nameless, cards: [cards.data, cards.count], code: Object.keys(code.data[0]), refused: refused.error.code,
           subject: claims.data.claims.sub };
}"""


def test_a_browser_of_another_site(clients: Clients, npm_folder: Path) -> None:
    """What a page may do is for the browser to allow (CORS); it checks our tokens by the keys that we publish."""
    program = shutil.which("chromium")
    assert program is not None, "Chromium is missing"
    session = clients.sign_in(LUCY)
    bundle = npm_folder / "node_modules/@supabase/supabase-js/dist/umd/supabase.js"
    with sync_playwright() as driver:
        # The page comes from nowhere, and such a one may not ask this machine: that check is not what is tried here.
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"]
        browser = driver.chromium.launch(executable_path=program, args=arguments)
        tab = browser.new_page()
        tab.route("http://localhost:1/", lambda route: route.fulfill(content_type="text/html", body="<p>shop"))
        tab.goto("http://localhost:1/")
        tab.add_script_tag(path=bundle)
        member = {name: session[name] for name in ("access_token", "refresh_token")}
        seen = tab.evaluate(_PAGE, [clients.url, clients.key(), member])
        browser.close()
    assert seen == {
        "nameless": True, "cards": [[{"id": clients.cards[LUCY]}], 1], "code": ["qr_plain", "qr_expires_at"],
        "refused": "22P02", "subject": LUCY,
    }  # fmt: skip

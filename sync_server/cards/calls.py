"""The calls of source 001 §4, by its names and parameters, for whoever the claims say.

Rule: amounts are major units ("25.50" as Decimal), as the source has them; money calls need an idempotency key, and the
same key with the same content returns the same answer. Decisions are the ledger's (ledger/sql/31, 32).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from psycopg.types.json import Jsonb

from models.refusals import Refusal
from models.tokens import decode_short
from sync_server.cards import codes
from sync_server.cards.codes import CardType
from sync_server.cards.enterprise import compared_password
from sync_server.cards.outcomes import Plain, ask
from sync_server.database.engine import Claims, Pool, transaction
from sync_server.ledger.functions import LEDGER_ID

PayMethod = Literal["wechat", "alipay", "cash", "bank_card", "bizum", "platform"]
Tag = Mapping[str, object] | None


async def rotate_card_qr(pool: Pool, claims: Claims, p_card_id: str, p_card_type: CardType) -> Plain:
    """{qr_plain, qr_expires_at}. Refusals: those of `codes.rotate_code`."""
    made = await codes.rotate_code(pool, claims, p_card_id, p_card_type)
    return {"qr_plain": made.text, "qr_expires_at": made.expires_at}


async def merchant_charge_by_qr(
    pool: Pool,
    claims: Claims,
    p_merchant_code: str,
    p_qr_plain: str,
    p_raw_price: Decimal,
    p_reason: str | None = None,
    p_tag: Tag = None,
    p_idempotency_key: str | None = None,
    p_external_order_id: str | None = None,
) -> Plain:
    """{tx_id, tx_no, card_type, card_id, final_amount, discount}. The code is used up with the charge.

    Refusals: `permission_missing`, `idempotency_key_missing`, `request_malformed`, those of `codes.check_code`,
    `code_used`, `code_expired`, `amount_invalid`, `card_inactive`, `card_expired`, `card_currency_unset`,
    `currency_mismatch`, `balance_insufficient`, `external_order_used`, `content_differs`.
    """
    card_ref, checked_hash, refusal = await _compared(pool, claims, p_merchant_code, p_qr_plain, p_idempotency_key)
    return await ask(
        pool,
        claims,
        "SELECT app.answer_merchant_charge_by_qr(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s, %s)::text",
        [LEDGER_ID, p_merchant_code, card_ref, checked_hash, refusal, p_raw_price, p_reason, Jsonb(p_tag or {}),
         p_idempotency_key, p_external_order_id],
    )  # fmt: skip


async def _compared(
    pool: Pool, claims: Claims, merchant_code: str, text: str, key: str | None
) -> tuple[str | None, str | None, Jsonb | None]:
    """(card reference, hash that fits, refusal): nothing is compared for a stranger, or a key that has its answer."""
    try:
        card_ref: str | None = decode_short(text).card_ref
    except Refusal as refusal:
        return None, None, _plain(refusal)
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute(
            "SELECT app.begin_charge(%s::smallint, %s, %s)", [LEDGER_ID, merchant_code, key]
        )
        if await cursor.fetchone() != (True,):
            return card_ref, None, None
    try:
        return card_ref, (await codes.check_code(pool, text)).checked_hash, None
    except Refusal as refusal:
        return card_ref, None, _plain(refusal)


def _plain(refusal: Refusal) -> Jsonb:
    return Jsonb({"code": refusal.code, "data": refusal.data})


async def merchant_refund_tx(
    pool: Pool,
    claims: Claims,
    p_merchant_code: str,
    p_original_tx_no: str,
    p_refund_amount: Decimal,
    p_reason: str | None = None,
    p_tag: Tag = None,
    p_idempotency_key: str | None = None,
) -> Plain:
    """{refund_tx_id, refund_tx_no, refunded_amount}.

    Refusals: `permission_missing`, `idempotency_key_missing`, `request_malformed`, `transaction_unknown`,
    `refund_not_allowed` (no charge of a card), `amount_invalid`, `refund_exceeds`, `card_inactive`, `content_differs`.
    """
    found = await ask(
        pool,
        claims,
        "SELECT app.answer_merchant_refund_tx(%s::smallint, %s, %s, %s, %s, %s, %s)::text",
        [
            LEDGER_ID,
            p_merchant_code,
            p_original_tx_no,
            p_refund_amount,
            p_reason,
            Jsonb(p_tag or {}),
            p_idempotency_key,
        ],
    )
    return {name: found[name] for name in ("refund_tx_id", "refund_tx_no", "refunded_amount")}


async def user_recharge_personal_card(
    pool: Pool,
    claims: Claims,
    p_personal_card_id: str,
    p_amount: Decimal,
    p_payment_method: PayMethod = "wechat",
    p_reason: str | None = None,
    p_tag: Tag = None,
    p_idempotency_key: str | None = None,
    p_external_order_id: str | None = None,
) -> Plain:
    """{tx_id, tx_no, card_id, amount}: pending until the payment is confirmed.

    Refusals: `card_unknown` (also somebody else's), `idempotency_key_missing`, `request_malformed`, `amount_invalid`,
    `card_inactive`, `card_expired`, `card_currency_unset`, `external_order_used`, `content_differs`.
    """
    return await _recharge(pool, claims, ["personal", p_personal_card_id, p_amount, p_payment_method, p_reason,
                                          Jsonb(p_tag or {}), p_idempotency_key, p_external_order_id])  # fmt: skip


async def user_recharge_enterprise_card_admin(
    pool: Pool,
    claims: Claims,
    p_enterprise_card_id: str,
    p_amount: Decimal,
    p_payment_method: PayMethod = "wechat",
    p_reason: str | None = None,
    p_tag: Tag = None,
    p_idempotency_key: str | None = None,
    p_external_order_id: str | None = None,
) -> Plain:
    """{tx_id, tx_no, card_id, amount}: pending until the payment is confirmed. Also Refusal `not_admin`."""
    return await _recharge(pool, claims, ["enterprise", p_enterprise_card_id, p_amount, p_payment_method, p_reason,
                                          Jsonb(p_tag or {}), p_idempotency_key, p_external_order_id])  # fmt: skip


async def _recharge(pool: Pool, claims: Claims, values: list[object]) -> Plain:
    return await ask(
        pool,
        claims,
        "SELECT app.answer_user_recharge(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s)::text",
        [LEDGER_ID, *values],
    )


async def enterprise_set_initial_admin(pool: Pool, claims: Claims, p_card_no: str, p_member_no: str) -> bool:
    """True. The operator's alone. Refusals: `card_unknown`, `member_unknown`, `member_inactive`, `already_member` (the
    card has an admin)."""
    await ask(
        pool,
        claims,
        "SELECT app.answer_enterprise_set_initial_admin(%s::smallint, %s, %s)::text",
        [LEDGER_ID, p_card_no, p_member_no],
    )
    return True


async def enterprise_add_member(
    pool: Pool, claims: Claims, p_card_no: str, p_member_no: str, p_card_password: str
) -> bool:
    """True. Refusals: `card_unknown`, `not_admin`, `card_password_wrong`, `card_password_locked` (five wrong tries: 15
    minutes), `member_unknown`, `member_inactive`, `already_member`."""
    checked_hash, refused = await compared_password(pool, claims, p_card_no, p_card_password)
    await ask(
        pool,
        claims,
        "SELECT app.answer_enterprise_add_member(%s::smallint, %s, %s, %s, %s)::text",
        [LEDGER_ID, p_card_no, p_member_no, checked_hash, refused],
    )
    return True


async def enterprise_remove_member(pool: Pool, claims: Claims, p_card_no: str, p_member_no: str) -> bool:
    """True. Refusals: `card_unknown`, `not_admin`, `not_a_member`, `last_admin`."""
    await ask(
        pool,
        claims,
        "SELECT app.answer_enterprise_remove_member(%s::smallint, %s, %s)::text",
        [LEDGER_ID, p_card_no, p_member_no],
    )
    return True


async def cron_expire_cards(pool: Pool, claims: Claims) -> int:
    """How many cards have expired just now, 500 at most; until 0. The operator's alone."""
    async with transaction(pool, claims) as connection:
        cursor = await connection.execute("SELECT app.cron_expire_cards()")
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - a function call returns one row
    return int(row[0])

"""A small merchant with one store and one terminal, made of values, for the server's tests."""

from __future__ import annotations

from models.catalogue import Category, PassPlan, Product, StaffMember, Store
from sync_server.catalogue.writes import put, put_merchant
from sync_server.database.engine import PLATFORM, Pool, transaction
from sync_server.fleet.terminals import put_terminal

MERCHANT, OTHER_MERCHANT = "0a000000-0000-7000-8000-000000000001", "0a000000-0000-7000-8000-000000000002"
STORE, OTHER_STORE = "0b000000-0000-7000-8000-000000000001", "0b000000-0000-7000-8000-000000000002"
TERMINAL, SECOND_TERMINAL, OTHER_TERMINAL, THIRD_TERMINAL = (
    f"0c000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3, 4)
)
CATEGORY = "0d000000-0000-7000-8000-000000000001"
PRODUCT = "0d000000-0000-7000-8000-000000000011"
PLAN = "0d000000-0000-7000-8000-000000000021"
STAFF = "0d000000-0000-7000-8000-000000000031"


def store(store_id: str = STORE, merchant_id: str = MERCHANT, code: str = "SZ1") -> Store:
    """A store in Shenzhen."""
    return Store(
        store_id,
        merchant_id,
        code,
        "测试店",
        "Asia/Shanghai",
        "CNY",
        "zh-CN",
        "测试有限公司",
        "91440300TEST",
        "深圳",
        120,
    )


def category(category_id: str = CATEGORY, merchant_id: str = MERCHANT) -> Category:
    """A category."""
    return Category(category_id, merchant_id, {"zh-CN": "茶", "en": "Tea"}, 1)


def product(price_minor: int = 1800) -> Product:
    """A cup of tea."""
    return Product(PRODUCT, MERCHANT, CATEGORY, {"zh-CN": "红茶"}, price_minor, "0.06", frozenset({"tea", "cup"}))


def plan() -> PassPlan:
    """Ten cups in 90 days."""
    return PassPlan(PLAN, MERCHANT, {"zh-CN": "十杯卡"}, 15000, "CNY", 10, 90, True, "tea", "none", "0", 2, 3, 1)


def person(store_id: str = STORE) -> StaffMember:
    """A cashier; the hash fits no PIN."""
    return StaffMember(STAFF, MERCHANT, store_id, "小李", "$argon2id$x", frozenset({"refund", "reprint"}))


async def build(pool: Pool) -> None:
    """Write two merchants with a store each, and four terminals that wait for pairing."""
    async with transaction(pool, PLATFORM) as connection:
        await put_merchant(connection, MERCHANT, "TEST", "测试商户")
        await put_merchant(connection, OTHER_MERCHANT, "OTHER", "别的商户")
        await put(connection, store())
        await put(connection, store(OTHER_STORE, OTHER_MERCHANT, "BC1"))
        await put_terminal(connection, TERMINAL, MERCHANT, STORE, "SZ1T01", "1")
        await put_terminal(connection, SECOND_TERMINAL, MERCHANT, STORE, "SZ1T02", "2")
        await put_terminal(connection, THIRD_TERMINAL, MERCHANT, STORE, "SZ1T03", "3")
        await put_terminal(connection, OTHER_TERMINAL, OTHER_MERCHANT, OTHER_STORE, "BC1T01", "1")

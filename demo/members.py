"""The demo's members and what they hold: each one shows something that happens at a till.

Rule: names and numbers are invented; days count from the moment of the first seed.
"""

from dataclasses import dataclass, field

from demo.shops import demo_id


@dataclass(frozen=True, slots=True)
class DemoPass:
    """A pass: plan key, uses left and bought, days until it expires (negative: since), status."""

    shop: str
    plan: str
    left: int
    bought: int
    days: int
    status: str = "active"


@dataclass(frozen=True, slots=True)
class DemoMember:
    """A member of the first shop they appear at. `balance_minor` is in that shop's currency."""

    key: str
    number: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    level: str
    shop: str
    balance_minor: int
    points: int
    passes: tuple[DemoPass, ...]
    shows: str

    @property
    def member_id(self) -> str:
        return demo_id(f"member/{self.key}")

    def pass_id(self, held: DemoPass) -> str:
        """Return the id of one of their passes."""
        return demo_id(f"member/{self.key}/{held.shop}/{held.plan}")


MEMBERS = (
    DemoMember("regular", "880001", "林小满", "13800126021", "gold", "SZ1", 26800, 1240,
               (DemoPass("SZ1", "tea10", 6, 10, 62), DemoPass("SZ1", "play5", 4, 5, 90)), "a regular with two passes"),
    DemoMember("last", "880002", "陈屿舟", "13911230002", "silver", "SZ1", 5000, 180,
               (DemoPass("SZ1", "tea10", 1, 10, 40),), "one use left"),
    DemoMember("tomorrow", "880003", "周知夏", "13622340003", "silver", "SZ1", 0, 96,
               (DemoPass("SZ1", "tea10", 3, 10, 1),), "expires tomorrow"),
    DemoMember("review", "880004", "许南乔", "13733450004", "standard", "SZ1", 0, 0,
               (DemoPass("SZ1", "team50", 50, 50, 365, "suspended"),), "waits for HQ's approval"),
    DemoMember("revoked", "880005", "何予安", "13544560005", "standard", "SZ1", 0, 12,
               (DemoPass("SZ1", "tea10", 8, 10, 70, "revoked"),), "revoked"),
    DemoMember("expired", "880006", "宋知意", "13455670006", "standard", "SZ1", 1200, 44,
               (DemoPass("SZ1", "tea10", 2, 10, -3, "expired"),), "expired three days ago"),
    DemoMember("empty", "880007", "叶栖迟", "13366780007", "silver", "SZ1", 0, 310,
               (DemoPass("SZ1", "tea10", 0, 10, 25),), "used up: a stacked purchase helps"),
    DemoMember("daily", "880008", "方可心", "15077890008", "gold", "SZ1", 9900, 720,
               (DemoPass("SZ1", "play5", 3, 5, 55), DemoPass("SZ1", "tea30", 21, 30, 120)), "daily limits"),
    DemoMember("new", "880009", "苏一禾", "15188900009", "standard", "SZ1", 0, 0, (), "no pass yet: a first purchase"),
    DemoMember("both", "880010", "Clara Wang", "13599010010", "gold", "SZ1", 18800, 560,
               (DemoPass("SZ1", "tea30", 12, 30, 33), DemoPass("BCN1", "tea10", 9, 10, 80)), "known in both cities"),
    DemoMember("lucia", "880011", "Lucía Fernández Muñoz", "+34600111011", "silver", "BCN1", 2450, 210,
               (DemoPass("BCN1", "tea10", 7, 10, 58),), "a regular in Barcelona"),
    DemoMember("marc", "880012", "Marc Puig", "+34600112012", "standard", "BCN1", 0, 35,
               (DemoPass("BCN1", "play5", 1, 5, 2), DemoPass("BCN1", "tea30", 30, 30, 180)), "one play left, two days"),
    DemoMember("anna", "880013", "Anna Ibáñez", "+34600113013", "standard", "BCN1", 0, 0,
               (DemoPass("BCN1", "team50", 50, 50, 365, "suspended"),), "waits for HQ's approval"),
)  # fmt: skip
"""Twelve members with passes in every state, and one without."""

"""What a cashier may do, by the name that HQ gives the permission.

Rule: pure. Selling, redeeming and opening a shift need none; HQ grants the rest person by person (counter.md).
"""

REPRINT = "reprint"
REFUND = "refund"
CASH_DIFFERENCE = "cash_difference"
CASH_OUT = "cash_out"
NO_SALE = "no_sale"
OFFLINE_RISK = "offline_risk"
MEMBER_PIN = "member_pin"
"""To answer for a member who has a PIN and does not type it."""
NAMES = frozenset({REPRINT, REFUND, CASH_DIFFERENCE, CASH_OUT, NO_SALE, OFFLINE_RISK, MEMBER_PIN})
"""Permissions that this program asks for."""

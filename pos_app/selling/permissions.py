"""What a cashier may do, by the name that HQ gives the permission.

Rule: pure. Selling, redeeming and opening a shift need none; HQ grants the rest person by person (counter.md).
"""

REPRINT = "reprint"
REFUND = "refund"
CASH_DIFFERENCE = "cash_difference"
CASH_OUT = "cash_out"
NO_SALE = "no_sale"
OFFLINE_RISK = "offline_risk"
NAMES = frozenset({REPRINT, REFUND, CASH_DIFFERENCE, CASH_OUT, NO_SALE, OFFLINE_RISK})
"""Permissions that this program asks for."""

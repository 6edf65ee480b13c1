"""Etsy's fees, as far as they are known: Etsy does not publish them in an API.

No regulatory operating fee: it is said to be for sellers in some countries, Morocco and the US not
among them. A seller compares all of it with etsy.com/legal/fees before relying on it.
"""

from decimal import Decimal

from moneyed import Money

from connectors.protocol import Fee

FEES = (
    Fee(
        "transaction fee",
        percent=Decimal("6.5"),
        source="third-party articles of 2023, unverified: see etsy.com/legal/fees",
    ),
    Fee(
        "listing fee",
        fixed=Money("0.20", "USD"),
        source="an undated copy of etsy.com/legal/fees: for listing, and again for each sold",
    ),
    Fee(
        "payment processing",
        percent=Decimal(3),
        fixed=Money("0.25", "USD"),
        source="third-party articles, for US accounts; for Moroccan ones unverified",
    ),
)

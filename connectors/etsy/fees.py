"""Etsy's published fees.

No regulatory operating fee: it is for sellers in some countries, Morocco and the US not among
them. Etsy does not publish its fees in an API.
"""

from decimal import Decimal

from moneyed import Money

from connectors.protocol import Fee

FEES = (
    Fee(
        "transaction fee",
        percent=Decimal("6.5"),
        source="etsy.com/legal/fees: 6.5 % of price and shipping, as of 2022-04; read 2026-11",
    ),
    Fee(
        "listing fee",
        fixed=Money("0.20", "USD"),
        source="etsy.com/legal/fees: 0.20 USD a listing, and again for each sold; read 2026-11",
    ),
    Fee(
        "payment processing",
        percent=Decimal(3),
        fixed=Money("0.25", "USD"),
        source=(
            "etsy.com/legal/etsy-payments: 3 % + 0.25 USD for a US account; a Moroccan "
            "account's own figure is not verified: look it up before selling"
        ),
    ),
)

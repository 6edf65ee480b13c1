"""What Shopify keeps of a sale: processing the card. A plan's monthly price is no part of it.

Another plan, country or payment provider has figures of its own: set the channel's.
"""

from decimal import Decimal

from moneyed import Money

from connectors.protocol import Fee

FEES = (
    Fee(
        "card processing",
        percent=Decimal("2.9"),
        fixed=Money("0.30", "USD"),
        source="third-party articles: Basic plan, US cards; unverified: see shopify.com/pricing",
    ),
)

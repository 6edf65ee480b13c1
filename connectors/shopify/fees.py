"""What Shopify keeps of a sale: processing the card. A plan's monthly price is no part of it."""

from decimal import Decimal

from moneyed import Money

from connectors.protocol import Fee

FEES = (
    Fee(
        "card processing",
        percent=Decimal("2.9"),
        fixed=Money("0.30", "USD"),
        source=(
            "shopify.com/pricing: Shopify Payments online, US cards, Basic plan; not verified in "
            "2026. Another plan, country or payment provider has its own: set the channel's"
        ),
    ),
)

"""Amazon's published fees. The referral fee is of what the buyer pays, shipping included."""

from collections.abc import Mapping
from decimal import Decimal

from moneyed import Money

from connectors.protocol import Fee

# The least that Amazon keeps of an item, by currency; the markets of other currencies publish
# theirs too, and none of them is known here.
MINIMUMS: Mapping[str, str] = {
    "USD": "0.30",
    "CAD": "0.40",
    "GBP": "0.25",
    "EUR": "0.30",
    "JPY": "30",
}

_SEEN = "copies of Amazon's selling fees, Home; this year's figures unverified"
_UNSEEN = "as in Amazon's US market, Home; this market's own figures unverified"


def referral_fee(currency: str) -> Fee:
    """What Amazon keeps of a sale of home goods in a market that sells in `currency`."""
    least = MINIMUMS.get(currency)
    return Fee(
        "referral fee",
        percent=Decimal(15),
        minimum=Money(least, currency) if least else None,
        source=_SEEN if currency in {"USD", "EUR"} else _UNSEEN,
    )

"""PlainShop for Trade.ma: an example of a connector that somebody else wrote."""

from plainshop.connector import PlainShopConnector
from plainshop.limits import LIMITS

from connectors.protocol import Marketplace, Site

MARKETPLACE = Marketplace(
    code="plainshop",
    name="PlainShop",
    limits=LIMITS,
    sites=(Site("ma", "PlainShop Morocco", "MAD", "fr-MA"),),
    credentials=("token",),
    connect=PlainShopConnector,
)

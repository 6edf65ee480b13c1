"""PlainShop for Trade.ma: an example of a connector that somebody else wrote."""

from connectors.protocol import Marketplace, Site

from .connector import PlainShopConnector
from .limits import LIMITS

MARKETPLACE = Marketplace(
    code="plainshop",
    name="PlainShop",
    limits=LIMITS,
    sites=(Site("ma", "PlainShop Morocco", "MAD", "fr-MA"),),
    credentials=("token",),
    connect=PlainShopConnector,
)

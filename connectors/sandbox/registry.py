"""The marketplaces that run on this machine, by the code of their connector."""

from collections.abc import Callable, Mapping

from connectors.clock import Clock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.shopify import ShopifyMarket

SANDBOXES: Mapping[str, Callable[[Clock], ServedMarket]] = {
    "amazon": AmazonMarket,
    "etsy": EtsyMarket,
    "shopify": ShopifyMarket,
}

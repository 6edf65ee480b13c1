"""Shopify on this machine: its own schema, executed over an invented shop."""

from connectors.sandbox.shopify.market import ShopifyMarket

__all__ = ["ShopifyMarket"]

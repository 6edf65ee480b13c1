"""Amazon's Selling Partner API on this machine: listings, feeds, orders, tokens, quotas."""

from connectors.sandbox.amazon.market import AmazonMarket

__all__ = ["AmazonMarket"]

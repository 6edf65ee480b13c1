"""Shopify, by ShopifyAPI on Admin GraphQL 2026-10.

Credentials: `shop` (its myshopify.com name), and `client_id` with `client_secret` of a custom app,
exchanged at POST {base}/admin/oauth/access_token (grant_type=client_credentials) for a token of
24 hours. An older custom app has these too, and an `access_token` that never expires: where it is
given it is used. `client_secret` also signs webhooks.

Settings: `base_url` (another server than https://{shop}), `location` and `publication` (ids; found
where there is one obvious choice), `price_list` (id: this channel's prices are fixed prices of that
list, in its currency).
"""

from connectors.protocol import Marketplace, Site
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.limits import LIMITS
from connectors.shopify.notices import notice

MARKETPLACE = Marketplace(
    code="shopify",
    name="Shopify",
    limits=LIMITS,
    sites=(Site("shop", "The shop's own market", "USD", "en"),),
    credentials=("shop", "client_id", "client_secret"),
    connect=ShopifyConnector,
    notice=notice,
)

"""Shopify, by ShopifyAPI on Admin GraphQL 2026-10.

Credentials: `shop` (its myshopify.com name), and `client_id` with `client_secret` of a custom app,
exchanged at POST {base}/admin/oauth/access_token (grant_type=client_credentials) for a token of
24 hours. An older custom app has these too, and an `access_token` that never expires: where it is
given it is used. `client_secret` also signs webhooks.

Settings, beside `base_url` (another server than https://{shop}): `location` and `publication` (ids;
found where there is one obvious choice); `webhooks` (our https address, which `check` gives to
Shopify); `price_list` (an id: the channel is another market of a shop that has a channel already,
and its prices are the fixed prices of that list, in its currency).
"""

from connectors.protocol import Account, Connector, Marketplace, PhotoSource, Site
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.consent import ShopifyConsent
from connectors.shopify.fees import FEES
from connectors.shopify.limits import LIMITS
from connectors.shopify.notices import notice
from connectors.shopify.pricelist import PriceListConnector


def connect(account: Account, photos: PhotoSource) -> Connector:
    """The connector of a shop, or of one of its price lists where the channel names one."""
    if account.settings.get("price_list"):
        return PriceListConnector(account)
    return ShopifyConnector(account, photos)


MARKETPLACE = Marketplace(
    code="shopify",
    name="Shopify",
    limits=LIMITS,
    sites=(Site("shop", "The shop's own market", "USD", "en", fees=FEES),),
    credentials=("shop", "client_id", "client_secret"),
    connect=connect,
    notice=notice,
    consent=ShopifyConsent(),
)

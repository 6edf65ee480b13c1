"""Amazon, by python-amazon-sp-api on the Selling Partner API.

A channel is one seller in one market. Settings that it may have:

    addresses     "yes": ask for the addresses that parcels go to; buyers stay unknown without it
    orders_api    "v0": read orders by the old API, which Amazon ends on 2027-03-27
    sample_asins  RUG=B0..., LAMP=B0...: ASINs by which restrictions of product types are asked for

and, beside the four credentials, `notification_secret` for whoever forwards notifications.
"""

from connectors.amazon.connector import AmazonConnector
from connectors.amazon.consent import AmazonConsent
from connectors.amazon.limits import LIMITS
from connectors.amazon.notifications import notice
from connectors.amazon.sites import SITES
from connectors.protocol import Marketplace

MARKETPLACE = Marketplace(
    code="amazon",
    name="Amazon",
    limits=LIMITS,
    sites=SITES,
    credentials=("seller_id", "lwa_app_id", "lwa_client_secret", "refresh_token"),
    connect=AmazonConnector,
    notice=notice,
    consent=AmazonConsent(),
)

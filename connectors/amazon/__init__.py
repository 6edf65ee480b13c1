"""Amazon, by python-amazon-sp-api on the Selling Partner API."""

from connectors.amazon.connector import AmazonConnector
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
)

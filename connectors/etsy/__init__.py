"""Etsy: one shop of a seller, through etsyv3 with its flaws mended."""

from connectors.etsy.auth import EtsyConsent
from connectors.etsy.connector import EtsyConnector
from connectors.etsy.fees import FEES
from connectors.etsy.limits import LIMITS
from connectors.etsy.notices import notice
from connectors.protocol import Marketplace, Site

MARKETPLACE = Marketplace(
    code="etsy",
    name="Etsy",
    limits=LIMITS,
    # Etsy sells to the world in the shop's own currency and language.
    sites=(Site("world", "Etsy", "USD", "en-US", fees=FEES),),
    credentials=("keystring", "shared_secret", "refresh_token"),
    connect=EtsyConnector,
    notice=notice,
    consent=EtsyConsent(),
)

"""Asking Shopify to send its notices to us."""

from connectors.errors import Refused
from connectors.protocol import Issue
from connectors.shopify.client import Client
from connectors.shopify.documents import WEBHOOK_SUBSCRIPTION_CREATE, WEBHOOK_SUBSCRIPTIONS
from connectors.shopify.limits import LIST_SIZE

# The three mandatory topics on privacy are subscribed in the app's own configuration only.
TOPICS = (
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "REFUNDS_CREATE",
    "PRODUCTS_UPDATE",
    "PRODUCTS_DELETE",
    "INVENTORY_LEVELS_UPDATE",
    "BULK_OPERATIONS_FINISH",
    "APP_UNINSTALLED",
)


def subscribe(client: Client, address: str) -> None:
    """See to it that every topic of ours is sent to `address`.

    Raises:
        Refused: Shopify does not take the address.
        ConnectorError: trouble with the channel.
    """
    known = client.call(WEBHOOK_SUBSCRIPTIONS, first=LIST_SIZE)["webhookSubscriptions"]["nodes"]
    subscribed = {node["topic"] for node in known if node["uri"] == address}
    for topic in TOPICS:
        if topic not in subscribed:
            answer = client.create(
                WEBHOOK_SUBSCRIPTION_CREATE, topic=topic, subscription={"uri": address}
            )
            if errors := answer["webhookSubscriptionCreate"]["userErrors"]:
                raise Refused([Issue("webhook_refused", error["message"]) for error in errors])

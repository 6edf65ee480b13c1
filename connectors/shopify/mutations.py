"""The mutations that pushes share, each refusal raised as Refused."""

from typing import Any

from connectors.errors import CredentialsRejected, Refused
from connectors.protocol import Draft
from connectors.shopify.client import Client
from connectors.shopify.documents import (
    METAFIELD_DEFINITION_CREATE,
    PRODUCT_UPDATE,
    PUBLISHABLE_PUBLISH,
)
from connectors.shopify.issues import issues_of
from connectors.shopify.mapper import KEY_DEFINITION, skus_of, status_of
from connectors.shopify.place import Place


def accept(payload: Any, draft: Draft) -> None:
    """Raises Refused with what a mutation's payload complains of, if anything."""
    if errors := payload["userErrors"]:
        raise Refused(issues_of(errors, skus_of(draft)))


def publish(client: Client, place: Place, draft: Draft, product_id: str) -> None:
    """Show a product in the online store."""
    store = [{"publicationId": place.publication}]
    answer = client.call(PUBLISHABLE_PUBLISH, id=product_id, input=store)
    accept(answer["publishablePublish"], draft)


def set_presence(client: Client, place: Place, draft: Draft, product_id: str) -> None:
    """Put a product on sale, or end it."""
    product = {"id": product_id, "status": status_of(draft)}
    accept(client.call(PRODUCT_UPDATE, product=product)["productUpdate"], draft)
    if draft.present:
        publish(client, place, draft, product_id)


def define_key(client: Client) -> None:
    """Define our key on the shop's products: without it, productSet cannot find them by it.

    Raises:
        CredentialsRejected: the app may not.
    """
    answer = client.call(METAFIELD_DEFINITION_CREATE, definition=KEY_DEFINITION)
    errors = answer["metafieldDefinitionCreate"]["userErrors"]
    if any(error["code"] != "TAKEN" for error in errors):
        told = "; ".join(error["message"] for error in errors)
        raise CredentialsRejected(f"Shopify does not let the app mark its products: {told}")

"""What is sent of one listings item: all of it, or some attributes. Pure.

Source: putListingsItem and patchListingsItem of listingsItems_2021-08-01;
listings-feed-message-schema-v2.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

Attributes = dict[str, list[dict[str, Any]]]

LISTING = "LISTING"
PRODUCT_ONLY = "LISTING_PRODUCT_ONLY"


@dataclass(frozen=True, slots=True)
class Put:
    """The whole of one listings item, replacing what is there under its SKU."""

    sku: str
    product_type: str
    attributes: Attributes
    requirements: str = LISTING


@dataclass(frozen=True, slots=True)
class Patch:
    """Some attributes of one listings item, and names of others to drop; the rest stays."""

    sku: str
    product_type: str
    attributes: Attributes
    dropped: tuple[str, ...] = ()


Submission = Put | Patch


def fit(submission: Submission, properties: Collection[str]) -> Submission:
    """The submission with only those attributes that its product type knows."""
    known = {name: value for name, value in submission.attributes.items() if name in properties}
    if isinstance(submission, Put):
        return replace(submission, attributes=known)
    dropped = tuple(name for name in submission.dropped if name in properties)
    return replace(submission, attributes=known, dropped=dropped)


def body(submission: Submission, marketplace_id: str) -> dict[str, Any]:
    """The body of putListingsItem or patchListingsItem."""
    match submission:
        case Put():
            return {
                "productType": submission.product_type,
                "requirements": submission.requirements,
                "attributes": submission.attributes,
            }
        case Patch():
            operations = list(_operations(submission, marketplace_id))
            return {"productType": submission.product_type, "patches": operations}


def message(submission: Submission, marketplace_id: str, number: int) -> dict[str, Any]:
    """The submission as a message of JSON_LISTINGS_FEED."""
    operation = "UPDATE" if isinstance(submission, Put) else "PATCH"
    head = {"messageId": number, "sku": submission.sku, "operationType": operation}
    return head | body(submission, marketplace_id)


def _operations(patch: Patch, marketplace_id: str) -> Iterator[dict[str, Any]]:
    for name, value in patch.attributes.items():
        yield {"op": "replace", "path": f"/attributes/{name}", "value": value}
    for name in patch.dropped:
        here = [{"marketplace_id": marketplace_id}]
        yield {"op": "delete", "path": f"/attributes/{name}", "value": here}

"""Products that are in the shop already, found by the SKUs of their variants."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.protocol import Change, Remote
from connectors.shopify.client import Client
from connectors.shopify.documents import VARIANTS_BY_SKU
from connectors.shopify.limits import PAGE_OF_LINES
from connectors.shopify.mapper import Parts, remote_of, skus_of

Node = Mapping[str, Any]
# SKUs in one search: with their siblings by mistake, they fill no more than a page.
_ASKED = 25


def find(client: Client, changes: Sequence[Change]) -> dict[str, Remote]:
    """Where the products of those drafts stand, by key; nothing of those that are not there.

    productSet finds by our key what we made. What somebody else made and we had taken over has
    no such key: made anew by it, it would stand there twice.
    """
    skus = [sku for change in changes for sku in skus_of(change.draft)]
    nodes: dict[str, Node] = {}
    for start in range(0, len(skus), _ASKED):
        for node in _search(client, skus[start : start + _ASKED]):
            # Searching knows no case, and a SKU does.
            nodes.setdefault(node["sku"], node)
    found = ((change.key, _remote(change, nodes)) for change in changes)
    return {key: remote for key, remote in found if remote}


def _search(client: Client, skus: Sequence[str]) -> Iterator[Node]:
    quoted = (sku.replace("\\", "\\\\").replace('"', '\\"') for sku in skus)
    query = " OR ".join(f'sku:"{sku}"' for sku in quoted)
    yield from client.call(VARIANTS_BY_SKU, first=PAGE_OF_LINES, query=query)["productVariants"][
        "nodes"
    ]


def _remote(change: Change, nodes: Mapping[str, Node]) -> Remote | None:
    """The product that has the first of the SKUs to be found, with those variants that are its."""
    ours = [nodes[sku] for sku in skus_of(change.draft) if sku in nodes]
    if not ours:
        return None
    product_id = ours[0]["product"]["id"]
    there = [node for node in ours if node["product"]["id"] == product_id]
    parts = Parts(
        variants={node["sku"]: node["id"] for node in there},
        items={node["sku"]: node["inventoryItem"]["id"] for node in there},
    )
    return remote_of(product_id, parts)

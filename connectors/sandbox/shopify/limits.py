"""Numbers that only the marketplace's own side needs; the others are the connector's limits.py.

Sources: [limits] shopify.dev/docs/api/usage/limits and .../graphql-admin/rate-limits; [cost]
shopify.engineering/rate-limiting-graphql-apis-calculating-query-complexity; [schema] descriptions
in the Admin GraphQL schema 2026-10; [bulk] shopify.dev/docs/api/usage/bulk-operations/imports;
[help] help.shopify.com, media; [webhooks] shopify.dev/docs/apps/build/webhooks; [auth] shopify.dev,
client credentials grant. What no source tells is marked as ours.
"""

from datetime import timedelta
from typing import Final

# Points.
SINGLE_QUERY_COST: Final = 1000  # [limits]
OBJECT_COST: Final = 1  # [cost]
CONNECTION_COST: Final = 2  # [cost]; each object that it may return comes on top
# Of the input of productSet, each [schema].
VARIANT_FILE_COST: Final = 0.6
METAFIELD_COST: Final = 0.4

VARIANTS: Final = 2048  # [schema] of a product
QUANTITY: Final = 1_000_000_000  # [schema] INVALID_QUANTITY_TOO_HIGH

IMAGE_BYTES: Final = 20_000_000  # [help]
IMAGE_PIXELS: Final = 20_000_000  # [help]
IMAGE_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")  # [help]; HEIC needs a decoder of its own
# Seconds until a picture is ready. Ours: Shopify says only that it takes a while.
IMAGE_PROCESSING: Final = 2.0

BULK_DURATION: Final = timedelta(hours=24)  # [bulk]
# Lines a second in each bulk operation. Ours: about what the Standard plan's points allow for
# single productSet calls; Shopify publishes no rate.
BULK_RATE: Final = 10.0

ANSWER_WITHIN: Final = 5.0  # [webhooks] seconds that a subscriber has

TOKEN_LIFE: Final = timedelta(hours=24)  # [auth]

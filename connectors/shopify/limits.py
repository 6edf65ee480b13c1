"""Shopify's published numbers. Each stands here once, with its source.

Sources: [schema] the Admin GraphQL schema 2026-10 and its descriptions; [limits]
shopify.dev/docs/api/usage/limits; [bulk] shopify.dev/docs/api/usage/bulk-operations/imports;
[help] help.shopify.com, product and media pages; [auth] shopify.dev, client credentials grant;
[cost] shopify.engineering/rate-limiting-graphql-apis-calculating-query-complexity.
"""

from datetime import timedelta

from connectors.protocol import Limits
from images.rules import ImageRule, Role

# Shopify takes pictures of up to 20 megapixels and 20 MB [help]; it advises 2048 pixels for square
# ones, and its storefront zooms no deeper. It publishes no smallest size: below this, a thumbnail
# is already blown up.
PHOTO = ImageRule(
    Role.GALLERY,
    min_side=100,
    # Below this the storefront's zoom does not open [help].
    wanted_side=800,
    max_side=2048,
    max_bytes=20_000_000,
    count=250,
)

# A list that is sent or asked for holds at most 250 of anything [limits].
LIST_SIZE = 250

LIMITS = Limits(
    title_length=255,  # [help]
    description_length=128 * 1024,  # 512 KB of HTML [help], at four bytes for a character
    tags=250,  # [help]
    tag_length=255,  # [help]
    options=3,  # [schema] ProductSetInput.productOptions
    # 2,048 [schema] by more calls than one for each listing, and no craft has so many.
    variants=LIST_SIZE,
    photos=(PHOTO,),
)
# Photos made ready together, all of them in memory. Ours.
PHOTOS_AT_ONCE = 50
ALT_LENGTH = 512  # [help]
OPTION_VALUE_LENGTH = 255  # [schema] OPTION_VALUE_NAME_TOO_LONG
HS_CODE_DIGITS = range(6, 14)  # [schema] InventoryItem.harmonizedSystemCode: 6 to 13

# The bucket of points of the Standard plan: an assumption only until the first answer tells the
# shop's own in extensions.cost.throttleStatus. Rate from [limits]; the size is twenty seconds of
# it, as answers have shown.
RESTORE_RATE = 100.0
BUCKET = 20 * RESTORE_RATE

# What a mutation costs [cost], and each part of productSet's input on top [schema].
MUTATION_COST = 10
FILE_COST = 1.9
VARIANT_COST = 0.2

# Bulk operations at once in a shop, since 2026-01, and the largest file of each [bulk].
BULK_OPERATIONS = 5
BULK_FILE_BYTES = 100_000_000
# Lines a second in each bulk operation, and seconds until its result is asked for. Shopify
# publishes neither: these are guesses, on the slow side, and only choose between two ways that
# both work.
BULK_RATE = 10.0
BULK_START = 60.0

# What a page may hold, so that a query stays below the 1,000 points that one may cost [limits],
# an object costing one point and a connection as many as it may return.
PAGE_OF_PRODUCTS = 20
VARIANTS_ON_A_PAGE = 10
PAGE_OF_ORDERS = 25
LINES_ON_A_PAGE = 10
PAGE_OF_LINES = 100
PAGE_OF_PAID_ORDERS = 15
TRANSACTIONS = 10
TRANSACTIONS_OF_ONE_ORDER = 100
REFUNDS = 20
LINES_OF_A_REFUND = 20
FULFILLMENTS = 10
LINES_OF_A_FULFILLMENT = 40
FULFILLMENT_ORDERS = 10
LINES_OF_A_FULFILLMENT_ORDER = 40

# Seconds that a call may take before we stop listening.
TIMEOUT = 30.0
# A token of the client credentials grant lives 24 hours [auth]; it is renewed this long before,
# since clocks differ.
TOKEN_MARGIN = timedelta(minutes=5)

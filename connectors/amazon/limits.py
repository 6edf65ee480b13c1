"""Amazon's published numbers, each once, with its source.

SPEC: the Selling Partner API models (github.com/amzn/selling-partner-api-models), as of 2026-08.
DOC: developer-docs.amazon.com/sp-api. HELP: Seller Central help pages.
"""

from datetime import timedelta

from connectors.protocol import Limits
from connectors.quotas import Rate
from images.rules import Fit, ImageRule, Role

# DOC "Validation preview": a put or patch in this mode has a usage plan of its own.
PREVIEW = "VALIDATION_PREVIEW"

# DOC "Usage plans and rate limits"; the numbers stand in each operation of the SPEC. An answer's
# x-amzn-RateLimit-Limit overrules them: see client.py.
RATES = {
    rate.operation: rate
    for rate in (
        Rate("putListingsItem", 5, 10),
        Rate("patchListingsItem", 5, 5),
        Rate(PREVIEW, 1, 1),
        Rate("getListingsItem", 5, 10),
        Rate("searchListingsItems", 5, 5),
        Rate("getDefinitionsProductType", 5, 10),
        Rate("getListingsRestrictions", 5, 10),
        Rate("createFeedDocument", 0.5, 15),
        Rate("createFeed", 0.0083, 15),
        Rate("getFeed", 2, 15),
        Rate("getFeedDocument", 0.0222, 10),
        Rate("searchOrders", 0.0056, 20),
        Rate("getOrders", 0.0167, 20),
        Rate("getOrderItems", 0.5, 30),
        Rate("getOrderAddress", 0.5, 30),
        Rate("createRestrictedDataToken", 1, 10),
        Rate("confirmShipment", 2, 10),
        Rate("listTransactions", 0.5, 10),
        Rate("getMarketplaceParticipations", 0.016, 15),
    )
}
# SPEC listings-feed-schema-v2: messages, maxItems.
FEED_MESSAGES = 25_000
# DOC "Feeds API best practices": a JSON listings feed stays under 10 MiB.
FEED_BYTES = 10 * 1024 * 1024

# SPEC searchListingsItems: pageSize and identifiers; ItemSearchResults: at most 1000 can be paged
# through.
SEARCH_PAGE = 20
SEARCH_REACH = 1000
# SPEC searchOrders and getOrders: maxResultsPerPage, MaxResultsPerPage.
ORDERS_PAGE = 100

# SPEC listTransactions: what is asked for is more than two minutes old, a minute more for clocks
# that differ; over more than 180 days nothing is told.
BOOKS_YOUNGEST = timedelta(minutes=3)
BOOKS_SPAN = timedelta(days=179)

# SPEC putListingsItem: "Seller SKU"; HELP "Inventory file templates": at most 40 characters.
SKU_LENGTH = 40

# SPEC issue 2344 of the models: lead_time_to_ship_max_days.
LEAD_TIME_DAYS = 30

# HELP "Product title requirements": 200 characters, none of these signs, no word three times.
TITLE_LENGTH = 200
TITLE_SIGNS = "!$?_{}^¬¦"
TITLE_WORD_TIMES = 2
# HELP "Product detail page rules": description 2000 characters; 5 bullet points of 500.
DESCRIPTION_LENGTH = 2000
BULLETS = 5
BULLET_LENGTH = 500
# HELP "Using search terms effectively": less than 250 bytes, words parted by spaces.
KEYWORD_BYTES = 249

# HELP "Product image requirements": longest side 500 to 10,000 pixels, 1000 and more for zoom;
# JPEG preferred; pure white behind the main image; one main and eight others by attribute. 10 MB a
# file. The results page shows squares, so the main image is padded to one with its white.
IMAGE_BYTES = 10_000_000
MAIN_IMAGE = ImageRule(
    Role.MAIN,
    min_side=500,
    wanted_side=1000,
    max_side=3000,
    max_bytes=IMAGE_BYTES,
    count=1,
    fit=Fit.PAD,
    ratio=1.0,
)
OTHER_IMAGES = ImageRule(
    Role.GALLERY,
    min_side=500,
    wanted_side=1000,
    max_side=3000,
    max_bytes=IMAGE_BYTES,
    count=8,
)

# DOC "Listings Items API use case guide": a submission is processed after the answer, as a rule
# within minutes; some changes take up to an hour. After that we believe what is shown.
SETTLED_AFTER = timedelta(hours=1)
# Nothing is decided sooner, and asking would spend the quota of searches.
FIRST_LOOK_AFTER = timedelta(seconds=15)
# How far our clock and Amazon's may be apart before we misread a time of theirs.
CLOCK_SKEW = timedelta(minutes=2)

LIMITS = Limits(
    title_length=TITLE_LENGTH,
    description_length=DESCRIPTION_LENGTH,
    # Search terms are one text of so many bytes; any number of words may share it.
    tags=50,
    tag_length=KEYWORD_BYTES,
    # Variation themes combine at most two attributes in the types that craft is sold under.
    options=2,
    # HELP "Variation relationships": a parent has at most 2000 children.
    variants=2000,
    photos=(MAIN_IMAGE, OTHER_IMAGES),
    # SPEC searchOrders: 0.0056 requests a second are one in 179 seconds.
    orders_every=180,
    bullets=BULLETS,
    bullet_length=BULLET_LENGTH,
    title_signs=TITLE_SIGNS,
    title_word_times=TITLE_WORD_TIMES,
    renames_skus=False,
)

"""Etsy's published numbers. "Contract" is Etsy's OpenAPI description of 2026-08-17."""

from collections.abc import Mapping
from datetime import timedelta

from connectors.protocol import Facet, Limits
from images.rules import ImageRule, Role

# The server of the contract, and of its token endpoint.
BASE_URL = "https://openapi.etsy.com"

# Etsy's seller handbook and listings tutorial (developers.etsy.com/documentation/tutorials).
TITLE_LENGTH = 140
TAGS = 13
TAG_LENGTH = 20
MATERIALS = 13
# Contract, createDraftListing: "You can only use the %, :, & and + characters once each."
ONCE_IN_TITLE = "%:&+"
# Etsy publishes none; this bound is ours.
DESCRIPTION_LENGTH = 50_000
# Contract, updateListingInventory: two, and three only with max_variations_supported.
OPTIONS = 2
# help.etsy.com, "How to add variations": 70 values each of two properties, 400 in all.
VARIANTS = 400
# help.etsy.com, "How to create a listing".
HIGHEST_QUANTITY = 999

# Contract, updateListing: "image_ids ... can include up to 20 images".
IMAGES = 20
# Contract, uploadListingImage.
ALT_LENGTH = 500
# help.etsy.com, "Requirements and best practices for images": the first at least 635 px wide; one
# page says 10 MB and another 20, so the smaller; 2000 px a side are advised. Contract,
# ListingImage: at most 3000 px a side.
PHOTO = ImageRule(
    Role.GALLERY,
    min_side=635,
    wanted_side=2000,
    max_side=3000,
    max_bytes=10 * 1024 * 1024,
    count=IMAGES,
)

LIMITS = Limits(
    title_length=TITLE_LENGTH,
    description_length=DESCRIPTION_LENGTH,
    tags=TAGS,
    tag_length=TAG_LENGTH,
    options=OPTIONS,
    variants=VARIANTS,
    photos=(PHOTO,),
    title_signs_once=ONCE_IN_TITLE,
    most_available=HIGHEST_QUANTITY,
)

# Etsy's listings tutorial: the properties of a shop's own, called CUSTOM1 and CUSTOM2.
OPTION_PROPERTIES = (513, 514)
# What Etsy calls an option in its categories' properties, where it has a name of its own for it.
OPTION_NAMES: Mapping[str, str] = {"colour": "primary color", "color": "primary color"}
# Contract, createListingTranslation.
LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"})
# Contract, createDraftListing, when_made: the last year of each period, and its name. What was
# made later than all of them is of the present one.
PERIODS = (
    (1699, "before_1700"),
    (1799, "1700s"),
    (1899, "1800s"),
    *((first + 9, f"{first}s") for first in range(1900, 2000, 10)),
    (2006, "2000_2006"),
    (2009, "2007_2009"),
    (2019, "2010_2019"),
)
PRESENT_PERIOD = "2020_2026"
# Contract, createShopReadinessStateDefinition: at most ten days or ten weeks.
PROCESSING_TIME = 10
# help.etsy.com, "How to create shop sections".
SECTIONS = 20

# developers.etsy.com, "Rate limits": an app's first allowance. The day is any 24 hours. What the
# x-limit headers of an answer say wins over both.
REQUESTS_PER_SECOND = 10
REQUESTS_PER_DAY = 10_000
DAY = timedelta(hours=24)
# The share of the day that each facet leaves to the more urgent ones: a choice of ours.
RESERVES: Mapping[Facet, float] = {
    Facet.STOCK: 0.0,
    Facet.PRESENCE: 0.0,
    Facet.PRICE: 0.025,
    Facet.CONTENT: 0.05,
    Facet.MEDIA: 0.05,
}

# Seconds of the ledger that are asked for at once: 30 days. Etsy publishes no longest span.
LEDGER_SPAN = 30 * 24 * 3600

# Contract, parameters limit of getListingsByShop and getShopReceipts.
PAGE = 100
# Etsy publishes no time-out; seconds. An upload of 10 MB fits in it.
TIMEOUT = 30.0
# developers.etsy.com, "Authentication": an access token lives for an hour. Renewed this much
# before, so that a call with a slow answer does not outlive it.
RENEW_BEFORE = timedelta(minutes=5)
# standardwebhooks.com: how far a notification's time may be from ours.
NOTICE_TOLERANCE = timedelta(minutes=5)

"""What Amazon says of a listing later: pictures, restricted products, the wrong category.

Codes of issues, and how each is known:
  18742  restricted product                listings model, example of getListingsItem
  8015   an attribute's value is not right amzn/selling-partner-api-models, issue 3987
  20000  the picture cannot be used        see pictures.py
"""

import re
from collections.abc import Iterator

from connectors.sandbox.amazon.checks import issue
from connectors.sandbox.amazon.listing import Json, Listing
from connectors.sandbox.amazon.pictures import Pictures, picture_issue
from connectors.sandbox.amazon.product_types import PRODUCT_TYPES

# Words of goods that a seller of crafts may offer without knowing that they are restricted: parts
# of protected species, weapons; and what nobody may sell.
RESTRICTED = re.compile(
    r"\b(ivory|ivoire|tortoiseshell|écaille de tortue|koummya|dagger|counterfeit)\b", re.IGNORECASE
)
GENERAL = frozenset({"HOME", "HOME_FURNITURE_AND_DECOR"})
MAIN_PICTURE = "main_product_image_locator"


def verdict(listing: Listing, pictures: Pictures) -> list[Json]:
    """The issues of a listing that its attributes alone do not tell."""
    found = [*_restricted(listing), *_wrong_category(listing), *_bad_pictures(listing, pictures)]
    return [{**each, "marketplaceIds": [listing.marketplace_id]} for each in found]


def is_restricted(text: str) -> bool:
    """Whether `text` speaks of goods that may not be sold."""
    return RESTRICTED.search(text) is not None


def _restricted(listing: Listing) -> Iterator[Json]:
    if is_restricted(listing.first("item_name") or ""):
        refusal = issue("18742", "Restricted Products Policy Violation")
        yield {**refusal, "enforcements": _enforced("CATALOG_ITEM_REMOVED")}


def _wrong_category(listing: Listing) -> Iterator[Json]:
    keyword = str(listing.first("item_type_keyword") or "").lower()
    words = set(re.split(r"[\W_]+", keyword))
    own = {*PRODUCT_TYPES[listing.product_type].keywords}
    own |= {f"{word}s" for word in own}
    if keyword and listing.product_type not in GENERAL and not words & own:
        message = (
            "The data you provided for an attribute is invalid. "
            "Please refer the data definitions and resubmit with a valid value."
        )
        yield issue("8015", message, "item_type_keyword", categories=("INVALID_ATTRIBUTE",))


def _bad_pictures(listing: Listing, pictures: Pictures) -> Iterator[Json]:
    for name in listing.attributes:
        if not name.endswith("_product_image_locator") and "product_image_locator_" not in name:
            continue
        seen = pictures.look(listing.first(name, "media_location"))
        if isinstance(seen, str):
            yield {**picture_issue(name, seen), "enforcements": _enforced("SEARCH_SUPPRESSED")}
        elif name == MAIN_PICTURE:
            listing.picture = seen


def _enforced(action: str) -> Json:
    return {"actions": [{"action": action}], "exemption": {"status": "NOT_EXEMPT"}}

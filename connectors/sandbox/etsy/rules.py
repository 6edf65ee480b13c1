"""What Etsy demands of a listing's words, numbers and pictures.

The sandbox is a marketplace of its own and keeps its own numbers: were they the connector's, a
wrong one would never be found out.
"""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal

# developers.etsy.com, "Listings tutorial", and Etsy's seller handbook.
TITLE_LENGTH = 140
TAGS = 13
TAG_LENGTH = 20
MATERIALS = 13
# createDraftListing in Etsy's API description: styles.
STYLES = 2
STYLE_LENGTH = 45
# help.etsy.com, "How to create a listing": price and quantity.
LOWEST_PRICE = Decimal("0.20")
HIGHEST_QUANTITY = 999
# createDraftListing: image_ids; uploadListingImage: alt_text.
IMAGES = 20
ALT_LENGTH = 500
# help.etsy.com, "Requirements and best practices for images".
IMAGE_BYTES = 10 * 1024 * 1024
IMAGE_FORMATS = frozenset({"JPEG", "PNG", "GIF"})
# updateListingInventory without max_variations_supported.
PROPERTIES = 2
# getListingsByListingIds: "up to 100".
BATCH = 100
# updateListing: should_auto_renew "renews a listing for four months upon expiration".
MONTHS_ON_SALE = 4
# createShopReturnPolicy.
RETURN_DEADLINES = frozenset({7, 14, 21, 30, 45, 60, 90})
# createListingTranslation: language.
LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"})

ONCE_IN_TITLE = "%:&+"


def title(text: str) -> str:
    """The title, or ValueError. Source: createDraftListing in Etsy's API description."""
    _within(text, TITLE_LENGTH)
    _only(text, lambda sign: _category(sign)[0] in "LP" or _category(sign) in {"Nd", "Sm", "Zs"})
    for sign in ONCE_IN_TITLE:
        if text.count(sign) > 1:
            raise ValueError(f"may contain {sign} only once")
    return text


def tags(words: list[str]) -> list[str]:
    """The tags, or ValueError. Source: createDraftListing in Etsy's API description."""
    _at_most(words, TAGS)
    if len({word.casefold() for word in words}) < len(words):
        # As sellers quote it in the issue 557 of github.com/etsy/open-api.
        raise ValueError("You may not have duplicate tags")
    for word in words:
        _within(word, TAG_LENGTH)
        _only(word, lambda sign: _plain(sign) or sign in "-'™©®")
    return words


def materials(words: list[str]) -> list[str]:
    """The materials, or ValueError. Source: createDraftListing in Etsy's API description."""
    _at_most(words, MATERIALS)
    for word in words:
        _only(word, _plain)
    return words


def styles(words: list[str]) -> list[str]:
    """The styles, or ValueError. Source: createDraftListing in Etsy's API description."""
    _at_most(words, STYLES)
    for word in words:
        _within(word, STYLE_LENGTH)
        _only(word, _plain)
    return words


def four_months_after(moment: int) -> int:
    """When a listing put on sale at `moment` (epoch seconds) ends, unless it is renewed."""
    start = datetime.fromtimestamp(moment, UTC)
    months = start.month - 1 + MONTHS_ON_SALE
    year, month = start.year + months // 12, months % 12 + 1
    # A month may be shorter than the one it started in.
    for day in range(start.day, 0, -1):
        try:
            return int(start.replace(year=year, month=month, day=day).timestamp())
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _category(sign: str) -> str:
    return "Sm" if sign in "™©®" else unicodedata.category(sign)


def _plain(sign: str) -> bool:
    return _category(sign)[0] == "L" or _category(sign) in {"Nd", "Zs"}


def _only(text: str, allowed: Callable[[str], bool]) -> None:
    wrong = sorted({sign for sign in text if not allowed(sign)})
    if not text.strip():
        raise ValueError("cannot be empty")
    if wrong:
        raise ValueError(f"contains invalid characters: {''.join(wrong)}")


def _within(text: str, length: int) -> None:
    if len(text) > length:
        raise ValueError(f"cannot be more than {length} characters")


def _at_most(words: Iterable[str], count: int) -> None:
    if len(list(words)) > count:
        raise ValueError(f"cannot be more than {count} items")

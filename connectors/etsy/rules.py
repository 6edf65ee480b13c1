"""What Etsy would surely refuse of a draft, and words made fit for it. Pure."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator

from connectors.etsy.limits import (
    LANGUAGES,
    LIMITS,
    MATERIALS,
    ONCE_IN_TITLE,
    OPTIONS,
    TAG_LENGTH,
    TAGS,
    TITLE_LENGTH,
    VARIANTS,
)
from connectors.etsy.taxonomy import categories
from connectors.protocol import Draft, Issue, Severity, Text


def refusals(draft: Draft, currency: str) -> list[Issue]:
    """What a shop that sells in `currency` would be refused, or warned of."""
    return [
        *(issue for text in shown_texts(draft) for issue in _text_issues(text)),
        *_left_out(draft),
        *_craft_issues(draft),
        *_offer_issues(draft, currency),
        *_photo_issues(draft),
    ]


def shown_texts(draft: Draft) -> list[Text]:
    """The first text, and those in the languages that Etsy knows."""
    first, *others = draft.texts
    return [first, *(text for text in others if language_of(text) in LANGUAGES)]


def language_of(text: Text) -> str:
    """The language of a text's locale, as Etsy writes it."""
    return text.locale.replace("_", "-").partition("-")[0].lower()


def _left_out(draft: Draft) -> Iterator[Issue]:
    first, *others = draft.texts
    if language_of(first) not in LANGUAGES:
        message = (
            f"Etsy has no such language as {first.locale}: a shop that has none of the other texts "
            "as its own shows this one. Translate it"
        )
        yield Issue("language", message, Severity.WARNING, field="texts")
    for text in others:
        if language_of(text) not in LANGUAGES:
            message = f"The text in {text.locale} is not shown: Etsy has no such language"
            yield Issue("language_left_out", message, Severity.WARNING, field="texts")


def _text_issues(text: Text) -> Iterator[Issue]:
    title = text.title
    where = f"The title in {text.locale}"
    if len(title) > TITLE_LENGTH:
        message = f"{where} has {len(title)} characters; Etsy takes {TITLE_LENGTH}"
        yield Issue("title_too_long", message, field="title")
    if wrong := _others(title, _title_sign):
        message = f"{where} has signs that Etsy refuses: {' '.join(wrong)}"
        yield Issue("title_signs", message, field="title")
    for sign in ONCE_IN_TITLE:
        if title.count(sign) > 1:
            message = f"{where} has {sign} more than once, which Etsy refuses"
            yield Issue("title_sign_repeated", message, field="title")
    if len(text.description) > LIMITS.description_length:
        message = f"The description in {text.locale} is longer than Etsy shows"
        yield Issue("description_too_long", message, field="description")
    if left_out := len(set(text.tags)) - len(clean_tags(text.tags)):
        message = (
            f"{left_out} tags in {text.locale} are left out: "
            f"Etsy takes {TAGS} of at most {TAG_LENGTH} letters and digits"
        )
        yield Issue("tags_left_out", message, Severity.WARNING, field="tags")


def _craft_issues(draft: Draft) -> Iterator[Issue]:
    if draft.craft not in categories():
        message = f"Etsy wants a category, and the craft {draft.craft or 'of this'} has none here"
        yield Issue("no_category", message, field="craft")


def _offer_issues(draft: Draft, currency: str) -> Iterator[Issue]:
    for offer in draft.offers:
        code = offer.price.currency.code
        if code != currency:
            message = f"This shop sells in {currency}, and the price is in {code}"
            yield Issue("wrong_currency", message, field="price", sku=offer.sku)
        if offer.price.amount <= 0:
            yield Issue("no_price", "The price must be above 0", field="price", sku=offer.sku)
    if len(draft.offers[0].options) > OPTIONS:
        message = f"Variants differ by more than the {OPTIONS} options that Etsy takes"
        yield Issue("too_many_options", message, field="options")
    if len(draft.offers) > VARIANTS:
        message = f"There are more than the {VARIANTS} variants that Etsy takes"
        yield Issue("too_many_variants", message, field="options")
    if len({offer.options for offer in draft.offers}) < len(draft.offers):
        message = "Two variants have the same options: Etsy could not tell them apart"
        yield Issue("same_options", message, field="options")


def _photo_issues(draft: Draft) -> Iterator[Issue]:
    # Contract, updateListing: "Setting a draft listing to active ... requires ... an image".
    if not draft.photos:
        yield Issue("no_photo", "Etsy sells nothing without a photo", field="photos")


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that Etsy takes, in their order, each once.

    Source: contract, createDraftListing, tags; and issue 557 of github.com/etsy/open-api:
    "You may not have duplicate tags".
    """
    fit = {
        tag.casefold(): tag
        for tag in reversed([_cleaned(tag, _tag_sign) for tag in tags])
        if 0 < len(tag) <= TAG_LENGTH
    }
    return tuple(reversed(fit.values()))[:TAGS]


def clean_materials(materials: Iterable[str]) -> tuple[str, ...]:
    """The materials with nothing but letters, digits and spaces, each once."""
    cleaned = (_cleaned(material, _plain_sign) for material in materials)
    return tuple(dict.fromkeys(filter(None, cleaned)))[:MATERIALS]


def _cleaned(words: str, allowed: Callable[[str], bool]) -> str:
    return " ".join("".join(sign if allowed(sign) else " " for sign in words).split())


def _others(words: str, allowed: Callable[[str], bool]) -> list[str]:
    return sorted({sign for sign in words if not allowed(sign)})


# The three character classes of the contract's createDraftListing: title, tags, materials.
def _title_sign(sign: str) -> bool:
    return (
        _plain_sign(sign)
        or sign in "™©®"
        or unicodedata.category(sign)[0] == "P"
        or (unicodedata.category(sign) == "Sm")
    )


def _tag_sign(sign: str) -> bool:
    return _plain_sign(sign) or sign in "-'™©®"


def _plain_sign(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "L" or unicodedata.category(sign) in {"Nd", "Zs"}

"""What Shopify would surely refuse of a draft, or complain of, told without asking it: pure."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from connectors.protocol import Draft, Issue, Offer, Severity
from connectors.shopify.limits import HS_CODE_DIGITS, LIMITS, OPTION_VALUE_LENGTH, PHOTO
from connectors.shopify.mapper import description_html, hs_digits, photos_of

_warning = partial(Issue, severity=Severity.WARNING)


def validate(draft: Draft, currency: str) -> Iterator[Issue]:
    """The issues of `draft` in a shop that sells in `currency`."""
    yield from _texts(draft)
    yield from _options(draft)
    for offer in draft.offers:
        yield from _offer(offer, currency)
    if len(photos_of(draft)) > PHOTO.count:
        message = f"Shopify shows at most {PHOTO.count} photos of a product: leave some out"
        yield Issue("too_many_photos", message, field="photos")
    if draft.hs_code and len(hs_digits(draft.hs_code)) not in HS_CODE_DIGITS:
        message = f"A customs code has 6 to 13 digits, {draft.hs_code} has not"
        yield Issue("bad_hs_code", message, field="hs_code")


def _texts(draft: Draft) -> Iterator[Issue]:
    for text in draft.texts:
        if not text.title.strip():
            yield Issue("missing_title", f"The title in {text.locale} is empty", field="title")
        if len(text.title) > LIMITS.title_length:
            message = f"The title in {text.locale} is longer than {LIMITS.title_length} characters"
            yield Issue("title_too_long", message, field="title")
        if len(description_html(text)) > LIMITS.description_length:
            message = f"The description in {text.locale} is longer than Shopify takes"
            yield Issue("description_too_long", message, field="description")
    tags = draft.texts[0].tags
    if len(tags) > LIMITS.tags:
        yield Issue("too_many_tags", f"Shopify takes at most {LIMITS.tags} tags", field="tags")
    for tag in tags:
        if len(tag) > LIMITS.tag_length:
            message = f"The tag {tag[:30]}... is longer than {LIMITS.tag_length} characters"
            yield Issue("tag_too_long", message, field="tags")


def _options(draft: Draft) -> Iterator[Issue]:
    if len(draft.offers) > LIMITS.variants:
        message = f"A product has at most {LIMITS.variants} variants here: split it"
        yield Issue("too_many_variants", message, field="options")
    names = {tuple(name for name, _ in offer.options) for offer in draft.offers}
    if len(names) > 1:
        yield Issue("mixed_options", "All variants must name the same options", field="options")
    if any(len(named) > LIMITS.options for named in names):
        message = f"Shopify takes at most {LIMITS.options} options, such as size and colour"
        yield Issue("too_many_options", message, field="options")
    chosen = Counter(offer.options for offer in draft.offers)
    for offer in draft.offers:
        if chosen[offer.options] > 1:
            message = "Another variant has the same options: a buyer could not tell them apart"
            yield Issue("same_options", message, field="options", sku=offer.sku)
        if any(len(value) > OPTION_VALUE_LENGTH for _, value in offer.options):
            message = f"An option's value is longer than {OPTION_VALUE_LENGTH} characters"
            yield Issue("option_too_long", message, field="options", sku=offer.sku)
    for sku, count in Counter(offer.sku for offer in draft.offers).items():
        if count > 1:
            yield Issue("same_sku", f"{count} variants have the SKU {sku}", field="sku", sku=sku)


def _offer(offer: Offer, currency: str) -> Iterator[Issue]:
    if offer.price.currency.code != currency:
        message = f"This shop sells in {currency}, not in {offer.price.currency.code}"
        yield Issue("wrong_currency", message, field="price", sku=offer.sku)
    if offer.price.amount < 0:
        yield Issue("bad_price", "A price is never below zero", field="price", sku=offer.sku)
    if offer.price.amount == 0:
        message = "This would be given away: its price is zero"
        yield _warning("zero_price", message, field="price", sku=offer.sku)

"""What Amazon would surely refuse or complain of, told without a call: pure."""

import re
from collections import Counter
from collections.abc import Iterator

from connectors.amazon.limits import (
    LEAD_TIME_DAYS,
    LIMITS,
    SKU_LENGTH,
    TITLE_SIGNS,
    TITLE_WORD_TIMES,
)
from connectors.amazon.mapper import Page, is_family, option_attribute, spoken
from connectors.amazon.sites import Market
from connectors.protocol import Draft, Issue, Offer, Severity, Text


def complaints(draft: Draft, page: Page) -> Iterator[Issue]:
    """The issues of a draft in that market."""
    for _, text in spoken(draft, page.market):
        yield from _of_text(text)
    yield from _of_language(draft, page.market)
    for offer in draft.offers:
        yield from _of_offer(offer, page.market.site.currency)
    yield from _of_options(draft)
    yield from _of_photos(draft, page)
    if (draft.lead_time_days or 0) > LEAD_TIME_DAYS:
        words = f"Amazon takes {LEAD_TIME_DAYS} days at most to make and send a piece"
        yield Issue("lead_time_too_long", words, field="lead_time_days")


def _of_text(text: Text) -> Iterator[Issue]:
    yield from _too_long("title", text.title, LIMITS.title_length)
    yield from _too_long("description", text.description, LIMITS.description_length)
    for bullet in text.bullets:
        yield from _too_long("bullets", bullet, LIMITS.bullet_length)
    if signs := sorted(set(text.title) & set(TITLE_SIGNS)):
        words = f"Amazon takes no {' '.join(signs)} in a title"
        yield Issue("title_sign", words, Severity.WARNING, "title")
    counted = Counter(word.lower() for word in re.findall(r"[^\W\d_]{4,}", text.title))
    if often := [word for word, times in counted.items() if times > TITLE_WORD_TIMES]:
        words = (
            f"Amazon takes a word {TITLE_WORD_TIMES} times in a title, not {often[0]} more often"
        )
        yield Issue("title_repeats", words, Severity.WARNING, "title")


def _too_long(field: str, text: str, most: int) -> Iterator[Issue]:
    if len(text) > most:
        words = f"The {field} has {len(text)} characters; Amazon takes {most}"
        yield Issue(f"{field}_too_long", words, field=field)


def _of_language(draft: Draft, market: Market) -> Iterator[Issue]:
    read = f"Amazon {market.site.name} reads {', '.join(market.language_tags)}"
    unread = [text.locale for text in draft.texts if not market.reads(text.locale)]
    if len(unread) == len(draft.texts):
        words = f"{read}, and this has {', '.join(unread)}: translate it"
        yield Issue("language", words, Severity.WARNING, "title")
        return
    for locale in unread:
        words = f"The text in {locale} is not shown: {read}"
        yield Issue("language_left_out", words, Severity.WARNING, "texts")


def _of_offer(offer: Offer, currency: str) -> Iterator[Issue]:
    if len(offer.sku) > SKU_LENGTH:
        words = f"The SKU has {len(offer.sku)} characters; Amazon takes {SKU_LENGTH}"
        yield Issue("sku_too_long", words, field="sku", sku=offer.sku)
    if offer.price.currency.code != currency:
        words = f"This market sells in {currency}, not in {offer.price.currency.code}"
        yield Issue("wrong_currency", words, field="price", sku=offer.sku)
    if offer.price.amount <= 0:
        yield Issue("no_price", "Amazon takes no price of nothing", field="price", sku=offer.sku)


def _of_options(draft: Draft) -> Iterator[Issue]:
    attributes = [option_attribute(name) for name, _ in draft.offers[0].options]
    if is_family(draft) and not attributes:
        words = "Amazon needs to know what tells these variants apart: give them an option"
        yield Issue("no_options", words, field="options")
    if len(attributes) > LIMITS.options or len(set(attributes)) < len(attributes):
        words = f"Amazon tells variants apart by {LIMITS.options} of size, colour and style"
        yield Issue("too_many_options", words, field="options")


def _of_photos(draft: Draft, page: Page) -> Iterator[Issue]:
    # Amazon lists an item without a picture, and keeps it out of the search: no error of ours.
    first, rule = next(iter(draft.photos), None), LIMITS.photos[0]
    if first is None:
        words = "Amazon hides an item without a photo from its search: add one"
        yield Issue("no_photos", words, Severity.WARNING, "photos")
    elif page.url(first, rule) is None:
        words = "Amazon fetches photos by their address: set TRADE_MA_MEDIA_URL to serve them"
        yield Issue("no_photo_address", words, Severity.WARNING, "photos")

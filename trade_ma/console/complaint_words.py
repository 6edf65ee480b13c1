"""What to do about a complaint of a marketplace or of ours, in the visitor's words, by its code."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from connectors.protocol import Issue
from trade_ma.console.languages import marked
from trade_ma.console.quotes import quoted
from trade_ma.console.visits import Visit

_TITLE_LONG = marked("Shorten the title.")
_DESCRIPTION_LONG = marked("Shorten the description.")
_OPTIONS_MANY = marked("Leave fewer choices, or make it several products.")
_OPTIONS_ALIKE = marked("Give each variant other choices, so that a buyer can tell them apart.")
_PRICE = marked("Give it a price above zero.")
_CURRENCY = marked("The channel has another currency than the shop: correct the channel.")
_PHOTO = marked("Look at the photos: replace the one that cannot be used.")
_FACT = marked("Fill in what is missing in the product.")
_WRONG_FACT = marked("Correct what is wrong in the product.")
_SELLING = marked("The marketplace does not let you sell this: ask it, or end the listing there.")
_TEXT = marked("Translate the words for this marketplace’s buyers, or read what was translated.")
_LANGUAGE = marked("Add this language to the shop, or take it from the channel.")
_REASONLESS = marked("The marketplace gives no reason: look the listing up there.")
_SHIPPING = marked("Look the order up at the marketplace.")

# The codes of our own connectors and jobs, and those that the marketplaces publish.
ADVICE: Mapping[str, str] = {
    "missing_title": marked("Write a title."),
    "title_too_long": _TITLE_LONG,
    "title_signs": marked("Take the signs that it does not allow out of the title."),
    "title_sign": marked("Take the signs that it does not allow out of the title."),
    "title_sign_repeated": marked("Use this sign only once in the title."),
    "title_repeats": marked("Say each word of the title once or twice, not more."),
    "description_too_long": _DESCRIPTION_LONG,
    "too_many_tags": marked("Take some tags away."),
    "tag_too_long": marked("Shorten the tag."),
    "tags_left_out": marked("Nothing need be done: the first tags are shown."),
    "bad_hs_code": marked("Correct the customs code."),
    "too_many_photos": marked("Take some photos away."),
    "no_photo": marked("Add a photo."),
    "no_photos": marked("Add a photo."),
    "no_photo_address": marked("Tell whoever runs this server: photos need a public address."),
    "photo_failed": _PHOTO,
    "upload_refused": _PHOTO,
    "not_a_photo": _PHOTO,
    "truncated": _PHOTO,
    "too_small": _PHOTO,
    "too_large": _PHOTO,
    "too_many_pixels": _PHOTO,
    "not_fetched": _PHOTO,
    "missing_photo": _PHOTO,
    "20000": _PHOTO,
    "too_many_variants": _OPTIONS_MANY,
    "too_many_options": _OPTIONS_MANY,
    "options_over_limit": _OPTIONS_MANY,
    "variants_over_limit": _OPTIONS_MANY,
    "option_values_over_limit": _OPTIONS_MANY,
    "option_too_long": marked("Shorten the words of this choice."),
    "option_value_name_too_long": marked("Shorten the words of this choice."),
    "mixed_options": marked("Name the same choices for all variants."),
    "same_options": _OPTIONS_ALIKE,
    "duplicated_option_name": _OPTIONS_ALIKE,
    "duplicated_option_value": _OPTIONS_ALIKE,
    "variant_already_exists": _OPTIONS_ALIKE,
    "no_options": marked("Say what the variants differ by, such as size or colour."),
    "sku_too_long": marked("Shorten the SKU."),
    "same_sku": marked("Give each variant a SKU of its own."),
    "variants_missing": marked("Variants are gone there: the next pass sends all of it again."),
    "wrong_currency": _CURRENCY,
    "bad_price": _PRICE,
    "no_price": _PRICE,
    "zero_price": _PRICE,
    "negative_price_value": _PRICE,
    "no_rate": marked("Bring the exchange rates up to date: without one there is no price."),
    "rates_stale": marked("The exchange rates are too old: bring them up to date."),
    "price_under_floor": marked("It sells under its floor: bring the rates up to date."),
    "price_raised": marked("The price was raised to its floor: look at the channel’s margin."),
    "other_language": _TEXT,
    "language": _TEXT,
    "language_left_out": _LANGUAGE,
    "no_category": marked("Choose another craft for the product: this one has no category there."),
    "no_product_type": marked("Choose another craft: the marketplace has no kind for this one."),
    "MISSING_ATTRIBUTE": _FACT,
    "90220": _FACT,
    "INVALID_ATTRIBUTE": _WRONG_FACT,
    "99022": _WRONG_FACT,
    "8015": _WRONG_FACT,
    "invalid": _WRONG_FACT,
    "INVALID": _REASONLESS,
    "restricted": _SELLING,
    "APPROVAL_REQUIRED": _SELLING,
    "NOT_ELIGIBLE": _SELLING,
    "18742": _SELLING,
    "lead_time_too_long": marked("Shorten the time that it takes to make."),
    "sold_out": marked("Count its stock: it is put on sale again when there is some."),
    "renewal_needed": marked("Renew the listing at the marketplace: that costs a fee there."),
    "product_does_not_exist": marked("It was deleted there: put it on sale again from here."),
    "not_found": marked("It was deleted there: put it on sale again from here."),
    "not_ours": marked("This price list was not made by us: look it up in the shop."),
    "no_order": _SHIPPING,
    "nothing_to_ship": _SHIPPING,
    "not_shipped": _SHIPPING,
    "too_many_parcels": _SHIPPING,
    "too_many_refunds": _SHIPPING,
    "unreadable_booking": _SHIPPING,
    "unnamed": _REASONLESS,
    "bulk_line": marked("The next pass sends it again."),
    "no_role": marked("Give our app the role Finance and Accounting at Amazon."),
    "unknown_notification": marked("Nothing need be done: the next pass finds what it told."),
    "webhook_refused": marked("Nothing need be done: orders are fetched all the same."),
}


def complaint_told(visit: Visit, code: str, message: str) -> str:
    """What to do, where the code is known, and behind it the complaint as it was said."""
    advice = ADVICE.get(code)
    if advice is None:
        return quoted(message)
    return Markup("{} {}").format(visit.say(advice), quoted(message))


def complaints_told(visit: Visit, issues: Iterable[Issue]) -> str:
    """Several of them, one behind the other."""
    return Markup(" ").join(complaint_told(visit, one.code, one.message) for one in issues)

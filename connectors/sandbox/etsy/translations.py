"""Translations of a listing's words."""

from connectors.sandbox.etsy import rules
from connectors.sandbox.etsy.call import Call, Json, Refusal, not_found
from connectors.sandbox.etsy.forms import TranslationForm
from connectors.sandbox.etsy.listings import listing_of
from connectors.sandbox.etsy.operations import Operations
from connectors.sandbox.etsy.shop import Listing, Shop

translations = Operations()
_ADDRESS = "/shops/{shop_id}/listings/{listing_id}/translations/{language}"


@translations(f"GET {_ADDRESS}")
def get_listing_translation(shop: Shop, call: Call) -> Json:
    """The listing's words in a language."""
    return _known(listing_of(shop, call), _language(call))


@translations(f"POST {_ADDRESS}", "listings_w")
def create_listing_translation(shop: Shop, call: Call) -> Json:
    """Add a language. Refused for one that the listing has: that is updateListingTranslation."""
    listing, language = listing_of(shop, call), _language(call)
    if language in listing.translations:
        raise Refusal(400, f"A translation for language {language} already exists")
    return _store(shop, listing, language, call)


@translations(f"PUT {_ADDRESS}", "listings_w")
def update_listing_translation(shop: Shop, call: Call) -> Json:
    """Replace the words of a language that the listing has."""
    listing, language = listing_of(shop, call), _language(call)
    _known(listing, language)
    return _store(shop, listing, language, call)


def _store(shop: Shop, listing: Listing, language: str, call: Call) -> Json:
    words = call.form(TranslationForm).model_dump()
    listing.translations[language] = {"listing_id": listing.id, "language": language, **words}
    listing.updated = shop.now()
    return listing.translations[language]


def _known(listing: Listing, language: str) -> Json:
    try:
        return listing.translations[language]
    except KeyError:
        raise not_found("Listing Translation", "language", language) from None


def _language(call: Call) -> str:
    language = call.path["language"]
    if language not in rules.LANGUAGES:
        raise Refusal(
            400, f"Invalid value ({language}) for enum({', '.join(sorted(rules.LANGUAGES))})"
        )
    return language

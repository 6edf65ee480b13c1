"""Languages, and other countries' prices."""

from typing import Any

import pytest

from tests.connectors.sandbox.shopify.conftest import SET, Practice

WORDS = """
query translatableResource($id: ID!) {
  translatableResource(resourceId: $id) {
    translatableContent { key value digest locale }
    translations(locale: "fr") { key value outdated }
  }
}
"""
REGISTER = """
mutation translationsRegister($id: ID!, $translations: [TranslationInput!]!) {
  translationsRegister(resourceId: $id, translations: $translations) {
    translations { key locale value }
    userErrors { code field message }
  }
}
"""
PRICE_LISTS = """
query priceLists {
  priceLists(first: 5) { nodes { id currency fixedPricesCount catalog { title } } }
}
"""
ADD_PRICES = """
mutation priceListFixedPricesAdd($id: ID!, $prices: [PriceListPriceInput!]!) {
  priceListFixedPricesAdd(priceListId: $id, prices: $prices) {
    prices { price { amount currencyCode } variant { sku } }
    userErrors { code field message }
  }
}
"""


def title_of(shop: Practice, product_id: str) -> Any:
    """The translatable title."""
    content = shop.ask(WORDS, id=product_id)["translatableContent"]
    return next(word for word in content if word["key"] == "title")


def translation(digest: str, **changed: str) -> dict[str, str]:
    """Input of a French title."""
    given = {"key": "title", "locale": "fr", "value": "Babouches", **changed}
    return {**given, "translatableContentDigest": digest}


def test_a_title_is_shown_in_another_language_until_the_words_change(shop: Practice) -> None:
    product = shop.list_product(title="Slippers")
    title = title_of(shop, product["id"])
    told = shop.ask(REGISTER, id=product["id"], translations=[translation(title["digest"])])
    shown = shop.market.shown()[0].texts
    shop.ask(SET, identifier={"id": product["id"]}, input={"title": "Fine slippers"})
    assert told == {
        "translations": [{"key": "title", "locale": "fr", "value": "Babouches"}],
        "userErrors": [],
    }
    assert shown == {"en": "Slippers", "fr": "Babouches"}
    assert shop.ask(WORDS, id=product["id"])["translations"] == [
        {"key": "title", "value": "Babouches", "outdated": True}
    ]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"locale": "en"}, "INVALID_LOCALE_FOR_SHOP", "locale"),
        ({"locale": "zu"}, "INVALID_LOCALE_FOR_SHOP", "locale"),
        ({"key": "smell"}, "INVALID_KEY_FOR_MODEL", "key"),
        ({"value": " "}, "BLANK", "value"),
        ({"translatableContentDigest": "x"}, "INVALID_TRANSLATABLE_CONTENT", None),
    ],
)
def test_a_translation_of_nothing_is_refused(
    shop: Practice, changed: dict[str, str], code: str, field: str | None
) -> None:
    product = shop.list_product()
    digest = changed.get("translatableContentDigest", title_of(shop, product["id"])["digest"])
    given = {**translation(digest), **changed}
    (error,) = shop.ask(REGISTER, id=product["id"], translations=[given])["userErrors"]
    path = ["translations", "0", field or "translatableContentDigest"]
    assert (error["code"], error["field"]) == (code, path)


def test_another_country_has_prices_in_its_own_currency(shop: Practice) -> None:
    variant = shop.list_product()["variants"]["nodes"][0]["id"]
    europe = next(
        one for one in shop.ask(PRICE_LISTS)["nodes"] if one["catalog"]["title"] == "Europe"
    )
    prices = [
        {"variantId": variant, "price": {"amount": "33.5", "currencyCode": currency}}
        for currency in ("USD", "EUR")
    ]
    told = [shop.ask(ADD_PRICES, id=europe["id"], prices=[price]) for price in prices]
    assert told[0]["userErrors"][0]["code"] == "PRICE_LIST_CURRENCY_MISMATCH"
    assert told[1]["prices"] == [
        {"price": {"amount": "33.5", "currencyCode": "EUR"}, "variant": {"sku": "BAB-38"}}
    ]
    assert [one["fixedPricesCount"] for one in shop.ask(PRICE_LISTS)["nodes"]] == [1, 0]

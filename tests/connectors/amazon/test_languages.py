"""One piece in each market's languages and currency, read back as Amazon tells it."""

from dataclasses import replace
from typing import Any

import pytest
from moneyed import Money

from connectors.amazon.client import Listings
from connectors.amazon.mapper import Page
from connectors.amazon.sites import MARKETS
from connectors.amazon.validation import complaints
from connectors.protocol import Accepted, Draft, Issue, Rejected, Severity, Text
from tests.connectors.amazon.conftest import Seller, address

TEXTS = (
    Text(
        "de-DE",
        "Beni-Ourain-Teppich, elfenbeinfarbene Wolle",
        "Von Hand geknüpft im Mittleren Atlas.",
        ("Ungefärbte Wolle", "Einzelstück"),
        ("Berberteppich", "Wollteppich"),
        materials=("Wolle",),
        colours=("Elfenbein",),
    ),
    Text(
        "es-MX",
        "Tapete Beni Ourain de lana color marfil",
        "Anudado a mano en el Atlas Medio.",
        ("Lana sin teñir", "Pieza única"),
        ("tapete bereber", "tapete de lana"),
        materials=("Lana",),
        colours=("Marfil",),
    ),
    Text(
        "ja-JP",
        "ベニワレン ラグ アイボリー ウール",
        "中アトラスで手織りされました。",
        ("無染色ウール", "一点もの"),
        ("ベルベル ラグ",),
        materials=("ウール",),
        colours=("アイボリー",),
    ),
    Text(
        "en-GB",
        "Beni Ourain rug, undyed wool",
        "Knotted by hand in the Middle Atlas.",
        ("Undyed wool", "One of a kind"),
        ("berber rug", "wool rug"),
        materials=("Wool",),
        colours=("Ivory",),
    ),
)
GERMAN, SPANISH, JAPANESE, ENGLISH = TEXTS


def move(seller: Seller, site: str) -> None:
    """The seller works in another market from now on."""
    told = MARKETS[site].site
    seller.account = replace(
        seller.account, site=site, currency=told.currency, locales=(told.locale,)
    )
    seller.connector = seller.worker()


def read_back(seller: Seller) -> dict[str, Any]:
    """What Amazon answers to getListingsItem: words and size by language tag, and the price."""
    api = seller.connector._api
    query = {"marketplaceIds": api.market.site.remote_id, "includedData": "attributes,offers"}
    item = api.call(
        "getListingsItem",
        Listings,
        lambda client: client.get_listings_item(api.seller_id, "TIF-BO-101", **query),
    ).payload
    attributes = item["attributes"]
    said: dict[str, dict[str, list[str]]] = {}
    names = ("item_name", "product_description", "bullet_point", "generic_keyword", "size")
    for name in names:
        for entry in attributes[name]:
            said.setdefault(entry["language_tag"], {}).setdefault(name, []).append(entry["value"])
    [offer] = item["offers"]
    return {"words": said, "price": offer["price"]}


def words(text: Text, size: str) -> dict[str, list[str]]:
    return {
        "item_name": [text.title],
        "product_description": [text.description],
        "bullet_point": list(text.bullets),
        "generic_keyword": [" ".join(text.tags)],
        "size": [size],
    }


@pytest.mark.parametrize(
    ("site", "texts", "price", "told"),
    [
        (
            "DE",
            (GERMAN, ENGLISH),
            Money("489.90", "EUR"),
            {
                "de_DE": words(GERMAN, "150,5 x 250 cm"),
                "en_GB": words(ENGLISH, "150.5 x 250 cm"),
            },
        ),
        (
            "MX",
            (SPANISH,),
            Money("9999.00", "MXN"),
            {"es_MX": words(SPANISH, "150.5 x 250 cm")},
        ),
        (
            "JP",
            (JAPANESE, ENGLISH),
            Money(78000, "JPY"),
            {
                "ja_JP": words(JAPANESE, "150.5 x 250 cm"),
                "en_US": words(ENGLISH, "150.5 x 250 cm"),
            },
        ),
    ],
)
def test_each_market_shows_its_own_languages_and_currency(
    seller: Seller,
    rug: Draft,
    site: str,
    texts: tuple[Text, ...],
    price: Money,
    told: dict[str, Any],
) -> None:
    move(seller, site)
    [offer] = rug.offers
    measures = replace(offer.measures, width_cm=150.5)
    draft = replace(rug, texts=texts, offers=(replace(offer, price=price, measures=measures),))
    *_, accepted = seller.push(draft)
    assert isinstance(accepted, Accepted), accepted
    amount = {"currencyCode": price.currency.code, "amount": str(price.amount)}
    assert read_back(seller) == {"words": told, "price": amount}
    [listing] = seller.connector.listings()
    assert [one.price for one in listing.offers] == [price]


DARIJA = Text("ary-Latn", "Zerbiya dial Beni Ourain", "Mekhdouma b l-yed.", ("Souf", "Wa7da"))


def issue(code: str, field: str, message: str) -> list[Issue]:
    return [Issue(code, message, Severity.WARNING, field)]


@pytest.mark.parametrize(
    ("site", "texts", "told"),
    [
        (
            "DE",
            (ENGLISH, DARIJA),
            issue(
                "language_left_out",
                "texts",
                "The text in ary-Latn is not shown: Amazon Germany reads de_DE, en_GB",
            ),
        ),
        (
            "JP",
            (JAPANESE, SPANISH),
            issue(
                "language_left_out",
                "texts",
                "The text in es-MX is not shown: Amazon Japan reads ja_JP, en_US",
            ),
        ),
        (
            "MX",
            (DARIJA,),
            issue(
                "language",
                "title",
                "Amazon Mexico reads es_MX, and this has ary-Latn: translate it",
            ),
        ),
        ("US", (ENGLISH, replace(SPANISH, locale="es")), []),
    ],
)
def test_a_language_that_the_market_does_not_read_is_told(
    rug: Draft, site: str, texts: tuple[Text, ...], told: list[Issue]
) -> None:
    market = MARKETS[site]
    price = Money(9000, market.site.currency)
    draft = replace(rug, texts=texts, offers=(replace(rug.offers[0], price=price),))
    assert list(complaints(draft, Page(market, address))) == told


def test_a_left_out_text_keeps_the_others_on_the_market(seller: Seller, rug: Draft) -> None:
    long = replace(DARIJA, title="Zerbiya " * 30)
    *_, accepted = seller.push(replace(rug, texts=(long, ENGLISH)))
    assert isinstance(accepted, Accepted), accepted
    assert set(read_back(seller)["words"]) == {"en_US"}


def test_words_in_no_language_of_the_market_are_refused_by_it_and_raise_nothing(
    seller: Seller, rug: Draft
) -> None:
    outcome, *_ = seller.push(replace(rug, texts=(DARIJA,)))
    assert isinstance(outcome, Rejected)
    assert {issue.field for issue in outcome.issues} >= {"title", "description"}

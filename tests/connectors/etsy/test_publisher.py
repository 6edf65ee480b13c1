"""Listings on the sandbox: what each change costs, and what a buyer sees of it."""

from collections import Counter
from contextlib import closing
from dataclasses import replace

from moneyed import Money

from connectors.protocol import (
    ALL_FACETS,
    Change,
    Claimed,
    Draft,
    Facet,
    Photo,
    Rejected,
    Remote,
)
from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.etsy.conftest import Stall

STOCK, PRICE, PRESENCE = (frozenset({f}) for f in (Facet.STOCK, Facet.PRICE, Facet.PRESENCE))
CONTENT, MEDIA = (frozenset({f}) for f in (Facet.CONTENT, Facet.MEDIA))


def stocked(draft: Draft, available: int) -> Draft:
    return replace(draft, offers=(replace(draft.offers[0], available=available),))


def priced(draft: Draft, amount: str) -> Draft:
    return replace(draft, offers=(replace(draft.offers[0], price=Money(amount, "USD")),))


def cost(stall: Stall, draft: Draft, facets: frozenset[Facet], remote: Remote) -> dict[str, int]:
    """The calls that a change of one listing takes, beside finding out whose shop it is."""
    with closing(stall.connect()) as connector:
        list(connector.push([Change(draft, facets, remote)]))
        return dict(connector.calls - Counter({"getMe": 1, "getShop": 1}))


def test_a_new_listing_is_published_with_all_that_was_drafted(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    shown = stall.shown("BO-001")
    assert (shown.title, shown.description, shown.texts, shown.present) == (
        "Beni Ourain rug, 300 x 200 cm",
        "• Undyed wool\n• Knotted by hand\n\nA pile rug of undyed wool.",
        {"fr": "Tapis Beni Ourain, 300 x 200 cm"},
        True,
    )
    [listing] = stall.market.shop.listings.values()
    words = [picture.alt_text for picture in listing.images]
    assert (str(listing.id), words) == (remote.id, ["The rug", "Its fringe"])


def test_variants_have_prices_stock_and_pictures_of_their_own(
    stall: Stall, babouches: Draft
) -> None:
    stall.listed(babouches)
    shown = stall.shown("BA-38-yellow")
    assert {(o.sku, o.price, o.available, *o.options.values()) for o in shown.offers} == {
        ("BA-38-yellow", "45.00", 3, "38", "yellow"),
        ("BA-38-red", "45.00", 0, "38", "red"),
        ("BA-39-yellow", "48.00", 2, "39", "yellow"),
        ("BA-39-red", "48.00", 5, "39", "red"),
    }
    assert set(shown.offers[0].options) == {"Size EU", "Primary color"}
    [listing] = stall.market.shop.listings.values()
    words = {picture.id: picture.alt_text for picture in listing.images}
    with closing(stall.connect()) as connector:
        client, shop_id = connector._client, connector._shop.id
        tied = client.ask(client.get_listing_variation_images, shop_id, listing.id)["results"]
    assert {(one["value"], words[one["image_id"]]) for one in tied} == {
        ("yellow", "yellow babouches"),
        ("red", "red babouches"),
    }


def test_stock_of_variants_is_one_call_too(stall: Stall, babouches: Draft) -> None:
    remote = stall.listed(babouches)
    fewer = tuple(replace(offer, available=1) for offer in babouches.offers)
    calls = cost(stall, replace(babouches, offers=fewer), STOCK, remote)
    assert calls == {"updateListingInventory": 1, "getShopReadinessStateDefinitions": 1}


def test_what_the_shop_lacks_is_made_once_and_found_again(
    stall: Stall, rug: Draft, babouches: Draft
) -> None:
    for draft in (rug, babouches, replace(rug, key="R-2")):
        stall.listed(draft)
    made = {name: n for name, n in stall.market.calls.items() if name.startswith("createShop")}
    assert made == {
        "createShopShippingProfile": 1,
        "createShopReturnPolicy": 1,
        "createShopReadinessStateDefinition": 2,
        "createShopSection": 2,
    }


def test_a_change_of_stock_or_price_is_one_call(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    one_call = {"updateListingInventory": 1, "getShopReadinessStateDefinitions": 1}
    assert cost(stall, stocked(rug, 4), STOCK, remote) == one_call
    assert cost(stall, priced(rug, "999.00"), PRICE, remote) == one_call


def test_a_price_that_was_not_asked_for_does_not_slip_in_with_the_stock(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.listed(rug)
    remote = stall.changed(stocked(priced(rug, "5.00"), 3), STOCK, remote)
    [offer] = stall.shown("BO-001").offers
    assert (Money(offer.price, "USD"), offer.available) == (Money("1250.00", "USD"), 3)
    stall.changed(stocked(priced(rug, "1100.00"), 3), PRICE, remote)
    assert stall.shown("BO-001").offers[0].price == "1100.00"


def test_what_is_sold_out_is_taken_off_sale_and_comes_back_with_its_stock(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.listed(rug)
    assert cost(stall, stocked(rug, 0), STOCK, remote) == {"updateListing": 1}
    assert stall.shown("BO-001").present is False
    off_sale = stall.changed(stocked(rug, 0), STOCK, remote)
    stall.changed(stocked(rug, 2), STOCK, off_sale)
    shown = stall.shown("BO-001")
    assert (shown.present, shown.offers[0].available) == (True, 2)


def test_a_price_that_changed_while_off_sale_is_there_when_it_comes_back(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.changed(stocked(rug, 0), STOCK, stall.listed(rug))
    remote = stall.changed(priced(stocked(rug, 0), "1400.00"), PRICE, remote)
    stall.changed(priced(stocked(rug, 1), "1400.00"), STOCK, remote)
    shown = stall.shown("BO-001")
    assert (shown.present, shown.offers[0].price) == (True, "1400.00")


def test_what_etsy_sold_out_is_renewed_only_where_the_channel_allows_the_fee(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.listed(rug)
    stall.market.buy({"BO-001": 1}, "US")
    [refused] = stall.push(stocked(rug, 3), STOCK | PRESENCE, remote)
    assert isinstance(refused, Rejected)
    assert [issue.code for issue in refused.issues] == ["renewal_needed"]
    stall.settings["renew"] = "yes"
    stall.changed(stocked(rug, 3), STOCK | PRESENCE, remote)
    shown = stall.shown("BO-001")
    assert (shown.present, shown.offers[0].available) == (True, 3)


def test_what_expired_is_renewed_only_where_the_channel_allows_the_fee(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.listed(rug)
    stall.months_pass()
    with closing(stall.connect()) as connector:
        assert [one.present for one in connector.listings()] == [False]
    [refused] = stall.push(rug, PRESENCE, remote)
    assert isinstance(refused, Rejected)
    stall.settings["renew"] = "yes"
    stall.changed(rug, PRESENCE, remote)
    assert stall.shown("BO-001").present is True


def test_a_listing_that_may_be_renewed_renews_itself(stall: Stall, rug: Draft) -> None:
    stall.settings["renew"] = "yes"
    stall.listed(rug)
    stall.months_pass()
    assert stall.shown("BO-001").present is True


def test_an_end_that_etsy_has_already_made_is_accepted(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    stall.market.buy({"BO-001": 1}, "US")
    stall.changed(stocked(rug, 0), STOCK, remote)
    assert stall.shown("BO-001").present is False


def test_pictures_are_sent_once_and_put_in_order(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    new, (first, second) = Photo("e" * 64, "Its back"), rug.photos
    moved = replace(rug, photos=(second, new, first))
    assert cost(stall, moved, MEDIA, remote) == {"uploadListingImage": 1, "updateListing": 1}
    [listing] = stall.market.shop.listings.values()
    assert [one.alt_text for one in listing.images] == ["Its fringe", "Its back", "The rug"]


def test_all_twenty_pictures_may_be_replaced(stall: Stall, rug: Draft) -> None:
    old, new = (
        tuple(Photo(f"{n:02}{sha}" * 16, f"{sha} {n}") for n in range(20)) for sha in ("aa", "bb")
    )
    remote = stall.listed(replace(rug, photos=old))
    stall.changed(replace(rug, photos=(*new, old[0])), MEDIA, remote)
    [listing] = stall.market.shop.listings.values()
    assert [one.alt_text for one in listing.images] == [photo.alt for photo in new]


def test_an_upload_that_was_not_heard_of_makes_no_second_picture(stall: Stall, rug: Draft) -> None:
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="uploadListingImage", every=2, times=3)
    stall.market.faults.arm(lost)
    stall.listed(rug)
    assert len(stall.shown("BO-001").photos) == 2


def test_a_changed_translation_alone_sends_the_translation_alone(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    [french] = [text for text in rug.texts if text.locale.startswith("fr")]
    renamed = replace(french, title="Un autre nom")
    texts = tuple(renamed if text is french else text for text in rug.texts)
    assert cost(stall, replace(rug, texts=texts), CONTENT, remote) == {
        "getSellerTaxonomyNodes": 1,
        "updateListingTranslation": 1,
    }
    assert stall.shown("BO-001").texts == {"fr": "Un autre nom"}


def test_words_changed_in_the_shop_are_written_again(stall: Stall, rug: Draft) -> None:
    remote = stall.listed(rug)
    [listing] = stall.market.shop.listings.values()
    listing.said["title"] = "Changed by hand"
    cost(stall, rug, CONTENT, remote)
    assert stall.shown("BO-001").title == rug.texts[0].title


def test_words_are_replaced_in_every_language_and_inventory_is_left_alone(
    stall: Stall, rug: Draft
) -> None:
    remote = stall.listed(rug)
    english, french, _ = rug.texts
    reworded = replace(
        rug, texts=(replace(english, title="A rug"), replace(french, title="Un tapis"))
    )
    calls = cost(stall, reworded, CONTENT, remote)
    written = {name: n for name, n in calls.items() if name.startswith(("update", "create"))}
    assert written == {"updateListing": 1, "updateListingTranslation": 1}
    shown = stall.shown("BO-001")
    assert (shown.title, shown.texts) == ("A rug", {"fr": "Un tapis"})


def test_variants_that_are_renamed_are_written_with_the_words(
    stall: Stall, babouches: Draft
) -> None:
    remote = stall.listed(babouches)
    renamed = tuple(
        replace(offer, options=(("Pointure", offer.options[0][1]), offer.options[1]))
        for offer in babouches.offers
    )
    stall.changed(replace(babouches, offers=renamed), CONTENT, remote)
    assert "Pointure" in stall.shown("BA-38-red").offers[0].options


def test_a_listing_is_published_when_the_picture_that_was_refused_is_mended(
    stall: Stall, rug: Draft
) -> None:
    bad = replace(rug, photos=(Photo("f" * 64, "x"),))
    stall.photos.refused.add("f" * 64)
    claimed, rejected = stall.push(bad, ALL_FACETS, None)
    assert isinstance(claimed, Claimed)
    assert isinstance(rejected, Rejected)
    remote = stall.changed(bad, STOCK | PRESENCE, claimed.remote)
    remote = stall.changed(bad, CONTENT | PRICE, remote)
    assert [one.state for one in stall.market.shop.listings.values()] == ["draft"]
    stall.changed(rug, MEDIA, remote)
    assert stall.shown("BO-001").present is True


def test_a_channel_in_another_currency_than_its_shop_sells_nothing(
    stall: Stall, rug: Draft
) -> None:
    stall.currency = "EUR"
    [rejected] = stall.push(rug, ALL_FACETS, None)
    assert isinstance(rejected, Rejected)
    assert [issue.code for issue in rejected.issues] == ["wrong_currency"]
    assert stall.market.shop.listings == {}


def test_an_adopted_listing_keeps_its_price_when_only_stock_is_asked_for(
    stall: Stall, rug: Draft
) -> None:
    stall.listed(rug)
    with closing(stall.connect()) as connector:
        [found] = connector.listings()
    stall.changed(stocked(priced(rug, "5.00"), 3), STOCK, found.remote)
    [offer] = stall.shown("BO-001").offers
    assert (offer.price, offer.available) == ("1250.00", 3)

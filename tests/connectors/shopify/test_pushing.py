"""Pushing to the practice shop, over real HTTP."""

from collections import Counter
from dataclasses import replace

import pytest
from moneyed import Money

from connectors.errors import CredentialsRejected, OutcomeUnknown, Refused, Unavailable
from connectors.protocol import (
    ALL_FACETS,
    Accepted,
    Change,
    Claimed,
    Draft,
    Facet,
    Issue,
    Outcome,
    Photo,
    Rejected,
    Remote,
    Rendition,
    Severity,
)
from connectors.sandbox.faults import Fault, FaultKind
from connectors.shopify.figures import batches
from connectors.shopify.limits import LIST_SIZE
from images.rules import ImageRule
from tests.connectors.shopify.conftest import RED, PracticeShop

STOCK, PRICE = frozenset({Facet.STOCK}), frozenset({Facet.PRICE})
PRESENCE, CONTENT = frozenset({Facet.PRESENCE}), frozenset({Facet.CONTENT})
MEDIA = frozenset({Facet.MEDIA})


def selling(draft: Draft, *figures: int) -> Draft:
    """The draft with other stock figures."""
    offers = zip(draft.offers, figures, strict=True)
    return replace(draft, offers=tuple(replace(o, available=n) for o, n in offers))


def test_a_new_product_is_claimed_then_published(shop: PracticeShop, slippers: Draft) -> None:
    connector = shop.connector()
    claimed, accepted = connector.push([Change(slippers, ALL_FACETS)])
    assert isinstance(claimed, Claimed)
    assert accepted == Accepted("BAB-1", ALL_FACETS, claimed.remote)
    shown = shop.shown("BAB-38")
    assert (shown.title, shown.present, len(shown.photos)) == ("Babouches", True, 2)
    assert [(o.sku, o.price, o.available, o.options) for o in shown.offers] == [
        ("BAB-38", "35.00", 4, {"Size": "38", "Colour": "red"}),
        ("BAB-39", "36.50", 0, {"Size": "39", "Colour": "blue"}),
    ]
    assert connector.calls == Counter(
        access_token=1,
        shop=1,
        metafieldDefinitionCreate=1,
        stagedUploadsCreate=1,
        upload=2,
        productSet=1,
        publishablePublish=1,
    )


def test_each_facet_alone_costs_its_own_call(shop: PracticeShop, rug: Draft) -> None:
    draft = replace(rug, texts=rug.texts[:1])
    [remote] = shop.listed(draft)
    connector = shop.connector()
    costs = []
    for facets in (STOCK, PRICE, CONTENT, MEDIA, PRESENCE):
        before = Counter(connector.calls)
        [outcome] = connector.push([Change(draft, facets, remote)])
        assert outcome == Accepted(draft.key, facets, remote)
        costs.append(dict(connector.calls - before))
    assert costs == [
        {"shop": 1, "inventorySetQuantities": 1},
        {"productVariantsBulkUpdate": 1},
        {"productSet": 1},
        # The photos are there already: their ids are sent, not their bytes.
        {"productSet": 1},
        {"productUpdate": 1, "publishablePublish": 1},
    ]
    assert shop.photos.rendered == 2


def test_nothing_to_push_asks_nothing(shop: PracticeShop) -> None:
    connector = shop.connector()
    assert (list(connector.push([])), connector.calls) == ([], Counter())


def test_the_stock_of_many_listings_goes_in_one_call(
    shop: PracticeShop, rug: Draft, slippers: Draft
) -> None:
    rug_remote, slippers_remote = shop.listed(rug, slippers)
    connector = shop.connector()
    outcomes = list(
        connector.push(
            [
                Change(selling(rug, 0), STOCK, rug_remote),
                Change(selling(slippers, 7, 8), STOCK, slippers_remote),
            ]
        )
    )
    assert outcomes == [
        Accepted("TIF-1", STOCK, rug_remote),
        Accepted("BAB-1", STOCK, slippers_remote),
    ]
    stock = {o.sku: o.available for shown in shop.market.shown() for o in shown.offers}
    assert stock == {"TIF-1": 0, "BAB-38": 7, "BAB-39": 8}
    assert connector.calls["inventorySetQuantities"] == 1


def test_ten_thousand_stock_changes_are_forty_calls(rug: Draft, slippers: Draft) -> None:
    change = Change(rug, STOCK, Remote("p"))
    assert [len(batch) for batch in batches([change] * 10_000)] == [LIST_SIZE] * 40
    pairs = Change(slippers, STOCK, Remote("p"))
    assert [len(batch) for batch in batches([change, *[pairs] * 125])] == [125, 1]
    assert list(batches([])) == []


def test_one_bad_figure_in_a_batch_keeps_no_other_back(
    shop: PracticeShop, rug: Draft, slippers: Draft
) -> None:
    rug_remote, slippers_remote = shop.listed(rug, slippers)
    third = replace(rug, key="TIF-3", offers=(replace(rug.offers[0], sku="TIF-3"),))
    [third_remote] = shop.listed(third)
    connector = shop.connector()
    outcomes = list(
        connector.push(
            [
                Change(selling(rug, 3), STOCK, rug_remote),
                Change(selling(slippers, 5, 2_000_000_000), STOCK, slippers_remote),
                Change(selling(third, 4), STOCK, third_remote),
            ]
        )
    )
    too_high = Issue(
        "invalid_quantity_too_high",
        "The total quantity can't be higher than 1,000,000,000.",
        field="available",
        sku="BAB-39",
    )
    assert outcomes == [
        Accepted("TIF-1", STOCK, rug_remote),
        Accepted("TIF-3", STOCK, third_remote),
        Rejected("BAB-1", STOCK, (too_high,)),
    ]
    stock = {o.sku: o.available for shown in shop.market.shown() for o in shown.offers}
    assert stock == {"TIF-1": 3, "BAB-38": 4, "BAB-39": 0, "TIF-3": 4}
    assert connector.calls["inventorySetQuantities"] == 2


def test_a_lost_answer_to_stock_is_asked_for_again_under_the_same_key(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    lost = Fault(kind=FaultKind.LOST_ANSWER, operation="inventorySetQuantities")
    shop.market.faults.arm(lost)
    [outcome] = shop.connector().push([Change(selling(rug, 9), STOCK, remote)])
    assert isinstance(outcome, Accepted)
    assert shop.shown("TIF-1").offers[0].available == 9
    assert len(shop.market.store.answers) == 1


def test_an_ended_listing_is_archived_and_comes_back_published(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    gone = Change(replace(rug, present=False), PRESENCE, remote)
    assert list(shop.connector().push([gone])) == [Accepted("TIF-1", PRESENCE, remote)]
    assert shop.shown("TIF-1").present is False
    list(shop.connector().push([Change(rug, PRESENCE, remote)]))
    assert shop.shown("TIF-1").present is True


def test_a_refused_price_names_its_variant(shop: PracticeShop, slippers: Draft) -> None:
    [remote] = shop.listed(slippers)
    first, second = slippers.offers
    cheap = replace(slippers, offers=(first, replace(second, price=Money(-1, "USD"))))
    [outcome] = shop.connector().push([Change(cheap, PRICE, remote)])
    assert isinstance(outcome, Rejected)
    assert [(issue.field, issue.sku) for issue in outcome.issues] == [("price", "BAB-39")]
    assert shop.shown("BAB-38").offers[1].price == "36.50"


def test_a_repeated_create_after_a_lost_answer_finds_its_product(
    shop: PracticeShop, rug: Draft
) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, operation="productSet", times=2))
    outcomes = list(shop.connector().push([Change(rug, ALL_FACETS)]))
    assert [type(outcome) for outcome in outcomes] == [Claimed, Accepted]
    assert len(shop.market.shown()) == 1


def test_a_create_that_another_worker_began_is_finished_under_another_title(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    retitled = replace(rug, texts=(replace(rug.texts[0], title="Un autre nom"), *rug.texts[1:]))
    claimed, _ = shop.connector().push([Change(retitled, ALL_FACETS, unsure=True)])
    assert isinstance(claimed, Claimed)
    assert claimed.remote.id == remote.id
    assert [shown.title for shown in shop.market.shown()] == ["Un autre nom"]


def test_a_token_that_ends_in_the_middle_is_renewed(shop: PracticeShop, rug: Draft) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN, operation="productSet"))
    connector = shop.connector()
    list(connector.push([Change(rug, ALL_FACETS)]))
    assert shop.shown("TIF-1").present is True
    assert connector.calls["access_token"] == 2


def test_only_the_photos_that_are_new_are_uploaded(shop: PracticeShop, rug: Draft) -> None:
    [remote] = shop.listed(rug)
    green = Photo("c" * 64, "Tapis vert")
    connector = shop.connector()
    [accepted] = connector.push([Change(replace(rug, photos=(green, RED)), MEDIA, remote)])
    assert isinstance(accepted, Accepted)
    assert {part for part in accepted.remote.parts if part.startswith("file:")} == {
        f"file:{'a' * 64}",
        f"file:{'c' * 64}",
    }
    assert accepted.remote.parts[f"file:{RED.sha256}"] == remote.parts[f"file:{RED.sha256}"]
    assert connector.calls["upload"] == 1


def test_a_photo_that_somebody_deleted_in_the_shop_is_handed_over_again(
    shop: PracticeShop, rug: Draft
) -> None:
    [remote] = shop.listed(rug)
    lost = {**remote.parts, f"file:{RED.sha256}": "gid://shopify/MediaImage/1"}
    [accepted] = shop.connector().push([Change(rug, MEDIA, Remote(remote.id, lost))])
    assert isinstance(accepted, Accepted)
    assert len(shop.shown("TIF-1").photos) == 2


class Unreadable:
    """A source whose photos cannot be made ready."""

    def rendition(self, photo: Photo, _rule: ImageRule) -> Rendition:
        raise Refused([Issue("too_small", f"{photo.alt} is too small", field="photos")])

    def url(self, _photo: Photo, _rule: ImageRule) -> str | None:
        return None


def test_a_photo_that_cannot_be_made_ready_refuses_its_listing_alone(
    shop: PracticeShop, rug: Draft, slippers: Draft
) -> None:
    connector = shop.connector()
    connector._photos = Unreadable()
    bare = replace(
        slippers, photos=(), offers=tuple(replace(o, photo=None) for o in slippers.offers)
    )
    refused, *others = connector.push([Change(rug, ALL_FACETS), Change(bare, ALL_FACETS)])
    issue = Issue("too_small", "Tapis rouge is too small", field="photos")
    assert refused == Rejected("TIF-1", ALL_FACETS, (issue,))
    assert [type(outcome) for outcome in others] == [Claimed, Accepted]


def test_words_can_change_while_a_photo_is_refused(shop: PracticeShop, rug: Draft) -> None:
    [remote] = shop.listed(rug)
    connector = shop.connector()
    connector._photos = Unreadable()
    worse = replace(rug, photos=(Photo("d" * 64, "Flou"),))
    [outcome] = connector.push([Change(worse, CONTENT, remote)])
    assert isinstance(outcome, Accepted)
    assert len(shop.shown("TIF-1").photos) == 2


def test_ids_that_were_not_kept_are_read(shop: PracticeShop, slippers: Draft) -> None:
    [remote] = shop.listed(slippers)
    connector = shop.connector()
    [outcome] = connector.push([Change(selling(slippers, 1, 1), STOCK, Remote(remote.id))])
    assert isinstance(outcome, Accepted)
    assert outcome.remote.parts["item:BAB-38"] == remote.parts["item:BAB-38"]
    assert connector.calls["product"] == 1


@pytest.mark.parametrize("facets", [STOCK, CONTENT, PRESENCE])
def test_what_was_deleted_in_the_shop_is_told(
    shop: PracticeShop, rug: Draft, facets: frozenset[Facet]
) -> None:
    gone = Remote("gid://shopify/Product/999999")
    [outcome] = shop.connector().push([Change(rug, facets, gone)])
    assert isinstance(outcome, Rejected)
    assert all(issue.message for issue in outcome.issues)


def test_new_and_removed_variants_follow_the_draft(shop: PracticeShop, slippers: Draft) -> None:
    [remote] = shop.listed(slippers)
    first = slippers.offers[0]
    new = replace(first, sku="BAB-40", options=(("Size", "40"), ("Colour", "red")), available=3)
    [outcome] = shop.connector().push(
        [Change(replace(slippers, offers=(new, first)), ALL_FACETS, remote)]
    )
    assert isinstance(outcome, Accepted)
    assert outcome.remote.parts["variant:BAB-38"] == remote.parts["variant:BAB-38"]
    assert "variant:BAB-39" not in outcome.remote.parts
    offers = [(o.sku, o.available) for o in shop.shown("BAB-40").offers]
    assert offers == [("BAB-40", 3), ("BAB-38", 4)]


def test_a_picture_that_shopify_cannot_read_is_a_warning(shop: PracticeShop, rug: Draft) -> None:
    [remote] = shop.listed(rug)
    shop.photos.base_url = shop.account.base_url
    bad = replace(rug, photos=(Photo("e" * 64, "Nulle part"),))
    outcomes = [
        outcome
        for facets in (MEDIA, CONTENT)
        for outcome in shop.connector().push([Change(bad, facets, remote)])
    ]
    shop.market.clock.sleep(60)
    [last] = shop.connector().push([Change(bad, CONTENT, remote)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]
    assert isinstance(last, Accepted)
    assert [(issue.severity, issue.field) for issue in last.issues] == [
        (Severity.WARNING, "photos")
    ]


def test_a_shop_in_another_currency_is_a_persons_matter(shop: PracticeShop, rug: Draft) -> None:
    connector = shop.connector()
    connector._account = replace(connector._account, currency="EUR")
    with pytest.raises(CredentialsRejected, match="sells in USD"):
        list(connector.push([Change(rug, ALL_FACETS)]))


def test_a_down_shop_ends_the_push_after_what_was_done(
    shop: PracticeShop, rug: Draft, slippers: Draft
) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.ERROR, operation="productSet", every=1, times=None))
    done: list[Outcome] = []
    with pytest.raises(Unavailable):
        done.extend(shop.connector().push([Change(rug, ALL_FACETS), Change(slippers, ALL_FACETS)]))
    assert done == []


def test_nothing_in_a_push_is_a_create_of_unknown_outcome(shop: PracticeShop, rug: Draft) -> None:
    shop.market.faults.arm(Fault(kind=FaultKind.LOST_ANSWER, times=None))
    with pytest.raises(Unavailable) as trouble:
        list(shop.connector().push([Change(rug, ALL_FACETS)]))
    assert not isinstance(trouble.value, OutcomeUnknown)

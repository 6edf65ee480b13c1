"""What counts as a difference between a marketplace and what it accepted, and what does not."""

from dataclasses import replace

import pytest
from moneyed import Money

from connectors.memory import LIMITS
from connectors.protocol import (
    Draft,
    Facet,
    Maker,
    Offer,
    Photo,
    Remote,
    RemoteListing,
    RemoteOffer,
    Text,
    digest,
    facet_value,
)
from jobs.drift import Believed, Drift, compare, explained, missing
from jobs.drift_models import DifferenceKind
from jobs.plan import Known, KnownFacet

RUG = Draft(
    "BO-1",
    "rug",
    Maker("Tifawin"),
    (
        Text("fr", "Un tapis", "Noué à la main.", ("Laine",)),
        Text("en", "A rug", "Knotted by hand.", ("Wool",)),
    ),
    (
        Offer("BO-1-S", Money("89.00", "USD"), 3, photo=Photo("c" * 64)),
        Offer("BO-1-M", Money("99.00", "USD"), 1200),
    ),
    (Photo("a" * 64), Photo("b" * 64)),
)
SHOWN = RemoteListing(
    Remote("M1"),
    "A rug",
    (
        RemoteOffer("BO-1-S", Money("89", "USD"), 3),
        RemoteOffer("BO-1-M", Money("99.0", "USD"), 1200),
    ),
    present=True,
    photos=2,
    description="Knotted by hand.\n• Wool",
)


def believed(draft: Draft = RUG, **others: KnownFacet) -> Believed:
    """A draft as it was accepted; `others` stand for facets by name."""
    values = {facet: facet_value(draft, facet) for facet in Facet}
    facets = {facet: KnownFacet(digest(value), value) for facet, value in values.items()}
    facets |= {Facet(name): known for name, known in others.items()}
    return Believed(1, 2, draft.key, Known(Remote("M1"), facets=facets))


def differences(shown: RemoteListing, ours: Believed | None = None) -> list[tuple[str, ...]]:
    found = compare(ours or believed(), shown, LIMITS)
    return [(one.kind, one.subject, one.ours, one.theirs) for one in found]


@pytest.mark.parametrize(
    "shown",
    [
        SHOWN,
        replace(SHOWN, title="Un  tapis", description="Laine Noué à la main."),
        replace(SHOWN, description=None, photos=None),
        replace(SHOWN, offers=tuple(RemoteOffer(offer.sku) for offer in SHOWN.offers)),
        # A variant's own picture counts among the listing's, or does not.
        replace(SHOWN, photos=3),
    ],
)
def test_what_was_accepted_is_shown_in_many_ways(shown: RemoteListing) -> None:
    assert differences(shown) == []


def test_a_marketplace_that_shows_at_most_so_many_units_shows_no_more() -> None:
    few, many = SHOWN.offers
    capped = replace(SHOWN, offers=(few, replace(many, available=999)))
    limits = replace(LIMITS, most_available=999)
    assert list(compare(believed(), capped, limits)) == []
    assert differences(capped) == [("stock", "BO-1-M", "1200", "999")]


def test_each_language_is_a_text_of_its_own() -> None:
    mixed = replace(SHOWN, title="Un tapis")
    assert differences(mixed) == [("text", "BO-1", "Noué à la main.", "Knotted by hand.\n• Wool")]


def test_a_sku_that_is_gone_and_one_that_is_new_are_named() -> None:
    first, second = SHOWN.offers
    shown = replace(SHOWN, offers=(first, replace(second, sku="X"), replace(second, sku="")))
    assert differences(shown) == [
        ("presence", "BO-1-M", "for sale", "not there"),
        ("unknown_listing", "X", "not there", "for sale"),
    ]


def test_pictures_that_are_fewer_or_more_are_told() -> None:
    assert differences(replace(SHOWN, photos=1)) == [("images", "BO-1", "2", "1")]
    assert differences(replace(SHOWN, photos=4)) == [("images", "BO-1", "2", "4")]


def test_what_is_off_the_market_is_compared_no_further() -> None:
    ended = replace(SHOWN, present=False, title="Another", offers=(), photos=0)
    assert differences(ended) == [("presence", "BO-1", "for sale", "off the market")]
    ours = believed(replace(RUG, present=False))
    assert differences(ended, ours) == []
    assert differences(SHOWN, ours) == [("presence", "BO-1", "off the market", "for sale")]


def test_what_is_sold_out_may_be_off_the_market() -> None:
    nothing = tuple(replace(offer, available=0) for offer in RUG.offers)
    sold_out = believed(replace(RUG, offers=nothing))
    assert differences(replace(SHOWN, present=False), sold_out) == []
    assert missing(sold_out) is None


@pytest.mark.parametrize(
    "open_facet",
    [
        KnownFacet(),
        KnownFacet("accepted", {"BO-1-S": "1 USD"}, refused_digest="refused"),
        KnownFacet("accepted", {"BO-1-S": "1 USD"}, pending_digest="pending"),
    ],
)
def test_a_facet_that_is_not_settled_is_not_compared(open_facet: KnownFacet) -> None:
    cheap = replace(SHOWN, offers=(replace(SHOWN.offers[0], price=Money("1", "USD")),))
    cheap = replace(cheap, offers=(*cheap.offers, SHOWN.offers[1]))
    assert differences(cheap) == [("price", "BO-1-S", "89.00 USD", "1 USD")]
    assert differences(cheap, believed(price=open_facet)) == []


def test_a_listing_that_is_still_judged_is_not_missed() -> None:
    assert missing(believed()) == Drift(
        DifferenceKind.MISSING_LISTING, "BO-1", "for sale", "not there", believed()
    )
    judged = KnownFacet("accepted", {}, pending_digest="pending")
    assert missing(believed(media=judged)) is None


@pytest.mark.parametrize(("theirs", "is_explained"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_figure_between_ledger_and_market_is_on_its_way(theirs: int, is_explained: bool) -> None:
    drift = Drift(DifferenceKind.STOCK, "BO-1-S", "5", str(theirs), believed())
    assert explained(drift, 3) is is_explained

"""Which product of ours a listing on a market shows, and how sure that is."""

import pytest

from connectors.protocol import Remote, RemoteListing, RemoteOffer
from jobs.drift_models import Likeness
from jobs.likeness import NOTHING, Match, Wares, looks, match

GTIN = "04006381333931"
WARES = Wares(
    skus={"BO-1": 1, "BO-1-M": 1, "BO-2": 2},
    gtins={GTIN: 1},
    free=frozenset({1, 2}),
    titles={1: "tapis beni ourain", 2: "lanterne en laiton"},
    fingerprints={1: (0b1111,), 2: ((1 << 64) - 1, 0)},
)


def listing(*skus: str, gtin: str | None = None, title: str = "") -> RemoteListing:
    offers = tuple(RemoteOffer(sku, gtin=gtin) for sku in skus)
    return RemoteListing(Remote("M1"), title, offers, present=True)


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (listing("BO-1"), Match(Likeness.SKU, 1, 100, certain=True)),
        (listing("BO-1", "BO-1-M"), Match(Likeness.SKU, 1, 100, certain=True)),
        (
            listing("BO-1", "BO-2"),
            Match(Likeness.SKU, 1, 50, why="it sells several products of ours"),
        ),
        (
            listing("BO-1", ""),
            Match(Likeness.SKU, 1, 50, why="it sells what is not ours: no SKU"),
        ),
        (listing("THEIRS", gtin="4006381333931"), Match(Likeness.GTIN, 1, 100, certain=True)),
        # A SKU says more than a GTIN, which siblings may share by mistake.
        (listing("BO-2", gtin=GTIN), Match(Likeness.SKU, 2, 100, certain=True)),
        (listing("X", gtin="1"), None),
        (listing("X"), None),
        (listing(), None),
    ],
)
def test_a_sku_tells_first_and_a_gtin_next(shown: RemoteListing, found: Match | None) -> None:
    assert match(shown, WARES, renames_skus=True) == found


def test_where_a_listing_is_its_sku_a_gtin_under_another_is_for_a_person() -> None:
    shown = listing("THEIRS", gtin=GTIN)
    assert match(shown, WARES, renames_skus=False) == Match(
        Likeness.GTIN, 1, 50, why="it sells what is not ours: THEIRS"
    )


def test_a_title_is_compared_without_case_accents_and_order() -> None:
    shown = listing("X", title="TAPIS Ourain, BÉNI")
    assert looks(shown, WARES, None) == Match(
        Likeness.LOOKS, 1, 100, why="its title and picture look like it"
    )


def test_a_picture_counts_as_much_as_a_title() -> None:
    # As far from the lanterns' pictures as a picture can be, and the rug's own.
    shown = listing("X", title="Tapis Beni Ourain")
    assert looks(shown, WARES, 0b1111).score == 100
    # Half of the bits differ: it is another thing.
    assert looks(shown, WARES, 0xFFFF_FFFF << 4).product_id is None


def test_what_is_like_nothing_is_like_nothing() -> None:
    assert looks(listing("X", title="Something else"), WARES, None) == NOTHING
    assert looks(listing("X", title="Tapis"), Wares({}, {}, frozenset()), 0) == NOTHING

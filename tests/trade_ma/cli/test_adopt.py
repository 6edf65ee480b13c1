"""The verb that takes over what stands on a practice market of Shopify already."""

from sqlmodel import delete

from connectors.sandbox.shopify.products import Product as ShopifyProduct
from jobs.models import Listing, ListingFacet, ListingIssue
from tests.trade_ma.conftest import Practice
from tests.trade_ma.small_catalog import PRODUCTS


def forget(practice: Practice) -> None:
    """Forget all listings, as an installation that never made them."""
    with practice.app.session() as session:
        for table in (ListingIssue, ListingFacet, Listing):
            session.exec(delete(table))
        session.commit()


def test_listings_there_are_taken_over_and_the_next_sync_makes_none(practice: Practice) -> None:
    practice.run("sync")
    forget(practice)
    told = practice.run("adopt", "--dry-run").stdout
    assert told == (
        f"shopify-us: {PRODUCTS} listings there, {PRODUCTS} would be taken over, "
        "0 for a person to decide\n"
    )
    practice.run("adopt")
    practice.run("sync")
    assert len(practice.market.shown()) == PRODUCTS
    assert practice.run("reconcile").stdout.startswith("shopify-us: nothing differs (")


def test_a_person_decides_about_what_looks_alike(practice: Practice) -> None:
    practice.run("sync")
    forget(practice)
    products = list(practice.market.store.all(ShopifyProduct))
    for product in products[:2]:
        product.variant_list[0].inventory_item.sku = f"HAND-{product.title}"
    practice.run("images", "check")
    practice.run("adopt")
    first, second = practice.json("adopt", "list")
    assert (first["product"], first["by"], first["score"]) == ("P-0", "looks", 100)
    practice.run("adopt", "accept", str(first["number"]))
    practice.run("adopt", "decline", str(second["number"]))
    assert practice.json("adopt", "list") == []
    [declined] = practice.json("adopt", "list", "--state", "declined")
    assert declined["number"] == second["number"]
    refused = practice.run("adopt", "accept", str(second["number"]), code=2)
    assert "was declined before" in refused.stderr
    practice.run("adopt", "accept", "999", code=2)
    practice.run("sync")
    assert products[0].variant_list[0].sku == "T-0"
    assert len(practice.market.shown()) == PRODUCTS

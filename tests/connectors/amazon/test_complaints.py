"""Amazon's issues as ours."""

from typing import Any

import pytest

from connectors.amazon.complaints import concerning, facet_of, field_of, issue
from connectors.protocol import Facet, Issue, Severity


def told(**parts: Any) -> Issue:
    return issue({"code": "1", "message": "No.", "severity": "ERROR", "categories": []} | parts)


@pytest.mark.parametrize(
    ("parts", "field", "facet"),
    [
        ({"attributeNames": ["item_name"]}, "title", Facet.CONTENT),
        ({"attributeNames": ["purchasable_offer"]}, "price", Facet.PRICE),
        ({"attributeName": "purchasable_offer.our_price"}, "price", Facet.PRICE),
        ({"attributeNames": ["fulfillment_availability"]}, "available", Facet.STOCK),
        ({"attributeNames": ["other_product_image_locator_3"]}, "photos", Facet.MEDIA),
        ({"categories": ["INVALID_IMAGE"]}, "photos", Facet.MEDIA),
        ({"categories": ["INVALID_PRICE"]}, "price", Facet.PRICE),
        ({"attributeNames": ["batteries_required"]}, "batteries_required", Facet.CONTENT),
        (
            {"message": "'[batteries_required]' is required but not supplied."},
            "batteries_required",
            Facet.CONTENT,
        ),
        ({}, None, Facet.CONTENT),
    ],
)
def test_an_issue_names_the_field_that_it_speaks_of(
    parts: dict[str, Any], field: str | None, facet: Facet
) -> None:
    found = told(**parts)
    assert (found.field, facet_of(found)) == (field, facet)


def enforced(action: str, status: str) -> dict[str, Any]:
    return {"actions": [{"action": action}], "exemption": {"status": status}}


@pytest.mark.parametrize(
    ("parts", "severity"),
    [
        ({"severity": "INFO"}, Severity.WARNING),
        ({"severity": "WARNING"}, Severity.WARNING),
        (
            {"severity": "WARNING", "enforcements": enforced("SEARCH_SUPPRESSED", "NOT_EXEMPT")},
            Severity.WARNING,
        ),
        (
            {"severity": "WARNING", "enforcements": enforced("LISTING_SUPPRESSED", "NOT_EXEMPT")},
            Severity.ERROR,
        ),
        (
            {"severity": "WARNING", "enforcements": enforced("LISTING_SUPPRESSED", "EXEMPT")},
            Severity.WARNING,
        ),
    ],
)
def test_what_takes_the_offer_down_is_an_error(parts: dict[str, Any], severity: Severity) -> None:
    assert told(**parts).severity is severity


def test_a_facet_is_judged_by_the_issues_of_its_own_and_presence_by_the_contents() -> None:
    title, price = Issue("1", "", field="title"), Issue("2", "", field="price")
    judged = {
        facet: concerning([title, price], frozenset({facet}))
        for facet in (Facet.PRICE, Facet.STOCK, Facet.PRESENCE)
    }
    assert judged == {Facet.PRICE: (price,), Facet.STOCK: (), Facet.PRESENCE: (title,)}


def test_a_path_of_a_patch_is_a_field_too() -> None:
    assert field_of("/attributes/bullet_point/0/value") == "bullets"

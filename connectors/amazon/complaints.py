"""Amazon's issues as ours: in words, on the field of the draft that they speak of. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.protocol import Facet, Issue, Severity

_FIELDS = {
    "item_name": "title",
    "product_description": "description",
    "bullet_point": "bullets",
    "generic_keyword": "tags",
    "purchasable_offer": "price",
    "list_price": "price",
    "fulfillment_availability": "available",
    "brand": "maker",
    "manufacturer": "maker",
    "material": "materials",
    "color": "colours",
    "country_of_origin": "made_in",
    "variation_theme": "options",
    "child_parent_sku_relationship": "options",
    "parentage_level": "options",
    "size": "options",
    "style": "options",
    "externally_assigned_product_identifier": "gtin",
    "supplier_declared_has_product_identifier_exemption": "gtin",
    "item_dimensions": "measures",
    "item_length_width": "measures",
    "item_diameter": "measures",
    "item_weight": "measures",
    "product_type": "craft",
}
_FIELDS_OF_CATEGORIES = {"INVALID_IMAGE": "photos", "INVALID_PRICE": "price"}
_FACETS = {"price": Facet.PRICE, "photos": Facet.MEDIA, "available": Facet.STOCK}
# An enforcement that takes the offer down, whatever the issue's severity says.
# SPEC listingsItems_2021-08-01, IssueEnforcementAction.
_TAKES_DOWN = {"LISTING_SUPPRESSED", "CATALOG_ITEM_REMOVED"}
# "'[batteries_required]' is required but not supplied.": reports name the attribute in the words.
_NAMED = re.compile(r"'\[?([a-z][a-z0-9_]+)\]?' is required")


def field_of(attribute: str | None) -> str | None:
    """The draft's field behind one of Amazon's attributes, given as a path or a name.

    An attribute that no field of a draft stands behind keeps its own name.
    """
    if not attribute:
        return None
    name = re.split(r"[./\[]", attribute.removeprefix("/attributes/"))[0]
    return "photos" if "image_locator" in name else _FIELDS.get(name, name)


def facet_of(issue: Issue) -> Facet:
    """The facet that `issue` speaks of: content, unless its field is another's."""
    return _FACETS.get(issue.field or "", Facet.CONTENT)


def item_issues(item: Mapping[str, Any], marketplace_id: str) -> Iterator[Issue]:
    """The issues of a listings item on that marketplace."""
    for told in item.get("issues") or ():
        if marketplace_id in (told.get("marketplaceIds") or (marketplace_id,)):
            yield issue(told, item.get("sku"))


def issue(told: Mapping[str, Any], sku: str | None = None) -> Issue:
    """One issue of a submission's answer, a listings item or a processing report.

    Source: Issue in listingsItems_2021-08-01; issues in listings-feed-processing-report-schema-v2.
    """
    names = told.get("attributeNames") or (told.get("attributeName"),)
    named = _NAMED.search(told["message"])
    by_category = (_FIELDS_OF_CATEGORIES.get(name) for name in told.get("categories") or ())
    field = (
        field_of(names[0])
        or next(filter(None, by_category), None)
        or field_of(named[1] if named else None)
    )
    return Issue(
        code=str(told.get("code") or "unnamed"),
        message=told["message"],
        severity=_severity(told),
        field=field,
        sku=told.get("sku") or sku,
    )


def _severity(told: Mapping[str, Any]) -> Severity:
    actions = (told.get("enforcements") or {}).get("actions") or ()
    exempt = (told.get("enforcements") or {}).get("exemption", {}).get("status") == "EXEMPT"
    taken_down = not exempt and any(action["action"] in _TAKES_DOWN for action in actions)
    return Severity.ERROR if told["severity"] == "ERROR" or taken_down else Severity.WARNING


def concerning(issues: Iterable[Issue], facets: frozenset[Facet]) -> tuple[Issue, ...]:
    """Those of `issues` that speak of `facets`; presence is judged with the content."""
    judged = facets | {Facet.CONTENT} if Facet.PRESENCE in facets else facets
    return tuple(issue for issue in issues if facet_of(issue) in judged)


def errors(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Those of `issues` that keep a listing off the market."""
    return tuple(issue for issue in issues if issue.severity is Severity.ERROR)

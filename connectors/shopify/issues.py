"""Shopify's user errors as our issues, on the field of the draft that they speak of: pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from connectors.protocol import Issue

# By the last word of an error's path that is here: what Shopify calls a field, and what we do.
_FIELDS = {
    "title": "title",
    "handle": "title",
    "descriptionHtml": "description",
    "tags": "tags",
    "vendor": "maker",
    "productType": "craft",
    "category": "craft",
    "status": "present",
    "productOptions": "options",
    "optionValues": "options",
    "sku": "sku",
    "barcode": "gtin",
    "harmonizedSystemCode": "hs_code",
    "countryCodeOfOrigin": "made_in",
    "measurement": "measures",
    "price": "price",
    "prices": "price",
    "inventoryQuantities": "available",
    "quantities": "available",
    "files": "photos",
    "file": "photos",
    "translations": "texts",
}
# Codes that say it where no path does.
_CODES = {
    "OPTIONS_OVER_LIMIT": "options",
    "OPTION_VALUES_MISSING": "options",
    "OPTION_VALUES_OVER_LIMIT": "options",
    "OPTION_VALUE_NAME_TOO_LONG": "options",
    "DUPLICATED_OPTION_NAME": "options",
    "DUPLICATED_OPTION_VALUE": "options",
    "VARIANTS_OVER_LIMIT": "options",
    "VARIANT_ALREADY_EXISTS": "options",
    "NEGATIVE_PRICE_VALUE": "price",
    "INVENTORY_QUANTITIES_LIMIT_EXCEEDED": "available",
}
_LISTS_OF_OFFERS = {"variants", "prices"}
_GONE = {"PRODUCT_DOES_NOT_EXIST", "NOT_FOUND"}


def issues_of(errors: Sequence[Mapping[str, Any]], skus: Sequence[str]) -> tuple[Issue, ...]:
    """What Shopify complains of in a product whose variants, as sent, have these SKUs."""
    return tuple(_issue_of(error, skus) for error in errors)


def _issue_of(error: Mapping[str, Any], skus: Sequence[str]) -> Issue:
    path = [str(step) for step in error.get("field") or ()]
    code = error.get("code") or "refused"
    message = error["message"]
    if code in _GONE and "files" not in path:
        message += " (it was deleted in the shop: forget this listing to create it again)"
    return Issue(code=code.lower(), message=message, field=_field(path, code), sku=_sku(path, skus))


def _field(path: Sequence[str], code: str) -> str | None:
    named = (_FIELDS[step] for step in reversed(path) if step in _FIELDS)
    return next(named, None) or _CODES.get(code)


def _sku(path: Sequence[str], skus: Sequence[str]) -> str | None:
    for name, step in pairwise(path):
        if name in _LISTS_OF_OFFERS and step.isdigit() and int(step) < len(skus):
            return skus[int(step)]
    return None


def place_in(error: Mapping[str, Any], listed: str) -> int | None:
    """The place in the list named `listed` that a user error points at; None where at none."""
    path = [str(step) for step in error.get("field") or ()]
    for name, step in pairwise(path):
        if name == listed and step.isdigit():
            return int(step)
    return None

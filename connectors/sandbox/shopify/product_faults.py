"""What productSet refuses, in Shopify's codes.

Codes: ProductSetUserErrorCode of the Admin GraphQL schema 2026-10. Shopify publishes no list of
its messages; where none is remembered, the code's own description stands.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.sandbox.shopify.limits import QUANTITY, VARIANTS
from connectors.sandbox.shopify.media import MediaImage, is_address
from connectors.sandbox.shopify.products import Product, ProductVariant
from connectors.sandbox.shopify.shop import Location, definition
from connectors.sandbox.shopify.store import Store, error
from connectors.shopify.limits import (
    ALT_LENGTH,
    HS_CODE_DIGITS,
    LIMITS,
    LIST_SIZE,
    OPTION_VALUE_LENGTH,
)

Given = Mapping[str, Any]
Faults = Iterator[dict[str, Any]]


def product_faults(store: Store, product: Product | None, given: Given) -> list[dict[str, Any]]:
    """Everything in the input `given` that would be refused; `product` is None for a new one."""
    return [
        *_words(product, given),
        *_files(store, given),
        *_metafields(store, given),
        *_options(given),
        *_variants(store, given),
    ]


def _words(product: Product | None, given: Given) -> Faults:
    if product is None or "title" in given:
        title = given.get("title") or ""
        if not title.strip():
            yield error("INVALID_PRODUCT", "Title can't be blank", "input", "title")
        yield from _too_long("Title", title, LIMITS.title_length, "input", "title")
    tags = given.get("tags") or []
    if len(tags) > LIMITS.tags:
        message = f"Product can have at most {LIMITS.tags} tags"
        yield error("INVALID_PRODUCT", message, "input", "tags")
    for tag in tags:
        yield from _too_long("Tag", tag, LIMITS.tag_length, "input", "tags")


def _too_long(what: str, text: str, longest: int, *path: str | int) -> Faults:
    if len(text) > longest:
        message = f"{what} is too long (maximum is {longest} characters)"
        yield error("INVALID_PRODUCT", message, *path)


def _files(store: Store, given: Given) -> Faults:
    files = given.get("files") or []
    if len(files) > LIST_SIZE:
        message = f"Exceeded the maximum number of files, {LIST_SIZE}"
        yield error("INVALID_INPUT", message, "input", "files")
    for place, file in enumerate(files):
        yield from _file(store, file, "input", "files", place)


def _file(store: Store, file: Given, *path: str | int) -> Faults:
    source = file.get("originalSource")
    if file.get("id"):
        if store.find(MediaImage, file["id"]) is None:
            yield error("INVALID_INPUT", f"File id {file['id']} does not exist", *path, "id")
    elif not source:
        message = "Either id or originalSource must be given"
        yield error("INVALID_INPUT", message, *path, "originalSource")
    elif not is_address(source):
        yield error("INVALID_INPUT", "Image URL is invalid", *path, "originalSource")
    if len(file.get("alt") or "") > ALT_LENGTH:
        message = f"The alt value exceeds the maximum limit of {ALT_LENGTH} characters"
        yield error("INVALID_INPUT", message, *path, "alt")


def _metafields(store: Store, given: Given) -> Faults:
    for place, metafield in enumerate(given.get("metafields") or []):
        namespace = metafield.get("namespace") or "$app"
        known = definition(store, namespace, metafield.get("key") or "")
        path = "input", "metafields", place
        if not metafield.get("type") and known is None:
            message = "Type can't be blank"
            yield error("INVALID_METAFIELD", message, *path, "type")
        elif known and metafield.get("type") not in {None, known.type["name"]}:
            message = f"Type must be consistent with the definition's type: '{known.type['name']}'"
            yield error("INVALID_METAFIELD", message, *path, "type")
        if not metafield.get("value"):
            yield error("INVALID_METAFIELD", "Value can't be blank", *path, "value")


def _options(given: Given) -> Faults:
    options, path = given.get("productOptions"), ("input", "productOptions")
    if options is None:
        if given.get("variants") is not None:
            message = "Must specify product options when updating variants."
            yield error("PRODUCT_OPTIONS_INPUT_MISSING", message, *path)
        return
    if given.get("variants") is None:
        message = "Must specify variants when updating options."
        yield error("VARIANTS_INPUT_MISSING", message, "input", "variants")
    if len(options) > LIMITS.options:
        message = f"Can only specify a maximum of {LIMITS.options} options"
        yield error("OPTIONS_OVER_LIMIT", message, *path)
    for name in _twice(option.get("name") or "" for option in options):
        yield error("DUPLICATED_OPTION_NAME", f"Duplicated option name '{name}'.", *path)
    for place, option in enumerate(options):
        yield from _values(option, *path, place, "values")


def _values(option: Given, *path: str | int) -> Faults:
    names = [value.get("name") or "" for value in option.get("values") or []]
    if not names:
        message = "Each option must have at least one option value specified."
        yield error("OPTION_VALUES_MISSING", message, *path)
    for name in _twice(names):
        yield error("DUPLICATED_OPTION_VALUE", f"Duplicated option value '{name}'.", *path)
    for place, name in enumerate(names):
        yield from _too_long("Option value name", name, OPTION_VALUE_LENGTH, *path, place, "name")


def _variants(store: Store, given: Given) -> Faults:
    variants, path = given.get("variants") or [], ("input", "variants")
    if len(variants) > VARIANTS:
        message = f"Number of product variants exceeds shop limit of {VARIANTS}."
        yield error("VARIANTS_OVER_LIMIT", message, *path)
    options = {
        option.get("name"): [value.get("name") for value in option.get("values") or []]
        for option in given.get("productOptions") or []
    }
    for title in _twice(" / ".join(choice(variant).values()) for variant in variants):
        message = f"The variant '{title}' already exists. Please change at least one option value."
        yield error("INVALID_VARIANT", message, *path)
    named = {_source(file) for file in given.get("files") or []}
    for place, variant in enumerate(variants):
        yield from _choice(variant, options, *path, place, "optionValues")
        yield from variant_faults("INVALID_VARIANT", variant, *path, place)
        yield from _stock(store, variant, *path, place, "inventoryQuantities")
        if variant.get("id") and store.find(ProductVariant, variant["id"]) is None:
            message = "Product variant does not exist."
            yield error("PRODUCT_VARIANT_DOES_NOT_EXIST", message, *path, place, "id")
        if variant.get("file") and _source(variant["file"]) not in named:
            message = "Any variant file must also be specified in the files of the product"
            yield error("INVALID_INPUT", message, *path, place, "file")


def choice(variant: Given) -> dict[str, str]:
    """The value that a variant's input has of each option."""
    return {
        value.get("optionName") or "": value.get("name") or "" for value in variant["optionValues"]
    }


def variant_faults(code: str, variant: Given, *path: str | int) -> Faults:
    """What is wrong with a variant's own fields, wherever they are sent."""
    for name in ("price", "compareAtPrice"):
        if variant.get(name) is not None and variant[name] < 0:
            message = f"{name[0].upper()}{name[1:]} must be greater than or equal to 0"
            yield error(code, message, *path, name)
    digits = (variant.get("inventoryItem") or {}).get("harmonizedSystemCode")
    if digits and not (digits.isdecimal() and len(digits) in HS_CODE_DIGITS):
        message = "Harmonized system code must be a number with between 6 and 13 digits"
        yield error(code, message, *path, "inventoryItem", "harmonizedSystemCode")


def _choice(variant: Given, options: Mapping[str, list[str]], *path: str | int) -> Faults:
    chosen = choice(variant)
    for name, value in chosen.items():
        if name not in options:
            yield error("OPTION_DOES_NOT_EXIST", f"Option '{name}' does not exist.", *path)
        elif value not in options[name]:
            message = f"Option value '{value}' does not exist."
            yield error("OPTION_VALUE_DOES_NOT_EXIST", message, *path)
    if missing := [name for name in options if name not in chosen]:
        message = f"The variant has no value for {', '.join(missing)}"
        yield error("INVALID_VARIANT", message, *path)


def _stock(store: Store, variant: Given, *path: str | int) -> Faults:
    for place, stock in enumerate(variant.get("inventoryQuantities") or []):
        if store.find(Location, stock["locationId"]) is None:
            message = "The specified location could not be found."
            yield error("INVALID_INPUT", message, *path, place, "locationId")
        if stock["name"] not in {"available", "on_hand"}:
            message = "The quantity name must be either 'available' or 'on_hand'."
            yield error("INVALID_INPUT", message, *path, place, "name")
        if abs(stock["quantity"]) > QUANTITY:
            message = f"The total quantity can't be higher than {QUANTITY:,}."
            yield error("INVALID_INPUT", message, *path, place, "quantity")


def _source(file: Given) -> str | None:
    return file.get("id") or file.get("originalSource")


def _twice(names: Iterator[str] | list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]

"""productSet: the product becomes what the input says; what its lists omit is deleted."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.shopify.inventory import InventoryItem
from connectors.sandbox.shopify.media import MediaImage, new_picture
from connectors.sandbox.shopify.product_faults import choice, product_faults
from connectors.sandbox.shopify.products import (
    Metafield,
    Product,
    ProductOption,
    ProductOptionValue,
    ProductVariant,
    by_custom_id,
    by_handle,
    index_product,
)
from connectors.sandbox.shopify.shop import DOMAIN, Location, definition, the_shop
from connectors.sandbox.shopify.store import Call, Store, error

Given = Mapping[str, Any]

# What a product without a choice has, under the names that Shopify gives it.
_NO_CHOICE: Given = {
    "productOptions": [{"name": "Title", "values": [{"name": "Default Title"}]}],
    "variants": [{"optionValues": [{"optionName": "Title", "name": "Default Title"}]}],
}
# Input fields that are the product's own, as they are.
_PLAIN = {
    "title": "title",
    "descriptionHtml": "description_html",
    "productType": "product_type",
    "vendor": "vendor",
    "tags": "tags",
    "status": "status",
    "seo": "seo",
}


class _Unmatched(Exception):
    """The identifier and the input do not fit, for `fault`."""

    def __init__(self, fault: dict[str, Any]) -> None:
        super().__init__(fault["message"])
        self.fault = fault


def _product_set(call: Call, args: Given) -> dict[str, Any]:
    given, identifier = args["input"], args.get("identifier") or {}
    try:
        product = _identified(call.store, identifier, given)
    except _Unmatched as unmatched:
        return {"product": None, "user_errors": [unmatched.fault]}
    errors = product_faults(call.store, product, given) or _taken(call.store, product, given)
    if errors:
        return {"product": None, "user_errors": errors}
    topic = "PRODUCTS_UPDATE" if product else "PRODUCTS_CREATE"
    if product is None:
        product, given = _new(call, given), {**_NO_CHOICE, **given}
    set_product(call, product, _with_custom_id(given, identifier))
    call.store.happened(topic, product)
    return {"product": product, "user_errors": []}


def _identified(store: Store, identifier: Given, given: Given) -> Product | None:
    match identifier:
        case {"id": gid}:
            found = store.find(Product, gid)
            if found is None:
                message = "Resource matching the identifier was not found."
                raise _Unmatched(error("NOT_FOUND", message, "identifier", "id"))
            return found
        case {"handle": handle}:
            if given.get("handle") is None:
                message = "The input field corresponding to the identifier is required."
                raise _Unmatched(error("MISSING_FIELD_REQUIRED", message, "input", "handle"))
            if given["handle"] != handle:
                raise _Unmatched(error("INPUT_MISMATCH", _MISMATCH, "input", "handle"))
            return by_handle(store, handle)
        case {"customId": custom}:
            return _by_custom_id(store, custom, given)
        case _:
            return None


_MISMATCH = "The identifier value does not match the value of the corresponding field in the input."


def _by_custom_id(store: Store, custom: Given, given: Given) -> Product | None:
    namespace = custom.get("namespace") or "$app"
    known = definition(store, namespace, custom["key"])
    if known is None or known.type["name"] != "id":
        message = "Metafield definition of type 'id' is required when using custom ids."
        raise _Unmatched(error("INVALID_METAFIELD", message, "identifier", "customId"))
    metafields = given.get("metafields")
    named = {(m.get("namespace") or "$app", m.get("key"), m.get("value")) for m in metafields or []}
    if metafields is not None and (namespace, custom["key"], custom["value"]) not in named:
        message = "The input argument `metafields` (if present) must contain the `customId` value."
        raise _Unmatched(error("METAFIELD_MISMATCH", message, "input", "metafields"))
    return by_custom_id(store, namespace, custom["key"], custom["value"])


def _taken(store: Store, product: Product | None, given: Given) -> list[dict[str, Any]]:
    holder = by_handle(store, given.get("handle") or "")
    if holder is None or holder is product:
        return []
    message = "Handle already in use. Please provide a new handle."
    return [error("HANDLE_NOT_UNIQUE", message, "input", "handle")]


def _with_custom_id(given: Given, identifier: Given) -> Given:
    custom = identifier.get("customId")
    if custom is None or given.get("metafields") is not None:
        return given
    return {**given, "metafields": [{**custom, "type": "id"}]}


def _new(call: Call, given: Given) -> Product:
    return call.store.add(
        Product(
            id=call.store.new_id("Product"),
            title=given["title"],
            handle=given.get("handle") or _free_handle(call.store, given["title"]),
            vendor=the_shop(call.store).name,
            created_at=call.now,
            updated_at=call.now,
        )
    )


def _free_handle(store: Store, title: str) -> str:
    handle = re.sub(r"[\W_]+", "-", title.lower()).strip("-")
    tried, suffix = handle, 0
    while by_handle(store, tried):
        suffix += 1
        tried = f"{handle}-{suffix}"
    return tried


def set_product(call: Call, product: Product, given: Given) -> None:
    """Bring `product` to what `given` says: fields that are there, and lists whole."""
    for name, attribute in _PLAIN.items():
        if given.get(name) is not None:
            setattr(product, attribute, given[name])
    product.handle = given.get("handle") or product.handle
    product.updated_at = call.now
    product.online_store_url = f"https://{DOMAIN}/products/{product.handle}"
    if given.get("metafields") is not None:
        product.metafield_list = [_metafield(call, product, one) for one in given["metafields"]]
    if given.get("files") is not None:
        product.media_list = [_picture(call, file) for file in given["files"]]
    if given.get("variants") is not None:
        product.option_list = _options(call, product, given["productOptions"])
        _set_variants(call, product, given["variants"])
    index_product(call.store, product)


def _metafield(call: Call, product: Product, given: Given) -> Metafield:
    namespace, key = given.get("namespace") or "$app", given["key"]
    known = definition(call.store, namespace, key)
    named = {(m.namespace, m.key): m for m in product.metafield_list}
    metafield = named.get((namespace, key)) or call.store.add(
        Metafield(
            id=call.store.new_id("Metafield"),
            namespace=namespace,
            key=key,
            type=given.get("type") or (known.type["name"] if known else ""),
            value="",
            created_at=call.now,
            updated_at=call.now,
        )
    )
    metafield.value, metafield.updated_at = given["value"], call.now
    return metafield


def _picture(call: Call, file: Given) -> MediaImage:
    kept = call.store.find(MediaImage, file.get("id"))
    picture = kept or new_picture(call, file["originalSource"], file.get("alt"))
    if "alt" in file:
        picture.alt = file["alt"]
    return picture


def _options(call: Call, product: Product, given: list[Given]) -> list[ProductOption]:
    kept = {option.name: option for option in product.option_list}
    return [
        _option(call, kept.get(option["name"]), option, place)
        for place, option in enumerate(given, start=1)
    ]


def _option(call: Call, kept: ProductOption | None, given: Given, place: int) -> ProductOption:
    option = kept or call.store.add(
        ProductOption(
            id=call.store.new_id("ProductOption"),
            name=given["name"],
            position=place,
            option_values=[],
        )
    )
    values = {value.name: value for value in option.option_values}
    option.position = place
    option.option_values = [
        values.get(value["name"])
        or call.store.add(
            ProductOptionValue(id=call.store.new_id("ProductOptionValue"), name=value["name"])
        )
        for value in given["values"]
    ]
    return option


def _set_variants(call: Call, product: Product, given: list[Given]) -> None:
    # Without an id a variant is known by its values: the second of two equal calls changes nothing.
    kept = {tuple(variant.choice.items()): variant for variant in product.variant_list}
    before, product.variant_list = product.variant_list, []
    for place, one in enumerate(given, start=1):
        variant = (
            call.store.find(ProductVariant, one.get("id"))
            or kept.get(tuple(choice(one).items()))
            or _new_variant(call, product)
        )
        variant.position, variant.choice = one.get("position") or place, choice(one)
        product.variant_list.append(variant)
        set_variant(call, variant, one)
    for gone in before:
        if gone not in product.variant_list:
            call.store.remove(gone)
            call.store.remove(gone.inventory_item)


def _new_variant(call: Call, product: Product) -> ProductVariant:
    store, now = call.store, call.now
    variant = ProductVariant(
        id=store.new_id("ProductVariant"), product=product, created_at=now, updated_at=now
    )
    variant.inventory_item = store.add(
        InventoryItem(
            id=store.new_id("InventoryItem"), variant=variant, created_at=now, updated_at=now
        )
    )
    return store.add(variant)


def set_variant(call: Call, variant: ProductVariant, given: Given) -> None:
    """Bring a variant's own fields, its item and its stock to what `given` says."""
    for name, attribute in _VARIANT.items():
        if given.get(name) is not None:
            setattr(variant, attribute, given[name])
    item, told = variant.inventory_item, given.get("inventoryItem") or {}
    for name, attribute in _ITEM.items():
        if told.get(name) is not None:
            setattr(item, attribute, told[name])
    item.sku = given.get("sku") or told.get("sku") or item.sku
    weight = (told.get("measurement") or {}).get("weight")
    item.weight = weight or item.weight
    variant.updated_at = item.updated_at = call.now
    if given.get("file"):
        variant.picture = _own_picture(variant.product, given["file"])
    for stock in given.get("inventoryQuantities") or []:
        location = call.store.find(Location, stock["locationId"])
        if location:
            level = item.level(call.store, location)
            level.set(stock["name"], stock["quantity"], call.now)


_VARIANT = {
    "price": "price",
    "compareAtPrice": "compare_at_price",
    "barcode": "barcode",
    "inventoryPolicy": "inventory_policy",
    "taxable": "taxable",
}
_ITEM = {
    "tracked": "tracked",
    "requiresShipping": "requires_shipping",
    "harmonizedSystemCode": "harmonized_system_code",
    "countryCodeOfOrigin": "country_code_of_origin",
}


def _own_picture(product: Product, file: Given) -> MediaImage | None:
    wanted = file.get("id") or file.get("originalSource")
    return next((m for m in product.media_list if wanted in {m.id, m.source}), None)


MUTATIONS = {"product_set": _product_set}

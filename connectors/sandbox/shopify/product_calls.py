"""The other calls on products: reading, small changes, publishing, deleting."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.shopify.media import MediaImage
from connectors.sandbox.shopify.pages import Connection, SortKey, matches
from connectors.sandbox.shopify.product_faults import product_faults, variant_faults
from connectors.sandbox.shopify.product_set import set_product, set_variant
from connectors.sandbox.shopify.products import (
    Product,
    ProductVariant,
    by_custom_id,
    by_handle,
)
from connectors.sandbox.shopify.shop import Publication, the_shop
from connectors.sandbox.shopify.store import Call, error, number

Args = Mapping[str, Any]


def _product_by_identifier(call: Call, args: Args) -> Product | None:
    match args["identifier"]:
        case {"id": gid}:
            return call.store.find(Product, gid)
        case {"handle": handle}:
            return by_handle(call.store, handle)
        case {"customId": custom}:
            namespace = custom.get("namespace") or "$app"
            return by_custom_id(call.store, namespace, custom["key"], custom["value"])
        case _:
            return None


def _found_products(call: Call, query: str | None) -> list[Product]:
    return [p for p in call.store.all(Product) if matches(query, _searchable(p))]


def _searchable(product: Product) -> dict[str, Any]:
    return {
        "id": number(product.id),
        "handle": product.handle,
        "title": product.title,
        "status": product.status,
        "tag": product.tags,
        "vendor": product.vendor,
        "sku": [variant.sku for variant in product.variant_list],
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


def _products(call: Call, args: Args) -> Connection:
    key = _PRODUCT_ORDERS.get(args["sortKey"], _by_id)
    return call.root_page(_found_products(call, args.get("query")), args, key)


def _by_id(node: Any) -> list[int]:
    return [number(node.id)]


_PRODUCT_ORDERS: Mapping[str, SortKey] = {
    "CREATED_AT": lambda product: (product.created_at.timestamp(), number(product.id)),
    "UPDATED_AT": lambda product: (product.updated_at.timestamp(), number(product.id)),
    "TITLE": lambda product: (product.title, number(product.id)),
}


def _products_count(call: Call, args: Args) -> dict[str, Any]:
    return {"count": len(_found_products(call, args.get("query"))), "precision": "EXACT"}


def _product_variants(call: Call, args: Args) -> Connection:
    query = args.get("query")
    found = [
        variant
        for variant in call.store.all(ProductVariant)
        if matches(
            query,
            {
                "id": number(variant.id),
                "product_id": number(variant.product.id),
                "sku": variant.sku,
                "barcode": variant.barcode,
            },
        )
    ]
    return call.root_page(found, args, _by_id)


def _files(call: Call, args: Args) -> Connection:
    found = [
        file
        for file in call.store.all(MediaImage)
        if matches(args.get("query"), {"id": number(file.id), "status": file.status(call, {})})
    ]
    return call.root_page(found, args, _by_id)


def _product_update(call: Call, args: Args) -> dict[str, Any]:
    given = args["product"] or {}
    product = call.store.find(Product, given.get("id"))
    if product is None:
        return _refusal("product", error(None, "Product does not exist", "id"))
    if faults := product_faults(call.store, product, given):
        return {"product": None, "user_errors": [_in_place(fault) for fault in faults]}
    set_product(call, product, given)
    call.store.happened("PRODUCTS_UPDATE", product)
    return {"product": product, "user_errors": []}


def _in_place(fault: dict[str, Any]) -> dict[str, Any]:
    # The same faults, where productUpdate has the fields: without the word `input` before them.
    return {**fault, "field": fault["field"][1:]}


def _product_delete(call: Call, args: Args) -> dict[str, Any]:
    product, shop = call.store.find(Product, args["input"]["id"]), the_shop(call.store)
    if product is None:
        return {**_refusal("deleted_product_id", _NO_PRODUCT), "shop": shop}
    call.store.remove(product)
    call.store.happened("PRODUCTS_DELETE", product)
    for variant in product.variant_list:
        call.store.remove(variant)
        call.store.remove(variant.inventory_item)
    for name in [name for name, held in call.store.names.items() if held is product]:
        del call.store.names[name]
    return {"deleted_product_id": product.id, "shop": shop, "user_errors": []}


_NO_PRODUCT = error(None, "Product does not exist", "id")


def _variants_bulk_update(call: Call, args: Args) -> dict[str, Any]:
    product, given = call.store.find(Product, args["productId"]), args["variants"]
    if product is None:
        fault = error("PRODUCT_DOES_NOT_EXIST", "Product does not exist", "productId")
        return {"product": None, "product_variants": None, "user_errors": [fault]}
    faults = [fault for place, one in enumerate(given) for fault in _faults(product, one, place)]
    if faults:
        return {"product": product, "product_variants": None, "user_errors": faults}
    variants = [_kept(product, one["id"]) for one in given]
    for variant, one in zip(variants, given, strict=True):
        if variant:
            set_variant(call, variant, one)
    product.updated_at = call.now
    call.store.happened("PRODUCTS_UPDATE", product)
    return {"product": product, "product_variants": variants, "user_errors": []}


def _faults(product: Product, given: Args, place: int) -> list[dict[str, Any]]:
    if _kept(product, given.get("id")) is None:
        message = "Product variant does not exist"
        return [error("PRODUCT_VARIANT_DOES_NOT_EXIST", message, "variants", place, "id")]
    if given.get("inventoryQuantities"):
        message = "Inventory quantities can only be provided during create."
        code, path = "NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE", ("variants", place)
        return [error(code, message, *path, "inventoryQuantities")]
    faults = variant_faults("INVALID_INPUT", given, "variants", place)
    return [{**fault, "code": _CODES.get(fault["field"][-1], "INVALID_INPUT")} for fault in faults]


_CODES = {"price": "GREATER_THAN_OR_EQUAL_TO", "compareAtPrice": "GREATER_THAN_OR_EQUAL_TO"}


def _kept(product: Product, gid: str | None) -> ProductVariant | None:
    return next((variant for variant in product.variant_list if variant.id == gid), None)


def _publishing(change: Callable[[set[str], str], None]) -> Callable[[Call, Args], dict[str, Any]]:
    def publish(call: Call, args: Args) -> dict[str, Any]:
        shop = the_shop(call.store)
        product = call.store.find(Product, args["id"])
        if product is None:
            return {
                **_refusal("publishable", error(None, "Resource not found", "id")),
                "shop": shop,
            }
        wanted = [given.get("publicationId") for given in args["input"]]
        faults = [
            error(None, "Publication does not exist", "input", place, "publicationId")
            for place, gid in enumerate(wanted)
            if call.store.find(Publication, gid) is None
        ]
        for gid in wanted if not faults else ():
            change(product.publications, gid)
        product.published_at = call.now if product.publications else None
        return {"publishable": product, "shop": shop, "user_errors": faults}

    return publish


def _refusal(missing: str, fault: dict[str, Any]) -> dict[str, Any]:
    return {missing: None, "user_errors": [fault]}


QUERIES = {
    "product": lambda call, args: call.store.find(Product, args["id"]),
    "product_by_identifier": _product_by_identifier,
    "products": _products,
    "products_count": _products_count,
    "product_variant": lambda call, args: call.store.find(ProductVariant, args["id"]),
    "product_variants": _product_variants,
    "files": _files,
}
MUTATIONS = {
    "product_update": _product_update,
    "product_delete": _product_delete,
    "product_variants_bulk_update": _variants_bulk_update,
    "publishable_publish": _publishing(set.add),
    "publishable_unpublish": _publishing(set.discard),
}

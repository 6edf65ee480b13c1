"""The product types that crafts need, and their definitions, made from one compact table.

The names are Amazon's; what each type asks for is this sandbox's own selection, since Amazon
serves its definitions to sellers only. Facts that every type asks for follow the definitions of
home products (brand, bullet_point, country_of_origin, item_name, item_type_keyword,
product_description, supplier_declared_dg_hz_regulation and a product id, or the exemption).
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from connectors.sandbox.amazon.attributes import ATTRIBUTES, Schema, attribute_schema
from connectors.sandbox.amazon.stores import STORES

META_SCHEMA = "https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1"
VOCABULARY = "https://schemas.amazon.com/selling-partners/definitions/product-types/vocabulary/v1"
VERSION = "sandbox-2026-11"

FACTS = (
    *("item_name", "brand", "product_description", "bullet_point", "item_type_keyword"),
    *("country_of_origin", "supplier_declared_dg_hz_regulation"),
)
SALE = ("condition_type", "purchasable_offer", "fulfillment_availability")
IDENTITY = (
    "externally_assigned_product_identifier",
    "supplier_declared_has_product_identifier_exemption",
    "merchant_suggested_asin",
)
PARENTHOOD = ("parentage_level", "child_parent_sku_relationship", "variation_theme")


@dataclass(frozen=True, slots=True)
class ProductType:
    """One product type: what it is found by, and what it asks for beside the usual facts."""

    name: str
    title: str
    keywords: tuple[str, ...]
    asks: tuple[str, ...] = ()


_ROWS = """
RUG                      | Rug                   | rug carpet kilim runner             | material color
PILLOW                   | Pillow                | pillow cushion pouf                 | material color
PILLOW_COVER             | Pillow Cover          | cover sham                          | material color
OTTOMAN                  | Ottoman               | ottoman pouf footstool              | material color
BLANKET                  | Blanket               | blanket throw                       | material color
TABLECLOTH               | Tablecloth            | tablecloth runner linen             | material
TILE                     | Tile                  | tile zellige mosaic                 | material color
VASE                     | Vase                  | vase                                | material color
BOWL                     | Bowl                  | bowl                                | material
PLATE                    | Plate                 | plate dish platter                  | material
COOKWARE                 | Cookware              | tagine cookware pot                 | material
COOKING_POT              | Cooking Pot           | tagine pot casserole                | material
TEAPOT                   | Teapot                | teapot                              | material
DRINKING_CUP             | Drinking Cup          | cup glass mug                       | material
SERVING_TRAY             | Serving Tray          | tray                                | material
LANTERN                  | Lantern               | lantern                             | material
LIGHT_FIXTURE            | Light Fixture         | lamp light sconce chandelier        | material
CANDLE_HOLDER            | Candle Holder         | candle holder                       | material
HOME_MIRROR              | Home Mirror           | mirror                              | material
TABLE                    | Table                 | table                               | material
STORAGE_BOX              | Storage Box           | box chest                           | material
FIGURINE                 | Figurine              | figurine sculpture statue           | material
WALL_ART                 | Wall Art              | art painting hanging                | material
BASKET                   | Basket                | basket                              | material
HANDBAG                  | Handbag               | handbag bag tote                    | material color department
BACKPACK                 | Backpack              | backpack rucksack                   | material color
WALLET                   | Wallet                | wallet purse                        | material color
BELT                     | Belt                  | belt                                | material color department
SHOES                    | Shoes                 | shoe babouche                       | material color size department target_gender
SANDAL                   | Sandal                | sandal slide                        | material color size department target_gender
SLIPPER                  | Slipper               | slipper babouche                    | material color size department target_gender
HAT                      | Hat                   | hat cap                             | material color department
SCARF                    | Scarf                 | scarf shawl                         | material color department
COAT                     | Coat                  | coat burnous cape                   | fabric_type color size department
DRESS                    | Dress                 | dress caftan kaftan takchita        | fabric_type color size department
ROBE                     | Robe                  | robe djellaba kaftan                | fabric_type color size department
SHIRT                    | Shirt                 | shirt tunic gandoura                | fabric_type color size department
NECKLACE                 | Necklace              | necklace pendant                    | material department
BRACELET                 | Bracelet              | bracelet cuff bangle                | material department
EARRING                  | Earring               | earring                             | material department
RING                     | Ring                  | ring                                | material department
BROOCH                   | Brooch                | brooch fibula                       | material department
SKIN_CARE_AGENT          | Skin Care Agent       | argan oil clay                      | scent
BODY_OIL                 | Body Oil              | oil argan                           | scent
SOAP                     | Soap                  | soap                                | scent
MUSICAL_INSTRUMENTS      | Musical Instruments   | drum oud guembri                    | material
HOME_FURNITURE_AND_DECOR | Home Decor            | home decor                          |
HOME                     | Home                  | home                                |
"""  # noqa: E501 - a row is one product type


def _product_type(row: str) -> ProductType:
    name, title, keywords, asks = (cell.strip() for cell in row.split("|"))
    return ProductType(name, title, tuple(keywords.split()), tuple(asks.split()))


PRODUCT_TYPES = {kind.name: kind for kind in map(_product_type, _ROWS.strip().splitlines())}


def found(keywords: list[str]) -> list[ProductType]:
    """The product types that one of `keywords` names; all of them without any."""
    words = {word for keyword in keywords for word in keyword.lower().split()}
    return [
        kind
        for kind in PRODUCT_TYPES.values()
        if not words or words & {*kind.keywords, *kind.title.lower().split(), kind.name.lower()}
    ]


@cache
def definition(name: str, marketplace_id: str, requirements: str, *, enforced: bool) -> Schema:
    """The schema of that product type in that store, for a set of requirements."""
    kind, store = PRODUCT_TYPES[name], STORES[marketplace_id]
    properties = {
        attribute: attribute_schema(ATTRIBUTES[attribute], store) for attribute in ATTRIBUTES
    }
    required = [*FACTS] if requirements != "LISTING_OFFER_ONLY" else []
    return {
        "$schema": META_SCHEMA,
        "$id": f"{META_SCHEMA.rsplit('/', 2)[0]}/schema/{name}",
        "$vocabulary": {VOCABULARY: True},
        "$comment": f"Product type definition of this sandbox for {name} in {store.name}.",
        "type": "object",
        "title": kind.title,
        "required": required if enforced else [],
        "properties": properties,
        "additionalProperties": False,
        **({"allOf": _conditions(kind, requirements)} if enforced else {}),
    }


def _conditions(kind: ProductType, requirements: str) -> list[Schema]:
    """What a parent of variations need not have: details, an identity, an offer."""
    is_parent = {
        "required": ["parentage_level"],
        "properties": {
            "parentage_level": {"contains": {"properties": {"value": {"const": "parent"}}}}
        },
    }
    identity = {"if": is_parent, "else": {"anyOf": [{"required": [name]} for name in IDENTITY]}}
    details: Schema = {"if": is_parent, "else": {"required": list(kind.asks)}}
    sale: Schema = {
        "if": {"anyOf": [is_parent, {"required": ["skip_offer"]}]},
        "else": {"required": list(SALE)},
    }
    match requirements:
        case "LISTING_OFFER_ONLY":
            return [{"required": ["merchant_suggested_asin"]}, sale]
        case "LISTING_PRODUCT_ONLY":
            return [details, identity]
        case _:
            return [details, identity, sale]


@cache
def document(name: str, marketplace_id: str, requirements: str, *, enforced: bool) -> bytes:
    """That definition as the bytes that are served."""
    schema = definition(name, marketplace_id, requirements, enforced=enforced)
    return json.dumps(schema, ensure_ascii=False).encode()


def checksum(content: bytes) -> str:
    """MD5 of a document, in Base64, as Amazon gives it beside each link."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def property_groups(name: str) -> dict[str, Any]:
    """Which attributes belong together, for a person who fills a form."""
    groups = {
        "product_identity": ("Product Identity", ("item_name", "brand", *IDENTITY)),
        "variations": ("Variations", PARENTHOOD),
        "offer": ("Offer", (*SALE, "list_price", "merchant_shipping_group")),
        "product_details": ("Product Details", (*FACTS[2:], *PRODUCT_TYPES[name].asks)),
    }
    return {
        key: {"title": title, "propertyNames": list(names)}
        for key, (title, names) in groups.items()
    }

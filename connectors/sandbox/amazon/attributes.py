"""The attributes that product types are made of, in Amazon's vocabulary of JSON Schema.

An attribute is an array of objects; each object carries the marketplace it is meant for and,
where it is text, its language. `selectors` name the properties by which two entries are the same
one; `maxUniqueItems` limits how many entries there may be for each marketplace.

Source of the vocabulary:
https://developer-docs.amazon.com/sp-api/docs/product-type-definition-meta-schema. The selection
of attributes and their limits are this sandbox's own, after the names that Amazon publishes.
"""

from dataclasses import dataclass
from typing import Any

from connectors.sandbox.amazon.stores import Store

Schema = dict[str, Any]

CONDITIONS = ("new_new", "used_like_new", "used_very_good", "used_good", "collectible_good")
THEMES = ("SIZE", "COLOR", "STYLE", "SIZE/COLOR", "COLOR/SIZE", "SIZE/STYLE", "COLOR/STYLE")
COUNTRIES = (
    *("MA", "DZ", "TN", "EG", "SN", "ML", "NE", "MR", "TR", "IN", "PK", "IR", "CN", "FR", "ES"),
    *("PT", "IT", "DE", "GB", "IE", "NL", "BE", "SE", "PL", "US", "CA", "MX", "BR", "AE", "JP"),
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one attribute is made: its kind, how many entries a marketplace may have, its limits.

    `length` is the longest text in characters, `length_bytes` in bytes of UTF-8.
    """

    name: str
    kind: str = "text"
    many: int = 1
    length: int = 0
    length_bytes: int = 0
    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name that a person reads."""
        return self.name.replace("_", " ").title()


_DANGEROUS_GOODS = ("ghs", "storage", "waste", "not_applicable", "transportation", "other")
_HANDMADE = ("handmade", "hand_finished", "hand_assembled", "not_handmade")
_AUDIENCES = ("female", "male", "unisex")
_DEPARTMENTS = ("womens", "mens", "unisex-adult", "girls", "boys", "baby-girls", "unisex-baby")

ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute("item_name", length=200),
        Attribute("brand", length=100),
        Attribute("manufacturer", length=100),
        Attribute("product_description", length=2000),
        Attribute("bullet_point", many=10, length=500),
        Attribute("generic_keyword", length=500, length_bytes=250),
        Attribute("item_type_keyword", "word", length=100),
        Attribute("model_number", "word", length=40),
        Attribute("part_number", "word", length=40),
        Attribute("country_of_origin", "choice", choices=COUNTRIES),
        Attribute("supplier_declared_dg_hz_regulation", "choice", 5, choices=_DANGEROUS_GOODS),
        Attribute("supplier_declared_has_product_identifier_exemption", "flag"),
        Attribute("externally_assigned_product_identifier", "identifier", 3),
        Attribute("merchant_suggested_asin", "word", length=10),
        Attribute("handmade_classification", "choice", choices=_HANDMADE),
        Attribute("batteries_required", "flag"),
        Attribute("condition_type", "choice", choices=CONDITIONS),
        Attribute("list_price", "money"),
        Attribute("purchasable_offer", "offer", 2),
        Attribute("fulfillment_availability", "availability", 1),
        Attribute("merchant_shipping_group", "word", length=100),
        Attribute("skip_offer", "flag"),
        Attribute("material", many=5, length=100),
        Attribute("color", length=100),
        Attribute("size", length=100),
        Attribute("style", length=100),
        Attribute("pattern", length=100),
        Attribute("theme", many=3, length=100),
        Attribute("item_shape", length=100),
        Attribute("room_type", many=5, length=100),
        Attribute("special_feature", many=5, length=100),
        Attribute("care_instructions", many=3, length=200),
        Attribute("fabric_type", many=3, length=500),
        Attribute("scent", length=100),
        Attribute("ingredients", length=1500),
        Attribute("department", "choice", choices=_DEPARTMENTS),
        Attribute("target_gender", "choice", choices=_AUDIENCES),
        Attribute("number_of_items", "count"),
        Attribute("unit_count", "measure"),
        Attribute("capacity", "measure"),
        Attribute("item_weight", "measure"),
        Attribute("item_package_weight", "measure"),
        Attribute("item_length_width", "area"),
        Attribute("item_diameter", "measure"),
        Attribute("item_dimensions", "box"),
        Attribute("item_package_dimensions", "box"),
        Attribute("parentage_level", "choice", choices=("parent", "child")),
        Attribute("child_parent_sku_relationship", "relationship"),
        Attribute("main_product_image_locator", "image"),
        *(Attribute(f"other_product_image_locator_{n}", "image") for n in range(1, 9)),
        Attribute("swatch_product_image_locator", "image"),
        Attribute("variation_theme", "variation_theme"),
    )
}

LENGTH_UNITS = ("centimeters", "millimeters", "meters", "inches", "feet")
WEIGHT_UNITS = ("grams", "kilograms", "ounces", "pounds")
_UNITS = {
    "item_diameter": LENGTH_UNITS,
    "item_weight": WEIGHT_UNITS,
    "item_package_weight": WEIGHT_UNITS,
    "capacity": ("milliliters", "liters", "cubic_centimeters"),
    "unit_count": ("count", "grams", "milliliters"),
}


def attribute_schema(attribute: Attribute, store: Store) -> Schema:
    """The JSON Schema of `attribute` in `store`."""
    fields, selectors = _fields(attribute, store)
    required = _REQUIRED.get(attribute.kind, ["value"])
    if "language_tag" in fields:
        required = ["value", "language_tag"]
    return {
        "title": attribute.title,
        "type": "array",
        "minItems": 1,
        "minUniqueItems": 1,
        "maxUniqueItems": attribute.many,
        "selectors": selectors,
        "editable": attribute.name not in {"brand", "externally_assigned_product_identifier"},
        "hidden": False,
        "items": {
            "type": "object",
            "required": required,
            "properties": fields,
            "additionalProperties": False,
        },
    }


_REQUIRED = {
    "identifier": ["type", "value"],
    "money": ["currency", "value"],
    "offer": ["currency", "our_price"],
    "availability": ["fulfillment_channel_code"],
    "measure": ["unit", "value"],
    "box": ["length", "width", "height"],
    "area": ["length", "width"],
    "relationship": ["child_relationship_type"],
    "image": ["media_location"],
    "variation_theme": ["name"],
}


def _fields(attribute: Attribute, store: Store) -> tuple[Schema, list[str]]:
    """The properties of one entry, and its selectors."""
    marketplace = {"marketplace_id": _choice((store.id,))}
    match attribute.kind:
        case "text":
            fields = {"value": _text(attribute), "language_tag": _choice(store.languages)}
            many = ["value"] if attribute.many > 1 else []
            return {**fields, **marketplace}, ["marketplace_id", "language_tag", *many]
        case "identifier":
            kinds = _choice(("ean", "gtin", "upc"))
            value = {"type": "string", "minLength": 8, "maxLength": 14}
            return {"type": kinds, "value": value, **marketplace}, ["marketplace_id", "type"]
        case "money":
            fields = {"currency": _choice((store.currency,)), "value": _AMOUNT}
            return {**fields, **marketplace}, ["marketplace_id", "currency"]
        case "offer":
            return {**_offer(store), **marketplace}, ["marketplace_id", "currency", "audience"]
        case "availability":
            return _availability(), ["fulfillment_channel_code"]
        case _:
            return {**_plain(attribute), **marketplace}, _selectors(attribute)


def _selectors(attribute: Attribute) -> list[str]:
    return ["marketplace_id", "value"] if attribute.many > 1 else ["marketplace_id"]


def _plain(attribute: Attribute) -> Schema:
    """The properties of an entry that needs to know nothing of its store."""
    kinds: dict[str, Schema] = {
        "word": {"value": _text(attribute)},
        "choice": {"value": _choice(attribute.choices)},
        "flag": {"value": {"type": "boolean", "enum": [False, True], "enumNames": ["No", "Yes"]}},
        "count": {"value": {"type": "integer", "minimum": 1}},
        "measure": _measure(_UNITS.get(attribute.name, ())),
        "area": {"length": _SIDE, "width": _SIDE},
        "box": {"length": _SIDE, "width": _SIDE, "height": _SIDE},
        "relationship": {
            "child_relationship_type": _choice(("variation",)),
            "parent_sku": {"type": "string", "minLength": 1, "maxLength": 40},
        },
        "image": {"media_location": {"type": "string", "minLength": 1, "maxLength": 2000}},
        "variation_theme": {"name": _choice(THEMES)},
    }
    return kinds[attribute.kind]


_AMOUNT = {"type": "number", "minimum": 0, "exclusiveMinimum": 0}


def _offer(store: Store) -> Schema:
    price = {
        "type": "object",
        "required": ["value_with_tax"],
        "properties": {"value_with_tax": _AMOUNT},
    }
    schedule = {
        "type": "object",
        "required": ["schedule"],
        "properties": {
            "schedule": {"type": "array", "minItems": 1, "maxItems": 1, "items": price},
        },
    }
    return {
        "currency": _choice((store.currency,)),
        "audience": _choice(("ALL", "B2B")),
        "our_price": {"type": "array", "minItems": 1, "maxItems": 1, "items": schedule},
        "start_at": _moment(),
        "end_at": _moment(),
    }


def _moment() -> Schema:
    value = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    return {"type": "object", "properties": {"value": value}}


def _availability() -> Schema:
    return {
        "fulfillment_channel_code": _choice(("DEFAULT", "AMAZON_NA", "AMAZON_EU", "AMAZON_JP")),
        "quantity": {"type": "integer", "minimum": 0},
        # 30 days at most: https://github.com/amzn/selling-partner-api-models/issues/2344
        "lead_time_to_ship_max_days": {"type": "integer", "minimum": 0, "maximum": 30},
        "restock_date": {"type": "string", "format": "date"},
    }


def _measure(units: tuple[str, ...]) -> Schema:
    return {"unit": _choice(units), "value": {"type": "number", "minimum": 0}}


def _choice(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": list(values), "enumNames": list(values)}


def _text(attribute: Attribute) -> Schema:
    limits: Schema = {"type": "string", "minLength": 1, "maxLength": attribute.length}
    if attribute.length_bytes:
        limits["maxUtf8ByteLength"] = attribute.length_bytes
    return limits


_SIDE = {"type": "object", "required": ["unit", "value"], "properties": _measure(LENGTH_UNITS)}

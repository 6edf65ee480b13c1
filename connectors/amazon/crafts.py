"""Amazon's product type for each craft of the vocabulary.

The names are those of the Product Type Definitions API (searchDefinitionsProductTypes); a
definition is read when it is needed, so a name that a market does not have shows as an issue.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ProductType:
    """A product type, and the facts that are the same for everything of a craft.

    `keyword` is the item_type_keyword; `choices` are values of Amazon's own lists (department),
    `words` are texts (scent).
    """

    name: str
    keyword: str
    choices: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


# What has no craft, or one that Amazon has no type for, is sold as a thing for the home.
FALLBACK = ProductType("HOME", "home-decor")


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(";") if pair)


def _read() -> Mapping[str, ProductType]:
    lines = (files("connectors.amazon") / "crafts.csv").read_text("utf-8").splitlines()
    return MappingProxyType(
        {
            row["code"]: ProductType(
                row["product_type"], row["keyword"], _pairs(row["choices"]), _pairs(row["words"])
            )
            for row in csv.DictReader(lines)
        }
    )


PRODUCT_TYPES = _read()


def product_type(craft: str | None) -> ProductType:
    """The product type of a craft; the fallback for an unknown one and for none."""
    return PRODUCT_TYPES.get(craft or "", FALLBACK)

"""Where a craft belongs at Etsy: a path in the seller taxonomy, and a section of the shop.

Ids are Etsy's to give: the file beside this module names categories, and the tree that the shop
answers tells their ids.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Category:
    """A path of names from the root of Etsy's seller taxonomy, and the shop section to stand in."""

    path: tuple[str, ...]
    section: str


@cache
def categories() -> Mapping[str, Category]:
    """Where each craft of the vocabulary belongs, by its code."""
    lines = (files(__package__) / "crafts.csv").read_text("utf-8").splitlines()
    return {
        row["craft"]: Category(tuple(row["category"].split(SEPARATOR)), row["section"])
        for row in csv.DictReader(lines)
    }


def find_node(nodes: Sequence[Mapping[str, Any]], path: Sequence[str]) -> int | None:
    """The id of the deepest node on `path`; None where not even its root is there.

    Etsy renames and regroups leaves; the category above is still a right one.
    """
    found = None
    for name in path:
        node = next((n for n in nodes if n["name"].casefold() == name.casefold()), None)
        if node is None:
            return found
        found, nodes = int(node["id"]), node.get("children") or ()
    return found

"""What a file's rows would change in what is stored: pure comparison, nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from moneyed import Money

from catalog.folding import fold
from catalog.importing.groups import PhotoName, ProductRows
from catalog.importing.headers import Header
from catalog.importing.problems import Misread, Problem
from catalog.importing.rows import ProductRow, RowErrors
from catalog.importing.stored import Record, Stored
from catalog.models import Maker
from catalog.money import minor_units
from catalog.stock import Levels

Values = dict[str, Any]

# Whose a product is where nobody said; the first file that says takes it over.
DEFAULT_MAKER = "default"


class Outcome(StrEnum):
    """What became of an accepted row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a whole import goes by.

    `maker` is whose the file is, where the user said. By the name that the file gives a photo,
    `photos` has the SHA-256 of those in the store, and `photo_trouble` what is wrong with others.
    """

    header: Header
    maker: str | None = None
    photos: Mapping[str, str] = field(default_factory=dict)
    photo_trouble: Mapping[str, Misread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VariantChange:
    """One accepted row: the columns to write, and the units to move."""

    row: ProductRow
    stored: Record | None
    values: Values
    move: int


@dataclass(frozen=True, slots=True)
class ProductChange:
    """The change to one product; `refused` are the rows that cannot go in."""

    rows: ProductRows
    stored: Record | None
    maker: str
    values: Values
    variants: tuple[VariantChange, ...]
    photos: tuple[Values, ...] | None
    refused: tuple[RowErrors, ...]

    @property
    def is_new(self) -> bool:
        """Whether the product is to be made."""
        return self.stored is None and bool(self.variants)

    @property
    def is_revised(self) -> bool:
        """Whether anything but stock changes."""
        changed = any(v.values for v in self.variants)
        return bool(self.values or changed or self.photos is not None)

    def outcome(self, change: VariantChange | None) -> Outcome:
        """What becomes of a row; of the product's overview without one."""
        if (change.stored is None) if change else (self.stored is None):
            return Outcome.CREATED
        own = bool(change and (change.values or change.move))
        return Outcome.UPDATED if own or self._shared_change else Outcome.UNCHANGED

    @property
    def _shared_change(self) -> bool:
        return bool(self.values) or self.photos is not None


def changes(rows: ProductRows, stored: Stored, terms: Terms) -> ProductChange:
    """What `rows` change of what is `stored`."""
    product = stored.product_of(rows)
    maker = terms.maker or _maker(rows) or (product["maker"] if product else DEFAULT_MAKER)
    refused = _refused(rows, product, stored, terms, maker)
    bad = {errors.row.number for errors in refused}
    kept = [row for row in rows.variants if row.number not in bad]
    variants = tuple(
        _variant_change(_warned(row, stored.variants.get(row.sku), terms.header), stored)
        for row in kept
    )
    overview = rows.overview if variants or (product and not refused) else None
    if rows.overview and not overview:
        refused.append(_missing("bad_price.missing", "price", rows.overview, terms.header))
    return ProductChange(
        rows=replace(rows, overview=overview),
        stored=product,
        maker=maker,
        values=_differing(_product_values(rows, maker), product) if variants or overview else {},
        variants=variants,
        photos=_photos(rows.photos, product, stored, terms) if variants or overview else None,
        refused=(*rows.refused, *refused),
    )


def _maker(rows: ProductRows) -> str | None:
    return slug(rows.first.maker) if rows.first and rows.first.maker else None


def slug(name: str) -> str:
    """The short name of a maker, in its own script: 'Dar Sanaa' is dar-sanaa."""
    return fold(name).replace("'", " ").replace(" ", "-")[:80].strip("-")


def _refused(
    rows: ProductRows, product: Record | None, stored: Stored, terms: Terms, maker: str
) -> list[RowErrors]:
    return [
        errors
        for row in rows.variants
        if (errors := _lacking(row, product, stored.variants.get(row.sku), terms.header, maker))
    ]


def _lacking(
    row: ProductRow, product: Record | None, variant: Record | None, header: Header, maker: str
) -> RowErrors | None:
    """What an existing product has already and a new one must bring."""
    if product is None and row.title is None:
        return _missing("missing_title.it", "title", row, header)
    if variant is None and row.price is None:
        return _missing("bad_price.missing", "price", row, header)
    if product and product["maker"] not in {maker, DEFAULT_MAKER}:
        place = header.cell("sku", row.record)
        whose = {"maker": product["maker"]}
        return RowErrors(row, (Problem("other_maker.it", "sku", place, row.sku, whose),))
    return None


def _missing(reason: str, name: str, row: ProductRow, header: Header) -> RowErrors:
    return RowErrors(row, (Problem(reason, name, header.cell(name, row.record)),))


def _warned(row: ProductRow, variant: Record | None, header: Header) -> ProductRow:
    """Say of an empty price or title of a known SKU that the stored one stays."""
    empty = [
        Problem(reason, name, header.cell(name, row.record))
        for name, value, reason in (
            ("title", row.title, "missing_title.kept"),
            ("price", row.price, "bad_price.kept"),
        )
        if variant and value is None and name in header.columns
    ]
    return replace(row, warnings=(*row.warnings, *empty)) if empty else row


def _product_values(rows: ProductRows, maker: str) -> Values:
    first = rows.first
    if first is None:
        return {}
    colours = dict.fromkeys(colour for row in rows.variants for colour in row.colours)
    said: Values = {
        "title": first.title,
        "description": first.description,
        "craft": first.craft,
        "language": first.language,
        "materials": list(first.materials),
        "colours": list(colours),
        "tags": list(first.tags),
        "techniques": list(first.techniques),
        "motifs": list(first.motifs),
        "rooms": list(first.rooms),
        "region": first.region,
        "care": first.care,
        "made_in_year": first.made_in_year,
        "lead_time_days": first.lead_time_days,
        "maker": maker,
    }
    return {name: value for name, value in said.items() if value not in (None, [])}


def _variant_change(row: ProductRow, stored: Stored) -> VariantChange:
    variant = stored.variants.get(row.sku)
    levels = stored.levels[variant["id"]] if variant else Levels()
    move = 0 if row.quantity is None else levels.counted(row.quantity)
    return VariantChange(row, variant, _differing(_variant_values(row), variant), move)


def _variant_values(row: ProductRow) -> Values:
    values: Values = {"weight_g": row.weight_g, "gtin": row.gtin}
    if row.price is not None and row.currency:
        values["price_minor"] = minor_units(Money(row.price, row.currency))
        values["currency"] = row.currency
    if row.options:
        values["options"] = [list(option) for option in row.options]
    said = {name: value for name, value in values.items() if value is not None}
    if row.dimensions:
        # A size is said whole: a diameter now is no diameter beside the old length.
        for side in ("length", "width", "height", "diameter"):
            said[f"{side}_cm"] = getattr(row.dimensions, side)
    return said


def _differing(said: Values, stored: Record | None) -> Values:
    if stored is None:
        return said
    return {name: value for name, value in said.items() if stored[name] != value}


def _photos(
    names: tuple[PhotoName, ...], product: Record | None, stored: Stored, terms: Terms
) -> tuple[Values, ...] | None:
    """The product's photos as they should be, None where they are so or nobody said."""
    if not names:
        return None
    old = (
        {photo["name"]: photo for photo in stored.photos.get(product["id"], ())} if product else {}
    )
    known = {variant["id"]: sku for sku, variant in stored.variants.items()}
    wanted = tuple(
        {
            "name": photo.name,
            "position": position,
            "alt": photo.alt or (old[photo.name]["alt"] if photo.name in old else ""),
            "sku": photo.sku,
            "sha256": terms.photos.get(photo.name)
            or (old[photo.name]["sha256"] if photo.name in old else None),
        }
        for position, photo in enumerate(names)
    )
    has = [
        {
            "name": photo["name"],
            "position": photo["position"],
            "alt": photo["alt"],
            "sku": known.get(photo["variant_id"]),
            "sha256": photo["sha256"],
        }
        for photo in old.values()
    ]
    return None if sorted(has, key=_position) == list(wanted) else wanted


def _position(photo: Values) -> int:
    position: int = photo["position"]
    return position


def new_maker(slug_: str, name: str | None) -> Maker:
    """A maker met for the first time."""
    shown = name or slug_.replace("-", " ").title()
    words = ("coop", "collecti", "تعاوني")
    return Maker(slug=slug_, name=shown, is_cooperative=any(w in shown.casefold() for w in words))

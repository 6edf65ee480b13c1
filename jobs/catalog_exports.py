"""The catalog as a file that may be edited and imported again: a row a variant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from catalog import snapshots
from catalog.models import Product, Variant
from catalog.snapshots import Snapshot
from catalog.stock import Levels, levels
from catalog.translation.detection import WRITTEN

# Products read at a time.
BATCH = 400


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A variant with its product."""

    whole: Snapshot
    variant: Variant
    levels: Levels

    @property
    def parent(self) -> str:
        """The product's code where it has several variants; one alone is known by its SKU."""
        return self.whole.product.code if len(self.whole.variants) > 1 else ""

    def option(self, at: int, part: int) -> str:
        """The name (0) or the value (1) of the option at that place."""
        options = self.variant.options
        return options[at][part] if at < len(options) else ""

    @property
    def own_photo(self) -> str:
        """The photo that shows this variant alone."""
        own = (p.name for p in self.whole.photos if p.variant_id == self.variant.id)
        return next(own, "")


def _list(words: list[str]) -> str:
    return ", ".join(words)


# Columns by the names that an import knows them by (catalog/importing/header_words.toml).
COLUMNS: Mapping[str, Callable[[ExportRow], Any]] = {
    "SKU": lambda row: row.variant.sku,
    "Parent SKU": lambda row: row.parent,
    "Title": lambda row: row.whole.product.title,
    "Description": lambda row: row.whole.product.description,
    "Category": lambda row: row.whole.product.craft,
    "Price": lambda row: f"{row.variant.price.amount:.2f}",
    "Currency": lambda row: row.variant.currency,
    "Length (cm)": lambda row: row.variant.length_cm,
    "Width (cm)": lambda row: row.variant.width_cm,
    "Height (cm)": lambda row: row.variant.height_cm,
    "Diameter (cm)": lambda row: row.variant.diameter_cm,
    "Weight (g)": lambda row: row.variant.weight_g,
    "Materials": lambda row: _list(row.whole.product.materials),
    "Colours": lambda row: _list(row.whole.product.colours),
    "Techniques": lambda row: _list(row.whole.product.techniques),
    "Motifs": lambda row: _list(row.whole.product.motifs),
    "Rooms": lambda row: _list(row.whole.product.rooms),
    "Tags": lambda row: _list(row.whole.product.tags),
    "Region": lambda row: row.whole.product.region,
    "Maker": lambda row: row.whole.maker.slug,
    "Lead time": lambda row: row.whole.product.lead_time_days,
    "Care": lambda row: row.whole.product.care,
    "Year": lambda row: row.whole.product.made_in_year,
    # A language that no file names is told again from the words.
    "Language": lambda row: (
        row.whole.product.language if row.whole.product.language in WRITTEN else ""
    ),
    "Barcode": lambda row: row.variant.gtin,
    "Photos": lambda row: "; ".join(photo.name for photo in row.whole.photos),
    "Variant image": lambda row: row.own_photo,
    "Option 1 name": lambda row: row.option(0, 0),
    "Option 1 value": lambda row: row.option(0, 1),
    "Option 2 name": lambda row: row.option(1, 0),
    "Option 2 value": lambda row: row.option(1, 1),
    "Option 3 name": lambda row: row.option(2, 0),
    "Option 3 value": lambda row: row.option(2, 1),
}
# On its own: a file that is edited for a week must not bring last week's stock back.
STOCK: Mapping[str, Callable[[ExportRow], Any]] = {"Quantity": lambda row: row.levels.on_hand}


def export_rows(
    sessions: Callable[[], Session], maker_id: int | None = None
) -> Iterator[ExportRow]:
    """Every variant of the catalog, or of one maker's part of it, in the order of products."""
    after = 0
    with sessions() as session:
        while ids := _ids(session, maker_id, after):
            pairs = [(one, v) for one in snapshots.load(session, ids) for v in one.variants]
            stock = levels(session, [variant.id or 0 for _, variant in pairs])
            for whole, variant in pairs:
                yield ExportRow(whole, variant, stock[variant.id or 0])
            after = ids[-1]
            session.expunge_all()


def _ids(session: Session, maker_id: int | None, after: int) -> list[int]:
    query = select(Product.id).where(col(Product.id) > after).order_by(col(Product.id))
    if maker_id is not None:
        query = query.where(Product.maker_id == maker_id)
    return [id_ for id_ in session.exec(query.limit(BATCH)) if id_]

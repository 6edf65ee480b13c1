"""Rows go into the catalog's tables: a batch at a time, by statements over whole sets.

Nothing here commits: the caller's transaction is the file's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session, col, delete, insert, select, update

from catalog.importing import stored
from catalog.importing.changes import ProductChange, Terms, Values, changes, new_maker
from catalog.importing.groups import ProductRows
from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.revisions import refresh, revise
from catalog.stock import Movement, move_all

# Rows written at once: some thousands of bound values, which SQLite and PostgreSQL both take.
BATCH = 500
# Any number will do, as long as only imports take it.
_LOCK = 4_209_001
_SOURCE = "import"


@dataclass(slots=True)
class Import:
    """One file's import, within the transaction of `session`."""

    session: Session
    terms: Terms
    # A count is a movement of its own each time a file is taken in.
    id: str = field(default_factory=lambda: uuid4().hex)
    _makers: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Wait until no other import writes: two at once would both create the same SKU."""
        if self.session.get_bind().dialect.name == "sqlite":
            # At once, for a transaction that begins by reading cannot always go on to write.
            self.session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        else:
            self.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        self._makers |= dict(self.session.exec(select(Maker.slug, Maker.id)).all())  # type: ignore[arg-type]  # an id is never None in the table

    def apply(self, products: Iterable[ProductRows]) -> Iterator[ProductChange]:
        """Write the products and say of each what changed."""
        for batch in _batches(products):
            known = stored.load(self.session, batch)
            planned = [changes(rows, known, self.terms) for rows in batch]
            self._write(planned)
            yield from planned

    def _write(self, planned: Sequence[ProductChange]) -> None:
        ids = self._write_products(planned)
        variant_ids = self._write_variants(planned, ids)
        self._write_photos(planned, ids, variant_ids)
        self._revise(planned, ids)
        movements = [
            Movement(variant_ids[change.row.sku], change.move, f"{self.id}:{change.row.number}")
            for product in planned
            for change in product.variants
            if change.move
        ]
        move_all(self.session, movements, MovementKind.COUNT, source=_SOURCE)

    def _write_products(self, planned: Sequence[ProductChange]) -> dict[str, int]:
        """Insert and update products; their ids by the code in the file."""
        new = [
            {"code": change.rows.code, **_whole(self._owned(change))}
            for change in planned
            if change.is_new
        ]
        ids = {c.rows.code: c.stored["id"] for c in planned if c.stored}
        if new:
            query = insert(Product).returning(col(Product.code), col(Product.id))
            ids |= {row[0]: row[1] for row in self.session.execute(query, new)}
        updates = [
            {"id": change.stored["id"], **self._owned(change)}
            for change in planned
            if change.stored and change.values
        ]
        self._update(Product, updates)
        return ids

    def _owned(self, change: ProductChange) -> Values:
        values = dict(change.values)
        if slug := values.pop("maker", None):
            values["maker_id"] = self._maker(slug, change)
        return values

    def _maker(self, slug: str, change: ProductChange) -> int:
        if slug not in self._makers:
            first = change.rows.first
            named = first.maker if first and not self.terms.maker else None
            maker = new_maker(slug, named)
            self.session.add(maker)
            self.session.flush()
            self._makers[slug] = maker.id or 0
        return self._makers[slug]

    def _revise(self, planned: Sequence[ProductChange], ids: dict[str, int]) -> None:
        revised = {c.stored["id"] for c in planned if c.stored and c.is_revised}
        revised |= {
            v.stored["product_id"] for c in planned for v in c.variants if v.stored and v.values
        }
        revise(self.session, revised)
        refresh(self.session, [ids[c.rows.code] for c in planned if c.is_new])

    def _write_variants(
        self, planned: Sequence[ProductChange], ids: dict[str, int]
    ) -> dict[str, int]:
        """Insert and update variants; their ids by SKU."""
        pairs = [(product, change) for product in planned for change in product.variants]
        found = {change.row.sku: change.stored["id"] for _, change in pairs if change.stored}
        new = [
            {
                "product_id": ids[product.rows.code],
                "sku": change.row.sku,
                "position": change.row.number,
                **_VARIANT,
                **change.values,
            }
            for product, change in pairs
            if not change.stored
        ]
        if new:
            query = insert(Variant).returning(col(Variant.sku), col(Variant.id))
            found |= {row[0]: row[1] for row in self.session.execute(query, new)}
        updates = [
            {"id": change.stored["id"], **change.values}
            for _, change in pairs
            if change.stored and change.values
        ]
        self._update(Variant, updates)
        return found

    def _write_photos(
        self,
        planned: Sequence[ProductChange],
        ids: dict[str, int],
        variant_ids: dict[str, int],
    ) -> None:
        changed = [change for change in planned if change.photos is not None]
        old = [change.stored["id"] for change in changed if change.stored]
        if old:
            self.session.execute(delete(Photo).where(col(Photo.product_id).in_(old)))
        rows = [
            {
                "product_id": ids[change.rows.code],
                "variant_id": variant_ids.get(photo["sku"] or ""),
                **{name: value for name, value in photo.items() if name != "sku"},
            }
            for change in changed
            for photo in change.photos or ()
        ]
        if rows:
            self.session.execute(insert(Photo), rows)

    def _update(self, table: type[Product | Variant], rows: list[Values]) -> None:
        # Rows that change the same columns go together, in one statement.
        if rows:
            self.session.execute(update(table), sorted(rows, key=sorted))


# A bulk insert wants the same columns in every row.
_VARIANT: Values = {
    "options": [],
    "gtin": None,
    "weight_g": None,
    "length_cm": None,
    "width_cm": None,
    "height_cm": None,
    "diameter_cm": None,
}
_PRODUCT: Values = {
    "craft": None,
    "language": "fr",
    "description": "",
    "materials": [],
    "colours": [],
    "tags": [],
    "techniques": [],
    "motifs": [],
    "rooms": [],
    "region": None,
    "care": None,
    "made_in_year": None,
    "lead_time_days": None,
}


def _whole(values: Values) -> Values:
    return {**_PRODUCT, **values}


def _batches(products: Iterable[ProductRows]) -> Iterator[list[ProductRows]]:
    """Some hundreds of rows at a time, a product once in each."""
    batch: list[ProductRows] = []
    codes: set[str] = set()
    rows = 0
    for product in products:
        if batch and (rows >= BATCH or product.code in codes):
            yield batch
            batch, codes, rows = [], set(), 0
        batch.append(product)
        codes.add(product.code)
        rows += len(product.variants) or 1
    if batch:
        yield batch

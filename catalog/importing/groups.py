"""Rows that stand together as the variants of one product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from catalog.importing.problems import Code
from catalog.importing.rows import ImageRow, ProductRow, RowErrors
from catalog.translation.detection import DARIJA

Parsed = ProductRow | ImageRow | RowErrors

# What the first row of a product says for all: Shopify and many others write it once.
_SHARED = (
    *("title", "description", "category", "language", "materials", "tags", "region", "maker"),
    *("techniques", "motifs", "rooms", "lead_time_days", "care", "made_in_year"),
)
_OTHER_OPTION = {"fr": "Modèle", "ar": "النموذج", "en": "Model", "es": "Modelo", DARIJA: "Modèle"}


@dataclass(frozen=True, slots=True)
class PhotoName:
    """A photo of a product as its file names it, and the SKU that alone it shows."""

    name: str
    alt: str = ""
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class ProductRows:
    """The rows of one product, each with what it shares with the others filled in.

    `overview` is the row of a parent that is itself no variant; `refused` are its rows with errors.
    """

    code: str
    variants: tuple[ProductRow, ...]
    refused: tuple[RowErrors, ...] = ()
    overview: ProductRow | None = None
    photos: tuple[PhotoName, ...] = ()

    @property
    def first(self) -> ProductRow | None:
        """The row that speaks for the product."""
        return self.overview or next(iter(self.variants), None)


def grouped(parsed: Iterable[Parsed]) -> Iterator[ProductRows]:
    """Rows of one parent that follow each other, together; others each on their own."""
    for code, rows in groupby(parsed, key=_code):
        yield _product(code, list(rows))


def _code(parsed: Parsed) -> str:
    row = _row(parsed)
    return row.parent or row.sku or f"row {row.number}"


def _row(parsed: Parsed) -> ProductRow:
    return parsed if isinstance(parsed, ProductRow) else parsed.row


def _product(code: str, parsed: list[Parsed]) -> ProductRows:
    if len(parsed) == 1 and isinstance(parsed[0], ProductRow) and not parsed[0].parent:
        return _alone(code, parsed[0])
    rows = [_row(one) for one in parsed]
    shared = _shared(rows)
    kept = [_filled(one, shared) for one in parsed if isinstance(one, ProductRow)]
    overview = _overview(kept, rows)
    variants = _with_options([row for row in kept if row is not overview])
    photos = _photos(rows, variants)
    variants = [replace(row, photos=tuple(p.name for p in photos)) for row in variants]
    refused = tuple(one for one in parsed if isinstance(one, RowErrors))
    return ProductRows(code, tuple(variants), refused, overview, photos)


def _alone(code: str, row: ProductRow) -> ProductRows:
    # A thing of its own has a colour and a size, but no choice of them.
    named = replace(row, options=()) if row.options else row
    return ProductRows(code, (named,), (), None, _photos([named], [named]))


def _shared(rows: list[ProductRow]) -> dict[str, Any]:
    if len(rows) == 1:
        return {}
    said = {name: next((v for row in rows if (v := getattr(row, name))), None) for name in _SHARED}
    return {name: value for name, value in said.items() if value}


def _filled(row: ProductRow, shared: dict[str, Any]) -> ProductRow:
    # A refused row speaks too: one bad price must not leave all sizes without a title.
    missing = {name: value for name, value in shared.items() if not getattr(row, name)}
    return replace(row, **missing) if missing else row


def _overview(kept: list[ProductRow], rows: list[ProductRow]) -> ProductRow | None:
    """The row of the parent itself: the others name it, and it asks no price."""
    parents = {row.parent for row in rows}
    heads = (row for row in kept if row.sku in parents and row.price is None and not row.parent)
    return next(heads, None)


def _with_options(variants: list[ProductRow]) -> list[ProductRow]:
    """Variants with the same option names in the same order, told apart by their values."""
    if not variants:
        return []
    names = [name for name, _ in max((row.options for row in variants), key=_named)]
    told = [[_option(row, at, name) for at, name in enumerate(names)] for row in variants]
    alike = {at for at in range(len(names)) if not all(options[at][1] for options in told)}
    kept = [tuple(o for at, o in enumerate(options) if at not in alike) for options in told]
    if len(set(kept)) < len(kept):
        kept = [(*options, _model(row)) for options, row in zip(kept, variants, strict=True)]
    return [_with_option(row, options) for row, options in zip(variants, kept, strict=True)]


def _named(options: tuple[tuple[str, str], ...]) -> int:
    return sum(bool(name) for name, _ in options) * 10 + len(options)


def _option(row: ProductRow, at: int, name: str) -> tuple[str, str]:
    by_name = dict(row.options)
    if name in by_name:
        return name, by_name[name]
    # Shopify names its options in a product's first row only.
    is_nameless = at < len(row.options) and not row.options[at][0]
    return name, row.options[at][1] if is_nameless else ""


def _model(row: ProductRow) -> tuple[str, str]:
    return _OTHER_OPTION[row.language or "en"], row.sku


def _with_option(row: ProductRow, options: tuple[tuple[str, str], ...]) -> ProductRow:
    # A size such as M is no bad dimension where it tells variants apart.
    sizes = {value for _, value in options}
    warnings = tuple(
        w for w in row.warnings if w.code is not Code.BAD_DIMENSIONS or w.value not in sizes
    )
    return replace(row, options=options, warnings=warnings)


def _photos(rows: list[ProductRow], variants: list[ProductRow]) -> tuple[PhotoName, ...]:
    alts = {row.photos[0]: row.photo_alt for row in rows if row.photo_alt and row.photos}
    own = _own_photos(variants)
    names = [name for row in rows for name in row.photos]
    names += [row.variant_photo for row in rows if row.variant_photo]
    return tuple(PhotoName(n, alts.get(n) or "", own.get(n)) for n in dict.fromkeys(names))


def _own_photos(variants: list[ProductRow]) -> dict[str, str]:
    """Photos that show one variant: in a column for that, or named by one of several rows."""
    own = {row.variant_photo: row.sku for row in variants if row.variant_photo}
    if own or len(variants) < 2 or not all(row.photos for row in variants):  # noqa: PLR2004
        return own
    naming: dict[str, list[str]] = {}
    for row in variants:
        for name in row.photos:
            naming.setdefault(name, []).append(row.sku)
    return {name: skus[0] for name, skus in naming.items() if len(skus) == 1}

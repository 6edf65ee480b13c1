"""A row of cells becomes a ProductRow, or RowErrors that say why not."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from catalog.importing.cells import RowCells
from catalog.importing.dimensions import Dimensions, parse_dimensions, parse_length
from catalog.importing.headers import Header
from catalog.importing.photos import parse_photos
from catalog.importing.prices import Price, parse_currency, parse_price
from catalog.importing.problems import Misread, Problem
from catalog.importing.quantities import parse_quantity, says_sold_out
from catalog.importing.tables import Row
from catalog.importing.texts import clean
from catalog.importing.weights import parse_weight
from catalog.importing.words import parse_lead_time, parse_tags, parse_words
from catalog.translation.detection import DARIJA, WRITTEN, detect
from catalog.vocabulary.crafts import CRAFTS, find_craft

Value = TypeVar("Value")

# Lengths of the catalog's columns.
LONGEST_SKU = 100
LONGEST_TITLE = 300
LONGEST_NAME = 120
_BARCODES = (8, 12, 13, 14)  # digits of the GTINs (GS1 General Specifications, section 2)
_FIRST_YEAR = 1500
_SIDES = ("length", "width", "height", "diameter")
# Shopify's name of the one option of a product without options.
_NO_OPTION = "Default Title"


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What a row says of a variant and its product; None and empty where it says nothing."""

    number: int
    record: int
    sku: str
    parent: str | None = None
    title: str | None = None
    description: str | None = None
    category: str | None = None
    language: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    quantity: int | None = None
    dimensions: Dimensions | None = None
    weight_g: int | None = None
    materials: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    motifs: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    region: str | None = None
    maker: str | None = None
    lead_time_days: int | None = None
    care: str | None = None
    made_in_year: int | None = None
    gtin: str | None = None
    photos: tuple[str, ...] = ()
    photo_alt: str | None = None
    variant_photo: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def craft(self) -> str | None:
        """The craft whose code the category is, or that the title or the category names."""
        if self.category in CRAFTS:
            return self.category
        return find_craft(self.title, self.category)


@dataclass(frozen=True, slots=True)
class RowErrors:
    """A row that is refused: why, and what was understood of it, for the rows that lean on it."""

    row: ProductRow
    errors: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A row of Shopify's export that only adds a photo to its product."""

    row: ProductRow


def parse_row(header: Header, row: Row) -> ProductRow | ImageRow | RowErrors:
    """Read one row of a table. Pure: what is known of its SKU already plays no part."""
    reading = RowCells(header, row, header.texts(row.cells))
    if wrecked := reading.wreck():
        return RowErrors(ProductRow(row.number, row.record, reading.cell("sku")), (wrecked,))
    product = _read(reading)
    if header.is_shopify and product.photos and not (product.sku or product.price):
        return ImageRow(product)
    return RowErrors(product, tuple(reading.errors)) if reading.errors else product


def _read(reading: RowCells) -> ProductRow:
    title = _title(reading)
    description = _text(reading, "description")
    price = _price(reading)
    dimensions, size = _dimensions(reading)
    words = f"{title or ''} {description or ''}"
    return ProductRow(
        number=reading.row.number,
        record=reading.row.record,
        sku=_sku(reading),
        parent=_name(reading, "parent"),
        title=title,
        description=description,
        category=_name(reading, "category"),
        language=_language(reading, words) if words.strip() else None,
        price=price.amount if price else None,
        currency=price.currency if price else None,
        quantity=_quantity(reading),
        dimensions=dimensions,
        weight_g=_weight(reading),
        materials=reading.take("materials", parse_words) or (),
        colours=reading.take("colours", parse_words) or (),
        tags=reading.take("tags", parse_tags) or (),
        techniques=reading.take("techniques", parse_words) or (),
        motifs=reading.take("motifs", parse_words) or (),
        rooms=reading.take("rooms", parse_words) or (),
        region=_name(reading, "region"),
        maker=_name(reading, "maker"),
        lead_time_days=reading.take("lead_time", parse_lead_time, optional=True),
        care=_text(reading, "care"),
        made_in_year=_year(reading.cell("year")),
        gtin=reading.take("barcode", _gtin, optional=True),
        photos=reading.take("photos", parse_photos) or (),
        photo_alt=_text(reading, "photo_alt"),
        variant_photo=next(iter(reading.take("variant_photo", parse_photos) or ()), None),
        options=_options(reading, size),
        warnings=tuple(reading.warnings),
    )


def _sku(reading: RowCells) -> str:
    sku = reading.cell("sku")
    if not sku:
        reading.complain("missing_sku.it", "sku")
    elif len(sku) > LONGEST_SKU or "\n" in sku:
        reading.complain("bad_sku.it", "sku", most=LONGEST_SKU)
    return sku


def _title(reading: RowCells) -> str | None:
    title = _text(reading, "title")
    if title is not None and len(title) > LONGEST_TITLE:
        reading.complain("title_too_long.it", "title", length=len(title), most=LONGEST_TITLE)
    return " ".join(title.splitlines()) if title else None


def _text(reading: RowCells, name: str) -> str | None:
    cleaned = reading.take(name, clean)
    if cleaned is None:
        return None
    for reason in cleaned.reasons:
        reading.warn(reason, name)
    return cleaned.text or None


def _name(reading: RowCells, name: str) -> str | None:
    text = _text(reading, name)
    if text is not None and len(text) > LONGEST_NAME:
        reading.warn("text_too_long.it", name, most=LONGEST_NAME)
        text = text[:LONGEST_NAME].strip()
    return text


def _price(reading: RowCells) -> Price | None:
    price = reading.take("price", parse_price)
    column = reading.take("currency", parse_currency)
    if price is None:
        return None
    if price.currency and column and price.currency != column:
        reading.complain("unknown_currency.two", "currency", other=price.currency)
    return Price(price.amount, price.currency or column or reading.header.currency or "MAD")


def _quantity(reading: RowCells) -> int | None:
    text = reading.cell("quantity")
    if says_sold_out(text):
        reading.warn("bad_quantity.sold_out", "quantity")
        return 0
    if not text and "quantity" in reading.header.columns:
        reading.warn("missing_quantity.it", "quantity")
    return reading.take("quantity", parse_quantity)


def _dimensions(reading: RowCells) -> tuple[Dimensions | None, str | None]:
    """The sizes; or, where the cell is a size such as M or 38, that size."""
    unit = reading.header.units.get("dimensions", "cm")
    text = reading.cell("dimensions")
    if not text:
        return _from_own_columns(reading), None
    try:
        return parse_dimensions(text, unit), None
    except Misread as misread:
        is_size = misread.reason == "bad_dimensions.one_number" or not any(map(str.isdigit, text))
        tell = reading.warn if is_size else reading.complain
        tell(misread.reason, "dimensions", **misread.details)
        return None, text if is_size else None


def _from_own_columns(reading: RowCells) -> Dimensions | None:
    sides: dict[str, float] = {}
    for side in _SIDES:
        unit = reading.header.units.get(side, "cm")
        size = reading.take(side, partial(parse_length, unit=unit))
        if size is not None:
            sides[side] = size
    return Dimensions(**sides) if sides else None


def _weight(reading: RowCells) -> int | None:
    unit = reading.header.units.get("weight", "g")
    if reading.header.is_shopify and reading.cell("weight") in {"0", "0.0"}:
        # Shopify writes 0 where nobody weighed.
        return None
    return reading.take("weight", partial(parse_weight, unit=unit), optional=True)


def _language(reading: RowCells, words: str) -> str:
    said = reading.cell("language").casefold()[:2]
    found = said if said in WRITTEN else detect(words, reading.header.language)
    if found == DARIJA:
        reading.warn("latin_darija.it", "title" if reading.cell("title") else "description")
    return found


def _year(text: str) -> int | None:
    year = int(text) if text.isdecimal() and len(text) == len("2026") else 0
    return year if _FIRST_YEAR <= year <= datetime.now(UTC).year else None


def _gtin(text: str) -> str:
    digits = text.removeprefix("'").replace(" ", "")
    if not digits.isdecimal() or not digits.isascii() or len(digits) not in _BARCODES:
        raise Misread("bad_barcode.it")
    weighted = sum(int(d) * (3, 1)[at % 2] for at, d in enumerate(reversed(digits[:-1])))
    if (weighted + int(digits[-1])) % 10:
        raise Misread("bad_barcode.it")
    return digits


def _options(reading: RowCells, size: str | None) -> tuple[tuple[str, str], ...]:
    """The options that a row names, as (name, value); a name may be empty until its group is."""
    named = [
        (reading.cell(f"{option}_name") or _title_of(reading.header, option), reading.cell(option))
        for option in ("option1", "option2", "option3")
    ]
    own = [(_title_of(reading.header, "dimensions"), size or "")]
    own += [(_title_of(reading.header, n), reading.cell(n)) for n in ("size", "colours")]
    given = [option for option in named if option[1] and option[1] != _NO_OPTION]
    return tuple(given or [option for option in own if option[1]])


def _title_of(header: Header, name: str) -> str:
    return "" if f"{name}_name" in header.columns else header.title(name)

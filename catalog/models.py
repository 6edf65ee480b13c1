"""The catalog's tables: makers, products, variants, photos, and the stock ledger."""

from datetime import datetime
from enum import StrEnum

from moneyed import Money
from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words
from catalog.money import money_from_minor

# A list is quick where an index holds its filter, its order and the key that tells equals apart.
_OUT_OF_STOCK, _WITHOUT_PHOTOS = text("available <= 0"), text("photo_count = 0")


class Maker(SQLModel, table=True):
    """An artisan or a cooperative.

    `column_mapping` is this maker's own reading of odd file headers: header text to field name.
    """

    __tablename__ = "maker"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=200)
    is_cooperative: bool = True
    region: str | None = Field(default=None, max_length=120)
    column_mapping: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Product(SQLModel, table=True):
    """One thing that a maker offers: a page in a shop, with one or more variants.

    `code` is the key of its listings and never changes: the SKU of a single variant, the parent
    SKU or handle of several. `revision` counts changes of words, price, photos and variants;
    `stock_revision` counts movements. Together they tell which listings may have changed.
    `withdrawn` is the explicit word to end its listings; a product with `exclusive_to` is listed
    on the channel of that code alone.

    `materials`, `colours`, `techniques`, `motifs` and `rooms` are codes of the vocabulary or the
    maker's own words.

    What lists are filtered by is kept here: `available` is the sum of its variants' units to sell,
    written with the movements; `photo_count` counts the photos in the store, written with the
    revision; `completeness` is a score of 0 to 100, true of the revisions whose sum is `scored_at`.
    """

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_updated_at", "updated_at", "id"),
        Index("ix_product_title", "title", "id"),
        Index("ix_product_maker_id", "maker_id", "updated_at", "id"),
        Index("ix_product_craft", "craft", "updated_at", "id"),
        Index("ix_product_withdrawn", "withdrawn", "updated_at", "id"),
        Index("ix_product_completeness", "completeness", "id"),
        Index(
            "ix_product_out_of_stock",
            "updated_at",
            "id",
            sqlite_where=_OUT_OF_STOCK,
            postgresql_where=_OUT_OF_STOCK,
        ),
        Index(
            "ix_product_without_photos",
            "updated_at",
            "id",
            sqlite_where=_WITHOUT_PHOTOS,
            postgresql_where=_WITHOUT_PHOTOS,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    maker_id: int = Field(foreign_key="maker.id")
    code: str = Field(unique=True, max_length=120)
    craft: str | None = Field(default=None, max_length=60)
    language: str = Field(default="fr", max_length=12)
    title: str = Field(max_length=300)
    description: str = ""
    materials: list[str] = Field(default_factory=list, sa_type=Json)
    colours: list[str] = Field(default_factory=list, sa_type=Json)
    tags: list[str] = Field(default_factory=list, sa_type=Json)
    techniques: list[str] = Field(default_factory=list, sa_type=Json)
    motifs: list[str] = Field(default_factory=list, sa_type=Json)
    rooms: list[str] = Field(default_factory=list, sa_type=Json)
    region: str | None = Field(default=None, max_length=120)
    care: str | None = None
    made_in_year: int | None = None
    made_to_order: bool = False
    lead_time_days: int | None = None
    withdrawn: bool = False
    exclusive_to: str | None = Field(default=None, max_length=60)
    revision: int = 1
    stock_revision: int = 1
    available: int = 0
    photo_count: int = 0
    completeness: int = 0
    scored_at: int = 0
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Variant(SQLModel, table=True):
    """The thing with a SKU and a base price.

    `options` are [name, value] pairs, the same names in the same order in all variants of a
    product. The price is the maker's, in minor units of `currency`. Lengths are cm, weight g.
    """

    __tablename__ = "variant"

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    sku: str = Field(unique=True, max_length=100)
    position: int = 0
    options: list[list[str]] = Field(default_factory=list, sa_type=Json)
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(default="MAD", max_length=3)
    gtin: str | None = Field(default=None, max_length=14)
    weight_g: int | None = None
    length_cm: float | None = None
    width_cm: float | None = None
    height_cm: float | None = None
    diameter_cm: float | None = None

    @property
    def price(self) -> Money:
        """The maker's price."""
        return money_from_minor(self.price_minor, self.currency)


class Photo(SQLModel, table=True):
    """A photo as its file names it; `sha256` once its bytes are in the store."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    variant_id: int | None = Field(default=None, foreign_key="variant.id")
    position: int = 0
    name: str = Field(max_length=500)
    alt: str = ""
    sha256: str | None = Field(default=None, max_length=64, index=True)


class MovementKind(StrEnum):
    """Why stock moved."""

    COUNT = "count"
    SALE = "sale"
    CANCELLATION = "cancellation"
    RETURN = "return"
    ADJUSTMENT = "adjustment"
    SHIPMENT = "shipment"


class StockMovement(SQLModel, table=True):
    """One line of the stock ledger, which catalog.stock.levels sums up.

    A shipment says of units sold before that they left. Never changed, never deleted. (source,
    reference) is unique, so that nothing counts twice.
    """

    __tablename__ = "stock_movement"
    __table_args__ = (UniqueConstraint("source", "reference"),)

    id: int | None = Field(default=None, primary_key=True)
    variant_id: int = Field(foreign_key="variant.id", index=True)
    quantity: int
    kind: MovementKind = Field(sa_type=words(MovementKind))
    source: str = Field(max_length=200)
    reference: str = Field(max_length=300)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

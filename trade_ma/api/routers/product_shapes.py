"""Products and their variants as the API takes and shows them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from moneyed import Money
from pydantic import BaseModel, Field, model_validator

from catalog.completeness import LANGUAGES, sentence
from catalog.importing.rows import LONGEST_TITLE
from catalog.models import Photo, Product, Variant
from catalog.money import minor_units
from catalog.stock import Levels
from connectors.protocol import Facet, Severity
from jobs.browsing import Overview
from jobs.models import ListingIssue, ListingState
from jobs.product_pages import Listed, ProductPage
from trade_ma.api.subject import Text

Code = Annotated[Text, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Title = Annotated[Text, Field(min_length=1, max_length=LONGEST_TITLE)]
Word = Annotated[Text, Field(min_length=1, max_length=120)]
Words = Annotated[list[Word], Field(max_length=50)]
Length = Annotated[float | None, Field(gt=0, le=3000, description="In cm.")]
Amount = Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=2, examples=["1250.00"])]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["MAD"])]
Option = Annotated[list[Word], Field(min_length=2, max_length=2, examples=[["Taille", "M"]])]
Options = Annotated[list[Option], Field(max_length=3, description="Pairs of a name and a value.")]


class VariantFields(BaseModel):
    """What is measured of a variant."""

    options: Options = []
    gtin: Annotated[str | None, Field(pattern=r"^\d{8}(\d{4,6})?$")] = None
    weight_g: Annotated[int | None, Field(gt=0, le=1_000_000)] = None
    length_cm: Length = None
    width_cm: Length = None
    height_cm: Length = None
    diameter_cm: Length = None


class NewVariant(VariantFields):
    """A variant to add."""

    sku: Code
    price: Amount
    currency: Currency = "MAD"


class VariantChange(VariantFields):
    """What a variant is from now on; fields that are left out stay."""

    price: Amount | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _price_is_whole(self) -> "VariantChange":
        if (self.price is None) != (self.currency is None):
            raise ValueError("a price is an amount and a currency, both or none")
        return self


class ProductFields(BaseModel):
    """The words and facts of a product; `materials` and the like are codes or own words."""

    description: Annotated[Text, Field(max_length=20_000)] = ""
    craft: Annotated[Text | None, Field(max_length=60, examples=["rug-azilal"])] = None
    language: Annotated[str, Field(pattern="^[a-z]{2,3}(-[A-Za-z]{2,8})?$")] = "fr"
    materials: Words = []
    colours: Words = []
    tags: Words = []
    techniques: Words = []
    motifs: Words = []
    rooms: Words = []
    region: Annotated[Text | None, Field(max_length=120)] = None
    care: Annotated[Text | None, Field(max_length=2000)] = None
    made_in_year: Annotated[int | None, Field(ge=1500, le=2200)] = None
    made_to_order: bool = False
    lead_time_days: Annotated[int | None, Field(ge=0, le=730)] = None
    withdrawn: bool = False
    exclusive_to: Annotated[
        Text | None, Field(max_length=60, description="The code of the one channel that lists it.")
    ] = None


class NewProduct(ProductFields):
    """A product to add, with one variant at least."""

    maker_id: Annotated[int, Field(ge=1, le=2**31 - 1)]
    code: Annotated[Code, Field(description="Its key on every market; it never changes.")]
    title: Title
    variants: Annotated[list[NewVariant], Field(min_length=1, max_length=100)]


class ProductChange(ProductFields):
    """What a product is from now on; fields that are left out stay."""

    title: Title | None = None


class VariantShown(VariantFields):
    """A variant with its stock: units free to be sold, and those sold that have not left yet."""

    id: int
    sku: str
    position: int
    price: str = Field(examples=["1250.00"])
    currency: str
    available: int
    reserved: int


class PhotoShown(BaseModel):
    """A photo; `sha256` once its bytes are in the store."""

    id: int
    name: str
    alt: str
    position: int
    variant_id: int | None
    sha256: str | None


class IssueShown(BaseModel):
    """A complaint about a listing."""

    code: str
    severity: Severity
    facet: Facet
    message: str
    field: str | None
    sku: str | None
    raised_at: datetime


class ProductListing(BaseModel):
    """A product's listing on one channel."""

    id: int
    channel: str
    state: ListingState
    remote_id: str | None
    held: bool
    issues: list[IssueShown]


class AdviceShown(BaseModel):
    """One thing that would make the product sell better, and the points that it brings."""

    code: str
    points: int
    message: dict[str, str] = Field(examples=[{"fr": "...", "ar": "...", "en": "..."}])


class CompletenessShown(BaseModel):
    """A product's score of 0 to 100, and what would raise it."""

    score: int
    advice: list[AdviceShown]


class ProductRow(BaseModel):
    """A product as a list shows it; `listings` is its state on each channel that has one."""

    id: int
    code: str
    title: str
    language: str
    maker_id: int
    maker: str
    craft: str | None
    withdrawn: bool
    exclusive_to: str | None
    available: int
    photo_count: int
    completeness: int
    variants: int
    price: str | None = Field(description="The lowest of its variants.")
    currency: str | None
    photo: str | None = Field(description="The SHA-256 of its first photo.")
    listings: dict[str, ListingState]
    created_at: datetime
    updated_at: datetime


class ProductShown(ProductFields):
    """A product whole."""

    id: int
    maker_id: int
    maker: str
    code: str
    title: str
    revision: int
    created_at: datetime
    updated_at: datetime
    variants: list[VariantShown]
    photos: list[PhotoShown]
    listings: list[ProductListing]
    completeness: CompletenessShown


def row_shown(one: Overview) -> ProductRow:
    """A product as a list shows it."""
    own = one.product.model_dump(include=set(ProductRow.model_fields) - {"variants", "listings"})
    return ProductRow(
        **own,
        maker=one.maker,
        variants=one.variants,
        price=f"{one.price.amount:.2f}" if one.price else None,
        currency=one.price.currency.code if one.price else None,
        photo=one.photo,
        listings=dict(one.listings),
    )


def product_shown(page: ProductPage) -> ProductShown:
    """A product whole."""
    advice = [
        AdviceShown(
            code=one.code,
            points=one.points,
            message={language: sentence(one, language) for language in LANGUAGES},
        )
        for one in page.completeness.advice
    ]
    levels = page.levels
    return ProductShown(
        **_own(page.product),
        maker=page.maker.name,
        variants=[variant_shown(one, levels[one.id or 0]) for one in page.variants],
        photos=photos_shown(page.photos),
        listings=[_listing(one) for one in page.listings],
        completeness=CompletenessShown(score=page.completeness.score, advice=advice),
    )


def _own(product: Product) -> dict[str, Any]:
    return product.model_dump(include=set(ProductShown.model_fields) - {"completeness"})


def variant_shown(variant: Variant, levels: Levels) -> VariantShown:
    """A variant with its stock."""
    return VariantShown(
        **variant.model_dump(include=set(VariantShown.model_fields)),
        price=f"{variant.price.amount:.2f}",
        available=levels.available,
        reserved=levels.reserved,
    )


def photos_shown(photos: Sequence[Photo]) -> list[PhotoShown]:
    """Photos, in their order."""
    return [PhotoShown.model_validate(one, from_attributes=True) for one in photos]


def issue_shown(issue: ListingIssue) -> IssueShown:
    """A complaint about a listing."""
    return IssueShown.model_validate(issue, from_attributes=True)


def _listing(one: Listed) -> ProductListing:
    return ProductListing(
        id=one.listing.id or 0,
        channel=one.channel.code,
        state=one.listing.state,
        remote_id=one.listing.remote_id,
        held=one.listing.held_at is not None,
        issues=[issue_shown(issue) for issue in one.issues],
    )


def variant_values(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a variant that somebody sent."""
    values = dict(given)
    price, currency = values.pop("price", None), values.pop("currency", None)
    if price is not None and currency is not None:
        values |= {"price_minor": minor_units(Money(price, currency)), "currency": currency}
    return values

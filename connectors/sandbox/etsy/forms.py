"""What a seller's forms say of a listing: Etsy's fields, with what it allows in each."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from connectors.sandbox.etsy import rules
from connectors.sandbox.etsy.call import Ids, Words

WhoMade = Literal["i_did", "someone_else", "collective"]
WhenMade = Literal[
    "made_to_order", "2020_2026", "2010_2019", "2007_2009", "before_2007", "2000_2006",
    "1990s", "1980s", "1970s", "1960s", "1950s", "1940s", "1930s", "1920s", "1910s", "1900s",
    "1800s", "1700s", "before_1700",
]  # fmt: skip
Id = Annotated[int, Field(ge=1)]
Title = Annotated[str, AfterValidator(rules.title)]
Description = Annotated[str, Field(min_length=1)]
Tags = Annotated[Words, AfterValidator(rules.tags)]
Materials = Annotated[Words, AfterValidator(rules.materials)]
Styles = Annotated[Words, AfterValidator(rules.styles)]
ImageIds = Annotated[Ids, Field(max_length=rules.IMAGES)]
Measure = Annotated[float, Field(gt=0)]
Price = Annotated[Decimal, Field(ge=rules.LOWEST_PRICE)]


class ListingFields(BaseModel):
    """What may be said of a draft and of a listing alike. Nothing is required."""

    shipping_profile_id: Id | None = None
    return_policy_id: Id | None = None
    shop_section_id: Id | None = None
    materials: Materials = []
    tags: Tags = []
    styles: Styles = []
    item_weight: Measure | None = None
    item_length: Measure | None = None
    item_width: Measure | None = None
    item_height: Measure | None = None
    item_weight_unit: Literal["", "oz", "lb", "g", "kg"] | None = None
    item_dimensions_unit: Literal["", "in", "ft", "mm", "cm", "m", "yd", "inches"] | None = None
    production_partner_ids: Ids = []
    image_ids: ImageIds = []
    is_taxable: bool = True
    should_auto_renew: bool = False
    type: Literal["physical", "download", "both"] = "physical"


class DraftForm(ListingFields):
    """createDraftListing."""

    quantity: int = Field(ge=1, le=rules.HIGHEST_QUANTITY)
    title: Title
    description: Description
    price: Price
    who_made: WhoMade
    when_made: WhenMade
    # "Requires who_made and when_made", and they require it: createDraftListing, who_made.
    is_supply: bool
    taxonomy_id: Id
    readiness_state_id: Id | None = None
    processing_min: int | None = None
    processing_max: int | None = None
    is_customizable: bool = True


class ListingForm(ListingFields):
    """updateListing. What the form does not name stays as it is."""

    title: Title | None = None
    description: Description | None = None
    who_made: WhoMade | None = None
    when_made: WhenMade | None = None
    is_supply: bool | None = None
    taxonomy_id: Id | None = None
    featured_rank: int | None = None
    state: Literal["active", "inactive"] | None = None


class TranslationForm(BaseModel):
    """createListingTranslation and updateListingTranslation."""

    title: Title
    description: Description
    tags: Tags = []


class Offering(BaseModel):
    """An offering of updateListingInventory: all its fields are required."""

    price: Price
    quantity: int = Field(ge=0, le=rules.HIGHEST_QUANTITY)
    is_enabled: bool
    readiness_state_id: Id | None


class Value(BaseModel):
    """A property value of updateListingInventory."""

    property_id: Id
    value_ids: list[Id]
    values: list[str] = Field(min_length=1, max_length=1)
    property_name: str | None = None
    scale_id: Id | None = None


class Product(BaseModel):
    """A product of updateListingInventory."""

    sku: str | None = None
    property_values: list[Value] = Field(default=[], max_length=rules.PROPERTIES)
    offerings: list[Offering] = Field(min_length=1, max_length=1)


class InventoryBody(BaseModel):
    """updateListingInventory."""

    products: list[Product] = Field(min_length=1)
    price_on_property: list[int] = []
    quantity_on_property: list[int] = []
    sku_on_property: list[int] = []
    readiness_state_on_property: list[int] | None = None


class Page(BaseModel):
    """A page of a list."""

    limit: int = Field(default=25, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class Sorted(Page):
    """A page of a sorted list."""

    sort_on: str = "created"
    sort_order: Literal["asc", "ascending", "desc", "descending", "up", "down"] = "desc"

    @property
    def newest_first(self) -> bool:
        """Whether the greatest comes first."""
        return self.sort_order in {"desc", "descending", "down"}

"""The shop itself, and what listings refer to: sections, shipping, returns, processing times."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from connectors.sandbox.etsy import rules, views
from connectors.sandbox.etsy.call import Call, Json, Refusal, not_found
from connectors.sandbox.etsy.forms import Page
from connectors.sandbox.etsy.operations import PREFIX, Operations
from connectors.sandbox.etsy.shop import SHOP_ID, USER_ID, Shop

profiles = Operations()
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Cost = Annotated[Decimal, Field(ge=0)]
ProcessingTime = Annotated[int, Field(ge=1, le=10)]
DeliveryDays = Annotated[int, Field(ge=1, le=45)]


class SectionForm(BaseModel):
    """createShopSection."""

    title: Annotated[str, Field(min_length=1, max_length=24)]


class ShippingForm(BaseModel):
    """createShopShippingProfile."""

    title: Annotated[str, Field(min_length=1)]
    origin_country_iso: Country
    primary_cost: Cost
    secondary_cost: Cost
    destination_country_iso: Country | None = None
    destination_region: Literal["eu", "non_eu", "none"] = "none"
    origin_postal_code: str = ""
    shipping_carrier_id: int = 0
    mail_class: str | None = None
    min_delivery_days: DeliveryDays | None = None
    max_delivery_days: DeliveryDays | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> "ShippingForm":
        # "You can pass a country iso code or a region ..., but not both. Only one is required.
        # You must pass either a shipping_carrier_id AND mail_class, or both min and
        # max_delivery_days": createShopShippingProfile.
        if (self.destination_country_iso is None) == (self.destination_region == "none"):
            raise ValueError("either destination_country_iso or destination_region is required")
        if not self.mail_class and not (self.min_delivery_days and self.max_delivery_days):
            raise ValueError("mail_class or min_delivery_days and max_delivery_days is required")
        return self


class ReturnForm(BaseModel):
    """createShopReturnPolicy."""

    accepts_returns: bool
    accepts_exchanges: bool
    return_deadline: int | None = None

    @model_validator(mode="after")
    def _has_deadline(self) -> "ReturnForm":
        takes_back = self.accepts_returns or self.accepts_exchanges
        if takes_back and self.return_deadline not in rules.RETURN_DEADLINES:
            raise ValueError(f"return_deadline must be in {sorted(rules.RETURN_DEADLINES)}")
        return self


class ReadinessForm(BaseModel):
    """createShopReadinessStateDefinition."""

    readiness_state: Literal["ready_to_ship", "made_to_order"]
    min_processing_time: ProcessingTime
    max_processing_time: ProcessingTime
    processing_time_unit: Literal["days", "weeks"] = "days"


@profiles("GET /openapi-ping")
def ping(_shop: Shop, _call: Call) -> Json:
    """Whether the application is known."""
    return {"application_id": SHOP_ID}


@profiles("GET /users/me", "shops_r")
def get_me(_shop: Shop, _call: Call) -> Json:
    """Who the token belongs to."""
    return {"user_id": USER_ID, "shop_id": SHOP_ID}


@profiles("GET /shops/{shop_id}")
def get_shop(shop: Shop, _call: Call) -> Json:
    """The shop."""
    return views.the_shop(shop)


@profiles("GET /users/{user_id}/shops")
def get_shop_by_owner_user_id(shop: Shop, call: Call) -> Json:
    """The shop of its owner."""
    if call.id("user_id") != USER_ID:
        raise not_found("Shop", "user_id", call.path["user_id"])
    return views.the_shop(shop)


@profiles("GET /shops/{shop_id}/sections")
def get_shop_sections(shop: Shop, _call: Call) -> Json:
    """All sections."""
    return views.page(shop.sections.values())


@profiles("POST /shops/{shop_id}/sections", "shops_w")
def create_shop_section(shop: Shop, call: Call) -> Json:
    """Add a section."""
    number = shop.new_id()
    shop.sections[number] = {
        "shop_section_id": number,
        "title": call.form(SectionForm).title,
        "rank": len(shop.sections) + 1,
        "user_id": USER_ID,
        "active_listing_count": 0,
    }
    return shop.sections[number]


@profiles("GET /shops/{shop_id}/shipping-profiles", "shops_r")
def get_shop_shipping_profiles(shop: Shop, _call: Call) -> Json:
    """All shipping profiles."""
    return views.page(shop.shipping_profiles.values())


@profiles("GET /shops/{shop_id}/shipping-profiles/{shipping_profile_id}", "shops_r")
def get_shop_shipping_profile(shop: Shop, call: Call) -> Json:
    """One shipping profile."""
    try:
        return shop.shipping_profiles[call.id("shipping_profile_id")]
    except KeyError:
        wanted = call.path["shipping_profile_id"]
        raise not_found("Shipping Profile", "shipping_profile_id", wanted) from None


@profiles("POST /shops/{shop_id}/shipping-profiles", "shops_w")
def create_shop_shipping_profile(shop: Shop, call: Call) -> Json:
    """Add a shipping profile with its first destination."""
    form, number = call.form(ShippingForm), shop.new_id()
    destination = {
        "shipping_profile_destination_id": shop.new_id(),
        "shipping_profile_id": number,
        "origin_country_iso": form.origin_country_iso,
        "destination_country_iso": form.destination_country_iso or "",
        "destination_region": form.destination_region,
        "primary_cost": views.money(form.primary_cost, shop.currency),
        "secondary_cost": views.money(form.secondary_cost, shop.currency),
        "shipping_carrier_id": form.shipping_carrier_id or None,
        "mail_class": form.mail_class,
        "min_delivery_days": form.min_delivery_days,
        "max_delivery_days": form.max_delivery_days,
    }
    shop.shipping_profiles[number] = {
        "shipping_profile_id": number,
        "title": form.title,
        "user_id": USER_ID,
        "origin_country_iso": form.origin_country_iso,
        "is_deleted": False,
        "shipping_profile_destinations": [destination],
        "shipping_profile_upgrades": [],
        "origin_postal_code": form.origin_postal_code,
        "profile_type": "manual",
        "domestic_handling_fee": 0,
        "international_handling_fee": 0,
    }
    return shop.shipping_profiles[number]


@profiles("GET /shops/{shop_id}/policies/return", "shops_r")
def get_shop_return_policies(shop: Shop, _call: Call) -> Json:
    """All return policies."""
    return views.page(shop.return_policies.values())


@profiles("POST /shops/{shop_id}/policies/return", "shops_w")
def create_shop_return_policy(shop: Shop, call: Call) -> Json:
    """Add a return policy."""
    number = shop.new_id()
    said = call.form(ReturnForm).model_dump()
    shop.return_policies[number] = {"return_policy_id": number, "shop_id": SHOP_ID, **said}
    return shop.return_policies[number]


@profiles("GET /shops/{shop_id}/readiness-state-definitions", "shops_r")
def get_shop_readiness_state_definitions(shop: Shop, call: Call) -> Json:
    """All processing profiles, page by page."""
    asked, known = call.query(Page), list(shop.readiness_states.values())
    return views.page(known[asked.offset : asked.offset + asked.limit], len(known))


@profiles("POST /shops/{shop_id}/readiness-state-definitions", "shops_w", 201)
def create_shop_readiness_state_definition(shop: Shop, call: Call) -> Json:
    """Add a processing profile. Refused with 409 where there is one of the same values."""
    form = call.form(ReadinessForm)
    days_a_unit = 5 if form.processing_time_unit == "weeks" else 1
    least, most = form.min_processing_time, form.max_processing_time
    said = {
        "shop_id": SHOP_ID,
        "readiness_state": form.readiness_state,
        "min_processing_days": least * days_a_unit,
        "max_processing_days": most * days_a_unit,
        "processing_days_display_label": f"{least}-{most} {form.processing_time_unit}",
    }
    for number, known in shop.readiness_states.items():
        if known == {**said, "readiness_state_id": number}:
            place = f"{PREFIX}/shops/{SHOP_ID}/readiness-state-definitions/{number}"
            raise Refusal(409, "A matching definition already exists", content_location=place)
    number = shop.new_id()
    shop.readiness_states[number] = {**said, "readiness_state_id": number}
    return shop.readiness_states[number]

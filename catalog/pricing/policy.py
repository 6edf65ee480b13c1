"""What a seller decides about the prices of one channel, read from JSON and refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from moneyed import Money, get_currency
from moneyed.classes import CurrencyDoesNotExist
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from catalog.pricing.fees import ZERO, Fee
from catalog.pricing.shipping import Tariff
from catalog.refusals import Refused, Why, because

# What pydantic calls the limits of a value in its errors.
_BOUNDS = frozenset({"ge", "gt", "le", "lt", "expected"})
# Each fee with a minimum doubles the cases that a price is the highest of.
MOST_FEES = 8


class TaxRule(StrEnum):
    """Whether a price includes the tax: AUTO is as the law of the buyers' country has it."""

    AUTO = "auto"
    INCLUDED = "included"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class PricePolicy:
    """How a channel's prices are made of the maker's.

    `margin` is the percent of the net selling price kept above the maker's price; `multiple` is of
    the maker's price, and one of the two is given at most. `shipping_share` (0 to 1) of a parcel
    is carried by the price, after `tariff` or the shipped one. `fees` None takes those that the
    marketplace publishes. `tax_percent` replaces the country's standard rate. `floor` is the
    percent of the maker's price kept whatever happens. `charm` is auto, none, or endings.
    `hysteresis` is the percent under which a move is not worth a change, `min_days` the days
    between two. `country` (ISO 3166) counts where the market has none. `fixed` prices, by SKU,
    are amounts in the channel's currency.
    """

    margin: Decimal = ZERO
    multiple: Decimal = Decimal(1)
    shipping_share: Decimal = ZERO
    tariff: Tariff | None = None
    fees: tuple[Fee, ...] | None = None
    tax: TaxRule = TaxRule.AUTO
    tax_percent: Decimal | None = None
    floor: Decimal = ZERO
    charm: Literal["auto", "none"] | tuple[str, ...] = "auto"
    hysteresis: Decimal = Decimal(2)
    min_days: int = 0
    country: str = ""
    fixed: Mapping[str, Decimal] = field(default_factory=dict)


def _money(value: object) -> object:
    """Money of '0.30 USD'."""
    if not isinstance(value, str):
        raise ValueError("write an amount with its currency, such as '0.30 USD'")  # noqa: TRY004 - pydantic tells a ValueError in its own words
    amount, _, code = value.strip().partition(" ")
    try:
        money = Money(Decimal(amount), get_currency(code.strip().upper()))
    except (ArithmeticError, CurrencyDoesNotExist) as error:
        raise ValueError("write an amount with its currency, such as '0.30 USD'") from error
    if not money.amount.is_finite() or money.amount < 0:
        raise ValueError("an amount is 0 or more")
    return money


def _not_a_truth(value: object) -> object:
    """Refuse true and false where a number is meant: Python counts them as 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("write a number")  # noqa: TRY004 - as above
    return value


_Number = Annotated[
    Decimal, BeforeValidator(_not_a_truth), Field(ge=0, le=10**9, allow_inf_nan=False)
]
_Percent = Annotated[_Number, Field(lt=100)]
_Amount = Annotated[Money, BeforeValidator(_money)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class _Fee(_Strict):
    name: str = Field(min_length=1)
    percent: _Percent = ZERO
    fixed: _Amount | None = None
    minimum: _Amount | None = None
    source: str = "this channel's policy"


class _Step(_Strict):
    up_to_g: Annotated[int, BeforeValidator(_not_a_truth)] = Field(gt=0)
    mad: _Number


class _Policy(_Strict):
    margin: _Percent = ZERO
    multiple: _Number = Field(default=Decimal(1), gt=0)
    shipping_share: _Number = Field(default=ZERO, le=1)
    shipping: list[_Step] | None = Field(default=None, min_length=1)
    fees: Literal["published", "none"] | list[_Fee] = "published"
    tax: TaxRule = TaxRule.AUTO
    tax_percent: _Percent | None = None
    floor: _Number = Field(default=ZERO, le=1000)
    charm: Literal["auto", "none"] | list[str] = "auto"
    hysteresis: _Percent = Decimal(2)
    min_days: Annotated[int, BeforeValidator(_not_a_truth)] = Field(default=0, ge=0, le=3650)
    country: str = Field(default="", pattern="^([A-Z]{2})?$")
    fixed: dict[str, Annotated[_Number, Field(gt=0)]] = Field(default_factory=dict)


_POLICY = TypeAdapter(_Policy)


def read_policy(mapping: Mapping[str, Any]) -> PricePolicy:
    """The policy that a JSON mapping says; what it leaves out keeps its default.

    Raises:
        ValueError: a name is unknown or a value is none; the message says each in a line.
    """
    read = validated(_POLICY, dict(mapping), "price")
    if {"margin", "multiple"} <= read.model_fields_set:
        raise Refused(because("margin_twice", "price: give a margin or a multiple, not both"))
    return PricePolicy(
        margin=read.margin,
        multiple=read.multiple,
        shipping_share=read.shipping_share,
        tariff=_tariff(read.shipping) if read.shipping else None,
        fees=_fees(read.fees),
        tax=read.tax,
        tax_percent=read.tax_percent,
        floor=read.floor,
        charm=tuple(read.charm) if isinstance(read.charm, list) else read.charm,
        hysteresis=read.hysteresis,
        min_days=read.min_days,
        country=read.country,
        fixed=read.fixed,
    )


Read = TypeVar("Read")


def validated(adapter: TypeAdapter[Read], value: object, name: str) -> Read:
    """`value` as `adapter` reads it. Raises Refused, each mistake in a line under `name`."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Refused(*(_mistake(name, one) for one in error.errors())) from error


def _mistake(name: str, told: ErrorDetails) -> Why:
    """A mistake at its place, its code that of pydantic: see its list of validation errors."""
    # Where a value may be a word or a list, pydantic names the alternative it tried: list[str].
    path = ".".join([name, *(str(part) for part in told["loc"] if "[" not in str(part))])
    kind, message = told["type"], told["msg"].removeprefix("Value error, ")
    words = "there is no such name" if kind == "extra_forbidden" else message
    bounds = {key: str(value) for key, value in told.get("ctx", {}).items() if key in _BOUNDS}
    return Why(f"{path}: {words}", f"policy_{kind}", {"place": path, **bounds})


def _tariff(steps: list[_Step]) -> Tariff:
    limits = [step.up_to_g for step in steps]
    if limits != sorted(set(limits)):
        raise Refused(
            because("steps_unsorted", "price.shipping: write the steps in rising order of up_to_g")
        )
    return Tariff("own", tuple((s.up_to_g, s.mad) for s in steps), "this channel's policy")


def _fees(read: Literal["published", "none"] | list[_Fee]) -> tuple[Fee, ...] | None:
    if isinstance(read, str):
        return None if read == "published" else ()
    if len(read) > MOST_FEES:
        raise Refused(
            because(
                "fees_many",
                "price.fees: at most %(most)s; add small ones together",
                most=MOST_FEES,
            )
        )
    return tuple(Fee(fee.name, fee.percent, fee.fixed, fee.minimum, fee.source) for fee in read)

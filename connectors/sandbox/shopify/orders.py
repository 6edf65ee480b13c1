"""Orders as the Admin API tells them: lines, refunds, fulfillment orders, fulfillments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.products import ProductVariant
from connectors.sandbox.shopify.shop import Location
from connectors.sandbox.shopify.store import Call, number


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingAddress:
    """An invented buyer's address."""

    id: str
    first_name: str
    last_name: str
    address1: str
    city: str
    zip: str
    country_code_v2: str
    country: str
    phone: str
    company: str | None = None
    address2: str | None = None
    province: str | None = None
    province_code: str | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(eq=False, kw_only=True)
class LineItem:
    """So many units of one variant, as it was when it was sold."""

    id: str
    variant: ProductVariant | None
    sku: str | None
    title: str
    variant_title: str | None
    vendor: str
    quantity: int
    unit_price: Decimal
    currency: str
    refunded: int = 0
    fulfilled: int = 0
    # Units given back before they were sent.
    non_fulfillable_quantity: int = 0
    requires_shipping: bool = True

    @property
    def name(self) -> str:
        """The title with the variant's."""
        return " - ".join(filter(None, (self.title, self.variant_title)))

    @property
    def product(self) -> Any:
        """The product that it was of."""
        return self.variant and self.variant.product

    @property
    def current_quantity(self) -> int:
        """Units that were not given back."""
        return self.quantity - self.refunded

    @property
    def refundable_quantity(self) -> int:
        """Units that can still be given back."""
        return self.current_quantity

    @property
    def unfulfilled_quantity(self) -> int:
        """Units still to be sent."""
        return self.quantity - self.non_fulfillable_quantity - self.fulfilled

    def give_back(self, units: int, *, unsent: bool) -> None:
        """Refund units; those are `unsent` that were never sent, and the ones too many to be."""
        sent = 0 if unsent else self.fulfilled + self.non_fulfillable_quantity - self.refunded
        self.refunded += units
        self.non_fulfillable_quantity += max(0, units - sent)

    @property
    def original_unit_price_set(self) -> dict[str, Any]:
        """The price of one."""
        return money(self.unit_price, self.currency)

    def discounted_unit_price_set(self, _call: Call, _args: Mapping[str, Any]) -> dict[str, Any]:
        """The price of one; nothing is discounted here."""
        return self.original_unit_price_set

    @property
    def original_total_set(self) -> dict[str, Any]:
        """The price of all."""
        return money(self.unit_price * self.quantity, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLineItem:
    """Units of a line given back."""

    id: str
    line_item: LineItem
    quantity: int
    restock_type: str
    location: Location | None

    @property
    def restocked(self) -> bool:
        """Whether they are for sale again."""
        return self.restock_type != "NO_RESTOCK"

    @property
    def price_set(self) -> dict[str, Any]:
        """The price of one."""
        return self.line_item.original_unit_price_set

    @property
    def subtotal_set(self) -> dict[str, Any]:
        """The price of all."""
        return money(self.line_item.unit_price * self.quantity, self.line_item.currency)


@dataclass(eq=False, kw_only=True)
class Refund:
    """Money given back, and units with it."""

    id: str
    order: "Order"
    created_at: datetime
    lines: list[RefundLineItem]
    note: str | None = None

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def updated_at(self) -> datetime:
        """It does not change."""
        return self.created_at

    @property
    def amount(self) -> Decimal:
        """What was given back."""
        return _sum(line.line_item.unit_price * line.quantity for line in self.lines)

    @property
    def total_refunded_set(self) -> dict[str, Any]:
        """What was given back."""
        return money(self.amount, self.order.currency_code)

    def refund_line_items(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """The units."""
        return page(self.lines, args)


@dataclass(eq=False, kw_only=True)
class Order:
    """A buyer's order, all of it, as it stands now."""

    id: str
    number: int
    currency_code: str
    shipping_address: MailingAddress
    email: str
    created_at: datetime
    updated_at: datetime
    lines: list[LineItem]
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    refund_list: list[Refund] = field(default_factory=list)
    fulfillment_order_list: list[Any] = field(default_factory=list)
    fulfillment_list: list[Any] = field(default_factory=list)
    transaction_list: list[Any] = field(default_factory=list)
    confirmed: bool = True
    test: bool = False
    return_status: str = "NO_RETURN"

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def name(self) -> str:
        """What people call it, such as #1001."""
        return f"#{self.number}"

    @property
    def phone(self) -> str:
        """The buyer's."""
        return self.shipping_address.phone

    @property
    def billing_address(self) -> MailingAddress:
        """The same as for shipping."""
        return self.shipping_address

    @property
    def presentment_currency_code(self) -> str:
        """The shop's own currency."""
        return self.currency_code

    @property
    def processed_at(self) -> datetime:
        """Paid as soon as it was placed."""
        return self.created_at

    @property
    def closed_at(self) -> datetime | None:
        """When it was cancelled, if it was."""
        return self.cancelled_at

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.closed_at is not None

    @property
    def total(self) -> Decimal:
        """What was paid."""
        return _sum(line.unit_price * line.quantity for line in self.lines)

    @property
    def refunded(self) -> Decimal:
        """What was given back."""
        return _sum(refund.amount for refund in self.refund_list)

    @property
    def total_price_set(self) -> dict[str, Any]:
        """What was paid."""
        return money(self.total, self.currency_code)

    subtotal_price_set = total_received_set = total_price_set

    @property
    def current_total_price_set(self) -> dict[str, Any]:
        """What was paid and not given back."""
        return money(self.total - self.refunded, self.currency_code)

    @property
    def total_refunded_set(self) -> dict[str, Any]:
        """What was given back."""
        return money(self.refunded, self.currency_code)

    @property
    def total_shipping_price_set(self) -> dict[str, Any]:
        """Shipping is free here."""
        return money(Decimal(0), self.currency_code)

    total_tax_set = total_shipping_price_set

    @property
    def display_financial_status(self) -> str:
        """Paid at once; how much of it was given back."""
        if self.refunded == 0:
            return "PAID"
        return "REFUNDED" if self.refunded >= self.total else "PARTIALLY_REFUNDED"

    @property
    def display_fulfillment_status(self) -> str:
        """How much of it was sent."""
        sent = sum(line.fulfilled for line in self.lines)
        if sent == 0:
            return "UNFULFILLED"
        left = sum(line.unfulfilled_quantity for line in self.lines)
        return "PARTIALLY_FULFILLED" if left else "FULFILLED"

    def line_items(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """What was ordered."""
        return page(self.lines, args)

    def refunds(self, _call: Call, args: Mapping[str, Any]) -> list[Refund]:
        """What was given back, the oldest first."""
        return self.refund_list[: args.get("first")]

    def transactions(self, _call: Call, args: Mapping[str, Any]) -> list[Any]:
        """What was paid and given back, the oldest first."""
        return self.transaction_list[: args.get("first")]

    def fulfillment_orders(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """What is to be sent from where."""
        return page(self.fulfillment_order_list, args)

    def fulfillments(self, _call: Call, args: Mapping[str, Any]) -> list[Any]:
        """What was sent."""
        return self.fulfillment_list[: args.get("first")]


def money(amount: Decimal, currency: str) -> dict[str, Any]:
    """A MoneyBag: the shop's money, which is the buyer's too."""
    told = {"amount": amount, "currency_code": currency}
    return {"shop_money": told, "presentment_money": told}


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))

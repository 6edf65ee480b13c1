"""Buyers: they order what is for sale, cancel, and send back."""

from collections.abc import Mapping
from itertools import cycle, islice

from connectors.sandbox.control import POISON
from connectors.sandbox.shopify import transactions
from connectors.sandbox.shopify.fulfillment import to_be_sent
from connectors.sandbox.shopify.orders import (
    LineItem,
    MailingAddress,
    Order,
    Refund,
    RefundLineItem,
)
from connectors.sandbox.shopify.products import ProductVariant
from connectors.sandbox.shopify.shop import online_store, shipping_location, the_shop
from connectors.sandbox.shopify.store import Store

# Nobody's: names of fables, a telephone number kept for fiction, a domain kept for examples.
_BUYERS = (
    ("Reynard", "Fox", "1 Burrow Lane", "Vixenham"),
    ("Bruin", "Bear", "2 Honey Street", "Hivetown"),
    ("Tibert", "Cat", "3 Cream Row", "Mousehole"),
    ("Grimbert", "Badger", "4 Sett Road", "Underhill"),
    ("Chanticleer", "Rooster", "5 Dawn Square", "Crowborough"),
)
FIRST_ORDER = 1001


def for_sale(store: Store, sku: str) -> ProductVariant:
    """The variant of that SKU that a buyer sees. Raises LookupError where there is none."""
    shown = online_store(store).id
    for variant in store.all(ProductVariant):
        product = variant.product
        if variant.sku == sku and product.status == "ACTIVE" and shown in product.publications:
            return variant
    raise LookupError(f"{sku} is not for sale")


def place_order(store: Store, basket: Mapping[str, int], country: str) -> Order:
    """A paid order of `basket`; its units are no longer for sale.

    Raises:
        LookupError: a SKU is not for sale.
        ValueError: too few of one are left.
    """
    variants = {sku: for_sale(store, sku) for sku in basket}
    for sku, variant in variants.items():
        left = variant.inventory_quantity
        if left < basket[sku] and variant.inventory_policy == "DENY":
            raise ValueError(f"{left} of {sku} are left")
    shop, now = the_shop(store), store.now()
    place = sum(1 for _ in store.all(Order))
    order = store.add(
        Order(
            id=store.new_id("Order"),
            number=FIRST_ORDER + place,
            currency_code=shop.currency_code,
            shipping_address=_address(store, place, country),
            email=f"buyer{place + 1}@example.com",
            created_at=now,
            updated_at=now,
            lines=[
                _line(store, variant, basket[sku], shop.currency_code)
                for sku, variant in variants.items()
            ],
        )
    )
    location = shipping_location(store)
    order.fulfillment_order_list.append(to_be_sent(store, order, location))
    transactions.pay(store, order)
    store.happened("ORDERS_CREATE", order)
    return order


def _line(store: Store, variant: ProductVariant, quantity: int, currency: str) -> LineItem:
    level = variant.inventory_item.level(store, shipping_location(store))
    level.available -= quantity
    level.committed += quantity
    level.changed(store)
    product = variant.product
    return store.add(
        LineItem(
            id=store.new_id("LineItem"),
            variant=variant,
            sku=variant.sku,
            title=product.title,
            variant_title=None if product.has_only_default_variant else variant.title,
            vendor=product.vendor,
            quantity=quantity,
            unit_price=variant.price,
            currency=currency,
        )
    )


def _address(store: Store, place: int, country: str) -> MailingAddress:
    first, last, street, city = next(islice(cycle(_BUYERS), place, None))
    return MailingAddress(
        id=store.new_id("MailingAddress"),
        first_name=first,
        last_name=last,
        address1=street,
        city=city,
        zip="00000",
        country_code_v2=country,
        country=country,
        phone="+1 555 0100",
    )


def cancel(store: Store, order_id: str, units: Mapping[str, int] | None, *, restock: bool) -> Order:
    """Units that were not sent are given back; without `units` the order is cancelled.

    Raises:
        LookupError: there is no such order.
    """
    order = _known(store, order_id)
    give_back(store, order, units, "CANCEL" if restock else "NO_RESTOCK")
    if all(line.current_quantity == 0 for line in order.lines):
        order.cancelled_at, order.cancel_reason = store.now(), "CUSTOMER"
        store.happened("ORDERS_CANCELLED", order)
    return order


def refund(store: Store, order_id: str, units: Mapping[str, int] | None, *, restock: bool) -> Order:
    """Units come back and are paid back. Raises LookupError for an unknown order."""
    order = _known(store, order_id)
    give_back(store, order, units, "RETURN" if restock else "NO_RESTOCK")
    return order


def deliver(store: Store, order_id: str) -> None:
    """The parcels of an order arrive. Raises LookupError where none was sent."""
    order = _known(store, order_id)
    if not order.fulfillment_list:
        raise LookupError(f"nothing of order {order_id} was sent")
    order.updated_at = store.now()
    for fulfillment in order.fulfillment_list:
        fulfillment.delivered_at, fulfillment.display_status = store.now(), "DELIVERED"
        store.happened("FULFILLMENTS_UPDATE", fulfillment, order_id=order.legacy_resource_id)
    store.happened("ORDERS_UPDATED", order)


def poison(store: Store, order_id: str, *, poisoned: bool) -> None:
    """Begin or end to tell an order in a currency that nobody can count. Raises LookupError."""
    order = _known(store, order_id)
    order.currency_code = POISON if poisoned else the_shop(store).currency_code
    order.updated_at = store.now()
    store.happened("ORDERS_UPDATED", order)


def give_back(
    store: Store, order: Order, units: Mapping[str, int] | None, restock_type: str
) -> None:
    """Refund `units` (all without) of an order, and put them back on sale or not."""
    location = shipping_location(store)
    lines = []
    for line in order.lines:
        asked = line.quantity if units is None else units.get(line.sku or "", 0)
        back = min(asked, line.current_quantity)
        if not back:
            continue
        line.give_back(back, unsent=restock_type == "CANCEL")
        _restock(store, line, back, restock_type)
        lines.append(
            RefundLineItem(
                id=store.new_id("RefundLineItem"),
                line_item=line,
                quantity=back,
                restock_type=restock_type,
                location=None if restock_type == "NO_RESTOCK" else location,
            )
        )
    order.updated_at = store.now()
    given_back = Refund(
        id=store.new_id("Refund"), order=order, created_at=order.updated_at, lines=lines
    )
    order.refund_list.append(store.add(given_back))
    transactions.give_back(store, order, given_back.amount)
    store.happened("REFUNDS_CREATE", given_back, order_id=order.legacy_resource_id)
    store.happened("ORDERS_UPDATED", order)


def _restock(store: Store, line: LineItem, units: int, restock_type: str) -> None:
    if line.variant is None:
        return
    level = line.variant.inventory_item.level(store, shipping_location(store))
    if restock_type != "RETURN":
        level.committed = max(0, level.committed - units)
    if restock_type != "NO_RESTOCK":
        level.available += units
        level.changed(store)


def _known(store: Store, order_id: str) -> Order:
    order = store.find(Order, order_id)
    if order is None:
        raise LookupError(f"no order {order_id}")
    return order

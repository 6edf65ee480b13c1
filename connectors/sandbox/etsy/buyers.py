"""Buyers: invented people who order, and whose orders are cancelled or refunded."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connectors.sandbox.etsy import lifecycle, payments, views
from connectors.sandbox.etsy.call import Json
from connectors.sandbox.etsy.shop import Listing, Product, Receipt, Sale, Shop

_NAMES = ("Ada Marlowe", "Ben Okafor", "Chloé Varenne", "Diego Luján", "Elin Sørby", "Farid Nassar")
_STREETS = ("1 Example Street", "22 Sample Avenue", "5 Specimen Lane")
_CITIES = {
    "US": ("Springfield", "OR", "97477"),
    "GB": ("Ambridge", "", "BR1 9ZZ"),
    "FR": ("Clochemerle", "", "69460"),
    "DE": ("Musterstadt", "", "12345"),
    "ES": ("Villaejemplo", "", "28999"),
    "IT": ("Cittaprova", "", "00199"),
    "MA": ("Madinat Mithal", "", "10999"),
}
_ELSEWHERE = ("Sampleton", "", "00000")


def buy(shop: Shop, lines: Mapping[str, int], country: str) -> Receipt:
    """A paid receipt of `lines`, whose units are off the market from now on.

    Raises LookupError for a SKU that is not for sale, ValueError where too few are left.
    """
    chosen = [(*_for_sale(shop, sku), quantity) for sku, quantity in lines.items()]
    _check_enough(chosen)
    sales = [
        Sale(shop.new_id(), listing, product, quantity, product.price)
        for listing, product, quantity in chosen
    ]
    for listing, product, quantity in chosen:
        _move(listing, product, -quantity)
        lifecycle.settle_stock(listing, shop)
    now, number = shop.now(), shop.new_id()
    receipt = Receipt(
        number, _invented(number, country), country, sales, _shipping(shop, sales), now, now
    )
    shop.receipts[number] = receipt
    payments.pay(shop, receipt)
    return receipt


def cancel(shop: Shop, receipt: Receipt, lines: Mapping[str, int] | None, *, restock: bool) -> None:
    """Cancel a receipt. Etsy cancels it as a whole: part of it is a partial refund."""
    units = _give_back(shop, receipt, lines, restock=restock)
    given_back = _worth(units)
    if all(sale.given_back == sale.quantity for sale in receipt.sales):
        receipt.canceled = True
        given_back += receipt.shipping_cost
    _refunded(shop, receipt, given_back, "Canceled")
    payments.adjust(shop, receipt, given_back, units)


def refund(shop: Shop, receipt: Receipt, lines: Mapping[str, int] | None, *, restock: bool) -> None:
    """Give the money of `lines` back; that of the whole receipt without them.

    Etsy puts nothing back on sale by itself, so far as its public pages tell; `restock` stands for
    the seller who does so by hand. A listing that is sold out stays so until it is activated.
    """
    units = _give_back(shop, receipt, lines, restock=restock)
    _refunded(shop, receipt, _worth(units), "Returned")
    payments.adjust(shop, receipt, _worth(units), units)


def _for_sale(shop: Shop, sku: str) -> tuple[Listing, Product]:
    for listing in shop.listings.values():
        if listing.state == "active":
            for product in listing.on_offer:
                if product.sku == sku:
                    return listing, product
    raise LookupError(f"{sku} is not for sale")


def _check_enough(chosen: list[tuple[Listing, Product, int]]) -> None:
    for listing, product, _ in chosen:
        sharing = {one.id for one in listing.pool_of(product)}
        wanted = sum(quantity for _, one, quantity in chosen if one.id in sharing)
        if wanted > product.quantity:
            raise ValueError(f"only {product.quantity} of {product.sku} are left")


def _move(listing: Listing, product: Product, units: int) -> None:
    for one in listing.pool_of(product):
        one.quantity += units


def _give_back(
    shop: Shop, receipt: Receipt, lines: Mapping[str, int] | None, *, restock: bool
) -> list[tuple[Sale, int]]:
    """Take back units of a receipt; how many of each line."""
    taken = []
    for sale in receipt.sales:
        left = sale.quantity - sale.given_back
        units = left if lines is None else min(left, lines.get(sale.product.sku, 0))
        sale.given_back += units
        taken.append((sale, units))
        current = shop.listings.get(sale.listing.id)
        if restock and units and current:
            for product in current.products:
                if product.id == sale.product.id:
                    _move(current, product, units)
    return taken


def _worth(units: Iterable[tuple[Sale, int]]) -> Decimal:
    return sum((sale.price * back for sale, back in units), Decimal(0))


def _refunded(shop: Shop, receipt: Receipt, amount: Decimal, reason: str) -> None:
    receipt.updated = shop.now()
    receipt.refunds.append(
        {
            "amount": views.money(amount, shop.currency),
            "created_timestamp": shop.now(),
            "reason": reason,
            "note_from_issuer": None,
            "status": "succeeded",
        }
    )


def _shipping(shop: Shop, sales: list[Sale]) -> Decimal:
    costs = []
    for sale in sales:
        profile = shop.shipping_profiles.get(sale.listing.said["shipping_profile_id"] or 0)
        if profile:
            cost = profile["shipping_profile_destinations"][0]["primary_cost"]
            costs.append(Decimal(cost["amount"]) / cost["divisor"])
    return max(costs, default=Decimal(0))


def _invented(number: int, country: str) -> Json:
    name = _NAMES[number % len(_NAMES)]
    street = _STREETS[number % len(_STREETS)]
    city, state, code = _CITIES.get(country, _ELSEWHERE)
    address = "\n".join(part for part in (name, street, f"{code} {city} {state}", country) if part)
    return {
        "buyer_user_id": number,
        "buyer_email": f"buyer{number}@example.com",
        "name": name,
        "first_line": street,
        "second_line": None,
        "city": city,
        "state": state or None,
        "zip": code,
        "formatted_address": address,
    }

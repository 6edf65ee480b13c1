"""Receipts and their lines, as the JSON that Etsy answers. Pure."""

from decimal import Decimal

from connectors.sandbox.control import POISON
from connectors.sandbox.etsy.call import Json
from connectors.sandbox.etsy.shop import USER_ID, Receipt, Sale, Shop
from connectors.sandbox.etsy.views import money, property_value


def receipt(one: Receipt, shop: Shop) -> Json:
    """ShopReceipt."""
    return {
        "receipt_id": one.id,
        "receipt_type": 0,
        "seller_user_id": USER_ID,
        "seller_email": None,
        **one.buyer,
        "country_iso": one.country,
        "status": status(one),
        "payment_method": "cc",
        "payment_email": None,
        "message_from_seller": None,
        "message_from_buyer": None,
        "message_from_payment": None,
        "is_paid": one.is_paid,
        "is_shipped": one.shipped is not None,
        "create_timestamp": one.created,
        "created_timestamp": one.created,
        "update_timestamp": one.updated,
        "updated_timestamp": one.updated,
        "is_gift": False,
        "gift_message": "",
        "gift_sender": "",
        **_amounts(one, POISON if one.poisoned else shop.currency),
        "shipments": one.shipments,
        "transactions": [transaction(sale, one, shop) for sale in one.sales],
        "refunds": one.refunds,
    }


def status(one: Receipt) -> str:
    """The receipt's status in Etsy's words."""
    if one.canceled:
        return "canceled"
    if one.refunds:
        whole = all(sale.given_back == sale.quantity for sale in one.sales)
        return "fully refunded" if whole else "partially refunded"
    if one.shipped is not None:
        return "completed"
    return "paid" if one.is_paid else "open"


def _amounts(one: Receipt, currency: str) -> Json:
    subtotal = sum((sale.price * sale.quantity for sale in one.sales), Decimal(0))
    amounts = {
        "grandtotal": subtotal + one.shipping_cost,
        "subtotal": subtotal,
        "total_price": subtotal,
        "total_shipping_cost": one.shipping_cost,
        "total_tax_cost": Decimal(0),
        "total_vat_cost": Decimal(0),
        "discount_amt": Decimal(0),
        "gift_wrap_price": Decimal(0),
    }
    return {name: money(amount, currency) for name, amount in amounts.items()}


def transaction(sale: Sale, receipt: Receipt, shop: Shop) -> Json:
    """ShopReceiptTransaction."""
    images = sale.listing.images
    return {
        "transaction_id": sale.id,
        "title": sale.listing.said["title"],
        "description": sale.listing.said["description"],
        "seller_user_id": USER_ID,
        "buyer_user_id": receipt.buyer["buyer_user_id"],
        "create_timestamp": receipt.created,
        "created_timestamp": receipt.created,
        "paid_timestamp": receipt.created if receipt.is_paid else None,
        "shipped_timestamp": receipt.shipped,
        "quantity": sale.quantity,
        "listing_image_id": images[0].id if images else None,
        "receipt_id": receipt.id,
        "is_digital": False,
        "file_data": "",
        "listing_id": sale.listing.id,
        "transaction_type": "listing",
        "product_id": sale.product.id,
        "sku": sale.product.sku,
        "price": money(sale.price, shop.currency),
        "shipping_cost": money(Decimal(0), shop.currency),
        "variations": [
            {
                "property_id": value.property_id,
                "value_id": value.value_ids[0],
                "formatted_name": value.property_name,
                "formatted_value": value.values[0],
                "question_id": None,
            }
            for value in sale.product.values
        ],
        "product_data": [property_value(value) for value in sale.product.values],
        "shipping_profile_id": sale.listing.said["shipping_profile_id"],
        "min_processing_days": None,
        "max_processing_days": None,
        "shipping_method": None,
        "shipping_upgrade": None,
        "expected_ship_date": None,
        "buyer_coupon": 0,
        "shop_coupon": 0,
    }

"""The stages of an order in words, each with the tone of its badge."""

from collections.abc import Mapping

from jobs.models import OrderStage
from trade_ma.console.languages import marked

STAGES: Mapping[OrderStage, tuple[str, str]] = {
    OrderStage.NEW: (marked("Not paid yet"), "plain"),
    OrderStage.PAID: (marked("On hold"), "plain"),
    OrderStage.TO_SHIP: (marked("To ship"), "warning"),
    OrderStage.PARTLY_SHIPPED: (marked("Partly shipped"), "warning"),
    OrderStage.SHIPPED: (marked("Shipped"), "good"),
    OrderStage.CANCELLED: (marked("Cancelled"), "plain"),
    OrderStage.PARTLY_REFUNDED: (marked("Partly refunded"), "busy"),
    OrderStage.REFUNDED: (marked("Refunded"), "plain"),
    OrderStage.RETURNED: (marked("Returned"), "plain"),
}
UNREAD = (marked("Could not be read"), "bad")

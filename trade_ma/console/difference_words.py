"""The two sides of a difference with a marketplace, in the visitor's words."""

from collections.abc import Mapping

from connectors.protocol import OrderStatus
from jobs.drift import FOR_SALE, GONE, OFF_SALE
from jobs.drift_models import DifferenceKind
from jobs.order_gaps import NEVER_HEARD_OF, NOT_TOLD, NOT_UNDERSTOOD
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit

# As jobs keep a side that is no figure.
SIDES: Mapping[str, str] = {
    FOR_SALE: marked("For sale"),
    OFF_SALE: marked("Off the market"),
    GONE: marked("Not there"),
    NEVER_HEARD_OF: marked("We had not heard of it"),
    NOT_TOLD: marked("It says nothing of it"),
    NOT_UNDERSTOOD: marked("Could not be read"),
}
STATUSES: Mapping[str, str] = {
    OrderStatus.PENDING: marked("Not paid yet"),
    OrderStatus.PAID: marked("Paid"),
    OrderStatus.PARTLY_SHIPPED: marked("Partly shipped"),
    OrderStatus.SHIPPED: marked("Shipped"),
    OrderStatus.CANCELLED: marked("Cancelled"),
    OrderStatus.REFUNDED: marked("Refunded"),
}


def side_told(visit: Visit, kind: DifferenceKind, text: str) -> str:
    """What one side has. Words and figures of a listing are told as they stand there."""
    if kind is DifferenceKind.TEXT:
        return text
    if text in SIDES:
        return visit.say(SIDES[text])
    if kind is DifferenceKind.IMAGES and text.isdecimal():
        return visit.counted("%(count)s photo", "%(count)s photos", int(text))
    status, comma, total = text.partition(", ")
    return f"{visit.say(STATUSES[status])}{comma}{total}" if status in STATUSES else text

"""Orders as the command line shows them."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from catalog.money import money_from_minor
from jobs.models import Order, OrderLine
from jobs.order_book import OrderSummary
from jobs.order_models import Parcel
from jobs.order_money import DIRHAM


def order_json(one: OrderSummary) -> dict[str, Any]:
    """All that is known of an order but who bought it."""
    order = one.order
    return {
        "channel": one.channel,
        "id": order.remote_id,
        "number": order.number,
        "status": order.status,
        "stage": order.stage,
        "total": _money(order.total_minor, order.currency),
        "total_mad": _money(order.total_mad_minor, DIRHAM),
        "mad_rate": str(order.mad_rate) if order.mad_rate else None,
        "mad_rate_date": order.mad_rate_date.isoformat() if order.mad_rate_date else None,
        "refunded": _money(order.refunded_minor, order.currency),
        "fees": _money(order.fees_minor, order.currency),
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "shipped_at": order.shipped_at.isoformat() if order.shipped_at else None,
        "delivered_at": order.delivered_at.isoformat() if order.delivered_at else None,
        "country": order.ship_to_country,
        "buyer": _buyer_kept(order),
        "unreadable": order.unreadable,
        "flagged_at": order.flagged_at.isoformat() if order.flagged_at else None,
        "flagged_by": order.flagged_by,
        "lines": [_line_json(line) for line in one.lines],
    }


def _money(minor: int | None, currency: str | None) -> str | None:
    if minor is None or currency is None:
        return None
    return f"{money_from_minor(minor, currency).amount} {currency}"


def _buyer_kept(order: Order) -> str:
    if order.buyer_erased_at:
        return f"erased on {order.buyer_erased_at:%Y-%m-%d}"
    return "sealed" if order.sealed_buyer else "not told"


def _line_json(line: OrderLine) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "cancelled": line.cancelled,
        "returned": line.returned,
        "shipped": line.shipped,
        "released": line.released,
        "known": line.variant_id is not None,
    }


def parcel_json(parcel: Parcel, lines: Sequence[OrderLine]) -> dict[str, Any]:
    """A parcel, its units by SKU."""
    skus = {line.remote_id: line.sku or line.title for line in lines}
    return {
        "carrier": parcel.carrier,
        "tracking": parcel.tracking_number,
        "units": {skus.get(line, line): units for line, units in parcel.lines.items()},
        "shipped_at": parcel.shipped_at.isoformat(),
        "told_at": parcel.told_at.isoformat() if parcel.told_at else None,
    }


def orders_table(shown: Sequence[dict[str, Any]]) -> Table:
    """Orders of `order_json`, one a row."""
    table = Table("placed", "channel", "order", "stage", "total", "in dirhams", "fees", "lines")
    for one in shown:
        lines = ", ".join(f"{line['quantity']} x {line['sku']}" for line in one["lines"])
        state = one["unreadable"] or one["stage"] or one["status"]
        state = f"{state}, flagged" if one["flagged_at"] else state
        money = [one[name] or "" for name in ("total", "total_mad", "fees")]
        placed = (one["placed_at"] or "")[:16]
        table.add_row(placed, one["channel"], one["number"], state, *money, lines)
    return table


def order_table(shown: dict[str, Any]) -> Table:
    """One order of `order_json`, one figure a row."""
    table = Table(show_header=False)
    for name, value in shown.items():
        if isinstance(value, list):
            for part in value:
                words = ", ".join(f"{key} {told}" for key, told in part.items() if told)
                table.add_row(name.removesuffix("s"), words)
        elif value:
            table.add_row(name, str(value))
    return table

"""trade-ma orders: pull them from the marketplaces, and list them."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from catalog.money import money_from_minor
from connectors.errors import ConnectorError
from connectors.protocol import Shipment
from jobs.models import Channel
from jobs.order_book import OrderSummary, recent
from jobs.shipping import shipment
from jobs.sync import Workshop, count_orders, pull_orders
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.options import ChannelOption, DryRunOption, JsonOption, pairs, read_channels
from trade_ma.installation import App, open_app
from trade_ma.workshop import connector_of, workshop_of

app = typer.Typer(help="Orders, from every marketplace.", no_args_is_help=True)


@app.command()
def pull(
    channel: ChannelOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Bring in what changed since the last pull. Exits with 1 on trouble with a channel."""
    opened = open_app()
    shop, found = workshop_of(opened), read_channels(opened, channel)
    told = [_counted(shop, one) for one in found] if dry_run else _pulled(shop, found)
    if as_json:
        print_json({"channels": told})
    for one in () if as_json else told:
        counts = ", ".join(f"{n} {name}" for name, n in one["orders"].items()) or "nothing new"
        out.print(f"{one['channel']}: {one['trouble'] or counts}")
    if any(one["trouble"] for one in told):
        raise typer.Exit(1)


def _pulled(shop: Workshop, found: Sequence[Channel]) -> list[dict[str, Any]]:
    return [
        _told(one.channel.code, one.desk.tally, one.trouble) for one in pull_orders(shop, found)
    ]


def _counted(shop: Workshop, channel: Channel) -> dict[str, Any]:
    try:
        return _told(channel.code, count_orders(shop, channel))
    except ConnectorError as error:
        return _told(channel.code, {}, f"{type(error).__name__}: {error}")


def _told(code: str, counts: Mapping[str, int], trouble: str | None = None) -> dict[str, Any]:
    return {"channel": code, "orders": dict(counts), "trouble": trouble}


@app.command("list")
def list_(
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The orders last placed."""
    with open_app().session() as session:
        found = recent(session, channel=channel, limit=limit)
    if as_json:
        print_json([_order_json(one) for one in found])
        return
    table = Table("placed", "channel", "order", "status", "total", "lines")
    for one in found:
        shown = _order_json(one)
        lines = ", ".join(f"{line['quantity']} x {line['sku']}" for line in shown["lines"])
        state = one.order.unreadable or shown["status"]
        placed = (shown["placed_at"] or "")[:16]
        table.add_row(placed, one.channel, one.order.number, state, shown["total"] or "", lines)
    out.print(table)


@app.command()
def ship(
    channel: Annotated[str, typer.Argument(help="The channel it was sold on.")],
    number: Annotated[str, typer.Argument(help="The order's number, as orders list shows it.")],
    carrier: Annotated[str, typer.Option(help="As the marketplace writes it: DHL, UPS ...")],
    tracking: Annotated[str, typer.Option(help="The parcel's tracking number.")],
    unit: Annotated[
        list[str] | None, typer.Option(help="SKU=UNITS of a part; all that is open without.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell the marketplace and the buyer that a parcel is on its way."""
    opened = open_app()
    [sold_on] = read_channels(opened, [channel])
    units = {sku: int(count) for sku, count in pairs(unit).items()}
    with opened.session() as session:
        try:
            parcel = shipment(
                session,
                sold_on,
                number,
                carrier=carrier,
                tracking_number=tracking,
                shipped_at=datetime.now(UTC),
                units=units,
            )
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
    if not dry_run:
        _tell(opened, sold_on, parcel)
    told = {"order": parcel.order_id, "lines": dict(parcel.lines), "tracking": tracking}
    words = "would be told" if dry_run else "is told"
    if as_json:
        print_json(told | {"sent": not dry_run})
    else:
        out.print(f"{channel} {words}: order {number}, {carrier} {tracking}")


def _tell(opened: App, sold_on: Channel, parcel: Shipment) -> None:
    with closing(connector_of(opened, sold_on)) as connector:
        try:
            connector.ship(parcel)
        except ConnectorError as error:
            err.print(f"{sold_on.code}: {error}", style="red")
            raise typer.Exit(1) from error


def _order_json(one: OrderSummary) -> dict[str, Any]:
    order = one.order
    total = None
    if order.total_minor is not None and order.currency:
        total = f"{money_from_minor(order.total_minor, order.currency).amount} {order.currency}"
    return {
        "channel": one.channel,
        "id": order.remote_id,
        "number": order.number,
        "status": order.status,
        "total": total,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "country": order.ship_to_country,
        "unreadable": order.unreadable,
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "cancelled": line.cancelled,
                "returned": line.returned,
                "known": line.variant_id is not None,
            }
            for line in one.lines
        ],
    }

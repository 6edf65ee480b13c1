"""trade-ma orders: pull them from the marketplaces, and list them."""

from typing import Annotated, Any

import typer
from rich.table import Table

from catalog.money import money_from_minor
from jobs.orders import OrderSummary, recent
from jobs.sync import pull_orders
from trade_ma.cli.app import out, print_json
from trade_ma.cli.options import ChannelOption, JsonOption, read_channels
from trade_ma.installation import open_app
from trade_ma.workshop import workshop_of

app = typer.Typer(help="Orders, from every marketplace.", no_args_is_help=True)


@app.command()
def pull(channel: ChannelOption = None, as_json: JsonOption = False) -> None:
    """Bring in what changed since the last pull. Exits with 1 on trouble with a channel."""
    opened = open_app()
    passes = pull_orders(workshop_of(opened), read_channels(opened, channel))
    told = [
        {"channel": one.channel.code, "orders": dict(one.desk.tally), "trouble": one.trouble}
        for one in passes
    ]
    if as_json:
        print_json({"channels": told})
    for one in () if as_json else passes:
        counts = ", ".join(f"{n} {name}" for name, n in one.desk.tally.items()) or "nothing new"
        out.print(f"{one.channel.code}: {one.trouble or counts}")
    if any(one.trouble for one in passes):
        raise typer.Exit(1)


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

"""trade-ma orders: pull them from the marketplaces, and list, show and mend what is known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Annotated, Any

import typer

from connectors.clock import SystemClock
from connectors.errors import ConnectorError
from connectors.protocol import Connector
from jobs import orders, settlements
from jobs.models import Channel, OrderStage
from jobs.order_book import OrderSummary, find, recent
from jobs.order_lines import lines_of
from jobs.orders_repair import Repaired, repair
from jobs.parcels import parcels_of
from jobs.push import Desk
from jobs.sync import Workshop, count_orders, pull_orders
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import (
    ChannelOption,
    DryRunOption,
    JsonOption,
    channels_named,
    read_channels,
)
from trade_ma.cli.order_views import order_json, order_table, orders_table, parcel_json
from trade_ma.installation import App, open_app
from trade_ma.workshop import connector_of, workshop_of

app = typer.Typer(help="Orders, from every marketplace.", no_args_is_help=True)

NumberArgument = Annotated[str, typer.Argument(help="The order's number, as orders list shows it.")]
OneChannelOption = Annotated[
    str | None, typer.Option("--channel", help="Where it was sold, if the number says too little.")
]


@app.command()
def pull(
    channel: ChannelOption = None,
    books: Annotated[
        bool,
        typer.Option("--settlements", help="Read fees and refunds too, however lately that was."),
    ] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Bring in what changed since the last pull. Exits with 1 on trouble with a channel."""
    opened = open_app()
    shop, found = workshop_of(opened), read_channels(opened, channel)
    told = [_counted(shop, one) for one in found] if dry_run else _pulled(shop, found)
    if books:
        told += [_settled(opened, one, keep=not dry_run) for one in found if not one.paused_reason]
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


def _settled(opened: App, channel: Channel, *, keep: bool) -> dict[str, Any]:
    desk = Desk(opened.session, SystemClock())
    try:
        with closing(connector_of(opened, channel)) as connector:
            settlements.pull(desk, connector, channel, asked=True, keep=keep)
    except ConnectorError as error:
        return _told(channel.code, desk.tally, f"{type(error).__name__}: {error}")
    return _told(channel.code, desk.tally)


def _told(code: str, counts: Mapping[str, int], trouble: str | None = None) -> dict[str, Any]:
    return {"channel": code, "orders": dict(counts), "trouble": trouble}


@app.command("list")
def list_(
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    stage: Annotated[OrderStage | None, typer.Option(help="Only those that stand there.")] = None,
    flagged: Annotated[
        bool | None, typer.Option(help="Only those that a person marked, or did not.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """The orders last placed."""
    with open_app().session() as session:
        found = recent(session, channel=channel, stage=stage, flagged=flagged, limit=limit)
        shown = [order_json(one) for one in found]
    print_json(shown) if as_json else out.print(orders_table(shown))


@app.command()
def show(
    number: NumberArgument, channel: OneChannelOption = None, as_json: JsonOption = False
) -> None:
    """All that is known of an order but who bought it."""
    with open_app().session() as session:
        try:
            sold_on, order = find(session, number, channel)
        except LookupError as error:
            raise Fail(str(error)) from error
        lines = tuple(lines_of(session, order))
        shown = order_json(OrderSummary(sold_on.code, order, lines))
        shown["flag"] = order.flag
        shown["parcels"] = [parcel_json(one, lines) for one in parcels_of(session, order)]
    print_json(shown) if as_json else out.print(order_table(shown))


@app.command()
def retry(
    channel: ChannelOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Read again the orders that nobody could read, from what was kept of them."""
    opened = open_app()
    healed = {}
    for one in read_channels(opened, channel):
        with closing(connector_of(opened, one)) as connector:
            healed[one.code] = _read_again(opened, one, connector, keep=not dry_run)
    if as_json:
        print_json(healed)
    for code, counts in () if as_json else healed.items():
        out.print(f"{code}: {counts['orders_healed']} can be read {'' if dry_run else 'now'}")


def _read_again(
    opened: App, channel: Channel, connector: Connector, *, keep: bool
) -> dict[str, int]:
    desk = Desk(opened.session, SystemClock(), tally=Counter(orders_healed=0))
    orders.read_again(desk, connector, channel, opened.sealer, limit=None, keep=keep)
    return dict(desk.tally)


@app.command("repair")
def repair_command(
    channel: ChannelOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False
) -> None:
    """Compute stages, dirhams, refunds and fees anew, and show what was not as it should be."""
    with open_app().session() as session:
        mended = [
            one for found in channels_named(session, channel) for one in repair(session, found)
        ]
        if not dry_run:
            session.commit()
    if as_json:
        print_json([_mended_json(one) for one in mended])
        return
    for one in mended:
        told = ", ".join(f"{name} {old} to {new}" for name, (old, new) in one.figures.items())
        out.print(f"{one.channel} {one.number}: {told}")
    out.print(f"{len(mended)} orders {'would be' if dry_run else 'are'} mended")


def _mended_json(one: Repaired) -> dict[str, Any]:
    figures = {
        name: [None if value is None else str(value) for value in values]
        for name, values in one.figures.items()
    }
    return {"channel": one.channel, "number": one.number, "figures": figures}

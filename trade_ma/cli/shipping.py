"""trade-ma orders ship: a parcel, kept and told."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape

from connectors.clock import SystemClock
from connectors.errors import ConnectorError, Refused
from jobs.models import Channel, Order
from jobs.parcels import pack
from jobs.push import Desk
from jobs.shipping import tell, withdraw
from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption, pairs, read_channels
from trade_ma.cli.orders import NumberArgument
from trade_ma.installation import App, open_app
from trade_ma.workshop import connector_of


def ship(
    channel: Annotated[str, typer.Argument(help="The channel it was sold on.")],
    number: NumberArgument,
    carrier: Annotated[str, typer.Option(help="As the marketplace writes it: DHL, UPS ...")],
    tracking: Annotated[str, typer.Option(help="The parcel's tracking number.")],
    unit: Annotated[
        list[str] | None, typer.Option(help="SKU=UNITS of a part; all that is open without.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a parcel, and tell the marketplace and the buyer that it is on its way.

    A marketplace that cannot be reached now is told by the next pass. Exits with 1 then, and
    where it refuses.
    """
    opened = open_app()
    [sold_on] = read_channels(opened, [channel])
    with opened.session() as session:
        try:
            parcel = pack(
                session,
                sold_on,
                number,
                carrier=carrier,
                tracking_number=tracking,
                shipped_at=SystemClock().now(),
                units=_units(unit),
            )
        except (LookupError, ValueError) as error:
            raise Fail(str(error)) from error
        told = {"order": number, "lines": parcel.lines, "tracking": tracking, "sent": not dry_run}
        parcel_id = parcel.id or 0
        is_flagged = session.get_one(Order, parcel.order_id).flagged_at is not None
        if not dry_run:
            session.commit()
    if is_flagged:
        told_why = f"trade-ma orders show {escape(number)}"
        err.print(f"order {escape(number)} is flagged: {told_why} says why", style="yellow")
    if not dry_run:
        _tell(opened, sold_on, parcel_id)
    words = "would be told" if dry_run else "is told"
    if as_json:
        print_json(told)
    else:
        out.print(f"{channel} {words}: order {number}, {carrier} {tracking}")


def _units(lines: list[str] | None) -> dict[str, int]:
    try:
        return {sku: int(count) for sku, count in pairs(lines).items()}
    except ValueError as error:
        raise Fail("write --unit SKU=UNITS, with a whole number of units") from error


def _tell(opened: App, sold_on: Channel, parcel_id: int) -> None:
    desk = Desk(opened.session, SystemClock())
    with closing(connector_of(opened, sold_on)) as connector:
        try:
            tell(desk, connector, parcel_id)
        except Refused as error:
            with opened.session() as session:
                withdraw(session, parcel_id)
                session.commit()
            err.print(f"{sold_on.code} refuses: {error}", style="red")
            raise typer.Exit(1) from error
        except ConnectorError as error:
            told = "The parcel is kept, and the next pass tells it."
            err.print(f"{sold_on.code}: {error}. {told}", style="red")
            raise typer.Exit(1) from error

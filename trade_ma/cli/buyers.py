"""trade-ma orders buyer, erase: who bought, and how that is forgotten.

Moroccan law 09-08 on personal data gives a buyer both: access (article 7, `orders buyer --json`)
and erasure (article 8, `orders erase`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from sqlmodel import Session

from connectors.clock import SystemClock
from jobs import buyers
from jobs.channels import find as find_channels
from jobs.models import Order
from jobs.order_book import find
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.cli.orders import NumberArgument, OneChannelOption
from trade_ma.installation import open_app


def buyer(
    number: NumberArgument, channel: OneChannelOption = None, as_json: JsonOption = False
) -> None:
    """Who an order goes to. Exits with 1 where nobody knows, or it was erased."""
    opened = open_app()
    with opened.session() as session:
        order = _found(session, number, channel)
        try:
            known = buyers.buyer(session, order, opened.sealer)
        except ValueError as error:
            raise Fail(f"the buyer of order {number} is {error}") from error
        erased = order.buyer_erased_at
    told = asdict(known) if known else None
    if as_json:
        print_json({"number": number, "buyer": told, "erased_at": erased and erased.isoformat()})
    elif known:
        place = f"{known.postal_code} {known.city}".strip()
        parts = (known.name, *known.lines, place, known.region, known.country)
        for part in filter(None, (*parts, known.phone, known.email)):
            out.print(escape(part), soft_wrap=True)
    else:
        out.print(f"the buyer was erased on {erased:%Y-%m-%d}" if erased else "nobody told")
    if known is None:
        raise typer.Exit(1)


def erase(
    number: Annotated[
        str | None, typer.Argument(help="The order of a buyer who asks; all that are due without.")
    ] = None,
    channel: OneChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Forget buyers for good: of one order, or of all whose 30 days are over. Figures stay."""
    now = SystemClock().now()
    with open_app().session() as session:
        found = [_found(session, number, channel)] if number else buyers.due(session, now)
        told = _told(session, found)
        buyers.erase(session, found, now)
        if not dry_run:
            session.commit()
    if as_json:
        print_json({"erased": told, "dry_run": dry_run})
        return
    words = "would be erased" if dry_run else "erased"
    for one in told:
        out.print(f"{one['channel']} {one['number']}: buyer {words}")
    out.print(f"{len(told)} buyers {words}")


def _found(session: Session, number: str, channel: str | None) -> Order:
    try:
        _, order = find(session, number, channel)
    except LookupError as error:
        raise Fail(str(error)) from error
    return order


def _told(session: Session, found: Sequence[Order]) -> list[dict[str, str]]:
    codes = {one.id: one.code for one in find_channels(session)}
    return [
        {"channel": codes[order.channel_id], "number": order.number or order.remote_id}
        for order in found
    ]

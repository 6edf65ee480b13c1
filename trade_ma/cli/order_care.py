"""trade-ma orders flag, unflag, release: what a person does with an order beside packing it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlmodel import Session

from jobs import flags, releasing
from jobs.models import Channel, Order
from jobs.order_book import find
from trade_ma.api.order_shapes import flag_noted
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption
from trade_ma.cli.orders import NumberArgument, OneChannelOption
from trade_ma.identity.audit import audit
from trade_ma.identity.principal import of_command_line
from trade_ma.installation import open_app


def flag(
    number: NumberArgument,
    reason: Annotated[
        str, typer.Option(help="What its packer must know; erased with the buyer's data.")
    ],
    channel: OneChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Mark an order, so that whoever packs it reads why. It can still be shipped."""
    by, now = of_command_line().name, datetime.now(UTC)

    def mark(session: Session, order: Order) -> bool:
        try:
            return flags.flag(session, order, reason, by, now)
        except ValueError as error:
            raise Fail(str(error)) from error

    told = _marked(number, channel, "order.flag", mark, dry_run=dry_run)
    _tell(told, as_json=as_json)


def unflag(
    number: NumberArgument,
    channel: OneChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take the mark off an order."""
    told = _marked(number, channel, "order.unflag", flags.unflag, dry_run=dry_run)
    _tell(told, as_json=as_json)


def _marked(
    number: str,
    channel: str | None,
    action: str,
    mark: Callable[[Session, Order], bool],
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """Do it with its audit entry, which never has the reason; what was done."""
    with open_app().session() as session:
        sold_on, order = _found(session, number, channel)
        before, obj = flag_noted(order), f"order:{order.id}"
        changed, after = mark(session, order), flag_noted(order)
        told = {"channel": sold_on.code, "order": number, "state": after.state}
        if changed and not dry_run:
            states = before.model_dump(), after.model_dump()
            audit(session, of_command_line(), action, obj, before=states[0], after=states[1])
            session.commit()
    return told | {"changed": changed, "dry_run": dry_run}


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    verb = "would be" if told["dry_run"] and told["changed"] else "is"
    already = "" if told["changed"] else " already"
    order = f"{told['channel']} {escape(told['order'])}"
    out.print(f"{order} {verb} {told['state']}{already}")


def release(
    number: NumberArgument,
    channel: OneChannelOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Give back to stock what a cancelled or refunded order still holds.

    Units that never left, and that the marketplace does not restock itself. Where it does so later
    all the same they are not given back twice.
    """
    with open_app().session() as session:
        sold_on, order = _found(session, number, channel)
        try:
            units = releasing.release(session, sold_on, order, datetime.now(UTC))
        except ValueError as error:
            raise Fail(str(error)) from error
        code = sold_on.code
        if units and not dry_run:
            obj = f"order:{order.id}"
            audit(session, of_command_line(), "order.release", obj, after={"units": units})
            session.commit()
    if as_json:
        print_json({"order": number, "units": units, "dry_run": dry_run})
        return
    told = ", ".join(f"{count} x {escape(sku)}" for sku, count in units.items())
    words = "would be released" if dry_run else "released"
    what = f"{told} {words}" if units else "nothing is left to release"
    out.print(f"{code} {escape(number)}: {what}")


def _found(session: Session, number: str, channel: str | None) -> tuple[Channel, Order]:
    try:
        return find(session, number, channel)
    except LookupError as error:
        raise Fail(str(error)) from error

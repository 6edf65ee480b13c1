"""trade-ma demo: the whole way on practice markets, and every figure by two witnesses."""

import signal
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from trade_ma.cli.app import Fail, err, out, print_json
from trade_ma.cli.bars import bars
from trade_ma.cli.options import JsonOption


def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Leave the practice markets open until Ctrl-C.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Six makers' files become listings on practice markets, are bought, and are counted.

    Nothing of yours is touched. Exits with 1 where the database and the markets disagree.
    """
    # The markets' servers are slow to import, and no other verb needs them.
    from connectors.clock import VirtualClock
    from connectors.sandbox.registry import SANDBOXES
    from trade_ma.demo.markets import media_of, opened
    from trade_ma.demo.run import DATA, Demo
    from trade_ma.demo.scenario import stalls
    from trade_ma.demo.summary import as_dict, printed

    if not SANDBOXES:
        raise Fail("no practice market is installed")
    clock = VirtualClock(datetime.now(UTC))
    with (
        tempfile.TemporaryDirectory(prefix="trade-ma-demo-") as folder,
        opened(stalls(SANDBOXES), clock) as markets,
        media_of(Path(folder) / DATA) as media_url,
    ):
        with bars() as progress:
            result = Demo(Path(folder), media_url, markets, clock, progress).run()
        addresses = {market.stall.channel: market.url for market in markets}
        if as_json:
            print_json(as_dict(result, addresses))
        else:
            out.print(printed(result))
        if serve:
            _wait(addresses)
    if not result.agrees:
        raise typer.Exit(1)


def _wait(addresses: dict[str, str]) -> None:
    for channel, address in addresses.items():
        err.print(f"{channel} is open at {address}")
    err.print("Ctrl-C closes them")
    sys.stdout.flush()
    # A plain kill must leave no folder behind either; a shell's background job ignores Ctrl-C.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, signal.default_int_handler)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        err.print("closed")

"""trade-ma sandbox: practice markets on this machine."""

import shlex
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import JsonOption

if TYPE_CHECKING:
    from connectors.sandbox.control import ServedMarket

app = typer.Typer(help="Practice markets on this machine.", no_args_is_help=True)

FIRST_PORT = 8801
STOPS = {signal.SIGINT, signal.SIGTERM}


@app.command("serve")
def serve_command(
    faults: Annotated[
        str, typer.Option(help="What goes wrong on purpose: calm, busy, bad-day or down.")
    ] = "calm",
    port: Annotated[
        int, typer.Option(min=1, max=65000, help="The first market's; the others follow.")
    ] = FIRST_PORT,
    as_json: JsonOption = False,
) -> None:
    """Serve every practice market until Ctrl-C, and say how to open a channel on each."""
    from connectors.clock import SystemClock
    from connectors.sandbox.faults import PROFILES
    from connectors.sandbox.registry import SANDBOXES
    from connectors.sandbox.server import serve

    if faults not in PROFILES:
        raise Fail(f"no profile {faults!r}; there are: {', '.join(PROFILES)}")
    # Before the servers' threads start, so that the signal waits for us.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    with ExitStack() as servers:
        addresses: dict[str, tuple[str, ServedMarket]] = {}
        for number, (code, factory) in enumerate(SANDBOXES.items()):
            market = factory(SystemClock())
            for fault in PROFILES[faults]:
                market.faults.arm(fault)
            try:
                address = servers.enter_context(serve(market.app(), port + number))
            except OSError as error:
                raise Fail(f"port {port + number} is taken: give another --port") from error
            addresses[code] = (address, market)
        if as_json:
            print_json({code: _shown(code, a, market) for code, (a, market) in addresses.items()})
        else:
            _print(addresses)
        signal.sigwait(STOPS)


def _shown(code: str, address: str, market: "ServedMarket") -> dict[str, object]:
    return {"address": address, "command": _command(code, address, market)}


def _command(code: str, address: str, market: "ServedMarket") -> str:
    """The command that opens a channel there. These credentials open nothing real."""
    words = ["trade-ma", "channels", "add", f"practice-{code}", code, f"--base-url={address}"]
    words += [f"--credential={name}={value}" for name, value in market.credentials.items()]
    words += [f"--setting={name}={value}" for name, value in market.settings.items()]
    return shlex.join(words)


def _print(addresses: dict[str, tuple[str, "ServedMarket"]]) -> None:
    table = Table("market", "its page", title="practice markets, until Ctrl-C")
    for address, market in addresses.values():
        table.add_row(market.name, address)
    out.print(table)
    for code, (address, market) in addresses.items():
        out.print(escape(_command(code, address, market)), soft_wrap=True)

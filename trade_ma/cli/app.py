"""What every verb of the command line stands on: the opened installation, two consoles, JSON."""

import json
import sys
from typing import Any

import click
from rich.console import Console

from trade_ma.installation import App, open_app

__all__ = ["App", "Fail", "err", "open_app", "out", "print_json"]

# Results go to stdout, so that --json can be piped; progress and complaints to stderr.
out = Console()
err = Console(stderr=True)


class Fail(click.ClickException):
    """A mistake that the user can mend: told on stderr in one line, exit code 2."""

    exit_code = 2


def print_json(value: Any) -> None:
    """Print `value` as JSON, as the only thing on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

"""What every verb of the command line stands on: two consoles, failures in words, JSON."""

import json
import sys
from typing import Any

import typer
from rich.console import Console

# Results go to stdout, so that --json can be piped; progress and complaints to stderr.
out = Console()
err = Console(stderr=True)


class Fail(typer.BadParameter):
    """A mistake that the user can mend: told on stderr in one line, exit code 2."""

    def format_message(self) -> str:
        """The words alone, without 'Invalid value'."""
        return self.message


def print_json(value: Any) -> None:
    """Print `value` as JSON, as the only thing on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

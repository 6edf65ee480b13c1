"""What every verb of the command line stands on: two consoles, failures in words, JSON."""

import json
import sys
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from jobs.unexpected import outage
from trade_ma.installation import WrongSettings

# Results go to stdout, so that --json can be piped; progress and complaints to stderr.
out = Console()
err = Console(stderr=True)


class Fail(typer.BadParameter):
    """A mistake that the user can mend: told on stderr in one line, exit code 2."""

    def format_message(self) -> str:
        """The words alone, without 'Invalid value'."""
        return self.message


class Verbs(TyperGroup):
    """The verbs; what keeps them from their database is told in a line, and not by a trace."""

    def invoke(self, ctx: Any) -> Any:
        """Do what is asked; exit code 2 for wrong settings, 1 for a database that is away."""
        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            raise Fail(str(error)) from error
        except DBAPIError as error:
            if (gone := outage(error)) is None:
                raise
            err.print(f"[red]{escape(gone)}[/]", soft_wrap=True)
            raise typer.Exit(1) from error


def print_json(value: Any) -> None:
    """Print `value` as JSON, as the only thing on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

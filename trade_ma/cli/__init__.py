"""The command line: one verb a task, the same verbs as the admin API."""

import typer

main = typer.Typer(
    name="trade-ma",
    help="One catalog of Moroccan craft, sold on the world's marketplaces.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

"""Options that many verbs share, and the channels they name."""

from collections.abc import Sequence
from typing import Annotated

import typer
from sqlmodel import Session

from jobs import channels
from jobs.models import Channel
from trade_ma.cli.app import Fail
from trade_ma.installation import App

ChannelOption = Annotated[
    list[str] | None, typer.Option("--channel", help="Only this channel; repeat for more.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def channels_named(session: Session, codes: Sequence[str] | None) -> list[Channel]:
    """The channels of those codes, or all; fails in words where there is none."""
    try:
        found = channels.find(session, codes or ())
    except LookupError as error:
        raise Fail(str(error)) from error
    if not found:
        raise Fail("there is no channel yet: add one with trade-ma channels add")
    return found


def read_channels(app: App, codes: Sequence[str] | None) -> list[Channel]:
    """The same, read in a session of their own."""
    with app.session() as session:
        found = channels_named(session, codes)
        session.expunge_all()
    return found

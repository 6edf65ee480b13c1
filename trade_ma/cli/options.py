"""Options that many verbs share, and the channels they name."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import typer
from sqlmodel import Session

from catalog.pricing.rates import Rate
from jobs import channels, rates
from jobs.models import Channel
from trade_ma.cli.app import Fail
from trade_ma.installation import App

ChannelOption = Annotated[
    list[str] | None, typer.Option("--channel", help="Only this channel; repeat for more.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show it, and change nothing.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Language(StrEnum):
    """A language of messages."""

    FR = "fr"
    AR = "ar"
    EN = "en"


def language_of(environment: Mapping[str, str]) -> Language:
    """The first of what POSIX names for messages, in its order; English for other languages."""
    said = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    word = next(filter(None, said), "")[:2]
    return Language(word) if word in set(Language) else Language.EN


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


def rates_in_use(app: App) -> Mapping[str, Rate]:
    """The exchange rates that prices are made of; fails in words where they cannot be read."""
    try:
        with app.session() as session:
            return rates.current(session, app.settings.rates_file)
    except (OSError, ValueError) as error:
        raise Fail(f"the exchange rates cannot be read: {error}") from error


def pairs(lines: Iterable[str] | None) -> dict[str, str]:
    """NAME=VALUE lines as a mapping; blank ones are passed over."""
    found = {}
    for line in filter(None, map(str.strip, lines or ())):
        name, equals, value = line.partition("=")
        if not equals:
            # Only the name is repeated: the rest may be a secret.
            raise Fail(f"write NAME=VALUE, not {name[:20]!r}")
        found[name.strip()] = value.strip()
    return found

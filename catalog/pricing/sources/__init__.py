"""Where exchange rates come from: one protocol, and errors named by what they call for."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from catalog.pricing.rates import Rate


class SourceName(StrEnum):
    """The sources that we know."""

    BANK_AL_MAGHRIB = "bank-al-maghrib"
    ECB = "ecb"
    FILE = "file"


class SourceUnavailable(Exception):
    """Try again later: the source is down, slow, busy, or answers what is no list of rates."""


class SourceRejected(Exception):
    """A person must act: the source refuses our key."""


class RateSource(Protocol):
    """Somebody who publishes exchange rates."""

    @property
    def name(self) -> str:
        """Its name, as a rate's source tells it."""
        ...

    def fetch(self) -> Sequence[Rate]:
        """The rates that it publishes now; never none.

        Raises:
            SourceUnavailable, SourceRejected: as they say.
        """
        ...

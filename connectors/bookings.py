"""Bookings read one by one, so that one that cannot be understood hides no other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import DecimalException
from typing import Any

from moneyed import CurrencyDoesNotExist

from connectors.errors import Refused
from connectors.protocol import Issue, Settlement

Payload = Mapping[str, Any]
_BAD = (KeyError, TypeError, ValueError, AttributeError, DecimalException, CurrencyDoesNotExist)


def readable(
    told: Iterable[Payload], read: Callable[[Payload], Iterable[Settlement]]
) -> Iterator[Settlement]:
    """The bookings that `read` finds in what was told, all that can be understood.

    Raises:
        Refused: at the end, where some could not be: no money goes missing unseen.
    """
    faults = []
    for one in told:
        try:
            found = tuple(read(one))
        except _BAD as error:
            faults.append(f"{type(error).__name__}: {error}")
        else:
            yield from found
    if faults:
        message = f"{len(faults)} bookings are not as expected, the first by {faults[0]}"
        raise Refused([Issue("unreadable_booking", message)])

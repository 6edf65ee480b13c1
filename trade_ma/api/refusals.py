"""What jobs.editing refuses to write, told as a problem of a field of the body."""

from collections.abc import Iterator
from contextlib import contextmanager

from catalog.refusals import Refused
from trade_ma.api.problems import invalid


@contextmanager
def refusals_told() -> Iterator[None]:
    """Writing, by jobs.editing, what the body of a request says.

    Raises:
        Problem: it is refused; the problem names the field, and says why.
    """
    try:
        yield
    except Refused as refused:
        raise invalid(f"body.{refused.field}", str(refused)) from refused

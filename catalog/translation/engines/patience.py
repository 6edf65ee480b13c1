"""How patient we are with an engine."""

from collections.abc import Callable
from typing import TypeVar

from catalog.retrying import Patience, Sleep
from catalog.translation.engines.errors import EngineUnavailable

Result = TypeVar("Result")

# An engine that asks for more than a minute is not waited for: the texts stay for the next run.
PATIENCE = Patience(EngineUnavailable, attempts=4, longest_wait=60.0, first=1.0, most=20.0)


def patiently(sleep: Sleep, call: Callable[[], Result]) -> Result:
    """The result of `call`, tried again while the engine is unavailable.

    After a time-out nobody knows whether the engine worked, and a paid one may count the same
    text twice.

    Raises:
        EngineUnavailable: still so after the last try, or the wait asked for is too long.
    """
    return PATIENCE.repeat(sleep, call)
